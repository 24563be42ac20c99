//! Pure projections: facts in columns, the tally computed from them, and the audit trail.

mod answer;
mod fact;

mod columns;
mod row;
mod segment;
mod shape;

mod cases;
mod ceremony;
mod query;
mod receptions;
mod reports;
mod rollup;
mod scan;
mod select;
mod status;
mod tally;
mod terms;
mod window;

mod compared;
mod explain;
mod lines;
mod what_if;

mod last_year;
mod span;

mod carried;
mod restate;
mod restated_tally;
mod ways;

mod trail;
mod words;

pub use answer::*;
pub use columns::{Facts, Mark, PartitionYear, SEGMENT_FACTS};
pub use explain::{
    Differences, EXPLANATION_VERSION, ExplainedCell, ExplainedMeasure, FromTo, Part, Piece, PlanChange, State, Why,
};
pub use fact::{Fact, facts_of};
pub use last_year::{Against, Compared, KnownOn, LastYear, MeasureLastYear, YearBefore, year_before};
pub use lines::{Line, LinePage, RestatedCount, line_page, lines, restated_lines};
pub use restate::{Counts, Restated, restate};
pub use restated_tally::{RestatedCell, RestatedMeasure, restated_tally};
pub use row::{FactRow, RowError};
pub use segment::SegmentError;
pub use span::{InSpan, Spans, in_span};
pub use status::{Judging, units};
pub use tally::{TallyQuery, TallyRefusal, tally};
pub use trail::{TrailCount, TrailRow, trail};
pub(crate) use ways::whereabouts;
pub use what_if::{CellChange, Changed, Gone, changed_measures, diff, what_if};
pub use words::{EVENT_WORDS, EventWord};

#[cfg(test)]
mod tests;
