//! One synthetic record of every stored event. Fixtures were made from these; changing them changes no fixture.

use std::collections::BTreeMap;

use domain::{
    programme::{Flow, MeasureDefinition},
    rules::EligibilityRule,
    *,
};
use uuid::Uuid;

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0000 + n)
}

fn unit(n: u128) -> UnitId {
    UnitId(id(0x100 + n))
}

pub(crate) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn key<K: std::str::FromStr<Err = KeyError>>(text: &str) -> K {
    text.parse().unwrap()
}

pub(crate) fn document() -> Document {
    Document {
        number: "12".into(),
        symbol: "QĐ/QU".into(),
        issuer: "Quận ủy mẫu".into(),
        date: day("2022-03-01"),
        line: None,
        sha256: None,
    }
}

fn exception() -> Exception {
    let document = Document { number: "7".into(), line: Some(2), sha256: Some("0f".repeat(32)), ..document() };
    Exception { lifts: "too-few-members".into(), document }
}

fn organisations(what: What) -> Counted {
    Counted {
        countable: Countable {
            what,
            of: Countee::Organisation(OrganisationKind::GrassrootsUnion),
            host_kind: HostKind::PrivateEnterprise,
            basis: Basis::New,
        },
        unit: unit(1),
        effective_on: day("2022-03-01"),
        n: 1,
        of_which: OfWhich::new(),
        place: Some("11407".into()),
    }
}

fn members(what: What, n: u32) -> Counted {
    Counted {
        countable: Countable {
            what,
            of: Countee::Member(Membership::Party),
            host_kind: HostKind::Cooperative,
            basis: Basis::New,
        },
        n,
        of_which: [(Trait::PrivateBusinessOwner, 0), (Trait::Women, n)].into(),
        place: None,
        ..organisations(what)
    }
}

fn target() -> TargetKey {
    TargetKey {
        programme: key("nq28"),
        measure: key("party_org"),
        period: key("2022"),
        holder: unit(1),
        assigner: unit(2),
    }
}

/// A stable name, and the body.
pub(crate) fn bodies() -> Vec<(StreamId, EventBody)> {
    let stream = |kind| StreamId::new(kind, id(1));
    let of = |kind, bodies: Vec<EventBody>| bodies.into_iter().map(move |body| (stream(kind), body));
    let mut all = Vec::new();
    all.extend(of(Kind::Ledger, ledger()));
    all.extend(of(Kind::Structure, structure()));
    all.extend(of(Kind::Rules, rules()));
    all.extend(of(Kind::Programme, programme()));
    all.extend(of(Kind::Period, period()));
    all.extend(of(Kind::Target, plan()));
    all.extend(of(Kind::Organisation, organisation()));
    all.extend(of(Kind::Admission, admission()));
    all.extend(of(Kind::Batch, batch()));
    all.extend(of(Kind::Query, query()));
    all.extend(of(Kind::Access, access()));
    all
}

fn ledger() -> Vec<EventBody> {
    vec![
        EventBody::LedgerOpened {
            name: "Hải Phòng (mẫu)".into(),
            zone: "Asia/Ho_Chi_Minh".into(),
            demonstration: true,
        },
        EventBody::LedgerSealed { successor: "nats://so-cai.example/haiphong (mẫu)".into() },
    ]
}

fn structure() -> Vec<EventBody> {
    vec![
        EventBody::UnitCreated {
            unit: unit(1),
            kind: UnitKind::UrbanDistrict,
            name: "Quận mẫu".into(),
            code: Some("303".into()),
            display_order: 7,
        },
        EventBody::UnitRenamed { unit: unit(1), name: "Quận mẫu mới".into() },
        EventBody::UnitCodeAssigned { unit: unit(1), code: None },
        EventBody::UnitReclassified { unit: unit(1), kind: UnitKind::Ward },
        EventBody::UnitParentSet { unit: unit(1), edge: Edge::LedBy, parent: Some(unit(2)) },
        EventBody::UnitEnded { unit: unit(1) },
        EventBody::UnitSucceeded {
            unit: unit(1),
            successor: unit(2),
            how: SuccessionKind::PartlyTransferred,
            extent: Extent::Part,
            of: [(Substance::Area, Extent::Part), (Substance::Population, Extent::Whole)].into(),
        },
        EventBody::SuccessorWeighed {
            unit: unit(1),
            successor: unit(2),
            key: "population".parse().unwrap(),
            weight: 12_345,
        },
    ]
}

