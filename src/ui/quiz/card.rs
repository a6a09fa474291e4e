//! The parts of the quiz's card that both kinds of question share.

use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::quiz::{Move, Quiz};
use crate::app::{Action, Look, Open, play_quiz};
use crate::locale::Catalog;
use crate::ui::browser::focus::focus_by_id;
use crate::ui::page::{Page, Shared};

/// The id of the button that starts and ends the quiz.
pub const TOGGLE: &str = "quiz-toggle";
/// The id of the card's title.
pub const TITLE: &str = "quiz-title";
/// The key of the button that leads to the questions about a loss.
pub const FIND_LOSS: &str = "loss.find";
/// The key of the button that leads back to the questions about the next event.
pub const FORETELL: &str = "loss.foretell";
/// The key of the button that starts a round over all lessons.
pub const MIX: &str = "round.start";

/// The data of the card.
pub struct Card<'a> {
    /// The quiz.
    pub quiz: &'a Shared<Quiz>,
    /// The texts of the quiz.
    pub words: &'a Shared<Catalog>,
    /// The texts of the page, and the dispatcher.
    pub page: &'a Page,
    /// The keys of the buttons for the other kinds of questions.
    pub others: &'static [&'static str],
}

impl Card<'_> {
    /// A text of the quiz.
    pub fn text(&self, key: &str) -> String {
        self.words.text(key).to_owned()
    }

    /// A button that makes a move of the quiz.
    pub fn button(&self, key: &str, quiz_move: Move) -> Html {
        let onclick = self.page.dispatch.reform(move |_: MouseEvent| {
            if matches!(quiz_move, Move::Keep) {
                focus_by_id(TOGGLE);
            }
            play_quiz(quiz_move.clone())
        });
        html! {
            <button type="button" class="button" {onclick}>{ self.text(key) }</button>
        }
    }

    /// The buttons that leave the question.
    pub fn ways_out(&self) -> Html {
        ways_out(self.words, &self.page.dispatch, self.others)
    }
}

/// The card's title, which takes the focus for a new question.
pub fn title(text: String) -> Html {
    html! { <h2 class="quiz__title" id={TITLE} tabindex="-1">{ text }</h2> }
}

/// The number of the question, and the right answers in a row.
pub fn standing(card: &Card<'_>) -> Html {
    let number = card.quiz.number().map(|(number, count)| {
        card.words.format("quiz.number", &[("number", &number), ("count", &count)])
    });
    let streak = card.quiz.score.streak;
    html! {
        <p class="quiz__standing">
            <span>{ number.unwrap_or_default() }</span>
            if streak > 1 {
                <span class="quiz__streak">
                    { card.words.format("quiz.streak", &[("count", &streak)]) }
                </span>
            }
        </p>
    }
}

/// The card when no question is left.
pub fn over(card: &Card<'_>, says: &str, more: &str, again: Move) -> Html {
    html! { <>
        { title(card.text(says)) }
        <p>{ card.text(more) }</p>
        { result(card) }
        <div class="quiz__buttons">
            { card.button("quiz.again", again) }
            { card.ways_out() }
        </div>
    </> }
}

/// The sentence about all answers so far.
pub fn result(card: &Card<'_>) -> Html {
    let score = card.quiz.score;
    let numbers: [(&str, &dyn std::fmt::Display); 3] =
        [("right", &score.right), ("count", &score.asked), ("best", &score.best)];
    html! {
        if score.asked > 0 { <p>{ card.words.format("quiz.score", &numbers) }</p> }
    }
}

/// A button that opens a lesson, which ends the quiz.
pub fn lesson(card: &Card<'_>, id: &'static str) -> Html {
    let onclick = card.page.dispatch.reform(move |_: MouseEvent| {
        focus_by_id(TOGGLE);
        Action::Open(Open::Scenario(id))
    });
    html! {
        <button type="button" class="link-button" {onclick}>
            { card.page.catalog.text(&format!("scenario.{id}.title")).to_owned() }
        </button>
    }
}

/// Ends the quiz, and moves the focus to the button that started it.
pub fn leave(dispatch: &Callback<Action>) {
    focus_by_id(TOGGLE);
    dispatch.emit(Action::Look(Look::Quiz(false)));
}

/// The buttons that leave the question: to end the quiz, or for the other kinds of questions.
pub fn ways_out(words: &Catalog, dispatch: &Callback<Action>, others: &[&'static str]) -> Html {
    let leaving = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| leave(&leaving));
    let others = others.iter().map(|key| {
        let key = *key;
        let onclick = dispatch.reform(move |_: MouseEvent| {
            play_quiz(match key {
                FIND_LOSS => Move::FindLoss,
                MIX => Move::Mix(seed()),
                _ => Move::Start,
            })
        });
        html! {
            <button type="button" class="link-button quiz__other" {onclick}>
                { words.text(key).to_owned() }
            </button>
        }
    });
    html! { <>
        <button type="button" class="link-button" {onclick}>
            { words.text("quiz.leave").to_owned() }
        </button>
        { for others }
    </> }
}

/// A number that differs from round to round.
pub fn seed() -> u64 {
    js_sys::Date::now().to_bits()
}

/// Appends a segment's sequence numbers to its name or flags, in the notation of the ladder.
pub fn numbered(mut text: String, seq: u32, ack: Option<u32>, octets: u32) -> String {
    let octets = (octets > 0).then_some(octets);
    for (name, number) in [("seq", Some(seq)), ("ack", ack), ("len", octets)] {
        if let Some(number) = number {
            text.extend([" ", name, " ", &number.to_string()]);
        }
    }
    text
}

/// The complaint below a field.
pub fn bad(id: &str, is_bad: bool, text: String) -> Html {
    html! {
        <p class="quiz__bad" id={id.to_owned()}>
            if is_bad { { text } }
        </p>
    }
}
