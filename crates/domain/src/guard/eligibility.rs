//! Legal rules on the number of members. The ledger records decisions: a document can lift these refusals, and only these.

use crate::{Context, Exception, LocalDate, OrganisationKind, Reference, Refusal, guard};

/// Members of one organisation; a bound against slips of the pen, not a rule.
const MEMBERS_MAX: u32 = 1_000_000;

/// An organisation of this kind with so many members, on a day.
#[derive(Clone, Copy)]
pub(crate) struct Eligibility {
    pub(crate) kind: OrganisationKind,
    pub(crate) members: u32,
    pub(crate) on: LocalDate,
}

impl Eligibility {
    /// The exception as it is stored, when one was needed to let this pass.
    pub(crate) fn check(
        self,
        exception: Option<&Exception>,
        reference: &Reference,
        context: &Context,
    ) -> Result<Option<Exception>, Refusal> {
        let Self { members, .. } = self;
        if !(1..=MEMBERS_MAX).contains(&members) {
            return Err(Refusal::CountOutOfRange { count: members, max: MEMBERS_MAX, pointer: "/members".to_owned() });
        }
        match (self.shortfall(reference, "/members"), exception) {
            (None, None) => Ok(None),
            (Some(refusal), None) => Err(refusal),
            (Some(refusal), Some(exception)) if exception.lifts == refusal.slug() => {
                guard::paper(&exception.document, "/exception/document")?;
                guard::signed(&exception.document, context, "/exception/document")?;
                Ok(Some(Exception { lifts: exception.lifts.clone(), document: exception.document.normalised() }))
            }
            (_, Some(exception)) => Err(Refusal::ExceptionLiftsNothing { lifts: exception.lifts.clone() }),
        }
    }

    /// The refusal, where the rule of that day asks for more members; it points at the field that made it so.
    pub(crate) fn shortfall(self, reference: &Reference, at: &str) -> Option<Refusal> {
        let Self { kind, members: have, on } = self;
        let need = reference.rules.minimum(kind, on)?;
        (have < need).then(|| Refusal::TooFewMembers { kind, have, need, pointer: at.to_owned() })
    }
}
