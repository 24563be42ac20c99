//! Records a decision that admits several persons of one host kind, as a number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Document, HostKind, LocalDate, Membership, OfWhich, Position, UnitId};

/// Records a decision that admits several persons of one host kind, as a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdmitBatch {
    /// The body that decided; it is credited.
    pub unit: UnitId,
    /// To what.
    pub membership: Membership,
    /// Where they work; one kind a batch.
    pub host_kind: HostKind,
    /// 1 to 10,000.
    pub count: u32,
    /// Overlapping counts; what is absent is not stated.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub of_which: OfWhich,
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
