//! Somebody who watches the changes through whichever portal answers.

use std::time::Duration;

use socai_tests::{Events, PERIOD};
use tokio::sync::watch;

/// Watches the changes through whichever portal answers, and goes on by the last id. Nothing may be missed, and nothing
/// told again once it was passed: what an event tells begins no later than where the one before it ended, and ends no earlier.
pub(super) async fn watch_changes(portals: String, token: String, seen: watch::Sender<u64>) {
    let http = reqwest::Client::new();
    let mut last: Option<String> = None;
    loop {
        let request = http.get(format!("{portals}{PERIOD}/tallies/changes")).bearer_auth(&token);
        if let Ok(Ok(mut events)) = Events::asked(request, last.as_deref()).await {
            while let Some(event) = events.any().await {
                let position = position_of(&event.id);
                if let Some((before, fold)) = last.as_deref().map(|last| (position_of(last), fold_of(last))) {
                    // Of a build that folds otherwise everything is told anew, and of no other.
                    let anew = event.name == "snapshot";
                    assert_eq!(
                        anew,
                        fold != fold_of(&event.id),
                        "a watcher that was at {before} was told {}",
                        event.id
                    );
                    assert!(position >= before, "{} came after {before}", event.id);
                    if event.name == "cells" {
                        let from = event.data["from"].as_u64().unwrap();
                        assert!(from <= before, "{} tells what came after {from}, and {before} was seen", event.id);
                    }
                }
                seen.send_replace(position);
                last = Some(event.id);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A generation begins with the fold version.
fn fold_of(id: &str) -> &str {
    id.split_once('.').map_or(id, |(fold, _)| fold)
}

/// An id is a generation and a position.
fn position_of(id: &str) -> u64 {
    id.rsplit('-').next().and_then(|position| position.parse().ok()).unwrap_or_else(|| panic!("`{id}` is no id"))
}
