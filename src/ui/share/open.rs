//! Opening the dialogs, and the table that study notes copy.

use super::later::{HandOut, Later};
use super::{dialog, make, modal, print, runs};
use crate::app::share::{Files, Sharing};
use crate::export::Format;
use crate::locale::Catalog;
use crate::ui::browser::language::{catalog, fetch};
use crate::ui::browser::styles;
use crate::ui::late::NotLoaded;
use gloo::utils::document;

/// Opens the dialog for the run at an address, in a language.
///
/// # Errors
///
/// The dialog's words or stylesheet could not be loaded.
pub async fn open(address: &str, lang: &str, later: Later) -> Result<(), NotLoaded> {
    let sharing = sharing(address, lang).await?;
    styles::load_chunk("share").await.map_err(|_| NotLoaded)?;
    dialog::show(sharing, later).map_err(|_| NotLoaded)
}

/// The segments of the run at an address as a Markdown table, as study notes have it.
///
/// # Errors
///
/// The table's words could not be loaded.
pub async fn table(address: &str, lang: &str) -> Result<String, NotLoaded> {
    let table = sharing(address, lang).await?.file(Format::Markdown, "notes");
    let bytes = table.map_err(|_| NotLoaded)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Closes the dialog, and opens another one in its place. Paper needs the `files`.
pub fn hand_out(what: HandOut, sharing: Sharing, words: Catalog, files: Option<Files>) {
    modal::close();
    // The document accepts the elements of a dialog.
    let _ = match (what, files) {
        (HandOut::Make, _) => make::show(sharing, words),
        (HandOut::Runs, _) => runs::show(sharing, words),
        (HandOut::Print, Some(files)) => print::show(sharing, words, files),
        (HandOut::Print, None) => return,
    };
}

async fn sharing(address: &str, lang: &str) -> Result<Sharing, NotLoaded> {
    let page: Option<Catalog> = catalog(lang).await;
    let words = fetch(lang, "share").await;
    let (page, words) = page.zip(words).ok_or(NotLoaded)?;
    // `cargo xtask build` writes the previews, and says so in the page.
    let previews = document().query_selector("meta[name=previews]").ok().flatten();
    Ok(Sharing::new(address, lang, page, words).with_previews(previews.is_some()))
}
