//! Records a decision that founds an organisation.

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Countable, Counted, Countee, Document, Event, EventBody, Exception, HostKind, LocalDate, OfWhich,
    OrganisationKind, Position, Reference, Refusal, UnitId, What,
    guard::{self, Eligibility, Posting},
    organisation::Organisation,
};

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

impl FoundOrganisation {
    /// One founded, on the day the decision takes effect. Unions are recognised instead.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let &FoundOrganisation { unit, kind, host_kind, basis, members, .. } = self;
        state.unbegun()?;
        guard::known_unit(unit, reference, "/unit")?;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        if kind.is_recognised() {
            return Err(Refusal::KindIsRecognised { kind, pointer: "/kind".to_owned() });
        }
        let document = guard::signed_paper(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &document)?;
        guard::unit_on(unit, effective_on, reference, "/unit")?;
        let eligibility = Eligibility { kind, members, on: effective_on };
        let exception = eligibility.check(self.exception.as_ref(), reference, context)?;
        let counted = Counted {
            countable: Countable { what: What::Founded, of: Countee::Organisation(kind), host_kind, basis },
            unit,
            effective_on,
            n: 1,
            of_which: OfWhich::new(),
            place: guard::place(self.place.as_deref())?,
        };
        Ok(vec![Event { effective_on, body: EventBody::OrganisationFounded { counted, members, exception } }])
    }
}
