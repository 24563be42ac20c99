//! What the executor could not do, as problems.

use std::time::Duration;

use journal::{ClockAhead, ExecuteError, NotNow, Sealed};
use tracing::error;

use crate::{Problem, problem};

const TRY_AGAIN: Duration = Duration::from_secs(1);
/// What another look at the ledger or its clock may change.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// The problem that a caller is told; what only an operator can use is logged.
pub fn of_execution(error: &ExecuteError) -> Problem {
    match error {
        ExecuteError::Refused(refusal) => Problem::from(refusal),
        ExecuteError::Stale { actual } => stale(*actual),
        ExecuteError::KeyReused { position } => Problem::new(
            problem::KEY_REUSED,
            format!("Idempotency-Key này đã ghi một nội dung khác ở vị trí {position}; gửi nội dung mới với khoá mới."),
            format!("This Idempotency-Key recorded another body at position {position}; send the new one under a new key."),
        )
        .position(*position),
        // Where it was used is for those who may read it.
        ExecuteError::KeyTaken => Problem::new(
            problem::KEY_REUSED,
            "Idempotency-Key này đã được đơn vị khác dùng; gửi nội dung này với khoá mới.",
            "This Idempotency-Key was used by another office; send this body under a new key.",
        ),
        ExecuteError::Conflict { .. } => Problem::new(
            problem::CONFLICT,
            "Nhiều người đang ghi cùng một hồ sơ; gửi lại với cùng Idempotency-Key.",
            "Others keep writing to the same case; send it again with the same Idempotency-Key.",
        )
        .retry_after(TRY_AGAIN),
        ExecuteError::OutcomeUnknown { .. } => Problem::new(
            problem::OUTCOME_UNKNOWN,
            "Chưa biết lệnh đã được ghi hay chưa; gửi lại đúng nội dung với cùng Idempotency-Key, sẽ không bị ghi hai lần.",
            "It is not known whether the command was recorded; send the same body with the same Idempotency-Key, it will not be recorded twice.",
        )
        .retry_after(TRY_AGAIN),
        ExecuteError::Busy { retry_after } => busy().retry_after(*retry_after),
        ExecuteError::TooLarge { bytes, limit } => Problem::new(
            problem::TOO_LARGE,
            format!("Bản ghi dài {bytes} byte, giới hạn là {limit}; chia thành nhiều lệnh."),
            format!("The record would have {bytes} bytes, the limit is {limit}; split it into several commands."),
        ),
        ExecuteError::Unwritable(source) => {
            error!(error = %source, "a decision could not be written down");
            Problem::new(
                problem::INTERNAL,
                "Máy chủ gặp lỗi, chưa ghi gì; báo cho người quản trị.",
                "The server failed, nothing was recorded; tell the administrator.",
            )
        }
        ExecuteError::NotNow(why) => not_now(why),
        ExecuteError::Sealed(Sealed::Moved | Sealed::Moving) => moved("–"),
        ExecuteError::Sealed(Sealed::Unfinished) => unfinished(),
        ExecuteError::Unavailable(source) => unavailable(source.as_ref()),
        ExecuteError::Read(source) => unavailable(source),
    }
}

fn stale(actual: Option<domain::Position>) -> Problem {
    let Some(position) = actual else {
        return Problem::new(
            problem::STALE,
            "Hồ sơ này chưa có gì trong sổ nên không có vị trí nào; kiểm tra lại hồ sơ, hoặc gửi không kèm `If-Match`.",
            "Nothing of this case is recorded, so it has no position; check the case, or send it without `If-Match`.",
        );
    };
    Problem::new(
        problem::STALE,
        format!("Hồ sơ đã thay đổi: vị trí cuối bây giờ là {position}. Xem lại rồi gửi với vị trí đó."),
        format!("The case has changed: its last position is now {position}. Look again, then send with that position."),
    )
    .position(position)
}

