//! `deploy/kubernetes/` in step with the code, and its objects with each other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    file,
    files::{Place, Process, answered, check, parse},
    read,
};

fn names() -> Vec<String> {
    let entries = std::fs::read_dir(file("deploy/kubernetes")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".yaml") && !name.starts_with("secrets."));
    names.sort();
    names
}

fn objects(kind: &str) -> Vec<Value> {
    let all = names().into_iter().flat_map(|name| parse(&format!("deploy/kubernetes/{name}")));
    all.filter(|object| object["kind"] == kind).collect()
}

fn workloads() -> Vec<Value> {
    ["StatefulSet", "Deployment", "Job"].into_iter().flat_map(objects).collect()
}

fn labels(value: &Value) -> BTreeMap<String, String> {
    serde_json::from_value(value.clone()).unwrap()
}

/// The labels of a workload's pods.
fn pod(workload: &Value) -> BTreeMap<String, String> {
    labels(&workload["spec"]["template"]["metadata"]["labels"])
}

fn container(workload: &Value) -> &Value {
    let containers = workload["spec"]["template"]["spec"]["containers"].as_array().unwrap();
    assert_eq!(containers.len(), 1);
    &containers[0]
}

fn process(workload: &Value) -> Process {
    let container = container(workload);
    let words =
        |field: &str| container[field].as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned());
    let environment = container["env"].as_array().unwrap().iter();
    let value = |one: &Value| one["value"].as_str().unwrap_or_default().to_owned();
    Process {
        name: workload["metadata"]["name"].as_str().unwrap().to_owned(),
        image: container["image"].as_str().unwrap().to_owned(),
        command: words("args").collect::<Vec<_>>().join(" "),
        environment: environment.map(|one| (one["name"].as_str().unwrap().to_owned(), value(one))).collect(),
        replicas: workload["spec"]["replicas"].as_u64().unwrap_or(1),
        stop_seconds: workload["spec"]["template"]["spec"]["terminationGracePeriodSeconds"].as_u64().unwrap_or(30),
    }
}

/// Whether a selector, by labels or by expressions of `In`, takes a pod.
fn takes(selector: &Value, pod: &BTreeMap<String, String>) -> bool {
    let by_label = selector["matchLabels"]
        .as_object()
        .into_iter()
        .flatten()
        .all(|(key, value)| pod.get(key).is_some_and(|it| value == it));
    let one = |expression: &Value| {
        assert_eq!(expression["operator"], "In");
        let values = expression["values"].as_array().unwrap();
        pod.get(expression["key"].as_str().unwrap()).is_some_and(|it| values.iter().any(|value| value == it))
    };
    by_label && selector["matchExpressions"].as_array().into_iter().flatten().all(one)
}

#[test]
fn every_process_is_told_what_the_code_and_the_servers_know() {
    let processes: Vec<_> = workloads().iter().map(process).collect();
    let place = Place {
        nats: (0..=2).map(|n| format!("nats-{n}.nats:4222")).collect(),
        postgres: "postgres:5432",
        intake_url: "http://intake:8080",
        password: "$({})",
    };
    check(&processes, &place);
}

#[test]
fn the_kustomization_takes_every_file_there_is() {
    let kustomization = parse("deploy/kustomization.yaml").remove(0);
    let list = |value: &Value| -> BTreeSet<String> {
        value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        list(&kustomization["resources"]),
        names().into_iter().map(|name| format!("kubernetes/{name}")).collect()
    );
    let mut made = BTreeMap::new();
    for map in kustomization["configMapGenerator"].as_array().unwrap() {
        for name in list(&map["files"]) {
            assert!(file("deploy").join(&name).is_file(), "{name}");
            let folder = format!("/etc/socai/{}", name.split('/').next().unwrap());
            made.insert(map["name"].as_str().unwrap().to_owned(), folder);
        }
    }
    for workload in workloads() {
        for volume in workload["spec"]["template"]["spec"]["volumes"].as_array().into_iter().flatten() {
            let Some(map) = volume["configMap"]["name"].as_str() else { continue };
            let mounts = container(&workload)["volumeMounts"].as_array().unwrap().iter();
            let mount = mounts.into_iter().find(|mount| mount["name"] == volume["name"]).unwrap();
            assert_eq!(mount["mountPath"], made[map].as_str());
        }
    }
    let version: toml::Table = read("Cargo.toml").parse().unwrap();
    assert_eq!(kustomization["images"][0]["newTag"], version["workspace"]["package"]["version"].as_str().unwrap());
}

