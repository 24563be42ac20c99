//! The customary columns of a report, where somebody asks for them: what took effect in a span, and the same period last year.

use std::sync::Arc;

use domain::{
    LocalDate, Reference, Timestamp,
    fold::{KnownOn, PeriodTally, TallyQuery, YearBefore, year_before},
};
use kit::Problem;

use crate::{
    Portal,
    answers::{Point, unknown},
    api::wrong_parameter,
    scope::Scope,
};

/// Which columns are asked for, beside those that are always there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    /// First day of a span that ends with the day of the figures.
    pub(crate) since: Option<LocalDate>,
    /// Beside the same period last year.
    pub(crate) last_year: bool,
}

/// The columns of one point: the same give the same answer.
pub(crate) struct Resolved {
    columns: Columns,
    year_before: Option<Earlier>,
}

/// The question a year earlier.
struct Earlier {
    /// As known by now.
    query: TallyQuery,
    /// As known by the end of the same day a year earlier; none when nothing had been recorded by then.
    then: Option<Then>,
}

struct Then {
    known: KnownOn,
    /// The ledger has gone on past that day, so it stays.
    settled: bool,
    reference: Arc<Reference>,
}

impl Columns {
    /// As they stand in a query: `compare=last-year`.
    pub(crate) fn asked(since: Option<LocalDate>, compare: Option<&str>) -> Result<Self, Problem> {
        match compare {
            None => Ok(Self { since, last_year: false }),
            Some("last-year") => Ok(Self { since, last_year: true }),
            Some(_) => Err(wrong_parameter(
                "compare",
                "chỉ có `last-year` (cùng kỳ năm trước)",
                "there is `last-year` only: the same period last year",
            )),
        }
    }
}

impl Resolved {
    /// What of it, beside the point, an answer depends on; nothing where no column is asked for.
    pub(crate) fn tag(&self) -> Option<String> {
        let Columns { since, last_year } = self.columns;
        let then = self.year_before.as_ref().and_then(|earlier| earlier.then.as_ref());
        (since.is_some() || last_year).then(|| {
            let period = self.year_before.as_ref().map(|earlier| &earlier.query.period);
            format!("since {since:?} last year {last_year} {period:?} {:?}", then.map(|then| then.known))
        })
    }

    /// Whether what was known a year earlier can still become another.
    pub(crate) fn stays(&self) -> bool {
        self.year_before.as_ref().and_then(|earlier| earlier.then.as_ref()).is_none_or(|then| then.settled)
    }
}

impl Portal {
    /// Which days and positions the columns mean at a point.
    pub(crate) async fn resolve_columns(&self, point: &Point, columns: Columns) -> Result<Resolved, Problem> {
        if let Some(since) = columns.since {
            let period = point.reference.period(&point.query.programme, &point.query.period);
            if period.is_some_and(|period| since < period.first_day || since > point.query.valid) {
                return Err(wrong_parameter(
                    "since",
                    "phải là ngày trong kỳ, không sau ngày của số liệu",
                    "it has to be a day of the period that is no later than that of the figures",
                ));
            }
        }
        let query = columns.last_year.then(|| year_before(&point.reference, &point.query)).flatten();
        let year_before = match query {
            Some(query) => Some(Earlier { then: self.known_a_year_before(&query, point).await?, query }),
            None => None,
        };
        Ok(Resolved { columns, year_before })
    }

    /// What was known by the end of the day on which the earlier question is judged.
    async fn known_a_year_before(&self, query: &TallyQuery, point: &Point) -> Result<Option<Then>, Problem> {
        let on = query.judged_on;
        let end_of_day = Timestamp(on.tomorrow().begins_at().0 - 1);
        let known = self.known_at(end_of_day).await?;
        let position = known.position.min(point.position());
        let reference = self.reference_at(position).await?;
        let opened = reference.period(&query.programme, &query.period).is_some();
        Ok(opened.then_some(Then { known: KnownOn { on, position }, settled: known.settled, reference }))
    }

    /// Puts the columns beside the figures of a point, as somebody sees them.
    pub(crate) fn put_columns(
        &self,
        tally: &mut PeriodTally,
        point: &Point,
        columns: &Resolved,
        scope: &Scope,
    ) -> Result<(), Problem> {
        if let Some(since) = columns.columns.since {
            let spans = self.deps.tallies.in_span(&point.reference, &point.query, since);
            tally.put_span(since, &spans.map_err(|error| unknown(&error))?);
        }
        if columns.columns.last_year {
            self.put_last_year(tally, point, columns.year_before.as_ref(), scope)?;
        }
        Ok(())
    }

    fn put_last_year(
        &self,
        tally: &mut PeriodTally,
        point: &Point,
        earlier: Option<&Earlier>,
        scope: &Scope,
    ) -> Result<(), Problem> {
        let structure = &point.reference.structure;
        let (here, today) = (self.reference(), self.today());
        let sees = |unit| scope.covers(&here.structure, unit, today);
        let Some(Earlier { query, then }) = earlier else {
            tally.put_last_year(None, sees);
            return Ok(());
        };
        let whole = |reference: &Reference, query: &TallyQuery| {
            self.deps.tallies.tally(reference, query).map_err(|error| unknown(&error))
        };
        let now = whole(&point.reference, query)?;
        let then = match then {
            Some(Then { known, reference, .. }) => {
                let query = TallyQuery { known: Some(known.position), ..query.clone() };
                Some((*known, whole(reference, &query)?))
            }
            None => None,
        };
        let then = then.as_ref().map(|(known, tally)| (*known, tally));
        tally.put_last_year(Some(&YearBefore { query, then, now: &now, structure }), sees);
        Ok(())
    }
}
