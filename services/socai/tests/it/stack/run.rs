//! A stack with fifty clients that post, one that repeats itself, and three who watch, and the look at everything afterwards.

use std::sync::Arc;

use socai_tests::PERIOD;
use testkit::stack::{Stack, until};
use tokio::{sync::watch, task::JoinHandle};

use super::{CLIENTS, PATIENCE, cells, ledger, releases, watcher::watch_changes};
use crate::{
    posting::{Acknowledged, Clients, Pace, check},
    process::build,
};

pub(super) struct Run {
    pub(super) stack: Arc<Stack>,
    pub(super) clients: Clients,
    pub(super) acknowledged: Acknowledged,
    posting: Vec<JoinHandle<Acknowledged>>,
    watching: Vec<Watching>,
    /// Held: where the clients post never changes.
    _address: watch::Sender<String>,
}

/// Somebody who watches, and how far they have seen.
struct Watching {
    address: String,
    task: JoinHandle<()>,
    seen: watch::Receiver<u64>,
}

impl Watching {
    fn at(address: String, token: String) -> Self {
        let (sender, seen) = watch::channel(0);
        let task = tokio::spawn(watch_changes(address.clone(), token, sender));
        Self { address, task, seen }
    }
}

impl Run {
    /// Of an empty stack.
    pub(super) async fn begin(stack: Arc<Stack>, pace: Pace) -> Self {
        ledger::begin(&stack).await;
        let (_address, address) = watch::channel(stack.portals());
        let clients = Clients::new(&stack.token("clerk"), address).at_a(pace);
        // Whichever portal answers, and each of them.
        let each = [1, 2].map(|n| format!("http://{}", stack.address("portal", n)));
        let addresses = [stack.portals()].into_iter().chain(each);
        // What the ledger begins with is no change of anybody's figures: who watches begins behind it.
        let tip = stack.journal().await.tip().await.unwrap();
        for address in addresses.clone() {
            let begun = async || stack.get(&address, &format!("{PERIOD}/tallies?min_position={tip}")).await;
            until(async || begun().await.map(drop).map_err(|error| format!("{address} has not read {tip}: {error}")))
                .await;
        }
        let watching = addresses.map(|address| Watching::at(address, stack.bearer("auditor"))).collect();
        Self { stack, clients, acknowledged: Acknowledged::new(), posting: Vec::new(), watching, _address }
    }

    /// Clients post while this is done; then they stop, and everything must hold.
    pub(super) async fn while_clients_post(&mut self, what: impl AsyncFnOnce(&Self)) {
        self.clients.go_on();
        self.posting = (0..CLIENTS).map(|number| tokio::spawn(self.clients.clone().post_until_told(number))).collect();
        self.posting.push(tokio::spawn(self.clients.clone().post_again_and_again()));
        what(self).await;
        self.clients.stop();
        for client in self.posting.drain(..) {
            self.acknowledged.append(&mut client.await.unwrap());
        }
        for Watching { address, task, .. } in &mut self.watching {
            assert!(!task.is_finished(), "who watches {address} gave up: {:?}", task.await);
        }
        self.everything_holds().await;
    }

    pub(super) fn a_client_gave_up(&self) -> bool {
        self.posting.iter().any(JoinHandle::is_finished)
    }

    /// Nothing is wrong with it.
    pub(super) fn end(self) {
        self.watching.iter().for_each(|watching| watching.task.abort());
        self.stack.has_held();
        assert!(self.acknowledged.len() > CLIENTS as usize);
    }

    /// What was acknowledged is there once, whoever watches was told of it, and the views are what the records give.
    async fn everything_holds(&mut self) {
        let stack = &self.stack;
        // Each of them moved a cell.
        let last = self.acknowledged.values().max().unwrap().0;
        for Watching { address, seen, .. } in &mut self.watching {
            let told = tokio::time::timeout(PATIENCE, seen.wait_for(|&seen| seen >= last)).await;
            if !told.is_ok_and(|told| told.is_ok()) {
                let seen = *seen.borrow();
                panic!(
                    "who watches {address} was told of position {seen} and not of {last}:\n{}",
                    stack.readiness().await
                );
            }
        }
        check(&stack.journal().await, &self.acknowledged).await;
        ledger::no_record_is_of_a_time_to_come(&stack.journal().await).await;
        cells::are_what_is_answered(stack).await;
        let tip = stack.journal().await.tip().await.unwrap().0;
        releases::portals_agree(stack, tip).await;
        views_are_what_the_records_give(stack, tip).await;
    }
}

/// The tallies that the portals answer at the end are those of the history folded anew, and the rows of both views those of a rebuild,
/// whichever build folds.
async fn views_are_what_the_records_give(stack: &Stack, tip: u64) {
    let tallies = stack.get_at_last(&format!("{PERIOD}/tallies?known={tip}&valid=2022-12-31&min_position={tip}")).await;
    let file = stack.data.path().join("tallies.json");
    std::fs::write(&file, &tallies).unwrap();
    let (known, file) = (tip.to_string(), file.display().to_string());
    for binary in releases::all() {
        let replayed = build(&binary, &["replay", "--known", &known, "--valid", "2022-12-31", "--compare", &file])
            .env("SOCAI_JOURNAL", stack.journal_url("follower"))
            .output()
            .unwrap();
        assert_eq!(replayed.status.code(), Some(0), "{}: {replayed:?}", binary.display());
        for (view, owner) in [("tally", "tally"), ("trail", "audit")] {
            let rebuilt = build(&binary, &["rebuild", view])
                .env("SOCAI_JOURNAL", stack.journal_url("follower"))
                .env("SOCAI_VIEWS", stack.views_url(owner))
                .output()
                .unwrap();
            let printed = String::from_utf8_lossy(&rebuilt.stdout);
            assert_eq!(printed.matches("equal to the old rows").count(), 1, "{}: {rebuilt:?}", binary.display());
        }
    }
}
