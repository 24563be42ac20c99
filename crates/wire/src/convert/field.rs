//! One field of a message: a domain value, and how it stands in the bytes.

use crate::{
    DecodeError, EncodeError,
    codec::{Reader, Writer},
};

pub(super) type Decoded<T> = Result<T, DecodeError>;
pub(super) type Encoded = Result<(), EncodeError>;

/// Where a field stands: its number in `proto/`, and its name for errors, such as `Counted.unit`.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) number: u32,
    pub(super) name: &'static str,
}

impl At {
    pub(super) const fn invalid(self, problem: &'static str) -> DecodeError {
        DecodeError::Invalid { field: self.name, problem }
    }

    pub(super) fn required<T>(self, value: Option<T>) -> Decoded<T> {
        value.ok_or_else(|| self.invalid("is missing"))
    }
}

pub(super) trait Field: Sized {
    /// Nothing, when the value is the default of its type.
    fn write(&self, number: u32, to: &mut Writer) -> Encoded;

    /// The value that comes next, or what its absence means.
    fn read(at: At, from: &mut Reader<'_>) -> Decoded<Self>;
}
