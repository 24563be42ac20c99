//! One process owns a data folder: a lock of the operating system, gone with the process however it dies.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::last_seen::LAST_SEEN;

/// Holds a data folder until dropped.
#[derive(Debug)]
pub struct Owner {
    folder: PathBuf,
    _lock: File,
}

impl Owner {
    /// Makes the folder if it is missing, and takes it.
    ///
    /// # Errors
    /// When the folder cannot be written, or another process owns it.
    pub fn take(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("failed to make the data folder {}", folder.display()))?;
        let path = folder.join("socai.lock");
        let lock = File::create(&path).with_context(|| format!("failed to write {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                anyhow::bail!(
                    "another process owns the data folder {}; stop it, or give --data another folder",
                    folder.display()
                )
            }
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("failed to lock {}", path.display())),
        }
    }

    /// Where it is noted how far the ledger was seen.
    pub fn last_seen_file(&self) -> PathBuf {
        self.folder.join(LAST_SEEN)
    }

    /// Where a token is kept.
    pub fn token_file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.token"))
    }
}

/// Writes a file that only its owner may read.
pub(super) fn write_secret(path: &Path, secret: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("failed to write {}", path.display()))?;
    writeln!(file, "{secret}").with_context(|| format!("failed to write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = Owner::take(folder.path()).unwrap();
        let refused = Owner::take(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("another process owns"), "{refused}");
        drop(first);
        Owner::take(folder.path()).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_token_is_readable_by_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = Owner::take(folder.path()).unwrap().token_file("admin");
        write_secret(&path, "socai_x").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&path).unwrap(), "socai_x\n");
    }
}
