//! What an operator is told to do with the directory of persons and with passwords, done as `deploy/README.md` says it.

use std::process::Command;

use domain::SubjectId;
use portal::Directory;
use testkit::postgres::psql;

use super::{
    database::Database,
    roles::{SUPERUSER, somebody},
};

/// Of the two commands, without where the database is.
const DUMP: [&str; 4] = ["--clean", "--if-exists", "--schema", "portal"];
const RESTORE: [&str; 3] = ["--single-transaction", "--set", "ON_ERROR_STOP=1"];

fn readme() -> String {
    super::read("deploy/README.md")
}

/// Of the server; beside `psql`.
fn pg_dump() -> std::path::PathBuf {
    let beside = psql().with_file_name("pg_dump");
    if beside.is_file() { beside } else { "pg_dump".into() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_directory_of_persons_is_restored_beside_the_users_also_where_a_portal_has_begun() {
    let readme = readme();
    for said in [format!("pg_dump {}", DUMP.join(" ")), RESTORE.join(" ")] {
        assert!(readme.contains(&said), "the page does not say: {said}");
    }
    let (lost, subject) = (Database::with_roles().await, SubjectId(uuid::Uuid::from_u128(1)));
    Directory::open(&lost.url("portal")).await.unwrap().put(subject, &somebody()).await.unwrap();
    let dumped = Command::new(pg_dump()).args(DUMP).args(["--dbname", &lost.url(SUPERUSER)]).output().unwrap();
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.sql");
    std::fs::write(&file, dumped.stdout).unwrap();

    for a_portal_has_begun in [false, true] {
        let database = Database::with_roles().await;
        if a_portal_has_begun {
            Directory::open(&database.url("portal")).await.unwrap();
        }
        let mut restore = Command::new(psql());
        restore.args(["--no-psqlrc", "--dbname", &database.url(SUPERUSER)]).args(RESTORE).arg("--file").arg(&file);
        let restored = restore.output().unwrap();
        assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
        let directory = Directory::open(&database.url("portal")).await.unwrap();
        assert_eq!(directory.person(subject).await.unwrap(), somebody());
        directory.put(SubjectId(uuid::Uuid::from_u128(2)), &somebody()).await.unwrap();
        database.give_roles();
        assert_eq!(database.count("select count(distinct subject) from portal.directory").await, 2);
        let read = database.execute("tally", "select person from portal.directory").await;
        assert!(read.is_err(), "nobody but the portal reads it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_changes_the_passwords_of_its_users_and_never_that_of_who_runs_it() {
    let database = Database::with_roles().await;
    database.execute(SUPERUSER, "alter role socai password 'p0'").await.unwrap();
    database
        .execute(SUPERUSER, "create table public.before as select rolname, rolpassword from pg_authid")
        .await
        .unwrap();
    database.give_roles();
    // A salt of its own each time.
    let changed = "select count(*) from public.before b join pg_authid a using (rolname)
        where a.rolpassword is distinct from b.rolpassword and a.rolname ";
    assert_eq!(database.count(&format!("{changed} in ('tally', 'audit', 'portal')")).await, 3);
    assert_eq!(database.count(&format!("{changed} = 'socai'")).await, 0);
    let readme = readme();
    for here in [
        "docker compose --file deploy/compose.yaml exec postgres",
        "kubectl --namespace socai exec --stdin --tty postgres-0 --",
    ] {
        let said = format!("{here} psql --username socai --dbname socai --command '\\password'");
        assert!(readme.contains(&said), "the page does not say: {said}");
    }
}

/// Two portals begin together; each needs the table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn portals_that_begin_at_once_all_find_the_directory() {
    let database = Database::with_roles().await;
    let url = database.url("portal");
    let opened: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn({
                let url = url.clone();
                async move { Directory::open(&url).await }
            })
        })
        .collect();
    for directory in opened {
        directory.await.unwrap().unwrap();
    }
}
