//! One case: an organisation, an admission or a batch, as its own records leave it. Read from its stream, so it is never behind.

use domain::{
    Counted, Countee, EventBody, HostKind, Kind, LocalDate, OfWhich, OrganisationKind, Position, Record,
    RevocationScope, StreamId, UnitId, What,
};
use journal::{Journal, ReadError};
use serde::Serialize;

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaseState {
    Standing,
    Dissolved,
    Revoked,
    /// A correction found that it should not stand in the ledger at all.
    TakenBack,
}

impl CaseState {
    pub(crate) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Standing => ("đang có hiệu lực", "standing"),
            Self::Dissolved => ("đã giải thể", "dissolved"),
            Self::Revoked => ("đã hủy", "revoked"),
            Self::TakenBack => ("đã rút khỏi sổ", "taken back"),
        }
    }
}

/// What the records of one stream come to.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Case {
    #[schema(value_type = String)]
    pub(crate) stream: StreamId,
    /// Position of its last record: what `If-Match` takes.
    pub(crate) stream_position: Position,
    pub(crate) version: u64,
    pub(crate) state: CaseState,
    /// The first day of that state, when it is not standing.
    pub(crate) ended_on: Option<LocalDate>,
    /// Whose it is now.
    pub(crate) unit: UnitId,
    /// The kind of organisation, or the membership.
    pub(crate) of: &'static str,
    pub(crate) host_kind: HostKind,
    pub(crate) effective_on: LocalDate,
    pub(crate) n: u32,
    #[schema(inline)]
    pub(crate) of_which: OfWhich,
    pub(crate) place: Option<String>,
    /// Of an organisation.
    pub(crate) announced_on: Option<LocalDate>,
    /// Of an admission or a batch: the last ceremony.
    pub(crate) held_on: Option<LocalDate>,
    /// Of an admission: the day from which the member is recognised as official, on which the probation ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) official_on: Option<LocalDate>,
    /// Of a batch, in all ceremonies.
    pub(crate) received: u32,
    /// What was founded or admitted, corrections included, at the unit that it was of at first.
    #[serde(skip)]
    pub(crate) decision: Counted,
}

/// A stream's records, oldest first.
pub(crate) type Records = Vec<(Position, Record)>;

/// Records of a stream read at once.
const PAGE: usize = 512;

/// All records of a stream; empty when there is none.
pub(crate) async fn records_of(journal: &dyn Journal, stream: &StreamId) -> Result<Records, ReadError> {
    let mut records: Records = Vec::new();
    loop {
        let after = records.last().map_or(Position::START, |(position, _)| *position);
        let page = journal.load(stream, after, PAGE).await?;
        if page.is_empty() {
            return Ok(records);
        }
        for stored in &page {
            records.push((stored.position, crate::answers::decoded(stored)?));
        }
    }
}

impl Case {
    /// As the records leave it, whenever they take effect. `None` when they begin no organisation, admission or batch.
    pub(crate) fn of(records: &[(Position, Record)]) -> Option<Self> {
        Self::folded(records, None)
    }

    /// As it stands on a day by these records. `None` also when it began later.
    pub(crate) fn on(records: &[(Position, Record)], day: LocalDate) -> Option<Self> {
        Self::folded(records, Some(day)).filter(|case| case.effective_on <= day)
    }

    fn folded(records: &[(Position, Record)], day: Option<LocalDate>) -> Option<Self> {
        let (_, first) = records.first()?;
        let (position, last) = records.last()?;
        let origin = first.events.iter().find_map(|event| event.body.counts().1.first())?;
        let begins = matches!(first.stream.kind, Kind::Organisation | Kind::Admission | Kind::Batch);
        let mut folding = Folding {
            day,
            current: begins.then(|| origin.clone())?,
            moved_to: None,
            kind: None,
            held: Vec::new(),
            official: Vec::new(),
        };
        let mut case = Case::standing(first.stream, *position, last.version, origin);
        for event in records.iter().flat_map(|(_, record)| &record.events).skip(1) {
            folding.fold(&mut case, &event.body, event.effective_on);
        }
        Some(folding.finish(case))
    }
}

struct Folding {
    /// What takes effect later has not happened yet. A correction says what was so all the time.
    day: Option<LocalDate>,
    /// What was founded or admitted, corrections included.
    current: Counted,
    moved_to: Option<UnitId>,
    kind: Option<OrganisationKind>,
    /// Its ceremonies, corrections included.
    held: Vec<Counted>,
    /// Its recognition, corrections included.
    official: Vec<Counted>,
}

impl Folding {
    fn has_come(&self, on: LocalDate) -> bool {
        self.day.is_none_or(|day| on <= day)
    }

