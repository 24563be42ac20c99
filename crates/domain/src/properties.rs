//! What holds of any sequence of commands on one stream, whoever sends them. Proptest shrinks what fails; the seed is printed.

use std::collections::BTreeMap;

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngSeed, TestRunner},
};

use crate::{admission::*, batch::*, organisation::*, testing::*, *};

/// A command and who sends it.
pub(crate) type Step = (Command, UnitId, Role);

/// Runs a property over many sequences. `SEED=n` in the environment replays those of another run.
fn check<S: Strategy>(sequences: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let seed = seed();
    TestRunner::new(config()).run(&sequences, property).unwrap_or_else(|failure| panic!("seed {seed}: {failure}"));
}

/// How every property of this crate is run; prints the seed.
pub(crate) fn config() -> Config {
    let seed = seed();
    println!("seed {seed}: replay with SEED={seed}");
    Config { cases: 400, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() }
}

fn seed() -> u64 {
    std::env::var("SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x50ca1)
}

fn days() -> impl Strategy<Value = LocalDate> {
    // Around the turn of the year, so that sequences often cross it; some days lie ahead.
    (0..60).prop_map(|days| LocalDate::from_days(day("2022-11-20").to_days() + days).unwrap())
}

fn papers() -> impl Strategy<Value = Document> {
    days().prop_map(|date| paper_of(&date.to_string()))
}

/// When those who were received on one of the days may be recognised, or not yet.
fn papers_a_year_later() -> impl Strategy<Value = Document> {
    days().prop_map(|date| paper_of(&date.months_later(12).to_string()))
}

fn units() -> impl Strategy<Value = UnitId> {
    prop::sample::select(vec![LE_CHAN, LE_CHAN, LE_CHAN, HONG_BANG, WARD, FEDERATION, ENDED, TO_COME, NOBODY])
}

fn reasons() -> impl Strategy<Value = Reason> {
    let rarely_whole = vec![Reason::Typo, Reason::WrongDate, Reason::WrongUnit, Reason::Typo, Reason::Duplicate];
    prop::sample::select(rarely_whole)
}

fn scopes() -> impl Strategy<Value = RevocationScope> {
    prop::sample::select(RevocationScope::ALL)
}

fn maybe<T: std::fmt::Debug + Clone>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.4, of)
}

fn kinds() -> impl Strategy<Value = OrganisationKind> {
    prop::sample::select(OrganisationKind::ALL)
}

/// A beginning that holds, and then anything by anybody.
fn sent(
    beginning: impl Strategy<Value = Command>,
    commands: impl Strategy<Value = Command>,
) -> impl Strategy<Value = Vec<Step>> {
    let senders = prop::sample::select(vec![
        (LE_CHAN, Role::Office),
        (LE_CHAN, Role::Office),
        (HONG_BANG, Role::Office),
        (CITY, Role::Office),
        (CITY, Role::Supervisor),
        (CITY, Role::Auditor),
    ]);
    let step = (commands, senders).prop_map(|(command, (office, role))| (command, office, role));
    (beginning, prop::collection::vec(step, 1..14)).prop_map(|(beginning, then)| {
        let first = (beginning, LE_CHAN, Role::Office);
        std::iter::once(first).chain(then).collect()
    })
}

fn right_days() -> impl Strategy<Value = RightDay> {
    prop_oneof![3 => days().prop_map(RightDay::On), 1 => Just(RightDay::DidNotHappen)]
}

pub(crate) fn organisations() -> impl Strategy<Value = Vec<Step>> {
    let document = papers;
    let hosts = prop::sample::select(HostKind::ALL);
    let correct = (reasons(), maybe(units()), maybe(days()), maybe(kinds()), maybe(hosts), maybe(right_days()))
        .prop_map(|(reason, unit, effective_on, kind, host_kind, dissolution)| {
            CorrectOrganisation { unit, effective_on, kind, host_kind, dissolution, ..correct(reason) }.into()
        });
    let beginning = (any::<bool>(), 3..40_u32).prop_map(|(founded, members)| {
        if founded {
            FoundOrganisation { members, ..found("2022-12-01") }.into()
        } else {
            register("2022-12-01", Origin::BeforeLedger).into()
        }
    });
    let following = prop_oneof![
        1 => document().prop_map(|document| FoundOrganisation { document, ..found("2022-12-01") }.into()),
        1 => days().prop_map(|held_on| AnnounceFounding { held_on, ..announce("2022-12-01") }.into()),
        2 => (document(), kinds()).prop_map(|(document, to)| {
            ChangeOrganisationType { document, to, members: 50, ..change_type("2022-12-01") }.into()
        }),
        4 => (document(), units()).prop_map(|(document, to)| {
            TransferOrganisation { document, ..transfer(to, "2022-12-01") }.into()
        }),
        1 => document().prop_map(|document| DissolveOrganisation { document, ..dissolve("2022-12-01") }.into()),
        1 => (document(), scopes()).prop_map(|(document, scope)| {
            RevokeOrganisation { document, ..revoke(scope, "2022-12-01") }.into()
        }),
        6 => correct,
    ];
    sent(beginning, following)
}

