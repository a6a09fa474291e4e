//! The quiz: its questions, how it checks answers, and that nothing shows the answer early.

use std::rc::Rc;

use tcp_handshake::app::keys::{Focus, KeyPress, action_for};
use tcp_handshake::app::learn;
use tcp_handshake::app::quiz::loss::{Line, Loss, MOST_CASES, MOST_LINES};
use tcp_handshake::app::quiz::{
    self, Answer, Entry, Field, Move, Phase, Question, QuestionKind, ROUND, Unread, questions,
};
use tcp_handshake::app::{
    Action, AppState, Change, Look, Open, Play, Run, play_quiz, read_opened_text, reduce,
};
use tcp_handshake::explain;
use tcp_handshake::ladder::Fate;
use tcp_handshake::link::{self, Link};
use tcp_handshake::locale::Catalog;
use tcp_handshake::packetdrill::Stack;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::{Cause, Edit, Effect, SegmentId, Side};
use tcp_handshake::tcp::{Flags, State};
use tcp_handshake::time::Instant;

fn open(link: &str) -> AppState {
    let (link, problems) = Link::parse("", link);
    AppState::open(link, problems)
}

fn act(state: AppState, actions: impl IntoIterator<Item = Action>) -> AppState {
    actions.into_iter().fold(state, |state, action| reduce(&state, action))
}

fn make(state: AppState, quiz_move: Move) -> AppState {
    act(state, [play_quiz(quiz_move)])
}

fn started(link: &str) -> AppState {
    make(open(link), Move::Start)
}

fn asked(state: &AppState) -> Option<Question> {
    state.quiz.as_ref()?.question
}

/// How far the question is, once the event has happened.
fn told(state: &AppState) -> Option<Phase> {
    let phase = state.quiz.as_ref()?.phase.clone();
    matches!(phase, Phase::Told(_)).then_some(phase)
}

/// The answer that was given.
fn said(state: &AppState) -> Option<Answer> {
    if let Some(Phase::Told(answer)) = told(state) { answer } else { None }
}

fn segment(flags: Flags, seq: &str, ack: &str) -> Entry {
    Entry { flags, seq: seq.to_owned(), ack: ack.to_owned(), ..Entry::default() }
}

/// The right answer, derived from the run.
fn facts(run: &Run, question: &Question) -> Vec<String> {
    quiz::check(run, question, None).into_iter().map(|row| row.fact).collect()
}

fn right_answer(run: &Run, question: &Question) -> Entry {
    let facts = facts(run, question);
    match question.kind {
        QuestionKind::State => {
            let state = State::ALL.into_iter().find(|state| state.name() == facts[0]);
            Entry { state, ..Entry::default() }
        }
        QuestionKind::Segment => {
            let flags = facts[0].split(',').map(|name| {
                quiz::FLAGS.into_iter().find(|flag| flag.to_string() == name).expect("asked for")
            });
            let flags = flags.fold(Flags::NONE, |all, flag| all | flag);
            segment(flags, &facts[1], &facts[2])
        }
        QuestionKind::Acts(_) => {
            let who = Side::BOTH.into_iter().find(|side| side.name() == facts[0]);
            let when = facts[1].split(" (").next().unwrap_or_default().to_owned();
            Entry { who, when, ..Entry::default() }
        }
    }
}

#[test]
fn the_normal_run_asks_for_each_segment_and_each_silent_change_of_state() {
    let state = open("");
    let asked: Vec<String> = questions(&state.run)
        .iter()
        .map(|question| {
            format!("{} {}", question.side.name(), facts(&state.run, question).join(" "))
        })
        .collect();
    assert_eq!(
        asked,
        [
            "server SYN,ACK 300 101",
            "client ACK 101 301",
            "server ESTABLISHED",
            "client ACK 101 301",
            "server ACK 301 106",
            "server ACK 301 106",
            "client ACK 106 308",
            "client FIN,ACK 106 308",
            "server ACK 308 107",
            "client FIN-WAIT-2",
            "server ACK 308 107",
            "client ACK 107 314",
            "server FIN,ACK 314 107",
            "client ACK 107 315",
            "server CLOSED",
            "client CLOSED",
        ],
    );
}

#[test]
fn a_whole_quiz_with_right_answers_ends() {
    for lesson in LESSONS {
        let link = format!("scenario={}", lesson.id);
        let whole = open(&link);
        let mut state = started(&link);
        for question in questions(&whole.run) {
            assert_eq!(asked(&state), Some(question), "{}", lesson.id);
            let entry = right_answer(&whole.run, &question);
            let answer = entry.read(question.kind).expect("it can be read");
            state = make(state, Move::Answer(entry));
            assert_eq!(
                told(&state),
                Some(Phase::Told(Some(answer))),
                "{}: {question:?}",
                lesson.id
            );
            let rows = quiz::check(state.whole_run(), &question, Some(answer));
            assert!(rows.iter().all(|row| row.is_right), "{}: {rows:?}", lesson.id);
            assert_eq!(state.playhead.step, Some(question.step));
            state = make(state, Move::Next);
        }
        assert_eq!(asked(&state), None, "{}", lesson.id);
        assert!(state.quiz.is_some(), "it says that it is over");
        assert_eq!(state.run.ladder, whole.run.ladder, "and hides nothing any more");
        let again = make(state, Move::Restart);
        assert_eq!(asked(&again), questions(&whole.run).first().copied());
    }
}

