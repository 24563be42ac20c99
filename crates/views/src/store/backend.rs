//! What differs between SQLite and PostgreSQL: where things lie, how a connection is set up, and the name of one type.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions, Executor,
    any::{AnyConnectOptions, AnyPoolOptions},
};

use super::{POOL_MAX, StoreError};
use crate::Schema;

/// How long a caller waits for a connection before it hears that the database does not answer.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// The schema that holds the pointers; on SQLite a file of this name.
const REGISTRY: &str = "socai_views";

const POINTER_TABLE: &str = "create table if not exists pointer (
    view text not null, fold_version bigint not null, generation bigint not null, primary key (view, fold_version))";

/// Views are rebuilt from the ledger, so they may lose the last seconds in a power cut; only the journal pays for full sync.
const SQLITE_SETUP: &str = "pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000;
    pragma temp_store = memory; pragma cache_size = -8192; pragma wal_autocheckpoint = 4000";

/// A reader leaves the file as it is, also its way of keeping a journal.
const SQLITE_READER_SETUP: &str = "pragma query_only = on; pragma busy_timeout = 5000;
    pragma temp_store = memory; pragma cache_size = -8192";

/// A follower that is stopped in the middle of a transaction must not keep the next one out.
const POSTGRES_SETUP: &str = "set idle_in_transaction_session_timeout = '10s'; set lock_timeout = '5s';
    set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";

const POSTGRES_READER_SETUP: &str = "set default_transaction_read_only = on";

/// Where each view has a user of its own, `deploy/postgres/roles.sql` has made a function that makes the schemas of that view and no others.
const HAS_MAKER: &str = "select to_regprocedure('socai_views.make_schema(text)') is not null";

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Makes what is missing.
    Write,
    /// Makes and changes nothing, whatever its user may.
    Read,
}

pub(crate) enum Backend {
    Sqlite { folder: PathBuf },
    Postgres { url: String },
}

