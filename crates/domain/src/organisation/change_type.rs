//! Records a change of type, such as from cell to organisation with cells; not a founding.

use serde::{Deserialize, Serialize};

use crate::{Document, Exception, LocalDate, OrganisationId, OrganisationKind, Position, UnitId};

/// Records a change of type, such as from cell to organisation with cells; not a founding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeOrganisationType {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The new kind.
    pub to: OrganisationKind,
    /// Members that the rule of the new kind asks for.
    pub members: u32,
    /// The paper it stands on.
    pub document: Document,
    /// The day the decision takes effect; the document's date unless the paper states another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
    /// Lifts a refusal by a legal rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<Exception>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
    /// Position of a record of the same paper that the caller has seen and says is a different matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_from: Option<Position>,
}
