//! Values that are one scalar on the wire: text, numbers, days, ids, digests, keys.

use bytes::Bytes;
use domain::{
    AccessId, CommandId, LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, SubjectId, Timestamp, UnitId,
};
use uuid::Uuid;

use super::field::{Decoded, Encoded, Field, invalid};

/// Declares a scalar, required and optional.
macro_rules! scalar {
    ($($domain:ty as $wire:ty { |$value:ident| $write:expr, |$field:ident, $stored:ident| $read:expr })*) => {$(
        impl Field for $domain {
            type Wire = $wire;

            fn write(&self) -> Encoded<$wire> {
                let $value = self;
                Ok($write)
            }

            fn read($field: &'static str, $stored: $wire) -> Decoded<Self> {
                $read
            }
        }

        impl Field for Option<$domain> {
            type Wire = Option<$wire>;

            fn write(&self) -> Encoded<Self::Wire> {
                self.as_ref().map(Field::write).transpose()
            }

            fn read(field: &'static str, wire: Self::Wire) -> Decoded<Self> {
                wire.map(|stored| Field::read(field, stored)).transpose()
            }
        }
    )*};
}

scalar! {
    String as String { |text| text.clone(), |_field, text| Ok(text) }
    u32 as u32 { |n| *n, |_field, n| Ok(n) }
    u64 as u64 { |n| *n, |_field, n| Ok(n) }
    bool as bool { |flag| *flag, |_field, flag| Ok(flag) }
    Position as u64 { |position| position.0, |_field, n| Ok(Position(n)) }
    Timestamp as i64 { |at| at.0, |_field, micros| Ok(Timestamp(micros)) }
    LocalDate as i32 { |date| date.to_days(), |field, days| day(field, days) }
    [u8; 32] as Bytes { |digest| Bytes::copy_from_slice(digest), |field, bytes| digest(field, &bytes) }
    Uuid as Bytes { |id| Bytes::copy_from_slice(id.as_bytes()), |field, bytes| id(field, &bytes) }
}

fn day(field: &'static str, days: i32) -> Decoded<LocalDate> {
    LocalDate::from_days(days).ok_or_else(|| invalid(field, "is not a day between 1900-01-01 and 2199-12-31"))
}

fn digest(field: &'static str, bytes: &[u8]) -> Decoded<[u8; 32]> {
    bytes.try_into().map_err(|_| invalid(field, "is not a digest of 32 bytes"))
}

fn id(field: &'static str, bytes: &[u8]) -> Decoded<Uuid> {
    bytes.try_into().map(Uuid::from_bytes).map_err(|_| invalid(field, "is not an id of 16 bytes"))
}

macro_rules! ids {
    ($($id:ident)*) => { scalar! {$(
        $id as Bytes { |id| Bytes::copy_from_slice(id.0.as_bytes()), |field, bytes| id(field, &bytes).map($id) }
    )*} };
}
ids! { UnitId CommandId SubjectId AccessId }

macro_rules! keys {
    ($($key:ident)*) => { scalar! {$(
        $key as String {
            |key| key.as_str().to_owned(),
            |field, text| $key::try_from(text).map_err(|_| invalid(field, "is not a key of 1 to 32 of a-z 0-9 _ -"))
        }
    )*} };
}
keys! { ProgrammeKey MeasureKey PeriodKey }
