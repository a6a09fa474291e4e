//! The page's behaviour without a browser.

use tcp_handshake::app::segment_actions::{self, SegmentAction};
use tcp_handshake::app::view::chips::chips;
use tcp_handshake::app::view::log::LogFilter;
use tcp_handshake::app::view::tcb::{self, TcbValue};
use tcp_handshake::app::{
    Action, AppState, Change, Complaint, Draft, Look, MAX_SCRIPT, Open, Play, read_opened_text,
    reduce,
};
use tcp_handshake::explain::explain;
use tcp_handshake::ladder::{Fate, Moment, WIDTH};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::packetdrill::{self, Options, Stack, Verdict};
use tcp_handshake::sim::{Call, Edit, Effect, SegmentId, Side};
use tcp_handshake::tcp::{Rule, SeqNumber, State};
use tcp_handshake::time::{Duration, Instant};

fn open(link: &str) -> AppState {
    let (link, problems) = Link::parse("", link);
    AppState::open(link, problems)
}

fn act(state: AppState, actions: impl IntoIterator<Item = Action>) -> AppState {
    actions.into_iter().fold(state, |state, action| answered(reduce(&state, action)))
}

/// Reads an opened script or trace at once; on the page the result comes later.
fn answered(state: AppState) -> AppState {
    let Draft { text, stack, is_awaited: true, .. } = state.draft.clone() else { return state };
    let result = read_opened_text(&text, stack);
    reduce(&state, Action::Open(Open::Read(text, stack, result)))
}

const C1: SegmentId = SegmentId::of(Side::Client, 1);
const C2: SegmentId = SegmentId::of(Side::Client, 2);

/// `count` ticks of 50 ms of the viewer's time.
fn ticks(count: usize) -> impl Iterator<Item = Action> {
    std::iter::repeat_n(Action::Play(Play::Tick(Duration::from_millis(50))), count)
}

#[test]
fn at_normal_speed_a_round_trip_takes_a_second() {
    let state = act(open("scenario=normal"), [Action::Play(Play::Start)]);
    let state = act(state, ticks(10));
    assert_eq!(state.playhead.at, Instant::from_millis(50));
    assert_eq!(state.host(Side::Server).state, State::SynReceived);
    let state = act(state, ticks(10));
    assert_eq!(state.host(Side::Client).state, State::Established);
}

#[test]
fn a_syn_dropped_in_flight_is_retransmitted_after_one_second() {
    let state = act(open("scenario=normal"), [Action::Play(Play::Start)]);
    let state = act(state, ticks(5));
    let state = act(state, [Action::Look(Look::Select(Some(C1)))]);
    assert!(!state.is_playing(), "selecting a segment in flight pauses");
    assert!(actions(&state, C1).contains(&SegmentAction::Drop));
    let state = act(state, [Action::Edit(Change::Add(Edit::Drop(C1)))]);
    assert!(state.is_playing(), "and the run goes on once it is edited");
    assert_eq!(state.playhead.at, Instant::from_millis(25));
    let again = state.run.arrow(C2).expect("sent again");
    assert_eq!(again.sent_at, Instant::from_millis(1_000));
    assert_eq!(again.repeats, Some(C1));
    let state = act(state, [Action::Play(Play::End)]);
    assert_eq!(state.host(Side::Client).state, State::Closed);
    assert!(state.link_now().to_string().contains("do=drop:C1"));
}

#[test]
fn steps_at_one_instant_are_shown_one_by_one() {
    // At 0 ms the server listens, and then the client connects.
    let state = open("scenario=normal");
    let fate = |state: &AppState| {
        let arrow = state.run.arrow(C1).expect("sent");
        arrow.fate(state.playhead.moment())
    };
    let timers =
        |state: &AppState| state.run.running_timers(state.playhead.moment(), Side::Client).count();
    let states = |state: &AppState| Side::BOTH.map(|side| state.host(side).state);
    assert_eq!((fate(&state), timers(&state)), (Fate::Future, 0));
    assert_eq!(states(&state), [State::Closed; 2]);
    let state = act(state, [Action::Play(Play::Step(1))]);
    assert_eq!((fate(&state), timers(&state)), (Fate::Future, 0));
    assert_eq!(states(&state), [State::Closed, State::Listen]);
    let state = act(state, [Action::Play(Play::Step(1))]);
    assert_eq!((fate(&state), timers(&state)), (Fate::Flying, 1));
    assert_eq!(states(&state), [State::SynSent, State::Listen]);
    assert_eq!(state.playhead.at, Instant::ZERO);
}

