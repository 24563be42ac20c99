//! What is done to the processes of a stack, and what the kernel says of them.

use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use points::Points;

use super::{PATIENCE, Stack};

const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Stack {
    /// The process number of one of them, now.
    pub fn pid(&self, name: &str) -> u32 {
        self.running.lock().unwrap()[name]
    }

    /// Whose number it is, as long as that one has not been started again.
    pub fn name_of(&self, pid: u32) -> Option<String> {
        let running = self.running.lock().unwrap();
        running.iter().find(|(_, running)| **running == pid).map(|(name, _)| name.clone())
    }

    /// SIGTERM, and waits until it runs again.
    pub async fn restart(&self, name: &str) {
        let pid = self.pid(name);
        self.signal("-TERM", &[name]);
        let begun = Instant::now();
        while self.pid(name) == pid {
            assert!(begun.elapsed() < PATIENCE, "{name} was not started again");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// A signal to all of them at once; the numbers of those that got it. One that is just between its end and its next start gets none.
    pub fn signal(&self, signal: &str, names: &[&str]) -> Vec<u32> {
        let running = self.running.lock().unwrap();
        let pids: Vec<u32> = names.iter().map(|&name| running[name]).filter(|&pid| self.runs(pid)).collect();
        if !pids.is_empty() {
            let pids = pids.iter().map(u32::to_string);
            let _ = Command::new("kill").arg(signal).args(pids).stderr(Stdio::null()).status();
        }
        pids
    }

    /// SIGKILL to all of them at once; how many have died of it.
    pub async fn kill(&self, names: &[&str]) -> usize {
        let killed = self.signal("-KILL", names);
        let begun = Instant::now();
        while killed.iter().any(|&pid| self.runs(pid)) {
            assert!(begun.elapsed() < PATIENCE, "one of {names:?} outlives a SIGKILL");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        killed.len()
    }

    /// As [`state`], of its own processes only: a number may be somebody else's by now.
    pub fn state(&self, pid: u32) -> Option<char> {
        state(pid).filter(|&(_, parent)| parent == self.script.id()).map(|(state, _)| state)
    }

    /// One that has ended stays in the kernel's list until it is started again.
    fn runs(&self, pid: u32) -> bool {
        self.state(pid).is_some_and(|state| state != 'Z')
    }

    /// What a process was started with, by the kernel.
    pub fn environment(&self, name: &str) -> BTreeMap<String, String> {
        let text = std::fs::read_to_string(format!("/proc/{}/environ", self.pid(name))).unwrap();
        let pairs = text.split('\0').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// What is asked of the processes of a role at named points.
    pub fn points(&self, role: &str) -> Points {
        Points::at(self.data.path().join(format!("{role}.points")))
    }
}

/// What the kernel says of a process, and whose child it is: `T` when it is stopped, `Z` when it has ended.
pub fn state(pid: u32) -> Option<(char, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may hold anything.
    let (_, rest) = text.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    Some((words.next()?.chars().next()?, words.next()?.parse().ok()?))
}
