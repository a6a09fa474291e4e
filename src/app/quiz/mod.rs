//! The quiz: the viewer predicts the next event, and the run itself checks the answer.

use std::rc::Rc;

use super::run::Run;
use crate::sim::{Effect, SegmentId, SegmentRecord, Side, Step};
use crate::tcp::{Event, Flags, Rule, State};

pub mod loss;

pub use loss::Loss;

/// The flags that are asked for.
pub const FLAGS: [Flags; 4] = [Flags::SYN, Flags::ACK, Flags::FIN, Flags::RST];
/// The most characters of a number.
pub const MAX_NUMBER: usize = 10;

/// A quiz about a run.
#[derive(Clone, Debug)]
pub struct Quiz {
    /// The complete run.
    pub whole: Rc<Run>,
    /// The current or last question; `None` after the last one, or while a loss is asked about.
    pub question: Option<Question>,
    /// The losses to find, while a loss is asked about.
    pub loss: Option<Loss>,
    /// The phase of the question.
    pub phase: Phase,
}

/// A question: how a host reacts to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The step of the event.
    pub step: usize,
    /// The host.
    pub side: Side,
    /// The kind of answer.
    pub kind: QuestionKind,
}

/// The kind of answer that a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    /// The flags, SEQ and ACK of the first segment that the host sends.
    Segment,
    /// The state that the host enters.
    State,
}

/// The phase of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It waits for an answer. These fields of the last entry could not be read.
    Asked(Unread),
    /// The event has been revealed, after an answer or without one.
    Told(Option<Answer>),
}

/// The fields of an entry that could not be read. They do not count as wrong answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// SEQ is not a sequence number.
    pub seq: bool,
    /// The ACK flag is set, and ACK is not a sequence number.
    pub ack: bool,
    /// No state was chosen.
    pub state: bool,
    /// No segment was chosen.
    pub loss: bool,
}

/// The viewer's entry, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The flags.
    pub flags: Flags,
    /// SEQ.
    pub seq: String,
    /// ACK; it is read only if the ACK flag is set.
    pub ack: String,
    /// The state.
    pub state: Option<State>,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A segment, without its data.
    Segment {
        /// Its flags, among [`FLAGS`].
        flags: Flags,
        /// SEQ.
        seq: u32,
        /// ACK, if the flag is set.
        ack: Option<u32>,
    },
    /// A state.
    State(State),
    /// The segment that was lost.
    Loss(SegmentId),
}

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

/// A viewer's move in the quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Ask about the next event after the playhead.
    Start,
    /// Ask about the first event of the run.
    Restart,
    /// Ask which loss explains the events that a host saw.
    FindLoss,
    /// Check this entry.
    Answer(Entry),
    /// Check whether this segment was lost.
    Guess(Option<SegmentId>),
    /// Show the answer.
    Show,
    /// Ask the next question.
    Next,
    /// Apply the loss in question to the run.
    See,
    /// Show the whole run again.
    Leave,
}

impl Quiz {
    /// Whether an answer is right in every field.
    #[must_use]
    pub fn is_right(&self, answer: Answer) -> bool {
        let is_fact = |question: Question| {
            check(&self.whole, &question, Some(answer)).iter().all(|row| row.is_right)
        };
        match (answer, &self.loss) {
            (Answer::Loss(id), Some(loss)) => loss.difference(id).is_none(),
            _ => self.question.is_some_and(is_fact),
        }
    }
}

impl Entry {
    /// Reads the entry as an answer.
    ///
    /// # Errors
    ///
    /// The fields that cannot be read.
    pub fn read(&self, kind: QuestionKind) -> Result<Answer, Unread> {
        let state = self.state.filter(|_| kind == QuestionKind::State);
        if kind == QuestionKind::State {
            let unread = Unread { state: true, ..Unread::default() };
            return state.map(Answer::State).ok_or(unread);
        }
        let has_ack = self.flags.contains(Flags::ACK);
        let ack = number(&self.ack).filter(|_| has_ack);
        let bad_ack = has_ack && ack.is_none();
        let seq = number(&self.seq);
        let unread = Unread { seq: seq.is_none(), ack: bad_ack, ..Unread::default() };
        let seq = seq.filter(|_| !bad_ack).ok_or(unread)?;
        Ok(Answer::Segment { flags: self.flags, seq, ack })
    }
}

/// A sequence number in digits, at most [`MAX_NUMBER`] of them.
fn number(text: &str) -> Option<u32> {
    let digits = text.trim();
    let is_plain = digits.len() <= MAX_NUMBER && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_plain)
}

/// The next question after a step, or from the start. If a host sends a segment, it asks for the
/// first one; if it only enters another state, for that state.
#[must_use]
pub fn question(run: &Run, after: Option<usize>) -> Option<Question> {
    let from = after.map_or(0, |step| step + 1);
    let steps = run.timeline.trace().steps.iter().enumerate().skip(from);
    let mut questions = steps.filter(|(_, happened)| run.scripted_side() != Some(happened.side));
    questions.find_map(|(step, happened)| {
        let kind = if sent(run, happened).is_some() {
            QuestionKind::Segment
        } else if happened.state() != run.host(step.checked_sub(1), happened.side).state {
            QuestionKind::State
        } else {
            return None;
        };
        Some(Question { step, side: happened.side, kind })
    })
}

/// The first segment that a step sent.
fn sent<'a>(run: &'a Run, step: &Step) -> Option<&'a SegmentRecord> {
    let trace = run.timeline.trace();
    trace.effects(step).find_map(|effect| match effect {
        Effect::Sent(index) => trace.segments.get(index),
        Effect::Event(..) | Effect::Failed(_) => None,
    })
}

/// An answer, or none, compared with the run field by field.
#[must_use]
pub fn check(run: &Run, question: &Question, answer: Option<Answer>) -> Vec<CheckedField> {
    let Some(step) = run.timeline.trace().steps.get(question.step) else { return vec![] };
    let row = |field, answer: Option<String>, fact: String, is_right| CheckedField {
        field,
        answer,
        fact,
        is_right,
    };
    let Some(record) = sent(run, step).filter(|_| question.kind == QuestionKind::Segment) else {
        let said = answer.and_then(|it| if let Answer::State(it) = it { Some(it) } else { None });
        let (name, fact) = (said.map(|it| it.name().to_owned()), step.state());
        return vec![row(Field::State, name, fact.name().to_owned(), said == Some(fact))];
    };
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
        row(
            Field::Flags,
            said.map(|said| flag_names(said.0)),
            flag_names(flags),
            said.is_some_and(|said| said.0 == flags),
        ),
        row(
            Field::Seq,
            said.map(|said| said.1.to_string()),
            seq.to_string(),
            said.is_some_and(|said| is_seq(said.1)),
        ),
        row(
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

/// The rule behind the correct answer.
#[must_use]
pub fn rule(run: &Run, question: &Question) -> Option<Rule> {
    let trace = run.timeline.trace();
    let step = trace.steps.get(question.step)?;
    match question.kind {
        QuestionKind::Segment => sent(run, step)?.rule,
        QuestionKind::State => trace.effects(step).find_map(|effect| match effect {
            Effect::Event(Event::Transition { .. }, rule) => Some(rule),
            _ => None,
        }),
    }
}
