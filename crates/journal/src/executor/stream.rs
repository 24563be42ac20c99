//! One stream as loaded: state, last position, and every command that is recorded on it.

use std::sync::Arc;

use domain::{Aggregate, CommandId, Kind, Position, Record, StreamId, Timestamp, UnitId};

use crate::{Journal, ReadError, Stored};

const PAGE: usize = 512;

#[derive(Clone, Debug)]
pub(super) struct Loaded {
    pub(super) aggregate: Aggregate,
    /// Of the last record; 0 before the first.
    pub(super) version: u64,
    pub(super) last: Option<Position>,
    /// The office that posted its first record.
    pub(super) begun_by: Option<UnitId>,
    /// By id. Shared until something is added: a stream has few commands, but its state is cloned for every attempt.
    commands: Arc<Vec<(CommandId, Past)>>,
}

/// A command that is recorded on the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Past {
    /// The office that posted it.
    pub(super) office: UnitId,
    pub(super) digest: [u8; 32],
    pub(super) version: u64,
    pub(super) position: Position,
    pub(super) recorded_at: Timestamp,
}

impl Loaded {
    pub(super) fn empty(kind: Kind) -> Self {
        Self { aggregate: Aggregate::empty(kind), version: 0, last: None, begun_by: None, commands: Arc::default() }
    }

    /// A stream of one record.
    pub(super) fn begun(first: &Stored) -> Result<Self, ReadError> {
        let mut loaded = Self::empty(first.stream.kind);
        loaded.fold_stored(first)?;
        Ok(loaded)
    }

    pub(super) fn past(&self, key: CommandId) -> Option<&Past> {
        self.place_of(key).ok().map(|place| &self.commands[place].1)
    }

    fn place_of(&self, key: CommandId) -> Result<usize, usize> {
        self.commands.binary_search_by_key(&key, |(command, _)| *command)
    }

    /// Folds what the journal has after `last`; true when there was something.
    pub(super) async fn catch_up(&mut self, journal: &Arc<dyn Journal>, stream: &StreamId) -> Result<bool, ReadError> {
        let before = self.last;
        loop {
            let page = journal.load(stream, self.last.unwrap_or(Position::START), PAGE).await?;
            let done = page.len() < PAGE;
            for stored in page {
                self.fold_stored(&stored)?;
            }
            if done {
                return Ok(self.last != before);
            }
        }
    }

    fn fold_stored(&mut self, stored: &Stored) -> Result<(), ReadError> {
        let damaged = |what: String| ReadError::Damaged { position: stored.position, what };
        let record = wire::decode(&stored.body).map_err(|error| damaged(error.to_string()))?;
        if record.version != self.version + 1 {
            return Err(damaged(format!("version {} of its stream after version {}", record.version, self.version)));
        }
        self.fold(stored.position, &record);
        Ok(())
    }

    pub(super) fn fold(&mut self, position: Position, record: &Record) {
        for event in &record.events {
            self.aggregate.evolve(event);
        }
        self.begun_by.get_or_insert(record.actor.office);
        self.version = record.version;
        self.last = Some(position);
        let past = Past {
            office: record.actor.office,
            digest: record.command_digest,
            version: record.version,
            position,
            recorded_at: record.recorded_at,
        };
        // A command that is there already stands where it was recorded first.
        if let Err(place) = self.place_of(record.command) {
            let commands = Arc::make_mut(&mut self.commands);
            commands.reserve_exact(usize::from(commands.is_empty()));
            commands.insert(place, (record.command, past));
        }
    }
}
