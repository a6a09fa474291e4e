//! The page's second program: the dialog in which a run is shared and exported.
//!
//! `static/loading.js` fetches it when it is first asked for, so it weighs nothing before. What
//! there is to share is decided in `tcp_handshake::app::share`, natively tested; here it is drawn,
//! copied and saved.
#![cfg(target_arch = "wasm32")]

mod dialog;
mod dom;
mod file;

use gloo::utils::window;
use tcp_handshake::app::share::Sharing;
use tcp_handshake::export::Format;
use tcp_handshake::locale::Catalog;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Opens the dialog for what the page shows at an address, in a language.
///
/// # Errors
///
/// Its words or its looks did not arrive.
#[wasm_bindgen]
pub async fn open(address: String, lang: String) -> Result<(), JsValue> {
    let sharing = sharing(&address, &lang).await?;
    dom::stylesheet("share/share.css").await?;
    dialog::show(sharing)
}

/// The segments of the run at an address as a table in Markdown, as study notes have it.
///
/// # Errors
///
/// Its words did not arrive.
#[wasm_bindgen]
pub async fn table(address: String, lang: String) -> Result<String, JsValue> {
    let octets = sharing(&address, &lang).await?.file(Format::Markdown, "notes");
    let octets = octets.map_err(|_| "no table")?;
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

async fn sharing(address: &str, lang: &str) -> Result<Sharing, JsValue> {
    let catalog = match lang {
        "en" => Catalog::english().clone(),
        code => fetch(&format!("locales/{code}.json")).await?,
    };
    let words = fetch(&format!("share/{lang}.json")).await?;
    Ok(Sharing::new(address, catalog, words))
}

async fn fetch(address: &str) -> Result<Catalog, JsValue> {
    let response: Response =
        JsFuture::from(window().fetch_with_str(address)).await?.unchecked_into();
    if !response.ok() {
        return Err(address.into());
    }
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Catalog::parse(&text).map_err(|error| error.to_string().into())
}
