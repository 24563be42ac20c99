//! Adds a measure, or a new version of one, from a day on.

use serde::{Deserialize, Serialize};

use crate::{Document, ProgrammeKey, programme::MeasureDefinition};

/// Adds a measure, or a new version of one, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DefineMeasure {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The definition.
    pub measure: MeasureDefinition,
    /// The paper it stands on.
    pub document: Document,
}
