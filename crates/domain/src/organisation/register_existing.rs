//! Registers an organisation that no founding here explains: older than the ledger, or received from outside.

use serde::{Deserialize, Serialize};

use crate::{Document, HostKind, LocalDate, OrganisationKind, Origin, Position, UnitId};

/// Registers an organisation that no founding here explains: older than the ledger, or received from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterExisting {
    /// The body it stands under.
    pub unit: UnitId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Where.
    pub host_kind: HostKind,
    /// Where it came from.
    pub origin: Origin,
    /// Code of the administrative unit where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The paper it stands on.
    pub document: Document,
    /// The day the decision takes effect; the document's date unless the paper states another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
    /// Position of a record of the same paper that the caller has seen and says is a different matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_from: Option<Position>,
}
