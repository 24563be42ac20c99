//! "Of which" counts out of JSON: each dimension once, and a fault told at its own place.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor, value},
};

use crate::{OfWhich, Trait};

pub(crate) fn read<'de, D: Deserializer<'de>>(json: D) -> Result<OfWhich, D::Error> {
    json.deserialize_map(EachOnce)
}

pub(crate) fn read_if_any<'de, D: Deserializer<'de>>(json: D) -> Result<Option<OfWhich>, D::Error> {
    struct Read(OfWhich);
    impl<'de> Deserialize<'de> for Read {
        fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
            read(json).map(Self)
        }
    }
    Ok(Option::<Read>::deserialize(json)?.map(|Read(counts)| counts))
}

struct EachOnce;

impl<'de> Visitor<'de> for EachOnce {
    type Value = OfWhich;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<OfWhich, A::Error> {
        let mut counts = OfWhich::new();
        // By its text first: that is what notes the place.
        while let Some(word) = entries.next_key::<String>()? {
            let of = match Trait::deserialize(word.into_deserializer()) {
                Ok(of) => of,
                Err(error) => return entries.next_value_seed(Refused(error)),
            };
            if counts.insert(of, entries.next_value()?).is_some() {
                return Err(A::Error::duplicate_field(of.word()));
            }
        }
        Ok(counts)
    }
}

/// Refuses a value for its key, at the place of the value.
struct Refused(value::Error);

impl<'de> DeserializeSeed<'de> for Refused {
    type Value = OfWhich;

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<OfWhich, D::Error> {
        Err(D::Error::custom(self.0))
    }
}
