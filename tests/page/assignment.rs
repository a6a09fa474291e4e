//! Assignments: their goals, their locks, and the codes of their solutions.

use proptest::prelude::*;
use tcp_handshake::app::assignment::{
    CodeError, MAX_CODE, Solution, check_code, progress, result_code,
};
use tcp_handshake::app::{Action, AppState, Change, Open, reduce};
use tcp_handshake::link::Link;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::{Edit, SegmentId, Side, Timeline};

/// Keep the server in LAST-ACK for ten seconds, by losing segments of the client.
const HOLD: &str = "scenario=normal&name=Hold&task=Keep%20the%20server%20waiting\
                    &goal=S:LAST-ACK@10s,C:TIME-WAIT&lock=tune,delay,calls";

fn link(text: &str) -> Link {
    let (link, problems) = Link::parse("", text);
    assert_eq!(problems, []);
    link
}

fn open(text: &str) -> AppState {
    AppState::open(link(text), vec![])
}

fn reached(text: &str) -> Vec<bool> {
    let link = link(text);
    let timeline = Timeline::of(link.scenario_to_run());
    progress(&link, timeline.trace()).iter().map(|it| it.is_reached).collect()
}

fn add(state: &AppState, edit: &str) -> AppState {
    reduce(state, Action::Edit(Change::Add(edit.parse().expect("an edit"))))
}

/// The edits that lose the client's last ACK again and again.
fn solved() -> String {
    let lost: Vec<String> = (6..12).map(|ordinal| format!("drop:C{ordinal}")).collect();
    format!("{HOLD}&do={}", lost.join(","))
}

#[test]
fn goals_are_compared_with_the_run() {
    assert_eq!(reached(HOLD), [false, true]);
    assert_eq!(reached(&solved()), [true, true], "{}", solved());
    let goals = |scenario: &str, goals: &str| reached(&format!("scenario={scenario}&goal={goals}"));
    assert_eq!(
        goals("normal", "S:received@5,S:received@6,C:received@13,C:received@14"),
        [true, false, true, false]
    );
    assert_eq!(goals("syn-lost", "C:resent@1,C:resent@2,S:resent@1"), [true, false, false]);
    assert_eq!(goals("normal", "C:CLOSED@end,C:TIME-WAIT@end,S:CLOSED@end"), [true, false, true]);
    assert_eq!(goals("normal", "C:TIME-WAIT@60s,C:TIME-WAIT@241s,C:CLOSING"), [true, false, false]);
    // A host that is never released stays for good, and no longer than the run if that was cut.
    assert_eq!(goals("close-wait-leak", "S:CLOSE-WAIT@3600s,S:CLOSE-WAIT@end"), [true, true]);
    assert_eq!(goals("refused", "S:CLOSED@10s,S:LISTEN,S:CLOSED@end"), [true, false, true]);
    let changes = "scenario=normal&do=drop:C1,drop:C3&goal=changes@1,changes@2";
    assert_eq!(reached(changes), [false, true]);
    assert_eq!(reached(&format!("{changes}&lock=1")), [true, true], "one of them is given");
}

#[test]
fn a_code_verifies_only_if_its_run_reaches_every_goal() {
    let assigned = link(HOLD);
    let solution = Solution { link: link(&solved()), solved_at: 1_764_360_000, taken: 95 };
    let code = result_code(&solution);
    assert_eq!(check_code(&assigned, &code), Ok(solution.clone()));
    assert_eq!(check_code(&solution.link, &code), Ok(solution.clone()), "from the solver's page");
    let broken = format!("  {}\n{} ", &code[..20], &code[20..]);
    assert_eq!(check_code(&assigned, &broken), Ok(solution.clone()), "as a mail breaks it");
    // The code of a run that reaches nothing is rejected, though it is well made.
    let idle = Solution { link: assigned.clone(), ..solution.clone() };
    assert_eq!(check_code(&assigned, &result_code(&idle)), Err(CodeError::Missed(vec![0])));
    let crash = link(&format!("{HOLD}&do=drop:C6,drop:C1,drop:C2,drop:C3,drop:C4"));
    let crash = Solution { link: crash, ..solution.clone() };
    let missed = check_code(&assigned, &result_code(&crash));
    assert!(matches!(missed, Err(CodeError::Missed(_))), "{missed:?}");
    // What is locked stays.
    for change in ["do=delay:C6:12s", "do=crash:C@850ms", "rtt=20s", "loss=100"] {
        let text = format!("{HOLD}&{change}");
        let locked = Solution { link: link(&text), ..solution.clone() };
        assert_eq!(check_code(&assigned, &result_code(&locked)), Err(CodeError::Locked), "{text}");
    }
}

