//! A real PostgreSQL server of a test's own: its data in a temporary folder, its port free, gone when the test's process is.

mod binaries;
mod server;

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

use sqlx::{Connection, PgConnection};

pub use binaries::psql;
pub use server::Postgres;

/// The server that all tests of this process share. It is stopped, and its folder removed, when the process ends, however that happens.
pub fn shared() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(Postgres::start)
}

impl Postgres {
    /// A new, empty database on this server; its URL.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut admin = PgConnection::connect(&self.url("postgres")).await.expect("the test's PostgreSQL answers");
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {name}")))
            .execute(&mut admin)
            .await
            .expect("the test's PostgreSQL creates a database");
        admin.close().await.expect("the test's PostgreSQL closes a connection");
        self.url(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_of_our_own_answers_and_each_test_has_its_own_database() {
        let (one, other) = (shared().database().await, shared().database().await);
        assert_ne!(one, other);
        let mut connection = PgConnection::connect(&one).await.unwrap();
        let two: i32 = sqlx::query_scalar("select 1 + 1").fetch_one(&mut connection).await.unwrap();
        assert_eq!(two, 2);
    }

    #[tokio::test]
    async fn a_stopped_server_comes_back_with_its_data() {
        let server = Postgres::start();
        let url = server.database().await;
        let mut connection = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("create table kept (n bigint); insert into kept values (7)")
            .execute(&mut connection)
            .await
            .unwrap();
        server.stop();
        assert!(PgConnection::connect(&url).await.is_err());
        server.resume();
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let kept: i64 = sqlx::query_scalar("select n from kept").fetch_one(&mut connection).await.unwrap();
        assert_eq!(kept, 7);
    }

    #[test]
    fn nothing_is_left_of_a_dropped_server() {
        let server = Postgres::start();
        let folder = server.folder().to_owned();
        assert!(folder.exists());
        drop(server);
        assert!(!folder.exists());
    }
}
