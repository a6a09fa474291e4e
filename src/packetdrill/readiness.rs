//! `poll` and `epoll`: which operations on a socket would not block.

use super::events::Events;
use super::host::{Host, Role, Watched};
use super::script::{Call, Descriptor, Watch};
use super::sockets::Outcome;
use crate::tcp::State;

impl Host {
    fn ready(&self, fd: Descriptor) -> Option<u32> {
        let socket = self.sockets.get(&fd)?;
        let index = match socket.role {
            Role::Fresh => return Some(Events::OUT | Events::HUP),
            Role::Listener => {
                let waits = self
                    .endpoints
                    .iter()
                    .any(|endpoint| endpoint.listener == Some(fd) && endpoint.was_established);
                return Some(if waits { Events::IN } else { 0 });
            }
            Role::Connection(index) => index,
        };
        let endpoint = &self.endpoints[index];
        let connection = &endpoint.connection;
        let mut bits = 0;
        if endpoint.error.is_some() {
            bits |= Events::ERR;
        }
        match connection.state() {
            State::SynSent | State::SynReceived => return Some(bits),
            State::Closed => {
                return Some(bits | Events::IN | Events::OUT | Events::HUP | Events::RDHUP);
            }
            _ => {}
        }
        let has_closed = !matches!(connection.state(), State::Established | State::CloseWait);
        let reads_end = connection.peer_has_closed() || endpoint.is_read_shut;
        if connection.readable_octets() > 0 || reads_end {
            bits |= Events::IN;
        }
        if reads_end {
            bits |= Events::RDHUP;
        }
        if reads_end && has_closed {
            bits |= Events::HUP;
        }
        // Writable once a third of the send buffer is free.
        let (used, all) =
            (connection.unacknowledged_octets(), connection.config().send_buffer as usize);
        if has_closed || used < all / 3 * 2 {
            bits |= Events::OUT;
        }
        let normal = |bit, alias| if bits & bit > 0 { alias } else { 0 };
        Some(bits | normal(Events::IN, 0x40) | normal(Events::OUT, 0x100))
    }

    /// A call that waits for events; `None` if it is another one.
    pub(super) fn call_about_events(
        &mut self,
        call: &Call,
        descriptor: Option<Descriptor>,
    ) -> Option<Outcome> {
        Some(match call {
            Call::Poll(watches) => self.call_poll(watches),
            Call::EpollCreate => {
                let fd = descriptor.unwrap_or_else(|| self.free_descriptor());
                self.polls.insert(fd, vec![]);
                Outcome::Returned(fd)
            }
            Call::EpollControl(epoll, fd, events) => self.call_epoll_control(*epoll, *fd, *events),
            Call::EpollWait(epoll, events) => self.call_epoll_wait(*epoll, *events),
            Call::Close(fd) if self.polls.remove(fd).is_some() => Outcome::Returned(0),
            _ => return None,
        })
    }

    /// `poll`: the number of sockets with an event, if the script's events are right.
    pub(super) fn call_poll(&self, watches: &[Watch]) -> Outcome {
        let mut count = 0;
        for watch in watches {
            let Some(ready) = self.ready(watch.fd) else { return Outcome::Failed("EBADF") };
            let got = ready & (watch.asked.0 | Events::ALWAYS);
            if let Some(wanted) = watch.wanted
                && wanted.0 != got
                && got != 0
            {
                return Outcome::Differs {
                    want: format!("revents {:#x}", wanted.0),
                    got: format!("{got:#x}"),
                };
            }
            count += i64::from(got != 0);
        }
        if count == 0 { Outcome::Blocks("0") } else { Outcome::Returned(count) }
    }

    /// `epoll_ctl`: adds, changes or removes a socket.
    pub(super) fn call_epoll_control(
        &mut self,
        epoll: Descriptor,
        fd: Descriptor,
        events: Option<Events>,
    ) -> Outcome {
        let Some(list) = self.polls.get_mut(&epoll) else { return Outcome::Failed("EBADF") };
        list.retain(|watched| watched.fd != fd);
        list.extend(events.map(|asked| Watched { fd, asked, told: 0 }));
        Outcome::Returned(0)
    }

    /// `epoll_wait` on the sockets of an instance.
    pub(super) fn call_epoll_wait(&mut self, epoll: Descriptor, wanted: Option<Events>) -> Outcome {
        let Some(watches) = self.polls.get(&epoll).cloned() else {
            return Outcome::Failed("EBADF");
        };
        let mut count = 0;
        let mut all = 0;
        for (place, watch) in watches.iter().enumerate() {
            let ready = self.ready(watch.fd).unwrap_or(0) & (watch.asked.0 | Events::ALWAYS);
            // An edge is reported once; it comes back when its condition was gone in between.
            let told = if watch.asked.0 & Events::EDGE > 0 { watch.told } else { 0 };
            let news = ready & !told;
            if let Some(list) = self.polls.get_mut(&epoll) {
                list[place].told = ready;
            }
            count += i64::from(news != 0);
            all |= if news == 0 { 0 } else { ready };
        }
        match wanted {
            _ if count == 0 => Outcome::Blocks("0"),
            Some(wanted) if wanted.0 != all => Outcome::Differs {
                want: format!("events {:#x}", wanted.0),
                got: format!("{all:#x}"),
            },
            _ => Outcome::Returned(count),
        }
    }
}
