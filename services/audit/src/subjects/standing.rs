//! How one case stands: a fold of its own events, total in any order.

use domain::{
    Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, Position, Record, StreamId, UnitId, What,
};
use serde::{Deserialize, Serialize};

/// What a case has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Founded,
    Recognised,
    /// Older than the ledger, or received from outside it.
    Registered,
    Dissolved,
    /// Admitted, no ceremony yet.
    Admitted,
    /// Admitted, and the ceremony was held.
    Received,
    Revoked,
    /// A correction found that it should not stand in the ledger at all.
    TakenBack,
}

impl Standing {
    pub const ALL: [Self; 8] = [
        Self::Founded,
        Self::Recognised,
        Self::Registered,
        Self::Dissolved,
        Self::Admitted,
        Self::Received,
        Self::Revoked,
        Self::TakenBack,
    ];

    /// As it stands in JSON and in queries.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Founded => "founded",
            Self::Recognised => "recognised",
            Self::Registered => "registered",
            Self::Dissolved => "dissolved",
            Self::Admitted => "admitted",
            Self::Received => "received",
            Self::Revoked => "revoked",
            Self::TakenBack => "taken_back",
        }
    }
}

/// One organisation, admission or batch, with its corrections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRow {
    pub stream: StreamId,
    /// Of the record that began it.
    pub first_position: Position,
    /// Of the last record of its stream.
    pub position: Position,
    /// The unit that it is credited to.
    pub unit: UnitId,
    pub standing: Standing,
    /// Kind of organisation, or membership, as a word.
    pub of: String,
    pub host_kind: HostKind,
    /// 1, or the size of a batch.
    pub n: u32,
    /// The day of the founding, recognition, registration or admission.
    pub effective_on: LocalDate,
    /// The day of the ceremony.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<LocalDate>,
    /// The day from which a member is recognised as official.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub official_on: Option<LocalDate>,
    /// The day of the dissolution or revocation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<LocalDate>,
    /// The paper of the first record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// The row after one more event of its stream; `None` while nothing has begun.
pub(super) fn fold(
    before: Option<SubjectRow>,
    position: Position,
    record: &Record,
    event: &Event,
) -> Option<SubjectRow> {
    let mut row = match (before, began(&event.body)) {
        (Some(row), _) => row,
        (None, Some((standing, counted))) => begin(position, record, standing, counted),
        (None, None) => return None,
    };
    row.position = position;
    row.evolve(event);
    Some(row)
}

fn began(body: &EventBody) -> Option<(Standing, &Counted)> {
    match body {
        EventBody::OrganisationFounded { counted, .. } => Some((Standing::Founded, counted)),
        EventBody::UnionRecognised { counted, .. } => Some((Standing::Recognised, counted)),
        EventBody::OrganisationRegistered { counted } => Some((Standing::Registered, counted)),
        EventBody::MemberAdmitted { counted } | EventBody::BatchAdmitted { counted } => {
            Some((Standing::Admitted, counted))
        }
        _ => None,
    }
}

fn begin(position: Position, record: &Record, standing: Standing, counted: &Counted) -> SubjectRow {
    SubjectRow {
        stream: record.stream,
        first_position: position,
        position,
        unit: counted.unit,
        standing,
        of: word(counted).to_owned(),
        host_kind: counted.countable.host_kind,
        n: counted.n,
        effective_on: counted.effective_on,
        received_on: None,
        official_on: None,
        ended_on: None,
        document: record.document.clone(),
    }
}

impl SubjectRow {
    fn evolve(&mut self, event: &Event) {
        match &event.body {
            EventBody::UnionRecognised { .. } => self.standing = Standing::Recognised,
            EventBody::OrganisationTypeChanged { after, .. } => self.of = after.word().to_owned(),
            EventBody::OrganisationTransferred { adds } => {
                let arrived = adds.iter().find(|counted| counted.countable.what == What::TransferredIn);
                self.unit = arrived.map_or(self.unit, |counted| counted.unit);
            }
            EventBody::OrganisationDissolved { .. } => self.end(Standing::Dissolved, event.effective_on),
            EventBody::CeremonyHeld { counted } | EventBody::BatchCeremonyHeld { counted } => {
                self.standing = Standing::Received;
                self.received_on = Some(counted.effective_on);
            }
            EventBody::OrganisationCorrected { takes, adds, .. }
            | EventBody::AdmissionCorrected { takes, adds, .. }
            | EventBody::BatchCorrected { takes, adds, .. } => self.correct(takes, adds, event.effective_on),
            EventBody::OrganisationRevoked { .. }
            | EventBody::AdmissionRevoked { .. }
            | EventBody::BatchRevoked { .. } => {
                let (takes, adds) = event.body.counts();
                self.correct_recognition(takes, adds);
                self.end(Standing::Revoked, event.effective_on);
            }
            EventBody::MemberRecognised { counted, .. } => self.official_on = Some(counted.effective_on),
            _ => {}
        }
    }

    fn end(&mut self, standing: Standing, on: LocalDate) {
        self.standing = standing;
        self.ended_on = Some(on);
    }

    /// What takes back the beginning and puts nothing in its place takes back the case.
    fn correct(&mut self, takes: &[Counted], adds: &[Counted], on: LocalDate) {
        let beginning = |counted: &&Counted| begins(counted.countable.what);
        match (takes.iter().find(beginning), adds.iter().find(beginning)) {
            (_, Some(counted)) => {
                self.unit = counted.unit;
                word(counted).clone_into(&mut self.of);
                self.host_kind = counted.countable.host_kind;
                self.n = counted.n;
                self.effective_on = counted.effective_on;
            }
            (Some(_), None) => self.end(Standing::TakenBack, on),
            (None, None) => {}
        }
        if let Some(ceremony) = adds.iter().find(|counted| counted.countable.what == What::Received) {
            self.received_on = Some(ceremony.effective_on);
        }
        self.correct_recognition(takes, adds);
    }

    /// What is taken back without another in its place is no more.
    fn correct_recognition(&mut self, takes: &[Counted], adds: &[Counted]) {
        let is_recognition = |counted: &&Counted| counted.countable.what == What::MadeOfficial;
        if takes.iter().any(|taken| is_recognition(&taken)) {
            self.official_on = adds.iter().find(is_recognition).map(|counted| counted.effective_on);
        }
    }
}

fn begins(what: What) -> bool {
    matches!(
        what,
        What::Founded
            | What::Recognised
            | What::Registered
            | What::ReceivedFromOutside
            | What::Admitted
            | What::Readmitted
    )
}

fn word(counted: &Counted) -> &'static str {
    match counted.countable.of {
        Countee::Organisation(kind) => kind.word(),
        Countee::Member(membership) => membership.word(),
    }
}
