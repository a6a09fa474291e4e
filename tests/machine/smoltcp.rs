//! Differential test: our TCP against smoltcp, in virtual time, over a link that loses, duplicates,
//! delays, reorders and corrupts segments. Every byte of both streams arrives, and both ends reach
//! CLOSED. A failure begins with its seed; `SMOLTCP_SEED=n` runs that seed alone.

use std::collections::{BTreeMap, VecDeque};
use std::env;
use std::net::{Ipv4Addr, SocketAddrV4};

use smoltcp::iface::{self, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{self, Device, DeviceCapabilities, Medium};
use smoltcp::socket::tcp;
use smoltcp::wire::{HardwareAddress, IpCidr};

use tcp_handshake::tcp::wire::{self, Envelope};
use tcp_handshake::tcp::{
    Algorithm, Config, Connection, Event, GiveUp, Outbox, Output, ReceiveError, SeqNumber, State,
};
use tcp_handshake::time::{Duration, Instant};

const SEEDS: u64 = 3_000;
const OUR_ADDRESS: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 49_152);
const THEIR_ADDRESS: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 2), 80);

/// The generator `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn index(&mut self, end: usize) -> usize {
        usize::try_from(self.below(end as u64)).unwrap()
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.index(values.len())]
    }

    fn text(&mut self, octets: usize) -> Vec<u8> {
        (0..octets).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}

// ---- The users ----

/// When a user calls CLOSE.
#[derive(Clone, Copy, Debug)]
enum Closes {
    /// When everything is sent: a half-close.
    Sent,
    /// When everything is sent and received.
    Exchanged,
    /// When everything is sent and the peer has closed.
    PeerClosed,
}

/// The order of closing: one side after the other, or both independently.
const ORDERS: [[Closes; 2]; 6] = [
    [Closes::Sent, Closes::PeerClosed],
    [Closes::Exchanged, Closes::PeerClosed],
    [Closes::PeerClosed, Closes::Sent],
    [Closes::PeerClosed, Closes::Exchanged],
    [Closes::Sent, Closes::Sent],
    [Closes::Exchanged, Closes::Exchanged],
];

/// A user. It reads slowly, so that windows close.
struct User {
    text: Vec<u8>,
    sent: usize,
    expected: Vec<u8>,
    received: Vec<u8>,
    peer_has_closed: bool,
    has_closed: bool,
    closes: Closes,
    /// The reply is sent once the request has arrived.
    replies: bool,
    chunk: usize,
    pause: Duration,
    reads_at: Instant,
}

impl User {
    fn new(random: &mut Random, text: &[u8], expected: &[u8], closes: Closes) -> Self {
        Self {
            text: text.to_vec(),
            sent: 0,
            expected: expected.to_vec(),
            received: vec![],
            peer_has_closed: false,
            has_closed: false,
            closes,
            replies: false,
            // smoltcp drops unread text when TIME-WAIT ends, so everything is read within its 10 s.
            chunk: random.pick(&[20, 500, 5_000, 100_000]),
            pause: Duration::from_millis(random.pick(&[0, 3, 20])),
            reads_at: Instant::ZERO,
        }
    }

    fn has_all(&self) -> bool {
        self.received.len() >= self.expected.len()
    }

    fn unsent(&self) -> &[u8] {
        let waits = self.replies && !self.has_all();
        if waits { &[] } else { &self.text[self.sent..] }
    }

    fn wants_to_close(&self) -> bool {
        let when = match self.closes {
            Closes::Sent => true,
            Closes::Exchanged => self.has_all(),
            Closes::PeerClosed => self.peer_has_closed,
        };
        when && !self.has_closed && self.sent == self.text.len()
    }

    /// Checks the text that arrived, byte by byte.
    fn take(&mut self, now: Instant, octets: &[u8]) -> Result<(), String> {
        let from = self.received.len();
        if self.expected.get(from..from + octets.len()) != Some(octets) {
            return Err(format!("wrong bytes from {from} on"));
        }
        self.received.extend(octets);
        self.reads_at = now + self.pause;
        Ok(())
    }

