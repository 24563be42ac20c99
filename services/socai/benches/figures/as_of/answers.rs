//! The same questions over HTTP: one after the other over one connection, with everything that an answer needs.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use domain::Position;

use super::{Random, ledger::Ledger, question, spread};
use crate::{load, node::founding, report::Report};

const TALLIES: usize = 400;
const DIFFERENCES: usize = 20;
const RESTATED: usize = 20;
/// Records a second while the ledger grows, in requests of so many lines.
const GROWTH: u32 = 1_000;
const LINES: usize = 100;

pub(super) struct Client {
    http: reqwest::Client,
    address: String,
    token: String,
}

impl Client {
    pub(super) fn new(address: &str, token: &str) -> Self {
        Self { http: kit::outgoing::plain().build().unwrap(), address: address.to_owned(), token: token.to_owned() }
    }

    fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(format!("http://{}{path}", self.address)).bearer_auth(&self.token)
    }

    /// `None` when nobody answers.
    pub(super) async fn status(&self, path: &str) -> Option<u16> {
        let answer = self.get(path).timeout(Duration::from_secs(30)).send().await.ok()?;
        let status = answer.status().as_u16();
        answer.bytes().await.ok()?;
        Some(status)
    }

    /// How long each answer takes, to its last byte; and the size of the last.
    async fn timed(&self, n: usize, mut path: impl FnMut() -> String) -> (Vec<Duration>, usize) {
        let (mut took, mut bytes) = (Vec::with_capacity(n), 0);
        for _ in 0..n {
            let path = path();
            let begun = Instant::now();
            let answer = self.get(&path).send().await.unwrap();
            let status = answer.status().as_u16();
            let body = answer.bytes().await.unwrap();
            took.push(begun.elapsed());
            assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
            bytes = body.len();
        }
        (took, bytes)
    }
}

pub(super) async fn ask(report: &mut Report, client: &Client, ledger: &Ledger, seed: u64, clerk: &str) {
    let mut random = Random::new(seed);
    tallies(report, "", client, ledger, &mut random).await;
    let (took, bytes) = client.timed(DIFFERENCES, || {
        let (a, b) = (question(&mut random, ledger), question(&mut random, ledger));
        let (from, to) = (a.known.min(b.known), a.known.max(b.known));
        let year = if a.known < b.known { a.year } else { b.year };
        format!("/v1/programmes/nq28/periods/{year}/tallies/diff?from={from}&to={to}&from_valid={year}-12-31&to_valid={year}-12-31")
    }).await;
    report.line("over HTTP: differences between two random knowns", &spread(took), &format!("{} KB", bytes / 1_024));
    let (took, bytes) = client
        .timed(RESTATED, || {
            // The ledger knows of the period by then.
            let known = question(&mut random, ledger).known.max(Position(ledger.begins[1].0 + 1_000));
            format!("/v1/programmes/nq28/periods/2022/tallies/restated?known={known}&valid=2022-12-31&to=2025-12-31")
        })
        .await;
    report.line(
        "over HTTP: 2022 restated through three hops",
        &spread(took),
        &format!("{} KB; asked: < 200 ms", bytes / 1_024),
    );
    growing(report, client, ledger, &mut random, clerk).await;
}

async fn tallies(report: &mut Report, which: &str, client: &Client, ledger: &Ledger, random: &mut Random) {
    let (took, bytes) = client
        .timed(TALLIES, || {
            let asked = question(random, ledger);
            format!("/v1/programmes/nq28/periods/{}/tallies?valid={}&known={}", asked.year, asked.valid, asked.known)
        })
        .await;
    let beside = format!("{} KB; asked: median < 10 ms, p99 < 50 ms", bytes / 1_024);
    report.line(&format!("over HTTP{which}: tallies as of random (valid, known)"), &spread(took), &beside);
}

/// The same questions while a clerk posts.
async fn growing(report: &mut Report, client: &Client, ledger: &Ledger, random: &mut Random, clerk: &str) {
    let done = std::sync::Arc::new(AtomicBool::new(false));
    let posting = tokio::spawn({
        let (done, address, clerk) = (done.clone(), client.address.clone(), clerk.to_owned());
        async move {
            let mut posted = 0;
            let begun = Instant::now();
            let mut every = tokio::time::interval(Duration::from_secs(1) * u32::try_from(LINES).unwrap() / GROWTH);
            while !done.load(Ordering::Acquire) {
                every.tick().await;
                load::some_lines(&address, &clerk, founding, LINES).await;
                posted += LINES;
            }
            (posted, begun.elapsed())
        }
    });
    tallies(report, " while it grows", client, ledger, random).await;
    done.store(true, Ordering::Release);
    let (posted, took) = posting.await.unwrap();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let rate = posted as f64 / took.as_secs_f64();
    report.rate("records posted meanwhile", rate, &format!("{posted} in all"));
}
