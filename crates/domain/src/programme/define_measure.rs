//! Adds a measure, or a new version of one, from a day on.

use serde::{Deserialize, Serialize};

use super::{
    MeasureDefinition, Programme,
    fit::{Scope, fitting, unfit_beside},
};
use crate::{Context, Document, Event, EventBody, ProgrammeKey, Reference, Refusal};

/// Adds a measure, or a new version of one, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DefineMeasure {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The definition.
    pub measure: MeasureDefinition,
    /// The paper it stands on.
    pub document: Document,
}

impl DefineMeasure {
    /// A measure's rule never changes: a new version holds from a later day than the last, and cases of earlier days keep theirs.
    pub fn decide(&self, state: &Programme, _reference: &Reference, _context: &Context) -> Result<Vec<Event>, Refusal> {
        let programme = self.programme.clone();
        if !state.is_established() {
            return Err(Refusal::ProgrammeUnknown { programme });
        }
        let scope = Scope { programme: &programme, host_kinds: state.host_kinds() };
        let measure = fitting(&self.measure, scope, "/measure")?;
        let from = measure.from;
        if let Some(field) = state.versions(&measure.measure).and_then(|earlier| unfit_beside(&measure, earlier)) {
            return Err(Refusal::MeasureUnfit { pointer: format!("/measure/{field}") });
        }
        match state.versions(&measure.measure).and_then(|versions| versions.last_from()) {
            Some(last) if from <= last => {
                Err(Refusal::FromTooEarly { from, last, pointer: "/measure/from".to_owned() })
            }
            _ => Ok(vec![Event { effective_on: from, body: EventBody::MeasureDefined { programme, measure } }]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Trait, What,
        programme::{
            Flow,
            samples::{city, members, nq28},
        },
        scenario::{day, document},
    };

    fn define(measure: MeasureDefinition) -> DefineMeasure {
        DefineMeasure { programme: "nq28".parse().unwrap(), measure, document: document("2023-12-01") }
    }

    #[test]
    fn a_new_version_binds_from_its_day_on_and_leaves_earlier_cases_alone() {
        let by_ceremony = MeasureDefinition { by: What::Received, from: day("2024-01-01"), ..members("party_member") };
        let programme = city().then(&nq28()).then(&define(by_ceremony)).reference.programmes[&nq28().programme].clone();
        let by = |on: &str| programme.measure_on(&"party_member".parse().unwrap(), day(on)).map(|m| m.by);
        assert_eq!((by("2023-12-31"), by("2024-01-01")), (Some(What::Admitted), Some(What::Received)));
        assert_eq!(programme.measures().count(), 3, "a version is no further measure");
    }

    #[test]
    fn a_version_from_the_day_of_the_last_one_or_before_would_change_its_rule() {
        let same_day = MeasureDefinition { by: What::Received, ..members("party_member") };
        city().then(&nq28()).when(&define(same_day)).refuses_at("from-too-early", "/measure/from");
    }

    #[test]
    fn a_measure_that_shows_parts_counts_new_ones_in_every_version() {
        let later = |flow, of_which: &[Trait]| MeasureDefinition {
            flow,
            of_which: of_which.to_vec(),
            from: day("2024-01-01"),
            ..members("party_member")
        };
        // The first version shows private business owners.
        let shown = city().then(&nq28());
        shown.clone().when(&define(later(Flow::Net, &[]))).refuses_at("measure-unfit", "/measure/flow");
        shown.clone().when(&define(later(Flow::Net, &[Trait::Women]))).refuses_at("measure-unfit", "/measure/of_which");
        shown.then(&define(later(Flow::Gross, &[])));
        let net = MeasureDefinition { flow: Flow::Net, of_which: vec![], ..members("net") };
        let parts = MeasureDefinition { measure: net.measure.clone(), ..later(Flow::Gross, &[Trait::Women]) };
        let counted = city().then(&nq28()).then(&define(net));
        counted.clone().when(&define(parts.clone())).refuses_at("measure-unfit", "/measure/of_which");
        counted.then(&define(MeasureDefinition { of_which: vec![], ..parts }));
    }

    #[test]
    fn a_further_measure_comes_last() {
        let programme =
            city().then(&nq28()).then(&define(members("youth_member"))).reference.programmes[&nq28().programme].clone();
        assert_eq!(programme.measures().last().map(|key| key.as_str()), Some("youth_member"));
    }

    #[test]
    fn a_measure_needs_its_programme_and_must_fit_together() {
        city().when(&define(members("party_member"))).refuses_at("programme-unknown", "/programme");
        let unfit = MeasureDefinition { by: What::Registered, ..members("youth_member") };
        city().then(&nq28()).when(&define(unfit)).refuses_at("measure-unfit", "/measure/by");
    }
}