    fn check_end(&self, name: &str) -> Result<(), String> {
        if self.received == self.expected && self.peer_has_closed && self.has_closed {
            return Ok(());
        }
        let (got, all) = (self.received.len(), self.expected.len());
        Err(format!(
            "{name}: {got} of {all} bytes, peer closed: {}, closed: {}",
            self.peer_has_closed, self.has_closed
        ))
    }
}

// ---- Our end ----

struct Ours {
    connection: Connection,
    user: User,
    id: u16,
    fin_came: bool,
}

impl Ours {
    /// Makes a call, or handles an arrival or a timeout; returns the datagrams sent.
    fn call<R>(
        &mut self,
        now: Instant,
        sent: &mut Vec<Vec<u8>>,
        call: impl FnOnce(&mut Connection, Instant, &mut Outbox) -> R,
    ) -> Result<R, String> {
        let mut out = Outbox::new();
        let result = call(&mut self.connection, now, &mut out);
        for output in out.drain() {
            match output {
                Output::Transmit(segment, ..) => {
                    self.id = self.id.wrapping_add(1);
                    let envelope =
                        Envelope { from: OUR_ADDRESS, to: THEIR_ADDRESS, id: self.id, ttl: 64 };
                    let octets = wire::encode(&segment, &envelope);
                    sent.push(octets.map_err(|error| error.to_string())?);
                }
                Output::Event(event @ (Event::Refused | Event::TimedOut), _) => {
                    return Err(format!("{event:?}"));
                }
                // The peer may drop its end once it has everything and both FINs have arrived.
                Output::Event(Event::Reset, _) if !self.user.has_closed || !self.user.has_all() => {
                    return Err("reset".to_owned());
                }
                Output::Event(Event::PeerClosed, _) => self.fin_came = true,
                Output::Event(..) => {}
            }
        }
        Ok(result)
    }

    fn run_user(&mut self, now: Instant, sent: &mut Vec<Vec<u8>>) -> Result<(), String> {
        let count = self.user.unsent().len().min(self.user.chunk);
        let synchronized =
            !matches!(self.connection.state(), State::Closed | State::Listen | State::SynSent);
        if count > 0 && synchronized {
            let text = self.user.unsent()[..count].to_vec();
            if self.call(now, sent, |c, now, out| c.send(now, &text, out))?.is_ok() {
                self.user.sent += count;
            }
        }
        if now >= self.user.reads_at {
            let chunk = self.user.chunk;
            match self.call(now, sent, |c, now, out| c.receive(now, chunk, out))? {
                Ok(text) if text.is_empty() => {}
                Ok(text) => self.user.take(now, text.octets())?,
                Err(ReceiveError::Closing) => self.user.peer_has_closed = true,
                // LAST-ACK has ended before a slow user reads.
                Err(ReceiveError::NotOpen) => self.user.peer_has_closed |= self.fin_came,
            }
        }
        if self.user.wants_to_close() && synchronized {
            self.user.has_closed = true;
            self.call(now, sent, Connection::close)?.map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

// ---- Their end ----

/// The network card of smoltcp's interface.
struct Card {
    mtu: usize,
    arrived: VecDeque<Vec<u8>>,
    sent: Vec<Vec<u8>>,
}

struct Arrived(Vec<u8>);
struct Sending<'a>(&'a mut Vec<Vec<u8>>);

impl phy::RxToken for Arrived {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(&self.0)
    }
}

impl phy::TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, write: F) -> R {
        let mut octets = vec![0; length];
        let result = write(&mut octets);
        self.0.push(octets);
        result
    }
}

impl Device for Card {
    type RxToken<'a> = Arrived;
    type TxToken<'a> = Sending<'a>;

    fn receive(&mut self, _: smoltcp::time::Instant) -> Option<(Arrived, Sending<'_>)> {
        self.arrived.pop_front().map(|octets| (Arrived(octets), Sending(&mut self.sent)))
    }

    fn transmit(&mut self, _: smoltcp::time::Instant) -> Option<Sending<'_>> {
        Some(Sending(&mut self.sent))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ip;
        capabilities.max_transmission_unit = self.mtu;
        capabilities
    }
}