/// Too many commands are under way.
pub fn busy() -> Problem {
    Problem::new(
        problem::UNAVAILABLE,
        "Hệ thống đang bận; gửi lại sau giây lát với cùng Idempotency-Key.",
        "The system is busy; send it again in a moment with the same Idempotency-Key.",
    )
    .retry_after(TRY_AGAIN)
}

/// The process has not seen the whole ledger yet, or is stopping.
pub fn not_ready() -> Problem {
    Problem::new(
        problem::UNAVAILABLE,
        "Hệ thống đang khởi động hoặc đang dừng; gửi lại sau giây lát với cùng Idempotency-Key.",
        "The system is starting or stopping; send it again in a moment with the same Idempotency-Key.",
    )
    .retry_after(TRY_AGAIN)
}

fn moved(successor: &str) -> Problem {
    Problem::new(
        problem::LEDGER_MOVED,
        format!(
            "Sổ ở đây đã khóa và được ghi tiếp ở: {successor}. Gửi lại ở đó với cùng Idempotency-Key; ở đây chưa ghi gì."
        ),
        format!(
            "The ledger was sealed here and goes on at: {successor}. Send it there with the same Idempotency-Key; nothing was recorded here."
        ),
    )
}

fn unfinished() -> Problem {
    Problem::new(
        problem::COPY_UNFINISHED,
        "Sổ đang được chuyển tới đây và chưa nhận lệnh; gửi ở sổ cũ, hoặc gửi lại sau với cùng Idempotency-Key.",
        "The ledger is being copied here and takes no commands yet; send it to the ledger that is copied, or again later with the same Idempotency-Key.",
    )
    .retry_after(LOOK_AGAIN)
}

/// Nothing is recorded now.
pub fn not_now(why: &NotNow) -> Problem {
    let problem = match why {
        NotNow::Moved { successor } => return moved(successor),
        NotNow::Unfinished => return unfinished(),
        NotNow::Clock(ClockAhead::OfStore { clock, .. } | ClockAhead::OfLedger { clock, .. }) => Problem::new(
            problem::CLOCK_AHEAD,
            format!(
                "Đồng hồ máy chủ đang là {} ngày {}, không đáng tin, nên chưa ghi gì; báo cho người quản trị, rồi gửi lại với cùng Idempotency-Key.",
                clock.local_time_printed(),
                clock.local_date().printed_vi()
            ),
            format!("Nothing was recorded, since {why}. Then send it again with the same Idempotency-Key."),
        ),
        NotNow::Unreadable { position, .. } => Problem::new(
            problem::LEDGER_UNREADABLE,
            format!(
                "Bản ghi sau vị trí {position} không đọc được ở phiên bản này, nên chưa ghi gì; báo cho người quản trị, rồi gửi lại với cùng Idempotency-Key."
            ),
            format!(
                "Nothing was recorded: {why}. Tell the administrator, then send it again with the same Idempotency-Key."
            ),
        ),
        NotNow::Doubt(_) => Problem::new(
            problem::LEDGER_DOUBTED,
            "Sổ không còn như trước, nên chưa ghi gì; báo ngay cho người quản trị, rồi gửi lại với cùng Idempotency-Key.",
            format!(
                "Nothing was recorded: {why}. Tell the administrator at once, then send it again with the same Idempotency-Key."
            ),
        ),
    };
    error!(%why, "nothing is recorded");
    problem.retry_after(LOOK_AGAIN)
}

fn unavailable(source: &(dyn std::error::Error + 'static)) -> Problem {
    let mut chain = source.to_string();
    let mut cause = source.source();
    while let Some(inner) = cause {
        chain = format!("{chain}: {inner}");
        cause = inner.source();
    }
    error!(error = %chain, "a command could not be executed");
    Problem::new(
        problem::UNAVAILABLE,
        "Sổ tạm thời không ghi được; gửi lại sau giây lát với cùng Idempotency-Key.",
        "The ledger cannot be written at the moment; send it again in a while with the same Idempotency-Key.",
    )
    .retry_after(TRY_AGAIN)
}
