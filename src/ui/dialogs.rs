//! The dialogs over the page.

use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::AppState;
use crate::ui::capture::CaptureDialogProps;
use crate::ui::help::HelpProps;
use crate::ui::late;
use crate::ui::page::Page;
use crate::ui::settings::SettingsDialogProps;
use crate::ui::setup::packetdrill::ScriptPanelProps;

/// The help and the settings, if they have been opened.
pub fn dialogs(state: &AppState, [has_help, has_settings]: [bool; 2], page: &Page) -> Html {
    html! { <>
        if has_help { { help(state, page) } }
        if has_settings { { settings(state, page) } }
    </> }
}

/// The dialogs in which scripts and captures are opened, if they have been opened.
pub fn files(state: &AppState, [has_scripts, has_captures]: [bool; 2], page: &Page) -> Html {
    html! { <>
        if has_scripts {
            { late::mount(&late::SCRIPT_PANEL, ScriptPanelProps {
                draft: state.draft.clone(), page: page.clone(),
            }, page) }
        }
        if has_captures {
            { late::mount(&late::CAPTURE_DIALOG, CaptureDialogProps {
                list: state.capture_list, page: page.clone(),
            }, page) }
        }
    </> }
}

/// The help, in a dialog.
fn help(state: &AppState, page: &Page) -> Html {
    let properties = HelpProps { is_open: state.help, page: page.clone() };
    late::mount(&late::HELP, properties, page)
}

/// The settings, in a dialog.
fn settings(state: &AppState, page: &Page) -> Html {
    let properties = SettingsDialogProps {
        is_open: state.sets,
        settings: state.settings,
        show_future: state.show_future,
        true_scale: state.true_scale,
        speed: state.link.view.tempo(),
        pause_on: state.link.view.pause_on,
        page: page.clone(),
    };
    late::mount(&late::SETTINGS, properties, page)
}
