//! What is timed. Each caller waits for an acknowledgement before it appends again.

use std::{
    fmt,
    future::Future,
    str::FromStr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use uuid::Uuid;

use crate::Store;

/// Pools fill and files grow before anything counts.
const WARM_UP: Duration = Duration::from_millis(300);
const COUNTED: Duration = Duration::from_millis(1_500);

/// What is there to be read, and by how many callers it is appended.
const TO_READ: u64 = 10_000;
const LOADERS: u64 = 50;

/// What the callers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Each append begins a stream.
    New,
    /// Each caller appends to a stream of its own, with its last version as the guard.
    Grow,
    /// All events are read, again and again, from a store that was opened after they had been appended.
    Read,
}

impl FromStr for Work {
    type Err = anyhow::Error;

    fn from_str(word: &str) -> Result<Self> {
        Ok(match word {
            "new" => Self::New,
            "grow" => Self::Grow,
            "read" => Self::Read,
            _ => bail!("`{word}` is none of new, grow, read"),
        })
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "new",
            Self::Grow => "grow",
            Self::Read => "read",
        })
    }
}

/// The durability and the events a second.
pub(crate) async fn run<F>(work: Work, callers: usize, open: impl Fn() -> F) -> Result<(String, f64)>
where
    F: Future<Output = Result<Arc<dyn Store>>>,
{
    let store = open().await?;
    let durability = store.durability();
    let rate = match work {
        Work::New | Work::Grow => appends(store, callers, work == Work::Grow).await?,
        Work::Read => {
            load(&store).await?;
            drop(store);
            reads(open().await?).await?
        }
    };
    Ok((durability, rate))
}

async fn appends(store: Arc<dyn Store>, callers: usize, grow: bool) -> Result<f64> {
    let begins = Instant::now() + WARM_UP;
    let ends = begins + COUNTED;
    let tasks: Vec<_> = (0..callers).map(|_| tokio::spawn(caller(store.clone(), grow, begins, ends))).collect();
    let mut appended = 0;
    for task in tasks {
        appended += task.await??;
    }
    Ok(per_second(appended, ends - begins))
}

/// How many appends of one caller were acknowledged within the time.
async fn caller(store: Arc<dyn Store>, grow: bool, begins: Instant, ends: Instant) -> Result<u64> {
    let (mut appended, mut stream, mut after) = (0, Uuid::now_v7(), None);
    loop {
        let version = store.append(stream, after).await?;
        let now = Instant::now();
        if now >= ends {
            return Ok(appended);
        }
        appended += u64::from(now >= begins);
        if grow {
            after = Some(version);
        } else {
            stream = Uuid::now_v7();
        }
    }
}

async fn load(store: &Arc<dyn Store>) -> Result<()> {
    let loader = |store: Arc<dyn Store>| async move {
        for _ in 0..TO_READ / LOADERS {
            store.append(Uuid::now_v7(), None).await?;
        }
        anyhow::Ok(())
    };
    let tasks: Vec<_> = (0..LOADERS).map(|_| tokio::spawn(loader(store.clone()))).collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

async fn reads(store: Arc<dyn Store>) -> Result<f64> {
    ensure!(store.read_all(TO_READ).await? == TO_READ, "not all events were read");
    let (begun, mut read) = (Instant::now(), 0);
    while begun.elapsed() < COUNTED {
        read += store.read_all(TO_READ).await?;
    }
    Ok(per_second(read, begun.elapsed()))
}

fn per_second(count: u64, lasted: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let count = count as f64;
    count / lasted.as_secs_f64()
}
