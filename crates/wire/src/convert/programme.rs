//! Rules, measures, and whose targets make a plan.

use std::collections::BTreeMap;

use domain::{MeasureKey, UnitId, programme::MeasureDefinition, rules::EligibilityRule};

use super::{
    field::{At, Decoded, Encoded, Field},
    message::message,
};
use crate::codec::{Reader, Writer};

message!(EligibilityRule as EligibilityRule { 1 kind, 2 minimum, 3 from, 4 source });
message!(MeasureDefinition as MeasureDefinition {
    1 measure, 2 name_vi, 3 name_en, 4 noun_vi, 5 from, 6 by, 7 flow,
    8 organisation_kinds, 9 memberships, 10 host_kinds, 11 of_which,
});

/// Principals by measure, strictly ascending.
impl Field for BTreeMap<MeasureKey, UnitId> {
    fn write(&self, number: u32, to: &mut Writer) -> Encoded {
        self.iter().try_for_each(|(measure, unit)| {
            to.message(number, |to| {
                measure.write(1, to)?;
                unit.write(2, to)
            })
        })
    }

    fn read(at: At, from: &mut Reader<'_>) -> Decoded<Self> {
        let mut principals = Self::new();
        while let Some(mut entry) = from.message(at.number, "Principal")? {
            let measure = Field::read(At { number: 1, name: "Principal.measure" }, &mut entry)?;
            let unit = Field::read(At { number: 2, name: "Principal.unit" }, &mut entry)?;
            entry.finish()?;
            if principals.last_key_value().is_some_and(|(last, _)| *last >= measure) {
                return Err(at.invalid("is not sorted by measure, each once"));
            }
            principals.insert(measure, unit);
        }
        Ok(principals)
    }
}
