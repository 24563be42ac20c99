//! Opens a period of a programme.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Period;
use crate::{
    Context, Document, Event, EventBody, LocalDate, MeasureKey, PeriodKey, ProgrammeKey, Reference, Refusal, UnitId,
    guard::{known_measure, known_programme, lives_between},
};

/// Two terms of five years; a longer period is a typing error.
const DAYS_MAX: i32 = 3_653;

/// Opens a period of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenPeriod {
    /// The programme.
    pub programme: ProgrammeKey,
    /// Its key in paths, such as `2022`.
    pub period: PeriodKey,
    /// First day that counts.
    pub first_day: LocalDate,
    /// Last day that counts.
    pub last_day: LocalDate,
    /// For each measure the principal assigner: its targets make plan, status and k of n.
    pub principals: BTreeMap<MeasureKey, UnitId>,
    /// Whether a holder that submits nothing is `not_reported`.
    #[serde(default)]
    pub reports_required: bool,
    /// The paper it stands on.
    pub document: Document,
}

impl OpenPeriod {
    /// Once a key, of a programme that is there, beside its other periods, with assigners that exist in it.
    pub fn decide(&self, state: &Period, reference: &Reference, _context: &Context) -> Result<Vec<Event>, Refusal> {
        let programme = known_programme(reference, &self.programme)?;
        if state.opened().is_some() {
            return Err(Refusal::PeriodOpenAlready { period: self.period.clone() });
        }
        let (first_day, last_day) = (self.first_day, self.last_day);
        if last_day < first_day || last_day.to_days() - first_day.to_days() >= DAYS_MAX {
            return Err(Refusal::PeriodDaysUnfit { first_day, last_day });
        }
        let overlaps =
            |(_, other): &(_, &super::OpenedPeriod)| other.first_day <= last_day && first_day <= other.last_day;
        if let Some((period, other)) = reference.periods_of(&self.programme).find(overlaps) {
            let (first_day, last_day) = (other.first_day, other.last_day);
            return Err(Refusal::PeriodOverlaps { period: period.clone(), first_day, last_day });
        }
        for (measure, principal) in &self.principals {
            let at = || format!("/principals/{measure}");
            known_measure(programme, &self.programme, measure, at)?;
            lives_between(reference, *principal, (first_day, last_day), at)?;
        }
        let body = EventBody::PeriodOpened {
            programme: self.programme.clone(),
            period: self.period.clone(),
            first_day,
            last_day,
            principals: self.principals.clone(),
            reports_required: self.reports_required,
        };
        Ok(vec![Event { effective_on: first_day, body }])
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        programme::samples::{city, nq28},
        scenario::{Given, day, document, unit},
    };

    /// A year of the programme; the city's Party committee is the principal assigner of every measure.
    pub(crate) fn year(year: &str) -> OpenPeriod {
        let keys = ["union_org", "party_member", "party_org"];
        OpenPeriod {
            programme: "nq28".parse().unwrap(),
            period: year.parse().unwrap(),
            first_day: day(&format!("{year}-01-01")),
            last_day: day(&format!("{year}-12-31")),
            principals: keys.into_iter().map(|key| (key.parse().unwrap(), unit(1))).collect(),
            reports_required: false,
            document: document(&format!("{year}-01-04")),
        }
    }

    fn programme() -> Given {
        city().then(&nq28())
    }

    #[test]
    fn a_period_names_its_days_and_the_principal_assigner_of_each_measure() {
        let known = programme().then(&year("2022")).then(&year("2023")).reference;
        let (programme, period) = ("nq28".parse().unwrap(), "2022".parse().unwrap());
        let opened = known.period(&programme, &period).unwrap();
        assert!(opened.contains(day("2022-01-01")) && opened.contains(day("2022-12-31")));
        assert!(!opened.contains(day("2023-01-01")));
        assert_eq!(opened.capped(day("2023-05-01")), day("2022-12-31"));
        let nearest = ["2021-12-26", "2022-05-01", "2023-05-01"].map(|on| opened.nearest(day(on)).to_string());
        assert_eq!(nearest, ["2022-01-01", "2022-05-01", "2022-12-31"]);
        assert_eq!(known.principal(&programme, &period, &"party_org".parse().unwrap()), Some(unit(1)));
        assert_eq!(known.principal(&programme, &period, &"youth_org".parse().unwrap()), None);
        let keys: Vec<_> = known.periods_of(&programme).map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["2022", "2023"]);
    }

    #[test]
    fn a_period_is_opened_once_and_beside_the_others() {
        let given = programme().then(&year("2022"));
        given.when(&year("2022")).refuses_at("period-open-already", "/period");
        let half = OpenPeriod { period: "2022-h2".parse().unwrap(), last_day: day("2023-06-30"), ..year("2022") };
        given.when(&half).refuses_at("period-overlaps", "/first_day");
    }

    #[test]
    fn days_that_run_backwards_or_for_too_long_are_refused() {
        let backwards = OpenPeriod { last_day: day("2021-12-31"), ..year("2022") };
        programme().when(&backwards).refuses_at("period-days-unfit", "/last_day");
        let century = OpenPeriod { last_day: day("2122-12-31"), ..year("2022") };
        programme().when(&century).refuses("period-days-unfit");
        programme().then(&OpenPeriod { last_day: day("2022-01-01"), ..year("2022") });
    }

    #[test]
    fn a_principal_is_of_a_measure_and_a_unit_that_are_there() {
        let mut other = year("2022");
        other.principals.insert("of_another".parse().unwrap(), unit(1));
        programme().when(&other).refuses_at("measure-unknown", "/principals/of_another");
        let mut unknown = year("2022");
        unknown.principals.insert("party_org".parse().unwrap(), unit(99));
        programme().when(&unknown).refuses_at("unit-unknown", "/principals/party_org");
        let before_its_units = OpenPeriod { period: "2009".parse().unwrap(), ..year("2009") };
        programme().when(&before_its_units).refuses_at("unit-not-yet", "/principals/party_member");
        city().when(&year("2022")).refuses_at("programme-unknown", "/programme");
    }
}
