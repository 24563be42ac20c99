//! The full stack of `make stack`: its bytes are those of one process, and nothing is lost, doubled or missed whatever happens to its
//! processes, to the connections between them, and to its disks. `SOCAI_FAULTS` says how much is done to it, `SOCAI_SEED` what.

mod cells;
mod faults;
mod ledger;
pub(crate) mod points;
mod releases;
mod run;
mod watcher;

use std::{ops::Range, path::Path, sync::Arc, time::Duration};

use domain::Position;
use journal::SharedJournal;
use socai::demonstration::Demonstration;
use socai_tests::{Node, PERIOD};
use testkit::stack::{OF_THE_SHELL, Stack, StackSettings};

use self::{
    faults::{Counts, Fault},
    run::Run,
};
use crate::posting::{Pace, read_at_last, seed};

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
/// So that a run does not end in a ledger that takes minutes to read.
const REST: Duration = Duration::from_millis(500);
/// A short run need not wait for a connection that leads to somebody paused.
const LONG: Pace = Pace { rest: REST, answered_within: Duration::from_secs(20) };
const SHORT: Pace = Pace { rest: REST, answered_within: Duration::from_secs(5) };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stack_gives_the_same_bytes_as_one_process() {
    let _alone = ONE_STACK_AT_A_TIME.lock().await;
    let stack = Stack::start(releases::this(), StackSettings { demonstration: 2025, ..StackSettings::default() }).await;
    let journal = stack.journal().await;
    assert_eq!(journal.durability().to_string(), "replicated-3");
    same_as_one_process(&stack, &journal).await;
    hears_nothing_of_the_shell(&stack);
    stack.has_held();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_whatever_happens_to_the_stack() {
    let (seed, faults) = (seed(), faults());
    println!("seed {seed}, {faults} faults: run again with SOCAI_SEED={seed} SOCAI_FAULTS={faults}");
    let _alone = ONE_STACK_AT_A_TIME.lock().await;
    let settings =
        StackSettings { proxies: true, disks: faults > FAULTS, clocks: true, points: true, ..StackSettings::default() };
    let older = releases::other();
    let begins_as: &Path = if let Some(older) = &older { older } else { releases::this() };
    let stack = Stack::start(begins_as, settings).await;
    let pace = if faults > FAULTS { LONG } else { SHORT };
    let mut run = Run::begin(Arc::new(stack), pace).await;
    if let Some(older) = &older {
        upgrade_and_back(&mut run, older).await;
    } else {
        // An older build need not have all of the points.
        run.while_clients_post(async |run| points::go_through(run, seed, faults > FAULTS).await).await;
        println!("gone through all points; {} commands acknowledged so far", run.acknowledged.len());
    }
    let mut counts = Counts::default();
    for first in (0..faults).step_by(FAULTS_AN_EPOCH as usize) {
        let last = faults.min(first + FAULTS_AN_EPOCH);
        let inflicted = async |run: &Run| {
            if first == 0 {
                // A rolling restart; where there is an older build, half of the processes become this one, and half stay.
                let names = releases::processes().filter(|name| older.is_none() || name.ends_with('1'));
                releases::bring_in(&run.stack, releases::this(), names).await;
            }
            inflict(run, seed, first..last, &mut counts).await;
        };
        run.while_clients_post(inflicted).await;
        println!("{} commands acknowledged so far; {counts}", run.acknowledged.len());
    }
    run.end();
}

/// All processes of the older build, then one after the other of this one, and back again, while the ledger holds nothing that is new.
async fn upgrade_and_back(run: &mut Run, older: &Path) {
    let upgraded = async |run: &Run| releases::bring_in(&run.stack, releases::this(), releases::processes()).await;
    run.while_clients_post(upgraded).await;
    println!("upgraded; {} commands acknowledged so far", run.acknowledged.len());
    let back = async |run: &Run| releases::bring_in(&run.stack, older, releases::processes().rev()).await;
    run.while_clients_post(back).await;
    println!("and back; {} commands acknowledged so far", run.acknowledged.len());
}

/// The faults of these numbers, as long as no client gives up.
async fn inflict(run: &Run, seed: u64, numbers: Range<u32>, counts: &mut Counts) {
    let stack = &run.stack;
    for number in numbers {
        if run.a_client_gave_up() {
            println!("a client gave up:\n{}", stack.readiness().await);
            return;
        }
        let fault = Fault::draw(seed, number, stack, faults() > FAULTS);
        tokio::time::sleep(fault.pause(seed, number)).await;
        let mut going_on = run.clients.acknowledged();
        let before = *going_on.borrow_and_update();
        let inflicted = fault.inflict(stack).await;
        println!("{number}: {fault}{}", if inflicted == 0 { " (could not be done)" } else { "" });
        counts.add(&fault, inflicted);
        // The next one meets a system that works: one that is only ever beginning to shows nothing.
        let goes_on = going_on.wait_for(|&number| number >= before + GOES_ON);
        if tokio::time::timeout(PATIENCE, goes_on).await.is_err() {
            panic!("nothing more was recorded:\n{}", stack.readiness().await);
        }
    }
}

fn faults() -> u32 {
    std::env::var("SOCAI_FAULTS").map_or(FAULTS, |text| text.parse().expect("SOCAI_FAULTS is a number"))
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

/// What was set in the shell for another program has reached no process.
fn hears_nothing_of_the_shell(stack: &Stack) {
    let mut told = 0;
    for name in stack.names() {
        let environment = stack.environment(&name);
        for (variable, value) in OF_THE_SHELL {
            assert_ne!(environment.get(variable).map(String::as_str), Some(value), "{name} is told {variable}");
        }
        told += usize::from(environment.contains_key("SOCAI_JOURNAL"));
    }
    assert_eq!(told, 8, "what each process of ours was told can be read");
}
