//! The dialog for a reader's own runs: saving the one that is shown, opening, removing, exporting
//! and importing them.

use std::rc::Rc;

use gloo::utils::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, HtmlDialogElement, HtmlInputElement};

use super::dom::{element, fill, text, tree};
use super::{file, modal};
use crate::app::runs::{MAX_RUNS_TEXT, MOST_RUNS, OwnRuns};
use crate::app::share::Sharing;
use crate::link::Link;
use crate::locale::Catalog;
use crate::ui::browser::storage;

/// The open dialog.
struct Runs {
    sharing: Sharing,
    words: Catalog,
    root: HtmlDialogElement,
}

/// Shows the dialog, in place of one that is open.
pub fn show(sharing: Sharing, words: Catalog) -> Result<(), JsValue> {
    let runs = Rc::new(Runs { sharing, words, root: modal::new("runs")? });
    runs.draw()?;
    let own = Rc::clone(&runs);
    modal::attach(&runs.root, &["click", "change", "submit"], move |event| own.on(event))?;
    runs.draw_list()?;
    runs.root.show_modal()
}

impl Runs {
    fn text(&self, key: &str) -> String {
        self.words.text(key).to_owned()
    }

    fn button(&self, key: &str, act: &str) -> Result<Element, JsValue> {
        let attributes = [("type", "button"), ("class", "button"), ("data-do", act)];
        text("button", &attributes, &self.text(key))
    }

    fn draw(&self) -> Result<(), JsValue> {
        let head = modal::head("runs", &self.text("runs.title"), &self.text("runs.close"))?;
        let name = self.sharing.link().view.name.clone().unwrap_or_default();
        let field = [
            ("id", "runs-name"),
            ("class", "share__field runs__field"),
            ("maxlength", "80"),
            ("value", name.as_str()),
        ];
        let save = text("button", &[("class", "button")], &self.text("runs.save"))?;
        let form = tree(
            "form",
            &[("class", "runs__row")],
            &[
                text("label", &[("for", "runs-name")], &self.text("runs.name"))?,
                element("input", &field)?,
                save,
            ],
        )?;
        let file =
            [("type", "file"), ("id", "runs-file"), ("accept", ".txt,text/plain"), ("hidden", "")];
        let actions = tree(
            "div",
            &[("class", "runs__row")],
            &[
                self.button("runs.export", "export")?,
                self.button("runs.import", "import")?,
                element("input", &file)?,
            ],
        )?;
        let list =
            element("ul", &[("id", "runs-list"), ("class", "runs__list"), ("role", "list")])?;
        let says =
            element("p", &[("id", "runs-says"), ("class", "share__says"), ("role", "status")])?;
        fill(&self.root, &[head, form, list, actions, says])
    }

    /// Lists the runs that the browser keeps.
    fn draw_list(&self) -> Result<(), JsValue> {
        let Some(list) = self.find("#runs-list") else { return Ok(()) };
        list.set_text_content(None);
        let runs = kept();
        for (place, run) in runs.all().iter().enumerate() {
            fill(&list, &[self.item(place, run)?])?;
        }
        if runs.all().is_empty() {
            fill(&list, &[text("li", &[("class", "share__says")], &self.text("runs.none"))?])?;
        }
        Ok(())
    }

