//! When a correction corrects something.

use crate::{
    Reason, Refusal,
    standing::{Change, Standing},
};

/// What the correction takes back and adds: the change, or everything when the reason says that it should not stand here at all.
pub(crate) fn correction(
    change: Change,
    reason: Reason,
    says_nothing: bool,
    standing: &Standing,
) -> Result<Change, Refusal> {
    match reason {
        Reason::Duplicate | Reason::DidNotHappen if says_nothing => Ok(standing.withdrawn()),
        _ if change.is_empty() => Err(Refusal::NothingChanges),
        _ => Ok(change),
    }
}
