//! A programme: a resolution, what it covers, and its measures by version.

mod define_measure;
mod establish_programme;
mod fit;
#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod samples;

pub use define_measure::*;
pub use establish_programme::*;

use serde::{Deserialize, Serialize};

use crate::{
    Event, EventBody, HostKind, Lang, LocalDate, MeasureKey, Membership, OrganisationKind, Timeline, Trait, UnitId,
    What,
};

/// One version of a measure. The version in force on a case's own day binds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MeasureDefinition {
    pub measure: MeasureKey,
    pub name_vi: String,
    pub name_en: String,
    /// `tổ chức`, `đảng viên`; printed after a count.
    pub noun_vi: String,
    /// First day on which this version holds.
    pub from: LocalDate,
    /// By which happening, and so by which date, it counts: `founded`, `recognised`, `admitted`, `received` or `made_official`.
    pub by: What,
    /// `gross` by `received` and by `made_official`: who leaves may never have been either.
    pub flow: Flow,
    /// Kinds of organisation that count; empty for a measure of members.
    #[serde(default)]
    pub organisation_kinds: Vec<OrganisationKind>,
    /// Memberships that count; empty for a measure of organisations.
    #[serde(default)]
    pub memberships: Vec<Membership>,
    /// Host kinds in scope.
    pub host_kinds: Vec<HostKind>,
    /// Dimensions shown as "of which"; of members, and only where every version counts `gross`: of a difference the parts may be more than the
    /// whole.
    #[serde(default)]
    pub of_which: Vec<Trait>,
}

/// What a measure does with comings and goings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// New ones in the period. Targets use it.
    Gross,
    /// Comings less goings in the period.
    Net,
    /// What there is, registered ones included, on the day asked about.
    Stock,
}

/// State of a programme: what it is, and its measures, each with its versions from a day on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programme {
    established: Option<Established>,
    /// In the order in which they were first defined.
    measures: Vec<(MeasureKey, Timeline<MeasureDefinition>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Established {
    name_vi: String,
    name_en: String,
    issuer: UnitId,
    host_kinds: Vec<HostKind>,
}

impl Programme {
    pub fn evolve(&mut self, event: &Event) {
        match &event.body {
            EventBody::ProgrammeEstablished { name_vi, name_en, issuer, host_kinds, .. } => {
                self.established = Some(Established {
                    name_vi: name_vi.clone(),
                    name_en: name_en.clone(),
                    issuer: *issuer,
                    host_kinds: host_kinds.clone(),
                });
            }
            EventBody::MeasureDefined { measure, .. } => {
                self.versions_mut(&measure.measure).set(measure.from, measure.clone())
            }
            _ => {}
        }
    }

    fn versions_mut(&mut self, key: &MeasureKey) -> &mut Timeline<MeasureDefinition> {
        let place = self.measures.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
            self.measures.push((key.clone(), Timeline::default()));
            self.measures.len() - 1
        });
        &mut self.measures[place].1
    }

    pub const fn is_established(&self) -> bool {
        self.established.is_some()
    }

    pub fn name(&self, lang: Lang) -> &str {
        self.established.as_ref().map_or("", |e| match lang {
            Lang::Vi => &e.name_vi,
            Lang::En => &e.name_en,
        })
    }

    /// The committee that issued it.
    pub fn issuer(&self) -> Option<UnitId> {
        self.established.as_ref().map(|e| e.issuer)
    }

    /// The host kinds that it covers.
    pub fn host_kinds(&self) -> &[HostKind] {
        self.established.as_ref().map_or(&[], |e| &e.host_kinds)
    }

    /// Keys of its measures, in the order in which they were first defined.
    pub fn measures(&self) -> impl Iterator<Item = &MeasureKey> {
        self.measures.iter().map(|(key, _)| key)
    }

    pub fn has_measure(&self, key: &MeasureKey) -> bool {
        self.versions(key).is_some()
    }

    /// Versions of a measure, each from a day on.
    pub fn versions(&self, key: &MeasureKey) -> Option<&Timeline<MeasureDefinition>> {
        self.measures.iter().find(|(known, _)| known == key).map(|(_, versions)| versions)
    }

    /// The version in force on a day: it binds the cases of that day.
    pub fn measure_on(&self, key: &MeasureKey, day: LocalDate) -> Option<&MeasureDefinition> {
        self.versions(key)?.at(day)
    }
}

impl MeasureDefinition {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.name_vi,
            Lang::En => &self.name_en,
        }
    }
}
