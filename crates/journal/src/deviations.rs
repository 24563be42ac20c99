//! What an operator has accepted of a store by name, although records could be lost by it.

use std::fmt;

/// Settings of a ledger's stream on NATS under which records could be lost: a closed list.
const NAMES: [&str; 7] =
    ["max_msgs", "max_msgs_per_subject", "max_bytes", "max_age", "deny_delete", "deny_purge", "storage"];

/// Some of them.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Deviations(u8);

impl Deviations {
    /// Keeps records in memory only.
    pub const STORAGE: &str = "storage";

    /// # Errors
    /// With what is no name of the list, and the list.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut named = Self::default();
        for name in names {
            if !named.add(name) {
                let shown: String = name.chars().take(32).collect();
                return Err(format!("`{shown}` is none of {}", NAMES.join(", ")));
            }
        }
        Ok(named)
    }

    /// `false` when it is not in the list.
    pub(crate) fn add(&mut self, name: &str) -> bool {
        let place = NAMES.iter().position(|known| *known == name);
        place.inspect(|place| self.0 |= 1 << place).is_some()
    }

    pub fn contains(self, name: &str) -> bool {
        self.names().any(|named| named == name)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In the order of the list.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().enumerate().filter(move |(place, _)| self.0 & (1 << place) != 0).map(|(_, name)| name)
    }
}

/// Joined by `+`.
impl fmt::Display for Deviations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join("+"))
    }
}

impl fmt::Debug for Deviations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_closed_and_told() {
        let all = Deviations::named(NAMES).unwrap();
        assert!(all.names().eq(NAMES) && NAMES.iter().all(|name| all.contains(name)));
        let two = Deviations::named(["storage", "max_age"]).unwrap();
        assert_eq!((two.to_string(), two.contains("max_msgs")), ("max_age+storage".to_owned(), false));
        for wrong in ["retention", "", "all", "Storage"] {
            let told = Deviations::named(["max_age", wrong]).unwrap_err();
            assert!(told.contains(&format!("`{wrong}`")) && told.contains("max_msgs_per_subject"), "{told}");
        }
    }
}
