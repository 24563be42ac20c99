//! Laws of copying and sealing: a copy has the same positions and the same bytes, and of two places only one takes records.

use std::sync::Arc;

use bytes::Bytes;
use domain::*;
use futures::future::join_all;
use uuid::Uuid;

use super::{
    Place,
    support::{append, everything, grow, must, stream, tip},
};
use crate::{AppendError, Copier, CopyError, CopyInto, Journal, Sealed, SourceEnd};

pub async fn a_copied_ledger_keeps_positions_and_bytes(place: &dyn Place) {
    let original = place.open("original").await;
    let structure = stream(Kind::Structure, "hp");
    let mut last = append(&*original, structure, None, "genesis").await;
    for n in 0..40 {
        append(&*original, stream(Kind::Organisation, &n.to_string()), None, n).await;
        last = append(&*original, structure, Some(last), n).await;
    }
    {
        let copy = begun(place).await;
        assert!(!caught_up(&*original, &*copy, 81).await, "the original is not sealed");
        // It resumes where it stopped, and does nothing when nothing came.
        grow(&*original, structure, Some(last), 1_500).await;
        for _ in 0..2 {
            assert!(!caught_up(&*original, &*copy, 1_581).await);
        }
    }
    let copied = place.open("copy").await;
    assert_eq!(everything(&*copied).await, everything(&*original).await);
    let refused = copied.append(&stream(Kind::Query, "x"), None, "x".into()).await;
    assert!(matches!(refused, Err(AppendError::Sealed(Sealed::Unfinished))), "{refused:?}");
    assert_eq!(must("examine", copied.examine().await).sealed, Some(Sealed::Unfinished));
}

pub async fn a_ledger_of_its_own_is_no_place_for_a_copy_and_another_s_copy_is_noticed(place: &dyn Place) {
    let (original, another) = (place.open("original").await, place.open("another").await);
    grow(&*original, stream(Kind::Organisation, "a"), None, 5).await;
    grow(&*another, stream(Kind::Organisation, "b"), None, 5).await;
    {
        let taken = place.open("taken").await;
        append(&*taken, stream(Kind::Query, "its own"), None, "x").await;
    }
    assert!(place.open_copy("taken").await.is_none(), "a ledger of its own was taken for a copy");
    let copy = begun(place).await;
    caught_up(&*original, &*copy, 5).await;
    let differs = Copier::new(&*another, &*copy).catch_up(|_| {}).await;
    assert!(matches!(differs, Err(CopyError::Differs { position: Position(1) })), "{differs:?}");
}

pub async fn a_sealed_ledger_takes_nothing_more_and_its_finished_copy_goes_on(place: &dyn Place) {
    let original = place.open("original").await;
    let ours = stream(Kind::Organisation, "ours");
    let last = grow(&*original, ours, None, 3).await;
    let seal = sealing("copy");
    assert_eq!(must("seal", original.append(&seal.0, None, seal.1.clone()).await), Position(4));
    for _ in 0..2 {
        let refused = original.append(&ours, Some(last), "late".into()).await;
        assert!(matches!(refused, Err(AppendError::Sealed(Sealed::Moved))), "{refused:?}");
    }
    drop(original);
    let original = place.open("original").await;
    let refused = original.append(&stream(Kind::Query, "new"), None, "late".into()).await;
    assert!(matches!(refused, Err(AppendError::Sealed(Sealed::Moved))), "after it was opened again: {refused:?}");
    assert_eq!(must("examine", original.examine().await).sealed, Some(Sealed::Moved));
    assert_eq!(tip(&*original).await, Position(4));
    {
        let copy = begun(place).await;
        let mut copier = Copier::new(&*original, &*copy);
        assert_eq!(must("copy", copier.catch_up(|_| {}).await), SourceEnd::Sealed);
        must("prove", copier.prove(|_| {}).await);
        for _ in 0..2 {
            must("hand over", copier.hand_over().await);
        }
    }
    let copied = place.open("copy").await;
    assert_eq!(must("examine", copied.examine().await).sealed, None);
    assert_eq!(must("append", copied.append(&ours, Some(last), "goes on".into()).await), Position(5));
    // It may move again, in its turn.
    let again = sealing("elsewhere");
    assert_eq!(must("seal again", copied.append(&seal.0, Some(Position(4)), again.1).await), Position(6));
    let refused = copied.append(&ours, Some(Position(5)), "late".into()).await;
    assert!(matches!(refused, Err(AppendError::Sealed(Sealed::Moved))), "{refused:?}");
}

