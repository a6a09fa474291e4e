//! A line of text as a segment.

use std::net::SocketAddr;

use super::clock::Time;
use crate::capture::segment::TcpOptions;
use crate::tcp::segment::Flags;

/// What a line shows of a segment.
pub(super) struct Line {
    pub time: Option<Time>,
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub flags: Flags,
    /// Printed only for segments that occupy sequence numbers.
    pub seq: Option<u32>,
    pub ack: Option<u32>,
    pub window: Window,
    pub length: u32,
    pub options: TcpOptions,
    /// Whether numbers are relative unless proven absolute (tcpdump), or always as printed.
    pub may_be_relative: bool,
}

/// A window as printed.
#[derive(Clone, Copy)]
pub(super) enum Window {
    /// The header's field.
    Raw(u32),
    /// Scaled by the sender's shift, if a SYN showed it.
    Scaled(u32),
}
