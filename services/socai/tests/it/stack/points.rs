//! The named points of the code: whoever passes one first is killed there, and the next one paused there until another has taken its place.

use std::{
    os::unix::process::ExitStatusExt,
    time::{Duration, Instant},
};

use futures::future::join_all;
use points::{Fate, Point, Points, VARIABLE};
use socai_tests::PERIOD;
use testkit::stack::{Stack, state, until};

use super::{GOES_ON, PATIENCE, releases, run::Run};
use crate::process::build;

/// Which points the two processes of a role pass.
pub(crate) const PASSED: [(&str, &[Point]); 4] = [
    ("intake", &[Point::Decided, Point::Appended, Point::RetryFound, Point::LastSeenBeside]),
    (
        "tally",
        &[
            Point::LeadTaken,
            Point::BatchRead,
            Point::RowsWritten,
            Point::RowsCommitted,
            Point::CellTold,
            Point::CellsTold,
            Point::LeadLeaving,
        ],
    ),
    (
        "audit",
        &[Point::LeadTaken, Point::BatchRead, Point::RowsWritten, Point::RowsCommitted, Point::LeadLeaving],
    ),
    ("portal", &[Point::UpdateTaken, Point::UpdateSent]),
];
/// What `socai rebuild` passes, beside those who fold the view.
pub(crate) const OF_A_REBUILD: [Point; 2] = [Point::RebuildCompared, Point::RebuildSwitched];

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// All of them, one after the other in each role, all roles at a time.
pub(super) async fn go_through(run: &Run) {
    let roles = PASSED.map(|(role, points)| async move {
        for &point in points {
            killed(run, role, point).await;
            paused(run, role, point).await;
        }
    });
    join_all(roles).await;
    for point in OF_A_REBUILD {
        rebuild_is_killed(run, point).await;
        rebuild_is_paused(run, point).await;
    }
}

async fn killed(run: &Run, role: &str, point: Point) {
    let stack = &run.stack;
    let pid = surely_met(stack, role, point, Fate::Killed).await;
    println!("killed {pid}, of {role}, at {point}");
    until(async || match stack.name_of(pid) {
        Some(name) => Err(format!("{name} does not run again after it was killed at {point}")),
        None => Ok(()),
    })
    .await;
    both_ready(stack, role).await;
}

async fn paused(run: &Run, role: &str, point: Point) {
    let stack = &run.stack;
    let pid = surely_met(stack, role, point, Fate::Paused).await;
    let name = stack.name_of(pid).expect("one that is paused runs");
    stopped(|| stack.state(pid), &name).await;
    let begun = Instant::now();
    goes_on(run, role).await;
    println!("paused {name} at {point} for {:?}", begun.elapsed());
    assert_eq!(stack.signal("-CONT", &[&name]), [pid]);
    both_ready(stack, role).await;
}

async fn stopped(state: impl Fn() -> Option<char>, name: &str) {
    until(async || match state() {
        Some('T') => Ok(()),
        other => Err(format!("{name} was asked to pause, and its state is {other:?}")),
    })
    .await;
}

async fn both_ready(stack: &Stack, role: &str) {
    for n in 1..=2 {
        stack.until_ready(&format!("{role}-{n}")).await;
    }
}

/// What is recorded from now on is acknowledged, and seen where the role shows it.
async fn goes_on(run: &Run, role: &str) {
    let mut acknowledged = run.clients.acknowledged();
    let enough = *acknowledged.borrow_and_update() + GOES_ON;
    let more = tokio::time::timeout(PATIENCE, acknowledged.wait_for(|&number| number >= enough)).await;
    assert!(more.is_ok(), "nothing more is recorded while one of {role} stands still");
    let tip = run.stack.journal().await.tip().await.unwrap();
    match role {
        "tally" => drop(run.stack.get_at_last(&format!("{PERIOD}/tallies?min_position={tip}")).await),
        "audit" => drop(run.stack.get_at_last(&format!("/v1/trail?known={tip}&limit=1")).await),
        _ => {}
    }
}

/// The number of the process that met its fate; whoever waits for it is told by name when nobody has passed.
async fn surely_met(stack: &Stack, role: &str, point: Point, fate: Fate) -> u32 {
    let Some(pid) = met(stack, role, point, fate, PATIENCE).await else {
        panic!("no process of {role} has passed {point}:\n{}", stack.readiness().await)
    };
    pid
}

/// The number of the process that met its fate. When nobody has passed in time, it is asked for no more.
pub(super) async fn met(stack: &Stack, role: &str, point: Point, fate: Fate, patience: Duration) -> Option<u32> {
    let points = stack.points(role);
    points.ask(point, fate).unwrap();
    let (begun, mut last_ended) = (Instant::now(), None);
    loop {
        if let Some(pid) = points.met(point).unwrap() {
            return Some(pid);
        }
        if begun.elapsed() > patience {
            return points.withdraw(point).unwrap();
        }
        if matches!(point, Point::LeadTaken | Point::LeadLeaving) {
            // Who starts takes the lead, and who ends gives it up.
            let name = format!("{role}-1");
            let pid = stack.pid(&name);
            if last_ended != Some(pid) && stack.is_ready(&name).await {
                stack.signal("-TERM", &[&name]);
                last_ended = Some(pid);
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn rebuild(stack: &Stack, points: &Points) -> tokio::process::Child {
    let mut command = build(releases::this(), &["rebuild", "tally"]);
    command
        .env("SOCAI_JOURNAL", stack.journal_url("follower"))
        .env("SOCAI_VIEWS", stack.views_url("tally"))
        .env(VARIABLE, points.folder());
    tokio::process::Command::from(command).kill_on_drop(true).spawn().unwrap()
}

async fn rebuild_is_killed(run: &Run, point: Point) {
    let points = run.stack.points("rebuild");
    points.ask(point, Fate::Killed).unwrap();
    let ended = rebuild(&run.stack, &points).wait().await.unwrap();
    assert_eq!(ended.signal(), Some(9), "a rebuild has not passed {point}: {ended}");
    assert!(points.met(point).unwrap().is_some());
    println!("killed a rebuild at {point}");
    goes_on(run, "tally").await;
}

/// It may find afterwards that others went on, and say so; the rows are right either way.
async fn rebuild_is_paused(run: &Run, point: Point) {
    let points = run.stack.points("rebuild");
    points.ask(point, Fate::Paused).unwrap();
    let mut child = rebuild(&run.stack, &points);
    let pid = child.id().unwrap();
    until(async || points.met(point).unwrap().map(drop).ok_or_else(|| format!("a rebuild has not passed {point}"))).await;
    stopped(|| state(pid).map(|(state, _)| state), "the rebuild").await;
    let begun = Instant::now();
    goes_on(run, "tally").await;
    println!("paused a rebuild at {point} for {:?}", begun.elapsed());
    let sent = std::process::Command::new("kill").args(["-CONT", &pid.to_string()]).status().unwrap();
    assert!(sent.success());
    let ended = child.wait().await.unwrap();
    println!("it ended with {ended}");
    goes_on(run, "tally").await;
}
