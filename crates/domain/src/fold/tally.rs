//! The one function behind every number: a period's tally from reference data, facts and a question.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    AsOf, Cell, CellReport, Discrepancy, Facts, Lens, MeasureTally, OtherPlan, PeriodTally, Stated, Status,
    ceremony::ByPlace,
    reports::hold_reports_against_records,
    rollup::Rows,
    scan::{Asked, Credited, Sum, Sums, add_stated},
    select::Rule,
    status::{Judging, percent},
    window::Window,
};
use crate::{
    Edge, Lang, LocalDate, MeasureKey, Position, Reference, TargetValue, UnitId, What,
    period::{Closing, OpenedPeriod, Period, Report},
    plan::{Plan, Target},
    programme::{Flow, MeasureDefinition, Programme},
};

pub use super::query::{TallyQuery, TallyRefusal};

/// Every measure of the period, in the programme's order, as of (valid, known).
///
/// # Errors
/// When the reference knows no such programme, or no such open period of it.
pub fn tally(reference: &Reference, facts: &Facts, query: &TallyQuery) -> Result<PeriodTally, TallyRefusal> {
    tally_of(reference, &[facts], query)
}

/// The same over several lots of facts, none of which has to be copied.
pub(super) fn tally_of(
    reference: &Reference,
    sources: &[&Facts],
    query: &TallyQuery,
) -> Result<PeriodTally, TallyRefusal> {
    let question = Question::new(reference, query)?;
    let asked = question.asked(sources);
    let rules: Vec<_> = question.measures.iter().map(|measure| measure.rule.clone()).collect();
    let sums = asked.sums(&rules);
    let mut anything = question.window.credited(&sums);
    anything.append(&mut question.credited_after(sources, &rules));
    let received = question.received(&asked);
    let measures = question.measures.iter().zip(&sums);
    let measures = measures.map(|(measure, sums)| (measure, (sums, received.get(measure.key))));
    Ok(PeriodTally {
        programme: query.programme.clone(),
        period: query.period.clone(),
        whole_of: query.whole_of(reference, question.valid),
        as_of: AsOf {
            valid: question.valid,
            known_position: query.known.unwrap_or_else(|| question.last_position(sources)),
            known_at: None,
            lens: Lens::AsKnown,
        },
        judged_on: query.judged_on,
        provisional: question.closing().is_none(),
        closing: question.closing(),
        first_day: question.period.first_day,
        last_day: question.period.last_day,
        since: None,
        last_year: None,
        measures: measures.map(|(measure, counted)| question.answer(&asked, measure, counted, &anything)).collect(),
    })
}

/// A query, with all of the reference that it touches.
pub(super) struct Question<'a> {
    reference: &'a Reference,
    query: &'a TallyQuery,
    period: &'a OpenedPeriod,
    valid: LocalDate,
    pub(super) window: Window,
    pub(super) measures: Vec<Measure<'a>>,
}

/// One measure of the programme with its plan in the period.
pub(super) struct Measure<'a> {
    pub(super) key: &'a MeasureKey,
    pub(super) rule: Rule<'a>,
    /// The version whose names are shown: that of the day asked about, or the first.
    shown: &'a MeasureDefinition,
    plan: &'a Plan,
    principal: Option<UnitId>,
}

impl<'a> Question<'a> {
    pub(super) fn new(reference: &'a Reference, query: &'a TallyQuery) -> Result<Self, TallyRefusal> {
        let programme = reference
            .programme(&query.programme)
            .filter(|programme| programme.is_established())
            .ok_or_else(|| TallyRefusal::ProgrammeUnknown(query.programme.clone()))?;
        let period = reference
            .period(&query.programme, &query.period)
            .ok_or_else(|| TallyRefusal::PeriodUnknown(query.programme.clone(), query.period.clone()))?;
        let valid = period.nearest(query.valid);
        let measures = programme.measures().filter_map(|key| Measure::new(reference, query, programme, key));
        let measures: Vec<_> = measures.filter(|measure| measure.rule.versions()[0].from <= period.last_day).collect();
        let window = window(reference, period, valid, &measures);
        Ok(Self { reference, query, period, valid, window, measures })
    }

