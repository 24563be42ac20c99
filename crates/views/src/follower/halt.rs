//! Why a follower does not go on, sorted by what heals it.

use domain::Position;
use journal::ReadError;

use crate::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum Halt {
    /// A record that this program cannot read; a newer program may.
    #[error("the record at position {position} cannot be read")]
    Poison {
        position: Position,
        #[source]
        source: journal::BoxError,
    },
    /// The journal is not the one that was folded up to `position`: restored, replaced, or damaged. A rebuild heals the view; whether
    /// the ledger is the right one is for people to say.
    #[error("the ledger is not the one that this view has folded up to position {position}: {why}")]
    Replaced { position: Position, why: String },
    /// Records are missing or damaged.
    #[error("the ledger cannot be read at position {position}")]
    Lost {
        position: Position,
        #[source]
        source: ReadError,
    },
    /// Trying again may help.
    #[error("the journal or the database does not answer")]
    Unavailable(#[source] anyhow::Error),
}

impl Halt {
    /// Whether waiting cannot help.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Unavailable(_))
    }

    /// Where the view stopped, if it did.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Poison { position, .. } | Self::Replaced { position, .. } | Self::Lost { position, .. } => {
                Some(*position)
            }
            Self::Unavailable(_) => None,
        }
    }

    /// The message and what caused it, on one line.
    pub fn explained(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        text
    }
}

impl From<ReadError> for Halt {
    fn from(source: ReadError) -> Self {
        match source {
            ReadError::Unavailable(_) => Self::Unavailable(source.into()),
            ReadError::Damaged { position, .. } | ReadError::Hole { expected: position, .. } => {
                Self::Lost { position, source }
            }
        }
    }
}

impl From<StoreError> for Halt {
    fn from(source: StoreError) -> Self {
        Self::Unavailable(source.into())
    }
}

impl From<sqlx::Error> for Halt {
    fn from(source: sqlx::Error) -> Self {
        Self::Unavailable(source.into())
    }
}
