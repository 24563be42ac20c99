//! What a process keeps in memory of the ledger as it grows: reference data, grants of access, papers, which publications there are, and the
//! running maximum of time.

mod clock;
mod follow;
mod grants;
mod instants;
mod marks;
mod own;
mod papers;
mod publications;

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use arc_swap::{ArcSwap, ArcSwapOption};
use domain::{Command, EventBody, Kind, Position, Record, Reference, Refusal, SubjectId, Timestamp, UnitId};
use parking_lot::RwLock;
use tokio::sync::{Notify, watch};
use wire::Peek;

pub use self::{
    clock::{ClockAhead, LedgerClock, Now},
    grants::Grant,
    instants::{Instants, Noted},
    papers::{PaperTaken, Papers, Reservation},
    publications::{Listed, Publications},
};
use self::{grants::Grants, own::Own};
use crate::Sealed;

/// Knows the whole ledger. Everything in it holds up to `position()`.
pub struct Live {
    reference: ArcSwap<Reference>,
    grants: RwLock<Grants>,
    papers: Papers,
    publications: RwLock<Publications>,
    own: Own,
    /// Running maximum of `recorded_at`, in microseconds.
    latest: AtomicI64,
    instants: Instants,
    /// Last position known to be in the ledger.
    tip: AtomicU64,
    progress: watch::Sender<Progress>,
    /// Somebody waits for a position.
    wanted: Notify,
    clock: LedgerClock,
    /// Why the ledger is not believed to be the one that was followed.
    doubt: ArcSwapOption<String>,
    sealed: ArcSwapOption<Sealed>,
    /// Something was not recorded because of the clock or a doubt: worth a look.
    refused: Notify,
}

/// Why nothing is recorded now, whatever the command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    #[error(transparent)]
    Clock(#[from] ClockAhead),
    /// The ledger does not seem to be the one that was followed.
    #[error("{0}")]
    Doubt(String),
    #[error("the ledger was sealed here; it goes on at: {successor}")]
    Moved { successor: String },
    #[error("{}", Sealed::Unfinished)]
    Unfinished,
    /// Behind `position` is a record that this version cannot read; what it decides is not known here.
    #[error("{why}; a newer version of the program may read it")]
    Unreadable { position: Position, why: String },
}

/// How far the process has followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Following(Position),
    /// Something at the position after this one cannot be read; what is behind it is not known here.
    Stopped {
        position: Position,
        why: String,
    },
}

impl Progress {
    pub const fn position(&self) -> Position {
        match self {
            Self::Following(position) | Self::Stopped { position, .. } => *position,
        }
    }
}

impl Live {
    pub fn new(clock: LedgerClock) -> Self {
        Self {
            reference: ArcSwap::from_pointee(Reference::default()),
            grants: RwLock::new(Grants::default()),
            papers: Papers::default(),
            publications: RwLock::default(),
            own: Own::default(),
            latest: AtomicI64::new(i64::MIN),
            instants: Instants::default(),
            tip: AtomicU64::new(Position::START.0),
            progress: watch::Sender::new(Progress::Following(Position::START)),
            wanted: Notify::new(),
            clock,
            doubt: ArcSwapOption::empty(),
            sealed: ArcSwapOption::empty(),
            refused: Notify::new(),
        }
    }

    /// Reference data as of `position()` or a little later.
    pub fn reference(&self) -> Arc<Reference> {
        self.reference.load_full()
    }

    pub const fn papers(&self) -> &Papers {
        &self.papers
    }