#[test]
fn while_a_question_is_open_the_state_has_no_later_event() {
    let links: Vec<_> = LESSONS.iter().map(|it| format!("scenario={}", it.id)).collect();
    let more = ["loss=30&seed=7", "do=dup:C3:80ms,delay:S1:90ms", "rtt=0", "scenario=normal&mss=3"];
    for link in links.iter().map(String::as_str).chain(more) {
        let whole = open(link);
        let trace = whole.run.timeline.trace();
        let mut state = started(link);
        while let Some(question) = asked(&state) {
            let (_, at) = question.known(&whole.run);
            let known = state.run.timeline.trace();
            assert_eq!(known.steps.len(), question.step, "{link}");
            assert_eq!((state.playhead.at, state.run.end()), (at, at), "{link}");
            assert_eq!(state.playhead.step, question.step.checked_sub(1), "{link}");
            let effects = trace.effects(&trace.steps[question.step]);
            let answers: Vec<SegmentId> = effects
                .filter_map(|effect| match effect {
                    Effect::Sent(index) => Some(trace.segments[index].id),
                    _ => None,
                })
                .collect();
            let ladder = &state.run.ladder;
            for arrow in &ladder.arrows {
                assert!(!answers.contains(&arrow.id), "{link}: {} is drawn", arrow.id);
                assert!(arrow.sent_at <= at, "{link}: {} is drawn", arrow.id);
                let record = &known.segments[arrow.segment];
                let is_met =
                    known.steps.iter().any(|step| step.cause == Cause::Loss(arrow.segment));
                assert_eq!(arrow.lost.is_some(), is_met, "{link}: {}", arrow.id);
                assert!(record.copy_arrives_at.is_none_or(|copy_at| copy_at <= at), "{link}");
            }
            for interval in &ladder.intervals {
                assert!(interval.step.is_none_or(|step| step < question.step), "{link}");
                assert!(interval.to <= at, "{link}");
            }
            assert!(ladder.marks.iter().all(|mark| mark.step < question.step), "{link}");
            assert!(ladder.timers.iter().all(|span| span.to <= at), "{link}");
            assert!(ladder.axis.folds.iter().all(|fold| fold.to <= at), "{link}");
            for side in Side::BOTH {
                let before = whole.run.host(question.step.checked_sub(1), side);
                assert_eq!(state.host(side), before, "{link}");
            }
            // Segments already known are drawn at their final place.
            for mark in &ladder.marks {
                assert_eq!(mark.y, whole.run.ladder.marks[mark.step].y, "{link}");
            }
            state = make(make(state, Move::Show), Move::Next);
        }
    }
}

#[test]
fn the_known_part_of_a_run_can_be_explained() {
    let english = Catalog::english();
    for lesson in LESSONS {
        let whole = open(&format!("scenario={}", lesson.id)).run;
        let trace = whole.timeline.trace();
        for steps in 0..=trace.steps.len() {
            let at = trace.steps.get(steps).map_or(whole.end(), |step| step.at);
            let known = whole.known(steps, at, at);
            for step in 0..steps {
                let told = explain::explain(known.timeline.trace(), step, english).expect("a step");
                let fact = explain::explain(trace, step, english).expect("a step");
                assert_eq!(told.sentence, fact.sentence, "{}", lesson.id);
            }
        }
    }
}

#[test]
fn a_wrong_answer_is_shown_field_by_field_with_the_rule() {
    let state = act(open("t=25"), [play_quiz(Move::Start)]);
    let question = asked(&state).expect("the SYN is answered");
    assert_eq!((question.side, question.kind), (Side::Server, QuestionKind::Segment));
    let entry = segment(Flags::SYN | Flags::ACK, "300", "100");
    let state = make(state, Move::Answer(entry));
    let rows = quiz::check(state.whole_run(), &question, said(&state));
    let right: Vec<_> = rows.iter().map(|row| (row.field, row.is_right)).collect();
    assert_eq!(right, [(Field::Flags, true), (Field::Seq, true), (Field::Ack, false)]);
    assert_eq!((rows[2].answer.as_deref(), rows[2].fact.as_str()), (Some("100"), "101"));
    let rule = quiz::rule(state.whole_run(), &question).expect("a rule fired");
    assert!(explain::cite(rule).starts_with("RFC 9293 §3.10.7.2"), "{}", explain::cite(rule));
    // The event has happened.
    let s1 = state.run.arrow(SegmentId::of(Side::Server, 1)).expect("it is drawn");
    assert_eq!(s1.fate(state.playhead.moment()), Fate::Flying);
    assert_eq!(state.host(Side::Server).state, State::SynReceived);
    // Another state than the one that was entered: the third question is about the server.
    let asked_state =
        (0..2).fold(started(""), |state, _| make(make(state, Move::Show), Move::Next));
    let entry = Entry { state: Some(State::SynSent), ..Entry::default() };
    let state = make(asked_state, Move::Answer(entry));
    let question = asked(&state).unwrap();
    let rows = quiz::check(state.whole_run(), &question, said(&state));
    assert_eq!(rows[0].answer.as_deref(), Some("SYN-SENT"));
    assert_eq!((rows[0].fact.as_str(), rows[0].is_right), ("ESTABLISHED", false));
}

