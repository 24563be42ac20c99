//! What the results pages are asked for by their address: which programme, which period, and as of when.

use domain::{
    LocalDate, PeriodKey, ProgrammeKey, Reference,
    fold::{Lens, TallyRefusal},
    period::OpenedPeriod,
};
use kit::Problem;
use serde::Deserialize;

use crate::{
    Portal,
    answers::{PeriodOf, unknown},
    api::{
        key,
        tallies::{known_of, lens},
    },
    asked::{Asked, Known},
    columns::Columns,
    pages::day_field,
    words::Words,
};

/// Days into a new period during which people still ask for the last one.
const REVIEW_DAYS: i32 = 31;

#[derive(Clone, Default, Deserialize)]
pub(crate) struct Params {
    programme: Option<String>,
    /// The programme that the form showed, whose period it sends.
    shown: Option<String>,
    period: Option<String>,
    valid: Option<String>,
    known: Option<String>,
    lens: Option<String>,
    /// The day whose units are wanted, of the lens `restated`.
    to: Option<String>,
    /// The allocation key by which it divides what cannot be placed.
    pub(super) key: Option<String>,
    since: Option<String>,
    compare: Option<String>,
}

impl Params {
    pub(super) fn is_restated(&self) -> bool {
        self.lens.as_deref() == Some(Lens::Restated.word())
    }

    pub(super) fn without_lens(&self) -> Self {
        Self { lens: None, ..self.clone() }
    }

    /// The day whose units are wanted.
    pub(super) fn units_of(&self) -> Result<Option<LocalDate>, Problem> {
        filled(&self.to).map(|text| day_field("to", &text)).transpose()
    }

    pub(super) fn columns(&self) -> Result<Columns, Problem> {
        let since = filled(&self.since).map(|text| day_field("since", &text)).transpose()?;
        Columns::asked(since, filled(&self.compare).as_deref())
    }
}

/// A programme to choose.
pub(super) struct Choice {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) is_shown: bool,
}

/// Programmes in the order of their keys.
pub(super) fn programmes(w: Words, reference: &Reference, shown: &ProgrammeKey) -> Vec<Choice> {
    let established = reference.programmes.iter().filter(|(_, programme)| programme.is_established());
    let choice = |(key, programme): (&ProgrammeKey, &domain::programme::Programme)| Choice {
        key: key.to_string(),
        name: programme.name(w.0).to_owned(),
        is_shown: key == shown,
    };
    established.map(choice).collect()
}

pub(super) fn asked(portal: &Portal, params: &Params) -> Result<Asked, Problem> {
    let reference = portal.reference();
    let today = portal.today();
    let programme: Option<ProgrammeKey> = filled(&params.programme).map(|text| key(&text)).transpose()?;
    if let Some(missing) = programme.as_ref().filter(|key| !reference.programmes.contains_key(*key)) {
        return Err(unknown(&TallyRefusal::ProgrammeUnknown(missing.clone())));
    }
    let period: Option<PeriodKey> = filled(&params.period).map(|text| key(&text)).transpose()?;
    let programme =
        programme.or_else(|| usual_programme(&reference, period.as_ref(), today)).ok_or_else(nothing_yet)?;
    // The form shows the periods of one programme: who chooses another there has not asked for this period of it.
    let is_of_another = filled(&params.shown).is_some_and(|shown| shown != programme.as_str())
        && period.as_ref().is_none_or(|period| reference.period(&programme, period).is_none());
    if is_of_another {
        let period = usual_period(&reference, &programme, today).ok_or_else(nothing_yet)?;
        let lens = filled(&params.lens).map(|name| lens(&name)).transpose()?;
        return Ok(Asked { of: PeriodOf { programme, period }, valid: None, known: Known::Now, lens });
    }
    let period = period.or_else(|| usual_period(&reference, &programme, today)).ok_or_else(nothing_yet)?;
    let of = PeriodOf { programme, period };
    let valid = filled(&params.valid).map(|text| day_field("valid", &text)).transpose()?;
    let known = known_of(filled(&params.known).as_deref(), &of)?;
    let lens = filled(&params.lens).map(|name| lens(&name)).transpose()?;
    Ok(Asked { of, valid, known, lens })
}

