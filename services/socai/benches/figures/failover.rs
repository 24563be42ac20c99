//! How soon each role goes on when one of its processes, or a server under it, is killed.

use std::time::{Duration, Instant};

use serde_json::Value;
use socai_tests::{Events, PERIOD};
use testkit::stack::Stack;
use uuid::Uuid;

use crate::{
    latency::shown,
    report::{Report, quantile},
    stack::founding,
    told,
};

/// A line.
const KILLS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(5);
/// Between a kill and the next, once all are ready again.
const REST: Duration = Duration::from_millis(500);

/// What is asked of the stack, by whoever needs it.
struct Asked<'a> {
    stack: &'a Stack,
    http: reqwest::Client,
    clerk: String,
    auditor: String,
}

pub(crate) async fn run(report: &mut Report, stack: &Stack) {
    let http = kit::outgoing::plain().timeout(Duration::from_secs(10)).build().unwrap();
    let asked = Asked { stack, http, clerk: stack.bearer("clerk"), auditor: stack.bearer("auditor") };
    let what = "killed → the next command is acknowledged";
    asked.line(report, "an intake", what, Killed::Each("intake"), Until::Acknowledged).await;
    asked.line(report, "the leader of the stream", what, Killed::Leader, Until::Acknowledged).await;
    let what = "killed → a command sent then stands in the answers";
    asked.line(report, "the tally that writes", what, Killed::Writer("tally"), Until::Counted).await;
    asked.line(report, "the audit that writes", what, Killed::Writer("audit"), Until::OnTheTrail).await;
    asked.line(report, "PostgreSQL", what, Killed::Named("postgres"), Until::Counted).await;
    let what = "killed → its subscriber goes on at another";
    asked.line(report, "a portal", what, Killed::Each("portal"), Until::Watched).await;
    asked.all_ready().await;
}

