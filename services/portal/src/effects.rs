//! What a record changes in the figures of those who look, or would: on its day, and again on each later day on which something of it takes effect.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    Event, Kind, LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, Record, Reference, StreamId, TargetValue,
    Trait, UnitId,
    fold::{Cell, CellChange, TallyQuery, diff},
};
use kit::Problem;

use crate::{Portal, answers::Point, scope::Scope};

/// Later days that are looked at; only a change of the structure has more.
const LATER_DAYS: usize = 6;

/// What changes, in the order of periods, days and measures.
#[derive(Default)]
pub(crate) struct Effects {
    /// Of figures that are seen.
    pub(crate) seen: Vec<Effect>,
    /// Whose figures change and are not seen. They are named to whoever sees the case: above it a page tells of a unit by its name alone.
    pub(crate) unseen: BTreeSet<UnitId>,
    /// It is of reference data, which is everybody's, and so its effect is elsewhere for most.
    pub(crate) of_reference: bool,
    /// Nothing is known of it now: what is counted is of another ledger, until somebody rebuilds it.
    pub(crate) unknown: bool,
}

/// A figure that becomes another.
pub(crate) struct Effect {
    pub(crate) period: PeriodKey,
    /// The later day from which it is so; `None`: from the day of the record on.
    pub(crate) from: Option<LocalDate>,
    /// From that day on the figure is as it would be without the record.
    pub(crate) ends: bool,
    /// The period is closed, so what was reported stays.
    pub(crate) closed: bool,
    pub(crate) change: CellChange,
}

impl Portal {
    /// What events would change, of every period that was opened.
    pub(crate) fn would_change(&self, stream: StreamId, events: &[Event], scope: &Scope) -> Result<Effects, Problem> {
        let (reference, today) = (self.reference(), self.today());
        // Recording says for itself whether it can.
        if self.stands().is_err() {
            return Ok(Effects { unknown: true, ..Effects::default() });
        }
        let changes = |programme: &ProgrammeKey, period: &PeriodKey, valid: LocalDate| {
            let (programme, period) = (programme.clone(), period.clone());
            let query = TallyQuery { programme, period, valid, judged_on: today, known: None };
            Ok(self.deps.tallies.what_if(&reference, &query, stream, events).unwrap_or_default())
        };
        let all = effects(&reference, today, events, changes)?;
        Ok(self.parted(all, stream.kind, &reference, scope))
    }

    /// What the record at a position changed when it came.
    pub(crate) async fn changed_by(
        &self,
        position: Position,
        record: &Record,
        scope: &Scope,
    ) -> Result<Effects, Problem> {
        let judged_on = record.recorded_at.local_date();
        let earlier = Position(position.0.saturating_sub(1));
        let (before, after) = (self.reference_at(earlier).await?, self.reference_at(position).await?);
        let changes = |programme: &ProgrammeKey, period: &PeriodKey, valid: LocalDate| {
            let tally = |reference: &Arc<Reference>, known: Position| {
                let (programme, period) = (programme.clone(), period.clone());
                let query = TallyQuery { programme, period, valid, judged_on, known: Some(known) };
                self.tally(&Point::new(query, reference.clone()), &Scope::All)
            };
            Ok(diff(&tally(&before, earlier)?, &tally(&after, position)?))
        };
        let all = effects(&before, judged_on, &record.events, changes)?;
        Ok(self.parted(all, record.stream.kind, &after, scope))
    }

    fn parted(&self, all: Vec<Effect>, kind: Kind, reference: &Reference, scope: &Scope) -> Effects {
        let today = self.today();
        let sees = |effect: &Effect| scope.covers(&reference.structure, effect.change.committee, today);
        let (seen, unseen): (Vec<_>, Vec<_>) = all.into_iter().partition(sees);
        let unseen = unseen.into_iter().map(|effect| effect.change.committee).collect();
        Effects { seen, unseen, of_reference: kind.is_reference(), unknown: false }
    }
}

fn effects(
    reference: &Reference,
    today: LocalDate,
    events: &[Event],
    changes: impl Fn(&ProgrammeKey, &PeriodKey, LocalDate) -> Result<Vec<CellChange>, Problem>,
) -> Result<Vec<Effect>, Problem> {
    let days = days_of(events);
    let mut effects = Vec::new();
    for (programme, period) in reference.periods.keys() {
        let Some(opened) = reference.period(programme, period) else { continue };
        let now = opened.nearest(today);
        let later = days.iter().copied().filter(|day| now < *day && *day <= opened.last_day).take(LATER_DAYS);
        let closed = opened.standing.closed_on(today).is_some();
        let mut shown = BTreeMap::new();
        for valid in std::iter::once(now).chain(later) {
            let found = changes(programme, period, valid)?;
            let found = found.into_iter().filter_map(|change| Some((Step::of(&change)?, change)));
            let found: Vec<(Step, CellChange)> = found.collect();
            let from = (valid > today).then_some(valid);
            let effect = |change, ends| Effect { period: period.clone(), from, ends, closed, change };
            effects.extend(steps(&mut shown, found).into_iter().map(|(change, ends)| effect(change, ends)));
        }
    }
    Ok(effects)
}

