//! Lists of cases, page by page: streams of one kind, in the order in which they began.

use domain::{Kind, Position, Record, StreamId};
use kit::Problem;
use serde::Serialize;

use crate::{
    Portal,
    answers::{decoded, read_problem},
    api::trail::unreadable,
    case::{Case, Records, records_of},
    moment::Moment,
    scope::Scope,
};

/// Records looked at for one page, however few of them match.
const SCAN_MAX: usize = 4_096;
const READ: usize = 512;

/// A page of cases.
pub(crate) struct CasePage<T> {
    pub(crate) found: Vec<T>,
    /// The last position looked at; none when the end was reached.
    pub(crate) next_after: Option<Position>,
}

/// A reviewer's query as it stands.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct QueryCase {
    pub(crate) query: uuid::Uuid,
    #[schema(value_type = String)]
    pub(crate) stream: StreamId,
    pub(crate) stream_position: Position,
    pub(crate) about: Position,
    pub(crate) owner: domain::UnitId,
    pub(crate) question: domain::Question,
    pub(crate) answer: Option<domain::Answer>,
    pub(crate) corrected_at: Option<Position>,
    pub(crate) closed: bool,
    pub(crate) raised_at: domain::Timestamp,
}

/// Access that was granted to one person at an office. The token itself is nobody's to see.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct GrantCase {
    /// What `revoke-access` takes.
    pub(crate) access: domain::AccessId,
    pub(crate) subject: domain::SubjectId,
    pub(crate) office: domain::UnitId,
    pub(crate) role: domain::Role,
    /// Its last day; none when it does not end by itself.
    pub(crate) until: Option<domain::LocalDate>,
    /// Who granted it.
    pub(crate) granted_by: domain::SubjectId,
    pub(crate) granted_at: domain::Timestamp,
    pub(crate) position: Position,
    /// Where it was taken back; none while it was not.
    pub(crate) revoked: Option<Position>,
}

impl Portal {
    /// The records of a case: all of them to whoever sees it now, also those of when it was another's; `None` to others, and where nothing is.
    pub(crate) async fn case_records(&self, scope: &Scope, stream: &StreamId) -> Result<Option<Records>, Problem> {
        let records = records_of(self.deps.journal.as_ref(), stream).await.map_err(|error| read_problem(&error))?;
        Ok(Some(records).filter(|records| self.sees_case(scope, records)))
    }

    /// What somebody sees of a stream: a case as a whole or, as of any stream, each record that is seen by itself.
    pub(crate) async fn records_seen(&self, scope: &Scope, stream: &StreamId) -> Result<Records, Problem> {
        let mut records = records_of(self.deps.journal.as_ref(), stream).await.map_err(|error| read_problem(&error))?;
        if !self.sees_case(scope, &records) {
            records.retain(|(_, record)| self.sees(scope, record));
        }
        Ok(records)
    }

    fn sees_case(&self, scope: &Scope, records: &Records) -> bool {
        match (Case::of(records), records.first()) {
            (Some(case), _) => scope.covers(&self.reference().structure, case.unit, self.today()),
            // Who asks and who answers see all of a query; so does whoever sees what was printed.
            (None, Some((_, first))) if matches!(first.stream.kind, Kind::Query | Kind::Publication) => {
                self.sees(scope, first)
            }
            _ => false,
        }
    }

    fn sees(&self, scope: &Scope, record: &Record) -> bool {
        scope.sees(&self.reference().structure, record, self.today())
    }

    /// Organisations that are seen, after a position: which they are is looked up in the view, how they stood at the moment in the ledger.
    /// Whoever sees the units of an office sees what is theirs now, also as it stood when it was another's.
    pub(crate) async fn organisations(
        &self,
        scope: &Scope,
        moment: &Moment,
        after: Position,
        limit: usize,
    ) -> Result<CasePage<Case>, Problem> {
        let units = self.units_of(scope);
        let mut page = CasePage { found: Vec::new(), next_after: Some(after) };
        let mut looked_at = 0;
        // Those that had not begun by the day are passed over, so one reading may not fill the page.
        while let Some(after) = page.next_after.filter(|_| page.found.len() < limit && looked_at < SCAN_MAX) {
            let wanted = limit - page.found.len();
            let listed = self.deps.trail.cases(Kind::Organisation, units.clone(), moment.known, after, wanted).await;
            let (streams, next_after) = listed.map_err(|error| unreadable(&error))?;
            looked_at += streams.len();
            page.next_after = next_after;
            for stream in streams {
                let read = records_of(self.deps.journal.as_ref(), &stream).await;
                let mut records = read.map_err(|error| read_problem(&error))?;
                records.retain(|(position, _)| *position <= moment.known);
                page.found.extend(Case::on(&records, moment.valid));
            }
        }
        Ok(page)
    }

