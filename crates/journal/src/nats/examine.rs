//! What the server says of the ledger's stream: its settings, what it holds, and the time.

use async_nats::{
    datetime::DateTime,
    jetstream::{self, stream::Info},
};
use domain::{Position, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{names::Names, provision};
use crate::{BoxError, ExamineError, Examined};

/// What the client's type of the answer leaves out.
#[derive(Deserialize)]
struct Beside {
    error: Option<jetstream::Error>,
    /// The server's time; from 2.10 on.
    #[serde(rename = "ts")]
    time: Option<Timestamp>,
}

/// `created` is when the stream was made, as it was found at the opening.
pub(super) async fn examine(
    context: &jetstream::Context,
    names: &Names,
    created: DateTime,
) -> Result<Examined, ExamineError> {
    let asked = context.request(format!("STREAM.INFO.{}", names.stream()), &()).await;
    let answer: Value = asked.map_err(unavailable)?;
    let Beside { error, time } = Beside::deserialize(&answer).map_err(unavailable)?;
    match error {
        Some(error) if error.error_code() == jetstream::ErrorCode::STREAM_NOT_FOUND => {
            return Err(ExamineError::Lost { what: format!("the stream {} is gone", names.stream()) });
        }
        Some(error) => return Err(unavailable(error)),
        None => {}
    }
    let info = Info::deserialize(answer).map_err(unavailable)?;
    if let Some((setting, what)) = provision::unsafe_setting(&info.config, names) {
        return Err(ExamineError::Unsafe { setting, what });
    }
    if info.created != created {
        let what = format!("the stream {} was made anew at {}", names.stream(), info.created);
        return Err(ExamineError::Lost { what });
    }
    let (messages, last) = (info.state.messages, info.state.last_sequence);
    if messages != last {
        let what = format!("the stream {} holds {messages} messages and has given out {last}", names.stream());
        return Err(ExamineError::Lost { what });
    }
    Ok(Examined { tip: Position(last), time })
}

fn unavailable(error: impl Into<BoxError>) -> ExamineError {
    ExamineError::Unavailable(error.into())
}
