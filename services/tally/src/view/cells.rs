//! The current cells as plain rows, and a bounded feed of which of them changed. Derived by the one tally function, never counted apart.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, Reference, UnitId,
    fold::{Cell, Facts, PeriodTally, TallyQuery, tally},
    period::OpenedPeriod,
    programme::{Flow, Programme},
    timeline::Timeline,
};
use sqlx::{AnyConnection, Row, any::AnyRow};
use views::{Sink, insert_rows};

use crate::CellDifference;

/// Status is not stored: it depends on the day of whoever asks.
pub(super) const TABLES: &str = "
    create table cell (
        programme text not null, period text not null, measure text not null, unit {bytes} not null,
        actual bigint not null, plan_floor bigint, plan_ceiling bigint, due_day bigint, position bigint not null,
        primary key (programme, period, measure, unit));
    create table change (
        position bigint not null, programme text not null, period text not null, measure text not null, unit {bytes} not null,
        primary key (position, programme, period, measure, unit))";

/// Changes older than so many positions are forgotten; who missed them reads all cells.
const CHANGES_KEPT: u64 = 10_000;

type PeriodOf = (ProgrammeKey, PeriodKey);
type CellKey = (MeasureKey, UnitId);

/// What is stored of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CellRow {
    actual: i64,
    /// Lower and upper end of the plan; the same unless it is a range.
    plan: Option<(u32, u32)>,
    due_on: Option<LocalDate>,
    position: Position,
}

/// The rows as they stand.
#[derive(Default)]
pub(crate) struct Cells(BTreeMap<PeriodOf, BTreeMap<CellKey, CellRow>>);

impl std::fmt::Display for CellRow {
    /// `5/3`, `5/3–4` for a range, `5` without a plan.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.plan {
            None => write!(f, "{}", self.actual),
            Some((floor, ceiling)) if floor == ceiling => write!(f, "{}/{floor}", self.actual),
            Some((floor, ceiling)) => write!(f, "{}/{floor}–{ceiling}", self.actual),
        }
    }
}

/// How many cells the two have together, and which they count differently, in order.
pub(crate) fn difference(other: &Cells, own: &Cells) -> (usize, Vec<CellDifference>) {
    let none = BTreeMap::new();
    let periods: BTreeSet<&PeriodOf> = other.0.keys().chain(own.0.keys()).collect();
    let (mut cells, mut differences) = (0, Vec::new());
    for of in periods {
        let [theirs, ours] = [other, own].map(|all| all.0.get(of).unwrap_or(&none));
        let keys: BTreeSet<&CellKey> = theirs.keys().chain(ours.keys()).collect();
        cells += keys.len();
        for key in keys {
            let counted = |row: &CellRow| (row.actual, row.plan, row.due_on);
            let (theirs, ours) = (theirs.get(key), ours.get(key));
            if theirs.map(counted) != ours.map(counted) {
                let shown = |row: Option<&CellRow>| row.map_or_else(|| "–".to_owned(), CellRow::to_string);
                let ((programme, period), (measure, unit)) = (of.clone(), key.clone());
                differences.push(CellDifference {
                    programme,
                    period,
                    measure,
                    unit,
                    other: shown(theirs),
                    own: shown(ours),
                });
            }
        }
    }
    (cells, differences)
}

/// A cell that is new, other than before, or gone.
pub(super) struct Changed {
    of: PeriodOf,
    key: CellKey,
    now: Option<CellRow>,
}

impl Cells {
    pub(crate) async fn load(rows: &mut AnyConnection) -> anyhow::Result<Self> {
        let mut cells = Self::default();
        for row in sqlx::query(SELECT).fetch_all(rows).await? {
            let (of, key, cell) = read(&row)?;
            cells.0.entry(of).or_default().insert(key, cell);
        }
        Ok(cells)
    }

    /// Computes the periods that a batch can have touched, and takes over what differs.
    pub(super) fn recompute(
        &mut self,
        reference: &Reference,
        facts: &Facts,
        known: Position,
        days: &BTreeSet<LocalDate>,
        reference_changed: bool,
    ) -> Vec<Changed> {
        let mut changed = Vec::new();
        for ((programme, key), period) in reference.periods.iter() {
            let Some(period) = period.opened() else { continue };
            let of = (programme.clone(), key.clone());
            if !(reference_changed || !self.0.contains_key(&of) || touches(reference, programme, period, days)) {
                continue;
            }
            let query = TallyQuery {
                programme: programme.clone(),
                period: key.clone(),
                valid: period.last_day,
                judged_on: period.last_day,
                known: Some(known),
            };
            // A period of a programme that is not established yet has no cells.
            let now = tally(reference, facts, &query).map(|tally| cells_of(&tally)).unwrap_or_default();
            let before = self.0.insert(of.clone(), now.clone()).unwrap_or_default();
            changed.extend(differences(&of, &before, now));
        }
        changed
    }
}

fn touches(reference: &Reference, programme: &ProgrammeKey, period: &OpenedPeriod, days: &BTreeSet<LocalDate>) -> bool {
    let within = days.range(period.first_day..=period.last_day).next().is_some();
    let before = days.first().is_some_and(|first| *first <= period.last_day);
    within || (before && reference.programme(programme).is_some_and(counts_stock))
}

