//! Writing a link: the canonical text of its fragment.

use core::fmt::{self, Write as _};

use super::model::Link;
use super::parameters::TUNING;
use super::view::{PauseOn, Speed, Theme};
use crate::sim::Part;

/// Writes the canonical fragment, without `#`.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let link = self.clone().normalized();
        write!(f, "scenario={}", link.scenario)?;
        pair(f, "part", link.part.map(Part::id))?;
        list(f, "do", &link.edits)?;
        for parameter in &TUNING {
            pair(f, parameter.name, (parameter.write)(&link))?;
        }
        let view = &link.view;
        pair(f, "t", view.t)?;
        pair(f, "autoplay", view.autoplay.then_some(1))?;
        pair(f, "speed", (view.speed != Speed::One).then(|| view.speed.id()))?;
        pair(f, "pauseOn", (view.pause_on != PauseOn::None).then(|| view.pause_on.id()))?;
        pair(f, "lang", view.lang.as_deref())?;
        pair(f, "theme", (view.theme != Theme::Auto).then(|| view.theme.id()))?;
        list(f, "panels", &view.panels)?;
        pair(f, "embed", view.embed.then_some(1))?;
        words(f, "name", view.name.as_deref())?;
        words(f, "task", view.task.as_deref())?;
        list(f, "goal", &view.goals)?;
        list(f, "lock", &view.lock.items())?;
        link.unknown.iter().try_for_each(|(key, value)| words(f, key, Some(value)))
    }
}

/// Writes a pair whose parts can be any text.
fn words(f: &mut fmt::Formatter<'_>, key: &str, value: Option<&str>) -> fmt::Result {
    let Some(value) = value else { return Ok(()) };
    f.write_char('&')?;
    encode(f, key)?;
    f.write_char('=')?;
    encode(f, value)
}

fn pair(f: &mut fmt::Formatter<'_>, key: &str, value: Option<impl fmt::Display>) -> fmt::Result {
    value.map_or(Ok(()), |value| write!(f, "&{key}={value}"))
}

fn list(f: &mut fmt::Formatter<'_>, key: &str, items: &[impl fmt::Display]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        match index {
            0 => write!(f, "&{key}={item}")?,
            _ => write!(f, ",{item}")?,
        }
    }
    Ok(())
}

/// Encodes a text so that it contains only characters that Markdown and chat tools leave alone.
fn encode(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".,:@_-".contains(&byte) {
            f.write_char(char::from(byte))?;
        } else {
            write!(f, "%{byte:02X}")?;
        }
    }
    Ok(())
}
