//! The full stack of `make stack`: its bytes are those of one process, and nothing is lost, doubled or missed whatever happens to its
//! processes, to the connections between them, and to its disks. `SOCAI_FAULTS` says how much is done to it, `SOCAI_SEED` what.

mod cells;
mod faults;
mod ledger;
mod watcher;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::Position;
use journal::SharedJournal;
use socai::demonstration::Demonstration;
use socai_tests::{Node, PERIOD};
use testkit::stack::{Stack, StackSettings};
use tokio::sync::watch;

use self::{
    faults::{Counts, Fault},
    watcher::watch_changes,
};
use crate::{
    posting::{Acknowledged, Clients, check, read_at_last, seed},
    process::socai,
};

const PATIENCE: Duration = Duration::from_secs(90);
const CLIENTS: u32 = 50;
/// So many commands are acknowledged between two faults.
const GOES_ON: u64 = 10;
/// Faults of a run of the tests, and most of them between two looks at everything. Disks become full in longer runs only, which need the
/// right to mount.
const FAULTS: u32 = 40;
const FAULTS_AN_EPOCH: u32 = 800;
/// Fourteen processes are enough for a machine with two cores.
static ONE_STACK_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
const REST_IN_LONG_RUNS: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stack_gives_the_same_bytes_as_one_process() {
    let _alone = ONE_STACK_AT_A_TIME.lock().await;
    let stack = Stack::start(
        Path::new(env!("CARGO_BIN_EXE_socai")),
        StackSettings { demonstration: 2025, ..StackSettings::default() },
    )
    .await;
    let journal = stack.journal().await;
    assert_eq!(journal.durability().to_string(), "replicated-3");
    same_as_one_process(&stack, &journal).await;
    stack.has_held();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_whatever_happens_to_the_stack() {
    let (seed, faults) = (seed(), faults());
    println!("seed {seed}, {faults} faults: run again with SOCAI_SEED={seed} SOCAI_FAULTS={faults}");
    let _alone = ONE_STACK_AT_A_TIME.lock().await;
    let settings = StackSettings { proxies: true, disks: faults > FAULTS, clocks: true, ..StackSettings::default() };
    let stack = Arc::new(Stack::start(Path::new(env!("CARGO_BIN_EXE_socai")), settings).await);
    ledger::begin(&stack).await;

    let (_address, address) = watch::channel(stack.portals());
    let rest = if faults > FAULTS { REST_IN_LONG_RUNS } else { Duration::ZERO };
    let clients = Clients::new(&stack.token("clerk"), address).resting(rest);
    let (seen, watched) = watch::channel(0);
    let watching = tokio::spawn(watch_changes(stack.portals(), stack.bearer("auditor"), seen));
    let (mut counts, mut acknowledged) = (Counts::default(), Acknowledged::new());
    for first in (0..faults).step_by(FAULTS_AN_EPOCH as usize) {
        let posting: Vec<_> =
            (0..CLIENTS).map(|number| tokio::spawn(clients.clone().post_until_told(number))).collect();
        if first == 0 {
            restart_each(&stack).await;
        }
        for number in first..faults.min(first + FAULTS_AN_EPOCH) {
            if posting.iter().any(tokio::task::JoinHandle::is_finished) {
                println!("a client gave up:\n{}", stack.readiness().await);
                break;
            }
            let fault = Fault::draw(seed, number, &stack);
            tokio::time::sleep(fault.pause(seed, number)).await;
            let mut going_on = clients.acknowledged();
            let before = *going_on.borrow_and_update();
            let inflicted = fault.inflict(&stack).await;
            println!("{number}: {fault}{}", if inflicted { "" } else { " (could not be done)" });
            if inflicted {
                counts.add(&fault);
            }
            // The next one meets a system that works: one that is only ever beginning to shows nothing.
            let goes_on = going_on.wait_for(|&number| number >= before + GOES_ON);
            if tokio::time::timeout(PATIENCE, goes_on).await.is_err() {
                panic!("nothing more was recorded:\n{}", stack.readiness().await);
            }
        }
        clients.stop();
        for client in posting {
            acknowledged.append(&mut client.await.unwrap());
        }
        clients.go_on();
        assert!(!watching.is_finished(), "the watcher gave up: {:?}", watching.await);
        everything_holds(&stack, &acknowledged, watched.clone()).await;
        println!("{} commands acknowledged so far; {counts}", acknowledged.len());
    }
    watching.abort();
    stack.has_held();
    assert!(acknowledged.len() > CLIENTS as usize);
}

fn faults() -> u32 {
    std::env::var("SOCAI_FAULTS").map_or(FAULTS, |text| text.parse().expect("SOCAI_FAULTS is a number"))
}

/// What was acknowledged is there once, whoever watches was told of it, and the views are what the records give.
async fn everything_holds(stack: &Stack, acknowledged: &Acknowledged, mut watched: watch::Receiver<u64>) {
    // Each of them moved a cell.
    let last = acknowledged.values().max().unwrap().0;
    let told = tokio::time::timeout(PATIENCE, watched.wait_for(|&seen| seen >= last)).await;
    if !told.is_ok_and(|told| told.is_ok()) {
        let seen = *watched.borrow();
        panic!("the watcher was told of position {seen} and not of {last}:\n{}", stack.readiness().await);
    }
    check(&stack.journal().await, acknowledged).await;
    ledger::no_record_is_of_a_time_to_come(&stack.journal().await).await;
    cells::are_what_is_answered(stack).await;
    views_are_what_the_records_give(stack).await;
}

async fn bodies(journal: &SharedJournal, until: usize) -> Vec<journal::Stored> {
    let mut stored = Vec::new();
    while stored.len() < until {
        let page = read_at_last(journal, Position(stored.len() as u64), until - stored.len()).await;
        assert!(!page.is_empty(), "the journal ends at {}", stored.len());
        stored.extend(page);
    }
    stored
}

/// A rolling restart: one process of ours after the other, the next one when the last one is ready again.
async fn restart_each(stack: &Stack) {
    let roles = ["intake", "tally", "audit", "portal"];
    for role in roles {
        for n in 1..=2 {
            stack.restart(&format!("{role}-{n}")).await;
            let begun = Instant::now();
            let address = format!("http://{}/readyz", stack.address(role, n));
            while !reqwest::get(&address).await.is_ok_and(|answer| answer.status() == 200) {
                assert!(begun.elapsed() < PATIENCE, "{role}-{n} is not ready again");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Every record of the demonstration, the tallies and the trail.
async fn same_as_one_process(stack: &Stack, journal: &SharedJournal) {
    let one = Node::with_demonstration(Demonstration::Sequel).await;
    let until = Demonstration::Sequel.lines().len();
    assert_eq!(bodies(journal, until).await, bodies(one.journal(), until).await);
    for path in [
        format!("{PERIOD}/tallies?known={until}&valid=2022-12-31&min_position={until}"),
        format!("{PERIOD}/tallies?known=closing-1"),
        format!("{PERIOD}/tallies/diff?from=closing-1&to={until}"),
        format!("{PERIOD}/tallies/restated?known={until}&to=2025-08-01"),
        format!("/v1/trail?known={until}&limit=500"),
        format!("/v1/records/{until}"),
    ] {
        let ours = one.get(&path, "auditor").send().await.unwrap().text().await.unwrap();
        assert_eq!(stack.get_at_last(&path).await, ours, "{path}");
    }
    one.stop().await;
}

/// The tallies that the portals answer at the end are those of the history folded anew, and the rows of both views those of a rebuild.
async fn views_are_what_the_records_give(stack: &Stack) {
    let tip = stack.journal().await.tip().await.unwrap();
    let tallies = stack.get_at_last(&format!("{PERIOD}/tallies?known={tip}&valid=2022-12-31&min_position={tip}")).await;
    let file = stack.data.path().join("tallies.json");
    std::fs::write(&file, &tallies).unwrap();
    let (known, file) = (tip.to_string(), file.display().to_string());
    let replayed = socai(&["replay", "--known", &known, "--valid", "2022-12-31", "--compare", &file])
        .env("SOCAI_JOURNAL", stack.journal_url("follower"))
        .output()
        .unwrap();
    assert_eq!(replayed.status.code(), Some(0), "{replayed:?}");
    for (view, owner) in [("tally", "tally"), ("trail", "audit")] {
        let rebuilt = socai(&["rebuild", view])
            .env("SOCAI_JOURNAL", stack.journal_url("follower"))
            .env("SOCAI_VIEWS", stack.views_url(owner))
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&rebuilt.stdout);
        assert_eq!(printed.matches("equal to the old rows").count(), 1, "{rebuilt:?}");
    }
}
