//! A captured connection in the page, in place of the run of a link.
//!
//! Few visits need the code that makes one, so the page loads it when a capture is opened. What was
//! captured stays in the page: no link holds it.

pub mod list;
pub mod scenario;
pub mod summary;

use std::net::SocketAddr;
use std::rc::Rc;

use crate::capture::{
    CapturePoint, Connection, MOST_SEGMENTS, Note, Notes, Path, Reconstruction, TracedSegment,
};
use crate::sim::{SegmentId, Timeline};

/// A captured connection, beside its run.
#[derive(Clone, Debug)]
pub struct Captured {
    /// Where it comes from.
    pub source: Source,
    /// The connection as a whole.
    pub connection: Connection,
    /// The addresses and ports of the client and of the server.
    pub addresses: [SocketAddr; 2],
    /// Its title: both ends.
    pub title: String,
    /// Where the capture was made, and how far the hosts are apart.
    pub path: Path,
    /// The notes of each segment of the run.
    pub notes: Vec<Notes>,
    /// The number of each segment's packet in the file.
    pub frames: Vec<u64>,
    /// The time of the start of the run, in nanoseconds since 1970.
    pub start: i64,
    /// The segments of the run, in the order of the capture.
    segments: Rc<[TracedSegment]>,
}

/// Where a captured connection comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name of the file; empty for a pasted text.
    pub file: Rc<str>,
    /// Its number in the file, from 0.
    pub number: usize,
    /// How many of its segments come before those shown.
    pub before: u64,
}

/// A captured connection to show. It equals only its own clones.
#[derive(Clone, Debug)]
pub struct Shown(Rc<(Rc<Captured>, Timeline)>);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Shown {
    /// The segments of a connection as a run; those beyond the first [`MOST_SEGMENTS`] are left
    /// out. Without a `point`, the place of the capture is inferred.
    #[must_use]
    pub fn of(
        source: Source,
        connection: Connection,
        segments: Rc<[TracedSegment]>,
        point: Option<CapturePoint>,
    ) -> Self {
        let client = connection.ends[0].address;
        let Reconstruction { timeline, path, addresses, notes, frames, start, .. } =
            Reconstruction::of(&segments, client, point);
        let [client, server] = addresses;
        let title = format!("{client} → {server}");
        let captured =
            Captured { source, connection, addresses, title, path, notes, frames, start, segments };
        Self(Rc::new((Rc::new(captured), timeline)))
    }

    /// The connection, and the events of its run.
    pub(super) fn parts(&self) -> (Rc<Captured>, Timeline) {
        (*self.0).clone()
    }
}

impl Captured {
    /// The same segments, captured at another place; `None` infers it.
    #[must_use]
    pub fn at(&self, point: Option<CapturePoint>) -> Shown {
        let (source, segments) = (self.source.clone(), Rc::clone(&self.segments));
        Shown::of(source, self.connection.clone(), segments, point)
    }

    /// Whether both show the same segments of the same connection.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.segments, &other.segments)
    }

    /// How many segments of the connection follow those shown.
    #[must_use]
    pub fn after(&self) -> u64 {
        let read = self.source.before.saturating_add(self.segments.len() as u64);
        self.connection.segments().saturating_sub(read)
    }

    /// How many packets are left out because they were captured twice.
    #[must_use]
    pub fn duplicates(&self) -> usize {
        self.segments.iter().filter(|each| each.notes.has(Note::DuplicateFrame)).count()
    }

    /// The packet number of a segment in the file, and its notes.
    #[must_use]
    pub fn of_segment(&self, timeline: &Timeline, id: SegmentId) -> Option<(u64, Notes)> {
        let index = timeline.trace().segments.iter().position(|record| record.id == id)?;
        Some((*self.frames.get(index)?, *self.notes.get(index)?))
    }
}

/// Collects the segments of one connection that are shown at once.
#[derive(Debug)]
pub struct Collector {
    number: usize,
    /// How many of its segments are still to be passed over.
    skip: u64,
    segments: Vec<TracedSegment>,
    /// How many of those collected are shown.
    shown: usize,
}

impl Collector {
    /// A collector of the connection with this number, after its first `before` segments.
    #[must_use]
    pub const fn new(number: usize, before: u64) -> Self {
        Self { number, skip: before, segments: vec![], shown: 0 }
    }

    /// Takes a segment, if it is one of those to be shown.
    pub fn take(&mut self, traced: &TracedSegment) {
        if traced.connection != self.number || self.is_full() {
            return;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.shown += usize::from(!traced.notes.has(Note::DuplicateFrame));
        self.segments.push(traced.clone());
    }

    /// Whether no more are taken.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.shown >= MOST_SEGMENTS
    }

    /// The segments.
    #[must_use]
    pub fn finish(self) -> Rc<[TracedSegment]> {
        self.segments.into()
    }
}