#[test]
fn numbers_may_be_relative_and_an_ack_counts_only_with_its_flag() {
    let run = open("isn=4000000000").run;
    let all = questions(&run);
    let check = |index: usize, entry: &Entry| -> Vec<bool> {
        let answer = entry.read(QuestionKind::Segment).expect("it can be read");
        let rows = quiz::check(&run, &all[index], Some(answer));
        rows.iter().map(|row| row.is_right).collect()
    };
    let syn_ack = Flags::SYN | Flags::ACK;
    let lost = open("scenario=syn-lost").run;
    let repeated = questions(&lost).into_iter().find(|it| it.kind == QuestionKind::Segment);
    let read = |entry: Entry| entry.read(QuestionKind::Segment).expect("it can be read");
    let syn = |seq: &str, ack: &str, flags: Flags| -> Vec<bool> {
        let answer = read(segment(flags, seq, ack));
        let rows = quiz::check(&lost, &repeated.expect("the SYN is sent again"), Some(answer));
        rows.iter().map(|row| row.is_right).collect()
    };
    assert_eq!(syn("0", "", Flags::SYN), [true; 3]);
    assert_eq!(syn("1", "", Flags::SYN), [true, false, true]);
    assert_eq!(syn("0", "0", syn_ack), [false, true, false]);
    assert_eq!(check(0, &segment(syn_ack, "0", "1")), [true; 3]);
    assert_eq!(check(0, &segment(syn_ack, "0", "0")), [true, true, false]);
    assert_eq!(check(0, &segment(Flags::SYN, "0", "1")), [false, true, false], "no flag, no ACK");
    assert_eq!(
        check(3, &segment(Flags::ACK | Flags::PSH, "1", "1")),
        [true; 3],
        "PSH is not asked"
    );
}

#[test]
fn an_invalid_number_is_reported_at_its_field_and_is_no_answer() {
    let unread = |seq, ack, state| Unread { seq, ack, state, ..Unread::default() };
    let ack = Flags::ACK;
    let nine = "9".repeat(10_000);
    for bad in ["", " ", "-1", "+1", "1e3", "0x10", "4294967296", "seq", "１２", "1 2", &nine] {
        let read =
            |seq: &str, ack_text: &str| segment(ack, seq, ack_text).read(QuestionKind::Segment);
        assert_eq!(read(bad, "1"), Err(unread(true, false, false)), "{bad}");
        assert_eq!(read("1", bad), Err(unread(false, true, false)), "{bad}");
        assert_eq!(read(bad, bad), Err(unread(true, true, false)), "{bad}");
        assert!(
            segment(Flags::SYN, "1", bad).read(QuestionKind::Segment).is_ok(),
            "{bad} counts not"
        );
    }
    let most = Answer::Segment { flags: ack, seq: u32::MAX, ack: Some(7) };
    assert_eq!(segment(ack, " 4294967295 ", "007").read(QuestionKind::Segment), Ok(most));
    assert_eq!(Entry::default().read(QuestionKind::State), Err(unread(false, false, true)));

    let before = started("");
    let state = make(before.clone(), Move::Answer(Entry::default()));
    let quiz = state.quiz.as_ref().unwrap();
    assert_eq!(quiz.phase, Phase::Asked(unread(true, false, false)));
    assert_eq!(state.playhead, before.playhead, "nothing has happened");
    assert_eq!(quiz.score.asked, 0, "and it is no answer");
}

#[test]
fn continuing_shows_the_answer_and_then_asks_the_next_question() {
    let whole = open("").run;
    let all = questions(&whole);
    for going_on in
        [Action::Play(Play::Step(1)), Action::Play(Play::Start), Action::Play(Play::Toggle)]
    {
        let state = act(started("t=25"), [going_on.clone()]);
        assert_eq!(
            (asked(&state), told(&state)),
            (Some(all[0]), Some(Phase::Told(None))),
            "{going_on:?}"
        );
        assert!(!state.is_playing());
        let state = act(state, [going_on.clone()]);
        assert_eq!((asked(&state), told(&state)), (Some(all[1]), None), "{going_on:?}");
    }
    // No other action goes beyond the moment of the event.
    let at = Instant::from_millis(50);
    let end = Action::Play(Play::Seek(Instant::from_millis(10_000)));
    for seek in [
        end,
        Action::Play(Play::End),
        Action::Play(Play::SeekY(u64::MAX)),
        Action::Play(Play::Nudge(i64::MAX)),
        Action::Play(Play::Chapter(1)),
    ] {
        let state = act(started("t=25"), [seek.clone()]);
        assert_eq!((state.playhead.at, asked(&state)), (at, Some(all[0])), "{seek:?}");
        assert_eq!(state.playhead.step, Some(all[0].step - 1), "{seek:?}");
    }
    let state = act(started("t=25"), [Action::Play(Play::SeekStep(all[0].step))]);
    assert_eq!(state.host(Side::Server).state, State::Listen);
    // The past can be shown, and played again up to the question.
    let state = act(started("t=120"), [Action::Play(Play::Home), Action::Play(Play::Start)]);
    assert!(state.is_playing() && asked(&state) == Some(all[2]));
    let second = tcp_handshake::time::Duration::from_millis(10_000);
    let state = act(state, [Action::Play(Play::Tick(second))]);
    assert_eq!((state.is_playing(), state.playhead.at), (false, Instant::from_millis(150)));
    assert_eq!((asked(&state), told(&state)), (Some(all[2]), None));
}

