//! Establishes a programme: a resolution with its measures.

use serde::{Deserialize, Serialize};

use super::{
    MeasureDefinition, Programme,
    fit::{NAME_MAX_CHARS, Scope, fitting},
};
use crate::{
    Context, Document, Event, EventBody, HostKind, ProgrammeKey, Reference, Refusal, UnitId,
    guard::{each_once, known_unit, line_of_text, list_fits},
};

const MEASURES_MAX: usize = 50;

/// Establishes a programme: a resolution with its measures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EstablishProgramme {
    /// Its key in paths.
    pub programme: ProgrammeKey,
    /// 1 to 200 characters.
    pub name_vi: String,
    /// 1 to 200 characters.
    pub name_en: String,
    /// The committee that issued it.
    pub issuer: UnitId,
    /// What it covers.
    pub host_kinds: Vec<HostKind>,
    /// 1 to 50.
    pub measures: Vec<MeasureDefinition>,
    /// The paper it stands on.
    pub document: Document,
}

impl EstablishProgramme {
    /// Once a key, by a unit that is known, with measures inside what it covers.
    pub fn decide(&self, state: &Programme, reference: &Reference, _context: &Context) -> Result<Vec<Event>, Refusal> {
        let programme = self.programme.clone();
        if state.is_established() {
            return Err(Refusal::ProgrammeEstablishedAlready { programme });
        }
        let name_vi = line_of_text(&self.name_vi, NAME_MAX_CHARS, "/name_vi")?;
        let name_en = line_of_text(&self.name_en, NAME_MAX_CHARS, "/name_en")?;
        known_unit(self.issuer, reference, "/issuer")?;
        list_fits(self.host_kinds.len(), 1, HostKind::ALL.len(), "/host_kinds")?;
        each_once(&self.host_kinds, || "/host_kinds".to_owned())?;
        let measures = self.measures()?;
        let (issuer, host_kinds) = (self.issuer, self.host_kinds.clone());
        let established =
            EventBody::ProgrammeEstablished { programme: programme.clone(), name_vi, name_en, issuer, host_kinds };
        let first = Event { effective_on: self.document.date, body: established };
        let defined = measures.into_iter().map(|measure| Event {
            effective_on: measure.from,
            body: EventBody::MeasureDefined { programme: programme.clone(), measure },
        });
        Ok(std::iter::once(first).chain(defined).collect())
    }