#[test]
fn a_damaged_segment_is_discarded_by_its_receiver_and_retransmitted() {
    let state = act(open("t=20"), [Action::Edit(Change::Add(Edit::Corrupt(C1)))]);
    let arrow = state.run.arrow(C1).expect("still drawn");
    let trace = state.run.timeline.trace();
    let fate = |millis| arrow.fate(Moment::after(trace, Instant::from_millis(millis)));
    assert_eq!((fate(49), fate(50), arrow.reach), (Fate::Flying, Fate::Lost, WIDTH));
    let arrives = trace.steps.iter().position(|step| step.at == Instant::from_millis(50));
    let step = arrives.expect("its receiver notices");
    assert_eq!((trace.steps[step].side, trace.steps[step].state()), (Side::Server, State::Listen));
    let words = explain(trace, step, Catalog::english()).expect("a step");
    assert!(words.sentence.contains("its checksum is wrong"), "{}", words.sentence);
    assert_eq!(words.citations, [Rule::ChecksumWrong]);
    assert_eq!(state.run.arrow(C2).expect("sent again").repeats, Some(C1));
    let state = act(state, [Action::Edit(Change::Restore(C1))]);
    assert!(state.link.edits.is_empty());
}

#[test]
fn a_segment_in_flight_is_delivered_at_once_and_the_run_goes_on() {
    let state =
        act(open("t=20"), [Action::Play(Play::Start), Action::Look(Look::Select(Some(C1)))]);
    assert!(actions(&state, C1).contains(&SegmentAction::Deliver));
    let flight = Duration::from_millis(20);
    let state = act(state, [Action::Edit(Change::Add(Edit::Deliver(C1, Some(flight))))]);
    assert!(state.is_playing());
    assert_eq!(state.playhead.at, Instant::from_millis(20));
    assert_eq!(state.host(Side::Server).state, State::SynReceived);
    assert!(!actions(&state, C1).contains(&SegmentAction::Deliver));
    // Another time replaces the first.
    let late = Edit::Delay(C1, flight);
    let state = act(state, [Action::Edit(Change::Add(late))]);
    assert_eq!(state.link.edits, [late]);
    let arrow = state.run.arrow(C1).expect("sent");
    assert_eq!(arrow.ends_at, Instant::from_millis(70));
    let earlier = segment_actions::arrive_at(&state.run, arrow, Instant::from_millis(30));
    let flight = Duration::from_millis(30);
    assert_eq!(earlier, Some(Action::Edit(Change::Add(Edit::Deliver(C1, Some(flight))))));
    let usual = segment_actions::arrive_at(&state.run, arrow, Instant::from_millis(50));
    assert_eq!(usual, Some(Action::Edit(Change::Restore(C1))));
}

#[test]
fn a_late_edit_keeps_a_long_run_long_and_can_be_undone() {
    let send = Edit::Call(Side::Client, Call::Send(60_000), Instant::from_millis(200));
    let state = act(
        open("scenario=normal&mss=16"),
        [Action::Edit(Change::Add(send)), Action::Edit(Change::Extend)],
    );
    let steps = |state: &AppState| state.run.timeline.trace().steps.len();
    assert!(steps(&state) > 4_000, "{} steps", steps(&state));
    let late = state.run.timeline.trace().segments[3_000].id;
    let edited = act(state.clone(), [Action::Edit(Change::Add(Edit::Drop(late)))]);
    assert!(steps(&edited) > 4_000, "{} steps", steps(&edited));
    let lost = edited.run.arrow(late).expect("still drawn");
    let end = Moment::after(edited.run.timeline.trace(), edited.run.end());
    assert_eq!(lost.fate(end), Fate::Lost);
    for back in [Action::Edit(Change::Undo), Action::Edit(Change::Restore(late))] {
        let after = act(edited.clone(), [back]);
        let all = |state: &AppState| format!("{:?}", state.run.timeline.trace());
        assert!(all(&after) == all(&state), "as if nothing had happened");
    }
}

#[test]
fn an_edit_of_a_past_segment_seeks_to_where_it_was_sent() {
    let state = act(
        open("scenario=normal"),
        [Action::Play(Play::End), Action::Look(Look::Select(Some(C2)))],
    );
    let state = act(state, [Action::Edit(Change::Add(Edit::Drop(C2)))]);
    assert!(!state.is_playing());
    assert_eq!(state.playhead.at, Instant::from_millis(100));
    assert!(state.ghost.is_some());
}

#[test]
fn comparing_shows_the_run_before_an_edit_beside_it_and_keeps_the_link() {
    let c1 = SegmentId::of(Side::Client, 1);
    let edited = act(open("t=20"), [Action::Edit(Change::Add(Edit::Drop(c1)))]);
    let lost = |state: &AppState| state.run.arrow(c1).unwrap().lost.is_some();
    let both = act(edited.clone(), [Action::Look(Look::Compare)]);
    assert!(both.is_comparing() && lost(&both) && !lost_in_ghost(&both, c1));
    assert_eq!(both.link_now(), edited.link_now());
    // One clock: an instant is at the same height in both, and both are played to the later end.
    let (before, after) = (&both.ghost.as_ref().unwrap().run.ladder.axis, &both.run.ladder.axis);
    assert_eq!(before, after);
    assert_eq!(both.run.end(), edited.run.end().max(edited.ghost.as_ref().unwrap().run.end()));
    assert_eq!(both.playhead.at, edited.playhead.at);
    let again = act(both.clone(), [Action::Look(Look::Compare)]);
    assert!(!again.is_comparing() && lost(&again));
    assert_eq!(again.run.ladder, edited.run.ladder);
    // Keeping, undoing, or another edit ends the comparison.
    let kept = act(both.clone(), [Action::Edit(Change::DismissGhost)]);
    assert!(!kept.is_comparing() && kept.ghost.is_none() && lost(&kept));
    assert_eq!(kept.run.ladder, edited.run.ladder);
    let undone = act(both.clone(), [Action::Edit(Change::Undo)]);
    assert!(!undone.is_comparing() && !lost(&undone));
    let restored = act(both, [Action::Edit(Change::Remove(0))]);
    assert!(!restored.is_comparing() && !lost(&restored) && lost_in_ghost(&restored, c1));
    assert!(!act(open(""), [Action::Look(Look::Compare)]).is_comparing());
}

