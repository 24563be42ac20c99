//! Sets eligibility rules, each from a day on.

use serde::{Deserialize, Serialize};

use crate::{Document, rules::EligibilityRule};

/// Sets eligibility rules, each from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetRules {
    /// The paper it stands on.
    pub document: Document,
    /// 1 to 100.
    pub rules: Vec<EligibilityRule>,
}
