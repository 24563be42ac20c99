//! What is done to a running stack, drawn by lot from a seed.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use async_nats::ConnectOptions;
use points::{Fate, Point};
use sqlx::{Connection, PgConnection};
use testkit::{
    proxy::Weather,
    stack::{SERVERS, Stack},
};

use super::{points as named, releases};
use crate::posting::pseudo;

const PROCESSES_EVERY: u32 = 8;
/// How long somebody is waited for who passes a named point.
const POINT_PATIENCE: Duration = Duration::from_secs(10);
/// Pauses of a short run, and of a long one.
const PAUSE_MAX_MILLIS: u64 = 7_000;
const LONG_PAUSE_MAX_MILLIS: u64 = 30_000;
const ROLES: [&str; 4] = ["intake", "tally", "audit", "portal"];

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// SIGKILL to all of them at once.
    Killed(Vec<String>),
    /// Told to stop, as a supervisor tells it.
    Ended(String),
    /// Where two builds run side by side: both processes of this role end, and each comes back as what the other one was.
    Exchanged(&'static str),
    /// SIGSTOP to all of them at once, and SIGCONT so much later. Two nats-servers are a cluster's majority.
    Paused(Vec<String>, Duration),
    /// Whichever process of this role passes the point first is killed there, or paused for so long.
    AtPoint(&'static str, Point, Fate, Duration),
    /// The servers elect another leader for the ledger's stream.
    LeaderMoved,
    /// Every connection to the database is cut by the database, whatever it was doing.
    SessionsEnded,
    /// What goes to these servers and comes from them has this weather for so long.
    Weather(Vec<&'static str>, Weather, Duration),
    /// The connections to this server are cut.
    Cut(&'static str),
    /// The clock of one of our processes is set so many seconds ahead, or back, and set right after a while.
    Clock(String, i64, Duration),
    /// This server cannot write for so long; afterwards it is killed, since one that could not write may have given up.
    DiskFull(&'static str, Duration),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Killed(names) => write!(f, "killed {}", names.join(" and ")),
            Self::Ended(name) => write!(f, "ended {name}"),
            Self::Exchanged(role) => write!(f, "exchanged the builds of each {role}"),
            Self::Paused(names, by) => write!(f, "paused {} for {by:?}", names.join(" and ")),
            Self::AtPoint(role, point, Fate::Killed, _) => write!(f, "killed one of {role} at {point}"),
            Self::AtPoint(role, point, Fate::Paused, by) => write!(f, "paused one of {role} at {point} for {by:?}"),
            Self::LeaderMoved => f.write_str("moved the leader"),
            Self::SessionsEnded => f.write_str("ended the database's sessions"),
            Self::Weather(names, weather, by) => write!(f, "{weather:?} before {} for {by:?}", names.join(" and ")),
            Self::Cut(name) => write!(f, "cut the connections to {name}"),
            Self::Clock(name, ahead, by) => write!(f, "set the clock of {name} by {ahead:+} s for {by:?}"),
            Self::DiskFull(name, by) => write!(f, "no room on the disk of {name} for {by:?}"),
        }
    }
}

/// The numbers that decide about one fault.
#[derive(Clone, Copy)]
struct Lot {
    seed: u64,
    number: u32,
    /// Of a long run.
    long: bool,
}

impl Lot {
    fn below(self, of: u32, bound: usize) -> usize {
        let drawn = pseudo(self.seed ^ 0x00fa_0175, self.number.wrapping_mul(16) + of);
        usize::try_from(drawn % bound as u64).unwrap()
    }

    fn millis(self, of: u32, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(of, usize::try_from(to - from).unwrap()) as u64)
    }

    fn two(self, names: &[String]) -> Vec<String> {
        let one = self.below(1, names.len());
        let other = (one + 1 + self.below(2, names.len() - 1)) % names.len();
        vec![names[one].clone(), names[other].clone()]
    }
}

impl Fault {
    /// The fault of this number. Each eighth concerns processes, half of these kill two at once; the rest is done to connections.
    pub(super) fn draw(seed: u64, number: u32, stack: &Stack, long: bool) -> Self {
        let lot = Lot { seed, number, long };
        if number.is_multiple_of(PROCESSES_EVERY) {
            return process_fault(lot, stack);
        }
        match lot.below(0, 16) {
            0..=3 => Self::Cut(one_of_the_servers(lot)),
            4 => clock(lot),
            _ => weather(lot),
        }
    }

    /// How long to wait before it: what is done to processes takes longer to get over.
    pub(super) fn pause(&self, seed: u64, number: u32) -> Duration {
        let lot = Lot { seed, number, long: false };
        match self {
            Self::Cut(_) | Self::Weather(..) | Self::Clock(..) => lot.millis(8, 20, 200),
            _ => lot.millis(8, 300, 1_300),
        }
    }

    /// Does it; to how many. What cannot be done, since what it needs is down as well, is not done.
    pub(super) async fn inflict(&self, stack: &Arc<Stack>) -> usize {
        match self {
            Self::Killed(names) => return stack.kill(&names.iter().map(String::as_str).collect::<Vec<_>>()).await,
            // SIGTERM has PostgreSQL wait until every client has left, which they have no reason to.
            Self::Ended(name) => return stack.signal(if name == "postgres" { "-INT" } else { "-TERM" }, &[name]).len(),
            Self::Exchanged(role) => releases::exchange(stack, role),
            Self::Paused(names, by) => {
                let paused = stack.signal("-STOP", &names.iter().map(String::as_str).collect::<Vec<_>>());
                let names = names.clone();
                later(stack, *by, move |stack| {
                    stack.signal("-CONT", &names.iter().map(String::as_str).collect::<Vec<_>>());
                });
                return paused.len();
            }
            Self::AtPoint(role, point, fate, by) => {
                let Some(pid) = named::met(stack, role, *point, *fate, POINT_PATIENCE).await else { return 0 };
                if let (Fate::Paused, Some(name)) = (fate, stack.name_of(pid)) {
                    later(stack, *by, move |stack| drop(stack.signal("-CONT", &[&name])));
                }
            }
            Self::LeaderMoved => return step_down(stack).await.is_ok().into(),
            Self::SessionsEnded => return end_sessions(stack).await.is_ok().into(),
            Self::Weather(names, weather, by) => {
                names.iter().for_each(|name| stack.proxies[name].set(*weather));
                let names = names.clone();
                later(stack, *by, move |stack| {
                    names.iter().for_each(|name| stack.proxies[name].set(Weather::Clear));
                });
            }
            Self::Cut(name) => stack.proxies[name].cut(),
            Self::Clock(name, ahead, by) => {
                stack.set_clock(name, *ahead);
                let name = name.clone();
                later(stack, *by, move |stack| stack.set_clock(&name, 0));
            }
            Self::DiskFull(name, by) => {
                stack.disks.as_ref().expect("only drawn where they are").fill(name);
                let name = *name;
                later(stack, *by, move |stack| {
                    stack.disks.as_ref().expect("they stay").free(name);
                    stack.signal("-KILL", &[name]);
                });
            }
        }
        1
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Killed(_) => "processes killed",
            Self::Ended(_) => "processes ended",
            Self::Exchanged(_) => "times the builds of a role exchanged",
            Self::Paused(..) => "processes paused",
            Self::AtPoint(_, _, Fate::Killed, _) => "processes killed at a named point",
            Self::AtPoint(..) => "processes paused at a named point",
            Self::LeaderMoved => "leaders moved",
            Self::SessionsEnded => "times the database's sessions ended",
            Self::Weather(_, Weather::Slow(_), _) => "connections slowed",
            Self::Weather(_, Weather::Still, _) => "connections stalled",
            Self::Weather(_, Weather::Deaf, _) => "answers lost",
            Self::Weather(_, Weather::Halved, _) => "messages halved",
            Self::Weather(..) => "servers unreachable",
            Self::Cut(_) => "connections cut",
            Self::Clock(_, ahead, _) if *ahead > 0 => "clocks set ahead",
            Self::Clock(..) => "clocks set back",
            Self::DiskFull(..) => "disks full, and their server killed",
        }
    }
}