    pub(super) fn asked<'s>(&'s self, sources: &'s [&'s Facts]) -> Asked<'s> {
        let (first_day, known) = (self.period.first_day, self.query.known);
        Asked { sources, window: &self.window, first_day, since: None, known, cases: OnceCell::new() }
    }

    /// Where something was credited after the day asked about, where silence is a status: whoever recorded it in time was not silent, whatever
    /// day is asked about.
    fn credited_after(&self, sources: &[&Facts], rules: &[Rule<'_>]) -> BTreeSet<Credited> {
        if !self.period.reports_required || self.valid >= self.period.last_day {
            return BTreeSet::new();
        }
        let from = self.valid.tomorrow();
        let window = window_of(self.reference, from, self.period.last_day, &self.measures);
        let known = self.query.known;
        let after = Asked { sources, window: &window, first_day: from, since: None, known, cases: OnceCell::new() };
        window.credited(&after.sums(rules))
    }

    pub(super) fn measure(&self, key: &MeasureKey) -> Result<&Measure<'a>, TallyRefusal> {
        let unknown = || TallyRefusal::MeasureUnknown(self.query.programme.clone(), key.clone());
        self.measures.iter().find(|measure| measure.key == key).ok_or_else(unknown)
    }

    /// The same question, with a day before which an epoch ends.
    pub(super) fn cut_before(mut self, day: LocalDate) -> Self {
        self.window = self.window.cut([day]);
        self
    }

    fn last_position(&self, sources: &[&Facts]) -> Position {
        sources.iter().map(|facts| facts.position()).fold(self.reference.position, Position::max)
    }

    /// The rows of a measure's own table: those of the principal assigner.
    pub(super) fn rows(&self, measure: &Measure<'_>) -> Rows<'_> {
        let (structure, window) = (&self.reference.structure, &self.window);
        match measure.principal {
            None => Rows::empty(structure, window),
            Some(principal) => Rows::of_assigner(structure, window, measure.plan, principal, self.valid).with_beside(
                measure.plan,
                principal,
                self.valid,
            ),
        }
    }

    /// How many were received of those whom a measure counts when they are admitted.
    fn received(&self, asked: &Asked<'_>) -> BTreeMap<&MeasureKey, ByPlace> {
        let by_admission =
            |measure: &&Measure<'_>| measure.shown.by == What::Admitted && measure.shown.flow == Flow::Gross;
        let measures: Vec<_> = self.measures.iter().filter(by_admission).collect();
        let rules: Vec<_> = measures.iter().map(|measure| &measure.rule).collect();
        let received = asked.received(&rules, self.query.judged_on);
        measures.into_iter().map(|measure| measure.key).zip(received).collect()
    }

    fn answer(
        &self,
        asked: &Asked<'_>,
        measure: &Measure<'_>,
        (sums, received): (&Sums, Option<&ByPlace>),
        anything: &BTreeSet<Credited>,
    ) -> MeasureTally {
        let rows = self.rows(measure);
        let mut cells = self.cells(measure, &rows, measure.principal, sums, anything);
        hold_reports_against_records(asked, &measure.rule, &rows, &mut cells);
        if let Some(received) = received {
            without_ceremony(received, &rows, &mut cells);
        }
        let whole = self.judging().whole(&cells);
        let total = cells.iter().map(|cell| cell.actual).sum::<i64>();
        let plans = self.other_plans(measure, sums, anything);
        let discrepancies = self.discrepancies(measure, &cells, whole.plan, total);
        let shown = measure.rule.shown(measure.shown).iter();
        let mut of_which: BTreeMap<_, _> = shown.map(|of| (*of, Stated::default())).collect();
        cells.iter().for_each(|cell| add_stated(&mut of_which, &cell.of_which));
        MeasureTally {
            measure: measure.key.clone(),
            name: measure.shown.name(Lang::Vi).to_owned(),
            name_en: measure.shown.name(Lang::En).to_owned(),
            noun: measure.shown.noun_vi.clone(),
            assigner: measure.principal,
            outside_plan: total - whole.actual,
            total,
            of_which,
            without_ceremony: cells.iter().filter_map(|cell| cell.without_ceremony).reduce(|a, b| a + b),
            in_span: None,
            last_year: None,
            whole,
            cells,
            plans,
            discrepancies,
        }
    }

    fn judging(&self) -> Judging {
        Judging {
            on: self.query.judged_on,
            reports_required: self.period.reports_required,
            ever_closed: !self.period.standing.closings().is_empty(),
        }
    }

    /// The closing by which the period is closed on the day judged on.
    fn closing(&self) -> Option<Closing> {
        self.period.standing.closed_on(self.query.judged_on)
    }

    /// Whether a record at a position came behind a closing of the period.
    pub(super) fn is_late(&self, position: Position) -> bool {
        self.period.standing.is_late(position)
    }

    pub(super) fn knows(&self, position: Position) -> bool {
        self.query.known.is_none_or(|known| position <= known)
    }

    pub(super) fn looks_at(&self, day: LocalDate) -> bool {
        day <= self.valid
    }

    fn reports(&self) -> Option<&BTreeMap<UnitId, Report>> {
        let key = (self.query.programme.clone(), self.query.period.clone());
        self.reference.periods.get(&key).map(Period::reports).filter(|reports| !reports.is_empty())
    }

    /// A cell for each row, in official order.
    fn cells(
        &self,
        measure: &Measure<'_>,
        rows: &Rows<'_>,
        assigner: Option<UnitId>,
        sums: &Sums,
        anything: &BTreeSet<Credited>,
    ) -> Vec<Cell> {
        let reported = self.reported(rows, anything);
        let reports = self.reports();
        let target = |unit| measure.plan.target(assigner?, unit).filter(|_| rows.is_holder(unit));
        let cell = |(unit, sum): (UnitId, Sum)| {
            let target = target(unit);
            let due_on = target.and_then(Target::due_on).unwrap_or(self.period.last_day);
            let report = reports.and_then(|reports| reports.get(&unit)).copied();
            let recorded = reported.get(&unit).is_some_and(|first| *first <= due_on);
            let reported = recorded || report.is_some_and(|report| due_on <= report.up_to);
            self.cell(unit, sum, target, Due { on: due_on, reported, report })
        };
        let mut cells: Vec<_> = rows.roll_up(sums).into_iter().map(cell).collect();
        let order = |unit| self.reference.structure.unit(unit).map_or(u32::MAX, |unit| unit.display_order);
        cells.sort_by_cached_key(|cell| (order(cell.committee), cell.committee));
        cells
    }

    /// For each row the first day for which anything of the programme was recorded, as far as epochs tell days apart.
    fn reported(&self, rows: &Rows<'_>, anything: &BTreeSet<Credited>) -> BTreeMap<UnitId, LocalDate> {
        let mut first = BTreeMap::new();
        for &(unit, day) in anything.iter().filter(|(_, day)| *day >= self.period.first_day) {
            let known = first.entry(rows.row_on(unit, day)).or_insert(day);
            *known = day.min(*known);
        }
        first
    }

    fn cell(&self, unit: UnitId, sum: Sum, target: Option<&Target>, due: Due) -> Cell {
        let value = target.and_then(|target| target.value_on(self.valid));
        let first = target.and_then(Target::first_value).filter(|first| value.is_some_and(|value| value != *first));
        let structure = &self.reference.structure;
        Cell {
            committee: unit,
            code: structure.code_on(unit, self.valid).map(str::to_owned),
            name: structure.name_on(unit, self.valid).map_or_else(|| unit.to_string(), str::to_owned),
            kind: structure.kind_on(unit, self.valid),
            led_by: structure.parent_on(unit, Edge::LedBy, self.valid),
            actual: sum.n,
            plan: value.map(TargetValue::floor),
            target: value,
            first_target: first,
            percent: value.and_then(|value| single_percent(sum.n, value)),
            percent_of_first: first.and_then(|first| single_percent(sum.n, first)),
            status: value.map_or(Status::NoTarget, |value| self.judging().cell(sum.n, value, due.on, due.reported)),
            due_on: value.map(|_| due.on),
            reported: due.reported,
            report: due.report.map(|report| CellReport {
                number: report.number,
                up_to: report.up_to,
                nil: report.nil,
                position: report.position,
                approved: report.approved,
                outdated_by: 0,
                contradicted_by: None,
            }),
            of_which: sum.of_which,
            without_ceremony: None,
            in_span: None,
            last_year: None,
            position: sum.position,
        }
    }

    /// What assigners other than the principal one gave, each rolled up to its own holders.
    fn other_plans(&self, measure: &Measure<'_>, sums: &Sums, anything: &BTreeSet<Credited>) -> Vec<OtherPlan> {
        let structure = &self.reference.structure;
        let assigners: BTreeSet<_> = measure.plan.targets().map(|(assigner, ..)| assigner).collect();
        let others = assigners.into_iter().filter(|assigner| Some(*assigner) != measure.principal);
        let plan = |assigner| {
            let rows = Rows::of_assigner(structure, &self.window, measure.plan, assigner, self.valid);
            let mut cells = self.cells(measure, &rows, Some(assigner), sums, anything);
            cells.retain(|cell| cell.plan.is_some());
            OtherPlan {
                assigner,
                assigner_name: structure.name_on(assigner, self.valid).unwrap_or_default().to_owned(),
                whole: self.judging().whole(&cells),
                cells,
            }
        };
        others.map(plan).filter(|plan| !plan.cells.is_empty()).collect()
    }

    fn discrepancies(&self, measure: &Measure<'_>, cells: &[Cell], sum: u64, total: i64) -> Vec<Discrepancy> {
        let ended = cells.iter().filter_map(|cell| {
            let ended_on = self.reference.structure.ended_on(cell.committee).filter(|day| *day <= self.valid)?;
            let (committee, name) = (cell.committee, cell.name.clone());
            Some(Discrepancy::HolderEnded { committee, name, ended_on, actual: cell.actual, plan: cell.plan? })
        });
        let headlines = measure.plan.targets().filter_map(|(assigner, holder, target)| {
            let headline = target.value_on(self.valid)?.floor();
            let differs = Some(holder) == measure.principal && u64::from(headline) != sum;
            let percent_of_headline = percent(total, headline.into());
            differs.then_some(Discrepancy::HeadlineDiffers { assigner, headline, sum, percent_of_headline })
        });
        ended.chain(headlines).collect()
    }
}

