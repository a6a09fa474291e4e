//! The options of a connection.

use super::congestion::InitialWindow;
use super::growth::Algorithm;
use super::habits::{GiveUp, Habits, KeepAlive};
use super::seq::SeqNumber;
use crate::time::Duration;

/// The options of one end. [`Config::rfc9293`] has the RFC's numbers; they are the default wherever
/// nothing else is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// ISS of the first connection (RFC 9293 §3.4.1). Not random, so that runs can be repeated.
    pub iss: SeqNumber,
    /// How far ISS moves for each later connection of this end; 100 in the RFC's Figure 8.
    pub iss_step: u32,
    /// The MSS that this end announces in its SYN, in bytes (RFC 9293 §3.7.1; MUST-14, SHLD-5).
    pub mss: u16,
    /// The window scale offered in the SYN (RFC 7323); none is offered by default.
    pub window_scale: Option<u8>,
    /// Whether the SYN offers selective acknowledgments (RFC 2018).
    pub sack: bool,
    /// Whether the SYN offers timestamps (RFC 7323).
    pub timestamps: bool,
    /// RCV.BUFF: the receive buffer, in bytes. Without scaling at most 65,535 are announced.
    pub receive_buffer: u32,
    /// The send buffer, in bytes.
    pub send_buffer: u32,
    /// RTO before the first sample (RFC 6298 §2.1).
    pub rto_initial: Duration,
    /// The floor of RTO (RFC 6298 §2.4).
    pub rto_min: Duration,
    /// The cap of RTO (RFC 6298 §2.5).
    pub rto_max: Duration,
    /// R2 for a SYN in SYN-SENT (MUST-22; MUST-23: at least 3 minutes).
    pub syn_give_up: GiveUp,
    /// R2 for a SYN,ACK in SYN-RECEIVED (MUST-23).
    pub syn_ack_give_up: GiveUp,
    /// R2 for text and FIN (SHLD-11: at least 100 s), chosen for each connection (MUST-21).
    pub give_up: GiveUp,
    /// The user timeout (RFC 9293 §3.9.1.1), if any.
    pub user_timeout: Option<Duration>,
    /// The user timeout while the connection is being opened, if different.
    pub open_timeout: Option<Duration>,
    /// How long TIME-WAIT lasts: 2MSL.
    pub time_wait: Duration,
    /// How long an acknowledgment may wait (RFC 9293 §3.8.6.3); `None` acknowledges at once.
    pub delayed_ack: Option<Duration>,
    /// Whether the acknowledgment of a FIN may wait too, so that our own FIN can carry it.
    pub delay_ack_of_fin: bool,
    /// The congestion control algorithm (MUST-19).
    pub congestion: Algorithm,
    /// The congestion window before the first loss.
    pub initial_window: InitialWindow,
    /// Whether retransmissions keep the bounds of segments, as in Linux.
    pub keeps_segments: bool,
    /// Proportional rate reduction (RFC 9937), in recoveries with SACK.
    pub proportional_reduction: bool,
    /// The tail loss probe (RFC 8985 §7), on connections with SACK.
    pub tail_loss_probe: bool,
    /// F-RTO (RFC 5682).
    pub frto: bool,
    /// Nagle's algorithm (SHLD-7); can be turned off (MUST-17).
    pub nagle: bool,
    /// RFC 5961 §3 and §5: challenge a RST that is not exactly at RCV.NXT.
    pub challenge_rst: bool,
    /// RFC 5961 §4: challenge a SYN on a synchronized connection.
    pub challenge_syn: bool,
    /// RFC 1337: TIME-WAIT ignores RST.
    pub time_wait_ignores_rst: bool,
    /// Drop segments that carry both SYN and FIN (a habit of some systems).
    pub drop_syn_fin: bool,
    /// The send MSS if the peer announces none (MUST-15): 536 over IPv4, 1220 over IPv6.
    pub default_send_mss: u16,
    /// Whether text leaves in full segments only, until this is turned off (`TCP_CORK`).
    pub corked: bool,
    /// The times that keep-alives have when they are turned on.
    pub keep_alive_times: KeepAlive,
    /// Keep-alives (RFC 9293 §3.8.4); none by default (MUST-25).
    pub keep_alive: Option<KeepAlive>,
    /// Where this stack differs from others.
    pub habits: Habits,
}

impl Config {
    /// The numbers of RFC 9293 and RFC 6298. Acknowledgments are not delayed: see docs/rfc9293.md.
    #[must_use]
    pub const fn rfc9293(iss: SeqNumber) -> Self {
        Self {
            iss,
            iss_step: 100,
            mss: 1460,
            window_scale: None,
            sack: false,
            timestamps: false,
            receive_buffer: 65_535,
            send_buffer: 1 << 20,
            rto_initial: Duration::from_secs(1),
            rto_min: Duration::from_secs(1),
            rto_max: Duration::from_secs(60),
            syn_give_up: GiveUp::After(Duration::from_secs(180)),
            syn_ack_give_up: GiveUp::After(Duration::from_secs(180)),
            give_up: GiveUp::After(Duration::from_secs(100)),
            user_timeout: Some(Duration::from_secs(300)),
            open_timeout: None,
            time_wait: Duration::from_secs(240),
            delayed_ack: None,
            delay_ack_of_fin: false,
            congestion: Algorithm::Reno,
            initial_window: InitialWindow::Rfc5681,
            keeps_segments: false,
            proportional_reduction: false,
            tail_loss_probe: false,
            frto: false,
            nagle: true,
            challenge_rst: true,
            challenge_syn: true,
            time_wait_ignores_rst: false,
            drop_syn_fin: false,
            default_send_mss: 536,
            corked: false,
            keep_alive_times: KeepAlive::DEFAULT,
            keep_alive: None,
            habits: Habits::RFC,
        }
    }

    /// Linux's numbers and habits. Their sources: docs/stacks.md.
    #[must_use]
    pub const fn linux(iss: SeqNumber) -> Self {
        Self {
            rto_min: Duration::from_millis(200),
            rto_max: Duration::from_secs(120),
            // Four at even distances, then six.
            syn_give_up: GiveUp::Retransmissions(10),
            syn_ack_give_up: GiveUp::Retransmissions(5),
            // tcp_retries2, 15, as a time: 200 ms doubled up to 120 s.
            give_up: GiveUp::AfterRepeating(Duration::from_millis(924_600)),
            user_timeout: None,
            time_wait: Duration::from_secs(60),
            delayed_ack: Some(Duration::from_millis(40)),
            delay_ack_of_fin: true,
            // tcp_rmem's 6 MB ask for 7 bits.
            window_scale: Some(7),
            sack: true,
            timestamps: true,
            congestion: Algorithm::Cubic,
            // RFC 6928; TCP_INIT_CWND, include/net/tcp.h.
            initial_window: InitialWindow::Segments(10),
            keeps_segments: true,
            proportional_reduction: true,
            tail_loss_probe: true,
            frto: true,
            habits: Habits::LINUX,
            ..Self::rfc9293(iss)
        }
    }
}
