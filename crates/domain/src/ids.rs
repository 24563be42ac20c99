//! Every id is a type of its own, and all of them are listed here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

uuid_ids! {
    /// A unit of the structure: a Party committee, a labour federation, a youth body. Never a code or a name, which are reused.
    UnitId;
    /// An organisation that was founded, recognised or registered; the id of its stream.
    OrganisationId;
    /// One admission of one opaque subject; the id of its stream.
    AdmissionId;
    /// A batch of admissions reported together; the id of its stream.
    BatchId;
    /// A reviewer's question about a record; the id of its stream.
    QueryId;
    /// A grant of access; the id of its stream.
    AccessId;
    /// What the caller's `Idempotency-Key` says: the same command is recorded once.
    CommandId;
    /// One person behind one token, opaque here; a directory outside the ledger knows who.
    SubjectId;
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The key as text: 1 to 32 of `a-z 0-9 _ -`, the first a letter or a digit.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = KeyError;
            fn try_from(text: String) -> Result<Self, KeyError> {
                if is_key(&text) { Ok(Self(text)) } else { Err(KeyError(text)) }
            }
        }

        impl FromStr for $name {
            type Err = KeyError;
            fn from_str(text: &str) -> Result<Self, KeyError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> String {
                key.0
            }
        }
    )*};
}

keys! {
    /// A programme, such as `nq28` for Resolution 28-NQ/TU.
    ProgrammeKey;
    /// A measure of a programme, such as `party_org`.
    MeasureKey;
    /// A period of a programme, such as `2022`.
    PeriodKey;
    /// What a split unit's counts are divided by where nothing places them, such as `population` or `enterprises`.
    AllocationName;
}

const KEY_MAX_BYTES: usize = 32;

fn is_key(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    !text.is_empty()
        && text.len() <= KEY_MAX_BYTES
        && text.bytes().next().is_some_and(plain)
        && text.bytes().all(|b| plain(b) || b == b'_' || b == b'-')
}

/// A key that is not 1 to 32 of `a-z 0-9 _ -`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key: write 1 to 32 of a-z, 0-9, _ and -, beginning with a letter or a digit")]
pub struct KeyError(String);

/// What a stream is the history of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Ledger,
    Structure,
    Rules,
    Programme,
    Period,
    Target,
    Organisation,
    Admission,
    Batch,
    Query,
    Access,
}

impl Kind {
    pub const ALL: [Kind; 11] = [
        Kind::Ledger,
        Kind::Structure,
        Kind::Rules,
        Kind::Programme,
        Kind::Period,
        Kind::Target,
        Kind::Organisation,
        Kind::Admission,
        Kind::Batch,
        Kind::Query,
        Kind::Access,
    ];

    /// Kinds that `decide` is handed as [`crate::Reference`]: low volume, followed by every intake.
    pub const REFERENCE: [Kind; 6] =
        [Kind::Ledger, Kind::Structure, Kind::Rules, Kind::Programme, Kind::Period, Kind::Target];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Ledger => "ledger",
            Kind::Structure => "structure",
            Kind::Rules => "rules",
            Kind::Programme => "programme",
            Kind::Period => "period",
            Kind::Target => "target",
            Kind::Organisation => "organisation",
            Kind::Admission => "admission",
            Kind::Batch => "batch",
            Kind::Query => "query",
            Kind::Access => "access",
        }
    }

    pub fn is_reference(self) -> bool {
        Self::REFERENCE.contains(&self)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = StreamIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| StreamIdError(text.to_owned()))
    }
}

/// The history of one aggregate, written `kind/uuid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    pub kind: Kind,
    pub id: Uuid,
}

impl StreamId {
    pub const fn new(kind: Kind, id: Uuid) -> Self {
        Self { kind, id }
    }

    /// The stream of a natural key, so that two clerks who mean the same thing meet on one stream. A UUIDv5 (RFC 9562 §5.5).
    pub fn of_key(kind: Kind, key: &str) -> Self {
        Self { kind, id: Uuid::new_v5(&NAMESPACE, format!("{kind}\n{key}").as_bytes()) }
    }
}

/// The namespace of every UUIDv5 that this ledger derives. Never changes: stored stream ids depend on it.
pub const NAMESPACE: Uuid = Uuid::from_u128(0x6f0a_1c6e_52a4_5d0b_9a3e_50ca_1000_0001);

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

impl FromStr for StreamId {
    type Err = StreamIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || StreamIdError(text.to_owned());
        let (kind, id) = text.split_once('/').ok_or_else(wrong)?;
        Ok(Self { kind: kind.parse()?, id: Uuid::parse_str(id).map_err(|_| wrong())? })
    }
}

impl Serialize for StreamId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Text that is not `kind/uuid`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no stream: write kind/uuid, such as organisation/018f…")]
pub struct StreamIdError(String);

/// A record's place in the whole ledger: 1, 2, 3 … without a hole. `Position::START`, 0, stands before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Position(pub u64);

impl Position {
    pub const START: Position = Position(0);

    pub const fn next(self) -> Position {
        Position(self.0 + 1)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Position {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_written_and_read_as_kind_and_uuid() {
        let stream = StreamId::of_key(Kind::Target, "nq28/party_org/2022");
        assert_eq!(stream.to_string().parse(), Ok(stream));
        assert!("target".parse::<StreamId>().is_err());
        assert!("person/018f0000-0000-7000-8000-000000000000".parse::<StreamId>().is_err());
    }

    #[test]
    fn a_key_is_short_plain_ascii() {
        assert!("party_org".parse::<MeasureKey>().is_ok());
        assert!("2022".parse::<PeriodKey>().is_ok());
        for wrong in ["", "_x", "Đảng", "a b", "a/b", &"x".repeat(33)] {
            assert!(wrong.parse::<MeasureKey>().is_err(), "{wrong}");
        }
    }
}
