//! A PostgreSQL server of a test's own with the users of `deploy/postgres/roles.sql`.

use std::process::{Command, Output};

use sqlx::{Connection, PgConnection};
use testkit::postgres::{Postgres, psql};

pub(crate) const USERS: [&str; 3] = ["tally", "audit", "portal"];

pub(crate) struct Database {
    _server: Postgres,
    url: String,
    /// Who runs the file.
    operator: &'static str,
}

impl Database {
    /// Without the users.
    pub(crate) async fn bare() -> Self {
        let server = Postgres::start();
        let url = server.database().await;
        Self { _server: server, url, operator: "socai" }
    }

    /// Without the users, as a hosted PostgreSQL gives it: the database is its operator's, who may make roles and is no superuser.
    pub(crate) async fn hosted() -> Self {
        let database = Self { operator: "operator", ..Self::bare().await };
        let name = database.url.rsplit('/').next().expect("it has a name");
        let name = name.split('?').next().expect("it has a beginning");
        database.execute("socai", "create role operator with login createrole createdb").await.unwrap();
        database.execute("socai", &format!("alter database \"{name}\" owner to operator")).await.unwrap();
        database
    }

    pub(crate) const fn operator(&self) -> &'static str {
        self.operator
    }

    pub(crate) async fn with_roles() -> Self {
        let database = Self::bare().await;
        database.give_roles();
        database
    }

    /// As `user`; `socai` may do everything.
    pub(crate) fn url(&self, user: &str) -> String {
        self.url.replacen("socai@", &format!("{user}@"), 1)
    }

    /// Runs the file as an operator does; its words when it fails.
    pub(crate) fn give_roles(&self) {
        let done = self.roles_with(&USERS);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// With passwords for these users only.
    pub(crate) fn roles_with(&self, users: &[&str]) -> Output {
        let mut command = Command::new(psql());
        command
            .args(["--no-psqlrc", "--dbname", &self.url(self.operator), "--file"])
            .arg(super::file("deploy/postgres/roles.sql"));
        for user in USERS {
            command.env_remove(variable(user));
        }
        command.envs(users.iter().map(|user| (variable(user), format!("p'{user}")))).output().expect("psql runs")
    }

    /// As this user; the rows affected.
    pub(crate) async fn execute(&self, user: &str, sql: &str) -> Result<u64, sqlx::Error> {
        let mut connection = PgConnection::connect(&self.url(user)).await?;
        let done = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await?;
        Ok(done.rows_affected())
    }

    /// As the superuser.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut connection).await.unwrap()
    }
}

fn variable(user: &str) -> String {
    format!("SOCAI_POSTGRES_{}_PASSWORD", user.to_uppercase())
}
