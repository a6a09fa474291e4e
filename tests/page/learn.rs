//! The lessons match the runs: the steps of both handshakes, and the moment that answers
//! each question.

use tcp_handshake::app::learn::{Demo, HandshakeStep, MISTAKES, Progress, QUESTIONS, STEPS, rows};
use tcp_handshake::app::{Action, AppState, Change, Open, Play, Run, reduce};
use tcp_handshake::ladder::Moment;
use tcp_handshake::link::Link;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::{Edit, Effect, SegmentId, Side};
use tcp_handshake::tcp::Rule;
use tcp_handshake::time::{Duration, Instant};

fn run(link: &str) -> Run {
    Run::of(&Link::parse("", link).0, false)
}

fn steps(link: &str) -> [HandshakeStep; STEPS] {
    rows(run(link).timeline.trace())
}

fn ids(link: &str) -> Vec<String> {
    let names =
        |row: &HandshakeStep| row.segments.iter().map(ToString::to_string).collect::<Vec<_>>();
    steps(link).iter().map(|row| names(row).join(" ")).collect()
}

#[test]
fn the_steps_are_found_in_each_run() {
    assert_eq!(ids("scenario=normal"), ["C1", "S1", "C2", "C5", "S4", "S6", "C7"]);
    assert_eq!(ids("scenario=syn-lost")[0], "C1 C2");
    assert_eq!(ids("scenario=syn-ack-lost")[..3], ["C1 C2", "S1 S2", "C3"]);
    // A repeated ACK is a repetition; the text after it is not.
    assert_eq!(ids("scenario=old-duplicate-syn&do=drop:C3")[2], "C3 C4");
    assert_eq!(ids("scenario=syn-timeout"), ["C1 C2 C3 C4 C5 C6 C7 C8", "", "", "", "", "", ""]);
    assert_eq!(ids("scenario=refused"), ["C1", "", "", "", "", "", ""]);
    // One segment is two steps.
    assert_eq!(ids("scenario=three-segment-close")[3..], ["C3", "S2", "S2", "C4"]);
    assert_eq!(ids("scenario=fin-lost")[3..], ["C3 C4", "S2", "S3", "C5"]);
    assert_eq!(ids("scenario=last-ack-lost")[3..], ["C3", "S2", "S3 S4", "C4 C5"]);
    // Here the server closes first.
    assert_eq!(ids("scenario=reordered")[3..], ["S3", "C4", "C5", "S4"]);
    assert_eq!(steps("scenario=reordered")[3].from, Side::Server);
    assert_eq!(steps("scenario=reordered")[4].from, Side::Client);
    assert_eq!(ids("scenario=simultaneous-close")[3..], ["C3", "S3", "S2", "C4"]);
    assert_eq!(ids("scenario=old-duplicate-syn")[..3], ["C1", "S1 S2", "C3"]);
}

#[test]
fn a_step_is_highlighted_while_its_segment_is_in_flight() {
    use Progress::{Done, Flying, ToCome};
    let run = run("scenario=normal");
    let rows = rows(run.timeline.trace());
    let after = |at| Moment::after(run.timeline.trace(), at);
    let progress = |now: Moment| rows.each_ref().map(|row| row.progress(&run, now));
    let at = |millis| progress(after(Instant::from_millis(millis)));
    let start = Moment { at: Instant::ZERO, step: None };
    assert_eq!(progress(start), [ToCome; STEPS]);
    assert_eq!(at(25)[..3], [Flying, ToCome, ToCome]);
    assert_eq!(at(75)[..3], [Done, Flying, ToCome]);
    assert_eq!(at(125)[..3], [Done, Done, Flying]);
    assert_eq!(progress(after(run.end())), [Done; STEPS]);
}

/// A step whose segment was lost is not done, unless a repetition arrives.
#[test]
fn a_lost_step_is_not_done() {
    let check = |link: &str, row: usize, millis: u64| {
        let run = run(link);
        let rows = rows(run.timeline.trace());
        let now = Moment::after(run.timeline.trace(), Instant::from_millis(millis));
        (rows[row].progress(&run, now), rows[row].names(&run, now, "lost"))
    };
    let told = |progress, names: &str| (progress, names.to_owned());
    assert_eq!(check("scenario=ack-lost", 2, 120), told(Progress::Flying, "C2"));
    assert_eq!(check("scenario=ack-lost", 2, 5_000), told(Progress::Lost, "C2 (lost)"));
    assert_eq!(check("scenario=syn-lost", 0, 500), told(Progress::Lost, "C1 (lost) C2"));
    assert_eq!(check("scenario=syn-lost", 0, 1_020), told(Progress::Flying, "C1 (lost) C2"));
    assert_eq!(check("scenario=syn-lost", 0, 5_000), told(Progress::Done, "C1 (lost) C2"));
}

