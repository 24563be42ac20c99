//! A running `socai`, killed when dropped.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use points::Points;

/// The binary with these arguments, its environment free of settings.
pub(crate) fn socai(arguments: &[&str]) -> Command {
    build(Path::new(env!("CARGO_BIN_EXE_socai")), arguments)
}

/// Another build's binary likewise.
pub(crate) fn build(binary: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary);
    // Whoever tried the program in this shell may have set something for it.
    let settings = std::env::vars_os().map(|(name, _)| name);
    settings.filter(|name| name.to_string_lossy().starts_with("SOCAI_")).for_each(|name| {
        command.env_remove(name);
    });
    command.args(arguments).env("NO_COLOR", "1");
    command
}

/// `socai run` on a port of its own.
pub(crate) struct Process {
    child: Child,
    /// Kept open, or the node would fail to print.
    stdout: BufReader<ChildStdout>,
    pub(crate) url: String,
}

impl Process {
    /// Starts it, and waits for its first line, which it prints once it answers.
    pub(crate) fn start(data: &Path, arguments: &[&str]) -> Self {
        Self::start_as(socai(&[]), data, arguments)
    }

    /// Likewise, and it heeds what is asked of it at named points.
    pub(crate) fn start_heeding(points: &Points, data: &Path, arguments: &[&str]) -> Self {
        let mut command = socai(&[]);
        command.env(points::VARIABLE, points.folder());
        Self::start_as(command, data, arguments)
    }

    fn start_as(mut command: Command, data: &Path, arguments: &[&str]) -> Self {
        let data = data.display().to_string();
        command.args(["run", "--listen", "127.0.0.1:0", "--data", &data]);
        let mut child =
            command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("socai starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("its first line");
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned);
        let url = url.unwrap_or_else(|| {
            let mut why = String::new();
            child.stderr.take().expect("its errors").read_to_string(&mut why).expect("its errors are text");
            panic!("socai did not start: {line}{why}")
        });
        // Nobody reads what it logs from here on.
        drop(child.stderr.take());
        Self { child, stdout, url }
    }

    /// What it prints next.
    pub(crate) fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("it prints more");
        line
    }

    /// Resident memory now.
    pub(crate) fn resident_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its resident memory");
        line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).expect("a number") / 1_024
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for an end that somebody else has brought about.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.child.wait().expect("socai ends")
    }

    /// A signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.pid().to_string()]).status().expect("kill runs");
        assert!(sent.success(), "{name} did not reach socai");
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("socai is there to be killed");
        self.child.wait().expect("socai ends");
    }

    /// SIGTERM; its exit code.
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        self.signal("-TERM");
        self.child.wait().expect("socai ends").code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
