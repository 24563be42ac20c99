//! Random records: every event, every optional field there or not, every number at its edges. From a printed seed.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, Hasher},
};

use domain::{
    programme::{Flow, MeasureDefinition},
    rules::EligibilityRule,
    *,
};
use uuid::Uuid;

/// SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    /// From `SEED`, or a new one; printed, so that a failure can be replayed.
    pub(crate) fn seeded() -> Self {
        let seed = std::env::var("SEED").map_or_else(
            |_| std::hash::RandomState::new().build_hasher().finish(),
            |seed| u64::from_str_radix(seed.trim_start_matches("0x"), 16).unwrap(),
        );
        println!("seed {seed:#x}: replay with SEED={seed:#x}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `n` - 1.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    pub(crate) fn any<T: Any>(&mut self) -> T {
        T::any(self)
    }
}

pub(crate) trait Any: Sized {
    fn any(random: &mut Random) -> Self;
}

macro_rules! any {
    ($($type:ty: |$random:ident| $make:expr;)*) => {
        $(impl Any for $type { fn any($random: &mut Random) -> Self { $make } })*
    };
}

any! {
    u32: |r| match r.below(3) { 0 => 0, 1 => u32::MAX, _ => u32::try_from(r.next() >> (32 + r.below(32))).unwrap() };
    u64: |r| match r.below(3) { 0 => 0, 1 => u64::MAX, _ => r.next() >> r.below(64) };
    bool: |r| r.below(2) == 0;
    String: |r| (0..r.below(12)).map(|_| r.one_of(&['a', '/', ' ', 'Đ', 'ệ', '\u{302}', '"', '\0', '𝛼'])).collect();
    [u8; 32]: |r| std::array::from_fn(|_| r.next().to_le_bytes()[0]);
    Uuid: |r| Uuid::from_u64_pair(r.next(), r.next());
    UnitId: |r| UnitId(r.any());
    SubjectId: |r| SubjectId(r.any());
    AccessId: |r| AccessId(r.any());
    CommandId: |r| CommandId(r.any());
    Position: |r| Position(r.any());
    Timestamp: |r| Timestamp(r.any::<u64>().cast_signed());
    LocalDate: |r| match r.below(4) {
        0 => LocalDate::new(1970, 1, 1).unwrap(),
        1 => LocalDate::new(1900, 1, 1).unwrap(),
        2 => LocalDate::new(2199, 12, 31).unwrap(),
        _ => LocalDate::from_days(i32::try_from(r.below(36_000)).unwrap() - 18_000).unwrap(),
    };
    ProgrammeKey: |r| key(r).parse().unwrap();
    MeasureKey: |r| key(r).parse().unwrap();
    AllocationName: |r| key(r).parse().unwrap();
    PeriodKey: |r| key(r).parse().unwrap();
    Kind: |r| r.one_of(&Kind::ALL);
    What: |r| r.one_of(&What::ALL);
    Flow: |r| r.one_of(&[Flow::Gross, Flow::Net, Flow::Stock]);
    StreamId: |r| StreamId::new(r.any(), r.any());
    Countee: |r| if r.any() { Countee::Organisation(r.any()) } else { Countee::Member(r.any()) };
    TargetValue: |r| match r.below(3) {
        0 => TargetValue::Exactly(r.any()),
        1 => TargetValue::AtLeast(r.any()),
        _ => TargetValue::Between(r.any()),
    };
    Document: |r| Document {
        number: r.any(), symbol: r.any(), issuer: r.any(), date: r.any(), line: r.any(),
        sha256: r.any::<Option<[u8; 32]>>().map(hex::encode),
    };
}

fn key(r: &mut Random) -> String {
    (0..=r.below(32)).map(|_| r.one_of(&['a', 'z', '0', '9'])).collect()
}

macro_rules! any_word {
    ($($word:ident)*) => { any! { $($word: |r| r.one_of($word::ALL);)* } };
}
any_word! {
    Answer Basis DissolutionReason Edge Extent HostKind Membership OrganisationKind Question Reason ReopeningReason
    RevocationScope Role Substance SuccessionKind Trait UnitKind
}

impl<T: Any> Any for Option<T> {
    fn any(random: &mut Random) -> Self {
        random.any::<bool>().then(|| random.any())
    }
}

