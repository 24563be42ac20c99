//! The machine: its clock, its disk, the data folder, the port, and settings that do not fit together.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use domain::LocalDate;
use kit::{Clock, SystemClock};
use tokio::net::TcpListener;

use super::Finding;
use crate::{
    node::Owner,
    settings::{Role, Settings, values::shown},
};

/// A clock before this day was never set.
const NOT_BEFORE: (i16, i8, i8) = (2025, 1, 1);
/// Every connection that a process takes, and its own.
const FILES_MIN: u64 = 8_192;
/// Less free disk than this is wrong: SQLite's log alone may take as much.
const DISK_MIN_MIB: u64 = 200;

pub(super) fn clock() -> Finding {
    let today = SystemClock.now().local_date();
    let (year, month, day) = NOT_BEFORE;
    match LocalDate::new(year, month, day) {
        Some(first) if today < first => Finding::wrong(
            "clock",
            format!("this machine says it is {today}; set its clock, or every record is stamped wrongly"),
        ),
        _ => Finding::well("clock", format!("{today} in Asia/Ho_Chi_Minh")),
    }
}

/// A process raises its own limit as far as the system lets it; a connection takes one file.
pub(super) fn open_files() -> Finding {
    match rlimit::Resource::NOFILE.get_hard() {
        Ok(files) if files < FILES_MIN => Finding::note(
            "open files",
            format!(
                "this user may open {files}, so fewer than {FILES_MIN} connections; raise the hard limit of `nofile`"
            ),
        ),
        Ok(files) => Finding::well("open files", format!("up to {files}")),
        Err(error) => Finding::note("open files", format!("their limit cannot be read: {error}")),
    }
}

pub(super) fn settings(settings: &Settings) -> Finding {
    let portal_alone = settings.plays(Role::Portal) && !settings.plays(Role::Intake);
    if portal_alone && settings.intake_url.is_empty() {
        return Finding::wrong(
            "settings",
            "a portal without intake needs intake_url, or nobody can post from its pages",
        );
    }
    let split = settings.roles.len() < Role::ALL.len();
    if split && settings.journal_url().starts_with("sqlite:") {
        return Finding::wrong(
            "settings",
            "roles in several processes cannot share an embedded journal; give --journal nats://… or run all roles in one process",
        );
    }
    Finding::well(
        "settings",
        format!("journal {}, views {}", shown(&settings.journal_url()), shown(&settings.views_url())),
    )
}

pub(super) fn data_folder(settings: &Settings) -> Vec<Finding> {
    let folder = &settings.data;
    let taken = match Owner::take(folder) {
        Ok(_) => Finding::well("data folder", format!("{} can be written and nobody else owns it", folder.display())),
        Err(error) if format!("{error:#}").contains("another process owns") => {
            Finding::note("data folder", format!("{} is owned by a running process", folder.display()))
        }
        Err(error) => {
            Finding::wrong("data folder", format!("{error:#}; give --data a folder that this user may write"))
        }
    };
    let mut findings = vec![taken];
    let open = folder.metadata().is_ok_and(|folder| folder.permissions().mode() & 0o077 != 0);
    if open && !settings.journal_url().starts_with("nats") {
        let text = format!(
            "other users of this machine may look into {}: chmod 700, and chmod 600 what is in it",
            folder.display()
        );
        findings.push(Finding::note("data folder", text));
    }
    findings.extend(disk(folder));
    findings
}

fn disk(folder: &Path) -> Option<Finding> {
    let folder = fs::canonicalize(folder).ok()?;
    let output = Command::new("df").args(["-Pk"]).arg(&folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let free_kib: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    let free = free_kib / 1_024;
    Some(if free < DISK_MIN_MIB {
        Finding::wrong("disk", format!("only {free} MiB are free at {}; make room", folder.display()))
    } else {
        Finding::well("disk", format!("{free} MiB free"))
    })
}

pub(super) async fn port(settings: &Settings, ours: bool) -> Finding {
    match TcpListener::bind(&settings.listen).await {
        Ok(_) => Finding::well("port", format!("{} is free", settings.listen)),
        Err(_) if ours => Finding::note("port", format!("a node answers at {}", settings.listen)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Finding::wrong(
            "port",
            format!("{} is in use by another program; give --listen another port", settings.listen),
        ),
        Err(error) => Finding::wrong("port", format!("{} cannot be listened on: {error}", settings.listen)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::doctor::State;

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        assert_eq!(shown("postgres://u:secret@host/db"), "postgres://…@host/db");
        assert_eq!(shown("sqlite:data/ledger.db"), "sqlite:data/ledger.db");
    }

    #[test]
    fn roles_that_cannot_reach_each_other_are_wrong() {
        let mut alone = Settings { roles: vec![Role::Portal], ..Settings::default() };
        assert_eq!(settings(&alone).state, State::Wrong);
        alone.intake_url = "http://127.0.0.1:8081".to_owned();
        assert!(settings(&alone).text.contains("cannot share an embedded journal"));
        alone.journal = "nats://127.0.0.1:4222/haiphong".to_owned();
        assert_eq!(settings(&alone).state, State::Well);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_wrong_and_one_that_is_owned_is_a_note() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let of = |data: PathBuf| data_folder(&Settings { data, ..Settings::default() })[0].state;
        assert_eq!(of(file.join("data")), State::Wrong);
        let _owner = Owner::take(folder.path()).unwrap();
        assert_eq!(of(folder.path().to_owned()), State::Note);
    }

    #[tokio::test]
    async fn a_port_in_use_is_wrong_unless_a_node_is_there() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let listen = taken.local_addr().unwrap().to_string();
        let settings = Settings { listen, ..Settings::default() };
        assert_eq!(port(&settings, false).await.state, State::Wrong);
        assert_eq!(port(&settings, true).await.state, State::Note);
    }
}