pub(crate) fn admissions() -> impl Strategy<Value = Vec<Step>> {
    let traits = || prop::collection::btree_map(prop::sample::select(Trait::ALL), any::<bool>(), 0..4);
    let never = prop::option::weighted(0.1, Just(NeverWas::DidNotHappen));
    let correct = (reasons(), maybe(units()), maybe(days()), maybe(traits()), maybe(right_days()), never).prop_map(
        |(reason, unit, effective_on, traits, ceremony, recognition)| {
            CorrectAdmission { unit, effective_on, traits, ceremony, recognition, ..correct_admission(reason) }.into()
        },
    );
    let beginning = (traits(), any::<bool>())
        .prop_map(|(traits, readmission)| AdmitMember { traits, readmission, ..admit("2022-12-01") }.into());
    let following = prop_oneof![
        1 => papers().prop_map(|document| AdmitMember { document, ..admit("2022-12-01") }.into()),
        3 => days().prop_map(|held_on| HoldCeremony { held_on, ..ceremony("2022-12-01") }.into()),
        3 => papers_a_year_later().prop_map(|document| RecogniseMember { document, ..recognise_member("2023-12-01") }.into()),
        1 => (papers(), scopes()).prop_map(|(document, scope)| {
            RevokeAdmission { document, ..revoke_admission(scope, "2022-12-01") }.into()
        }),
        6 => correct,
    ];
    sent(beginning, following)
}

/// Of somebody who was received and recognised, some days after the probation ended.
fn recognitions() -> impl Strategy<Value = Vec<Step>> {
    (admissions(), days(), 0..60).prop_map(|(mut steps, held_on, later)| {
        let signed_on = LocalDate::from_days(held_on.months_later(12).to_days() + later).unwrap();
        let held = HoldCeremony { held_on, ..ceremony("2022-12-01") }.into();
        let followed: [Command; 2] = [held, recognise_member(&signed_on.to_string()).into()];
        steps.splice(1..1, followed.map(|command| (command, LE_CHAN, Role::Office)));
        steps
    })
}

pub(crate) fn batches() -> impl Strategy<Value = Vec<Step>> {
    let of_which = || prop::collection::btree_map(prop::sample::select(Trait::ALL), 0..10_u32, 0..4);
    let ceremony = (days(), right_days()).prop_map(|(recorded_on, right)| RightBatchCeremony { recorded_on, right });
    let correct = (reasons(), maybe(units()), maybe(days()), maybe(0..20_u32), maybe(of_which()), maybe(ceremony))
        .prop_map(|(reason, unit, effective_on, count, of_which, ceremony)| {
            CorrectBatch { unit, effective_on, count, of_which, ceremony, ..correct_batch(reason) }.into()
        });
    let beginning = (9..20_u32, of_which())
        .prop_map(|(count, of_which)| AdmitBatch { of_which, ..admit_batch(count, "2022-12-01") }.into());
    let following = prop_oneof![
        1 => papers().prop_map(|document| AdmitBatch { document, ..admit_batch(5, "2022-12-01") }.into()),
        4 => (days(), 0..8_u32).prop_map(|(held_on, received)| {
            HoldBatchCeremony { held_on, ..batch_ceremony(received, "2022-12-01") }.into()
        }),
        3 => (0..20_u128).prop_map(|subject| name_member(subject).into()),
        1 => (papers(), scopes()).prop_map(|(document, scope)| {
            RevokeBatch { document, ..revoke_batch(scope, "2022-12-01") }.into()
        }),
        6 => correct,
    ];
    sent(beginning, following)
}

