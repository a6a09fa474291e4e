//! The quiz's card: the question, the form for the answer, and the comparison with the run.

use gloo::utils::document;
use tcp_handshake_html::{classes, html};
use web_sys::Element;
use yew::prelude::*;

use crate::app::quiz::{self, CheckedField, Field, Move, Phase, Question, QuestionKind, Unread};
use crate::app::{Run, play_quiz};
use crate::explain::{self, call_name, citation_url, cite, side_name, timer_name};
use crate::sim::{Call, Cause, SegmentId, SegmentRecord, Side};
use crate::tcp::Flags;
use crate::ui::browser::focus::focus_by_id;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::page::{Page, Shared};

mod card;
mod form;
mod loss;

pub use card::TOGGLE;
use card::{
    Card, FIND_LOSS, FORETELL, MIX, TITLE, leave, lesson, numbered, over, result, standing, title,
    ways_out,
};
use form::Form;

/// The properties of [`Quiz`].
#[derive(Properties, PartialEq)]
pub struct QuizProps {
    /// The quiz.
    pub quiz: Shared<quiz::Quiz>,
    /// The segment that is selected in the ladder.
    pub selected: Option<SegmentId>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The card. Its texts are fetched when it is first opened.
#[component]
pub fn Quiz(props: &QuizProps) -> Html {
    let QuizProps { quiz, selected, page } = props;
    let (lang, catalog, dispatch) = (&page.lang, &page.catalog, &page.dispatch);
    let sheet = use_words("quiz", lang, true);
    let node = use_node_ref();
    // Move the focus only if it is inside the card: it stays on the transport.
    let is_new = use_mut_ref(|| true);
    let is_here = matches!(sheet, Words::Ready(_));
    let unread = match quiz.phase {
        Phase::Asked(unread) => Some(unread),
        _ => None,
    };
    use_opening(quiz, page);
    let is_seen = matches!(quiz.phase, Phase::Seen(_));
    let turn = quiz.loss.as_ref().map(|loss| loss.turn);
    let asked = (quiz.question, turn, quiz.number(), is_seen);
    use_effect_with((is_here, asked, unread), {
        let node = node.clone();
        move |(is_here, _, unread)| {
            if *is_here && (is_new.replace(false) || is_in_card(&node)) {
                focus_by_id(target(*unread));
            }
        }
    });
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !event.is_composing() {
                event.prevent_default();
                event.stop_propagation();
                leave(&dispatch);
            }
        })
    };
    let content = match &sheet {
        Words::Ready(words) => {
            let card = Card { quiz, words, page, others: others(quiz) };
            html! { <>
                { standing(&card) }
                if let Some(loss) = &quiz.loss {
                    { loss::content(&card, loss, *selected) }
                } else {
                    { content(&card) }
                }
            </> }
        }
        Words::Loading => html! { <p aria-busy="true">{ "…" }</p> },
        Words::Failed => {
            html! { <p role="alert">{ catalog.text("ui.quiz.failed").to_owned() }</p> }
        }
    };
    html! {
        <div class="quiz" ref={node} role="group" {onkeydown}
            aria-label={catalog.text("ui.quiz.title").to_owned()}>
            { content }
        </div>
    }
}

/// The other kinds of questions that can be asked now.
fn others(quiz: &quiz::Quiz) -> &'static [&'static str] {
    if quiz.round.is_some() {
        return &[FORETELL, MIX];
    }
    match &quiz.loss {
        Some(_) => &[FORETELL, MIX],
        None if quiz::loss::is_possible(&quiz.whole) => &[FIND_LOSS, MIX],
        None => &[MIX],
    }
}

/// Asks the first question as soon as this code is there.
#[hook]
fn use_opening(quiz: &Shared<quiz::Quiz>, page: &Page) {
    let dispatch = page.dispatch.clone();
    use_effect_with(quiz.phase == Phase::Opening, move |is_opening| {
        if *is_opening {
            dispatch.emit(play_quiz(Move::Start));
        }
    });
}

