//! Laws of the executor, over every journal: the same command is recorded once, for ever.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use domain::*;
use futures::{future::join_all, stream::BoxStream};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Place, support::must};
use crate::{
    AppendError, Durability, ExecuteError, Executor, ExecutorConfig, Followed, Journal, LedgerClock, Live, Now,
    ReadError, Recorded, SharedJournal, Stored, Submission, executor::Precondition,
};

/// 3 January 2022, 08:00 local time, in microseconds; every reading of the clock is a second later.
const BEGINS: i64 = 1_641_171_600_000_000;
const CITY: UnitId = UnitId(Uuid::from_u128(1));
const DISTRICT: UnitId = UnitId(Uuid::from_u128(2));

pub async fn same_command_is_recorded_once(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let desk = Desk::open(journal.clone()).await;
    let founding = found(1);
    let first = desk.post(10, founding.clone()).await.unwrap();
    assert!(!first.replayed);
    let organisation = OrganisationId(first.stream.id);
    for n in 0..10 {
        desk.post(20 + n, correct(organisation, n)).await.unwrap_or_else(|error| panic!("correction {n}: {error}"));
    }
    // Ten versions later; and by another process, which remembers nothing.
    for desk in [&desk, &Desk::beside(journal.clone()).await] {
        let again = desk.post(10, founding.clone()).await.unwrap();
        assert_eq!(again, Recorded { replayed: true, ..first });
    }
    let same_key = desk.post(10, found(2)).await;
    assert!(
        matches!(same_key, Err(ExecuteError::KeyReused { position }) if position == first.position),
        "{same_key:?}"
    );
    assert_eq!(must("ask for the tip", journal.tip().await), Position(first.position.0 + 10));
}

pub async fn a_lost_acknowledgement_is_found_again(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let deaf = Arc::new(Deaf { journal: journal.clone(), loses: AtomicBool::new(false) });
    let desk = Desk::open(deaf.clone()).await;
    let before = must("ask for the tip", journal.tip().await);
    for n in 0..5 {
        deaf.loses.store(true, Ordering::SeqCst);
        let recorded = desk.post(100 + u128::from(n), found(n)).await.unwrap();
        // It is this call's own record, whatever the resend was told.
        assert_eq!((recorded.version, recorded.replayed), (1, false));
        assert!(!deaf.loses.load(Ordering::SeqCst), "no acknowledgement was lost");
    }
    assert_eq!(must("ask for the tip", journal.tip().await), Position(before.0 + 5));
}

pub async fn racing_executors_elect_one(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let desks = [Desk::open(journal.clone()).await, Desk::beside(journal.clone()).await];
    for round in 0..5 {
        let founded = desks[0].post(1_000 + u128::from(round), found(round)).await.unwrap();
        for desk in &desks {
            assert!(desk.executor.live().reached(founded.position).await);
        }
        let dissolve = |paper| dissolve(OrganisationId(founded.stream.id), paper);
        let race = (0..6).map(|n| {
            desks[n % 2]
                .post(2_000 + u128::from(round) * 100 + n as u128, dissolve(u32::try_from(n).unwrap() + 100 * round))
        });
        let outcomes = join_all(race).await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(ExecuteError::Refused(_)))).count();
        assert_eq!((won, refused), (1, 5), "{outcomes:?}");
    }
}

pub async fn a_stale_precondition_is_told_at_once(place: &dyn Place) {
    let desk = Desk::open(place.open("ledger").await).await;
    let founded = desk.post(1, found(1)).await.unwrap();
    let organisation = OrganisationId(founded.stream.id);
    let announced =
        desk.post_if(2, announce(organisation), Precondition::LastPosition(founded.position)).await.unwrap();
    let stale = desk.post_if(3, announce(organisation), Precondition::LastPosition(founded.position)).await;
    assert!(matches!(stale, Err(ExecuteError::Stale { actual }) if actual == Some(announced.position)), "{stale:?}");
    let not_new = desk.post_if(4, announce(organisation), Precondition::NewStream).await;
    assert!(matches!(not_new, Err(ExecuteError::Stale { .. })), "{not_new:?}");
    desk.post_if(5, found(2), Precondition::NewStream).await.unwrap();
}

pub async fn the_same_paper_under_another_key_is_noticed(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let desk = Desk::open(journal.clone()).await;
    let first = desk.post(1, found(7)).await.unwrap();
    // Also by a process that starts later.
    let other = Desk::beside(journal).await;
    for desk in [&desk, &other] {
        let twice = desk.post(2, found(7)).await;
        let named = matches!(&twice, Err(ExecuteError::Refused(Refusal::LooksRecordedAlready { position })) if *position == first.position);
        assert!(named, "{twice:?}");
    }
    let Command::FoundOrganisation(mut distinct) = found(7) else { unreachable!() };
    distinct.distinct_from = Some(first.position);
    desk.post(3, Command::FoundOrganisation(distinct)).await.unwrap();
}

