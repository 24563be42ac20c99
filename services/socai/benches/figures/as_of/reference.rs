//! Reference data of the ledger that is asked about: committees of four generations, their wards, a programme, five periods with their plans.

use std::collections::BTreeMap;

use domain::{
    Countee, Edge, Event, EventBody, Extent, HostKind, Kind, LocalDate, Membership, OrganisationKind, Passing, Role,
    StreamId, SuccessionKind, TargetKey, TargetValue, Trait, UnitId, UnitKind, What,
    programme::{Flow, MeasureDefinition},
};
use uuid::Uuid;

use super::ledger::{access, date, on};
use crate::node::DISTRICT;

pub(super) const CITY: UnitId = UnitId(Uuid::from_u128(0xc17));
/// Committees with targets, of every generation.
pub(super) const HOLDERS: u64 = 118;
/// Wards under them, which last. A ward is where an organisation is, and may decide itself.
pub(super) const WARDS: u64 = 374;
pub(crate) const PROGRAMME: &str = "nq28";
/// Units created or passed on in one record.
const A_RECORD: usize = 60;

type Posted = (StreamId, Vec<Event>);

const MEASURES: [(&str, Countee, What); 5] = [
    ("party_org", Countee::Organisation(OrganisationKind::PartyCellGrassroots), What::Founded),
    ("union_org", Countee::Organisation(OrganisationKind::GrassrootsUnion), What::Recognised),
    ("youth_org", Countee::Organisation(OrganisationKind::YouthBranch), What::Founded),
    ("party_member", Countee::Member(Membership::Party), What::Admitted),
    ("youth_member", Countee::Member(Membership::YouthUnion), What::Admitted),
];

/// What the measure of a number counts, and by which happening.
pub(super) fn measured(measure: u64) -> (Countee, What) {
    let (_, of, what) = MEASURES[usize::try_from(measure).unwrap()];
    (of, what)
}

/// All pass on what they are to the next generation at the beginning of 2023, 2024 and 2025: three hops.
pub(super) fn generation_of(day: LocalDate) -> u64 {
    u64::try_from((day.year() - 2022).clamp(0, 3)).unwrap()
}

/// The last of them is the same throughout: the one whose clerk posts while the ledger grows.
pub(super) fn holder(generation: u64, n: u64) -> UnitId {
    if n == HOLDERS - 1 { UnitId(DISTRICT) } else { UnitId(Uuid::from_u128(u128::from(generation * 1_000 + n + 1))) }
}

pub(super) fn ward(n: u64) -> UnitId {
    UnitId(Uuid::from_u128(u128::from(100_000 + n)))
}

pub(super) fn code(n: u64) -> String {
    format!("{}", 11_000 + n)
}

/// Every fifth is split: its wards of even numbers stay together, the others go to the next one.
fn is_split(n: u64) -> bool {
    n.is_multiple_of(5) && n < HOLDERS - 2
}

/// Where a ward stands under a generation.
fn superior(generation: u64, ward: u64) -> UnitId {
    let first = ward % HOLDERS;
    let moved = u64::from(generation > 0 && is_split(first) && ward / HOLDERS % 2 == 1);
    holder(generation, first + moved)
}

/// Before anything is decided: genesis, access, units, and the programme.
pub(super) fn founding_records([admin, clerk]: [[u8; 32]; 2]) -> Vec<Posted> {
    let (name, zone) = ("Sổ đo đạc".into(), "Asia/Ho_Chi_Minh".into());
    let opened = on(date(2021, 0), EventBody::LedgerOpened { name, zone, demonstration: false });
    let mut posted = vec![
        (StreamId::of_key(Kind::Ledger, "ledger"), vec![opened]),
        access(admin, CITY, Role::Admin),
        access(clerk, UnitId(DISTRICT), Role::Office),
    ];
    let mut units = created(CITY, UnitKind::City, "Thành ủy đo đạc", None, None, 2000);
    for n in 0..HOLDERS {
        units.extend(created(holder(0, n), UnitKind::Ward, &format!("Đảng ủy {n}"), None, Some(CITY), 2000));
    }
    for n in 0..WARDS {
        let name = format!("Phường {n}");
        units.extend(created(ward(n), UnitKind::Ward, &name, Some(code(n)), Some(superior(0, n)), 2000));
    }
    posted.extend(units.chunks(A_RECORD).map(|events| structure(events.to_vec())));
    posted.push((StreamId::of_key(Kind::Programme, PROGRAMME), programme()));
    posted
}

fn structure(events: Vec<Event>) -> Posted {
    // One stream has one first record; what is read never asks for more than the kind.
    let key = format!("{events:?}");
    (StreamId::of_key(Kind::Structure, &key), events)
}

fn created(
    unit: UnitId,
    kind: UnitKind,
    name: &str,
    code: Option<String>,
    under: Option<UnitId>,
    year: i16,
) -> Vec<Event> {
    let display_order = u32::try_from(unit.0.as_u128() % 1_000_000).unwrap();
    let from = date(year, 0);
    let created = EventBody::UnitCreated { unit, kind, name: name.into(), code, display_order };
    let parent = under.map(|parent| EventBody::UnitParentSet { unit, edge: Edge::Line, parent: Some(parent) });
    std::iter::once(created).chain(parent).map(|body| on(from, body)).collect()
}

