//! What each user of `deploy/nats/users.conf` may do on the server, and what nobody may.

mod followers;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::{
    Client, ConnectOptions, Request, Subscriber,
    jetstream::{
        self,
        stream::{Config, DiscardPolicy},
    },
};
use bytes::Bytes;
use domain::{Kind, Position, StreamId, Timestamp};
use futures::{StreamExt, future::join_all};
use journal::{ExamineError, Followed, LedgerClock, Live, NotNow, Options, SharedJournal, Watchdog, nats::NatsServers};
use serde_json::{Value, json};
use testkit::nats::{NatsServer, NatsSettings};
use tokio_util::sync::CancellationToken;

use crate::process::Process;

const USERS: [&str; 7] = ["provision", "intake", "service", "office", "tally", "follower", "reader"];
/// A request that is not allowed is never answered.
const UNANSWERED: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_secs(10);

/// With the users of `deploy/nats/users.conf`.
pub(crate) async fn server() -> NatsServer {
    server_with(users_conf()).await
}

fn users_conf() -> String {
    let users = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/nats/users.conf");
    std::fs::read_to_string(users.canonicalize().unwrap()).unwrap()
}

/// With one more system that reads, as `docs/nats.md` says: an account like that of `reader`.
fn users_conf_with_another_reader() -> String {
    let text = users_conf().replace("[ READER ]", "[ READER, ANOTHER ]");
    let (before, rest) = text.split_once("    READER: {").expect("the account of `reader`");
    let (account, behind) = rest.split_once("\n    }\n").expect("its end");
    let another = account.replace("user: reader", "user: another").replace("_reader.", "_another.");
    let another = another.replace("$SOCAI_NATS_READER_PASSWORD", "p-another");
    format!("{before}    READER: {{{account}\n    }}\n    ANOTHER: {{{another}\n    }}\n{behind}")
}

async fn server_with(text: String) -> NatsServer {
    let password = |user: &&str| (format!("SOCAI_NATS_{}_PASSWORD", user.to_uppercase()), format!("p-{user}"));
    let settings =
        NatsSettings { extra: text, environment: USERS.iter().map(password).collect(), ..Default::default() };
    NatsServer::start_with(settings).await
}

/// Of the ledger `hp`.
pub(crate) fn url(server: &NatsServer, user: &str) -> String {
    format!("nats://{user}:p-{user}@{}/hp", server.address())
}

