//! Disks that can become full: each server stores in a memory file system of its own, which is made as small as what it holds.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use super::SERVERS;

/// Taken from memory as it is used.
const ROOMY: &str = "6g";
const BLOCK: u64 = 4_096;

/// Unmounted when dropped.
pub struct SmallDisks(BTreeMap<&'static str, PathBuf>);

impl SmallDisks {
    /// One below `data` for each server.
    pub(super) fn mount(data: &Path) -> Self {
        let mut disks = BTreeMap::new();
        for (name, _) in SERVERS {
            let folder = data.join(name);
            std::fs::create_dir(&folder).unwrap();
            let mounted = Command::new("mount")
                .args(["-t", "tmpfs", "-o", &format!("size={ROOMY}"), "tmpfs"])
                .arg(&folder)
                .status();
            assert!(
                mounted.is_ok_and(|status| status.success()),
                "a long run fills disks, for which it mounts its own: run it as a user who may"
            );
            disks.insert(name, folder);
        }
        Self(disks)
    }

    /// Nothing more can be written there.
    pub fn fill(&self, name: &str) {
        let used = Command::new("df").args(["--block-size=4096", "--output=used"]).arg(&self.0[name]).output().unwrap();
        let used = String::from_utf8(used.stdout).unwrap();
        let blocks: u64 = used.lines().last().and_then(|line| line.trim().parse().ok()).expect("df tells what is used");
        self.resize(name, &(blocks.max(1) * BLOCK).to_string());
    }

    /// There is room again.
    pub fn free(&self, name: &str) {
        self.resize(name, ROOMY);
    }

    /// What is written at this moment may need more than was counted; then it stays as large as it was, for a moment.
    fn resize(&self, name: &str, size: &str) {
        let _ = Command::new("mount").args(["-o", &format!("remount,size={size}")]).arg(&self.0[name]).status();
    }
}

impl Drop for SmallDisks {
    fn drop(&mut self) {
        for folder in self.0.values() {
            let _ = Command::new("umount").arg("--lazy").arg(folder).status();
        }
    }
}
