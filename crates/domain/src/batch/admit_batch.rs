//! Records a decision that admits several persons of one host kind, as a number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Countable, Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, Membership, OfWhich,
    Position, Reference, Refusal, UnitId, What,
    batch::Batch,
    guard::{self, Posting},
};

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

impl AdmitBatch {
    /// So many admitted, on the day the decision takes effect, with what is stated of them.
    pub fn decide(&self, state: &Batch, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let &AdmitBatch { unit, membership, host_kind, .. } = self;
        state.unbegun()?;
        guard::known_unit(unit, reference, "/unit")?;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        let document = guard::signed_paper(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &document)?;
        guard::unit_on(unit, effective_on, reference, "/unit")?;
        let n = guard::count(self.count, "/count")?;
        guard::of_which(&self.of_which, n)?;
        let of = Countee::Member(membership);
        let counted = Counted {
            countable: Countable { what: What::Admitted, of, host_kind, basis: Basis::New },
            unit,
            effective_on,
            n,
            of_which: self.of_which.clone(),
            place: guard::place(self.place.as_deref())?,
        };
        Ok(vec![Event { effective_on, body: EventBody::BatchAdmitted { counted } }])
    }
}
