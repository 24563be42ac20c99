//! The embedded journal: one SQLite file, one thread that writes and commits in groups, and readers beside it.

mod copy;
mod last;
mod queue;
mod reader;
mod readers;
mod recent;
mod schema;
mod writer;

use std::{
    fmt,
    fs::{File, TryLockError},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::stream::BoxStream;
use tokio::sync::watch;

use crate::{
    Append, AppendError, BODY_MAX_BYTES, BoxError, Durability, ExamineError, Examined, Followed, Journal, OpenError,
    READ_MAX, ReadError, Stored,
    tail::{TAIL_BATCH, tail},
};
pub use copy::SqliteCopy;
use queue::{Appends, Writer};
pub use reader::SqliteReader;
use readers::Readers;
use recent::Recent;

/// How long an owner that has been told to end may take to finish what is queued and close the file.
const OWN_PATIENCE: Duration = Duration::from_secs(1);
const OWN_PAUSE: Duration = Duration::from_millis(10);

/// A ledger in one file. Dropping the last handle finishes what is queued and gives the file back.
pub struct Sqlite {
    writer: Writer,
    past: Past,
    tip: watch::Receiver<Position>,
    path: PathBuf,
    /// Which file of the file system it is.
    file: FileId,
}

/// Where records are read: the newest from memory, the others from the file.
#[derive(Clone)]
struct Past {
    recent: Arc<Recent>,
    readers: Arc<Readers>,
}

impl Sqlite {
    /// Opens the ledger in the file at `path`, or begins one. Its folder must exist.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, OpenError> {
        let path = path.into();
        let at = path.display().to_string();
        let opening = tokio::task::spawn_blocking(move || Self::open_blocking(&path));
        opening.await.map_err(|panic| OpenError::failed(at, panic))?
    }

    fn open_blocking(path: &Path) -> Result<Self, OpenError> {
        let failed = |error: BoxError| OpenError::failed(path.display(), error);
        let lock = own(path)?;
        let connection = schema::open_writer(path)?;
        let last = schema::tip(&connection).map_err(|error| failed(error.into()))?;
        let readers = Readers::open(path).map_err(|error| failed(error.into()))?;
        let past = Past { recent: Arc::new(Recent::after(last)), readers: Arc::new(readers) };
        let (moved, tip) = watch::channel(last);
        let sealed = schema::sealed(&connection).map_err(|error| failed(error.into()))?;
        let writer = Writer::start(connection, lock, past.recent.clone(), moved, sealed)
            .map_err(|error| failed(error.into()))?;
        let file = FileId::of(path).map_err(|error| failed(error.into()))?;
        Ok(Self { writer, past, tip, path: path.to_owned(), file })
    }
}

/// The refusal of an append whose body is too large.
fn too_large(append: &Append) -> Option<AppendError> {
    let bytes = append.body.len();
    (bytes > BODY_MAX_BYTES).then_some(AppendError::TooLarge { bytes, limit: BODY_MAX_BYTES })
}

/// The writer gives one for each append: a fault of this program.
fn no_outcome(stream: StreamId) -> AppendError {
    AppendError::OutcomeUnknown { stream, source: "the journal's writer gave no outcome".into() }
}

/// Takes the lock of the operating system that makes this process the file's owner. SQLite's own locks are held only while
/// it writes, and two writers would each believe their cache of last positions.
fn own(path: &Path) -> Result<File, OpenError> {
    let failed = |error| OpenError::failed(path.display(), error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.exists()) {
        return Err(failed(io::Error::new(
            io::ErrorKind::NotFound,
            format!("there is no folder {}; make it first", folder.display()),
        )));
    }
    // However the path is spelled, and through whatever link: one file has one lock.
    let mut beside = one_spelling(path).map_err(failed)?.into_os_string();
    beside.push(".lock");
    let lock = File::create(&beside).map_err(failed)?;
    let begun = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if begun.elapsed() < OWN_PATIENCE => std::thread::sleep(OWN_PAUSE),
            Err(TryLockError::WouldBlock) => return Err(OpenError::Owned { at: path.display().to_string() }),
            Err(TryLockError::Error(error)) => return Err(OpenError::failed(path.display(), error)),
        }
    }
}

