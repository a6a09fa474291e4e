//! The dialog. It is built each time it opens.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::app::share::{Files, Offer, Sharing, Snippet, Target};
use crate::export::{Format, NotExpressible};
use crate::locale;
use gloo::utils::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlDialogElement, HtmlInputElement, HtmlSelectElement};

use super::dom::{element, fill, page_language, text, tree};
use super::later::{HandOut, Later};
use super::{file, modal, picture};
use crate::ui::browser::language::{catalog, fetch};
use crate::ui::browser::window::copy;

/// The id of the list of snippets.
const SNIPPETS: &str = "share-snippets";
/// The id of the line that reports the result of a button.
const STATUS: &str = "share-status";

/// The open dialog.
struct Dialog {
    sharing: RefCell<Sharing>,
    root: HtmlDialogElement,
    target: RefCell<Target>,
    snippets: RefCell<Vec<Snippet>>,
    later: Later,
    /// The functions that write files, once they have been loaded.
    files: Cell<Option<Files>>,
}

/// Shows the dialog, in place of one that is open.
pub fn show(sharing: Sharing, later: Later) -> Result<(), JsValue> {
    let dialog = Rc::new(Dialog {
        sharing: RefCell::new(sharing),
        root: modal::new("share")?,
        target: RefCell::new(Target::Link),
        snippets: RefCell::default(),
        later,
        files: Cell::default(),
    });
    dialog.draw()?;
    let own = Rc::clone(&dialog);
    modal::attach(&dialog.root, &["click", "change", "toggle"], move |event| own.on(event))?;
    dialog.draw_snippets()?;
    dialog.root.show_modal()
}

impl Dialog {
    fn words(&self, key: &str) -> String {
        self.sharing.borrow().words(key).to_owned()
    }

    fn sentence(&self, key: &str, arguments: locale::Arguments<'_>) -> String {
        self.sharing.borrow().sentence(key, arguments)
    }

    /// Builds everything except the snippets.
    fn draw(&self) -> Result<(), JsValue> {
        let head = modal::head("share", &self.words("share.title"), &self.words("share.close"))?;
        let targets = element("fieldset", &[("class", "share__targets")])?;
        fill(&targets, &[text("legend", &[], &self.words("share.where"))?])?;
        for target in Target::ALL {
            fill(&targets, &[self.target(target)?])?;
        }
        let files = element("ul", &[("class", "share__files")])?;
        for offer in &Offer::ALL {
            fill(&files, &[self.offer(offer)?])?;
        }
        fill(&self.root, &[head])?;
        fill(&self.root, picture::parts(&self.sharing.borrow())?.as_slice())?;
        fill(&self.root, &[targets])?;
        if let Some(at) = self.sharing.borrow().instant() {
            let words = self.sentence("share.from", &[("at", &locale::instant(at))]);
            let field = [("type", "checkbox"), ("id", "share-from"), ("data-do", "from")];
            let label = tree("label", &[("class", "share__from")], &[element("input", &field)?])?;
            label.append_with_str_1(&words)?;
            fill(&self.root, &[label])?;
        }
        let snippets = [("id", SNIPPETS), ("class", "share__snippets")];
        let status = [("id", STATUS), ("class", "share__status"), ("role", "status")];
        fill(
            &self.root,
            &[
                element("div", &snippets)?,
                picture::section(&self.sharing.borrow())?,
                text("h3", &[], &self.words("share.files"))?,
                files,
                text("h3", &[], &self.words("share.hand-out"))?,
                self.handing_out()?,
                element("p", &status)?,
            ],
        )
    }

    /// The buttons that lead to an assignment and to paper.
    fn handing_out(&self) -> Result<Element, JsValue> {
        let actions = element("div", &[("class", "share__actions")])?;
        for act in HandOut::ALL.map(HandOut::id) {
            let button = [("type", "button"), ("class", "button"), ("data-do", act)];
            fill(&actions, &[text("button", &button, &self.words(&format!("share.{act}")))?])?;
        }
        Ok(actions)
    }

    /// Closes this dialog, and opens the one for an assignment, for paper, or for one's own runs.
    async fn hand_out(&self, what: HandOut) {
        let Some(words) = fetch(&page_language(), "task").await else {
            return report(&self.words("share.no-words"));
        };
        let files = if what == HandOut::Print {
            let Some(files) = self.files().await else { return };
            Some(files)
        } else {
            None
        };
        let sharing = Box::new(self.sharing.borrow().clone());
        if (self.later.hand_out)(what, sharing, words, files).await.is_err() {
            report(&self.words("share.no-words"));
        }
    }

    /// The functions that write files. Reports if they cannot be loaded.
    async fn files(&self) -> Option<Files> {
        if self.files.get().is_none() {
            match (self.later.files)().await {
                Ok(files) => self.files.set(Some(files)),
                Err(_) => report(&self.words("share.no-words")),
            }
        }
        self.files.get()
    }

