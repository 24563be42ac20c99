//! Clients that post until they are told, whatever dies meanwhile, and what must hold afterwards.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{CommandId, Position};
use journal::{ReadError, SharedJournal, Stored};
use kit::Receipt;
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

/// A client gives up, and the test fails, when a command is not acknowledged for so long: a cluster without a majority takes its time.
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(25);
/// Beyond those that the clients count up to.
const PAPER_OF_THE_REPEATED: u32 = u32::MAX;

pub(crate) type Acknowledged = BTreeMap<CommandId, Position>;

/// Reads, and waits for a server that died a moment ago.
pub(crate) async fn read_at_last(journal: &SharedJournal, after: Position, limit: usize) -> Vec<Stored> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match journal.read(after, limit, &[]).await {
            Ok(batch) => return batch,
            Err(ReadError::Unavailable(_)) => tokio::time::sleep(PAUSE).await,
            Err(error) => panic!("what is after {after} cannot be read: {error}"),
        }
    }
    panic!("what is after {after} could not be read in {PATIENCE:?}")
}

/// Every acknowledged command stands at the position of its receipt, no command stands twice, positions and versions have no hole.
pub(crate) async fn check(journal: &SharedJournal, acknowledged: &Acknowledged) {
    let mut found = Acknowledged::new();
    let mut versions = BTreeMap::new();
    let mut after = Position::START;
    loop {
        let batch = read_at_last(journal, after, 1_000).await;
        if batch.is_empty() {
            break;
        }
        for stored in batch {
            assert_eq!(stored.position, after.next());
            after = stored.position;
            let record = wire::decode(&stored.body).unwrap();
            let version = versions.entry(record.stream).or_insert(0);
            *version += 1;
            assert_eq!(record.version, *version, "version of {} at {after}", record.stream);
            let twice = found.insert(record.command, after);
            assert_eq!(twice, None, "command {} stands twice, at {twice:?} and {after}", record.command);
        }
    }
    for (command, position) in acknowledged {
        assert_eq!(found.get(command), Some(position), "command {command} was acknowledged");
    }
}

/// What all clients share.
#[derive(Clone)]
pub(crate) struct Clients {
    http: reqwest::Client,
    address: watch::Receiver<String>,
    token: String,
    unit: Value,
    paper: Arc<AtomicU32>,
    /// Of all clients together.
    acknowledged: watch::Sender<u64>,
    enough: Arc<AtomicBool>,
    pace: Pace,
}

#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// Between two commands of one client.
    pub(crate) rest: Duration,
    /// An answer that takes longer is not waited for: the command is sent again.
    pub(crate) answered_within: Duration,
}

impl Default for Pace {
    /// A connection that a kill has cut must not be tried for long.
    fn default() -> Self {
        Self { rest: Duration::ZERO, answered_within: Duration::from_secs(20) }
    }
}

impl Clients {
    /// `token` is the file of a clerk's token; `address` where to post by now.
    pub(crate) fn new(token: &Path, address: watch::Receiver<String>) -> Self {
        let token = std::fs::read_to_string(token).unwrap().trim().to_owned();
        let http = kit::outgoing::plain().build().unwrap();
        let unit = socai_tests::unit("Quận ủy Lê Chân");
        Self {
            http,
            address,
            token,
            unit,
            paper: Arc::default(),
            acknowledged: watch::Sender::default(),
            enough: Arc::default(),
            pace: Pace::default(),
        }
    }

    pub(crate) fn at_a(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// How many commands have been acknowledged so far.
    pub(crate) fn acknowledged(&self) -> watch::Receiver<u64> {
        self.acknowledged.subscribe()
    }

    /// No client begins another command.
    pub(crate) fn stop(&self) {
        self.enough.store(true, Ordering::Release);
    }

    /// They may begin again.
    pub(crate) fn go_on(&self) {
        self.enough.store(false, Ordering::Release);
    }

    /// Posts one founding after the other, each until it is acknowledged, with one key.
    pub(crate) async fn post_until_told(self, client: u32) -> Acknowledged {
        let mut acknowledged = Acknowledged::new();
        while !self.enough.load(Ordering::Acquire) {
            let paper = self.paper.fetch_add(1, Ordering::Relaxed);
            let key = CommandId(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{client}/{paper}").as_bytes()));
            let receipt = self.post(key, &self.founding(paper)).await;
            acknowledged.insert(key, receipt.position);
            self.acknowledged.send_modify(|number| *number += 1);
            tokio::time::sleep(self.pace.rest).await;
        }
        acknowledged
    }

    /// Sends one and the same command again and again, under one key: each answer is the receipt of the first.
    pub(crate) async fn post_again_and_again(self) -> Acknowledged {
        let key = CommandId(Uuid::new_v5(&Uuid::NAMESPACE_OID, b"again and again"));
        let body = self.founding(PAPER_OF_THE_REPEATED);
        let position = self.post(key, &body).await.position;
        while !self.enough.load(Ordering::Acquire) {
            assert_eq!(self.post(key, &body).await.position, position, "{key} is recorded again");
            tokio::time::sleep(PAUSE).await;
        }
        Acknowledged::from([(key, position)])
    }

    fn founding(&self, paper: u32) -> Value {
        json!({
            "unit": self.unit, "kind": "party_cell_grassroots", "host_kind": "private_enterprise", "basis": "new", "members": 3,
            "document": { "number": format!("K{paper}"), "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-30" },
        })
    }

    async fn post(&self, key: CommandId, body: &Value) -> Receipt {
        let mut last = String::new();
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let url = format!("{}/v1/commands/found-organisation", self.address.borrow().clone());
            let post = self
                .http
                .post(url)
                .timeout(self.pace.answered_within)
                .bearer_auth(&self.token)
                .header("idempotency-key", key.to_string())
                .json(body);
            match post.send().await {
                Ok(answer) if answer.status().is_success() => match answer.json().await {
                    Ok(receipt) => return receipt,
                    Err(error) => last = error.to_string(),
                },
                Ok(answer) if answer.status() == 503 => last = "503".to_owned(),
                Ok(answer) => {
                    panic!("{key} was answered {}: {}", answer.status(), answer.text().await.unwrap_or_default())
                }
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{key} was not acknowledged in {PATIENCE:?}: {last}")
    }
}

pub(crate) fn seed() -> u64 {
    match std::env::var("SOCAI_SEED") {
        Ok(text) => text.parse().expect("SOCAI_SEED is a number"),
        Err(_) => Uuid::now_v7().as_u64_pair().1,
    }
}

/// SplitMix64.
pub(crate) fn pseudo(seed: u64, round: u32) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(round) + 1));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
