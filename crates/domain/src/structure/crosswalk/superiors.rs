//! Under whom the new units stand, and those who stood under a unit that passes wholly.

use std::{collections::BTreeSet, fmt};

use super::{Crosswalk, PlannedStep, check::Checked, fates::Fates};
use crate::{
    Edge, UnitId,
    structure::{SetParent, StructureChange, Unit},
};

/// A new unit that gets no superior along one kind of edge, since those that it is made of did not share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    pub line: u64,
    pub name: String,
    pub edge: Edge,
    /// Under whom they stood; without a name where one stood under nobody.
    pub above: Vec<Option<String>>,
}

impl fmt::Display for Orphan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, option) = match self.edge {
            Edge::Line => ("superior in its own line", "--line"),
            Edge::LedBy => ("committee that leads it", "--led-by"),
        };
        let above =
            self.above.iter().map(|name| name.as_ref().map_or_else(|| "nobody".to_owned(), |name| format!("“{name}”")));
        let above = above.collect::<Vec<_>>().join(", ");
        write!(
            f,
            "“{}” gets no {what}: those that it is made of stood under {above}, and no one unit is there in ",
            self.name
        )?;
        write!(f, "their place; name one with {option} ID, or give it one afterwards by change-structure (set_parent)")
    }
}

impl Crosswalk<'_> {
    /// The superior of a new unit: the one that is named, else that which all share who come together in it. `None` also where there is none to share.
    pub(super) fn superior(
        &self,
        row: &Checked<'_>,
        rows: &[Checked<'_>],
        edge: Edge,
        fates: &Fates,
    ) -> Result<Option<UnitId>, Orphan> {
        let named = match edge {
            Edge::Line => self.line,
            Edge::LedBy => self.led_by,
        };
        if named.is_some() {
            return Ok(named);
        }
        let (mut above, mut now) = (BTreeSet::new(), BTreeSet::new());
        for part in rows.iter().filter(|part| part.new_code == row.new_code) {
            let superior = self.superior_before(part.old, edge);
            let in_its_place = superior.map(|superior| self.in_place_of(superior, fates));
            // Who stood under another one that goes into the same unit has no say in under whom that one stands.
            if in_its_place.flatten() != fates.new.get(&row.new_code).copied() {
                above.insert(superior);
                now.insert(in_its_place);
            }
        }
        match (now.len(), now.first()) {
            (0, _) | (1, Some(None)) => Ok(None),
            (1, Some(Some(Some(superior)))) => Ok(Some(*superior)),
            _ => {
                let name =
                    |unit: UnitId| self.structure.name_on(unit, self.from.yesterday()).unwrap_or_default().to_owned();
                let above = above.into_iter().map(|superior| superior.map(name)).collect();
                Err(Orphan { line: row.line, name: row.new_name.clone(), edge, above })
            }
        }
    }

    /// On the first day, or on the last one on which it exists.
    fn superior_before(&self, unit: &Unit, edge: Edge) -> Option<UnitId> {
        let on = if unit.exists_on(self.from) { self.from } else { self.from.yesterday() };
        unit.parent_on(edge, on)
    }

    /// The unit itself if it goes on, else the one to which it passes wholly, by the list or by what is recorded.
    fn in_place_of(&self, unit: UnitId, fates: &Fates) -> Option<UnitId> {
        if let Some(successor) = fates.wholly.get(&unit) {
            return Some(*successor);
        }
        if self.structure.exists_on(unit, self.from) {
            return (!fates.ending.contains_key(&unit)).then_some(unit);
        }
        let became = self.structure.what_became_of(unit, self.from.yesterday(), self.from);
        became.wholly().filter(|successor| self.structure.exists_on(*successor, self.from))
    }

    /// Those who stand under a unit that passes wholly go with it; the successor itself comes to stand where that unit stood.
    pub(super) fn moves(&self, fates: &Fates) -> Vec<PlannedStep> {
        let mut moves = Vec::new();
        for child in self.structure.units().filter(|child| !fates.ending.contains_key(&child.id)) {
            let above: BTreeSet<_> = child.superiors_from(self.from).collect();
            for (edge, above) in above {
                let (Some(line), Some(successor)) = (fates.ending.get(&above), fates.wholly.get(&above)) else {
                    continue;
                };
                let of_itself =
                    || self.structure.parent_on(above, edge, self.from).and_then(|one| self.in_place_of(one, fates));
                let parent = if *successor == child.id { of_itself() } else { Some(*successor) };
                let change = SetParent { unit: child.id, edge, parent, from: self.from };
                moves.push(PlannedStep { line: *line, change: StructureChange::SetParent(change) });
            }
        }
        moves
    }
}
