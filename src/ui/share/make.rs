//! The dialog in which an assignment is made from the run that is shown.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlDialogElement, HtmlInputElement};

use super::dom::{element, fill, text, tree};
use super::modal;
use crate::app::assignment::{AssignmentDraft, DraftError, GOAL_KINDS, GoalDraft, progress};
use crate::app::share::Sharing;
use crate::explain::side_name;
use crate::link::LOCKS;
use crate::locale::Catalog;
use crate::sim::{Side, Timeline};
use crate::tcp::State;
use crate::ui::browser::window::copy;

/// The open dialog.
struct Make {
    sharing: Sharing,
    words: Catalog,
    root: HtmlDialogElement,
}

/// Shows the dialog, in place of one that is open.
pub fn show(sharing: Sharing, words: Catalog) -> Result<(), JsValue> {
    let make = Rc::new(Make { sharing, words, root: modal::new("make")? });
    make.draw()?;
    let own = Rc::clone(&make);
    modal::attach(&make.root, &["click", "input"], move |event| own.on(event))?;
    make.add_goal()?;
    make.update();
    make.root.show_modal()
}

impl Make {
    fn text(&self, key: &str) -> String {
        self.words.text(key).to_owned()
    }

    fn draw(&self) -> Result<(), JsValue> {
        let head = modal::head("make", &self.text("make.title"), &self.text("make.close"))?;
        let name =
            [("id", "make-name"), ("class", "share__field make__field"), ("maxlength", "80")];
        let hint = self.text("make.text-hint");
        let task = [
            ("id", "make-task"),
            ("class", "share__field make__field"),
            ("rows", "3"),
            ("maxlength", "1000"),
            ("placeholder", hint.as_str()),
        ];
        let add = [("type", "button"), ("class", "button"), ("data-do", "add")];
        let goals = tree(
            "fieldset",
            &[("class", "make__group")],
            &[
                text("legend", &[], &self.text("make.goals"))?,
                element("ol", &[("id", "make-goals"), ("class", "make__goals"), ("role", "list")])?,
                text("button", &add, &self.text("make.add"))?,
            ],
        )?;
        let link = self.text("make.link");
        let field = [
            ("id", "make-link"),
            ("class", "share__field make__field"),
            ("readonly", ""),
            ("translate", "no"),
            ("aria-label", link.as_str()),
        ];
        let copy = [("type", "button"), ("class", "button"), ("data-do", "copy")];
        let open = [("id", "make-open"), ("class", "button"), ("data-do", "open")];
        let row = tree(
            "div",
            &[("class", "make__row")],
            &[
                element("input", &field)?,
                text("button", &copy, &self.text("make.copy"))?,
                text("a", &open, &self.text("make.open"))?,
            ],
        )?;
        fill(
            &self.root,
            &[
                head,
                text("label", &[("for", "make-name")], &self.text("make.name"))?,
                element("input", &name)?,
                text("label", &[("for", "make-task")], &self.text("make.text"))?,
                element("textarea", &task)?,
                goals,
                self.locks()?,
                text("h3", &[], &link)?,
                row,
                element("p", &[("id", "make-says"), ("class", "share__says"), ("role", "status")])?,
            ],
        )
    }

    fn locks(&self) -> Result<Element, JsValue> {
        let group = element("fieldset", &[("class", "make__group")])?;
        fill(&group, &[text("legend", &[], &self.text("make.locks"))?])?;
        for name in LOCKS {
            let field = [("type", "checkbox"), ("name", "lock"), ("value", name)];
            let label = text("span", &[], &self.text(&format!("lock.{name}")))?;
            fill(
                &group,
                &[tree("label", &[("class", "make__lock")], &[element("input", &field)?, label])?],
            )?;
        }
        if !self.sharing.link().edits.is_empty() {
            fill(&group, &[text("p", &[("class", "share__says")], &self.text("make.given"))?])?;
        }
        Ok(group)
    }

    /// A choice among values and their texts.
    fn select(
        &self,
        part: &str,
        label: &str,
        options: &[(&str, String)],
    ) -> Result<Element, JsValue> {
        let label = self.text(label);
        let field = [("data-part", part), ("class", "share__field"), ("aria-label", &label)];
        let select = element("select", &field)?;
        for (value, words) in options {
            fill(&select, &[text("option", &[("value", value)], words)?])?;
        }
        Ok(select)
    }

