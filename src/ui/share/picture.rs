//! The choice of the part that is shared, and the picture of it: how it will look, and the options
//! for that.

use gloo::utils::document;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlDialogElement, HtmlInputElement, HtmlSelectElement};

use super::dom::{element, fill, page_language, text, tree};
use crate::app::share::{Files, Sharing};
use crate::export::Width;
use crate::link::Theme;
use crate::locale::LANGUAGES;

/// The id of the place of the picture.
const PLACE: &str = "share-picture";

/// The choice between the whole run and its parts; nothing if it has no parts.
pub fn parts(sharing: &Sharing) -> Result<Option<Element>, JsValue> {
    let parts = sharing.parts();
    if parts.is_empty() {
        return Ok(None);
    }
    let choices = element("fieldset", &[("class", "share__targets share__parts")])?;
    fill(&choices, &[text("legend", &[], sharing.words("share.part.title"))?])?;
    let whole = (String::new(), sharing.words("share.part.whole").to_owned());
    let parts = parts.into_iter().map(|(part, name)| (part.id().to_owned(), name));
    let chosen = sharing.part().map_or("", |part| part.id());
    for (id, name) in std::iter::once(whole).chain(parts) {
        let mut field = vec![
            ("type", "radio"),
            ("name", "share-part"),
            ("value", id.as_str()),
            ("data-do", "choose"),
            ("data-of", "part"),
        ];
        if id == chosen {
            field.push(("checked", ""));
        }
        let words = text("span", &[], &name)?;
        let label =
            tree("label", &[("class", "share__target")], &[element("input", &field)?, words])?;
        fill(&choices, &[label])?;
    }
    Ok(Some(choices))
}

/// The picture with its options. It is closed at first, because its code is large, and loads when
/// somebody opens it.
pub fn section(sharing: &Sharing) -> Result<Element, JsValue> {
    let words = |key: &str| sharing.words(&format!("share.picture.{key}")).to_owned();
    let widths = Width::ALL.map(|width| (width.id(), words(width.id())));
    let themes = Theme::ALL.map(|theme| (theme.id(), words(theme.id())));
    let languages: Vec<_> =
        LANGUAGES.iter().map(|language| (language.code, language.name.to_owned())).collect();
    // The language of the page is that of the files at first.
    let of = |what| [("data-do", "choose"), ("data-of", what)];
    let options = tree(
        "div",
        &[("class", "share__options")],
        &[
            menu(&words("width"), &of("width"), &widths, "")?,
            menu(&words("theme"), &of("theme"), &themes, "")?,
            menu(&words("language"), &[("data-do", "speak")], &languages, &page_language())?,
            checkbox(&words("captions"), "captions", true)?,
            checkbox(&words("sentences"), "sentences", false)?,
        ],
    )?;
    let place = [
        ("id", PLACE),
        ("class", "share__picture"),
        ("tabindex", "0"),
        ("role", "region"),
        ("aria-label", &words("title")),
    ];
    let title = tree("summary", &[], &[text("h3", &[], &words("title"))?])?;
    tree("details", &[("class", "share__look")], &[title, options, element("div", &place)?])
}

fn menu(
    label: &str,
    attributes: &[(&str, &str)],
    choices: &[(&str, String)],
    chosen: &str,
) -> Result<Element, JsValue> {
    let select = element("select", attributes)?;
    for (id, words) in choices {
        let mut option = vec![("value", *id)];
        if *id == chosen {
            option.push(("selected", ""));
        }
        fill(&select, &[text("option", &option, words)?])?;
    }
    tree("label", &[("class", "share__option")], &[text("span", &[], label)?, select])
}

fn checkbox(label: &str, what: &str, is_checked: bool) -> Result<Element, JsValue> {
    let mut field = vec![("type", "checkbox"), ("data-do", "choose"), ("data-of", what)];
    if is_checked {
        field.push(("checked", ""));
    }
    tree(
        "label",
        &[("class", "share__option")],
        &[element("input", &field)?, text("span", &[], label)?],
    )
}

/// The value of a field: `true` or `false` of a checkbox.
pub fn value(field: &Element) -> String {
    if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        return select.value();
    }
    let Some(input) = field.dyn_ref::<HtmlInputElement>() else { return String::new() };
    if input.type_() == "checkbox" { input.checked().to_string() } else { input.value() }
}

/// Whether the picture of a dialog is open.
pub fn is_open(dialog: &HtmlDialogElement) -> bool {
    dialog.query_selector("details[open]").is_ok_and(|open| open.is_some())
}

/// Draws the picture as it is chosen to look.
pub fn draw(sharing: &Sharing, files: Files) -> Result<(), JsValue> {
    let Some(place) = document().get_element_by_id(PLACE) else { return Ok(()) };
    show(&(files.preview)(sharing), &place)
}

/// Shows an SVG within an element.
///
/// The page's policy allows neither pictures nor styles that are made here, so the picture's
/// elements are in a shadow tree, with its styles as a style sheet object.
pub fn show(svg: &str, place: &Element) -> Result<(), JsValue> {
    let (before, rest) = svg.split_once("<style>").unwrap_or((svg, ""));
    let (style, after) = rest.split_once("</style>").unwrap_or(("", rest));
    let parser = construct("DOMParser")?;
    let parsed = call(&parser, "parseFromString", &[&format!("{before}{after}"), "image/svg+xml"])?;
    let picture: Element = Reflect::get(&parsed, &"documentElement".into())?.dyn_into()?;
    let sheet = construct("CSSStyleSheet")?;
    // Narrower than its width, it shrinks, as in a column of text.
    call(
        &sheet,
        "replaceSync",
        &[&format!("svg{{max-width:100%;height:auto;display:block}}{style}")],
    )?;
    let mut root = Reflect::get(place, &"shadowRoot".into())?;
    if !root.is_object() {
        let options = Object::new();
        Reflect::set(&options, &"mode".into(), &"open".into())?;
        let attach: Function = Reflect::get(place, &"attachShadow".into())?.dyn_into()?;
        root = attach.call1(place, &options)?;
    }
    Reflect::set(&root, &"adoptedStyleSheets".into(), &Array::of1(&sheet))?;
    let replace: Function = Reflect::get(&root, &"replaceChildren".into())?.dyn_into()?;
    replace.call1(&root, &picture).map(drop)
}

/// A new object of a global class without arguments.
fn construct(class: &str) -> Result<JsValue, JsValue> {
    let class: Function = Reflect::get(&js_sys::global(), &class.into())?.dyn_into()?;
    Reflect::construct(&class, &Array::new())
}

/// Calls a method with texts.
fn call(object: &JsValue, method: &str, texts: &[&str]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let texts: Array = texts.iter().map(|text| JsValue::from(*text)).collect();
    method.apply(object, &texts)
}
