//! The first tokens: an administrator's for a new ledger, and a few people's for a demonstration. Each is kept in a file of its own, and granted
//! only when the file is on the disk.

use std::path::PathBuf;

use anyhow::Context;
use domain::{
    Actor, Command, CommandId, Kind, NAMESPACE, Position, Refusal, Role, SubjectId, UnitId, access::GrantAccess,
    ledger::OpenLedger,
};
use journal::{ExecuteError, Executor, Submission};
use kit::{new_token, token_hash};
use points::Point;
use uuid::Uuid;

use super::{owner::Owner, token_file::TokenFile};
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

/// Opens an empty ledger in the name of its first administrator. Another process may have done so a moment before.
pub(super) async fn open_ledger(executor: &Executor, name: &str) -> anyhow::Result<()> {
    let actor = Actor { subject: SubjectId(Uuid::now_v7()), office: UnitId(Uuid::now_v7()), role: Role::Admin };
    let command = Command::OpenLedger(OpenLedger { name: name.to_owned(), demonstration: false });
    match record(executor, CommandId(Uuid::now_v7()), actor, command).await {
        Err(ExecuteError::Refused(Refusal::LedgerOpenAlready { .. })) => Ok(()),
        opened => opened.context("failed to open the ledger"),
    }
}

/// An administrator's token where the ledger has no grant at all; the demonstration's tokens where they are missing.
pub(super) async fn ensure(
    executor: &Executor,
    owner: &Owner,
    demonstration: Option<Demonstration>,
) -> anyhow::Result<Vec<Issued>> {
    let Some(demonstration) = demonstration else {
        return Ok(first_admin(executor, owner).await?.into_iter().collect());
    };
    let mut issued = Vec::new();
    for (name, role, code) in people(demonstration) {
        let (office, title) = unit_of(executor, code)?;
        let file = owner.token_file(name);
        let token = match granted(executor, file.token()?) {
            Some((token, _)) => token,
            None => grant(executor, &file, role, Some(office)).await?.0,
        };
        issued.push(Issued { name, role, office: title, token, file: file.path().to_owned() });
    }
    Ok(issued)
}

/// The administrator of a ledger in which nobody else has access yet. The office is the id for the root unit to come: who creates it under this id
/// sees all that is under it; until somebody has, it is told at each start.
async fn first_admin(executor: &Executor, owner: &Owner) -> anyhow::Result<Option<Issued>> {
    let file = owner.token_file("admin");
    let grants = executor.journal().read(Position::START, 1, &[Kind::Access]).await;
    let grants = grants.context("failed to look for grants of access")?;
    let found = match grants.first() {
        None => Some(grant(executor, &file, Role::Admin, None).await?),
        Some(first) => {
            executor.live().reached(first.position).await;
            found_again(executor, &file)?
        }
    };
    let rootless = executor.live().reference().structure.units().next().is_none();
    let told = found.filter(|(_, actor)| rootless && actor.role == Role::Admin);
    let file = file.path().to_owned();
    Ok(told.map(|(token, Actor { role, office, .. })| Issued {
        name: "admin",
        role,
        office: office.to_string(),
        token,
        file,
    }))
}

/// The token of an earlier start: one that ended before it could say that the grant is recorded, or that was not the first to grant.
fn found_again(executor: &Executor, file: &TokenFile) -> anyhow::Result<Option<(String, Actor)>> {
    let settled = granted(executor, file.token()?);
    if settled.is_some() {
        return Ok(settled);
    }
    let late = granted(executor, file.not_settled()?);
    match &late {
        Some(_) => file.settle()?,
        None => file.give_up()?,
    }
    Ok(late)
}

/// The token and whose it is, if it was granted.
fn granted(executor: &Executor, token: Option<String>) -> Option<(String, Actor)> {
    let token = token?;
    let grant = executor.live().grant(&token_hash(&token))?;
    Some((token, grant.actor))
}

fn unit_of(executor: &Executor, code: &str) -> anyhow::Result<(UnitId, String)> {
    let reference = executor.live().reference();
    let today = executor.live().now().local_date();
    let unit = reference.structure.units().find(|unit| unit.exists_on(today) && unit.code_on(today) == Some(code));
    let unit = unit.with_context(|| format!("the demonstration has no unit with the code {code}"))?;
    Ok((unit.id, unit.name_on(today).to_owned()))
}

/// Grants access to the token that an earlier start has kept, or to a new one. Everything follows from the token, so that a grant whose outcome
/// is unknown is the same command at the next start.
async fn grant(
    executor: &Executor,
    file: &TokenFile,
    role: Role,
    office: Option<UnitId>,
) -> anyhow::Result<(String, Actor)> {
    let token = match file.not_settled()? {
        Some(token) => token,
        None => {
            let token = new_token();
            file.keep(&token)?;
            token
        }
    };
    Point::TokenKept.pass();
    let token_sha256 = hex::encode(token_hash(&token));
    let id = |what: &str| Uuid::new_v5(&NAMESPACE, format!("first token\n{what}\n{token_sha256}").as_bytes());
    let (subject, office) = (SubjectId(id("subject")), office.unwrap_or_else(|| UnitId(id("root unit"))));
    let command = GrantAccess { token_sha256: token_sha256.clone(), subject, office, role, until: None };
    let by = Actor { subject, office, role: Role::Admin };
    record(executor, CommandId(id("key")), by, Command::GrantAccess(command))
        .await
        .context("failed to grant access")?;
    file.settle()?;
    Ok((token, Actor { role, ..by }))
}

async fn record(executor: &Executor, key: CommandId, actor: Actor, command: Command) -> Result<(), ExecuteError> {
    let recorded = executor.execute(Submission::new(key, actor, command)).await?;
    executor.live().reached(recorded.position).await;
    Ok(())
}
