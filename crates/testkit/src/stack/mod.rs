//! `deploy/stack` as a child process, and hands on what it runs.
#![expect(clippy::unwrap_used, reason = "a stack that does not run fails its test")]

mod disks;
mod processes;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use journal::{Options, SharedJournal};
use tempfile::TempDir;

use self::disks::SmallDisks;
pub use self::processes::state;
use crate::{nats, proxy::Proxy};

/// How long what should come may take.
const PATIENCE: Duration = Duration::from_secs(90);
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// The script uses so many ports from its first on.
const PORTS: u16 = 91;

/// What our processes reach through a proxy, and at which port behind the first it really is.
pub const SERVERS: [(&str, u16); 4] = [("nats-1", 61), ("nats-2", 62), ("nats-3", 63), ("postgres", 90)];

/// What somebody has set in the shell for a program of theirs, and what none of a stack's processes may hear of.
pub const OF_THE_SHELL: [(&str, &str); 3] = [
    ("SOCAI_TOKEN_FILE", "/of/the/shell"),
    ("SOCAI_JOURNAL", "sqlite:/of/the/shell"),
    ("SOCAI_VIEWS", "sqlite:/of/the/shell"),
];

/// What stands around a stack.
#[derive(Clone, Copy, Debug)]
pub struct StackSettings {
    /// Which demonstration it loads, by its year.
    pub demonstration: u16,
    /// A proxy before each server.
    pub proxies: bool,
    /// A disk of its own for each server, which can become full; needs the right to mount.
    pub disks: bool,
    /// No demonstration, and a clock of its own for each process of ours.
    pub clocks: bool,
    /// Its processes heed what is asked of them at named points.
    pub points: bool,
}

impl Default for StackSettings {
    fn default() -> Self {
        Self { demonstration: 2022, proxies: false, disks: false, clocks: false, points: false }
    }
}

/// `deploy/stack`, running, with the demonstration; ended when dropped.
pub struct Stack {
    script: Child,
    /// Process numbers by name, as the script printed them last.
    running: Arc<Mutex<BTreeMap<String, u32>>>,
    pub port: u16,
    pub data: TempDir,
    /// By the server's name.
    pub proxies: BTreeMap<&'static str, Proxy>,
    pub disks: Option<SmallDisks>,
    held: AtomicBool,
}

/// Asks again until there is an answer: something of the stack may have died a moment ago.
///
/// # Panics
/// With what is wrong, when there is none in time.
pub async fn until<T>(mut ask: impl AsyncFnMut() -> Result<T, String>) -> T {
    let begun = Instant::now();
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(wrong) => assert!(begun.elapsed() < PATIENCE, "{wrong}"),
        }
        tokio::time::sleep(AGAIN_AFTER).await;
    }
}

