//! One process owns a data folder: a lock of the operating system, gone with the process however it dies.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::{
    last_seen::LAST_SEEN,
    token_file::{TokenFile, sync_folder},
};

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
        make(folder).with_context(|| format!("failed to make the data folder {}", folder.display()))?;
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
    pub(super) fn token_file(&self, name: &str) -> TokenFile {
        TokenFile::at(self.folder.join(format!("{name}.token")))
    }
}

/// What is kept in a folder is on the disk when the folder's own name is.
fn make(folder: &Path) -> io::Result<()> {
    let missing: Vec<_> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
    fs::create_dir_all(folder)?;
    missing.into_iter().filter(|folder| !folder.as_os_str().is_empty()).try_for_each(sync_folder)
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
}