/// What the sequence records by a day; refusals are passed over.
fn recorded_by(today: &str, steps: Vec<Step>) -> Vec<Event> {
    let mut story = given().on(today);
    for (command, office, role) in steps {
        story = story.by(office, role);
        if let Ok(events) = story.decided(command) {
            story.record(events);
        }
    }
    story.recorded()
}

/// While some of the days still lie ahead.
pub(crate) fn recorded(steps: Vec<Step>) -> Vec<Event> {
    recorded_by("2023-01-10", steps)
}

/// Net count by unit, countable and day, with the "of which" of each.
#[derive(Default)]
struct Net {
    whole: BTreeMap<(UnitId, Countable, LocalDate), i64>,
    parts: BTreeMap<(UnitId, Countable, LocalDate, Trait), i64>,
}

impl Net {
    fn add(&mut self, counted: &Counted, sign: i64) {
        let Counted { unit, countable, effective_on, .. } = *counted;
        *self.whole.entry((unit, countable, effective_on)).or_default() += sign * i64::from(counted.n);
        for (of, part) in &counted.of_which {
            *self.parts.entry((unit, countable, effective_on, *of)).or_default() += sign * i64::from(*part);
        }
    }

    fn apply(&mut self, event: &Event) {
        let (takes, adds) = event.body.counts();
        takes.iter().for_each(|counted| self.add(counted, -1));
        adds.iter().for_each(|counted| self.add(counted, 1));
    }

    fn least(&self) -> i64 {
        self.whole.values().chain(self.parts.values()).copied().min().unwrap_or(0)
    }

    fn sum(&self, of: impl Fn(What) -> bool) -> i64 {
        self.whole.iter().filter(|((_, countable, _), _)| of(countable.what)).map(|(_, n)| n).sum()
    }

    /// The least of the stocks, each of one kind of thing in one kind of host at one unit.
    fn least_stock(&self) -> i64 {
        let mut stocks: BTreeMap<_, i64> = BTreeMap::new();
        for ((unit, countable, _), n) in &self.whole {
            let sign = match countable.what {
                What::Dissolved | What::TransferredOut | What::RevokedFromDate => -1,
                What::Received | What::MadeOfficial => 0,
                _ => 1,
            };
            *stocks.entry((*unit, countable.of, countable.host_kind)).or_default() += sign * n;
        }
        stocks.into_values().min().unwrap_or(0)
    }

    fn is_zero(&self) -> bool {
        self.whole.values().chain(self.parts.values()).all(|n| *n == 0)
    }
}

const fn is_beginning(what: What) -> bool {
    matches!(what, What::Founded | What::Recognised | What::Registered | What::Admitted | What::Readmitted)
}

/// No count falls below zero, nothing ends that has not begun, and what is void leaves nothing.
fn counts_stay_sound(steps: Vec<Step>) -> Result<(), TestCaseError> {
    sound(recorded(steps))
}

fn sound(events: Vec<Event>) -> Result<(), TestCaseError> {
    ends_come_last(&events)?;
    let mut net = Net::default();
    for event in events {
        net.apply(&event);
        prop_assert!(net.least() >= 0, "below zero after {event:?}");
        let begun = net.sum(is_beginning);
        let ended = net.sum(|what| matches!(what, What::Dissolved | What::RevokedFromDate));
        prop_assert!(ended <= begun && net.sum(|what| what == What::Received) <= begun, "after {event:?}");
        prop_assert!(net.least_stock() >= 0, "more ended than begun of one kind after {event:?}");
        let (departed, arrived) = (net.sum(|w| w == What::TransferredOut), net.sum(|w| w == What::TransferredIn));
        prop_assert_eq!(departed, arrived);
        if is_void(&event.body) {
            prop_assert!(net.is_zero(), "left after {event:?}");
        }
    }
    Ok(())
}

