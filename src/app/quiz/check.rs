//! Answers compared with the run.

use super::entry::{Answer, FLAGS};
use super::question::{Question, QuestionKind, sent};
use crate::app::run::Run;
use crate::locale;
use crate::sim::{Effect, SegmentId, SegmentRecord};
use crate::tcp::{Event, Flags, Rule};
use crate::time::{Duration, Instant};

/// A field that is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The flags.
    Flags,
    /// SEQ.
    Seq,
    /// ACK.
    Ack,
    /// The state.
    State,
    /// The host that acts first.
    Who,
    /// When it acts.
    When,
}

/// A field of an answer and the fact to compare it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedField {
    /// Which field it is.
    pub field: Field,
    /// The answer in a notation common to all languages, empty for an empty field; `None` without
    /// an answer.
    pub answer: Option<String>,
    /// The fact, in the same notation.
    pub fact: String,
    /// Whether they agree.
    pub is_right: bool,
}

impl CheckedField {
    fn new(field: Field, answer: Option<String>, fact: String, is_right: bool) -> Self {
        Self { field, answer, fact, is_right }
    }
}

/// An answer, or none, compared with the run field by field.
#[must_use]
pub fn check(run: &Run, question: &Question, answer: Option<Answer>) -> Vec<CheckedField> {
    let trace = run.timeline.trace();
    let Some(step) = trace.steps.get(question.step) else { return vec![] };
    match (question.kind, sent(run, step)) {
        (QuestionKind::Acts(lost), _) => {
            let sent_at = trace.segments.get(lost).map_or(Instant::ZERO, |it| it.sent_at);
            acts(question, step.at, sent_at, answer)
        }
        (QuestionKind::Segment, Some(record)) => segment(run, question, record, answer),
        (QuestionKind::Segment | QuestionKind::State, _) => {
            let said =
                answer.and_then(|it| if let Answer::State(it) = it { Some(it) } else { None });
            let (name, fact) = (said.map(|it| it.name().to_owned()), step.state());
            vec![CheckedField::new(Field::State, name, fact.name().to_owned(), said == Some(fact))]
        }
    }
}

/// The host that acts first after a loss, and when: on the clock, or since the lost segment was
/// sent, to a hundredth.
fn acts(
    question: &Question,
    at: Instant,
    sent_at: Instant,
    answer: Option<Answer>,
) -> Vec<CheckedField> {
    let said = match answer {
        Some(Answer::Acts(who, when)) => Some((who, when)),
        _ => None,
    };
    let (clock, wait) = (at.since(Instant::ZERO), at.since(sent_at));
    let allowed = (wait.as_micros() / 100).max(1_000);
    let is_near =
        |fact: Duration, said: Duration| fact.as_micros().abs_diff(said.as_micros()) <= allowed;
    vec![
        CheckedField::new(
            Field::Who,
            said.map(|said| said.0.name().to_owned()),
            question.side.name().to_owned(),
            said.is_some_and(|said| said.0 == question.side),
        ),
        CheckedField::new(
            Field::When,
            said.map(|said| locale::span(said.1)),
            format!("{} (+{})", locale::span(clock), locale::span(wait)),
            said.is_some_and(|said| is_near(clock, said.1) || is_near(wait, said.1)),
        ),
    ]
}

fn segment(
    run: &Run,
    question: &Question,
    record: &SegmentRecord,
    answer: Option<Answer>,
) -> Vec<CheckedField> {
    let segment = &record.segment;
    let tcb = run.host(Some(question.step), question.side).tcb;
    let (flags, seq, ack) = (asked(segment.flags), segment.seq.0, segment.acknowledgment());
    let ack = ack.map(|ack| ack.0);
    let is_seq = |said: u32| said == seq || said == seq.wrapping_sub(tcb.iss.0);
    let is_ack = |said: Option<u32>| {
        said == ack || (said.is_some() && said == ack.map(|ack| ack.wrapping_sub(tcb.irs.0)))
    };
    let digits = |number: Option<u32>| number.map_or(String::new(), |number| number.to_string());
    let said = match answer {
        Some(Answer::Segment { flags, seq, ack }) => Some((asked(flags), seq, ack)),
        _ => None,
    };
    vec![
        CheckedField::new(
            Field::Flags,
            said.map(|said| flag_names(said.0)),
            flag_names(flags),
            said.is_some_and(|said| said.0 == flags),
        ),
        CheckedField::new(
            Field::Seq,
            said.map(|said| said.1.to_string()),
            seq.to_string(),
            said.is_some_and(|said| is_seq(said.1)),
        ),
        CheckedField::new(
            Field::Ack,
            said.map(|said| digits(said.2)),
            digits(ack),
            said.is_some_and(|said| is_ack(said.2)),
        ),
    ]
}

/// The flags among [`FLAGS`].
fn asked(flags: Flags) -> Flags {
    let set = FLAGS.into_iter().filter(|flag| flags.contains(*flag));
    set.fold(Flags::NONE, |all, flag| all | flag)
}

/// The names of flags: `SYN,ACK`; nothing for no flag.
#[must_use]
pub fn flag_names(flags: Flags) -> String {
    flags.names().collect::<Vec<_>>().join(",")
}

/// A viewer's own segment, to be drawn beside the true one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The true segment.
    pub beside: SegmentId,
    /// Its flags and numbers: `SYN,ACK seq 300 ack 100`.
    pub label: String,
}

/// The segment of a wrong answer.
#[must_use]
pub fn guess(run: &Run, question: &Question, answer: Answer) -> Option<Guess> {
    let Answer::Segment { flags, seq, ack } = answer else { return None };
    if check(run, question, Some(answer)).iter().all(|row| row.is_right) {
        return None;
    }
    let beside = sent(run, run.timeline.trace().steps.get(question.step)?)?.id;
    let ack = ack.map_or(String::new(), |ack| format!(" ack {ack}"));
    let label = format!("{} seq {seq}{ack}", flag_names(asked(flags)));
    Some(Guess { beside, label: label.trim_start().to_owned() })
}

/// The rule behind the correct answer.
#[must_use]
pub fn rule(run: &Run, question: &Question) -> Option<Rule> {
    let trace = run.timeline.trace();
    let step = trace.steps.get(question.step)?;
    match question.kind {
        QuestionKind::Segment | QuestionKind::Acts(_) => sent(run, step)?.rule,
        QuestionKind::State => trace.effects(step).find_map(|effect| match effect {
            Effect::Event(Event::Transition { .. }, rule) => Some(rule),
            _ => None,
        }),
    }
}
