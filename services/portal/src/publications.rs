//! Publications: what was printed, beside the ledger as it was known when it was printed, and as it is known by now.

use std::collections::BTreeSet;

use domain::{
    Actor, EventBody, Kind, LocalDate, PeriodKey, Position, ProgrammeKey, PublicationId, Record, Role, StreamId,
    Timestamp, UnitId,
    claims::{Claim, Finding, Ledger, Unread, judge, read_passages},
    fold::{AsOf, Lens},
    period::Closing,
    publication::Printed,
};
use journal::Listed;
use kit::Problem;
use serde::Serialize;

use crate::{
    Portal,
    answers::{PeriodOf, Point, decoded, read_problem},
    asked::{Asked, Known},
    scope::{Scope, not_seen},
};

/// A publication without its sentences.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PublicationCase {
    pub(crate) publication: PublicationId,
    #[schema(value_type = String)]
    pub(crate) stream: StreamId,
    /// The record that holds what was printed.
    pub(crate) position: Position,
    pub(crate) recorded_at: Timestamp,
    /// The office that recorded it.
    pub(crate) office: UnitId,
    pub(crate) outlet: String,
    /// As printed.
    pub(crate) title: String,
    pub(crate) printed: Printed,
    /// The local day.
    pub(crate) printed_on: LocalDate,
    pub(crate) place: Option<String>,
    pub(crate) programme: Option<ProgrammeKey>,
    pub(crate) period: Option<PeriodKey>,
    pub(crate) replaces: Option<PublicationId>,
    /// Later editions that say that they replace it, were not withdrawn, and are seen.
    pub(crate) replaced_by: Vec<PublicationId>,
    /// The record by which it was withdrawn.
    pub(crate) withdrawn_at: Option<Position>,
}

/// A sentence as printed, what is read out of it, and how that stands.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PassageCompared {
    /// Byte for byte as it was recorded.
    pub(crate) text: String,
    pub(crate) claims: Vec<ClaimCompared>,
    /// What looks like a figure of a claim and is not read as one.
    pub(crate) unread: Vec<Unread>,
}

/// A claim, its figures against each other, and against the ledger at two times.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ClaimCompared {
    /// `span` counts bytes of the sentence.
    #[serde(flatten)]
    pub(crate) claim: Claim,
    /// Its figures against each other.
    pub(crate) arithmetic: Finding,
    /// Against what its writer could know.
    pub(crate) then: Finding,
    /// Against what is known by now.
    pub(crate) now: Finding,
}

/// What claims were compared with.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Side {
    /// Position, day and lens; none when there was nothing to compare with.
    pub(crate) as_of: Option<AsOf>,
    pub(crate) judged_on: Option<LocalDate>,
    /// The closing by which the period was closed.
    pub(crate) closing: Option<Closing>,
    /// The ledger has gone on past it, so it stays so.
    pub(crate) settled: bool,
    /// Why there was nothing to compare with.
    pub(crate) absent: Option<Absent>,
}

/// Why claims cannot be compared with anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Absent {
    /// Printed before the first record.
    BeforeTheLedger,
    /// Printed when the period was not opened yet.
    PeriodNotOpen,
    /// The publication names no period.
    NoPeriod,
}

/// A publication with everything that is known of it.
pub(crate) struct Found {
    pub(crate) case: PublicationCase,
    pub(crate) sentences: Vec<String>,
    /// Through whose eyes it is compared.
    pub(crate) scope: Scope,
    pub(crate) then: Compared,
    pub(crate) now: Compared,
}

/// A point of the ledger to compare with, if there is one.
pub(crate) struct Compared {
    pub(crate) point: Result<Point, Absent>,
    pub(crate) settled: bool,
}

