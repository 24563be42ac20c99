//! The domain's organisation as an aggregate of `eventually`: founded and announced as in the demonstration, through its
//! `Repository`, on SQLite and on JetStream.

use bytes::Bytes;
use domain::{
    Actor, Command, CommandId, Context, Event, Kind, OrganisationId, Position, Record, Reference, Refusal, StreamId,
    Timestamp, organisation::Organisation,
};
use eventually::{
    aggregate::{Aggregate, AggregateRootBuilder},
    repository::Repository,
    store::AppendError as _,
    versioning::Versioned,
};
use futures::{FutureExt, future::BoxFuture};
use journal::{
    BoxError, Options, SharedJournal, Stored,
    eventually::{JournalStore, Mapping, StoreError},
};
use serde::Deserialize;
use testkit::nats::NatsServer;

/// A line of the demonstration.
#[derive(Clone, Debug, Deserialize)]
struct Line {
    at: Timestamp,
    key: CommandId,
    actor: Actor,
    command: String,
    data: serde_json::Value,
}

impl Line {
    fn command(&self) -> Command {
        Command::read(&self.command, self.data.clone()).unwrap().unwrap()
    }

    fn stream(&self) -> StreamId {
        self.command().stream(self.key)
    }

    fn context(&self, tip: Position) -> Context {
        Context { at: self.at, actor: self.actor, key: self.key, stream: self.stream(), tip }
    }
}

fn demonstration() -> Vec<Line> {
    let lines = include_str!("../../../../tests/data/replay_2022/commands.ndjson");
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the demonstration's first commands, up to the first founding, make known.
fn reference(lines: &[Line]) -> Reference {
    let mut reference = Reference::default();
    for line in lines.iter().take_while(|line| line.stream().kind.is_reference()) {
        let mut state = domain::Aggregate::empty(line.stream().kind);
        if let domain::Aggregate::Structure(structure) = &mut state {
            *structure = reference.structure.clone();
        }
        let position = reference.position.next();
        let events = domain::decide(&state, &reference, &line.context(position), &line.command()).unwrap();
        events.iter().for_each(|event| reference.apply(position, event));
    }
    reference
}

/// Decides by the domain's one door.
#[derive(Clone)]
struct Deciding {
    reference: Reference,
}

/// A refusal of the domain, as an error.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.slug())]
struct Refused(Refusal);

impl Aggregate for Deciding {
    type Id = OrganisationId;
    type State = Organisation;
    type Event = Event;
    type Command = Line;
    type Error = Refused;

    fn apply(mut state: Organisation, event: Event) -> Result<Organisation, Refused> {
        state.evolve(&event);
        Ok(state)
    }

    fn handle<'a, 's: 'a>(
        &'a self,
        _: &'s OrganisationId,
        state: &'s Organisation,
        line: Line,
    ) -> BoxFuture<'a, Result<Option<Vec<Event>>, Refused>> {
        let state = domain::Aggregate::Organisation(state.clone());
        let context = line.context(self.reference.position);
        let decided = domain::decide(&state, &self.reference, &context, &line.command());
        std::future::ready(decided.map(Some).map_err(Refused)).boxed()
    }
}

/// Records of one line's command, in the ledger's own format.
#[derive(Clone)]
struct Recording {
    line: Line,
    reference_position: Position,
}

impl Mapping for Recording {
    type Id = OrganisationId;
    type Event = Event;
    const KIND: Kind = Kind::Organisation;

    fn stream(&self, id: &OrganisationId) -> StreamId {
        StreamId::new(Self::KIND, id.0)
    }

    fn id(&self, stream: StreamId) -> OrganisationId {
        OrganisationId(stream.id)
    }

    fn encode(&self, stream: StreamId, version: u32, events: &[Event]) -> Result<Bytes, BoxError> {
        let command = self.line.command();
        let record = Record {
            stream,
            version: u64::from(version),
            command: self.line.key,
            command_name: command.name().to_owned(),
            command_digest: wire::command_digest(&command)?,
            correlation: None,
            causation: None,
            actor: self.line.actor,
            on_behalf_of: None,
            recorded_at: self.line.at,
            reference_position: self.reference_position,
            document: command.document().cloned(),
            distinct_from: None,
            trace_parent: None,
            events: events.to_vec(),
        };
        Ok(wire::encode(&record)?)
    }

