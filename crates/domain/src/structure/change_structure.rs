//! Creates, renames, reclassifies, joins, ends and succeeds units, in the order given, in one record. What each step may do is in `step.rs`.

use serde::{Deserialize, Serialize};

use super::{Structure, Succeed, WeighSuccessor, codes::no_code_is_doubled, step::Step};
use crate::{Context, Document, Edge, Event, LocalDate, Reference, Refusal, UnitId, UnitKind, guard::list_fits};

/// Steps in one record; a province's crosswalk has 451 edges.
pub const CHANGES_MAX: usize = 500;

/// Creates, renames, reclassifies, joins, ends and succeeds units, in the order given, in one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeStructure {
    /// The paper it stands on.
    pub document: Document,
    /// 1 to 500, applied in this order; a later one sees the earlier ones.
    pub changes: Vec<StructureChange>,
}

/// One step of a structure change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StructureChange {
    CreateUnit(CreateUnit),
    RenameUnit(RenameUnit),
    AssignCode(AssignCode),
    ReclassifyUnit(ReclassifyUnit),
    SetParent(SetParent),
    EndUnit(EndUnit),
    Succeed(Succeed),
    WeighSuccessor(WeighSuccessor),
}

/// A new unit, with its parents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateUnit {
    /// Chosen by the caller; never a code.
    pub unit: UnitId,
    /// What it is.
    pub kind: UnitKind,
    /// 1 to 200 characters; stored in NFC.
    pub name: String,
    /// Official code, at most 20 characters; may be one that another unit had before, and none that one has on the same day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// First day.
    pub from: LocalDate,
    /// Parent in its own hierarchy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<UnitId>,
    /// The Party committee that leads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub led_by: Option<UnitId>,
    /// Place in official lists, ascending.
    pub display_order: u32,
}

/// Another name from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RenameUnit {
    pub unit: UnitId,
    pub name: String,
    pub from: LocalDate,
}

/// Another code, or none, from a day on; none that another unit has on one of its days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignCode {
    pub unit: UnitId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub from: LocalDate,
}

/// Another kind from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReclassifyUnit {
    pub unit: UnitId,
    pub kind: UnitKind,
    pub from: LocalDate,
}

/// Another parent, or none, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetParent {
    pub unit: UnitId,
    pub edge: Edge,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<UnitId>,
    pub from: LocalDate,
}

/// The unit ends: `from` is the first day without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EndUnit {
    pub unit: UnitId,
    pub from: LocalDate,
}

impl ChangeStructure {
    /// Each step sees the ones before it. One that cannot be refuses all of them, and its pointer names it. Codes alone are looked at when all
    /// steps are taken: a unit may get one that another gives up further down.
    pub fn decide(&self, state: &Structure, _reference: &Reference, _context: &Context) -> Result<Vec<Event>, Refusal> {
        list_fits(self.changes.len(), 1, CHANGES_MAX, "/changes")?;
        let mut after = state.clone();
        let mut events = Vec::with_capacity(self.changes.len());
        for (number, change) in self.changes.iter().enumerate() {
            for event in Step::new(&after, number, change).events()? {
                after.evolve(&event);
                events.push(event);
            }
        }
        no_code_is_doubled(&after, &self.changes)?;
        Ok(events)
    }
}
