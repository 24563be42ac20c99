//! The audit trail: who decided what, effective when, recorded when, by which document, correcting what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    CommandId, Counted, Document, Event, EventBody, LocalDate, OfWhich, Position, Record, Role, StreamId, SubjectId,
    Timestamp, UnitId, What,
};

/// One event of one record, as an auditor reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TrailRow {
    pub position: Position,
    /// From 0 within the record.
    pub index: u32,
    pub recorded_at: Timestamp,
    pub effective_on: LocalDate,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub stream: StreamId,
    /// 1, 2, 3 … within the stream.
    pub version: u64,
    /// Stable word of the event, such as `organisation_founded`.
    pub event: &'static str,
    pub event_vi: &'static str,
    pub event_en: &'static str,
    /// Units that it concerns, ascending: credited, holding, assigning, joined, asked. The actor's office is not among them.
    pub units: BTreeSet<UnitId>,
    pub subject: SubjectId,
    pub office: UnitId,
    pub role: Role,
    pub on_behalf_of: Option<UnitId>,
    pub document: Option<Document>,
    /// What it takes back from the counts.
    pub corrects: Vec<TrailCount>,
    /// What it adds to them.
    pub adds: Vec<TrailCount>,
    /// Name of the command, such as `found-organisation`.
    pub command: String,
    pub command_id: CommandId,
    /// A legal rule was lifted by a document.
    pub exception: bool,
    /// The paper that lifted it.
    pub exception_document: Option<Document>,
}

/// So many of something, on a day, for a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TrailCount {
    pub what: What,
    /// The kind of organisation or the membership, as a word.
    pub of: String,
    pub unit: UnitId,
    pub effective_on: LocalDate,
    pub n: u32,
    #[serde(default, skip_serializing_if = "OfWhich::is_empty")]
    #[cfg_attr(feature = "schema", schema(inline))]
    pub of_which: OfWhich,
}

/// A row for each event of a record, in its order. Total.
pub fn trail(position: Position, record: &Record) -> Vec<TrailRow> {
    (0..).zip(&record.events).map(|(index, event)| row(position, record, index, event)).collect()
}

fn row(position: Position, record: &Record, index: u32, event: &Event) -> TrailRow {
    let called = event.body.called();
    let (takes, adds) = event.body.counts();
    let exception = event.body.exception();
    TrailRow {
        position,
        index,
        recorded_at: record.recorded_at,
        effective_on: event.effective_on,
        stream: record.stream,
        version: record.version,
        event: called.word,
        event_vi: called.vi,
        event_en: called.en,
        units: event.body.units(),
        subject: record.actor.subject,
        office: record.actor.office,
        role: record.actor.role,
        on_behalf_of: record.on_behalf_of,
        document: record.document.clone(),
        corrects: takes.iter().map(TrailCount::of).collect(),
        adds: adds.iter().map(TrailCount::of).collect(),
        command: record.command_name.clone(),
        command_id: record.command,
        exception: exception.is_some(),
        exception_document: exception.map(|exception| exception.document.clone()),
    }
}

impl TrailCount {
    fn of(counted: &Counted) -> Self {
        let of = match counted.countable.of {
            crate::Countee::Organisation(kind) => kind.word(),
            crate::Countee::Member(membership) => membership.word(),
        };
        Self {
            what: counted.countable.what,
            of: of.to_owned(),
            unit: counted.unit,
            effective_on: counted.effective_on,
            n: counted.n,
            of_which: counted.of_which.clone(),
        }
    }
}

impl EventBody {
    /// The exception by which a legal rule was lifted.
    pub const fn exception(&self) -> Option<&crate::Exception> {
        match self {
            Self::OrganisationFounded { exception, .. }
            | Self::UnionRecognised { exception, .. }
            | Self::OrganisationTypeChanged { exception, .. } => exception.as_ref(),
            _ => None,
        }
    }

    /// Every unit that the event concerns.
    pub fn units(&self) -> BTreeSet<UnitId> {
        let (takes, adds) = self.counts();
        let mut units: BTreeSet<_> = takes.iter().chain(adds).map(|counted| counted.unit).collect();
        match self {
            Self::UnitCreated { unit, .. }
            | Self::UnitRenamed { unit, .. }
            | Self::UnitCodeAssigned { unit, .. }
            | Self::UnitReclassified { unit, .. }
            | Self::UnitEnded { unit } => units.extend([*unit]),
            Self::UnitSucceeded { unit, successor, .. } | Self::SuccessorWeighed { unit, successor, .. } => {
                units.extend([*unit, *successor])
            }
            Self::UnitParentSet { unit, parent, .. } => units.extend([*unit].into_iter().chain(*parent)),
            Self::ProgrammeEstablished { issuer, .. } => units.extend([*issuer]),
            Self::PeriodOpened { principals, .. } => units.extend(principals.values().copied()),
            Self::ReportSubmitted { unit, .. } | Self::ReportApproved { unit, .. } => units.extend([*unit]),
            Self::TargetAssigned { target, .. }
            | Self::TargetAdjusted { target, .. }
            | Self::TargetWithdrawn { target }
            | Self::TargetCorrected { target, .. } => units.extend([target.holder, target.assigner]),
            Self::QueryRaised { owner, .. } => units.extend([*owner]),
            Self::AccessGranted { office, .. } | Self::FiguresPublished { office, .. } => units.extend([*office]),
            _ => {}
        }
        units
    }
}
