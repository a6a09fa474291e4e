//! Elements, built as a tree of calls. Text is set as text, never parsed as HTML.

use gloo::utils::document;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// A new element with attributes.
pub fn element(name: &str, attributes: &[(&str, &str)]) -> Result<Element, JsValue> {
    let element = document().create_element(name)?;
    for (name, value) in attributes {
        element.set_attribute(name, value)?;
    }
    Ok(element)
}

/// A new element with a text in it.
pub fn text(name: &str, attributes: &[(&str, &str)], text: &str) -> Result<Element, JsValue> {
    let element = element(name, attributes)?;
    element.set_text_content(Some(text));
    Ok(element)
}

/// The language of the page.
pub fn page_language() -> String {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute("lang")).unwrap_or_else(|| "en".to_owned())
}

/// Appends children to an element.
pub fn fill(parent: &Element, children: &[Element]) -> Result<(), JsValue> {
    children.iter().try_for_each(|child| parent.append_child(child).map(drop))
}

/// An element with children.
pub fn tree(
    name: &str,
    attributes: &[(&str, &str)],
    children: &[Element],
) -> Result<Element, JsValue> {
    let element = element(name, attributes)?;
    fill(&element, children)?;
    Ok(element)
}
