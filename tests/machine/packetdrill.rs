//! Every script of `tests/data/packetdrill/`, under initial sequence numbers around 2^31 and 2^32.
//!
//! A script whose name begins with `linux-` assumes Linux's behaviour, any other FreeBSD's.

use std::fs;
use std::path::{Path, PathBuf};

use tcp_handshake::packetdrill::{Options, Stack, Verdict, parse, run};

/// (ISS, IRS): the script's own numbers, then both sides wrapping and changing sign, early or late.
const ISN_PAIRS: [(u32, u32); 8] = [
    (0, 0),
    (0x7fff_ffff, 0xffff_ffff),
    (0xffff_ffff, 0x7fff_ffff),
    (0x8000_0000, 0xffff_fff8),
    (0xffff_fff8, 0x8000_0000),
    (0x7fff_fff0, 0x7fff_fff0),
    (0xffff_ff9c, 0xffff_ff9c),
    (0x1234_5678, 0x9abc_def0),
];

fn scripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/packetdrill");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pkt"))
        .collect();
    paths.sort();
    paths
}

fn stack_of(path: &Path) -> Stack {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name.starts_with("linux-") { Stack::Linux } else { Stack::FreeBsd }
}

#[test]
fn every_script_passes_with_any_initial_sequence_numbers() {
    let paths = scripts();
    assert!(paths.len() >= 50, "only {} scripts", paths.len());
    let mut complaints = Vec::new();
    for path in &paths {
        let text = fs::read_to_string(path).expect("a script can be read");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let script = match parse(&text) {
            Ok(script) => script,
            Err(error) => {
                complaints.push(format!("{name}:{error}"));
                continue;
            }
        };
        for isn in ISN_PAIRS {
            let stack = stack_of(path);
            let options = Options { stack, isn, strict_tail: true, ..Options::default() };
            let report = run(&script, &options);
            if report.verdict != Verdict::Passed {
                complaints.push(format!("{isn:?} {}", report.verdict.line(&name)));
            }
            if report.spellings > 0 {
                complaints.push(format!("{isn:?} {name}: an accepted spelling is not the RFC's"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
