//! What an event adds to the counts or takes back.

use domain::{Countable, Counted, Countee, OfWhich};

use super::{
    field::{At, Decoded, Encoded, Field},
    message::message,
};
use crate::codec::{Reader, Writer};

message!(Counted as Counted { 1 countable, 2 unit, 3 effective_on, 4 n, 5 of_which, 6 place });
message!(Countable as Countable { 1 what, 2 of, 4 host_kind, 5 basis });

/// The arms of a `oneof`: an organisation at `number`, a member at the next.
impl Field for Countee {
    fn write(&self, number: u32, to: &mut Writer) -> Encoded {
        match self {
            Self::Organisation(kind) => kind.write(number, to),
            Self::Member(membership) => membership.write(number + 1, to),
        }
    }

    fn read(at: At, from: &mut Reader<'_>) -> Decoded<Self> {
        let member = At { number: at.number + 1, name: "Countable.member" };
        match from.next_number()? {
            Some(number) if number == at.number => Field::read(at, from).map(Self::Organisation),
            Some(number) if number == member.number => Field::read(member, from).map(Self::Member),
            _ => Err(at.invalid("is missing")),
        }
    }
}

/// Strictly ascending by dimension, so that one breakdown has one form.
impl Field for OfWhich {
    fn write(&self, number: u32, to: &mut Writer) -> Encoded {
        self.iter().try_for_each(|(dimension, n)| {
            to.message(number, |to| {
                dimension.write(1, to)?;
                n.write(2, to)
            })
        })
    }

    fn read(at: At, from: &mut Reader<'_>) -> Decoded<Self> {
        let mut of_which = Self::new();
        while let Some(mut entry) = from.message(at.number, "OfWhich")? {
            let dimension = Field::read(At { number: 1, name: "OfWhich.dimension" }, &mut entry)?;
            let n = Field::read(At { number: 2, name: "OfWhich.n" }, &mut entry)?;
            entry.finish()?;
            if of_which.last_key_value().is_some_and(|(last, _)| *last >= dimension) {
                return Err(at.invalid("is not sorted by dimension, each once"));
            }
            of_which.insert(dimension, n);
        }
        Ok(of_which)
    }
}
