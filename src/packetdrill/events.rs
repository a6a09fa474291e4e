//! The events for which `poll` and `epoll` wait.

/// The events of a socket, as bits with Linux's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events(pub u32);

impl Events {
    pub(super) const IN: u32 = 0x1;
    pub(super) const OUT: u32 = 0x4;
    pub(super) const ERR: u32 = 0x8;
    pub(super) const HUP: u32 = 0x10;
    pub(super) const RDHUP: u32 = 0x2000;
    pub(super) const EDGE: u32 = 1 << 31;
    /// Reported whether asked for or not.
    pub(super) const ALWAYS: u32 = Self::ERR | Self::HUP;

    /// Reads `POLLIN|POLLOUT`, `EPOLLIN | EPOLLET`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut bits = 0;
        for word in text.split('|').map(str::trim) {
            let word = word.strip_prefix('E').filter(|it| it.starts_with("POLL")).unwrap_or(word);
            bits |= match word {
                "POLLIN" => Self::IN,
                "POLLOUT" => Self::OUT,
                "POLLERR" => Self::ERR,
                "POLLHUP" => Self::HUP,
                "POLLRDHUP" => Self::RDHUP,
                "POLLET" => Self::EDGE,
                "POLLRDNORM" => 0x40,
                "POLLWRNORM" => 0x100,
                "0" => 0,
                _ => return None,
            };
        }
        Some(Self(bits))
    }
}