#[test]
fn leaving_the_quiz_shows_the_whole_run_again() {
    let before = open("t=25");
    let left = make(make(before.clone(), Move::Start), Move::Leave);
    assert!(left.quiz.is_none());
    assert!(Rc::ptr_eq(&left.run, &before.run));
    assert_eq!(left.show_future, before.show_future);
    assert_eq!(left.link, before.link);
    // Without a quiz, only the move that starts one has an effect.
    for nothing in [Move::Leave, Move::Show, Move::Next, Move::Answer(Entry::default())] {
        let state = make(before.clone(), nothing);
        assert!(state.quiz.is_none() && state.playhead == before.playhead);
    }
}

#[test]
fn another_run_ends_the_quiz_and_another_scale_does_not() {
    let c1 = SegmentId::of(Side::Client, 1);
    let edited = act(started("t=25"), [Action::Edit(Change::Add(Edit::Drop(c1)))]);
    assert!(edited.quiz.is_none());
    assert_eq!(edited.run.ladder, open("do=drop:C1").run.ladder);
    let loaded = act(started("t=25"), [Action::Open(Open::Scenario("refused"))]);
    assert!(loaded.quiz.is_none());
    assert_eq!(loaded.run.ladder, open("scenario=refused").run.ladder);
    let shown = act(started("t=25"), [Action::Open(Open::Demo(learn::MISTAKES[0]))]);
    assert!(shown.quiz.is_none());
    assert_eq!(shown.run.ladder, open("scenario=reordered").run.ladder);
    let plain = act(open(""), [Action::Look(Look::TrueScale(true))]);
    for before in [started("t=25"), make(started("t=25"), Move::Show)] {
        let scaled = act(before.clone(), [Action::Look(Look::TrueScale(true))]);
        assert_eq!((asked(&scaled), told(&scaled)), (asked(&before), told(&before)));
        assert_eq!(scaled.playhead.at, before.playhead.at);
        assert_eq!(make(scaled, Move::Leave).run.ladder, plain.run.ladder);
    }
    // The quiz asks about the edited run, even while the run before the edit is shown.
    let compared =
        act(open("t=20"), [Action::Edit(Change::Add(Edit::Drop(c1))), Action::Look(Look::Compare)]);
    let state = make(compared, Move::Start);
    assert!(!state.is_comparing());
    assert!(state.whole_run().arrow(c1).unwrap().lost.is_some());
}

#[test]
fn about_a_script_the_quiz_asks_for_our_side_only() {
    let text = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n\
                +0 bind(3, ..., ...) = 0\n\
                +0 listen(3, 1) = 0\n\
                +0 < S 0:0(0) win 32792 <mss 1000>\n\
                +0 > S. 0:0(0) ack 1 <...>\n\
                +.1 < . 1:1(0) ack 1 win 257\n\
                +0 accept(3, ..., ...) = 4\n";
    let opening = |text: &'static str| {
        let stack = Stack::default();
        let result = read_opened_text(&text.into(), stack);
        let asks = Action::Open(Open::Script(text.into(), stack));
        [asks, Action::Open(Open::Read(text.into(), stack, result))]
    };
    // A script opened during a quiz replaces the run that the question is about.
    let state = act(started("t=25"), opening(text));
    assert!(state.is_script() && state.quiz.is_none(), "{:?}", state.draft.complaint);
    let all = questions(&state.run);
    assert!(all.iter().all(|question| question.side == Side::Server), "{all:?}");
    let kinds: Vec<_> = all.iter().map(|question| facts(&state.run, question).join(" ")).collect();
    assert!(kinds.iter().any(|fact| fact.starts_with("SYN,ACK")), "{kinds:?}");
    let mut state = make(state, Move::Start);
    for question in all {
        assert_eq!(asked(&state), Some(question));
        assert!(state.is_script());
        state = make(make(state, Move::Show), Move::Next);
    }
    let state = act(state, [Action::Open(Open::Leave)]);
    assert!(state.quiz.is_none() && !state.is_script());
}

