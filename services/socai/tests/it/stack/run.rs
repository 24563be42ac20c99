//! A stack with fifty clients that post and somebody who watches, and the look at everything afterwards.

use std::{sync::Arc, time::Duration};

use socai_tests::PERIOD;
use testkit::stack::Stack;
use tokio::{sync::watch, task::JoinHandle};

use super::{CLIENTS, PATIENCE, cells, ledger, releases, watcher::watch_changes};
use crate::{
    posting::{Acknowledged, Clients, check},
    process::build,
};

pub(super) struct Run {
    pub(super) stack: Arc<Stack>,
    pub(super) clients: Clients,
    pub(super) acknowledged: Acknowledged,
    posting: Vec<JoinHandle<Acknowledged>>,
    watching: JoinHandle<()>,
    watched: watch::Receiver<u64>,
    /// Held: where the clients post never changes.
    _address: watch::Sender<String>,
}

impl Run {
    /// Of an empty stack; each client rests so long between two commands.
    pub(super) async fn begin(stack: Arc<Stack>, rest: Duration) -> Self {
        ledger::begin(&stack).await;
        let (_address, address) = watch::channel(stack.portals());
        let clients = Clients::new(&stack.token("clerk"), address).resting(rest);
        let (seen, watched) = watch::channel(0);
        let watching = tokio::spawn(watch_changes(stack.portals(), stack.bearer("auditor"), seen));
        Self { stack, clients, acknowledged: Acknowledged::new(), posting: Vec::new(), watching, watched, _address }
    }

    /// Clients post while this is done; then they stop, and everything must hold.
    pub(super) async fn while_clients_post(&mut self, what: impl AsyncFnOnce(&Self)) {
        self.clients.go_on();
        self.posting = (0..CLIENTS).map(|number| tokio::spawn(self.clients.clone().post_until_told(number))).collect();
        what(self).await;
        self.clients.stop();
        for client in self.posting.drain(..) {
            self.acknowledged.append(&mut client.await.unwrap());
        }
        assert!(!self.watching.is_finished(), "the watcher gave up: {:?}", (&mut self.watching).await);
        self.everything_holds().await;
    }

    pub(super) fn a_client_gave_up(&self) -> bool {
        self.posting.iter().any(JoinHandle::is_finished)
    }

    /// Nothing is wrong with it.
    pub(super) fn end(self) {
        self.watching.abort();
        self.stack.has_held();
        assert!(self.acknowledged.len() > CLIENTS as usize);
    }

    /// What was acknowledged is there once, whoever watches was told of it, and the views are what the records give.
    async fn everything_holds(&mut self) {
        let stack = &self.stack;
        // Each of them moved a cell.
        let last = self.acknowledged.values().max().unwrap().0;
        let told = tokio::time::timeout(PATIENCE, self.watched.wait_for(|&seen| seen >= last)).await;
        if !told.is_ok_and(|told| told.is_ok()) {
            let seen = *self.watched.borrow();
            panic!("the watcher was told of position {seen} and not of {last}:\n{}", stack.readiness().await);
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
