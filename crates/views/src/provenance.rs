//! Of which ledger rows are: the record that their checkpoint stands on is read again from the journal (law 8). Followers ask when they begin,
//! readers whenever the checkpoint has moved.

use std::time::{Duration, Instant};

use domain::Position;
use journal::{Journal, SharedJournal};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use crate::{Checkpoint, Generation, Halt};

/// A leader that was cut off may answer with its old end of the ledger until it notices. So long rows that went on from confirmed ones are
/// answered; then it is certain that their records are gone.
const CERTAIN_AFTER: Duration = Duration::from_secs(15);
/// So long a question waits for the journal: the rows are held by a transaction meanwhile.
const ASK_MAX: Duration = Duration::from_secs(2);
/// So long it is not asked again after it did not answer, where rows are believed without it.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Why nothing is answered from rows.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unproven {
    /// Until somebody rebuilds the view, or brings back the ledger that it was folded from.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// Asking again helps.
    #[error("the journal cannot be asked of which ledger the rows of view `{view}` are: {why}")]
    Unasked { view: &'static str, why: String },
}

/// Rows of records that are not in this ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the rows of view `{view}` reach position {position} of another ledger: {why}; `socai rebuild {view}` makes them anew"
)]
pub struct Foreign {
    pub view: &'static str,
    /// Where their checkpoint stands.
    pub position: Position,
    pub why: String,
}

/// What a reader knows of the rows that others fold.
pub struct Provenance {
    journal: SharedJournal,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The generation and the checkpoint that were last found to be of this ledger.
    confirmed: Option<(u32, Checkpoint)>,
    /// When it was last asked and did not answer.
    asked_in_vain: Option<Instant>,
    /// Since when the ledger seems to end before rows that went on from them.
    short_since: Option<Instant>,
}

impl Provenance {
    pub fn new(journal: SharedJournal) -> Self {
        Self { journal, known: Mutex::default() }
    }

    /// Asks the journal, unless the checkpoint stands where it was confirmed. While the journal does not answer, rows are believed that go on
    /// from confirmed ones: the checkpoint's compare-and-set lets nobody fold another ledger on top.
    ///
    /// # Errors
    /// When the rows are not of this ledger, or nothing is known of them and the journal does not answer.
    pub async fn confirm(&self, generation: &Generation, checkpoint: &Checkpoint) -> Result<(), Unproven> {
        let (view, number) = (generation.schema().name, generation.number());
        if checkpoint.position == Position::START {
            return Ok(());
        }
        let (confirmed, asked_in_vain) = {
            let known = self.known.lock();
            (known.confirmed.clone().filter(|(of, at)| *of == number && goes_on(at, checkpoint)), known.asked_in_vain)
        };
        let before = confirmed.as_ref().map(|(_, at)| at);
        if let Some(at) = before
            && (at.position == checkpoint.position && at.hash == checkpoint.hash
                || asked_in_vain.is_some_and(|asked| asked.elapsed() < ASK_AGAIN_AFTER))
        {
            return Ok(());
        }
        let asked = timeout(ASK_MAX, verify(checkpoint, before, self.journal.as_ref())).await;
        let found = asked
            .unwrap_or_else(|_| Err(Mismatch::Unavailable(Halt::Unavailable(anyhow::anyhow!("it takes too long")))));
        let mut known = self.known.lock();
        match found {
            Ok(()) => {
                *known = Known { confirmed: Some((number, checkpoint.clone())), ..Known::default() };
                Ok(())
            }
            Err(Mismatch::Unavailable(_)) if before.is_some() => {
                known.asked_in_vain = Some(Instant::now());
                Ok(())
            }
            Err(Mismatch::Short { .. } | Mismatch::Lost(_))
                if before.is_some() && known.short_since.get_or_insert_with(Instant::now).elapsed() < CERTAIN_AFTER =>
            {
                Ok(())
            }
            Err(Mismatch::Unavailable(halt)) => Err(Unproven::Unasked { view, why: halt.explained() }),
            Err(other) => Err(Foreign { view, position: checkpoint.position, why: other.to_string() }.into()),
        }
    }
}

/// Whether rows at `next` were folded from rows at `at`, by all that their checkpoints say.
fn goes_on(at: &Checkpoint, next: &Checkpoint) -> bool {
    at.ledger == next.ledger && at.position <= next.position
}

/// Why a checkpoint is not confirmed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Mismatch {
    #[error("its first record is another")]
    FirstRecord,
    #[error("another record stands there")]
    AnotherRecord,
    #[error("it ends at position {tip}")]
    Short { tip: Position },
    #[error("{}", .0.explained())]
    Lost(Halt),
    #[error("{}", .0.explained())]
    Unavailable(Halt),
}

impl Mismatch {
    pub(crate) fn at(self, position: Position) -> Halt {
        match self {
            Self::Lost(halt) | Self::Unavailable(halt) => halt,
            other => Halt::Replaced { position, why: other.to_string() },
        }
    }
}

impl From<Halt> for Mismatch {
    fn from(halt: Halt) -> Self {
        if halt.is_final() { Self::Lost(halt) } else { Self::Unavailable(halt) }
    }
}

/// Whether the journal holds the record that a checkpoint stands on. `before` was confirmed of the same ledger.
pub(crate) async fn verify(
    checkpoint: &Checkpoint,
    before: Option<&Checkpoint>,
    journal: &dyn Journal,
) -> Result<(), Mismatch> {
    let position = checkpoint.position;
    if position == Position::START {
        return Ok(());
    }
    if before.is_none() && hash_at(journal, Position(1)).await?.as_ref() != Some(&checkpoint.ledger) {
        return Err(Mismatch::FirstRecord);
    }
    match hash_at(journal, position).await? {
        Some(hash) if hash == checkpoint.hash => Ok(()),
        Some(_) => Err(Mismatch::AnotherRecord),
        None => Err(Mismatch::Short { tip: journal.tip().await.map_err(Halt::from)? }),
    }
}

async fn hash_at(journal: &dyn Journal, position: Position) -> Result<Option<Vec<u8>>, Halt> {
    let before = Position(position.0 - 1);
    let found = journal.read(before, 1, &[]).await?;
    Ok(found.into_iter().find(|stored| stored.position == position).map(|stored| sha256(&stored.body)))
}

pub(crate) fn sha256(body: &[u8]) -> Vec<u8> {
    Sha256::digest(body).to_vec()
}
