//! Times as tcpdump and tshark print them.

const NANOS_PER_SECOND: i64 = 1_000_000_000;
const NANOS_PER_DAY: i64 = 86_400 * NANOS_PER_SECOND;

/// A time on a line, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// A number of seconds, since 1970 or since the first packet.
    Seconds(i64),
    /// A date and a time of day.
    Date(i64),
    /// A time of day, or hours, minutes and seconds since the first or the previous packet.
    Clock(i64),
}

/// The time at the start of a line.
pub(super) fn leading_time(line: &str) -> Option<Time> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    time(first, words.next())
}

/// A time in one word or, with a date, in two.
pub(super) fn time(first: &str, second: Option<&str>) -> Option<Time> {
    if let Some(days) = date(first) {
        let nanos = clock(second?)?;
        return Some(Time::Date(days.checked_mul(NANOS_PER_DAY)?.checked_add(nanos)?));
    }
    if let Some(nanos) = clock(first) {
        return Some(Time::Clock(nanos));
    }
    // A plain number is a frame number or nothing: seconds have a fraction.
    first.contains('.').then(|| seconds(first)).flatten().map(Time::Seconds)
}

/// `2026-11-28` as days since 1970.
fn date(word: &str) -> Option<i64> {
    let mut parts = word.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let is_valid = (1970..=2262).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && parts.next().is_none();
    // Years begin in March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    is_valid.then_some(days - 719_469)
}

/// `17:01:42.700271` in nanoseconds.
fn clock(word: &str) -> Option<i64> {
    let (hours, rest) = word.split_once(':')?;
    let (minutes, rest) = rest.split_once(':')?;
    let number = |word: &str| word.parse::<u16>().ok().map(i64::from);
    let minutes = number(hours)? * 60 + number(minutes)?;
    Some(minutes * 60 * NANOS_PER_SECOND + seconds(rest)?)
}

/// `42.700271` in nanoseconds.
fn seconds(word: &str) -> Option<i64> {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, ""));
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || fraction.len() > 9 {
        return None;
    }
    let nanos: i64 = format!("{fraction:0<9}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(NANOS_PER_SECOND)?.checked_add(nanos)
}

/// What hours, minutes and seconds count from.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Reference {
    /// Midnight, or the first packet.
    #[default]
    Fixed,
    /// The first packet, unless times turn out to go backwards.
    Undecided,
    /// The previous packet (`tcpdump -ttt`).
    Previous,
}

/// Turns the times of successive lines into one scale.
#[derive(Default)]
pub(super) struct Clock {
    reference: Reference,
    last: Option<i64>,
    /// What is added to times of day: days that have passed, or the sum of the differences.
    offset: i64,
}

impl Clock {
    /// The time of a line in nanoseconds. Lines without a time have that of the line before.
    pub fn at(&mut self, time: Option<Time>) -> i64 {
        let nanos = match time {
            None => return self.last.unwrap_or(0).saturating_add(self.offset),
            Some(Time::Seconds(nanos) | Time::Date(nanos)) => {
                self.last = Some(nanos);
                return nanos;
            }
            Some(Time::Clock(nanos)) => nanos,
        };
        match (self.reference, self.last) {
            // Only counting from a packet begins with exactly zero.
            (Reference::Fixed, None) if nanos == 0 => self.reference = Reference::Undecided,
            (Reference::Fixed, Some(last)) if last - nanos > NANOS_PER_DAY / 2 => {
                self.offset = self.offset.saturating_add(NANOS_PER_DAY);
            }
            (Reference::Undecided, Some(last)) if nanos < last => {
                self.reference = Reference::Previous;
                // The caller adds up those that it holds; this line's time comes on top.
                self.offset = self.offset.saturating_add(last);
            }
            (Reference::Previous, Some(last)) => self.offset = self.offset.saturating_add(last),
            (Reference::Undecided, Some(last)) => self.sum(last),
            _ => {}
        }
        self.last = Some(nanos);
        if self.reference == Reference::Undecided {
            nanos
        } else {
            nanos.saturating_add(self.offset)
        }
    }

    /// Adds up times that may turn out to be differences.
    fn sum(&mut self, nanos: i64) {
        self.offset = self.offset.saturating_add(nanos);
    }

    /// Whether times so far may count from the first packet or from the previous one.
    pub fn is_undecided(&self) -> bool {
        self.reference == Reference::Undecided
    }

    /// Whether times count from the previous packet.
    pub fn is_delta(&self) -> bool {
        self.reference == Reference::Previous
    }

    /// Takes times that never went backwards as counted from the first packet.
    pub fn decide(&mut self) {
        if self.reference == Reference::Undecided {
            self.reference = Reference::Fixed;
            self.offset = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Time, leading_time};

    #[test]
    fn every_format_of_time_is_read() {
        let time = |line| leading_time(line);
        assert_eq!(time("00:00:01.5 IP"), Some(Time::Clock(1_500_000_000)));
        assert_eq!(time("1285862902.700271 IP"), Some(Time::Seconds(1_285_862_902_700_271_000)));
        assert_eq!(time("0.700344123 a"), Some(Time::Seconds(700_344_123)));
        assert_eq!(
            time("2010-09-30 16:08:22.700271 IP"),
            Some(Time::Date(1_285_862_902_700_271_000))
        );
        assert_eq!(time("1970-01-01 00:00:00 IP"), Some(Time::Date(0)));
        assert_eq!(time("IP 10.0.0.1"), None);
        assert_eq!(time("17 0.5"), None);
        assert_eq!(time("99999999999999999999.5"), None);
    }

    #[test]
    fn a_time_of_day_goes_on_after_midnight() {
        let mut clock = Clock::default();
        let before = clock.at(leading_time("23:59:59.000000"));
        assert_eq!(clock.at(leading_time("00:00:01.000000")) - before, 2_000_000_000);
    }
}