impl Portal {
    /// Those of a page that are seen, in the order in which they were recorded, and after which position the next page begins.
    pub(crate) async fn publications(
        &self,
        (after, known): (Position, Position),
        wanted: impl Fn(&Listed) -> bool,
        scope: &Scope,
        limit: usize,
    ) -> Result<(Vec<PublicationCase>, Option<Position>), Problem> {
        self.followed(known).await?;
        let (reference, today) = (self.reference(), self.today());
        let seen = |listed: &&Listed| wanted(listed) && scope.covers(&reference.structure, listed.office, today);
        // One more than a page shows whether there is another.
        let mut listed: Vec<Listed> =
            self.deps.live.publications().between(after, known).filter(seen).take(limit + 1).cloned().collect();
        let next_after = (listed.len() > limit).then(|| {
            listed.truncate(limit);
            listed.last().map(|last| last.position)
        });
        let records = self.records_of_publications(&listed).await?;
        // What is seen was asked of the index, which keeps each one's office.
        let cases =
            listed.iter().zip(&records).map(|(listed, record)| self.publication_case(listed, record, known, scope));
        let cases = cases.map(|found| found.map(|(case, _)| case)).collect::<Result<_, _>>()?;
        Ok((cases, next_after.flatten()))
    }

    /// The records of those listed, in their order; those that lie beside each other are read at once.
    async fn records_of_publications(&self, listed: &[Listed]) -> Result<Vec<Record>, Problem> {
        let mut records = Vec::with_capacity(listed.len());
        while let Some(next) = listed.get(records.len()) {
            let before = Position(next.position.0.saturating_sub(1));
            let read = self.deps.journal.read(before, listed.len() - records.len(), &[Kind::Publication]).await;
            let read = read.map_err(|error| read_problem(&error))?;
            let begun = records.len();
            for stored in &read {
                // Others between them are withdrawals, or were not asked for.
                if listed.get(records.len()).is_some_and(|next| next.position == stored.position) {
                    records.push(decoded(stored).map_err(|error| read_problem(&error))?);
                }
            }
            if records.len() == begun {
                return Err(not_seen());
            }
        }
        Ok(records)
    }

    /// A publication as it stands at a position of the ledger, with what its claims are compared with.
    pub(crate) async fn publication(
        &self,
        publication: PublicationId,
        known: (Known, Position),
        scope: &Scope,
    ) -> Result<Found, Problem> {
        self.reference_at(known.1).await?;
        let listed = self.deps.live.publications().get(publication, known.1).cloned().ok_or_else(not_seen)?;
        let record = self.record(listed.position, scope).await?.ok_or_else(not_seen)?;
        let (case, sentences) = self.publication_case(&listed, &record, known.1, scope)?;
        let of = listed.about.map(|(programme, period)| PeriodOf { programme, period });
        let (then, now) = match of {
            None => (Compared::absent(Absent::NoPeriod, true), Compared::absent(Absent::NoPeriod, true)),
            Some(of) => (self.as_printed(&of, listed.printed).await?, self.as_known_by(&of, known.0).await?),
        };
        Ok(Found { case, sentences, scope: self.eyes(&record), then, now })
    }

    fn publication_case(
        &self,
        listed: &Listed,
        record: &Record,
        known: Position,
        scope: &Scope,
    ) -> Result<(PublicationCase, Vec<String>), Problem> {
        let sees = |by: &Listed| scope.covers(&self.reference().structure, by.office, self.today());
        let replaced_by: BTreeSet<PublicationId> = {
            let publications = self.deps.live.publications();
            publications.replacing(listed.publication, known).filter(|by| sees(by)).map(|by| by.publication).collect()
        };
        let printed = record.events.iter().find_map(|event| match &event.body {
            EventBody::FiguresPublished { outlet, title, place, sentences, .. } => {
                Some((outlet.clone(), title.clone(), place.clone(), sentences.clone()))
            }
            _ => None,
        });
        let (outlet, title, place, sentences) = printed.ok_or_else(not_seen)?;
        let (programme, period) = listed.about.clone().unzip();
        let case = PublicationCase {
            publication: listed.publication,
            stream: StreamId::new(Kind::Publication, listed.publication.0),
            position: listed.position,
            recorded_at: record.recorded_at,
            office: listed.office,
            outlet,
            title,
            printed: listed.printed,
            printed_on: listed.printed.day(),
            place,
            programme,
            period,
            replaces: listed.replaces,
            replaced_by: replaced_by.into_iter().collect(),
            withdrawn_at: listed.withdrawn_at.filter(|at| *at <= known),
        };
        Ok((case, sentences))
    }

