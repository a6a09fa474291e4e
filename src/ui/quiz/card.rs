//! The parts of the quiz's card that both kinds of question share.

use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::Action;
use crate::app::quiz::{Move, Quiz};
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

/// The data of the card.
pub struct Card<'a> {
    /// The quiz.
    pub quiz: &'a Shared<Quiz>,
    /// The texts of the quiz.
    pub words: &'a Shared<Catalog>,
    /// The texts of the page, and the dispatcher.
    pub page: &'a Page,
    /// The key of the button for the other kind of question, if there is one.
    pub other: Option<&'static str>,
}

impl Card<'_> {
    /// A text of the quiz.
    pub fn text(&self, key: &str) -> String {
        self.words.text(key).to_owned()
    }

    /// A button that makes a move of the quiz.
    pub fn button(&self, key: &str, quiz_move: Move) -> Html {
        let onclick = self.page.dispatch.reform(move |_: MouseEvent| {
            if matches!(quiz_move, Move::See) {
                focus_by_id(TOGGLE);
            }
            Action::Quiz(quiz_move.clone())
        });
        html! {
            <button type="button" class="button" {onclick}>{ self.text(key) }</button>
        }
    }

    /// The buttons that leave the question.
    pub fn ways_out(&self) -> Html {
        ways_out(self.words, &self.page.dispatch, self.other)
    }
}

/// The card's title, which takes the focus for a new question.
pub fn title(text: String) -> Html {
    html! { <h2 class="quiz__title" id={TITLE} tabindex="-1">{ text }</h2> }
}

/// The card when no question is left.
pub fn over(card: &Card<'_>, says: &str, more: &str, again: Move) -> Html {
    html! { <>
        { title(card.text(says)) }
        <p>{ card.text(more) }</p>
        <div class="quiz__buttons">
            { card.button("quiz.again", again) }
            { card.ways_out() }
        </div>
    </> }
}

/// Ends the quiz, and moves the focus to the button that started it.
pub fn leave(dispatch: &Callback<Action>) {
    focus_by_id(TOGGLE);
    dispatch.emit(Action::Quiz(Move::Leave));
}

/// The buttons that leave the question: to end the quiz, or for the other kind of question.
pub fn ways_out(words: &Catalog, dispatch: &Callback<Action>, other: Option<&'static str>) -> Html {
    let leaving = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| leave(&leaving));
    let other = other.map(|key| {
        let next = if key == FIND_LOSS { Move::FindLoss } else { Move::Start };
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Quiz(next.clone()));
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
        { other }
    </> }
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