    fn fold(&mut self, case: &mut Case, body: &EventBody, on: LocalDate) {
        // A revocation takes it back too.
        self.official.retain(|official| !body.counts().0.contains(official));
        match body {
            EventBody::FoundingAnnounced if self.has_come(on) => case.announced_on = Some(on),
            EventBody::OrganisationTypeChanged { after, .. } if self.has_come(on) => self.kind = Some(*after),
            EventBody::OrganisationTransferred { adds } if self.has_come(on) => {
                let arrived = adds.iter().find(|counted| counted.countable.what == What::TransferredIn);
                self.moved_to = arrived.map(|counted| counted.unit).or(self.moved_to);
            }
            EventBody::OrganisationDissolved { .. } => case.end(CaseState::Dissolved, on),
            EventBody::OrganisationRevoked { scope, .. }
            | EventBody::AdmissionRevoked { scope, .. }
            | EventBody::BatchRevoked { scope, .. }
                if *scope == RevocationScope::FromStart || self.has_come(on) =>
            {
                case.end(CaseState::Revoked, on);
            }
            EventBody::MemberRecognised { counted, .. } => self.official.push(counted.clone()),
            EventBody::CeremonyHeld { counted } | EventBody::BatchCeremonyHeld { counted } => {
                self.held.push(counted.clone());
            }
            EventBody::OrganisationCorrected { takes, adds, .. }
            | EventBody::AdmissionCorrected { takes, adds, .. }
            | EventBody::BatchCorrected { takes, adds, .. } => {
                if adds.is_empty() && takes.contains(&self.current) {
                    return case.end(CaseState::TakenBack, on);
                }
                if let Some((_, right)) = takes.iter().zip(adds).find(|(wrong, _)| **wrong == self.current) {
                    self.current = right.clone();
                }
                self.correct_what_followed(case, takes, adds);
            }
            _ => {}
        }
    }

    fn correct_what_followed(&mut self, case: &mut Case, takes: &[Counted], adds: &[Counted]) {
        let of = |what: What| move |counted: &&Counted| counted.countable.what == what;
        self.held.retain(|held| !takes.contains(held));
        self.held.extend(adds.iter().filter(of(What::Received)).cloned());
        self.official.extend(adds.iter().filter(of(What::MadeOfficial)).cloned());
        if takes.iter().any(|taken| taken.countable.what == What::Dissolved) {
            case.ended_on = adds.iter().find(of(What::Dissolved)).map(|right| right.effective_on);
            case.state = if case.ended_on.is_some() { CaseState::Dissolved } else { CaseState::Standing };
        }
    }

    fn finish(mut self, mut case: Case) -> Case {
        // Its day may have been corrected, so it is looked at last.
        if case.state == CaseState::Dissolved && case.ended_on.is_some_and(|ended_on| !self.has_come(ended_on)) {
            (case.state, case.ended_on) = (CaseState::Standing, None);
        }
        let held = std::mem::take(&mut self.held);
        self.held = held.into_iter().filter(|held| self.has_come(held.effective_on)).collect();
        case.held_on = self.held.iter().map(|held| held.effective_on).max();
        let official = self.official.iter().map(|official| official.effective_on);
        case.official_on = official.filter(|official_on| self.has_come(*official_on)).max();
        // One person's admission is received or not; only a batch says how many.
        if case.stream.kind == Kind::Batch {
            case.received = self.held.iter().map(|held| held.n).sum();
        }
        case.decision.clone_from(&self.current);
        let Counted { countable, unit, effective_on, n, of_which, place } = self.current;
        case.unit = self.moved_to.unwrap_or(unit);
        case.of = match (self.kind, countable.of) {
            (Some(kind), _) | (None, Countee::Organisation(kind)) => kind.word(),
            (None, Countee::Member(membership)) => membership.word(),
        };
        (case.host_kind, case.effective_on, case.n) = (countable.host_kind, effective_on, n);
        (case.of_which, case.place) = (of_which, place);
        case
    }
}

impl Case {
    /// As it begins.
    pub(crate) fn standing(stream: StreamId, stream_position: Position, version: u64, decision: &Counted) -> Self {
        Self {
            stream,
            stream_position,
            version,
            state: CaseState::Standing,
            ended_on: None,
            unit: decision.unit,
            of: "",
            host_kind: decision.countable.host_kind,
            effective_on: decision.effective_on,
            n: decision.n,
            of_which: OfWhich::new(),
            place: None,
            announced_on: None,
            held_on: None,
            official_on: None,
            received: 0,
            decision: decision.clone(),
        }
    }

    fn end(&mut self, state: CaseState, on: LocalDate) {
        self.state = state;
        self.ended_on = Some(on);
    }
}
