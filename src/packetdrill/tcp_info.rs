//! The fields of `struct tcp_info` that the machine has a value for.

use super::assertions::constant;
use super::host::{Endpoint, Host, Role, UnderTest};
use super::script::{Comparison, Term};
use crate::tcp::Timer;
use crate::time::Duration;

/// `tcpi_snd_ssthresh` before the first loss.
const NO_THRESHOLD: i64 = 0x7fff_ffff;

impl Host {
    /// Compares; `None` if a name has no value here. Otherwise whether all holds, and the values.
    pub(super) fn compare(&self, claim: &Comparison) -> Option<(bool, String)> {
        let endpoint = self.endpoint_under_test()?;
        let value = |term: &Term| match term {
            Term::Number(number) => Some(*number),
            Term::Name(name) => constant(name).or_else(|| field(endpoint, name)),
        };
        let values = claim.terms.iter().map(value).collect::<Option<Vec<i64>>>()?;
        let holds = |(index, order): (usize, &super::script::Order)| {
            order.holds(values[index], values[index + 1])
        };
        let is_right = claim.orders.iter().enumerate().all(holds);
        let named = claim.terms.iter().zip(&values).filter_map(|(term, value)| match term {
            Term::Name(name) if constant(name).is_none() => Some(format!("{name} {value}")),
            Term::Name(_) | Term::Number(_) => None,
        });
        Some((is_right, named.collect::<Vec<_>>().join(", ")))
    }

    fn endpoint_under_test(&self) -> Option<&Endpoint> {
        match self.under_test {
            Some(UnderTest::Endpoint(index)) => self.endpoints.get(index),
            Some(UnderTest::Socket(fd)) => match self.sockets.get(&fd)?.role {
                Role::Connection(index) => self.endpoints.get(index),
                Role::Fresh | Role::Listener => None,
            },
            None => self.endpoints.last(),
        }
    }
}

fn field(endpoint: &Endpoint, name: &str) -> Option<i64> {
    let connection = &endpoint.connection;
    let (tcb, rto, congestion) = (connection.tcb(), connection.rto(), connection.congestion());
    let mss = u32::from(connection.send_mss()).max(1);
    let micros = |span: Duration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
    let is_probing = connection.timers().deadline(Timer::Persist).is_some();
    Some(match name {
        "tcpi_snd_cwnd" => (congestion.cwnd() / mss).into(),
        "tcpi_snd_ssthresh" => congestion.ssthresh().map_or(NO_THRESHOLD, |it| (it / mss).into()),
        "tcpi_unacked" => tcb.in_flight().div_ceil(mss).into(),
        "tcpi_retransmits" if !is_probing => connection.retransmissions().into(),
        "tcpi_retransmits" => 0,
        "tcpi_rto" => micros(rto.rto()),
        "tcpi_rtt" => micros(rto.srtt().unwrap_or_default()),
        "tcpi_snd_mss" => mss.into(),
        "tcpi_advmss" => connection.config().mss.into(),
        "tcpi_notsent_bytes" => {
            let unacknowledged = i64::try_from(connection.unacknowledged_octets()).ok()?;
            (unacknowledged - i64::from(tcb.in_flight())).max(0)
        }
        _ => return None,
    })
}