#[test]
fn keys_continue_the_quiz() {
    let press = |key, focus| KeyPress {
        key,
        shift: false,
        command: false,
        alt: false,
        repeat: false,
        focus,
    };
    let state = started("");
    assert_eq!(action_for(&press(".", Focus::Page), &state), Some(Action::Play(Play::Step(1))));
    assert_eq!(action_for(&press("1", Focus::Field), &state), None);
}

/// The losses of a quiz that asks about one.
fn loss(state: &AppState) -> Option<Loss> {
    state.quiz.as_ref()?.loss.clone().filter(|loss| loss.question().is_some())
}

/// Every question about a loss, in order.
fn losses(link: &str) -> Vec<Loss> {
    let mut state = make(open(link), Move::FindLoss);
    let mut all = vec![];
    while let Some(loss) = loss(&state) {
        all.push(loss);
        state = make(state, Move::Next);
    }
    assert!(state.quiz.is_some(), "it says that it is over");
    all
}

/// The segments that a host sees, described by their own fields.
fn capture(link: &str, side: Side) -> Vec<Line> {
    let run = open(link).run;
    let mut lines = vec![];
    let trace = run.timeline.trace();
    let mut see = |at, index: usize, is_sent| {
        let segment = &trace.segments[index].segment;
        lines.push(Line {
            at,
            is_sent,
            flags: segment.flags.without(Flags::PSH),
            seq: segment.seq.0,
            ack: segment.acknowledgment().map(|ack| ack.0),
            octets: segment.text.len(),
        });
    };
    // An arrival comes before the replies to it.
    for step in trace.steps.iter().filter(|step| step.side == side) {
        if let Cause::Arrival(index, _) = step.cause {
            see(step.at, index, false);
        }
        for effect in trace.effects(step) {
            if let Effect::Sent(index) = effect {
                see(step.at, index, true);
            }
        }
    }
    lines
}

const MORE_LOSSES: [&str; 5] = [
    "loss=30&seed=7",
    "do=dup:C3:80ms,delay:S1:90ms,corrupt:C4",
    "rtt=0",
    "scenario=normal&mss=16&do=send:C:60000@300ms",
    "scenario=syn-lost&do=deliver:C1",
];

fn runs_with_losses() -> impl Iterator<Item = String> {
    let lessons = LESSONS.iter().map(|it| format!("scenario={}", it.id));
    lessons.chain(MORE_LOSSES.map(str::to_owned))
}

#[test]
fn each_loss_in_question_has_a_right_answer_and_can_be_found() {
    let mut asked = 0;
    for link in runs_with_losses() {
        let all = losses(&link);
        let questions: Vec<_> = all.iter().filter_map(Loss::question).collect();
        assert_eq!(questions, losses(&link).iter().filter_map(Loss::question).collect::<Vec<_>>());
        for (loss, (id, side)) in all.iter().zip(&questions) {
            asked += 1;
            let fitting = loss.fitting();
            assert!(fitting.contains(id), "{link}: {id} from {side:?}");
            let twice = questions.iter().filter(|it| fitting.contains(&it.0) && it.1 == *side);
            assert_eq!(twice.count(), 1, "{link}: losses that look the same are asked about once");
            let arrow = open(&link).run.arrow(*id).cloned().expect("of the run");
            assert!(!arrow.is_old && arrow.lost.is_none(), "{link}: {id}");
            assert!(loss.choices().count() <= MOST_CASES);
            let listing = loss.listing().expect("it is seen");
            assert!(listing.lines.len() <= MOST_LINES);
            for choice in loss.choices() {
                let Some(both) = loss.difference(choice) else { continue };
                assert_ne!(both[0], both[1], "{link}: {choice} for {id}");
                // A list that is cut off still shows the difference.
                let last = listing.lines.last().map(|line| line.at);
                let is_told = both[1].is_none_or(|line| Some(line.at) <= last);
                assert!(is_told || !listing.goes_on, "{link}: {choice} for {id}");
            }
        }
    }
    assert!(asked > 200, "{asked}");
}

#[test]
fn the_list_is_what_the_host_sees_after_the_loss() {
    for lesson in LESSONS {
        let link = format!("scenario={}", lesson.id);
        let whole = Side::BOTH.map(|side| capture(&link, side));
        for loss in losses(&link) {
            let (id, side) = loss.question().unwrap();
            let listing = loss.listing().unwrap();
            let fact = capture(&format!("{link}&do=drop:{id}"), side);
            if listing.goes_on {
                assert!(fact.len() >= listing.before + listing.lines.len());
            } else {
                assert_eq!(fact.len(), listing.before + listing.lines.len(), "{link}: {id}");
            }
            assert_eq!(fact[listing.before..][..listing.lines.len()], *listing.lines, "{link}");
            let before = &whole[side.index()];
            assert_eq!(fact[..listing.before], before[..listing.before], "{link}: {id}");
            assert_ne!(fact, *before);
            for choice in loss.choices() {
                let is_same = capture(&format!("{link}&do=drop:{choice}"), side) == fact;
                assert_eq!(loss.difference(choice).is_none(), is_same, "{link}: {choice} for {id}");
            }
        }
    }
}

