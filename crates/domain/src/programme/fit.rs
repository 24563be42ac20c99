//! Whether a measure's definition fits together, and the form in which it is stored.

use super::{Flow, MeasureDefinition};
use crate::{
    HostKind, ProgrammeKey, Refusal, Timeline, What,
    guard::{each_once, line_of_text},
};

pub(super) const NAME_MAX_CHARS: u32 = 200;
const NOUN_MAX_CHARS: u32 = 40;

/// Whether a new version can stand beside earlier ones: the cases of all of them are added, so that parts are shown of what is counted as new only.
pub(super) fn unfit_beside(measure: &MeasureDefinition, earlier: &Timeline<MeasureDefinition>) -> Option<&'static str> {
    let before = |is_so: fn(&MeasureDefinition) -> bool| earlier.spans().any(|span| is_so(span.value));
    if !measure.of_which.is_empty() && before(|version| version.flow != Flow::Gross) {
        return Some("of_which");
    }
    (measure.flow != Flow::Gross && before(|version| !version.of_which.is_empty())).then_some("flow")
}

/// The programme that a measure is to belong to.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) programme: &'a ProgrammeKey,
    pub(super) host_kinds: &'a [HostKind],
}

/// The definition as it is stored; `at` is its place in the command.
pub(super) fn fitting(measure: &MeasureDefinition, scope: Scope<'_>, at: &str) -> Result<MeasureDefinition, Refusal> {
    let pointer = |field: &str| format!("{at}/{field}");
    each_once(&measure.organisation_kinds, || pointer("organisation_kinds"))?;
    each_once(&measure.memberships, || pointer("memberships"))?;
    each_once(&measure.host_kinds, || pointer("host_kinds"))?;
    each_once(&measure.of_which, || pointer("of_which"))?;
    if let Some(field) = unfit(measure) {
        return Err(Refusal::MeasureUnfit { pointer: pointer(field) });
    }
    if let Some((i, host_kind)) =
        measure.host_kinds.iter().enumerate().find(|(_, kind)| !scope.host_kinds.contains(kind))
    {
        let programme = scope.programme.clone();
        let pointer = format!("{at}/host_kinds/{i}");
        return Err(Refusal::HostKindOutsideProgramme { host_kind: *host_kind, programme, pointer });
    }
    Ok(MeasureDefinition {
        name_vi: line_of_text(&measure.name_vi, NAME_MAX_CHARS, &pointer("name_vi"))?,
        name_en: line_of_text(&measure.name_en, NAME_MAX_CHARS, &pointer("name_en"))?,
        noun_vi: line_of_text(&measure.noun_vi, NOUN_MAX_CHARS, &pointer("noun_vi"))?,
        ..measure.clone()
    })
}

/// The field that does not fit the others. Anything that could never count is refused here rather than show 0 for ever.
fn unfit(measure: &MeasureDefinition) -> Option<&'static str> {
    let of_organisations = !measure.organisation_kinds.is_empty();
    let of_members = !measure.memberships.is_empty();
    let recognised = |wanted: bool| measure.organisation_kinds.iter().all(|kind| kind.is_recognised() == wanted);
    if measure.host_kinds.is_empty() {
        return Some("host_kinds");
    }
    match measure.by {
        What::Founded | What::Recognised if of_members => Some("memberships"),
        What::Founded if !of_organisations || !recognised(false) => Some("organisation_kinds"),
        What::Recognised if !of_organisations || !recognised(true) => Some("organisation_kinds"),
        What::Founded | What::Recognised if !measure.of_which.is_empty() => Some("of_which"),
        What::Admitted | What::Received | What::MadeOfficial if of_organisations => Some("organisation_kinds"),
        What::Admitted | What::Received | What::MadeOfficial if !of_members => Some("memberships"),
        What::MadeOfficial if !measure.memberships.iter().all(|of| of.has_probation()) => Some("memberships"),
        // Who leaves may never have been official, nor received: only those who become so are counted.
        What::Received | What::MadeOfficial if measure.flow != Flow::Gross => Some("flow"),
        // Ten women who came and ten men who left are none, of which ten women.
        What::Admitted if measure.flow != Flow::Gross && !measure.of_which.is_empty() => Some("of_which"),
        What::Founded | What::Recognised | What::Admitted | What::Received | What::MadeOfficial => None,
        _ => Some("by"),
    }
}
