//! One view on one generation of its tables: verified against the journal, claimed, and moved batch by batch.

use domain::Position;
use journal::{ReadError, SharedJournal};
use points::Point;

use super::Halt;
use crate::{
    Checkpoint, Decoded, Generation, Schema, Store, View,
    provenance::{self, sha256},
};

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Its rows are committed, and the checkpoint with them.
    To(Position),
    /// The checkpoint was not where we left it: nothing was written.
    ByAnother,
}

pub struct Session {
    generation: Generation,
    checkpoint: Checkpoint,
}

impl Session {
    /// Opens the current generation.
    ///
    /// # Errors
    /// `Replaced` when the journal does not hold the record that the checkpoint stands on.
    pub async fn open(store: &Store, journal: &SharedJournal, schema: Schema) -> Result<Self, Halt> {
        Self::on(store.current(schema).await?, journal).await
    }

    pub(crate) async fn on(generation: Generation, journal: &SharedJournal) -> Result<Self, Halt> {
        let session = Self::unverified(generation).await?;
        session.verify(journal).await?;
        Ok(session)
    }

    /// For a rebuild, which heals what does not verify.
    pub(crate) async fn unverified(generation: Generation) -> Result<Self, Halt> {
        let checkpoint = generation.checkpoint().await?;
        Ok(Self { generation, checkpoint })
    }

    pub(crate) async fn verify(&self, journal: &SharedJournal) -> Result<(), Halt> {
        let found = provenance::verify(&self.checkpoint, None, journal.as_ref()).await;
        found.map_err(|mismatch| mismatch.at(self.checkpoint.position))
    }

    pub fn generation(&self) -> &Generation {
        &self.generation
    }

    pub fn position(&self) -> Position {
        self.checkpoint.position
    }

    /// Whether nobody else holds the checkpoint.
    pub fn is_free_for(&self, owner: &str) -> bool {
        self.checkpoint.owner.is_empty() || self.checkpoint.owner == owner
    }

    /// Whether the checkpoint, as it was last read, is this owner's.
    pub fn is_owned_by(&self, owner: &str) -> bool {
        self.checkpoint.owner == owner
    }

    /// Whether the checkpoint is this owner's by now. What was read last stays as it is: only a commit moves it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn still_owned_by(&self, owner: &str) -> Result<bool, Halt> {
        Ok(self.generation.checkpoint().await?.owner == owner)
    }

    /// Becomes the one that writes; `false` when somebody else moved or took the checkpoint meanwhile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim(&mut self, owner: &str) -> Result<bool, Halt> {
        self.own(owner).await
    }

    /// Becomes the one that writes, however far whoever writes has come meanwhile: their next batch finds another owner. What a view has
    /// in memory is to be loaded again, up to where they stopped, and whose the checkpoint is then to be looked at: another may take over as
    /// well. `false` when one has, or the rows are of another ledger by now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_over(&mut self, owner: &str) -> Result<bool, Halt> {
        let mut tx = self.generation.begin().await?;
        let taken = self.checkpoint.give_to(owner, &mut tx, self.generation.schema()).await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(taken && self.is_owned_by(owner))
    }

    /// Lets the next one write without waiting.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn release(&mut self) -> Result<bool, Halt> {
        Point::LeadLeaving.pass();
        self.own("").await
    }

    async fn own(&mut self, owner: &str) -> Result<bool, Halt> {
        let next = Checkpoint { owner: owner.to_owned(), ..self.checkpoint.clone() };
        let mut tx = self.generation.begin().await?;
        let moved = self.checkpoint.move_to(&next, &mut tx, self.generation.schema()).await?;
        tx.commit().await?;
        if moved {
            self.checkpoint = next;
        }
        Ok(moved)
    }

    /// Reads the checkpoint again; whether it has moved.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn refresh(&mut self) -> Result<bool, Halt> {
        let checkpoint = self.generation.checkpoint().await?;
        let moved = checkpoint.position != self.checkpoint.position;
        self.checkpoint = checkpoint;
        Ok(moved)
    }

    /// Has the view read what it keeps in memory, as of the checkpoint.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load<V: View>(&mut self, view: &mut V) -> Result<(), Halt> {
        let mut tx = self.generation.snapshot().await?;
        self.checkpoint = Checkpoint::read(&mut tx, self.generation.schema()).await?;
        view.load(&mut tx, &self.generation, self.checkpoint.position).await.map_err(Halt::Unavailable)?;
        tx.commit().await?;
        Ok(())
    }

    /// Folds the records that follow the checkpoint. Rows and checkpoint commit together, the checkpoint's compare-and-set first,
    /// so that redelivered records change nothing and a follower that was paused writes nothing.
    ///
    /// # Errors
    /// When the database does not answer; then the view must be loaded again before the next batch.
    pub async fn apply<V: View>(&mut self, view: &mut V, batch: &[Decoded]) -> Result<Applied, Halt> {
        let known = batch.iter().take_while(|decoded| decoded.position <= self.checkpoint.position).count();
        let batch = &batch[known..];
        let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
            return Ok(Applied::To(self.checkpoint.position));
        };
        let expected = self.checkpoint.position.next();
        if first.position != expected {
            return Err(ReadError::Hole { expected, found: first.position }.into());
        }
        let next = self.checkpoint_at(first, last);
        Point::BatchRead.pass();
        let mut tx = self.generation.begin().await?;
        if !self.checkpoint.move_to(&next, &mut tx, self.generation.schema()).await? {
            tx.rollback().await?;
            return Ok(Applied::ByAnother);
        }
        view.apply(&mut tx, batch).await.map_err(Halt::Unavailable)?;
        Point::RowsWritten.pass();
        tx.commit().await?;
        Point::RowsCommitted.pass();
        view.committed(next.position);
        self.checkpoint = next;
        Ok(Applied::To(self.checkpoint.position))
    }

    fn checkpoint_at(&self, first: &Decoded, last: &Decoded) -> Checkpoint {
        let genesis = first.position == Position(1);
        Checkpoint {
            ledger: if genesis { sha256(&first.body) } else { self.checkpoint.ledger.clone() },
            position: last.position,
            hash: sha256(&last.body),
            owner: self.checkpoint.owner.clone(),
        }
    }
}
