//! The connections of a capture, as a list that can be sorted and searched.

use std::cmp::Reverse;
use std::rc::Rc;

use crate::capture::{
    Capture, Connection, Note, Notes, ReadError, Remark, TracedSegment, date_and_time,
};
use crate::locale::Catalog;

/// A capture that has been read, to its end or to an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The name of the file; empty for a pasted text.
    pub file: Rc<str>,
    /// The connections, in order of appearance.
    pub rows: Vec<Row>,
    /// Facts about the capture as a whole, each with how often it applies.
    pub remarks: Vec<(Remark, u64)>,
    /// The packets of the file, TCP or not.
    pub packets: u64,
    /// Why it was not read to its end.
    pub error: Option<ReadError>,
}

/// A connection in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The connection.
    pub connection: Connection,
    /// How many of its segments have a note of trouble.
    pub troubled: u32,
    /// Those notes.
    pub notes: Notes,
}

/// The notes that say that something went wrong, or was not captured.
const TROUBLES: [Note; 11] = [
    Note::Retransmission,
    Note::FastRetransmission,
    Note::SpuriousRetransmission,
    Note::OutOfOrder,
    Note::DuplicateAck,
    Note::ZeroWindow,
    Note::ZeroWindowProbe,
    Note::AckedUnseen,
    Note::PreviousNotCaptured,
    Note::PortReused,
    Note::DuplicateFrame,
];

/// Counts the troubles of each connection while a capture is read.
#[derive(Clone, Debug, Default)]
pub struct Troubles(Vec<(u32, Notes)>);

impl Troubles {
    /// Counts those of one segment.
    pub fn count(&mut self, traced: &TracedSegment) {
        if self.0.len() <= traced.connection {
            self.0.resize(traced.connection + 1, (0, Notes::NONE));
        }
        let mut is_troubled = false;
        let (count, notes) = &mut self.0[traced.connection];
        for note in TROUBLES.into_iter().filter(|note| traced.notes.has(*note)) {
            is_troubled = true;
            notes.add(note);
        }
        *count += u32::from(is_troubled);
    }
}

impl Listing {
    /// The list of a capture that has been read.
    #[must_use]
    pub fn of(
        file: Rc<str>,
        capture: &Capture,
        troubles: &Troubles,
        error: Option<ReadError>,
    ) -> Self {
        let rows = capture.connections().iter().enumerate().map(|(number, connection)| {
            let (count, notes) = troubles.0.get(number).copied().unwrap_or_default();
            Row { connection: connection.clone(), troubled: count, notes }
        });
        Self {
            file,
            rows: rows.collect(),
            remarks: capture.remarks().iter().map(|(it, count)| (it.clone(), count)).collect(),
            packets: capture.packets(),
            error,
        }
    }

    /// The numbers of the connections whose ends, opening or ending have every word of `query`, in
    /// the order of a column.
    #[must_use]
    pub fn listed(&self, query: &str, order: Order, words: &Catalog) -> Vec<usize> {
        let query = query.to_lowercase();
        let wanted: Vec<&str> = query.split_whitespace().collect();
        let is_wanted = |row: &Row| {
            wanted.is_empty() || {
                let text = row.text(words).to_lowercase();
                wanted.iter().all(|word| text.contains(word))
            }
        };
        let rows = self.rows.iter().enumerate();
        let mut listed: Vec<usize> =
            rows.filter(|(_, row)| is_wanted(row)).map(|(number, _)| number).collect();
        let key = |number: &usize| order.column.key(&self.rows[*number]);
        // Rows that are equal keep their order of appearance, in both directions.
        if order.is_descending {
            listed.sort_by_cached_key(|number| Reverse(key(number)));
        } else {
            listed.sort_by_cached_key(key);
        }
        listed
    }
}

impl Row {
    fn text(&self, words: &Catalog) -> String {
        let [client, server] = self.connection.ends.each_ref().map(|end| end.address);
        let notes: Vec<&str> = self.notes.iter().map(Note::name).collect();
        format!(
            "{client} {server} {} {} {} {}",
            date_and_time(self.connection.start),
            words.text(&format!("capture.opening.{}", self.connection.opening().id())),
            words.text(&format!("capture.closing.{}", self.connection.closing().id())),
            notes.join(" "),
        )
    }
}

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The ends.
    Ends,
    /// The time of the first segment.
    Start,
    /// The time to the last segment.
    Duration,
    /// The number of segments.
    Segments,
    /// The bytes from the client.
    There,
    /// The bytes from the server.
    Back,
    /// How it opened.
    Opening,
    /// How it ended.
    Closing,
    /// The segments with a note of trouble.
    Troubles,
}

impl Column {
    /// Every column, from left to right.
    pub const ALL: [Self; 9] = [
        Self::Ends,
        Self::Start,
        Self::Duration,
        Self::Segments,
        Self::There,
        Self::Back,
        Self::Opening,
        Self::Closing,
        Self::Troubles,
    ];

    /// Its name in locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ends => "ends",
            Self::Start => "start",
            Self::Duration => "duration",
            Self::Segments => "segments",
            Self::There => "there",
            Self::Back => "back",
            Self::Opening => "opening",
            Self::Closing => "closing",
            Self::Troubles => "troubles",
        }
    }

    /// Whether it has numbers, of which the largest interest most.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Duration | Self::Segments | Self::There | Self::Back | Self::Troubles)
    }

    fn key(self, row: &Row) -> (i64, String) {
        let connection = &row.connection;
        let number = |count: u64| (i64::try_from(count).unwrap_or(i64::MAX), String::new());
        match self {
            Self::Ends => {
                let [client, server] = connection.ends.each_ref().map(|end| end.address);
                (0, format!("{client} {server}"))
            }
            Self::Start => (connection.start, String::new()),
            Self::Duration => (connection.duration(), String::new()),
            Self::Segments => number(connection.segments()),
            Self::There => number(connection.ends[0].bytes),
            Self::Back => number(connection.ends[1].bytes),
            Self::Opening => (0, connection.opening().id().to_owned()),
            Self::Closing => (0, connection.closing().id().to_owned()),
            Self::Troubles => number(u64::from(row.troubled)),
        }
    }
}

/// The order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// By this column.
    pub column: Column,
    /// The largest first.
    pub is_descending: bool,
}

impl Default for Order {
    /// In order of appearance.
    fn default() -> Self {
        Self { column: Column::Start, is_descending: false }
    }
}

impl Order {
    /// The order after a column's head is pressed: by it, or turned round.
    #[must_use]
    pub fn by(self, column: Column) -> Self {
        let is_same = self.column == column;
        let is_descending = if is_same { !self.is_descending } else { column.is_number() };
        Self { column, is_descending }
    }
}
