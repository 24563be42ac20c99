//! What each user of `deploy/nats/users.conf` may do on the server, and what nobody may.

use std::{path::Path, time::Duration};

use async_nats::{Client, ConnectOptions, Request, jetstream};
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::StreamExt;
use journal::{Followed, Options, SharedJournal};
use serde_json::{Value, json};
use testkit::nats::{NatsServer, NatsSettings};

const USERS: [&str; 4] = ["provision", "intake", "follower", "reader"];
/// A request that is not allowed is never answered.
const UNANSWERED: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_secs(10);

async fn server() -> NatsServer {
    let users = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/nats/users.conf");
    let users = users.canonicalize().unwrap();
    let password = |user: &&str| (format!("SOCAI_NATS_{}_PASSWORD", user.to_uppercase()), format!("p-{user}"));
    // Included by a path relative to the server's own configuration.
    let text = std::fs::read_to_string(users).unwrap();
    let settings =
        NatsSettings { extra: text, environment: USERS.iter().map(password).collect(), ..Default::default() };
    NatsServer::start_with(settings).await
}

async fn open(server: &NatsServer, user: &str, to_read: bool) -> Result<SharedJournal, journal::OpenError> {
    let url = format!("nats://{user}:p-{user}@{}/hp", server.address());
    journal::open(&url, Options { to_read, ..Options::default() }).await
}

async fn client(server: &NatsServer, user: &str) -> Client {
    let options = ConnectOptions::new().user_and_password(user.to_owned(), format!("p-{user}"));
    options.custom_inbox_prefix(format!("_INBOX_{user}")).connect(server.address()).await.unwrap()
}

/// The answer, if it is one within a moment.
async fn asked(client: &Client, subject: &str, body: &Value) -> Option<Value> {
    let request = Request::new().payload(body.to_string().into()).timeout(Some(UNANSWERED));
    let answer = client.send_request(subject.to_owned(), request).await.ok()?;
    Some(serde_json::from_slice(&answer.payload).unwrap_or(Value::Null))
}

/// What is answered behind a subscription shows that the server knows of it.
async fn subscribed(reader: &Client) {
    reader.request("$JS.API.DIRECT.GET.socai-hp.socai.hp.log.nothing", Bytes::new()).await.unwrap();
}

fn stream(n: u64) -> StreamId {
    StreamId::of_key(Kind::Organisation, &n.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn intake_appends_followers_read_and_neither_makes_or_changes_a_stream() {
    let server = server().await;
    let refused = open(&server, "intake", false).await.err().expect("intake made a stream");
    assert!(refused.to_string().contains("socai provision"), "{refused}");
    open(&server, "provision", false).await.unwrap();

    let intake = open(&server, "intake", false).await.unwrap();
    assert_eq!(intake.append(&stream(1), None, Bytes::from_static(b"1")).await.unwrap(), Position(1));
    let follower = open(&server, "follower", false).await.unwrap();
    assert!(follower.append(&stream(2), None, Bytes::from_static(b"2")).await.is_err());
    let mut followed = follower.follow(Position::START, &[]);
    let first = tokio::time::timeout(PATIENCE, followed.next()).await.unwrap().unwrap().unwrap();
    assert!(matches!(first, Followed::Record(stored) if stored.position == Position(1)));
    assert_eq!(intake.read(Position::START, 10, &[]).await.unwrap().len(), 1);
    assert_eq!(intake.load(&stream(1), Position::START, 10).await.unwrap().len(), 1);

    let stream_config = json!({ "name": "socai-hp", "subjects": ["socai.hp.log.*.*"], "max_age": 1_000_000_000_u64 });
    for user in ["intake", "follower", "reader"] {
        let client = client(&server, user).await;
        for (subject, body) in [
            ("$JS.API.STREAM.UPDATE.socai-hp", &stream_config),
            ("$JS.API.STREAM.PURGE.socai-hp", &json!({})),
            ("$JS.API.STREAM.MSG.DELETE.socai-hp", &json!({ "seq": 1 })),
            ("$JS.API.STREAM.DELETE.socai-hp", &json!({})),
            ("$JS.API.STREAM.CREATE.other", &json!({ "name": "other", "subjects": ["x"] })),
            ("$JS.API.STREAM.SNAPSHOT.socai-hp", &json!({ "deliver_subject": "x" })),
        ] {
            assert_eq!(asked(&client, subject, body).await, None, "{user} was answered on {subject}");
        }
    }
    assert_eq!(intake.examine().await.unwrap().tip, Position(1), "everything is as it was");
}

/// Whoever may create a consumer can have the server deliver to a subject that is not theirs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_reader_reads_and_turns_the_server_against_nobody() {
    let server = server().await;
    let provisioned = open(&server, "provision", false).await.unwrap();
    let reader = client(&server, "reader").await;
    let mut heard = reader.subscribe("socai.hp.log.>").await.unwrap();
    subscribed(&reader).await;
    provisioned.append(&stream(1), None, Bytes::from_static(b"one")).await.unwrap();
    let message = tokio::time::timeout(PATIENCE, heard.next()).await.unwrap().unwrap();
    assert_eq!(message.payload, Bytes::from_static(b"one"));
    let subject = format!("$JS.API.DIRECT.GET.socai-hp.{}", message.subject);
    let again = reader.request(subject, Bytes::new()).await.unwrap();
    assert_eq!(again.payload, Bytes::from_static(b"one"));

    let victim = "socai.hp.cmd.found-organisation";
    let consumer = json!({
        "stream_name": "socai-hp",
        "config": { "deliver_subject": victim, "deliver_policy": "all", "ack_policy": "none", "name": "x" },
    });
    for subject in [
        "$JS.API.CONSUMER.CREATE.socai-hp",
        "$JS.API.CONSUMER.CREATE.socai-hp.x",
        "$JS.API.CONSUMER.DURABLE.CREATE.socai-hp.x",
    ] {
        assert_eq!(asked(&reader, subject, &consumer).await, None, "{subject}");
    }
    for subject in [victim, "socai.hp.log.organisation.x"] {
        assert_eq!(asked(&reader, subject, &json!({})).await, None, "{subject}");
    }
    let admin = jetstream::new(client(&server, "provision").await);
    assert_eq!(admin.get_stream("socai-hp").await.unwrap().get_info().await.unwrap().state.consumer_count, 0);
    assert_eq!(provisioned.tip().await.unwrap(), Position(1));

    // Nor does it hear what others are answered.
    let mut inbox = reader.subscribe("_INBOX_intake.>").await.unwrap();
    subscribed(&reader).await;
    let intake = open(&server, "intake", false).await.unwrap();
    intake.append(&stream(2), None, Bytes::from_static(b"two")).await.unwrap();
    let overheard = tokio::time::timeout(UNANSWERED, inbox.next()).await;
    assert!(!matches!(overheard, Ok(Some(_))), "{overheard:?}");
}
