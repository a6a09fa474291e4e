//! The numbers of each stack, with their sources. docs/stacks.md says more about them.

use crate::locale::{self, Catalog};
use crate::scenarios::Stack;
use crate::tcp::{Config, GiveUp, SeqNumber};
use crate::time::Duration;

/// One number.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// Its name in locale files: `ui.tune.fact.<id>`.
    pub id: &'static str,
    /// The source of the number, for each of [`Stack::ALL`].
    pub sources: [&'static str; 2],
    of: fn(&Config) -> Figure,
}

/// The kind and value of a number.
enum Figure {
    Span(Duration),
    Limit(GiveUp),
    Octets(u32),
    Off,
}

impl Figure {
    fn span(span: Option<Duration>) -> Self {
        span.map_or(Self::Off, Self::Span)
    }
}

impl Fact {
    /// The number as one stack has it, as text.
    #[must_use]
    pub fn value(&self, stack: Stack, catalog: &Catalog) -> String {
        match (self.of)(&stack.config(SeqNumber(0))) {
            Figure::Span(span)
            | Figure::Limit(GiveUp::After(span) | GiveUp::AfterRepeating(span)) => {
                locale::span(span)
            }
            Figure::Limit(GiveUp::Retransmissions(count)) => {
                catalog.format("ui.tune.repeats", &[("count", &count)])
            }
            Figure::Octets(octets) => locale::number(octets.into()),
            Figure::Off => catalog.text("ui.tune.none").to_owned(),
        }
    }
}

const R2: &str = "RFC 9293 §3.8.3, MUST-23";
const LINUX_TCP_H: &str = "TCP_TIMEOUT_INIT, include/net/tcp.h";

/// Every number that differs between the stacks, and the numbers that a connection starts with.
pub const FACTS: [Fact; 11] = [
    fact("rto-initial", ["RFC 6298 §2.1", LINUX_TCP_H], |it| Figure::Span(it.rto_initial)),
    fact("rto-min", ["RFC 6298 §2.4", "TCP_RTO_MIN; net.ipv4.tcp_rto_min_us"], |it| {
        Figure::Span(it.rto_min)
    }),
    fact("rto-max", ["RFC 6298 §2.5", "TCP_RTO_MAX; net.ipv4.tcp_rto_max_ms"], |it| {
        Figure::Span(it.rto_max)
    }),
    fact("syn", [R2, "net.ipv4.tcp_syn_linear_timeouts + tcp_syn_retries"], |it| {
        Figure::Limit(it.syn_give_up)
    }),
    fact("syn-ack", [R2, "net.ipv4.tcp_synack_retries"], |it| Figure::Limit(it.syn_ack_give_up)),
    fact("text", ["RFC 9293 §3.8.3, SHLD-11", "net.ipv4.tcp_retries2"], |it| {
        Figure::Limit(it.give_up)
    }),
    fact("user-timeout", ["RFC 9293 §3.9.1.1", "TCP_USER_TIMEOUT, tcp(7)"], |it| {
        Figure::span(it.user_timeout)
    }),
    fact("time-wait", ["RFC 9293 §3.4.2, MUST-13", "TCP_TIMEWAIT_LEN, include/net/tcp.h"], |it| {
        Figure::Span(it.time_wait)
    }),
    fact(
        "delayed-ack",
        ["RFC 9293 §3.8.6.3, SHLD-18", "TCP_DELACK_MIN, include/net/tcp.h"],
        |it| Figure::span(it.delayed_ack),
    ),
    fact("mss", ["RFC 9293 §3.7.1", "RFC 9293 §3.7.1"], |it| Figure::Octets(it.mss.into())),
    fact("window", ["RFC 9293 §3.1", "RFC 9293 §3.1"], |it| Figure::Octets(it.receive_buffer)),
];

const fn fact(id: &'static str, sources: [&'static str; 2], of: fn(&Config) -> Figure) -> Fact {
    Fact { id, sources, of }
}

#[cfg(test)]
mod tests {
    use super::FACTS;
    use crate::locale::Catalog;
    use crate::scenarios::Stack;

    #[test]
    fn the_document_says_the_same() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stacks.md");
        let text = std::fs::read_to_string(path).unwrap();
        let catalog = Catalog::english();
        for fact in FACTS {
            let name = catalog.text(&format!("ui.tune.fact.{}", fact.id)).to_owned();
            let [rfc, linux] = Stack::ALL.map(|stack| fact.value(stack, catalog));
            let [rfc_source, linux_source] = fact.sources;
            let row = format!("| {name} | {rfc} | {rfc_source} | {linux} | {linux_source} |");
            assert!(text.contains(&row), "docs/stacks.md has no row\n{row}");
        }
    }
}