/// Whatever ends is after all that it leaves standing: nobody is received, nothing announced once it is over.
fn ends_come_last(events: &[Event]) -> Result<(), TestCaseError> {
    let (mut standing, mut announced) = (Vec::<Counted>::new(), None);
    for event in events {
        let (takes, adds) = event.body.counts();
        standing.retain(|counted| !takes.contains(counted));
        standing.extend_from_slice(adds);
        if event.body == EventBody::FoundingAnnounced {
            announced = Some(event.effective_on);
        }
        let is_end = |what| matches!(what, What::Dissolved | What::RevokedFromDate);
        let days = |of: fn(bool) -> bool| {
            standing.iter().filter(move |one| of(is_end(one.countable.what))).map(|one| one.effective_on)
        };
        let (before, ended) = (days(|is_end| !is_end).chain(announced).max(), days(|is_end| is_end).min());
        prop_assert!(ended.is_none_or(|ended| before <= Some(ended)), "{before:?} after the end after {event:?}");
    }
    Ok(())
}

/// Revoked from the start, or taken back whole.
fn is_void(body: &EventBody) -> bool {
    let (takes, adds) = body.counts();
    adds.is_empty() && takes.iter().any(|taken| is_beginning(taken.countable.what))
}

#[test]
fn no_sequence_on_an_organisation_brings_a_count_below_zero() {
    check(organisations(), counts_stay_sound);
}

#[test]
fn no_sequence_on_an_admission_brings_a_count_below_zero() {
    check(admissions(), counts_stay_sound);
}

/// In every state whoever is official was received twelve months before, and has a document of that day or later.
fn official_a_year_after_the_ceremony(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let events = recorded_by("2024-03-01", steps);
    let (mut standing, mut decided) = (Vec::<Counted>::new(), None);
    for event in &events {
        let (takes, adds) = event.body.counts();
        standing.retain(|counted| !takes.contains(counted));
        standing.extend_from_slice(adds);
        if let EventBody::MemberRecognised { decided_on, .. } = &event.body {
            decided = Some(*decided_on);
        }
        let days = |what| standing.iter().filter(move |one| one.countable.what == what).map(|one| one.effective_on);
        for official_on in days(What::MadeOfficial) {
            let received: Vec<_> = days(What::Received).map(|held_on| held_on.months_later(12)).collect();
            prop_assert_eq!(received, [official_on], "after {:?}", event);
            prop_assert!(Some(official_on) <= decided, "decided too early after {event:?}");
            let ended = days(What::RevokedFromDate).next();
            prop_assert!(ended.is_none_or(|ended| official_on < ended), "official without being a member: {event:?}");
        }
    }
    sound(events)
}

#[test]
fn whoever_is_official_was_received_a_year_before_whatever_is_corrected() {
    check(recognitions(), official_a_year_after_the_ceremony);
}

#[test]
fn some_of_the_sequences_recognise_and_correct_afterwards() {
    let config = Config { rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let mut history = || recorded_by("2024-03-01", recognitions().new_tree(&mut runner).unwrap().current());
    let official = |counted: &Counted| counted.countable.what == What::MadeOfficial;
    let moved = (0..300).flat_map(|_| history()).filter(|event| event.body.counts().0.iter().any(official)).count();
    assert!(moved >= 100, "only {moved} recognitions were moved or taken back");
}

#[test]
fn no_sequence_on_a_batch_brings_a_count_below_zero() {
    check(batches(), counts_stay_sound);
}

#[test]
fn every_state_takes_any_events_in_any_order() {
    let sequences = (organisations(), admissions(), batches(), any::<u64>());
    check(sequences, |(organisation, admission, batch, shuffle)| {
        let mut events = [recorded(organisation), recorded(admission), recorded(batch)].concat();
        if !events.is_empty() {
            let turn = usize::try_from(shuffle % events.len() as u64).unwrap_or(0);
            events.rotate_left(turn);
        }
        for kind in Kind::ALL {
            let mut aggregate = Aggregate::empty(kind);
            events.iter().chain(events.iter().rev()).for_each(|event| aggregate.evolve(event));
        }
        Ok(())
    });
}

#[test]
fn the_sequences_are_not_all_refused() {
    let config = Config { rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let mut longest = |sequences: &dyn Fn(&mut TestRunner) -> Vec<Step>| {
        (0..300).map(|_| recorded(sequences(&mut runner)).len()).max()
    };
    let lengths = [
        longest(&|runner| organisations().new_tree(runner).unwrap().current()),
        longest(&|runner| admissions().new_tree(runner).unwrap().current()),
        longest(&|runner| batches().new_tree(runner).unwrap().current()),
    ];
    assert!(lengths.iter().all(|length| *length >= Some(5)), "the longest histories: {lengths:?}");
}
