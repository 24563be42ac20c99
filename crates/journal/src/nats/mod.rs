//! The journal on NATS JetStream: one stream per ledger, one subject per stream of records, guarded by its last sequence.

mod append;
mod copy;
mod durability;
mod examine;
mod follow;
mod headers;
mod link;
mod names;
mod place;
mod provision;
mod read;
mod servers;
mod url;

use std::{path::Path, sync::Arc, time::Duration};

use async_nats::{ConnectOptions, datetime::DateTime, jetstream};
use async_trait::async_trait;
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::stream::BoxStream;
use parking_lot::RwLock;
use tokio::sync::Semaphore;

use crate::{
    AppendError, BODY_MAX_BYTES, Deviations, Durability, ExamineError, Examined, Followed, Journal, OpenError, Options,
    READ_MAX, ReadError, Sealed, Stored, seals,
};
pub use copy::NatsCopy;
use durability::{Kept, Monitors};
pub use headers::HeaderMaker;
use link::{Link, Lost};
pub use names::Names;
pub use provision::{OLDEST_SERVER, is_new_enough};
use read::Reader;
pub use servers::NatsServers;
use url::NatsUrl;

/// Whether a URL names servers and a ledger.
pub(crate) fn check_url(url: &str) -> Result<(), OpenError> {
    url.parse::<NatsUrl>().map(|_| ())
}

/// Most appends that wait for their acknowledgement; over it callers are told to come back.
const IN_FLIGHT_MAX: usize = 4_096;
/// How long a request waits for its answer. An append that waited so long has an unknown outcome.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// A server that leaves two of them unanswered is given up at the third, and another one of the cluster is used: one that is frozen, or
/// behind a broken line, keeps its connections.
const PING_INTERVAL: Duration = Duration::from_secs(3);
/// What a message may carry beside its body, in bytes: subject and headers.
const HEADERS_MAX_BYTES: usize = 8 * 1024;

/// A ledger on a NATS server or cluster. Many appends may be in flight over its one connection.
pub struct Nats {
    link: Link,
    context: jetstream::Context,
    names: Arc<Names>,
    /// When the stream was made.
    created: DateTime,
    /// Why nothing can be appended, as of the last look.
    sealed: RwLock<Option<Sealed>>,
    to_read: bool,
    reader: Reader,
    headers: HeaderMaker,
    in_flight: Semaphore,
    durability: RwLock<Durability>,
    monitors: Monitors,
    accepted: Deviations,
}

impl Nats {
    /// Connects, creates the ledger's stream when there is none, and refuses one whose settings would lose data.
    pub async fn open(url: &str, options: Options) -> Result<Self, OpenError> {
        let url: NatsUrl = url.parse()?;
        let at = url.to_string();
        let link = connect(&url, options.credentials.as_deref()).await?;
        let opened = Self::open_over(link.clone(), url, options, at).await;
        opened.map_err(|failed| link.explained(failed))
    }

    async fn open_over(link: Link, url: NatsUrl, options: Options, at: String) -> Result<Self, OpenError> {
        provision::check_server(&link.client).map_err(|unfit| unfit.at(&at))?;
        let names = Arc::new(Names::new(&url.ledger));
        let context = jetstream::context::ContextBuilder::new().timeout(ANSWER_TIMEOUT).build(link.client.clone());
        let (found, kept) = match options.to_read {
            true => {
                let found = provision::find(&context, &names, url.accepted, &at).await?;
                found.ok_or_else(|| OpenError::Absent { at: at.clone() })?
            }
            false => provision::find_or_create(&context, &names, &url, false, &at).await?,
        };
        let monitors = Monitors::new(url.monitors);
        let durability = monitors.probe(kept).await;
        let stream = context.get_stream_no_info(names.stream()).await.map_err(|error| OpenError::failed(&at, error))?;
        let reader = Reader { stream, names: names.clone() };
        let nats = Self {
            link,
            context,
            names,
            created: found.created,
            sealed: RwLock::new(None),
            to_read: options.to_read,
            reader,
            headers: options.headers.unwrap_or_else(|| headers::cloud_events(url.ledger)),
            in_flight: Semaphore::new(IN_FLIGHT_MAX),
            durability: RwLock::new(durability),
            monitors,
            accepted: url.accepted,
        };
        let examined = nats.examine().await.map_err(|error| OpenError::failed(&at, error))?;
        if examined.sealed == Some(Sealed::Moving) && !options.to_read {
            nats.seal().await;
        }
        Ok(nats)
    }
}