struct Theirs {
    card: Card,
    interface: Interface,
    sockets: SocketSet<'static>,
    handle: SocketHandle,
    user: User,
}

fn their_time(now: Instant) -> smoltcp::time::Instant {
    smoltcp::time::Instant::from_micros(i64::try_from(now.as_micros()).unwrap())
}

impl Theirs {
    fn new(random: &mut Random, user: User) -> Self {
        let mtu = random.pick(&[200, 576, 1_500]);
        let mut card = Card { mtu, arrived: VecDeque::new(), sent: vec![] };
        let mut config = iface::Config::new(HardwareAddress::Ip);
        config.random_seed = random.next();
        let mut interface = Interface::new(config, &mut card, smoltcp::time::Instant::ZERO);
        interface.update_ip_addrs(|addresses| {
            addresses.push(IpCidr::new((*THEIR_ADDRESS.ip()).into(), 24)).unwrap();
        });
        let buffer = |octets| tcp::SocketBuffer::new(vec![0; octets]);
        let sizes = [100, 1_000, 4_096, 65_535, 200_000];
        let mut socket = tcp::Socket::new(buffer(random.pick(&sizes)), buffer(random.pick(&sizes)));
        socket.set_nagle_enabled(random.percent(50));
        if random.percent(50) {
            socket.set_congestion_control(tcp::CongestionControl::Reno);
        }
        if random.percent(50) {
            socket.set_ack_delay(None);
        }
        let mut sockets = SocketSet::new(vec![]);
        let handle = sockets.add(socket);
        Self { card, interface, sockets, handle, user }
    }

    fn socket(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.handle)
    }

    fn state(&self) -> tcp::State {
        self.sockets.get::<tcp::Socket>(self.handle).state()
    }

    fn open(&mut self, actively: bool) {
        let socket = self.sockets.get_mut::<tcp::Socket>(self.handle);
        if actively {
            socket.connect(self.interface.context(), OUR_ADDRESS, THEIR_ADDRESS.port()).unwrap();
        } else {
            socket.listen(THEIR_ADDRESS.port()).unwrap();
        }
    }

    fn poll(&mut self, now: Instant) {
        self.interface.poll(their_time(now), &mut self.card, &mut self.sockets);
    }

    fn poll_timeout(&mut self, now: Instant) -> Option<Instant> {
        let due = self.interface.poll_at(their_time(now), &self.sockets)?;
        Some(Instant::from_micros(u64::try_from(due.total_micros()).unwrap_or(0)).max(now))
    }

    fn run_user(&mut self, now: Instant) -> Result<(), String> {
        let user = &mut self.user;
        let socket = self.sockets.get_mut::<tcp::Socket>(self.handle);
        let count = user.unsent().len().min(user.chunk);
        if count > 0 && socket.may_send() {
            user.sent += socket.send_slice(&user.unsent()[..count]).unwrap_or(0);
        }
        if now >= user.reads_at {
            let mut octets = vec![0; user.chunk];
            match socket.recv_slice(&mut octets) {
                Ok(0) | Err(tcp::RecvError::InvalidState) => {}
                Ok(count) => user.take(now, &octets[..count])?,
                Err(tcp::RecvError::Finished) => user.peer_has_closed = true,
            }
        }
        if user.wants_to_close() && (socket.may_send() || user.peer_has_closed) {
            user.has_closed = true;
            socket.close();
        }
        Ok(())
    }
}

// ---- The link between them ----

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Us,
    Them,
}

struct Link {
    random: Random,
    loss: u64,
    repetition: u64,
    corruption: u64,
    delay: u64,
    /// By the time of arrival and a serial number.
    in_flight: BTreeMap<(Instant, u64), (To, Vec<u8>)>,
    serial: u64,
    trace: VecDeque<String>,
}

