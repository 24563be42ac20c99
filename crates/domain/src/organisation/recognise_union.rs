//! Records the recognition of a trade union by its superior.

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Countable, Counted, Countee, Document, Event, EventBody, Exception, HostKind, LocalDate, OfWhich,
    OrganisationKind, Position, Reference, Refusal, UnitId, What,
    guard::{self, Eligibility, Posting},
    organisation::Organisation,
};

/// Records the recognition of a trade union by its superior.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecogniseUnion {
    /// The body that recognised it; it is credited.
    pub unit: UnitId,
    /// A grassroots or an occupational union, or a section.
    pub kind: OrganisationKind,
    /// Where.
    pub host_kind: HostKind,
    /// How it came to be.
    pub basis: Basis,
    /// Union members.
    pub members: u32,
    /// Day of the founding congress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub congress_on: Option<LocalDate>,
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

impl RecogniseUnion {
    /// One recognised, on the day the recognition takes effect: there its legal life begins, not at the congress (DOMAIN §3.3).
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let &RecogniseUnion { unit, kind, host_kind, basis, members, congress_on, .. } = self;
        state.unbegun()?;
        guard::known_unit(unit, reference, "/unit")?;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        if !kind.is_recognised() {
            return Err(Refusal::KindIsFounded { kind, pointer: "/kind".to_owned() });
        }
        let document = guard::signed_paper(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &document)?;
        guard::unit_on(unit, effective_on, reference, "/unit")?;
        congress_by(effective_on, congress_on, context)?;
        let eligibility = Eligibility { kind, members, on: effective_on };
        let exception = eligibility.check(self.exception.as_ref(), reference, context)?;
        let counted = Counted {
            countable: Countable { what: What::Recognised, of: Countee::Organisation(kind), host_kind, basis },
            unit,
            effective_on,
            n: 1,
            of_which: OfWhich::new(),
            place: guard::place(self.place.as_deref())?,
        };
        let body = EventBody::UnionRecognised { counted, congress_on, members, exception };
        Ok(vec![Event { effective_on, body }])
    }
}

fn congress_by(effective_on: LocalDate, congress_on: Option<LocalDate>, context: &Context) -> Result<(), Refusal> {
    let Some(congress_on) = congress_on else { return Ok(()) };
    guard::held_by_today(congress_on, context, "/congress_on")?;
    if congress_on > effective_on {
        return Err(Refusal::CongressAfterRecognition { congress_on, effective_on });
    }
    Ok(())
}