    fn target(&self, target: Target) -> Result<Element, JsValue> {
        let id = target.id();
        let mut field =
            vec![("type", "radio"), ("name", "share-target"), ("value", id), ("data-do", "target")];
        if target == Target::Link {
            field.push(("checked", ""));
        }
        let name = text("span", &[], &self.words(&format!("share.target.{id}")))?;
        tree("label", &[("class", "share__target")], &[element("input", &field)?, name])
    }

    /// A kind of file: its title, its options, and its buttons.
    fn offer(&self, offer: &Offer) -> Result<Element, JsValue> {
        let id = offer.id;
        let title = self.words(&format!("share.file.{id}.title"));
        let how = self.words(&format!("share.file.{id}.how"));
        let actions = element("div", &[("class", "share__actions")])?;
        if !offer.choices.is_empty() {
            let label = self.sentence("share.choose", &[("what", &title)]);
            let select = element("select", &[("id", &choice_id(id)), ("aria-label", &label)])?;
            for choice in offer.choices {
                let words = self.words(&format!("share.choice.{choice}"));
                fill(&select, &[text("option", &[("value", choice)], &words)?])?;
            }
            fill(&actions, &[select])?;
        }
        if offer.is_text() {
            fill(&actions, &[self.button("copy", "copy-file", id, &title)?])?;
        }
        fill(&actions, &[self.button("download", "save-file", id, &title)?])?;
        tree(
            "li",
            &[("class", "share__file"), ("data-file", id)],
            &[
                tree(
                    "div",
                    &[],
                    &[text("h4", &[], &title)?, text("p", &[("class", "share__how")], &how)?],
                )?,
                actions,
            ],
        )
    }

    /// A button whose accessible name includes the thing that it acts on.
    fn button(&self, word: &str, act: &str, of: &str, what: &str) -> Result<Element, JsValue> {
        let words = self.words(&format!("share.{word}"));
        let label = format!("{words}: {what}");
        let attributes = [
            ("type", "button"),
            ("class", "button"),
            ("data-do", act),
            ("data-of", of),
            ("aria-label", &label),
        ];
        text("button", &attributes, &words)
    }

    /// Lists the snippets for the chosen target.
    fn draw_snippets(&self) -> Result<(), JsValue> {
        let Some(list) = document().get_element_by_id(SNIPPETS) else { return Ok(()) };
        list.set_text_content(None);
        let from: Option<HtmlInputElement> =
            document().get_element_by_id("share-from").map(JsCast::unchecked_into);
        let from_instant = from.is_some_and(|from| from.checked());
        let target = *self.target.borrow();
        let snippets = self.sharing.borrow().snippets(target, from_instant, self.files.get());
        for (index, snippet) in snippets.iter().enumerate() {
            fill(&list, &[self.snippet(index, snippet)?])?;
        }
        self.snippets.replace(snippets);
        Ok(())
    }

    fn snippet(&self, index: usize, snippet: &Snippet) -> Result<Element, JsValue> {
        let (id, place) = (snippet.id, index.to_string());
        let title = self.words(&format!("share.snippet.{id}.title"));
        let how = self.words(&format!("share.snippet.{id}.how"));
        let heading = text("h3", &[], &title)?;
        let actions = element("div", &[("class", "share__actions")])?;
        if snippet.file.is_some() {
            fill(&actions, &[self.button("download", "save-with", &place, &title)?])?;
        }
        fill(&actions, &[self.button("copy", "copy-snippet", &place, &title)?])?;
        let code = [
            ("id", text_id(index)),
            ("class", "share__text".to_owned()),
            ("tabindex", "0".to_owned()),
            ("role", "region".to_owned()),
            ("aria-label", title),
            ("translate", "no".to_owned()),
        ];
        let code: Vec<(&str, &str)> = code.iter().map(|(name, it)| (*name, it.as_str())).collect();
        tree(
            "section",
            &[("class", "share__snippet"), ("data-snippet", id)],
            &[
                tree("div", &[("class", "share__head")], &[heading, actions])?,
                text("p", &[("class", "share__how")], &how)?,
                text("pre", &code, &snippet.text)?,
            ],
        )
    }

    fn on(self: &Rc<Self>, event: &Event) {
        if event.type_() == "toggle" {
            return self.draw_choices();
        }
        let Some(part) = modal::pressed(event) else { return };
        if event.type_() == "change" {
            self.change(&part);
        } else {
            self.press(&part);
        }
    }

    /// A field has another value.
    fn change(self: &Rc<Self>, field: &Element) {
        let of = field.get_attribute("data-of").unwrap_or_default();
        let value = picture::value(field);
        match field.get_attribute("data-do").unwrap_or_default().as_str() {
            "target" => {
                if let Some(target) = Target::from_id(&value) {
                    self.target.replace(target);
                }
            }
            "choose" => self.sharing.borrow_mut().choose(&of, &value),
            "speak" => {
                let dialog = Rc::clone(self);
                spawn_local(async move {
                    if let Some(catalog) = catalog(&value).await {
                        dialog.sharing.borrow_mut().speak(&value, catalog);
                        dialog.draw_choices();
                    }
                });
            }
            _ => {}
        }
        self.draw_choices();
    }