#[test]
fn a_code_is_for_one_assignment() {
    let solution = Solution { link: link(&solved()), solved_at: 1, taken: 1 };
    let code = result_code(&solution);
    for other in [
        HOLD.replace("10s", "9s"),
        HOLD.replace("tune,", ""),
        HOLD.replace("Hold", "Wait"),
        HOLD.replace("normal", "half-close"),
        format!("{HOLD}&do=drop:C1").replace("lock=", "lock=1,"),
    ] {
        assert_eq!(check_code(&link(&other), &code), Err(CodeError::OtherAssignment), "{other}");
    }
    // A solver who weakens the goals gets a code that the teacher's link does not accept.
    let easy = Solution { link: link(&HOLD.replace("10s", "1ms")), ..solution };
    assert!(check_code(&easy.link, &result_code(&easy)).is_ok());
    let teachers = check_code(&link(HOLD), &result_code(&easy));
    assert_eq!(teachers, Err(CodeError::OtherAssignment));
}

#[test]
fn the_given_edits_stay() {
    let text = format!("{HOLD}&do=drop:C2,drop:S1").replace("lock=", "lock=1,");
    let assigned = link(&text);
    let with = |edits: &str| {
        let mut solved = assigned.clone();
        solved.edits = link(&format!("do={edits}")).edits;
        check_code(&assigned, &result_code(&Solution { link: solved, solved_at: 0, taken: 0 }))
    };
    assert!(matches!(with("drop:C2"), Err(CodeError::Missed(_))), "the second is not given");
    assert_eq!(with("drop:S1"), Err(CodeError::OtherAssignment), "the first is");
    // On the page such a change is refused, and said to be.
    let state = open(&text);
    for change in [
        Change::Remove(0),
        Change::Clear,
        Change::Restore(SegmentId::of(Side::Client, 2)),
        Change::Replace(0, Edit::Drop(SegmentId::of(Side::Client, 3))),
        Change::Tune(Box::new(state.link.tuned("rtt", "1s").unwrap())),
    ] {
        let after = reduce(&state, Action::Edit(change.clone()));
        assert_eq!(after.link, state.link, "{change:?}");
        assert!(after.refused.is_some(), "{change:?}");
    }
    let locked = add(&state, "delay:C3:1s");
    assert!(locked.link == state.link && locked.refused.is_some());
    let allowed = add(&locked, "drop:C3");
    assert!(allowed.link.edits.len() == 3 && allowed.refused.is_none());
    let removed = reduce(&allowed, Action::Edit(Change::Remove(1)));
    assert_eq!(removed.link.edits.len(), 2);
    let undone = reduce(&removed, Action::Edit(Change::Undo));
    assert_eq!(undone.link, allowed.link);
}

#[test]
fn another_run_is_no_assignment_any_more() {
    let named = open(HOLD);
    let other = reduce(&named, Action::Open(Open::Scenario("refused")));
    assert_eq!(other.link.to_string(), "scenario=refused");
    let undone = reduce(&add(&named, "drop:C1"), Action::Edit(Change::Undo));
    assert_eq!(undone.link, named.link);
    assert_eq!(named.link_now().to_string(), link(HOLD).to_string(), "it stays in the address");
}

#[test]
fn garbage_is_no_code() {
    let assigned = link(HOLD);
    let code = result_code(&Solution { link: link(&solved()), solved_at: 1, taken: 1 });
    for text in ["", "TCP1", "tcp1-AAAA", "hello", "TCP2-AAAA", &"x".repeat(100_000)] {
        assert_eq!(check_code(&assigned, text), Err(CodeError::NotACode), "{text:.20}");
    }
    let long = format!("TCP1-{}", "A".repeat(MAX_CODE));
    assert_eq!(check_code(&assigned, &long), Err(CodeError::NotACode));
    for text in ["TCP1-", "TCP1-A", "TCP1-====", "TCP1-AAAAAAAAAAAAAAAAAAAAAAAA", "TCP1-é"] {
        assert_eq!(check_code(&assigned, text), Err(CodeError::Damaged), "{text}");
    }
    // A code with any one character changed or left out.
    for place in 5..code.len() {
        let mut changed = code.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(check_code(&assigned, &changed), Err(CodeError::Damaged), "{place}");
        let cut = format!("{}{}", &code[..place], &code[place + 1..]);
        assert_eq!(check_code(&assigned, &cut), Err(CodeError::Damaged), "{place}");
    }
}

proptest! {
    #[test]
    fn any_text_is_checked_without_panic(
        text in "(TCP1-)?[A-Za-z0-9_-]{0,200}",
        any in "\\PC{0,80}",
    ) {
        for lesson in LESSONS {
            let assigned = Link::to(lesson.id);
            prop_assert!(check_code(&assigned, &text).is_err());
            prop_assert!(check_code(&assigned, &any).is_err());
        }
    }
}