/// On which something of them takes effect, or would have without them.
fn days_of(events: &[Event]) -> BTreeSet<LocalDate> {
    let counted = events.iter().flat_map(|event| {
        let (takes, adds) = event.body.counts();
        takes.iter().chain(adds).map(|counted| counted.effective_on)
    });
    counted.chain(events.iter().map(|event| event.effective_on)).collect()
}

type Shown = BTreeMap<(MeasureKey, UnitId), (Step, CellChange)>;

/// What is another on a day than on the day before it, and whether it is as it would be without the record.
fn steps(shown: &mut Shown, found: Vec<(Step, CellChange)>) -> Vec<(CellChange, bool)> {
    let key = |change: &CellChange| (change.measure.clone(), change.committee);
    let keys: BTreeSet<_> = found.iter().map(|(_, change)| key(change)).collect();
    let mut steps = Vec::new();
    for (step, change) in found {
        let before = shown.insert(key(&change), (step.clone(), change.clone()));
        if before.is_none_or(|(before, _)| before != step) {
            steps.push((change, false));
        }
    }
    let ended: Vec<_> = shown.keys().filter(|key| !keys.contains(key)).cloned().collect();
    steps.extend(ended.iter().filter_map(|key| shown.remove(key)).map(|(_, change)| (change, true)));
    steps
}

/// By how much a cell is another, in all that pages show of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    actual: i64,
    targets: [Option<TargetValue>; 2],
    without_ceremony: i64,
    of_which: BTreeMap<Trait, (i64, i64)>,
}

impl Step {
    /// `None` where nothing that is shown differs.
    fn of(change: &CellChange) -> Option<Self> {
        let cells = [change.before.as_ref(), change.after.as_ref()];
        let [before, after] = cells;
        let by = |of: fn(&Cell) -> i64| after.map_or(0, of) - before.map_or(0, of);
        let traits = cells.into_iter().flatten().flat_map(|cell| cell.of_which.keys().copied());
        let stated = |cell: Option<&Cell>, of: Trait| {
            cell.and_then(|cell| cell.of_which.get(&of)).map_or((0, 0), |stated| (stated.n, stated.stated))
        };
        let of_which = traits.collect::<BTreeSet<_>>().into_iter().map(|of| {
            let (old, new) = (stated(before, of), stated(after, of));
            (of, (new.0 - old.0, new.1 - old.1))
        });
        let step = Self {
            actual: by(|cell| cell.actual),
            targets: cells.map(|cell| cell.and_then(|cell| cell.target)),
            without_ceremony: by(|cell| cell.without_ceremony.unwrap_or(0)),
            of_which: of_which.filter(|(_, by)| *by != (0, 0)).collect(),
        };
        let [old, new] = step.targets;
        let differs = step.actual != 0 || old != new || step.without_ceremony != 0 || !step.of_which.is_empty();
        differs.then_some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(actual: [i64; 2]) -> (Step, CellChange) {
        let measure = "party_org".parse().unwrap();
        let [before, after] = actual;
        let change =
            CellChange { measure, committee: UnitId(uuid::Uuid::nil()), name: "x".into(), before: None, after: None };
        let step =
            Step { actual: after - before, targets: [None, None], without_ceremony: 0, of_which: BTreeMap::new() };
        (step, change)
    }

    #[test]
    fn a_later_day_is_told_when_it_brings_another_difference_or_ends_it() {
        let mut shown = Shown::new();
        let told = |shown: &mut Shown, found: Vec<(Step, CellChange)>| {
            steps(shown, found).into_iter().map(|(_, ends)| ends).collect::<Vec<_>>()
        };
        assert_eq!(told(&mut shown, vec![change([20, 21])]), [false]);
        assert_eq!(told(&mut shown, vec![change([22, 23])]), [] as [bool; 0]);
        assert_eq!(told(&mut shown, vec![change([22, 24])]), [false]);
        assert_eq!(told(&mut shown, Vec::new()), [true]);
        assert_eq!(told(&mut shown, Vec::new()), [] as [bool; 0]);
    }
}
