//! Lists of cases: each stands as its own records say.

use audit::{AuditReader, Standing, SubjectQuery, SubjectRow};
use domain::{
    Countee, Event, EventBody, Kind, LocalDate, Membership, Position, Reason, Record, RevocationScope, StreamId,
    UnitId, What,
};
use journal::SharedJournal;

use crate::{pages::kept, stores};

fn asked(kind: Kind, known: u64) -> SubjectQuery {
    SubjectQuery { kind, known: Position(known), after: Position::START, limit: 10, units: None, standing: None }
}

async fn all(reader: &AuditReader, query: &SubjectQuery) -> Vec<SubjectRow> {
    let (mut query, mut rows) = (query.clone(), Vec::new());
    loop {
        let page = reader.subjects(&query).await.unwrap();
        rows.extend(page.rows);
        let Some(next) = page.next else { return rows };
        query.after = next;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_page_in_the_order_of_recording_and_keep_to_what_is_known() {
    let kept = kept(stores::sqlite().await, 100).await;
    let founded: Vec<_> = (9..=100).filter(|n| n % 5 >= 2).map(Position).collect();
    let rows = all(&kept.reader, &asked(Kind::Organisation, 100)).await;
    assert_eq!(rows.iter().map(|row| row.first_position).collect::<Vec<_>>(), founded);
    let early = all(&kept.reader, &asked(Kind::Organisation, 40)).await;
    assert_eq!(early.last().unwrap().first_position, Position(39));

    let unit = rows[3].unit;
    let of_unit = SubjectQuery { units: Some([unit].into()), ..asked(Kind::Organisation, 100) };
    assert_eq!(
        all(&kept.reader, &of_unit).await,
        rows.iter().filter(|row| row.unit == unit).cloned().collect::<Vec<_>>()
    );
    let dissolved = SubjectQuery { standing: Some(Standing::Dissolved), ..asked(Kind::Organisation, 100) };
    assert_eq!(all(&kept.reader, &dissolved).await, Vec::new());

    let batches = all(&kept.reader, &asked(Kind::Batch, 100)).await;
    assert_eq!(batches.len(), (9..=100).filter(|n| n % 5 == 0).count());
    assert!(batches.iter().all(|row| row.n > 1 && row.of == "party" && row.standing == Standing::Admitted));
    assert_eq!(kept.reader.subject(batches[0].stream).await.unwrap().as_ref(), Some(&batches[0]));
    assert_eq!(kept.reader.subject(StreamId::new(Kind::Batch, uuid::Uuid::nil())).await.unwrap(), None);
}

/// Appends the next record of a stream of the synthetic ledger.
async fn follow_up(journal: &SharedJournal, first: u64, before: u64, version: u64, on: &str, body: EventBody) -> u64 {
    let effective_on: LocalDate = on.parse().unwrap();
    let record = Record { version, events: vec![Event { effective_on, body }], ..views::laws::record(first) };
    let bytes = wire::encode(&record).unwrap();
    journal.append(&record.stream, Some(Position(before)), bytes).await.unwrap().0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_stands_as_its_last_record_says() {
    let kept = kept(stores::postgres().await, 20).await;
    let (journal, day) = (&kept.journal, |text: &str| text.parse::<LocalDate>().unwrap());
    let counted = |n: u64| match &views::laws::record(n).events[0].body {
        EventBody::OrganisationFounded { counted, .. } | EventBody::BatchAdmitted { counted } => counted.clone(),
        other => panic!("{n} is {other:?}"),
    };

    // 12: corrected to another unit and day, then revoked. 13: taken back. 15: a batch that is received, then corrected in size.
    let elsewhere =
        domain::Counted { unit: UnitId(uuid::Uuid::from_u128(77)), effective_on: day("2022-02-02"), ..counted(12) };
    let corrected = EventBody::OrganisationCorrected {
        reason: Reason::WrongUnit,
        takes: vec![counted(12)],
        adds: vec![elsewhere.clone()],
    };
    let at = follow_up(journal, 12, 12, 2, "2022-06-01", corrected).await;
    let revoked = EventBody::OrganisationRevoked {
        scope: RevocationScope::FromStart,
        takes: vec![elsewhere.clone()],
        adds: Vec::new(),
    };
    let last_of_12 = follow_up(journal, 12, at, 3, "2022-07-01", revoked).await;
    let back =
        EventBody::OrganisationCorrected { reason: Reason::DidNotHappen, takes: vec![counted(13)], adds: Vec::new() };
    follow_up(journal, 13, 13, 2, "2022-06-02", back).await;
    let mut ceremony = counted(15);
    (ceremony.countable.what, ceremony.effective_on) = (What::Received, day("2022-08-03"));
    let at = follow_up(journal, 15, 15, 2, "2022-08-03", EventBody::BatchCeremonyHeld { counted: ceremony }).await;
    let smaller = domain::Counted { n: 2, ..counted(15) };
    let resized = EventBody::BatchCorrected { reason: Reason::Typo, takes: vec![counted(15)], adds: vec![smaller] };
    follow_up(journal, 15, at, 3, "2022-08-04", resized).await;
    // 20 and 10: recognised as official, then the one on another day, the other taken back by a revocation.
    let official = |n: u64, on: &str| {
        let mut official = counted(n);
        (official.countable.what, official.effective_on) = (What::MadeOfficial, day(on));
        official
    };
    let recognised =
        |n| EventBody::MemberRecognised { counted: official(n, "2023-08-03"), decided_on: day("2023-09-01") };
    let at = follow_up(journal, 20, 20, 2, "2023-08-03", recognised(20)).await;
    let (takes, adds) = (vec![official(20, "2023-08-03")], vec![official(20, "2023-08-05")]);
    let moved = EventBody::AdmissionCorrected { reason: Reason::WrongDate, takes, adds };
    follow_up(journal, 20, at, 3, "2022-08-03", moved).await;
    let at = follow_up(journal, 10, 10, 2, "2023-08-03", recognised(10)).await;
    let (scope, takes) = (RevocationScope::FromDate, vec![official(10, "2023-08-03")]);
    let revoked = EventBody::AdmissionRevoked { scope, takes, adds: vec![] };
    let tip = follow_up(journal, 10, at, 3, "2023-03-01", revoked).await;

    kept.reader.reached(Position(tip), std::time::Duration::from_secs(60)).await.unwrap().unwrap();
    let row = |n: u64| {
        let (stream, reader) = (views::laws::record(n).stream, &kept.reader);
        async move { reader.subject(stream).await.unwrap().unwrap() }
    };
    let twelve = row(12).await;
    assert_eq!(
        (twelve.standing, twelve.unit, twelve.effective_on),
        (Standing::Revoked, elsewhere.unit, day("2022-02-02"))
    );
    assert_eq!(
        (twelve.ended_on, twelve.position, twelve.first_position),
        (Some(day("2022-07-01")), Position(last_of_12), Position(12))
    );
    assert_eq!(row(13).await.standing, Standing::TakenBack);
    let batch = row(15).await;
    assert_eq!((batch.standing, batch.n, batch.received_on), (Standing::Received, 2, Some(day("2022-08-03"))));
    assert_eq!(batch.of, Membership::Party.word());
    assert_eq!((batch.official_on, row(20).await.official_on), (None, Some(day("2023-08-05"))));
    assert_eq!((row(10).await.standing, row(10).await.official_on), (Standing::Revoked, None));
    assert!(matches!(counted(15).countable.of, Countee::Member(_)));
}
