//! `/v1/directory/{subject}`: who an opaque subject is, for auditors; kept by administrators, each for the own unit and those under it.

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{Role, SubjectId};
use http::StatusCode;
use kit::{
    Problem,
    http::{Caller, PathParams},
    problem::{FORBIDDEN, INVALID_BODY, NOT_FOUND, UNAVAILABLE},
};
use tracing::info;

use super::fresh;
use crate::{
    Portal,
    directory::{DirectoryError, ENTRIES_MAX, Person},
    scope::Scope,
};

const PERSON_MAX_CHARS: usize = 200;

#[utoipa::path(
    get, path = "/v1/directory/{subject}", tag = "directory", params(("subject" = uuid::Uuid, Path)),
    responses((status = 200, body = Person), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(subject): PathParams<SubjectId>,
) -> Result<Response, Problem> {
    only(&caller, &[Role::Auditor, Role::Admin])?;
    let scope = portal.scope(&caller.identity.actor);
    let mut person = portal.deps.directory.person(subject).await.map_err(|error| unreachable(&error))?;
    let (reference, today) = (portal.reference(), portal.today());
    person.entries.retain(|entry| scope.covers(&reference.structure, entry.office, today));
    if person.entries.is_empty() {
        return Err(Problem::new(
            NOT_FOUND,
            "Danh bạ không có mã này, hoặc mã thuộc đơn vị khác.",
            "The directory does not know this subject, or it belongs to another office.",
        ));
    }
    // Looking up a person is itself something to be accounted for.
    info!(%subject, by = %caller.identity.actor.subject, "directory read");
    Ok(fresh(&person))
}

#[utoipa::path(
    put, path = "/v1/directory/{subject}", tag = "directory", params(("subject" = uuid::Uuid, Path)), request_body = Person,
    responses((status = 204, description = "Replaced"), (status = 400, body = Problem), (status = 403, body = Problem))
)]
pub(crate) async fn put(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(subject): PathParams<SubjectId>,
    body: Bytes,
) -> Result<Response, Problem> {
    only(&caller, &[Role::Admin])?;
    let mut person: Person = kit::decode::keyless_value(&body)?;
    check(&person)?;
    only_under(&portal, &caller, subject, &person).await?;
    person.entries.sort_by_key(|entry| entry.from);
    portal.deps.directory.put(subject, &person).await.map_err(|error| unreachable(&error))?;
    info!(%subject, by = %caller.identity.actor.subject, entries = person.entries.len(), "directory changed");
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// An administrator keeps those who are at the own unit or under it, and nowhere else: by this directory, by a grant, or by what is to be
/// written now.
async fn only_under(portal: &Portal, caller: &Caller, subject: SubjectId, person: &Person) -> Result<(), Problem> {
    let scope = portal.scope(&caller.identity.actor);
    if scope == Scope::All {
        return Ok(());
    }
    let kept = portal.deps.directory.person(subject).await.map_err(|error| unreachable(&error))?;
    let entries = kept.entries.iter().chain(&person.entries).map(|entry| entry.office);
    let mut offices = portal.deps.live.offices_of(subject);
    offices.extend(entries);
    let (reference, today) = (portal.reference(), portal.today());
    if offices.into_iter().all(|office| scope.covers(&reference.structure, office, today)) {
        return Ok(());
    }
    Err(Problem::new(
        FORBIDDEN,
        "Quản trị chỉ ghi danh bạ cho người của đơn vị mình và đơn vị trực thuộc; mã này hoặc một dòng thuộc đơn vị khác: đề nghị quản trị cấp trên.",
        "An administrator keeps the directory of the own unit and those under it; this subject or an entry belongs elsewhere: ask an administrator above both.",
    ))
}

fn only(caller: &Caller, roles: &[Role]) -> Result<(), Problem> {
    if roles.contains(&caller.identity.actor.role) {
        return Ok(());
    }
    Err(Problem::new(
        FORBIDDEN,
        "Danh bạ chỉ dành cho kiểm tra và quản trị; chỉ quản trị được sửa.",
        "The directory is for auditors and administrators; only administrators change it.",
    ))
}

fn check(person: &Person) -> Result<(), Problem> {
    let wrong = |pointer: String, vi: &str, en: &str| Err(Problem::new(INVALID_BODY, vi, en).at(pointer, vi));
    if person.entries.len() > ENTRIES_MAX {
        return wrong("/entries".to_owned(), "Nhiều nhất 100 dòng.", "At most 100 entries.");
    }
    for (i, entry) in person.entries.iter().enumerate() {
        if !(1..=PERSON_MAX_CHARS).contains(&entry.person.trim().chars().count()) {
            return wrong(
                format!("/entries/{i}/person"),
                "Tên cần từ 1 đến 200 ký tự.",
                "A name has 1 to 200 characters.",
            );
        }
        if entry.to.is_some_and(|to| to < entry.from) {
            return wrong(format!("/entries/{i}/to"), "Ngày cuối trước ngày đầu.", "The last day is before the first.");
        }
        if person.entries[..i].iter().any(|other| other.from == entry.from) {
            return wrong(format!("/entries/{i}/from"), "Hai dòng cùng ngày đầu.", "Two entries begin on one day.");
        }
    }
    Ok(())
}

fn unreachable(error: &DirectoryError) -> Problem {
    tracing::error!(%error, "the directory cannot be used");
    Problem::new(UNAVAILABLE, "Danh bạ tạm thời không dùng được.", "The directory cannot be used at the moment.")
        .retry_after(std::time::Duration::from_secs(2))
}
