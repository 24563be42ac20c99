//! Opens a period of a programme.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Document, LocalDate, MeasureKey, PeriodKey, ProgrammeKey, UnitId};

/// Opens a period of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenPeriod {
    /// The programme.
    pub programme: ProgrammeKey,
    /// Its key in paths, such as `2022`.
    pub period: PeriodKey,
    /// First day that counts.
    pub first_day: LocalDate,
    /// Last day that counts.
    pub last_day: LocalDate,
    /// For each measure the principal assigner: its targets make plan, status and k of n.
    pub principals: BTreeMap<MeasureKey, UnitId>,
    /// Whether a holder that submits nothing is `not_reported`.
    #[serde(default)]
    pub reports_required: bool,
    /// The paper it stands on.
    pub document: Document,
}
