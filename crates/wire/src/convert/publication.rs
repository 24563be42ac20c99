//! When something was printed.

use domain::publication::Printed;

use super::{
    field::{At, Decoded, Encoded, Field},
    message::Message,
};
use crate::codec::{Reader, Writer};

const ON: At = At { number: 1, name: "Printed.on" };
const AT: At = At { number: 2, name: "Printed.at_micros" };

/// The arms of a `oneof`, which are written whatever their value.
impl Message for Printed {
    const NAME: &'static str = "Printed";

    fn write_fields(&self, to: &mut Writer) -> Encoded {
        match self {
            Self::On(day) => Some(*day).write(ON.number, to),
            Self::At(at) => Some(*at).write(AT.number, to),
        }
    }

    fn read_fields(from: &mut Reader<'_>) -> Decoded<Self> {
        if let Some(day) = Field::read(ON, from)? {
            return Ok(Self::On(day));
        }
        let at: Option<_> = Field::read(AT, from)?;
        AT.required(at).map(Self::At)
    }
}
