//! What an acknowledgement of this server has survived, as far as the server tells.

use std::{io, time::Duration};

use futures::future::join_all;
use parking_lot::Mutex;
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

/// Where the servers say whether they sync before they acknowledge: clients are not told, only the monitoring page does. Without one that
/// says so, a server counts as not synced.
pub(super) struct Monitors(Vec<Monitor>);

struct Monitor {
    address: String,
    /// As it said last: a server that is away has no other settings for that.
    syncs: Mutex<Option<bool>>,
}

impl Monitors {
    pub(super) fn new(addresses: Vec<String>) -> Self {
        Self(addresses.into_iter().map(|address| Monitor { address, syncs: Mutex::default() }).collect())
    }

    /// Asks all of them again, and tells what an acknowledgement has survived. Replicas come from the stream.
    pub(super) async fn probe(&self, kept: Kept) -> Durability {
        let synced = join_all(self.0.iter().map(Monitor::ask)).await.into_iter().filter(|syncs| *syncs).count();
        let Kept { replicas, deviations } = kept;
        let replicas = replicas.max(1);
        let fsync = synced >= replicas;
        let replicas = u8::try_from(replicas).unwrap_or(u8::MAX);
        if deviations.is_empty() {
            return Durability::by(replicas, fsync);
        }
        let fsync = fsync && !deviations.contains(Deviations::STORAGE);
        Durability::Despite { replicas, fsync, deviations }
    }
}

impl Monitor {
    async fn ask(&self) -> bool {
        let asked = timeout(MONITOR_TIMEOUT, syncs_always(&self.address)).await.unwrap_or_else(|late| Err(late.into()));
        let mut syncs = self.syncs.lock();
        match asked {
            Ok(now) => *syncs = Some(now),
            Err(error) if syncs.is_none() => {
                tracing::warn!(monitor = self.address, %error, "a NATS server's settings cannot be read; its acknowledgements count as not synced");
                *syncs = Some(false);
            }
            Err(error) => {
                tracing::debug!(monitor = self.address, %error, "a NATS server's settings cannot be read now")
            }
        }
        *syncs == Some(true)
    }
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