/// Of a file that is there, or in a folder that is there.
fn one_spelling(path: &Path) -> io::Result<PathBuf> {
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Err(error), Some(folder), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            Ok(folder.canonicalize()?.join(name))
        }
        (spelled, ..) => spelled,
    }
}

#[async_trait]
impl Journal for Sqlite {
    async fn append(
        &self,
        stream: &StreamId,
        expected: Option<Position>,
        body: Bytes,
    ) -> Result<Position, AppendError> {
        let append = Append { stream: *stream, expected, body };
        if let Some(refused) = too_large(&append) {
            return Err(refused);
        }
        let mut outcomes = self.writer.append(Appends::from_iter([append])).await;
        outcomes.pop().unwrap_or_else(|| Err(no_outcome(*stream)))
    }

    async fn append_all(&self, appends: Vec<Append>) -> Vec<Result<Position, AppendError>> {
        let refused: Vec<_> = appends.iter().map(|append| (append.stream, too_large(append))).collect();
        let fitting: Appends = appends.into_iter().filter(|append| too_large(append).is_none()).collect();
        // Queued as one, so that one commit takes them.
        let mut outcomes = self.writer.append(fitting).await.into_iter();
        let outcome = |(stream, refused): (StreamId, Option<AppendError>)| match refused {
            Some(refused) => Err(refused),
            None => outcomes.next().unwrap_or_else(|| Err(no_outcome(stream))),
        };
        refused.into_iter().map(outcome).collect()
    }

    async fn load(&self, stream: &StreamId, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.past.readers.load(*stream, after, limit.min(READ_MAX)).await
    }

    async fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Result<Vec<Stored>, ReadError> {
        self.past.read(after, limit.min(READ_MAX), kinds).await
    }

    fn follow(&self, after: Position, kinds: &[Kind]) -> BoxStream<'static, Result<Followed, ReadError>> {
        let (past, kinds) = (self.past.clone(), Arc::<[Kind]>::from(kinds));
        tail(after, !kinds.is_empty(), self.tip.clone(), move |after| {
            let (past, kinds) = (past.clone(), kinds.clone());
            async move { past.read(after, TAIL_BATCH, &kinds).await }
        })
    }

    async fn tip(&self) -> Result<Position, ReadError> {
        Ok(*self.tip.borrow())
    }

    fn durability(&self) -> Durability {
        Durability::Fsync
    }

    fn place_id(&self) -> Option<String> {
        Some(self.file.to_string())
    }

    /// What is written to a file that was removed, or had another one put in its place, is gone when this process ends.
    async fn examine(&self) -> Result<Examined, ExamineError> {
        match FileId::of(&self.path) {
            Ok(file) if file == self.file => {
                let sealed = self.past.readers.sealed().await?;
                Ok(Examined { tip: self.tip().await?, time: None, sealed })
            }
            Ok(_) => Err(ExamineError::Lost { what: format!("another file lies at {}", self.path.display()) }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(ExamineError::Lost { what: format!("the file {} was removed", self.path.display()) })
            }
            Err(error) => Err(ExamineError::Unavailable(error.into())),
        }
    }
}

/// What tells a file from another one that has its name later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file {} of device {}", self.inode, self.device)
    }
}

impl FileId {
    fn of(path: &Path) -> io::Result<Self> {
        let metadata = path.metadata()?;
        Ok(Self { device: metadata.dev(), inode: metadata.ino() })
    }
}

impl Past {
    async fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Result<Vec<Stored>, ReadError> {
        match self.recent.read(after, limit, kinds) {
            Some(newest) => Ok(newest),
            None => self.readers.read(after, limit, kinds).await,
        }
    }
}
