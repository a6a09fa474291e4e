//! The chunks in which code loads after the player: `page` (the components around the player),
//! `panels`, `graph`, `host` (for a page in a frame), `share`, the `files` and `handout`s of the
//! Share dialog, `script` and `capture`.
//!
//! With the cargo feature `split`, `cargo xtask page` moves each chunk's functions into files of
//! their own, which the browser fetches when one of them is first called. Without the feature
//! everything is in one program, and every component mounts at once.
//!
//! This is the one module that may contain `unsafe`: `wasm_split` declares the functions of a chunk
//! as imports, and its macro expands to such declarations. Nothing else here is unsafe.

#![cfg_attr(feature = "split", allow(unsafe_code, reason = "the expansion of `wasm_split`"))]

use std::rc::Rc;

use tcp_handshake_html::ComponentVTable;
use web_sys::File;
use yew::Callback;

use crate::app::share::{Files, Sharing};
use crate::app::{Action, read_opened_text};
use crate::locale::Catalog;
use crate::packetdrill::Stack;
use crate::ui::browser::host_page::connect;
use crate::ui::capture::{CaptureCard, CaptureDialog, take_file};
use crate::ui::compare::Before;
use crate::ui::help::Help;
use crate::ui::late::{
    CapturePart, Connect, HandoutPart, Loaders, NotLoaded, PagePart, PanelsPart, Part, Reading,
    ScriptPart, Task,
};
use crate::ui::panels::graph::SequenceGraph;
use crate::ui::panels::inspector::Inspector;
use crate::ui::panels::learn::Learn;
use crate::ui::panels::log::Log;
use crate::ui::panels::states::Diagram;
use crate::ui::panels::tabs::Tabs;
use crate::ui::panels::tcb::Tcbs;
use crate::ui::panels::why::{Reason, Why};
use crate::ui::present::Presenter;
use crate::ui::quiz::Quiz;
use crate::ui::setup::edits::Script;
use crate::ui::setup::packetdrill::{Listing, ScriptPanel};
use crate::ui::setup::tune::Tune;
use crate::ui::share::{self, HandOut, Later};
use crate::ui::task::TaskCard;
use crate::ui::top::header::Header;

/// The functions that load the chunks.
pub const LOADERS: Loaders = Loaders {
    present,
    component: |part| Box::pin(component(part)),
    file: |file, dispatch| Box::pin(async move { dropped(file, dispatch).await?.await }),
    read: |text, stack| Box::pin(read(text, stack)),
    host_page: || Box::pin(host_page()),
    share: |address, lang| Box::pin(async move { share_dialog(address, lang).await?.await }),
    table: |address, lang| Box::pin(async move { share_table(address, lang).await?.await }),
};

#[cfg(feature = "split")]
const fn present(_: Part) -> Option<ComponentVTable> {
    None
}

#[cfg(not(feature = "split"))]
#[allow(clippy::unnecessary_wraps, reason = "a split program has no component present")]
fn present(part: Part) -> Option<ComponentVTable> {
    Some(match part {
        Part::Page(part) => page_component(part),
        Part::Panels(part) => panels_component(part),
        Part::Graph => ComponentVTable::of::<SequenceGraph>(),
        Part::Handout(part) => handout_component(part),
        Part::Script(part) => script_component(part),
        Part::Capture(part) => capture_component(part),
    })
}

async fn component(part: Part) -> Result<ComponentVTable, NotLoaded> {
    match part {
        Part::Page(part) => load_page(part).await,
        Part::Panels(part) => load_panels(part).await,
        Part::Graph => load_graph().await,
        Part::Handout(part) => load_handout(part).await,
        Part::Script(part) => load_script(part).await,
        Part::Capture(part) => load_capture(part).await,
    }
}

