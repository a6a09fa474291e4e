//! Facts about a capture as a whole, reported once each.

use core::fmt;

/// Something about the capture that the reader tolerates and its user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Packets of a link type that is not read, by its LINKTYPE number.
    UnknownLinkType(u32),
    /// Packets inside a tunnel, which is not entered; the tunnel's name.
    Tunnel(&'static str),
    /// Packets of which less was captured than was on the wire.
    CutPackets,
    /// TCP headers of which fewer than 20 bytes were captured.
    CutTcpHeaders,
    /// Headers whose lengths contradict each other.
    MalformedHeaders,
    /// IP fragments other than the first; their data is not counted.
    LaterFragments,
    /// Segments longer than any datagram on the wire, put together by offloading.
    OffloadedSegments,
    /// Timestamps earlier than those before them.
    TimeBackwards,
    /// Packets captured twice, as port mirroring does.
    DuplicateFrames,
    /// Connections whose SYN is not in the capture.
    MissingSyn,
    /// Connections of which one direction alone was captured.
    OneDirection,
    /// Segments of connections beyond the limit, which are not read.
    TooManyConnections,
    /// Lines of text that show no TCP segment.
    OtherLines,
    /// Lines of text by a dissector above TCP, without sequence numbers.
    LinesWithoutTcp,
}

impl Remark {
    /// The names of all remarks.
    pub const IDS: [&'static str; 14] = [
        "unknown-link-type",
        "tunnel",
        "cut-packets",
        "cut-tcp-headers",
        "malformed-headers",
        "later-fragments",
        "offloaded-segments",
        "time-backwards",
        "duplicate-frames",
        "missing-syn",
        "one-direction",
        "too-many-connections",
        "other-lines",
        "lines-without-tcp",
    ];

    /// Its name in locale files.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        Self::IDS[match self {
            Self::UnknownLinkType(_) => 0,
            Self::Tunnel(_) => 1,
            Self::CutPackets => 2,
            Self::CutTcpHeaders => 3,
            Self::MalformedHeaders => 4,
            Self::LaterFragments => 5,
            Self::OffloadedSegments => 6,
            Self::TimeBackwards => 7,
            Self::DuplicateFrames => 8,
            Self::MissingSyn => 9,
            Self::OneDirection => 10,
            Self::TooManyConnections => 11,
            Self::OtherLines => 12,
            Self::LinesWithoutTcp => 13,
        }]
    }

    /// What kind of link or tunnel it is about.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::UnknownLinkType(link) => link.to_string(),
            Self::Tunnel(name) => (*name).to_owned(),
            _ => String::new(),
        }
    }
}

/// The remarks so far, each with how often it applies.
#[derive(Clone, Debug, Default)]
pub struct Remarks(Vec<(Remark, u64)>);

/// Distinct remarks that are kept, so that a hostile file cannot make the list long.
const MOST: usize = 64;

impl Remarks {
    /// Counts one more occurrence.
    pub(super) fn add(&mut self, remark: Remark) {
        self.add_many(remark, 1);
    }

    /// Counts `count` more occurrences.
    pub(super) fn add_many(&mut self, remark: Remark, count: u64) {
        if count == 0 {
            return;
        }
        if let Some((_, total)) = self.0.iter_mut().find(|(known, _)| *known == remark) {
            *total += count;
        } else if self.0.len() < MOST {
            self.0.push((remark, count));
        }
    }

    /// The remarks in the order of first occurrence, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (&Remark, u64)> {
        self.0.iter().map(|(remark, count)| (remark, *count))
    }
}

/// Prints one line for each remark.
impl fmt::Display for Remarks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (remark, count) in self.iter() {
            writeln!(f, "{remark}: {count}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::UnknownLinkType(link) => {
                return write!(f, "packets of link type {link}, which is not read");
            }
            Self::Tunnel(name) => return write!(f, "packets in a tunnel ({name}), not entered"),
            Self::CutPackets => "packets cut by the capture",
            Self::CutTcpHeaders => "packets cut within the TCP header, not read",
            Self::MalformedHeaders => "packets with contradictory lengths, not read",
            Self::LaterFragments => "IP fragments after the first, not put together",
            Self::OffloadedSegments => "segments put together by offloading",
            Self::TimeBackwards => "timestamps earlier than the one before",
            Self::DuplicateFrames => "packets captured more than once",
            Self::MissingSyn => "connections without their SYN",
            Self::OneDirection => "connections with one direction only",
            Self::TooManyConnections => "segments beyond the limit of connections, not read",
            Self::OtherLines => "lines that show no TCP segment",
            Self::LinesWithoutTcp => "lines without TCP fields (tshark -d or --disable-protocol)",
        };
        f.write_str(text)
    }
}
