//! `/receipts/{position}`: what a clerk keeps: where it stands in the ledger, and what it changed.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::Position;
use journal::Durability;

use super::{
    forms::begins_by,
    frame::{Frame, Here, InPath, SignedIn},
    moves::Moves,
    problem_page,
    record::{RecordShown, moved, show_whole},
};
use crate::{Portal, scope::not_seen, words::Words};

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    frame: Frame,
    w: Words,
    record: RecordShown,
    /// What a record of this ledger has survived when it is acknowledged, as far as is known now.
    durability: &'static str,
    moves: Moves,
    /// The tallies have not reached the record yet.
    behind: bool,
    /// The form of the same kind, when it begins something.
    again: Option<String>,
}

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InPath(position): InPath<Position>,
) -> Response {
    let w = visitor.words;
    let scope = portal.scope(&caller.identity.actor);
    let record = match portal.record(position, &scope).await {
        Ok(Some(record)) => record,
        Ok(None) => return problem_page(&portal, &visitor, &not_seen()),
        Err(problem) => return problem_page(&portal, &visitor, &problem),
    };
    let moves = moved(&portal, w, position, &record, &scope).await;
    visitor.show(&ReceiptPage {
        frame: visitor.frame(&portal, Here::Entry, w.t("Biên nhận", "Receipt")),
        w,
        record: show_whole(&portal, w, position, &record, &scope).await,
        durability: durability_words(w, portal.deps.journal.durability()),
        behind: moves.is_err(),
        moves: moves.unwrap_or_default(),
        again: begins_by(&record.command_name).then_some(record.command_name),
    })
}

fn durability_words(w: Words, durability: Durability) -> &'static str {
    match durability {
        Durability::Fsync => w.t("đã ghi xuống đĩa", "written to disk"),
        Durability::Memory => w.t("chỉ trong bộ nhớ", "in memory only"),
        Durability::Buffered => w.t("một máy chủ đã nhận", "accepted by one server"),
        Durability::Replicated { .. } => w.t("nhiều máy chủ đã nhận", "accepted by several servers"),
        Durability::Despite { .. } => w.t(
            "máy chủ đã nhận, nhưng theo thiết lập của kho thì bản ghi có thể bị mất",
            "accepted, by a store whose settings may lose it",
        ),
    }
}