    /// Adds the fields of one more goal.
    fn add_goal(&self) -> Result<(), JsValue> {
        let Some(list) = self.find("#make-goals") else { return Ok(()) };
        let catalog = self.sharing.catalog();
        let hosts = Side::BOTH.map(|side| (side.name(), side_name(side, catalog)));
        let kinds = GOAL_KINDS.map(|kind| (kind, self.text(&format!("make.kind-{kind}"))));
        let states = State::ALL.map(|state| (state.name(), state.name().to_owned()));
        let amount = [
            ("data-part", "amount"),
            ("class", "share__field make__amount"),
            ("inputmode", "decimal"),
            ("maxlength", "9"),
            ("value", "10"),
        ];
        let remove = self.text("make.remove");
        let button = [
            ("type", "button"),
            ("class", "icon-button"),
            ("data-do", "remove"),
            ("aria-label", remove.as_str()),
        ];
        let row = tree(
            "li",
            &[("class", "make__goal")],
            &[
                self.select("side", "make.host", &hosts)?,
                self.select("kind", "make.kind", &kinds)?,
                self.select("state", "make.state", &states)?,
                element("input", &amount)?,
                text("button", &button, "✕")?,
            ],
        )?;
        fill(&list, &[row])
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).ok().flatten()
    }

    fn value(&self, selector: &str) -> String {
        self.find(selector).map_or_else(String::new, |it| value(&it))
    }

    fn all(&self, selector: &str) -> Vec<Element> {
        let Ok(found) = self.root.query_selector_all(selector) else { return vec![] };
        let nodes = (0..found.length()).filter_map(|index| found.get(index));
        nodes.filter_map(|node| node.dyn_into().ok()).collect()
    }

    /// The fields of the form.
    fn read(&self) -> AssignmentDraft {
        let goal = |row: Element| {
            let part = |name: &str| {
                let found = row.query_selector(&format!("[data-part={name}]")).ok().flatten();
                found.map_or_else(String::new, |it| value(&it))
            };
            let host = part("side");
            let side = Side::BOTH.into_iter().find(|side| side.name() == host);
            GoalDraft {
                kind: part("kind"),
                side: side.unwrap_or(Side::Server),
                state: part("state"),
                amount: part("amount"),
            }
        };
        let mut locks = [false; LOCKS.len()];
        for (place, field) in self.all("[name=lock]").into_iter().enumerate() {
            let is_checked = field.unchecked_into::<HtmlInputElement>().checked();
            if let Some(lock) = locks.get_mut(place) {
                *lock = is_checked;
            }
        }
        AssignmentDraft {
            title: self.value("#make-name"),
            task: self.value("#make-task"),
            goals: self.all(".make__goal").into_iter().map(goal).collect(),
            locks,
        }
    }

    /// Shows the fields that each goal needs, the link, and what there is to say about it.
    fn update(&self) {
        let draft = self.read();
        for (row, goal) in self.all(".make__goal").into_iter().zip(&draft.goals) {
            let (needs_state, needs_amount) = match goal.kind.as_str() {
                "stays" => (true, true),
                "ends" | "enters" => (true, false),
                _ => (false, true),
            };
            let needs_host = goal.kind != "changes";
            let parts = [("side", needs_host), ("state", needs_state), ("amount", needs_amount)];
            for (part, is_needed) in parts {
                let found = row.query_selector(&format!("[data-part={part}]")).ok().flatten();
                if let Some(field) = found {
                    // The attribute's name is valid.
                    let _ = field.toggle_attribute_with_force("hidden", !is_needed);
                }
            }
            let unit = if goal.kind == "stays" { "make.seconds" } else { "make.amount" };
            if let Some(amount) = row.query_selector("[data-part=amount]").ok().flatten() {
                let _ = amount.set_attribute("aria-label", &self.text(unit));
                let _ = amount.set_attribute("placeholder", &self.text(unit));
            }
        }
        let link = draft.link(self.sharing.link());
        let address = link.as_ref().map(|link| self.sharing.address(link)).unwrap_or_default();
        if let Some(field) = self.find("#make-link") {
            field.unchecked_into::<HtmlInputElement>().set_value(&address);
        }
        if let Some(open) = self.find("#make-open") {
            // The attribute's name is valid. Without an address it is no link.
            let _ = if address.is_empty() {
                open.remove_attribute("href")
            } else {
                open.set_attribute("href", &address)
            };
        }
        self.say(&match link {
            Ok(link) => {
                let timeline = Timeline::of(link.scenario_to_run());
                let is_done = progress(&link, timeline.trace()).iter().all(|it| it.is_reached);
                self.text(if is_done { "make.already" } else { "make.ready" })
            }
            Err(error) => {
                let place = if let DraftError::BadAmount(place) = error { place + 1 } else { 0 };
                self.words.format(&format!("make.{}", error.id()), &[("place", &place)])
            }
        });
    }

    fn say(&self, words: &str) {
        if let Some(says) = self.find("#make-says") {
            says.set_text_content(Some(words));
        }
    }

    fn on(self: &Rc<Self>, event: &Event) {
        if event.type_() == "input" {
            self.update();
        } else if let Some(button) = modal::pressed(event) {
            self.press(&button);
        }
    }

    fn press(self: &Rc<Self>, button: &Element) {
        match button.get_attribute("data-do").unwrap_or_default().as_str() {
            // The link itself opens the assignment, in this page.
            "close" | "open" => self.root.close(),
            "add" => {
                // The list is in the document, so it accepts children.
                let _ = self.add_goal();
                self.update();
                focus(self.all(".make__goal [data-part=side]").pop());
            }
            "remove" => {
                if let Ok(Some(row)) = button.closest("li") {
                    row.remove();
                }
                self.update();
                focus(self.find("[data-do=add]"));
            }
            "copy" => {
                let make = Rc::clone(self);
                spawn_local(async move { make.copy_link().await });
            }
            _ => {}
        }
    }

    async fn copy_link(&self) {
        let address = self.value("#make-link");
        if address.is_empty() {
            return self.update();
        }
        let is_copied = copy(&address).await;
        if let Some(field) = self.find("#make-link").filter(|_| !is_copied) {
            field.unchecked_into::<HtmlInputElement>().select();
        }
        self.say(&self.text(if is_copied { "make.copied" } else { "make.selected" }));
    }
}

/// The value of a field of any kind.
fn value(field: &Element) -> String {
    js_sys::Reflect::get(field, &"value".into())
        .ok()
        .and_then(|it| it.as_string())
        .unwrap_or_default()
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element of the open dialog can be focused.
        let _ = element.focus();
    }
}
