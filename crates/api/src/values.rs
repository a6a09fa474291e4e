//! Converts JavaScript values to the named texts that `tcp_handshake::app::host::arguments` reads.

use js_sys::{Array, Object};
use tcp_handshake::app::host::arguments::{self, Pair};
use tcp_handshake::app::host::{Field, Fields};
use tcp_handshake::link::Link;
use tcp_handshake::ui::js_value::JsFields;
use wasm_bindgen::prelude::*;

/// An `Error` to throw.
pub fn error(text: &str) -> JsValue {
    js_sys::Error::new(text).into()
}

/// Reads a text.
pub fn text_of(field: &str, value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| error(&format!("{field}: a text is needed")))
}

/// Reads a run: a text, an object of link parameters, or nothing for the default.
pub fn link_of(field: &str, value: &JsValue) -> Result<Link, JsValue> {
    let link = match value.as_string() {
        Some(text) => arguments::link_of_text(&text),
        None => arguments::link(&pairs_of(field, value)?),
    };
    link.map_err(|text| error(&text))
}

/// Reads the fields of a flat object: texts, numbers, booleans, or lists of them. Undefined fields
/// are skipped.
pub fn pairs_of(field: &str, value: &JsValue) -> Result<Vec<Pair>, JsValue> {
    if value.is_undefined() {
        return Ok(vec![]);
    }
    if !value.is_object() || Array::is_array(value) {
        return Err(error(&format!("{field}: a text or an object is needed")));
    }
    let mut pairs = vec![];
    for entry in Object::entries(value.unchecked_ref()) {
        let entry: Array = entry.unchecked_into();
        let (Some(name), value) = (entry.get(0).as_string(), entry.get(1)) else { continue };
        if value.is_undefined() {
            continue;
        }
        let text = if Array::is_array(&value) {
            let items = value.unchecked_ref::<Array>().iter();
            let texts: Option<Vec<String>> = items.map(|item| plain(&item)).collect();
            texts.map(|texts| texts.join(","))
        } else {
            plain(&value)
        };
        let text = text.ok_or_else(|| error(&format!("{name}: a text or a number is needed")))?;
        pairs.push((name, text));
    }
    Ok(pairs)
}

/// A text, a number or a boolean as text.
fn plain(value: &JsValue) -> Option<String> {
    if let Some(is_so) = value.as_bool() {
        return Some(is_so.to_string());
    }
    let number = value.dyn_ref::<js_sys::Number>();
    let number = number.and_then(|number| number.to_string_with_radix(10).ok());
    value.as_string().or_else(|| number.map(String::from))
}

/// The argument of a method: one field of the request that it makes.
pub struct Argument<'a> {
    /// The field's name.
    pub name: &'static str,
    /// Its value; undefined if the argument is left out.
    pub value: &'a JsValue,
}

impl Fields for Argument<'_> {
    fn field(&self, path: &[&str]) -> Field {
        match path.split_first() {
            Some((name, rest)) if *name == self.name => JsFields(self.value.clone()).field(rest),
            _ => Field::Missing,
        }
    }
}