/// The id of the element to focus: the field that could not be read, or else the card's title.
const fn target(unread: Option<Unread>) -> &'static str {
    match unread {
        Some(Unread { seq: true, .. }) => "quiz-seq",
        Some(Unread { ack: true, .. }) => "quiz-ack",
        Some(Unread { state: true, .. }) => "quiz-state",
        Some(Unread { loss: true, .. }) => loss::CHOICE,
        Some(Unread { who: true, .. }) => "quiz-who",
        Some(Unread { when: true, .. }) => "quiz-when",
        _ => TITLE,
    }
}

/// Whether the focus is in the card, or was on an element of it that has been removed.
fn is_in_card(node: &NodeRef) -> bool {
    let Some(active) = document().active_element() else { return true };
    let is_nowhere = active.matches("body, .page").unwrap_or(false);
    is_nowhere || node.cast::<Element>().is_some_and(|card| card.contains(Some(&active)))
}

fn content(card: &Card<'_>) -> Html {
    if card.quiz.phase == Phase::Opening {
        return html! { <p aria-busy="true">{ "…" }</p> };
    }
    let Some(question) = card.quiz.question else {
        if let Some(round) = &card.quiz.round {
            return round_over(card, round);
        }
        return over(card, "quiz.over", "quiz.over-more", Move::Restart);
    };
    match card.quiz.phase {
        Phase::Asked(unread) => {
            let host = side_name(question.side, &card.page.catalog);
            let key = match question.kind {
                QuestionKind::Segment => "quiz.ask-segment",
                QuestionKind::State => "quiz.ask-state",
                QuestionKind::Acts(_) => "quiz.ask-acts",
            };
            let isn = quiz::given(&card.quiz.whole, &question);
            let isn = card.words.format("quiz.given", &[("host", &host), ("isn", &isn)]);
            html! { <>
                <p class="quiz__cause">{ cause(card, &question) }</p>
                { title(card.words.format(key, &[("host", &host)])) }
                <Form key={form_key(card, &question)} kind={question.kind} {unread} {isn}
                    others={card.others}
                    words={card.words.clone()} page={card.page} />
            </> }
        }
        Phase::Opening | Phase::Seen(_) => Html::default(),
        Phase::Told(answer) => {
            let rows = quiz::check(&card.quiz.whole, &question, answer);
            let rule = quiz::rule(&card.quiz.whole, &question);
            html! { <>
                { title(verdict(card, &rows, answer.is_some())) }
                { comparison(card, &rows, answer.is_some()) }
                { card.quiz.round.as_ref().map(|round| loss::of_lesson(card, round)) }
                if let Some(rule) = rule {
                    <p class="quiz__rule">
                        { card.text("quiz.rule") }{ " " }
                        { explain::says(rule, &card.page.catalog) }{ " " }
                        <a href={citation_url(rule)} target="_blank" rel="noopener noreferrer">
                            { cite(rule) }
                        </a>
                    </p>
                }
                <div class="quiz__buttons">
                    { card.button("quiz.next", Move::Next) }
                    { card.ways_out() }
                </div>
            </> }
        }
    }
}

/// The Yew key of a question's form, so that no field keeps the answer to another question.
fn form_key(card: &Card<'_>, question: &Question) -> String {
    let acts = matches!(question.kind, QuestionKind::Acts(_));
    format!("{} {acts} {}", question.step, card.quiz.score.asked)
}

/// The card after the last question of a round.
fn round_over(card: &Card<'_>, round: &quiz::Round) -> Html {
    html! { <>
        { title(card.text("round.over")) }
        { result(card) }
        if !round.missed.is_empty() {
            <p class="quiz__lesson">{ card.text("round.missed") }{ " " }
                { for round.missed.iter().map(|id| lesson(card, id)) }
            </p>
        }
        <div class="quiz__buttons">
            { card.button("round.again", Move::Mix(card::seed())) }
            { ways_out(card.words, &card.page.dispatch, &[FORETELL]) }
        </div>
    </> }
}

