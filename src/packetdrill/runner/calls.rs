//! System calls: those that return at once, and those that block until their deadline.

use super::{Runner, Waiting};
use crate::packetdrill::options::Stack;
use crate::packetdrill::report::Failure;
use crate::packetdrill::script::{Call, SystemCall, Wanted, When};
use crate::packetdrill::sockets::{Outcome, is_bookkeeping};
use crate::time::Instant;

impl<'script> Runner<'script> {
    pub(super) fn call(
        &mut self,
        line: u32,
        call: &'script SystemCall,
        at: Instant,
        when: When,
    ) -> Result<(), Failure> {
        // One call at a time: a blocking call must return first.
        self.await_call()?;
        if let Call::SetOption(_, option) = &call.call
            && is_bookkeeping(option)
        {
            self.note(line, format!("{} changes nothing here", call.text));
        }
        let outcome = self.host.call(&call.call, new_descriptor(call));
        let Some(until) = call.until else {
            return self.judge(line, call, outcome);
        };
        if !matches!(outcome, Outcome::Blocks(_)) {
            return self.judge(line, call, outcome);
        }
        let deadline = match (until, when) {
            (When::After(span), When::After(from)) => at + (span - from),
            (When::At(_), _) => self.time_of(until),
            (When::After(_) | When::Any, _) => at,
        };
        self.waiting = Some(Waiting { line, call, deadline });
        self.poll_call()
    }

    /// Completes the blocked call, if it can return now.
    pub(super) fn poll_call(&mut self) -> Result<(), Failure> {
        let Some(Waiting { line, call, .. }) = self.waiting else {
            return Ok(());
        };
        let outcome = self.host.call_again(&call.call, new_descriptor(call));
        if matches!(outcome, Outcome::Blocks(_)) {
            return Ok(());
        }
        self.waiting = None;
        self.judge(line, call, outcome)
    }

    /// Advances time until the blocked call has returned.
    pub(super) fn await_call(&mut self) -> Result<(), Failure> {
        while let Some(call) = self.waiting {
            if !self.expire_by(call.deadline + self.tolerance)? {
                return self.overdue();
            }
        }
        Ok(())
    }

    /// Fails because the blocked call has not returned in time.
    pub(super) fn overdue(&self) -> Result<(), Failure> {
        let Some(Waiting { line, call, deadline }) = self.waiting else {
            return Ok(());
        };
        let want = format!("{} = {} by {}", call.text, call.wanted, self.seconds(deadline));
        Err(self.failure(line, want, "no return".to_owned()))
    }

    fn judge(&mut self, line: u32, call: &SystemCall, outcome: Outcome) -> Result<(), Failure> {
        let (is_right, got) = match outcome {
            Outcome::Returned(value) => {
                (matches!(call.wanted, Wanted::Value(want) if want == value), value.to_string())
            }
            Outcome::OtherSpelling => {
                self.spellings += 1;
                self.note(line, "SO_ERROR ECONNRESET where the RFC signals nothing".to_owned());
                (call.wanted == Wanted::Value(0), "0".to_owned())
            }
            Outcome::Flags(access, nonblocking) => {
                let bit = match self.host.stack {
                    Stack::FreeBsd => 0x4,
                    Stack::Linux | Stack::Rfc9293 => 0x800,
                };
                let value = access | if nonblocking { bit } else { 0 };
                let is_right = match call.wanted {
                    Wanted::Value(want) => want == value,
                    Wanted::Flags(want, flag) => (want, flag) == (access, nonblocking),
                    Wanted::Error(_) | Wanted::Any => false,
                };
                (is_right, format!("{value:#x}"))
            }
            // A call that waits for events returns their number, which is none.
            Outcome::Blocks("0") => (call.wanted == Wanted::Value(0), "0".to_owned()),
            Outcome::Failed(error) | Outcome::Blocks(error) => {
                let is_right = match &call.wanted {
                    Wanted::Error(Some(name)) => is_same_error(name, error),
                    Wanted::Error(None) => true,
                    Wanted::Value(_) | Wanted::Flags(..) | Wanted::Any => false,
                };
                (is_right, format!("-1 {error}"))
            }
            Outcome::Differs { want, got } => return Err(self.failure(line, want, got)),
        };
        if is_right || call.wanted == Wanted::Any {
            return Ok(());
        }
        Err(self.failure(line, format!("{} = {}", call.text, call.wanted), got))
    }
}

/// The script's number for a new descriptor.
fn new_descriptor(call: &SystemCall) -> Option<i64> {
    match call.wanted {
        Wanted::Value(fd) => Some(fd),
        Wanted::Error(_) | Wanted::Flags(..) | Wanted::Any => None,
    }
}

/// Whether two names stand for the same error.
fn is_same_error(want: &str, got: &str) -> bool {
    let plain =
        |name: &str| if name == "EAGAIN" { "EWOULDBLOCK".to_owned() } else { name.to_owned() };
    plain(want) == plain(got)
}
