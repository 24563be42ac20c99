//! A ledger of millions of facts, the same for a seed: 118 committees that pass their all or a part of it on three times, five measures,
//! five years, batches with ceremonies, corrections, and plans that are adjusted through the years.

use std::{collections::VecDeque, ops::RangeInclusive, path::Path};

use domain::{
    AccessId, Actor, Basis, CommandId, Countable, Counted, Countee, Document, Event, EventBody, HostKind, Kind,
    LocalDate, OfWhich, Position, Reason, Record, Reference, Role, StreamId, SubjectId, Timestamp, Trait, UnitId, What,
};
use journal::{Append, Options, SharedJournal};
use uuid::Uuid;

use super::{
    random::Random,
    reference::{HOLDERS, WARDS, founding_records, generation_of, holder, measured, ward, year_records},
};

pub(crate) const YEARS: RangeInclusive<i16> = 2021..=2025;
/// Records whose facts are like each other: 12 of foundings, 5 of batches, 3 of ceremonies.
const BLOCK: usize = 20;
/// Facts a record, which keeps the ledger's file small; a decision of today has one or two.
const FACTS: usize = 10;
/// Blocks by which a ceremony follows its batch, and a correction what it corrects.
const LAG: usize = 48;
/// Blocks between two plans that are adjusted.
const ADJUSTED_EVERY: u64 = 400;
const APPENDED_AT_ONCE: usize = 2_048;

/// What was written.
pub(crate) struct Ledger {
    pub(crate) facts: u64,
    pub(crate) tip: Position,
    /// The position before the first record of each year, from the first.
    pub(crate) begins: Vec<Position>,
    pub(crate) reference: Reference,
}

/// Writes it to a journal at `folder`; `token` is that of an administrator, `clerk` that of an office.
pub(crate) async fn write(folder: &Path, facts: u64, seed: u64, [token, clerk]: [&str; 2]) -> Ledger {
    let url = format!("sqlite:{}", folder.join("ledger.db").display());
    let journal = journal::open(&url, Options::default()).await.unwrap();
    let mut writer = Writer::new(journal, seed);
    for (stream, events) in founding_records([kit::token_hash(token), kit::token_hash(clerk)]) {
        writer.post(stream, None, events).await;
    }
    let mut begins = Vec::new();
    for (year, part) in YEARS.zip(1..) {
        begins.push(writer.at);
        for (stream, events) in year_records(year) {
            writer.post(stream, None, events).await;
        }
        let until = facts * part / YEARS.count() as u64;
        writer.year(year, until).await;
    }
    writer.flush().await;
    Ledger { facts: writer.facts, tip: writer.at, begins, reference: writer.reference }
}

struct Writer {
    journal: SharedJournal,
    random: Random,
    at: Position,
    facts: u64,
    reference: Reference,
    waiting: Vec<Append>,
    /// The last ones.
    blocks: VecDeque<Block>,
}

/// What later records may follow up of a block: a founding and the batches.
#[derive(Default)]
struct Block {
    founding: Option<Written>,
    batches: Vec<Written>,
}

#[derive(Clone)]
struct Written {
    stream: StreamId,
    position: Position,
    counted: Vec<Counted>,
}

impl Writer {
    fn new(journal: SharedJournal, seed: u64) -> Self {
        Self {
            journal,
            random: Random::new(seed),
            at: Position::START,
            facts: 0,
            reference: Reference::default(),
            waiting: Vec::new(),
            blocks: VecDeque::new(),
        }
    }

    /// The facts of a year, until there are so many in all.
    async fn year(&mut self, year: i16, until: u64) {
        let (before, mut block) = (self.facts, 0);
        while self.facts < until {
            let gone = (self.facts - before) * 365 / (until - before);
            self.block(year, i32::try_from(gone).unwrap()).await;
            block += 1;
            if block % ADJUSTED_EVERY == 0 {
                let (stream, events) = super::reference::adjusted(year, self.random.below(590), self.random.below(30));
                self.post(stream, None, events).await;
            }
        }
    }

    async fn block(&mut self, year: i16, day: i32) {
        // Each block is followed up once, by the one that comes so many behind it.
        let late = if self.blocks.len() == LAG { self.blocks.pop_front() } else { None }.unwrap_or_default();
        let mut block = Block::default();
        for n in 0..BLOCK {
            match (n, &late.founding, n.checked_sub(17).and_then(|n| late.batches.get(n))) {
                (11, Some(wrong), _) if self.random.below(10) == 0 => self.correct(year, day, wrong).await,
                (17.., _, Some(admitted)) => self.receive(year, day, admitted).await,
                (12..17, ..) => block.batches.push(self.decide(year, day, true).await),
                _ => block.founding = Some(self.decide(year, day, false).await),
            }
        }
        self.blocks.push_back(block);
    }

    async fn decide(&mut self, year: i16, day: i32, member: bool) -> Written {
        // A batch is of one membership.
        let measure = if member { 3 + self.random.below(2) } else { self.random.below(3) };
        let counted: Vec<_> = (0..FACTS).map(|_| self.counted(year, day, measure)).collect();
        let kind = if member { Kind::Batch } else { Kind::Organisation };
        let stream = StreamId::new(kind, self.id());
        let events = counted.iter().cloned().map(|counted| on(counted.effective_on, decided(counted))).collect();
        let position = self.post(stream, None, events).await;
        Written { stream, position, counted }
    }

