//! Names of hosts and of segments.

use core::fmt;
use core::net::{Ipv4Addr, SocketAddrV4};
use core::str::FromStr;

use serde::Serialize;

/// One of the two hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The host that usually opens actively.
    Client,
    /// The host that usually opens passively.
    Server,
}

impl Side {
    /// Both hosts, the client first.
    pub const BOTH: [Self; 2] = [Self::Client, Self::Server];

    /// The other host.
    #[must_use]
    pub const fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// `C` or `S`, as in segment names and edits.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Client => 'C',
            Self::Server => 'S',
        }
    }

    /// `client` or `server`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }

    /// The host's address and port in the wire format: addresses for documentation (RFC 5737), a
    /// dynamic port for the client, and HTTP's for the server.
    #[must_use]
    pub const fn address(self) -> SocketAddrV4 {
        match self {
            Self::Client => SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 49_152),
            Self::Server => SocketAddrV4::new(Ipv4Addr::new(198, 51, 100, 2), 80),
        }
    }

    /// The index of the side in an array of two.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// Where a segment comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A host of this run sent it.
    Host(Side),
    /// It is left over from an earlier connection.
    Old,
}

/// A segment's name: `C1` is the client's first transmission, `S2` the server's second.
/// Retransmissions count. `O1` is an old duplicate from an earlier connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId {
    /// Its sender.
    pub origin: Origin,
    /// The n-th transmission of that origin, from 1.
    pub ordinal: u32,
}

impl SegmentId {
    /// The `ordinal`-th transmission of `side`.
    #[must_use]
    pub const fn of(side: Side, ordinal: u32) -> Self {
        Self { origin: Origin::Host(side), ordinal }
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = match self.origin {
            Origin::Host(side) => side.letter(),
            Origin::Old => 'O',
        };
        write!(f, "{letter}{}", self.ordinal)
    }
}

impl Serialize for SegmentId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The error for a text that is not a segment name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASegment;

impl FromStr for SegmentId {
    type Err = NotASegment;

    fn from_str(text: &str) -> Result<Self, NotASegment> {
        let mut chars = text.chars();
        let origin = match chars.next().map(|letter| letter.to_ascii_uppercase()) {
            Some('C') => Origin::Host(Side::Client),
            Some('S') => Origin::Host(Side::Server),
            Some('O') => Origin::Old,
            _ => return Err(NotASegment),
        };
        let digits = chars.as_str();
        if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotASegment);
        }
        let ordinal = digits.parse().map_err(|_| NotASegment)?;
        Ok(Self { origin, ordinal })
    }
}