impl Stack {
    /// Of this binary.
    pub async fn start(socai: &Path, settings: StackSettings) -> Self {
        let data = tempfile::tempdir().unwrap();
        // PostgreSQL runs as another user, who must get through.
        std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let disks = settings.disks.then(|| SmallDisks::mount(data.path()));
        let port = free_ports();
        let mut proxies = BTreeMap::new();
        for (name, behind) in SERVERS.into_iter().filter(|_| settings.proxies) {
            proxies.insert(name, Proxy::before(&format!("127.0.0.1:{}", port + behind)).await.unwrap());
        }
        let mut script = Command::new("python3");
        script.arg(root().join("deploy/stack")).arg("--socai").arg(socai);
        script.arg("--data").arg(data.path()).args(["--port", &port.to_string()]);
        script.args(proxies.iter().map(|(name, proxy)| format!("--through={name}={}", proxy.address())));
        script.arg(format!("--demo={}", settings.demonstration));
        if settings.clocks {
            script.arg("--empty").arg("--clocks").arg(find_faketime());
        }
        if settings.points {
            script.arg("--points");
        }
        script
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("SOCAI_LOG", "info")
            .envs(OF_THE_SHELL)
            .env("SOCAI_NATS_SERVER", nats::find_server());
        let mut script = script.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("python3 runs");
        let mut lines = BufReader::new(script.stdout.take().unwrap()).lines();
        // Keeps the logs of a stack that does not start as well.
        let stack = Self { script, running: Arc::default(), port, data, proxies, disks, held: AtomicBool::new(false) };
        let mut printed = String::new();
        loop {
            let line = lines.next().unwrap_or_else(|| panic!("the stack did not start:\n{printed}")).unwrap();
            note(&stack.running, &line);
            printed += &format!("{line}\n");
            if line.contains("stop with Ctrl-C") {
                break;
            }
        }
        let noted = stack.running.clone();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| note(&noted, &line)));
        stack
    }

    /// Nothing is wrong with it: what its processes logged need not be kept.
    pub fn has_held(&self) {
        self.held.store(true, Ordering::Release);
    }

    /// The address before the portals.
    pub fn portals(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The address before the intakes.
    pub fn intakes(&self) -> String {
        format!("http://127.0.0.1:{}", self.port + 1)
    }

    /// The file of a token that the first intake has made.
    pub fn token(&self, name: &str) -> PathBuf {
        self.data.path().join(format!("intake-1/{name}.token"))
    }

    /// A user of NATS, and the password.
    pub fn user(&self, name: &str) -> (String, String) {
        (name.to_owned(), self.password("nats", name))
    }

    fn password(&self, of: &str, user: &str) -> String {
        let text = std::fs::read_to_string(self.data.path().join(format!("{of}-passwords.json"))).unwrap();
        let passwords: BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
        passwords[user].clone()
    }

    /// The three nats-servers themselves, behind whatever stands before them.
    pub fn nats(&self) -> Vec<String> {
        (61..=63).map(|offset| format!("127.0.0.1:{}", self.port + offset)).collect()
    }

    /// Of the ledger, at the servers themselves.
    pub fn journal_url(&self, user: &str) -> String {
        let (user, password) = self.user(user);
        format!("nats://{user}:{password}@{}/haiphong?replicas=3", self.nats().join(","))
    }

    /// The ledger, to read.
    pub async fn journal(&self) -> SharedJournal {
        let options = Options { to_read: true, ..Options::default() };
        journal::open(&self.journal_url("follower"), options).await.unwrap()
    }

    /// What a token's file holds.
    pub fn bearer(&self, name: &str) -> String {
        std::fs::read_to_string(self.token(name)).unwrap().trim().to_owned()
    }

    /// What an auditor is answered at an address.
    ///
    /// # Errors
    /// When nobody answers within ten seconds, or something else than 200.
    pub async fn get(&self, address: &str, path: &str) -> reqwest::Result<String> {
        let token = self.bearer("auditor");
        let http = kit::outgoing::plain().timeout(Duration::from_secs(10)).build().unwrap();
        http.get(format!("{address}{path}")).bearer_auth(token).send().await?.error_for_status()?.text().await
    }

    /// Asks until it is answered: something of the stack may have died a moment ago.
    pub async fn get_at_last(&self, path: &str) -> String {
        until(async || self.get(&self.portals(), path).await.map_err(|error| format!("{path}: {error}"))).await
    }

    /// Waits until one of our processes says that it is ready.
    pub async fn until_ready(&self, name: &str) {
        until(async || if self.is_ready(name).await { Ok(()) } else { Err(format!("{name} is not ready")) }).await;
    }

    /// Whether one of our processes says at once that it is ready.
    pub async fn is_ready(&self, name: &str) -> bool {
        let (role, n) = name.split_once('-').expect("a process of ours");
        let address = format!("http://{}/readyz", self.address(role, n.parse().expect("its number")));
        let http = kit::outgoing::plain().timeout(Duration::from_secs(2)).build().unwrap();
        http.get(address).send().await.is_ok_and(|answer| answer.status().is_success())
    }

    /// What each process says of itself, for whoever looks for a fault.
    pub async fn readiness(&self) -> String {
        let http = kit::outgoing::plain().timeout(Duration::from_secs(2)).build().unwrap();
        let mut all = String::new();
        for role in ["intake", "tally", "audit", "portal"] {
            for n in 1..=2 {
                let asked = http.get(format!("http://{}/readyz", self.address(role, n))).send().await;
                let told = match asked {
                    Ok(answer) => answer.text().await.unwrap_or_else(|error| error.to_string()),
                    Err(error) => error.to_string(),
                };
                all += &format!("{role}-{n}: {told}\n");
            }
        }
        all
    }

    /// Where a process answers by itself.
    pub fn address(&self, role: &str, n: u16) -> String {
        let index = ["intake", "tally", "audit", "portal"].into_iter().zip(1..).find(|(name, _)| *name == role);
        let (_, index) = index.expect("a role");
        format!("127.0.0.1:{}", self.port + 10 * index + n)
    }

    /// The names of all processes.
    pub fn names(&self) -> Vec<String> {
        self.running.lock().unwrap().keys().cloned().collect()
    }

    /// Sets the clock of one of our processes, so many seconds ahead of the machine's. It is believed to be set within a second.
    pub fn set_clock(&self, name: &str, ahead: i64) {
        let file = self.data.path().join(format!("{name}.clock"));
        let new = file.with_extension("clock.new");
        std::fs::write(&new, format!("{ahead:+}")).unwrap();
        std::fs::rename(new, file).unwrap();
    }

    /// The binary that one of our processes runs, as of its last start or from its next one on.
    pub fn binary(&self, name: &str) -> PathBuf {
        std::fs::read_link(self.data.path().join(format!("{name}.socai"))).unwrap()
    }

    /// What it runs from its next start on.
    pub fn set_binary(&self, name: &str, binary: &Path) {
        let link = self.data.path().join(format!("{name}.socai"));
        let new = link.with_extension("socai.new");
        std::os::unix::fs::symlink(binary, &new).unwrap();
        std::fs::rename(new, link).unwrap();
    }

    /// As a user of the database: `socai`, who may do everything there, or a role that opens the views.
    pub fn views_url(&self, user: &str) -> String {
        format!("postgres://{user}:{}@127.0.0.1:{}/postgres", self.password("postgres", user), self.port + 90)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.script.id().to_string()]).status();
        let _ = self.script.wait();
        self.running.lock().unwrap().values().for_each(|&pid| clear_away(pid));
        if !self.held.load(Ordering::Acquire) {
            let kept = std::env::temp_dir().join(format!("socai-stack-{}", self.port));
            let logs = std::fs::read_dir(self.data.path()).into_iter().flatten().flatten().map(|entry| entry.path());
            let logs: Vec<_> = logs.filter(|path| path.extension().is_some_and(|of| of == "log")).collect();
            let _ = std::fs::create_dir_all(&kept);
            let _ = Command::new("cp").args(logs).arg(&kept).status();
            eprintln!("what the processes logged is in {}", kept.display());
        }
        self.disks.take();
        // What PostgreSQL's user wrote, a temporary folder's own removal may not remove.
        let _ = Command::new("rm").arg("-rf").arg(self.data.path()).status();
    }
}

