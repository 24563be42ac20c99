//! What took effect in a part of the period, beside what has accumulated from its first day on (DOMAIN §6.1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Cell, Facts, PeriodTally,
    tally::{Question, TallyQuery, TallyRefusal},
};
use crate::{LocalDate, MeasureKey, Reference, UnitId};

/// What took effect in a span, of a measure's whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InSpan {
    /// Of the holders with a plan.
    pub actual: i64,
    pub outside_plan: i64,
    /// `actual` and `outside_plan`.
    pub total: i64,
}

/// By measure and row: what took effect in a span.
pub type Spans = BTreeMap<MeasureKey, BTreeMap<UnitId, i64>>;

/// What took effect from `since` to the day of the query, in the rows of its tally. Of a stock it is what it grew by.
///
/// # Errors
/// As [`super::tally`].
pub fn in_span(
    reference: &Reference,
    facts: &Facts,
    query: &TallyQuery,
    since: LocalDate,
) -> Result<Spans, TallyRefusal> {
    let question = Question::new(reference, query)?.cut_before(since);
    let sources = [facts];
    let asked = super::scan::Asked { since: Some(since), ..question.asked(&sources) };
    let rules: Vec<_> = question.measures.iter().map(|measure| measure.rule.clone()).collect();
    let sums = asked.sums(&rules);
    let spans = question.measures.iter().zip(&sums).map(|(measure, sums)| {
        let rows = question.rows(measure).roll_up(sums);
        (measure.key.clone(), rows.into_iter().map(|(unit, sum)| (unit, sum.n)).collect())
    });
    Ok(spans.collect())
}

impl PeriodTally {
    /// Puts what took effect from `since` on beside what has accumulated; the wholes are those of the cells that are there.
    pub fn put_span(&mut self, since: LocalDate, spans: &Spans) {
        self.since = Some(since);
        for measure in &mut self.measures {
            let rows = spans.get(&measure.measure);
            for cell in &mut measure.cells {
                cell.in_span = Some(rows.and_then(|rows| rows.get(&cell.committee)).copied().unwrap_or(0));
            }
            measure.in_span = Some(InSpan::of(&measure.cells));
        }
    }
}

impl InSpan {
    fn of(cells: &[Cell]) -> Self {
        let sum =
            |of: &dyn Fn(&Cell) -> bool| cells.iter().filter(|cell| of(cell)).filter_map(|cell| cell.in_span).sum();
        let (actual, total): (i64, i64) = (sum(&|cell| cell.plan.is_some()), sum(&|_| true));
        Self { actual, outside_plan: total - actual, total }
    }
}
