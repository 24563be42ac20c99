//! The audit trail of one record.

use std::collections::BTreeSet;

use super::world::*;
use crate::{
    Actor, CommandId, Event, EventBody, Exception, Position, Record, Role, SubjectId, TargetValue, Timestamp,
    fold::{EVENT_WORDS, EventWord, trail},
};

fn document() -> crate::Document {
    crate::Document {
        number: "12".to_owned(),
        symbol: "QĐ/QU".to_owned(),
        issuer: "Quận ủy Lê Chân".to_owned(),
        date: day("2022-06-01"),
        line: None,
        sha256: None,
    }
}

fn record(bodies: Vec<EventBody>) -> Record {
    let id = uuid::Uuid::from_u128;
    Record {
        stream: organisation(1),
        version: 2,
        command: CommandId(id(5)),
        command_name: "correct-organisation".to_owned(),
        command_digest: [0; 32],
        correlation: None,
        causation: None,
        actor: Actor { subject: SubjectId(id(6)), office: unit(11), role: Role::Office },
        on_behalf_of: Some(unit(40)),
        recorded_at: Timestamp(1_654_000_000_000_000),
        reference_position: Position(3),
        document: Some(document()),
        distinct_from: None,
        trace_parent: None,
        events: bodies.into_iter().map(|body| Event { effective_on: day("2022-06-01"), body }).collect(),
    }
}

#[test]
fn a_row_says_who_decided_what_when_by_which_document_correcting_what() {
    let old = cell(11, "2022-06-01");
    let rows = trail(Position(9), &record(vec![corrected(old, cell(12, "2022-06-02"))]));
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.position, row.index, row.version), (Position(9), 0, 2));
    assert_eq!(
        (row.event, row.event_vi, row.event_en),
        ("organisation_corrected", "đính chính về tổ chức", "organisation corrected")
    );
    assert_eq!(row.units, BTreeSet::from([unit(11), unit(12)]));
    assert_eq!((row.office, row.role, row.on_behalf_of), (unit(11), Role::Office, Some(unit(40))));
    assert_eq!(row.document, Some(document()));
    let counted = |counts: &[crate::fold::TrailCount]| {
        counts.iter().map(|count| (count.unit, count.effective_on, count.n)).collect::<Vec<_>>()
    };
    assert_eq!(counted(&row.corrects), [(unit(11), day("2022-06-01"), 1)]);
    assert_eq!(counted(&row.adds), [(unit(12), day("2022-06-02"), 1)]);
    assert_eq!(row.command, "correct-organisation");
    assert!(!row.exception);
}

#[test]
fn an_exception_is_flagged_with_its_document() {
    let exception = Some(Exception { lifts: "too-few-members".to_owned(), document: document() });
    let founded = EventBody::OrganisationFounded { counted: cell(11, "2022-06-01"), members: 2, exception };
    let rows = trail(Position(9), &record(vec![founded, EventBody::FoundingAnnounced]));
    assert_eq!(rows.iter().map(|row| (row.index, row.exception)).collect::<Vec<_>>(), [(0, true), (1, false)]);
    assert_eq!(rows[0].exception_document, Some(document()));
}

#[test]
fn a_target_concerns_its_holder_and_its_assigner() {
    let target = World::target(PARTY_ORG, 11, CITY);
    let body = EventBody::TargetAssigned { target, value: TargetValue::Exactly(3), due_on: None };
    assert_eq!(body.units(), BTreeSet::from([unit(CITY), unit(11)]));
    assert_eq!(body.called().en, "target assigned");
}

#[test]
fn every_event_has_a_word_of_its_own_in_two_languages() {
    let distinct = |of: fn(&EventWord) -> &str| EVENT_WORDS.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(|called| called.word), EVENT_WORDS.len());
    assert_eq!(distinct(|called| called.vi), EVENT_WORDS.len());
    assert_eq!(distinct(|called| called.en), EVENT_WORDS.len());
    assert_eq!(EventWord::of("member_admitted").map(|called| called.en), Some("member admitted"));
    assert_eq!(EventWord::of("nothing"), None);
}
