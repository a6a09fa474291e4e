//! Actions that move the playhead.

use crate::link::PauseOn;
use crate::time::{Duration, Instant};

/// Moves the playhead, or changes how it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Play {
    /// Play from here; from the start if the playhead is at the end.
    Start,
    /// Pause here.
    Pause,
    /// Play or pause.
    Toggle,
    /// This much real time has passed; moves the playhead while playing.
    Tick(Duration),
    /// Jump to the next event, or half-way through the next flight, and keep playing. For viewers
    /// who prefer reduced motion.
    Advance,
    /// Go to an instant of virtual time, after everything that happens then.
    Seek(Instant),
    /// Go to a presentation time.
    SeekY(u64),
    /// Go to the moment right after a step.
    SeekStep(usize),
    /// Move by a number of steps, forward or back, and pause.
    Step(i32),
    /// Move by a number of chapters, forward or back, and pause.
    Chapter(i32),
    /// Move by an amount of presentation time, forward or back.
    Nudge(i64),
    /// Go to the start.
    Home,
    /// Go to the end.
    End,
    /// Play slower or faster.
    Speed(SpeedChange),
    /// Choose where the run pauses while it plays.
    PauseOn(PauseOn),
}

/// Another speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeedChange {
    /// The next slower one.
    Slower,
    /// The next faster one.
    Faster,
    /// This one, in per cent of one round trip a second.
    Percent(u16),
}
