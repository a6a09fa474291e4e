//! The rules: each names the clause of a standard that caused an output.

use serde::Serialize;

/// A clause that fired. Every [`Output`](super::Output) carries the one that caused it.
///
/// Its explanation in each language is in the locale files, under `rule.<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A passive OPEN makes a TCB that waits in LISTEN.
    OpenPassive,
    /// An active OPEN chooses an ISS and sends a SYN.
    OpenActive,
    /// A SEND in LISTEN turns the passive OPEN into an active one.
    SendOpens,
    /// A SEND before ESTABLISHED keeps the text until then.
    SendQueues,
    /// A SEND hands text to the connection, to be cut into segments.
    SendTakes,
    /// Queued text is sent as the window, the MSS and Nagle's algorithm allow.
    SendSegment,
    /// A RECEIVE takes text that arrived in order.
    ReceiveDelivers,
    /// A CLOSE in LISTEN or SYN-SENT deletes the TCB; nothing is sent.
    CloseDeletes,
    /// A CLOSE in SYN-RECEIVED with text queued waits for ESTABLISHED.
    CloseDeferred,
    /// A CLOSE waits until the queued text has been sent, then the FIN follows.
    CloseQueued,
    /// A CLOSE sends a FIN: this side has no more to send.
    CloseSendsFin,
    /// The application gives up a connection whose text it has not read: the peer is reset.
    ExitResets,
    /// An ABORT sends a RST and deletes the TCB.
    AbortResets,
    /// An ABORT deletes the TCB; nothing is sent.
    AbortDeletes,
    /// In CLOSED a segment with RST is dropped.
    ClosedDropsReset,
    /// In CLOSED any other segment is answered with a RST.
    ClosedResets,
    /// In LISTEN a RST is ignored.
    ListenIgnoresReset,
    /// In LISTEN any ACK is unacceptable and answered with a RST.
    ListenResetsAck,
    /// In LISTEN a SYN is answered with a SYN,ACK.
    ListenSyn,
    /// In LISTEN a segment with neither RST, ACK nor SYN is dropped.
    ListenDrops,
    /// In SYN-SENT an ACK of something never sent is answered with a RST.
    SynSentBadAckResets,
    /// In SYN-SENT a RST without an acceptable ACK is dropped.
    SynSentDropsReset,
    /// In SYN-SENT a RST with an acceptable ACK refuses the connection.
    SynSentRefused,
    /// In SYN-SENT a SYN that acknowledges ours establishes the connection.
    SynSentEstablishes,
    /// In SYN-SENT a SYN without ACK is a simultaneous open.
    SynSentSimultaneous,
    /// In SYN-SENT a segment with neither SYN nor RST is dropped.
    SynSentDrops,
    /// Text and FIN of a SYN are dropped; the peer repeats them.
    SynTextDropped,
    /// A segment outside the receive window is dropped and answered with an ACK.
    OutsideWindowAcks,
    /// The part outside the receive window is trimmed off; the rest of the segment is used.
    OutsideWindowTrimmed,
    /// A RST outside the receive window is dropped silently.
    OutsideWindowDropsReset,
    /// With a zero window the text is dropped, but the ACK is still used.
    ZeroWindowLooksAtAck,
    /// The peer's SYN again in SYN-RECEIVED: the SYN,ACK is sent again.
    SynAckRepeated,
    /// A RST in the window, but not at RCV.NXT, is answered with a challenge ACK.
    ResetChallenged,
    /// A RST in SYN-RECEIVED after a passive OPEN returns to LISTEN.
    ResetReturnsToListen,
    /// A RST in SYN-RECEIVED after an active OPEN refuses the connection.
    ResetRefuses,
    /// A RST at RCV.NXT aborts the connection; the user is told.
    ResetAborts,
    /// A RST at RCV.NXT ends a connection that was closing anyway.
    ResetCloses,
    /// TIME-WAIT ignores a RST, so that it cannot be cut short.
    ResetIgnoredInTimeWait,
    /// A new SYN in TIME-WAIT opens the next connection.
    TimeWaitReopens,
    /// Another SYN in SYN-RECEIVED after a passive OPEN returns to LISTEN.
    SynReturnsToListen,
    /// A SYN on a synchronized connection is answered with a challenge ACK.
    SynChallenged,
    /// With RFC 5961 off, a SYN in the window resets the connection.
    SynResets,
    /// By configuration a segment with both SYN and FIN is dropped.
    SynFinDropped,
    /// On a connection that is not opening, a segment without ACK is dropped.
    NoAckDropped,
    /// In SYN-RECEIVED the ACK of our SYN establishes the connection.
    AckEstablishes,
    /// In SYN-RECEIVED an unacceptable ACK is answered with a RST.
    AckResets,
    /// An ACK of something new moves SND.UNA.
    AckAdvances,
    /// An ACK of nothing new is a duplicate and can be ignored.
    AckDuplicate,
    /// An ACK of something not yet sent is answered with an ACK and dropped.
    AckOfUnsent,
    /// An ACK older than the largest window ever seen is answered with an ACK and dropped.
    AckTooOld,
    /// Too many ACKs of this kind were sent lately: this one is not.
    AckLimited,
    /// The SYN,ACK of a simultaneous open repeats the SYN, and is acknowledged.
    CrossedSynAcknowledged,
    /// The newest segment's window becomes SND.WND.
    WindowUpdated,
    /// The ACK of our FIN in FIN-WAIT-1 leads to FIN-WAIT-2.
    FinAcknowledged,
    /// The ACK of our FIN in CLOSING leads to TIME-WAIT.
    ClosingAcknowledged,
    /// The ACK of our FIN in LAST-ACK ends the connection.
    LastAckAcknowledged,
    /// In TIME-WAIT a pure ACK at RCV.NXT is not answered.
    TimeWaitIgnores,
    /// TIME-WAIT acknowledges anything else that arrives in its window.
    TimeWaitAcks,
    /// Text at RCV.NXT goes to the user's buffer.
    TextDelivered,
    /// Text beyond RCV.NXT is kept until the gap before it is filled.
    TextKept,
    /// Text or a FIN that is kept already brings nothing new.
    AlreadyKept,
    /// After the peer's FIN there can be no more text; it is ignored.
    TextIgnored,
    /// Text for an application that is gone is answered with a reset.
    LateTextResets,
    /// Text is acknowledged, once for all that arrived together.
    TextAcknowledged,
    /// Text out of order, or text that fills a gap, is acknowledged at once.
    GapAcknowledged,
    /// The ACK is delayed, so that text can carry it or it can acknowledge two segments.
    AckDelayed,
    /// A delayed ACK has waited long enough.
    DelayedAckSent,
    /// The peer's FIN in ESTABLISHED leads to CLOSE-WAIT; it is acknowledged, the user is told.
    FinPassive,
    /// The peer's FIN before the ACK of ours: both closed at once, CLOSING.
    FinSimultaneous,
    /// A FIN that also acknowledges ours leads from FIN-WAIT-1 to TIME-WAIT.
    FinEndsFinWait1,
    /// The peer's FIN in FIN-WAIT-2 leads to TIME-WAIT.
    FinEndsFinWait2,
    /// The peer's FIN again in TIME-WAIT: it is acknowledged again, and 2MSL start anew.
    FinRestartsTimeWait,
    /// The peer's FIN is acknowledged.
    FinAcknowledgedToPeer,
    /// The user read text: the window grew enough to be announced.
    WindowOpened,
    /// The user shrank the receive buffer: the smaller window is announced at once.
    WindowShrunk,
    /// The SYN was not acknowledged within RTO: it is sent again.
    SynRetransmitted,
    /// The SYN,ACK was not acknowledged within RTO: it is sent again.
    SynAckRetransmitted,
    /// Text was not acknowledged within RTO: the earliest segment is sent again.
    TextRetransmitted,
    /// The FIN was not acknowledged within RTO: it is sent again.
    FinRetransmitted,
    /// After a retransmission timeout an ACK of new text releases the next hole's segment.
    NextRetransmitted,
    /// Each expiry of the retransmission timer doubles RTO, up to its bound.
    BackedOff,
    /// A round trip was measured: SRTT, RTTVAR and RTO follow.
    RttMeasured,
    /// After a lost SYN the RTO is 3 s when text may flow.
    RtoAfterSynLoss,
    /// After a lost SYN the congestion window begins with one segment.
    OneSegmentAfterSynLoss,
    /// Below ssthresh each ACK of new text lets the congestion window grow by up to one segment.
    SlowStart,
    /// From ssthresh on the congestion window grows by about one segment for each round trip.
    CongestionAvoidance,
    /// After a pause of more than RTO the congestion window is at most IW.
    RestartAfterIdle,
    /// A retransmission timeout leaves one segment of the congestion window.
    LossWindow,
    /// A duplicate ACK tells that something has arrived beyond a gap.
    DuplicateAckCounted,
    /// Each of the first two duplicate ACKs releases a new segment.
    LimitedTransmit,
    /// The third duplicate ACK counts as a loss: the missing segment is sent again immediately.
    FastRetransmit,
    /// In fast recovery each further duplicate ACK lets the congestion window grow by one segment.
    FastRecoveryInflates,
    /// In fast recovery an ACK of a part of what was in flight shows the next hole.
    PartialAck,
    /// All that was in flight at the loss is acknowledged: fast recovery ends.
    FastRecoveryEnds,
    /// A SACK option tells what has arrived beyond the gap.
    SackUpdates,
    /// The first range of a SACK option tells what has arrived twice.
    DuplicateSack,
    /// What the SACK options show to be missing is sent again, as far as cwnd allows.
    SackRetransmit,
    /// Once in a recovery the end of what was sent is sent again, in case it was lost too.
    RescueRetransmit,
    /// A segment whose timestamp is older than the last one is dropped and answered with an ACK.
    PawsDrops,
    /// The echoed timestamp tells the round trip, even of a retransmission.
    RttFromTimestamp,
    /// The end of what was sent is not answered: one more segment asks for an ACK.
    TailLossProbed,
    /// The tail loss probe has repaired a loss: the congestion window shrinks.
    TailLossRepaired,
    /// In a recovery the congestion window comes down in proportion to what is delivered.
    ProportionalReduction,
    /// The ACKs show that the timeout was spurious: the congestion window is restored.
    SpuriousTimeout,
    /// The peer's window is zero: one byte probes it, at doubling intervals.
    ZeroWindowProbed,
    /// The window stayed small: as much as fits is sent after all.
    SmallWindowOverridden,
    /// R2 is reached: the connection is given up, the user is told.
    GaveUp,
    /// The user timeout expired: the connection is aborted, the user is told.
    UserTimedOut,
    /// The connection was idle for long: an empty segment asks whether the peer is there.
    KeepAliveProbed,
    /// No keep-alive was answered: the peer is gone.
    KeepAliveGaveUp,
    /// 2MSL have passed: the connection is forgotten.
    TimeWaitExpired,
    /// Nobody waits for the peer's FIN any more: FIN-WAIT-2 ends.
    FinWait2Expired,
    /// A segment whose checksum is wrong is discarded before the machine looks at it.
    ChecksumWrong,
}

