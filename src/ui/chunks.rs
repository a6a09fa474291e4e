//! The four chunks in which code loads after the player: `page` (the components around the player),
//! `panels`, `share` and `script`.
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

use crate::app::{Complaint, ReadResult, read_opened_text};
use crate::packetdrill::Stack;
use crate::ui::help::Help;
use crate::ui::late::{Chunk, Loaders, NotLoaded, Task};
use crate::ui::panels::inspector::Inspector;
use crate::ui::panels::learn::Learn;
use crate::ui::panels::log::Log;
use crate::ui::panels::states::Diagram;
use crate::ui::panels::tabs::Tabs;
use crate::ui::panels::tcb::Tcbs;
use crate::ui::panels::why::{Reason, Why};
use crate::ui::quiz::Quiz;
use crate::ui::setup::edits::Script;
use crate::ui::setup::packetdrill::{Listing, ScriptPanel};
use crate::ui::setup::tune::Tune;
use crate::ui::share;
use crate::ui::top::header::Header;

/// The functions that load the chunks.
pub const LOADERS: Loaders = Loaders {
    present,
    component: |chunk, index| Box::pin(component(chunk, index)),
    read: |text, stack| Box::pin(read(text, stack)),
    share: |address, lang| Box::pin(async move { share_dialog(address, lang).await?.await }),
    table: |address, lang| Box::pin(async move { share_table(address, lang).await?.await }),
};

#[cfg(feature = "split")]
const fn present(_: Chunk, _: u8) -> Option<ComponentVTable> {
    None
}

#[cfg(not(feature = "split"))]
#[allow(clippy::unnecessary_wraps, reason = "a split program has no component present")]
fn present(chunk: Chunk, index: u8) -> Option<ComponentVTable> {
    Some(match chunk {
        Chunk::Page => page_component(index),
        Chunk::Panels => panel_component(index),
        Chunk::Script => script_component(index),
    })
}

async fn component(chunk: Chunk, index: u8) -> Result<ComponentVTable, NotLoaded> {
    match chunk {
        Chunk::Page => load_page(index).await,
        Chunk::Panels => load_panels(index).await,
        Chunk::Script => load_script(index).await,
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

/// The components of the chunk `page`.
fn page_component(index: u8) -> ComponentVTable {
    match index {
        0 => ComponentVTable::of::<Header>(),
        1 => ComponentVTable::of::<Script>(),
        2 => ComponentVTable::of::<Tune>(),
        3 => ComponentVTable::of::<Tcbs>(),
        4 => ComponentVTable::of::<Tabs>(),
        _ => ComponentVTable::of::<Help>(),
    }
}

/// The components of the chunk `panels`.
fn panel_component(index: u8) -> ComponentVTable {
    match index {
        0 => ComponentVTable::of::<Inspector>(),
        1 => ComponentVTable::of::<Diagram>(),
        2 => ComponentVTable::of::<Why>(),
        3 => ComponentVTable::of::<Learn>(),
        4 => ComponentVTable::of::<Log>(),
        5 => ComponentVTable::of::<Quiz>(),
        _ => ComponentVTable::of::<Reason>(),
    }
}

/// The components of the chunk `script`.
fn script_component(index: u8) -> ComponentVTable {
    match index {
        0 => ComponentVTable::of::<ScriptPanel>(),
        _ => ComponentVTable::of::<Listing>(),
    }
}

in_chunk! {
    /// A component of the chunk `page`.
    page: fn load_page(index: u8) -> ComponentVTable { page_component(index) }
    /// A component of the chunk `panels`.
    panels: fn load_panels(index: u8) -> ComponentVTable { panel_component(index) }
    /// A component of the chunk `script`.
    script: fn load_script(index: u8) -> ComponentVTable { script_component(index) }

    /// Reads a script or an exported trace; see [`read_opened_text`].
    script: fn read(text: Rc<str>, stack: Stack) -> Result<ReadResult, Complaint> {
        read_opened_text(&text, stack)
    }

    /// Opens the Share dialog; see [`share::open`].
    share: fn share_dialog(address: String, lang: String) -> Task<Result<(), NotLoaded>> {
        Box::pin(async move { share::open(&address, &lang).await })
    }

    /// The segments as a table; see [`share::table`].
    share: fn share_table(address: String, lang: String) -> Task<Result<String, NotLoaded>> {
        Box::pin(async move { share::table(&address, &lang).await })
    }
}
