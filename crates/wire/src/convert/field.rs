//! One field of a message: a domain value on one side, what prost has for it on the other.

use crate::{DecodeError, EncodeError};

pub(super) type Decoded<T> = Result<T, DecodeError>;
pub(super) type Encoded<T> = Result<T, EncodeError>;

/// A domain value that stands in a field. `field` names it in errors, such as `Counted.unit`.
pub(super) trait Field: Sized {
    type Wire;

    fn write(&self) -> Encoded<Self::Wire>;

    fn read(field: &'static str, wire: Self::Wire) -> Decoded<Self>;
}

pub(super) const fn invalid(field: &'static str, problem: &'static str) -> DecodeError {
    DecodeError::Invalid { field, problem }
}

pub(super) fn required<T>(field: &'static str, value: Option<T>) -> Decoded<T> {
    value.ok_or_else(|| invalid(field, "is missing"))
}
