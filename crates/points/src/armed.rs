//! How a test asks, and what a process does that passes.
//!
//! A folder that both know holds a file for each point that is asked for, named as the point. Whoever passes first renames the file, which only
//! one can, so that what was asked for happens once.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use rustix::process::{Signal, getpid, kill_process};

use crate::Point;

/// Names the folder to a process. Without it nothing is looked for.
pub const VARIABLE: &str = "SOCAI_POINTS";

/// Longer than a signal takes to arrive everywhere in a process.
const UNTIL_STOPPED: Duration = Duration::from_millis(20);

/// What happens to the process that passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// SIGKILL.
    Killed,
    /// SIGSTOP; it goes on by the SIGCONT of whoever asked.
    Paused,
}

impl Fate {
    const fn word(self) -> &'static str {
        match self {
            Self::Killed => "kill",
            Self::Paused => "pause",
        }
    }
}

/// The folder in which some processes look for what is asked of them.
#[derive(Clone, Debug)]
pub struct Points(PathBuf);

impl Points {
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Asks the first of them that passes.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn ask(&self, point: Point, fate: Fate) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let beside = self.0.join("new");
        fs::write(&beside, fate.word())?;
        fs::rename(beside, self.0.join(point.name()))
    }

    /// The number of the process that met its fate there, told once.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn met(&self, point: Point) -> io::Result<Option<u32>> {
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            let name = entry.file_name();
            let pid = name.to_str().and_then(|name| name.strip_prefix(point.name())?.strip_prefix('.'));
            if let Some(pid) = pid.and_then(|pid| pid.parse().ok()) {
                fs::remove_file(entry.path())?;
                return Ok(Some(pid));
            }
        }
        Ok(None)
    }

    /// Asks no more; the process, if one has passed just before.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn withdraw(&self, point: Point) -> io::Result<Option<u32>> {
        match fs::remove_file(self.0.join(point.name())) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.met(point),
            removed => removed.map(|()| None),
        }
    }

    /// What is asked for here, once.
    fn take(&self, point: Point) -> Option<Fate> {
        let file = self.0.join(point.name());
        let word = fs::read_to_string(&file).ok()?;
        let fate = [Fate::Killed, Fate::Paused].into_iter().find(|fate| fate.word() == word)?;
        let taken = self.0.join(format!("{point}.{}", std::process::id()));
        fs::rename(file, taken).ok().map(|()| fate)
    }
}

pub(crate) fn pass(point: Point) {
    static POINTS: OnceLock<Option<Points>> = OnceLock::new();
    let points = POINTS.get_or_init(|| std::env::var_os(VARIABLE).map(Points::at));
    if let Some(fate) = points.as_ref().and_then(|points| points.take(point)) {
        meet(fate);
    }
}

fn meet(fate: Fate) {
    let signal = match fate {
        Fate::Killed => Signal::KILL,
        Fate::Paused => Signal::STOP,
    };
    // A process may always signal itself.
    let _ = kill_process(getpid(), signal);
    // This thread must not get past the point before the signal has come to it.
    std::thread::sleep(UNTIL_STOPPED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_taken_once_and_by_the_point_that_it_names() {
        let folder = tempfile::tempdir().unwrap();
        let points = Points::at(folder.path().join("points"));
        points.ask(Point::Decided, Fate::Killed).unwrap();
        points.ask(Point::Appended, Fate::Paused).unwrap();
        assert_eq!(points.take(Point::RetryFound), None);
        assert_eq!(points.take(Point::Decided), Some(Fate::Killed));
        assert_eq!(points.take(Point::Decided), None);
        assert_eq!(points.met(Point::Decided).unwrap(), Some(std::process::id()));
        assert_eq!(points.met(Point::Decided).unwrap(), None);
        assert_eq!(points.take(Point::Appended), Some(Fate::Paused));
        // Passed just before it was taken back.
        assert_eq!(points.withdraw(Point::Appended).unwrap(), Some(std::process::id()));
        points.ask(Point::Appended, Fate::Killed).unwrap();
        assert_eq!(points.withdraw(Point::Appended).unwrap(), None);
        assert_eq!(points.take(Point::Appended), None);
    }

    #[test]
    fn no_name_begins_with_another_and_a_dot() {
        for point in Point::ALL {
            assert!(!point.name().contains('.'), "{point}");
            assert_eq!(Point::ALL.iter().filter(|other| other.name() == point.name()).count(), 1, "{point}");
        }
    }
}
