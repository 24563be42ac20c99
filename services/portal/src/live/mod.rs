//! Live updates: one loop brings every watched period to each new position, and over local midnight.

mod event;
mod hub;

use std::time::Duration;

use domain::Position;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

#[cfg(test)]
pub(crate) use event::Event;
pub(crate) use event::EventId;
pub(crate) use hub::{Counted, Holder, Hub, Message, Subscription, Topic};

use crate::Portal;

/// How often the ledger's own day is looked at.
const MIDNIGHT_CHECK: Duration = Duration::from_secs(1);

/// So many new positions are sent one by one; more at once are sent together.
const STEPS_MAX: u64 = 16;

pub(crate) async fn run(portal: Portal, stop: CancellationToken) {
    let mut positions = portal.deps.tallies.positions();
    let mut seen = *positions.borrow_and_update();
    let mut midnight = interval(MIDNIGHT_CHECK);
    let mut heartbeat = interval(portal.config.heartbeat);
    midnight.set_missed_tick_behavior(MissedTickBehavior::Skip);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            _ = heartbeat.tick() => portal.beat_all(),
            moved = positions.changed() => {
                if moved.is_err() {
                    break;
                }
                let now = *positions.borrow_and_update();
                if stop.run_until_cancelled(step(&portal, seen, now)).await.is_none() {
                    break;
                }
                seen = now;
            }
            // Also to what was not followed yet when it was counted.
            _ = midnight.tick() => portal.advance_all(portal.followed_of(seen), portal.today()).await,
        }
    }
    portal.hub.close();
}

/// All that one position changed goes out in one message.
async fn step(portal: &Portal, seen: Position, now: Position) {
    let now = portal.known_here(now).await;
    let first = if now.0.saturating_sub(seen.0) > STEPS_MAX { now.0 } else { seen.0 + 1 };
    for position in first..=now.0 {
        portal.advance_all(Position(position), portal.today()).await;
    }
}
