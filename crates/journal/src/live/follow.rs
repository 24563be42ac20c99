//! How a process comes to know what is in the ledger. It listens: each record is sent to it. While it writes nearly all of them itself,
//! that would be an echo of what it knows, for which the broker and this process would pay as much as for the append. Then it only looks
//! from time to time, and reads what others wrote.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use domain::{Kind, Position, Record, Reference};
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use tracing::{debug, error, warn};

use super::{Live, Progress};
use crate::{Followed, ReadError, SharedJournal, Stored};

/// Most records folded before what they changed is shown.
const CHUNK_MAX: usize = 1_024;
/// Chunks of the past that are decoded and wait to be folded.
const CHUNKS_AHEAD: usize = 4;
/// Pause before the journal is asked again after it could not be reached.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// Records over which it is judged who writes.
const ECHO_RECORDS: u64 = 1_024;
/// One in so many may be somebody else's.
const ECHO_OTHERS: u64 = 10;
/// Slower than `ECHO_RECORDS` in this time, an echo costs nothing worth saving.
const ECHO_WITHIN: Duration = Duration::from_secs(1);
/// How often a process that does not listen looks; what others write is known here so much later.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Our own records up to the tip are acknowledged by then; if not, they are read.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_millis(20);
/// Fewer records between two looks, and listening is better.
const QUIET: u64 = 16;

/// What is folded so far.
struct Known {
    position: Position,
    reference: Reference,
}

impl Live {
    /// Follows until stopped. Behind a record that this version cannot read nothing is known, so nothing is recorded any more; what was known
    /// before it is still answered.
    ///
    /// # Errors
    /// When records are missing.
    pub async fn run(&self, journal: SharedJournal, stop: CancellationToken) -> Result<(), ReadError> {
        let mut known = Known { position: Position::START, reference: Reference::default() };
        loop {
            let follow = self.follow(&journal, &mut known);
            let end = tokio::select! {
                end = follow => end,
                () = stop.cancelled() => return Ok(()),
            };
            let position = known.position;
            match end {
                Err(ReadError::Unavailable(source)) => {
                    warn!(%position, error = %source, "the journal cannot be reached, following again");
                    tokio::time::sleep(RETRY_AFTER).await;
                }
                Err(fatal) => {
                    error!(%position, error = %fatal, "following has stopped");
                    self.progress.send_replace(Progress::Stopped { position, why: fatal.to_string() });
                    if !matches!(fatal, ReadError::Damaged { .. }) {
                        return Err(fatal);
                    }
                    stop.cancelled().await;
                    return Ok(());
                }
                Ok(()) => tokio::time::sleep(RETRY_AFTER).await,
            }
        }
    }

    /// Until the journal ends what it sends.
    async fn follow(&self, journal: &SharedJournal, known: &mut Known) -> Result<(), ReadError> {
        self.catch_up(journal, known).await?;
        while self.listen(journal, known).await? == Heard::Echo {
            self.look(journal, known).await?;
        }
        Ok(())
    }

    /// Takes in what the ledger holds by now. A long past is decoded in a task of its own while it is folded here.
    async fn catch_up(&self, journal: &SharedJournal, known: &mut Known) -> Result<(), ReadError> {
        let tip = journal.tip().await?;
        if tip <= known.position {
            return Ok(());
        }
        let (send, mut chunks) = mpsc::channel(CHUNKS_AHEAD);
        let reading = AbortOnDropHandle::new(tokio::spawn(read_past(journal.clone(), known.position, tip, send)));
        while let Some(chunk) = chunks.recv().await {
            let before = known.reference.position;
            for (position, record) in chunk {
                self.fold(position, &record, &mut known.reference);
                known.position = position;
            }
            self.show(before, known);
        }
        self.own.passed(known.position);
        reading.await.unwrap_or_else(|panic| Err(ReadError::Unavailable(panic.into())))
    }

    async fn listen(&self, journal: &SharedJournal, known: &mut Known) -> Result<Heard, ReadError> {
        let mut chunks = journal.follow(known.position, &[]).ready_chunks(CHUNK_MAX);
        let mut window = Window::begin(self.own.count());
        while let Some(chunk) = chunks.next().await {
            let before = known.reference.position;
            let folded = self.fold_chunk(chunk, known);
            self.show(before, known);
            if window.is_echo(folded?, self.own.count()) {
                debug!(position = %known.position, "nearly every record is our own: looking instead of listening");
                return Ok(Heard::Echo);
            }
        }
        Ok(Heard::End)
    }

    /// Until others write, or hardly anybody.
    async fn look(&self, journal: &SharedJournal, known: &mut Known) -> Result<(), ReadError> {
        loop {
            let from = known.position;
            self.rest(known).await;
            let tip = journal.tip().await?;
            tokio::time::sleep(ACKNOWLEDGED_WITHIN).await;
            let before = known.reference.position;
            let read = self.read_up_to(tip, journal, known).await;
            self.show(before, known);
            let (others, records) = (read?, known.position.0 - from.0);
            if records < QUIET || others * ECHO_OTHERS > records {
                return Ok(());
            }
        }
    }