    /// The ledger's own time now: never behind a record. For what is shown; records are stamped by `stamp`.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.clock.says().0.max(self.latest.load(Ordering::Acquire)))
    }

    /// The time of a record that is decided now.
    ///
    /// # Errors
    /// The clock is ahead, or the ledger is not what it was. Nothing must be recorded then.
    pub fn stamp(&self) -> Result<Timestamp, NotNow> {
        let stamped = match self.hindrance() {
            Some(why) => Err(why),
            None => self.clock.stamp(self.latest()).map_err(NotNow::Clock),
        };
        if stamped.is_err() {
            self.refused.notify_one();
        }
        stamped
    }

    /// How far the clock is behind the last record, whose time is stamped meanwhile.
    pub fn clock_behind(&self) -> Duration {
        let behind = self.latest().map_or(0, |latest| latest.0 - self.clock.says().0);
        Duration::from_micros(u64::try_from(behind).unwrap_or_default())
    }

    fn hindrance(&self) -> Option<NotNow> {
        if let Some(why) = &*self.doubt.load() {
            return Some(NotNow::Doubt(String::clone(why)));
        }
        if let Progress::Stopped { position, why } = &*self.progress.borrow() {
            return Some(NotNow::Unreadable { position: *position, why: why.clone() });
        }
        self.rests()
    }

    /// Why the ledger takes no records where it lies, however well all goes: it goes on elsewhere, or is a copy in the making.
    pub fn rests(&self) -> Option<NotNow> {
        let sealed = self.sealed.load();
        sealed.as_deref().map(|sealed| match sealed {
            Sealed::Moved | Sealed::Moving => {
                NotNow::Moved { successor: self.reference().ledger.successor().to_owned() }
            }
            Sealed::Unfinished => NotNow::Unfinished,
        })
    }

    /// Time of the latest record.
    pub fn latest(&self) -> Option<Timestamp> {
        Some(self.latest.load(Ordering::Acquire)).filter(|&latest| latest != i64::MIN).map(Timestamp)
    }

    /// The store's clock says `time`, asked for at `asked` or later.
    pub(crate) fn compare_clock(&self, time: Timestamp, asked: Instant) {
        self.clock.compare(time, asked);
    }

    /// Why the ledger takes no records where it lies, if it takes none.
    pub(crate) fn note_sealed(&self, sealed: Option<Sealed>) {
        self.sealed.store(sealed.map(Arc::new));
    }

    /// While there is a doubt nothing is recorded.
    pub(crate) fn doubt(&self, why: Option<String>) {
        self.doubt.store(why.map(Arc::new));
    }

    /// Waits until something is refused by `stamp`.
    pub(crate) async fn refused(&self) {
        self.refused.notified().await;
    }

    /// The grant that a token with this SHA-256 has today.
    pub fn grant(&self, token_sha256: &[u8; 32]) -> Option<Grant> {
        let today = self.now().local_date();
        self.grants
            .read()
            .by_token(token_sha256)
            .filter(|grant| grant.until.is_none_or(|until| today <= until))
            .cloned()
    }

    /// The offices at which somebody has access, or had it.
    pub fn offices_of(&self, subject: SubjectId) -> BTreeSet<UnitId> {
        self.grants.read().offices(subject)
    }

    /// What only the whole ledger can say against a command: an edition that it replaces is not there, a token is granted already. Grants
    /// of older versions stand on streams that do not meet.
    pub(crate) fn refuses(&self, command: &Command) -> Option<Refusal> {
        match command {
            Command::Publish(publish) => {
                let publication = publish.replaces?;
                let known = self.publications().knows(publication);
                (!known).then_some(Refusal::ReplacedUnknown { publication })
            }
            Command::GrantAccess(grant) => {
                let known = self.grants.read().knows(&grant.token().ok()?);
                known.then_some(Refusal::TokenGrantedAlready)
            }
            _ => None,
        }
    }

    /// Everything up to here is folded.
    pub fn position(&self) -> Position {
        self.progress.borrow().position()
    }

    /// The last position that this process knows to be in the ledger; what it appended itself is there before it is folded.
    pub fn tip(&self) -> Position {
        Position(self.tip.load(Ordering::Acquire))
    }

    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Waits until everything up to `position` is folded; false when following has stopped before it.
    pub async fn reached(&self, position: Position) -> bool {
        let mut progress = self.progress.subscribe();
        self.wanted.notify_one();
        let seen = progress.wait_for(|p| p.position() >= position || matches!(p, Progress::Stopped { .. })).await;
        seen.is_ok_and(|p| p.position() >= position)
    }

    /// This process has appended a record, and has noted its paper. The follower need not read it, unless later commands depend on it.
    pub(crate) fn recorded_here(&self, position: Position, record: &Record) {
        self.observe(position, record);
        self.tip.fetch_max(position.0, Ordering::AcqRel);
        if record.events.iter().any(|event| matches!(event.body, EventBody::LedgerSealed { .. })) {
            self.note_sealed(Some(Sealed::Moved));
        }
        if !changes_what_is_known(record.stream.kind) {
            self.own.add(position);
        }
    }

    /// When the record at a position was recorded and which one it is, if it is one of the last that were followed or recorded here.
    pub fn noted(&self, position: Position) -> Option<Noted> {
        self.instants.of(position)
    }

    /// A record's time has been seen: later ones are never earlier.
    fn observe(&self, position: Position, record: &Record) {
        self.instants.note(position, Peek::from(record).into());
        self.latest.fetch_max(record.recorded_at.0, Ordering::AcqRel);
    }
}

/// Reference data, grants of access, and which publications there are.
pub(crate) fn changes_what_is_known(kind: Kind) -> bool {
    kind.is_reference() || matches!(kind, Kind::Access | Kind::Publication)
}
