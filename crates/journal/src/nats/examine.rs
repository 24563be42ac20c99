//! What the server says of the ledger's stream: its settings, what it holds, and the time.

use async_nats::{
    datetime::DateTime,
    jetstream::{self, stream::Info},
};
use domain::{Position, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{durability::Kept, place, provision, read::Reader};
use crate::{BoxError, Deviations, ExamineError, Examined, Sealed};

/// What the client's type of the answer leaves out.
#[derive(Deserialize)]
struct Beside {
    error: Option<jetstream::Error>,
    /// The server's time; from 2.10 on.
    #[serde(rename = "ts")]
    time: Option<Timestamp>,
}

/// With how the stream keeps records. `created` is when it was made, as it was found at the opening. A setting that is accepted is no reason to stop;
/// a record that is gone because of it is lost all the same.
pub(super) async fn examine(
    context: &jetstream::Context,
    reader: &Reader,
    created: DateTime,
    accepted: Deviations,
) -> Result<(Examined, Kept), ExamineError> {
    let names = &*reader.names;
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
    let kept = provision::kept(&info.config, names, accepted);
    let kept = kept.map_err(|(setting, what)| ExamineError::Unsafe { setting, what })?;
    if info.created != created {
        let what = format!("the stream {} was made anew at {}", names.stream(), info.created);
        return Err(ExamineError::Lost { what });
    }
    let (messages, last) = (info.state.messages, info.state.last_sequence);
    if messages != last {
        let what = format!("the stream {} holds {messages} messages and has given out {last}", names.stream());
        return Err(ExamineError::Lost { what });
    }
    let tip = Position(last);
    let sealed = match place::is_to_be_sealed(&info.config, reader).await.map_err(unavailable)? {
        true => Some(Sealed::Moving),
        false => place::place(&info.config).sealed(tip, info.config.sealed),
    };
    Ok((Examined { tip, time, sealed }, kept))
}

fn unavailable(error: impl Into<BoxError>) -> ExamineError {
    ExamineError::Unavailable(error.into())
}
