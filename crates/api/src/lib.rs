//! The simulator for JavaScript programs: runs, exports, and players in elements of their own.
//!
//! `cargo xtask package` builds it into an npm package, together with the files of `npm/`.
//! `tcp_handshake::app::host::arguments` reads the arguments and has native tests.
#![cfg(target_arch = "wasm32")]

mod player;
mod values;

use js_sys::{JsString, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use tcp_handshake::app::host::arguments;
use tcp_handshake::export;
use tcp_handshake::locale::{Catalog, LANGUAGES};
use tcp_handshake::sim::Timeline;
use wasm_bindgen::prelude::*;

pub use player::{Player, mount};
use values::{error, link_of, pairs_of, text_of};

const KOREAN: [&str; 2] = [
    include_str!("../../../static/words/ko/start.json"),
    include_str!("../../../static/words/ko/page.json"),
];

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    tcp_handshake::ui::mounted::provide_parts();
}

/// The texts of a language, in English where a translation is missing.
fn catalog(code: &str) -> Catalog {
    let korean = (code == "ko").then(|| Catalog::parse_all(&KOREAN).ok()).flatten();
    korean.unwrap_or_else(|| Catalog::english().clone())
}

/// Runs a scenario and returns its trace, in the format of `docs/trace.schema.json`.
///
/// # Errors
///
/// Names the field of the scenario that is invalid.
#[wasm_bindgen]
pub fn simulate(scenario: &JsValue) -> Result<JsValue, JsValue> {
    let link = link_of("scenario", scenario)?;
    let timeline = link.shown(Timeline::of(link.scenario_to_run()));
    let trace = export::trace(&timeline, &link);
    Ok(trace.serialize(&Serializer::json_compatible())?)
}

/// Runs a scenario and exports it, as text or, for `pcapng`, as bytes.
///
/// # Errors
///
/// Names the field that is invalid, or says why the run cannot be expressed in this format.
#[wasm_bindgen(js_name = exportAs)]
pub fn export_as(
    scenario: &JsValue,
    format: &JsValue,
    options: &JsValue,
) -> Result<JsValue, JsValue> {
    let link = link_of("scenario", scenario)?;
    let format = arguments::format(&text_of("format", format)?).map_err(|text| error(&text))?;
    let pairs = pairs_of("options", options)?;
    let (options, lang) = arguments::options(&pairs).map_err(|text| error(&text))?;
    let lang = lang.map(|lang| lang.code).or(link.view.lang.as_deref());
    let catalog = catalog(lang.unwrap_or(LANGUAGES[0].code));
    let timeline = Timeline::of(link.scenario_to_run());
    let octets = export::export(&timeline, &link, format, &catalog, &options)
        .map_err(|reason| error(&format!("format: {reason}")))?;
    if format.is_text() {
        return Ok(JsString::from(String::from_utf8_lossy(&octets).as_ref()).into());
    }
    Ok(Uint8Array::from(octets.as_slice()).into())
}
