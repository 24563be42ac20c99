//! The name of a ledger is in its first record and stays. A setting gives one to a ledger that does not exist yet, and is held against one that does.

use std::fmt;

use domain::{EventBody, Record};
use journal::nats::NatsServers;

use super::Settings;
use crate::demonstration::Demonstration;

/// Of a ledger that is begun without a name.
const USUAL: &str = "haiphong";

/// The settings name another ledger than lies there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OtherLedger {
    held: String,
    wanted: String,
}

impl fmt::Display for OtherLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { held, wanted } = self;
        write!(
            f,
            "the ledger that lies there is `{held}`, and the setting `ledger` says `{wanted}`; a ledger keeps its name: leave the setting out \
             or write `{held}`, or give --data or --journal of the ledger `{wanted}`"
        )
    }
}

impl std::error::Error for OtherLedger {}

impl Settings {
    /// The name under which a ledger is begun: the one given, else on NATS that of its place there.
    pub(crate) fn ledger_to_begin(&self) -> String {
        if !self.ledger.is_empty() {
            return self.ledger.clone();
        }
        NatsServers::ledger_of(&self.journal_url()).unwrap_or_else(|| USUAL.to_owned())
    }

    /// Whether a ledger with this first record is the one that was named, where one was.
    ///
    /// # Errors
    /// It has another name.
    pub(crate) fn check_ledger(&self, first: &Record) -> Result<(), OtherLedger> {
        match name_of(first) {
            Some(held) => self.check_name(held),
            None => Ok(()),
        }
    }

    /// A demonstration that is to be loaded brings its own name.
    ///
    /// # Errors
    /// Another was given.
    pub(crate) fn check_demonstration(&self, demo: Demonstration) -> Result<(), OtherLedger> {
        self.check_name(demo.ledger())
    }

    fn check_name(&self, held: &str) -> Result<(), OtherLedger> {
        match self.ledger.is_empty() || self.ledger == held {
            true => Ok(()),
            false => Err(OtherLedger { held: held.to_owned(), wanted: self.ledger.clone() }),
        }
    }
}

/// The name that the first record of a ledger gave it.
pub(crate) fn name_of(first: &Record) -> Option<&str> {
    first.events.iter().find_map(|event| match &event.body {
        EventBody::LedgerOpened { name, .. } => Some(name.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_begins_under_the_given_name_or_that_of_its_place_on_nats() {
        let begun = |ledger: &str, journal: &str| {
            let (ledger, journal) = (ledger.to_owned(), journal.to_owned());
            Settings { ledger, journal, ..Settings::default() }.ledger_to_begin()
        };
        assert_eq!(begun("", ""), "haiphong");
        assert_eq!(begun("haiduong", ""), "haiduong");
        assert_eq!(begun("", "nats://u:p@a:4222,b:4222/tinhx?replicas=3"), "tinhx");
        assert_eq!(begun("haiduong", "nats://a:4222/tinhx"), "haiduong");
    }

    #[test]
    fn a_name_is_held_against_the_ledger_only_where_it_was_given() {
        let check = |ledger: &str| Settings { ledger: ledger.to_owned(), ..Settings::default() }.check_name("tinhx");
        assert_eq!((check(""), check("tinhx")), (Ok(()), Ok(())));
        let told = check("haiduong").unwrap_err().to_string();
        assert!(
            told.contains("`tinhx`") && told.contains("`haiduong`") && told.contains("leave the setting out"),
            "{told}"
        );
    }
}
