//! A stream that a ledger is copied into: many messages under way, each accepted only at its own position.

use std::{collections::VecDeque, path::Path, sync::Arc};

use async_nats::{
    header,
    jetstream::{
        self,
        context::{PublishAckFuture, PublishErrorKind},
        stream::Config,
    },
};
use async_trait::async_trait;
use domain::Position;

use super::{
    ANSWER_TIMEOUT, HeaderMaker, connect,
    headers::{self, plain_headers},
    link::Link,
    names::Names,
    place, provision,
    read::Reader,
    url::NatsUrl,
};
use crate::{AppendError, BoxError, CopyError, CopyInto, OpenError, Options, ReadError, Stored, copy::Place};

/// Messages under way. With 128, none of 3,000 was misplaced on servers 2.10 to 2.15, with one replica and three.
const IN_FLIGHT: usize = 128;

/// A copy on a server or cluster.
pub struct NatsCopy {
    link: Link,
    context: jetstream::Context,
    names: Arc<Names>,
    reader: Reader,
    headers: HeaderMaker,
    id: String,
}

impl NatsCopy {
    /// Opens a copy, or begins one where there is no ledger yet.
    pub async fn open(url: &str, options: Options) -> Result<Self, OpenError> {
        let url: NatsUrl = url.parse()?;
        let at = url.to_string();
        let link = connect(&url, options.credentials.as_deref().map(Path::new)).await?;
        let opened = Self::open_over(link.clone(), url, options, at).await;
        opened.map_err(|failed| link.explained(failed))
    }

    async fn open_over(link: Link, url: NatsUrl, options: Options, at: String) -> Result<Self, OpenError> {
        provision::check_server(&link.client).map_err(|unfit| unfit.at(&at))?;
        let names = Arc::new(Names::new(&url.ledger));
        let context = jetstream::context::ContextBuilder::new().timeout(ANSWER_TIMEOUT).build(link.client.clone());
        let (found, _) = provision::find_or_create(&context, &names, &url, true, &at).await?;
        let id = place::id(&names, found.created);
        match place::place(&found.config) {
            Place::Copy(_) => {}
            Place::Own if found.state.last_sequence == 0 => {
                let unfinished = place::remembered(found.config, None);
                context.update_stream(unfinished).await.map_err(|error| OpenError::failed(&at, error))?;
            }
            Place::Own => return Err(OpenError::Taken { at }),
        }
        let stream = context.get_stream_no_info(names.stream()).await.map_err(|error| OpenError::failed(&at, error))?;
        let reader = Reader { stream, names: names.clone() };
        let headers = options.headers.unwrap_or_else(|| headers::cloud_events(url.ledger));
        Ok(Self { link, context, names, reader, headers, id })
    }

    async fn config(&self) -> Result<Config, CopyError> {
        let info = self.reader.stream.get_info().await.map_err(unavailable)?;
        Ok(info.config)
    }

    /// Hands one message to the connection, which keeps their order.
    async fn send(&self, stored: Stored) -> Result<(Position, PublishAckFuture), CopyError> {
        let Stored { position, stream, body } = stored;
        let mut headers = plain_headers(&self.headers, &stream, &body);
        headers.insert(header::NATS_EXPECTED_LAST_SEQUENCE, (position.0 - 1).to_string());
        let sent = self.context.publish_with_headers(self.names.subject(stream), headers, body).await;
        sent.map(|ack| (position, ack)).map_err(unavailable)
    }
}

async fn acknowledged((position, ack): (Position, PublishAckFuture)) -> Result<(), CopyError> {
    match ack.await {
        Ok(ack) if ack.sequence == position.0 && !ack.duplicate => Ok(()),
        Ok(_) => Err(CopyError::Displaced { position }),
        Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => Err(CopyError::Displaced { position }),
        Err(error) => Err(unavailable(error)),
    }
}

#[async_trait]
impl CopyInto for NatsCopy {
    async fn tip(&self) -> Result<Position, ReadError> {
        self.link.answered(self.reader.tip()).await?
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.link.answered(self.reader.read(after, limit, &[])).await?
    }

    async fn finished(&self) -> Result<Option<Position>, CopyError> {
        match place::place(&self.config().await?) {
            Place::Copy(finished) => Ok(finished),
            Place::Own => Ok(None),
        }
    }

    /// A message that fails leaves those behind it refused, for they expect it: what is there stays in order.
    async fn put(&self, records: Vec<Stored>) -> Result<(), CopyError> {
        if let Place::Copy(Some(at)) = place::place(&self.config().await?) {
            return Err(CopyError::Finished { at });
        }
        let mut waiting = VecDeque::with_capacity(IN_FLIGHT);
        for stored in records {
            if waiting.len() == IN_FLIGHT
                && let Some(oldest) = waiting.pop_front()
            {
                acknowledged(oldest).await?;
            }
            waiting.push_back(self.send(stored).await?);
        }
        for sent in waiting {
            acknowledged(sent).await?;
        }
        Ok(())
    }

    fn place_id(&self) -> Option<String> {
        Some(self.id.clone())
    }

    async fn finish(&self, at: Position) -> Result<(), CopyError> {
        let config = self.config().await?;
        match place::place(&config) {
            Place::Copy(Some(finished)) if finished == at => Ok(()),
            Place::Copy(Some(finished)) => Err(CopyError::Finished { at: finished }),
            _ => {
                let finished = place::remembered(config, Some(at));
                self.context.update_stream(finished).await.map(|_| ()).map_err(unavailable)
            }
        }
    }
}

fn unavailable(error: impl Into<BoxError>) -> CopyError {
    CopyError::Append(AppendError::Unavailable(error.into()))
}
