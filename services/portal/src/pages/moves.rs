//! Figures before and after, as the preview, the receipt and the record show them.

use std::collections::BTreeSet;

use domain::{Trait, UnitId, fold::CellChange};

use super::{shown::number, told_apart::SharedNames};
use crate::{
    Portal,
    effects::{Effect, Effects},
    words::Words,
};

/// What changes, or would.
#[derive(Default)]
pub(crate) struct Moves {
    pub(crate) rows: Vec<Move>,
    /// Some of it is of a closed period.
    pub(crate) any_closed: bool,
    /// Who has the figures that change and are not the visitor's to see.
    pub(crate) elsewhere: Option<String>,
    /// Nothing is known of it now.
    pub(crate) unknown: bool,
    /// Nobody has said that nothing changes anywhere: the visitor does not see all.
    pub(crate) beyond_sight: bool,
}

/// A number before and after.
pub(crate) struct Move {
    pub(crate) period: String,
    /// The later day from which it is so.
    pub(crate) from: Option<String>,
    /// The period is closed.
    pub(crate) closed: bool,
    pub(crate) measure: String,
    pub(crate) unit: String,
    /// None where it is from that day on as it would be without the record.
    pub(crate) numbers: Option<(String, String)>,
    /// The status word and its name.
    pub(crate) status: Option<(&'static str, &'static str)>,
}

impl Moves {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.elsewhere.is_none()
    }
}

/// The effects of a record as rows.
pub(crate) fn moves(portal: &Portal, w: Words, effects: &Effects) -> Moves {
    let reference = portal.reference();
    let today = portal.today();
    let structure = &reference.structure;
    let shared = SharedNames::on(structure, today);
    let told = |unit: UnitId, name: &str| shared.told(structure, unit, name, today);
    let name = |unit: &UnitId| structure.unit(*unit).map(|known| told(*unit, known.name_on(today)));
    let names: Vec<_> = effects.unseen.iter().filter_map(name).collect();
    let unit = |effect: &Effect| told(effect.change.committee, &effect.change.name);
    let rows: Vec<_> = effects.seen.iter().flat_map(|effect| rows(portal, w, effect, &unit(effect))).collect();
    Moves {
        any_closed: effects.seen.iter().any(|effect| effect.closed),
        rows,
        elsewhere: (!effects.of_reference && !names.is_empty()).then(|| names.join(", ")),
        unknown: effects.unknown,
        beyond_sight: !effects.unseen.is_empty(),
    }
}

/// A row for each number of the cell that becomes another.
fn rows(portal: &Portal, w: Words, effect: &Effect, unit: &str) -> Vec<Move> {
    let change = &effect.change;
    let measure = measure_name(portal, w, change);
    let row = |of: Option<&str>, numbers: Option<(String, String)>, status| Move {
        period: effect.period.to_string(),
        from: effect.from.map(|day| w.day(day)),
        closed: effect.closed,
        measure: of.map_or_else(|| measure.clone(), |of| format!("{measure} · {of}")),
        unit: unit.to_owned(),
        numbers,
        status,
    };
    if effect.ends {
        return vec![row(None, None, None)];
    }
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let status = after.map(|cell| (cell.status.word(), w.t(cell.status.vi(), cell.status.en())));
    let numbers = (number(w, before), number(w, after));
    let mut rows = Vec::new();
    if numbers.0 != numbers.1 {
        rows.push(row(None, Some(numbers), status));
    }
    for (of, numbers) in parts(w, change) {
        rows.push(row(Some(&of), Some(numbers), None));
    }
    rows
}

/// What else is counted in the cell: how many of it are women, how many wait for their ceremony.
fn parts(w: Words, change: &CellChange) -> Vec<(String, (String, String))> {
    let cells = [change.before.as_ref(), change.after.as_ref()];
    let mut parts = Vec::new();
    let mut part = |of: String, [before, after]: [i64; 2]| {
        if before != after {
            parts.push((of, (w.count(before), w.count(after))));
        }
    };
    let traits: BTreeSet<Trait> = cells.iter().flatten().flat_map(|cell| cell.of_which.keys().copied()).collect();
    for of in traits {
        let stated = cells.map(|cell| cell.and_then(|cell| cell.of_which.get(&of)).copied().unwrap_or_default());
        let name = w.t(of.vi(), of.en());
        part(name.to_owned(), stated.map(|stated| stated.n));
        // The same number of more people says something else.
        if stated[0].n == stated[1].n {
            part(
                format!("{name}, {}", w.t("số người đã nêu", "of how many it is stated")),
                stated.map(|one| one.stated),
            );
        }
    }
    let waiting = cells.map(|cell| cell.and_then(|cell| cell.without_ceremony).unwrap_or(0));
    part(w.t("chưa làm lễ", "without a ceremony").to_owned(), waiting);
    parts
}

fn measure_name(portal: &Portal, w: Words, change: &CellChange) -> String {
    let (reference, today) = (portal.reference(), portal.today());
    let versions = reference.programmes.values().find_map(|programme| programme.versions(&change.measure));
    let measure = versions.and_then(|versions| versions.at(today).or_else(|| versions.first()));
    measure.map_or_else(|| change.measure.to_string(), |measure| measure.name(w.0).to_owned())
}