/// A segment's name, flags and numbers.
fn segment_words(record: &SegmentRecord) -> String {
    let segment = &record.segment;
    let name = format!("{} {}", record.id, segment.flags.without(Flags::PSH));
    let ack = segment.acknowledgment().map(|ack| ack.0);
    numbered(name, segment.seq.0, ack, segment.text.len())
}

/// The sentence about the cause of the event that is asked about.
fn cause(card: &Card<'_>, question: &Question) -> String {
    let run: &Run = &card.quiz.whole;
    let trace = run.timeline.trace();
    let host = side_name(question.side, &card.page.catalog);
    let format = |key: &str, name: &str, value: String| {
        card.words.format(key, &[(name, &value), ("host", &host)])
    };
    if let QuestionKind::Acts(index) = question.kind {
        return format("quiz.lost", "segment", segment_words(&trace.segments[index]));
    }
    match trace.steps[question.step].cause {
        Cause::Arrival(index, is_copy) => {
            let key = if is_copy { "quiz.copy" } else { "quiz.arrives" };
            format(key, "segment", segment_words(&trace.segments[index]))
        }
        Cause::Call(Call::Crash) => card.words.format("quiz.crash", &[("host", &host)]),
        Cause::Call(call) => {
            let mut text = call_name(call, &card.page.catalog);
            if let Some(octets) = call.octets() {
                text.extend([" ", &octets.to_string(), " B"]);
            }
            format("quiz.call", "call", text)
        }
        Cause::Timer(timer) => format("quiz.timer", "timer", timer_name(timer, &card.page.catalog)),
        // Neither host notices a loss.
        Cause::Loss(_) => String::new(),
    }
}

/// The sentence about how much of the answer is right.
fn verdict(card: &Card<'_>, rows: &[CheckedField], is_answered: bool) -> String {
    if !is_answered {
        return card.text("quiz.shown");
    }
    let right = rows.iter().filter(|row| row.is_right).count();
    match right {
        0 => card.text("quiz.none-right"),
        right if right == rows.len() => card.text("quiz.all-right"),
        right => card.words.format("quiz.some-right", &[("right", &right), ("count", &rows.len())]),
    }
}

/// The table of the fields: the answer, the fact, and whether they agree.
fn comparison(card: &Card<'_>, rows: &[CheckedField], is_answered: bool) -> Html {
    let value = |field: Field, text: &str| {
        let side = Side::BOTH.into_iter().find(|side| field == Field::Who && side.name() == text);
        if let Some(side) = side {
            return html! { <span>{ side_name(side, &card.page.catalog) }</span> };
        }
        if text.is_empty() {
            return html! { <span>{ card.text("quiz.none") }</span> };
        }
        html! { <span lang="en" translate="no">{ text.to_owned() }</span> }
    };
    let row = |row: &CheckedField| {
        let name = match row.field {
            Field::Flags => "quiz.flags",
            Field::Seq => "quiz.seq",
            Field::Ack => "quiz.ack",
            Field::State => "quiz.state",
            Field::Who => "quiz.who",
            Field::When => "quiz.when",
        };
        let (class, mark, word) = if row.is_right {
            ("quiz__mark--right", "✓ ", "quiz.right")
        } else {
            ("quiz__mark--wrong", "✗ ", "quiz.wrong")
        };
        html! {
            <tr>
                <th scope="row">{ card.text(name) }</th>
                if let Some(answer) = &row.answer {
                    <td>{ value(row.field, answer) }</td>
                }
                <td>{ value(row.field, &row.fact) }</td>
                if is_answered {
                    <td class={classes!("quiz__mark", class)}>
                        <span aria-hidden="true">{ mark }</span>{ card.text(word) }
                    </td>
                }
            </tr>
        }
    };
    html! {
        <table class="quiz__result">
            <thead>
                <tr>
                    <th scope="col">{ card.text("quiz.field") }</th>
                    if is_answered {
                        <th scope="col">{ card.text("quiz.yours") }</th>
                    }
                    <th scope="col">{ card.text("quiz.fact") }</th>
                    if is_answered {
                        <td></td>
                    }
                </tr>
            </thead>
            <tbody>{ for rows.iter().map(row) }</tbody>
        </table>
    }
}