/// `  name  pid 123, …`
fn note(running: &Mutex<BTreeMap<String, u32>>, line: &str) {
    let mut words = line.split_whitespace();
    if let (Some(name), Some("pid"), Some(number)) = (words.next(), words.next(), words.next())
        && let Ok(pid) = number.trim_end_matches(',').parse()
        && let Some(ended) = running.lock().unwrap().insert(name.to_owned(), pid)
    {
        clear_away(ended);
    }
}

/// What libfaketime leaves of a process that was killed. One that gets the same number would not start.
fn clear_away(pid: u32) {
    for name in [format!("faketime_shm_{pid}"), format!("sem.faketime_sem_{pid}")] {
        // Most processes end by themselves, and leave nothing.
        let _ = std::fs::remove_file(Path::new("/dev/shm").join(name));
    }
}

/// What `deploy/tools/install-faketime` finds or gets.
fn find_faketime() -> String {
    let found = Command::new(root().join("deploy/tools/install-faketime")).output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    let printed = String::from_utf8(found.stdout).unwrap();
    printed.lines().last().and_then(|line| line.strip_prefix("libfaketime: ")).expect("where it is").to_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The first of as many ports as the script uses, all of which are free. Stacks that start at one time begin to look far from each other.
fn free_ports() -> u16 {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let nth = std::process::id() + 37 * STARTED.fetch_add(1, Ordering::Relaxed);
    let begin = 20_000 + u16::try_from(nth % 100).unwrap() * 100;
    let found = (begin..30_000).step_by(100).chain((20_000..begin).step_by(100));
    found.into_iter().find(|&first| (first..first + PORTS).all(free)).expect("so many ports are free")
}