    /// Draws what depends on the choices.
    fn draw_choices(self: &Rc<Self>) {
        // The parts are in the document, so they accept children.
        let _ = self.draw_snippets();
        let shows_picture = picture::is_open(&self.root);
        if let Some(files) = self.files.get().filter(|_| shows_picture) {
            let _ = picture::draw(&self.sharing.borrow(), files);
        }
        let has_file = matches!(*self.target.borrow(), Target::GitHub | Target::Velog);
        let needs_files = shows_picture || has_file;
        if needs_files && self.files.get().is_none() {
            let dialog = Rc::clone(self);
            spawn_local(async move {
                if dialog.files().await.is_some() {
                    dialog.draw_choices();
                }
            });
        }
    }

    fn press(self: &Rc<Self>, button: &Element) {
        let of = button.get_attribute("data-of").unwrap_or_default();
        let dialog = Rc::clone(self);
        match button.get_attribute("data-do").unwrap_or_default().as_str() {
            "close" => self.root.close(),
            "copy-snippet" => spawn_local(async move { dialog.copy_snippet(&of).await }),
            "copy-file" => spawn_local(async move { dialog.copy_file(&of).await }),
            "save-with" => {
                let file = self.at(&of).and_then(|(_, snippet)| snippet.file);
                let offer = Offer::ALL.into_iter().find(|it| Some(it.format) == file);
                if let Some(offer) = offer {
                    spawn_local(async move { dialog.save_file(&offer).await });
                }
            }
            "save-file" => {
                if let Some(offer) = Offer::from_id(&of) {
                    spawn_local(async move { dialog.save_file(&offer).await });
                }
            }
            act => {
                if let Some(what) = HandOut::ALL.into_iter().find(|what| what.id() == act) {
                    spawn_local(async move { dialog.hand_out(what).await });
                }
            }
        }
    }

    fn at(&self, place: &str) -> Option<(usize, Snippet)> {
        let index = place.parse().ok()?;
        Some((index, self.snippets.borrow().get(index)?.clone()))
    }

    async fn copy_snippet(&self, place: &str) {
        let Some((index, snippet)) = self.at(place) else { return };
        if copy(&snippet.text).await {
            let what = self.words(&format!("share.snippet.{}.title", snippet.id));
            report(&self.sentence("share.copied", &[("what", &what)]));
            return;
        }
        if let Some(text) = document().get_element_by_id(&text_id(index)) {
            // Selecting an element of the document cannot fail.
            let _ = window()
                .get_selection()
                .map(|selection| selection.map(|selection| selection.select_all_children(&text)));
        }
        report(&self.words("share.selected"));
    }

    async fn copy_file(&self, id: &str) {
        let Some(offer) = Offer::from_id(id) else { return };
        let Some(files) = self.files().await else { return };
        let text = match (files.file)(&self.sharing.borrow(), offer.format, &choice(id)) {
            Ok(octets) => String::from_utf8_lossy(&octets).into_owned(),
            Err(reason) => return self.report_refusal(reason),
        };
        if copy(&text).await {
            let what = self.words(&format!("share.file.{id}.title"));
            report(&self.sentence("share.copied", &[("what", &what)]));
        } else {
            self.save(&offer, "share.instead").await;
        }
    }

    async fn save_file(&self, offer: &Offer) {
        self.save(offer, "share.saved").await;
    }

    /// Saves a file and reports it with the words of this key.
    async fn save(&self, offer: &Offer, words: &str) {
        let choice = choice(offer.id);
        let Some(files) = self.files().await else { return };
        let octets = match (files.file)(&self.sharing.borrow(), offer.format, &choice) {
            Ok(octets) => octets,
            Err(reason) => return self.report_refusal(reason),
        };
        let mut name = self.sharing.borrow().name(offer.format, &choice);
        let mut blob = file::blob(&octets, offer.format.media_type());
        if offer.is_png {
            let svg_end = Format::Svg.extension();
            name = format!("{}png", name.trim_end_matches(svg_end));
            let svg = (files.for_pixels)(&self.sharing.borrow());
            blob = match file::blob(&svg, offer.format.media_type()) {
                Ok(svg) => file::render_png(&svg).await,
                error => error,
            };
        }
        match blob.and_then(|blob| file::save(&blob, &name)) {
            Ok(()) => report(&self.sentence(words, &[("name", &name)])),
            Err(_) => report(&self.words("share.no-picture")),
        }
    }

    fn report_refusal(&self, reason: NotExpressible) {
        report(&self.words(&format!("share.not.{}", reason.id())));
    }
}

fn report(words: &str) {
    if let Some(status) = document().get_element_by_id(STATUS) {
        status.set_text_content(Some(words));
    }
}

fn text_id(index: usize) -> String {
    format!("share-text-{index}")
}

fn choice_id(id: &str) -> String {
    format!("share-choice-{id}")
}

/// The chosen option of a kind of file.
fn choice(id: &str) -> String {
    let select = document().get_element_by_id(&choice_id(id));
    select.map(|it| it.unchecked_into::<HtmlSelectElement>().value()).unwrap_or_default()
}
