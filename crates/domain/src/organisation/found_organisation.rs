//! Records a decision that founds an organisation.

use serde::{Deserialize, Serialize};

use crate::{Basis, Document, Exception, HostKind, LocalDate, OrganisationKind, Position, UnitId};

/// Records a decision that founds an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FoundOrganisation {
    /// The body that decided; it is credited.
    pub unit: UnitId,
    /// What is founded.
    pub kind: OrganisationKind,
    /// Where.
    pub host_kind: HostKind,
    /// How it came to be.
    pub basis: Basis,
    /// Members that the rule of the kind asks for: official Party members, youth-union members.
    pub members: u32,
    /// Code of the administrative unit where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
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
