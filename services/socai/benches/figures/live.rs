//! From the append to 1, 100 and 1,000 subscribers of the tally, at ten updates a second.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    sync::mpsc,
};

use crate::{
    latency::shown,
    load,
    node::{Node, founding},
    report::{Report, quantile},
    runtime,
};

const UPDATES: usize = 60;
const PAUSE: Duration = Duration::from_millis(100);
const PATH: &str = "/v1/programmes/nq28/periods/2024/tallies/changes";

pub(crate) fn run(report: &mut Report) {
    let node = Node::start(&["--roles", "intake,tally,audit,portal"]);
    runtime().block_on(async {
        load::lines(&node.address, &node.clerk, founding, 1, 1).await;
        for subscribers in [1, 100, 1_000] {
            let mut seen = measure(&node, subscribers).await;
            seen.sort_unstable();
            let (p50, p99) = (quantile(&seen, 0.5), quantile(&seen, 0.99));
            let asked = if subscribers == 1_000 { "asked: p99 < 250 ms" } else { "" };
            report.line(
                &format!("append → seen by {subscribers} subscribers, p50 and p99"),
                &format!("{} {}", shown(p50), shown(p99)),
                asked,
            );
        }
    });
}

/// How long after it was sent each update was seen by each subscriber.
async fn measure(node: &Node, subscribers: usize) -> Vec<Duration> {
    let (told, mut seen) = mpsc::channel(subscribers * UPDATES);
    let (ready, mut subscribed) = mpsc::channel(subscribers);
    let tasks: Vec<_> = (0..subscribers)
        .map(|_| tokio::spawn(subscribe(node.address.clone(), node.clerk.clone(), ready.clone(), told.clone())))
        .collect();
    for _ in 0..subscribers {
        subscribed.recv().await.unwrap();
    }
    let mut all = Vec::with_capacity(subscribers * UPDATES);
    let client = kit::outgoing::plain().build().unwrap();
    for _ in 0..UPDATES {
        let begun = Instant::now();
        let position = post(&client, node).await;
        for _ in 0..subscribers {
            loop {
                let (at, when): (u64, Instant) = seen.recv().await.unwrap();
                if at >= position {
                    all.push(when.duration_since(begun));
                    break;
                }
            }
        }
        tokio::time::sleep(PAUSE.saturating_sub(begun.elapsed())).await;
    }
    for task in tasks {
        task.abort();
    }
    all
}

async fn post(client: &reqwest::Client, node: &Node) -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(50_000_000);
    let body = founding(NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    let request = client
        .post(format!("http://{}/v1/commands/found-organisation", node.address))
        .bearer_auth(&node.clerk)
        .header("idempotency-key", uuid::Uuid::now_v7().to_string())
        .header("content-type", "application/json");
    let receipt: serde_json::Value = request.body(body).send().await.unwrap().json().await.unwrap();
    receipt["position"].as_u64().unwrap()
}

/// Tells the position of every change it is sent. `id:` is generation, position and record.
async fn subscribe(address: String, token: String, ready: mpsc::Sender<()>, told: mpsc::Sender<(u64, Instant)>) {
    let mut connection = BufReader::new(TcpStream::connect(&address).await.unwrap());
    let request = format!(
        "GET {PATH} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n"
    );
    connection.get_mut().write_all(request.as_bytes()).await.unwrap();
    let (mut line, mut snapshot) = (String::new(), false);
    loop {
        line.clear();
        assert!(connection.read_line(&mut line).await.unwrap() > 0, "the subscription was closed");
        if let Some(id) = line.strip_prefix("id:") {
            let position = id.trim().split('-').nth(1).and_then(|position| position.parse().ok()).unwrap();
            if std::mem::replace(&mut snapshot, true) {
                told.send((position, Instant::now())).await.unwrap();
            } else {
                ready.send(()).await.unwrap();
            }
        }
    }
}