#[derive(Clone, Copy)]
enum Killed {
    Named(&'static str),
    /// Of the two of a role in turns.
    Each(&'static str),
    /// The one of the two that is not in reserve.
    Writer(&'static str),
    /// The nats-server that leads the ledger's stream.
    Leader,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    Acknowledged,
    Counted,
    OnTheTrail,
    Watched,
}

impl Asked<'_> {
    async fn line(&self, report: &mut Report, who: &str, what: &str, killed: Killed, until: Until) {
        let mut took = Vec::new();
        let kills = told("KILLS", KILLS);
        for n in 0..kills {
            self.all_ready().await;
            took.push(match until {
                Until::Watched => self.watched(n).await,
                _ => self.after_a_kill(&self.victim(killed, n).await, until).await,
            });
        }
        took.sort_unstable();
        let (p50, max) = (quantile(&took, 0.5), quantile(&took, 1.0));
        report.line(
            &format!("{who} {what}"),
            &format!("{} {}", shown(p50), shown(max)),
            &format!("p50 and max of {kills} kills"),
        );
    }

    async fn after_a_kill(&self, victim: &str, until: Until) -> Duration {
        self.stack.signal("-KILL", &[victim]);
        let begun = Instant::now();
        let receipt = self.post().await;
        let (position, stream) = (&receipt["position"], receipt["stream"].as_str().unwrap());
        match until {
            Until::Acknowledged | Until::Watched => {}
            Until::Counted => self.answered(&format!("{PERIOD}/tallies?min_position={position}"), |_| true).await,
            Until::OnTheTrail => {
                let stands = |answer: &Value| answer.to_string().contains(&format!("\"{stream}\""));
                self.answered(&format!("/v1/trail?stream={stream}&limit=1"), stands).await;
            }
        }
        begun.elapsed()
    }

    /// Watches through the address before the portals, and kills both of them in turns until it was the subscriber's.
    async fn watched(&self, n: usize) -> Duration {
        let url = format!("{}{PERIOD}/tallies/changes", self.stack.portals());
        let ask = |last: Option<String>| {
            let request = kit::outgoing::plain().build().unwrap().get(&url).bearer_auth(&self.auditor);
            async move { Events::asked(request, last.as_deref()).await }
        };
        let mut events = ask(None).await.unwrap().unwrap();
        let last = events.any().await.unwrap().id;
        for victim in [1 + n % 2, 2 - n % 2] {
            self.stack.signal("-KILL", &[&format!("portal-{victim}")]);
            let begun = Instant::now();
            // The one that is not killed sends nothing but a beat every fifteen seconds.
            let ended = tokio::time::timeout(Duration::from_secs(1), async { while events.any().await.is_some() {} });
            if ended.await.is_err() {
                self.all_ready().await;
                continue;
            }
            loop {
                if let Ok(Ok(mut events)) = ask(Some(last.clone())).await
                    && events.any().await.is_some()
                {
                    return begun.elapsed();
                }
                assert!(begun.elapsed() < PATIENCE, "no portal");
                tokio::time::sleep(PAUSE).await;
            }
        }
        panic!("the subscriber's portal was neither")
    }

    async fn victim(&self, killed: Killed, n: usize) -> String {
        match killed {
            Killed::Named(name) => name.to_owned(),
            Killed::Each(role) => format!("{role}-{}", 1 + n % 2),
            Killed::Writer(role) => self.writer(role).await,
            Killed::Leader => self.leader().await,
        }
    }

    async fn writer(&self, role: &str) -> String {
        let begun = Instant::now();
        loop {
            for n in 1..=2 {
                let ready = self.ready(role, n).await.unwrap_or_default().to_string();
                if ready.contains("view.") && !ready.contains("in reserve") {
                    return format!("{role}-{n}");
                }
            }
            assert!(begun.elapsed() < PATIENCE, "no {role} writes: {}", self.stack.readiness().await);
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn leader(&self) -> String {
        let (user, password) = self.stack.user("provision");
        let options = async_nats::ConnectOptions::new().user_and_password(user, password);
        let client = options.custom_inbox_prefix("_INBOX_provision").connect(self.stack.nats()).await.unwrap();
        let begun = Instant::now();
        loop {
            let asked = client.request("$JS.API.STREAM.INFO.socai-haiphong", "".into()).await;
            let info: Value =
                asked.ok().and_then(|told| serde_json::from_slice(&told.payload).ok()).unwrap_or_default();
            if let Some(name) = info["cluster"]["leader"].as_str() {
                return name.replace("socai-", "nats-");
            }
            assert!(begun.elapsed() < PATIENCE, "the stream has no leader");
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn ready(&self, role: &str, n: u16) -> Option<Value> {
        let answer = self.http.get(format!("http://{}/readyz", self.stack.address(role, n))).send().await.ok()?;
        (answer.status() == 200).then_some(answer)?.json().await.ok()
    }

    /// Everything is as it was before the last kill, the three servers of the stream as well.
    async fn all_ready(&self) {
        let begun = Instant::now();
        'again: loop {
            assert!(begun.elapsed() < PATIENCE, "not ready again: {}", self.stack.readiness().await);
            tokio::time::sleep(REST).await;
            for role in ["intake", "tally", "audit", "portal"] {
                for n in 1..=2 {
                    if self.ready(role, n).await.is_none() {
                        continue 'again;
                    }
                }
            }
            for n in 1..=3 {
                let healthy = format!("http://127.0.0.1:{}/healthz", self.stack.port + 70 + n);
                if !self.http.get(healthy).send().await.is_ok_and(|answer| answer.status() == 200) {
                    continue 'again;
                }
            }
            return;
        }
    }

    /// One command through the address before the intakes, under one key until it is acknowledged; its receipt.
    async fn post(&self) -> Value {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(90_000_000);
        let body = founding(NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        let url = format!("http://127.0.0.1:{}/v1/commands/found-organisation", self.stack.port + 1);
        let (key, begun) = (Uuid::now_v7().to_string(), Instant::now());
        loop {
            let request = self.http.post(&url).bearer_auth(&self.clerk).header("idempotency-key", &key);
            let sent = request.header("content-type", "application/json").body(body.clone()).send().await;
            if let Ok(answer) = sent
                && answer.status().is_success()
                && let Ok(receipt) = answer.json::<Value>().await
            {
                return receipt;
            }
            assert!(begun.elapsed() < PATIENCE, "not acknowledged");
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn answered(&self, path: &str, holds: impl Fn(&Value) -> bool) {
        let (url, begun) = (format!("{}{path}", self.stack.portals()), Instant::now());
        loop {
            let asked = self.http.get(&url).bearer_auth(&self.auditor).send().await;
            if let Ok(answer) = asked
                && answer.status() == 200
                && answer.json::<Value>().await.is_ok_and(|answer| holds(&answer))
            {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{path} is not answered");
            tokio::time::sleep(PAUSE).await;
        }
    }
}