#[test]
fn a_shorter_run_is_compared_up_to_the_end_of_the_longer_one() {
    let lost = open("scenario=syn-lost&t=500");
    let c1 = SegmentId::of(Side::Client, 1);
    let saved = act(lost.clone(), [Action::Edit(Change::Restore(c1)), Action::Look(Look::Compare)]);
    assert_eq!(saved.run.end(), lost.run.end());
    let end = act(saved, [Action::Play(Play::End)]);
    assert!(end.is_at_end() && end.playhead.at == lost.run.end());
}

fn actions(state: &AppState, id: SegmentId) -> Vec<SegmentAction> {
    let arrow = state.run.arrow(id).unwrap();
    SegmentAction::available(arrow, state.playhead.moment(), state.is_script())
}

fn lost_in_ghost(state: &AppState, id: SegmentId) -> bool {
    let ghost = state.ghost.as_ref().unwrap();
    ghost.run.arrow(id).unwrap().lost.is_some()
}

#[test]
fn undo_and_redo_bring_back_the_same_run() {
    let plain = open("scenario=normal");
    let edited = act(plain.clone(), [Action::Edit(Change::Add(Edit::Drop(C1)))]);
    let undone = act(edited.clone(), [Action::Edit(Change::Undo)]);
    assert_eq!(undone.link, plain.link);
    assert_eq!(undone.run.ladder, plain.run.ladder);
    assert!(undone.can_redo());
    let redone = act(undone, [Action::Edit(Change::Redo)]);
    assert_eq!(redone.link, edited.link);
    assert_eq!(redone.run.ladder, edited.run.ladder);
}

#[test]
fn undo_keeps_language_and_speed() {
    let state = act(
        open("scenario=normal"),
        [
            Action::Edit(Change::Add(Edit::Drop(C1))),
            Action::Look(Look::Language("ko".to_owned())),
            Action::Edit(Change::Undo),
        ],
    );
    assert_eq!(state.link.view.lang.as_deref(), Some("ko"));
}

#[test]
fn a_lost_segment_of_the_lesson_is_restored_by_an_edit() {
    let state = open("scenario=syn-lost");
    assert_eq!(chips(&state.run).len(), 1);
    assert_eq!(chips(&state.run)[0].index, None, "the lesson's own");
    let state = act(state, [Action::Edit(Change::Restore(C1))]);
    assert_eq!(state.link.edits, [Edit::Deliver(C1, None)]);
    assert!(state.run.arrow(C1).expect("sent").lost.is_none());
    let state =
        act(state, [Action::Edit(Change::Add(Edit::Drop(C1))), Action::Edit(Change::Restore(C1))]);
    assert!(state.run.arrow(C1).expect("sent").lost.is_none());
}

#[test]
fn a_second_delay_of_a_segment_replaces_the_first() {
    let delay = |ms| Action::Edit(Change::Add(Edit::Delay(C1, Duration::from_millis(ms))));
    let state = act(open("scenario=normal"), [delay(100), delay(300)]);
    assert_eq!(state.link.edits, [Edit::Delay(C1, Duration::from_millis(300))]);
}

#[test]
fn an_edit_of_a_segment_that_is_never_sent_is_an_orphan() {
    let state = open("scenario=refused&do=drop:C9");
    let listed = chips(&state.run);
    assert!(listed[0].is_orphan);
    assert_eq!(listed[0].index, Some(0));
    let state = act(state, [Action::Edit(Change::Remove(0))]);
    assert!(chips(&state.run).is_empty());
}

#[test]
fn a_call_is_an_edit_at_the_current_instant() {
    let state = act(
        open("scenario=close-wait-leak"),
        [
            Action::Play(Play::Seek(Instant::from_millis(320))),
            Action::Edit(Change::Call(Side::Server, Call::Close)),
        ],
    );
    assert!(state.link_now().to_string().contains("do=close:S@320ms"));
    let state = act(state, [Action::Play(Play::End)]);
    assert_eq!(state.host(Side::Server).state, State::Closed);
}

