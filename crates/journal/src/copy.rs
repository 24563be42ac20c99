//! Copies a ledger, record by record, so that the copy has the same positions and the same bytes.

use std::collections::HashMap;

use domain::{Position, StreamId};

use crate::{AppendError, Journal, ReadError, Stored};

const COPY_BATCH: usize = 512;

/// Copies what `from` holds now into `into`, which nobody else writes to, and goes on where an earlier copy stopped. What is
/// there already is compared. Returns the position up to which both are equal.
pub async fn copy(from: &dyn Journal, into: &dyn Journal) -> Result<Position, CopyError> {
    let until = from.tip().await.map_err(CopyError::Read)?;
    let mut last: HashMap<StreamId, Position> = HashMap::new();
    let mut after = Position::START;
    while after < until {
        let batch = from.read(after, COPY_BATCH, &[]).await.map_err(CopyError::Read)?;
        let Some(end) = batch.last() else {
            return Err(CopyError::Read(ReadError::Hole { expected: after.next(), found: until }));
        };
        let end = end.position;
        let mut there = into.read(after, batch.len(), &[]).await.map_err(CopyError::Read)?.into_iter();
        for stored in batch {
            let expected = last.insert(stored.stream, stored.position);
            match there.next() {
                Some(copied) if copied == stored => {}
                Some(copied) => return Err(CopyError::Differs { position: copied.position }),
                None => append(into, expected, stored).await?,
            }
        }
        after = end;
    }
    Ok(after)
}

async fn append(into: &dyn Journal, expected: Option<Position>, stored: Stored) -> Result<(), CopyError> {
    let Stored { position: wanted, stream, body } = stored;
    match into.append(&stream, expected, body).await {
        Ok(got) if got == wanted => Ok(()),
        Ok(got) => Err(CopyError::Displaced { stream, wanted, got }),
        Err(error) => Err(CopyError::Append(error)),
    }
}

/// Why a copy stopped. What was copied before is right; a copy that was displaced must be thrown away.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("failed to read the ledger to copy")]
    Read(#[source] ReadError),
    #[error("failed to append to the copy")]
    Append(#[source] AppendError),
    /// It is a copy of something else.
    #[error("the copy holds another record at position {position}")]
    Differs { position: Position },
    /// Somebody else writes to the copy.
    #[error("the record of `{stream}` at {wanted} came to lie at {got} in the copy")]
    Displaced { stream: StreamId, wanted: Position, got: Position },
}
