//! The first tokens: an administrator's for a new ledger, and a few people's for a demonstration. Each is written to a file of its own.

use std::{fs, path::PathBuf};

use anyhow::Context;
use domain::{
    Actor, Command, CommandId, Kind, Position, Role, SubjectId, UnitId, access::GrantAccess, ledger::OpenLedger,
};
use journal::{Executor, Submission};
use kit::{new_token, token_hash};
use uuid::Uuid;

use super::owner::{Owner, write_secret};
use crate::demonstration::Demonstration;

/// A token that this start has made or found again.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Such as `admin` or `clerk`; also the name of its file.
    pub name: &'static str,
    pub role: Role,
    /// The unit's name, or the id for the root unit of a ledger that has none yet.
    pub office: String,
    pub token: String,
    pub file: PathBuf,
}

/// Whose tokens a demonstration has: name, role, and the unit that has the code by the end of it.
fn people(demo: Demonstration) -> [(&'static str, Role, &'static str); 7] {
    let unions = match demo {
        Demonstration::Review => "305-LD",
        // The federations of districts have ended.
        Demonstration::Sequel => "31-LD",
    };
    [
        ("leader", Role::Viewer, "31-DU"),
        ("clerk", Role::Office, "305-DU"),
        ("union-clerk", Role::Office, unions),
        ("youth-clerk", Role::Office, "305-TN"),
        ("supervisor", Role::Supervisor, "31-DU"),
        ("auditor", Role::Auditor, "31-DU"),
        ("admin", Role::Admin, "31-DU"),
    ]
}

/// Opens an empty ledger in the name of its first administrator.
pub(super) async fn open_ledger(executor: &Executor, name: &str) -> anyhow::Result<()> {
    let actor = first_admin();
    let command = Command::OpenLedger(OpenLedger { name: name.to_owned(), demonstration: false });
    record(executor, actor, command).await.context("failed to open the ledger")?;
    Ok(())
}

/// The administrator of a ledger without units. The office is the id for the root unit to come: who creates it under this id sees all that is under it.
fn first_admin() -> Actor {
    Actor { subject: SubjectId(Uuid::now_v7()), office: UnitId(Uuid::now_v7()), role: Role::Admin }
}

/// An administrator's token where the ledger has no grant at all; the demonstration's tokens where they are missing.
pub(super) async fn ensure(
    executor: &Executor,
    owner: &Owner,
    demonstration: Option<Demonstration>,
) -> anyhow::Result<Vec<Issued>> {
    if let Some(demonstration) = demonstration {
        let mut issued = Vec::new();
        for (name, role, code) in people(demonstration) {
            let (office, title) = unit_of(executor, code)?;
            issued.push(
                find_or_grant(executor, owner, name, Actor { subject: SubjectId(Uuid::now_v7()), office, role }, title)
                    .await?,
            );
        }
        return Ok(issued);
    }
    let grants = executor
        .journal()
        .read(Position::START, 1, &[Kind::Access])
        .await
        .context("failed to look for grants of access")?;
    if grants.is_empty() {
        let admin = first_admin();
        return Ok(vec![find_or_grant(executor, owner, "admin", admin, admin.office.to_string()).await?]);
    }
    Ok(Vec::new())
}

fn unit_of(executor: &Executor, code: &str) -> anyhow::Result<(UnitId, String)> {
    let reference = executor.live().reference();
    let today = executor.live().now().local_date();
    let unit = reference.structure.units().find(|unit| unit.exists_on(today) && unit.code_on(today) == Some(code));
    let unit = unit.with_context(|| format!("the demonstration has no unit with the code {code}"))?;
    Ok((unit.id, unit.name_on(today).to_owned()))
}

async fn find_or_grant(
    executor: &Executor,
    owner: &Owner,
    name: &'static str,
    actor: Actor,
    office: String,
) -> anyhow::Result<Issued> {
    let file = owner.token_file(name);
    let kept = fs::read_to_string(&file).map(|text| text.trim().to_owned()).ok();
    let valid = kept.filter(|token| executor.live().grant(&token_hash(token)).is_some());
    let token = match valid {
        Some(token) => token,
        None => grant(executor, actor).await?,
    };
    write_secret(&file, &token)?;
    Ok(Issued { name, role: actor.role, office, token, file })
}

async fn grant(executor: &Executor, actor: Actor) -> anyhow::Result<String> {
    let token = new_token();
    let granted = GrantAccess {
        token_sha256: hex::encode(token_hash(&token)),
        subject: actor.subject,
        office: actor.office,
        role: actor.role,
        until: None,
    };
    let by = Actor { role: Role::Admin, ..actor };
    record(executor, by, Command::GrantAccess(granted)).await.context("failed to grant access")?;
    Ok(token)
}

async fn record(executor: &Executor, actor: Actor, command: Command) -> anyhow::Result<()> {
    let key = CommandId(Uuid::now_v7());
    let recorded = executor.execute(Submission::new(key, actor, command)).await?;
    executor.live().reached(recorded.position).await;
    Ok(())
}
