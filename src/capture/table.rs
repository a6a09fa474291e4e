//! Segments and connections as lines of text.

use core::fmt;

use super::connection::Connection;
use super::traced::TracedSegment;

const NANOS_PER_SECOND: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// Prints a segment as one line of tab-separated fields: frame, connection, sender, receiver,
/// flags, SEQ, ACK, data length, notes.
pub struct SegmentLine<'a>(pub &'a TracedSegment);

impl fmt::Display for SegmentLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TracedSegment { segment, connection, notes } = self.0;
        write!(f, "{}\t{connection}\t{}\t{}\t", segment.frame, segment.from, segment.to)?;
        write!(f, "{}", segment.flags.letters())?;
        write!(f, "\t{}\t{}\t{}\t{notes}", segment.seq, segment.ack, segment.length)
    }
}

/// The connections as an aligned table with a heading, one line each.
///
/// `A` is the end that sent the SYN, or else the first segment. Bytes are those of data.
#[must_use]
pub fn connection_table(connections: &[Connection]) -> String {
    const HEADING: [&str; 10] = [
        "#",
        "A",
        "B",
        "start (UTC)",
        "seconds",
        "segments",
        "bytes A to B",
        "bytes B to A",
        "opening",
        "ending",
    ];
    let mut rows = vec![HEADING.map(str::to_owned)];
    for (number, connection) in connections.iter().enumerate() {
        let [first, second] = &connection.ends;
        rows.push([
            number.to_string(),
            first.address.to_string(),
            second.address.to_string(),
            date_and_time(connection.start),
            seconds(connection.duration()),
            connection.segments().to_string(),
            first.bytes.to_string(),
            second.bytes.to_string(),
            connection.opening().to_string(),
            connection.closing().to_string(),
        ]);
    }
    aligned(&rows)
}

/// Columns of equal width: numbers to the right, words to the left.
fn aligned(rows: &[[String; 10]]) -> String {
    const TO_THE_RIGHT: [bool; 10] =
        [true, false, false, false, true, true, true, true, false, false];
    let mut widths = [0; 10];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.len().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let start = text.len();
        for ((cell, width), to_the_right) in row.iter().zip(widths).zip(TO_THE_RIGHT) {
            if text.len() > start {
                text.push_str("  ");
            }
            let padding = width - cell.len();
            let (before, after) = if to_the_right { (padding, 0) } else { (0, padding) };
            text.extend(core::iter::repeat_n(' ', before));
            text.push_str(cell);
            text.extend(core::iter::repeat_n(' ', after));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

/// Seconds with six decimals.
#[must_use]
pub fn seconds(nanos: i64) -> String {
    let micros = nanos / 1_000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// A time as date and time of day with microseconds, in UTC.
#[must_use]
pub fn date_and_time(nanos: i64) -> String {
    let seconds = nanos.div_euclid(NANOS_PER_SECOND);
    let micros = nanos.rem_euclid(NANOS_PER_SECOND) / 1_000;
    let (year, month, day) = civil(seconds.div_euclid(SECONDS_PER_DAY));
    let second = seconds.rem_euclid(SECONDS_PER_DAY);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{:02}.{micros:06}", second % 60)
}

/// Days since 1970-01-01 as year, month and day of the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    const DAYS_PER_ERA: i64 = 146_097;
    // Years begin in March here, so that the leap day is the last of its year; eras of 400 years
    // repeat exactly. 719,468 days lie between 0000-03-01 and 1970-01-01.
    let days = days + 719_468;
    let era = days.div_euclid(DAYS_PER_ERA);
    let day = days.rem_euclid(DAYS_PER_ERA);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, january_or_february) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + january_or_february, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::{date_and_time, seconds};

    #[test]
    fn times_are_printed_in_utc() {
        assert_eq!(date_and_time(0), "1970-01-01 00:00:00.000000");
        assert_eq!(date_and_time(951_782_399_999_999_999), "2000-02-28 23:59:59.999999");
        assert_eq!(date_and_time(951_868_799_000_001_000), "2000-02-29 23:59:59.000001");
        assert_eq!(date_and_time(-1), "1969-12-31 23:59:59.999999");
        assert_eq!(seconds(1_500_000_999), "1.500000");
    }
}