    /// Compared is what the office that recorded it sees, whoever did so there, which whoever sees the publication sees as well: so everybody is
    /// told the same.
    fn eyes(&self, record: &Record) -> Scope {
        self.scope(&Actor { role: Role::Supervisor, ..record.actor })
    }

    /// What a reader of that day would have seen: of a closed period what was reported, else what was known.
    async fn as_printed(&self, of: &PeriodOf, printed: Printed) -> Result<Compared, Problem> {
        // A day that is not over is known as far as it has come.
        let until = printed.known_until().min(self.deps.live.now());
        let at = self.known_at(until).await?;
        if at.position == Position::START {
            return Ok(Compared::absent(Absent::BeforeTheLedger, at.settled));
        }
        let position = at.position.min(self.deps.tallies.position());
        let reference = self.reference_at(position).await?;
        let Some(period) = reference.period(&of.programme, &of.period) else {
            return Ok(Compared::absent(Absent::PeriodNotOpen, at.settled));
        };
        let (known, lens) = match period.standing.closed_on(printed.day()) {
            Some(closing) => (Known::Closing(closing.number), Lens::AsReported),
            None => (Known::AtTime(until), Lens::AsKnown),
        };
        let asked = Asked { of: of.clone(), valid: None, known, lens: Some(lens) };
        Ok(Compared { point: Ok(self.resolve(&asked).await?), settled: at.settled && at.position == position })
    }

    async fn as_known_by(&self, of: &PeriodOf, known: Known) -> Result<Compared, Problem> {
        let asked = Asked { of: of.clone(), valid: None, known, lens: Some(Lens::AsKnown) };
        let point = self.resolve(&asked).await?;
        let settled = point.settled == Some(true);
        Ok(Compared { point: Ok(point), settled })
    }

    /// The sentences with what is found of each claim.
    pub(crate) fn compare(&self, found: &Found) -> Result<Vec<PassageCompared>, Problem> {
        let (then, now) = (self.ledger_at(&found.then, &found.scope)?, self.ledger_at(&found.now, &found.scope)?);
        let readings = read_passages(&found.sentences);
        // Judged together: what one sentence says of units is held against the ratio of another.
        let all: Vec<Claim> = readings.iter().flat_map(|reading| reading.claims.iter().cloned()).collect();
        let later = judge(all.clone(), now.as_ref()).into_iter().map(|judged| judged.ledger);
        let mut judged = judge(all, then.as_ref()).into_iter().zip(later).map(|(judged, now)| ClaimCompared {
            claim: judged.claim,
            arithmetic: judged.arithmetic,
            then: judged.ledger.unwrap_or(Finding::NOT_IN_DATA),
            now: now.unwrap_or(Finding::NOT_IN_DATA),
        });
        let texts = found.sentences.iter().cloned();
        let passages = texts.zip(readings).map(|(text, reading)| PassageCompared {
            text,
            claims: judged.by_ref().take(reading.claims.len()).collect(),
            unread: reading.unread,
        });
        Ok(passages.collect())
    }

    fn ledger_at(&self, compared: &Compared, scope: &Scope) -> Result<Option<Ledger>, Problem> {
        let Ok(point) = &compared.point else { return Ok(None) };
        Ok(Some(Ledger::from(&self.tally(point, scope)?)))
    }

    /// What was compared with, as an answer says it.
    pub(crate) async fn side(&self, compared: &Compared) -> Result<Side, Problem> {
        let settled = compared.settled;
        let point = match &compared.point {
            Ok(point) => point,
            Err(absent) => {
                return Ok(Side { as_of: None, judged_on: None, closing: None, settled, absent: Some(*absent) });
            }
        };
        let query = &point.query;
        let period = point.reference.period(&query.programme, &query.period);
        let as_of = AsOf {
            valid: query.valid,
            known_position: point.position(),
            known_at: self.recorded_at(point.position()).await?,
            lens: point.lens,
        };
        let closing = period.and_then(|period| period.standing.closed_on(query.judged_on));
        Ok(Side { as_of: Some(as_of), judged_on: Some(query.judged_on), closing, settled, absent: None })
    }
}

impl Compared {
    const fn absent(why: Absent, settled: bool) -> Self {
        Self { point: Err(why), settled }
    }
}
