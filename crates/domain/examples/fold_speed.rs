//! In time of the processor, so that other work on the machine does not count: how fast facts fold, load and answer: `cargo run --release -p domain --example fold_speed -- 2000000`.
#![expect(clippy::unwrap_used, reason = "a measurement on made-up data")]

use std::{fs::read_to_string, hint::black_box, time::Duration};

use domain::{
    Basis, Countable, Counted, Countee, Edge, Event, EventBody, HostKind, Kind, LocalDate, Membership, OfWhich,
    OrganisationKind, Position, Reference, StreamId, TargetKey, TargetValue, UnitId, UnitKind, What,
    fold::{Facts, SEGMENT_FACTS, TallyQuery, diff, lines, tally},
    programme::{Flow, MeasureDefinition},
};
use uuid::Uuid;

/// Time that this thread has run, from Linux.
struct Running(Duration);

impl Running {
    fn now() -> Self {
        let stat = read_to_string("/proc/thread-self/schedstat").unwrap();
        Self(Duration::from_nanos(stat.split_whitespace().next().unwrap().parse().unwrap()))
    }

    fn elapsed(&self) -> Duration {
        Self::now().0 - self.0
    }
}

const UNITS: u128 = 118;
const MEASURES: usize = 5;
const ROUNDS: u32 = 50;

fn main() {
    let n: u32 = std::env::args().nth(1).map_or(2_000_000, |text| text.parse().unwrap());
    let reference = reference();
    for (label, ceremonies) in [("no ceremonies", false), ("a fifth of them ceremonies", true)] {
        println!("{n} facts of one year, {label}, {UNITS} holders, {MEASURES} measures");
        let facts = fold(n, ceremonies);
        store(n, &facts);
        ask(n, &reference, &facts);
    }
}

fn fold(n: u32, ceremonies: bool) -> Facts {
    let events: Vec<_> = (0..n).map(|at| event(at, ceremonies)).collect();
    let mut facts = Facts::default();
    let begun = Running::now();
    for (at, (stream, event)) in (1..).zip(&events) {
        facts.fold(Position(at), *stream, event);
    }
    rate("fold", n, begun.elapsed());
    facts
}

fn store(n: u32, facts: &Facts) {
    let begun = Running::now();
    let sealed = 0..facts.sealed_segments(2022);
    let segments: Vec<_> = sealed.map(|segment| facts.encode_segment(2022, segment).unwrap()).collect();
    rate("encode segments", n, begun.elapsed());
    let bytes: usize = segments.iter().map(Vec::len).sum();
    println!("  {:<28}{:>10}", "bytes a fact, stored", bytes / (segments.len() * SEGMENT_FACTS).max(1));
    let begun = Running::now();
    let mut loaded = Facts::default();
    for (segment, bytes) in (0..).zip(&segments) {
        loaded.load_segment(2022, segment, bytes).unwrap();
    }
    rate("load segments", n, begun.elapsed());
}

fn ask(n: u32, reference: &Reference, facts: &Facts) {
    let now = query(None);
    let half = query(Some(Position(u64::from(n) / 2)));
    mean("tally now", || tally(reference, facts, &now).unwrap());
    mean("tally at half the positions", || tally(reference, facts, &half).unwrap());
    let (before, after) = (tally(reference, facts, &half).unwrap(), tally(reference, facts, &now).unwrap());
    mean("diff of two tallies", || diff(&before, &after));
    mean("lines of one cell", || lines(reference, facts, &now, &after.measures[0].measure, unit(11)).unwrap());
    let no_facts = Facts::default();
    mean("tally of nothing", || tally(reference, &no_facts, &now).unwrap());
}

fn rate(label: &str, n: u32, elapsed: Duration) {
    println!("  {label:<28}{:>10} a second", u128::from(n) * 1_000_000 / elapsed.as_micros().max(1));
}

/// The mean of many rounds: the clock of a thread moves in steps of up to 4 ms.
fn mean<T>(label: &str, mut run: impl FnMut() -> T) {
    let begun = Running::now();
    for _ in 0..ROUNDS {
        black_box(run());
    }
    println!("  {label:<28}{:>10?} each", begun.elapsed() / ROUNDS);
}

fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn query(known: Option<Position>) -> TallyQuery {
    let valid = day("2022-12-31");
    TallyQuery { programme: "p".parse().unwrap(), period: "2022".parse().unwrap(), valid, judged_on: valid, known }
}

