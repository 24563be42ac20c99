//! What each user of the views' database may do, and what none may.

use std::time::Duration;

use audit::{AuditReader, Trail};
use domain::{Position, SubjectId, UnitId};
use journal::SharedJournal;
use portal::{Directory, Entry, Person};
use tally::{Tally, TallyReader};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use views::{Store, StoreError, StoreReader, laws};

use super::database::Database;

const PATIENCE: Duration = Duration::from_secs(60);
/// Who made the cluster.
pub(crate) const SUPERUSER: &str = "socai";
const NOT_ALLOWED: &str = "42501";

/// Followers of both views, each as its own user.
struct Followers {
    journal: SharedJournal,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Followers {
    async fn start(database: &Database, journal: &SharedJournal, tally: &str, audit: &str) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let tally = Tally::new(Store::open(&database.url(tally)).await.unwrap(), journal.clone());
        let trail = Trail::new(Store::open(&database.url(audit)).await.unwrap(), journal.clone());
        let reached = [tally.reached(), trail.reached()];
        tasks.spawn(tally.run(stop.clone()));
        tasks.spawn(trail.run(stop.clone()));
        let tip = journal.tip().await.unwrap();
        for view in reached {
            view.wait_for(tip, PATIENCE).await.unwrap();
        }
        Self { journal: journal.clone(), stop, tasks }
    }

    async fn append(&self, n: u64) {
        let record = laws::record(n);
        self.journal.append(&record.stream, None, wire::encode(&record).unwrap()).await.unwrap();
    }