    fn decode(&self, stored: &Stored) -> Result<(u32, Vec<Event>), BoxError> {
        let record = wire::decode(&stored.body)?;
        Ok((u32::try_from(record.version)?, record.events))
    }
}

type Offices = Repository<Deciding, JournalStore<Recording>>;

fn office(journal: &SharedJournal, deciding: &Deciding, line: &Line) -> Offices {
    let mapping = Recording { line: line.clone(), reference_position: deciding.reference.position };
    Repository::new(AggregateRootBuilder::from(deciding.clone()), JournalStore::new(journal.clone(), mapping))
}

#[tokio::test]
async fn an_organisation_is_founded_and_announced_through_its_repository_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
    let journal = journal::open(&url, Options::default()).await.unwrap();
    an_organisation_is_founded_and_announced(&journal).await;
}

#[tokio::test]
async fn an_organisation_is_founded_and_announced_through_its_repository_on_jetstream() {
    let server = NatsServer::start().await;
    let journal = journal::open(&server.url("haiphong"), Options::default()).await.unwrap();
    an_organisation_is_founded_and_announced(&journal).await;

    // A plain client sees the founding as a CloudEvent.
    let client = async_nats::connect(server.address()).await.unwrap();
    let ledger = async_nats::jetstream::new(client).get_stream("socai-haiphong").await.unwrap();
    let message = ledger.direct_get(1).await.unwrap();
    let header = |name| message.headers.get(name).map(|value| value.as_str().to_owned());
    assert_eq!(header("ce-type").as_deref(), Some("vn.socai.organisation-founded.v1"));
    assert_eq!(header("ce-sequence").as_deref(), Some("00000000000000000001"));
    let record = wire::decode(&message.payload).unwrap();
    assert_eq!(header("ce-source"), Some(format!("/socai/haiphong/{}", record.stream)));
}

async fn an_organisation_is_founded_and_announced(journal: &SharedJournal) {
    let lines = demonstration();
    let deciding = Deciding { reference: reference(&lines) };
    let announcing = lines.iter().find(|line| line.command == "announce-founding").unwrap();
    let founding = lines.iter().find(|line| line.stream() == announcing.stream()).unwrap();
    assert_eq!(founding.command, "found-organisation");
    let id = OrganisationId(founding.stream().id);

    let mut repository = office(journal, &deciding, founding);
    let mut root = AggregateRootBuilder::from(deciding.clone()).build(id);
    root.handle(founding.clone()).await.unwrap();
    let founded = repository.add(root).await.unwrap();
    assert_eq!(founded.version(), 1);

    // Whoever decided without knowing of the founding is told.
    let mut unaware = AggregateRootBuilder::from(deciding.clone()).build(id);
    unaware.handle(founding.clone()).await.unwrap();
    match repository.add(unaware).await {
        Err(eventually::repository::Error::Store(error)) => assert!(error.is_conflict_error(), "{error:?}"),
        outcome => panic!("{:?}", outcome.map(|root| root.version())),
    }

    let mut repository = office(journal, &deciding, announcing);
    let mut root = repository.get(id).await.unwrap();
    assert_eq!((root.version(), root.state()), (1, founded.state()));
    let again = root.handle(founding.clone()).await.map(|_| ()).unwrap_err();
    assert!(matches!(again.0, Refusal::StreamBegun), "{again:?}");
    root.handle(announcing.clone()).await.unwrap();
    let announced = repository.add(root).await.unwrap();
    assert_eq!(announced.version(), 2);
    assert_ne!(announced.state(), founded.state());
    assert_eq!(repository.get(id).await.unwrap().state(), announced.state());

    let refused = repository.remove(id).await.unwrap_err();
    assert!(matches!(refused, eventually::repository::Error::Store(StoreError::Kept { .. })), "{refused:?}");
    assert_eq!(journal.tip().await.unwrap(), Position(2));
}
