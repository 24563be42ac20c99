//! What only the JetStream adapter has: a server that goes away, settings that lose data, strangers on its subjects.

use std::{sync::Arc, time::Duration};

use async_nats::jetstream::{self, stream};
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::StreamExt;
use journal::{
    AppendError, Copier, Durability, ExamineError, Followed, Journal, OpenError, Options, ReadError, Sealed,
    SharedJournal, SourceEnd, laws::sealing, nats::Nats, sqlite::SqliteCopy,
};
use testkit::{
    nats::{NatsServer, NatsSettings},
    proxy::{Proxy, Weather},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

const PATIENCE: Duration = Duration::from_secs(30);
const BACKOFF: Duration = Duration::from_millis(5);

fn stream(n: u64) -> StreamId {
    StreamId::of_key(Kind::Organisation, &n.to_string())
}

async fn open(server: &NatsServer) -> SharedJournal {
    journal::open(&server.url("hp"), Options::default()).await.expect("failed to open the ledger")
}

async fn admin(server: &NatsServer) -> jetstream::Context {
    jetstream::new(async_nats::connect(server.address()).await.expect("failed to connect"))
}

/// What this adapter creates, as another program would.
fn good(ledger: &str) -> stream::Config {
    stream::Config {
        name: format!("socai-{ledger}"),
        subjects: vec![format!("socai.{ledger}.log.*.*")],
        discard: stream::DiscardPolicy::New,
        deny_delete: true,
        deny_purge: true,
        ..stream::Config::default()
    }
}

/// Appends until it is acknowledged, as the executor does: the same bytes, the same expectation.
async fn append_through_an_outage(journal: &dyn Journal, n: u64) -> Position {
    let begun = tokio::time::Instant::now();
    loop {
        match journal.append(&stream(n), None, Bytes::from(n.to_string())).await {
            Ok(position) => return position,
            Err(AppendError::Conflict { actual: Some(position), .. }) => return position,
            Err(AppendError::Unavailable(_) | AppendError::OutcomeUnknown { .. }) => tokio::time::sleep(BACKOFF).await,
            Err(error) => panic!("{error:?}"),
        }
        assert!(begun.elapsed() < PATIENCE, "record {n} was never appended");
    }
}

#[tokio::test]
async fn settings_that_lose_data_are_refused_by_name() {
    let server = NatsServer::start().await;
    let admin = admin(&server).await;
    type Worse = fn(stream::Config) -> stream::Config;
    let cases: [(&str, Worse); 9] = [
        ("storage", |good| stream::Config { storage: stream::StorageType::Memory, ..good }),
        ("retention", |good| stream::Config { retention: stream::RetentionPolicy::Interest, ..good }),
        ("discard", |good| stream::Config { discard: stream::DiscardPolicy::Old, ..good }),
        ("max_msgs", |good| stream::Config { max_messages: 1_000_000, ..good }),
        ("max_msgs_per_subject", |good| stream::Config { max_messages_per_subject: 1, ..good }),
        ("max_age", |good| stream::Config { max_age: Duration::from_secs(86_400), ..good }),
        ("deny_delete", |good| stream::Config { deny_delete: false, ..good }),
        ("deny_purge", |good| stream::Config { deny_purge: false, ..good }),
        ("subjects", |good| stream::Config { subjects: vec![good.subjects[0].replace("log.*.*", ">")], ..good }),
    ];
    // Each has a ledger of its own: what was deleted may still be cleared away when its name is made again.
    for (number, (named, worse)) in cases.into_iter().enumerate() {
        let ledger = format!("hp{number}");
        admin.create_stream(worse(good(&ledger))).await.unwrap();
        match journal::open(&server.url(&ledger), Options::default()).await.err() {
            Some(OpenError::Unsafe { setting, .. }) => assert_eq!(setting, named),
            refused => panic!("{named}: {refused:?}"),
        }
    }
    admin.create_stream(good("hp")).await.unwrap();
    open(&server).await;
}

/// A stream in memory that drops what is a day old: each of both has to be accepted by its name, and every durability says so.
#[tokio::test]
async fn what_is_accepted_by_name_is_named_by_every_durability_and_nothing_else_is_let_through() {
    let server = NatsServer::start().await;
    let admin = admin(&server).await;
    let mut config = good("hp");
    (config.storage, config.max_age) = (stream::StorageType::Memory, Duration::from_secs(86_400));
    admin.create_stream(config.clone()).await.unwrap();
    let with = async |accepted: &str| {
        let url = format!("{}&accept={accepted}", server.url("hp"));
        journal::open(&url, Options::default()).await
    };
    for (accepted, refused) in [("max_age", "storage"), ("storage,max_msgs", "max_age")] {
        match with(accepted).await.err() {
            Some(OpenError::Unsafe { setting, .. }) => assert_eq!(setting, refused),
            other => panic!("{accepted}: {other:?}"),
        }
    }
    assert!(matches!(with("max_age,no_ack").await.err(), Some(OpenError::NotAccepted { .. })));

    let journal = with("storage,max_age,max_msgs").await.unwrap();
    assert_eq!(journal.durability().to_string(), "memory-despite-max_age+storage");
    assert_eq!(journal.append(&stream(1), None, Bytes::from_static(b"1")).await.unwrap(), Position(1));
    assert_eq!(journal.examine().await.unwrap().tip, Position(1));
    // What was accepted beforehand is named as soon as it is so; what was not still ends the watch.
    config.max_messages = 2;
    admin.update_stream(config.clone()).await.unwrap();
    journal.examine().await.unwrap();
    assert_eq!(journal.durability().to_string(), "memory-despite-max_msgs+max_age+storage");
    let accepted = config.clone();
    config.max_messages_per_subject = 1;
    admin.update_stream(config).await.unwrap();
    let refused = journal.examine().await.unwrap_err();
    assert!(matches!(refused, ExamineError::Unsafe { setting: "max_msgs_per_subject", .. }), "{refused:?}");

    // A loss is a loss, accepted or not.
    admin
        .update_stream(stream::Config { discard: stream::DiscardPolicy::Old, max_messages: 1, ..accepted.clone() })
        .await
        .unwrap();
    admin
        .publish("socai.hp.log.organisation.018f4a3e-0000-7000-8000-000000000001", "2".into())
        .await
        .unwrap()
        .await
        .unwrap();
    admin.update_stream(accepted).await.unwrap();
    let lost = journal.examine().await.unwrap_err();
    assert!(
        matches!(&lost, ExamineError::Lost { what } if what.contains("holds 1 messages and has given out 2")),
        "{lost:?}"
    );
}

/// Whoever greets as a nats-server of an older version.
#[tokio::test]
async fn a_server_that_is_too_old_is_refused_with_what_is_needed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let info = r#"{"server_id":"A","server_name":"a","version":"2.9.25","go":"go","host":"h","port":1,"headers":true,"max_payload":1048576,"proto":1,"jetstream":true}"#;
        while let Ok((mut connection, _)) = listener.accept().await {
            connection.write_all(format!("INFO {info}\r\n").as_bytes()).await.unwrap();
            let (reading, mut writing) = connection.into_split();
            let mut lines = BufReader::new(reading).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                if line.starts_with("PING") {
                    writing.write_all(b"PONG\r\n").await.unwrap();
                }
            }
        }
    });
    let refused = journal::open(&format!("nats://{address}/hp"), Options::default()).await.err().unwrap().to_string();
    assert!(refused.ends_with("is 2.9.25; at least 2.10 is needed"), "{refused}");
}

