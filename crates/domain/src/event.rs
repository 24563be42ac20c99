//! Facts in the past tense. What a record says happened; stored for ever, converted by hand in `wire`.
//!
//! An event carries all that a fold needs: what it adds to the counts and what it takes back. No fold looks at another stream.

use std::collections::BTreeMap;

use crate::{
    AccessId, AllocationName, Answer, Counted, DissolutionReason, Edge, Exception, Extent, HostKind, LocalDate,
    MeasureKey, OrganisationKind, Passing, PeriodKey, Position, ProgrammeKey, PublicationId, Question, Reason,
    ReopeningReason, RevocationScope, Role, SubjectId, SuccessionKind, TargetValue, UnitId, UnitKind,
    programme::MeasureDefinition, publication::Printed, rules::EligibilityRule,
};

/// One event of a decision. `effective_on` is the day from which it holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Event {
    pub effective_on: LocalDate,
    pub body: EventBody,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventBody {
    /// Genesis: the record at position 1.
    LedgerOpened {
        name: String,
        zone: String,
        demonstration: bool,
    },
    /// The last record where the ledger lay until then.
    LedgerSealed {
        successor: String,
    },

    UnitCreated {
        unit: UnitId,
        kind: UnitKind,
        name: String,
        code: Option<String>,
        display_order: u32,
    },
    UnitRenamed {
        unit: UnitId,
        name: String,
    },
    UnitCodeAssigned {
        unit: UnitId,
        code: Option<String>,
    },
    UnitReclassified {
        unit: UnitId,
        kind: UnitKind,
    },
    /// `parent: None` ends the edge.
    UnitParentSet {
        unit: UnitId,
        edge: Edge,
        parent: Option<UnitId>,
    },
    /// The unit's last day is the day before `effective_on`.
    UnitEnded {
        unit: UnitId,
    },
    /// From `effective_on` on, what `unit` was is `successor`'s: all of it or a part. Does not end the unit.
    UnitSucceeded {
        unit: UnitId,
        successor: UnitId,
        how: SuccessionKind,
        extent: Extent,
        /// In a partial transfer only; not empty then.
        #[cfg_attr(feature = "schema", schema(inline))]
        of: Passing,
    },

    /// How much of `unit` the successor has by a key: to divide by where nothing places a count. The last one recorded stands.
    SuccessorWeighed {
        unit: UnitId,
        successor: UnitId,
        key: AllocationName,
        weight: u32,
    },

    RuleSet {
        rule: EligibilityRule,
    },

    ProgrammeEstablished {
        programme: ProgrammeKey,
        name_vi: String,
        name_en: String,
        issuer: UnitId,
        host_kinds: Vec<HostKind>,
    },
    MeasureDefined {
        programme: ProgrammeKey,
        measure: MeasureDefinition,
    },

    PeriodOpened {
        programme: ProgrammeKey,
        period: PeriodKey,
        first_day: LocalDate,
        last_day: LocalDate,
        principals: BTreeMap<MeasureKey, UnitId>,
        reports_required: bool,
    },

    /// What `unit` has to report is recorded up to a day of the period; `nil`: there is nothing.
    ReportSubmitted {
        programme: ProgrammeKey,
        period: PeriodKey,
        unit: UnitId,
        up_to: LocalDate,
        nil: bool,
    },
    /// The unit's last report was looked at by a superior.
    ReportApproved {
        programme: ProgrammeKey,
        period: PeriodKey,
        unit: UnitId,
    },
    /// A day and this position by a name; closes nothing.
    PeriodCutOff {
        programme: ProgrammeKey,
        period: PeriodKey,
        /// 1, 2, 3 … of the period.
        number: u32,
        valid: LocalDate,
    },
    /// What is recorded up to here is what is reported; what comes later is late.
    PeriodClosed {
        programme: ProgrammeKey,
        period: PeriodKey,
        /// 1, 2, 3 … of the period.
        number: u32,
    },
    ReopeningRequested {
        programme: ProgrammeKey,
        period: PeriodKey,
        reason: ReopeningReason,
        until: LocalDate,
        by: SubjectId,
    },
    /// Until the next closing, or the last day that was asked for.
    PeriodReopened {
        programme: ProgrammeKey,
        period: PeriodKey,
        until: LocalDate,
    },

    TargetAssigned {
        target: TargetKey,
        value: TargetValue,
        due_on: Option<LocalDate>,
    },
    /// Holds from `effective_on`, known from its position.
    TargetAdjusted {
        target: TargetKey,
        value: TargetValue,
    },
    /// None from `effective_on`.
    TargetWithdrawn {
        target: TargetKey,
    },
    /// `before` never was.
    TargetCorrected {
        target: TargetKey,
        before: TargetValue,
        after: TargetValue,
        reason: Reason,
    },

    /// `members` are those the rule of the kind asks for (official Party members, union members, youth-union members).
    OrganisationFounded {
        counted: Counted,
        members: u32,
        exception: Option<Exception>,
    },
    OrganisationRegistered {
        counted: Counted,
    },
    UnionRecognised {
        counted: Counted,
        congress_on: Option<LocalDate>,
        members: u32,
        exception: Option<Exception>,
    },
    FoundingAnnounced,
    OrganisationTypeChanged {
        before: OrganisationKind,
        after: OrganisationKind,
        members: u32,
        exception: Option<Exception>,
    },
    /// One going out of the old unit, one coming into the new.
    OrganisationTransferred {
        adds: Vec<Counted>,
    },
    OrganisationDissolved {
        counted: Counted,
        reason: DissolutionReason,
    },
    OrganisationCorrected {
        reason: Reason,
        takes: Vec<Counted>,
        adds: Vec<Counted>,
    },
    OrganisationRevoked {
        scope: RevocationScope,
        takes: Vec<Counted>,
        adds: Vec<Counted>,
    },

    MemberAdmitted {
        counted: Counted,
    },
    CeremonyHeld {
        counted: Counted,
    },
    /// Recognised as official on the day the probation ended.
    MemberRecognised {
        counted: Counted,
        /// Date of the deciding document: the probation is over by then, also after a correction.
        decided_on: LocalDate,
    },
    AdmissionCorrected {
        reason: Reason,
        takes: Vec<Counted>,
        adds: Vec<Counted>,
    },
    AdmissionRevoked {
        scope: RevocationScope,
        takes: Vec<Counted>,
        adds: Vec<Counted>,
    },

    BatchAdmitted {
        counted: Counted,
    },
    BatchCeremonyHeld {
        counted: Counted,
    },
    /// Somebody of the batch is given an opaque subject; counts nothing.
    BatchMemberNamed {
        subject: SubjectId,
    },
    BatchCorrected {
        reason: Reason,
        takes: Vec<Counted>,
        adds: Vec<Counted>,
    },
    BatchRevoked {
        scope: RevocationScope,
        takes: Vec<Counted>,
        adds: Vec<Counted>,
    },

    QueryRaised {
        about: Position,
        owner: UnitId,
        question: Question,
    },
    QueryAnswered {
        answer: Answer,
        corrected_at: Option<Position>,
    },
    QueryClosed,

    AccessGranted {
        access: AccessId,
        /// In JSON: 64 lowercase hexadecimal digits.
        #[serde(serialize_with = "as_hex")]
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        token_sha256: [u8; 32],
        subject: SubjectId,
        office: UnitId,
        role: Role,
        until: Option<LocalDate>,
    },
    AccessRevoked {
        access: AccessId,
    },

    /// Somebody printed figures; compared with the ledger, never taken over. `effective_on` is the day of printing.
    FiguresPublished {
        /// The newspaper, page or report. Never a person.
        outlet: String,
        /// Exactly as printed.
        title: String,
        printed: Printed,
        /// Address or page.
        place: Option<String>,
        programme: Option<ProgrammeKey>,
        period: Option<PeriodKey>,
        /// Exactly as printed, byte for byte; those with figures only.
        sentences: Vec<String>,
        /// The earlier edition.
        replaces: Option<PublicationId>,
        /// The office that recorded it.
        office: UnitId,
    },
    /// It should not have been recorded so; what was printed may be recorded again.
    PublicationWithdrawn {
        reason: Reason,
    },
}

