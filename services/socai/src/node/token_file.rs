//! A token's file. It is on the disk before the ledger knows of the token, so that no cut leaves a grant whose token is nowhere.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use kit::is_token;

/// `NAME.token`; and `NAME.token.new` beside it, until its grant is recorded.
pub(super) struct TokenFile {
    path: PathBuf,
    new: PathBuf,
}

impl TokenFile {
    pub(super) fn at(path: PathBuf) -> Self {
        let new = path.with_extension("token.new");
        Self { path, new }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The token whose grant was recorded.
    pub(super) fn token(&self) -> anyhow::Result<Option<String>> {
        read(&self.path)
    }

    /// A token that an earlier start has kept; its grant may have come or not. What a cut has left half written was never granted, and is none.
    pub(super) fn not_settled(&self) -> anyhow::Result<Option<String>> {
        Ok(read(&self.new)?.filter(|token| is_token(token)))
    }

    /// The token is on the disk when this returns, and only its owner may read it.
    pub(super) fn keep(&self, token: &str) -> anyhow::Result<()> {
        write_secret(&self.new, token)
            .and_then(|()| sync_folder(&self.new))
            .with_context(|| format!("failed to write {}", self.new.display()))
    }

    /// Its grant is recorded: from now on it has its name.
    pub(super) fn settle(&self) -> anyhow::Result<()> {
        fs::rename(&self.new, &self.path)
            .and_then(|()| sync_folder(&self.path))
            .with_context(|| format!("failed to rename {} to {}", self.new.display(), self.path.display()))
    }

    /// Its grant will not come.
    pub(super) fn give_up(&self) -> anyhow::Result<()> {
        match fs::remove_file(&self.new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("failed to remove {}", self.new.display()))
            }
            _ => Ok(()),
        }
    }
}

fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => {
            let text = String::from_utf8(bytes).unwrap_or_default();
            Ok(Some(text.trim().to_owned()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("failed to read {}", path.display())),
    }
}

fn write_secret(path: &Path, secret: &str) -> io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{secret}")?;
    file.sync_all()
}

/// A file's name is on the disk when its folder is.
pub(super) fn sync_folder(of: &Path) -> io::Result<()> {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admin() -> (tempfile::TempDir, TokenFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = TokenFile::at(folder.path().join("admin.token"));
        (folder, file)
    }

    #[test]
    fn a_token_has_its_name_once_its_grant_is_recorded() {
        let (folder, file) = admin();
        let token = kit::new_token();
        file.keep(&token).unwrap();
        assert_eq!((file.token().unwrap(), file.not_settled().unwrap()), (None, Some(token.clone())));
        file.settle().unwrap();
        assert_eq!((file.token().unwrap(), file.not_settled().unwrap()), (Some(token.clone()), None));
        file.give_up().unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("admin.token")).unwrap(), format!("{token}\n"));
    }

    #[cfg(unix)]
    #[test]
    fn a_token_is_readable_by_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, file) = admin();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        file.keep(&kit::new_token()).unwrap();
        assert_eq!(mode("admin.token.new"), 0o600);
        file.settle().unwrap();
        assert_eq!(mode("admin.token"), 0o600);
    }

    #[test]
    fn what_a_cut_has_left_half_written_is_no_token() {
        let (folder, file) = admin();
        let whole = kit::new_token();
        for left in ["", "socai_", &whole[..whole.len() - 1], "\0\0\0\0"] {
            fs::write(folder.path().join("admin.token.new"), left).unwrap();
            assert_eq!(file.not_settled().unwrap(), None, "{left:?}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let file = TokenFile::at("/proc/no-such-folder/admin.token".into());
        let told = format!("{:#}", file.keep(&kit::new_token()).unwrap_err());
        assert!(told.contains("failed to write /proc/no-such-folder/admin.token.new"), "{told}");
    }
}
