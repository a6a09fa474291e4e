//! Reads a file in slices, so that the page stays responsive however long it is.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use crate::app::captured::list::{Listing, Troubles};
use crate::app::captured::{self, Collector, Shown};
use crate::capture::{Capture, Connection};

/// How many bytes are read in one go: a few milliseconds of work.
const SLICE: f64 = 262_144.0;

/// A file or a pasted text.
#[derive(Clone, Debug)]
pub struct Source {
    blob: Blob,
    /// The name of the file; empty for a pasted text.
    pub name: Rc<str>,
}

thread_local! {
    /// The file of the connection shown, for more of its segments.
    static SHOWN: RefCell<Option<Source>> = const { RefCell::new(None) };
}

/// The file of the connection shown.
pub fn shown_source() -> Option<Source> {
    SHOWN.with_borrow(Clone::clone)
}

/// The same file, however it was obtained twice, is another source.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.blob == other.blob
    }
}

impl Source {
    /// A file.
    pub fn of_file(file: File) -> Self {
        Self { name: file.name().into(), blob: file.into() }
    }

    /// A text.
    pub fn of_text(text: &str) -> Option<Self> {
        let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
        Some(Self { blob, name: "".into() })
    }
}

/// How far a file has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// In per cent.
    pub percent: u32,
    /// The packets so far.
    pub packets: u64,
    /// The connections so far.
    pub connections: usize,
}

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It is not wanted any more.
    Cancelled,
    /// The browser cannot read it: it may have been moved or changed.
    Unreadable,
}

/// Some bytes of a file; `None` if the browser cannot read it.
pub async fn slice(blob: &Blob, from: f64, to: f64) -> Option<Vec<u8>> {
    let part = blob.slice_with_f64_and_f64(from, to).ok()?;
    let buffer = JsFuture::from(part.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Reads a file slice by slice, until `each` has what it needs.
async fn read(
    source: &Source,
    is_wanted: &Cell<bool>,
    mut each: impl FnMut(&[u8], u32) -> bool,
) -> Result<(), Stopped> {
    let size = source.blob.size();
    let mut from = 0.0;
    while from < size {
        let to = (from + SLICE).min(size);
        let bytes = slice(&source.blob, from, to).await;
        if !is_wanted.get() {
            return Err(Stopped::Cancelled);
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number from 0 to 100"
        )]
        let percent = (to / size * 100.0) as u32;
        if !each(&bytes.ok_or(Stopped::Unreadable)?, percent) {
            return Ok(());
        }
        from = to;
    }
    Ok(())
}

/// Lists the connections of a file.
pub async fn list(
    source: &Source,
    is_wanted: &Cell<bool>,
    mut tell: impl FnMut(Progress),
) -> Result<Listing, Stopped> {
    let (mut capture, mut troubles) = (Capture::new(), Troubles::default());
    let mut result = Ok(());
    read(source, is_wanted, |bytes, percent| {
        result = capture.push(bytes, |traced| troubles.count(traced));
        let connections = capture.connections().len();
        tell(Progress { percent, packets: capture.packets(), connections });
        result.is_ok()
    })
    .await?;
    let end = capture.finish(|traced| troubles.count(traced));
    Ok(Listing::of(Rc::clone(&source.name), &capture, &troubles, result.and(end).err()))
}

/// Reads the segments of a connection, after its first `before` segments, and shows them.
pub async fn open(
    source: &Source,
    number: usize,
    connection: Connection,
    before: u64,
    is_wanted: &Cell<bool>,
    mut tell: impl FnMut(Progress),
) -> Result<Shown, Stopped> {
    let (mut capture, mut collector) = (Capture::new(), Collector::new(number, before));
    read(source, is_wanted, |bytes, percent| {
        // An error ends the list too: what comes before it is shown.
        let result = capture.push(bytes, |traced| collector.take(traced));
        let connections = capture.connections().len();
        tell(Progress { percent, packets: capture.packets(), connections });
        result.is_ok() && !collector.is_full()
    })
    .await?;
    // Text keeps its last lines until the end; an error is in the list already.
    let _ = capture.finish(|traced| collector.take(traced));
    let file = Rc::clone(&source.name);
    let place = captured::Source { file, number, before };
    SHOWN.set(Some(source.clone()));
    Ok(Shown::of(place, connection, collector.finish(), None))
}