/// Declares an asynchronous function whose body is in a chunk, with all code that only it uses.
macro_rules! in_chunk {
    ($(
        $(#[$meta:meta])*
        $chunk:ident: fn $name:ident($($argument:ident: $kind:ty),*) -> $output:ty $body:block
    )*) => {$(
        $(#[$meta])*
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split($chunk, fallible)]
        fn $name($($argument: $kind),*) -> Result<$output, NotLoaded> {
            let output = $body;
            Ok(output)
        }

        $(#[$meta])*
        #[cfg(not(feature = "split"))]
        #[allow(clippy::unused_async, reason = "as with the feature, which loads a chunk")]
        async fn $name($($argument: $kind),*) -> Result<$output, NotLoaded> {
            let output = $body;
            Ok(output)
        }
    )*};
}

fn page_component(part: PagePart) -> ComponentVTable {
    match part {
        PagePart::Header => ComponentVTable::of::<Header>(),
        PagePart::Edits => ComponentVTable::of::<Script>(),
        PagePart::Tune => ComponentVTable::of::<Tune>(),
        PagePart::Tcbs => ComponentVTable::of::<Tcbs>(),
        PagePart::Tabs => ComponentVTable::of::<Tabs>(),
        PagePart::Help => ComponentVTable::of::<Help>(),
        PagePart::Before => ComponentVTable::of::<Before>(),
        PagePart::Presenter => ComponentVTable::of::<Presenter>(),
    }
}

fn panels_component(part: PanelsPart) -> ComponentVTable {
    match part {
        PanelsPart::Inspector => ComponentVTable::of::<Inspector>(),
        PanelsPart::States => ComponentVTable::of::<Diagram>(),
        PanelsPart::Why => ComponentVTable::of::<Why>(),
        PanelsPart::Learn => ComponentVTable::of::<Learn>(),
        PanelsPart::Log => ComponentVTable::of::<Log>(),
        PanelsPart::Reason => ComponentVTable::of::<Reason>(),
        PanelsPart::Quiz => ComponentVTable::of::<Quiz>(),
    }
}

fn handout_component(part: HandoutPart) -> ComponentVTable {
    match part {
        HandoutPart::Task => ComponentVTable::of::<TaskCard>(),
    }
}

fn script_component(part: ScriptPart) -> ComponentVTable {
    match part {
        ScriptPart::Panel => ComponentVTable::of::<ScriptPanel>(),
        ScriptPart::Listing => ComponentVTable::of::<Listing>(),
    }
}

fn capture_component(part: CapturePart) -> ComponentVTable {
    match part {
        CapturePart::Dialog => ComponentVTable::of::<CaptureDialog>(),
        CapturePart::Card => ComponentVTable::of::<CaptureCard>(),
    }
}

in_chunk! {
    /// A component of the chunk `page`.
    page: fn load_page(part: PagePart) -> ComponentVTable { page_component(part) }
    /// A component of the chunk `panels`.
    panels: fn load_panels(part: PanelsPart) -> ComponentVTable { panels_component(part) }
    /// The time-sequence graph.
    graph: fn load_graph() -> ComponentVTable { ComponentVTable::of::<SequenceGraph>() }
    /// A component of the chunk `handout`.
    handout: fn load_handout(part: HandoutPart) -> ComponentVTable { handout_component(part) }
    /// A component of the chunk `script`.
    script: fn load_script(part: ScriptPart) -> ComponentVTable { script_component(part) }

    /// A component of the chunk `capture`.
    capture: fn load_capture(part: CapturePart) -> ComponentVTable { capture_component(part) }

    /// Opens a dropped file; see [`capture::take_file`](crate::ui::capture::take_file).
    capture: fn dropped(file: File, dispatch: Callback<Action>) -> Task<Result<(), NotLoaded>> {
        Box::pin(async move {
            take_file(file, dispatch).await;
            Ok(())
        })
    }

    /// Reads a script or an exported trace; see [`read_opened_text`].
    script: fn read(text: Rc<str>, stack: Stack) -> Reading {
        read_opened_text(&text, stack)
    }

    /// Connects the page to its host page; see [`host_page::connect`](connect).
    host: fn host_page() -> Connect { connect }

    /// Opens the Share dialog; see [`share::open`].
    share: fn share_dialog(address: String, lang: String) -> Task<Result<(), NotLoaded>> {
        let later = Later {
            files: || Box::pin(load_files()),
            hand_out: |what, sharing, words, files| {
                Box::pin(hand_out(what, sharing, words, files))
            },
        };
        Box::pin(async move { share::open(&address, &lang, later).await })
    }

    /// The functions that write a run as a file.
    files: fn load_files() -> Files { Files::ALL }

    /// The segments as a table; see [`share::table`].
    files: fn share_table(address: String, lang: String) -> Task<Result<String, NotLoaded>> {
        Box::pin(async move { share::table(&address, &lang).await })
    }

    /// Opens a dialog in the place of the Share dialog; see [`share::hand_out`].
    handout: fn hand_out(
        what: HandOut, sharing: Box<Sharing>, words: Catalog, files: Option<Files>
    ) -> () {
        share::hand_out(what, *sharing, words, files);
    }
}