impl Link {
    fn new(mut random: Random) -> Self {
        Self {
            loss: random.pick(&[0, 5, 25]),
            repetition: random.pick(&[0, 5, 25]),
            corruption: random.pick(&[0, 5]),
            delay: random.pick(&[1, 20, 400]),
            random,
            in_flight: BTreeMap::new(),
            serial: 0,
            trace: VecDeque::new(),
        }
    }

    fn carry(&mut self, now: Instant, to: To, octets: &[u8]) -> Result<(), String> {
        let (_, segment) = wire::decode(octets).map_err(|error| error.to_string())?;
        let is_lost = self.random.percent(self.loss);
        let fate = if is_lost { " (lost)" } else { "" };
        let micros = now.as_micros();
        self.trace.push_back(format!("{micros:>12} to {to:?}: {segment}{}{fate}", segment.window));
        if self.trace.len() > 60 {
            self.trace.pop_front();
        }
        let is_repeated = self.random.percent(self.repetition);
        for _ in 0..usize::from(!is_lost) + usize::from(is_repeated) {
            let mut octets = octets.to_vec();
            if self.random.percent(self.corruption) {
                let at = self.random.index(octets.len());
                octets[at] ^= 1 << self.random.below(8);
            }
            let delay = Duration::from_micros(200 + self.random.below(self.delay * 1_000));
            self.serial += 1;
            self.in_flight.insert((now + delay, self.serial), (to, octets));
        }
        Ok(())
    }
}

struct Run {
    now: Instant,
    ours: Ours,
    theirs: Theirs,
    link: Link,
}

fn our_config(random: &mut Random) -> Config {
    let iss = u32::try_from(random.next() >> 32).unwrap();
    Config {
        mss: random.pick(&[100, 536, 1_460]),
        window_scale: random.pick(&[None, Some(0), Some(3), Some(7)]),
        // smoltcp does not always probe a zero window, so only its own window may close.
        receive_buffer: random.pick(&[8_192, 65_535, 200_000]),
        rto_max: Duration::from_secs(8),
        delayed_ack: random.pick(&[None, Some(Duration::from_millis(40))]),
        delay_ack_of_fin: random.percent(50),
        nagle: random.percent(50),
        // Neither end gives up, whatever the link does.
        syn_give_up: GiveUp::Retransmissions(60),
        syn_ack_give_up: GiveUp::Retransmissions(60),
        give_up: GiveUp::Retransmissions(60),
        user_timeout: None,
        sack: random.percent(50),
        timestamps: random.percent(50),
        congestion: random.pick(&[Algorithm::Reno, Algorithm::Cubic]),
        keeps_segments: random.percent(50),
        proportional_reduction: random.percent(50),
        tail_loss_probe: random.percent(50),
        frto: random.percent(50),
        ..Config::rfc9293(SeqNumber(iss))
    }
}

impl Run {
    fn new(seed: u64) -> Result<Self, String> {
        let mut random = Random(seed);
        let we_are_client = seed.is_multiple_of(2);
        let orders = ORDERS[usize::try_from(seed / 2).unwrap() % ORDERS.len()];
        let lengths = [(); 2].map(|()| random.pick(&[0, 1, 700, 3_000, 8_000]));
        let texts = lengths.map(|most| if most == 0 { 0 } else { 1 + random.index(most) });
        let [ours, theirs] = texts.map(|octets| random.text(octets));
        let mut our_user = User::new(&mut random, &ours, &theirs, orders[0]);
        let mut their_user = User::new(&mut random, &theirs, &ours, orders[1]);
        if orders.iter().any(|order| matches!(order, Closes::PeerClosed)) {
            (our_user.replies, their_user.replies) = (!we_are_client, we_are_client);
        }
        let connection = Connection::new(our_config(&mut random));
        let mut run = Self {
            now: Instant::ZERO,
            ours: Ours { connection, user: our_user, id: 0, fin_came: false },
            theirs: Theirs::new(&mut random, their_user),
            link: Link::new(random),
        };
        run.theirs.open(!we_are_client);
        let open = if we_are_client { Connection::open_active } else { Connection::open_passive };
        let mut sent = vec![];
        run.ours.call(run.now, &mut sent, open)?.map_err(|error| error.to_string())?;
        run.settle(sent)?;
        Ok(run)
    }

