//! Committees × measures: holders grouped by the Party committee that leads them.

use std::collections::BTreeMap;

use domain::{
    Edge, LocalDate, Reference, UnitId,
    collation::{CollationKey, collation_key},
    fold::{Cell, PeriodTally},
    structure::Structure,
};

use crate::{pages::shown::number, words::Words};

/// One leading committee with what it and those it leads hold.
pub(super) struct Row {
    /// Its page, where the visitor may see it.
    pub(super) committee: Option<String>,
    pub(super) name: String,
    /// For each measure, the holders in this row.
    pub(super) boxes: Vec<Vec<CellShown>>,
}

pub(super) struct CellShown {
    pub(super) key: String,
    pub(super) href: String,
    pub(super) text: String,
    pub(super) status: &'static str,
    /// The whole sentence, for who hears the page.
    pub(super) label: String,
    /// Name of the holder, when several share the box.
    pub(super) holder: Option<String>,
}

pub(super) fn rows(
    w: Words,
    reference: &Reference,
    tally: &PeriodTally,
    pin: &str,
    sees: impl Fn(UnitId) -> bool,
) -> Vec<Row> {
    let on = tally.as_of.valid;
    let measures = tally.measures.len();
    let mut groups: BTreeMap<Place, Vec<Vec<&Cell>>> = BTreeMap::new();
    for (column, measure) in tally.measures.iter().enumerate() {
        for cell in &measure.cells {
            let head = head(&reference.structure, cell.committee, on);
            let place = place(&reference.structure, head, on);
            groups.entry(place).or_insert_with(|| vec![Vec::new(); measures])[column].push(cell);
        }
    }
    let row = |((.., head), boxes): (Place, Vec<Vec<&Cell>>)| Row {
        committee: sees(head).then(|| head.to_string()),
        name: reference.structure.name_on(head, on).map_or_else(|| head.to_string(), str::to_owned),
        boxes: boxes.iter().enumerate().map(|(column, cells)| shown(w, tally, column, cells, pin)).collect(),
    };
    groups.into_iter().map(row).collect()
}

/// Official order; units that it leaves side by side stand in the order of their names.
pub(super) type Place = (u32, CollationKey, UnitId);

pub(super) fn place(structure: &Structure, unit: UnitId, on: LocalDate) -> Place {
    let order = structure.unit(unit).map_or(u32::MAX, |unit| unit.display_order);
    (order, collation_key(structure.name_on(unit, on).unwrap_or_default()), unit)
}

/// The Party committee that leads the holder; the holder itself where that is the head of the whole ledger, or nobody.
pub(crate) fn head(structure: &Structure, unit: UnitId, on: LocalDate) -> UnitId {
    let parentless = |unit: UnitId| Edge::ALL.iter().all(|edge| structure.parent_on(unit, *edge, on).is_none());
    structure.parent_on(unit, Edge::LedBy, on).filter(|leader| !parentless(*leader)).unwrap_or(unit)
}

fn shown(w: Words, tally: &PeriodTally, column: usize, cells: &[&Cell], pin: &str) -> Vec<CellShown> {
    let measure = &tally.measures[column];
    let one = |cell: &&Cell| {
        let text = number(w, Some(cell));
        let status = w.t(cell.status.vi(), cell.status.en());
        CellShown {
            key: format!("{}/{}", measure.measure, cell.committee),
            href: format!("/records/{}/{}/{}/{}{pin}", tally.programme, tally.period, measure.measure, cell.committee),
            status: cell.status.word(),
            label: format!("{}, {}: {text}, {status}", cell.name, w.t(&measure.name, &measure.name_en)),
            holder: (cells.len() > 1).then(|| cell.name.clone()),
            text,
        }
    };
    cells.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use domain::{Event, EventBody, Position, UnitKind};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn units_stand_in_official_order_and_beside_each_other_by_their_names() {
        let on = LocalDate::new(2025, 7, 1).unwrap();
        let mut reference = Reference::default();
        let named = ["Phường Đồ Sơn", "Phường Dương Kinh", "Phường An Biên", "Đặc khu Cát Hải"];
        for (n, name) in (1..).zip(named) {
            let body = EventBody::UnitCreated {
                unit: UnitId(Uuid::from_u128(n)),
                kind: UnitKind::Ward,
                name: name.to_owned(),
                code: None,
                display_order: if n == 4 { 1 } else { u32::MAX },
            };
            reference.apply(Position(1), &Event { effective_on: on, body });
        }
        let structure = &reference.structure;
        let mut units: Vec<_> = structure.units().map(|unit| place(structure, unit.id, on)).collect();
        units.sort();
        let names: Vec<_> = units.iter().map(|(.., unit)| structure.name_on(*unit, on).unwrap()).collect();
        assert_eq!(names, ["Đặc khu Cát Hải", "Phường An Biên", "Phường Dương Kinh", "Phường Đồ Sơn"]);
    }
}