fn filled(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn nothing_yet() -> Problem {
    Problem::new(
        kit::problem::NOT_FOUND,
        "Sổ chưa có chương trình hoặc kỳ nào. Quản trị lập chương trình và mở kỳ trước.",
        "The ledger has no programme or period yet. An administrator establishes them first.",
    )
}

/// The programme that is meant where none is named: of those that have the period, where one is named, the one with a period that is open
/// today, else one of which a period has begun, else one that has any. Among several alike it is the first by its key, so that the page is
/// the same every day until a period ends.
fn usual_programme(reference: &Reference, period: Option<&PeriodKey>, today: LocalDate) -> Option<ProgrammeKey> {
    let is_open = |of: &OpenedPeriod| of.contains(today) && of.standing.closed_on(today).is_none();
    let place = |programme: &ProgrammeKey| {
        let any = |is: &dyn Fn(&OpenedPeriod) -> bool| reference.periods_of(programme).any(|(_, of)| is(of));
        let has_it = period.is_none_or(|period| reference.period(programme, period).is_some());
        (!has_it, !any(&is_open), !any(&|of| of.first_day <= today), !any(&|_| true))
    };
    let established = reference.programmes.iter().filter(|(_, programme)| programme.is_established());
    // Of equals the first is taken, and they stand in the order of their keys.
    established.map(|(key, _)| key).min_by_key(|key| place(key)).cloned()
}

/// The period of today; in its first month still the one before, which is being reviewed.
fn usual_period(reference: &Reference, programme: &ProgrammeKey, today: LocalDate) -> Option<PeriodKey> {
    let mut periods: Vec<_> = reference.periods_of(programme).collect();
    periods.sort_by_key(|(_, period)| period.first_day);
    let begun: Vec<_> = periods.iter().filter(|(_, period)| period.first_day <= today).collect();
    let settled = begun.iter().rfind(|(_, period)| today.to_days() - period.first_day.to_days() >= REVIEW_DAYS);
    settled.or_else(|| begun.last()).copied().or_else(|| periods.first()).map(|(key, _)| (*key).clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{Event, EventBody, Position, UnitId};

    use super::*;

    fn apply(reference: &mut Reference, body: EventBody) {
        let on = LocalDate::new(2021, 1, 1).unwrap();
        reference.apply(Position(1), &Event { effective_on: on, body });
    }

    fn with(periods: &[(&str, &str)]) -> Reference {
        let mut reference = Reference::default();
        for (programme, year) in periods {
            let established = EventBody::ProgrammeEstablished {
                programme: programme.parse().unwrap(),
                name_vi: (*programme).to_owned(),
                name_en: (*programme).to_owned(),
                issuer: UnitId(uuid::Uuid::nil()),
                host_kinds: Vec::new(),
            };
            apply(&mut reference, established);
            let opened = EventBody::PeriodOpened {
                programme: programme.parse().unwrap(),
                period: year.parse().unwrap(),
                first_day: format!("{year}-01-01").parse().unwrap(),
                last_day: format!("{year}-12-31").parse().unwrap(),
                principals: BTreeMap::new(),
                reports_required: false,
            };
            apply(&mut reference, opened);
        }
        reference
    }

    #[test]
    fn the_programme_with_a_period_open_today_comes_first_and_of_several_the_first_key() {
        let check = |periods: &[(&str, &str)], period: Option<&str>, want: &str| {
            let period = period.map(|period| period.parse().unwrap());
            let today = "2025-06-15".parse().unwrap();
            let usual = usual_programme(&with(periods), period.as_ref(), today).unwrap();
            assert_eq!(usual.as_str(), want, "{periods:?} {period:?}");
        };
        check(&[("a1", "2022"), ("nq28", "2025")], None, "nq28");
        check(&[("a1", "2025"), ("nq28", "2025")], None, "a1");
        check(&[("a1", "2026"), ("nq28", "2022")], None, "nq28");
        check(&[("a1", "2025"), ("nq28", "2022")], Some("2022"), "nq28");
        check(&[("a1", "2022"), ("nq28", "2022"), ("nq28", "2025")], Some("2022"), "nq28");
    }
}