fn rules() -> Vec<EventBody> {
    let rule = EligibilityRule {
        kind: OrganisationKind::PartyCellGrassroots,
        minimum: 3,
        from: day("2011-01-19"),
        source: "Điều lệ Đảng, Điều 21".into(),
    };
    vec![EventBody::RuleSet { rule }]
}

fn programme() -> Vec<EventBody> {
    let measure = MeasureDefinition {
        measure: key("union_org"),
        name_vi: "Công đoàn cơ sở được thành lập".into(),
        name_en: "Trade unions recognised".into(),
        noun_vi: "tổ chức".into(),
        from: day("2019-01-01"),
        by: What::Recognised,
        flow: Flow::Gross,
        organisation_kinds: vec![OrganisationKind::GrassrootsUnion, OrganisationKind::OccupationalUnion],
        memberships: vec![],
        host_kinds: vec![HostKind::PrivateEnterprise, HostKind::Cooperative],
        of_which: vec![Trait::Women],
    };
    vec![
        EventBody::ProgrammeEstablished {
            programme: key("nq28"),
            name_vi: "Nghị quyết 28-NQ/TU".into(),
            name_en: "Resolution 28-NQ/TU".into(),
            issuer: unit(2),
            host_kinds: vec![HostKind::PrivateEnterprise, HostKind::Cooperative, HostKind::NonPublicServiceUnit],
        },
        EventBody::MeasureDefined { programme: key("nq28"), measure },
    ]
}

fn period() -> Vec<EventBody> {
    let (programme, period) = (key("nq28"), key("2022"));
    vec![
        EventBody::PeriodOpened {
            programme: key("nq28"),
            period: key("2022"),
            first_day: day("2022-01-01"),
            last_day: day("2022-12-31"),
            principals: BTreeMap::from([(key("party_org"), unit(2)), (key("union_org"), unit(3))]),
            reports_required: false,
        },
        EventBody::ReportSubmitted {
            programme: key("nq28"),
            period: key("2022"),
            unit: unit(3),
            up_to: day("2022-12-31"),
            nil: true,
        },
        EventBody::ReportApproved { programme: key("nq28"), period: key("2022"), unit: unit(3) },
        EventBody::PeriodCutOff { programme: key("nq28"), period: key("2022"), number: 1, valid: day("2022-12-15") },
        EventBody::PeriodClosed { programme: key("nq28"), period: key("2022"), number: 1 },
        EventBody::ReopeningRequested {
            programme: key("nq28"),
            period: key("2022"),
            reason: ReopeningReason::LateReports,
            until: day("2023-02-28"),
            by: SubjectId(Uuid::from_u128(77)),
        },
        EventBody::PeriodReopened { programme, period, until: day("2023-02-28") },
    ]
}

fn plan() -> Vec<EventBody> {
    vec![
        EventBody::TargetAssigned {
            target: target(),
            value: TargetValue::Between(Range { from: 190, to: 200 }),
            due_on: Some(day("2022-11-30")),
        },
        EventBody::TargetAdjusted { target: target(), value: TargetValue::AtLeast(25) },
        EventBody::TargetWithdrawn { target: target() },
        EventBody::TargetCorrected {
            target: target(),
            before: TargetValue::Exactly(10),
            after: TargetValue::Exactly(8),
            reason: Reason::Typo,
        },
    ]
}

