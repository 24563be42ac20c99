//! What is written is read back equal, and nothing else is read.

use bytes::Bytes;
use domain::{CommandId, Record};
use prost::Message;
use wire::{DecodeError, EncodeError, decode, encode, proto::record::v1 as proto};

use crate::samples;

fn bytes_of(record: &Record) -> Bytes {
    encode(record).unwrap()
}

fn founding() -> Record {
    samples::records().into_iter().find(|(name, _)| *name == "organisation-founded").unwrap().1
}

/// A body with a change that no record of ours has.
fn changed(change: impl FnOnce(&mut proto::Record)) -> Vec<u8> {
    let mut message = proto::Record::decode(bytes_of(&founding())).unwrap();
    change(&mut message);
    message.encode_to_vec()
}

#[test]
fn every_event_comes_back_equal() {
    for (name, record) in samples::records() {
        let body = bytes_of(&record);
        assert_eq!(decode(&body), Ok(record), "{name}");
    }
}

#[test]
fn a_bare_record_comes_back_equal() {
    let bare = Record {
        correlation: None,
        causation: None,
        on_behalf_of: None,
        document: None,
        distinct_from: None,
        trace_parent: None,
        reference_position: domain::Position::START,
        ..founding()
    };
    assert_eq!(decode(&bytes_of(&bare)), Ok(bare));
}

#[test]
fn every_truncation_is_refused() {
    for (name, record) in samples::records() {
        let body = bytes_of(&record);
        for length in 0..body.len() {
            assert!(decode(&body[..length]).is_err(), "{name} cut to {length} bytes");
        }
    }
}

#[test]
fn a_field_that_this_version_does_not_know_is_refused() {
    let body = bytes_of(&founding());
    let with_unknown = [&body[..], &[0xfa, 0x3f, 0x01, 0x00]].concat();
    assert_eq!(decode(&with_unknown), Err(DecodeError::NotCanonical { within: "Record" }));
}

#[test]
fn fields_in_another_order_are_refused() {
    let body = bytes_of(&founding());
    // Fields 1 (2 bytes) and 2 (18 bytes) change places: the same message, of the same length.
    let swapped = [&body[2..20], &body[..2], &body[20..]].concat();
    let (a, b) = (proto::Record::decode(&swapped[..]), proto::Record::decode(&body[..]));
    assert_eq!(a, b);
    let refused = decode(&swapped);
    assert!(refused.is_err(), "{refused:?}");
}

#[test]
fn an_event_of_a_later_version_is_named_by_its_arm() {
    let event = encode(&Record { trace_parent: None, ..founding() }).unwrap();
    // Before `min_reader`, the last 3 bytes, one more event: field 15, 3 bytes: arm 500 with an empty message.
    let (events, min_reader) = event.split_at(event.len() - 3);
    let body = [events, &[0x7a, 0x03, 0xa2, 0x1f, 0x00], min_reader].concat();
    assert_eq!(decode(&body), Err(DecodeError::UnknownEvent { arm: 500 }));
}

#[test]
fn a_record_for_a_later_reader_says_so_whatever_else_it_holds() {
    let body = changed(|m| {
        m.min_reader = 2;
        m.events[0].body = None;
    });
    assert_eq!(decode(&body), Err(DecodeError::NewerReader { needs: 2, have: 1 }));
}

#[test]
fn values_that_no_record_has_are_named_by_their_field() {
    let check = |field: &str, body: Vec<u8>| match decode(&body) {
        Err(DecodeError::Invalid { field: found, .. }) => assert_eq!(found, field),
        other => panic!("{field}: {other:?}"),
    };
    check("Record.events", changed(|m| m.events.clear()));
    check("Record.version", changed(|m| m.version = 0));
    check("Record.min_reader", changed(|m| m.min_reader = 0));
    check("Record.stream_kind", changed(|m| m.stream_kind = 0));
    check("Record.stream_kind", changed(|m| m.stream_kind = 99));
    check("Record.stream_id", changed(|m| m.stream_id = m.stream_id.slice(1..)));
    check("Record.command_digest", changed(|m| m.command_digest = Bytes::new()));
    check("Record.actor", changed(|m| m.actor = None));
    check("Actor.role", changed(|m| m.actor.as_mut().unwrap().role = 77));
    check("Document.date", changed(|m| m.document.as_mut().unwrap().date = 200_000));
    check("Event.effective_on", changed(|m| m.events[0].effective_on = i32::MIN));
}