#[test]
fn stepping_visits_every_step_once_both_ways() {
    let mut state = open("scenario=syn-ack-lost");
    let count = state.run.timeline.trace().steps.len();
    for step in 0..count {
        state = reduce(&state, Action::Play(Play::Step(1)));
        assert_eq!(state.playhead.step, Some(step));
    }
    state = reduce(&state, Action::Play(Play::Step(1)));
    assert_eq!(state.playhead.step, Some(count - 1), "the end is the end");
    for step in (0..count - 1).rev() {
        state = reduce(&state, Action::Play(Play::Step(-1)));
        assert_eq!(state.playhead.step, Some(step));
    }
    state = reduce(&state, Action::Play(Play::Step(-1)));
    assert_eq!(state.playhead.step, None);
}

#[test]
fn stepping_back_from_between_two_steps_goes_to_the_earlier_one() {
    let state = act(open("scenario=normal&t=75ms"), [Action::Play(Play::Step(-1))]);
    assert_eq!(state.playhead.at, Instant::from_millis(50));
}

#[test]
fn segments_are_selected_in_the_order_in_which_they_were_sent() {
    let state = act(open("scenario=normal"), [Action::Look(Look::SelectNext(1))]);
    assert_eq!(state.selected, Some(C1));
    let state = act(state, [Action::Look(Look::SelectNext(1)), Action::Look(Look::SelectNext(1))]);
    assert_eq!(state.selected, Some(C2));
    let state = act(state, [Action::Look(Look::Select(None))]);
    assert_eq!(state.selected, None);
}

#[test]
fn the_tcb_shows_what_the_current_step_changed() {
    let state = act(open("scenario=normal"), [Action::Play(Play::Seek(Instant::from_millis(100)))]);
    let rows = tcb::rows(&state.run, state.playhead.step, Side::Client);
    let una = rows.iter().find(|row| row.name == "SND.UNA").expect("a row");
    let number = |value| TcbValue::Sequence { value: SeqNumber(value), first: SeqNumber(100) };
    assert_eq!(una.value, Some(number(101)));
    assert_eq!(una.before, Some(Some(number(100))));
    let causes = tcb::causes(&state.run, state.playhead.step, Side::Client);
    let rows = tcb::rows(&state.run, state.playhead.step, Side::Client);
    let cause = |name| causes[rows.iter().position(|row| row.name == name).unwrap()];
    assert_eq!(cause("SND.UNA"), state.playhead.step);
    assert_eq!(cause("ISS"), Some(1), "the active OPEN");
    assert_eq!(cause("KEPT"), state.playhead.step, "known since the connection is");
    let server = tcb::rows(&state.run, state.playhead.step, Side::Server);
    assert!(server.iter().all(|row| row.before.is_none()));
}

#[test]
fn a_bad_link_opens_a_working_page_that_lists_the_ignored_parts() {
    let state = open("scenario=nope&do=drop:X9,delay:C1:-5s&rtt=banana");
    assert_eq!(state.link.scenario, "normal");
    let parts: Vec<&str> = state.problems.iter().map(|problem| problem.part.as_str()).collect();
    assert_eq!(parts, ["nope", "drop:X9", "delay:C1:-5s", "banana"]);
    let state = act(state, [Action::Look(Look::DismissProblems), Action::Play(Play::End)]);
    assert_eq!(state.host(Side::Client).state, State::Closed);
}

#[test]
fn a_link_to_a_moment_opens_at_that_moment() {
    let state = act(
        open("scenario=half-close&do=drop:C3"),
        [Action::Play(Play::Seek(Instant::from_millis(420)))],
    );
    let again = open(&state.link_now().to_string());
    assert_eq!(again.playhead, state.playhead);
    assert_eq!(again.link_now(), state.link_now());
    assert!(!again.is_playing(), "t does not start playing");
}

#[test]
fn playback_pauses_where_the_link_says() {
    let pauses = |link: &str| {
        let mut state = open(link);
        let mut pauses = vec![];
        while !state.is_at_end() {
            state = act(state, [Action::Play(Play::Start)]);
            state = act(state, ticks(2_000));
            assert!(!state.is_playing());
            pauses.push(state.playhead);
        }
        pauses
    };
    let whole = open("scenario=normal");
    let steps: Vec<_> = pauses("pauseOn=event").iter().map(|it| it.step).collect();
    let all = whole.run.timeline.trace().steps.len();
    assert_eq!(steps, (0..all).map(Some).collect::<Vec<_>>());
    let chapters = whole.run.ladder.chapters.iter().map(|chapter| chapter.at);
    let mut expected: Vec<_> = chapters.filter(|at| *at > Instant::ZERO).collect();
    expected.dedup();
    expected.push(whole.run.end());
    let instants: Vec<_> = pauses("PauseOn=chapter").iter().map(|it| it.at).collect();
    assert_eq!(instants, expected);
    assert_eq!(pauses("").len(), 1);
    // With reduced motion too.
    let state =
        act(open("pauseOn=event"), [Action::Play(Play::Start), Action::Play(Play::Advance)]);
    assert_eq!((state.is_playing(), state.playhead.step), (false, Some(0)));
}

