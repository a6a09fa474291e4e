//! Messages as the browser's own objects, in both directions.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::app::host::{self, Field, Fields, Value};

/// The fields of a JavaScript object.
#[derive(Clone, Debug)]
pub struct JsFields(pub JsValue);

impl Fields for JsFields {
    fn field(&self, path: &[&str]) -> Field {
        let mut value = self.0.clone();
        for name in path {
            let found = value.is_object().then(|| Reflect::get(&value, &JsValue::from_str(name)));
            value = found.and_then(Result::ok).unwrap_or_default();
        }
        if let Some(text) = value.as_string() {
            Field::Text(text)
        } else if let Some(number) = value.as_f64().filter(|number| number.is_finite()) {
            Field::Number(number)
        } else if value.is_undefined() {
            Field::Missing
        } else {
            Field::Other
        }
    }
}

/// A message as a JavaScript object.
#[must_use]
pub fn to_js(object: &host::Object) -> JsValue {
    let made = Object::new();
    for (name, value) in object.fields() {
        // Setting a field of a new plain object cannot fail.
        let _ = Reflect::set(&made, &JsValue::from_str(name), &value_to_js(value));
    }
    made.into()
}

fn value_to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(value) => JsValue::from_bool(*value),
        Value::Number(number) => JsValue::from_f64(*number),
        Value::Text(text) => JsValue::from_str(text),
        Value::List(items) => items.iter().map(value_to_js).collect::<Array>().into(),
        Value::Object(object) => to_js(object),
    }
}
