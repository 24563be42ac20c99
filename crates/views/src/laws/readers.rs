//! Whoever reads what others fold.

use std::path::Path;

use domain::Position;
use sqlx::{AnyConnection, Connection};

use super::{
    follower::tampered_at,
    support::{Opened, append, claimed, decoded, expected_rows, journal_of},
};
use crate::{Checkpoint, Dump, Provenance, StoreError, StoreReader, Unproven, View, rebuild};

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

/// Rows of a ledger that was replaced, whose history is another or which was restored to an earlier day are told from those of the one that is
/// read, also when it has grown past them again; and a rebuild makes them its own.
pub async fn a_reader_knows_rows_of_another_ledger<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (store, ours, mut view) = (opened.store().await, journal_of(20).await, make());
    let schema = view.schema();
    let mut session = claimed(&store, &ours, &mut view, "first").await;
    session.apply(&mut view, &decoded(1, 20)).await.unwrap();
    session.release().await.unwrap();
    let reader = StoreReader::open(&opened.url).await.unwrap();
    let generation = reader.current(schema).await.unwrap();
    let checkpoint = generation.checkpoint().await.unwrap();
    Provenance::new(ours.clone()).confirm(&generation, &checkpoint).await.unwrap();

    let restored = journal_of(15).await;
    for (other, says) in [
        (tampered_at(1, 25).await, "first record"),
        (tampered_at(20, 25).await, "another record"),
        (restored.clone(), "ends at position 15"),
    ] {
        let refused = Provenance::new(other).confirm(&generation, &checkpoint).await.unwrap_err();
        let Unproven::Foreign(foreign) = refused else { panic!("{refused}") };
        assert_eq!((foreign.view, foreign.position), (schema.name, Position(20)));
        let told = foreign.to_string();
        assert!(told.contains(says) && told.contains(&format!("socai rebuild {}", schema.name)), "{told}");
    }

    let provenance = Provenance::new(restored.clone());
    assert!(provenance.confirm(&generation, &checkpoint).await.is_err());
    rebuild(&store, &restored, &make, &mut |_, _| {}).await.unwrap();
    let rebuilt = reader.current(schema).await.unwrap();
    provenance.confirm(&rebuilt, &rebuilt.checkpoint().await.unwrap()).await.unwrap();
    // What was confirmed once does not speak for rows that stand elsewhere.
    append(&restored, 16..=20).await;
    let elsewhere = Checkpoint { position: Position(18), ..rebuilt.checkpoint().await.unwrap() };
    assert!(matches!(provenance.confirm(&rebuilt, &elsewhere).await, Err(Unproven::Foreign(_))));
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