#[test]
fn a_lost_syn_and_a_lost_answer_to_it_look_the_same_to_the_client_alone() {
    let fitting = |side: Side, id: &str| {
        let all = losses("");
        let asked = all.iter().find(|loss| loss.question() == Some((id.parse().unwrap(), side)));
        asked.map(|loss| loss.fitting().iter().map(SegmentId::to_string).collect::<Vec<_>>())
    };
    assert_eq!(fitting(Side::Client, "C1").unwrap(), ["C1", "S1"]);
    assert_eq!(fitting(Side::Client, "S1"), None, "it would be the same question");
    assert_eq!(fitting(Side::Server, "C1").unwrap(), ["C1"]);
    assert_eq!(fitting(Side::Server, "S1").unwrap(), ["S1"]);
    assert_eq!(losses("").first().and_then(Loss::question), losses("t=700")[0].question());
    assert_ne!(losses("")[0].question().unwrap().0, SegmentId::of(Side::Client, 1));
    assert!(losses("scenario=syn-timeout").is_empty(), "nothing arrives");
}

#[test]
fn a_guess_is_checked_and_a_wrong_one_shows_the_first_line_that_differs() {
    let mut state = make(started("t=25"), Move::FindLoss);
    assert_eq!((asked(&state), state.selected, state.is_playing()), (None, None, false));
    assert_eq!(state.run.ladder, open("").run.ladder, "nothing is hidden");
    assert_eq!(state.playhead.at, Instant::from_millis(50), "where the question before stood");
    while loss(&state).unwrap().question().unwrap()
        != (SegmentId::of(Side::Client, 1), Side::Client)
    {
        state = make(state, Move::Next);
    }
    let [c1, s1, c2, o1] = ["C1", "S1", "C2", "O1"].map(|id| id.parse::<SegmentId>().unwrap());
    for nothing in [None, Some(o1), Some(SegmentId::of(Side::Client, 99))] {
        let state = make(state.clone(), Move::Guess(nothing));
        let unread = Unread { loss: true, ..Unread::default() };
        assert_eq!(state.quiz.as_ref().unwrap().phase, Phase::Asked(unread));
    }
    let is_right = |id| {
        let state = make(state.clone(), Move::Guess(Some(id)));
        assert_eq!(said(&state), Some(Answer::Loss(id)));
        state.quiz.as_ref().unwrap().is_right(Answer::Loss(id))
    };
    assert_eq!([c1, s1, c2].map(is_right), [true, true, false]);
    let [guessed, fact] = loss(&state).unwrap().difference(c2).unwrap().map(Option::unwrap);
    assert_eq!((guessed.at, guessed.is_sent), (Instant::from_millis(100), false), "SYN,ACK came");
    assert_eq!(
        (fact.at, fact.is_sent, fact.flags),
        (Instant::from_millis(1_000), true, Flags::SYN)
    );
    // An entry for one kind of question does not answer the other kind.
    let same = make(state.clone(), Move::Answer(Entry::default()));
    assert_eq!(same.quiz.as_ref().unwrap().phase, Phase::Asked(Unread::default()));
    let other = make(started(""), Move::Guess(Some(c1)));
    assert_eq!((told(&other), asked(&other)), (None, asked(&started(""))));
    assert!(asked(&make(state, Move::Start)).is_some(), "the other kind again");
}

#[test]
fn a_loss_is_shown_in_the_quiz_and_can_be_kept() {
    let before = open("t=700&do=delay:S2:10ms");
    let asked = make(before.clone(), Move::FindLoss);
    let (id, _) = loss(&asked).unwrap().question().unwrap();
    assert_eq!(told(&make(asked.clone(), Move::See)), None, "not before the answer");
    let told_state = make(asked, Move::Show);
    let state = make(told_state.clone(), Move::See);
    assert!(state.is_playing() && loss(&state).is_some(), "the quiz goes on");
    assert_eq!(state.link.edits, before.link.edits, "the run of the link is as it was");
    let arrow = state.run.arrow(id).unwrap();
    assert!(arrow.lost.is_some());
    assert_eq!(arrow.fate(state.playhead.moment()), Fate::Flying);
    // Back to the answer, and on to the next question.
    let back = make(state.clone(), Move::Back);
    assert_eq!(
        (told(&back), back.run.ladder.clone()),
        (told(&told_state), before.run.ladder.clone())
    );
    let next = make(state.clone(), Move::Next);
    assert_ne!(loss(&next).unwrap().question(), loss(&state).unwrap().question());
    assert_eq!(next.run.ladder, before.run.ladder);
    assert_eq!(make(state.clone(), Move::Leave).run.ladder, before.run.ladder);
    // Kept, the loss is an edit; and an edit of the run that is shown keeps it.
    let kept = make(state.clone(), Move::Keep);
    assert!(kept.quiz.is_none() && kept.is_playing());
    assert_eq!(kept.link.edits.last(), Some(&Edit::Drop(id)));
    let undone = act(kept, [Action::Edit(Change::Undo)]);
    assert_eq!(undone.link.edits, before.link.edits);
    assert_eq!(undone.run.ladder, before.run.ladder);
    let more = Edit::Drop(SegmentId::of(Side::Client, 2));
    let edited = act(state, [Action::Edit(Change::Add(more))]);
    assert!(edited.quiz.is_none());
    assert_eq!(edited.link.edits[before.link.edits.len()..], [Edit::Drop(id), more]);
    // A change of the run ends the quiz; another scale does not.
    let asked = make(before, Move::FindLoss);
    let scaled = act(asked.clone(), [Action::Look(Look::TrueScale(true))]);
    assert_eq!(loss(&scaled).unwrap().question(), loss(&asked).unwrap().question());
    assert!(act(asked.clone(), [Action::Edit(Change::Add(Edit::Drop(id)))]).quiz.is_none());
    let played = act(
        asked,
        [Action::Play(Play::Start), Action::Play(Play::Home), Action::Look(Look::Select(Some(id)))],
    );
    assert!(loss(&played).is_some() && played.selected == Some(id), "the run can be looked at");
}

