//! Playing along with the reader: the run waits at each event for its words to be read.

use std::fs;
use std::rc::Rc;

use tcp_handshake::app::{Action, AppState, Look, Open, Play, SpeedChange, glide, reduce};
use tcp_handshake::explain;
use tcp_handshake::link::{Link, Speed};
use tcp_handshake::locale::Catalog;
use tcp_handshake::time::Duration;

/// The real time of one tick.
const TICK: Duration = Duration::from_millis(50);

/// The player's texts in a language.
fn catalog(language: &str) -> Catalog {
    let root = env!("CARGO_MANIFEST_DIR");
    let text = fs::read_to_string(format!("{root}/static/words/{language}/start.json"));
    Catalog::parse(&text.expect("a file")).expect("texts")
}

fn open(link: &str, language: &str) -> AppState {
    let (link, problems) = Link::parse("", link);
    let mut state = AppState::open(link.with_tempo(), problems);
    state.words = Some(Rc::new(catalog(language)));
    state
}

fn play(state: &AppState) -> AppState {
    reduce(state, Action::Play(Play::Start))
}

fn tick(state: &AppState) -> AppState {
    reduce(state, Action::Play(Play::Tick(TICK)))
}

/// The time that the sentence shown takes to read: 14 letters or 9 syllables of Korean a second.
fn reading_time(state: &AppState, words: &Catalog) -> Duration {
    let step = state.playhead.step.expect("an event");
    let (sentence, _) = explain::headline(state.run.timeline.trace(), step, words).expect("words");
    let is_syllable = |letter: &char| ('가'..='힣').contains(letter);
    let syllables = u64::try_from(sentence.chars().filter(is_syllable).count()).expect("few");
    let letters = u64::try_from(sentence.chars().count()).expect("few") - syllables;
    Duration::from_micros(letters * 1_000_000 / 14 + syllables * 1_000_000 / 9)
}

/// Plays a run to its end, and calls `check` with each event and how long it waited.
fn watch(state: &AppState, mut check: impl FnMut(&AppState, Duration)) -> AppState {
    let mut state = play(state);
    let (mut seen, mut waited) = (vec![], Duration::ZERO);
    let mut last = state.clone();
    for _ in 0..100_000 {
        let next = tick(&state);
        if next.playhead == state.playhead {
            waited = waited + TICK;
        } else if !waited.is_zero() {
            check(&last, waited);
            waited = Duration::ZERO;
        }
        if next.playhead.step != state.playhead.step {
            seen.extend(next.playhead.step);
            last = next.clone();
        }
        state = next;
        if !state.is_playing() {
            break;
        }
    }
    let all: Vec<usize> = (0..state.run.timeline.trace().steps.len()).collect();
    assert_eq!(seen, all, "each event comes, one after the other");
    assert!(state.is_at_end());
    state
}

#[test]
fn each_event_is_shown_as_long_as_its_words_need() {
    for language in ["en", "ko"] {
        for scenario in ["normal", "syn-lost", "simultaneous-close"] {
            let words = catalog(language);
            let state = open(&format!("scenario={scenario}"), language);
            watch(&state, |state, waited| {
                let needed = reading_time(state, &words).max(Duration::from_millis(1_500));
                let step = state.playhead.step;
                assert!(waited + TICK >= needed, "{scenario} {language} {step:?}: {waited:?}");
                assert!(waited <= needed + TICK + TICK, "{scenario} {step:?}: {waited:?}");
            });
        }
    }
}

#[test]
fn the_first_event_comes_at_once_and_a_skip_brings_the_next() {
    let state = tick(&play(&open("scenario=normal", "en")));
    assert_eq!(state.playhead.step, Some(0));
    // Both events at 0 ms wait for their reader.
    let skipped = reduce(&state, Action::Play(Play::Skip));
    assert_eq!((skipped.playhead.step, skipped.playback.dwell), (Some(0), Duration::ZERO));
    let state = tick(&skipped);
    assert_eq!(state.playhead.step, Some(1));
    assert!(state.is_playing() && !state.playback.dwell.is_zero());
    // On the way, a skip goes to the next event itself.
    let flying = tick(&reduce(&state, Action::Play(Play::Skip)));
    assert_eq!(flying.playhead.step, Some(1));
    let arrived = reduce(&flying, Action::Play(Play::Skip));
    assert_eq!(arrived.playhead.step, Some(2));
    assert!(arrived.is_playing());
}