/// The place of a rule in the standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The RFC's number.
    pub rfc: u16,
    /// Its section, such as `3.10.7.4`.
    pub section: &'static str,
    /// The requirement's label, such as `MUST-58`, where RFC 9293 gives one.
    pub label: Option<&'static str>,
}

impl Rule {
    /// Every rule, in the order of RFC 9293 §3.10.
    pub const ALL: &[Self] = &[
        Self::OpenPassive,
        Self::OpenActive,
        Self::SendOpens,
        Self::SendQueues,
        Self::SendTakes,
        Self::SendSegment,
        Self::ReceiveDelivers,
        Self::CloseDeletes,
        Self::CloseDeferred,
        Self::CloseQueued,
        Self::CloseSendsFin,
        Self::ExitResets,
        Self::AbortResets,
        Self::AbortDeletes,
        Self::ClosedDropsReset,
        Self::ClosedResets,
        Self::ListenIgnoresReset,
        Self::ListenResetsAck,
        Self::ListenSyn,
        Self::ListenDrops,
        Self::SynSentBadAckResets,
        Self::SynSentDropsReset,
        Self::SynSentRefused,
        Self::SynSentEstablishes,
        Self::SynSentSimultaneous,
        Self::SynSentDrops,
        Self::SynTextDropped,
        Self::OutsideWindowAcks,
        Self::OutsideWindowTrimmed,
        Self::OutsideWindowDropsReset,
        Self::ZeroWindowLooksAtAck,
        Self::SynAckRepeated,
        Self::ResetChallenged,
        Self::ResetReturnsToListen,
        Self::ResetRefuses,
        Self::ResetAborts,
        Self::ResetCloses,
        Self::ResetIgnoredInTimeWait,
        Self::TimeWaitReopens,
        Self::SynReturnsToListen,
        Self::SynChallenged,
        Self::SynResets,
        Self::SynFinDropped,
        Self::NoAckDropped,
        Self::AckEstablishes,
        Self::AckResets,
        Self::AckAdvances,
        Self::AckDuplicate,
        Self::AckOfUnsent,
        Self::AckTooOld,
        Self::AckLimited,
        Self::CrossedSynAcknowledged,
        Self::WindowUpdated,
        Self::FinAcknowledged,
        Self::ClosingAcknowledged,
        Self::LastAckAcknowledged,
        Self::TimeWaitIgnores,
        Self::TimeWaitAcks,
        Self::TextDelivered,
        Self::TextKept,
        Self::AlreadyKept,
        Self::TextIgnored,
        Self::LateTextResets,
        Self::TextAcknowledged,
        Self::GapAcknowledged,
        Self::AckDelayed,
        Self::DelayedAckSent,
        Self::FinPassive,
        Self::FinSimultaneous,
        Self::FinEndsFinWait1,
        Self::FinEndsFinWait2,
        Self::FinRestartsTimeWait,
        Self::FinAcknowledgedToPeer,
        Self::WindowOpened,
        Self::WindowShrunk,
        Self::SynRetransmitted,
        Self::SynAckRetransmitted,
        Self::TextRetransmitted,
        Self::FinRetransmitted,
        Self::NextRetransmitted,
        Self::BackedOff,
        Self::RttMeasured,
        Self::RtoAfterSynLoss,
        Self::OneSegmentAfterSynLoss,
        Self::SlowStart,
        Self::CongestionAvoidance,
        Self::RestartAfterIdle,
        Self::LossWindow,
        Self::DuplicateAckCounted,
        Self::LimitedTransmit,
        Self::FastRetransmit,
        Self::FastRecoveryInflates,
        Self::PartialAck,
        Self::FastRecoveryEnds,
        Self::SackUpdates,
        Self::DuplicateSack,
        Self::SackRetransmit,
        Self::RescueRetransmit,
        Self::PawsDrops,
        Self::RttFromTimestamp,
        Self::TailLossProbed,
        Self::TailLossRepaired,
        Self::ProportionalReduction,
        Self::SpuriousTimeout,
        Self::ZeroWindowProbed,
        Self::SmallWindowOverridden,
        Self::GaveUp,
        Self::UserTimedOut,
        Self::KeepAliveProbed,
        Self::KeepAliveGaveUp,
        Self::TimeWaitExpired,
        Self::FinWait2Expired,
        Self::ChecksumWrong,
    ];

