//! A node as a process, with a small ledger in it: one district, one clerk.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

const CITY: Uuid = Uuid::from_u128(0xc17);
pub(crate) const DISTRICT: Uuid = Uuid::from_u128(0xd1);

pub(crate) struct Node {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    pub(crate) address: String,
    pub(crate) clerk: String,
    folder: PathBuf,
    arguments: Vec<String>,
    /// Removed when dropped.
    _temporary: Option<TempDir>,
    binary: PathBuf,
}

/// The node of this build.
pub(crate) fn binary() -> PathBuf {
    env!("CARGO_BIN_EXE_socai").into()
}

impl Node {
    /// A new ledger, with these arguments besides folder and port.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_of(binary(), arguments)
    }

    /// As `start`, of another build.
    pub(crate) fn start_of(binary: PathBuf, arguments: &[&str]) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let mut node = Self::at(binary, temporary.path(), arguments);
        node._temporary = Some(temporary);
        crate::runtime().block_on(node.furnish());
        node
    }

    /// At a folder that may hold a ledger.
    fn at(binary: PathBuf, folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(&binary);
        command.args(["run", "--listen", "127.0.0.1:0", "--data"]).arg(folder).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Some(address) = line.split("http://").nth(1).map(|rest| rest.trim().to_owned()) else {
            let mut why = String::new();
            child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            panic!("the node did not start: {line}{why}");
        };
        drop(child.stderr.take());
        let clerk = std::fs::read_to_string(folder.join("clerk")).unwrap_or_default();
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self { child, _stdout: stdout, address, clerk, folder: folder.to_owned(), arguments, _temporary: None, binary }
    }

    /// Stops it and starts it again on the same ledger.
    pub(crate) fn again(mut self) -> Self {
        self.stop();
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let mut again = Self::at(self.binary.clone(), &self.folder, &arguments);
        again._temporary = self._temporary.take();
        again
    }

    /// Does nothing when it has been stopped before.
    pub(crate) fn stop(&mut self) {
        if self.child.try_wait().unwrap().is_some() {
            return;
        }
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// User and system time so far, in seconds.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        cpu_seconds(&self.child.id().to_string())
    }

    /// Resident memory now, in megabytes.
    pub(crate) fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1_024.0
    }

    async fn furnish(&mut self) {
        let admin = std::fs::read_to_string(self.folder.join("admin.token")).unwrap().trim().to_owned();
        let paper = json!({ "number": "1", "symbol": "QĐ/TU", "issuer": "Thành ủy đo đạc", "date": "2020-01-01" });
        let unit = |unit: Uuid, kind: &str, name: &str, line: Option<Uuid>| json!({ "create_unit": { "unit": unit, "kind": kind, "name": name, "from": "2000-01-01", "line": line, "display_order": 1 } });
        let city = unit(CITY, "city", "Thành ủy đo đạc", None);
        let changes = [city, unit(DISTRICT, "urban_district", "Quận ủy đo đạc", Some(CITY))];
        self.post(&admin, "change-structure", &json!({ "document": paper, "changes": changes })).await;
        let measure = json!({
            "measure": "party_org", "name_vi": "Tổ chức đảng", "name_en": "Party organisations", "noun_vi": "tổ chức", "from": "2000-01-01",
            "by": "founded", "flow": "gross", "organisation_kinds": ["party_cell_grassroots"], "host_kinds": ["private_enterprise"],
        });
        let programme = json!({
            "programme": "nq28", "name_vi": "Đo đạc", "name_en": "Measurement", "issuer": CITY, "host_kinds": ["private_enterprise"],
            "measures": [measure], "document": paper,
        });
        self.post(&admin, "establish-programme", &programme).await;
        let period = json!({
            "programme": "nq28", "period": "2024", "first_day": "2024-01-01", "last_day": "2024-12-31", "principals": { "party_org": CITY },
            "document": paper,
        });
        self.post(&admin, "open-period", &period).await;
        self.clerk = kit::new_token();
        let hash = hex::encode(kit::token_hash(&self.clerk));
        let grant = json!({ "token_sha256": hash, "subject": Uuid::now_v7(), "office": DISTRICT, "role": "office" });
        self.post(&admin, "grant-access", &grant).await;
        std::fs::write(self.folder.join("clerk"), &self.clerk).unwrap();
    }

    async fn post(&self, token: &str, name: &str, data: &Value) {
        let request = kit::outgoing::plain()
            .build()
            .unwrap()
            .post(format!("http://{}/v1/commands/{name}", self.address))
            .bearer_auth(token);
        let response = request.header("idempotency-key", Uuid::now_v7().to_string()).json(data).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 201, "{}", response.text().await.unwrap());
    }

    /// Of journal, tally and trail, on a node that has all roles.
    pub(crate) async fn positions(&self) -> [u64; 3] {
        let health = self.get("/readyz").await;
        ["journal", "view.tally", "view.trail"].map(|name| {
            let check = health["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap();
            let detail = check["detail"].as_str().unwrap();
            detail.split(' ').find_map(|word| word.parse::<u64>().ok()).unwrap()
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let request = kit::outgoing::plain()
            .build()
            .unwrap()
            .get(format!("http://{}{path}", self.address))
            .bearer_auth(&self.clerk);
        request.send().await.unwrap().json().await.unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have been stopped before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How far views fall behind, at most: how long ago the first record was written that a view does not hold yet.
#[derive(Default)]
pub(crate) struct Lag {
    tally: Duration,
    trail: Duration,
}

impl Lag {
    const EVERY: Duration = Duration::from_millis(100);

    /// Does something with a node that has all roles, and looks at its views meanwhile.
    pub(crate) fn watch<T: Send>(&mut self, node: &Node, work: impl FnOnce() -> T + Send) -> T {
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let watching = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                let mut tips = Vec::new();
                while !done.load(Ordering::Acquire) {
                    runtime.block_on(self.look(node, &mut tips));
                    std::thread::sleep(Self::EVERY);
                }
            });
            let result = work();
            done.store(true, Ordering::Release);
            watching.join().unwrap();
            result
        })
    }

    async fn look(&mut self, node: &Node, tips: &mut Vec<(Instant, u64)>) {
        let [journal, tally, trail] = node.positions().await;
        let now = Instant::now();
        tips.push((now, journal));
        for (view, lag) in [(tally, &mut self.tally), (trail, &mut self.trail)] {
            let behind = tips.iter().find(|(_, tip)| *tip > view);
            *lag = behind.map_or(*lag, |(since, _)| now.duration_since(*since).max(*lag));
        }
    }
}

impl std::fmt::Display for Lag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "behind at most: tally {:.1} s, trail {:.1} s", self.tally.as_secs_f64(), self.trail.as_secs_f64())
    }
}

/// User and system time of a process so far, in seconds; `self` is this one.
pub(crate) fn cpu_seconds(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks / 100.0
}

/// The body of the `n`th founding; about 400 bytes as a record.
pub(crate) fn founding(n: u64) -> String {
    format!(
        r#"{{"unit":"{DISTRICT}","kind":"party_cell_grassroots","host_kind":"private_enterprise","basis":"new","members":3,"place":"31117","document":{{"number":"{n}","symbol":"QĐ/QU","issuer":"Quận ủy đo đạc","date":"2024-03-01"}}}}"#
    )
}
