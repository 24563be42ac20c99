//! The servers that a ledger's URL names, for what stands beside its records: commands that are taken there, and cells that are shown.

use async_nats::{
    Client,
    jetstream::{
        Context, ErrorCode,
        context::{ContextBuilder, GetStreamError, GetStreamErrorKind, RequestError, RequestErrorKind},
        stream::{Config, DiscardPolicy, StorageType, Stream},
    },
};

use super::{ANSWER_TIMEOUT, connect, link::Link, names::Names, url::NatsUrl};
use crate::{OpenError, Options};

/// Where an account that holds the cells alone is asked: `deploy/nats/users.conf` imports its requests as those of a JetStream domain of this
/// name. Whoever follows the ledger can then have nothing delivered into the cells.
const CELLS_DOMAIN: &str = "cells";

/// Connected, by a connection of its own: whatever comes over it is in nobody's way.
pub struct NatsServers {
    pub client: Client,
    link: Link,
    pub names: Names,
    /// Replicas of a stream that is made there.
    replicas: usize,
    /// The URL without the password.
    at: String,
}

impl NatsServers {
    /// Whether a URL names servers at all; what it says is looked at by `connect`.
    pub fn are_named_by(url: &str) -> bool {
        url.starts_with("nats:") || url.starts_with("tls:")
    }

    /// The ledger that a URL of theirs names.
    pub fn ledger_of(url: &str) -> Option<String> {
        url.parse::<NatsUrl>().ok().map(|url| url.ledger)
    }

    /// # Errors
    /// When the URL has another form, or no server answers.
    pub async fn connect(url: &str, options: &Options) -> Result<Self, OpenError> {
        let url: NatsUrl = url.parse()?;
        let link = connect(&url, options.credentials.as_deref()).await?;
        let at = url.to_string();
        Ok(Self { client: link.client.clone(), link, names: Names::new(&url.ledger), replicas: url.replicas, at })
    }

    /// How many replicas the URL asks for.
    pub const fn replicas(&self) -> usize {
        self.replicas
    }

    /// The stream that keeps the last value of each cell, made where there is none: in the account that holds nothing else, if the servers have
    /// one, and otherwise beside the ledger's. It is told again from the ledger whenever it is lost.
    ///
    /// # Errors
    /// When it is not there and this user may not make it, or keeps something else; or when it cannot be told in which account it belongs.
    pub async fn cells(&self) -> Result<Stream, OpenError> {
        self.find_or_make_cells().await.map_err(|failed| self.link.explained(failed))
    }

    async fn find_or_make_cells(&self) -> Result<Stream, OpenError> {
        let apart = ContextBuilder::new().timeout(ANSWER_TIMEOUT).domain(CELLS_DOMAIN).build(self.client.clone());
        let beside = ContextBuilder::new().timeout(ANSWER_TIMEOUT).build(self.client.clone());
        let failed = |error| OpenError::failed(self.at.clone(), error);
        let place = match self.find(&apart).await {
            Ok(Some(stream)) => return self.as_wanted(stream),
            Ok(None) => apart,
            Err(error) if is_no_place(&error) => match self.find(&beside).await.map_err(failed)? {
                Some(stream) => return self.as_wanted(stream),
                None => beside,
            },
            // A user who may not ask there hears nothing, and neither does one whose servers are away.
            Err(unheard) => match self.find(&beside).await {
                Ok(Some(stream)) => return self.as_wanted(stream),
                Ok(None) | Err(_) => return Err(failed(unheard)),
            },
        };
        let made = place.get_or_create_stream(self.wanted()).await;
        made.map_err(|error| OpenError::NotMade {
            at: self.at.clone(),
            what: "place of the cells",
            source: error.into(),
        })
        .and_then(|made| self.as_wanted(made))
    }

    async fn find(&self, place: &Context) -> Result<Option<Stream>, GetStreamError> {
        match place.get_stream(self.names.cells_stream()).await {
            Ok(stream) => Ok(Some(stream)),
            Err(error) => match error.kind() {
                GetStreamErrorKind::JetStream(told) if told.error_code() == ErrorCode::STREAM_NOT_FOUND => Ok(None),
                _ => Err(error),
            },
        }
    }

    fn wanted(&self) -> Config {
        Config {
            name: self.names.cells_stream(),
            subjects: vec![self.names.cells()],
            storage: StorageType::File,
            max_messages_per_subject: 1,
            discard: DiscardPolicy::Old,
            num_replicas: self.replicas,
            allow_direct: true,
            ..Config::default()
        }
    }

    fn as_wanted(&self, stream: Stream) -> Result<Stream, OpenError> {
        let found = &stream.cached_info().config;
        let settings = [
            (found.subjects == [self.names.cells()], "subjects"),
            (found.max_messages_per_subject == 1, "max_msgs_per_subject"),
            (found.allow_direct, "allow_direct"),
        ];
        match settings.into_iter().find(|(is_so, _)| !is_so) {
            None => Ok(stream),
            Some((_, setting)) => {
                let what = format!("the stream {} is not one of cells", self.names.cells_stream());
                Err(OpenError::Unsafe { at: self.at.clone(), setting, what })
            }
        }
    }
}

/// Whether nobody answers requests there, as far as this user can ask.
fn is_no_place(error: &GetStreamError) -> bool {
    let request = std::error::Error::source(error).and_then(|source| source.downcast_ref::<RequestError>());
    request.is_some_and(|request| request.kind() == RequestErrorKind::NoResponders)
}
