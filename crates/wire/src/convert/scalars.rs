//! Values that are one scalar in the bytes: numbers, days, instants; text, keys, ids, digests.

use domain::{
    AccessId, AllocationName, CommandId, LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, SubjectId,
    Timestamp, UnitId,
};
use uuid::Uuid;

use super::field::{At, Decoded, Encoded, Field};
use crate::codec::{Reader, Writer};

/// Declares a value that is a varint. A required 0 is left out; an optional one is not.
macro_rules! varints {
    ($($domain:ty { |$value:ident| $write:expr, |$at:ident, $n:ident| $read:expr })*) => {$(
        impl crate::convert::field::Field for $domain {
            fn write(&self, number: u32, to: &mut crate::codec::Writer) -> crate::convert::field::Encoded {
                let $value = *self;
                match $write {
                    0 => {}
                    n => to.varint(number, n),
                }
                Ok(())
            }

            fn read(
                $at: crate::convert::field::At,
                from: &mut crate::codec::Reader<'_>,
            ) -> crate::convert::field::Decoded<Self> {
                let $n = match from.varint($at.number)? {
                    Some(0) => return Err(from.not_canonical()),
                    stored => stored.unwrap_or(0),
                };
                $read
            }
        }

        impl crate::convert::field::Field for Option<$domain> {
            fn write(&self, number: u32, to: &mut crate::codec::Writer) -> crate::convert::field::Encoded {
                if let Some($value) = *self {
                    to.varint(number, $write);
                }
                Ok(())
            }

            fn read(
                $at: crate::convert::field::At,
                from: &mut crate::codec::Reader<'_>,
            ) -> crate::convert::field::Decoded<Self> {
                let Some($n) = from.varint($at.number)? else { return Ok(None) };
                let value: crate::convert::field::Decoded<$domain> = $read;
                value.map(Some)
            }
        }
    )*};
}
pub(super) use varints;

varints! {
    u32 { |n| n.into(), |at, n| u32::try_from(n).map_err(|_| at.invalid("is over 4,294,967,295")) }
    u64 { |n| n, |_at, n| Ok(n) }
    bool { |flag| flag.into(), |at, n| flag(at, n) }
    Position { |position| position.0, |_at, n| Ok(Position(n)) }
    Timestamp { |instant| instant.0.cast_unsigned(), |_at, n| Ok(Timestamp(n.cast_signed())) }
    LocalDate { |date| zigzag(date.to_days()), |at, n| day(at, n) }
}

fn flag(at: At, n: u64) -> Decoded<bool> {
    match n {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(at.invalid("is neither 0 nor 1")),
    }
}

/// 0, -1, 1, -2 … as 0, 1, 2, 3 …
const fn zigzag(n: i32) -> u64 {
    (((n << 1) ^ (n >> 31)).cast_unsigned()) as u64
}

fn day(at: At, n: u64) -> Decoded<LocalDate> {
    let days = u32::try_from(n).ok().map(|n| (n >> 1).cast_signed() ^ -((n & 1).cast_signed()));
    days.and_then(LocalDate::from_days).ok_or_else(|| at.invalid("is not a day between 1900-01-01 and 2199-12-31"))
}

/// Declares a value that is a run of bytes. A required empty one is left out; an optional one is not.
macro_rules! runs {
    ($($domain:ty { |$value:ident| $write:expr, |$at:ident, $bytes:ident| $read:expr })*) => {$(
        impl Field for $domain {
            fn write(&self, number: u32, to: &mut Writer) -> Encoded {
                let $value = self;
                let bytes: &[u8] = $write;
                if !bytes.is_empty() {
                    to.bytes(number, bytes);
                }
                Ok(())
            }

            fn read($at: At, from: &mut Reader<'_>) -> Decoded<Self> {
                let $bytes = match from.bytes($at.number)? {
                    Some([]) => return Err(from.not_canonical()),
                    stored => stored.unwrap_or(&[]),
                };
                $read
            }
        }

        impl Field for Option<$domain> {
            fn write(&self, number: u32, to: &mut Writer) -> Encoded {
                if let Some($value) = self {
                    to.bytes(number, $write);
                }
                Ok(())
            }

            fn read($at: At, from: &mut Reader<'_>) -> Decoded<Self> {
                let Some($bytes) = from.bytes($at.number)? else { return Ok(None) };
                let value: Decoded<$domain> = $read;
                value.map(Some)
            }
        }
    )*};
}

runs! {
    String { |text| text.as_bytes(), |at, bytes| text(at, bytes).map(str::to_owned) }
    [u8; 32] { |digest| digest, |at, bytes| digest(at, bytes) }
    Uuid { |id| id.as_bytes(), |at, bytes| id(at, bytes) }
}

fn text(at: At, bytes: &[u8]) -> Decoded<&str> {
    str::from_utf8(bytes).map_err(|_| at.invalid("is not UTF-8"))
}

fn digest(at: At, bytes: &[u8]) -> Decoded<[u8; 32]> {
    bytes.try_into().map_err(|_| at.invalid("is not a digest of 32 bytes"))
}

fn id(at: At, bytes: &[u8]) -> Decoded<Uuid> {
    bytes.try_into().map(Uuid::from_bytes).map_err(|_| at.invalid("is not an id of 16 bytes"))
}

macro_rules! ids {
    ($($id:ident)*) => { runs! {$(
        $id { |id| id.0.as_bytes(), |at, bytes| id(at, bytes).map($id) }
    )*} };
}
ids! { UnitId CommandId SubjectId AccessId }

macro_rules! keys {
    ($($key:ident)*) => { runs! {$(
        $key {
            |key| key.as_str().as_bytes(),
            |at, bytes| $key::try_from(text(at, bytes)?.to_owned())
                .map_err(|_| at.invalid("is not a key of 1 to 32 of a-z 0-9 _ -"))
        }
    )*} };
}
keys! { ProgrammeKey MeasureKey PeriodKey AllocationName }