#[test]
fn no_loss_is_asked_about_if_no_edit_can_be_added() {
    let full = format!("do={}", vec!["delay:C1:1ms"; link::MAX_EDITS].join(","));
    assert_eq!(open(&full).link.edits.len(), link::MAX_EDITS);
    for state in [open(&full), make(open(&full), Move::Start)] {
        assert!(!quiz::loss::is_possible(state.whole_run()));
        assert!(make(state, Move::FindLoss).quiz.is_none());
    }
    assert!(quiz::loss::is_possible(&open("do=delay:C1:1ms").run));
}

#[test]
fn the_first_question_can_be_known_and_the_number_of_a_first_syn_is_never_asked() {
    for lesson in LESSONS {
        let whole = open(&format!("scenario={}", lesson.id)).run;
        let trace = whole.timeline.trace();
        for question in questions(&whole) {
            let step = &trace.steps[question.step];
            let syn = trace.effects(step).find_map(|effect| match effect {
                Effect::Sent(index) if trace.segments[index].segment.syn() => Some(index),
                _ => None,
            });
            let is_new = syn.is_some() && matches!(step.cause, Cause::Call(_));
            assert!(!is_new, "{}: {question:?}", lesson.id);
            if let Some(index) = syn {
                let seq = trace.segments[index].segment.seq.0;
                assert_eq!(quiz::given(&whole, &question), seq, "{}: the ISN is given", lesson.id);
            }
        }
    }
    let state = started("");
    let question = asked(&state).expect("a question");
    assert_eq!((question.side, question.kind), (Side::Server, QuestionKind::Segment));
    assert_eq!(state.playhead.at, Instant::from_millis(50), "the answer to the SYN");
}

#[test]
fn after_a_loss_the_quiz_asks_who_acts_first_and_when() {
    let state = started("scenario=syn-lost");
    let question = asked(&state).expect("a question");
    let QuestionKind::Acts(lost) = question.kind else { panic!("{question:?}") };
    let record = &state.run.timeline.trace().segments[lost];
    assert_eq!(record.id, SegmentId::of(Side::Client, 1));
    assert!(record.lost.is_some(), "the loss is shown");
    assert!(state.run.ladder.timers.iter().all(|span| span.expired), "no running timer tells it");
    assert!(state.playhead.at < Instant::from_millis(100), "and neither does the clock");
    let entry = |who, when: &str| Entry { who, when: when.to_owned(), ..Entry::default() };
    let is_right = |entry: Entry| {
        let answer = entry.read(question.kind).expect("it can be read");
        let rows = quiz::check(state.whole_run(), &question, Some(answer));
        rows.iter().map(|row| row.is_right).collect::<Vec<_>>()
    };
    assert_eq!(is_right(entry(Some(Side::Client), "1")), [true, true]);
    assert_eq!(is_right(entry(Some(Side::Client), "1000 ms")), [true, true]);
    assert_eq!(is_right(entry(Some(Side::Server), "3 s")), [false, false]);
    let unread = Unread { who: true, when: true, ..Unread::default() };
    let state = make(state, Move::Answer(Entry::default()));
    assert_eq!(state.quiz.as_ref().unwrap().phase, Phase::Asked(unread));
    let state = make(state, Move::Answer(entry(Some(Side::Client), "1.0")));
    assert_eq!(state.quiz.as_ref().unwrap().score.streak, 1);
    assert_eq!(state.playhead.at, Instant::from_millis(1_000), "the repeated SYN leaves");
    // The next question is about this segment.
    let next = asked(&make(state, Move::Next)).unwrap();
    assert_eq!((next.step, next.kind), (question.step, QuestionKind::Segment));
}

