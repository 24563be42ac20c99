//! Targets.

use domain::{Range, TargetKey, TargetValue};

use super::{
    field::{Decoded, Encoded, required},
    message::{Message, message},
};
use crate::proto::record::v1::{self as wire, target_value::Value};

message!(TargetKey => TargetKey { programme, measure, period, holder, assigner });
message!(Range => Range { from, to });

impl Message for TargetValue {
    type Wire = wire::TargetValue;

    fn write_message(&self) -> Encoded<Self::Wire> {
        let value = match self {
            Self::Exactly(n) => Value::Exactly(*n),
            Self::AtLeast(n) => Value::AtLeast(*n),
            Self::Between(range) => Value::Between(range.write_message()?),
        };
        Ok(Self::Wire { value: Some(value) })
    }

    fn read_message(wire: Self::Wire) -> Decoded<Self> {
        Ok(match required("TargetValue.value", wire.value)? {
            Value::Exactly(n) => Self::Exactly(n),
            Value::AtLeast(n) => Self::AtLeast(n),
            Value::Between(range) => Self::Between(Range::read_message(range)?),
        })
    }
}
