//! Laws of appending: durable, contiguous, guarded by the stream's last position.

use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::future::join_all;

use super::{
    Place,
    support::{append, body, everything, grow, must, stream, tip},
};
use crate::{Append, AppendError, BODY_MAX_BYTES, Stored};

pub async fn acknowledged_append_survives_reopen(place: &dyn Place) {
    let (first, second) = (stream(Kind::Structure, "a"), stream(Kind::Batch, "b"));
    let journal = place.open("ledger").await;
    append(&*journal, first, None, "one").await;
    let last = append(&*journal, first, Some(Position(1)), "two").await;
    append(&*journal, second, None, "three").await;
    let before = everything(&*journal).await;
    drop(journal);
    place.crash().await;

    let journal = place.open("ledger").await;
    assert_eq!(everything(&*journal).await, before);
    assert_eq!(tip(&*journal).await, Position(3));
    // The guard knows what was there, and positions go on.
    let stale = journal.append(&first, Some(Position(1)), body("lost")).await;
    assert!(matches!(stale, Err(AppendError::Conflict { actual, .. }) if actual == Some(last)), "{stale:?}");
    assert_eq!(append(&*journal, first, Some(last), "four").await, Position(4));
}

pub async fn positions_are_contiguous_from_one(place: &dyn Place) {
    let journal = place.open("ledger").await;
    assert_eq!(tip(&*journal).await, Position::START);
    for n in 1..=20 {
        let of_its_own = stream(Kind::Organisation, &n.to_string());
        assert_eq!(append(&*journal, of_its_own, None, n).await, Position(n));
        assert_eq!(tip(&*journal).await, Position(n));
    }
    let tenfold = (0..200).map(|n| {
        let (journal, of_its_own) = (&journal, stream(Kind::Admission, &n.to_string()));
        async move { append(&**journal, of_its_own, None, n).await }
    });
    let mut positions = join_all(tenfold).await;
    positions.sort();
    assert_eq!(positions, (21..=220).map(Position).collect::<Vec<_>>());
    let stored: Vec<_> = everything(&*journal).await.iter().map(|stored| stored.position).collect();
    assert_eq!(stored, (1..=220).map(Position).collect::<Vec<_>>());
}

pub async fn conflict_names_both_positions(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let (ours, other) = (stream(Kind::Target, "ours"), stream(Kind::Target, "other"));
    append(&*journal, other, None, "before").await;
    let mut last = None;
    // Past 10, where positions stop ordering as text.
    for version in 0..12 {
        for wrong in [Some(Position(1)), Some(Position(999)), last.map_or(Some(Position(2)), |_| None)] {
            match journal.append(&ours, wrong, body("lost")).await {
                Err(AppendError::Conflict { stream, expected, actual }) => {
                    assert_eq!((stream, expected, actual), (ours, wrong, last), "at version {version}");
                }
                answer => panic!("at version {version}, expecting {wrong:?}: {answer:?}"),
            }
        }
        last = Some(append(&*journal, ours, last, version).await);
    }
    assert_eq!(tip(&*journal).await, Position(13));
}

pub async fn losing_append_leaves_no_trace(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let ours = stream(Kind::Period, "2022");
    grow(&*journal, ours, None, 3).await;
    let before = everything(&*journal).await;
    for wrong in [None, Some(Position(1)), Some(Position(2)), Some(Position(4))] {
        let lost = journal.append(&ours, wrong, body("lost")).await;
        assert!(matches!(lost, Err(AppendError::Conflict { .. })), "{lost:?}");
    }
    assert_eq!(everything(&*journal).await, before);
    assert_eq!(tip(&*journal).await, Position(3));
    assert_eq!(must("load", journal.load(&ours, Position::START, 9).await).len(), 3);
    assert_eq!(append(&*journal, ours, Some(Position(3)), "next").await, Position(4));
}