#[test]
fn every_scenario_leads_back_to_the_first() {
    use tcp_handshake::scenarios::{DEFAULT, LESSONS, Lesson};
    for lesson in LESSONS {
        let mut at = lesson;
        for _ in LESSONS {
            at = Lesson::find(at.after).unwrap_or(at);
        }
        assert_eq!((at.id, at.after), (DEFAULT, ""), "{}", lesson.id);
    }
}

#[test]
fn folded_gaps_keep_time_in_order() {
    for lesson in tcp_handshake::scenarios::LESSONS {
        let state = open(&format!("scenario={}", lesson.id));
        let axis = &state.run.ladder.axis;
        let mut last = 0;
        for step in &state.run.timeline.trace().steps {
            let y = axis.y(step.at);
            assert!(y >= last, "{}", lesson.id);
            assert_eq!(axis.at(y), step.at, "{}: a step is found again", lesson.id);
            last = y;
        }
        for arrow in &state.run.ladder.arrows {
            assert!(arrow.y_from < arrow.y_to, "{} {}", lesson.id, arrow.id);
            let sent = Moment::after(state.run.timeline.trace(), arrow.sent_at);
            assert_eq!(arrow.fate(sent), Fate::Flying);
        }
    }
}

#[test]
fn playing_to_the_end_stops_there_and_plays_again_from_the_start() {
    let state = act(open("scenario=refused"), [Action::Play(Play::Start)]);
    let state = act(state, ticks(200));
    assert!(!state.is_playing());
    assert!(state.is_at_end());
    let state = act(state, [Action::Play(Play::Toggle)]);
    assert!(state.is_playing());
    assert_eq!(state.playhead.at, Instant::ZERO);
}

#[test]
fn loading_a_scenario_starts_it_without_edits_and_can_be_undone() {
    let state = act(open("scenario=normal&do=drop:C1"), [Action::Open(Open::Scenario("refused"))]);
    assert_eq!(state.link.scenario, "refused");
    assert!(state.link.edits.is_empty());
    let state = act(state, [Action::Edit(Change::Undo)]);
    assert_eq!(state.link.scenario, "normal");
    assert_eq!(state.link.edits, [Edit::Drop(C1)]);
}

// packetdrill scripts.

const SCRIPT: &str = include_str!("../data/packetdrill/abort.pkt");

fn run_script(text: &str) -> Action {
    Action::Open(Open::Script(text.into(), Stack::FreeBsd))
}

#[test]
fn a_script_is_run_and_shown_like_a_scenario() {
    let state = act(open("scenario=normal&do=drop:C1&t=300"), [run_script(SCRIPT)]);
    let script = state.run.script.as_ref().expect("a script's run");
    assert_eq!(script.verdict, Verdict::Passed);
    assert_eq!((script.side, state.run.scripted_side()), (Side::Server, Some(Side::Client)));
    assert_eq!(state.playhead.step, None, "from its start");
    assert_eq!(state.draft, Draft { text: SCRIPT.into(), ..Draft::default() });
    // Half of the 50 ms in which the script answers: every segment flies, none before its cause.
    assert_eq!(script.one_way_delay, Duration::from_millis(25));
    let names: Vec<String> = state.run.ladder.arrows.iter().map(|it| it.id.to_string()).collect();
    assert_eq!(names, ["C1", "S1", "C2", "S2", "C3", "S3"]);
    for arrow in &state.run.ladder.arrows {
        assert_eq!(arrow.ends_at, arrow.sent_at + script.one_way_delay, "{}", arrow.id);
        assert!(!arrow.is_old);
    }
    assert!(state.run.ladder.intervals.iter().all(|it| it.side == Side::Server));
    let state = act(state, [Action::Play(Play::Start)]);
    let state = act(state, ticks(200));
    assert!(state.is_at_end() && !state.is_playing());
    assert_eq!(state.host(Side::Server).state, State::Listen);
    assert_eq!(state.link_now().to_string(), open("scenario=normal&do=drop:C1").link.to_string());
}

#[test]
fn the_lines_of_the_current_step_are_highlighted() {
    let mut state = act(open(""), [run_script(SCRIPT)]);
    let mut lit = vec![state.run.lit_lines(state.playhead.step)];
    for _ in &state.run.timeline.trace().steps.clone() {
        state = reduce(&state, Action::Play(Play::Step(1)));
        lit.push(state.run.lit_lines(state.playhead.step));
    }
    let lines: [&[u32]; 6] = [&[], &[5], &[6, 7], &[8], &[11, 12], &[13, 14]];
    assert_eq!(lit, lines.map(<[u32]>::to_vec));
    assert!(open("t=300").run.lit_lines(Some(3)).is_empty(), "a scenario has no lines");
}

