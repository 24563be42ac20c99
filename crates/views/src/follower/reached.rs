//! How far a view is, for whoever waits for a position or asks whether the process is ready.

use std::time::Duration;

use domain::Position;
use tokio::{sync::watch, time::timeout};

use super::Halt;

/// What a follower is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Starting,
    Following,
    /// Another follower writes; this one reads along.
    InReserve,
    /// The database or the journal does not answer; tried again.
    Waiting {
        why: String,
    },
    /// Stopped at a position that it cannot pass, until the view was rebuilt.
    Stopped {
        at: Position,
        why: String,
        /// The rows themselves are of another ledger.
        foreign: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Last position whose rows are committed.
    pub position: Position,
    pub state: State,
}

/// The position was not reached in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the view is at position {reached}")]
pub struct Behind {
    pub reached: Position,
}

/// Waits for positions of one view.
#[derive(Clone, Debug)]
pub struct Reached {
    name: &'static str,
    status: watch::Receiver<Status>,
}

impl Reached {
    /// Name of the view.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    pub fn position(&self) -> Position {
        self.status.borrow().position
    }

    /// Records that the view has still to fold, when the journal's last position is `tip`.
    pub fn lag(&self, tip: Position) -> u64 {
        tip.0.saturating_sub(self.position().0)
    }

    /// Sees every change of position or state, or the last of several.
    pub fn subscribe(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Returns when the rows of `position` are committed.
    ///
    /// # Errors
    /// With the position reached, when that did not happen within `at_most`, or the view has stopped before it.
    pub async fn wait_for(&self, position: Position, at_most: Duration) -> Result<(), Behind> {
        let over = |status: &Status| status.position >= position || matches!(status.state, State::Stopped { .. });
        let mut status = self.status.clone();
        // A timeout and a follower that is gone leave the same: the position is looked at once more.
        drop(timeout(at_most, status.wait_for(over)).await);
        let reached = self.position();
        if reached >= position { Ok(()) } else { Err(Behind { reached }) }
    }
}

/// The follower's side.
pub(super) struct Progress {
    name: &'static str,
    status: watch::Sender<Status>,
}

impl Progress {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, status: watch::Sender::new(Status { position: Position::START, state: State::Starting }) }
    }

    pub(super) fn reached(&self) -> Reached {
        Reached { name: self.name, status: self.status.subscribe() }
    }

    pub(super) fn position(&self) -> Position {
        self.status.borrow().position
    }

    pub(super) fn at(&self, position: Position) {
        metrics::gauge!("view.position", "view" => self.name).set(approximately(position));
        self.status.send_modify(|status| status.position = position);
    }

    pub(super) fn starting(&self) {
        self.enter(State::Starting);
    }

    pub(super) fn following(&self) {
        self.enter(State::Following);
    }

    pub(super) fn in_reserve(&self) {
        self.enter(State::InReserve);
    }

    pub(super) fn waiting(&self, halt: &Halt) {
        self.enter(State::Waiting { why: halt.explained() });
    }

    pub(super) fn stopped(&self, halt: &Halt) {
        let at = halt.position().unwrap_or_else(|| self.position());
        let foreign = matches!(halt, Halt::Replaced { .. });
        self.enter(State::Stopped { at, why: halt.explained(), foreign });
    }

    fn enter(&self, state: State) {
        self.status.send_modify(|status| status.state = state);
    }
}

/// A gauge holds a float; exact up to 2^53 records.
fn approximately(position: Position) -> f64 {
    position.0 as f64
}
