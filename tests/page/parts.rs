//! A part of a run on the page: it plays from its start to its end, takes edits, and can be left.

use tcp_handshake::app::path::Path;
use tcp_handshake::app::{Action, AppState, Change, Open, Play, reduce};
use tcp_handshake::link::{Link, ProblemKind};
use tcp_handshake::sim::{Call, Edit, Part, Side};
use tcp_handshake::tcp::State;
use tcp_handshake::time::Duration;

fn open(link: &str) -> AppState {
    let (link, problems) = Link::parse("", link);
    AppState::open(link, problems)
}

fn act(state: &AppState, actions: impl IntoIterator<Item = Action>) -> AppState {
    actions.into_iter().fold(state.clone(), |state, action| reduce(&state, action))
}

fn states(state: &AppState) -> [State; 2] {
    Side::BOTH.map(|side| state.host(side).state)
}

#[test]
fn a_part_plays_from_its_first_states_to_its_last() {
    let start = open("scenario=four-way-close&part=close");
    assert_eq!(states(&start), [State::Established; 2]);
    assert!(start.playhead.at > tcp_handshake::time::Instant::ZERO);
    let ticks = std::iter::repeat_n(Action::Play(Play::Tick(Duration::from_millis(50))), 400);
    let end = act(&start, std::iter::once(Action::Play(Play::Start)).chain(ticks));
    assert!(end.is_at_end() && !end.is_playing());
    assert_eq!(states(&end), [State::Closed; 2]);
    assert_eq!(end.playhead.at, end.run.timeline.end());
    for back in [Play::Home, Play::SeekY(0)] {
        let again = act(&end, [Action::Play(back)]);
        assert_eq!(again.playhead.at, start.playhead.at, "{back:?}");
        assert_eq!(again.link_now().view.t, None, "{back:?}");
    }
    // The instants are those of the whole run.
    let shown = open(&end.link_now().to_string());
    assert_eq!(shown.playhead.at, end.playhead.at);
    let early = open("scenario=four-way-close&part=close&t=1ms");
    assert_eq!(early.playhead.at, start.playhead.at);
}

#[test]
fn the_path_through_the_diagram_begins_in_the_states_of_the_part() {
    let start = open("scenario=normal&part=half-close");
    let path = Path::of(&start.run, None);
    let states = Side::BOTH.map(|side| path.state(side));
    assert_eq!(states, [State::FinWait2, State::CloseWait]);
    let end = act(&start, [Action::Play(Play::End)]);
    assert_eq!(Path::of(&end.run, end.playhead.step).moves, []);
}

#[test]
fn a_part_takes_edits_and_can_be_left() {
    let part = open("scenario=four-way-close&part=close");
    let count = part.run.timeline.trace().segments.len();
    let lost = Edit::Drop("C3".parse().unwrap());
    let edited = act(&part, [Action::Edit(Change::Add(lost))]);
    assert_eq!(edited.link.part, Some(Part::Close));
    assert!(edited.run.timeline.trace().segments.len() > count);
    let whole = act(&edited, [Action::Edit(Change::WholeRun)]);
    assert_eq!((whole.link.part, whole.link.edits.clone()), (None, vec![lost]));
    assert_eq!(whole.run.timeline.is_part(), None);
    let back = act(&whole, [Action::Edit(Change::Undo)]);
    assert_eq!(back.run.timeline.is_part(), Some(Part::Close));
    // A call is made at the instant of the whole run that is shown.
    let called = act(&part, [Action::Edit(Change::Call(Side::Server, Call::Send(3)))]);
    let sent = called.run.timeline.whole().trace().segments.iter();
    assert_eq!(sent.filter(|it| it.segment.text.len() == 3).count(), 1);
    let other = act(&part, [Action::Open(Open::Scenario("normal"))]);
    assert_eq!(other.link.part, None);
}

#[test]
fn a_link_to_a_part_that_the_run_does_not_have_says_so_and_shows_the_whole() {
    let state = open("scenario=refused&part=data");
    let problems: Vec<_> = state.problems.iter().map(|it| (it.kind, it.part.as_str())).collect();
    assert_eq!(problems, [(ProblemKind::AbsentPart, "data")]);
    assert_eq!(state.run.timeline.is_part(), None);
    assert_eq!(state.run.timeline.trace().segments.len(), 2);
    assert_eq!(open("scenario=normal&part=data").problems, []);
}
