//! Corrects a target that was recorded wrongly: the old value never was.

use serde::{Deserialize, Serialize};

use crate::{Document, MeasureKey, PeriodKey, ProgrammeKey, Reason, TargetValue, UnitId};

/// Corrects a target that was recorded wrongly: the old value never was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CorrectTarget {
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
    /// What it should have said.
    pub value: TargetValue,
    /// Why.
    pub reason: Reason,
    /// The paper it stands on.
    pub document: Document,
}
