//! Names of units where several are meant to be told apart: in a province many communes are called the same.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Edge, LocalDate, UnitId, structure::Structure, text::comparison_key};

/// Which names of a list more than one of its units has.
pub(crate) struct SharedNames(BTreeSet<String>);

impl SharedNames {
    pub(crate) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for name in names {
            *seen.entry(comparison_key(name)).or_default() += 1;
        }
        Self(seen.into_iter().filter(|(_, n)| *n > 1).map(|(name, _)| name).collect())
    }

    /// Those of all units that are there on a day.
    pub(crate) fn on(structure: &Structure, day: LocalDate) -> Self {
        let there = structure.units().filter(|unit| unit.exists_on(day));
        Self::of(there.map(|unit| unit.name_on(day)))
    }

    /// The name; where another has the same, with the unit's code, else its superior's name, else its id, as they are on that day.
    pub(crate) fn told(&self, structure: &Structure, id: UnitId, name: &str, day: LocalDate) -> String {
        if self.0.is_empty() || !self.0.contains(&comparison_key(name)) {
            return name.to_owned();
        }
        let code = structure.unit(id).and_then(|unit| unit.code_on(day)).map(str::to_owned);
        let above = || {
            let parents = Edge::ALL.iter().filter_map(|edge| structure.parent_on(id, *edge, day));
            parents.filter_map(|parent| structure.name_on(parent, day)).next().map(str::to_owned)
        };
        format!("{name} ({})", code.or_else(above).unwrap_or_else(|| id.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use domain::{Event, EventBody, Position, Reference, UnitKind};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_units_of_one_name_are_told_with_their_code_or_their_superior() {
        let on: LocalDate = "2025-07-01".parse().unwrap();
        let mut reference = Reference::default();
        let units = [
            (1, "Đảng bộ xã Hòa Bình", Some("HB-1")),
            (2, "Đảng bộ xã Hoà Bình", None),
            (3, "Tỉnh ủy", Some("TU")),
            (4, "Đảng bộ xã Hòa Bình", None),
        ];
        for (n, name, code) in units {
            let body = EventBody::UnitCreated {
                unit: UnitId(Uuid::from_u128(n)),
                kind: UnitKind::Ward,
                name: name.to_owned(),
                code: code.map(str::to_owned),
                display_order: 1,
            };
            reference.apply(Position(1), &Event { effective_on: on, body });
        }
        let [second, third] = [2, 3].map(|n| UnitId(Uuid::from_u128(n)));
        let body = EventBody::UnitParentSet { unit: second, edge: Edge::LedBy, parent: Some(third) };
        reference.apply(Position(1), &Event { effective_on: on, body });
        let structure = &reference.structure;
        let shared = SharedNames::on(structure, on);
        let told = |n: u128| {
            let id = UnitId(Uuid::from_u128(n));
            shared.told(structure, id, structure.name_on(id, on).unwrap(), on)
        };
        assert_eq!(told(1), "Đảng bộ xã Hòa Bình (HB-1)");
        assert_eq!(told(2), "Đảng bộ xã Hoà Bình (Tỉnh ủy)");
        assert_eq!(told(3), "Tỉnh ủy");
        assert_eq!(told(4), format!("Đảng bộ xã Hòa Bình ({})", Uuid::from_u128(4)));
    }
}
