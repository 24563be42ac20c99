//! The command line asks a node behind what ends TLS, and says what is wrong with a certificate that nobody vouches for.

use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use testkit::stack::until;

use crate::{
    process::{Process, socai},
    subcommands::founding,
};

/// Caddy with a certificate of its own authority before a node, ended when dropped.
struct Front {
    child: Child,
    url: String,
    authority: PathBuf,
}

impl Drop for Front {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Front {
    fn before(node: &Process, folder: &Path) -> Self {
        let caddy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/deploy/bin/caddy");
        assert!(caddy.is_file(), "there is no {}: run `make tools`", caddy.display());
        let [port, unused] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [port, unused] = [port, unused].map(|listener| listener.local_addr().unwrap().port());
        let config = folder.join("Caddyfile");
        let to = &node.url;
        // It puts its authority nowhere on this machine but into the folder.
        let text = format!(
            "{{\n admin off\n persist_config off\n skip_install_trust\n http_port {unused}\n}}\nhttps://localhost:{port} {{\n tls internal\n reverse_proxy {to}\n}}\n"
        );
        std::fs::write(&config, text).unwrap();
        let mut caddy = Command::new(caddy);
        caddy.args(["run", "--adapter", "caddyfile", "--config"]).arg(config);
        caddy.env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
        let child = caddy.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("caddy runs");
        let authority = folder.join("caddy/pki/authorities/local/root.crt");
        Self { child, url: format!("https://localhost:{port}"), authority }
    }

    /// With this file for what the machine trusts; the input is a file, too.
    fn ask(&self, trusted: &Path, token: &Path, arguments: &[&str], input: &Path) -> Output {
        let mut command = socai(arguments);
        command.env("SOCAI_URL", &self.url).env("SOCAI_TOKEN_FILE", token).env("SSL_CERT_FILE", trusted);
        command.stdin(File::open(input).unwrap()).output().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_behind_tls_is_asked_and_posted_to_when_its_authority_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let (data, proxy) = (folder.path().join("data"), folder.path().join("proxy"));
    std::fs::create_dir(&proxy).unwrap();
    let node = Process::start(&data, &["--demo=2022"]);
    let front = Front::before(&node, &proxy);
    let (auditor, clerk) = (data.join("auditor.token"), data.join("clerk.token"));
    let file = folder.path().join("founding.json");
    std::fs::write(&file, founding("T1", 3).to_string()).unwrap();
    let shown = until(async || {
        let shown = front.ask(&front.authority, &auditor, &["show", "programmes"], &file);
        if shown.status.success() { Ok(shown) } else { Err(format!("{shown:?}")) }
    })
    .await;
    assert!(String::from_utf8_lossy(&shown.stdout).contains("nq28"), "{shown:?}");

    let posted = front.ask(&front.authority, &clerk, &["post", "found-organisation"], &file);
    assert_eq!(posted.status.code(), Some(0), "{posted:?}");

    // An authority that vouches for somebody else, and a file that names none.
    let another = folder.path().join("another");
    std::fs::create_dir(&another).unwrap();
    let another = Front::before(&node, &another);
    let made = || another.authority.is_file().then_some(());
    until(async || made().ok_or_else(|| "no authority yet".to_owned())).await;
    for trusted in [&another.authority, &file] {
        let refused = front.ask(trusted, &auditor, &["show", "programmes"], &file);
        let told = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(5), "{told}");
        assert!(told.contains("certificate") && told.contains("SSL_CERT_FILE"), "{told}");
        assert!(!told.contains("is `socai run` running"), "{told}");
    }
}
