//! The fields of a segment, by the names of RFC 9293 §3.1.

/// A field of the TCP header, or the data after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as in the RFC")]
pub enum HeaderField {
    SourcePort,
    DestinationPort,
    SequenceNumber,
    AcknowledgmentNumber,
    DataOffset,
    Reserved,
    /// The eight flags together.
    ControlBits,
    Cwr,
    Ece,
    Urg,
    Ack,
    Psh,
    Rst,
    Syn,
    Fin,
    Window,
    Checksum,
    UrgentPointer,
    EndOfOptionList,
    NoOperation,
    MaximumSegmentSize,
    WindowScale,
    SackPermitted,
    Sack,
    Timestamps,
    /// An option of another kind.
    UnknownOption,
    /// Zeros after the end of the options.
    Padding,
    /// The bytes after the header.
    Data,
}

impl HeaderField {
    /// Its name in the RFC that defines it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SourcePort => "Source Port",
            Self::DestinationPort => "Destination Port",
            Self::SequenceNumber => "Sequence Number",
            Self::AcknowledgmentNumber => "Acknowledgment Number",
            Self::DataOffset => "Data Offset",
            Self::Reserved => "Reserved",
            Self::ControlBits => "Control Bits",
            Self::Cwr => "CWR",
            Self::Ece => "ECE",
            Self::Urg => "URG",
            Self::Ack => "ACK",
            Self::Psh => "PSH",
            Self::Rst => "RST",
            Self::Syn => "SYN",
            Self::Fin => "FIN",
            Self::Window => "Window",
            Self::Checksum => "Checksum",
            Self::UrgentPointer => "Urgent Pointer",
            Self::EndOfOptionList => "End of Option List",
            Self::NoOperation => "No-Operation",
            Self::MaximumSegmentSize => "Maximum Segment Size",
            Self::WindowScale => "Window Scale",
            Self::SackPermitted => "SACK Permitted",
            Self::Sack => "SACK",
            Self::Timestamps => "Timestamps",
            Self::UnknownOption => "Unknown Option",
            Self::Padding => "Padding",
            Self::Data => "Data",
        }
    }

    /// Whether it is one of the eight flags.
    #[must_use]
    pub const fn is_flag(self) -> bool {
        matches!(
            self,
            Self::Cwr
                | Self::Ece
                | Self::Urg
                | Self::Ack
                | Self::Psh
                | Self::Rst
                | Self::Syn
                | Self::Fin
        )
    }
}
