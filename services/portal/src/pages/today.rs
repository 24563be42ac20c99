//! `/today`: what this office recorded today.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{Position, Timestamp, UnitId};
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
    match records(&portal, w, caller.identity.actor.office).await {
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

/// The latest first.
async fn records(portal: &Portal, w: Words, office: UnitId) -> Result<(Vec<RecordShown>, bool), Problem> {
    // The instant before midnight: what was known then is yesterday's.
    let midnight = portal.today().begins_at();
    let mut at: Position = portal.known_at(Timestamp(midnight.0 - 1)).await?.position;
    let mut shown = Vec::new();
    loop {
        let page = portal.deps.journal.read(at, READ, &[]).await.map_err(|error| read_problem(&error))?;
        let Some(last) = page.last() else { break };
        at = last.position;
        for stored in &page {
            let record = decoded(stored).map_err(|error| read_problem(&error))?;
            if record.actor.office == office && record.recorded_at >= midnight {
                shown.push((stored.position, record));
            }
        }
    }
    let more = shown.len() > SHOWN_MAX;
    let latest = shown.iter().rev().take(SHOWN_MAX);
    Ok((latest.map(|(position, record)| show(portal, w, *position, record)).collect(), more))
}
