//! What a visitor may see: the own office and what is under it, on either kind of edge, and what has ended and is wholly its own by now. An office
//! at the root sees all, and so does the first administrator, who exists before there is any unit.

use domain::{
    Actor, Event, EventBody, Kind, LocalDate, Record, Reference, Role, UnitId,
    fold::{Cell, Discrepancy, Judging, MeasureTally, PeriodTally, Stated},
    structure::Structure,
};
use kit::{Problem, problem::NOT_FOUND};

/// The units that somebody may see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    All,
    /// An office and all that it acts for.
    Under(UnitId),
}

impl Scope {
    /// Of somebody at an office, today.
    pub(crate) fn of(structure: &Structure, actor: &Actor, today: LocalDate) -> Self {
        let office = actor.office;
        // As administrators decide over a ledger after their unit's end, they see it.
        let there = structure.exists_on(office, today) || actor.role == Role::Admin;
        if there && structure.is_root(office, today) { Self::All } else { Self::Under(office) }
    }

    pub(crate) fn covers(&self, structure: &Structure, unit: UnitId, today: LocalDate) -> bool {
        match self {
            Self::All => true,
            Self::Under(office) => structure.acts_for(*office, unit, today),
        }
    }

    /// A record is seen by those who see a unit that it concerns or the office that posted it. Structure, rules, programmes and
    /// periods are everybody's; grants of access are seen from the root only.
    pub(crate) fn sees(&self, structure: &Structure, record: &Record, today: LocalDate) -> bool {
        if *self == Self::All {
            return true;
        }
        match record.stream.kind {
            Kind::Ledger | Kind::Structure | Kind::Rules | Kind::Programme => true,
            Kind::Period if !record.events.iter().any(is_a_report) => true,
            Kind::Access => false,
            _ => record.units().into_iter().any(|unit| self.covers(structure, unit, today)),
        }
    }

    /// The tally of the units that are seen in a structure: their cells, and wholes computed from them. `reference` is that of the tally.
    pub(crate) fn restrict(
        &self,
        mut tally: PeriodTally,
        reference: &Reference,
        structure: &Structure,
        today: LocalDate,
    ) -> PeriodTally {
        if *self == Self::All {
            return tally;
        }
        let period = reference.period(&tally.programme, &tally.period);
        let judging = Judging {
            on: tally.judged_on,
            reports_required: period.is_some_and(|period| period.reports_required),
            ever_closed: period.is_some_and(|period| !period.standing.closings().is_empty()),
        };
        let sees = |unit: UnitId| self.covers(structure, unit, today);
        if let Self::Under(office) = self {
            tally.whole_of = reference.structure.name_on(*office, tally.as_of.valid).map(str::to_owned);
        }
        for measure in &mut tally.measures {
            restrict_measure(measure, &judging, &sees);
        }
        tally
    }
}

/// Whose report it is, its superiors may know.
fn is_a_report(event: &Event) -> bool {
    matches!(event.body, EventBody::ReportSubmitted { .. } | EventBody::ReportApproved { .. })
}

fn restrict_measure(measure: &mut MeasureTally, judging: &Judging, sees: &impl Fn(UnitId) -> bool) {
    let keep = |cell: &Cell| sees(cell.committee);
    measure.cells.retain(keep);
    measure.whole = judging.whole(&measure.cells);
    measure.total = measure.cells.iter().map(|cell| cell.actual).sum();
    measure.outside_plan = measure.total - measure.whole.actual;
    measure.without_ceremony = measure.cells.iter().filter_map(|cell| cell.without_ceremony).reduce(|a, b| a + b);
    for (of, stated) in &mut measure.of_which {
        let parts = measure.cells.iter().filter_map(|cell| cell.of_which.get(of));
        *stated =
            parts.fold(Stated::default(), |sum, one| Stated { n: sum.n + one.n, stated: sum.stated + one.stated });
    }
    for plan in &mut measure.plans {
        plan.cells.retain(keep);
        plan.whole = judging.whole(&plan.cells);
    }
    measure.plans.retain(|plan| !plan.cells.is_empty());
    measure.discrepancies.retain(|row| matches!(row, Discrepancy::HolderEnded { committee, .. } if sees(*committee)));
}

/// What a caller is told of something outside the own office: no more than that it is not there.
pub(crate) fn not_seen() -> Problem {
    Problem::new(NOT_FOUND, "Không tìm thấy, hoặc thuộc đơn vị khác.", "It is not there, or belongs to another office.")
}
