//! Laws of the bytes, over random records.

use std::collections::BTreeSet;

use domain::Record;
use prost::Message;
use wire::{EVENT_TYPES, decode, encode, event_type, proto::record::v1 as generated};

use crate::random::Random;

const ROUNDS: usize = 4_000;

#[test]
fn what_is_written_is_read_back_equal() {
    let mut random = Random::seeded();
    let mut seen = BTreeSet::new();
    for _ in 0..ROUNDS {
        let record: Record = random.any();
        let body = encode(&record).unwrap();
        let read = decode(&body).unwrap();
        assert_eq!(encode(&read).unwrap(), body);
        assert_eq!(read, record);
        seen.extend(record.events.iter().map(|event| event_type(&event.body)));
    }
    assert_eq!(seen, EVENT_TYPES.iter().copied().collect(), "some event was never tried");
}

#[test]
fn types_generated_from_the_schema_read_and_write_the_same_bytes() {
    let mut random = Random::seeded();
    for _ in 0..ROUNDS {
        let body = encode(&random.any::<Record>()).unwrap();
        assert_eq!(generated::Record::decode(body.clone()).unwrap().encode_to_vec(), body);
    }
}

#[test]
fn whatever_is_read_would_be_written_with_the_same_bytes() {
    let mut random = Random::seeded();
    for _ in 0..ROUNDS {
        let mut body = encode(&random.any::<Record>()).unwrap().to_vec();
        for _ in 0..=random.below(3) {
            let at = random.below(body.len());
            match random.below(3) {
                0 => body[at] ^= 1 << random.below(8),
                1 => drop(body.remove(at)),
                _ => body.insert(at, u8::try_from(random.below(256)).unwrap()),
            }
        }
        if let Ok(read) = decode(&body) {
            assert_eq!(encode(&read).unwrap(), body, "{read:?}");
        }
    }
}

#[test]
fn a_shortened_body_is_refused() {
    let mut random = Random::seeded();
    for _ in 0..ROUNDS {
        let body = encode(&random.any::<Record>()).unwrap();
        let length = random.below(body.len());
        assert!(decode(&body[..length]).is_err(), "{} of {} bytes", length, body.len());
    }
}

#[test]
fn a_body_with_an_unknown_field_is_refused() {
    let mut random = Random::seeded();
    for _ in 0..ROUNDS {
        let mut body = encode(&random.any::<Record>()).unwrap().to_vec();
        // Field numbers 18 to 2047 take two bytes; wire type 0 is a varint, of one byte here.
        let field = 18 + random.below(2_030);
        let tag = [(field << 3 & 0x7f | 0x80), field >> 4].map(|byte| u8::try_from(byte).unwrap());
        body.extend([tag[0], tag[1], u8::try_from(random.below(128)).unwrap()]);
        assert!(decode(&body).is_err(), "field {field}");
    }
}
