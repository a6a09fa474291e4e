//! The names of rules, states, calls, timers and hosts in each language.

use crate::locale::Catalog;
use crate::sim::{Call, Side};
use crate::tcp::{Rule, State, Timer};

/// A rule in a few words, such as `Repeats the SYN`.
#[must_use]
pub fn says(rule: Rule, catalog: &Catalog) -> String {
    catalog.text(&format!("rule.{}.says", rule.id())).to_owned()
}

/// A state's meaning in one line.
#[must_use]
pub fn state_gloss(state: State, catalog: &Catalog) -> String {
    catalog.text(&format!("state.{state}")).to_owned()
}

/// A user call's name, such as `active OPEN`.
#[must_use]
pub fn call_name(call: Call, catalog: &Catalog) -> String {
    catalog.text(call_key(call)).to_owned()
}

/// A timer's name.
#[must_use]
pub fn timer_name(timer: Timer, catalog: &Catalog) -> String {
    catalog.text(timer_key(timer)).to_owned()
}

/// The key of a user call's name.
pub(super) const fn call_key(call: Call) -> &'static str {
    match call {
        Call::Listen => "explain.call.listen",
        Call::Connect => "explain.call.connect",
        Call::Send(_) => "explain.call.send",
        Call::Read => "explain.call.read",
        Call::Window(_) => "explain.call.window",
        Call::Close => "explain.call.close",
        Call::Abort => "explain.call.abort",
        Call::Exit => "explain.call.exit",
        Call::Crash => "explain.call.crash",
    }
}

const fn timer_key(timer: Timer) -> &'static str {
    match timer {
        Timer::User => "explain.timer.user",
        Timer::Retransmission => "explain.timer.retransmission",
        Timer::Persist => "explain.timer.persist",
        Timer::DelayedAck => "explain.timer.delayed-ack",
        Timer::TimeWait => "explain.timer.time-wait",
        Timer::KeepAlive => "explain.timer.keep-alive",
        Timer::FinWait2 => "explain.timer.fin-wait-2",
        Timer::LossProbe => "explain.timer.loss-probe",
    }
}

/// The name of a host in a sentence.
#[must_use]
pub fn side_name(side: Side, catalog: &Catalog) -> String {
    let key = match side {
        Side::Client => "explain.client",
        Side::Server => "explain.server",
    };
    catalog.text(key).to_owned()
}
