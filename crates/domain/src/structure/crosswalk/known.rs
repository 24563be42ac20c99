//! The units that the ledger knows around the day of a crosswalk, by their codes.

use std::collections::BTreeMap;

use super::Crosswalk;
use crate::{
    LocalDate,
    structure::{Structure, Unit},
};

type ByCode<'a> = BTreeMap<&'a str, Vec<&'a Unit>>;

/// Codes are looked up once, not for each row.
pub(super) struct Known<'a> {
    day_before: ByCode<'a>,
    first_day: ByCode<'a>,
}

impl<'a> Known<'a> {
    pub(super) fn of(crosswalk: &Crosswalk<'a>) -> Self {
        let Crosswalk { structure, from, .. } = *crosswalk;
        Self { day_before: by_code(structure, from.yesterday()), first_day: by_code(structure, from) }
    }

    pub(super) fn day_before(&self, code: &str) -> &[&'a Unit] {
        self.day_before.get(code).map_or(&[], Vec::as_slice)
    }

    pub(super) fn first_day(&self, code: &str) -> &[&'a Unit] {
        self.first_day.get(code).map_or(&[], Vec::as_slice)
    }
}

fn by_code(structure: &Structure, day: LocalDate) -> ByCode<'_> {
    let mut by_code = ByCode::new();
    for unit in structure.units().filter(|unit| unit.exists_on(day)) {
        if let Some(code) = unit.code_on(day) {
            by_code.entry(code).or_default().push(unit);
        }
    }
    by_code
}
