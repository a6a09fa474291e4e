//! What comes of a text that was opened. Few visits need it: a program of its own, `reader/`, runs
//! the script or holds the trace against its run, and hands over in octets what the page shows.

use std::rc::Rc;

use super::import;
use super::script::{self, Complaint, Script};
use crate::link::Link;
use crate::packed::Packed;
use crate::packetdrill::{Report, Stack};
use crate::sim::Timeline;
use crate::time::Duration;

/// What `reader/` does: runs a script for a stack, or reads an exported trace. The octets are for
/// [`Open::Read`](super::Open::Read).
#[must_use]
pub fn answer(text: &str, stack: Stack) -> Vec<u8> {
    let mut answer = Answer::new();
    let result = if import::is_trace(text) {
        import::link_in(text).map(|link| (answer.kind, answer.text) = (Kind::Trace, link))
    } else {
        script::run(text, stack).map(|(report, way)| {
            (answer.kind, answer.report, answer.way) = (Kind::Script, report, way);
        })
    };
    match result {
        Err(Complaint::Line { line, message }) => {
            (answer.kind, answer.line, answer.text) = (Kind::Line, line, message);
        }
        Err(Complaint::Field(field)) => (answer.kind, answer.text) = (Kind::Field, field),
        // What else there is to complain about is known before a text comes here.
        Ok(()) | Err(_) => {}
    }
    Packed::write(|packed| answer.pass(packed))
}

/// What was opened.
pub(super) enum Opened {
    /// A trace: the link to its run.
    Trace(Box<Link>),
    /// A script, with its run.
    Script(Box<(Script, Timeline)>),
}

/// What an answer says of the text that was opened. What is no answer of this page's own build
/// has not arrived.
pub(super) fn opened(octets: Vec<u8>, text: Rc<str>, stack: Stack) -> Result<Opened, Complaint> {
    let mut answer = Answer::new();
    if !Packed::read(octets, |packed| answer.pass(packed)) {
        return Err(Complaint::NoReader);
    }
    let Answer { kind, text: words, line, report, way } = answer;
    match kind {
        Kind::Trace => Ok(Opened::Trace(Box::new(Link::parse("", &words).0.run_only()))),
        Kind::Script => Ok(Opened::Script(Box::new(Script::of(report, way, text, stack)))),
        Kind::Field => Err(Complaint::Field(words)),
        Kind::Line => Err(Complaint::Line { line, message: words }),
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Trace,
    Script,
    Field,
    Line,
}

/// All that an answer may say. `kind` tells what of it it does.
struct Answer {
    kind: Kind,
    /// The link, the field at fault, or the complaint about the line.
    text: String,
    line: u32,
    report: Report,
    way: Duration,
}

impl Answer {
    fn new() -> Self {
        let (text, report) = (String::new(), Report::default());
        Self { kind: Kind::Field, text, line: 0, report, way: Duration::ZERO }
    }

    fn pass(&mut self, packed: &mut Packed) {
        let kinds = [Kind::Trace, Kind::Script, Kind::Field, Kind::Line];
        packed.form(FORM);
        self.kind = packed.choice(&kinds, self.kind as usize);
        if let Kind::Script = self.kind {
            self.way = Duration::from_micros(packed.number(self.way.as_micros()));
            self.report.pass(packed);
        } else {
            self.line = packed.narrow(self.line);
            packed.text(&mut self.text);
        }
    }
}

/// Tells builds apart, since a page may be older than the reader that it fetches: everything in
/// which the types that are handed over are described.
const FORM: u64 = form(&[
    include_str!("answer.rs"),
    include_str!("../packed.rs"),
    include_str!("../packetdrill/report.rs"),
    include_str!("../sim/call.rs"),
    include_str!("../sim/id.rs"),
    include_str!("../sim/scenario.rs"),
    include_str!("../sim/trace/host_view.rs"),
    include_str!("../sim/trace/mod.rs"),
    include_str!("../tcp/config.rs"),
    include_str!("../tcp/outbox.rs"),
    include_str!("../tcp/rule.rs"),
    include_str!("../tcp/segment.rs"),
    include_str!("../tcp/state.rs"),
    include_str!("../tcp/timer.rs"),
]);

/// FNV-1a of texts.
const fn form(texts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut rest = texts;
    while let [text, others @ ..] = rest {
        let mut octets = text.as_bytes();
        while let [octet, others @ ..] = octets {
            hash = (hash ^ *octet as u64).wrapping_mul(0x0100_0000_01b3);
            octets = others;
        }
        rest = others;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = include_str!("../../tests/data/packetdrill/abort.pkt");

    #[test]
    fn an_answer_that_is_none_has_not_arrived() {
        let whole = answer(SCRIPT, Stack::FreeBsd);
        let open = |octets: &[u8]| opened(octets.to_vec(), SCRIPT.into(), Stack::FreeBsd);
        assert!(matches!(open(&whole), Ok(Opened::Script(_))));
        let mut other = whole.clone();
        other[0] ^= 1;
        for octets in [&[][..], &whole[..whole.len() - 1], &other, b"<!DOCTYPE html>"] {
            assert!(matches!(open(octets), Err(Complaint::NoReader)));
        }
    }

    #[test]
    fn forms_differ_by_any_octet() {
        assert_ne!(form(&["a", "b"]), form(&["a", "c"]));
        assert_ne!(form(&["a"]), form(&["a", "b"]));
    }
}