const KINDS: [(Countee, What); MEASURES] = [
    (Countee::Organisation(OrganisationKind::PartyCellGrassroots), What::Founded),
    (Countee::Organisation(OrganisationKind::GrassrootsUnion), What::Recognised),
    (Countee::Organisation(OrganisationKind::YouthBranch), What::Founded),
    (Countee::Member(Membership::Party), What::Admitted),
    (Countee::Member(Membership::YouthUnion), What::Admitted),
];

/// Decisions of all units through the year, evenly spread by a hash of the number: the same on every machine.
/// With ceremonies, every second decision on a member is followed by one.
fn event(at: u32, ceremonies: bool) -> (StreamId, Event) {
    let of_case = if ceremonies { at / 2 * 2 } else { at };
    let spread = |n: u32| u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16;
    let number = |n: u64| usize::try_from(n).unwrap();
    let kind = number(spread(of_case) / 365 % 5);
    let received = of_case != at && kind >= 3;
    let (of, what) = KINDS[if received { kind } else { number(spread(at) / 365 % 5) }];
    let what = if received { What::Received } else { what };
    let first = day("2022-01-01").to_days();
    let effective_on = LocalDate::from_days(first + i32::try_from(spread(at) % 365).unwrap()).unwrap();
    let counted = Counted {
        countable: Countable { what, of, host_kind: HostKind::PrivateEnterprise, basis: Basis::New },
        unit: unit(11 + u128::from(spread(if received { of_case } else { at }) / 1_825) % UNITS),
        effective_on,
        n: 1,
        of_which: OfWhich::new(),
        place: (spread(at) % 3 == 0).then(|| format!("{:05}", spread(at) % 500)),
    };
    let id = u128::from(if received { of_case } else { at }).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let (stream, body) = match what {
        What::Received => (Kind::Admission, EventBody::CeremonyHeld { counted }),
        What::Admitted => (Kind::Admission, EventBody::MemberAdmitted { counted }),
        _ => (Kind::Organisation, EventBody::OrganisationFounded { counted, members: 3, exception: None }),
    };
    (StreamId::new(stream, Uuid::from_u128(id)), Event { effective_on, body })
}

fn measure(n: usize) -> MeasureDefinition {
    let (of, by) = KINDS[n];
    let (organisation_kinds, memberships) = match of {
        Countee::Organisation(kind) => (vec![kind], Vec::new()),
        Countee::Member(membership) => (Vec::new(), vec![membership]),
    };
    MeasureDefinition {
        measure: format!("m{n}").parse().unwrap(),
        name_vi: String::new(),
        name_en: String::new(),
        noun_vi: String::new(),
        from: day("2022-01-01"),
        by,
        flow: Flow::Gross,
        organisation_kinds,
        memberships,
        host_kinds: vec![HostKind::PrivateEnterprise],
        of_which: Vec::new(),
    }
}

fn reference() -> Reference {
    let programme = || "p".parse().unwrap();
    let host_kinds = vec![HostKind::PrivateEnterprise];
    let (name_vi, name_en) = (String::new(), String::new());
    let mut bodies =
        vec![EventBody::ProgrammeEstablished { programme: programme(), name_vi, name_en, issuer: unit(1), host_kinds }];
    for n in std::iter::once(1).chain(11..11 + UNITS) {
        let (name, display_order) = (format!("Phường {n}"), u32::try_from(n).unwrap());
        bodies.push(EventBody::UnitCreated { unit: unit(n), kind: UnitKind::Ward, name, code: None, display_order });
        bodies.push(EventBody::UnitParentSet { unit: unit(n), edge: Edge::Line, parent: (n > 1).then(|| unit(1)) });
    }
    let measures: Vec<_> = (0..MEASURES).map(measure).collect();
    let defined =
        |measure: &MeasureDefinition| EventBody::MeasureDefined { programme: programme(), measure: measure.clone() };
    bodies.extend(measures.iter().map(defined));
    bodies.push(EventBody::PeriodOpened {
        programme: programme(),
        period: "2022".parse().unwrap(),
        first_day: day("2022-01-01"),
        last_day: day("2022-12-31"),
        principals: measures.iter().map(|measure| (measure.measure.clone(), unit(1))).collect(),
        reports_required: false,
    });
    for (measure, n) in measures.iter().flat_map(|measure| (11..11 + UNITS).map(move |n| (measure, n))) {
        let (period, measure) = ("2022".parse().unwrap(), measure.measure.clone());
        let target = TargetKey { programme: programme(), measure, period, holder: unit(n), assigner: unit(1) };
        bodies.push(EventBody::TargetAssigned { target, value: TargetValue::Exactly(3_000), due_on: None });
    }
    let mut reference = Reference::default();
    for body in bodies {
        reference.apply(Position(1), &Event { effective_on: day("2022-01-01"), body });
    }
    reference
}
