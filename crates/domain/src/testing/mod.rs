//! Given what was recorded, when a command comes, then these counts, events or this refusal. Only for the tests of this crate.

mod commands;
mod units;

pub(crate) use commands::*;
pub(crate) use units::*;

use uuid::Uuid;

use crate::*;

pub(crate) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

/// One stream of a ledger with some units and rules, who posts next, and on which day.
#[derive(Clone)]
pub(crate) struct Story {
    pub(crate) reference: Reference,
    pub(crate) context: Context,
    recorded: Vec<Event>,
}

/// Nothing recorded; on 31 December 2022 the clerk of Lê Chân posts.
pub(crate) fn given() -> Story {
    let stream = StreamId::new(Kind::Organisation, Uuid::from_u128(0x5712));
    let actor = Actor { subject: SubjectId(Uuid::from_u128(1)), office: LE_CHAN, role: Role::Office };
    let at = day("2022-12-31").begins_at().plus_micros(9 * 3_600_000_000);
    let context = Context { at, actor, key: CommandId(Uuid::from_u128(2)), stream, tip: Position(100) };
    Story { reference: reference(), context, recorded: Vec::new() }
}

impl Story {
    pub(crate) fn by(mut self, office: UnitId, role: Role) -> Self {
        self.context.actor = Actor { office, role, ..self.context.actor };
        self
    }

    /// Nine in the morning of that day, local time.
    pub(crate) fn on(mut self, today: &str) -> Self {
        self.context.at = day(today).begins_at().plus_micros(9 * 3_600_000_000);
        self
    }

    /// From a day on a unit is no more, and these have it; who stood under it stands under the first of them.
    pub(crate) fn ended(mut self, unit: UnitId, on: &str, to: &[(UnitId, SuccessionKind)]) -> Self {
        let extent = if let [_] = to { Extent::Whole } else { Extent::Part };
        let passed = to.iter().map(|&(successor, how)| EventBody::UnitSucceeded {
            unit,
            successor,
            how,
            extent,
            of: Passing::default(),
        });
        let parent = to.first().map_or(CITY, |(successor, _)| *successor);
        let stood = |edge| move |below: &&structure::Unit| below.parent_on(edge, day(on)) == Some(unit);
        let moves = |edge| {
            let below = self.reference.structure.units().filter(stood(edge));
            below.map(move |below| EventBody::UnitParentSet { unit: below.id, edge, parent: Some(parent) })
        };
        let moved: Vec<_> = Edge::ALL.iter().flat_map(|edge| moves(*edge)).collect();
        for body in moved.into_iter().chain([EventBody::UnitEnded { unit }]).chain(passed) {
            let position = self.reference.position.next();
            self.reference.apply(position, &Event { effective_on: day(on), body });
        }
        self
    }

    /// A unit has this code from 2000 on.
    pub(crate) fn coded(mut self, unit: UnitId, code: &str) -> Self {
        let body = EventBody::UnitCodeAssigned { unit, code: Some(code.to_owned()) };
        let position = self.reference.position.next();
        self.reference.apply(position, &Event { effective_on: day("2000-01-01"), body });
        self
    }

    /// A unit is no more from a day on, and wholly merged into another.
    pub(crate) fn merged(self, unit: UnitId, into: UnitId, on: &str) -> Self {
        self.ended(unit, on, &[(into, SuccessionKind::MergedInto)])
    }

    /// Recorded before, by whoever posts now.
    pub(crate) fn has(mut self, command: impl Into<Command>) -> Self {
        let outcome = self.decided(command.into());
        self.recorded.extend(outcome.unwrap_or_else(|refusal| panic!("refused: {}", refusal.text(Lang::En))));
        self
    }

    pub(crate) fn when(self, command: impl Into<Command>) -> Outcome {
        Outcome(self.decided(command.into()))
    }

    /// The answer, against everything recorded before.
    pub(crate) fn decided(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        let mut aggregate = Aggregate::empty(command.row().kind);
        self.recorded.iter().for_each(|event| aggregate.evolve(event));
        decide(&aggregate, &self.reference, &self.context, &command)
    }

    /// Takes these events as recorded.
    pub(crate) fn record(&mut self, events: Vec<Event>) {
        self.recorded.extend(events);
    }

    pub(crate) fn recorded(self) -> Vec<Event> {
        self.recorded
    }

    /// What all records together leave in the counts, each line as in [`Outcome::counts`].
    pub(crate) fn leaves<const N: usize>(self, expected: [&str; N]) {
        let mut left: Vec<Counted> = Vec::new();
        for event in &self.recorded {
            let (takes, adds) = event.body.counts();
            for taken in takes {
                let at = left.iter().position(|counted| counted == taken).expect("takes only what was added");
                left.remove(at);
            }
            left.extend_from_slice(adds);
        }
        assert_eq!(left.iter().map(line).collect::<Vec<_>>(), expected);
    }
}

/// What the command came to.
#[derive(Debug)]
pub(crate) struct Outcome(Result<Vec<Event>, Refusal>);

impl Outcome {
    #[track_caller]
    pub(crate) fn refuses(self, expected: Refusal) {
        assert_eq!(self.0, Err(expected));
    }

    /// Refused with this slug; for refusals whose values are of no matter here.
    #[track_caller]
    pub(crate) fn refuses_as(self, slug: &str) {
        assert_eq!(self.0.map_err(|refusal| refusal.slug()), Err(slug));
    }

    #[track_caller]
    pub(crate) fn records(self, expected: EventBody) {
        assert_eq!(self.bodies(), [expected]);
    }

    /// What is taken from the counts and added to them: `+15 admitted Lê Chân 2022-12-30 (women 8)`.
    #[track_caller]
    pub(crate) fn counts<const N: usize>(self, expected: [&str; N]) {
        let bodies = self.bodies();
        let lines = bodies.iter().flat_map(|body| {
            let (takes, adds) = body.counts();
            takes
                .iter()
                .map(|counted| format!("−{}", line(counted)))
                .chain(adds.iter().map(|c| format!("+{}", line(c))))
        });
        assert_eq!(lines.collect::<Vec<_>>(), expected);
    }

    #[track_caller]
    pub(crate) fn takes_effect_on(self, expected: &str) {
        let events = self.0.unwrap();
        assert_eq!(events.iter().map(|event| event.effective_on).collect::<Vec<_>>(), [day(expected)]);
    }

    #[track_caller]
    pub(crate) fn bodies(self) -> Vec<EventBody> {
        self.0.unwrap().into_iter().map(|event| event.body).collect()
    }

    /// The one count that is added.
    #[track_caller]
    pub(crate) fn counted(self) -> Counted {
        let bodies = self.bodies();
        let [added] = bodies[0].counts().1 else { panic!("not one count") };
        added.clone()
    }
}

fn line(counted: &Counted) -> String {
    let Counted { n, effective_on, unit, of_which, .. } = counted;
    let what = format!("{:?}", counted.countable.what).to_lowercase();
    let stated: Vec<_> = of_which.iter().map(|(of, part)| format!("{of} {part}")).collect();
    let stated = if stated.is_empty() { String::new() } else { format!(" ({})", stated.join(", ")) };
    format!("{n} {what} {} {effective_on}{stated}", name_of(*unit))
}