#[test]
fn skips_alone_lead_to_the_end() {
    let mut state = play(&open("scenario=normal", "ko"));
    for _ in 0..200 {
        state = reduce(&state, Action::Play(Play::Skip));
    }
    assert!(state.is_at_end() && !state.is_playing());
}

#[test]
fn between_two_events_nothing_needs_to_be_drawn_again() {
    let state = tick(&play(&open("scenario=normal", "en")));
    let waits = glide(&state, state.playhead, TICK);
    assert_eq!(waits, Some(state.playhead), "the playhead waits");
    assert_eq!(glide(&state, state.playhead, Duration::from_secs(60)), None, "but not for ever");
}

#[test]
fn a_pause_ends_the_wait_and_a_seek_while_playing_begins_one() {
    let state = tick(&play(&open("scenario=normal", "en")));
    let paused = reduce(&state, Action::Play(Play::Toggle));
    assert!(!paused.is_playing() && paused.playback.dwell.is_zero());
    let at = state.run.timeline.trace().steps[4].at;
    let sought = reduce(&state, Action::Play(Play::Seek(at)));
    assert!(sought.is_playing() && !sought.playback.dwell.is_zero());
}

#[test]
fn the_page_reads_along_and_all_others_play_at_one_speed() {
    let tempo = |link: &str| Link::parse("", link).0.with_tempo().view.tempo();
    assert_eq!(tempo("scenario=normal"), Speed::Read);
    assert_eq!(tempo("speed=read"), Speed::Read);
    assert_eq!(tempo("speed=1"), Speed::One);
    assert_eq!(tempo("speed=0.5"), Speed::Half);
    assert_eq!(tempo("embed=1"), Speed::One);
    assert_eq!(tempo("autoplay=1"), Speed::One);
    assert_eq!(tempo("embed=1&speed=read"), Speed::Read);
    assert_eq!(tempo("autoplay=1&speed=read"), Speed::Read);
    // A player of the npm package has only the link.
    assert_eq!(Link::parse("", "scenario=normal").0.view.tempo(), Speed::One);
}

#[test]
fn the_address_names_only_a_tempo_that_it_would_not_have_anyway() {
    let address = |link: &str| Link::parse("", link).0.with_tempo().without_tempo().to_string();
    assert_eq!(address("scenario=normal&speed=read"), "scenario=normal");
    assert_eq!(address("scenario=normal&speed=1"), "scenario=normal&speed=1");
    assert_eq!(address("scenario=normal&embed=1&speed=1"), "scenario=normal&embed=1");
    let embed = "scenario=normal&speed=read&embed=1";
    assert_eq!(address(embed), embed);
    // What plays by itself at 1x is at 1x after a reload, which no longer plays by itself.
    let state = AppState::open(Link::parse("", "autoplay=1").0.with_tempo(), vec![]);
    assert_eq!(state.link_now().without_tempo().to_string(), "scenario=normal&speed=1");
}

#[test]
fn slower_and_faster_pass_through_reading_along() {
    let state = open("scenario=normal", "en");
    let to = |state: &AppState, change| {
        reduce(state, Action::Play(Play::Speed(change))).link.view.tempo()
    };
    assert_eq!(to(&state, SpeedChange::Faster), Speed::One);
    assert_eq!(to(&state, SpeedChange::Slower), Speed::Half);
    assert_eq!(to(&open("speed=4", "en"), SpeedChange::Faster), Speed::Four);
    assert_eq!(to(&state, SpeedChange::To(Speed::Two)), Speed::Two);
}

#[test]
fn with_reduced_motion_each_event_comes_in_turn() {
    let mut state = play(&open("scenario=normal", "en"));
    let mut steps = vec![];
    for _ in 0..6 {
        state = reduce(&state, Action::Play(Play::Advance));
        steps.push((state.playhead.step, state.playhead.at.as_millis()));
    }
    let expected = [(0, 0), (1, 0), (1, 25), (2, 50), (2, 75), (3, 100)];
    assert_eq!(steps, expected.map(|(step, at)| (Some(step), at)));
}

#[test]
fn another_run_keeps_the_tempo_and_the_words() {
    let state = open("scenario=normal", "ko");
    for open in [
        Open::Scenario("syn-lost"),
        Open::Link(Box::new(Link::to("syn-lost").with_tempo()), vec![]),
    ] {
        let state = reduce(&state, Action::Open(open));
        assert_eq!(state.link.view.tempo(), Speed::Read);
        assert!(state.words.is_some());
    }
    let state = reduce(&state, Action::Look(Look::Select(None)));
    assert!(!state.is_reading(), "a paused run waits for nothing");
}
