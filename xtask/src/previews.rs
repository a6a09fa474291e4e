//! The pages of `dist/s/`, from which services make link previews, and the card of the main page.

use std::path::Path;

use crate::failure::Result;
use crate::{files, process};

/// The folder of the pages in `dist/`.
pub const FOLDER: &str = "s";
/// The end of the head of the page.
const HEAD_END: &str = "</head>";

/// Writes a page and pictures for every scenario, and names a picture in `dist/index.html`. The
/// pictures are drawn by the command line. If it cannot draw, for lack of fonts, the page is
/// complete without them.
pub fn write(dist: &Path, address: Option<&str>) -> Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["run", "--release", "--locked", "--quiet", "--features", "png"]);
    cargo.args(["--package", "tcp-handshake", "--", "previews"]).arg(dist.join(FOLDER));
    if let Some(address) = address {
        cargo.args(["--address", address]);
    }
    if let Err(failure) = process::run(&mut cargo) {
        eprintln!("xtask: the page has no link previews: {failure}");
        // Half of them would lead to pictures that are not there.
        return files::empty_folder(&dist.join(FOLDER));
    }
    let index = dist.join("index.html");
    let page = files::read_text(&index)?;
    files::write(&index, page.replacen(HEAD_END, &(head(address) + HEAD_END), 1))
}

/// What is added to the head of the page: its card, and that there are previews.
fn head(address: Option<&str>) -> String {
    let base = address.map_or_else(String::new, |url| format!("{}/", url.trim_end_matches('/')));
    format!(
        "<meta name=\"previews\" content=\"{FOLDER}/\">\
         <meta property=\"og:title\" content=\"TCP handshake simulator\">\
         <meta property=\"og:type\" content=\"website\">\
         <meta property=\"og:image\" content=\"{base}{FOLDER}/normal/en.png\">\
         <meta name=\"twitter:card\" content=\"summary_large_image\">"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_has_a_whole_address_if_there_is_one() {
        assert!(head(None).contains("content=\"s/normal/en.png\""));
        let head = head(Some("https://host/tcp"));
        assert!(head.contains("content=\"https://host/tcp/s/normal/en.png\""), "{head}");
    }
}