    async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn place(schema: views::Schema) -> String {
    format!("{}_v{}_g1", schema.name, schema.fold_version)
}

pub(crate) fn somebody() -> Person {
    let office = UnitId(uuid::Uuid::from_u128(7));
    let from = "2022-01-01".parse().unwrap();
    Person { entries: vec![Entry { person: "Người thử nghiệm".to_owned(), office, from, to: None }] }
}

async fn refused(database: &Database, user: &str, sql: &str) {
    let error = database.execute(user, sql).await.expect_err(&format!("{user} was allowed: {sql}"));
    let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
    assert_eq!(code.as_deref(), Some(NOT_ALLOWED), "{user}, {sql}: {error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_writes_its_own_view_and_the_portal_reads_both_also_after_a_rebuild() {
    for database in [Database::bare().await, Database::hosted().await] {
        database.give_roles();
        each_writes_its_own_view(&database).await;
    }
}

async fn each_writes_its_own_view(database: &Database) {
    let followers = Followers::start(database, &laws::journal_of(200).await, "tally", "audit").await;
    let views = StoreReader::open(&database.url("portal")).await.unwrap();
    let reader = TallyReader::new(views.clone(), followers.journal.clone());
    let (index, reading) = (reader.index(), tokio::spawn(reader.run(followers.stop.clone())));
    let trail = AuditReader::new(views, followers.journal.clone());
    index.reached(Position(200), PATIENCE).await.unwrap();
    trail.reached(Position(200), PATIENCE).await.unwrap().unwrap();

    database.give_roles();
    let tally = Store::open(&database.url("tally")).await.unwrap();
    let rebuilt = tally::rebuild(&tally, &followers.journal, &mut |_, _| {}).await.unwrap();
    assert_eq!((rebuilt.generation, rebuilt.differences), (2, Vec::new()));
    let audit = Store::open(&database.url("audit")).await.unwrap();
    let rebuilt = audit::rebuild(&audit, &followers.journal, &mut |_, _| {}).await.unwrap();
    assert_eq!((rebuilt.generation, rebuilt.differences), (2, Vec::new()));
    followers.append(201).await;
    index.reached(Position(201), PATIENCE).await.unwrap();
    trail.reached(Position(201), PATIENCE).await.unwrap().unwrap();
    assert_eq!(database.count("select count(*) from socai_views.pointer where generation = 2").await, 2);
    followers.stop().await;
    reading.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_writes_a_view_that_is_not_theirs() {
    for database in [Database::bare().await, Database::hosted().await] {
        database.give_roles();
        nobody_writes_in(&database).await;
    }
}

async fn nobody_writes_in(database: &Database) {
    let followers = Followers::start(database, &laws::journal_of(20).await, "tally", "audit").await;
    followers.stop().await;
    let (tally, trail) = (place(tally::SCHEMA), place(audit::SCHEMA));
    for (user, foreign) in [("portal", &tally), ("portal", &trail), ("audit", &tally), ("tally", &trail)] {
        for sql in [
            format!("update {foreign}.checkpoint set position = 0"),
            format!("delete from {foreign}.checkpoint"),
            format!("insert into {foreign}.migration values (99)"),
            format!("truncate {foreign}.migration"),
            format!("create table {foreign}.mine (n bigint)"),
            format!("alter table {foreign}.checkpoint add column mine bigint"),
            format!("drop table {foreign}.checkpoint"),
            format!("drop schema {foreign} cascade"),
        ] {
            refused(database, user, &sql).await;
        }
    }
    for user in ["portal", "tally", "audit"] {
        for sql in
            ["create schema mine", "create table public.mine (n bigint)", "create temporary table mine (n bigint)"]
        {
            refused(database, user, sql).await;
        }
    }
    // A name that the other has not taken yet, and names that only look like one's own.
    for (user, foreign) in [("portal", "tally_v9_g9"), ("audit", "tally_v9_g9"), ("tally", "trail_v9_g9")] {
        refused(database, user, &format!("select socai_views.make_schema('{foreign}')")).await;
    }
    for name in ["mine", "tally_v9_g9x", "x_tally_v9_g9", "tally_v9_g9\nmine", "TALLY_v9_g9", "tally_v_g", ""] {
        refused(database, "tally", &format!("select socai_views.make_schema('{name}')")).await;
    }
    refused(database, "portal", "update socai_views.pointer set generation = 9").await;
    refused(database, "portal", "delete from socai_views.pointer").await;
    for (user, own, foreign) in [("tally", "tally", "trail"), ("audit", "trail", "tally")] {
        refused(database, user, &format!("insert into socai_views.pointer values ('{foreign}', 99, 1)")).await;
        refused(database, user, &format!("update socai_views.pointer set view = '{foreign}' where view = '{own}'"))
            .await;
        // Its own rows it may forget; those of the other it does not even see as rows to change.
        for change in ["update socai_views.pointer set generation = 9", "delete from socai_views.pointer"] {
            let changed = format!("{change} where view = '{foreign}'");
            assert_eq!(database.execute(user, &changed).await.unwrap(), 0, "{user}: {changed}");
        }
        refused(database, user, "create table socai_views.mine (n bigint)").await;
    }
    assert_eq!(database.count("select count(*) from socai_views.pointer where generation = 1").await, 2);
    for (user, schema) in [("portal", tally::SCHEMA), ("tally", audit::SCHEMA), ("audit", tally::SCHEMA)] {
        let told = Store::open(&database.url(user)).await.unwrap().current(schema).await.unwrap_err();
        assert!(matches!(&told, StoreError::NotOurs { place: foreign } if *foreign == place(schema)), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_portal_alone_keeps_the_directory_of_persons() {
    let database = Database::with_roles().await;
    let subject = SubjectId(uuid::Uuid::from_u128(1));
    let directory = Directory::open(&database.url("portal")).await.unwrap();
    directory.put(subject, &somebody()).await.unwrap();
    assert_eq!(directory.person(subject).await.unwrap(), somebody());
    assert_eq!(database.count("select count(*) from portal.directory").await, 1);
    for user in ["tally", "audit"] {
        refused(&database, user, "select person from portal.directory").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_from_before_the_roles_is_handed_over() {
    for database in [Database::bare().await, Database::hosted().await] {
        is_handed_over(&database).await;
    }
}

async fn is_handed_over(database: &Database) {
    let (journal, before) = (laws::journal_of(30).await, database.operator());
    Followers::start(database, &journal, before, before).await.stop().await;
    let subject = SubjectId(uuid::Uuid::from_u128(1));
    Directory::open(&database.url(before)).await.unwrap().put(subject, &somebody()).await.unwrap();

    database.give_roles();
    let followers = Followers::start(database, &journal, "tally", "audit").await;
    followers.append(31).await;
    let trail = AuditReader::new(StoreReader::open(&database.url("portal")).await.unwrap(), journal.clone());
    trail.reached(Position(31), PATIENCE).await.unwrap().unwrap();
    followers.stop().await;
    let directory = Directory::open(&database.url("portal")).await.unwrap();
    assert_eq!(directory.person(subject).await.unwrap(), somebody());
}

#[tokio::test]
async fn without_a_password_for_each_nothing_is_made() {
    let database = Database::bare().await;
    let done = database.roles_with(&["tally", "audit"]);
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success() && told.contains("set SOCAI_POSTGRES_TALLY_PASSWORD"), "{told}");
    assert_eq!(database.count("select count(*) from pg_roles where rolname in ('tally', 'audit', 'portal')").await, 0);
}
