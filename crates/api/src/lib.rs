//! The simulator for JavaScript programs: runs, files, and players in elements of their own.
//!
//! `cargo xtask package` builds it into an npm package, with the files of `npm/`. The arguments are
//! read in `tcp_handshake::app::arguments`, which has native tests.
#![cfg(target_arch = "wasm32")]

mod player;
mod values;

use js_sys::{JsString, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use tcp_handshake::app::arguments;
use tcp_handshake::export;
use tcp_handshake::locale::{Catalog, LANGUAGES};
use tcp_handshake::sim::Timeline;
use wasm_bindgen::prelude::*;

pub use player::{Player, mount};
use values::{error, link_of, pairs_of, text_of};

const KOREAN: &str = include_str!("../../../static/locales/ko.json");

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// The texts of a language; a missing text is in English.
fn catalog(code: &str) -> Catalog {
    let korean = (code == "ko").then(|| Catalog::parse(KOREAN).ok()).flatten();
    korean.unwrap_or_else(|| Catalog::english().clone())
}

/// Runs a scenario, and gives its trace as `docs/trace.schema.json` describes it.
///
/// # Errors
///
/// The field of the scenario that is not understood.
#[wasm_bindgen]
pub fn simulate(scenario: &JsValue) -> Result<JsValue, JsValue> {
    let link = link_of("scenario", scenario)?;
    let timeline = Timeline::of(link.scenario_to_run());
    let trace = export::trace(&timeline, &link);
    Ok(trace.serialize(&Serializer::json_compatible())?)
}

/// Runs a scenario and exports it: as text, or as bytes for `pcapng`.
///
/// # Errors
///
/// The field that is not understood, or why this run cannot be said in this format.
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
