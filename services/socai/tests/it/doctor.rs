//! The doctor beside a role of the stack.

use std::process::Command;

use testkit::postgres::{Postgres, psql};
use views::Store;

use crate::process::socai;

/// Each with the users of `deploy/postgres/roles.sql`, of whom tally and audit may not read the view of the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_s_own_user_of_the_database_is_asked_for_the_views_of_the_role_only() {
    let folder = tempfile::tempdir().unwrap();
    let server = Postgres::start();
    let database = server.database().await;
    let roles = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/postgres/roles.sql");
    let mut command = Command::new(psql());
    for user in ["TALLY", "AUDIT", "PORTAL"] {
        command.env(format!("SOCAI_POSTGRES_{user}_PASSWORD"), "p");
    }
    let done = command.args(["--no-psqlrc", "--dbname", &database, "--file", roles]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let url = |user: &str| database.replacen("socai@", &format!("{user}@"), 1);
    Store::open(&url("tally")).await.unwrap().current(tally::SCHEMA).await.unwrap();
    Store::open(&url("audit")).await.unwrap().current(audit::SCHEMA).await.unwrap();

    let data = folder.path().display().to_string();
    let doctor = |role: &str| {
        let views = url(role);
        let arguments = ["doctor", "--data", &data, "--listen", "127.0.0.1:0", "--roles", role, "--views", &views];
        String::from_utf8(socai(&arguments).output().unwrap().stdout).unwrap()
    };
    let expected = [("tally", "tally at 0"), ("audit", "trail at 0"), ("portal", "tally at 0, trail at 0")];
    for (role, found) in expected {
        let told = doctor(role);
        assert!(told.contains(&format!("ok     views        {found}\n")), "{role}: {told}");
    }
    // Whoever needs no view is not asked for one, whatever the settings name.
    let told = doctor("intake");
    assert!(told.contains("ok     views        these roles need none\n"), "{told}");
}