pub async fn concurrent_appends_elect_one(place: &dyn Place) {
    const RIVALS: usize = 16;
    let journal = place.open("ledger").await;
    let ours = stream(Kind::Structure, "contested");
    let mut last = None;
    for round in 0..20_u64 {
        let rivals = (0..RIVALS).map(|rival| {
            let journal = journal.clone();
            tokio::spawn(async move { journal.append(&ours, last, body(format!("{round}/{rival}"))).await })
        });
        let outcomes: Vec<_> =
            join_all(rivals).await.into_iter().map(|outcome| must("join a rival", outcome)).collect();
        let won: Vec<Position> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).copied().collect();
        assert_eq!(won, [Position(round + 1)], "{outcomes:?}");
        for outcome in outcomes {
            match outcome {
                Ok(_) => {}
                // The winner may still have been in flight when a loser was told.
                Err(AppendError::Conflict { expected, actual: None, .. }) => assert_eq!(expected, last),
                Err(AppendError::Conflict { expected, actual, .. }) => {
                    assert_eq!((expected, actual), (last, Some(won[0])));
                }
                Err(error) => panic!("{error:?}"),
            }
        }
        last = Some(won[0]);
    }
    assert_eq!(everything(&*journal).await.len(), 20);
}

pub async fn a_resend_with_the_same_expectation_adds_nothing(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let ours = stream(Kind::Admission, "ours");
    let mut last = None;
    for version in 0..3 {
        let at = append(&*journal, ours, last, version).await;
        for _ in 0..3 {
            match journal.append(&ours, last, body(version)).await {
                Err(AppendError::Conflict { actual, .. }) => assert_eq!(actual, Some(at)),
                answer => panic!("the same bytes, sent again: {answer:?}"),
            }
        }
        last = Some(at);
    }
    assert_eq!(everything(&*journal).await.len(), 3);
}

pub async fn a_body_over_the_limit_is_refused_and_leaves_no_trace(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let ours = stream(Kind::Structure, "ours");
    let refused = journal.append(&ours, None, Bytes::from(vec![b'x'; BODY_MAX_BYTES + 1])).await;
    match refused {
        Err(AppendError::TooLarge { bytes, limit }) => assert_eq!((bytes, limit), (BODY_MAX_BYTES + 1, BODY_MAX_BYTES)),
        answer => panic!("{answer:?}"),
    }
    assert_eq!(tip(&*journal).await, Position::START);
    let largest = journal.append(&ours, None, Bytes::from(vec![b'x'; BODY_MAX_BYTES])).await;
    assert_eq!(must("append the largest body", largest), Position(1));
}

pub async fn appends_together_are_each_as_if_alone(place: &dyn Place) {
    let journal = place.open("ledger").await;
    assert!(journal.append_all(Vec::new()).await.is_empty());
    let (old, stale) = (stream(Kind::Structure, "old"), stream(Kind::Structure, "stale"));
    let last = grow(&*journal, old, None, 2).await;
    let ahead = grow(&*journal, stale, None, 3).await;
    let append = |stream: StreamId, expected| Append { stream, expected, body: body(stream) };
    let mut together: Vec<_> = (0..60).map(|n| append(stream(Kind::Organisation, &n.to_string()), None)).collect();
    together[7] = append(old, Some(last));
    together[20] = append(stale, Some(last));
    together[41].body = Bytes::from(vec![b'x'; BODY_MAX_BYTES + 1]);
    let outcomes = journal.append_all(together.clone()).await;
    assert_eq!(outcomes.len(), together.len());
    let stored = everything(&*journal).await;
    assert_eq!(stored.len(), 5 + 58);
    for (index, (append, outcome)) in together.into_iter().zip(outcomes).enumerate() {
        match (index, outcome) {
            (20, Err(AppendError::Conflict { actual, .. })) => assert_eq!(actual, Some(ahead)),
            (41, Err(AppendError::TooLarge { .. })) => {}
            (index, Ok(position)) if ![20, 41].contains(&index) => {
                let found = stored.iter().find(|stored| stored.position == position);
                assert_eq!(found, Some(&Stored { position, stream: append.stream, body: append.body }));
            }
            (index, outcome) => panic!("{index}: {outcome:?}"),
        }
    }
    let rivals = vec![append(stream(Kind::Batch, "contested"), None); 8];
    let outcomes = journal.append_all(rivals).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(tip(&*journal).await, Position(5 + 58 + 1));
}
