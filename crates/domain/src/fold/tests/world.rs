//! A small ledger for tests: events in, tallies out.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    Basis, Countable, Counted, Countee, DissolutionReason, Edge, Event, EventBody, HostKind, Kind, LocalDate,
    MeasureKey, Membership, OfWhich, OrganisationKind, Position, Reason, Reference, RevocationScope, StreamId,
    TargetKey, TargetValue, Trait, UnitId, UnitKind, What,
    fold::{Cell, Facts, Line, MeasureTally, PeriodTally, TallyQuery, lines, tally},
    programme::{Flow, MeasureDefinition},
};

pub(super) const CITY: u128 = 1;
pub(super) const PARTY_ORG: &str = "party_org";
pub(super) const PARTY_MEMBER: &str = "party_member";

pub(super) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

pub(super) fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

pub(super) fn key<K: std::str::FromStr>(text: &str) -> K
where
    K::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

pub(super) fn organisation(n: u128) -> StreamId {
    StreamId::new(Kind::Organisation, Uuid::from_u128(0xa000 + n))
}

pub(super) fn admission(n: u128) -> StreamId {
    StreamId::new(Kind::Admission, Uuid::from_u128(0xb000 + n))
}

pub(super) fn batch(n: u128) -> StreamId {
    StreamId::new(Kind::Batch, Uuid::from_u128(0xc000 + n))
}

/// One Party cell of a unit, by founding.
pub(super) fn cell(credited: u128, on: &str) -> Counted {
    Counted {
        countable: Countable {
            what: What::Founded,
            of: Countee::Organisation(OrganisationKind::PartyCellGrassroots),
            host_kind: HostKind::PrivateEnterprise,
            basis: Basis::New,
        },
        unit: unit(credited),
        effective_on: day(on),
        n: 1,
        of_which: OfWhich::new(),
        place: None,
    }
}

/// `n` Party members of a unit, by the decision.
pub(super) fn members(credited: u128, on: &str, n: u32) -> Counted {
    let of = Countee::Member(Membership::Party);
    let counted = cell(credited, on);
    Counted { countable: Countable { what: What::Admitted, of, ..counted.countable }, n, ..counted }
}

pub(super) fn what(what: What, counted: Counted) -> Counted {
    Counted { countable: Countable { what, ..counted.countable }, ..counted }
}

pub(super) fn basis(basis: Basis, counted: Counted) -> Counted {
    Counted { countable: Countable { basis, ..counted.countable }, ..counted }
}

pub(super) fn stating(of_which: &[(Trait, u32)], counted: Counted) -> Counted {
    Counted { of_which: of_which.iter().copied().collect(), ..counted }
}

pub(super) fn founded(counted: Counted) -> EventBody {
    EventBody::OrganisationFounded { counted, members: 3, exception: None }
}

pub(super) fn corrected(takes: Counted, adds: Counted) -> EventBody {
    EventBody::OrganisationCorrected { reason: Reason::WrongDate, takes: vec![takes], adds: vec![adds] }
}

pub(super) fn revoked(scope: RevocationScope, takes: Vec<Counted>, adds: Vec<Counted>) -> EventBody {
    EventBody::OrganisationRevoked { scope, takes, adds }
}

pub(super) fn dissolved(credited: u128, on: &str) -> EventBody {
    let counted = what(What::Dissolved, cell(credited, on));
    EventBody::OrganisationDissolved { counted, reason: DissolutionReason::TooFewMembers }
}

pub(super) fn party_org() -> MeasureDefinition {
    MeasureDefinition {
        measure: key(PARTY_ORG),
        name_vi: "Tổ chức đảng".to_owned(),
        name_en: "Party organisations".to_owned(),
        noun_vi: "tổ chức".to_owned(),
        from: day("2020-01-01"),
        by: What::Founded,
        flow: Flow::Gross,
        organisation_kinds: vec![OrganisationKind::PartyCellGrassroots, OrganisationKind::PartyOrganisationGrassroots],
        memberships: Vec::new(),
        host_kinds: vec![HostKind::PrivateEnterprise, HostKind::Cooperative, HostKind::StateEnterprise],
        of_which: Vec::new(),
    }
}

