//! A byte queue: appended at the back, taken from the front.

use std::sync::Arc;

/// A queue of contiguous bytes.
///
/// A short queue is stored inline. A long one is shared with its clones until more is appended, so
/// that cloning a connection copies no text.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    few: [u8; FEW],
    many: Option<Arc<Vec<u8>>>,
    /// The range of the bytes, in `many` if it is set.
    start: usize,
    end: usize,
}

/// The longest queue stored inline, in bytes.
const FEW: usize = 40;

impl Stream {
    pub(super) const fn new() -> Self {
        Self { few: [0; FEW], many: None, start: 0, end: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.end - self.start
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.end == self.start
    }

    pub(super) fn octets(&self) -> &[u8] {
        let all = self.many.as_ref().map_or(&self.few[..], |many| many);
        &all[self.start..self.end]
    }

    pub(super) fn append(&mut self, octets: &[u8]) {
        let end = self.end + octets.len();
        if self.many.is_none() && end <= FEW {
            self.few[self.end..end].copy_from_slice(octets);
            self.end = end;
        } else {
            self.append_many(octets);
        }
    }

    /// Removes `count` bytes from the front, or all if there are fewer.
    pub(super) fn take(&mut self, count: usize) {
        self.start += count.min(self.len());
        if self.is_empty() {
            self.clear();
        }
    }

    pub(super) fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
        match self.many.as_mut().map(Arc::get_mut) {
            Some(Some(many)) => many.clear(),
            Some(None) => self.many = None,
            None => {}
        }
    }

    fn append_many(&mut self, octets: &[u8]) {
        match self.many.as_mut().and_then(Arc::get_mut) {
            // The removed part is freed once it is larger than the rest.
            Some(many) if self.start <= self.end - self.start => many.extend(octets),
            _ => {
                let left = self.octets();
                let mut many = Vec::with_capacity(left.len() + octets.len());
                many.extend(left);
                many.extend(octets);
                (self.start, self.end) = (0, self.len());
                self.many = Some(Arc::new(many));
            }
        }
        self.end += octets.len();
    }
}

#[cfg(test)]
mod tests {
    use super::Stream;
    use std::collections::VecDeque;

    #[test]
    fn a_stream_is_a_queue() {
        let mut stream = Stream::new();
        let mut queue: VecDeque<u8> = VecDeque::new();
        let mut clones = vec![];
        let mut next = 0_u8;
        for round in 0..400_usize {
            let octets: Vec<u8> = (0..round * 7 % 61)
                .map(|_| {
                    next = next.wrapping_add(1);
                    next
                })
                .collect();
            stream.append(&octets);
            queue.extend(&octets);
            if round % 5 == 0 {
                clones.push((stream.clone(), queue.clone()));
            }
            let count = round * 11 % 83;
            stream.take(count);
            queue.drain(..count.min(queue.len()));
            assert_eq!(stream.octets(), queue.make_contiguous(), "round {round}");
            assert_eq!((stream.len(), stream.is_empty()), (queue.len(), queue.is_empty()));
        }
        for (stream, queue) in clones {
            assert!(stream.octets().iter().eq(&queue), "a clone stays as it was");
        }
    }
}
