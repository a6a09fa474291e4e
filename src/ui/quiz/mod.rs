//! The quiz's card: the question, the form for the answer, and the comparison with the run.

use gloo::utils::document;
use tcp_handshake_html::{classes, html};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::quiz::{
    self, CheckedField, Entry, FLAGS, Field, Move, Phase, Question, QuestionKind, Unread,
};
use crate::app::{Action, Run};
use crate::explain::{self, call_name, citation_url, cite, side_name, timer_name};
use crate::locale::Catalog;
use crate::sim::{Call, Cause, SegmentId};
use crate::tcp::{Flags, State};
use crate::ui::browser::focus::focus_by_id;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::page::{Page, Shared};

mod card;
mod loss;

pub use card::TOGGLE;
use card::{Card, FIND_LOSS, FORETELL, TITLE, bad, leave, numbered, over, title, ways_out};

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
        Phase::Told(_) => None,
    };
    let turn = quiz.loss.as_ref().map(|loss| loss.turn);
    use_effect_with((is_here, quiz.question, turn, unread), {
        let node = node.clone();
        move |(is_here, _, _, unread)| {
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
            let other = match &quiz.loss {
                Some(_) => Some(FORETELL),
                None => quiz::loss::is_possible(&quiz.whole).then_some(FIND_LOSS),
            };
            let card = Card { quiz, words, page, other };
            match &quiz.loss {
                Some(loss) => loss::content(&card, loss, *selected),
                None => content(&card),
            }
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

/// The id of the element to focus: the field that could not be read, or else the card's title.
const fn target(unread: Option<Unread>) -> &'static str {
    match unread {
        Some(Unread { seq: true, .. }) => "quiz-seq",
        Some(Unread { ack: true, .. }) => "quiz-ack",
        Some(Unread { state: true, .. }) => "quiz-state",
        Some(Unread { loss: true, .. }) => loss::CHOICE,
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
    let Some(question) = card.quiz.question else {
        return over(card, "quiz.over", "quiz.over-more", Move::Restart);
    };
    match card.quiz.phase {
        Phase::Asked(unread) => {
            let host = side_name(question.side, &card.page.catalog);
            let key = match question.kind {
                QuestionKind::Segment => "quiz.ask-segment",
                QuestionKind::State => "quiz.ask-state",
            };
            html! { <>
                <p class="quiz__cause">{ cause(card, &question) }</p>
                { title(card.words.format(key, &[("host", &host)])) }
                <Form key={question.step} kind={question.kind} {unread}
                    other={card.other}
                    words={card.words.clone()} page={card.page} />
            </> }
        }
        Phase::Told(answer) => {
            let rows = quiz::check(&card.quiz.whole, &question, answer);
            let rule = quiz::rule(&card.quiz.whole, &question);
            html! { <>
                { title(verdict(card, &rows, answer.is_some())) }
                { result(card, &rows, answer.is_some()) }
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

/// The sentence about the cause of the event that is asked about.
fn cause(card: &Card<'_>, question: &Question) -> String {
    let run: &Run = &card.quiz.whole;
    let trace = run.timeline.trace();
    let host = side_name(question.side, &card.page.catalog);
    let format = |key: &str, name: &str, value: String| {
        card.words.format(key, &[(name, &value), ("host", &host)])
    };
    match trace.steps[question.step].cause {
        Cause::Arrival(index, is_copy) => {
            let key = if is_copy { "quiz.copy" } else { "quiz.arrives" };
            let record = &trace.segments[index];
            let segment = &record.segment;
            let name = format!("{} {}", record.id, segment.flags.without(Flags::PSH));
            let ack = segment.acknowledgment().map(|ack| ack.0);
            let text = numbered(name, segment.seq.0, ack, segment.text.len());
            format(key, "segment", text)
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

#[derive(Properties, PartialEq)]
struct FormProps {
    kind: QuestionKind,
    unread: Unread,
    other: Option<&'static str>,
    words: Shared<Catalog>,
    page: Page,
}

/// The form for an answer. The browser keeps its values until the answer is checked.
#[component]
fn Form(props: &FormProps) -> Html {
    let FormProps { kind, unread, other, words, page } = props;
    let dispatch = &page.dispatch;
    let has_ack = use_state_eq(|| false);
    let card = |key: &str| words.text(key).to_owned();
    let onchange = {
        let has_ack = has_ack.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if input.name() == "ACK" {
                has_ack.set(input.checked());
            }
        })
    };
    let onsubmit = dispatch.reform(|event: SubmitEvent| {
        event.prevent_default();
        Action::Quiz(Move::Answer(entry(&event.target_unchecked_into())))
    });
    let show = dispatch.reform(|_: MouseEvent| Action::Quiz(Move::Show));
    let fields = match kind {
        QuestionKind::Segment => html! { <>
            <fieldset class="quiz__flags" {onchange}>
                <legend>{ card("quiz.flags") }</legend>
                { for FLAGS.map(|flag| html! {
                    <label lang="en" translate="no">
                        <input type="checkbox" name={flag.to_string()} />{ flag.to_string() }
                    </label>
                }) }
            </fieldset>
            { number("quiz-seq", card("quiz.seq"), false, unread.seq, words) }
            { number("quiz-ack", card("quiz.ack"), !*has_ack, unread.ack, words) }
            <p class="quiz__hint" id="quiz-hint">{ card("quiz.relative") }</p>
        </> },
        QuestionKind::State => html! {
            <div class="quiz__field">
                <label for="quiz-state">{ card("quiz.state") }</label>
                <select id="quiz-state" name="quiz-state" translate="no"
                    aria-invalid={unread.state.then_some("true")} aria-describedby="quiz-state-bad">
                    <option value="" selected={true}>{ card("quiz.choose") }</option>
                    { for State::ALL.map(|state| html! {
                        <option value={state.name()}>{ state.name() }</option>
                    }) }
                </select>
                { bad("quiz-state-bad", unread.state, card("quiz.bad-state")) }
            </div>
        },
    };
    html! {
        <form class="quiz__form" {onsubmit} novalidate="">
            { fields }
            <div class="quiz__buttons">
                <button type="submit" class="button">{ card("quiz.check") }</button>
                <button type="button" class="button" onclick={show}>{ card("quiz.show") }</button>
                { ways_out(words, dispatch, *other) }
            </div>
        </form>
    }
}

/// A field for a sequence number, with the complaint about it.
fn number(id: &'static str, name: String, off: bool, is_bad: bool, words: &Catalog) -> Html {
    let note = format!("{id}-bad");
    html! {
        <div class="quiz__field">
            <label for={id} lang="en" translate="no">{ name }</label>
            <input {id} name={id} type="text" inputmode="numeric" autocomplete="off" size="11"
                spellcheck="false" maxlength="24" disabled={off}
                aria-invalid={is_bad.then_some("true")}
                aria-describedby={format!("{note} quiz-hint")} />
            { bad(&note, is_bad, words.text("quiz.bad-number").to_owned()) }
        </div>
    }
}

/// Reads the fields of the form.
fn entry(form: &Element) -> Entry {
    let find = |name: &str| form.query_selector(&format!("[name={name}]")).ok().flatten();
    let input = |name: &str| find(name).map(JsCast::unchecked_into::<HtmlInputElement>);
    let text = |name: &str| input(name).map_or(String::new(), |input| input.value());
    let is_set = |flag: &Flags| input(&flag.to_string()).is_some_and(|input| input.checked());
    let flags = FLAGS.into_iter().filter(is_set).fold(Flags::NONE, |all, flag| all | flag);
    let name = find("quiz-state").map(|it| it.unchecked_into::<HtmlSelectElement>().value());
    let state = State::ALL.into_iter().find(|state| name.as_deref() == Some(state.name()));
    Entry { flags, seq: text("quiz-seq"), ack: text("quiz-ack"), state }
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
fn result(card: &Card<'_>, rows: &[CheckedField], is_answered: bool) -> Html {
    let value = |text: &str| {
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
                    <td>{ value(answer) }</td>
                }
                <td>{ value(&row.fact) }</td>
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
