//! What is told instead of an answer when waiting does not help: a view has stopped or is of another ledger, or a record cannot be read.

use std::time::Duration;

use domain::Position;
use journal::Progress;
use kit::{Problem, problem};

use crate::{
    Portal,
    answers::{behind, unreadable},
    ports::ViewStopped,
};

/// Until somebody has mended it; then the next question is answered.
const MENDED_AFTER: Duration = Duration::from_secs(30);

impl ViewStopped {
    pub(crate) fn problem(&self) -> Problem {
        let Self { view, at, why, foreign } = self;
        let vi = if *foreign {
            format!(
                "Dữ liệu của bảng tổng hợp `{view}` dựng tới vị trí {at} của một sổ khác, không phải sổ này. Báo người quản trị chạy `socai rebuild {view}`, rồi hỏi lại."
            )
        } else {
            format!(
                "Bảng tổng hợp `{view}` đã dừng ở vị trí {at}; hỏi lại cũng chưa qua được. Báo người quản trị; lý do nêu tại /readyz."
            )
        };
        let en = format!(
            "The view `{view}` stopped at position {at}: {why}. Tell the administrator; asking again alone does not help."
        );
        Problem::new(problem::VIEW_STOPPED, vi, en).position(*at).retry_after(MENDED_AFTER)
    }
}

impl Portal {
    /// Whether there are facts of this ledger to answer from.
    pub(crate) fn stands(&self) -> Result<(), Problem> {
        let tallies = &self.deps.tallies;
        match tallies.stopped() {
            Some(stopped) if stopped.foreign || tallies.position() == Position::START => Err(stopped.problem()),
            _ => Ok(()),
        }
    }

    /// Why the facts are not at a position that the ledger has come to.
    pub(crate) fn facts_behind(&self, position: Position, reached: Position) -> Problem {
        self.stopped_before(position).unwrap_or_else(|| behind(position, reached))
    }

    /// The same of the trail.
    pub(crate) fn trail_behind(&self, position: Position, reached: Position) -> Problem {
        let stopped = self.deps.trail.stopped().map(|stopped| stopped.problem());
        stopped.or_else(|| self.unreadable_before(position)).unwrap_or_else(|| behind(position, reached))
    }

    /// Why the facts do not come to a position, if waiting does not help.
    pub(crate) fn stopped_before(&self, position: Position) -> Option<Problem> {
        let stopped = self.deps.tallies.stopped().map(|stopped| stopped.problem());
        stopped.or_else(|| self.unreadable_before(position))
    }

    /// Why this process does not hear of a position.
    pub(crate) fn not_followed(&self, position: Position) -> Problem {
        self.unreadable_before(position).unwrap_or_else(unreadable)
    }

    /// The record at which this process has stopped, if it comes no later than a position.
    fn unreadable_before(&self, position: Position) -> Option<Problem> {
        match &*self.deps.live.progress().borrow() {
            Progress::Stopped { position: before, .. } if *before < position => Some(record_unreadable(before.next())),
            _ => None,
        }
    }
}

/// Not what is wrong with it: that is logged.
pub(crate) fn record_unreadable(position: Position) -> Problem {
    Problem::new(
        problem::RECORD_UNREADABLE,
        format!(
            "Bản ghi ở vị trí {position} không đọc được bằng phiên bản này, hỏi lại cũng vậy. Báo người quản trị; những gì đứng trước vị trí đó vẫn đọc được."
        ),
        format!(
            "The record at position {position} cannot be read by this version, and asking again does not help. Tell the administrator; what comes before it can be read."
        ),
    )
    .position(position)
}
