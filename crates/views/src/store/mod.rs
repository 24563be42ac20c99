//! Where the rows of views are: one file (SQLite) or schema (PostgreSQL) per view, fold version and generation, and a pointer to the generation in use.

mod backend;
mod checkpoint;
mod generation;
mod insert;
mod reader;

use std::sync::Arc;

use sqlx::AnyPool;

pub use checkpoint::Checkpoint;
pub use generation::Generation;
pub use insert::{insert_rows, placeholders};
pub use reader::StoreReader;

use crate::Schema;
use backend::{Access, Backend};

/// The views of one ledger, for whoever folds them. Clones are handles on the same store.
#[derive(Clone)]
pub struct Store {
    backend: Arc<Backend>,
    registry: AnyPool,
}

/// Why a store did not open or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing but another URL helps.
    #[error("`{0}` names no store of views: write sqlite:FOLDER or postgres://…")]
    Url(String),
    #[error("failed to make the folder of views `{}`", folder.display())]
    Folder {
        folder: std::path::PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// Waiting helps.
    #[error("the tables of the view `{view}` are not there yet; whoever folds it makes them")]
    NotMade { view: &'static str },
    /// Another user helps.
    #[error("`{place}` belongs to another user of the database; a view is folded and rebuilt as its owner")]
    NotOurs { place: String },
    #[error("failed to {what}")]
    Sql {
        what: String,
        #[source]
        source: sqlx::Error,
    },
}

impl StoreError {
    fn sql(what: impl Into<String>) -> impl FnOnce(sqlx::Error) -> Self {
        let what = what.into();
        move |source| Self::Sql { what, source }
    }
}

/// Connections of one process to one generation. On SQLite each has a page cache of its own.
const POOL_MAX: u32 = 4;

impl Store {
    /// Opens `sqlite:FOLDER`, making the folder, or `postgres://…`.
    ///
    /// # Errors
    /// When the URL is neither, the folder cannot be made, or the database does not answer.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let backend = Backend::of(url)?;
        backend.make_folder()?;
        let registry = backend.open_registry(Access::Write).await?;
        Ok(Self { backend: Arc::new(backend), registry })
    }

    /// For whoever reads in the process that folds.
    pub fn reader(&self) -> StoreReader {
        StoreReader::beside(self.backend.clone(), self.registry.clone())
    }

    /// The generation in use, to fold into; the first is made when there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn current(&self, schema: Schema) -> Result<Generation, StoreError> {
        let number = match self.pointer(schema).await? {
            Some(number) => number,
            None => self.point(schema, 1).await?,
        };
        self.generation(schema, number).await
    }

    /// A new, empty generation beside the current one, in place of whatever an interrupted rebuild left there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn beside(&self, schema: Schema, current: &Generation) -> Result<Generation, StoreError> {
        let number = current.number() + 1;
        self.backend.remove(schema, number).await?;
        self.generation(schema, number).await
    }

    /// Makes `generation` the current one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn switch_to(&self, generation: &Generation) -> Result<(), StoreError> {
        sqlx::query("update pointer set generation = $1 where view = $2 and fold_version = $3")
            .bind(i64::from(generation.number()))
            .bind(generation.schema().name)
            .bind(i64::from(generation.schema().fold_version))
            .execute(&self.registry)
            .await
            .map_err(StoreError::sql("move the pointer to the current generation"))?;
        Ok(())
    }

    /// Removes a generation that is not the current one.
    ///
    /// # Errors
    /// When the database does not answer, or a reader holds its tables for longer than the lock timeout.
    pub async fn remove(&self, generation: Generation) -> Result<(), StoreError> {
        let (schema, number) = (generation.schema(), generation.number());
        generation.close().await;
        self.backend.remove(schema, number).await
    }

    /// Removes the current generation of a fold version that no program here folds any more, and the pointer to it.
    ///
    /// # Errors
    /// `NotMade` when there is none; when the database does not answer.
    pub async fn forget(&self, schema: Schema) -> Result<(), StoreError> {
        let Some(number) = self.pointer(schema).await? else {
            return Err(StoreError::NotMade { view: schema.name });
        };
        sqlx::query("delete from pointer where view = $1 and fold_version = $2")
            .bind(schema.name)
            .bind(i64::from(schema.fold_version))
            .execute(&self.registry)
            .await
            .map_err(StoreError::sql("remove the pointer to a generation"))?;
        self.backend.remove(schema, number).await
    }

    /// Number of the current generation, if there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pointer(&self, schema: Schema) -> Result<Option<u32>, StoreError> {
        pointer(&self.registry, schema).await
    }

    /// Points at `number` unless somebody was faster; what is pointed at.
    async fn point(&self, schema: Schema, number: u32) -> Result<u32, StoreError> {
        sqlx::query(
            "insert into pointer (view, fold_version, generation) values ($1, $2, $3) on conflict (view, fold_version) do nothing",
        )
        .bind(schema.name)
        .bind(i64::from(schema.fold_version))
        .bind(i64::from(number))
        .execute(&self.registry)
        .await
        .map_err(StoreError::sql("write the pointer to the current generation"))?;
        Ok(self.pointer(schema).await?.unwrap_or(number))
    }

    async fn generation(&self, schema: Schema, number: u32) -> Result<Generation, StoreError> {
        let pool = self.backend.open_generation(schema, number, Access::Write).await?;
        Generation::prepare(schema, number, pool, &self.backend).await
    }
}

async fn pointer(registry: &AnyPool, schema: Schema) -> Result<Option<u32>, StoreError> {
    let number: Option<i64> =
        sqlx::query_scalar("select generation from pointer where view = $1 and fold_version = $2")
            .bind(schema.name)
            .bind(i64::from(schema.fold_version))
            .fetch_optional(registry)
            .await
            .map_err(StoreError::sql("read the pointer to the current generation"))?;
    Ok(number.and_then(|number| u32::try_from(number).ok()))
}