fn programme() -> Vec<Event> {
    let programme = || PROGRAMME.parse().unwrap();
    let (name_vi, name_en) = ("Đo đạc".into(), "Measurement".into());
    let host_kinds = vec![HostKind::PrivateEnterprise];
    let established =
        EventBody::ProgrammeEstablished { programme: programme(), name_vi, name_en, issuer: CITY, host_kinds };
    let defined = MEASURES.iter().map(|(measure, of, by)| {
        let (organisation_kinds, memberships) = match *of {
            Countee::Organisation(kind) => (vec![kind], Vec::new()),
            Countee::Member(membership) => (Vec::new(), vec![membership]),
        };
        let measure = MeasureDefinition {
            measure: measure.parse().unwrap(),
            name_vi: (*measure).into(),
            name_en: (*measure).into(),
            noun_vi: "tổ chức".into(),
            from: date(2000, 0),
            by: *by,
            flow: Flow::Gross,
            organisation_kinds,
            memberships,
            host_kinds: vec![HostKind::PrivateEnterprise],
            of_which: vec![Trait::Women],
        };
        EventBody::MeasureDefined { programme: programme(), measure }
    });
    std::iter::once(established).chain(defined).map(|body| on(date(2000, 0), body)).collect()
}

/// What a year begins with: units that pass on what they are, the period, a target for each committee and measure.
pub(super) fn year_records(year: i16) -> Vec<Posted> {
    let mut posted: Vec<_> = reorganised(year).chunks(A_RECORD).map(|events| structure(events.to_vec())).collect();
    let (first_day, last_day) = (date(year, 0), LocalDate::new(year, 12, 31).unwrap());
    let opened = EventBody::PeriodOpened {
        programme: PROGRAMME.parse().unwrap(),
        period: year.to_string().parse().unwrap(),
        first_day,
        last_day,
        principals: MEASURES.iter().map(|(measure, ..)| (measure.parse().unwrap(), CITY)).collect::<BTreeMap<_, _>>(),
        reports_required: false,
    };
    posted.push((StreamId::of_key(Kind::Period, &year.to_string()), vec![on(first_day, opened)]));
    for n in 0..HOLDERS * MEASURES.len() as u64 {
        let target = target(year, n);
        let stream = StreamId::of_key(Kind::Target, &target.to_string());
        let value = TargetValue::Exactly(u32::try_from(2_000 + n).unwrap());
        posted.push((stream, vec![on(first_day, EventBody::TargetAssigned { target, value, due_on: None })]));
    }
    posted
}

fn reorganised(year: i16) -> Vec<Event> {
    let day = date(year, 0);
    let generation = generation_of(day);
    if year < 2023 {
        return Vec::new();
    }
    let mut events = Vec::new();
    for n in 0..HOLDERS - 1 {
        let name = format!("Đảng ủy {n} ({generation})");
        events.extend(created(holder(generation, n), UnitKind::Ward, &name, None, Some(CITY), year));
    }
    for n in 0..WARDS {
        let parent = Some(superior(generation, n));
        events.push(on(day, EventBody::UnitParentSet { unit: ward(n), edge: Edge::Line, parent }));
    }
    for n in 0..HOLDERS - 1 {
        let unit = holder(generation - 1, n);
        events.push(on(day, EventBody::UnitEnded { unit }));
        let extent = if is_split(n) { Extent::Part } else { Extent::Whole };
        let how = if is_split(n) { SuccessionKind::SplitFrom } else { SuccessionKind::MergedInto };
        for to in n..=n + u64::from(is_split(n)) {
            let (successor, of) = (holder(generation, to), Passing::default());
            events.push(on(day, EventBody::UnitSucceeded { unit, successor, how, extent, of }));
        }
    }
    events
}

/// The committee `n` modulo 118 has one for each measure.
fn target(year: i16, n: u64) -> TargetKey {
    let (measure, ..) = MEASURES[usize::try_from(n / HOLDERS).unwrap()];
    TargetKey {
        programme: PROGRAMME.parse().unwrap(),
        measure: measure.parse().unwrap(),
        period: year.to_string().parse().unwrap(),
        holder: holder(generation_of(date(year, 0)), n % HOLDERS),
        assigner: CITY,
    }
}

/// A plan that is another one from some day on.
pub(super) fn adjusted(year: i16, n: u64, day: u64) -> Posted {
    let body = EventBody::TargetAdjusted {
        target: target(year, n),
        value: TargetValue::Exactly(u32::try_from(2_500 + day).unwrap()),
    };
    let day = date(year, i32::try_from(day * 10).unwrap());
    // A stream of its own: only its kind is read.
    (StreamId::of_key(Kind::Target, &format!("{n}/{body:?}/{day}")), vec![on(day, body)])
}
