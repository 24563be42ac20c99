//! Opens the journal that a URL names.

use std::{path::PathBuf, sync::Arc};

use crate::{
    BoxError, CopyInto, SharedJournal,
    memory::Memory,
    nats::{self, HeaderMaker, Nats, NatsCopy},
    sqlite::{Sqlite, SqliteCopy, SqliteReader},
};

const FORMS: &str = "memory:, sqlite:PATH or nats://host:4222/ledger";

/// What a URL does not say.
#[derive(Clone, Default)]
pub struct Options {
    /// Headers for each record's message, on NATS; the record's CloudEvents attributes if absent.
    pub headers: Option<HeaderMaker>,
    /// File with a user's credentials, on NATS.
    pub credentials: Option<PathBuf>,
    /// Nothing is made or appended; on SQLite another process may own the file.
    pub to_read: bool,
}

/// Opens the ledger at `memory:`, `sqlite:PATH`, or
/// `nats://[user:password@]host[:port][,host[:port]…]/ledger[?monitor=http://host:port[,…]][&replicas=n][&accept=setting[,…]]`; a new one is begun
/// where there is none. `monitor` names the servers' monitoring addresses, which tell whether they sync before they
/// acknowledge; `replicas` is for a stream that is created; `accept` names settings of one that is there under which records could be lost
/// ([`Deviations`](crate::Deviations)), and which every durability names from then on.
pub async fn open(url: &str, options: Options) -> Result<SharedJournal, OpenError> {
    match Form::of(url)? {
        Form::Memory => Ok(Arc::new(Memory::default())),
        Form::Sqlite(path) if options.to_read => Ok(Arc::new(SqliteReader::open(path).await?)),
        Form::Sqlite(path) => Ok(Arc::new(Sqlite::open(path).await?)),
        Form::Nats => Ok(Arc::new(Nats::open(url, options).await?)),
    }
}

/// Whether a URL has a form that `open` takes; what it names is not looked at.
///
/// # Errors
/// What to write instead.
pub fn check_url(url: &str) -> Result<(), OpenError> {
    match Form::of(url)? {
        Form::Memory | Form::Sqlite(_) => Ok(()),
        Form::Nats => nats::check_url(url),
    }
}

/// Opens a place for a copy at a URL as `open` takes it, but in memory: a copy that was begun there, or a new one.
pub async fn open_copy(url: &str, options: Options) -> Result<Arc<dyn CopyInto>, OpenError> {
    match Form::of(url)? {
        Form::Memory => Err(OpenError::no_url(url)),
        Form::Sqlite(path) => Ok(Arc::new(SqliteCopy::open(path).await?)),
        Form::Nats => Ok(Arc::new(NatsCopy::open(url, options).await?)),
    }
}

/// Which kind of journal a URL names.
enum Form<'a> {
    Memory,
    /// At a path.
    Sqlite(&'a str),
    Nats,
}

impl<'a> Form<'a> {
    fn of(url: &'a str) -> Result<Self, OpenError> {
        match url.split_once(':') {
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("sqlite", path)) if !matches!(path, "" | "//") => {
                Ok(Self::Sqlite(path.strip_prefix("//").unwrap_or(path)))
            }
            Some(("nats" | "tls", _)) => Ok(Self::Nats),
            _ => Err(OpenError::no_url(url)),
        }
    }
}

/// Why a journal was not opened. Each says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("`{url}` names no journal: write {FORMS}")]
    NoUrl { url: String },
    #[error("failed to open the journal at {at}")]
    Failed {
        at: String,
        #[source]
        source: BoxError,
    },
    /// One process owns a ledger's file, held by a lock of the operating system.
    #[error("the journal at {at} is open in another process; stop that one first, or ask it over HTTP")]
    Owned { at: String },
    #[error("{at} is not a ledger that this version can read: {what}")]
    Foreign { at: String, what: String },
    /// There is nothing to read.
    #[error("there is no ledger at {at}")]
    Absent { at: String },
    /// The server has no ledger of this name, or no place for its cells, and did not let this user make one.
    #[error("there is no {what} at {at} yet, and it could not be made; `socai provision` makes it, as a user who may")]
    NotMade {
        at: String,
        what: &'static str,
        #[source]
        source: BoxError,
    },
    /// The server does not let this user do what is needed, and does not answer what it does not let anybody do.
    #[error(
        "this user may not do at {at} what is needed ({denied}); name another one in the URL, as deploy/nats/users.conf has them"
    )]
    Forbidden {
        at: String,
        /// In the server's words.
        denied: String,
        #[source]
        source: Box<OpenError>,
    },
    /// No place for a copy.
    #[error("{at} holds a ledger of its own, and no copy; give the copy another place")]
    Taken { at: String },
    /// A setting under which records could be lost.
    #[error("the journal at {at} would not keep every record: {what}; change its setting `{setting}`")]
    Unsafe { at: String, setting: &'static str, what: String },
    /// Something is accepted that is not in the list of what can be.
    #[error("`accept` in the journal's URL names settings under which records could be lost: {what}")]
    NotAccepted { what: String },
    /// A server on which the journal's laws do not hold, or were never seen to.
    #[error("the NATS server at {at} is {version}; at least {major}.{minor} is needed", major = oldest.0, minor = oldest.1)]
    TooOld { at: String, version: String, oldest: (u32, u32) },
}

impl OpenError {
    pub(crate) fn failed(at: impl ToString, source: impl Into<BoxError>) -> Self {
        Self::Failed { at: at.to_string(), source: source.into() }
    }

    /// Shows the URL without what stands before its last `@`.
    pub(crate) fn no_url(url: &str) -> Self {
        let shown = url.rsplit_once('@').map_or_else(|| url.to_owned(), |(_, rest)| format!("…@{rest}"));
        Self::NoUrl { url: shown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_url_of_no_known_form_is_told_the_forms() {
        for wrong in
            ["", "sqlite", "sqlite:", "memory:x", "postgres://u:secret@host/x", "data/ledger.db", "nats://host"]
        {
            let told = match open(wrong, Options::default()).await {
                Ok(_) => panic!("{wrong} was opened"),
                Err(error) => error.to_string(),
            };
            assert!(told.contains(FORMS) && !told.contains("secret"), "{told}");
        }
    }
}