#[test]
fn pressing_a_step_again_shows_its_repetition() {
    let run = run("scenario=syn-lost");
    let trace = run.timeline.trace();
    let [syn, ..] = rows(trace);
    let first = syn.sent_after(trace, None).unwrap();
    let second = syn.sent_after(trace, Some(first)).unwrap();
    assert_eq!(trace.steps[first].at, Instant::ZERO);
    assert_eq!(trace.steps[second].at, Instant::from_millis(1_000));
    assert_eq!(syn.sent_after(trace, Some(second)), Some(first));
}

/// Plays a demo until it stops: the state then, and the time it took.
fn played(shown: Demo) -> (AppState, Duration) {
    let start = AppState::open(Link::to("normal"), vec![]);
    let mut state = reduce(&start, Action::Open(Open::Demo(shown)));
    let frame = Duration::from_millis(16);
    let mut spent = Duration::ZERO;
    while state.is_playing() {
        state = reduce(&state, Action::Play(Play::Tick(frame)));
        spent = spent + frame;
    }
    (state, spent)
}

fn all_demos() -> impl Iterator<Item = Demo> {
    QUESTIONS.iter().flat_map(|question| question.shown).chain(&MISTAKES).copied()
}

#[test]
fn a_demo_plays_to_its_moment_and_pauses() {
    for shown in all_demos() {
        let (link, problems) = Link::parse("", shown.link);
        assert_eq!((link.scenario, problems.len()), (shown.scenario, 0), "{}", shown.link);
        assert!(LESSONS.iter().any(|lesson| lesson.id == shown.scenario));
        let (state, spent) = played(shown);
        assert_eq!(state.playhead.step, shown.step(&state.run), "{}", shown.link);
        assert!(state.playhead.step.is_some() && state.playback.target.is_none());
        assert!(spent < Duration::from_secs(10), "{}: {spent:?}", shown.link);
    }
}

#[test]
fn seeking_or_editing_cancels_the_pause_of_a_demo() {
    let state =
        reduce(&AppState::open(Link::to("normal"), vec![]), Action::Open(Open::Demo(MISTAKES[1])));
    assert!(state.playback.target.is_some());
    let paused = reduce(&state, Action::Play(Play::Pause));
    assert_eq!(paused.playback.target, state.playback.target);
    assert_eq!(reduce(&state, Action::Play(Play::Home)).playback.target, None);
    assert_eq!(reduce(&state, Action::Play(Play::Step(1))).playback.target, None);
    let drop = Edit::Drop(SegmentId::of(Side::Client, 1));
    assert_eq!(reduce(&state, Action::Edit(Change::Add(drop))).playback.target, None);
}

/// The rule that `learn.json` explains is one of the rules at the moment shown.
#[test]
fn a_demo_shows_the_moment_that_its_text_describes() {
    use Rule::*;
    let told = [
        ResetReturnsToListen,
        AckEstablishes,
        ListenSyn,
        SynRetransmitted,
        GaveUp,
        SynAckRepeated,
        SynAckRetransmitted,
        AckEstablishes,
        SynChallenged,
        TextDelivered,
        AckEstablishes,
        SynSentRefused,
        ListenSyn,
        ResetAborts,
        TextDelivered,
        FinEndsFinWait2,
        FinEndsFinWait1,
        TextDelivered,
        FinPassive,
        FinRestartsTimeWait,
        FinRestartsTimeWait,
        ResetCloses,
        ClosingAcknowledged,
        FinAcknowledged,
        ResetAborts,
        ResetAborts,
        FinEndsFinWait2,
        TextDelivered,
        LateTextResets,
        SynSentEstablishes,
        SynSentEstablishes,
        FastRetransmit,
        KeepAliveGaveUp,
        ResetAborts,
        ResetAborts,
        AckAdvances,
        FinPassive,
        ResetAborts,
        TextRetransmitted,
        FinPassive,
        FinPassive,
        SynSentEstablishes,
        SynAckRepeated,
        CloseSendsFin,
        FinPassive,
        FinSimultaneous,
        CloseSendsFin,
        FinRetransmitted,
        AckEstablishes,
        ResetCloses,
    ];
    assert_eq!(all_demos().count(), told.len());
    for (shown, rule) in all_demos().zip(told) {
        let rules = rules(&played(shown).0);
        assert!(rules.contains(&rule), "{}: {rules:?}", shown.link);
    }
}

/// The rules that applied in the current step.
fn rules(state: &AppState) -> Vec<Rule> {
    let trace = state.run.timeline.trace();
    let step = state.playhead.step.and_then(|step| trace.steps.get(step));
    let effects = step.into_iter().flat_map(|step| trace.effects(step));
    let rules = effects.filter_map(|effect| match effect {
        Effect::Sent(index) => trace.segments[index].rule,
        Effect::Event(_, rule) => Some(rule),
        Effect::Failed(_) => None,
    });
    rules.collect()
}
