//! Where the scripts that run everything on one machine keep PostgreSQL's rows.

use std::{
    fs::Permissions,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use super::file;

/// Prints the folder; fails when PostgreSQL's user could not write there.
const HOME: &str = "
import pathlib, sys
sys.path.insert(0, sys.argv[1])
from processes import can_write, home_of_postgres
home, prefix = home_of_postgres(pathlib.Path(sys.argv[2]))
assert can_write(prefix, home), home
print('home', home)
";

fn home(data: &Path) -> Output {
    let mut python = Command::new("python3");
    python.env("PYTHONDONTWRITEBYTECODE", "1").args(["-c", HOME]).arg(file("deploy")).arg(data);
    python.output().expect("python3 runs")
}

fn found(data: &Path) -> PathBuf {
    let done = home(data);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told = String::from_utf8(done.stdout).unwrap();
    told.lines().find_map(|line| line.strip_prefix("home ")).unwrap().into()
}

/// Only whoever runs as root runs PostgreSQL as somebody else, who cannot enter a folder that only root may.
#[test]
fn below_a_folder_that_its_user_cannot_enter_the_rows_are_kept_elsewhere_and_found_again() {
    let data = tempfile::Builder::new().permissions(Permissions::from_mode(0o700)).tempdir().unwrap();
    let as_root = std::fs::metadata(data.path()).unwrap().uid() == 0;
    let first = found(data.path());
    std::fs::write(first.join("row"), "kept").unwrap();
    assert_eq!(found(data.path()), first);
    assert_eq!(std::fs::read_to_string(data.path().join("postgres/row")).unwrap(), "kept");
    assert_eq!(first.starts_with(data.path().canonicalize().unwrap()), !as_root, "{}", first.display());

    if as_root {
        std::fs::remove_dir_all(&first).unwrap();
        let told = home(data.path());
        let told = String::from_utf8_lossy(&told.stderr);
        assert!(told.contains("which is gone") && told.contains("remove the link"), "{told}");
    }
}
