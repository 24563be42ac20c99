//! Given, when, then for decisions on reference data: what was decided before, one command, and what it gives.

use std::fmt::Debug;

use uuid::Uuid;

use crate::{
    Actor, Command, CommandId, Context, Document, Event, Kind, LocalDate, Reference, Refusal, Role, StreamId,
    SubjectId, UnitId,
    ledger::{OpenLedger, SealLedger},
    period::{ApproveReport, ClosePeriod, CutOffPeriod, OpenPeriod, ReopenPeriod, RequestReopening, SubmitReport},
    plan::{AdjustTarget, AssignTarget, CorrectTarget, WithdrawTarget},
    programme::{DefineMeasure, EstablishProgramme},
    rules::SetRules,
    structure::ChangeStructure,
};

pub(crate) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

pub(crate) fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

/// A paper of that day.
pub(crate) fn document(date: &str) -> Document {
    Document {
        number: "12".to_owned(),
        symbol: "QĐ/TU".to_owned(),
        issuer: "Thành ủy Hải Phòng".to_owned(),
        date: day(date),
        line: None,
        sha256: None,
    }
}

/// A command on reference data, decided against what is known of its own stream.
pub(crate) trait UseCase {
    fn decided(&self, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal>;
}

macro_rules! use_cases {
    ($($command:ty, |$c:ident, $r:ident| $state:expr;)*) => {$(
        impl UseCase for $command {
            fn decided(&self, $r: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
                let $c = self;
                self.decide($state, $r, context)
            }
        }
    )*};
}

use_cases! {
    OpenLedger, |_c, r| &r.ledger;
    SealLedger, |_c, r| &r.ledger;
    ChangeStructure, |_c, r| &r.structure;
    SetRules, |_c, r| &r.rules;
    EstablishProgramme, |c, r| &r.programme(&c.programme).cloned().unwrap_or_default();
    DefineMeasure, |c, r| &r.programme(&c.programme).cloned().unwrap_or_default();
    OpenPeriod, |c, r| &r.periods.get(&(c.programme.clone(), c.period.clone())).cloned().unwrap_or_default();
    SubmitReport, |c, r| &r.periods.get(&(c.programme.clone(), c.period.clone())).cloned().unwrap_or_default();
    ApproveReport, |c, r| &r.periods.get(&(c.programme.clone(), c.period.clone())).cloned().unwrap_or_default();
    CutOffPeriod, |c, r| &r.periods.get(&(c.programme.clone(), c.period.clone())).cloned().unwrap_or_default();
    ClosePeriod, |c, r| &r.periods.get(&(c.programme.clone(), c.period.clone())).cloned().unwrap_or_default();
    RequestReopening, |c, r| &r.periods.get(&(c.programme.clone(), c.period.clone())).cloned().unwrap_or_default();
    ReopenPeriod, |c, r| &r.periods.get(&(c.programme.clone(), c.period.clone())).cloned().unwrap_or_default();
    AssignTarget, |c, r| &r.target(&c.target()).cloned().unwrap_or_default();
    AdjustTarget, |c, r| &r.target(&c.target()).cloned().unwrap_or_default();
    WithdrawTarget, |c, r| &r.target(&c.target()).cloned().unwrap_or_default();
    CorrectTarget, |c, r| &r.target(&c.target()).cloned().unwrap_or_default();
}

impl UseCase for Command {
    fn decided(&self, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        match self {
            Self::OpenLedger(c) => c.decided(reference, context),
            Self::SealLedger(c) => c.decided(reference, context),
            Self::ChangeStructure(c) => c.decided(reference, context),
            Self::SetRules(c) => c.decided(reference, context),
            Self::EstablishProgramme(c) => c.decided(reference, context),
            Self::DefineMeasure(c) => c.decided(reference, context),
            Self::OpenPeriod(c) => c.decided(reference, context),
            Self::SubmitReport(c) => c.decided(reference, context),
            Self::ApproveReport(c) => c.decided(reference, context),
            Self::CutOffPeriod(c) => c.decided(reference, context),
            Self::ClosePeriod(c) => c.decided(reference, context),
            Self::RequestReopening(c) => c.decided(reference, context),
            Self::ReopenPeriod(c) => c.decided(reference, context),
            Self::AssignTarget(c) => c.decided(reference, context),
            Self::AdjustTarget(c) => c.decided(reference, context),
            Self::WithdrawTarget(c) => c.decided(reference, context),
            Self::CorrectTarget(c) => c.decided(reference, context),
            other => panic!("`{}` is not on reference data", other.name()),
        }
    }
}

/// What was decided before.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) reference: Reference,
    today: LocalDate,
    office: UnitId,
    person: u128,
}

/// An empty ledger, on 4 January 2022, at the office of unit 1.
pub(crate) fn given() -> Given {
    Given { reference: Reference::default(), today: day("2022-01-04"), office: unit(1), person: 0 }
}

impl Given {
    pub(crate) fn on(self, today: &str) -> Self {
        Self { today: day(today), ..self }
    }

    pub(crate) fn by(self, office: UnitId) -> Self {
        Self { office, ..self }
    }

    /// Somebody else at the same office.
    pub(crate) fn person(self, person: u128) -> Self {
        Self { person, ..self }
    }

    /// Another command that was accepted.
    #[track_caller]
    pub(crate) fn then(mut self, command: &impl UseCase) -> Self {
        let events = self.when(command).0.unwrap_or_else(|refusal| panic!("given, but refused: {refusal:?}"));
        let position = self.reference.position.next();
        events.iter().for_each(|event| self.reference.apply(position, event));
        self
    }

    pub(crate) fn when(&self, command: &impl UseCase) -> Outcome {
        let actor =
            Actor { subject: SubjectId(Uuid::from_u128(self.person)), office: self.office, role: Role::Supervisor };
        let key = CommandId(Uuid::nil());
        let stream = StreamId::of_key(Kind::Ledger, "test");
        let context = Context { at: self.today.begins_at(), actor, key, stream, tip: self.reference.position };
        Outcome(command.decided(&self.reference, &context))
    }
}

/// What a command gave.
pub(crate) struct Outcome(pub(crate) Result<Vec<Event>, Refusal>);

impl Outcome {
    #[track_caller]
    pub(crate) fn gives(self, expected: &[Event]) {
        assert_eq!(self.0.as_deref(), Ok(expected));
    }

    #[track_caller]
    pub(crate) fn refuses(self, slug: &str) {
        assert_eq!(self.refusal().slug(), slug);
    }

    /// The refusal and the field to blame.
    #[track_caller]
    pub(crate) fn refuses_at(self, slug: &str, pointer: &str) {
        let refusal = self.refusal();
        assert_eq!((refusal.slug(), refusal.pointer().as_deref()), (slug, Some(pointer)));
    }

    #[track_caller]
    pub(crate) fn refuses_with(self, expected: &Refusal) {
        assert_eq!(&self.refusal(), expected);
    }

    #[track_caller]
    fn refusal(self) -> Refusal {
        match self.0 {
            Ok(events) => panic!("accepted: {events:#?}"),
            Err(refusal) => refusal,
        }
    }
}

/// Numbers that only the seed decides (SplitMix64). A failing test prints the seed; `SEED` in the environment replays it.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn seeded(default: u64) -> Self {
        let seed = std::env::var("SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(default);
        println!("seed {seed}: replay with SEED={seed}");
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    pub(crate) fn pick<T: Copy + Debug>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}
