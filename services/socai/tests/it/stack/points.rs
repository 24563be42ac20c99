//! The named points of the code: whoever passes one first is killed there, and the next one paused there until another has taken its place.

use std::{
    os::unix::process::ExitStatusExt,
    time::{Duration, Instant},
};

use domain::Position;
use futures::future::join_all;
use points::{Fate, Point, Points, VARIABLE};
use serde_json::Value;
use socai_tests::PERIOD;
use testkit::stack::{Stack, state, until};
use views::StoreReader;

use super::{GOES_ON, PATIENCE, releases, run::Run};
use crate::{posting::pseudo, process::build};

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
    ("audit", &[Point::LeadTaken, Point::BatchRead, Point::RowsWritten, Point::RowsCommitted, Point::LeadLeaving]),
    ("portal", &[Point::UpdateTaken, Point::UpdateSent]),
];
/// What `socai rebuild` passes, beside those who fold the view.
pub(crate) const OF_A_REBUILD: [Point; 2] = [Point::RebuildCompared, Point::RebuildSwitched];

const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How much longer somebody is paused than it takes until another has taken their place.
const MORE_MAX_MILLIS: u64 = 1_500;

/// All of them, one after the other in each role, all roles at a time. Of the pauses that take as long as a lead lasts, a short run has each in
/// one of the two roles that fold, drawn by lot.
pub(super) async fn go_through(run: &Run, seed: u64, long: bool) {
    let roles = PASSED.map(|(role, points)| async move {
        if role == "tally" {
            // First, while the ledger is short.
            for point in OF_A_REBUILD {
                rebuild_is_killed(run, point).await;
                rebuild_is_paused(run, point).await;
            }
        }
        for &point in points {
            killed(run, role, point).await;
            let lot = pseudo(seed, point as u32);
            if long || another_role_passes(role, point).is_none_or(|other| (role < other) == lot.is_multiple_of(2)) {
                paused(run, role, point, Duration::from_millis(lot % MORE_MAX_MILLIS)).await;
            }
        }
    });
    join_all(roles).await;
}

fn another_role_passes(role: &str, point: Point) -> Option<&'static str> {
    PASSED.iter().find(|(other, points)| *other != role && points.contains(&point)).map(|(other, _)| *other)
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

async fn paused(run: &Run, role: &str, point: Point, longer: Duration) {
    let stack = &run.stack;
    let pid = surely_met(stack, role, point, Fate::Paused).await;
    let name = stack.name_of(pid).expect("one that is paused runs");
    stopped(|| stack.state(pid), &name).await;
    let (begun, led) = (Instant::now(), leader(stack, role).await);
    goes_on(run, role).await;
    // One that starts may have taken the lead from it a moment before, which it has not noticed then.
    assert_ne!(leader(stack, role).await, Some(pid), "{name} still leads, and is paused at {point}");
    tokio::time::sleep(longer).await;
    println!("paused {name}{} at {point} for {:?}", if led == Some(pid) { ", who led," } else { "" }, begun.elapsed());
    assert_eq!(stack.signal("-CONT", &[&name]), [pid]);
    both_ready(stack, role).await;
}

/// Waits until one that was asked to pause stands still.
pub(crate) async fn stopped(state: impl Fn() -> Option<char>, name: &str) {
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

/// More is recorded from now on, and seen where the role shows it: of a view that takes somebody who writes it.
async fn goes_on(run: &Run, role: &str) {
    let journal = run.stack.journal().await;
    let begun = journal.tip().await.unwrap();
    let tip = until(async || match journal.tip().await {
        Ok(tip) if tip.0 >= begun.0 + GOES_ON => Ok(tip),
        stays => Err(format!("the ledger was at {begun}, and is at {stays:?} while one of {role} stands still")),
    })
    .await;
    match role {
        "tally" => drop(run.stack.get_at_last(&format!("{PERIOD}/tallies?min_position={tip}")).await),
        "audit" => trail_shows(&run.stack, tip).await,
        _ => {}
    }
}

/// The number of the process that writes the view which a role folds, if it does and one does.
async fn leader(stack: &Stack, role: &str) -> Option<u32> {
    let schema = match role {
        "tally" => tally::SCHEMA,
        "audit" => audit::SCHEMA,
        _ => return None,
    };
    let owner = async || {
        let reader = StoreReader::open(&stack.views_url(role)).await?;
        anyhow::Ok(reader.current(schema).await?.checkpoint().await?.owner)
    };
    let owner =
        until(async || owner().await.map_err(|error| format!("who folds for {role} is not known: {error}"))).await;
    owner.split('-').next().and_then(|pid| pid.parse().ok())
}

async fn trail_shows(stack: &Stack, tip: Position) {
    until(async || {
        let page = stack.get_at_last(&format!("/v1/trail?known={tip}&after={}.999&limit=1", tip.0 - 1)).await;
        let page: Value = serde_json::from_str(&page).unwrap();
        if page["rows"][0]["position"] == tip.0 {
            Ok(())
        } else {
            Err(format!("the trail does not show {tip}: {page}"))
        }
    })
    .await;
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
    until(async || points.met(point).unwrap().map(drop).ok_or_else(|| format!("a rebuild has not passed {point}")))
        .await;
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
