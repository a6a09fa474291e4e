//! The transmission control block's sequence variables (RFC 9293 §3.3.1).

use core::fmt;

use super::seq::SeqNumber;

/// The send and the receive sequence variables, named as the RFC names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tcb {
    /// ISS: initial send sequence number.
    pub iss: SeqNumber,
    /// SND.UNA: the oldest number not acknowledged.
    pub snd_una: SeqNumber,
    /// SND.NXT: the next number to send.
    pub snd_nxt: SeqNumber,
    /// SND.WND: the send window, in bytes from SND.UNA. It has 32 bits (REC-1).
    pub snd_wnd: u32,
    /// SND.WL1: SEG.SEQ of the segment that last set SND.WND.
    pub snd_wl1: SeqNumber,
    /// SND.WL2: SEG.ACK of the segment that last set SND.WND.
    pub snd_wl2: SeqNumber,
    /// MAX.SND.WND: the largest window that the peer ever announced (RFC 5961 §5.2).
    pub max_snd_wnd: u32,
    /// IRS: initial receive sequence number.
    pub irs: SeqNumber,
    /// RCV.NXT: the next number expected.
    pub rcv_nxt: SeqNumber,
    /// RCV.WND: the receive window, in bytes from RCV.NXT, as last announced.
    pub rcv_wnd: u32,
}

impl Tcb {
    /// How many sequence numbers are sent but not acknowledged.
    #[must_use]
    pub fn in_flight(&self) -> u32 {
        self.snd_nxt.distance_from(self.snd_una)
    }

    /// How many more sequence numbers the send window allows (U of RFC 9293 §3.8.6.2.1).
    #[must_use]
    pub fn usable_window(&self) -> u32 {
        self.snd_wnd.saturating_sub(self.in_flight())
    }
}

/// Prints the variables in RFC names, a line each.
impl fmt::Display for Tcb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "ISS     {}", self.iss)?;
        writeln!(f, "SND.UNA {}", self.snd_una)?;
        writeln!(f, "SND.NXT {}", self.snd_nxt)?;
        writeln!(f, "SND.WND {}", self.snd_wnd)?;
        writeln!(f, "IRS     {}", self.irs)?;
        writeln!(f, "RCV.NXT {}", self.rcv_nxt)?;
        write!(f, "RCV.WND {}", self.rcv_wnd)
    }
}
