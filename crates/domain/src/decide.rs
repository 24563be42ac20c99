//! The one door: a command against the state of its stream, the reference data and the context. Pure and synchronous.

use crate::{
    Actor, Command, CommandId, Event, Kind, LocalDate, Position, Reference, Refusal, Role, StreamId, Timestamp,
    access::Access, admission::Admission, batch::Batch, guard, ledger::Ledger, organisation::Organisation,
    period::Period, plan::Target, programme::Programme, publication::Publication, query::Query, rules::Rules,
    structure::Structure, whose,
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
    Publication(Publication),
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
            Kind::Publication => Self::Publication(Publication::default()),
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
            Self::Publication(state) => state.evolve(event),
        }
    }
}

/// The answer to a command: the events of one record, or the refusal. Whether the caller's role may send it comes first, then whether its
/// paper is one.
///
/// # Errors
/// Every variant of [`Refusal`] but those that take other streams, or who posted a record: `LooksRecordedAlready`, `DistinctFromAnother`,
/// `ReplacedUnknown`, `TokenGrantedAlready` of older grants, `OwnerNotConcerned`, and whether a query is closed from where it was asked.
pub fn decide(
    aggregate: &Aggregate,
    reference: &Reference,
    context: &Context,
    command: &Command,
) -> Result<Vec<Event>, Refusal> {
    let row = command.row();
    let role = context.actor.role;
    if !row.roles.contains(&role) {
        return Err(Refusal::RoleMayNot { role, command: row });
    }
    if !reference.ledger.is_open() && row.kind != Kind::Ledger {
        return Err(Refusal::LedgerNotOpen);
    }
    if role == Role::Admin && row.concerns_the_ledger() {
        guard::of_the_root(reference, context, row)?;
    }
    guard::of_a_living_office(reference, context)?;
    whose::may_go_on(aggregate, reference, context, command)?;
    // The record stores the paper whatever the use case makes of it.
    if let Some(document) = command.document() {
        guard::paper(document, "/document")?;
    }
    if let Some(position) = command.distinct_from() {
        guard::known_record(position, context, "/distinct_from")?;
    }
    let events = use_case(aggregate, reference, context, command).ok_or(Refusal::WrongStream { command: row })??;
    if !command.late() {
        guard::is_in_time(&events, reference, context)?;
    }
    Ok(events)
}

macro_rules! use_cases {
    ($($aggregate:ident: $($command:ident)*;)*) => {
        /// The use case of the command on its own kind of stream; `None` on any other.
        fn use_case(
            aggregate: &Aggregate,
            reference: &Reference,
            context: &Context,
            command: &Command,
        ) -> Option<Result<Vec<Event>, Refusal>> {
            Some(match (aggregate, command) {
                $($((Aggregate::$aggregate(state), Command::$command(command)) => {
                    command.decide(state, reference, context)
                })*)*
                _ => return None,
            })
        }
    };
}