pub(super) fn party_member() -> MeasureDefinition {
    MeasureDefinition {
        measure: key(PARTY_MEMBER),
        by: What::Admitted,
        organisation_kinds: Vec::new(),
        memberships: vec![Membership::Party],
        of_which: vec![Trait::Women, Trait::PrivateBusinessOwner],
        ..party_org()
    }
}

/// Everything recorded, and what folds to it.
#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) reference: Reference,
    pub(super) facts: Facts,
    pub(super) at: Position,
    pub(super) log: Vec<(Position, StreamId, Vec<Event>)>,
}

impl World {
    /// Programme `nq28` of unit 1 with Party organisations and Party members, and the periods 2022 and 2023.
    pub(super) fn new() -> Self {
        Self::measuring(&[party_org(), party_member()])
    }

    pub(super) fn measuring(measures: &[MeasureDefinition]) -> Self {
        let mut world = Self::default();
        world.unit(CITY, None);
        world.programme(measures);
        for year in ["2022", "2023"] {
            world.open(year, measures, false);
        }
        world
    }

    fn programme(&mut self, measures: &[MeasureDefinition]) {
        // State enterprises are outside the programme, though its measures name them.
        let host_kinds = vec![HostKind::PrivateEnterprise, HostKind::Cooperative];
        let (name_vi, name_en) = ("Nghị quyết 28".to_owned(), "Resolution 28".to_owned());
        let programme = key("nq28");
        self.event(
            "2020-01-01",
            Kind::Programme,
            EventBody::ProgrammeEstablished { programme, name_vi, name_en, issuer: unit(CITY), host_kinds },
        );
        for measure in measures {
            self.event(
                "2020-01-01",
                Kind::Programme,
                EventBody::MeasureDefined { programme: key("nq28"), measure: measure.clone() },
            );
        }
    }

    pub(super) fn open(&mut self, year: &str, measures: &[MeasureDefinition], reports_required: bool) {
        let principals = measures.iter().map(|measure| (measure.measure.clone(), unit(CITY))).collect();
        self.event(
            &format!("{year}-01-01"),
            Kind::Period,
            EventBody::PeriodOpened {
                programme: key("nq28"),
                period: key(year),
                first_day: day(&format!("{year}-01-01")),
                last_day: day(&format!("{year}-12-31")),
                principals,
                reports_required,
            },
        );
    }

    pub(super) fn unit(&mut self, n: u128, line: Option<u128>) {
        self.event(
            "2000-01-01",
            Kind::Structure,
            EventBody::UnitCreated {
                unit: unit(n),
                kind: UnitKind::UrbanDistrict,
                name: format!("Quận ủy {n}"),
                code: Some(format!("{n:03}")),
                display_order: u32::try_from(n).unwrap(),
            },
        );
        if line.is_some() {
            self.parent(n, line, "2000-01-01");
        }
    }

    pub(super) fn parent(&mut self, n: u128, parent: Option<u128>, from: &str) {
        let parent = parent.map(unit);
        self.event(from, Kind::Structure, EventBody::UnitParentSet { unit: unit(n), edge: Edge::Line, parent });
    }

    pub(super) fn end(&mut self, n: u128, from: &str) {
        self.event(from, Kind::Structure, EventBody::UnitEnded { unit: unit(n) });
    }

    /// Units 11, 12 … under the city, each with a target for Party organisations in 2022.
    pub(super) fn holders(&mut self, plans: &[u32]) {
        for (n, plan) in (11..).zip(plans) {
            self.unit(n, Some(CITY));
            self.assign(PARTY_ORG, n, TargetValue::Exactly(*plan));
        }
    }

    pub(super) fn target(measure: &str, holder: u128, assigner: u128) -> TargetKey {
        TargetKey {
            programme: key("nq28"),
            measure: key(measure),
            period: key("2022"),
            holder: unit(holder),
            assigner: unit(assigner),
        }
    }

    pub(super) fn assign(&mut self, measure: &str, holder: u128, value: TargetValue) {
        self.assign_by(CITY, measure, holder, value, None);
    }

