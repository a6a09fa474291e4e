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
    /// What is asked, or was last; `None` where nothing is left to ask, or a loss is to be found.
    pub question: Option<Question>,
    /// The losses, where one is to be found.
    pub loss: Option<Loss>,
    /// How far the question is.
    pub phase: Phase,
}

/// A question: what a host does at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The step of the event.
    pub step: usize,
    /// The host.
    pub side: Side,
    /// What is asked for.
    pub kind: QuestionKind,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    /// The flags, SEQ and ACK of the first segment that the host sends.
    Segment,
    /// The state that it enters.
    State,
}

/// How far a question is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It waits for an answer; of the last try these fields could not be read.
    Asked(Unread),
    /// The event has happened: after an answer, or without one.
    Told(Option<Answer>),
}

/// The fields of an entry that could not be read. They are no wrong answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// SEQ is no sequence number.
    pub seq: bool,
    /// The ACK flag is set, and ACK is no sequence number.
    pub ack: bool,
    /// No state was chosen.
    pub state: bool,
    /// No segment was chosen.
    pub loss: bool,
}

/// What the viewer has entered, as it stands in the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The flags.
    pub flags: Flags,
    /// SEQ.
    pub seq: String,
    /// ACK; it counts only where the flag is set.
    pub ack: String,
    /// The state.
    pub state: Option<State>,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A segment, without its text.
    Segment {
        /// Its flags, of [`FLAGS`].
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

/// A property that is checked.
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

/// One field of an answer beside the fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedField {
    /// Which.
    pub field: Field,
    /// What was answered, in no language; empty for none. `None` where nothing was.
    pub answer: Option<String>,
    /// What is so.
    pub fact: String,
    /// Whether they agree.
    pub is_right: bool,
}

/// What a viewer can do in the quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Ask what happens next, from here.
    Start,
    /// The same from the run's start.
    Restart,
    /// Ask which loss is behind what a host saw.
    FindLoss,
    /// Check this.
    Answer(Entry),
    /// Check whether it was this segment that was lost.
    Guess(Option<SegmentId>),
    /// Show the answer.
    Show,
    /// Ask the next question.
    Next,
    /// Lose in the run what was lost in the question.
    See,
    /// Show the whole run again.
    Leave,
}

impl Quiz {
    /// Whether an answer to what is asked is right in every field.
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
    /// What was meant.
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

/// A sequence number as a viewer writes it: digits, and no more of them than it can have.
fn number(text: &str) -> Option<u32> {
    let digits = text.trim();
    let is_plain = digits.len() <= MAX_NUMBER && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_plain)
}

/// The next thing worth asking about after a step, or from the start: where a host sends
/// something, its first segment; where it only enters another state, that.
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

/// An answer to a question, or none, beside what the run has.
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

/// Those of the flags that are asked for.
fn asked(flags: Flags) -> Flags {
    let set = FLAGS.into_iter().filter(|flag| flags.contains(*flag));
    set.fold(Flags::NONE, |all, flag| all | flag)
}

/// The names of flags: `SYN·ACK`.
#[must_use]
pub fn flag_names(flags: Flags) -> String {
    flags.names().collect::<Vec<_>>().join("·")
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