pub async fn commands_together_are_each_as_if_alone(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let deaf = Arc::new(Deaf { journal: journal.clone(), loses: AtomicBool::new(false) });
    let desk = Desk::open(deaf.clone()).await;
    let [known, unknown] =
        [desk.post(1, found(1)).await.unwrap(), Desk::beside(journal.clone()).await.post(2, found(2)).await.unwrap()];
    let before = must("ask for the tip", journal.tip().await);
    let together = [
        (10, found(10)),
        (11, correct(OrganisationId(known.stream.id), 1)),
        (12, correct(OrganisationId(unknown.stream.id), 1)),
        (13, found(10)),
        (10, found(10)),
        (10, found(11)),
        (1, found(1)),
        (14, announce(OrganisationId(Uuid::from_u128(99)))),
        (15, found(15)),
    ];
    deaf.loses.store(true, Ordering::SeqCst);
    let submissions = together.map(|(key, command)| Submission::new(CommandId(Uuid::from_u128(key)), clerk(), command));
    let answers = desk.executor.execute_all(submissions.to_vec()).await;
    assert!(!deaf.loses.load(Ordering::SeqCst), "no acknowledgement was lost");
    let [first, of_known, of_unknown, same_paper, again, key_reused, long_ago, refused, last] = &answers[..] else {
        panic!("{answers:?}")
    };
    let new = |answer: &Result<Recorded, ExecuteError>, version| {
        let recorded = *answer.as_ref().unwrap();
        assert_eq!((recorded.version, recorded.replayed), (version, false), "{answers:?}");
        recorded
    };
    let first = new(first, 1);
    new(of_known, 2);
    new(of_unknown, 2);
    new(last, 1);
    let noticed = Refusal::LooksRecordedAlready { position: first.position };
    assert!(matches!(same_paper, Err(ExecuteError::Refused(refusal)) if *refusal == noticed), "{answers:?}");
    assert_eq!(*again.as_ref().unwrap(), Recorded { replayed: true, ..first });
    assert!(
        matches!(key_reused, Err(ExecuteError::KeyReused { position }) if *position == first.position),
        "{answers:?}"
    );
    assert_eq!(*long_ago.as_ref().unwrap(), Recorded { replayed: true, ..known });
    assert!(matches!(refused, Err(ExecuteError::Refused(_))), "{answers:?}");
    assert_eq!(must("ask for the tip", journal.tip().await), Position(before.0 + 4));
}

pub async fn what_others_record_is_known_to_a_process_that_writes_nearly_everything(place: &dyn Place) {
    const WAVE: u32 = 250;
    let journal = place.open("ledger").await;
    let [busy, other] = [Desk::open(journal.clone()).await, Desk::beside(journal.clone()).await];
    let mut of_others = Vec::new();
    for wave in 0..10 {
        let own = (0..WAVE).map(|n| {
            let number = wave * WAVE + n;
            busy.post(u128::from(number) + 1, found(number))
        });
        let number = 1_000_000 + wave;
        let (own, theirs) = tokio::join!(join_all(own), other.post(u128::from(number), found(number)));
        assert!(own.iter().all(Result::is_ok));
        of_others.push((number, theirs.unwrap().position));
    }
    let tip = must("ask for the tip", journal.tip().await);
    for desk in [&busy, &other] {
        assert!(desk.executor.live().reached(tip).await);
        for (number, at) in &of_others {
            let twice = desk.post(5_000_000 + u128::from(*number), found(*number)).await;
            let named = matches!(&twice, Err(ExecuteError::Refused(Refusal::LooksRecordedAlready { position })) if position == at);
            assert!(named, "{number}: {twice:?}");
        }
        let own = desk.post(6_000_000, found(WAVE)).await;
        assert!(matches!(own, Err(ExecuteError::Refused(Refusal::LooksRecordedAlready { .. }))), "{own:?}");
    }
    assert_eq!(must("ask for the tip", journal.tip().await), tip);
}

