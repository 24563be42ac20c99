//! `/records/{position}`: one record as it stands, its case, and what can be done next.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{COMMANDS, Kind, Position, Record, Role, UnitId};
use kit::Problem;

use super::{
    forms::{continues, has_form},
    frame::{Frame, Here, InPath, SignedIn},
    moves::{Moves, moves},
    problem_page,
    shown::{EventShown, HistoryEntry, history},
};
use crate::{
    Portal,
    api::tallies::reached,
    scope::{Scope, not_seen},
    words::{Words, capitalised, command_words, kind_words},
};

/// A record in words; also on its receipt.
pub(super) struct RecordShown {
    pub(super) position: u64,
    pub(super) name: String,
    pub(super) stream: String,
    pub(super) kind: &'static str,
    pub(super) version: u64,
    pub(super) recorded_at: String,
    pub(super) command_id: String,
    pub(super) subject: String,
    pub(super) office: String,
    pub(super) role: &'static str,
    pub(super) on_behalf_of: Option<String>,
    pub(super) document: Option<String>,
    pub(super) distinct_from: Option<u64>,
    /// Whether that one is the visitor's to see.
    pub(super) distinct_seen: bool,
    pub(super) events: Vec<EventShown>,
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    frame: Frame,
    w: Words,
    record: RecordShown,
    moves: Moves,
    history: Vec<HistoryEntry>,
    actions: Vec<(String, String)>,
}

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InPath(position): InPath<Position>,
) -> Response {
    let w = visitor.words;
    let scope = portal.scope(&caller.identity.actor);
    let shown = async {
        let record = portal.record(position, &scope).await?.ok_or_else(not_seen)?;
        let moves = moved(&portal, w, position, &record, &scope).await?;
        // The structure's is that of the whole ledger.
        let case = match record.stream.kind {
            Kind::Structure => Vec::new(),
            _ => portal.records_seen(&scope, &record.stream).await?,
        };
        Ok((record, moves, history(&portal, w, &case)))
    };
    match shown.await {
        Ok((record, moves, history)) => {
            let title = format!("{} {position}", w.t("Bản ghi", "Record"));
            visitor.show(&RecordPage {
                frame: visitor.frame(&portal, Here::Trail, title),
                w,
                actions: actions(w, position, &record, caller.identity.actor.role, asked(&portal, &scope, &record)),
                record: show_whole(&portal, w, position, &record, &scope).await,
                moves,
                history,
            })
        }
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

pub(super) fn show(portal: &Portal, w: Words, position: Position, record: &Record) -> RecordShown {
    let reference = portal.reference();
    let on = record.recorded_at.local_date();
    let name = |unit| reference.structure.name_on(unit, on).map_or_else(|| unit.to_string(), str::to_owned);
    RecordShown {
        position: position.0,
        name: command_words(w, &record.command_name).map_or_else(|| record.command_name.clone(), |(_, name)| name),
        stream: record.stream.to_string(),
        kind: kind_words(w, record.stream.kind),
        version: record.version,
        recorded_at: w.instant(record.recorded_at),
        command_id: record.command.to_string(),
        subject: record.actor.subject.to_string(),
        office: name(record.actor.office),
        role: w.t(record.actor.role.vi(), record.actor.role.en()),
        on_behalf_of: record.on_behalf_of.map(name),
        document: record.document.as_ref().map(|document| w.document(document)),
        distinct_from: record.distinct_from.map(|position| position.0),
        distinct_seen: false,
        events: record.events.iter().map(|event| EventShown::of(w, &reference.structure, event)).collect(),
    }
}

/// The same as a page of its own, which leads to another record of the paper where that is seen.
pub(super) async fn show_whole(
    portal: &Portal,
    w: Words,
    position: Position,
    record: &Record,
    scope: &Scope,
) -> RecordShown {
    let distinct_seen = match record.distinct_from {
        Some(other) => portal.sees_record(other, scope).await,
        None => false,
    };
    RecordShown { distinct_seen, ..show(portal, w, position, record) }
}

/// The figures that this record moved when it came.
pub(super) async fn moved(
    portal: &Portal,
    w: Words,
    position: Position,
    record: &Record,
    scope: &Scope,
) -> Result<Moves, Problem> {
    reached(portal, position).await?;
    Ok(moves(portal, w, &portal.changed_by(position, record, scope).await?))
}

/// Whom an auditor would ask about it: who posted it or for whom it was, else whom it concerns; of the units that the auditor sees.
fn asked(portal: &Portal, scope: &Scope, record: &Record) -> Option<UnitId> {
    let (reference, today) = (portal.reference(), portal.today());
    let first = record.on_behalf_of.unwrap_or(record.actor.office);
    std::iter::once(first).chain(record.units()).find(|unit| scope.covers(&reference.structure, *unit, today))
}

/// What the visitor may record next about the same case.
fn actions(w: Words, position: Position, record: &Record, role: Role, asked: Option<UnitId>) -> Vec<(String, String)> {
    let (field, id) = match record.stream.kind {
        Kind::Organisation => ("organisation", record.stream.id),
        Kind::Admission => ("admission", record.stream.id),
        Kind::Batch => ("batch", record.stream.id),
        Kind::Query => ("query", record.stream.id),
        Kind::Publication => ("publication", record.stream.id),
        _ => ("", record.stream.id),
    };
    let goes_on = |name: &str| has_form(name) && continues(name, field);
    let own =
        COMMANDS.iter().filter(|row| row.kind == record.stream.kind && row.roles.contains(&role) && goes_on(row.name));
    let own = own.map(|row| (format!("/forms/{}?{field}={id}", row.name), capitalised(w.t(row.vi, row.en))));
    let query = asked.filter(|_| role == Role::Auditor && record.stream.kind != Kind::Query).map(|owner| {
        let name = w.t("Nêu yêu cầu làm rõ", "Raise a query").to_owned();
        (format!("/forms/raise-query?about={position}&owner={owner}"), name)
    });
    own.chain(query).collect()
}