fn organisation() -> Vec<EventBody> {
    vec![
        EventBody::OrganisationFounded {
            counted: organisations(What::Founded),
            members: 2,
            exception: Some(exception()),
        },
        EventBody::OrganisationRegistered { counted: organisations(What::Registered) },
        EventBody::UnionRecognised {
            counted: organisations(What::Recognised),
            congress_on: Some(day("2022-02-20")),
            members: 12,
            exception: None,
        },
        EventBody::FoundingAnnounced,
        EventBody::OrganisationTypeChanged {
            before: OrganisationKind::PartyCellSubordinate,
            after: OrganisationKind::PartyCellGrassroots,
            members: 9,
            exception: None,
        },
        EventBody::OrganisationTransferred {
            adds: vec![organisations(What::TransferredOut), organisations(What::TransferredIn)],
        },
        EventBody::OrganisationDissolved {
            counted: organisations(What::Dissolved),
            reason: DissolutionReason::HostEnded,
        },
        EventBody::OrganisationCorrected {
            reason: Reason::WrongUnit,
            takes: vec![organisations(What::Founded)],
            adds: vec![Counted { unit: unit(4), ..organisations(What::Founded) }],
        },
        EventBody::OrganisationRevoked {
            scope: RevocationScope::FromDate,
            takes: vec![],
            adds: vec![organisations(What::RevokedFromDate)],
        },
    ]
}

fn admission() -> Vec<EventBody> {
    vec![
        EventBody::MemberAdmitted { counted: members(What::Admitted, 1) },
        EventBody::CeremonyHeld { counted: members(What::Received, 1) },
        EventBody::AdmissionCorrected {
            reason: Reason::WrongDate,
            takes: vec![members(What::Admitted, 1)],
            adds: vec![Counted { effective_on: day("2023-01-05"), ..members(What::Admitted, 1) }],
        },
        EventBody::AdmissionRevoked {
            scope: RevocationScope::FromStart,
            takes: vec![members(What::Admitted, 1)],
            adds: vec![],
        },
        EventBody::MemberRecognised { counted: members(What::MadeOfficial, 1), decided_on: day("2024-02-20") },
    ]
}

fn batch() -> Vec<EventBody> {
    vec![
        EventBody::BatchAdmitted { counted: members(What::Admitted, 15) },
        EventBody::BatchCeremonyHeld { counted: members(What::Received, 15) },
        EventBody::BatchMemberNamed { subject: SubjectId(id(0x51)) },
        EventBody::BatchCorrected {
            reason: Reason::Typo,
            takes: vec![members(What::Admitted, 15)],
            adds: vec![members(What::Admitted, 14)],
        },
        EventBody::BatchRevoked {
            scope: RevocationScope::FromStart,
            takes: vec![members(What::Admitted, 14)],
            adds: vec![],
        },
    ]
}

fn query() -> Vec<EventBody> {
    vec![
        EventBody::QueryRaised { about: Position(912), owner: unit(1), question: Question::DateDoubtful },
        EventBody::QueryAnswered { answer: Answer::Corrected, corrected_at: Some(Position(918)) },
        EventBody::QueryClosed,
    ]
}

fn access() -> Vec<EventBody> {
    vec![
        EventBody::AccessGranted {
            access: AccessId(id(0xa1)),
            token_sha256: [0xab; 32],
            subject: SubjectId(id(0x52)),
            office: unit(1),
            role: Role::Office,
            until: Some(day("2023-12-31")),
        },
        EventBody::AccessRevoked { access: AccessId(id(0xa1)) },
    ]
}

/// A record of one event, with every optional field.
pub(crate) fn record(stream: StreamId, body: EventBody) -> Record {
    Record {
        stream,
        version: 3,
        command: CommandId(id(0xc0)),
        command_name: "sample-command".into(),
        command_digest: [0xd1; 32],
        correlation: Some(id(0xc1)),
        causation: Some(id(0xc2)),
        actor: Actor { subject: SubjectId(id(0x50)), office: unit(2), role: Role::Supervisor },
        on_behalf_of: Some(unit(5)),
        recorded_at: "2022-03-02T01:02:03.456789Z".parse().unwrap(),
        reference_position: Position(41),
        document: Some(document()),
        distinct_from: Some(Position(17)),
        trace_parent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into()),
        events: vec![Event { effective_on: day("2022-03-01"), body }],
    }
}

/// One record of every stored event, by the event's name.
pub(crate) fn records() -> Vec<(&'static str, Record)> {
    bodies().into_iter().map(|(stream, body)| (wire::event_type(&body).0, record(stream, body))).collect()
}
