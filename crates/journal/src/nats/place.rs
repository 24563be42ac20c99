//! Whose place a stream is, which its metadata remember, and how it is sealed: by the server, for good.

use async_nats::{
    datetime::DateTime,
    jetstream::{self, stream::Config},
};
use domain::{Kind, Position};

use super::{names::Names, read::Reader};
use crate::{BoxError, copy::Place};

/// Key of the metadata. `unfinished`, or the position of the last record that was copied.
const COPY: &str = "socai.copy";
const UNFINISHED: &str = "unfinished";

pub(super) fn place(config: &Config) -> Place {
    match config.metadata.get(COPY).map(|text| (text, text.parse())) {
        None => Place::Own,
        Some((_, Ok(position))) => Place::Copy(Some(Position(position))),
        // Whatever else it says, it was never said that it is finished.
        Some((_, Err(_))) => Place::Copy(None),
    }
}

/// By when it was made: one stream of this name lies on a server, whatever addresses that has.
pub(super) fn id(names: &Names, created: DateTime) -> String {
    format!("stream {} made at {created}", names.stream())
}

/// The settings with what is to be remembered of the place.
pub(super) fn remembered(mut config: Config, finished: Option<Position>) -> Config {
    let text = finished.map_or_else(|| UNFINISHED.to_owned(), |position| position.to_string());
    config.metadata.insert(COPY.to_owned(), text);
    config
}

/// Whether a record seals the ledger here, and the server does not know it yet. Records that were under way beside it may lie behind it.
pub(super) async fn is_to_be_sealed(config: &Config, reader: &Reader) -> Result<bool, BoxError> {
    let copied = match place(config) {
        Place::Own => Position::START,
        Place::Copy(Some(finished)) => finished,
        Place::Copy(None) => return Ok(false),
    };
    if config.sealed {
        return Ok(false);
    }
    let of_ledger = reader.last_of(&reader.names.of_kind(Kind::Ledger)).await?;
    Ok(of_ledger.is_some_and(|last| last.position > copied && last.seals()))
}

/// From now on the server takes nothing more, from nobody. It cannot be undone, and needs the right to change the stream.
pub(super) async fn seal(context: &jetstream::Context, names: &Names) -> Result<(), BoxError> {
    let config = context.get_stream(names.stream()).await?.cached_info().config.clone();
    context.update_stream(Config { sealed: true, ..config }).await?;
    tracing::warn!(stream = names.stream(), "the ledger is sealed here");
    Ok(())
}
