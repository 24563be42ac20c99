//! Opens the journal that a URL names.

use crate::BoxError;

/// Why a journal was not opened. Each says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("failed to open the journal at {at}")]
    Failed {
        at: String,
        #[source]
        source: BoxError,
    },
    /// One process owns a ledger's file, held by a lock of the operating system.
    #[error("the journal at {at} is open in another process; stop that one first, or ask it over HTTP")]
    Owned { at: String },
    #[error("{at} is not a ledger that this version can read: {what}")]
    Foreign { at: String, what: String },
}

impl OpenError {
    pub(crate) fn failed(at: impl ToString, source: impl Into<BoxError>) -> Self {
        Self::Failed { at: at.to_string(), source: source.into() }
    }
}
