//! What a tally is asked, and why there may be no answer.

use crate::{LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, Reference};

/// A question about one period of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyQuery {
    pub programme: ProgrammeKey,
    pub period: PeriodKey,
    /// The day it holds on; taken as the period's last when it is later.
    pub valid: LocalDate,
    /// The day against which due days are held.
    pub judged_on: LocalDate,
    /// Facts after it are not known; the reference has to be folded to it by the caller. `None`: everything.
    pub known: Option<Position>,
}

impl TallyQuery {
    /// The committee that issued the programme, by its name on a day.
    pub(super) fn whole_of(&self, reference: &Reference, on: LocalDate) -> Option<String> {
        let issuer = reference.programme(&self.programme)?.issuer()?;
        reference.structure.name_on(issuer, on).map(str::to_owned)
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TallyRefusal {
    #[error("there is no programme `{0}`")]
    ProgrammeUnknown(ProgrammeKey),
    #[error("programme `{0}` has no open period `{1}`")]
    PeriodUnknown(ProgrammeKey, PeriodKey),
    #[error("programme `{0}` has no measure `{1}` in this period")]
    MeasureUnknown(ProgrammeKey, MeasureKey),
}
