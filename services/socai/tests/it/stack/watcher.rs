//! Somebody who watches the changes, and counts: every position is told once, whoever tells it.

use std::time::Duration;

use serde_json::Value;
use socai_tests::{Event, Events, PERIOD};
use tokio::sync::watch;

/// What each command of the clients adds one to.
const MEASURE: &str = "party_org";

/// Watches at an address, and goes on by the last id when the stream ends. While it watches nothing but foundings of the period is recorded.
pub(super) async fn watch_changes(address: String, token: String, seen: watch::Sender<u64>) {
    let http = kit::outgoing::plain().build().unwrap();
    let mut last: Option<Told> = None;
    loop {
        let request = http.get(format!("{address}{PERIOD}/tallies/changes")).bearer_auth(&token);
        if let Ok(Ok(mut events)) = Events::asked(request, last.as_ref().map(|last| last.id.as_str())).await {
            while let Some(event) = events.any().await {
                let told = Told::after(last.as_ref(), event);
                seen.send_replace(told.position);
                last = Some(told);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What somebody knows who was told everything up to an id.
struct Told {
    id: String,
    position: u64,
    /// Of the measure, as the last event told it in which it differed.
    actual: u64,
    /// What of `position` is of earlier records: the same all the time, or a position was missed or counted twice.
    earlier: u64,
}

impl Told {
    fn after(last: Option<&Self>, event: Event) -> Self {
        let position = position_of(&event.id);
        let told = actual(&event.data);
        let Some(last) = last else {
            let actual = told.expect("the first event is a snapshot");
            return Self { position, actual, earlier: position - actual, id: event.id };
        };
        let (before, after) = (&last.id, &event.id);
        // Of a build that folds otherwise everything is told anew, and of no other.
        let anew = event.name == "snapshot";
        assert_eq!(anew, fold_of(before) != fold_of(after), "a watcher that was at {before} was told {after}");
        assert!(position >= last.position, "{after} came after {before}");
        if event.name == "cells" {
            // Only midnight changes something without a record.
            assert!(position > last.position || generation_of(before) != generation_of(after), "{after} is told again");
            // Where every reader is sure to be: behind this one, if nothing of the period has changed since.
            let from = event.data["from"].as_u64().unwrap();
            assert!(from <= last.position, "{after} tells what came after {from}, and {before} was seen");
        }
        let actual = told.unwrap_or(last.actual);
        assert_eq!(position - actual, last.earlier, "{after}, which came after {before}, tells {actual} of {MEASURE}");
        Self { position, actual, earlier: last.earlier, id: event.id }
    }
}

fn actual(data: &Value) -> Option<u64> {
    let measure = data["measures"].as_array()?.iter().find(|measure| measure["measure"] == MEASURE)?;
    measure["actual"].as_u64()
}

/// Fold version and day.
fn generation_of(id: &str) -> &str {
    id.split_once('-').map_or(id, |(generation, _)| generation)
}

/// A generation begins with the fold version.
fn fold_of(id: &str) -> &str {
    id.split_once('.').map_or(id, |(fold, _)| fold)
}

/// An id is a generation, a position and the name of the record there.
fn position_of(id: &str) -> u64 {
    id.split('-').nth(1).and_then(|position| position.parse().ok()).unwrap_or_else(|| panic!("`{id}` is no id"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(last: &Told, name: &str, id: &str, from: u64, actual: u64) -> Told {
        let data = json!({ "from": from, "measures": [{ "measure": MEASURE, "actual": actual }] });
        Told::after(Some(last), Event { name: name.into(), id: id.into(), data })
    }

    fn at_seven() -> Told {
        let data = json!({ "measures": [{ "measure": MEASURE, "actual": 2 }] });
        Told::after(None, Event { name: "snapshot".into(), id: "1.20230103-7-00000000000000aa".into(), data })
    }

    #[test]
    fn what_is_told_once_and_in_order_passes_also_over_midnight() {
        let next = told(&at_seven(), "cells", "1.20230103-9-00000000000000aa", 7, 4);
        let midnight = told(&next, "cells", "1.20230104-9-00000000000000aa", 9, 4);
        let anew = told(&midnight, "snapshot", "2.20230104-9-00000000000000aa", 0, 4);
        assert_eq!(told(&anew, "cells", "2.20230104-10-00000000000000aa", 5, 5).position, 10);
    }

    #[test]
    #[should_panic(expected = "is told again")]
    fn one_position_twice_is_noticed() {
        told(&at_seven(), "cells", "1.20230103-7-00000000000000aa", 6, 2);
    }

    #[test]
    #[should_panic(expected = "tells 3 of party_org")]
    fn a_position_that_is_missed_is_noticed() {
        told(&at_seven(), "cells", "1.20230103-9-00000000000000aa", 7, 3);
    }

    #[test]
    #[should_panic(expected = "and 1.20230103-7-00000000000000aa was seen")]
    fn a_gap_is_noticed() {
        told(&at_seven(), "cells", "1.20230103-9-00000000000000aa", 8, 4);
    }
}
