//! Targets.

use domain::{Range, TargetKey, TargetValue};

use super::{
    field::{At, Decoded, Encoded, Field},
    message::{Message, message},
};
use crate::codec::{Reader, Writer};

message!(TargetKey as TargetKey { 1 programme, 2 measure, 3 period, 4 holder, 5 assigner });
message!(Range as Range { 1 from, 2 to });

const EXACTLY: At = At { number: 1, name: "TargetValue.exactly" };
const AT_LEAST: At = At { number: 2, name: "TargetValue.at_least" };
const BETWEEN: At = At { number: 3, name: "TargetValue.between" };

/// The arms of a `oneof`, which are written whatever their value.
impl Message for TargetValue {
    const NAME: &'static str = "TargetValue";

    fn write_fields(&self, to: &mut Writer) -> Encoded {
        match self {
            Self::Exactly(n) => Some(*n).write(EXACTLY.number, to),
            Self::AtLeast(n) => Some(*n).write(AT_LEAST.number, to),
            Self::Between(range) => range.write(BETWEEN.number, to),
        }
    }

    fn read_fields(from: &mut Reader<'_>) -> Decoded<Self> {
        if let Some(n) = Field::read(EXACTLY, from)? {
            return Ok(Self::Exactly(n));
        }
        if let Some(n) = Field::read(AT_LEAST, from)? {
            return Ok(Self::AtLeast(n));
        }
        Field::read(BETWEEN, from).map(Self::Between)
    }
}