async fn open(server: &NatsServer, user: &str, to_read: bool) -> Result<SharedJournal, journal::OpenError> {
    journal::open(&url(server, user), Options { to_read, ..Options::default() }).await
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
    let told = format!("{:#}", anyhow::Error::from(refused));
    assert!(told.contains("socai provision") && told.contains("Permissions Violation for Publish to"), "{told}");
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
    for user in ["intake", "service", "office", "tally", "follower", "reader"] {
        let client = client(&server, user).await;
        let requests = [
            ("$JS.API.STREAM.UPDATE.socai-hp", stream_config.clone()),
            ("$JS.API.STREAM.PURGE.socai-hp", json!({})),
            ("$JS.API.STREAM.MSG.DELETE.socai-hp", json!({ "seq": 1 })),
            ("$JS.API.STREAM.DELETE.socai-hp", json!({})),
            ("$JS.API.STREAM.CREATE.other", json!({ "name": "other", "subjects": ["x"] })),
            ("$JS.API.STREAM.SNAPSHOT.socai-hp", json!({ "deliver_subject": "x" })),
        ];
        let answers = join_all(requests.iter().map(|(subject, body)| asked(&client, subject, body))).await;
        assert_eq!(answers, vec![None; requests.len()], "{user} was answered");
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

/// The server answers its own requests wherever their sender says. An answer without a body deletes a stream where it arrives at the request for
/// that, and any answer is a message where it arrives at the ledger's subjects.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_foreign_has_the_server_s_own_answers_delete_or_write_anything() {
    let server = server().await;
    let provisioned = open(&server, "provision", false).await.unwrap();
    let cells = NatsServers::connect(&url(&server, "provision"), &Options::default()).await.unwrap();
    let mut cells = cells.cells().await.unwrap();
    provisioned.append(&stream(1), None, Bytes::from_static(b"one")).await.unwrap();
    let victims = [
        "$JS.API.STREAM.DELETE.socai-hp",
        "$JS.API.STREAM.PURGE.socai-hp-cells",
        "socai.hp.log.organisation.0198c9c4-0000-7000-8000-000000000001",
        "socai.hp.cell.nq28.2022.party_org",
    ];
    let requests = [
        "$JS.API.DIRECT.GET.socai-hp.socai.hp.log.nothing",
        "$JS.cells.API.DIRECT.GET.socai-hp-cells.socai.hp.cell.nothing",
        "$JS.API.STREAM.INFO.socai-hp",
        "$SRV.PING",
        "socai.hp.cmd.found-organisation",
    ];
    for user in ["reader", "office", "service"] {
        let client = client(&server, user).await;
        for (request, victim) in requests.iter().flat_map(|request| victims.map(|victim| (*request, victim))) {
            client.publish_with_reply(request, victim, Bytes::new()).await.unwrap();
        }
        // Whatever is answered behind them, or known not to be, shows that they have arrived.
        let _behind = asked(&client, requests[0], &json!({})).await;
    }
    let next = provisioned.append(&stream(2), None, Bytes::from_static(b"two")).await.unwrap();
    assert_eq!(next, Position(2), "the ledger is there, and nothing was written into it");
    assert_eq!(cells.info().await.unwrap().state.messages, 0);
    // Those who follow have no request left that is answered without a body, but for what consumers do.
    for user in ["intake", "tally", "follower"] {
        let answer =
            asked(&client(&server, user).await, "$JS.API.DIRECT.GET.socai-hp.socai.hp.log.nothing", &json!({})).await;
        assert_eq!(answer, None, "{user}");
    }
}

/// The server and the intakes answer where their asker says: what one program of others has them answer to the ledger's subjects is no record and
/// no value of a cell, and must not be heard as one by another program.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_foreign_hears_what_another_has_answered_to_the_ledger_s_subjects() {
    let server = server_with(users_conf_with_another_reader()).await;
    let provisioned = open(&server, "provision", false).await.unwrap();
    let cells = NatsServers::connect(&url(&server, "provision"), &Options::default()).await.unwrap();
    cells.cells().await.unwrap();
    let (log, cell) =
        ("socai.hp.log.organisation.0198c9c4-0000-7000-8000-000000000001", "socai.hp.cell.nq28.2022.party_org");
    let tally = client(&server, "tally").await;
    let tell = async |actual: u64| asked(&tally, cell, &json!({ "actual": actual })).await.expect("it is stored");
    provisioned.append(&stream(1), None, Bytes::from_static(b"one")).await.unwrap();
    tell(47).await;

    let (reader, another, office) =
        (client(&server, "reader").await, client(&server, "another").await, client(&server, "office").await);
    let mut heard = Vec::new();
    for reader in [&reader, &another] {
        heard.push((
            reader.subscribe("socai.hp.log.>").await.unwrap(),
            reader.subscribe("socai.hp.cell.>").await.unwrap(),
        ));
        subscribed(reader).await;
    }
    // Old values, and what an intake answers, to a record's subject and to a cell's.
    for (request, victim) in [("$JS.API.DIRECT.GET.socai-hp", log), ("$JS.cells.API.DIRECT.GET.socai-hp-cells", cell)] {
        reader.publish_with_reply(request, victim, r#"{"seq":1}"#.into()).await.unwrap();
    }
    let service = client(&server, "service").await;
    let mut commands = service.subscribe("socai.hp.cmd.*").await.unwrap();
    service.flush().await.unwrap();
    for victim in [log, cell] {
        office.publish_with_reply("socai.hp.cmd.found-organisation", victim, "{}".into()).await.unwrap();
        let command = tokio::time::timeout(PATIENCE, commands.next()).await.unwrap().unwrap();
        service.publish(command.reply.unwrap(), "forged".into()).await.unwrap();
    }
    service.flush().await.unwrap();
    let next =
        async |heard: &mut Subscriber| tokio::time::timeout(PATIENCE, heard.next()).await.unwrap().unwrap().payload;
    // Whoever forges hears it, and so it was answered.
    assert_eq!(next(&mut heard[0].0).await, Bytes::from_static(b"one"));
    assert_eq!(next(&mut heard[0].1).await, Bytes::from_static(b"{\"actual\":47}"));

    provisioned.append(&stream(2), None, Bytes::from_static(b"two")).await.unwrap();
    tell(48).await;
    for (records, values) in &mut heard {
        assert_eq!(next(records).await, Bytes::from_static(b"two"), "what was recorded comes next");
        assert_eq!(next(values).await, Bytes::from_static(b"{\"actual\":48}"), "and what was told");
    }
}

/// The server obeys a change of settings by which it drops records, whatever the stream denies. No user of a running process may ask for one, as
/// above; after `provision` has, each process finds it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn provision_alone_can_have_records_dropped_and_the_watch_ends_by_it() {
    let server = server().await;
    open(&server, "provision", false).await.unwrap();
    let intake = open(&server, "intake", false).await.unwrap();
    for n in 1..=3 {
        intake.append(&stream(n), None, Bytes::from_static(b"x")).await.unwrap();
    }
    let live = Arc::new(Live::new(LedgerClock::scripted(Arc::new(|| Timestamp(0)))));
    let watching = Watchdog::new(intake.clone(), live.clone(), None).run(CancellationToken::new(), |_| {});
    let admin = jetstream::new(client(&server, "provision").await);
    let config = admin.get_stream("socai-hp").await.unwrap().cached_info().config.clone();
    assert!(config.deny_delete && config.deny_purge);
    let dropping = Config { max_messages: 1, discard: DiscardPolicy::Old, ..config };
    assert_eq!(admin.update_stream(dropping).await.unwrap().state.messages, 1, "the server obeys");
    let ended = tokio::time::timeout(PATIENCE, watching).await.expect("the watch goes on");
    assert!(matches!(ended, Err(ExamineError::Unsafe { setting: "discard", .. })), "{ended:?}");
    assert!(matches!(live.stamp(), Err(NotNow::Doubt(_))), "nothing is recorded any more");
}