#[test]
fn text_that_is_not_utf_8_is_named_by_its_field() {
    let mut body = bytes_of(&founding()).to_vec();
    let name = body.windows(6).position(|bytes| bytes == b"sample").unwrap();
    body[name] = 0xff;
    let refused = decode(&body);
    assert_eq!(refused, Err(DecodeError::Invalid { field: "Record.command_name", problem: "is not UTF-8" }));
}

#[test]
fn a_number_in_more_bytes_than_it_needs_is_refused() {
    let body = bytes_of(&founding());
    // `min_reader`, the last field, as 0x81 0x00 instead of 0x01.
    let padded = [&body[..body.len() - 1], &[0x81, 0x00]].concat();
    assert_eq!(proto::Record::decode(&padded[..]), proto::Record::decode(body));
    assert_eq!(decode(&padded), Err(DecodeError::NotCanonical { within: "Record" }));
}

#[test]
fn a_breakdown_out_of_order_is_refused() {
    let records = samples::records();
    let batch = &records.iter().find(|(name, _)| *name == "batch-admitted").unwrap().1;
    let mut message = proto::Record::decode(bytes_of(batch)).unwrap();
    let Some(proto::event::Body::BatchAdmitted(admitted)) = &mut message.events[0].body else { panic!() };
    admitted.counted.as_mut().unwrap().of_which.reverse();
    let refused = decode(&message.encode_to_vec());
    assert!(matches!(refused, Err(DecodeError::Invalid { field: "Counted.of_which", .. })), "{refused:?}");
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let check = |field: &str, record: Record| match encode(&record) {
        Err(EncodeError::Invalid { field: found, .. }) => assert_eq!(found, field),
        other => panic!("{field}: {other:?}"),
    };
    check("Record.events", Record { events: vec![], ..founding() });
    check("Record.version", Record { version: 0, ..founding() });
    for sha256 in ["0F".repeat(32), "0f".repeat(31), "xx".repeat(32), String::new()] {
        let document = domain::Document { sha256: Some(sha256), ..samples::document() };
        check("Document.sha256", Record { document: Some(document), ..founding() });
    }
}

#[test]
fn a_body_has_at_most_65_535_bytes() {
    let mut record = founding();
    record.command_name.clear();
    // An empty name is not written at all; this one costs its tag and three bytes of length besides.
    let room = wire::BODY_MAX_BYTES - bytes_of(&record).len() - 4;
    record.command_name = "x".repeat(room);
    assert_eq!(bytes_of(&record).len(), wire::BODY_MAX_BYTES);
    record.command_name.push('x');
    assert_eq!(encode(&record), Err(EncodeError::TooLarge { bytes: 65_536, limit: 65_535 }));
    let too_long = vec![0; 65_536];
    assert_eq!(decode(&too_long), Err(DecodeError::TooLarge { bytes: 65_536, limit: 65_535 }));
}

#[test]
fn a_peek_sees_what_decoding_sees() {
    let record = founding();
    let peek = wire::peek(&bytes_of(&record)).unwrap();
    assert_eq!(peek.version, record.version);
    assert_eq!(peek.command, record.command);
    assert_eq!(peek.command_digest, record.command_digest);
    assert_eq!(peek.recorded_at, record.recorded_at);
    assert_eq!(peek.reference_position, record.reference_position);
    assert_eq!(wire::Peek::from(&record), peek);
}

/// Ids and tags depend on it, on every portal and for ever.
#[test]
fn a_record_s_name_stays_and_is_another_when_anything_that_tells_it_apart_is() {
    let record = founding();
    let name = |record: &Record| wire::peek(&bytes_of(record)).unwrap().name();
    let ours = name(&record);
    assert_eq!(ours.to_string(), "f1a8ca0a34dd795e");
    assert_eq!(ours.to_string().parse(), Ok(ours));
    for wrong in ["", "7", "0123456789ABCDEF", "+123456789abcdef", "0123456789abcdef0"] {
        assert_eq!(wrong.parse::<wire::RecordName>(), Err(()), "{wrong}");
    }
    let mut others = vec![record.clone(); 5];
    others[0].recorded_at.0 += 1;
    others[1].command = CommandId(uuid::Uuid::from_u128(9));
    others[2].command_digest[0] ^= 1;
    others[3].version += 1;
    others[4].reference_position = record.reference_position.next();
    for other in others {
        assert_ne!(name(&other), ours, "{other:?}");
    }
}