fn process_fault(lot: Lot, stack: &Stack) -> Fault {
    let names = stack.names();
    let one = names[lot.below(1, names.len())].clone();
    let by = lot.millis(3, 200, if lot.long { LONG_PAUSE_MAX_MILLIS } else { PAUSE_MAX_MILLIS });
    let drawn = lot.below(0, 14);
    let role = ROLES.into_iter().find(|role| one.split_once('-').is_some_and(|(of, _)| of == *role));
    if let (5 | 6, Some(role)) = (drawn, role)
        && releases::differ(stack, role)
    {
        return Fault::Exchanged(role);
    }
    match drawn {
        12 | 13 => at_point(lot),
        0..=5 => Fault::Killed(lot.two(&names)),
        6 => Fault::Ended(one),
        7 => Fault::Paused(vec![one], by),
        8 => Fault::Paused(lot.two(&servers_of_the_cluster(names)), by),
        9 => Fault::LeaderMoved,
        10 if stack.disks.is_some() => Fault::DiskFull(one_of_the_servers(lot), lot.millis(3, 100, 3_500)),
        _ => Fault::SessionsEnded,
    }
}

fn at_point(lot: Lot) -> Fault {
    let points: Vec<_> =
        named::PASSED.iter().flat_map(|&(role, points)| points.iter().map(move |&point| (role, point))).collect();
    let (role, point) = points[lot.below(1, points.len())];
    let fate = if lot.below(2, 2) == 0 { Fate::Killed } else { Fate::Paused };
    Fault::AtPoint(
        role,
        point,
        fate,
        lot.millis(3, 5_000, if lot.long { LONG_PAUSE_MAX_MILLIS } else { PAUSE_MAX_MILLIS }),
    )
}

