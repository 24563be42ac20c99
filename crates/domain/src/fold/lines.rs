//! The facts that make a number (law 13): their sum is the number.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Facts,
    scan::{Asked, Selected},
    tally::{Measure, Question, TallyQuery, TallyRefusal},
    ways::Ways,
};
use crate::{LocalDate, MeasureKey, OfWhich, Position, Reference, StreamId, UnitId, What, structure::Structure};

/// One fact of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Line {
    /// 1, 2, 3 … within the number, in order of positions; the same for ever at a given `known`.
    pub line: u64,
    pub position: Position,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub stream: StreamId,
    pub what: What,
    pub effective_on: LocalDate,
    /// The unit credited: the row's own or one under it.
    pub unit: UnitId,
    /// What it adds to the number; negative when it takes away.
    pub n: i64,
    /// The number up to this line.
    pub sum: i64,
    #[cfg_attr(feature = "schema", schema(inline))]
    pub of_which: OfWhich,
    pub place: Option<String>,
    /// It came behind a closing of the period: not in what was reported then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// A part of many lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LinePage {
    pub lines: Vec<Line>,
    /// How many there are in all.
    pub count: u64,
    /// What all of them sum to: the number itself.
    pub sum: i64,
    /// Ask for the lines after this one; none when this page is the last.
    pub next_after: Option<u64>,
}

/// The facts of one cell, in order of positions.
///
/// # Errors
/// As [`super::tally`], and when the programme has no such measure.
pub fn lines(
    reference: &Reference,
    facts: &Facts,
    query: &TallyQuery,
    measure: &MeasureKey,
    holder: UnitId,
) -> Result<Vec<Line>, TallyRefusal> {
    let question = Question::new(reference, query)?;
    let measure = question.measure(measure)?;
    let rows = question.rows(measure);
    let sources = [facts];
    let mut row_of = BTreeMap::new();
    let of_holder =
        |counted: &Selected<'_>| *row_of.entry(counted.place).or_insert_with_key(|place| rows.row_of(*place)) == holder;
    Ok(lines_of(&question, &question.asked(&sources), measure, of_holder))
}

/// Which of the counts under the units of a later day.
#[derive(Clone, Copy, Debug)]
pub struct RestatedCount<'a> {
    pub structure: &'a Structure,
    pub to: LocalDate,
    /// Units of the later day; where `placed` is false, units that were credited then.
    pub units: &'a BTreeSet<UnitId>,
    /// What was carried to these units; otherwise what was left of them because nothing says where it is.
    pub placed: bool,
}

/// The facts of a count of [`super::restated_tally`], in order of positions.
///
/// # Errors
/// As [`lines`].
pub fn restated_lines(
    reference: &Reference,
    facts: &Facts,
    query: &TallyQuery,
    measure: &MeasureKey,
    of: RestatedCount<'_>,
) -> Result<Vec<Line>, TallyRefusal> {
    let question = Question::new(reference, query)?;
    let measure = question.measure(measure)?;
    let mut ways = Ways::new(of.structure, of.to);
    let window = question.window.cut(ways.cuts());
    let sources = [facts];
    let asked = Asked { window: &window, ..question.asked(&sources) };
    let wanted = |counted: &Selected<'_>| {
        let (credited, epoch) = counted.place;
        match ways.find(credited, window.day(epoch), counted.partition.place(counted.number)) {
            Some(unit) => of.placed && of.units.contains(&unit),
            None => !of.placed && of.units.contains(&credited),
        }
    };
    Ok(lines_of(&question, &asked, measure, wanted))
}

fn lines_of(
    question: &Question<'_>,
    asked: &Asked<'_>,
    measure: &Measure<'_>,
    mut wanted: impl FnMut(&Selected<'_>) -> bool,
) -> Vec<Line> {
    let mut lines = Vec::new();
    asked.each(&measure.rule, |counted| {
        if !wanted(&counted) {
            return;
        }
        let fact = counted.partition.fact(counted.number);
        lines.push(Line {
            line: 0,
            position: fact.position,
            stream: fact.stream,
            what: fact.countable.what,
            effective_on: fact.effective_on,
            unit: fact.unit,
            n: counted.n,
            sum: 0,
            of_which: fact.of_which,
            place: fact.place,
            late: question.is_late(fact.position),
        });
    });
    // Partitions come one after the other; within a position their order is that of the years.
    lines.sort_by_key(|line| line.position);
    let mut sum = 0;
    for (number, line) in (1..).zip(&mut lines) {
        sum += line.n;
        (line.line, line.sum) = (number, sum);
    }
    lines
}

/// The lines after line `after`, at most `limit`.
pub fn line_page(lines: Vec<Line>, after: u64, limit: usize) -> LinePage {
    let count = lines.len() as u64;
    let sum = lines.last().map_or(0, |line| line.sum);
    let skip = usize::try_from(after).unwrap_or(usize::MAX);
    let lines: Vec<_> = lines.into_iter().skip(skip).take(limit).collect();
    let next_after = lines.last().map(|line| line.line).filter(|last| *last < count);
    LinePage { lines, count, sum, next_after }
}