pub async fn a_seal_among_many_appends_ends_them_and_loses_none(place: &dyn Place) {
    let original = place.open("original").await;
    let seal = sealing("copy");
    let append = async |n: u32| {
        let stream = stream(Kind::Organisation, &n.to_string());
        (stream, original.append(&stream, None, n.to_string().into()).await)
    };
    let (many, sealed) =
        futures::join!(join_all((0..200).map(append)), async { original.append(&seal.0, None, seal.1.clone()).await });
    must("seal", sealed);
    for n in 200..210 {
        let (_, late) = append(n).await;
        assert!(matches!(late, Err(AppendError::Sealed(Sealed::Moved))), "{late:?}");
    }
    let recorded = everything(&*original).await;
    for (stream, answer) in &many {
        match answer {
            Ok(position) => {
                assert!(recorded.iter().any(|stored| (stored.position, stored.stream) == (*position, *stream)))
            }
            Err(AppendError::Sealed(Sealed::Moved)) => assert!(recorded.iter().all(|stored| stored.stream != *stream)),
            Err(error) => panic!("{error:?}"),
        }
    }
    let copy = begun(place).await;
    assert!(caught_up(&*original, &*copy, recorded.len() as u64).await, "the original is sealed");
}

pub async fn a_finished_copy_takes_nothing_more_from_a_source(place: &dyn Place) {
    let original = place.open("original").await;
    grow(&*original, stream(Kind::Organisation, "a"), None, 3).await;
    let copy = begun(place).await;
    let mut copier = Copier::new(&*original, &*copy);
    must("copy", copier.catch_up(|_| {}).await);
    must("hand over", copier.hand_over().await);
    grow(&*original, stream(Kind::Organisation, "b"), None, 1).await;
    let refused = copier.catch_up(|_| {}).await;
    assert!(matches!(refused, Err(CopyError::Finished { at: Position(3) })), "{refused:?}");
}

/// What lies behind the end is just what should be left out, or another's.
pub async fn a_copy_is_never_longer_than_what_is_copied(place: &dyn Place) {
    let original = place.open("original").await;
    let last = grow(&*original, stream(Kind::Organisation, "a"), None, 5).await;
    {
        let copy = begun(place).await;
        let until = |position: u64| Copier::new(&*original, &*copy).until(Position(position));
        let beyond = until(6).catch_up(|_| {}).await;
        assert!(matches!(beyond, Err(CopyError::Beyond { until: Position(6), tip: Position(5) })), "{beyond:?}");
        assert_eq!(must("copy", until(3).catch_up(|_| {}).await), SourceEnd::Open);
        assert_eq!(must("go on", until(5).catch_up(|_| {}).await), SourceEnd::Open);
        let longer = until(3).catch_up(|_| {}).await;
        assert!(matches!(longer, Err(CopyError::Longer { there: Position(5), end: Position(3) })), "{longer:?}");
        // Of a place that was finished and has gone on since, what was copied is compared.
        let mut copier = until(5);
        must("copy", copier.catch_up(|_| {}).await);
        must("hand over", copier.hand_over().await);
        assert_eq!(must("ask", copier.finished().await), Some(Position(5)));
    }
    {
        let copied = place.open("copy").await;
        must("append", copied.append(&stream(Kind::Organisation, "a"), Some(last), "goes on".into()).await);
    }
    must("compare", Copier::new(&*original, &*begun(place).await).catch_up(|_| {}).await);
}

async fn begun(place: &dyn Place) -> Arc<dyn CopyInto> {
    must("begin a copy", place.open_copy("copy").await.ok_or("it is taken"))
}

/// Copies and compares all of it; whether the source is sealed.
async fn caught_up(from: &dyn Journal, into: &dyn CopyInto, until: u64) -> bool {
    let mut copier = Copier::new(from, into);
    let end = must("copy", copier.catch_up(|_| {}).await);
    assert_eq!(copier.position(), Position(until));
    let (proof, again) = (must("prove", copier.prove(|_| {}).await), must("prove", copier.prove(|_| {}).await));
    assert_eq!((proof, proof.records), (again, until));
    end == SourceEnd::Sealed
}

/// The stream and the body of a record that seals its ledger.
pub fn sealing(successor: &str) -> (StreamId, Bytes) {
    let stream = stream(Kind::Ledger, "ledger");
    let record = Record {
        stream,
        version: 2,
        command: CommandId(Uuid::from_u128(9)),
        command_name: "seal-ledger".to_owned(),
        command_digest: [0; 32],
        correlation: None,
        causation: None,
        actor: Actor { subject: SubjectId(Uuid::nil()), office: UnitId(Uuid::nil()), role: Role::Admin },
        on_behalf_of: None,
        recorded_at: Timestamp(1_641_171_600_000_000),
        reference_position: Position::START,
        document: None,
        distinct_from: None,
        trace_parent: None,
        events: vec![Event {
            effective_on: Timestamp(1_641_171_600_000_000).local_date(),
            body: EventBody::LedgerSealed { successor: successor.to_owned() },
        }],
    };
    (stream, must("encode", wire::encode(&record)))
}
