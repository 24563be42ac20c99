//! What is done to a running stack, drawn by lot from a seed.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use async_nats::ConnectOptions;
use sqlx::{Connection, PgConnection};

use super::running::Stack;
use crate::posting::pseudo;

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// SIGKILL to all of them at once.
    Killed(Vec<String>),
    /// Told to stop, as a supervisor tells it.
    Ended(String),
    /// SIGSTOP, and SIGCONT so much later.
    Paused(String, Duration),
    /// The servers elect another leader for the ledger's stream.
    LeaderMoved,
    /// Every connection to the database is cut, whatever it was doing.
    ConnectionsCut,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Killed(names) => write!(f, "killed {}", names.join(" and ")),
            Self::Ended(name) => write!(f, "ended {name}"),
            Self::Paused(name, by) => write!(f, "paused {name} for {by:?}"),
            Self::LeaderMoved => f.write_str("moved the leader"),
            Self::ConnectionsCut => f.write_str("cut the database's connections"),
        }
    }
}

impl Fault {
    /// The fault of this number. Half of them kill two processes.
    pub(super) fn draw(seed: u64, number: u32, names: &[String]) -> Self {
        let lot = |of: u32| pseudo(seed ^ 0x00fa_0175, number.wrapping_mul(8) + of);
        let below = |of: u32, bound: usize| usize::try_from(lot(of) % bound as u64).unwrap();
        let one = below(1, names.len());
        let name = names[one].clone();
        match lot(0) % 10 {
            0..=4 => {
                let other = (one + 1 + below(2, names.len() - 1)) % names.len();
                Self::Killed(vec![name, names[other].clone()])
            }
            5 => Self::Ended(name),
            6 | 7 => Self::Paused(name, Duration::from_millis(200 + lot(3) % 7_000)),
            8 => Self::LeaderMoved,
            _ => Self::ConnectionsCut,
        }
    }

    /// Does it. What cannot be done, since what it needs is down as well, is not done; whether it was, is returned.
    pub(super) async fn inflict(&self, stack: &Arc<Stack>) -> bool {
        match self {
            Self::Killed(names) => stack.signal("-KILL", &names.iter().map(String::as_str).collect::<Vec<_>>()),
            // SIGTERM has PostgreSQL wait until every client has left, which they have no reason to.
            Self::Ended(name) => stack.signal(if name == "postgres" { "-INT" } else { "-TERM" }, &[name]),
            Self::Paused(name, by) => {
                stack.signal("-STOP", &[name]);
                let (stack, name, by) = (stack.clone(), name.clone(), *by);
                tokio::spawn(async move {
                    tokio::time::sleep(by).await;
                    stack.signal("-CONT", &[&name]);
                });
            }
            Self::LeaderMoved => return step_down(stack).await.is_ok(),
            Self::ConnectionsCut => return cut(stack).await.is_ok(),
        }
        true
    }
}

async fn step_down(stack: &Stack) -> Result<(), async_nats::Error> {
    let (user, password) = stack.user("provision");
    let options = ConnectOptions::new().user_and_password(user, password).custom_inbox_prefix("_INBOX_provision");
    let client = options.request_timeout(Some(Duration::from_secs(2))).connect(stack.nats()).await?;
    client.request("$JS.API.STREAM.LEADER.STEPDOWN.socai-haiphong", "".into()).await?;
    Ok(())
}

async fn cut(stack: &Stack) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect(&stack.views_url()).await?;
    let others =
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null";
    sqlx::query(others).fetch_all(&mut connection).await?;
    Ok(())
}

/// How often each kind was inflicted; kills are counted by process.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    pub(super) fn add(&mut self, fault: &Fault) {
        let (kind, by) = match fault {
            Fault::Killed(names) => ("processes killed", names.len()),
            Fault::Ended(_) => ("processes ended", 1),
            Fault::Paused(..) => ("processes paused", 1),
            Fault::LeaderMoved => ("leaders moved", 1),
            Fault::ConnectionsCut => ("all connections to the database cut", 1),
        };
        *self.0.entry(kind).or_default() += by;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<_> = self.0.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        f.write_str(&counts.join(", "))
    }
}
