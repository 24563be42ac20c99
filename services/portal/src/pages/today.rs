//! `/today`: what this office recorded today.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{Actor, Position, Record};
use kit::Problem;

use super::{
    frame::{Frame, Here, SignedIn},
    problem_page,
    record::{RecordShown, show},
};
use crate::{
    Portal,
    answers::{decoded, read_problem},
    words::Words,
};

/// Records shown; of a busy day the latest.
const SHOWN_MAX: usize = 200;
/// Records looked at at once.
const READ: usize = 1_024;

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    frame: Frame,
    w: Words,
    day: String,
    records: Vec<RecordShown>,
    more: bool,
}

pub(crate) async fn get(State(portal): State<Portal>, SignedIn { visitor, caller }: SignedIn) -> Response {
    let w = visitor.words;
    match records(&portal, w, &caller.identity.actor).await {
        Ok((records, more)) => visitor.show(&TodayPage {
            frame: visitor.frame(&portal, Here::Today, w.t("Đơn vị đã ghi hôm nay", "Recorded today by this office")),
            w,
            day: w.day(portal.today()),
            records,
            more,
        }),
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

/// The latest first: from the tip back to the first block that is all yesterday's.
async fn records(portal: &Portal, w: Words, actor: &Actor) -> Result<(Vec<RecordShown>, bool), Problem> {
    let midnight = portal.today().begins_at();
    let journal = &portal.deps.journal;
    let (reference, today, scope) = (portal.reference(), portal.today(), portal.scope(actor));
    let is_shown =
        |record: &Record| record.actor.office == actor.office && scope.sees(&reference.structure, record, today);
    let mut end = journal.tip().await.map_err(|error| read_problem(&error))?.0;
    let mut shown = Vec::new();
    while end > 0 && shown.len() <= SHOWN_MAX {
        let begin = end.saturating_sub(READ as u64);
        let block = journal.read(Position(begin), READ, &[]).await.map_err(|error| read_problem(&error))?;
        let mut any_today = false;
        for stored in block.iter().rev().filter(|stored| stored.position.0 <= end) {
            let record = decoded(stored).map_err(|error| read_problem(&error))?;
            let of_today = record.recorded_at >= midnight;
            any_today |= of_today;
            if of_today && is_shown(&record) {
                shown.push(show(portal, w, stored.position, &record));
            }
        }
        if !any_today {
            break;
        }
        end = begin;
    }
    let more = shown.len() > SHOWN_MAX;
    shown.truncate(SHOWN_MAX);
    Ok((shown, more))
}