#[test]
fn a_script_that_fails_names_the_line_and_shows_what_happened() {
    let wrong = SCRIPT.replace("+0   > R 1:1(0)\n+.05", "+0   > F. 1:1(0) ack 1\n+.05");
    let state = act(open(""), [run_script(&wrong)]);
    let script = state.run.script.as_ref().expect("a script's run");
    assert_eq!(script.failed_line(), Some(12));
    let Verdict::Failed(failure) = &script.verdict else { panic!("it fails") };
    assert_eq!(failure.want, "`F. 1:1(0) ack 1` at 0.050000");
    assert_eq!(failure.got, "`R 1:1(0)` at 0.050000", "in the script's own time");
    assert!(!state.draft.is_open, "its run says more than the panel");
    let state = act(state, [Action::Play(Play::End)]);
    assert_eq!(state.run.lit_lines(state.playhead.step), [11, 12], "up to the line at fault");
}

#[test]
fn an_unreadable_script_stays_for_correction() {
    let plain = open("scenario=refused");
    for (text, line) in [("+0 < Q 0:0(0) win 1", 1), ("\n\n0 socket(", 3), ("\u{0}PNG\u{1b}", 1)] {
        let state = act(plain.clone(), [run_script(text)]);
        assert!(!state.is_script());
        assert_eq!(state.run.ladder, plain.run.ladder, "what was shown stays");
        assert!(state.draft.is_open);
        assert_eq!(&*state.draft.text, text);
        let complaint = state.draft.complaint.clone().expect("a complaint");
        assert!(matches!(complaint, Complaint::Line { line: at, .. } if at == line), "{text:?}");
        let state = act(state, [run_script(SCRIPT)]);
        assert!(state.is_script() && state.draft.complaint.is_none());
    }
}

#[test]
fn a_script_is_limited_in_length_and_work() {
    let long = "#".repeat(MAX_SCRIPT + 1);
    let state = act(open(""), [run_script(&long)]);
    assert_eq!(
        state.draft.complaint,
        Some(Complaint::TooLong { octets: MAX_SCRIPT + 1, most: MAX_SCRIPT })
    );
    assert_eq!(state.draft.text.len(), long.len(), "what was written stays");
    assert!(!state.is_script());
    // The script sends many segments, and each is answered.
    let many =
        SCRIPT.lines().take(5).chain(std::iter::repeat_n("+0 < . 1:1(0) ack 1 win 9", 9_000));
    let many: Vec<&str> = many.collect();
    let state = act(state, [run_script(&many.join("\n"))]);
    let script = state.run.script.as_ref().expect("a script's run");
    assert!(script.failed_line().is_some_and(|line| line > 1_000));
    assert!(state.run.ladder.arrows.len() <= 4_001);
}

#[test]
fn a_text_file_is_opened_and_any_other_file_is_refused_with_a_reason() {
    let state = act(open(""), [Action::Look(Look::Draft("half a scr".into(), Stack::Linux))]);
    let state = act(state, [Action::Open(Open::File(Err(Complaint::NoFile)))]);
    assert!(state.draft.is_open);
    assert_eq!((&*state.draft.text, state.draft.stack), ("half a scr", Stack::Linux));
    let state = act(state, [Action::Open(Open::File(Ok(SCRIPT.to_owned())))]);
    assert_eq!(state.run.script.as_ref().expect("a script's run").stack, Stack::Linux);
}

/// A script is requested, and then its result arrives.
fn awaited() -> (AppState, Action) {
    let state = reduce(&open("scenario=normal&do=drop:C1&t=300"), run_script(SCRIPT));
    let result = read_opened_text(&SCRIPT.into(), Stack::FreeBsd);
    (state, Action::Open(Open::Read(SCRIPT.into(), Stack::FreeBsd, result)))
}

#[test]
fn a_scripts_text_is_shown_until_its_run_is_ready() {
    let (state, opened) = awaited();
    assert!(state.draft.is_open && state.draft.is_awaited && !state.is_script());
    assert_eq!((&*state.draft.text, state.is_playing()), (SCRIPT, false));
    // Closing and opening the panel reports the same text again, which has no effect.
    let state = reduce(&state, Action::Look(Look::Draft(SCRIPT.into(), Stack::FreeBsd)));
    let state = reduce(&state, opened.clone());
    assert!(state.is_script() && !state.draft.is_open && !state.draft.is_awaited);
    let again = reduce(&state, Action::Play(Play::Step(1)));
    let again = reduce(&again, opened);
    assert_eq!(again.playhead.step, Some(0), "a result is used once");
}

