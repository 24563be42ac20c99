//! Exit codes, and the error that carries one.

use std::process::ExitCode;

use kit::Problem;

/// What a script can tell from the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Failure = 1,
    /// clap's own code for a wrong command line, and ours for a wrong setting.
    Usage = 2,
    /// The domain said no, or the caller may not.
    Refused = 3,
    Conflict = 4,
    Unavailable = 5,
    /// A comparison failed: a rebuilt or refolded figure differs, or a text claims what cannot be or is not so.
    Verification = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a subcommand failed.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub why: anyhow::Error,
}

impl Failure {
    pub fn new(exit: Exit, why: impl Into<anyhow::Error>) -> Self {
        Self { exit, why: why.into() }
    }

    /// A wrong setting.
    pub fn usage_of(why: anyhow::Error) -> Self {
        Self::new(Exit::Usage, why)
    }

    /// Whether nobody reads what is printed any more.
    pub fn is_broken_pipe(&self) -> bool {
        let io = |cause: &(dyn std::error::Error + 'static)| {
            cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind)
        };
        self.why.chain().any(|cause| io(cause) == Some(std::io::ErrorKind::BrokenPipe))
    }

    pub fn usage(why: impl std::fmt::Display) -> Self {
        Self::new(Exit::Usage, anyhow::anyhow!("{why}"))
    }
}

impl From<anyhow::Error> for Failure {
    fn from(why: anyhow::Error) -> Self {
        Self::new(Exit::Failure, why)
    }
}

/// The code for a problem that an intake or a portal answered.
pub(super) fn of_problem(problem: &Problem) -> Exit {
    match problem.status {
        409 | 412 => Exit::Conflict,
        401 | 403 | 422 => Exit::Refused,
        429 | 503 => Exit::Unavailable,
        400 | 404 | 413 | 415 => Exit::Usage,
        _ => Exit::Failure,
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let mut text = format!("{}\n{}\n({}, {})", problem.detail, problem.detail_en, problem.r#type, problem.status);
        for error in &problem.errors {
            text.push_str(&format!(
                "\n  at {}: {}",
                if error.pointer.is_empty() { "/" } else { &error.pointer },
                error.detail
            ));
        }
        Self::new(of_problem(&problem), anyhow::anyhow!(text))
    }
}
