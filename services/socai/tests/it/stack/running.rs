//! `deploy/stack` as a child process, and hands on what it runs.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use journal::{Options, SharedJournal};
use tempfile::TempDir;
use testkit::proxy::Proxy;

use super::{PATIENCE, disks::SmallDisks};

/// The script uses so many ports from its first on.
const PORTS: u16 = 91;

/// What our processes reach through a proxy, and at which port behind the first it really is.
pub(super) const SERVERS: [(&str, u16); 4] = [("nats-1", 61), ("nats-2", 62), ("nats-3", 63), ("postgres", 90)];

/// `deploy/stack`, running, with a proxy before each server.
pub(super) struct Stack {
    script: Child,
    /// Process numbers by name, as the script printed them last.
    running: Arc<Mutex<BTreeMap<String, u32>>>,
    pub(super) port: u16,
    pub(super) data: TempDir,
    pub(super) proxies: BTreeMap<&'static str, Proxy>,
    pub(super) disks: Option<SmallDisks>,
}

impl Stack {
    /// With a disk of its own for each server, if these are to become full.
    pub(super) async fn start(disks_become_full: bool) -> Self {
        let data = tempfile::tempdir().unwrap();
        // PostgreSQL runs as another user, who must get through.
        std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let disks = disks_become_full.then(|| SmallDisks::mount(data.path()));
        let port = free_ports();
        let mut proxies = BTreeMap::new();
        for (name, behind) in SERVERS {
            proxies.insert(name, Proxy::before(&format!("127.0.0.1:{}", port + behind)).await.unwrap());
        }
        let mut script = Command::new("python3");
        script.arg(root().join("deploy/stack")).args(["--socai", env!("CARGO_BIN_EXE_socai")]);
        script.arg("--data").arg(data.path()).args(["--port", &port.to_string()]);
        script.args(proxies.iter().map(|(name, proxy)| format!("--through={name}={}", proxy.address())));
        script
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("SOCAI_LOG", "info")
            .env("SOCAI_NATS_SERVER", testkit::nats::find_server());
        let mut script = script.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("python3 runs");
        let mut lines = BufReader::new(script.stdout.take().unwrap()).lines();
        let running: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
        let noted = running.clone();
        let mut printed = String::new();
        loop {
            let line = lines.next().unwrap_or_else(|| panic!("the stack did not start:\n{printed}")).unwrap();
            note(&noted, &line);
            printed += &format!("{line}\n");
            if line.contains("stop with Ctrl-C") {
                break;
            }
        }
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| note(&noted, &line)));
        Self { script, running, port, data, proxies, disks }
    }

    pub(super) fn portals(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn token(&self, name: &str) -> PathBuf {
        self.data.path().join(format!("intake-1/{name}.token"))
    }

    pub(super) fn user(&self, name: &str) -> (String, String) {
        (name.to_owned(), self.password("nats", name))
    }

    fn password(&self, of: &str, user: &str) -> String {
        let text = std::fs::read_to_string(self.data.path().join(format!("{of}-passwords.json"))).unwrap();
        let passwords: BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
        passwords[user].clone()
    }

    pub(super) fn nats(&self) -> Vec<String> {
        (61..=63).map(|offset| format!("127.0.0.1:{}", self.port + offset)).collect()
    }

    pub(super) fn journal_url(&self, user: &str) -> String {
        let (user, password) = self.user(user);
        format!("nats://{user}:{password}@{}/haiphong?replicas=3", self.nats().join(","))
    }

    pub(super) async fn journal(&self) -> SharedJournal {
        let options = Options { to_read: true, ..Options::default() };
        journal::open(&self.journal_url("follower"), options).await.unwrap()
    }

    pub(super) fn bearer(&self, name: &str) -> String {
        std::fs::read_to_string(self.token(name)).unwrap().trim().to_owned()
    }

    async fn get(&self, path: &str) -> reqwest::Result<String> {
        let token = self.bearer("auditor");
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
        http.get(format!("{}{path}", self.portals())).bearer_auth(token).send().await?.error_for_status()?.text().await
    }

    /// Asks until it is answered: something of the stack may have died a moment ago.
    pub(super) async fn get_at_last(&self, path: &str) -> String {
        let begun = Instant::now();
        loop {
            match self.get(path).await {
                Ok(text) => return text,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "{path}: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// SIGTERM, and waits until it runs again.
    pub(super) async fn restart(&self, name: &str) {
        let pid = self.running.lock().unwrap()[name];
        Command::new("kill").args(["-TERM", &pid.to_string()]).status().unwrap();
        let begun = Instant::now();
        while self.running.lock().unwrap()[name] == pid {
            assert!(begun.elapsed() < PATIENCE, "{name} was not started again");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What each process says of itself, for whoever looks for a fault.
    pub(super) async fn readiness(&self) -> String {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(2)).build().unwrap();
        let mut all = String::new();
        for (index, role) in (1_u16..).zip(["intake", "tally", "audit", "portal"]) {
            for n in 1..=2 {
                let asked = http.get(format!("http://127.0.0.1:{}/readyz", self.port + 10 * index + n)).send().await;
                let told = match asked {
                    Ok(answer) => answer.text().await.unwrap_or_else(|error| error.to_string()),
                    Err(error) => error.to_string(),
                };
                all += &format!("{role}-{n}: {told}\n");
            }
        }
        all
    }

    /// The names of all processes.
    pub(super) fn names(&self) -> Vec<String> {
        self.running.lock().unwrap().keys().cloned().collect()
    }

    /// A signal to all of them at once. One that is just between its end and its next start gets none.
    pub(super) fn signal(&self, signal: &str, names: &[&str]) {
        let running = self.running.lock().unwrap();
        let pids = names.iter().map(|&name| running[name].to_string());
        let _ = Command::new("kill").arg(signal).args(pids).stderr(Stdio::null()).status();
    }

    /// As a user of the database: `socai`, who may do everything there, or a role that opens the views.
    pub(super) fn views_url(&self, user: &str) -> String {
        format!("postgres://{user}:{}@127.0.0.1:{}/postgres", self.password("postgres", user), self.port + 90)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.script.id().to_string()]).status();
        let _ = self.script.wait();
        if std::thread::panicking() {
            let kept = std::env::temp_dir().join(format!("socai-stack-{}", self.port));
            let _ = Command::new("cp").arg("-r").arg(self.data.path()).arg(&kept).status();
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
    {
        running.lock().unwrap().insert(name.to_owned(), pid);
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The first of as many ports as the script uses, all of which are free.
fn free_ports() -> u16 {
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let begin = 20_000 + u16::try_from(std::process::id() % 100).unwrap() * 100;
    let found = (begin..30_000).step_by(100).chain((20_000..begin).step_by(100));
    found.into_iter().find(|&first| (first..first + PORTS).all(free)).expect("so many ports are free")
}
