//! The viewer's settings, which the browser keeps.

use yew::prelude::*;

use super::storage;
use crate::app::Settings;

/// Stores the settings in the browser, if it allows that.
#[hook]
pub fn use_kept(settings: Settings) {
    use_effect_with(settings, |settings| {
        let defaults = Settings::default();
        storage::keep("keys", (settings.single_keys != defaults.single_keys).then_some("off"));
        storage::keep("motion", settings.still.map(|still| if still { "steps" } else { "glide" }));
    });
}

/// The settings stored by an earlier visit, or else the defaults.
pub fn kept() -> Settings {
    let defaults = Settings::default();
    Settings {
        single_keys: storage::kept("keys").map_or(defaults.single_keys, |value| value != "off"),
        still: storage::kept("motion").map(|value| value == "steps"),
    }
}
