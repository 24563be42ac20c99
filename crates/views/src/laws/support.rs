//! What the laws are told in: a store, journals of synthetic records, views that break, and a view of our own.

use std::{any::Any, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Position, Record};
use journal::{SharedJournal, memory::Memory};
use sqlx::{AnyConnection, Row};

use crate::{Decoded, Dump, Generation, Schema, Session, Sink, Store, View, insert_rows};

/// A store's URL, and whatever keeps it alive.
pub struct Opened {
    pub url: String,
    pub guard: Box<dyn Any + Send + Sync>,
}

impl Opened {
    /// As another process would open it.
    pub(super) async fn store(&self) -> Store {
        Store::open(&self.url).await.expect("the store opens")
    }
}

pub(super) fn body(record: &Record) -> Bytes {
    wire::encode(record).expect("a synthetic record is encoded")
}

/// A journal in memory that holds the first `len` synthetic records.
///
/// # Panics
/// When the records cannot be appended.
pub async fn journal_of(len: u64) -> SharedJournal {
    let journal: SharedJournal = Arc::new(Memory::default());
    append(&journal, 1..=len).await;
    journal
}

pub(super) async fn append(journal: &SharedJournal, numbers: impl IntoIterator<Item = u64>) {
    for n in numbers {
        let record = super::record(n);
        let position = journal.append(&record.stream, None, body(&record)).await.expect("the journal takes it");
        assert_eq!(position, Position(n));
    }
}

/// The synthetic records from `from` to `to`, as a follower hands them to a view.
pub(super) fn decoded(from: u64, to: u64) -> Vec<Decoded> {
    let one = |n| {
        let record = super::record(n);
        Decoded { position: Position(n), body: body(&record), record }
    };
    (from..=to).map(one).collect()
}

/// A session that has claimed the checkpoint for `owner`, its view loaded.
pub(super) async fn claimed<V: View>(store: &Store, journal: &SharedJournal, view: &mut V, owner: &str) -> Session {
    let mut session = Session::open(store, journal, view.schema()).await.expect("a session opens");
    session.load(view).await.expect("the view loads");
    assert!(session.claim(owner).await.expect("the database answers"), "{owner} claims the checkpoint");
    session
}

/// The rows that one fold of everything gives, on a store of its own.
pub(super) async fn expected_rows<V: View>(mut view: V, len: u64) -> Dump {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(&format!("sqlite:{}", folder.path().display())).await.expect("the store opens");
    let journal = journal_of(len).await;
    let mut session = claimed(&store, &journal, &mut view, "expected").await;
    for n in 1..=len {
        session.apply(&mut view, &decoded(n, n)).await.expect("one record is folded");
    }
    rows(&store, &view).await
}

pub(super) async fn rows<V: View>(store: &Store, view: &V) -> Dump {
    let generation = store.current(view.schema()).await.expect("there is a current generation");
    Dump::of(&generation, view).await.expect("the rows are read")
}

/// The smallest view that is one: how many records there are of each kind of stream, and the last of each.
#[derive(Clone, Default)]
pub struct Tables;

const KINDS: Schema = Schema {
    name: "kinds",
    fold_version: 1,
    migrations: &[
        "create table kind (kind text primary key, records bigint not null, last bigint not null, bytes {bytes} not null)",
    ],
};

#[async_trait]
impl View for Tables {
    fn schema(&self) -> Schema {
        KINDS
    }

    async fn load(&mut self, _rows: &mut AnyConnection, _in: &Generation, _at: Position) -> anyhow::Result<()> {
        Ok(())
    }

    async fn apply(&mut self, rows: &mut AnyConnection, batch: &[Decoded]) -> anyhow::Result<()> {
        for decoded in batch {
            let insert = (
                "insert into kind (kind, records, last, bytes)",
                4,
                "on conflict (kind) do update set records = kind.records + 1, last = excluded.last, bytes = excluded.bytes",
            );
            insert_rows(rows, insert, std::slice::from_ref(decoded), |query, decoded| {
                query
                    .bind(decoded.record.stream.kind.as_str())
                    .bind(1_i64)
                    .bind(decoded.position.0.cast_signed())
                    .bind(decoded.body.to_vec())
            })
            .await?;
        }
        Ok(())
    }

    fn committed(&mut self, _at: Position) {}

    async fn dump(&self, rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
        for row in sqlx::query("select kind, records, last, bytes from kind order by kind").fetch_all(rows).await? {
            let (kind, records, last): (String, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let bytes: Vec<u8> = row.try_get(3)?;
            sink("kind", &[kind.as_bytes(), &records.to_be_bytes(), &last.to_be_bytes(), &bytes].concat());
        }
        Ok(())
    }
}

/// A view that takes its time to load.
pub(super) struct SlowToLoad<V> {
    pub(super) view: V,
    pub(super) by: Duration,
}

#[async_trait]
impl<V: View> View for SlowToLoad<V> {
    fn schema(&self) -> Schema {
        self.view.schema()
    }

    fn batch_max(&self) -> usize {
        self.view.batch_max()
    }

    async fn load(&mut self, rows: &mut AnyConnection, generation: &Generation, at: Position) -> anyhow::Result<()> {
        tokio::time::sleep(self.by).await;
        self.view.load(rows, generation, at).await
    }

    async fn apply(&mut self, rows: &mut AnyConnection, batch: &[Decoded]) -> anyhow::Result<()> {
        self.view.apply(rows, batch).await
    }

    fn committed(&mut self, at: Position) {
        self.view.committed(at);
    }

    async fn dump(&self, rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
        self.view.dump(rows, sink).await
    }
}