#[derive(Clone, Copy)]
struct Due {
    on: LocalDate,
    reported: bool,
    report: Option<Report>,
}

impl<'a> Measure<'a> {
    /// `None` for a measure without a version.
    fn new(
        reference: &'a Reference,
        query: &TallyQuery,
        programme: &'a Programme,
        key: &'a MeasureKey,
    ) -> Option<Self> {
        let timeline = programme.versions(key)?;
        let versions: Vec<_> = timeline.spans().map(|span| span.value).collect();
        let shown = timeline.at(query.valid).or_else(|| timeline.first())?;
        Some(Self {
            key,
            rule: Rule::new(versions, programme.host_kinds()),
            shown,
            plan: reference.targets_of(&query.programme, &query.period, key),
            principal: reference.principal(&query.programme, &query.period, key),
        })
    }
}

fn without_ceremony(received: &ByPlace, rows: &Rows<'_>, cells: &mut [Cell]) {
    let mut by_row: BTreeMap<UnitId, i64> = BTreeMap::new();
    for (place, n) in received {
        *by_row.entry(rows.row_of(*place)).or_default() += n;
    }
    for cell in cells {
        let done = by_row.get(&cell.committee).copied().unwrap_or(0);
        cell.without_ceremony = Some((cell.actual - done).max(0));
    }
}

/// A range prints no single percentage.
fn single_percent(actual: i64, value: TargetValue) -> Option<String> {
    match value {
        TargetValue::Exactly(n) | TargetValue::AtLeast(n) => percent(actual, n.into()),
        TargetValue::Between(_) => None,
    }
}

/// From the period's first day, or for a stock from the beginning, to `valid`; cut where anything changes that decides where a fact counts.
fn window(reference: &Reference, period: &OpenedPeriod, valid: LocalDate, measures: &[Measure<'_>]) -> Window {
    let stock = measures.iter().any(|measure| measure.rule.has_stock());
    let from = if stock { LocalDate::FIRST } else { period.first_day };
    window_of(reference, from, valid, measures).cut([period.first_day])
}

fn window_of(reference: &Reference, from: LocalDate, to: LocalDate, measures: &[Measure<'_>]) -> Window {
    let versions = measures.iter().flat_map(|measure| measure.rule.versions().iter().map(|version| version.from));
    let after_due =
        measures.iter().flat_map(|measure| measure.plan.targets()).filter_map(|(.., target)| target.due_on());
    let cuts = reference.structure.edge_days_from(from).chain(versions).chain(after_due.map(LocalDate::tomorrow));
    Window::new(from, to, cuts)
}
