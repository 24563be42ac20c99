//! On which day, and up to which position, a list or a detail is asked for.

use domain::{LocalDate, Position, Reference};
use kit::{
    Problem,
    http::{ETag, etag},
};
use serde::Serialize;

use crate::{
    Portal,
    api::{Keep, tallies, trail::unreadable},
    asked::Known,
    scope::Scope,
};

/// Grows whenever the same records are told in another way.
const VERSION: u32 = 1;

/// A day and a position, with everything resolved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) valid: LocalDate,
    pub(crate) known: Position,
    asked: Known,
    /// Set when the question named a position or an instant.
    pub(crate) settled: Option<bool>,
}

/// As of when an answer is.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct MomentShown {
    /// What took effect up to this day.
    valid: LocalDate,
    /// What was recorded up to this position.
    known_position: Position,
    /// Only when `known` was given: whether the same question gets the same answer for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<bool>,
}

/// Up to where an answer reads the ledger, where no day decides anything.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct KnownShown {
    /// What was recorded up to this position.
    pub(crate) known_position: Position,
    /// Only when `known` was given: whether the same question gets the same answer for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) settled: Option<bool>,
}

impl Portal {
    /// Everything that is known, on the day of today, or on the day on which what is asked about was known.
    pub(crate) async fn moment(&self, valid: Option<LocalDate>, known: Option<&str>) -> Result<Moment, Problem> {
        let asked = self.moment_of(known)?;
        let tip = self.tip_for(asked).await?;
        let (known, settled) = self.position_of(asked, tip).await?;
        let valid = match valid {
            Some(valid) => valid,
            None => self.day_of(asked).await?,
        };
        Ok(Moment { valid, known, asked, settled })
    }

    /// The same of what is looked up in the trail's view: no further than that has come.
    ///
    /// # Errors
    /// The view has not come to what is asked about.
    pub(crate) async fn listed_moment(&self, valid: Option<LocalDate>, known: Option<&str>) -> Result<Moment, Problem> {
        let moment = self.moment(valid, known).await?;
        let reached = self.deps.trail.position().await.map_err(|error| unreadable(&error))?;
        match moment.asked {
            Known::Now => Ok(Moment { known: moment.known.min(reached), ..moment }),
            _ if reached < moment.known => Err(self.trail_behind(moment.known, reached)),
            _ => Ok(moment),
        }
    }
}

impl Moment {
    /// Of what reference data alone decide: asked about as it is now, up to their last record, since those behind it change no answer.
    pub(crate) fn of_reference(self, reference: &Reference) -> Self {
        let known = if self.asked == Known::Now { reference.position } else { self.known };
        Self { known, ..self }
    }

    pub(crate) const fn shown(&self) -> MomentShown {
        MomentShown { valid: self.valid, known_position: self.known, settled: self.settled }
    }

    pub(crate) const fn known_shown(&self) -> KnownShown {
        KnownShown { known_position: self.known, settled: self.settled }
    }

    /// How long the answer may be kept: for ever only for a position, as seen from the root; what is under an office may change.
    pub(crate) fn keep(&self, scope: &Scope) -> Keep {
        match (self.asked, self.settled, scope) {
            (Known::At(_), Some(true), Scope::All) => Keep::Long,
            _ => Keep::Revalidate,
        }
    }

    /// Of an answer that these parts decide beside the moment and who may see what.
    pub(crate) async fn tag(&self, portal: &Portal, scope: &Scope, parts: &[&str]) -> Result<ETag, Problem> {
        let of = [
            VERSION.to_string(),
            self.valid.to_string(),
            portal.placed(self.known).await?,
            format!("{:?}", self.settled),
            tallies::seen(portal, scope).await?,
        ];
        Ok(etag(&of.iter().map(String::as_str).chain(parts.iter().copied()).collect::<Vec<_>>()))
    }
}
