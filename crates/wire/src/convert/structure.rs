//! What of a unit passes to another.

use domain::Passing;

use super::field::{At, Decoded, Encoded, Field};
use crate::codec::{Reader, Writer};

/// Strictly ascending by substance.
impl Field for Passing {
    fn write(&self, number: u32, to: &mut Writer) -> Encoded {
        self.iter().try_for_each(|(substance, extent)| {
            to.message(number, |to| {
                substance.write(1, to)?;
                extent.write(2, to)
            })
        })
    }

    fn read(at: At, from: &mut Reader<'_>) -> Decoded<Self> {
        let mut passing = Self::new();
        while let Some(mut entry) = from.message(at.number, "Passing")? {
            let substance = Field::read(At { number: 1, name: "Passing.substance" }, &mut entry)?;
            let extent = Field::read(At { number: 2, name: "Passing.extent" }, &mut entry)?;
            entry.finish()?;
            if passing.last_key_value().is_some_and(|(last, _)| *last >= substance) {
                return Err(at.invalid("is not sorted by substance, each once"));
            }
            passing.insert(substance, extent);
        }
        Ok(passing)
    }
}
