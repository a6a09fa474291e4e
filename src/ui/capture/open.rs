//! Which of the files that are dropped onto the page is a capture.

use std::cell::RefCell;

use web_sys::File;
use yew::Callback;

use super::file::{Source, slice};
use crate::app::{Action, Look};
use crate::capture::Capture;
use crate::ui::import;

thread_local! {
    /// The capture that was dropped last, until the dialog takes it.
    static DROPPED: RefCell<Option<Source>> = const { RefCell::new(None) };
}

/// How many bytes of a file tell its kind.
const SAMPLE: f64 = 4_096.0;
/// The first bytes of pcap in both byte orders, with micro- and nanoseconds and Kuznetzov's fields,
/// of pcapng, and of zstd, with which some captures are compressed.
const MAGIC: [[u8; 4]; 8] = [
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0x3c, 0x4d],
    [0x4d, 0x3c, 0xb2, 0xa1],
    [0xa1, 0xb2, 0xcd, 0x34],
    [0x34, 0xcd, 0xb2, 0xa1],
    [0x0a, 0x0d, 0x0d, 0x0a],
    [0x28, 0xb5, 0x2f, 0xfd],
];
/// The endings of a capture's name.
const ENDINGS: [&str; 6] = [".pcap", ".pcapng", ".cap", ".dmp", ".pcap.gz", ".pcapng.gz"];

/// Opens a dropped file: a capture in the dialog for captures, everything else as the text of a
/// script or an exported trace.
pub async fn take_file(file: File, dispatch: Callback<Action>) {
    if is_capture(&file).await {
        let source = Source::of_file(file);
        DROPPED.set(Some(source));
        dispatch.emit(Action::Look(Look::ShowCapture(true)));
    } else {
        import::read(file, dispatch);
    }
}

/// The capture that was dropped, if the dialog has not taken it.
pub fn take_dropped() -> Option<Source> {
    DROPPED.take()
}

async fn is_capture(file: &File) -> bool {
    let name = file.name().to_lowercase();
    if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return true;
    }
    let Some(sample) = slice(file, 0.0, SAMPLE).await else { return false };
    let Some(first) = sample.first_chunk::<4>() else { return false };
    MAGIC.contains(first) || has_segment(&sample)
}

/// Whether a text shows a TCP segment, as lines of tcpdump and tshark do.
fn has_segment(sample: &[u8]) -> bool {
    let mut capture = Capture::new();
    let mut found = false;
    // What is no capture cannot be read, which is the answer already.
    let read = capture.push(sample, |_| found = true);
    let _ = read.and_then(|()| capture.finish(|_| found = true));
    found
}