/// A request for a consumer's messages is answered where its sender says, and without a body when there are none.
/// Whoever may create a consumer chooses where in its stream's account the server delivers, if somebody listens there.
/// A command's sender chooses where its answer goes. Were that a subject of the ledger, intake would write there what it never decided.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_commands_cannot_have_their_answers_written_into_the_ledger_or_the_cells() {
    let server = server().await;
    let provisioned = open(&server, "provision", false).await.unwrap();
    let cells = NatsServers::connect(&url(&server, "provision"), &Options::default()).await.unwrap();
    let mut cells = cells.cells().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(
        folder.path(),
        &[
            "--roles",
            "intake",
            "--ledger",
            "hp",
            "--journal",
            &url(&server, "intake"),
            "--commands",
            &url(&server, "service"),
        ],
    );
    let office = client(&server, "office").await;
    let begun = Instant::now();
    while asked(&office, "$SRV.PING.socai-hp", &json!({})).await.is_none() {
        assert!(begun.elapsed() < PATIENCE, "there is no service");
    }
    let before = provisioned.tip().await.unwrap();
    for victim in [
        "socai.hp.log.organisation.0198c9c4-0000-7000-8000-000000000001",
        "socai.hp.cell.x",
        "$JS.API.STREAM.DELETE.socai-hp",
    ] {
        for subject in ["$SRV.PING", "$SRV.INFO.socai-hp", "$SRV.STATS.socai-hp", "socai.hp.cmd.found-organisation"] {
            office.publish_with_reply(subject, victim, "{}".into()).await.unwrap();
        }
    }
    // What is traced is told where a header says, on 2.11 without asking whether its sender may publish there.
    let mut traced = async_nats::HeaderMap::new();
    traced.insert("Nats-Trace-Dest", "socai.hp.log.organisation.0198c9c4-0000-7000-8000-000000000001");
    for user in ["service", "office"] {
        let client = client(&server, user).await;
        client.publish_with_headers("_INBOX.x", traced.clone(), "{}".into()).await.unwrap();
        asked(&client, "$SRV.PING.nobody", &json!({})).await;
    }
    // Each is told what is wrong with it as soon as it says where an answer may go, behind all those.
    let refused = asked(&office, "socai.hp.cmd.found-organisation", &json!({})).await.unwrap();
    assert_eq!(refused["status"], 401);
    assert!(asked(&office, "$SRV.STATS.socai-hp", &json!({})).await.is_some());
    assert_eq!(provisioned.tip().await.unwrap(), before);
    assert_eq!(cells.info().await.unwrap().state.messages, 0);

    for subject in ["socai.hp.log.organisation.x", "socai.hp.cell.x", "$JS.API.STREAM.INFO.socai-hp"] {
        assert_eq!(asked(&office, subject, &json!({})).await, None, "{subject}");
    }
    drop(node);
}
