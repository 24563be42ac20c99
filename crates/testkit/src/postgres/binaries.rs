//! Where PostgreSQL's programs are, and as whom they run.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder that holds `initdb` and `postgres`: `$SOCAI_PG_BIN`, `.tools/`, the path, or where Debian puts them.
///
/// # Panics
/// When there is none; the message says how to get one.
pub(super) fn folder() -> PathBuf {
    candidates()
        .into_iter()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .unwrap_or_else(|| panic!("no PostgreSQL server is installed here: run `make tools`, or set SOCAI_PG_BIN"))
}

/// The client program `psql`: beside the server's, or on the path.
pub fn psql() -> PathBuf {
    let beside = folder().join("psql");
    if beside.is_file() { beside } else { "psql".into() }
}

fn candidates() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = env::var_os("SOCAI_PG_BIN").map(PathBuf::from).into_iter().collect();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    folders.push(workspace.join(".tools/postgresql/bin"));
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    debian.sort();
    folders.extend(debian.into_iter().rev());
    folders
}

/// Whom the server runs as: it refuses to run as root, so root starts it as somebody else.
pub(super) enum RunAs {
    Ourselves,
    Somebody { uid: u32, gid: u32 },
}

impl RunAs {
    /// # Panics
    /// When we are root and there is neither a user `postgres` nor a `nobody`.
    pub(super) fn choose() -> Self {
        if id(&["-u"]) != Some(0) {
            return Self::Ourselves;
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Some(Self::Somebody { uid: id(&["-u", name])?, gid: id(&["-g", name])? }))
            .unwrap_or_else(|| panic!("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`"))
    }

    /// What precedes a command so that it runs as that user.
    pub(super) fn prefix(&self) -> Vec<String> {
        match self {
            Self::Ourselves => Vec::new(),
            Self::Somebody { uid, gid } => {
                vec!["setpriv".into(), format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into()]
            }
        }
    }

    /// Gives that user the folder.
    pub(super) fn own(&self, folder: &Path) {
        if let Self::Somebody { uid, gid } = self {
            std::os::unix::fs::chown(folder, Some(*uid), Some(*gid)).expect("root gives a folder away");
        }
    }
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
