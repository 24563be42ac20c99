//! A domain struct that is a message of its own: required, optional or repeated where it stands.

use super::field::{Decoded, Encoded, Field, required};

pub(super) trait Message: Sized {
    type Wire;

    fn write_message(&self) -> Encoded<Self::Wire>;

    fn read_message(wire: Self::Wire) -> Decoded<Self>;
}

/// Declares that the fields of a domain struct and of a message have the same names.
macro_rules! message {
    ($domain:path => $wire:ident { $($field:ident),* $(,)? }) => {
        impl crate::convert::message::Message for $domain {
            type Wire = crate::proto::record::v1::$wire;

            fn write_message(&self) -> crate::convert::field::Encoded<Self::Wire> {
                let Self { $($field),* } = self;
                Ok(Self::Wire { $($field: crate::convert::field::Field::write($field)?),* })
            }

            fn read_message(wire: Self::Wire) -> crate::convert::field::Decoded<Self> {
                let crate::proto::record::v1::$wire { $($field),* } = wire;
                Ok(Self {
                    $($field: crate::convert::field::Field::read(
                        concat!(stringify!($wire), ".", stringify!($field)), $field,
                    )?),*
                })
            }
        }
    };
}
pub(super) use message;

impl<T: Message> Field for T {
    type Wire = Option<T::Wire>;

    fn write(&self) -> Encoded<Self::Wire> {
        self.write_message().map(Some)
    }

    fn read(field: &'static str, wire: Self::Wire) -> Decoded<Self> {
        T::read_message(required(field, wire)?)
    }
}

impl<T: Message> Field for Option<T> {
    type Wire = Option<T::Wire>;

    fn write(&self) -> Encoded<Self::Wire> {
        self.as_ref().map(T::write_message).transpose()
    }

    fn read(_field: &'static str, wire: Self::Wire) -> Decoded<Self> {
        wire.map(T::read_message).transpose()
    }
}

impl<T: Message> Field for Vec<T> {
    type Wire = Vec<T::Wire>;

    fn write(&self) -> Encoded<Self::Wire> {
        self.iter().map(T::write_message).collect()
    }

    fn read(_field: &'static str, wire: Self::Wire) -> Decoded<Self> {
        wire.into_iter().map(T::read_message).collect()
    }
}
