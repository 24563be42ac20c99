//! Load over plain sockets: requests are made beforehand, so that the load costs as little as it can of the cores it shares.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use axum::{Json, Router, body::Bytes, http::StatusCode, routing::post};
use kit::http::Limits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Lines of a request.
pub(crate) const LINES: usize = 10_000;

/// Papers of one run of this program never meet.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// The body of the `n`th founding: units and days are of the ledger that takes it.
pub(crate) type Founding = fn(u64) -> String;

/// What a run of load saw.
pub(crate) struct Run {
    pub(crate) per_second: f64,
    /// Of single requests, ascending.
    pub(crate) latencies: Vec<Duration>,
}

/// Posts single commands on so many connections for so long.
pub(crate) async fn singles(
    address: &str,
    token: &str,
    founding: Founding,
    connections: usize,
    lasts: Duration,
) -> Run {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(one_connection(address.to_owned(), token.to_owned(), founding, begun + lasts)))
        .collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.unwrap());
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let per_second = latencies.len() as f64 / begun.elapsed().as_secs_f64();
    latencies.sort_unstable();
    Run { per_second, latencies }
}

async fn one_connection(address: String, token: String, founding: Founding, ends: Instant) -> Vec<Duration> {
    let mut connection = BufReader::new(TcpStream::connect(&address).await.unwrap());
    connection.get_ref().set_nodelay(true).unwrap();
    let mut latencies = Vec::with_capacity(100_000);
    let mut answer = Vec::with_capacity(2_048);
    while Instant::now() < ends {
        let request = request(&address, &token, founding);
        let sent = Instant::now();
        connection.get_mut().write_all(&request).await.unwrap();
        read_answer(&mut connection, &mut answer).await;
        latencies.push(sent.elapsed());
        assert!(answer.starts_with(b"HTTP/1.1 201"), "{}", String::from_utf8_lossy(&answer));
    }
    latencies
}

fn request(address: &str, token: &str, founding: Founding) -> Vec<u8> {
    let body = founding(NEXT.fetch_add(1, Ordering::Relaxed));
    let (key, bytes) = (Uuid::now_v7(), body.len());
    format!(
        "POST /v1/commands/found-organisation HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {bytes}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Reads one answer that has a Content-Length.
async fn read_answer(connection: &mut BufReader<TcpStream>, answer: &mut Vec<u8>) {
    answer.clear();
    let mut buffer = [0; 4_096];
    loop {
        let read = connection.read(&mut buffer).await.unwrap();
        assert!(read > 0, "the connection was closed after {}", String::from_utf8_lossy(answer));
        answer.extend_from_slice(&buffer[..read]);
        if let Some(head) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
            let length =
                text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse::<usize>().ok());
            if answer.len() >= head + 4 + length.unwrap() {
                return;
            }
        }
    }
}

/// Posts so many commands as lines over so many connections, 10,000 a request; commands a second.
pub(crate) async fn lines(address: &str, token: &str, founding: Founding, connections: usize, requests: usize) -> f64 {
    let bodies: Vec<Vec<String>> =
        (0..connections).map(|_| (0..requests).map(|_| body_of_lines(founding, LINES)).collect()).collect();
    let begun = Instant::now();
    let tasks: Vec<_> = bodies
        .into_iter()
        .map(|bodies| {
            let (address, token) = (address.to_owned(), token.to_owned());
            tokio::spawn(async move {
                for body in bodies {
                    post_lines(&address, &token, &body, LINES).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let commands = (LINES * requests * connections) as f64;
    commands / begun.elapsed().as_secs_f64()
}

/// Posts so many commands as lines of one request.
pub(crate) async fn some_lines(address: &str, token: &str, founding: Founding, lines: usize) {
    post_lines(address, token, &body_of_lines(founding, lines), lines).await;
}

fn body_of_lines(founding: Founding, lines: usize) -> String {
    (0..lines)
        .map(|_| {
            let data = founding(NEXT.fetch_add(1, Ordering::Relaxed));
            format!("{{\"key\":\"{}\",\"command\":\"found-organisation\",\"data\":{data}}}\n", Uuid::now_v7())
        })
        .collect()
}

async fn post_lines(address: &str, token: &str, body: &str, lines: usize) {
    let (reading, writing) = TcpStream::connect(address).await.unwrap().into_split();
    let head = format!(
        "POST /v1/commands HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let ((), end) = tokio::join!(write_all(writing, head + body), read_end(reading));
    assert!(end.contains(&format!("\"accepted\":{lines},\"refused\":0")), "{end}");
}

async fn write_all(mut writing: OwnedWriteHalf, text: String) {
    writing.write_all(text.as_bytes()).await.unwrap();
    // Held open until the answer is through, or the server would take it for a cut.
    std::mem::forget(writing);
}

/// The last bytes of an answer.
async fn read_end(mut reading: OwnedReadHalf) -> String {
    let mut buffer = vec![0; 64 * 1_024];
    let mut end = Vec::new();
    loop {
        let read = reading.read(&mut buffer).await.unwrap();
        if read == 0 {
            return String::from_utf8_lossy(&end).into_owned();
        }
        end.extend_from_slice(&buffer[..read]);
        let passed = end.len().saturating_sub(1_024);
        end.drain(..passed);
    }
}

/// The same HTTP stack, answering 201 with a receipt's bytes and doing nothing. A process of its own, as the node is.
pub(crate) fn serve_null() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        let receipt = serde_json::json!({
            "command_id": Uuid::nil(), "stream": format!("organisation/{}", Uuid::nil()), "version": 1, "position": 1,
            "recorded_at": "2024-03-01T00:00:00Z", "durability": "fsync", "replayed": false,
        });
        let nothing = post(move |_body: Bytes| std::future::ready((StatusCode::CREATED, Json(receipt.clone()))));
        let router = Router::new().route("/v1/commands/{name}", nothing);
        kit::http::serve(listener, kit::http::watched(router, None), CancellationToken::new(), Limits::default()).await;
    });
}