/// From three seconds to three days, either way; a second or two are what any clock may be wrong by.
fn clock(lot: Lot) -> Fault {
    let role = ROLES[lot.below(9, 4)];
    let name = format!("{role}-{}", 1 + lot.below(10, 2));
    let (least, most) = [(3, 60), (60, 3_600), (3_600, 3 * 86_400)][lot.below(11, 3)];
    let seconds = i64::try_from(least + lot.below(12, most - least)).unwrap();
    // It takes a second until a process notices.
    let by = Duration::from_secs(1) + lot.millis(3, 200, 7_000);
    Fault::Clock(name, if lot.below(13, 2) == 0 { seconds } else { -seconds }, by)
}

fn servers_of_the_cluster(names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|name| name.starts_with("nats-")).collect()
}

fn one_of_the_servers(lot: Lot) -> &'static str {
    SERVERS[lot.below(4, SERVERS.len())].0
}

/// Before one server, or before all nats-servers at once.
fn weather(lot: Lot) -> Fault {
    let names = match lot.below(5, 5) {
        0 => vec!["nats-1", "nats-2", "nats-3"],
        _ => vec![one_of_the_servers(lot)],
    };
    let weather = match lot.below(6, 5) {
        0 => Weather::Slow(lot.millis(7, 1, 100)),
        1 => Weather::Still,
        2 => Weather::Deaf,
        3 => Weather::Halved,
        _ => Weather::Away,
    };
    Fault::Weather(names, weather, lot.millis(3, 20, 1_500))
}

fn later(stack: &Arc<Stack>, by: Duration, then: impl FnOnce(&Stack) + Send + 'static) {
    let stack = stack.clone();
    tokio::spawn(async move {
        tokio::time::sleep(by).await;
        then(&stack);
    });
}

async fn step_down(stack: &Stack) -> Result<(), async_nats::Error> {
    let (user, password) = stack.user("provision");
    let options = ConnectOptions::new().user_and_password(user, password).custom_inbox_prefix("_INBOX_provision");
    let client = options.request_timeout(Some(Duration::from_secs(2))).connect(stack.nats()).await?;
    client.request("$JS.API.STREAM.LEADER.STEPDOWN.socai-haiphong", "".into()).await?;
    Ok(())
}

async fn end_sessions(stack: &Stack) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect(&stack.views_url("socai")).await?;
    let others =
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null";
    sqlx::query(others).fetch_all(&mut connection).await?;
    Ok(())
}

/// How often each kind was inflicted; kills and pauses are counted by process, and only those that came about.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    pub(super) fn add(&mut self, fault: &Fault, of_how_many: usize) {
        *self.0.entry(fault.kind()).or_default() += of_how_many;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<_> = self.0.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        f.write_str(&counts.join(", "))
    }
}