    /// The rule's name in traces, links and locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.facts().0
    }

    /// The clause that the rule follows.
    #[must_use]
    pub const fn citation(self) -> Citation {
        self.facts().1
    }

    const fn facts(self) -> (&'static str, Citation) {
        match self {
            Self::OpenPassive => ("open-passive", must("3.9.1.1", "MUST-41")),
            Self::OpenActive => ("open-active", text("3.10.1")),
            Self::SendOpens => ("send-opens", text("3.10.2")),
            Self::SendQueues => ("send-queues", text("3.10.2")),
            Self::SendTakes => ("send-takes", text("3.10.2")),
            Self::SendSegment => ("send-segment", must("3.8.6.2.1", "MUST-38")),
            Self::ReceiveDelivers => ("receive-delivers", text("3.10.3")),
            Self::CloseDeletes => ("close-deletes", text("3.10.4")),
            Self::CloseDeferred => ("close-deferred", text("3.10.4")),
            Self::CloseQueued => ("close-queued", text("3.10.4")),
            Self::CloseSendsFin => ("close-sends-fin", text("3.10.4")),
            Self::ExitResets => ("exit-resets", must("3.6.1", "SHLD-3")),
            Self::AbortResets => ("abort-resets", text("3.10.5")),
            Self::AbortDeletes => ("abort-deletes", text("3.10.5")),
            Self::ClosedDropsReset => ("closed-drops-reset", text("3.10.7.1")),
            Self::ClosedResets => ("closed-resets", text("3.10.7.1")),
            Self::ListenIgnoresReset => ("listen-ignores-reset", text("3.10.7.2")),
            Self::ListenResetsAck => ("listen-resets-ack", text("3.10.7.2")),
            Self::ListenSyn => ("listen-syn", text("3.10.7.2")),
            Self::ListenDrops => ("listen-drops", text("3.10.7.2")),
            Self::SynSentBadAckResets => ("syn-sent-bad-ack-resets", text("3.10.7.3")),
            Self::SynSentDropsReset => ("syn-sent-drops-reset", text("3.10.7.3")),
            Self::SynSentRefused => ("syn-sent-refused", text("3.10.7.3")),
            Self::SynSentEstablishes => ("syn-sent-establishes", text("3.10.7.3")),
            Self::SynSentSimultaneous => ("syn-sent-simultaneous", text("3.10.7.3")),
            Self::SynSentDrops => ("syn-sent-drops", text("3.10.7.3")),
            Self::SynTextDropped => ("syn-text-dropped", other(7413, "4")),
            Self::OutsideWindowAcks => ("outside-window-acks", text("3.10.7.4")),
            Self::OutsideWindowTrimmed => ("outside-window-trimmed", text("3.10.7.4")),
            Self::OutsideWindowDropsReset => ("outside-window-drops-reset", text("3.10.7.4")),
            Self::ZeroWindowLooksAtAck => ("zero-window-looks-at-ack", text("3.10.7.4")),
            Self::SynAckRepeated => ("syn-ack-repeated", text("3.10.7.4")),
            Self::ResetChallenged => ("reset-challenged", other(5961, "3.2")),
            Self::ResetReturnsToListen => ("reset-returns-to-listen", text("3.10.7.4")),
            Self::ResetRefuses => ("reset-refuses", text("3.10.7.4")),
            Self::ResetAborts => ("reset-aborts", text("3.10.7.4")),
            Self::ResetCloses => ("reset-closes", text("3.10.7.4")),
            Self::ResetIgnoredInTimeWait => ("reset-ignored-in-time-wait", other(1337, "3")),
            Self::TimeWaitReopens => ("time-wait-reopens", must("3.6.1", "MAY-2")),
            Self::SynReturnsToListen => ("syn-returns-to-listen", text("3.10.7.4")),
            Self::SynChallenged => ("syn-challenged", other(5961, "4.2")),
            Self::SynResets => ("syn-resets", text("3.10.7.4")),
            Self::SynFinDropped => ("syn-fin-dropped", text("3.10.7.2")),
            Self::NoAckDropped => ("no-ack-dropped", text("3.10.7.4")),
            Self::AckEstablishes => ("ack-establishes", text("3.10.7.4")),
            Self::AckResets => ("ack-resets", text("3.10.7.4")),
            Self::AckAdvances => ("ack-advances", text("3.10.7.4")),
            Self::AckDuplicate => ("ack-duplicate", text("3.10.7.4")),
            Self::AckOfUnsent => ("ack-of-unsent", text("3.10.7.4")),
            Self::AckTooOld => ("ack-too-old", must("3.10.7.4", "MAY-12")),
            Self::AckLimited => ("ack-limited", other(5961, "7")),
            Self::CrossedSynAcknowledged => ("crossed-syn-acknowledged", text("3.10.7.4")),
            Self::WindowUpdated => ("window-updated", text("3.10.7.4")),
            Self::FinAcknowledged => ("fin-acknowledged", text("3.10.7.4")),
            Self::ClosingAcknowledged => ("closing-acknowledged", text("3.10.7.4")),
            Self::LastAckAcknowledged => ("last-ack-acknowledged", text("3.10.7.4")),
            Self::TimeWaitIgnores => ("time-wait-ignores", text("3.10.7.4")),
            Self::TimeWaitAcks => ("time-wait-acks", text("3.10.7.4")),
            Self::TextDelivered => ("text-delivered", text("3.10.7.4")),
            Self::TextKept => ("text-kept", must("3.10.7.4", "SHLD-31")),
            Self::AlreadyKept => ("already-kept", text("3.10")),
            Self::TextIgnored => ("text-ignored", text("3.10.7.4")),
            Self::LateTextResets => ("late-text-resets", must("3.6.1", "SHLD-3")),
            Self::TextAcknowledged => ("text-acknowledged", must("3.10.7.4", "MUST-58")),
            Self::GapAcknowledged => ("gap-acknowledged", other(5681, "4.2")),
            Self::AckDelayed => ("ack-delayed", must("3.8.6.3", "SHLD-18")),
            Self::DelayedAckSent => ("delayed-ack-sent", must("3.8.6.3", "MUST-40")),
            Self::FinPassive => ("fin-passive", text("3.10.7.4")),
            Self::FinSimultaneous => ("fin-simultaneous", text("3.10.7.4")),
            Self::FinEndsFinWait1 => ("fin-ends-fin-wait-1", text("3.10.7.4")),
            Self::FinEndsFinWait2 => ("fin-ends-fin-wait-2", text("3.10.7.4")),
            Self::FinRestartsTimeWait => ("fin-restarts-time-wait", text("3.10.7.4")),
            Self::FinAcknowledgedToPeer => ("fin-acknowledged-to-peer", text("3.10.7.4")),
            Self::WindowOpened => ("window-opened", must("3.8.6.2.2", "MUST-39")),
            Self::WindowShrunk => ("window-shrunk", must("3.8.6", "SHLD-14")),
            Self::SynRetransmitted => ("syn-retransmitted", text("3.10.8")),
            Self::SynAckRetransmitted => ("syn-ack-retransmitted", text("3.10.8")),
            Self::TextRetransmitted => ("text-retransmitted", text("3.10.8")),
            Self::FinRetransmitted => ("fin-retransmitted", text("3.10.8")),
            Self::NextRetransmitted => ("next-retransmitted", other(5681, "3.1")),
            Self::BackedOff => ("backed-off", other(6298, "5.5")),
            Self::RttMeasured => ("rtt-measured", other(6298, "2")),
            Self::RtoAfterSynLoss => ("rto-after-syn-loss", other(6298, "5.7")),
            Self::OneSegmentAfterSynLoss => ("one-segment-after-syn-loss", other(5681, "3.1")),
            Self::SlowStart => ("slow-start", other(5681, "3.1")),
            Self::CongestionAvoidance => ("congestion-avoidance", other(5681, "3.1")),
            Self::RestartAfterIdle => ("restart-after-idle", other(5681, "4.1")),
            Self::LossWindow => ("loss-window", other(5681, "3.1")),
            Self::DuplicateAckCounted => ("duplicate-ack-counted", other(5681, "2")),
            Self::LimitedTransmit => ("limited-transmit", other(3042, "2")),
            Self::FastRetransmit => ("fast-retransmit", other(5681, "3.2")),
            Self::FastRecoveryInflates => ("fast-recovery-inflates", other(5681, "3.2")),
            Self::PartialAck => ("partial-ack", other(6582, "3.2")),
            Self::FastRecoveryEnds => ("fast-recovery-ends", other(6582, "3.2")),
            Self::SackUpdates => ("sack-updates", other(2018, "5")),
            Self::DuplicateSack => ("duplicate-sack", other(2883, "4")),
            Self::SackRetransmit => ("sack-retransmit", other(6675, "5")),
            Self::RescueRetransmit => ("rescue-retransmit", other(6675, "4")),
            Self::PawsDrops => ("paws-drops", other(7323, "5.3")),
            Self::RttFromTimestamp => ("rtt-from-timestamp", other(7323, "4.1")),
            Self::TailLossProbed => ("tail-loss-probed", other(8985, "7.3")),
            Self::TailLossRepaired => ("tail-loss-repaired", other(8985, "7.4")),
            Self::ProportionalReduction => ("proportional-reduction", other(9937, "6")),
            Self::SpuriousTimeout => ("spurious-timeout", other(5682, "2.1")),
            Self::ZeroWindowProbed => ("zero-window-probed", must("3.8.6.1", "MUST-36")),
            Self::SmallWindowOverridden => ("small-window-overridden", text("3.8.6.2.1")),
            Self::GaveUp => ("gave-up", must("3.8.3", "MUST-20")),
            Self::UserTimedOut => ("user-timed-out", text("3.10.8")),
            Self::KeepAliveProbed => ("keep-alive-probed", must("3.8.4", "SHLD-12")),
            Self::KeepAliveGaveUp => ("keep-alive-gave-up", must("3.8.4", "MUST-29")),
            Self::TimeWaitExpired => ("time-wait-expired", text("3.10.8")),
            Self::FinWait2Expired => ("fin-wait-2-expired", text("3.6")),
            Self::ChecksumWrong => ("checksum-wrong", must("3.1", "MUST-3")),
        }
    }
}

/// A clause of RFC 9293 without a label of its own.
const fn text(section: &'static str) -> Citation {
    Citation { rfc: 9293, section, label: None }
}

/// A labelled requirement of RFC 9293.
const fn must(section: &'static str, label: &'static str) -> Citation {
    Citation { rfc: 9293, section, label: Some(label) }
}

/// A clause of another RFC.
const fn other(rfc: u16, section: &'static str) -> Citation {
    Citation { rfc, section, label: None }
}

impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Rule::ALL.len());
    }
}