#[tokio::test]
async fn a_server_that_takes_too_small_messages_is_refused() {
    let server =
        NatsServer::start_with(NatsSettings { extra: "max_payload: 65536".to_owned(), ..NatsSettings::default() });
    let refused = journal::open(&server.await.url("hp"), Options::default()).await.err();
    assert!(matches!(refused, Some(OpenError::Unsafe { setting: "max_payload", .. })), "{refused:?}");
}

/// A cluster may hold servers with other settings: whichever the journal comes to is looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_takes_too_small_messages_is_noticed_when_the_journal_comes_to_it_later() {
    let mut server = NatsServer::start().await;
    let journal = Nats::open(&server.url("hp"), Options::default()).await.unwrap();
    server.kill();
    server.start_again_with(NatsSettings { extra: "max_payload: 65536".to_owned(), ..NatsSettings::default() }).await;
    let refused = loop {
        match journal.examine().await {
            Err(ExamineError::Unavailable(_)) => tokio::task::yield_now().await,
            other => break other,
        }
    };
    assert!(matches!(refused, Err(ExamineError::Unsafe { setting: "max_payload", .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_level_follows_a_server_that_was_started_again_with_other_settings() {
    let always = |sync_always| NatsSettings { sync_always, ..NatsSettings::default() };
    let mut server = NatsServer::start_with(always(true)).await;
    let journal = Nats::open(&server.url("hp"), Options::default()).await.unwrap();
    assert_eq!(journal.durability(), Durability::Fsync);
    server.kill();
    // A server that is away has changed nothing.
    assert!(journal.examine().await.is_err());
    assert_eq!(journal.durability(), Durability::Fsync);
    server.start_again_with(always(false)).await;
    while journal.examine().await.is_err() {}
    assert_eq!(journal.durability(), Durability::Buffered);
}

#[tokio::test]
async fn durability_is_what_the_server_says_and_the_least_when_it_does_not() {
    for (sync_always, told) in [(false, Durability::Buffered), (true, Durability::Fsync)] {
        let server = NatsServer::start_with(NatsSettings { sync_always, ..NatsSettings::default() }).await;
        assert_eq!(open(&server).await.durability(), told);
        let unasked = format!("nats://{}/hp", server.address());
        let journal = journal::open(&unasked, Options::default()).await.unwrap();
        assert_eq!(journal.durability(), Durability::Buffered);
    }
}

#[tokio::test]
async fn credentials_in_the_url_are_used() {
    let extra = "authorization { users: [ { user: clerk, password: \"p@ss\" } ] }".to_owned();
    let server = NatsServer::start_with(NatsSettings { extra, ..NatsSettings::default() }).await;
    let address = server.address();
    assert!(journal::open(&format!("nats://{address}/hp"), Options::default()).await.is_err());
    let url = format!("nats://clerk:p%40ss@{address}/hp");
    assert!(journal::open(&url, Options::default()).await.is_ok());
}

/// A server that is frozen keeps its connections. Nobody waits for it longer than a few unanswered pings: the other way is taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_answer_is_given_up_for_another() {
    let server = NatsServer::start().await;
    let ways = [Proxy::before(&server.address()).await.unwrap(), Proxy::before(&server.address()).await.unwrap()];
    ways[1].set(Weather::Away);
    let url = format!("nats://{},{}/hp", ways[0].address(), ways[1].address());
    let journal = journal::open(&url, Options::default()).await.unwrap();
    assert_eq!(append_through_an_outage(&*journal, 1).await, Position(1));
    ways[0].set(Weather::Still);
    ways[1].set(Weather::Clear);
    assert_eq!(append_through_an_outage(&*journal, 2).await, Position(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_no_acknowledged_record_and_no_follower() {
    let server = NatsServer::start_with(NatsSettings { sync_always: true, ..NatsSettings::default() }).await;
    let journal = open(&server).await;
    let mut following = journal.follow(Position::START, &[]);
    let mut filtered = journal.follow(Position::START, &[Kind::Target]);
    let mut acknowledged = 0;
    for _ in 0..3 {
        for _ in 0..20 {
            acknowledged += 1;
            assert_eq!(append_through_an_outage(&*journal, acknowledged).await, Position(acknowledged));
        }
        server.kill();
        acknowledged += 1;
        let (through, ()) = tokio::join!(append_through_an_outage(&*journal, acknowledged), server.start_again());
        assert_eq!(through, Position(acknowledged));
    }
    for position in 1..=acknowledged {
        match tokio::time::timeout(PATIENCE, following.next()).await.unwrap().unwrap().unwrap() {
            Followed::Record(stored) => {
                assert_eq!((stored.position, stored.stream), (Position(position), stream(position)))
            }
            Followed::UpTo(position) => panic!("told up to {position}"),
        }
    }
    loop {
        match tokio::time::timeout(PATIENCE, filtered.next()).await.unwrap().unwrap().unwrap() {
            Followed::UpTo(position) if position == Position(acknowledged) => break,
            Followed::UpTo(_) => {}
            Followed::Record(stored) => panic!("{stored:?}"),
        }
    }
}

#[tokio::test]
async fn a_server_that_is_away_makes_appends_and_reads_fail_without_a_false_answer() {
    let server = NatsServer::start().await;
    let journal = open(&server).await;
    journal.append(&stream(1), None, Bytes::from_static(b"x")).await.unwrap();
    server.kill();
    let appended = journal.append(&stream(2), None, Bytes::from_static(b"x")).await;
    assert!(matches!(appended, Err(AppendError::Unavailable(_) | AppendError::OutcomeUnknown { .. })), "{appended:?}");
    assert!(matches!(journal.load(&stream(1), Position::START, 9).await, Err(ReadError::Unavailable(_))));
    assert!(matches!(journal.tip().await, Err(ReadError::Unavailable(_))));
}

#[tokio::test]
async fn a_ledger_that_lost_its_beginning_is_a_hole_for_followers() {
    let server = NatsServer::start().await;
    let journal = open(&server).await;
    let admin = admin(&server).await;
    admin.delete_stream("socai-hp").await.unwrap();
    admin.create_stream(stream::Config { first_sequence: Some(5), ..good("hp") }).await.unwrap();
    assert_eq!(journal.append(&stream(1), None, Bytes::from_static(b"x")).await.unwrap(), Position(5));
    let seen: Vec<_> = tokio::time::timeout(PATIENCE, journal.follow(Position::START, &[]).collect()).await.unwrap();
    assert!(matches!(&seen[..], [Err(ReadError::Hole { expected: Position(1), found: Position(5) })]), "{seen:?}");
    assert!(matches!(journal.read(Position::START, 9, &[]).await, Err(ReadError::Hole { .. })));
}

#[tokio::test]
async fn a_stranger_s_message_in_the_log_stops_followers_at_its_position() {
    let server = NatsServer::start().await;
    let journal = open(&server).await;
    journal.append(&stream(1), None, Bytes::from_static(b"x")).await.unwrap();
    admin(&server).await.publish("socai.hp.log.organisation.nobody", "?".into()).await.unwrap().await.unwrap();
    let seen: Vec<_> = tokio::time::timeout(PATIENCE, journal.follow(Position::START, &[]).collect()).await.unwrap();
    assert!(matches!(&seen[..], [Ok(_), Err(ReadError::Damaged { position: Position(2), .. })]), "{seen:?}");
}

#[tokio::test]
async fn a_plain_client_reads_the_headers_that_the_caller_made() {
    let server = NatsServer::start().await;
    let maker: journal::nats::HeaderMaker = Arc::new(|stream, body| {
        vec![("ce-specversion", "1.0".to_owned()), ("ce-id", format!("{stream} {}", body.len()))]
    });
    let options = Options { headers: Some(maker), ..Options::default() };
    let journal = journal::open(&server.url("hp"), options).await.unwrap();
    journal.append(&stream(1), None, Bytes::from_static(b"abc")).await.unwrap();
    let ledger = admin(&server).await.get_stream("socai-hp").await.unwrap();
    let message = ledger.direct_get(1).await.unwrap();
    let header = |name| message.headers.get(name).map(|value| value.as_str().to_owned());
    assert_eq!(message.subject.as_str(), format!("socai.hp.log.{}", stream(1).to_string().replace('/', ".")));
    assert_eq!(header("ce-specversion").as_deref(), Some("1.0"));
    assert_eq!(header("ce-id"), Some(format!("{}%203", stream(1))));
    assert_eq!(header("Nats-Msg-Id"), None);
    assert_eq!(message.payload, Bytes::from_static(b"abc"));
}

#[tokio::test]
async fn two_processes_may_create_the_ledger_at_once() {
    let server = NatsServer::start().await;
    let opened = futures::future::join_all((0..8).map(|_| open(&server))).await;
    assert_eq!(opened.len(), 8);
}

/// The record alone moves no ledger: another process could still append, and what it appends would be missing in the copy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_by_who_may_not_seal_the_stream_is_finished_by_who_may() {
    let users = r#"
        { user: intake, password: "x", permissions: { publish: { deny: "$JS.API.STREAM.UPDATE.>" } } }
        { user: provision, password: "x" }"#;
    let extra = format!("authorization {{ users: [ {users} ] }}");
    let server = NatsServer::start_with(NatsSettings { extra, ..NatsSettings::default() }).await;
    let open = async |user: &str, to_read| {
        let url = format!("nats://{user}:x@{}/hp", server.address());
        journal::open(&url, Options { to_read, ..Options::default() }).await.unwrap()
    };
    let (intake, reader) = (open("intake", false).await, open("intake", true).await);
    intake.append(&stream(1), None, Bytes::from_static(b"1")).await.unwrap();
    let (of_ledger, seal) = sealing("elsewhere");
    assert_eq!(intake.append(&of_ledger, None, seal).await.unwrap(), Position(2));
    for refusing in [&intake, &open("intake", false).await] {
        let refused = refusing.append(&stream(2), None, Bytes::from_static(b"2")).await;
        assert!(matches!(refused, Err(AppendError::Sealed(Sealed::Moving))), "{refused:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = SqliteCopy::open(folder.path().join("copy.db")).await.unwrap();
    let mut copier = Copier::new(&*reader, &copy);
    assert_eq!(copier.catch_up(|_| {}).await.unwrap(), SourceEnd::SealRecorded, "its server may take more");
    open("provision", false).await;
    assert_eq!(reader.examine().await.unwrap().sealed, Some(Sealed::Moved));
    assert_eq!(copier.catch_up(|_| {}).await.unwrap(), SourceEnd::Sealed);
}
