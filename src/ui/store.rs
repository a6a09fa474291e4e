//! The single copy of the page's state, and the clock that runs ahead of it between two events.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::app::{Action, AppState, Play, reduce};
use crate::time::Duration;
use crate::ui::browser::clock::Clock;
use crate::ui::page::Shared;

/// Owns the state of the page.
pub struct Store {
    state: RefCell<Rc<AppState>>,
    clock: Shared<Clock>,
    redraw: UseForceUpdateHandle,
}

impl Store {
    /// The state after every action so far. Its playhead does not move between two events.
    pub fn state(&self) -> Rc<AppState> {
        Rc::clone(&self.state.borrow())
    }

    /// The state with its playhead at the moment shown.
    pub fn now(&self) -> AppState {
        let mut state = (*self.state()).clone();
        state.playhead = self.clock.now();
        state
    }

    /// The clock that moves parts of the picture between two events.
    pub fn clock(&self) -> &Shared<Clock> {
        &self.clock
    }

    /// Applies an action at the moment shown, and renders the page again.
    pub fn act(&self, action: Action) {
        let ahead = self.clock.take_ahead();
        if !ahead.is_zero() {
            self.reduce(Action::Play(Play::Tick(ahead)));
        }
        self.reduce(action);
        self.clock.set(&self.state());
        self.redraw.force_update();
    }

    /// Advances by an amount of real time. Only the clock moves until the next event is due.
    pub fn advance(&self, span: Duration) {
        if let Some(ahead) = self.clock.advance(&self.state(), span) {
            self.act(Action::Play(Play::Tick(ahead)));
        }
    }

    fn reduce(&self, action: Action) {
        let state = reduce(&self.state(), action);
        self.state.replace(Rc::new(state));
    }
}

/// The store of the calling component, which renders again after every action.
#[hook]
pub fn use_store(open: fn() -> AppState) -> Shared<Store> {
    let redraw = use_force_update();
    let store = use_memo((), |()| {
        let (state, clock) = (Rc::new(open()), Shared::new(Clock::default()));
        clock.set(&state);
        Store { state: RefCell::new(state), clock, redraw }
    });
    Shared::from(store)
}
