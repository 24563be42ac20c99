//! A ledger of any length, the same every time: a little reference data, then decisions that count.

use std::collections::BTreeMap;

use domain::{
    programme::{Flow, MeasureDefinition},
    *,
};
use uuid::Uuid;

const UNITS: u64 = 6;
const PREAMBLE: u64 = 8;

/// The record at position `n`, from 1. A function of `n` alone; each is the first of its stream.
///
/// # Panics
/// Never for positions that a test reaches.
pub fn record(n: u64) -> Record {
    let (stream, events) = match n {
        1 => (
            StreamId::of_key(Kind::Ledger, "ledger"),
            vec![on(
                1,
                EventBody::LedgerOpened {
                    name: "Sổ cái mẫu".into(),
                    zone: "Asia/Ho_Chi_Minh".into(),
                    demonstration: true,
                },
            )],
        ),
        2 => (StreamId::of_key(Kind::Structure, "structure"), (0..UNITS).flat_map(unit_created).collect()),
        3 => (StreamId::of_key(Kind::Programme, "nq28"), programme()),
        4 => (StreamId::of_key(Kind::Period, "nq28/2022"), vec![period()]),
        5..=PREAMBLE => {
            let target = target(n - 4);
            (StreamId::of_key(Kind::Target, &target.to_string()), vec![on(n, assigned(target, n))])
        }
        _ => decision(n),
    };
    Record {
        stream,
        version: 1,
        command: CommandId(id(0xc0, n)),
        command_name: "synthetic".into(),
        command_digest: [7; 32],
        correlation: None,
        causation: None,
        actor: Actor { subject: SubjectId(id(0xa0, n % 3)), office: unit(n % UNITS), role: Role::Office },
        on_behalf_of: None,
        recorded_at: Timestamp(1_640_995_200_000_000 + n.cast_signed() * 1_000_000),
        reference_position: Position(n.min(PREAMBLE)),
        document: Some(document(n)),
        distinct_from: None,
        trace_parent: None,
        events,
    }
}

fn decision(n: u64) -> (StreamId, Vec<Event>) {
    let organisation = StreamId::new(Kind::Organisation, id(0x0a, n));
    let batch = StreamId::new(Kind::Batch, id(0x0b, n));
    let counted = |what, of, size| Counted {
        countable: Countable { what, of, host_kind: HostKind::PrivateEnterprise, basis: Basis::New },
        unit: unit(n % UNITS),
        effective_on: day(n),
        n: size,
        of_which: if size > 1 { [(Trait::Women, size / 2)].into() } else { OfWhich::new() },
        place: n.is_multiple_of(4).then(|| format!("{}", 11_400 + n % 7)),
    };
    let cell = Countee::Organisation(OrganisationKind::PartyCellGrassroots);
    let founded = counted(What::Founded, cell, 1);
    let size = u32::try_from(n % 20).unwrap_or_default() + 2;
    match n % 5 {
        0 => (
            batch,
            vec![on(
                n,
                EventBody::BatchAdmitted { counted: counted(What::Admitted, Countee::Member(Membership::Party), size) },
            )],
        ),
        1 => (
            organisation,
            vec![on(
                n,
                EventBody::OrganisationCorrected {
                    reason: Reason::WrongUnit,
                    takes: vec![founded.clone()],
                    adds: vec![Counted { unit: unit((n + 1) % UNITS), ..founded }],
                },
            )],
        ),
        _ => (
            organisation,
            vec![on(n, EventBody::OrganisationFounded { counted: founded, members: 3, exception: None })],
        ),
    }
}

fn unit_created(n: u64) -> Vec<Event> {
    let created = EventBody::UnitCreated {
        unit: unit(n),
        kind: UnitKind::UrbanDistrict,
        name: format!("Quận mẫu {n}"),
        code: None,
        display_order: u32::try_from(n).unwrap_or_default(),
    };
    let parent = EventBody::UnitParentSet { unit: unit(n), edge: Edge::Line, parent: Some(unit(0)) };
    if n == 0 { vec![on(1, created)] } else { vec![on(1, created), on(1, parent)] }
}

fn programme() -> Vec<Event> {
    let measure = |name: &str, by, organisation_kinds, memberships| EventBody::MeasureDefined {
        programme: key("nq28"),
        measure: MeasureDefinition {
            measure: key(name),
            name_vi: name.into(),
            name_en: name.into(),
            noun_vi: "tổ chức".into(),
            from: day(0),
            by,
            flow: Flow::Gross,
            organisation_kinds,
            memberships,
            host_kinds: vec![HostKind::PrivateEnterprise],
            of_which: vec![Trait::Women],
        },
    };
    vec![
        on(
            0,
            EventBody::ProgrammeEstablished {
                programme: key("nq28"),
                name_vi: "Nghị quyết mẫu".into(),
                name_en: "Sample resolution".into(),
                issuer: unit(0),
                host_kinds: vec![HostKind::PrivateEnterprise],
            },
        ),
        on(0, measure("party_org", What::Founded, vec![OrganisationKind::PartyCellGrassroots], Vec::new())),
        on(0, measure("party_member", What::Admitted, Vec::new(), vec![Membership::Party])),
    ]
}

fn period() -> Event {
    let principals = BTreeMap::from([(key("party_org"), unit(0)), (key("party_member"), unit(0))]);
    on(
        0,
        EventBody::PeriodOpened {
            programme: key("nq28"),
            period: key("2022"),
            first_day: day(0),
            last_day: day(364),
            principals,
            reports_required: false,
        },
    )
}

fn target(n: u64) -> TargetKey {
    TargetKey {
        programme: key("nq28"),
        measure: key(if n.is_multiple_of(2) { "party_org" } else { "party_member" }),
        period: key("2022"),
        holder: unit(n),
        assigner: unit(0),
    }
}

fn assigned(target: TargetKey, n: u64) -> EventBody {
    EventBody::TargetAssigned { target, value: TargetValue::Exactly(u32::try_from(n).unwrap_or(1)), due_on: None }
}

fn document(n: u64) -> Document {
    Document {
        number: n.to_string(),
        symbol: "QĐ/QU".into(),
        issuer: "Quận ủy mẫu".into(),
        date: day(n),
        line: None,
        sha256: None,
    }
}

fn on(n: u64, body: EventBody) -> Event {
    Event { effective_on: day(n), body }
}

/// A day of 2022; every sixteenth falls into 2021, so that there is more than one partition.
fn day(n: u64) -> LocalDate {
    let year_before = n > PREAMBLE && n.is_multiple_of(16);
    let first = if year_before { 18_628 } else { 18_993 };
    let days = first + i32::try_from(n % 365).unwrap_or_default();
    LocalDate::from_days(days).expect("2021 and 2022 are years")
}

fn unit(n: u64) -> UnitId {
    UnitId(id(0x01, n))
}

fn id(space: u8, n: u64) -> Uuid {
    Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0000 | u128::from(space) << 48 | u128::from(n))
}

fn key<K: std::str::FromStr<Err = KeyError>>(text: &str) -> K {
    text.parse().expect("a key of this file")
}
