//! Assigns a target for a whole period.

use serde::{Deserialize, Serialize};

use crate::{Document, LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, TargetValue, UnitId};

/// Assigns a target for a whole period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignTarget {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The measure.
    pub measure: MeasureKey,
    /// The period.
    pub period: PeriodKey,
    /// Who is to reach it.
    pub holder: UnitId,
    /// Who gives it.
    pub assigner: UnitId,
    /// From 1.
    pub value: TargetValue,
    /// Last day in time; the period's last day unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<LocalDate>,
    /// The paper it stands on.
    pub document: Document,
    /// Position of a record of the same paper that the caller has seen and says is a different matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_from: Option<Position>,
}