    /// Queries that are seen, by who raised them and by who is to answer, as they stood at a position of the ledger.
    pub(crate) async fn queries(
        &self,
        scope: &Scope,
        (after, known): (Position, Position),
        limit: usize,
    ) -> Result<CasePage<QueryCase>, Problem> {
        let (reference, today) = (self.reference(), self.today());
        let seen = |records: &Records| {
            let raised = records.first()?;
            scope.sees(&reference.structure, &raised.1, today).then(|| query(records))?
        };
        self.begun(Kind::Query, (after, known), limit, seen).await
    }

    /// Grants to those who are at the units that are seen, as they stood at a position of the ledger.
    pub(crate) async fn grants(
        &self,
        scope: &Scope,
        (after, known): (Position, Position),
        limit: usize,
    ) -> Result<CasePage<GrantCase>, Problem> {
        let (reference, today) = (self.reference(), self.today());
        let seen =
            |records: &Records| grant(records).filter(|grant| scope.covers(&reference.structure, grant.office, today));
        self.begun(Kind::Access, (after, known), limit, seen).await
    }

    async fn begun<T>(
        &self,
        kind: Kind,
        (after, known): (Position, Position),
        limit: usize,
        seen: impl Fn(&Records) -> Option<T>,
    ) -> Result<CasePage<T>, Problem> {
        let journal = self.deps.journal.as_ref();
        let mut page = CasePage { found: Vec::new(), next_after: None };
        let (mut at, mut scanned) = (after, 0);
        while scanned < SCAN_MAX {
            // Never past the most that is looked at, so that the same question ends its pages at the same places.
            let wanted = READ.min(SCAN_MAX - scanned);
            let mut read = journal.read(at, wanted, &[kind]).await.map_err(|error| read_problem(&error))?;
            read.retain(|stored| stored.position <= known);
            if read.is_empty() {
                return Ok(page);
            }
            for stored in read {
                (at, scanned) = (stored.position, scanned + 1);
                if decoded(&stored).map_err(|error| read_problem(&error))?.version != 1 {
                    continue;
                }
                let mut records = records_of(journal, &stored.stream).await.map_err(|error| read_problem(&error))?;
                records.retain(|(position, _)| *position <= known);
                page.found.extend(seen(&records));
                if page.found.len() == limit {
                    page.next_after = Some(at);
                    return Ok(page);
                }
            }
        }
        page.next_after = Some(at);
        Ok(page)
    }
}

fn grant(records: &Records) -> Option<GrantCase> {
    use domain::EventBody::{AccessGranted, AccessRevoked};
    let (position, first) = records.first()?;
    let AccessGranted { access, subject, office, role, until, .. } = &first.events.first()?.body else { return None };
    let is_revocation = |record: &Record| record.events.iter().any(|event| matches!(event.body, AccessRevoked { .. }));
    Some(GrantCase {
        access: *access,
        subject: *subject,
        office: *office,
        role: *role,
        until: *until,
        granted_by: first.actor.subject,
        granted_at: first.recorded_at,
        position: *position,
        revoked: records.iter().find(|(_, record)| is_revocation(record)).map(|(position, _)| *position),
    })
}

fn query(records: &Records) -> Option<QueryCase> {
    use domain::EventBody::{QueryAnswered, QueryClosed, QueryRaised};
    let (_, first) = records.first()?;
    let QueryRaised { about, owner, question } = &first.events.first()?.body else { return None };
    let mut case = QueryCase {
        query: first.stream.id,
        stream: first.stream,
        stream_position: records.last()?.0,
        about: *about,
        owner: *owner,
        question: *question,
        answer: None,
        corrected_at: None,
        closed: false,
        raised_at: first.recorded_at,
    };
    for event in records.iter().flat_map(|(_, record)| &record.events) {
        match &event.body {
            QueryAnswered { answer, corrected_at } => (case.answer, case.corrected_at) = (Some(*answer), *corrected_at),
            QueryClosed => case.closed = true,
            _ => {}
        }
    }
    Some(case)
}
