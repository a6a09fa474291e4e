//! Numbers and times as text, the same in every language.

use crate::time::{Duration, Instant};

/// A span as text, in a suitable unit: `250 µs`, `300 ms`, `1.05 s`.
#[must_use]
pub fn span(span: Duration) -> String {
    match span.as_micros() {
        0 => "0 ms".to_owned(),
        micros @ 1..1_000 => format!("{micros} µs"),
        micros @ 1_000..1_000_000 => format!("{} ms", decimal(micros, 3)),
        micros => format!("{} s", decimal(micros, 6)),
    }
}

/// An instant as text: the span since the start.
#[must_use]
pub fn instant(at: Instant) -> String {
    span(at.since(Instant::ZERO))
}

/// An instant in seconds, with three decimals: `1.050`.
#[must_use]
pub fn clock(at: Instant) -> String {
    let millis = at.as_millis();
    format!("{}.{:03}", number(millis / 1_000), millis % 1_000)
}

/// A number with thousands separators: `65,535`.
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `value` divided by 10 to the power of `places`, without trailing zeros.
fn decimal(value: u64, places: u32) -> String {
    let scale = 10_u64.pow(places);
    let fraction = format!("{:0width$}", value % scale, width = places as usize);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}", number(value / scale))
}

#[cfg(test)]
mod tests {
    use super::{clock, number, span};
    use crate::time::{Duration, Instant};

    #[test]
    fn times_and_numbers() {
        let text = |micros| span(Duration::from_micros(micros));
        assert_eq!(text(0), "0 ms");
        assert_eq!(text(250), "250 µs");
        assert_eq!(text(1_500), "1.5 ms");
        assert_eq!(text(300_000), "300 ms");
        assert_eq!(text(1_050_000), "1.05 s");
        assert_eq!(text(241_750_000), "241.75 s");
        assert_eq!(text(3_600_000_001), "3,600.000001 s");
        assert_eq!(clock(Instant::from_millis(1_050)), "1.050");
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(4_294_967_295), "4,294,967,295");
    }
}
