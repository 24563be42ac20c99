//! What is stored: all events of one decision, with who, when, and by which document.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{Actor, CommandId, Document, Event, Position, StreamId, Timestamp, UnitId};

/// One decision. Its bytes are made once, in `wire`, and never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub stream: StreamId,
    /// 1, 2, 3 … within the stream, so that anyone can check afterwards that the guard never failed.
    pub version: u64,
    pub command: CommandId,
    /// Its name in the table of commands, such as `found-organisation`.
    pub command_name: String,
    /// SHA-256 of command name and body: the same key with another digest is a reused key.
    pub command_digest: [u8; 32],
    pub correlation: Option<Uuid>,
    pub causation: Option<Uuid>,
    pub actor: Actor,
    /// The unit it was posted for, when that was not the actor's own office.
    pub on_behalf_of: Option<UnitId>,
    /// The later of the writer's clock and the running maximum it knew.
    pub recorded_at: Timestamp,
    /// Position of the last reference record that the decision could know.
    pub reference_position: Position,
    pub document: Option<Document>,
    /// Position of a record of the same paper that the caller had seen.
    pub distinct_from: Option<Position>,
    /// W3C trace context, if the caller sent one.
    pub trace_parent: Option<String>,
    /// At least one.
    pub events: Vec<Event>,
}

impl Record {
    /// Every unit that it concerns: those of its events, the office that posted it, and the unit that it was posted for.
    pub fn units(&self) -> BTreeSet<UnitId> {
        let of_events = self.events.iter().flat_map(|event| event.body.units());
        of_events.chain([self.actor.office]).chain(self.on_behalf_of).collect()
    }
}