/// An executor with what it follows, as one process has it.
struct Desk {
    executor: Executor,
    stop: CancellationToken,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Desk {
    /// At a new ledger, which it opens with a city and a district.
    async fn open(journal: SharedJournal) -> Self {
        let desk = Self::beside(journal).await;
        let open = Command::OpenLedger(ledger::OpenLedger { name: "laws".into(), demonstration: false });
        desk.submit(1 << 64, admin(), open, None).await.unwrap();
        desk.submit(2 << 64, admin(), units(), None).await.unwrap();
        desk
    }

    /// At a ledger that exists: another process.
    async fn beside(journal: SharedJournal) -> Self {
        let ticks = AtomicI64::new(BEGINS);
        let now: Now = Arc::new(move || Timestamp(ticks.fetch_add(1_000_000, Ordering::Relaxed)));
        let live = Arc::new(Live::new(LedgerClock::scripted(now)));
        let stop = CancellationToken::new();
        let (following, stopped, of) = (live.clone(), stop.clone(), journal.clone());
        tokio::spawn(async move { following.run(of, stopped).await });
        let tip = must("ask for the tip", journal.tip().await);
        assert!(live.reached(tip).await);
        Self { executor: Executor::new(ExecutorConfig::default(), journal, live), stop }
    }

    async fn post(&self, key: u128, command: Command) -> Result<Recorded, ExecuteError> {
        self.submit(key, clerk(), command, None).await
    }

    async fn post_if(&self, key: u128, command: Command, precondition: Precondition) -> Result<Recorded, ExecuteError> {
        self.submit(key, clerk(), command, Some(precondition)).await
    }

    async fn submit(
        &self,
        key: u128,
        actor: Actor,
        command: Command,
        precondition: Option<Precondition>,
    ) -> Result<Recorded, ExecuteError> {
        let key = CommandId(Uuid::from_u128(key));
        self.executor.execute(Submission { precondition, ..Submission::new(key, actor, command) }).await
    }
}

fn clerk() -> Actor {
    Actor { subject: SubjectId(Uuid::from_u128(7)), office: DISTRICT, role: Role::Office }
}

fn admin() -> Actor {
    Actor { subject: SubjectId(Uuid::from_u128(8)), office: CITY, role: Role::Admin }
}

fn day(day: i8) -> LocalDate {
    LocalDate::new(2022, 1, day).unwrap()
}

fn paper(number: impl ToString) -> Document {
    Document {
        number: number.to_string(),
        symbol: "QĐ/QU".into(),
        issuer: "Quận ủy thử nghiệm".into(),
        date: day(2),
        line: None,
        sha256: None,
    }
}

fn units() -> Command {
    let unit = |unit, kind, name: &str, line, display_order| {
        let from = LocalDate::new(2000, 1, 1).unwrap();
        let created = structure::CreateUnit {
            unit,
            kind,
            name: name.into(),
            code: None,
            from,
            line,
            led_by: None,
            display_order,
        };
        structure::StructureChange::CreateUnit(created)
    };
    let changes = vec![
        unit(CITY, UnitKind::City, "Thành ủy thử nghiệm", None, 1),
        unit(DISTRICT, UnitKind::UrbanDistrict, "Quận ủy thử nghiệm", Some(CITY), 2),
    ];
    Command::ChangeStructure(structure::ChangeStructure { document: paper("structure"), changes })
}

fn found(number: u32) -> Command {
    Command::FoundOrganisation(organisation::FoundOrganisation {
        late: false,
        unit: DISTRICT,
        kind: OrganisationKind::PartyCellGrassroots,
        host_kind: HostKind::PrivateEnterprise,
        basis: Basis::New,
        members: 3,
        place: None,
        document: paper(number),
        effective_on: None,
        exception: None,
        on_behalf_of: None,
        distinct_from: None,
    })
}

fn announce(organisation: OrganisationId) -> Command {
    Command::AnnounceFounding(organisation::AnnounceFounding {
        organisation,
        held_on: day(3),
        document: None,
        on_behalf_of: None,
    })
}

fn correct(organisation: OrganisationId, place: u128) -> Command {
    Command::CorrectOrganisation(organisation::CorrectOrganisation {
        late: false,
        organisation,
        reason: Reason::Typo,
        unit: None,
        effective_on: None,
        host_kind: None,
        place: Some(place.to_string()),
        kind: None,
        basis: None,
        dissolution: None,
        document: None,
        on_behalf_of: None,
    })
}

fn dissolve(organisation: OrganisationId, number: u32) -> Command {
    Command::DissolveOrganisation(organisation::DissolveOrganisation {
        late: false,
        organisation,
        reason: DissolutionReason::HostEnded,
        document: paper(10_000 + number),
        effective_on: None,
        on_behalf_of: None,
        distinct_from: None,
    })
}

/// Loses the acknowledgement of the next append after it has happened.
struct Deaf {
    journal: SharedJournal,
    loses: AtomicBool,
}

#[async_trait]
impl Journal for Deaf {
    async fn append(
        &self,
        stream: &StreamId,
        expected: Option<Position>,
        body: Bytes,
    ) -> Result<Position, AppendError> {
        let position = self.journal.append(stream, expected, body).await?;
        if self.loses.swap(false, Ordering::SeqCst) {
            let source = std::io::Error::from(std::io::ErrorKind::ConnectionReset).into();
            return Err(AppendError::OutcomeUnknown { stream: *stream, source });
        }
        Ok(position)
    }

    async fn load(&self, stream: &StreamId, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.journal.load(stream, after, limit).await
    }

    async fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Result<Vec<Stored>, ReadError> {
        self.journal.read(after, limit, kinds).await
    }

    fn follow(&self, after: Position, kinds: &[Kind]) -> BoxStream<'static, Result<Followed, ReadError>> {
        self.journal.follow(after, kinds)
    }

    async fn tip(&self) -> Result<Position, ReadError> {
        self.journal.tip().await
    }

    fn durability(&self) -> Durability {
        self.journal.durability()
    }
}
