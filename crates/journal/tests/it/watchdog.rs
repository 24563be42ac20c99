//! What a watchdog sees of one kind of store only: settings of a NATS server, its clock, the file of an embedded ledger.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_nats::jetstream;
use bytes::Bytes;
use domain::{Kind, Position, StreamId, Timestamp};
use journal::{
    AppendError, ClockAhead, ExamineError, LedgerClock, Live, NotNow, Now, Options, SharedJournal, Watchdog,
    sqlite::Sqlite,
};
use testkit::nats::NatsServer;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(30);
const SECOND: i64 = 1_000_000;

async fn on_server(server: &NatsServer) -> (SharedJournal, jetstream::Context) {
    let journal = journal::open(&server.url("hp"), Options::default()).await.unwrap();
    append(&journal, 1).await;
    (journal, jetstream::new(async_nats::connect(server.address()).await.unwrap()))
}

async fn append(journal: &SharedJournal, n: u64) {
    let stream = StreamId::of_key(Kind::Organisation, &n.to_string());
    let begun = tokio::time::Instant::now();
    while let Err(error) = journal.append(&stream, None, Bytes::from(n.to_string())).await {
        assert!(matches!(error, AppendError::Unavailable(_)) && begun.elapsed() < PATIENCE, "{error}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A machine's clock that is some microseconds ahead of the real one.
#[expect(clippy::disallowed_methods, reason = "the machine's clock is what the server's is compared with")]
fn live(ahead: &Arc<AtomicI64>) -> Arc<Live> {
    let ahead = ahead.clone();
    let now: Now = Arc::new(move || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp(i64::try_from(since.as_micros()).unwrap() + ahead.load(Ordering::Relaxed))
    });
    Arc::new(Live::new(LedgerClock::checked(now, None)))
}

fn watchdog(journal: &SharedJournal) -> Watchdog {
    Watchdog::new(journal.clone(), live(&Arc::default()), None)
}

#[tokio::test]
async fn a_limit_set_while_the_ledger_runs_ends_the_watch_by_name() {
    let server = NatsServer::start().await;
    let (journal, admin) = on_server(&server).await;
    let live = live(&Arc::default());
    let watching = Watchdog::new(journal, live.clone(), None).run(CancellationToken::new(), |_| {});
    let mut config = admin.get_stream("socai-hp").await.unwrap().cached_info().config.clone();
    config.max_age = Duration::from_secs(86_400);
    admin.update_stream(config).await.unwrap();
    let ended = tokio::time::timeout(PATIENCE, watching).await.expect("the watch goes on");
    assert!(matches!(ended, Err(ExamineError::Unsafe { setting: "max_age", .. })), "{ended:?}");
    assert!(matches!(live.stamp(), Err(NotNow::Doubt(_))), "nothing is recorded any more");
}

#[tokio::test]
async fn a_record_of_a_kind_that_only_a_later_version_knows_is_no_loss() {
    let server = NatsServer::start().await;
    let (journal, later) = on_server(&server).await;
    let mut watchdog = watchdog(&journal);
    watchdog.look().await.unwrap();
    let before = watchdog.seen();
    let subject = "socai.hp.log.of_later.018f4a3e-0000-7000-8000-000000000001";
    assert_eq!(later.publish(subject, "2".into()).await.unwrap().await.unwrap().sequence, 2);
    watchdog.look().await.unwrap();
    assert_eq!((watchdog.seen(), before.map(|seen| seen.position)), (before, Some(Position(1))));
}

#[tokio::test]
async fn a_stream_that_is_gone_or_was_made_anew_is_noticed() {
    let server = NatsServer::start().await;
    let (journal, admin) = on_server(&server).await;
    let mut watchdog = watchdog(&journal);
    watchdog.look().await.unwrap();
    let config = admin.get_stream("socai-hp").await.unwrap().cached_info().config.clone();
    admin.delete_stream("socai-hp").await.unwrap();
    let gone = watchdog.look().await.unwrap_err().to_string();
    assert!(gone.contains("the stream socai-hp is gone"), "{gone}");
    admin.create_stream(config).await.unwrap();
    append(&journal, 1).await;
    append(&journal, 2).await;
    let anew = watchdog.look().await.unwrap_err().to_string();
    assert!(anew.contains("was made anew"), "{anew}");
}

#[tokio::test]
async fn a_restored_backup_that_lacks_acknowledged_records_is_noticed_also_when_it_has_grown_past_them() {
    let server = NatsServer::start().await;
    let (journal, _) = on_server(&server).await;
    server.kill();
    let backup = server.backup();
    server.start_again().await;
    append(&journal, 2).await;
    append(&journal, 3).await;
    let mut watchdog = watchdog(&journal);
    look_when_it_answers(&mut watchdog).await.unwrap();
    server.kill();
    server.restore(&backup);
    server.start_again().await;
    let lacks = look_when_it_answers(&mut watchdog).await.unwrap_err().to_string();
    assert!(lacks.contains("ends at position 1, and position 3 was there before"), "{lacks}");
    for n in 4..8 {
        append(&journal, n).await;
    }
    let grown = watchdog.look().await.unwrap_err().to_string();
    assert!(grown.contains("the record at position 3 is another one than before"), "{grown}");
}

async fn look_when_it_answers(watchdog: &mut Watchdog) -> Result<(), ExamineError> {
    let begun = tokio::time::Instant::now();
    loop {
        match watchdog.look().await {
            Err(ExamineError::Unavailable(_)) if begun.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            looked => return looked,
        }
    }
}

/// What is feared is not certain at once: a leader that was cut off may answer with its old end.
#[tokio::test]
async fn while_a_loss_is_feared_nothing_is_recorded_and_a_fear_that_was_wrong_passes() {
    let folder = tempfile::tempdir().unwrap();
    let (file, aside) = (folder.path().join("ledger.db"), folder.path().join("aside.db"));
    let journal: SharedJournal = Arc::new(Sqlite::open(&file).await.unwrap());
    append(&journal, 1).await;
    let live = live(&Arc::default());
    let stop = CancellationToken::new();
    let watching = tokio::spawn(Watchdog::new(journal, live.clone(), None).run(stop.clone(), |_| {}));
    std::fs::rename(&file, &aside).unwrap();
    until(|| matches!(live.stamp(), Err(NotNow::Doubt(_)))).await;
    std::fs::rename(&aside, &file).unwrap();
    until(|| live.stamp().is_ok()).await;
    stop.cancel();
    watching.await.unwrap().unwrap();
}

async fn until(holds: impl Fn() -> bool) {
    let begun = tokio::time::Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "it never came to that");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_clock_ahead_of_the_server_s_stamps_nothing_until_it_is_right_again() {
    let server = NatsServer::start().await;
    let (journal, _) = on_server(&server).await;
    let ahead = Arc::new(AtomicI64::new(0));
    let live = live(&ahead);
    Watchdog::new(journal, live.clone(), None).look().await.unwrap();
    assert!(live.stamp().is_ok());
    ahead.store(10 * SECOND, Ordering::Relaxed);
    let refused = live.stamp();
    assert!(matches!(refused, Err(NotNow::Clock(ClockAhead::OfStore { .. }))), "{refused:?}");
    ahead.store(-10 * SECOND, Ordering::Relaxed);
    assert!(live.stamp().is_ok(), "a clock that is behind does no harm");
}

#[tokio::test]
async fn an_outage_is_no_loss() {
    let server = NatsServer::start().await;
    let (journal, _) = on_server(&server).await;
    let mut watchdog = watchdog(&journal);
    watchdog.look().await.unwrap();
    server.kill();
    let asked = watchdog.look().await;
    assert!(matches!(asked, Err(ExamineError::Unavailable(_))), "{asked:?}");
    server.start_again().await;
    look_when_it_answers(&mut watchdog).await.unwrap();
    assert_eq!(watchdog.seen().map(|seen| seen.position), Some(Position(1)));
}

#[tokio::test]
async fn a_file_that_was_removed_or_replaced_under_its_ledger_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    let journal: SharedJournal = Arc::new(Sqlite::open(&file).await.unwrap());
    append(&journal, 1).await;
    let mut watchdog = watchdog(&journal);
    watchdog.look().await.unwrap();
    std::fs::rename(&file, folder.path().join("elsewhere.db")).unwrap();
    let removed = watchdog.look().await.unwrap_err().to_string();
    assert!(removed.contains("ledger.db was removed"), "{removed}");
    std::fs::write(&file, "").unwrap();
    let replaced = watchdog.look().await.unwrap_err().to_string();
    assert!(replaced.contains("another file lies at"), "{replaced}");
}
