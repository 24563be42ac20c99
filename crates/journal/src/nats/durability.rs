//! What an acknowledgement of this server has survived, as far as the server tells.

use std::{io, time::Duration};

use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{Deviations, Durability};

const MONITOR_TIMEOUT: Duration = Duration::from_secs(2);
const MONITOR_ANSWER_MAX_BYTES: u64 = 1 << 20;

/// How a stream keeps records, as far as its settings tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) replicas: usize,
    /// Settings that were accepted, and are so.
    pub(super) deviations: Deviations,
}

/// Replicas come from the stream. Whether a server syncs before it acknowledges is not told to clients, only on its
/// monitoring page: without one that says so, it counts as not synced.
pub(super) async fn probe(kept: Kept, monitors: &[String]) -> Durability {
    let Kept { replicas, deviations } = kept;
    let mut synced = 0;
    for monitor in monitors {
        match timeout(MONITOR_TIMEOUT, syncs_always(monitor)).await.unwrap_or_else(|late| Err(late.into())) {
            Ok(true) => synced += 1,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%monitor, %error, "a NATS server's settings cannot be read; its acknowledgements count as not synced")
            }
        }
    }
    let replicas = replicas.max(1);
    let fsync = synced >= replicas;
    let replicas = u8::try_from(replicas).unwrap_or(u8::MAX);
    if deviations.is_empty() {
        return Durability::by(replicas, fsync);
    }
    let fsync = fsync && !deviations.contains(Deviations::STORAGE);
    Durability::Despite { replicas, fsync, deviations }
}

#[derive(Deserialize)]
struct Varz {
    jetstream: Option<JetStream>,
}

#[derive(Deserialize)]
struct JetStream {
    config: Option<JetStreamConfig>,
}

#[derive(Deserialize)]
struct JetStreamConfig {
    /// Absent when false.
    #[serde(default)]
    sync_always: bool,
}

async fn syncs_always(monitor: &str) -> io::Result<bool> {
    let answer = get(monitor, "/varz").await?;
    let varz: Varz = serde_json::from_slice(&answer)?;
    Ok(varz.jetstream.and_then(|jetstream| jetstream.config).is_some_and(|config| config.sync_always))
}

/// One GET in HTTP/1.0, where the end of the connection ends the answer.
async fn get(base: &str, path: &str) -> io::Result<Vec<u8>> {
    let host = base.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let host = host.ok_or_else(|| io::Error::other("a monitoring address begins with http://"))?;
    let mut connection = TcpStream::connect(host).await?;
    connection.write_all(format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    connection.take(MONITOR_ANSWER_MAX_BYTES).read_to_end(&mut answer).await?;
    let ok = answer.starts_with(b"HTTP/1.0 200") || answer.starts_with(b"HTTP/1.1 200");
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n").filter(|_| ok);
    let body = body.ok_or_else(|| io::Error::other("it did not answer 200"))?;
    Ok(answer.split_off(body + 4))
}