    /// Waits for the next look; somebody who waits for a position meanwhile is shown how far our own records go.
    async fn rest(&self, known: &mut Known) {
        let next = tokio::time::sleep(LOOK_EVERY);
        tokio::pin!(next);
        loop {
            tokio::select! {
                () = &mut next => return,
                () = self.wanted.notified() => {
                    known.position = self.own.advance(known.position);
                    self.show(known.reference.position, known);
                }
            }
        }
    }

    /// How many were not our own.
    async fn read_up_to(&self, tip: Position, journal: &SharedJournal, known: &mut Known) -> Result<u64, ReadError> {
        let mut others = 0;
        loop {
            known.position = self.own.advance(known.position);
            if known.position >= tip {
                return Ok(others);
            }
            let page = journal.read(known.position, CHUNK_MAX, &[]).await?;
            if page.is_empty() {
                return Ok(others);
            }
            for stored in page {
                let expected = known.position.next();
                if stored.position != expected {
                    return Err(ReadError::Hole { expected, found: stored.position });
                }
                others += u64::from(self.fold_stored(&stored, known)?);
            }
        }
    }

    /// Only once a chunk: cloning thousands of targets for each of them would be quadratic.
    fn show(&self, reference_before: Position, known: &Known) {
        if known.reference.position != reference_before {
            self.reference.store(Arc::new(known.reference.clone()));
        }
        self.tip.fetch_max(known.position.0, Ordering::AcqRel);
        self.progress.send_replace(Progress::Following(known.position));
    }

    /// How many records there were.
    fn fold_chunk(&self, chunk: Vec<Result<Followed, ReadError>>, known: &mut Known) -> Result<u64, ReadError> {
        let mut records = 0;
        for followed in chunk {
            match followed? {
                Followed::UpTo(seen) => known.position = seen,
                Followed::Record(stored) => {
                    records += 1;
                    self.fold_stored(&stored, known)?;
                }
            }
        }
        Ok(records)
    }

    /// Whether it had to be read.
    fn fold_stored(&self, stored: &Stored, known: &mut Known) -> Result<bool, ReadError> {
        let own = self.own.take(stored.position);
        if !own {
            self.fold(stored.position, &decode(stored)?, &mut known.reference);
        }
        known.position = stored.position;
        Ok(!own)
    }

    fn fold(&self, position: Position, record: &Record, reference: &mut Reference) {
        self.observe(position, record);
        if record.stream.kind.is_reference() {
            for event in &record.events {
                reference.apply(position, event);
            }
        }
        if record.stream.kind == Kind::Access {
            self.grants.write().fold(&record.events);
        }
        if record.stream.kind == Kind::Publication {
            self.publications.write().fold(position, record);
        }
        self.papers.fold(position, record);
    }
}

/// Reads and decodes up to `tip`, or until nobody takes it any more. What comes before a record that cannot be read is handed over.
async fn read_past(
    journal: SharedJournal,
    after: Position,
    tip: Position,
    to: mpsc::Sender<Vec<(Position, Record)>>,
) -> Result<(), ReadError> {
    let mut followed = journal.follow(after, &[]).ready_chunks(CHUNK_MAX);
    let mut at = after;
    while at < tip
        && let Some(chunk) = followed.next().await
    {
        let mut records = Vec::with_capacity(chunk.len());
        let read = chunk.into_iter().try_for_each(|followed| {
            if let Followed::Record(stored) = followed? {
                records.push((stored.position, decode(&stored)?));
            }
            Ok::<_, ReadError>(())
        });
        at = records.last().map_or(at, |(position, _)| *position);
        if to.send(records).await.is_err() {
            break;
        }
        read?;
    }
    Ok(())
}

fn decode(stored: &Stored) -> Result<Record, ReadError> {
    wire::decode(&stored.body)
        .map_err(|error| ReadError::Damaged { position: stored.position, what: error.to_string() })
}

#[derive(PartialEq, Eq)]
enum Heard {
    /// Nearly everything was our own.
    Echo,
    End,
}

/// The last records, and how many had been written here when they began. Counted by acknowledgements: a record may arrive before its own.
struct Window {
    begun: Instant,
    records: u64,
    own_before: u64,
}

impl Window {
    fn begin(own_before: u64) -> Self {
        Self { begun: Instant::now(), records: 0, own_before }
    }

    fn is_echo(&mut self, records: u64, own: u64) -> bool {
        self.records += records;
        if self.records < ECHO_RECORDS {
            return false;
        }
        let window = std::mem::replace(self, Self::begin(own));
        let others = window.records.saturating_sub(own - window.own_before);
        others * ECHO_OTHERS <= window.records && window.begun.elapsed() < ECHO_WITHIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_is_fast_and_nearly_all_our_own() {
        let mut window = Window::begin(5);
        assert!(!window.is_echo(ECHO_RECORDS - 1, 1_000));
        assert!(window.is_echo(1, 1_000));
        assert!(!window.is_echo(ECHO_RECORDS, 1_900), "124 of 1,024 were somebody else's");
        assert!(window.is_echo(ECHO_RECORDS, 2_924));
    }

    #[test]
    fn a_slow_echo_is_listened_to() {
        let mut window = Window { begun: Instant::now() - ECHO_WITHIN, records: 0, own_before: 0 };
        assert!(!window.is_echo(ECHO_RECORDS, ECHO_RECORDS));
    }
}
