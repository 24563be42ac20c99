//! Records a decision that admits one person, who stays opaque here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Document, HostKind, LocalDate, Membership, Position, Trait, UnitId};

/// Records a decision that admits one person, who stays opaque here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdmitMember {
    /// The body that decided; it is credited.
    pub unit: UnitId,
    /// To what.
    pub membership: Membership,
    /// Where the person works.
    pub host_kind: HostKind,
    /// Admitted before; counts apart from first admissions.
    #[serde(default)]
    pub readmission: bool,
    /// What is stated of the person: true or false; absent is not stated.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<Trait, bool>,
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
