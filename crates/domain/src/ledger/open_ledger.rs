//! Opens the ledger: its first record.

use serde::{Deserialize, Serialize};

/// Opens the ledger: its first record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenLedger {
    /// 1 to 63 of `a-z 0-9 -`; also the name of the JetStream subjects.
    pub name: String,
    /// Only a demonstration takes clock and ids from a script.
    pub demonstration: bool,
}
