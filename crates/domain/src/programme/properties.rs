//! What holds of every measure that `define-measure` accepts, over any sequences of commands on cases.

use std::collections::BTreeMap;

use proptest::{prelude::*, test_runner::TestRunner};
use uuid::Uuid;

use super::{DefineMeasure, Flow, MeasureDefinition, samples::members};
use crate::{
    fold::{Facts, MeasureTally, TallyQuery, tally},
    properties::{Step, admissions, batches, config, organisations, recorded},
    scenario::document,
    testing::{CITY, day, reference},
    *,
};

const YEARS: [&str; 3] = ["2022", "2023", "2024"];

fn programme() -> ProgrammeKey {
    "nq28".parse().unwrap()
}

/// Every way to count, whether or not it fits, by the hosts that the sequences have.
fn imagined() -> Vec<MeasureDefinition> {
    let (recognised, founded): (Vec<_>, Vec<_>) = OrganisationKind::ALL.iter().partition(|kind| kind.is_recognised());
    let kinds = [vec![], founded, recognised];
    let memberships = [vec![], vec![Membership::Party], Membership::ALL.to_vec()];
    let parts = [vec![], Trait::ALL.to_vec()];
    let mut all = Vec::new();
    for by in What::ALL {
        for flow in [Flow::Gross, Flow::Net, Flow::Stock] {
            for organisation_kinds in &kinds {
                for memberships in &memberships {
                    for of_which in &parts {
                        all.push(MeasureDefinition {
                            by,
                            flow,
                            organisation_kinds: organisation_kinds.clone(),
                            memberships: memberships.clone(),
                            of_which: of_which.clone(),
                            host_kinds: HostKind::ALL.to_vec(),
                            ..members(&format!("m{}", all.len()))
                        });
                    }
                }
            }
        }
    }
    all
}

/// A ledger's reference with all that is accepted: each way by itself, and followed by each other one while the sequences run.
fn defined() -> Reference {
    let mut reference = reference();
    let host_kinds = HostKind::ALL.to_vec();
    let (name_vi, name_en) = ("Nghị quyết".to_owned(), "Resolution".to_owned());
    let established =
        EventBody::ProgrammeEstablished { programme: programme(), name_vi, name_en, issuer: CITY, host_kinds };
    let apply = |reference: &mut Reference, effective_on, body| {
        reference.apply(reference.position.next(), &Event { effective_on, body });
    };
    apply(&mut reference, day("2009-11-10"), established);
    let define = |reference: &mut Reference, measure: MeasureDefinition| {
        let command = DefineMeasure { programme: programme(), measure, document: document("2022-12-01") };
        let context = testing::given().context;
        let events = command.decide(&reference.programmes[&programme()], reference, &context);
        let accepted = events.is_ok();
        for Event { effective_on, body } in events.unwrap_or_default() {
            apply(reference, effective_on, body);
        }
        accepted
    };
    let singly: Vec<_> = imagined().into_iter().filter(|measure| define(&mut reference, measure.clone())).collect();
    for first in &singly {
        for then in &singly {
            let measure: MeasureKey = format!("{}_{}", first.measure, then.measure).parse().unwrap();
            define(&mut reference, MeasureDefinition { measure: measure.clone(), ..first.clone() });
            define(&mut reference, MeasureDefinition { measure, from: day("2022-12-15"), ..then.clone() });
        }
    }
    for year in YEARS {
        let (first_day, last_day) = (day(&format!("{year}-01-01")), day(&format!("{year}-12-31")));
        let (period, principals) = (year.parse().unwrap(), BTreeMap::new());
        let (programme, reports_required) = (programme(), false);
        let opened = EventBody::PeriodOpened { programme, period, first_day, last_day, principals, reports_required };
        apply(&mut reference, first_day, opened);
    }
    reference
}

/// Facts of one case of each kind, the first records of each.
fn facts_of(cases: &[Vec<Event>], known: usize) -> Facts {
    let mut facts = Facts::default();
    let mut position = Position::START;
    for (kind, events) in [Kind::Organisation, Kind::Admission, Kind::Batch].into_iter().zip(cases) {
        for event in events.iter().take(known) {
            position = position.next();
            facts.fold(position, StreamId::new(kind, Uuid::from_u128(7)), event);
        }
    }
    facts
}

