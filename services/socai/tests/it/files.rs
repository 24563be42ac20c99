//! What lies on the disk: for one user, in one file each, and never made by who only looks.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use journal::{Options, SharedJournal};

use crate::process::{Process, socai};

async fn read(file: &Path) -> SharedJournal {
    journal::open(&format!("sqlite:{}", file.display()), Options { to_read: true, ..Options::default() }).await.unwrap()
}

fn all_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { all_files(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_node_keeps_is_for_its_user_and_a_stopped_ledger_is_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut node = Process::start(&data, &["--demo=2022"]);
    let open_to = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o077;
    assert_eq!(open_to(&data), 0);
    for name in ["ledger.db", "directory.db", "clerk.token"] {
        assert!(data.join(name).exists(), "there is no {name}");
    }
    for file in all_files(&data) {
        assert_eq!(open_to(&file), 0, "{}", file.display());
    }
    let recorded = read(&data.join("ledger.db")).await.tip().await.unwrap();
    assert_eq!(node.terminate(), Some(0));
    let alone = folder.path().join("alone.db");
    fs::copy(data.join("ledger.db"), &alone).unwrap();
    assert_eq!(read(&alone).await.tip().await.unwrap(), recorded);
}

#[test]
fn the_doctor_tells_of_a_ledger_that_lacks_what_its_folder_has_seen() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Process::start(folder.path(), &[]).terminate(), Some(0));
    let doctor = || {
        let data = folder.path().display().to_string();
        let told = socai(&["doctor", "--data", &data, "--listen", "127.0.0.1:0"]).output().unwrap();
        (told.status.code(), String::from_utf8(told.stdout).unwrap())
    };
    let (code, told) = doctor();
    assert_eq!(code, Some(0), "{told}");
    let ledger = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
    ledger.execute("delete from record where position = (select max(position) from record)", []).unwrap();
    drop(ledger);
    let (code, told) = doctor();
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("does not fit what this data folder has seen") && told.contains("last-seen.json"), "{told}");
}

#[test]
fn who_rebuilds_or_copies_what_is_not_there_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent");
    let rebuilt = socai(&["rebuild", "--data", &absent.display().to_string()]).output().unwrap();
    assert_eq!(rebuilt.status.code(), Some(2), "{rebuilt:?}");
    assert!(String::from_utf8(rebuilt.stderr).unwrap().contains("there is no ledger at"));
    assert!(!absent.exists());

    assert_eq!(Process::start(folder.path(), &[]).terminate(), Some(0));
    let (ledger, link) = (folder.path().join("ledger.db"), folder.path().join("link.db"));
    std::os::unix::fs::symlink(&ledger, &link).unwrap();
    let [from, to] = [ledger, link].map(|file| format!("sqlite:{}", file.display()));
    let same = socai(&["copy", "--from", &from, "--to", &to]).output().unwrap();
    assert_eq!(same.status.code(), Some(2), "{same:?}");
    assert!(String::from_utf8(same.stderr).unwrap().contains("the same ledger"));
}