#[test]
fn a_scripts_run_that_is_no_longer_wanted_is_dropped() {
    let (state, opened) = awaited();
    let (link, problems) = Link::parse("", "scenario=abort");
    let meanwhile = [
        Action::Look(Look::Draft("+0 < S".into(), Stack::FreeBsd)),
        Action::Look(Look::Draft(SCRIPT.into(), Stack::Linux)),
        Action::Look(Look::ShowDraft(false)),
        Action::Open(Open::File(Err(Complaint::NoFile))),
        Action::Open(Open::Script("+0 < S".into(), Stack::FreeBsd)),
        Action::Open(Open::Script("#".repeat(MAX_SCRIPT + 1).into(), Stack::FreeBsd)),
        Action::Open(Open::Scenario("refused")),
        Action::Open(Open::Link(Box::new(link), problems)),
        Action::Open(Open::Leave),
    ];
    for action in meanwhile {
        let name = format!("{action:?}");
        let changed = reduce(&state, action);
        let after = reduce(&changed, opened.clone());
        assert!(!after.is_script(), "{name}");
        assert_eq!(after.draft, changed.draft, "{name}");
        assert_eq!((&after.link, after.playhead), (&changed.link, changed.playhead), "{name}");
    }
}

#[test]
fn if_the_runner_fails_to_load_the_page_says_so_and_keeps_the_text() {
    let (state, opened) = awaited();
    let missed = Action::Open(Open::Read(SCRIPT.into(), Stack::FreeBsd, Err(Complaint::NotLoaded)));
    let state = reduce(&state, missed);
    assert!(state.draft.is_open && !state.draft.is_awaited && !state.is_script());
    assert_eq!(state.draft.complaint, Some(Complaint::NotLoaded));
    assert_eq!((&*state.draft.text, state.playhead.at), (SCRIPT, Instant::from_millis(300)));
    let state = reduce(&state, run_script(SCRIPT));
    assert_eq!((state.draft.complaint.as_ref(), state.draft.is_awaited), (None, true));
    assert!(reduce(&state, opened).is_script());
}

/// The page shows the run that the script's runner returns.
#[test]
fn the_page_shows_the_runners_run_completely() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/packetdrill");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry can be read").path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for stack in [Stack::FreeBsd, Stack::Linux] {
            let state = act(open(""), [Action::Open(Open::Script(text.as_str().into(), stack))]);
            let Ok(parsed) = packetdrill::parse(&text) else {
                assert!(state.draft.complaint.is_some(), "{}", path.display());
                continue;
            };
            let script = state.run.script.as_ref().expect("a script's run");
            let most_work = Some(4_000);
            let options = Options {
                stack,
                one_way_delay: script.one_way_delay,
                most_work,
                ..Options::default()
            };
            let report = packetdrill::run(&parsed, &options);
            let (trace, whole) = (state.run.timeline.trace(), &report.trace);
            let name = path.display();
            assert_eq!(format!("{trace:?}"), format!("{whole:?}"), "{name}");
            assert_eq!((&script.verdict, &script.notes), (&report.verdict, &report.notes));
            assert_eq!(script.side, report.side, "{name}");
            let config = &state.run.timeline.scenario().hosts[report.side.index()].config;
            assert_eq!(config, &report.config, "{name}");
            for step in 0..whole.steps.len() {
                let mut lines = vec![report.step_lines[step]];
                for effect in whole.effects(&whole.steps[step]) {
                    if let Effect::Sent(index) = effect
                        && let Some(line) = report.segment_lines[index]
                        && !lines.contains(&line)
                    {
                        lines.push(line);
                    }
                }
                assert_eq!(state.run.lit_lines(Some(step)), lines, "{name}");
            }
            count += 1;
        }
    }
    assert!(count >= 100, "only {count} runs");
}

#[test]
fn a_scripts_run_takes_no_edits_and_says_so() {
    let edited = act(open(""), [Action::Edit(Change::Add(Edit::Drop(C1)))]);
    let state = act(edited, [run_script(SCRIPT)]);
    assert!(!state.can_undo() && !state.can_redo());
    let looks = [SegmentAction::GoToSend, SegmentAction::GoToEnd];
    assert_eq!(actions(&state, C1), looks);
    let refused = [
        Action::Edit(Change::Add(Edit::Drop(C2))),
        Action::Edit(Change::Call(Side::Server, Call::Close)),
        Action::Edit(Change::Restore(C1)),
        Action::Edit(Change::Remove(0)),
        Action::Edit(Change::Clear),
        Action::Edit(Change::Undo),
        Action::Edit(Change::Redo),
        Action::Edit(Change::Tune(Box::default())),
        Action::Edit(Change::Extend),
    ];
    for action in refused {
        let name = format!("{action:?}");
        let after = act(state.clone(), [action]);
        assert!(after.refused.is_some() && after.is_script(), "{name}");
        assert_eq!(after.link, state.link, "{name}");
        assert!(act(after, [Action::Look(Look::DismissProblems)]).refused.is_none());
    }
    let long = act(state.clone(), [Action::Look(Look::TrueScale(true))]);
    assert!(long.is_script() && long.refused.is_none());
}

