//! The connections of a capture as a table.

use tcp_handshake_html::html;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::captured::list::{Column, Listing, Order, Row};
use crate::capture::{date_and_time, seconds};
use crate::locale::{self, Catalog};
use crate::ui::page::Shared;

/// The most rows that are drawn at first, and how many more at a time.
const ROWS: usize = 100;

/// The properties of [`Connections`].
#[derive(Properties, PartialEq)]
pub struct ConnectionsProps {
    /// The capture.
    pub listing: Shared<Listing>,
    /// Called with the number of a connection that is chosen.
    pub open: Callback<usize>,
    /// The texts of captures.
    pub words: Shared<Catalog>,
}

/// The table, with a field to search it.
#[component]
pub fn Connections(props: &ConnectionsProps) -> Html {
    let ConnectionsProps { listing, open, words } = props;
    let order = use_state_eq(Order::default);
    let query = use_state_eq(String::new);
    let most = use_state_eq(|| ROWS);
    let listed = use_memo(
        (listing.clone(), (*query).clone(), *order, words.clone()),
        |(listing, query, order, words)| listing.listed(query, *order, words),
    );
    let text = |key: &str| words.text(key).to_owned();
    let oninput = {
        let query = query.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            query.set(input.value());
        })
    };
    let more = {
        let most = most.clone();
        Callback::from(move |_: MouseEvent| most.set(*most + ROWS))
    };
    let head = |column: Column| {
        let order = order.clone();
        let is_sorted = order.column == column;
        let sorted = match (is_sorted, order.is_descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        };
        let mark = match sorted {
            "ascending" => " ▲",
            "descending" => " ▼",
            _ => "",
        };
        let onclick = Callback::from(move |_: MouseEvent| order.set(order.by(column)));
        html! {
            <th scope="col" aria-sort={sorted}>
                <button type="button" class="capture__sort" {onclick}>
                    { text(&format!("capture.column.{}", column.id())) }
                    <span aria-hidden="true">{ mark }</span>
                </button>
            </th>
        }
    };
    let hidden = listed.len().saturating_sub(*most);
    html! { <>
        <label class="capture__search">
            { text("capture.search") }{ " " }<input type="search" {oninput} />
        </label>
        <div class="capture__table" tabindex="0" role="region"
            aria-label={text("capture.connections")}>
            <table>
                <thead><tr>{ for Column::ALL.map(head) }</tr></thead>
                <tbody>
                    { for listed.iter().take(*most).map(|number| {
                        row(*number, &listing.rows[*number], open, words)
                    }) }
                </tbody>
            </table>
        </div>
        if listed.is_empty() {
            <p class="panel__empty">{ text("capture.none-found") }</p>
        }
        if hidden > 0 {
            <button type="button" class="link-button" onclick={more}>
                { words.format("capture.more", &[("count", &hidden)]) }
            </button>
        }
    </> }
}

fn row(number: usize, row: &Row, open: &Callback<usize>, words: &Catalog) -> Html {
    let connection = &row.connection;
    let [client, server] = connection.ends.each_ref().map(|end| end.address.to_string());
    let onclick = open.reform(move |_: MouseEvent| number);
    let numbers = [connection.segments(), connection.ends[0].bytes, connection.ends[1].bytes];
    let text = |key: &str| words.text(key).to_owned();
    let opening = text(&format!("capture.opening.{}", connection.opening().id()));
    let closing = text(&format!("capture.closing.{}", connection.closing().id()));
    let notes: Vec<String> = row
        .notes
        .iter()
        .map(|note| words.text(&format!("capture.note.{}", note.name())).to_owned())
        .collect();
    html! {
        <tr key={number}>
            <th scope="row">
                <button type="button" class="capture__open" {onclick}>
                    <span>{ client }</span>
                    <span>{ " → " }{ server }</span>
                </button>
            </th>
            <td>{ date_and_time(connection.start) }</td>
            <td class="capture__number">{ seconds(connection.duration()) }{ " s" }</td>
            { for numbers.into_iter().map(|count| html! {
                <td class="capture__number">{ locale::number(count) }</td>
            }) }
            <td>{ opening }</td>
            <td>{ closing }</td>
            <td>
                if row.troubled > 0 {
                    { locale::number(u64::from(row.troubled)) }{ ": " }{ notes.join(", ") }
                }
            </td>
        </tr>
    }
}
