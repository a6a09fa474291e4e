//! Values that the browser keeps for the next visit. Storage may be full, disabled or forbidden.

use web_sys::{Storage, window};

const PREFIX: &str = "tcp-handshake.";
/// The name of the reader's own runs.
pub const RUNS: &str = "runs";

fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// The value stored under a name.
pub fn kept(name: &str) -> Option<String> {
    storage()?.get_item(&format!("{PREFIX}{name}")).ok().flatten()
}

/// Stores a value under a name; `None` removes it.
pub fn keep(name: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let name = format!("{PREFIX}{name}");
    // Full or forbidden storage keeps nothing. The page works all the same.
    let _ = match value {
        Some(value) => storage.set_item(&name, value),
        None => storage.remove_item(&name),
    };
}
