//! How far a view has folded which ledger, and who may move it on.

use domain::Position;
use sqlx::{AnyConnection, Row};

use crate::Schema;

pub(super) const TABLE: &str = "create table checkpoint (
    view text not null, fold_version bigint not null, ledger {bytes} not null, position bigint not null,
    hash {bytes} not null, owner text not null, primary key (view, fold_version))";

/// The one row. Moving it compares every column: that is what keeps a follower out that was paused, or ousted, or reads another ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// SHA-256 of the record at position 1; empty before it is known.
    pub ledger: Vec<u8>,
    /// Last position folded.
    pub position: Position,
    /// SHA-256 of the record at `position`; empty at the start.
    pub hash: Vec<u8>,
    /// The follower that may write.
    pub owner: String,
}

impl Checkpoint {
    pub(super) async fn create(rows: &mut AnyConnection, schema: Schema) -> Result<(), sqlx::Error> {
        sqlx::query(
            "insert into checkpoint (view, fold_version, ledger, position, hash, owner) values ($1, $2, $3, 0, $4, '')",
        )
        .bind(schema.name)
        .bind(i64::from(schema.fold_version))
        .bind(Vec::new())
        .bind(Vec::new())
        .execute(rows)
        .await
        .map(|_| ())
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn read(rows: &mut AnyConnection, schema: Schema) -> Result<Self, sqlx::Error> {
        let row =
            sqlx::query("select ledger, position, hash, owner from checkpoint where view = $1 and fold_version = $2")
                .bind(schema.name)
                .bind(i64::from(schema.fold_version))
                .fetch_one(rows)
                .await?;
        Ok(Self {
            ledger: row.try_get(0)?,
            position: Position(row.try_get::<i64, _>(1)?.unsigned_abs()),
            hash: row.try_get(2)?,
            owner: row.try_get(3)?,
        })
    }

    /// Compare and set, in the caller's transaction; whether it was still `self`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn move_to(&self, next: &Self, rows: &mut AnyConnection, schema: Schema) -> Result<bool, sqlx::Error> {
        let moved = sqlx::query(
            "update checkpoint set ledger = $1, position = $2, hash = $3, owner = $4
             where view = $5 and fold_version = $6 and ledger = $7 and position = $8 and hash = $9 and owner = $10",
        )
        .bind(next.ledger.clone())
        .bind(next.position.0.cast_signed())
        .bind(next.hash.clone())
        .bind(next.owner.clone())
        .bind(schema.name)
        .bind(i64::from(schema.fold_version))
        .bind(self.ledger.clone())
        .bind(self.position.0.cast_signed())
        .bind(self.hash.clone())
        .bind(self.owner.clone())
        .execute(rows)
        .await?;
        Ok(moved.rows_affected() == 1)
    }

    /// Gives the row of this ledger another owner, wherever it stands by now; whether it is still of this ledger.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn give_to(
        &self,
        owner: &str,
        rows: &mut AnyConnection,
        schema: Schema,
    ) -> Result<bool, sqlx::Error> {
        let given =
            sqlx::query("update checkpoint set owner = $1 where view = $2 and fold_version = $3 and ledger = $4")
                .bind(owner.to_owned())
                .bind(schema.name)
                .bind(i64::from(schema.fold_version))
                .bind(self.ledger.clone())
                .execute(rows)
                .await?;
        Ok(given.rows_affected() == 1)
    }
}
