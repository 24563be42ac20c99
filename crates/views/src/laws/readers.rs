//! Whoever reads what others fold.

use std::path::Path;

use domain::Position;
use sqlx::{AnyConnection, Connection};

use super::support::{Opened, claimed, decoded, expected_rows, journal_of};
use crate::{Checkpoint, Dump, StoreError, StoreReader, View};

/// A reader that comes first says that nothing is there and makes nothing; later it reads all rows, and its connections change none.
pub async fn a_reader_waits_for_the_tables_and_changes_nothing<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (journal, mut view) = (journal_of(20).await, make());
    let schema = view.schema();
    let reader = StoreReader::open(&opened.url).await.unwrap();
    for _ in 0..2 {
        assert!(matches!(reader.current(schema).await, Err(StoreError::NotMade { view }) if view == schema.name));
        assert_eq!(reader.pointer(schema).await.unwrap(), None);
    }
    assert!(is_empty(&opened.url).await, "a reader has made something");

    let store = opened.store().await;
    assert!(matches!(reader.current(schema).await, Err(StoreError::NotMade { .. })));
    let mut session = claimed(&store, &journal, &mut view, "first").await;
    session.apply(&mut view, &decoded(1, 20)).await.unwrap();
    for reader in [&reader, &store.reader()] {
        let generation = reader.current(schema).await.unwrap();
        assert_eq!(Dump::of(&generation, &view).await.unwrap(), expected_rows(make(), 20).await);

        let checkpoint = generation.checkpoint().await.unwrap();
        let next = Checkpoint { position: Position(21), ..checkpoint.clone() };
        let mut connection = generation.pool().acquire().await.unwrap();
        let refused = checkpoint.move_to(&next, &mut connection, schema).await.unwrap_err();
        assert!(refused.to_string().contains("read"), "{refused}");
        drop(connection);
        assert_eq!(generation.checkpoint().await.unwrap(), checkpoint);
    }
}

/// Whether neither a file nor a schema of views is there.
async fn is_empty(url: &str) -> bool {
    if let Some(folder) = url.strip_prefix("sqlite:") {
        return !Path::new(folder).join("socai_views.db").exists();
    }
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let schemas: i64 =
        sqlx::query_scalar("select count(*) from pg_namespace where nspname !~ '^(pg_|information_|public)'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    schemas == 0
}
