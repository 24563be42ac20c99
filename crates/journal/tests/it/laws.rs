//! Every law over every adapter.

use std::sync::Arc;

use journal::{CopyInto, OpenError, Options};

async fn copy(url: String) -> Option<Arc<dyn CopyInto>> {
    match journal::open_copy(&url, Options::default()).await {
        Ok(copy) => Some(copy),
        Err(OpenError::Taken { .. }) => None,
        Err(error) => panic!("{url}: {error}"),
    }
}

mod memory {
    use std::{collections::HashMap, sync::Arc};

    use journal::{
        CopyInto, SharedJournal,
        laws::Place,
        memory::{Memory, MemoryCopy},
    };
    use tokio::sync::Mutex;

    #[derive(Default)]
    struct InMemory(Mutex<HashMap<String, Memory>>);

    #[async_trait::async_trait]
    impl Place for InMemory {
        async fn open(&self, ledger: &str) -> SharedJournal {
            Arc::new(self.0.lock().await.entry(ledger.to_owned()).or_default().clone())
        }

        async fn open_copy(&self, ledger: &str) -> Option<Arc<dyn CopyInto>> {
            let memory = self.0.lock().await.entry(ledger.to_owned()).or_default().clone();
            MemoryCopy::begin(memory).map(|copy| Arc::new(copy) as _)
        }
    }

    journal::journal_laws!(paused InMemory::default());
}

mod sqlite {
    use std::sync::Arc;

    use journal::{CopyInto, SharedJournal, laws::Place, sqlite::Sqlite};

    struct InFolder(tempfile::TempDir);

    #[async_trait::async_trait]
    impl Place for InFolder {
        async fn open(&self, ledger: &str) -> SharedJournal {
            Arc::new(Sqlite::open(self.0.path().join(format!("{ledger}.db"))).await.expect("failed to open the ledger"))
        }

        async fn open_copy(&self, ledger: &str) -> Option<Arc<dyn CopyInto>> {
            super::copy(format!("sqlite:{}", self.0.path().join(format!("{ledger}.db")).display())).await
        }
    }

    journal::journal_laws!(real InFolder(tempfile::tempdir().unwrap()));
}

mod nats {
    use std::sync::Arc;

    use journal::{CopyInto, Options, SharedJournal, laws::Place};
    use testkit::nats::NatsServer;

    struct OnServer(NatsServer);

    #[async_trait::async_trait]
    impl Place for OnServer {
        async fn open(&self, ledger: &str) -> SharedJournal {
            journal::open(&self.0.url(ledger), Options::default()).await.expect("failed to open the ledger")
        }

        async fn open_copy(&self, ledger: &str) -> Option<Arc<dyn CopyInto>> {
            super::copy(self.0.url(ledger)).await
        }

        async fn crash(&self) {
            self.0.kill();
            self.0.start_again().await;
        }
    }

    journal::journal_laws!(real OnServer(NatsServer::start().await));
}
