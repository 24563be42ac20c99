//! Pieces that several pages show: events, histories of a case, numbers.

use domain::{
    Event,
    fold::{Cell, Whole},
    structure::Structure,
};

use crate::{
    Portal,
    case::Records,
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

/// Records of one stream in words.
pub(crate) fn history(portal: &Portal, words: Words, records: &Records) -> Vec<HistoryEntry> {
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
    records.iter().map(|(position, record)| entry(position.0, record)).collect()
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

/// Of a sum with a range in it, the percentage is of the lower end, and says so.
pub(super) fn percent_of(w: Words, whole: &Whole) -> Option<String> {
    let percent = w.percent(whole.percent.as_deref()?);
    Some(match whole.plan_to {
        Some(_) => format!("{percent} {}", w.t("của cận dưới", "of the lower end")),
        None => percent,
    })
}