use_cases! {
    Ledger: OpenLedger SealLedger;
    Structure: ChangeStructure;
    Rules: SetRules;
    Programme: EstablishProgramme DefineMeasure;
    Period: OpenPeriod SubmitReport ApproveReport CutOffPeriod ClosePeriod RequestReopening ReopenPeriod;
    Target: AssignTarget AdjustTarget WithdrawTarget CorrectTarget;
    Organisation: FoundOrganisation RecogniseUnion RegisterExisting AnnounceFounding ChangeOrganisationType
        TransferOrganisation DissolveOrganisation RevokeOrganisation CorrectOrganisation;
    Admission: AdmitMember HoldCeremony RecogniseMember RevokeAdmission CorrectAdmission;
    Batch: AdmitBatch HoldBatchCeremony NameBatchMember RevokeBatch CorrectBatch;
    Query: RaiseQuery AnswerQuery CloseQuery;
    Access: GrantAccess RevokeAccess;
    Publication: Publish WithdrawPublication;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        COMMANDS,
        structure::{ChangeStructure, EndUnit, StructureChange},
        testing::*,
    };

    /// A command that the row names, for one unit, as any caller might send it.
    fn any_of_each_kind() -> Vec<Command> {
        vec![
            found("2022-12-30").into(),
            recognise("2022-12-30").into(),
            admit("2022-12-30").into(),
            admit_batch(15, "2022-12-30").into(),
            correct(crate::Reason::Typo).into(),
            raise().into(),
            close().into(),
            grant(LE_CHAN, Role::Office).into(),
            publish().into(),
        ]
    }

    #[test]
    fn the_table_says_who_may_send_what_and_that_comes_first() {
        for command in any_of_each_kind() {
            for role in Role::ALL.iter().copied() {
                let refused = given().by(NOBODY, role).decided(command.clone()).err();
                let by_role = matches!(refused, Some(Refusal::RoleMayNot { .. }));
                assert_eq!(by_role, !command.row().roles.contains(&role), "{} {role}", command.name());
            }
        }
    }

    #[test]
    fn viewers_send_nothing_and_auditors_only_queries() {
        let of = |role: Role| COMMANDS.iter().filter(move |row| row.roles.contains(&role)).map(|row| row.name);
        assert_eq!(of(Role::Viewer).count(), 0);
        assert_eq!(of(Role::Auditor).collect::<Vec<_>>(), ["raise-query", "close-query"]);
        let theirs = ["target", "correct", "transfer", "period", "reopening", "approve-report", "publi"];
        assert!(of(Role::Supervisor).all(|name| theirs.iter().any(|part| name.contains(part))));
    }

    #[test]
    fn what_concerns_the_whole_ledger_is_decided_where_nothing_is_above() {
        let document = paper_of("2022-12-30");
        let end = StructureChange::EndUnit(EndUnit { unit: WARD, from: day("2023-03-01") });
        let commands = [
            Command::from(crate::ledger::SealLedger { successor: "x".to_owned() }),
            ChangeStructure { document: document.clone(), changes: vec![end] }.into(),
            crate::rules::SetRules { document, rules: Vec::new() }.into(),
        ];
        for command in commands {
            for office in [LE_CHAN, ENDED, TO_COME] {
                let refused = given().by(office, Role::Admin).decided(command.clone()).err();
                assert_eq!(
                    refused.map(|refusal| refusal.slug()),
                    Some("root-administrator-only"),
                    "{}",
                    command.name()
                );
            }
            for office in [CITY, NOBODY] {
                let refused = given().by(office, Role::Admin).decided(command.clone()).err();
                assert_ne!(
                    refused.map(|refusal| refusal.slug()),
                    Some("root-administrator-only"),
                    "{}",
                    command.name()
                );
            }
        }
        let whole = COMMANDS.iter().filter(|row| row.roles.contains(&Role::Admin) && !row.concerns_the_ledger());
        let others: Vec<_> = whole.map(|row| row.name).collect();
        assert_eq!(others, ["grant-access", "revoke-access", "publish", "withdraw-publication"]);
    }

    #[test]
    fn nothing_is_recorded_before_the_ledger_is_open() {
        let mut story = given();
        story.reference = Reference::default();
        story.when(found("2022-12-30")).refuses(Refusal::LedgerNotOpen);
    }

    #[test]
    fn a_command_belongs_on_its_own_kind_of_stream() {
        let story = given();
        let command = Command::from(found("2022-12-30"));
        let refused = decide(&Aggregate::empty(Kind::Batch), &story.reference, &story.context, &command);
        assert_eq!(refused, Err(Refusal::WrongStream { command: command.row() }));
    }

    #[test]
    fn what_counts_in_a_closed_period_is_recorded_by_whoever_says_that_it_is_late() {
        let (programme, period) = ("nq28".parse().unwrap(), "2022".parse::<crate::PeriodKey>().unwrap());
        let mut story = given().on("2023-02-10");
        let cells = crate::programme::samples::organisations(
            "party_org",
            crate::What::Founded,
            &[crate::OrganisationKind::PartyCellGrassroots],
        );
        for body in [
            crate::EventBody::ProgrammeEstablished {
                programme: "nq28".parse().unwrap(),
                name_vi: "Nghị quyết".to_owned(),
                name_en: "Resolution".to_owned(),
                issuer: CITY,
                host_kinds: vec![crate::HostKind::PrivateEnterprise],
            },
            crate::EventBody::MeasureDefined { programme: "nq28".parse().unwrap(), measure: cells },
            crate::EventBody::PeriodOpened {
                programme: "nq28".parse().unwrap(),
                period: period.clone(),
                first_day: day("2022-01-01"),
                last_day: day("2022-12-31"),
                principals: std::collections::BTreeMap::new(),
                reports_required: false,
            },
            crate::EventBody::PeriodClosed { programme, period: period.clone(), number: 1 },
        ] {
            story.reference.apply(Position(90), &Event { effective_on: day("2023-01-03"), body });
        }
        let late = story.clone().when(found("2022-12-20"));
        late.refuses(Refusal::PeriodClosed { period, number: 1, on: day("2022-12-20") });
        story.clone().when(found("2023-01-04")).counts(["+1 founded Lê Chân 2023-01-04"]);
        story.clone().when(admit("2022-12-20")).counts(["+1 admitted Lê Chân 2022-12-20"]);
        let acknowledged = crate::organisation::FoundOrganisation { late: true, ..found("2022-12-20") };
        story.when(acknowledged).counts(["+1 founded Lê Chân 2022-12-20"]);
    }

    #[test]
    fn the_ledgers_own_day_is_the_local_one() {
        let late_evening = "2022-12-31T17:30:00Z".parse().unwrap();
        let mut story = given();
        story.context.at = late_evening;
        story.when(found("2023-01-01")).counts(["+1 founded Lê Chân 2023-01-01"]);
    }

    #[test]
    fn a_paper_of_the_reference_data_is_looked_at_as_well() {
        let mut document = paper_of("2022-12-30");
        document.symbol.clear();
        let end = StructureChange::EndUnit(EndUnit { unit: WARD, from: day("2023-03-01") });
        let pointer = "/document/symbol".to_owned();
        let story = given().by(CITY, Role::Admin);
        let structure = Aggregate::Structure(story.reference.structure.clone());
        let command = ChangeStructure { document, changes: vec![end] }.into();
        let refused = decide(&structure, &story.reference, &story.context, &command);
        assert_eq!(refused, Err(Refusal::DocumentIncomplete { pointer }));
    }

    #[test]
    fn nothing_is_distinct_from_a_record_that_is_not_there() {
        for position in [0, 101, u64::MAX] {
            let mut command = found("2022-12-30");
            command.distinct_from = Some(Position(position));
            let refused = given().decided(command.into()).err();
            let pointer = "/distinct_from".to_owned();
            let unknown = Refusal::RecordUnknown { position: Position(position), tip: Position(100), pointer };
            assert_eq!(refused, Some(unknown));
        }
    }

    #[test]
    fn the_paper_is_stored_composed() {
        let mut command = found("2022-12-30");
        command.document.issuer = "Qua\u{323}\u{302}n u\u{309}y  Le\u{302} Cha\u{302}n".to_owned();
        assert_eq!(Command::from(command).recorded_document(), Some(paper_of("2022-12-30")));
    }
}