#[test]
fn answers_are_counted_with_their_longest_series() {
    let whole = open("").run;
    let mut state = started("");
    let count = questions(&whole).len();
    for (index, question) in questions(&whole).iter().enumerate() {
        assert_eq!(state.quiz.as_ref().unwrap().number(), Some((index + 1, count)));
        let is_shown = index == 4;
        let quiz_move =
            if is_shown { Move::Show } else { Move::Answer(right_answer(&whole, question)) };
        state = make(make(state, quiz_move), Move::Next);
    }
    let score = state.quiz.as_ref().unwrap().score;
    assert_eq!(usize::try_from(score.asked), Ok(count));
    assert_eq!(usize::try_from(score.right), Ok(count - 1));
    assert_eq!(usize::try_from(score.best), Ok(count - 5));
    // The other kind of question goes on counting, a new start does not.
    assert_eq!(make(state.clone(), Move::FindLoss).quiz.unwrap().score, score);
    assert_eq!(make(state, Move::Restart).quiz.unwrap().score, quiz::Score::default());
}

#[test]
fn a_wrong_segment_is_drawn_beside_the_true_one() {
    let wrong = segment(Flags::ACK, "300", "100");
    let state = make(started(""), Move::Answer(wrong));
    let guess = state.quiz.as_ref().unwrap().guess.clone().expect("it is drawn");
    assert_eq!(guess.beside, SegmentId::of(Side::Server, 1));
    assert_eq!(guess.label, "ACK seq 300 ack 100");
    // The flight is in the picture, and nothing that happens during it.
    let arrow = state.run.arrow(guess.beside).unwrap();
    assert_eq!(state.run.ladder.axis.end(), arrow.y_to);
    assert!(arrow.y_to > state.playhead.y);
    assert_eq!(state.run.timeline.trace().steps.len(), asked(&state).unwrap().step + 1);
    assert_eq!(make(state, Move::Next).quiz.unwrap().guess, None);
    let right = right_answer(&open("").run, &questions(&open("").run)[0]);
    assert_eq!(make(started(""), Move::Answer(right)).quiz.unwrap().guess, None);
}

#[test]
fn a_round_asks_about_ten_lessons_and_returns_to_the_run() {
    let before = open("scenario=refused&t=60");
    for seed in [0, 1, 7, u64::MAX] {
        let mut state = make(before.clone(), Move::Mix(seed));
        let mut kinds = [0; 3];
        for turn in 0..ROUND {
            let quiz = state.quiz.clone().unwrap();
            assert_eq!(quiz.number(), Some((turn + 1, ROUND)), "{seed}");
            assert!(Rc::ptr_eq(state.whole_run(), &before.run), "its edits are those of the link");
            assert_eq!(state.link_now().to_string(), before.link_now().to_string());
            kinds[match (quiz.question.map(|it| it.kind), &quiz.loss) {
                (Some(QuestionKind::Acts(_)), _) => 0,
                (Some(_), _) => 1,
                (None, Some(_)) => 2,
                (None, None) => panic!("no question {turn} in round {seed}"),
            }] += 1;
            if let Some(question) = quiz.question {
                let entry = right_answer(&quiz.whole, &question);
                state = make(state, Move::Answer(entry));
                assert_eq!(state.quiz.as_ref().unwrap().score.last, Some(true), "{question:?}");
            } else {
                state = make(state, Move::Show);
                state = make(make(state, Move::See), Move::Back);
                assert!(matches!(state.quiz.as_ref().unwrap().phase, Phase::Told(None)));
            }
            state = make(state, Move::Next);
        }
        assert_eq!(kinds, [2, 6, 2]);
        let quiz = state.quiz.clone().unwrap();
        let round = quiz.round.as_ref().unwrap();
        assert_eq!((quiz.number(), quiz.score.right, round.missed.len()), (None, 8, 2));
        let lessons: std::collections::BTreeSet<_> = round.lessons.iter().collect();
        assert_eq!(lessons.len(), ROUND, "no lesson is asked about twice");
        for left in
            [make(state.clone(), Move::Leave), act(state, [Action::Look(Look::Quiz(false))])]
        {
            assert!(left.quiz.is_none() && Rc::ptr_eq(&left.run, &before.run));
            assert_eq!(left.playhead, before.playhead);
        }
    }
    let same = |seed| make(before.clone(), Move::Mix(seed)).quiz.unwrap().question;
    assert_eq!(same(3), same(3));
    // Another scale keeps the question and the run to return to.
    let scaled = act(make(before.clone(), Move::Mix(3)), [Action::Look(Look::TrueScale(true))]);
    assert_eq!(asked(&scaled), same(3));
    let plain = act(before, [Action::Look(Look::TrueScale(true))]);
    assert_eq!(make(scaled, Move::Leave).run.ladder, plain.run.ladder);
}

#[test]
fn the_quiz_opens_before_its_code_is_there() {
    let opened = act(open("t=25"), [Action::Look(Look::Quiz(true))]);
    assert_eq!((asked(&opened), &opened.quiz.as_ref().unwrap().phase), (None, &Phase::Opening));
    let played = act(opened.clone(), [Action::Play(Play::Start)]);
    assert!(played.is_playing(), "nothing is asked yet");
    let asked_state = make(opened, Move::Start);
    assert!(asked(&asked_state).is_some());
}