impl<T: Any> Any for Vec<T> {
    fn any(random: &mut Random) -> Self {
        (0..random.below(4)).map(|_| random.any()).collect()
    }
}

impl<K: Any + Ord, V: Any> Any for BTreeMap<K, V> {
    fn any(random: &mut Random) -> Self {
        (0..random.below(4)).map(|_| (random.any(), random.any())).collect()
    }
}

macro_rules! any_struct {
    ($($name:ident { $($field:ident),* })*) => { any! { $($name: |r| $name { $($field: r.any()),* };)* } };
}
any_struct! {
    Countable { what, of, host_kind, basis }
    Counted { countable, unit, effective_on, n, of_which, place }
    Exception { lifts, document }
    Range { from, to }
    Actor { subject, office, role }
    TargetKey { programme, measure, period, holder, assigner }
    EligibilityRule { kind, minimum, from, source }
    MeasureDefinition {
        measure, name_vi, name_en, noun_vi, from, by, flow, organisation_kinds, memberships, host_kinds, of_which
    }
    Event { effective_on, body }
}

macro_rules! any_event {
    ($($event:ident { $($field:ident),* })*) => {
        impl Any for EventBody {
            fn any(r: &mut Random) -> Self {
                let makers: &[fn(&mut Random) -> Self] = &[$(|_r| Self::$event { $($field: _r.any()),* },)*];
                makers[r.below(makers.len())](r)
            }
        }
    };
}
any_event! {
    LedgerOpened { name, zone, demonstration }
    LedgerSealed { successor }
    UnitCreated { unit, kind, name, code, display_order }
    UnitRenamed { unit, name }
    UnitCodeAssigned { unit, code }
    UnitReclassified { unit, kind }
    UnitParentSet { unit, edge, parent }
    UnitEnded { unit }
    UnitSucceeded { unit, successor, how, extent, of }
    SuccessorWeighed { unit, successor, key, weight }
    RuleSet { rule }
    ProgrammeEstablished { programme, name_vi, name_en, issuer, host_kinds }
    MeasureDefined { programme, measure }
    PeriodOpened { programme, period, first_day, last_day, principals, reports_required }
    ReportSubmitted { programme, period, unit, up_to, nil }
    ReportApproved { programme, period, unit }
    PeriodCutOff { programme, period, number, valid }
    PeriodClosed { programme, period, number }
    ReopeningRequested { programme, period, reason, until, by }
    PeriodReopened { programme, period, until }
    TargetAssigned { target, value, due_on }
    TargetAdjusted { target, value }
    TargetWithdrawn { target }
    TargetCorrected { target, before, after, reason }
    OrganisationFounded { counted, members, exception }
    OrganisationRegistered { counted }
    UnionRecognised { counted, congress_on, members, exception }
    FoundingAnnounced {}
    OrganisationTypeChanged { before, after, members, exception }
    OrganisationTransferred { adds }
    OrganisationDissolved { counted, reason }
    OrganisationCorrected { reason, takes, adds }
    OrganisationRevoked { scope, takes, adds }
    MemberAdmitted { counted }
    CeremonyHeld { counted }
    AdmissionCorrected { reason, takes, adds }
    AdmissionRevoked { scope, takes, adds }
    MemberRecognised { counted, decided_on }
    BatchAdmitted { counted }
    BatchCeremonyHeld { counted }
    BatchMemberNamed { subject }
    BatchCorrected { reason, takes, adds }
    BatchRevoked { scope, takes, adds }
    QueryRaised { about, owner, question }
    QueryAnswered { answer, corrected_at }
    QueryClosed {}
    AccessGranted { access, token_sha256, subject, office, role, until }
    AccessRevoked { access }
}

impl Any for Record {
    fn any(r: &mut Random) -> Self {
        Self {
            stream: r.any(),
            version: r.any::<u64>().max(1),
            command: r.any(),
            command_name: r.any(),
            command_digest: r.any(),
            correlation: r.any(),
            causation: r.any(),
            actor: r.any(),
            on_behalf_of: r.any(),
            recorded_at: r.any(),
            reference_position: r.any(),
            document: r.any(),
            distinct_from: r.any(),
            trace_parent: r.any(),
            events: (0..=r.below(3)).map(|_| r.any()).collect(),
        }
    }
}