    /// Most of a batch are received a while after they were admitted.
    async fn receive(&mut self, year: i16, day: i32, admitted: &Written) {
        let events = admitted.counted.iter().map(|counted| {
            let countable = Countable { what: What::Received, ..counted.countable };
            let effective_on = counted.effective_on.max(date(year, day));
            on(
                effective_on,
                EventBody::BatchCeremonyHeld { counted: Counted { countable, effective_on, ..counted.clone() } },
            )
        });
        self.post(admitted.stream, Some(admitted.position), events.collect()).await;
    }

    /// Another ward was meant.
    async fn correct(&mut self, year: i16, day: i32, wrong: &Written) {
        let takes = wrong.counted.clone();
        let adds = takes.iter().map(|counted| Counted { unit: ward(self.random.below(WARDS)), ..counted.clone() });
        let adds = adds.collect();
        let body = EventBody::OrganisationCorrected { reason: Reason::WrongUnit, takes, adds };
        self.post(wrong.stream, Some(wrong.position), vec![on(date(year, day), body)]).await;
    }

    fn counted(&mut self, year: i16, day: i32, measure: u64) -> Counted {
        let (of, what) = measured(measure);
        let member = matches!(of, Countee::Member(_));
        // Some decide late, some for the year before.
        let lag = if self.random.below(20) == 0 { self.random.below(300) } else { self.random.below(30) };
        let mut effective_on = LocalDate::from_days(date(year, day).to_days() - i32::try_from(lag).unwrap()).unwrap();
        if effective_on.year() < *YEARS.start() {
            effective_on = date(year, day);
        }
        let at = self.random.below(WARDS);
        let unit = if self.random.below(10) < 3 { ward(at) } else { holder(generation_of(effective_on), at % HOLDERS) };
        let n = if member { 1 + self.random.below(6) } else { 1 };
        let women = member && self.random.below(2) == 0;
        Counted {
            countable: Countable { what, of, host_kind: HostKind::PrivateEnterprise, basis: Basis::New },
            unit,
            effective_on,
            n: u32::try_from(n).unwrap(),
            of_which: if women { OfWhich::from([(Trait::Women, 1)]) } else { OfWhich::new() },
            place: (self.random.below(4) > 0).then(|| super::reference::code(at)),
        }
    }

    async fn post(&mut self, stream: StreamId, expected: Option<Position>, events: Vec<Event>) -> Position {
        self.at = self.at.next();
        let position = self.at;
        if stream.kind.is_reference() {
            events.iter().for_each(|event| self.reference.apply(position, event));
        }
        self.facts +=
            events.iter().map(|event| event.body.counts()).map(|(takes, adds)| takes.len() + adds.len()).sum::<usize>()
                as u64;
        let record = record(position, stream, expected, events, self.id());
        let body = wire::encode(&record).unwrap();
        self.waiting.push(Append { stream, expected, body });
        if self.waiting.len() >= APPENDED_AT_ONCE {
            self.flush().await;
        }
        position
    }

    /// In the order of the records, as real ones are, so that the journal's indexes grow at their end.
    fn id(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.at.0, self.random.next())
    }

    async fn flush(&mut self) {
        let first = self.at.0 + 1 - self.waiting.len() as u64;
        let appended = self.journal.append_all(std::mem::take(&mut self.waiting)).await;
        for (expected, position) in (first..).zip(appended) {
            assert_eq!(position.unwrap(), Position(expected), "appended in order");
        }
    }
}

fn decided(counted: Counted) -> EventBody {
    match (counted.countable.what, counted.countable.of) {
        (_, Countee::Member(_)) => EventBody::BatchAdmitted { counted },
        (What::Recognised, _) => {
            EventBody::UnionRecognised { counted, congress_on: None, members: 10, exception: None }
        }
        _ => EventBody::OrganisationFounded { counted, members: 3, exception: None },
    }
}

pub(super) fn on(effective_on: LocalDate, body: EventBody) -> Event {
    Event { effective_on, body }
}

/// Day `day` of a year, from 0; never beyond its last.
pub(super) fn date(year: i16, day: i32) -> LocalDate {
    LocalDate::from_days(LocalDate::new(year, 1, 1).unwrap().to_days() + day.min(364)).unwrap()
}

fn record(at: Position, stream: StreamId, expected: Option<Position>, events: Vec<Event>, command: Uuid) -> Record {
    let city = super::reference::CITY;
    Record {
        stream,
        version: if expected.is_some() { 2 } else { 1 },
        command: CommandId(command),
        command_name: "synthetic".into(),
        command_digest: [7; 32],
        correlation: None,
        causation: None,
        actor: Actor { subject: SubjectId(Uuid::from_u128(0xa0)), office: city, role: Role::Office },
        on_behalf_of: None,
        recorded_at: recorded_at(at),
        reference_position: Position(1),
        document: Some(Document {
            number: at.to_string(),
            symbol: "QĐ/ĐĐ".into(),
            issuer: "Thành ủy đo đạc".into(),
            date: LocalDate::new(2021, 1, 1).unwrap(),
            line: None,
            sha256: None,
        }),
        distinct_from: None,
        trace_parent: None,
        events,
    }
}

/// From 1 January 2021 on.
pub(crate) fn recorded_at(at: Position) -> Timestamp {
    Timestamp(1_609_459_200_000_000 + i64::try_from(at.0).unwrap() * 150_000_000)
}

pub(super) fn access(token_sha256: [u8; 32], office: UnitId, role: Role) -> (StreamId, Vec<Event>) {
    let access = AccessId(Uuid::from_bytes(token_sha256[..16].try_into().unwrap()));
    let subject = SubjectId(Uuid::from_bytes(token_sha256[16..].try_into().unwrap()));
    let body = EventBody::AccessGranted { access, token_sha256, subject, office, role, until: None };
    (StreamId::new(Kind::Access, access.0), vec![on(date(2021, 0), body)])
}
