//! What the document says about the build of the program.

use gloo::utils::document;

/// A fact about the build, such as the address of a file whose name has a hash: `cargo xtask page`
/// writes it into the document. `None` if there is no such fact, or the page was not built so.
pub fn fact(name: &str) -> Option<String> {
    let program = document().query_selector("meta[name=program]").ok()??;
    program.get_attribute(&format!("data-{name}"))
}
