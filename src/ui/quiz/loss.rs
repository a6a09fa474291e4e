//! The questions about a loss: the events that a host saw, and the segment whose loss explains
//! them.

use tcp_handshake_html::html;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::card::{Card, bad, lesson, numbered, over, title, ways_out};
use crate::app::play_quiz;
use crate::app::quiz::loss::{Line, Loss};
use crate::app::quiz::{Answer, Move, Phase, Quiz, Round, flag_names};
use crate::explain::side_name;
use crate::locale::{self, Catalog};
use crate::sim::SegmentId;
use crate::ui::page::{Page, Shared};

/// The id of the field in which the lost segment is chosen.
pub(super) const CHOICE: &str = "quiz-loss";

/// The content of the card.
pub(super) fn content(card: &Card<'_>, loss: &Loss, selected: Option<SegmentId>) -> Html {
    let Some((_, side)) = loss.question() else {
        return over(card, "loss.over", "loss.over-more", Move::FindLoss);
    };
    let host = side_name(side, &card.page.catalog);
    let answer = match card.quiz.phase {
        Phase::Asked(unread) => {
            return html! { <>
                { title(card.text("loss.ask")) }
                { listing(card, loss, &host) }
                <Choose key={loss.turn.unwrap_or(0)} quiz={card.quiz.clone()} {selected}
                    is_unread={unread.loss} others={card.others} words={card.words.clone()}
                    page={card.page} />
            </> };
        }
        Phase::Seen(_) => return seen(card, loss),
        Phase::Told(answer) => answer,
        Phase::Opening => None,
    };
    let (verdict, wrong) = match answer {
        Some(Answer::Loss(guess)) if !card.quiz.is_right(Answer::Loss(guess)) => {
            ("quiz.none-right", Some(guess))
        }
        Some(_) => ("quiz.all-right", None),
        None => ("quiz.shown", None),
    };
    html! { <>
        { title(card.text(verdict)) }
        <p>{ fitting(card, loss, &host) }</p>
        { card.quiz.round.as_ref().map(|round| of_lesson(card, round)) }
        { wrong.map(|guess| difference(card, loss, guess, &host)) }
        <div class="quiz__buttons">
            { card.button("quiz.next", Move::Next) }
            { card.button("loss.see", Move::See) }
            { card.ways_out() }
        </div>
    </> }
}

/// The card while the run with the loss is shown.
fn seen(card: &Card<'_>, loss: &Loss) -> Html {
    let segment = loss.question().map(|(id, _)| id.to_string()).unwrap_or_default();
    html! { <>
        { title(card.words.format("loss.seen", &[("segment", &segment)])) }
        <div class="quiz__buttons">
            { card.button("loss.back", Move::Back) }
            { card.button("quiz.next", Move::Next) }
            if card.quiz.round.is_none() {
                { card.button("loss.keep", Move::Keep) }
            }
            { card.ways_out() }
        </div>
    </> }
}

/// The lesson that a question of a round is about.
pub(super) fn of_lesson(card: &Card<'_>, round: &Round) -> Html {
    let id = round.lessons.last().copied();
    html! {
        <p class="quiz__lesson">{ card.text("round.lesson") }{ " " }
            { for id.map(|id| lesson(card, id)) }
        </p>
    }
}

/// The sentence that lists all segments whose loss looks the same to the host.
fn fitting(card: &Card<'_>, loss: &Loss, host: &str) -> String {
    let fitting = loss.fitting();
    let key = if fitting.len() == 1 { "loss.only" } else { "loss.any" };
    let mut segments = String::new();
    for id in fitting {
        if !segments.is_empty() {
            segments += card.words.text("loss.or");
        }
        segments += &id.to_string();
    }
    card.words.format(key, &[("segments", &segments), ("host", &host)])
}

/// The list of the events that the host saw.
fn listing(card: &Card<'_>, loss: &Loss, host: &str) -> Html {
    let Some(listing) = loss.listing() else { return Html::default() };
    let count = listing.before;
    let saw = card.words.format("loss.saw", &[("host", &host)]);
    let lines = html! { <>
        if count > 0 {
            { rest(card.words.format("loss.before", &[("count", &count)])) }
        }
        { for listing.lines.iter().map(|it| line(card, None, Some(*it))) }
        { rest(card.text(if listing.goes_on { "loss.more" } else { "loss.end" })) }
    </> };
    list(saw, lines)
}

