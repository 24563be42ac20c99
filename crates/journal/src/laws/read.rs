//! Laws of reading: after a position, in order, bounded, and the bytes as they were appended.

use bytes::Bytes;
use domain::{Kind, Position, StreamId};

use super::{
    Place,
    support::{append, everything, grow, must, stream},
};
use crate::{BODY_MAX_BYTES, Stored};

fn positions(records: &[Stored]) -> Vec<u64> {
    records.iter().map(|stored| stored.position.0).collect()
}

pub async fn load_gives_one_stream_after_a_position_and_bounded(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let (ours, other) = (stream(Kind::Structure, "ours"), stream(Kind::Structure, "other"));
    let (mut of_ours, mut of_other) = (None, None);
    // Ours lie at 1, 3, 5 … 59.
    for n in 0..30 {
        of_ours = Some(append(&*journal, ours, of_ours, n).await);
        of_other = Some(append(&*journal, other, of_other, n).await);
    }
    let load = async |after, limit| {
        let records = must("load", journal.load(&ours, Position(after), limit).await);
        assert!(records.iter().all(|stored| stored.stream == ours));
        positions(&records)
    };
    assert_eq!(load(0, 2).await, [1, 3]);
    assert_eq!(load(1, 2).await, [3, 5]);
    assert_eq!(load(2, 2).await, [3, 5]);
    assert_eq!(load(0, 500).await, (0..30).map(|n| 2 * n + 1).collect::<Vec<_>>());
    assert_eq!(load(20, 25).await, (10..30).map(|n| 2 * n + 1).collect::<Vec<_>>());
    assert_eq!(load(58, 5).await, [59]);
    assert_eq!(load(59, 5).await, [0; 0]);
    assert_eq!(load(1_000, 5).await, [0; 0]);
    assert_eq!(load(0, 0).await, [0; 0]);
    let nobody = stream(Kind::Structure, "nobody");
    assert_eq!(must("load", journal.load(&nobody, Position::START, 5).await), []);
}

pub async fn read_after_is_exclusive_and_bounded(place: &dyn Place) {
    let journal = place.open("ledger").await;
    assert_eq!(must("read", journal.read(Position::START, 5, &[]).await), []);
    grow(&*journal, stream(Kind::Organisation, "a"), None, 12).await;
    let read = async |after, limit| positions(&must("read", journal.read(Position(after), limit, &[]).await));
    assert_eq!(read(0, 3).await, [1, 2, 3]);
    assert_eq!(read(3, 3).await, [4, 5, 6]);
    assert_eq!(read(10, 3).await, [11, 12]);
    assert_eq!(read(11, 1).await, [12]);
    assert_eq!(read(12, 3).await, [0; 0]);
    assert_eq!(read(u64::MAX, 3).await, [0; 0]);
    assert_eq!(read(0, 0).await, [0; 0]);
}

pub async fn a_filtered_read_gives_its_kinds_in_position_order(place: &dyn Place) {
    let journal = place.open("ledger").await;
    for n in 0..6 {
        for kind in [Kind::Target, Kind::Organisation, Kind::Batch] {
            append(&*journal, stream(kind, &n.to_string()), None, n).await;
        }
    }
    let read = async |after, limit, kinds: &[Kind]| {
        positions(&must("read", journal.read(Position(after), limit, kinds).await))
    };
    assert_eq!(read(0, 9, &[Kind::Target]).await, [1, 4, 7, 10, 13, 16]);
    assert_eq!(read(4, 2, &[Kind::Target]).await, [7, 10]);
    assert_eq!(read(0, 5, &[Kind::Batch, Kind::Target]).await, [1, 3, 4, 6, 7]);
    assert_eq!(read(15, 5, &[Kind::Batch, Kind::Target]).await, [16, 18]);
    assert_eq!(read(16, 5, &[Kind::Target]).await, [0; 0]);
    assert_eq!(read(0, 5, &[Kind::Ledger, Kind::Rules]).await, [0; 0]);
}

pub async fn bytes_round_trip_exactly(place: &dyn Place) {
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let bodies: Vec<Bytes> = vec![
        Bytes::from_static(b"\0"),
        Bytes::from_static(b"two\r\nlines\r\n\r\n"),
        Bytes::from("Thủy Nguyên, Thuỷ Nguyên"),
        Bytes::from_static(&[0xff, 0xfe, 0x00, 0xc3]),
        Bytes::from(every_byte.repeat(3)),
        Bytes::from(every_byte.iter().copied().cycle().take(BODY_MAX_BYTES).collect::<Vec<_>>()),
    ];
    let journal = place.open("ledger").await;
    let mut written: Vec<(StreamId, Bytes)> = Vec::new();
    for (kind, body) in Kind::ALL.into_iter().cycle().zip(bodies.iter().cycle()).take(2 * Kind::ALL.len()) {
        let ours = stream(kind, &format!("{} of {kind}", written.len()));
        must("append", journal.append(&ours, None, body.clone()).await);
        written.push((ours, body.clone()));
    }
    let read = everything(&*journal).await;
    assert!(read.into_iter().map(|stored| (stored.stream, stored.body)).eq(written.iter().cloned()));
    for (ours, body) in &written {
        let loaded = must("load", journal.load(ours, Position::START, 9).await);
        assert!(loaded.len() == 1 && loaded[0].body == body, "{ours}");
    }
}
