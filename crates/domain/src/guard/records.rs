//! Positions that a command names.

use crate::{Context, Position, Refusal};

/// A record that is there.
pub(crate) fn known_record(position: Position, context: &Context, at: &str) -> Result<(), Refusal> {
    let tip = context.tip;
    if (Position::START.next()..=tip).contains(&position) {
        Ok(())
    } else {
        Err(Refusal::RecordUnknown { position, tip, pointer: at.to_owned() })
    }
}