/// The first event that the host would have seen differently after the guessed loss.
fn difference(card: &Card<'_>, loss: &Loss, guess: SegmentId, host: &str) -> Html {
    let both = loss.difference(guess).zip(loss.question());
    let Some(([guessed, fact], (real, _))) = both else { return Html::default() };
    let about = card.words.format("loss.differs", &[("segment", &guess), ("host", &host)]);
    let lines = html! { <>{ line(card, Some(guess), guessed) }{ line(card, Some(real), fact) }</> };
    list(about, lines)
}

/// A list with its description.
fn list(about: String, lines: Html) -> Html {
    html! { <>
        <p class="quiz__hint" id="quiz-saw">{ about }</p>
        <ol class="quiz__seen" role="list" aria-labelledby="quiz-saw">{ lines }</ol>
    </> }
}

/// A row that summarizes events that are not listed.
fn rest(text: String) -> Html {
    html! { <li class="quiz__rest">{ text }</li> }
}

/// An event: its time, its direction, and its segment. `id` is the lost segment in whose run it
/// happens, once that is revealed.
fn line(card: &Card<'_>, id: Option<SegmentId>, line: Option<Line>) -> Html {
    let id = id.map(|id| html! { <span class="quiz__id">{ id.to_string() }</span> });
    let Some(line) = line else {
        return html! { <li class="quiz__line">{ id }{ card.text("loss.end") }</li> };
    };
    let (mark, direction) =
        if line.is_sent { ("→", "loss.sent") } else { ("←", "loss.received") };
    html! {
        <li class="quiz__line">
            { id }
            <span class="quiz__time">{ locale::instant(line.at) }</span>
            <span aria-hidden="true">{ mark }</span>
            <span class="visually-hidden">{ card.text(direction) }</span>
            <span lang="en" translate="no">
                <b>{ flag_names(line.flags) }</b>
                { numbered(String::new(), line.seq, line.ack, line.octets) }
            </span>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct ChooseProps {
    quiz: Shared<Quiz>,
    selected: Option<SegmentId>,
    is_unread: bool,
    others: &'static [&'static str],
    words: Shared<Catalog>,
    page: Page,
}

/// The field in which the lost segment is chosen. Selecting a segment in the ladder chooses it too.
#[component]
fn Choose(props: &ChooseProps) -> Html {
    let ChooseProps { quiz, selected, is_unread, others, words, page } = props;
    let dispatch = &page.dispatch;
    let node = use_node_ref();
    let text = |key: &str| words.text(key).to_owned();
    let choices = quiz.loss.iter().flat_map(Loss::choices);
    {
        let is_choice = selected.is_some_and(|id| choices.clone().any(|it| it == id));
        let node = node.clone();
        use_effect_with(selected.filter(|_| is_choice), move |selected| {
            let list = node.cast::<HtmlSelectElement>();
            if let Some((list, id)) = list.zip(*selected) {
                list.set_value(&id.to_string());
            }
        });
    }
    let options = choices.filter_map(|id| {
        let arrow = quiz.whole.arrow(id)?;
        let id = id.to_string();
        Some(html! { <option value={id.clone()}>{ id }{ " " }{ arrow.flags.clone() }</option> })
    });
    let onsubmit = {
        let node = node.clone();
        dispatch.reform(move |event: SubmitEvent| {
            event.prevent_default();
            let list = node.cast::<HtmlSelectElement>();
            play_quiz(Move::Guess(list.and_then(|list| list.value().parse().ok())))
        })
    };
    let show = dispatch.reform(|_: MouseEvent| play_quiz(Move::Show));
    html! {
        <form class="quiz__form quiz__form--loss" {onsubmit} novalidate="">
            <div class="quiz__field">
                <label class="visually-hidden" for={CHOICE}>{ text("loss.segment") }</label>
                <select id={CHOICE} ref={node} translate="no"
                    aria-invalid={is_unread.then_some("true")} aria-describedby="quiz-loss-bad">
                    <option value="" selected={true}>{ text("loss.choose") }</option>
                    { for options }
                </select>
                { bad("quiz-loss-bad", *is_unread, text("loss.bad")) }
            </div>
            <div class="quiz__buttons">
                <button type="submit" class="button">{ text("quiz.check") }</button>
                <button type="button" class="button" onclick={show}>{ text("quiz.show") }</button>
                { ways_out(words, dispatch, others) }
            </div>
        </form>
    }
}
