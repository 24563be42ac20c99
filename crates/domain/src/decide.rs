//! The one door: a command against the state of its stream, the reference data and the context. Pure and synchronous.

use crate::{
    Actor, CommandId, Event, Kind, LocalDate, Position, StreamId, Timestamp, access::Access, admission::Admission,
    batch::Batch, ledger::Ledger, organisation::Organisation, period::Period, plan::Target, programme::Programme,
    query::Query, rules::Rules, structure::Structure,
};

/// What a decision may know besides state and reference.
#[derive(Clone, Debug)]
pub struct Context {
    /// The ledger's own time for this attempt.
    pub at: Timestamp,
    pub actor: Actor,
    pub key: CommandId,
    /// The stream that the command is recorded on.
    pub stream: StreamId,
    /// Last position known to exist.
    pub tip: Position,
}

impl Context {
    /// The ledger's own day.
    pub fn today(&self) -> LocalDate {
        self.at.local_date()
    }
}

/// State of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aggregate {
    Ledger(Ledger),
    Structure(Structure),
    Rules(Rules),
    Programme(Programme),
    Period(Period),
    Target(Target),
    Organisation(Organisation),
    Admission(Admission),
    Batch(Batch),
    Query(Query),
    Access(Access),
}

impl Aggregate {
    /// The state before the first record.
    pub fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Ledger => Self::Ledger(Ledger::default()),
            Kind::Structure => Self::Structure(Structure::default()),
            Kind::Rules => Self::Rules(Rules::default()),
            Kind::Programme => Self::Programme(Programme::default()),
            Kind::Period => Self::Period(Period::default()),
            Kind::Target => Self::Target(Target::default()),
            Kind::Organisation => Self::Organisation(Organisation::default()),
            Kind::Admission => Self::Admission(Admission::default()),
            Kind::Batch => Self::Batch(Batch::default()),
            Kind::Query => Self::Query(Query::default()),
            Kind::Access => Self::Access(Access::default()),
        }
    }

    /// Folds one event. Total: an event of another kind changes nothing.
    pub fn evolve(&mut self, event: &Event) {
        match self {
            Self::Ledger(state) => state.evolve(event),
            Self::Structure(state) => state.evolve(event),
            Self::Rules(state) => state.evolve(event),
            Self::Programme(state) => state.evolve(event),
            Self::Period(state) => state.evolve(event),
            Self::Target(state) => state.evolve(event),
            Self::Organisation(state) => state.evolve(event),
            Self::Admission(state) => state.evolve(event),
            Self::Batch(state) => state.evolve(event),
            Self::Query(state) => state.evolve(event),
            Self::Access(state) => state.evolve(event),
        }
    }
}
