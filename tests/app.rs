//! The page's behaviour, without a browser.
#![cfg(not(target_arch = "wasm32"))]

use tcp_handshake::app::view::{self, SegmentAction};
use tcp_handshake::app::{Action, AppState, reduce};
use tcp_handshake::ladder::Fate;
use tcp_handshake::link::Link;
use tcp_handshake::sim::{Call, Edit, SegmentId, Side};
use tcp_handshake::tcp::State;
use tcp_handshake::time::{Duration, Instant};

fn open(link: &str) -> AppState {
    let (link, problems) = Link::parse("", link);
    AppState::open(link, problems)
}

fn act(state: AppState, actions: impl IntoIterator<Item = Action>) -> AppState {
    actions.into_iter().fold(state, |state, action| reduce(&state, action))
}

const C1: SegmentId = SegmentId::of(Side::Client, 1);
const C2: SegmentId = SegmentId::of(Side::Client, 2);

/// So many ticks of 50 ms of the viewer's time.
fn ticks(count: usize) -> impl Iterator<Item = Action> {
    std::iter::repeat_n(Action::Tick(Duration::from_millis(50)), count)
}

#[test]
fn at_normal_speed_a_round_trip_takes_a_second() {
    let state = act(open("scenario=normal"), [Action::Play]);
    let state = act(state, ticks(10));
    assert_eq!(state.playhead.at, Instant::from_millis(50));
    assert_eq!(view::host(&state, Side::Server).state, State::SynReceived);
    let state = act(state, ticks(10));
    assert_eq!(view::host(&state, Side::Client).state, State::Established);
}

#[test]
fn a_syn_clicked_away_in_flight_comes_back_after_one_second() {
    let state = act(open("scenario=normal"), [Action::Play]);
    let state = act(state, ticks(5));
    let state = act(state, [Action::Select(Some(C1))]);
    assert!(!state.playing, "selecting a segment in flight pauses");
    assert!(view::segment_actions(&state, C1).contains(&SegmentAction::Drop));
    let state = act(state, [Action::Edit(Edit::Drop(C1))]);
    assert!(state.playing, "and the run goes on once it is edited");
    assert_eq!(state.playhead.at, Instant::from_millis(25));
    let again = view::arrow(&state.run, C2).expect("sent again");
    assert_eq!(again.sent_at, Instant::from_millis(1_000));
    assert_eq!(again.repeats, Some(C1));
    let state = act(state, [Action::End]);
    assert_eq!(view::host(&state, Side::Client).state, State::Closed);
    assert!(state.link_now().to_string().contains("do=drop:C1"));
}

#[test]
fn a_what_if_on_the_past_goes_to_where_the_segment_was_sent() {
    let state = act(open("scenario=normal"), [Action::End, Action::Select(Some(C2))]);
    let state = act(state, [Action::Edit(Edit::Drop(C2))]);
    assert!(!state.playing);
    assert_eq!(state.playhead.at, Instant::from_millis(100));
    assert!(state.ghost.is_some());
}

#[test]
fn undo_and_redo_bring_back_the_same_run() {
    let plain = open("scenario=normal");
    let edited = act(plain.clone(), [Action::Edit(Edit::Drop(C1))]);
    let undone = act(edited.clone(), [Action::Undo]);
    assert_eq!(undone.link, plain.link);
    assert_eq!(undone.run.ladder, plain.run.ladder);
    assert!(undone.can_redo());
    let redone = act(undone, [Action::Redo]);
    assert_eq!(redone.link, edited.link);
    assert_eq!(redone.run.ladder, edited.run.ladder);
}

#[test]
fn undo_leaves_language_and_speed_alone() {
    let state = act(
        open("scenario=normal"),
        [Action::Edit(Edit::Drop(C1)), Action::Language("ko".to_owned()), Action::Undo],
    );
    assert_eq!(state.link.view.lang.as_deref(), Some("ko"));
}

#[test]
fn a_lost_segment_of_the_lesson_is_restored_by_an_edit() {
    let state = open("scenario=syn-lost");
    assert_eq!(view::chips(&state).len(), 1);
    assert_eq!(view::chips(&state)[0].index, None, "the lesson's own");
    let state = act(state, [Action::Restore(C1)]);
    assert_eq!(state.link.edits, [Edit::Deliver(C1)]);
    assert!(view::arrow(&state.run, C1).expect("sent").lost.is_none());
    let state = act(state, [Action::Edit(Edit::Drop(C1)), Action::Restore(C1)]);
    assert!(view::arrow(&state.run, C1).expect("sent").lost.is_none());
}

#[test]
fn a_second_delay_of_a_segment_replaces_the_first() {
    let delay = |ms| Action::Edit(Edit::Delay(C1, Duration::from_millis(ms)));
    let state = act(open("scenario=normal"), [delay(100), delay(300)]);
    assert_eq!(state.link.edits, [Edit::Delay(C1, Duration::from_millis(300))]);
}

