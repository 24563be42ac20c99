//! Every law over every adapter.

mod memory {
    use std::{collections::HashMap, sync::Arc};

    use journal::{SharedJournal, laws::Place, memory::Memory};
    use tokio::sync::Mutex;

    #[derive(Default)]
    struct InMemory(Mutex<HashMap<String, Memory>>);

    #[async_trait::async_trait]
    impl Place for InMemory {
        async fn open(&self, ledger: &str) -> SharedJournal {
            Arc::new(self.0.lock().await.entry(ledger.to_owned()).or_default().clone())
        }
    }

    journal::journal_laws!(paused InMemory::default());
}

mod sqlite {
    use std::sync::Arc;

    use journal::{SharedJournal, laws::Place, sqlite::Sqlite};

    struct InFolder(tempfile::TempDir);

    #[async_trait::async_trait]
    impl Place for InFolder {
        async fn open(&self, ledger: &str) -> SharedJournal {
            Arc::new(Sqlite::open(self.0.path().join(format!("{ledger}.db"))).await.expect("failed to open the ledger"))
        }
    }

    journal::journal_laws!(real InFolder(tempfile::tempdir().unwrap()));
}

mod nats {
    use journal::{Options, SharedJournal, laws::Place};
    use testkit::nats::NatsServer;

    struct OnServer(NatsServer);

    #[async_trait::async_trait]
    impl Place for OnServer {
        async fn open(&self, ledger: &str) -> SharedJournal {
            journal::open(&self.0.url(ledger), Options::default()).await.expect("failed to open the ledger")
        }

        async fn crash(&self) {
            self.0.kill();
            self.0.start_again().await;
        }
    }

    journal::journal_laws!(real OnServer(NatsServer::start().await));
}
