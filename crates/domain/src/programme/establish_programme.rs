//! Establishes a programme: a resolution with its measures.

use serde::{Deserialize, Serialize};

use crate::{Document, HostKind, ProgrammeKey, UnitId, programme::MeasureDefinition};

/// Establishes a programme: a resolution with its measures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EstablishProgramme {
    /// Its key in paths.
    pub programme: ProgrammeKey,
    /// 1 to 200 characters.
    pub name_vi: String,
    /// 1 to 200 characters.
    pub name_en: String,
    /// The committee that issued it.
    pub issuer: UnitId,
    /// What it covers.
    pub host_kinds: Vec<HostKind>,
    /// 1 to 50.
    pub measures: Vec<MeasureDefinition>,
    /// The paper it stands on.
    pub document: Document,
}
