//! A domain struct that is a message of its own: required, optional or repeated where it stands.

use super::field::{At, Decoded, Encoded, Field};
use crate::codec::{Reader, Writer};

pub(super) trait Message: Sized {
    const NAME: &'static str;

    fn write_fields(&self, to: &mut Writer) -> Encoded;

    fn read_fields(from: &mut Reader<'_>) -> Decoded<Self>;
}

/// Declares the fields of a message and their numbers, ascending. The names are those of `proto/`.
macro_rules! message {
    ($domain:path as $name:ident { $($number:literal $field:ident),* $(,)? }) => {
        impl crate::convert::message::Message for $domain {
            const NAME: &'static str = stringify!($name);

            fn write_fields(&self, to: &mut crate::codec::Writer) -> crate::convert::field::Encoded {
                let Self { $($field),* } = self;
                $(crate::convert::field::Field::write($field, $number, to)?;)*
                Ok(())
            }

            fn read_fields(from: &mut crate::codec::Reader<'_>) -> crate::convert::field::Decoded<Self> {
                // Fields of a struct are evaluated in the order in which they are written.
                Ok(Self { $($field: crate::convert::field::Field::read(
                    crate::convert::field::At {
                        number: $number,
                        name: concat!(stringify!($name), ".", stringify!($field)),
                    },
                    from,
                )?),* })
            }
        }
    };
}
pub(super) use message;

fn read_whole<T: Message>(mut from: Reader<'_>) -> Decoded<T> {
    let message = T::read_fields(&mut from)?;
    from.finish()?;
    Ok(message)
}

impl<T: Message> Field for T {
    fn write(&self, number: u32, to: &mut Writer) -> Encoded {
        to.message(number, |to| self.write_fields(to))
    }

    fn read(at: At, from: &mut Reader<'_>) -> Decoded<Self> {
        read_whole(at.required(from.message(at.number, T::NAME)?)?)
    }
}

impl<T: Message> Field for Option<T> {
    fn write(&self, number: u32, to: &mut Writer) -> Encoded {
        self.as_ref().map_or(Ok(()), |message| message.write(number, to))
    }

    fn read(at: At, from: &mut Reader<'_>) -> Decoded<Self> {
        from.message(at.number, T::NAME)?.map(read_whole).transpose()
    }
}

impl<T: Message> Field for Vec<T> {
    fn write(&self, number: u32, to: &mut Writer) -> Encoded {
        self.iter().try_for_each(|message| message.write(number, to))
    }

    fn read(at: At, from: &mut Reader<'_>) -> Decoded<Self> {
        let mut messages = Self::new();
        while let Some(message) = from.message(at.number, T::NAME)? {
            messages.push(read_whole(message)?);
        }
        Ok(messages)
    }
}
