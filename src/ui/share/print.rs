//! The dialog that shows a run as it will be printed: its picture and table, or a worksheet.

use std::rc::Rc;

use gloo::utils::window;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlDialogElement};

use super::dom::{element, fill, text, tree};
use super::{modal, picture};
use crate::app::handout::{Row, rows, worksheet};
use crate::app::share::{Files, Sharing};
use crate::locale::Catalog;

/// The open dialog.
struct Print {
    sharing: Sharing,
    words: Catalog,
    root: HtmlDialogElement,
    files: Files,
}

/// Shows the dialog, in place of one that is open.
pub fn show(sharing: Sharing, words: Catalog, files: Files) -> Result<(), JsValue> {
    let print = Rc::new(Print { sharing, words, root: modal::new("handout")?, files });
    print.draw()?;
    let own = Rc::clone(&print);
    modal::attach(&print.root, &["click", "change"], move |event| own.on(event))?;
    print.draw_page()?;
    print.root.show_modal()
}

impl Print {
    fn text(&self, key: &str) -> String {
        self.words.text(key).to_owned()
    }

    fn draw(&self) -> Result<(), JsValue> {
        let print = [("type", "button"), ("class", "button"), ("data-do", "print")];
        let head = modal::head("handout", &self.text("print.title"), &self.text("print.close"))?;
        let choices = element("fieldset", &[("class", "handout__choices")])?;
        fill(&choices, &[text("legend", &[], &self.text("print.what"))?])?;
        for kind in ["run", "worksheet"] {
            let mut field = vec![("type", "radio"), ("name", "handout"), ("value", kind)];
            if kind == "run" {
                field.push(("checked", ""));
            }
            let name = text("span", &[], &self.text(&format!("print.{kind}")))?;
            let label =
                tree("label", &[("class", "handout__choice")], &[element("input", &field)?, name])?;
            fill(&choices, &[label])?;
        }
        fill(&choices, &[text("button", &print, &self.text("print.print"))?])?;
        let page = element("article", &[("class", "handout__page"), ("id", "handout-page")])?;
        fill(&self.root, &[head, choices, page])
    }

    fn is_worksheet(&self) -> bool {
        let chosen = self.root.query_selector("[value=worksheet]:checked").ok().flatten();
        chosen.is_some()
    }

    /// Draws the page as it will be printed.
    fn draw_page(&self) -> Result<(), JsValue> {
        let Some(page) = self.root.query_selector("#handout-page")? else { return Ok(()) };
        page.set_text_content(None);
        let is_worksheet = self.is_worksheet();
        let catalog = self.sharing.catalog();
        let svg = if is_worksheet {
            worksheet(self.sharing.timeline(), catalog)
        } else {
            (self.files.for_paper)(&self.sharing)
        };
        let title = self.sharing.title();
        let alt = self.words.format("print.picture", &[("title", &title)]);
        let picture = [("class", "handout__picture"), ("role", "img"), ("aria-label", &alt)];
        let picture = element("div", &picture)?;
        picture::show(&svg, &picture)?;
        fill(&page, &[text("h3", &[("class", "handout__title")], &title)?])?;
        if let Some(task) = &self.sharing.link().view.task {
            fill(&page, &[text("p", &[("class", "handout__task")], task)?])?;
        }
        if is_worksheet {
            let name = [("class", "handout__name")];
            let isn = self.sharing.timeline().scenario().hosts.each_ref();
            let [client, server] = isn.map(|host| host.config.iss.0);
            let given =
                self.words.format("print.given", &[("client", &client), ("server", &server)]);
            fill(
                &page,
                &[
                    text("p", &name, &self.text("print.name"))?,
                    text("p", &[("class", "handout__task")], &self.text("print.fill"))?,
                    text("p", &[("class", "handout__task")], &given)?,
                ],
            )?;
        }
        fill(&page, &[picture, self.table(is_worksheet)?])?;
        let address = self.sharing.address(self.sharing.link());
        fill(&page, &[text("p", &[("class", "handout__address"), ("translate", "no")], &address)?])
    }

    fn table(&self, is_worksheet: bool) -> Result<Element, JsValue> {
        let rows = rows(self.sharing.timeline(), self.sharing.catalog());
        let heads = ["id", "time", "hosts", "flags", "seq", "ack", "data", "state"];
        let head = element("tr", &[])?;
        for name in heads {
            let words = self.text(&format!("print.column-{name}"));
            fill(&head, &[text("th", &[("scope", "col")], &words)?])?;
        }
        let body = element("tbody", &[])?;
        for row in &rows {
            fill(&body, &[self.row(row, is_worksheet)?])?;
        }
        let head = tree("thead", &[], &[head])?;
        tree("table", &[("class", "handout__table")], &[head, body])
    }

    /// A row; on a worksheet the cells to fill in are empty.
    fn row(&self, row: &Row, is_worksheet: bool) -> Result<Element, JsValue> {
        let hosts = format!("{} → {}", row.hosts[0], row.hosts[1]);
        let id = if row.is_lost {
            format!("{} ({})", row.id, self.text("print.lost"))
        } else {
            row.id.clone()
        };
        let cells = [
            (id.as_str(), false),
            (&row.at, false),
            (&hosts, false),
            (&row.flags, true),
            (&row.seq, true),
            (&row.ack, true),
            (&row.octets, false),
            (row.state, true),
        ];
        let line = element("tr", &[])?;
        for (words, is_asked) in cells {
            let shown = if is_asked && is_worksheet { "" } else { words };
            fill(&line, &[text("td", &[], shown)?])?;
        }
        Ok(line)
    }

    fn on(&self, event: &Event) {
        if event.type_() == "change" {
            // The page is in the document, so it accepts children.
            drop(self.draw_page());
            return;
        }
        match modal::pressed(event).and_then(|it| it.get_attribute("data-do")).as_deref() {
            Some("close") => self.root.close(),
            // A sandboxed page may not print.
            Some("print") => drop(window().print()),
            _ => {}
        }
    }
}