    fn item(&self, place: usize, run: &Link) -> Result<Element, JsValue> {
        let name = run.view.name.clone().unwrap_or_default();
        let address = self.sharing.address(run);
        let open = [("class", "runs__open"), ("href", address.as_str()), ("data-do", "open")];
        let label = self.words.format("runs.remove", &[("name", &name)]);
        let place = place.to_string();
        let remove = [
            ("type", "button"),
            ("class", "icon-button"),
            ("data-do", "remove"),
            ("data-of", place.as_str()),
            ("aria-label", label.as_str()),
        ];
        tree(
            "li",
            &[("class", "runs__run")],
            &[text("a", &open, &name)?, text("button", &remove, "✕")?],
        )
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).ok().flatten()
    }

    fn input(&self, selector: &str) -> Option<HtmlInputElement> {
        self.find(selector)?.dyn_into().ok()
    }

    fn say(&self, words: &str) {
        if let Some(says) = self.find("#runs-says") {
            says.set_text_content(Some(words));
        }
    }

    fn on(self: &Rc<Self>, event: &Event) {
        match event.type_().as_str() {
            "submit" => {
                event.prevent_default();
                self.save();
            }
            "change" => {
                let runs = Rc::clone(self);
                spawn_local(async move { runs.import().await });
            }
            _ => {
                if let Some(button) = modal::pressed(event) {
                    self.press(&button);
                }
            }
        }
    }

    fn press(&self, button: &Element) {
        match button.get_attribute("data-do").unwrap_or_default().as_str() {
            // The link itself opens the run, in this page.
            "close" | "open" => self.root.close(),
            "remove" => {
                let of = button.get_attribute("data-of").unwrap_or_default();
                let mut runs = kept();
                if let Ok(place) = of.parse() {
                    runs.remove(place);
                }
                self.keep(&runs);
                if let Some(name) = self.input("#runs-name") {
                    // An element of the open dialog can be focused.
                    let _ = name.focus();
                }
            }
            "export" => {
                let text = kept().text();
                let saved = file::blob(text.as_bytes(), "text/plain")
                    .and_then(|blob| file::save(&blob, "tcp-handshake-runs.txt"));
                let key = if saved.is_ok() { "runs.exported" } else { "runs.failed" };
                self.say(&self.text(key));
            }
            "import" => {
                if let Some(field) = self.input("#runs-file") {
                    field.click();
                }
            }
            _ => {}
        }
    }

    /// Saves the run that is shown, and shows it under its name.
    fn save(&self) {
        let name = self.input("#runs-name").map(|field| field.value()).unwrap_or_default();
        let mut link = self.sharing.link().clone();
        link.view.name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        if link.view.name.is_none() {
            self.say(&self.text("runs.no-name"));
            return;
        }
        let mut runs = kept();
        if !runs.add(link.clone()) {
            self.say(&self.words.format("runs.full", &[("most", &MOST_RUNS)]));
            return;
        }
        if self.keep(&runs) {
            self.say(&self.words.format("runs.saved", &[("name", &name.trim())]));
            // A sandboxed page may not change its address. The run is saved all the same.
            let _ = window().location().set_hash(&link.to_string());
        }
    }

    /// Keeps the runs, and lists them. Returns whether the browser has kept them.
    fn keep(&self, runs: &OwnRuns) -> bool {
        let text = runs.text();
        storage::keep(storage::RUNS, (!text.is_empty()).then_some(text.as_str()));
        // The list is in the document, so it accepts children.
        let _ = self.draw_list();
        let is_kept = kept() == *runs;
        if !is_kept {
            self.say(&self.text("runs.failed"));
        }
        is_kept
    }

    /// Reads the chosen file.
    async fn import(&self) {
        let Some(field) = self.input("#runs-file") else { return };
        let Some(chosen) = field.files().and_then(|files| files.get(0)) else { return };
        #[allow(clippy::cast_precision_loss, reason = "a bound far below 2^53")]
        let is_long = chosen.size() > MAX_RUNS_TEXT as f64;
        let read = if is_long { None } else { JsFuture::from(chosen.text()).await.ok() };
        field.set_value("");
        let (read, bad) = OwnRuns::read(&read.and_then(|it| it.as_string()).unwrap_or_default());
        if read.all().is_empty() {
            self.say(&self.text("runs.no-runs"));
            return;
        }
        let mut runs = kept();
        let count = runs.merge(read);
        if self.keep(&runs) {
            let numbers: [(&str, &dyn std::fmt::Display); 2] = [("count", &count), ("bad", &bad)];
            let key = if bad == 0 { "runs.imported" } else { "runs.imported-some" };
            self.say(&self.words.format(key, &numbers));
        }
    }
}

/// The runs that the browser keeps.
fn kept() -> OwnRuns {
    OwnRuns::read(&storage::kept(storage::RUNS).unwrap_or_default()).0
}
