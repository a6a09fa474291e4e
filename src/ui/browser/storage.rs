//! What the browser keeps for the next visit. It may keep nothing, or not even let itself be asked.

use web_sys::{Storage, window};

const PREFIX: &str = "tcp-handshake.";

fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// What was kept under a name.
pub fn kept(name: &str) -> Option<String> {
    storage()?.get_item(&format!("{PREFIX}{name}")).ok().flatten()
}

/// Keeps a value under a name, or nothing more.
pub fn keep(name: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let name = format!("{PREFIX}{name}");
    // A full or forbidden storage keeps nothing; the page works all the same.
    let _ = match value {
        Some(value) => storage.set_item(&name, value),
        None => storage.remove_item(&name),
    };
}