    pub(super) fn assign_by(
        &mut self,
        assigner: u128,
        measure: &str,
        holder: u128,
        value: TargetValue,
        due_on: Option<&str>,
    ) {
        let target = Self::target(measure, holder, assigner);
        let due_on = due_on.map(day);
        self.event("2022-02-15", Kind::Target, EventBody::TargetAssigned { target, value, due_on });
    }

    pub(super) fn event(&mut self, on: &str, kind: Kind, body: EventBody) -> Position {
        self.record(StreamId::new(kind, Uuid::nil()), [(on, body)])
    }

    pub(super) fn target_event(&mut self, on: &str, body: EventBody) -> Position {
        self.event(on, Kind::Target, body)
    }

    /// One record of these events.
    pub(super) fn record<'a>(
        &mut self,
        stream: StreamId,
        events: impl IntoIterator<Item = (&'a str, EventBody)>,
    ) -> Position {
        self.at = self.at.next();
        let events: Vec<_> = events.into_iter().map(|(on, body)| Event { effective_on: day(on), body }).collect();
        for event in &events {
            self.reference.apply(self.at, event);
            self.facts.fold(self.at, stream, event);
        }
        self.log.push((self.at, stream, events));
        self.at
    }

    /// A record whose event takes effect when what it counts does.
    pub(super) fn post(&mut self, stream: StreamId, body: EventBody) -> Position {
        let on = {
            let (takes, adds) = body.counts();
            adds.first()
                .or_else(|| takes.first())
                .map_or_else(|| "2022-01-01".to_owned(), |c| c.effective_on.to_string())
        };
        self.record(stream, [(on.as_str(), body)])
    }

    /// `n` foundings of a unit on a day, each on a stream of its own.
    pub(super) fn found(&mut self, credited: u128, on: &str, n: u32) {
        for _ in 0..n {
            self.post(organisation(self.at.0.into()), founded(cell(credited, on)));
        }
    }

    pub(super) fn query(&self, year: &str) -> TallyQuery {
        TallyQuery {
            programme: key("nq28"),
            period: key(year),
            valid: day(&format!("{year}-12-31")),
            judged_on: day(&format!("{year}-12-31")),
            known: None,
        }
    }

    pub(super) fn tally(&self, query: &TallyQuery) -> PeriodTally {
        tally(&self.reference, &self.facts, query).unwrap()
    }

    /// A measure of a year at its end.
    pub(super) fn measure(&self, measure: &str, year: &str) -> MeasureTally {
        self.measure_as(measure, &self.query(year))
    }

    pub(super) fn measure_as(&self, measure: &str, query: &TallyQuery) -> MeasureTally {
        let key: MeasureKey = key(measure);
        self.tally(query).measures.into_iter().find(|one| one.measure == key).unwrap()
    }

    /// Number of Party organisations of a year, in all.
    pub(super) fn organisations(&self, year: &str) -> i64 {
        self.measure(PARTY_ORG, year).total
    }

    pub(super) fn cell(&self, measure: &str, year: &str, holder: u128) -> Cell {
        cell_of(&self.measure(measure, year), holder)
    }

    pub(super) fn lines(&self, measure: &str, query: &TallyQuery, holder: UnitId) -> Vec<Line> {
        lines(&self.reference, &self.facts, query, &key(measure), holder).unwrap()
    }

    /// Everything up to a position, folded anew.
    pub(super) fn until(&self, position: Position) -> World {
        let mut world = World::default();
        for (at, stream, events) in self.log.iter().filter(|(at, ..)| *at <= position) {
            world.at = *at;
            for event in events {
                world.reference.apply(*at, event);
                world.facts.fold(*at, *stream, event);
            }
        }
        world
    }
}

pub(super) fn cell_of(measure: &MeasureTally, holder: u128) -> Cell {
    measure.cells.iter().find(|cell| cell.committee == unit(holder)).cloned().unwrap()
}

/// `actual/plan` of every cell that has a plan, by holder.
pub(super) fn figures(measure: &MeasureTally) -> BTreeMap<u128, String> {
    let planned = measure.cells.iter().filter_map(|cell| Some((cell.committee, cell.actual, cell.plan?)));
    planned.map(|(holder, actual, plan)| (holder.0.as_u128(), format!("{actual}/{plan}"))).collect()
}
