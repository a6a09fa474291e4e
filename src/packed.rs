//! Values as octets, from one of the page's programs to another.
//!
//! A type is described once, by what it hands over one after the other; the same description
//! writes it and reads it, so that the two cannot differ.

/// Numbers and texts in a row, which are written or read.
#[derive(Debug)]
pub struct Packed {
    octets: Vec<u8>,
    /// Where the next one is read; `None` while they are written.
    place: Option<usize>,
    /// Whether all that was read was there.
    is_sound: bool,
}

impl Packed {
    /// The octets of what `describe` hands over.
    #[must_use]
    pub fn write(describe: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut packed = Self { octets: vec![], place: None, is_sound: true };
        describe(&mut packed);
        packed.octets
    }

    /// Lets `describe` read what was written by the same description; whether it was all of it,
    /// and every choice one that there is.
    #[must_use]
    pub fn read(octets: Vec<u8>, describe: impl FnOnce(&mut Self)) -> bool {
        let mut packed = Self { octets, place: Some(0), is_sound: true };
        describe(&mut packed);
        packed.is_sound && packed.place == Some(packed.octets.len())
    }

    /// Hands over what tells this build's octets from others.
    pub fn form(&mut self, form: u64) {
        self.is_sound &= self.number(form) == form;
    }

    /// Hands over a number: gives it back, or the one that is read in its place.
    pub fn number(&mut self, value: u64) -> u64 {
        let Some(place) = self.place else {
            self.octets.extend_from_slice(&value.to_le_bytes());
            return value;
        };
        let Some(octets) = self.octets.get(place..).and_then(<[u8]>::first_chunk) else {
            self.is_sound = false;
            return 0;
        };
        self.place = Some(place + octets.len());
        u64::from_le_bytes(*octets)
    }

    /// Hands over a number of 32 bits.
    #[allow(clippy::cast_possible_truncation)] // It was one of 32 bits when it was written.
    pub fn narrow(&mut self, value: u32) -> u32 {
        self.number(u64::from(value)) as u32
    }

    /// Hands over a number that a place or a length is.
    pub fn count(&mut self, value: usize) -> usize {
        usize::try_from(self.number(value as u64)).unwrap_or(usize::MAX)
    }

    /// Hands over a yes or a no.
    pub fn flag(&mut self, value: bool) -> bool {
        self.number(u64::from(value)) != 0
    }

    /// Hands over a number that there may be.
    pub fn maybe(&mut self, value: Option<u64>) -> Option<u64> {
        let is_there = self.flag(value.is_some());
        is_there.then(|| self.number(value.unwrap_or_default()))
    }

    /// Hands over one of all there are, by its place among them.
    pub fn choice<T: Copy>(&mut self, all: &[T], place: usize) -> T {
        let chosen = all.get(self.count(place));
        self.is_sound &= chosen.is_some();
        *chosen.unwrap_or(&all[0])
    }

    /// Hands over a text.
    pub fn text(&mut self, text: &mut String) {
        let mut octets = std::mem::take(text).into_bytes();
        self.octets(&mut octets);
        *text = String::from_utf8(octets).unwrap_or_default();
    }

    /// Hands over octets.
    pub fn octets(&mut self, octets: &mut Vec<u8>) {
        let count = self.count(octets.len());
        let Some(place) = self.place else {
            self.octets.extend_from_slice(octets);
            return;
        };
        let read = self.octets.get(place..).and_then(|rest| rest.get(..count));
        self.is_sound &= read.is_some();
        *octets = read.unwrap_or_default().to_vec();
        self.place = Some(place + octets.len());
    }

    /// Hands over a list, each by `describe`; what is read is put in the place of a `blank`.
    pub fn list<T: Clone>(
        &mut self,
        list: &mut Vec<T>,
        blank: &T,
        mut describe: impl FnMut(&mut Self, &mut T),
    ) {
        let count = self.count(list.len());
        if let Some(place) = self.place {
            // Each takes an octet at the least: a length that is none takes no memory.
            let is_possible = count <= self.octets.len() - place;
            self.is_sound &= is_possible;
            list.resize(if is_possible { count } else { 0 }, blank.clone());
        }
        for item in list {
            describe(self, item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Packed;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Sample {
        number: u64,
        maybe: [Option<u64>; 2],
        letter: char,
        text: String,
        list: Vec<u32>,
        flag: bool,
    }

    fn pass(sample: &mut Sample, packed: &mut Packed) {
        let letters = ['a', 'b'];
        sample.number = packed.number(sample.number);
        sample.maybe = sample.maybe.map(|value| packed.maybe(value));
        let place = letters.iter().position(|letter| *letter == sample.letter).unwrap_or(0);
        sample.letter = packed.choice(&letters, place);
        packed.text(&mut sample.text);
        packed.list(&mut sample.list, &7, |packed, item| *item = packed.narrow(*item));
        sample.flag = packed.flag(sample.flag);
    }

    fn sample() -> Sample {
        Sample {
            number: u64::MAX,
            maybe: [None, Some(0)],
            letter: 'b',
            text: "SYN을 보냄".into(),
            list: vec![0, u32::MAX, 3],
            flag: true,
        }
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let mut written = sample();
        let octets = Packed::write(|packed| pass(&mut written, packed));
        assert_eq!(written, sample(), "it stays");
        let mut read = Sample::default();
        assert!(Packed::read(octets, |packed| pass(&mut read, packed)));
        assert_eq!(read, sample());
    }

    #[test]
    fn too_little_too_much_and_anything_else_is_told() {
        let octets = Packed::write(|packed| pass(&mut sample(), packed));
        let is_read = |octets| Packed::read(octets, |it| pass(&mut Sample::default(), it));
        for length in 0..octets.len() {
            assert!(!is_read(octets[..length].to_vec()), "{length}");
        }
        assert!(!is_read([&octets[..], &[0]].concat()));
        assert!(!is_read(vec![0xff; 4096]));
    }
}
