//! `deploy/compose.yaml` in step with the code and with the files it mounts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    file,
    files::{self, Place, Process, answered, check, variables},
    read,
};

fn services() -> BTreeMap<String, Value> {
    let compose = files::parse("deploy/compose.yaml").remove(0);
    serde_json::from_value(compose["services"].clone()).unwrap()
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
}

fn process(name: &str, service: &Value) -> Process {
    let environment = service["environment"].as_object().into_iter().flatten();
    let stop = service["stop_grace_period"].as_str().map_or(10, |text| text.trim_end_matches('s').parse().unwrap());
    Process {
        name: name.to_owned(),
        image: service["image"].as_str().unwrap().to_owned(),
        command: words(&service["command"]).join(" "),
        environment: environment.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect(),
        replicas: 1,
        stop_seconds: stop,
    }
}

#[test]
fn every_process_is_told_what_the_code_and_the_servers_know() {
    let services = services();
    let processes: Vec<_> = services.iter().map(|(name, service)| process(name, service)).collect();
    let place = Place {
        nats: (1..=3).map(|n| format!("nats-{n}:4222")).collect(),
        postgres: "postgres:5432",
        intake_url: "http://front:8081",
        password: "${{}:?see deploy/compose.env.example}",
    };
    check(&processes, &place);
    for host in ["nats-1", "nats-2", "nats-3", "postgres", "front"] {
        assert!(services.contains_key(host), "nobody is called {host}");
    }
    assert_eq!(services["postgres"]["environment"]["POSTGRES_DB"], "socai");
}

/// Each of them at a port of its own of this machine alone, unless somebody says otherwise.
#[test]
fn every_nats_server_is_published_by_the_file_for_that() {
    let beside = files::parse("deploy/compose.nats.yaml").remove(0);
    let beside: BTreeMap<String, Value> = serde_json::from_value(beside["services"].clone()).unwrap();
    let servers: BTreeMap<_, _> =
        services().into_iter().filter(|(_, one)| one["image"].as_str().unwrap().contains("/nats:")).collect();
    assert_eq!(beside.keys().collect::<Vec<_>>(), servers.keys().collect::<Vec<_>>());
    for (n, (name, service)) in (1..).zip(&beside) {
        let inside = services()[name]["environment"]["SOCAI_NATS_PORT"].as_str().unwrap().to_owned();
        let port = format!("${{SOCAI_PUBLISH_NATS_{n}:-127.0.0.1:{}}}:{inside}", 4_221 + n);
        assert_eq!(words(&service["ports"]), [port], "{name}");
        assert_eq!(words(&service["networks"]), ["inside", "outside"], "{name}");
    }
}

#[test]
fn the_front_passes_on_to_every_portal_and_every_intake() {
    let (caddyfile, services) = (read("deploy/Caddyfile"), services());
    for (role, ports) in [("portal", "{$SOCAI_PORTALS_PORT:8080}"), ("intake", "{$SOCAI_INTAKES_PORT:8081}")] {
        let named = |name: &&String| services[*name]["environment"]["SOCAI_ROLES"] == role;
        let behind: Vec<_> = services.keys().filter(named).map(|name| format!("{name}:8080")).collect();
        let expected =
            format!("http://:{ports} {{\n\treverse_proxy {{$SOCAI_{}S:{}}} {{", role.to_uppercase(), behind.join(" "));
        assert!(caddyfile.contains(&expected), "deploy/Caddyfile lacks {expected}");
    }
    assert_eq!(words(&services["front"]["ports"]), ["${SOCAI_PUBLISH:-127.0.0.1:8080}:8080"]);
}

#[test]
fn no_secret_has_a_value_and_the_example_names_each() {
    let text = read("deploy/compose.yaml");
    let needed: BTreeSet<_> = variables(&text, "${SOCAI_").into_iter().filter(|name| name != "SOCAI_PUBLISH").collect();
    let example = read("deploy/compose.env.example");
    let named: BTreeSet<_> = example.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert_eq!(named, needed.iter().map(|name| format!("{name}=")).collect());
    for (name, service) in services() {
        for (variable, value) in service["environment"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap();
            let secret = variable.ends_with("PASSWORD");
            assert!(!secret || value.starts_with("${SOCAI_") && value.contains(":?"), "{name}: {variable} is {value}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_process_is_limited_confined_started_again_and_looked_at() {
    let (mut of_ours, mut of_nats) = (BTreeSet::new(), BTreeSet::new());
    for (name, service) in services() {
        assert!(service["deploy"]["resources"]["limits"]["memory"].is_string(), "{name} has no limit");
        assert!(words(&service["security_opt"]).contains(&"no-new-privileges:true".to_owned()), "{name}");
        let once = service["healthcheck"]["disable"] == true || service["healthcheck"].is_null();
        assert_eq!(service["restart"], if once { "on-failure" } else { "unless-stopped" }, "{name}");
        assert!(
            service["restart"] != "on-failure" || ["provision", "roles"].contains(&name.as_str()),
            "{name} is not looked at"
        );
        let test = words(&service["healthcheck"]["test"]);
        match test.last().and_then(|last| last.strip_prefix("http://127.0.0.1:8222")) {
            Some(path) => drop(of_nats.insert(path.to_owned())),
            None if name == "front" => drop(of_ours.insert(test.last().unwrap().replace("http://127.0.0.1:8080", ""))),
            None if service["image"].as_str().unwrap().starts_with("socai:") && !once => {
                assert_eq!(test, ["CMD", "ready"])
            }
            None => assert!(once || name == "postgres", "{name}: {test:?}"),
        }
        for volume in words(&service["volumes"]) {
            let from = volume.split(':').next().unwrap();
            assert!(!from.starts_with('.') || file("deploy").join(from).exists(), "{name} mounts {from}");
        }
    }
    answered(&of_ours, &of_nats).await;
}
