//! Who an opaque subject is: person, office, from when to when. A small table of its own, outside the ledger, for auditors.

use std::str::FromStr;

use domain::{LocalDate, SubjectId, UnitId};
use serde::{Deserialize, Serialize};
use sqlx::{
    AnyPool, Row,
    any::{AnyConnectOptions, AnyPoolOptions, AnyRow},
};

/// Connections to the table; it is asked seldom.
const CONNECTIONS: u32 = 2;

/// Most entries of one subject.
pub(crate) const ENTRIES_MAX: usize = 100;

/// All that is known of one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Ascending by `from`; at most 100.
    pub entries: Vec<Entry>,
}

/// One person at one office, from a day to a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// 1 to 200 characters.
    pub person: String,
    pub office: UnitId,
    pub from: LocalDate,
    /// Last day; still there unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<LocalDate>,
}

/// What went wrong with the table.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    #[error("failed to reach the directory")]
    Unreachable(#[from] sqlx::Error),
    #[error("the directory holds a row that cannot be read, of subject {subject}")]
    Damaged { subject: SubjectId },
}

/// The table, on SQLite or PostgreSQL.
#[derive(Clone, Debug)]
pub struct Directory(AnyPool);

impl Directory {
    /// Opens it, and makes the table when it is not there. `url` is `sqlite:path` or `postgres://…`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open(url: &str) -> Result<Self, DirectoryError> {
        sqlx::any::install_default_drivers();
        let url =
            if url.starts_with("sqlite:") && !url.contains('?') { format!("{url}?mode=rwc") } else { url.to_owned() };
        let options = AnyConnectOptions::from_str(&url)?;
        let pool = AnyPoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
        let mut tx = pool.begin().await?;
        // Two portals that start at once both make it, and on PostgreSQL `if not exists` alone lets one of them fail.
        if url.starts_with("postgres") {
            sqlx::query("select pg_advisory_xact_lock(7310849)").execute(&mut *tx).await?;
        }
        sqlx::query(
            "create table if not exists directory (
                subject text not null, valid_from text not null, valid_to text, person text not null, office text not null,
                primary key (subject, valid_from))",
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Self(pool))
    }

    /// What is known of a subject; no entries when nothing is.
    ///
    /// # Errors
    /// When the database cannot be reached, or holds something else.
    pub async fn person(&self, subject: SubjectId) -> Result<Person, DirectoryError> {
        let rows = sqlx::query(
            "select person, office, valid_from, valid_to from directory where subject = $1 order by valid_from",
        )
        .bind(subject.to_string())
        .fetch_all(&self.0)
        .await?;
        let entries = rows.iter().map(entry).collect::<Option<_>>();
        entries.map(|entries| Person { entries }).ok_or(DirectoryError::Damaged { subject })
    }

    /// Replaces all that is known of a subject.
    ///
    /// # Errors
    /// When the database cannot be reached; then nothing changes.
    pub async fn put(&self, subject: SubjectId, person: &Person) -> Result<(), DirectoryError> {
        let mut tx = self.0.begin().await?;
        sqlx::query("delete from directory where subject = $1").bind(subject.to_string()).execute(&mut *tx).await?;
        for entry in &person.entries {
            sqlx::query(
                "insert into directory (subject, valid_from, valid_to, person, office) values ($1, $2, $3, $4, $5)",
            )
            .bind(subject.to_string())
            .bind(entry.from.to_string())
            .bind(entry.to.map(|day| day.to_string()))
            .bind(entry.person.clone())
            .bind(entry.office.to_string())
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn entry(row: &AnyRow) -> Option<Entry> {
    let text = |column: &str| row.try_get::<String, _>(column).ok();
    let to = row.try_get::<Option<String>, _>("valid_to").ok()?;
    Some(Entry {
        person: text("person")?,
        office: text("office")?.parse().ok()?,
        from: text("valid_from")?.parse().ok()?,
        to: to.map(|day| day.parse()).transpose().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(from: &str, to: Option<&str>) -> Entry {
        Entry {
            person: "Người thử nghiệm".to_owned(),
            office: UnitId(uuid::Uuid::from_u128(7)),
            from: from.parse().unwrap(),
            to: to.map(|day| day.parse().unwrap()),
        }
    }

    #[tokio::test]
    async fn what_was_put_is_read_until_it_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("directory.db").display());
        let directory = Directory::open(&url).await.unwrap();
        let subject = SubjectId(uuid::Uuid::from_u128(1));
        assert_eq!(directory.person(subject).await.unwrap(), Person::default());

        let both = Person { entries: vec![entry("2021-01-01", Some("2021-12-31")), entry("2022-01-01", None)] };
        directory.put(subject, &both).await.unwrap();
        assert_eq!(directory.person(subject).await.unwrap(), both);

        let one = Person { entries: vec![entry("2022-01-01", None)] };
        directory.put(subject, &one).await.unwrap();
        drop(directory);
        assert_eq!(Directory::open(&url).await.unwrap().person(subject).await.unwrap(), one);
    }
}