/// Each year's measures up to a day.
fn tallies(reference: &Reference, facts: &Facts, valid: LocalDate) -> Vec<Vec<MeasureTally>> {
    let of_year = |year: &&str| {
        let period = year.parse().unwrap();
        let query = TallyQuery { programme: programme(), period, valid, judged_on: valid, known: None };
        tally(reference, facts, &query).unwrap().measures
    };
    YEARS.iter().filter(|year| day(&format!("{year}-01-01")) <= valid).map(of_year).collect()
}

fn is_stock(reference: &Reference, key: &MeasureKey) -> bool {
    let versions = reference.programmes[&programme()].versions(key).unwrap();
    versions.spans().all(|span| span.value.flow == Flow::Stock)
}

/// "Of which" is of those of whom it is stated, and these are of the whole: of every cell too.
fn parts_are_within(measure: &MeasureTally) -> Result<(), TestCaseError> {
    let cells = measure.cells.iter().map(|cell| (cell.actual, &cell.of_which));
    for (whole, parts) in cells.chain([(measure.total, &measure.of_which)]) {
        for (of, part) in parts {
            let within = 0 <= part.n && part.n <= part.stated && part.stated <= whole;
            prop_assert!(within, "{}: {of:?} {part:?} of {whole}", measure.measure);
        }
    }
    Ok(())
}

/// Whatever came and went is never less than nothing: a stock on any day; a net in all years up to it, since what is older than the ledger
/// came before all of them.
fn nothing_is_below_zero(reference: &Reference, years: &[Vec<MeasureTally>], older: bool) -> Result<(), TestCaseError> {
    let mut sums: BTreeMap<&MeasureKey, i64> = BTreeMap::new();
    for measure in years.iter().flatten() {
        parts_are_within(measure)?;
        *sums.entry(&measure.measure).or_default() += measure.total;
        if is_stock(reference, &measure.measure) {
            for cell in &measure.cells {
                prop_assert!(cell.actual >= 0, "stock {} of {}: {}", measure.measure, cell.name, cell.actual);
            }
        }
    }
    for (measure, sum) in sums {
        prop_assert!(sum >= 0 || older, "{measure} of all years: {sum}");
    }
    Ok(())
}

#[test]
fn no_measure_that_is_accepted_falls_below_zero_or_shows_parts_beyond_the_whole() {
    let reference = defined();
    let steps = (organisations(), admissions(), batches(), 1..14_usize, 0..60);
    let check = |(organisation, admission, batch, known, later): (Vec<Step>, Vec<Step>, Vec<Step>, usize, i32)| {
        let cases = [recorded(organisation), recorded(admission), recorded(batch)];
        let older = matches!(cases[0].first().map(|event| &event.body), Some(EventBody::OrganisationRegistered { .. }));
        let facts = facts_of(&cases, known);
        let some_day = LocalDate::from_days(day("2022-11-20").to_days() + later).unwrap();
        for valid in [some_day, day("2024-12-31")] {
            nothing_is_below_zero(&reference, &tallies(&reference, &facts, valid), older)?;
        }
        Ok(())
    };
    let config = proptest::test_runner::Config { cases: 60, ..config() };
    TestRunner::new(config).run(&steps, check).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn what_is_accepted_counts_in_each_of_the_ways_that_hold() {
    let reference = defined();
    let programme = &reference.programmes[&programme()];
    let alone = programme.measures().filter(|key| !key.as_str().contains('_'));
    let mut ways: BTreeMap<String, usize> = BTreeMap::new();
    for key in alone {
        let one = programme.versions(key).and_then(Timeline::first).unwrap();
        let parts = if one.of_which.is_empty() { "" } else { " with parts" };
        *ways.entry(format!("{:?} {:?}{parts}", one.by, one.flow)).or_default() += 1;
    }
    let ways: Vec<_> = ways.into_keys().collect();
    assert_eq!(
        ways,
        [
            "Admitted Gross",
            "Admitted Gross with parts",
            "Admitted Net",
            "Admitted Stock",
            "Founded Gross",
            "Founded Net",
            "Founded Stock",
            "MadeOfficial Gross",
            "MadeOfficial Gross with parts",
            "Received Gross",
            "Received Gross with parts",
            "Recognised Gross",
            "Recognised Net",
            "Recognised Stock",
        ]
    );
}