    fn measures(&self) -> Result<Vec<MeasureDefinition>, Refusal> {
        list_fits(self.measures.len(), 1, MEASURES_MAX, "/measures")?;
        let keys: Vec<_> = self.measures.iter().map(|measure| &measure.measure).collect();
        each_once(&keys, || "/measures".to_owned())?;
        let scope = Scope { programme: &self.programme, host_kinds: &self.host_kinds };
        let measures = self.measures.iter().enumerate();
        measures.map(|(i, measure)| fitting(measure, scope, &format!("/measures/{i}"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;
    use crate::{
        Lang, Membership, OrganisationKind, Trait, What,
        programme::{
            Flow,
            samples::{city, members, nq28, organisations},
        },
        scenario::{day, unit},
    };

    #[test]
    fn a_programme_keeps_its_measures_in_the_order_in_which_they_are_listed() {
        let programme = city().then(&nq28()).reference.programmes[&nq28().programme].clone();
        let keys: Vec<_> = programme.measures().map(|key| key.as_str().to_owned()).collect();
        assert_eq!(keys, ["union_org", "party_member", "party_org"]);
        assert_eq!(programme.name(Lang::Vi), "Nghị quyết 28-NQ/TU");
        assert_eq!(programme.issuer(), Some(unit(1)));
        assert_eq!(programme.host_kinds(), [HostKind::PrivateEnterprise, HostKind::Cooperative]);
        let members = programme.measure_on(&"party_member".parse().unwrap(), day("2022-12-31"));
        assert_eq!(members.map(|m| m.by), Some(What::Admitted));
        assert_eq!(programme.measure_on(&"party_member".parse().unwrap(), day("2009-11-09")), None);
    }

    #[test]
    fn a_programme_is_established_once_by_a_known_unit() {
        city().then(&nq28()).when(&nq28()).refuses_at("programme-established-already", "/programme");
        city().when(&EstablishProgramme { issuer: unit(99), ..nq28() }).refuses_at("unit-unknown", "/issuer");
    }

    #[test]
    fn names_are_stored_composed() {
        let decomposed: String = " Nghị quyết  28 ".nfd().collect();
        let known = city().then(&EstablishProgramme { name_vi: decomposed, ..nq28() }).reference;
        assert_eq!(known.programmes[&nq28().programme].name(Lang::Vi), "Nghị quyết 28");
        city().when(&EstablishProgramme { name_en: String::new(), ..nq28() }).refuses_at("text-unfit", "/name_en");
    }

    #[test]
    fn a_measure_that_could_never_count_is_refused_at_the_field_to_blame() {
        type Change = fn(&mut MeasureDefinition);
        let check = |measure: MeasureDefinition, change: Change, slug: &str, field: &str| {
            let mut measure = measure;
            change(&mut measure);
            let command = EstablishProgramme { measures: vec![members("youth_member"), measure], ..nq28() };
            city().when(&command).refuses_at(slug, &format!("/measures/1/{field}"));
        };
        let orgs = || organisations("party_org", What::Founded, &[OrganisationKind::PartyCellGrassroots]);
        check(orgs(), |m| m.organisation_kinds.clear(), "measure-unfit", "organisation_kinds");
        check(orgs(), |m| m.by = What::Admitted, "measure-unfit", "organisation_kinds");
        check(orgs(), |m| m.by = What::Recognised, "measure-unfit", "organisation_kinds");
        check(
            orgs(),
            |m| m.organisation_kinds = vec![OrganisationKind::GrassrootsUnion],
            "measure-unfit",
            "organisation_kinds",
        );
        check(orgs(), |m| m.by = What::Dissolved, "measure-unfit", "by");
        let official = || MeasureDefinition { by: What::MadeOfficial, ..members("recognised") };
        check(official(), |m| m.memberships.push(Membership::YouthUnion), "measure-unfit", "memberships");
        check(official(), |m| m.flow = Flow::Net, "measure-unfit", "flow");
        check(official(), |m| m.flow = Flow::Stock, "measure-unfit", "flow");
        let received = || MeasureDefinition { by: What::Received, of_which: vec![], ..members("received") };
        check(received(), |m| m.flow = Flow::Net, "measure-unfit", "flow");
        check(received(), |m| m.flow = Flow::Stock, "measure-unfit", "flow");
        check(members("net"), |m| m.flow = Flow::Net, "measure-unfit", "of_which");
        check(members("stock"), |m| m.flow = Flow::Stock, "measure-unfit", "of_which");
        check(orgs(), |m| m.of_which = vec![Trait::Women], "measure-unfit", "of_which");
        check(orgs(), |m| m.memberships = vec![Membership::Party], "measure-unfit", "memberships");
        check(members("party_member"), |m| m.memberships.clear(), "measure-unfit", "memberships");
        check(members("party_member"), |m| m.by = What::Founded, "measure-unfit", "memberships");
        check(members("party_member"), |m| m.host_kinds.clear(), "measure-unfit", "host_kinds");
        check(
            members("party_member"),
            |m| m.host_kinds = vec![HostKind::StateAgency],
            "host-kind-outside-programme",
            "host_kinds/0",
        );
        check(members("party_member"), |m| m.of_which = vec![Trait::Women, Trait::Women], "listed-twice", "of_which");
        check(members("party_member"), |m| m.noun_vi = "x".repeat(41), "text-unfit", "noun_vi");
    }

    #[test]
    fn a_key_names_one_measure() {
        let twice = EstablishProgramme { measures: vec![members("party_member"), members("party_member")], ..nq28() };
        city().when(&twice).refuses_at("listed-twice", "/measures");
        city().when(&EstablishProgramme { measures: vec![], ..nq28() }).refuses_at("list-length-unfit", "/measures");
    }
}
