//! What an event adds to the counts or takes back.

use domain::{Countable, Counted, Countee, OfWhich};

use super::{
    field::{Decoded, Encoded, Field, invalid, required},
    message::message,
};
use crate::proto::record::v1::{self as wire, countable::Of};

message!(Counted => Counted { countable, unit, effective_on, n, of_which, place });
message!(Countable => Countable { what, of, host_kind, basis });

impl Field for Countee {
    type Wire = Option<Of>;

    fn write(&self) -> Encoded<Self::Wire> {
        Ok(Some(match self {
            Self::Organisation(kind) => Of::Organisation(kind.write()?),
            Self::Member(membership) => Of::Member(membership.write()?),
        }))
    }

    fn read(field: &'static str, wire: Self::Wire) -> Decoded<Self> {
        match required(field, wire)? {
            Of::Organisation(number) => Field::read("Countable.organisation", number).map(Self::Organisation),
            Of::Member(number) => Field::read("Countable.member", number).map(Self::Member),
        }
    }
}

/// Strictly ascending by dimension, so that one breakdown has one form.
impl Field for OfWhich {
    type Wire = Vec<wire::OfWhich>;

    fn write(&self) -> Encoded<Self::Wire> {
        Ok(self.iter().map(|(dimension, n)| wire::OfWhich { dimension: dimension.number(), n: *n }).collect())
    }

    fn read(field: &'static str, wire: Self::Wire) -> Decoded<Self> {
        let mut of_which = Self::new();
        for entry in wire {
            let dimension = Field::read("OfWhich.dimension", entry.dimension)?;
            if of_which.last_key_value().is_some_and(|(last, _)| *last >= dimension) {
                return Err(invalid(field, "is not sorted by dimension, each once"));
            }
            of_which.insert(dimension, entry.n);
        }
        Ok(of_which)
    }
}
