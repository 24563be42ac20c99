//! One server process, watched by a shell that ends it when we end: the shell waits on a pipe that only we hold open.

use std::{
    io::Write,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use super::binaries::{self, RunAs};

const START_TIMEOUT: Duration = Duration::from_secs(30);
const START_TRIES: usize = 3;

/// Tests kill processes, not machines.
const QUICK: &[&str] = &["fsync=off", "full_page_writes=off"];
/// What is committed is on disk, as PostgreSQL is by default.
const DURABLE: &[&str] = &["fsync=on", "full_page_writes=on", "synchronous_commit=on"];

/// Reads a word, or the end of its input when we are gone; ends the server at once (SIGQUIT) and, unless told to keep them, its data.
const WATCH: &str = r#"
"$@" >>"$FOLDER.log" 2>&1 </dev/null & server=$!
read -r word
kill -QUIT $server 2>/dev/null
wait $server
[ "$word" = keep ] || rm -rf "$FOLDER" "$FOLDER.log"
"#;

/// A running PostgreSQL on 127.0.0.1, user `socai`, without a password. Dropping it ends the server and removes its data.
pub struct Postgres {
    folder: PathBuf,
    port: u16,
    run_as: RunAs,
    settings: &'static [&'static str],
    watcher: Mutex<Option<Child>>,
}

impl Postgres {
    /// Makes a cluster and starts it, without fsync: tests kill processes, not machines.
    ///
    /// # Panics
    /// When no PostgreSQL is installed, or it does not start; the message holds the server's own words.
    pub fn start() -> Self {
        Self::start_with(QUICK)
    }

    /// The same with fsync, for measurements.
    ///
    /// # Panics
    /// As `start` does.
    pub fn start_durable() -> Self {
        Self::start_with(DURABLE)
    }

    fn start_with(settings: &'static [&'static str]) -> Self {
        let run_as = RunAs::choose();
        let folder = tempfile::Builder::new().prefix("socai-pg-").tempdir().expect("a temporary folder").keep();
        run_as.own(&folder);
        initialise(&folder, &run_as);
        let mut server = Self { folder, port: 0, run_as, settings, watcher: Mutex::new(None) };
        for _ in 0..START_TRIES {
            server.port = free_port();
            if server.launch() {
                return server;
            }
        }
        panic!("PostgreSQL did not start:\n{}", server.log());
    }

    /// The URL of a database on this server.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://socai@127.0.0.1:{}/{database}", self.port)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Ends the server as a crash would, and keeps its data.
    pub fn stop(&self) {
        self.end(b"keep\n");
    }

    /// Starts it again after `stop`, on the same port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn resume(&self) {
        assert!(self.launch(), "PostgreSQL did not come back:\n{}", self.log());
    }

    /// Whether it answered in time; when not, nothing of it runs any more.
    fn launch(&self) -> bool {
        let mut watcher = Command::new("sh")
            .args(["-c", WATCH, "watch"])
            .args(self.command_line())
            .env("FOLDER", &self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh starts");
        let up = wait_until_up(self.port, &self.folder);
        if !up {
            finish(&mut watcher, b"keep\n");
            return false;
        }
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = Some(watcher);
        true
    }

    fn command_line(&self) -> Vec<String> {
        let mut words = self.run_as.prefix();
        words.push(binaries::folder().join("postgres").display().to_string());
        words.extend(["-D".into(), data(&self.folder).display().to_string()]);
        words.extend(["-p".into(), self.port.to_string()]);
        let settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"];
        let settings = settings.iter().chain(self.settings);
        words.extend(settings.flat_map(|setting| ["-c".to_owned(), (*setting).to_owned()]));
        words
    }

    fn end(&self, word: &[u8]) {
        let watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut watcher) = watcher {
            finish(&mut watcher, word);
        }
    }

    fn log(&self) -> String {
        let path = format!("{}.log", self.folder.display());
        std::fs::read_to_string(path).unwrap_or_else(|error| format!("(no log: {error})"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.end(b"remove\n");
    }
}

fn initialise(folder: &Path, run_as: &RunAs) {
    let initdb = binaries::folder().join("initdb").display().to_string();
    let mut words = run_as.prefix();
    words.extend([initdb, "-D".into(), data(folder).display().to_string()]);
    words.extend(["-A", "trust", "-U", "socai", "-E", "UTF8", "--locale=C", "--no-sync"].map(str::to_owned));
    let made = Command::new(&words[0]).args(&words[1..]).current_dir(folder).output().expect("initdb starts");
    assert!(made.status.success(), "initdb failed:\n{}", String::from_utf8_lossy(&made.stderr));
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("a bound port").port()
}

/// The server writes `ready` on the eighth line of its pid file; a port that answers may be a stranger's.
fn wait_until_up(port: u16, folder: &Path) -> bool {
    let deadline = Instant::now() + START_TIMEOUT;
    while Instant::now() < deadline {
        let pid_file = std::fs::read_to_string(data(folder).join("postmaster.pid")).unwrap_or_default();
        let ready = pid_file.lines().nth(7).is_some_and(|status| status.trim() == "ready");
        if ready && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

fn finish(watcher: &mut Child, word: &[u8]) {
    if let Some(mut input) = watcher.stdin.take() {
        // The shell may have gone already; then there is nobody to tell.
        drop(input.write_all(word));
    }
    watcher.wait().expect("the server's watcher ends");
}