#[test]
fn an_edit_of_a_segment_that_is_never_sent_is_an_orphan() {
    let state = open("scenario=refused&do=drop:C9");
    let chips = view::chips(&state);
    assert!(chips[0].is_orphan);
    assert_eq!(chips[0].index, Some(0));
    let state = act(state, [Action::RemoveEdit(0)]);
    assert!(view::chips(&state).is_empty());
}

#[test]
fn a_call_is_an_edit_at_the_current_instant() {
    let state = act(
        open("scenario=close-wait-leak"),
        [Action::Seek(Instant::from_millis(320)), Action::Call(Side::Server, Call::Close)],
    );
    assert!(state.link_now().to_string().contains("do=close:S@320ms"));
    let state = act(state, [Action::End]);
    assert_eq!(view::host(&state, Side::Server).state, State::Closed);
}

#[test]
fn stepping_visits_every_step_once_both_ways() {
    let mut state = open("scenario=syn-ack-lost");
    let count = state.run.timeline.trace().steps.len();
    for step in 0..count {
        state = reduce(&state, Action::Step(1));
        assert_eq!(state.playhead.step, Some(step));
    }
    state = reduce(&state, Action::Step(1));
    assert_eq!(state.playhead.step, Some(count - 1), "the end is the end");
    for step in (0..count - 1).rev() {
        state = reduce(&state, Action::Step(-1));
        assert_eq!(state.playhead.step, Some(step));
    }
    state = reduce(&state, Action::Step(-1));
    assert_eq!(state.playhead.step, None);
}

#[test]
fn stepping_back_from_between_two_steps_goes_to_the_last_that_happened() {
    let state = act(open("scenario=normal&t=75ms"), [Action::Step(-1)]);
    assert_eq!(state.playhead.at, Instant::from_millis(50));
}

#[test]
fn segments_are_selected_in_the_order_in_which_they_were_sent() {
    let state = act(open("scenario=normal"), [Action::SelectNext(1)]);
    assert_eq!(state.selected, Some(C1));
    let state = act(state, [Action::SelectNext(1), Action::SelectNext(1)]);
    assert_eq!(state.selected, Some(C2));
    let state = act(state, [Action::Select(None)]);
    assert_eq!(state.selected, None);
}

#[test]
fn the_tcb_shows_what_the_current_step_changed() {
    let state = act(open("scenario=normal"), [Action::Seek(Instant::from_millis(100))]);
    let rows = view::tcb_rows(&state, Side::Client);
    let una = rows.iter().find(|row| row.name == "SND.UNA").expect("a row");
    assert_eq!(una.value, Some(view::Value::Number(101)));
    assert_eq!(una.before, Some(Some(view::Value::Number(100))));
    let server = view::tcb_rows(&state, Side::Server);
    assert!(server.iter().all(|row| row.before.is_none()));
}

#[test]
fn a_bad_link_opens_a_working_page_that_says_what_it_ignored() {
    let state = open("scenario=nope&do=drop:X9,delay:C1:-5s&rtt=banana");
    assert_eq!(state.link.scenario, "normal");
    let parts: Vec<&str> = state.problems.iter().map(|problem| problem.part.as_str()).collect();
    assert_eq!(parts, ["nope", "drop:X9", "delay:C1:-5s", "banana"]);
    let state = act(state, [Action::DismissProblems, Action::End]);
    assert_eq!(view::host(&state, Side::Client).state, State::Closed);
}

#[test]
fn a_link_to_a_moment_opens_at_that_moment() {
    let state =
        act(open("scenario=half-close&do=drop:C3"), [Action::Seek(Instant::from_millis(420))]);
    let again = open(&state.link_now().to_string());
    assert_eq!(again.playhead, state.playhead);
    assert_eq!(again.link_now(), state.link_now());
    assert!(!again.playing, "t does not start playing");
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
            assert_eq!(arrow.fate(arrow.sent_at), Fate::Flying);
        }
    }
}

#[test]
fn playing_to_the_end_stops_there_and_plays_again_from_the_start() {
    let state = act(open("scenario=refused"), [Action::Play]);
    let state = act(state, ticks(200));
    assert!(!state.playing);
    assert!(state.is_at_end());
    let state = act(state, [Action::Toggle]);
    assert!(state.playing);
    assert_eq!(state.playhead.at, Instant::ZERO);
}

#[test]
fn loading_a_scenario_starts_it_without_edits_and_can_be_undone() {
    let state = act(open("scenario=normal&do=drop:C1"), [Action::Load("refused")]);
    assert_eq!(state.link.scenario, "refused");
    assert!(state.link.edits.is_empty());
    let state = act(state, [Action::Undo]);
    assert_eq!(state.link.scenario, "normal");
    assert_eq!(state.link.edits, [Edit::Drop(C1)]);
}
