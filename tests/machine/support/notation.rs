//! Segments as text, such as `F. 1+10 ack 1 win 65535`: control bits (`S F R P`, `.` for ACK, `-`
//! for none), SEG.SEQ, bytes of text, SEG.ACK, SEG.WND, `mss` and `wscale`.

use tcp_handshake::tcp::{Flags, SackBlocks, Segment, SeqNumber, Text, Timestamps};

/// The numbers that are 0 in the notation: ISS for ours, IRS for the peer's.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    pub iss: SeqNumber,
    pub irs: SeqNumber,
}

impl Numbers {
    /// A segment from the peer.
    #[track_caller]
    pub fn arriving(self, notation: &str) -> Segment {
        parse(notation, self.irs, self.iss)
    }

    /// A segment of ours, without its window and options. The literal SEQ=0 of a reset from CLOSED
    /// is printed as `zero`.
    pub fn print(self, segment: &Segment) -> String {
        let from_closed = segment.flags == (Flags::RST | Flags::ACK) && segment.seq.0 == 0;
        let set = LETTERS.into_iter().filter(|(flag, _)| segment.flags.contains(*flag));
        let bits: String = set.map(|(_, letter)| letter).collect();
        let seq = relative(segment.seq, self.iss).to_string();
        let seq = if from_closed { "zero" } else { &seq };
        let octets = match segment.text.len() {
            0 => String::new(),
            octets => format!("+{octets}"),
        };
        let ack = segment.acknowledgment().map(|ack| format!(" ack {}", relative(ack, self.irs)));
        format!("{bits} {seq}{octets}{}", ack.unwrap_or_default())
    }
}

const LETTERS: [(Flags, char); 4] =
    [(Flags::SYN, 'S'), (Flags::FIN, 'F'), (Flags::RST, 'R'), (Flags::ACK, '.')];

fn relative(number: SeqNumber, base: SeqNumber) -> i32 {
    i32::from_ne_bytes(number.distance_from(base).to_ne_bytes())
}

fn absolute(base: SeqNumber, number: &str) -> SeqNumber {
    let number: i64 = number.parse().unwrap_or_else(|_| panic!("a number, not {number:?}"));
    base + u32::try_from(number.rem_euclid(1 << 32)).expect("a remainder of 2^32")
}

#[track_caller]
fn parse(notation: &str, seq_base: SeqNumber, ack_base: SeqNumber) -> Segment {
    let mut words = notation.split_whitespace();
    let mut segment = Segment { window: 65_535, ..Segment::default() };
    for letter in words.next().expect("control bits").chars() {
        segment.flags |= match letter {
            'S' => Flags::SYN,
            'F' => Flags::FIN,
            'R' => Flags::RST,
            'P' => Flags::PSH,
            '.' => Flags::ACK,
            '-' => Flags::NONE,
            other => panic!("no control bit: {other:?} in {notation:?}"),
        };
    }
    let seq = words.next().expect("SEG.SEQ");
    let (seq, octets) = seq.split_once('+').unwrap_or((seq, "0"));
    let octets = octets.parse().expect("bytes of text");
    segment.seq = absolute(seq_base, seq);
    segment.text = Text::new(&text_at(relative(segment.seq, seq_base), octets));
    while let Some(word) = words.next() {
        let value = words.next().unwrap_or_else(|| panic!("{word} of what, in {notation:?}"));
        match word {
            "ack" => segment.ack = absolute(ack_base, value),
            "win" => segment.window = value.parse().expect("a window"),
            "mss" => segment.options.mss = value.parse().ok(),
            "wscale" => segment.options.window_scale = value.parse().ok(),
            "sackOK" => segment.options.sack_permitted = value == "1",
            "ts" => {
                let (value, echo) = value.split_once(',').expect("TSval,TSecr");
                let [value, echo] = [value, echo].map(|it| it.parse().expect("a timestamp"));
                segment.options.timestamps = Some(Timestamps { value, echo });
            }
            "sack" => {
                let range = |range: &str| {
                    let (start, end) = range.split_once(':').expect("start:end");
                    (absolute(ack_base, start), absolute(ack_base, end))
                };
                let blocks: Vec<_> = value.split(',').map(range).collect();
                segment.options.sack = SackBlocks::new(&blocks);
            }
            other => panic!("{other:?} in {notation:?}"),
        }
    }
    segment
}

/// The peer's text: each byte follows from its sequence number, which reveals a misplaced one.
pub fn text_at(seq: i32, octets: usize) -> Vec<u8> {
    (i64::from(seq)..).take(octets).map(byte_at).collect()
}

fn byte_at(seq: i64) -> u8 {
    b'a' + u8::try_from(seq.rem_euclid(26)).unwrap_or(0)
}