/// Whose target, of what, for when, given by whom. The key of the target's stream.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TargetKey {
    pub programme: ProgrammeKey,
    pub measure: MeasureKey,
    pub period: PeriodKey,
    pub holder: UnitId,
    pub assigner: UnitId,
}

impl EventBody {
    /// What the event takes back from the counts, then what it adds to them.
    pub fn counts(&self) -> (&[Counted], &[Counted]) {
        use std::slice::from_ref;
        match self {
            Self::OrganisationFounded { counted, .. }
            | Self::OrganisationRegistered { counted }
            | Self::UnionRecognised { counted, .. }
            | Self::OrganisationDissolved { counted, .. }
            | Self::MemberAdmitted { counted }
            | Self::CeremonyHeld { counted }
            | Self::MemberRecognised { counted, .. }
            | Self::BatchAdmitted { counted }
            | Self::BatchCeremonyHeld { counted } => (&[], from_ref(counted)),
            Self::OrganisationTransferred { adds } => (&[], adds),
            Self::OrganisationCorrected { takes, adds, .. }
            | Self::OrganisationRevoked { takes, adds, .. }
            | Self::AdmissionCorrected { takes, adds, .. }
            | Self::AdmissionRevoked { takes, adds, .. }
            | Self::BatchCorrected { takes, adds, .. }
            | Self::BatchRevoked { takes, adds, .. } => (takes, adds),
            Self::LedgerOpened { .. }
            | Self::LedgerSealed { .. }
            | Self::UnitCreated { .. }
            | Self::UnitRenamed { .. }
            | Self::UnitCodeAssigned { .. }
            | Self::UnitReclassified { .. }
            | Self::UnitParentSet { .. }
            | Self::UnitEnded { .. }
            | Self::UnitSucceeded { .. }
            | Self::SuccessorWeighed { .. }
            | Self::RuleSet { .. }
            | Self::ProgrammeEstablished { .. }
            | Self::MeasureDefined { .. }
            | Self::PeriodOpened { .. }
            | Self::ReportSubmitted { .. }
            | Self::ReportApproved { .. }
            | Self::PeriodCutOff { .. }
            | Self::PeriodClosed { .. }
            | Self::ReopeningRequested { .. }
            | Self::PeriodReopened { .. }
            | Self::TargetAssigned { .. }
            | Self::TargetAdjusted { .. }
            | Self::TargetWithdrawn { .. }
            | Self::TargetCorrected { .. }
            | Self::FoundingAnnounced
            | Self::OrganisationTypeChanged { .. }
            | Self::BatchMemberNamed { .. }
            | Self::QueryRaised { .. }
            | Self::QueryAnswered { .. }
            | Self::QueryClosed
            | Self::AccessGranted { .. }
            | Self::AccessRevoked { .. }
            | Self::FiguresPublished { .. }
            | Self::PublicationWithdrawn { .. } => (&[], &[]),
        }
    }
}

fn as_hex<S: serde::Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&bytes.iter().map(|b| format!("{b:02x}")).collect::<String>())
}

impl std::fmt::Display for TargetKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}/{}/{}", self.programme, self.measure, self.period, self.holder, self.assigner)
    }
}
