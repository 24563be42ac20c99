//! Pieces that several pages show: events, histories of a case, moves of figures.

use domain::{
    Event, PeriodKey, StreamId,
    fold::{Cell, CellChange},
    structure::Structure,
};
use kit::Problem;

use super::Move;
use crate::{
    Portal,
    answers::read_problem,
    case::records_of,
    words::{Words, capitalised, event_details},
};

/// One event in words.
pub(crate) struct EventShown {
    pub(crate) what: String,
    pub(crate) effective_on: String,
    pub(crate) lines: Vec<String>,
}

impl EventShown {
    pub(crate) fn of(words: Words, structure: &Structure, event: &Event) -> Self {
        let called = event.body.called();
        Self {
            what: capitalised(words.t(called.vi, called.en)),
            effective_on: words.day(event.effective_on),
            lines: event_details(words, structure, event),
        }
    }
}

/// One record of a case.
pub(crate) struct HistoryEntry {
    pub(crate) position: u64,
    pub(crate) recorded_at: String,
    pub(crate) what: String,
    pub(crate) lines: Vec<String>,
}

/// The records of a stream, oldest first.
pub(crate) async fn history(portal: &Portal, words: Words, stream: StreamId) -> Result<Vec<HistoryEntry>, Problem> {
    let records = records_of(portal.deps.journal.as_ref(), &stream).await.map_err(|error| read_problem(&error))?;
    let reference = portal.reference();
    let entry = |position: u64, record: &domain::Record| {
        let shown: Vec<_> =
            record.events.iter().map(|event| EventShown::of(words, &reference.structure, event)).collect();
        HistoryEntry {
            position,
            recorded_at: words.instant(record.recorded_at),
            what: shown.iter().map(|event| event.what.clone()).collect::<Vec<_>>().join(" · "),
            lines: shown.into_iter().flat_map(|event| event.lines).collect(),
        }
    };
    Ok(records.iter().map(|(position, record)| entry(position.0, record)).collect())
}

/// Changed cells as rows.
pub(crate) fn moves(portal: &Portal, words: Words, changes: Vec<(PeriodKey, CellChange)>) -> Vec<Move> {
    let reference = portal.reference();
    let today = portal.today();
    let name = |change: &CellChange| {
        let versions = reference.programmes.values().find_map(|programme| programme.versions(&change.measure));
        let measure = versions.and_then(|versions| versions.at(today).or_else(|| versions.first()));
        measure.map_or_else(|| change.measure.to_string(), |measure| measure.name(words.0).to_owned())
    };
    // A cell may change without its number, as when a ceremony is held.
    let visible = changes
        .into_iter()
        .filter(|(_, change)| number(words, change.before.as_ref()) != number(words, change.after.as_ref()));
    visible
        .map(|(period, change)| Move {
            period: period.to_string(),
            measure: name(&change),
            before: number(words, change.before.as_ref()),
            after: number(words, change.after.as_ref()),
            status: change.after.as_ref().map(|cell| (cell.status.word(), words.t(cell.status.vi(), cell.status.en()))),
            unit: change.name,
        })
        .collect()
}

/// `4/3`, or the number alone without a plan.
pub(crate) fn number(words: Words, cell: Option<&Cell>) -> String {
    match cell {
        None => "0".to_owned(),
        Some(cell) => match cell.target {
            Some(target) => format!("{}/{}", words.count(cell.actual), words.target(target)),
            None => words.count(cell.actual),
        },
    }
}

/// What a unit's report leaves out that says that there is nothing.
pub(super) fn nil_contradicted(w: Words, cell: &Cell) -> Option<String> {
    let n = cell.report.and_then(|report| report.contradicted_by)?;
    let said =
        w.t("đã báo cáo không phát sinh, nhưng sổ đã ghi", "reported that there is nothing; recorded in the ledger:");
    Some(format!("{said} {}", w.count(n)))
}
