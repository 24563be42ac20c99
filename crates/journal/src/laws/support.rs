//! Words that the laws are written in.

use std::{fmt::Debug, time::Duration};

use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::{StreamExt, stream::BoxStream};

use crate::{Followed, Journal, ReadError, Stored};

/// How long a law waits for what must come.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn stream(kind: Kind, name: &str) -> StreamId {
    StreamId::of_key(kind, name)
}

pub(super) fn body(text: impl ToString) -> Bytes {
    text.to_string().into()
}

pub(super) async fn append(
    journal: &dyn Journal,
    stream: StreamId,
    expected: Option<Position>,
    text: impl ToString,
) -> Position {
    must("append", journal.append(&stream, expected, body(text)).await)
}

/// Appends `n` records to the stream, each after the other; returns the last position.
pub(super) async fn grow(journal: &dyn Journal, stream: StreamId, mut last: Option<Position>, n: usize) -> Position {
    for i in 0..n {
        last = Some(append(journal, stream, last, format!("{stream} {i}")).await);
    }
    last.unwrap_or_default()
}

pub(super) async fn everything(journal: &dyn Journal) -> Vec<Stored> {
    must("read", journal.read(Position::START, crate::READ_MAX, &[]).await)
}

pub(super) async fn tip(journal: &dyn Journal) -> Position {
    must("ask for the tip", journal.tip().await)
}

pub(super) type Following = BoxStream<'static, Result<Followed, ReadError>>;

pub(super) async fn next(following: &mut Following) -> Followed {
    let next = must("wait for a record", tokio::time::timeout(PATIENCE, following.next()).await);
    must("follow", next.unwrap_or_else(|| panic!("a follower's stream ended")))
}

pub(super) async fn next_record(following: &mut Following) -> Stored {
    match next(following).await {
        Followed::Record(stored) => stored,
        Followed::UpTo(position) => panic!("an unfiltered follower was told that it has seen up to {position}"),
    }
}

pub(super) fn must<T, E: Debug>(what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("failed to {what}: {error:?}"))
}
