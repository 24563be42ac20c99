//! The demonstrations: which there are, and their commands, line by line.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const REVIEW: &str = include_str!("../../../tests/data/replay_2022/commands.ndjson");
/// Its first line opens the ledger under a name of its own, instead of the first line of the review; the others follow the review.
const SEQUEL: &str = include_str!("../../../tests/data/replay_2025/commands.ndjson");

/// What an empty ledger is filled with, to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Demonstration {
    /// The review of 2022, as known on the second day of 2023.
    #[value(name = "2022")]
    Review,
    /// The same and what came after it: closings, late records, corrections, 2023, and the units of 2025.
    #[value(name = "2025")]
    Sequel,
}

impl Demonstration {
    /// The one that a demonstration ledger of this name holds; none of these if it is another's.
    pub(crate) fn named(ledger: &str) -> Option<Self> {
        [Self::Review, Self::Sequel].into_iter().find(|demo| demo.ledger() == ledger)
    }

    /// What its ledger is called.
    pub(crate) const fn ledger(self) -> &'static str {
        match self {
            Self::Review => "haiphong",
            Self::Sequel => "haiphong-2025",
        }
    }

    /// Its commands in their order, each of which is one record.
    pub fn lines(self) -> Vec<&'static str> {
        match self {
            Self::Review => REVIEW.lines().collect(),
            Self::Sequel => {
                let mut sequel = SEQUEL.lines();
                sequel.next().into_iter().chain(REVIEW.lines().skip(1)).chain(sequel).collect()
            }
        }
    }

    pub(crate) fn records(self) -> u64 {
        self.lines().len() as u64
    }
}

impl fmt::Display for Demonstration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Review => "2022",
            Self::Sequel => "2025",
        })
    }
}

impl FromStr for Demonstration {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "2022" => Ok(Self::Review),
            "2025" | "true" => Ok(Self::Sequel),
            _ => Err(format!(
                "there is no demonstration `{text}`: 2022 is the review, 2025 the same and what came after it"
            )),
        }
    }
}

impl Serialize for Demonstration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Of settings, where nothing is an empty text.
pub(crate) mod or_empty {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(demo: &Option<Demonstration>, serializer: S) -> Result<S::Ok, S::Error> {
        match demo {
            Some(demo) => demo.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }

    /// A text; from the environment also a number.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Demonstration>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Year(u32),
            Flag(bool),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Year(year) => year.to_string(),
            Written::Flag(true) => Demonstration::Sequel.to_string(),
            Written::Flag(false) => String::new(),
        };
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|error| de::Error::custom(format!("demo: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequel_goes_on_where_the_review_ends_and_each_opens_the_ledger_once() {
        for demo in [Demonstration::Review, Demonstration::Sequel] {
            let lines = demo.lines();
            let opens = |line: &&&str| line.contains("\"open-ledger\"");
            assert_eq!((lines.iter().filter(opens).count(), lines.first().filter(opens)), (1, lines.first()));
        }
        let (review, sequel) = (Demonstration::Review, Demonstration::Sequel);
        assert!(sequel.lines().iter().zip(review.lines()).skip(1).all(|(one, other)| *one == other));
        assert!(sequel.records() > review.records());
    }

    #[test]
    fn a_ledger_s_name_says_which_it_holds() {
        for demo in [Demonstration::Review, Demonstration::Sequel] {
            let first: serde_json::Value = serde_json::from_str(demo.lines()[0]).unwrap();
            assert_eq!(Demonstration::named(first["data"]["name"].as_str().unwrap()), Some(demo));
        }
        assert_eq!(Demonstration::named("elsewhere"), None);
    }
}
