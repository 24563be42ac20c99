//! Rules, measures, and whose targets make a plan.

use std::collections::BTreeMap;

use domain::{MeasureKey, UnitId, programme::MeasureDefinition, rules::EligibilityRule};

use super::{
    field::{Decoded, Encoded, Field, invalid},
    message::message,
};
use crate::proto::record::v1 as wire;

message!(EligibilityRule => EligibilityRule { kind, minimum, from, source });
message!(MeasureDefinition => MeasureDefinition {
    measure, name_vi, name_en, noun_vi, from, by, flow, organisation_kinds, memberships, host_kinds, of_which,
});

/// Principals by measure, strictly ascending.
impl Field for BTreeMap<MeasureKey, UnitId> {
    type Wire = Vec<wire::Principal>;

    fn write(&self) -> Encoded<Self::Wire> {
        let write = |(measure, unit): (&MeasureKey, &UnitId)| {
            Ok(wire::Principal { measure: measure.write()?, unit: unit.write()? })
        };
        self.iter().map(write).collect()
    }

    fn read(field: &'static str, wire: Self::Wire) -> Decoded<Self> {
        let mut principals = Self::new();
        for entry in wire {
            let measure = Field::read("Principal.measure", entry.measure)?;
            if principals.last_key_value().is_some_and(|(last, _)| *last >= measure) {
                return Err(invalid(field, "is not sorted by measure, each once"));
            }
            principals.insert(measure, Field::read("Principal.unit", entry.unit)?);
        }
        Ok(principals)
    }
}