/// A stock counts from the beginning, not from the period's first day.
fn counts_stock(programme: &Programme) -> bool {
    let versions = |measure| programme.versions(measure).into_iter().flat_map(Timeline::spans);
    programme.measures().flat_map(versions).any(|version| version.value.flow == Flow::Stock)
}

fn cells_of(tally: &PeriodTally) -> BTreeMap<CellKey, CellRow> {
    let row = |cell: &Cell| CellRow {
        actual: cell.actual,
        plan: cell.target.map(|target| (target.floor(), target.ceiling())),
        due_on: cell.due_on,
        position: cell.position,
    };
    let measures = tally.measures.iter();
    measures
        .flat_map(|measure| measure.cells.iter().map(|cell| ((measure.measure.clone(), cell.committee), row(cell))))
        .collect()
}

fn differences(of: &PeriodOf, before: &BTreeMap<CellKey, CellRow>, now: BTreeMap<CellKey, CellRow>) -> Vec<Changed> {
    let gone: Vec<_> = before.keys().filter(|key| !now.contains_key(key)).cloned().collect();
    let here = now.into_iter().filter(|(key, cell)| before.get(key) != Some(cell)).map(|(key, cell)| (key, Some(cell)));
    here.chain(gone.into_iter().map(|key| (key, None))).map(|(key, now)| Changed { of: of.clone(), key, now }).collect()
}

pub(super) async fn write(rows: &mut AnyConnection, at: Position, changed: &[Changed]) -> anyhow::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let (here, gone): (Vec<_>, Vec<_>) = changed.iter().partition(|changed| changed.now.is_some());
    let upsert = (
        "insert into cell (programme, period, measure, unit, actual, plan_floor, plan_ceiling, due_day, position)",
        9,
        "on conflict (programme, period, measure, unit) do update set actual = excluded.actual, plan_floor = excluded.plan_floor,
         plan_ceiling = excluded.plan_ceiling, due_day = excluded.due_day, position = excluded.position",
    );
    insert_rows(rows, upsert, &here, |query, changed| {
        let cell = changed.now.as_ref();
        let plan = cell.and_then(|cell| cell.plan);
        query
            .bind(changed.of.0.to_string())
            .bind(changed.of.1.to_string())
            .bind(changed.key.0.to_string())
            .bind(changed.key.1.0.as_bytes().to_vec())
            .bind(cell.map_or(0, |cell| cell.actual))
            .bind(plan.map(|(floor, _)| i64::from(floor)))
            .bind(plan.map(|(_, ceiling)| i64::from(ceiling)))
            .bind(cell.and_then(|cell| cell.due_on).map(|day| i64::from(day.to_days())))
            .bind(cell.map_or(0, |cell| cell.position.0.cast_signed()))
    })
    .await?;
    for Changed { of, key, .. } in gone {
        sqlx::query("delete from cell where programme = $1 and period = $2 and measure = $3 and unit = $4")
            .bind(of.0.to_string())
            .bind(of.1.to_string())
            .bind(key.0.to_string())
            .bind(key.1.0.as_bytes().to_vec())
            .execute(&mut *rows)
            .await?;
    }
    write_changes(rows, at, changed).await
}

async fn write_changes(rows: &mut AnyConnection, at: Position, changed: &[Changed]) -> anyhow::Result<()> {
    let insert = ("insert into change (position, programme, period, measure, unit)", 5, "");
    insert_rows(rows, insert, changed, |query, changed| {
        query
            .bind(at.0.cast_signed())
            .bind(changed.of.0.to_string())
            .bind(changed.of.1.to_string())
            .bind(changed.key.0.to_string())
            .bind(changed.key.1.0.as_bytes().to_vec())
    })
    .await?;
    sqlx::query("delete from change where position <= $1")
        .bind(at.0.saturating_sub(CHANGES_KEPT).cast_signed())
        .execute(rows)
        .await?;
    Ok(())
}

const SELECT: &str =
    "select programme, period, measure, unit, actual, plan_floor, plan_ceiling, due_day, position from cell
    order by programme, period, measure, unit";

fn read(row: &AnyRow) -> anyhow::Result<(PeriodOf, CellKey, CellRow)> {
    let key = |column: usize| row.try_get::<String, _>(column);
    let number = |column: usize| row.try_get::<Option<i64>, _>(column);
    let end = |column| anyhow::Ok(number(column)?.map(u32::try_from).transpose()?);
    let due_on = number(7)?.map(|days| {
        let day = i32::try_from(days).ok().and_then(LocalDate::from_days);
        day.ok_or_else(|| anyhow::anyhow!("{days} is not a day"))
    });
    Ok((
        (key(0)?.parse()?, key(1)?.parse()?),
        (key(2)?.parse()?, UnitId(uuid::Uuid::from_slice(&row.try_get::<Vec<u8>, _>(3)?)?)),
        CellRow {
            actual: row.try_get(4)?,
            plan: end(5)?.zip(end(6)?),
            due_on: due_on.transpose()?,
            position: Position(u64::try_from(row.try_get::<i64, _>(8)?)?),
        },
    ))
}

/// The feed of changes is left out: it is a hint, and depends on batches.
pub(super) async fn dump(rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
    for row in sqlx::query(SELECT).fetch_all(rows).await? {
        sink("cell", format!("{:?}", read(&row)?).as_bytes());
    }
    Ok(())
}
