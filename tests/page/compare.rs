//! The comparison of two runs.

use tcp_handshake::app::Run;
use tcp_handshake::app::compare::{Comparison, Difference, compare, differences};
use tcp_handshake::ladder::SegmentKind;
use tcp_handshake::link::Link;
use tcp_handshake::tcp::State;

fn run(link: &str) -> Run {
    Run::of(&Link::parse("", link).0, false)
}

fn compared(before: &str, after: &str) -> Comparison {
    compare(&run(before), &run(after))
}

/// The segments of a run that differ from another's, each with its difference.
fn marked(link: &str, other: &str) -> Vec<(String, Difference)> {
    let run = self::run(link);
    let differences = differences(&run, &self::run(other)).into_iter();
    let marked = run.ladder.arrows.iter().zip(differences);
    marked.filter_map(|(arrow, difference)| Some((arrow.id.to_string(), difference?))).collect()
}

#[test]
fn a_lost_syn_costs_a_second_and_a_syn() {
    let found = compared("", "do=drop:C1");
    assert_eq!(
        found,
        Comparison { longer: 1_000_000, more: vec![(SegmentKind::Syn, 1)], other_end: None }
    );
    let found = compared("do=drop:C1", "");
    assert_eq!((found.longer, found.more), (-1_000_000, vec![(SegmentKind::Syn, -1)]));
}

#[test]
fn another_end_is_said() {
    let found = compared("", "do=crash:S@600ms");
    assert_ne!(found.other_end, None);
    assert_eq!(found.other_end.unwrap()[1], State::Closed);
    assert_eq!(compared("", "").other_end, None);
}

#[test]
fn what_changed_is_marked_and_what_only_moved_is_not() {
    use Difference::{Alone, Fate};
    let lost = marked("do=drop:C1", "");
    assert_eq!(lost, [("C1".to_owned(), Fate), ("C2".to_owned(), Alone)]);
    assert_eq!(marked("", "do=drop:C1"), [("C1".to_owned(), Fate)]);
    assert_eq!(marked("do=dup:C3", "")[0], ("C3".to_owned(), Fate));
    assert_eq!(marked("do=delay:C1:175ms", ""), [("C1".to_owned(), Fate)]);
    assert_eq!(marked("", ""), []);
}
