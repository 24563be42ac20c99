//! A real nats-server with JetStream, in a folder of its own, ended when dropped.

use std::{
    fs, io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How long a server may take until it listens.
const START_PATIENCE: Duration = Duration::from_secs(20);

/// One server on 127.0.0.1. It keeps its port and its store when it is killed and started again.
pub struct NatsServer {
    folder: TempDir,
    settings: NatsSettings,
    listening: Listening,
    child: Mutex<Option<Child>>,
}

#[derive(Clone, Debug, Default)]
pub struct NatsSettings {
    /// `sync_interval: always`: fsync before every acknowledgement.
    pub sync_always: bool,
    /// More lines for the server's configuration, such as users.
    pub extra: String,
    /// Variables that these lines name.
    pub environment: Vec<(String, String)>,
}

/// Port 0 lets the server choose.
#[derive(Clone, Copy, Debug, Default)]
struct Listening {
    client: u16,
    monitor: u16,
}

impl NatsServer {
    pub async fn start() -> Self {
        Self::start_with(NatsSettings::default()).await
    }

    pub async fn start_with(settings: NatsSettings) -> Self {
        let folder = tempfile::tempdir().expect("failed to make a folder for nats-server");
        let mut server = Self { folder, settings, listening: Listening::default(), child: Mutex::new(None) };
        server.listening = server.launch().await;
        server
    }

    /// `127.0.0.1:port` of the clients' listener.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.listening.client)
    }

    /// `http://127.0.0.1:port` of the monitoring pages.
    pub fn monitor_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.listening.monitor)
    }

    /// The URL of a ledger on this server, as `--journal` takes it.
    pub fn url(&self, ledger: &str) -> String {
        format!("nats://{}/{ledger}?monitor={}", self.address(), self.monitor_url())
    }

    /// Ends the server by SIGKILL; its store stays.
    pub fn kill(&self) {
        if let Some(mut child) = self.child().take() {
            child.kill().and_then(|()| child.wait()).expect("failed to kill nats-server");
        }
    }

    /// A copy of what the server has stored. Only while it is killed is it whole.
    pub fn backup(&self) -> TempDir {
        let backup = tempfile::tempdir().expect("failed to make a folder for a backup");
        copy_folder(&self.store(), backup.path());
        backup
    }

    /// Puts a backup in the place of what the server has stored, while it is killed.
    pub fn restore(&self, backup: &TempDir) {
        fs::remove_dir_all(self.store()).expect("failed to remove what nats-server has stored");
        fs::create_dir(self.store()).expect("failed to make the store of nats-server");
        copy_folder(backup.path(), &self.store());
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// Starts the server that was killed, on the same store and ports.
    pub async fn start_again(&self) {
        self.launch().await;
    }

    /// The same with other settings.
    pub async fn start_again_with(&mut self, settings: NatsSettings) {
        self.settings = settings;
        self.launch().await;
    }

    /// Starts `nodes` servers that form one cluster. It has a leader for each stream some seconds later.
    pub async fn start_cluster(nodes: usize) -> Vec<Self> {
        let ports = free_ports(nodes);
        let routes: Vec<_> = ports.iter().map(|port| format!("nats://127.0.0.1:{port}")).collect();
        let start = async |node: usize| {
            let extra = format!(
                "server_name: node-{node}\ncluster {{\n  name: test\n  listen: \"127.0.0.1:{}\"\n  routes: [{}]\n}}",
                ports[node],
                routes.join(", ")
            );
            Self::start_with(NatsSettings { extra, ..NatsSettings::default() }).await
        };
        let mut servers = Vec::new();
        for node in 0..nodes {
            servers.push(start(node).await);
        }
        servers
    }

    /// The URL of a ledger on a cluster, with as many replicas as it has servers.
    pub fn cluster_url(servers: &[Self], ledger: &str) -> String {
        let addresses: Vec<_> = servers.iter().map(Self::address).collect();
        let monitors: Vec<_> = servers.iter().map(Self::monitor_url).collect();
        format!("nats://{}/{ledger}?replicas={}&monitor={}", addresses.join(","), servers.len(), monitors.join(","))
    }

    async fn launch(&self) -> Listening {
        let config = self.folder.path().join("nats-server.conf");
        let log = self.folder.path().join("log");
        fs::write(&config, self.configuration()).expect("failed to write the configuration of nats-server");
        let output = fs::File::create(&log).expect("failed to create the log of nats-server");
        let child = Command::new(find_server())
            .arg("--config")
            .arg(&config)
            .envs(self.settings.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .spawn()
            .expect("failed to start nats-server");
        let ports = self.folder.path().join(format!("nats-server_{}.ports", child.id()));
        *self.child() = Some(child);
        let begun = Instant::now();
        loop {
            if let Some(listening) = read_ports(&ports) {
                return listening;
            }
            if self.has_ended() || begun.elapsed() > START_PATIENCE {
                panic!("nats-server did not start:\n{}", fs::read_to_string(&log).unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn configuration(&self) -> String {
        let port = |known: u16| if known == 0 { "-1".to_owned() } else { known.to_string() };
        let folder = self.folder.path().display();
        let sync = if self.settings.sync_always { "sync_interval: always" } else { "" };
        format!(
            "host: 127.0.0.1\nport: {}\nhttp: \"127.0.0.1:{}\"\nports_file_dir: \"{folder}\"\n\
             jetstream {{\n  store_dir: \"{folder}/store\"\n  {sync}\n}}\n{}\n",
            port(self.listening.client),
            port(self.listening.monitor),
            self.settings.extra
        )
    }

    fn has_ended(&self) -> bool {
        self.child().as_mut().is_none_or(|child| child.try_wait().is_ok_and(|status| status.is_some()))
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child().take() {
            // It may have ended by itself; either way it is gone afterwards.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn copy_folder(from: &Path, into: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from.join(".")).arg(into).status();
    assert!(copied.is_ok_and(|status| status.success()), "failed to copy {}", from.display());
}

/// Routes between servers are configured before any of them listens, so their ports are chosen here.
fn free_ports(n: usize) -> Vec<u16> {
    let listeners: Vec<_> = (0..n).map(|_| TcpListener::bind("127.0.0.1:0").expect("no port is free")).collect();
    let port = |listener: &TcpListener| listener.local_addr().expect("a listener has an address").port();
    listeners.iter().map(port).collect()
}

/// The file in which the server says where it listens; absent or half-written until it does.
fn read_ports(path: &Path) -> Option<Listening> {
    let ports: serde_json::Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let port = |of: &str| ports[of][0].as_str()?.rsplit(':').next()?.parse().ok();
    Some(Listening { client: port("nats")?, monitor: port("monitoring")? })
}

/// `$SOCAI_NATS_SERVER`, else `.tools/nats-server` here or in a folder above, else `nats-server` on the path.
pub fn find_server() -> PathBuf {
    if let Some(named) = std::env::var_os("SOCAI_NATS_SERVER") {
        return named.into();
    }
    let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join(".tools/nats-server"));
    if let Some(found) = fetched.into_iter().find(|path| path.is_file()) {
        return found;
    }
    match Command::new("nats-server").arg("--version").output() {
        Ok(_) => "nats-server".into(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            panic!("there is no nats-server: run `make tools`, or set SOCAI_NATS_SERVER to one")
        }
        Err(error) => panic!("nats-server cannot be run: {error}"),
    }
}
