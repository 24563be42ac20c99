//! Which ledger this data folder has seen, and how far: `last-seen.json` tells it from one that lacks records, after a start as well. Beside it lies
//! `went-to` while the ledger is feared to lack some: it is what was there at the end, which a look may not have come to.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use domain::Position;
use journal::{Keep, Seen};
use points::Point;
use serde::{Deserialize, Serialize};

/// The file's name in the data folder.
pub(crate) const LAST_SEEN: &str = "last-seen.json";

/// The file, and what it holds.
pub(crate) struct LastSeen {
    file: PathBuf,
    seen: Option<Seen>,
    went_to: Position,
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
        let beside = went_to_of(&file);
        let went_to = match seen {
            Some(_) => read_went_to(&beside)?,
            // Whoever removes the file says that the ledger is right as it is.
            None => forget(&beside).map(|()| Position::START)?,
        };
        Ok(Self { file, seen, went_to })
    }

    pub(crate) fn seen(&self) -> Option<Seen> {
        self.seen
    }

    /// How far the ledger was known to go when it was last feared to have lost something; the start, when it was not.
    pub(crate) fn went_to(&self) -> Position {
        self.went_to
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn keep(&mut self, keep: Keep) {
        let kept = match keep {
            Keep::Seen(seen) => self.keep_seen(seen),
            Keep::WentTo(position) => self.keep_went_to(position),
        };
        if let Err(error) = kept {
            tracing::warn!(file = %self.file.display(), %error, "the last record seen cannot be noted");
        }
    }

    fn keep_seen(&mut self, seen: Seen) -> io::Result<()> {
        if self.seen != Some(seen) {
            let written = Written { position: seen.position, sha256: hex::encode(seen.sha256) };
            write(&self.file, &serde_json::to_string(&written)?)?;
            self.seen = Some(seen);
        }
        if self.went_to != Position::START && self.went_to <= seen.position {
            forget(&went_to_of(&self.file))?;
            self.went_to = Position::START;
        }
        Ok(())
    }

    fn keep_went_to(&mut self, position: Position) -> io::Result<()> {
        if self.went_to < position {
            write(&went_to_of(&self.file), &position.to_string())?;
            self.went_to = position;
        }
        Ok(())
    }
}

fn went_to_of(file: &Path) -> PathBuf {
    file.with_file_name("went-to")
}

fn forget(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn read_went_to(file: &Path) -> anyhow::Result<Position> {
    match fs::read_to_string(file) {
        Ok(text) => text.trim().parse().map(Position).with_context(|| format!("{} holds no position", file.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Position::START),
        Err(error) => Err(error).with_context(|| format!("failed to read {}", file.display())),
    }
}

fn parse(text: &str) -> anyhow::Result<Seen> {
    let Written { position, sha256 } = serde_json::from_str(text)?;
    let mut digest = [0; 32];
    hex::decode_to_slice(sha256, &mut digest)?;
    Ok(Seen { position, sha256: digest })
}

/// Written beside, synced and renamed, so that a kill or a power cut leaves the old one or the new one.
fn write(file: &Path, line: &str) -> io::Result<()> {
    let beside = PathBuf::from(format!("{}.new", file.display()));
    let mut new = fs::File::create(&beside)?;
    writeln!(new, "{line}")?;
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
        kept.keep(Keep::Seen(seen));
        assert_eq!(LastSeen::read(file.clone()).unwrap().seen(), Some(seen));

        kept.keep(Keep::WentTo(Position(9)));
        kept.keep(Keep::WentTo(Position(8)));
        let read = || LastSeen::read(file.clone()).unwrap();
        assert_eq!((read().seen(), read().went_to()), (Some(seen), Position(9)));
        kept.keep(Keep::Seen(Seen { position: Position(8), ..seen }));
        assert_eq!(read().went_to(), Position(9));
        kept.keep(Keep::Seen(Seen { position: Position(9), ..seen }));
        assert_eq!(read().went_to(), Position::START, "it is there again");
        kept.keep(Keep::WentTo(Position(12)));
        fs::remove_file(&file).unwrap();
        assert_eq!(read().went_to(), Position::START, "somebody says that it is right as it is");
        kept = read();
        kept.keep(Keep::Seen(seen));
        assert_eq!(read().went_to(), Position::START, "and it is not asked for again");

        fs::write(&file, "{\"position\": 7}").unwrap();
        let told = format!("{:#}", LastSeen::read(file.clone()).err().unwrap());
        assert!(told.contains("last-seen.json cannot be read"), "{told}");
    }
}
