//! Which ledger this data folder has seen, and how far: `last-seen.json` tells it from one that lacks records, after a start as well.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use domain::Position;
use journal::Seen;
use points::Point;
use serde::{Deserialize, Serialize};

/// The file's name in the data folder.
pub(crate) const LAST_SEEN: &str = "last-seen.json";

/// The file, and what it holds.
pub(crate) struct LastSeen {
    file: PathBuf,
    seen: Option<Seen>,
}

/// The last record that was seen.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    position: Position,
    /// SHA-256 of its body, in hexadecimal digits.
    sha256: String,
}

impl LastSeen {
    /// # Errors
    /// When the file is there and cannot be read.
    pub(crate) fn read(file: PathBuf) -> anyhow::Result<Self> {
        let seen = match fs::read_to_string(&file) {
            Ok(text) => Some(parse(&text).with_context(|| {
                format!("{} cannot be read; if nothing is known to be wrong with the ledger, remove it", file.display())
            })?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| format!("failed to read {}", file.display())),
        };
        Ok(Self { file, seen })
    }

    pub(crate) fn seen(&self) -> Option<Seen> {
        self.seen
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Written beside, synced and renamed, so that a kill or a power cut leaves the old one or the new one.
    pub(super) fn keep(&mut self, seen: Seen) {
        if self.seen == Some(seen) {
            return;
        }
        match write(&self.file, seen) {
            Ok(()) => self.seen = Some(seen),
            Err(error) => tracing::warn!(file = %self.file.display(), %error, "the last record seen cannot be noted"),
        }
    }
}

fn parse(text: &str) -> anyhow::Result<Seen> {
    let Written { position, sha256 } = serde_json::from_str(text)?;
    let mut digest = [0; 32];
    hex::decode_to_slice(sha256, &mut digest)?;
    Ok(Seen { position, sha256: digest })
}

fn write(file: &Path, seen: Seen) -> io::Result<()> {
    let written = Written { position: seen.position, sha256: hex::encode(seen.sha256) };
    let beside = file.with_extension("json.new");
    let mut new = fs::File::create(&beside)?;
    writeln!(new, "{}", serde_json::to_string(&written)?)?;
    new.sync_all()?;
    Point::LastSeenBeside.pass();
    fs::rename(beside, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_read_again_and_what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("last-seen.json");
        let mut kept = LastSeen::read(file.clone()).unwrap();
        assert_eq!(kept.seen(), None);
        let seen = Seen { position: Position(7), sha256: [9; 32] };
        kept.keep(seen);
        assert_eq!(LastSeen::read(file.clone()).unwrap().seen(), Some(seen));
        fs::write(&file, "{\"position\": 7}").unwrap();
        let told = format!("{:#}", LastSeen::read(file.clone()).err().unwrap());
        assert!(told.contains("last-seen.json cannot be read"), "{told}");
    }
}
