//! Elements, built as a tree of calls. Text is set as text, never parsed as HTML.

use std::cell::Cell;

use gloo::utils::{body, document};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlLinkElement};

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

thread_local! {
    static HAS_STYLES: Cell<bool> = const { Cell::new(false) };
}

/// Adds a stylesheet to the page once, and waits until it has loaded.
pub async fn stylesheet(address: &str) -> Result<(), JsValue> {
    if HAS_STYLES.get() {
        return Ok(());
    }
    let link: HtmlLinkElement = document().create_element("link")?.unchecked_into();
    link.set_rel("stylesheet");
    link.set_href(address);
    let arrived = Promise::new(&mut |resolve, reject| {
        link.set_onload(Some(&resolve));
        link.set_onerror(Some(&reject));
    });
    document().head().unwrap_or_else(|| body().unchecked_into()).append_child(&link)?;
    JsFuture::from(arrived).await?;
    HAS_STYLES.set(true);
    Ok(())
}
