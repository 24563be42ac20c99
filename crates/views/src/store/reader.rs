//! The views as somebody finds them who does not fold them: makes nothing, changes nothing, and says what is not there yet.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sqlx::AnyPool;

use super::{
    Generation, StoreError,
    backend::{Access, Backend},
};
use crate::Schema;

/// The views of one ledger, to read. Clones are handles on the same store.
#[derive(Clone)]
pub struct StoreReader {
    backend: Arc<Backend>,
    registry: AnyPool,
    /// Whether the table of pointers was seen; it stays.
    has_registry: Arc<AtomicBool>,
}

impl StoreReader {
    /// Opens `sqlite:FOLDER` or `postgres://…`, whether anything is there already or not.
    ///
    /// # Errors
    /// When the URL is neither, or the database does not answer.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let backend = Backend::of(url)?;
        let registry = backend.open_registry(Access::Read).await?;
        Ok(Self { backend: Arc::new(backend), registry, has_registry: Arc::default() })
    }

    /// Beside whoever folds in this process.
    pub(super) fn beside(backend: Arc<Backend>, registry: AnyPool) -> Self {
        Self { backend, registry, has_registry: Arc::new(AtomicBool::new(true)) }
    }

    /// The generation in use, over connections that cannot write.
    ///
    /// # Errors
    /// `NotMade` when its tables are not there; when the database does not answer.
    pub async fn current(&self, schema: Schema) -> Result<Generation, StoreError> {
        let not_made = StoreError::NotMade { view: schema.name };
        let Some(number) = self.pointer(schema).await? else { return Err(not_made) };
        let pool = self.backend.open_generation(schema, number, Access::Read).await?;
        if self.backend.has_generation(&pool, schema, number).await? {
            return Ok(Generation::found(schema, number, pool, &self.backend));
        }
        pool.close().await;
        Err(not_made)
    }

    /// Number of the generation in use, if there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pointer(&self, schema: Schema) -> Result<Option<u32>, StoreError> {
        if !self.has_registry.load(Ordering::Relaxed) {
            let found = self.backend.has_registry(&self.registry).await?;
            self.has_registry.store(found, Ordering::Relaxed);
            if !found {
                return Ok(None);
            }
        }
        super::pointer(&self.registry, schema).await
    }
}