#[test]
fn secrets_are_named_in_the_example_and_have_no_values() {
    let mut known = BTreeSet::new();
    for secret in parse("deploy/kubernetes/secrets.example.yaml") {
        for (key, value) in secret["stringData"].as_object().unwrap() {
            assert_eq!(value, "", "{key} has a value");
            known.insert((secret["metadata"]["name"].clone().to_string(), key.clone()));
        }
    }
    let mut used = BTreeSet::new();
    for workload in workloads() {
        for one in container(&workload)["env"].as_array().unwrap() {
            let (name, reference) = (one["name"].as_str().unwrap(), &one["valueFrom"]["secretKeyRef"]);
            assert!(!name.ends_with("PASSWORD") || reference.is_object(), "{name} is written down");
            if let Some(key) = reference["key"].as_str() {
                used.insert((reference["name"].to_string(), key.to_owned()));
                assert!(
                    !name.starts_with("SOCAI_") || name.ends_with(&format!("_{}_PASSWORD", key.to_uppercase())),
                    "{name} is {key}"
                );
            }
        }
    }
    assert_eq!(used, known);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_pod_is_limited_confined_and_probed_where_somebody_answers() {
    let (mut of_ours, mut of_nats) = (BTreeSet::new(), BTreeSet::new());
    for workload in workloads() {
        let (name, container) = (workload["metadata"]["name"].as_str().unwrap(), container(&workload));
        let pod = &workload["spec"]["template"]["spec"];
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true, "{name}");
        assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault", "{name}");
        assert_eq!(pod["automountServiceAccountToken"], false, "{name}");
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true, "{name}");
        assert_eq!(container["securityContext"]["allowPrivilegeEscalation"], false, "{name}");
        assert_eq!(container["securityContext"]["capabilities"]["drop"][0], "ALL", "{name}");
        assert!(
            container["resources"]["limits"]["memory"].is_string()
                && container["resources"]["requests"]["cpu"].is_string(),
            "{name}"
        );
        if workload["kind"] == "Job" {
            continue;
        }
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            let get = &container[probe]["httpGet"];
            let Some(path) = get["path"].as_str() else {
                assert!(name == "postgres" && container[probe]["exec"].is_object(), "{name} has no {probe}");
                continue;
            };
            let mut ports = container["ports"].as_array().unwrap().iter();
            assert!(ports.any(|port| port["name"] == get["port"]), "{name} has no port {}", get["port"]);
            if name == "nats" {
                of_nats.insert(path.to_owned())
            } else {
                of_ours.insert(path.to_owned())
            };
            assert!(
                name == "nats" || (probe == "readinessProbe") == (path == "/readyz"),
                "{name}: {probe} asks {path}"
            );
        }
    }
    answered(&of_ours, &of_nats).await;
}

#[test]
fn services_and_disruption_budgets_mean_pods_that_are_there() {
    let workloads = workloads();
    for service in objects("Service") {
        let selector = serde_json::json!({ "matchLabels": service["spec"]["selector"] });
        let behind: Vec<_> = workloads.iter().filter(|workload| takes(&selector, &pod(workload))).collect();
        assert_eq!(behind.len(), 1, "{}", service["metadata"]["name"]);
        for port in service["spec"]["ports"].as_array().unwrap() {
            let mut ports = container(behind[0])["ports"].as_array().unwrap().iter();
            assert!(
                ports.any(|its| its["name"] == port["targetPort"] && its["containerPort"] == port["port"]),
                "{port}"
            );
        }
    }
    let budgets = objects("PodDisruptionBudget");
    for workload in workloads.iter().filter(|workload| workload["spec"]["replicas"].as_u64().is_some_and(|n| n > 1)) {
        assert_eq!(labels(&workload["spec"]["selector"]["matchLabels"]), pod(workload));
        let of_it: Vec<_> =
            budgets.iter().filter(|budget| takes(&budget["spec"]["selector"], &pod(workload))).collect();
        assert_eq!(of_it.len(), 1, "{}", workload["metadata"]["name"]);
        assert_eq!(of_it[0]["spec"]["maxUnavailable"], 1);
    }
}

/// Whether a policy lets `from` reach `to` at this port, on both sides.
fn allowed(policies: &[Value], from: &BTreeMap<String, String>, to: &BTreeMap<String, String>, port: u64) -> bool {
    let side = |of: &BTreeMap<String, String>, way: &str, whom: &str, other: &BTreeMap<String, String>| {
        policies.iter().filter(|policy| takes(&policy["spec"]["podSelector"], of)).any(|policy| {
            policy["spec"][way].as_array().into_iter().flatten().any(|rule| {
                let named = rule[whom]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|peer| peer["podSelector"].is_object() && takes(&peer["podSelector"], other));
                named && rule["ports"].as_array().unwrap().iter().any(|its| its["port"] == port)
            })
        })
    };
    side(from, "egress", "to", to) && side(to, "ingress", "from", from)
}

#[test]
fn the_network_lets_through_what_the_settings_name_and_nothing_else() {
    let (policies, workloads) = (objects("NetworkPolicy"), workloads());
    assert!(policies.iter().any(|policy| policy["spec"]["podSelector"] == serde_json::json!({})
        && policy["spec"]["ingress"].is_null()
        && policy["spec"]["policyTypes"] == serde_json::json!(["Ingress", "Egress"])));
    for from in &workloads {
        let name = from["metadata"]["name"].as_str().unwrap();
        let told = process(from);
        for to in &workloads {
            let target = to["metadata"]["name"].as_str().unwrap();
            let needs = match target {
                "nats" if name == "nats" => vec![6222],
                "nats" if told.environment.contains_key("SOCAI_JOURNAL") => vec![4222, 8222],
                "postgres" if told.environment.contains_key("SOCAI_VIEWS") || name == "roles" => vec![5432],
                "intake" if told.environment.contains_key("SOCAI_INTAKE_URL") => vec![8080],
                _ => Vec::new(),
            };
            for port in [4222, 6222, 8222, 5432, 8080] {
                assert_eq!(
                    allowed(&policies, &pod(from), &pod(to), port),
                    needs.contains(&port),
                    "{name} to {target}:{port}"
                );
            }
        }
    }
}
