//! The form for the answer to a question about the next event.

use tcp_handshake_html::html;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::card::{bad, ways_out};
use crate::app::play_quiz;
use crate::app::quiz::{Entry, FLAGS, Move, QuestionKind, Unread};
use crate::explain::side_name;
use crate::locale::Catalog;
use crate::sim::Side;
use crate::tcp::{Flags, State};
use crate::ui::page::{Page, Shared};

/// The properties of [`Form`].
#[derive(Properties, PartialEq)]
pub(super) struct FormProps {
    /// The kind of answer.
    pub kind: QuestionKind,
    /// The fields that could not be read.
    pub unread: Unread,
    /// The sentence about the host's ISN.
    pub isn: String,
    /// The keys of the buttons for the other kinds of questions.
    pub others: &'static [&'static str],
    /// The texts of the quiz.
    pub words: Shared<Catalog>,
    /// The texts of the page, and the dispatcher.
    pub page: Page,
}

/// The form for an answer. The browser keeps its values until the answer is checked.
#[component]
pub(super) fn Form(props: &FormProps) -> Html {
    let FormProps { kind, unread, isn, others, words, page } = props;
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
        play_quiz(Move::Answer(entry(&event.target_unchecked_into())))
    });
    let show = dispatch.reform(|_: MouseEvent| play_quiz(Move::Show));
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
            <p class="quiz__hint" id="quiz-hint">{ isn }{ " " }{ card("quiz.relative") }</p>
        </> },
        QuestionKind::Acts(_) => acts(unread, words, page),
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
                { ways_out(words, dispatch, others) }
            </div>
        </form>
    }
}

/// The fields for the host that acts first, and for when.
fn acts(unread: &Unread, words: &Catalog, page: &Page) -> Html {
    let text = |key: &str| words.text(key).to_owned();
    html! { <>
        <fieldset class="quiz__flags" id="quiz-who" tabindex="-1" aria-describedby="quiz-who-bad">
            <legend>{ text("quiz.who") }</legend>
            { for Side::BOTH.map(|side| html! {
                <label>
                    <input type="radio" name="quiz-who" value={side.name()} />
                    { side_name(side, &page.catalog) }
                </label>
            }) }
            { bad("quiz-who-bad", unread.who, text("quiz.bad-who")) }
        </fieldset>
        <div class="quiz__field">
            <label for="quiz-when">{ text("quiz.when") }</label>
            <input id="quiz-when" name="quiz-when" type="text" inputmode="decimal" size="9"
                autocomplete="off" spellcheck="false" maxlength="24"
                aria-invalid={unread.when.then_some("true")}
                aria-describedby="quiz-when-bad quiz-hint" />
            { bad("quiz-when-bad", unread.when, text("quiz.bad-when")) }
        </div>
        <p class="quiz__hint" id="quiz-hint">{ text("quiz.when-hint") }</p>
    </> }
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
    let is_chosen = |side: &Side| {
        let radio = format!("input[value={}]", side.name());
        let radio = form.query_selector(&radio).ok().flatten();
        radio.is_some_and(|it| it.unchecked_into::<HtmlInputElement>().checked())
    };
    let who = Side::BOTH.into_iter().find(is_chosen);
    Entry {
        flags,
        seq: text("quiz-seq"),
        ack: text("quiz-ack"),
        state,
        who,
        when: text("quiz-when"),
    }
}