impl Backend {
    pub(super) fn of(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres { url: url.to_owned() });
        }
        let path = url.strip_prefix("sqlite:").filter(|path| !path.is_empty() && !path.contains('?'));
        let path = Path::new(path.ok_or_else(|| StoreError::Url(url.to_owned()))?);
        let folder = std::path::absolute(path).map_err(|source| StoreError::Folder { folder: path.to_owned(), source });
        Ok(Self::Sqlite { folder: folder? })
    }

    pub(super) fn make_folder(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { folder } => {
                std::fs::create_dir_all(folder).map_err(|source| StoreError::Folder { folder: folder.clone(), source })
            }
            Self::Postgres { .. } => Ok(()),
        }
    }

    /// Writes `{bytes}` as this database calls it.
    pub(super) fn speak(&self, sql: &str) -> String {
        sql.replace("{bytes}", if self.is_postgres() { "bytea" } else { "blob" })
    }

    pub(super) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    pub(super) async fn open_registry(&self, access: Access) -> Result<AnyPool, StoreError> {
        let pool = self.open(REGISTRY, 2, access).await?;
        // Looked for first: where the table is there already, a follower's user need not be allowed to make one.
        if access == Access::Write && !self.has(&pool, REGISTRY, "pointer").await? {
            self.make_pointers(&pool).await.map_err(StoreError::sql("make the table of pointers"))?;
        }
        Ok(pool)
    }

    /// Two that start at once both make it, and on PostgreSQL `if not exists` alone lets one of them fail.
    async fn make_pointers(&self, pool: &AnyPool) -> Result<(), sqlx::Error> {
        let mut tx = pool.begin().await?;
        if self.is_postgres() {
            tx.execute("select pg_advisory_xact_lock(7310846)").await?;
        }
        tx.execute(POINTER_TABLE).await?;
        tx.commit().await
    }

    /// Whether there are pointers to read.
    pub(super) async fn has_registry(&self, registry: &AnyPool) -> Result<bool, StoreError> {
        self.has(registry, REGISTRY, "pointer").await
    }

    pub(super) async fn open_generation(
        &self,
        schema: Schema,
        number: u32,
        access: Access,
    ) -> Result<AnyPool, StoreError> {
        self.open(&place(schema, number), POOL_MAX, access).await
    }

    /// Whether all tables of a generation are there, which are made in one transaction.
    pub(super) async fn has_generation(&self, pool: &AnyPool, schema: Schema, number: u32) -> Result<bool, StoreError> {
        if !self.has(pool, &place(schema, number), "migration").await? {
            return Ok(false);
        }
        let done: i64 = sqlx::query_scalar("select count(*) from migration")
            .fetch_one(pool)
            .await
            .map_err(StoreError::sql(format!("look for the tables of `{}`", schema.name)))?;
        Ok(usize::try_from(done).is_ok_and(|done| done > schema.migrations.len()))
    }

    /// Whether a table is there. On PostgreSQL a schema that this user may not look into is an error, and not an absence.
    async fn has(&self, pool: &AnyPool, place: &str, table: &str) -> Result<bool, StoreError> {
        let (sql, name) = match self {
            Self::Sqlite { folder } if !file(folder, place).is_file() => return Ok(false),
            Self::Sqlite { .. } => {
                ("select count(*) from sqlite_master where type = 'table' and name = $1", table.to_owned())
            }
            Self::Postgres { .. } => ("select count(to_regclass($1))", format!("{place}.{table}")),
        };
        let found: i64 = sqlx::query_scalar(sql)
            .bind(name)
            .fetch_one(pool)
            .await
            .map_err(StoreError::sql(format!("look for the table `{table}` at `{place}`")))?;
        Ok(found > 0)
    }

    /// Removes the tables of a generation; nothing when there are none.
    pub(super) async fn remove(&self, schema: Schema, number: u32) -> Result<(), StoreError> {
        let place = place(schema, number);
        match self {
            Self::Sqlite { folder } => ["", "-wal", "-shm"]
                .into_iter()
                .map(|suffix| folder.join(format!("{place}.db{suffix}")))
                .try_for_each(remove_file),
            Self::Postgres { .. } => {
                let pool = self.open(REGISTRY, 1, Access::Write).await?;
                let dropped = pool.execute(AssertSqlSafe(format!("drop schema if exists {place} cascade"))).await;
                pool.close().await;
                dropped.map(|_| ()).map_err(StoreError::sql(format!("remove the generation `{place}`")))
            }
        }
    }

    async fn open(&self, place: &str, connections: u32, access: Access) -> Result<AnyPool, StoreError> {
        let cannot = || StoreError::sql(format!("open the store of views at `{place}`"));
        let (options, setup) = match (self, access) {
            (Self::Sqlite { folder }, Access::Write) => {
                (sqlite_options(&file(folder, place), "rwc"), SQLITE_SETUP.to_owned())
            }
            (Self::Sqlite { folder }, Access::Read) => {
                (sqlite_options(&file(folder, place), "ro"), SQLITE_READER_SETUP.to_owned())
            }
            (Self::Postgres { url }, Access::Write) => {
                (url.parse(), format!("{POSTGRES_SETUP}; set search_path to {place}"))
            }
            (Self::Postgres { url }, Access::Read) => {
                (url.parse(), format!("{POSTGRES_SETUP}; {POSTGRES_READER_SETUP}; set search_path to {place}"))
            }
        };
        let options: AnyConnectOptions = options.map_err(cannot())?;
        let options = options.disable_statement_logging();
        if self.is_postgres() && access == Access::Write {
            let ours = make_schema(&options, place).await.map_err(cannot())?;
            // Everybody's pointers are in one table that belongs to none of them.
            if !ours && place != REGISTRY {
                return Err(StoreError::NotOurs { place: place.to_owned() });
            }
        }
        let pool = AnyPoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT).after_connect(
            move |connection, _| {
                let setup = setup.clone();
                Box::pin(async move { run(connection, setup).await })
            },
        );
        match (self, access) {
            // The file may not be there yet, and a reader makes none.
            (Self::Sqlite { .. }, Access::Read) => Ok(pool.connect_lazy_with(options)),
            _ => pool.connect_with(options).await.map_err(cannot()),
        }
    }
}

async fn run(connection: &mut AnyConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

/// Whether this user may make tables in the schema, which is made when it is not there. Two processes that start at once both make it;
/// `if not exists` alone lets one of them fail.
async fn make_schema(options: &AnyConnectOptions, place: &str) -> Result<bool, sqlx::Error> {
    let mut connection = options.connect().await?;
    let ours = sqlx::query_scalar("select has_schema_privilege(oid, 'create') from pg_namespace where nspname = $1")
        .bind(place)
        .fetch_optional(&mut connection)
        .await?;
    if ours.is_none() {
        let making = match sqlx::query_scalar(HAS_MAKER).fetch_one(&mut connection).await? {
            true => format!("select socai_views.make_schema('{place}')"),
            false => format!("create schema if not exists {place}"),
        };
        run(&mut connection, format!("begin; select pg_advisory_xact_lock(7310846); {making}; commit")).await?;
    }
    sqlx::Connection::close(connection).await?;
    Ok(ours.unwrap_or(true))
}

fn place(schema: Schema, number: u32) -> String {
    format!("{}_v{}_g{number}", schema.name, schema.fold_version)
}

fn file(folder: &Path, place: &str) -> PathBuf {
    folder.join(format!("{place}.db"))
}

fn sqlite_options(path: &Path, mode: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    let path = path.display().to_string().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}?mode={mode}").parse()
}

fn remove_file(path: PathBuf) -> Result<(), StoreError> {
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::Folder { folder: path, source })
        }
        _ => Ok(()),
    }
}