    /// The progress of both users, compared to see whether they are idle.
    fn progress(&self) -> [(usize, usize, bool, bool); 2] {
        [&self.ours.user, &self.theirs.user]
            .map(|user| (user.sent, user.received.len(), user.peer_has_closed, user.has_closed))
    }

    /// Lets both users act until nothing changes any more.
    fn settle(&mut self, mut sent: Vec<Vec<u8>>) -> Result<(), String> {
        let now = self.now;
        loop {
            let before = self.progress();
            self.theirs.poll(now);
            self.ours.run_user(now, &mut sent)?;
            self.theirs.run_user(now)?;
            self.theirs.poll(now);
            let is_idle = sent.is_empty() && self.theirs.card.sent.is_empty();
            if is_idle && before == self.progress() {
                return Ok(());
            }
            for octets in sent.drain(..) {
                self.link.carry(now, To::Them, &octets)?;
            }
            for octets in std::mem::take(&mut self.theirs.card.sent) {
                self.link.carry(now, To::Us, &octets)?;
            }
        }
    }

    fn is_over(&self) -> bool {
        self.ours.connection.state() == State::Closed
            && self.theirs.state() == tcp::State::Closed
            && self.link.in_flight.is_empty()
            && [&self.ours.user, &self.theirs.user].iter().all(|user| user.peer_has_closed)
    }

    fn next(&mut self) -> Option<Instant> {
        let now = self.now;
        let arrival = self.link.in_flight.first_key_value().map(|((due, _), _)| *due);
        let reads = [self.ours.user.reads_at, self.theirs.user.reads_at];
        let reads = reads.into_iter().filter(|due| *due > now).min();
        let expiries = [self.ours.connection.poll_timeout(), self.theirs.poll_timeout(now)];
        expiries.into_iter().chain([arrival, reads]).flatten().min()
    }

    fn step(&mut self) -> Result<(), String> {
        self.now = self.next().ok_or("stalled")?.max(self.now);
        let now = self.now;
        let mut sent = vec![];
        if self.ours.connection.poll_timeout().is_some_and(|due| due <= now) {
            self.ours.call(now, &mut sent, Connection::handle_timeout)?;
        }
        while let Some(entry) = self.link.in_flight.first_entry()
            && entry.key().0 <= now
        {
            match entry.remove() {
                (To::Them, octets) => self.theirs.card.arrived.push_back(octets),
                (To::Us, octets) => {
                    if let Ok((envelope, segment)) = wire::decode(&octets) {
                        assert_eq!((envelope.from, envelope.to), (THEIR_ADDRESS, OUR_ADDRESS));
                        self.ours.call(now, &mut sent, |c, now, out| {
                            c.handle_segment(now, &segment, out);
                        })?;
                    }
                }
            }
        }
        self.settle(sent)
    }

    fn finish(&mut self) -> Result<(), String> {
        for _ in 0..200_000 {
            if self.is_over() {
                self.ours.user.check_end("ours")?;
                return self.theirs.user.check_end("theirs");
            }
            self.step()?;
        }
        Err("no end".to_owned())
    }
}

fn run(seed: u64) {
    let mut run = Run::new(seed).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    if let Err(error) = run.finish() {
        let states = format!("{:?}, {}", run.ours.connection.state(), run.theirs.socket().state());
        let trace: Vec<String> = run.link.trace.into();
        panic!("seed {seed}: {error} in {states}\n{}", trace.join("\n"));
    }
}

#[test]
fn both_streams_arrive_and_both_ends_close() {
    if let Some(seed) = env::var("SMOLTCP_SEED").ok().and_then(|seed| seed.parse().ok()) {
        return run(seed);
    }
    (0..SEEDS).for_each(run);
}

mod deep {
    use super::*;

    /// The seeds after those of the ordinary test.
    #[test]
    #[ignore = "deep: 100,000 more seeds"]
    fn both_streams_arrive_and_both_ends_close() {
        (SEEDS..SEEDS + 100_000).for_each(run);
    }
}
