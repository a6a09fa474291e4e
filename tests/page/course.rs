//! The page as a course: the first visit, the end of a run, and links to a question or a quiz.

use tcp_handshake::app::quiz::Move;
use tcp_handshake::app::{Action, AppState, Change, Look, Open, Play, play_quiz, reduce};
use tcp_handshake::link::{Asked, Link};
use tcp_handshake::sim::{Edit, SegmentId, Side};
use tcp_handshake::tcp::State;
use tcp_handshake::time::{Duration, Instant};

const C1: SegmentId = SegmentId::of(Side::Client, 1);

fn open(link: &str) -> AppState {
    let (link, problems) = Link::parse("", link);
    AppState::open(link.with_tempo(), problems)
}

fn act(state: &AppState, action: Action) -> AppState {
    reduce(state, action)
}

/// A page that has played to its end at 4x.
fn watched(link: &str) -> AppState {
    let mut state = act(&open(&format!("{link}&speed=4")), Action::Play(Play::Start));
    for _ in 0..10_000 {
        if !state.is_playing() {
            break;
        }
        state = act(&state, Action::Play(Play::Tick(Duration::from_millis(100))));
    }
    state
}

#[test]
fn at_a_first_visit_the_syn_waits_and_the_future_is_hidden() {
    let state = open("").for_a_newcomer();
    assert!(state.is_new && state.waits && !state.show_future);
    assert_eq!(state.host(Side::Client).state, State::SynSent);
    assert_eq!(state.playhead.at, Instant::ZERO);
    // Neither the language nor the theme begins anything.
    for action in [
        Action::Look(Look::Language("ko".to_owned())),
        Action::Look(Look::Theme(tcp_handshake::link::Theme::Dark)),
        Action::Play(Play::Tick(Duration::from_millis(50))),
    ] {
        assert!(act(&state, action).waits);
    }
    for action in [
        Action::Play(Play::Start),
        Action::Play(Play::Step(1)),
        Action::Look(Look::Select(Some(C1))),
        Action::Edit(Change::Add(Edit::Drop(C1))),
        Action::Open(Open::Scenario("refused")),
    ] {
        let after = act(&state, action.clone());
        assert!(!after.waits, "{action:?}");
        assert!(!after.show_future && after.is_new, "{action:?}");
    }
    // The reader has not read yet what has happened so far.
    assert!(!act(&state, Action::Play(Play::Start)).playback.dwell.is_zero());
}

#[test]
fn a_run_that_was_watched_to_its_end_has_ended() {
    let state = watched("scenario=normal");
    assert!(state.playback.has_ended && state.is_lesson());
    let looked = act(&state, Action::Look(Look::ShowFuture(false)));
    assert!(looked.playback.has_ended, "a look leaves it so");
    for action in [
        Action::Play(Play::Home),
        Action::Play(Play::Step(-1)),
        play_quiz(Move::Restart),
        Action::Open(Open::Scenario("syn-lost")),
        Action::Edit(Change::Add(Edit::Drop(C1))),
    ] {
        assert!(!act(&state, action.clone()).playback.has_ended, "{action:?}");
    }
}

#[test]
fn a_jump_to_the_end_is_no_watching_but_steps_are() {
    let state = act(&open("scenario=refused"), Action::Play(Play::End));
    assert!(!state.playback.has_ended);
    assert!(!open("scenario=refused&t=1h").playback.has_ended);
    let mut state = open("scenario=refused");
    for _ in 0..100 {
        state = act(&state, Action::Play(Play::Step(1)));
    }
    assert!(state.is_at_end() && state.playback.has_ended);
}

#[test]
fn only_a_run_as_it_was_made_is_a_lesson() {
    assert!(open("scenario=syn-lost&t=1s&lang=ko&panels=log").is_lesson());
    for link in ["do=drop:C1", "rtt=20ms", "loss=30", "stack=linux", "part=open"] {
        assert!(!open(&format!("scenario=normal&{link}")).is_lesson(), "{link}");
    }
}

#[test]
fn another_run_is_a_step_of_the_history_and_a_change_is_not() {
    let state = open("scenario=normal");
    let openings = |action: Action| act(&state, action).openings;
    assert_eq!(openings(Action::Open(Open::Scenario("syn-lost"))), 1);
    assert_eq!(openings(Action::Open(Open::Scenario("normal"))), 0, "it is the same run");
    assert_eq!(openings(Action::Edit(Change::Add(Edit::Drop(C1)))), 0);
    assert_eq!(openings(Action::Play(Play::Step(1))), 0);
    // The browser itself goes back and forward.
    let link = Box::new(Link::to("refused"));
    assert_eq!(openings(Action::Open(Open::Link(link, vec![]))), 0);
    let edited = act(&state, Action::Edit(Change::Add(Edit::Drop(C1))));
    assert_eq!(act(&edited, Action::Open(Open::Scenario("normal"))).openings, 1);
}

#[test]
fn the_address_has_the_quiz_while_it_runs() {
    let state = open("scenario=syn-lost&t=500ms");
    assert_eq!(state.link_now().view.quiz, None);
    for (asked, name) in [(Asked::Next, "quiz=next"), (Asked::Loss, "quiz=loss")] {
        let state = act(&open("scenario=normal"), play_quiz(asked.into()));
        assert_eq!(state.asked(), Some(asked));
        let address = state.link_now().to_string();
        assert!(address.contains(name), "{address}");
        let left = act(&state, Action::Look(Look::Quiz(false)));
        assert_eq!(left.link_now().view.quiz, None);
    }
}

#[test]
fn the_address_has_the_open_question() {
    let state = act(&open("scenario=normal"), Action::Look(Look::Question(Some(7))));
    assert!(state.link_now().to_string().contains("&learn=7"));
    let state = act(&state, Action::Look(Look::Question(None)));
    assert!(!state.link_now().to_string().contains("learn"));
    assert_eq!(open("learn=7").link.view.learn, Some(7));
    for bad in ["learn=0", "learn=x", "learn=-1", "learn=99999999999999999999", "quiz=never"] {
        assert_eq!(open(bad).problems.len(), 1, "{bad}");
    }
}
