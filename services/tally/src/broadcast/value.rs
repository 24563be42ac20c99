//! What is told of a cell, of a measure's sum, and of how far they are: JSON, with the fields that HTTP has.

use bytes::Bytes;
use domain::{
    LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey,
    fold::{Cell, MeasureTally, PeriodTally, changed_measures, diff},
};
use journal::nats::Names;
use serde::{Deserialize, Serialize};

/// The value of a cell, or of a sum.
#[derive(Serialize)]
struct Of<'a, T> {
    programme: &'a ProgrammeKey,
    period: &'a PeriodKey,
    measure: &'a MeasureKey,
    fold_version: u32,
    #[serde(flatten)]
    value: T,
}

/// In the place of a cell that is no more.
#[derive(Serialize, Deserialize)]
struct Gone {
    gone: bool,
    /// As of which it is told.
    #[serde(default)]
    position: Position,
}

/// Up to where the cells are told: after all of them.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UpTo {
    pub(super) position: Position,
    pub(super) fold_version: u32,
    pub(super) judged_on: LocalDate,
    /// SHA-256 of the body of the record at that position.
    #[serde(with = "hex::serde")]
    pub(super) sha256: [u8; 32],
}

impl UpTo {
    pub(super) fn bytes(&self) -> Bytes {
        json(self)
    }

    pub(super) fn parse(bytes: &Bytes) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// Subject and value of everything that differs from `before`, as a fold version gives it; of everything when there is none.
pub(super) fn changed(
    (names, fold_version): (&Names, u32),
    before: Option<&PeriodTally>,
    now: &PeriodTally,
) -> Vec<(String, Bytes)> {
    let empty = PeriodTally { measures: Vec::new(), ..now.clone() };
    let before = before.unwrap_or(&empty);
    let (programme, period) = (&now.programme, &now.period);
    let mut values = Vec::new();
    for tally in changed_measures(before, now) {
        let MeasureTally { measure, cells, .. } = &tally;
        for cell in cells {
            let subject = names.cell(programme, period, measure, cell.committee);
            values.push((subject, of(now, measure, cell, fold_version)));
        }
        values.push((names.whole(programme, period, measure), sum(now, &tally, fold_version)));
    }
    for gone in diff(before, now).into_iter().filter(|change| change.after.is_none()) {
        values.push((names.cell(programme, period, &gone.measure, gone.committee), nothing(now.as_of.known_position)));
    }
    values
}

/// What stands in the place of a cell that is no more as of a position.
pub(super) fn nothing(position: Position) -> Bytes {
    json(&Gone { gone: true, position })
}

/// Whether something stands there that says so, as of whichever position.
pub(super) fn is_nothing(bytes: &Bytes) -> bool {
    serde_json::from_slice::<Gone>(bytes).is_ok_and(|told| told.gone)
}

fn of(tally: &PeriodTally, measure: &MeasureKey, cell: &Cell, fold_version: u32) -> Bytes {
    let PeriodTally { programme, period, .. } = tally;
    json(&Of { programme, period, measure, fold_version, value: cell })
}

/// A measure without its cells, which have subjects of their own.
fn sum(tally: &PeriodTally, whole: &MeasureTally, fold_version: u32) -> Bytes {
    let PeriodTally { programme, period, .. } = tally;
    let mut value = serde_json::to_value(whole).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("cells");
        // Of the last record that moved a cell of it: a sum that comes back to an earlier value is told nevertheless.
        let moved = whole_of(tally, &whole.measure).map(|cell| cell.position).max();
        fields.insert("position".to_owned(), serde_json::json!(moved.unwrap_or_default()));
        fields.insert("programme".to_owned(), serde_json::json!(programme));
        fields.insert("period".to_owned(), serde_json::json!(period));
        fields.insert("fold_version".to_owned(), fold_version.into());
    }
    json(&value)
}

/// Every cell of a measure, not only those that changed.
fn whole_of<'a>(tally: &'a PeriodTally, measure: &'a MeasureKey) -> impl Iterator<Item = &'a Cell> {
    tally.measures.iter().filter(move |all| all.measure == *measure).flat_map(|all| &all.cells)
}

fn json(value: &impl Serialize) -> Bytes {
    // Keys are texts, and no number is a float: there is nothing that JSON cannot hold.
    serde_json::to_vec(value).unwrap_or_default().into()
}