#[test]
fn closing_a_script_returns_to_its_scenario_and_another_scenario_replaces_it() {
    let edited = act(open("scenario=refused"), [Action::Edit(Change::Add(Edit::Drop(C1)))]);
    let shown = act(edited.clone(), [run_script(SCRIPT), Action::Play(Play::End)]);
    let state = act(shown.clone(), [Action::Open(Open::Leave)]);
    assert!(!state.is_script());
    assert_eq!((&state.link, &state.run.ladder), (&edited.link, &edited.run.ladder));
    assert_eq!(&*state.draft.text, SCRIPT, "and can be opened again");
    assert!(state.can_undo());
    let again = act(shown.clone(), [Action::Open(Open::Scenario("refused"))]);
    assert!(!again.is_script(), "the scenario behind it can be chosen too");
    assert_eq!(again.run.ladder, open("scenario=refused").run.ladder);
    let (link, problems) = Link::parse("", "scenario=abort");
    let opened = act(shown, [Action::Open(Open::Link(Box::new(link), problems))]);
    assert_eq!(opened.link.scenario, "abort");
    assert!(!opened.is_script());
}

#[test]
fn a_host_that_a_script_plays_has_no_variables() {
    let state = act(open(""), [run_script(SCRIPT), Action::Play(Play::End)]);
    assert!(
        tcb::rows(&state.run, state.playhead.step, Side::Client)
            .iter()
            .all(|row| row.value.is_none())
    );
    let server = tcb::rows(&state.run, state.playhead.step, Side::Server);
    assert_eq!(server[0].value, Some(TcbValue::State(State::Listen)));
}

#[test]
fn the_log_lists_the_chosen_events() {
    let run = open("scenario=syn-lost").run;
    let trace = run.timeline.trace();
    let count =
        |filter: LogFilter| trace.steps.iter().filter(|step| filter.matches(trace, step)).count();
    let [all, client, server, states, trouble] = LogFilter::ALL.map(count);
    assert_eq!(all, trace.steps.len());
    assert_eq!(client + server, all);
    assert!(0 < states && states < all);
    // The loss, the timer that repeats the SYN, and the end of TIME-WAIT.
    assert_eq!(trouble, 3);
}

#[test]
fn a_run_that_is_cut_goes_on_from_where_it_was() {
    let end = Action::Play(Play::End);
    let state = act(open("rtt=60s&rto=1ms,1ms&loss=90"), [end.clone()]);
    assert_eq!(state.run.cut_after(), Some(2_000));
    let last = state.run.timeline.end();
    let further = act(state, [Action::Edit(Change::Extend)]);
    assert_eq!((further.run.cut_after(), further.playhead.at), (Some(5_000), last));
    assert!(further.playhead.step < Some(4_999), "{:?}", further.playhead.step);
    assert!(!further.is_at_end());
    let mut longest = further;
    for _ in 0..10 {
        longest = act(longest, [Action::Edit(Change::Extend)]);
    }
    assert!(!longest.run.can_extend());
    assert_eq!(longest.run.cut_after(), Some(20_000));
    assert_eq!(act(open("scenario=normal"), [end]).run.cut_after(), None);
}

#[test]
fn a_run_is_built_from_nothing() {
    let mut state = open("scenario=blank");
    let plays = [
        Play::Start,
        Play::Tick(Duration::from_millis(50)),
        Play::Advance,
        Play::Step(1),
        Play::Chapter(1),
        Play::Nudge(5),
        Play::SeekY(7),
        Play::End,
        Play::Step(-1),
        Play::Home,
    ];
    for play in plays {
        state = act(state, [Action::Play(play)]);
        assert_eq!(state.playhead.at, Instant::ZERO, "{play:?}");
    }
    assert_eq!(state.host(Side::Server).state, State::Listen);
    let call = |side, call| Action::Edit(Change::Call(side, call));
    let state = act(state, [call(Side::Client, Call::Connect), Action::Play(Play::End)]);
    let state = act(state, [call(Side::Client, Call::Send(5)), Action::Play(Play::End)]);
    let state = act(state, [call(Side::Server, Call::Exit), Action::Play(Play::End)]);
    let states = Side::BOTH.map(|side| state.host(side).state);
    assert_eq!(states, [State::CloseWait, State::FinWait2]);
    let made = "scenario=blank&do=open:C@0,send:C:5@150ms,exit:S@250ms";
    assert_eq!(state.link.run_only().to_string(), made);
}

#[test]
fn the_cable_is_pulled_and_put_back_by_undo() {
    let lasts = Some(Duration::from_secs(3));
    let state = act(open("scenario=normal&t=440"), [Action::Edit(Change::Cut(lasts))]);
    assert_eq!(state.link.run_only().to_string(), "scenario=normal&do=cut:3s@440ms");
    assert_eq!(state.run.ladder.outages.len(), 1);
    assert_eq!(chips(&state.run).len(), 1);
    let again = act(state.clone(), [Action::Edit(Change::Cut(None))]);
    assert_eq!(again.run.ladder.outages.len(), 2, "one outage does not replace another");
    let state = act(state, [Action::Edit(Change::Undo)]);
    assert_eq!(state.run.ladder.outages, []);
    let state = act(state, [Action::Edit(Change::Redo)]);
    assert_eq!(state.run.ladder.outages.len(), 1);
}