impl Nats {
    /// Says another durability from now on when somebody has changed how many replicas the stream has, what was accepted of it, or whether
    /// the servers sync.
    async fn level(&self, kept: Kept) {
        let (told, now) = (self.durability(), self.monitors.probe(kept).await);
        if told != now {
            tracing::warn!(before = %told, %now, "acknowledgements survive something else than before");
            *self.durability.write() = now;
        }
    }
}

async fn connect(url: &NatsUrl, credentials: Option<&Path>) -> Result<Link, OpenError> {
    let at = url.to_string();
    let mut options =
        ConnectOptions::new().name("socai").request_timeout(Some(ANSWER_TIMEOUT)).ping_interval(PING_INTERVAL);
    if let Some((user, password)) = &url.user {
        options = options.user_and_password(user.clone(), password.clone());
        // Answers come on a prefix of the user's own: permissions can then keep them from others.
        if user.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            options = options.custom_inbox_prefix(format!("_INBOX_{user}"));
        }
    }
    if let Some(file) = credentials {
        options = options.credentials_file(file).await.map_err(|error| OpenError::failed(file.display(), error))?;
    }
    Link::connect(options, url.servers.clone()).await.map_err(|error| OpenError::failed(at, error))
}

#[async_trait]
impl Journal for Nats {
    async fn append(
        &self,
        stream: &StreamId,
        expected: Option<Position>,
        body: Bytes,
    ) -> Result<Position, AppendError> {
        if body.len() > BODY_MAX_BYTES {
            return Err(AppendError::TooLarge { bytes: body.len(), limit: BODY_MAX_BYTES });
        }
        if self.to_read {
            return Err(AppendError::Unavailable("the journal was opened to read".into()));
        }
        if seals(stream, &body) {
            return Box::pin(self.publish_seal(*stream, expected, body)).await;
        }
        self.publish(*stream, expected, body).await
    }

    async fn load(&self, stream: &StreamId, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.link.answered(self.reader.load(*stream, after, limit.min(READ_MAX))).await?
    }

    async fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Result<Vec<Stored>, ReadError> {
        self.link.answered(self.reader.read(after, limit.min(READ_MAX), kinds)).await?
    }

    fn follow(&self, after: Position, kinds: &[Kind]) -> BoxStream<'static, Result<Followed, ReadError>> {
        follow::follow(self.reader.clone(), after, kinds.to_vec())
    }

    async fn tip(&self) -> Result<Position, ReadError> {
        self.link.answered(self.reader.tip()).await?
    }

    fn durability(&self) -> Durability {
        *self.durability.read()
    }

    fn place_id(&self) -> Option<String> {
        Some(place::id(&self.names, self.created))
    }

    async fn examine(&self) -> Result<Examined, ExamineError> {
        let asked =
            self.link.answered(examine::examine(&self.context, &self.reader, self.created, self.accepted)).await;
        let (examined, kept) = asked.unwrap_or_else(|lost| Err(ExamineError::Unavailable(lost.into())))?;
        provision::check_server(&self.link.client)?;
        *self.sealed.write() = examined.sealed;
        self.level(kept).await;
        Ok(examined)
    }
}

impl From<Lost> for ReadError {
    fn from(lost: Lost) -> Self {
        Self::Unavailable(lost.into())
    }
}
