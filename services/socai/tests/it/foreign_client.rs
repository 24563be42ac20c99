//! What a NATS client that nobody here wrote reads, asks and hears: nats-py and the CloudEvents library, as `make tools` fetches them from PyPI.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use domain::{COMMANDS, LocalDate, Position};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use socai_tests::PERIOD;
use testkit::nats::NatsServer;
use uuid::Uuid;

use crate::{process::Process, subcommands::founding};

#[tokio::test]
async fn a_foreign_client_reads_every_record_as_a_cloud_event_with_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let server = NatsServer::start().await;
    let node =
        Process::start(folder.path(), &["--roles", "intake", "--journal", &server.url("haiphong"), "--demo=2022"]);
    let journal = journal::open(&server.url("haiphong"), journal::Options::default()).await.unwrap();
    let stored = journal.read(Position::START, 8_192, &[]).await.unwrap();
    let number = stored.len().to_string();
    let read = python("read_with_nats_py.py", &[&server.address(), "socai.haiphong.log.>", &number]);
    for (line, stored) in read.iter().zip(&stored) {
        let record = wire::decode(&stored.body).unwrap();
        assert_eq!(line["position"], stored.position.0);
        let (kind, id) = (stored.stream.kind, stored.stream.id);
        assert_eq!(line["subject"], format!("socai.haiphong.log.{kind}.{id}"));
        assert_eq!(line["sha256"], hex::encode(Sha256::digest(&stored.body)));
        assert_eq!(line["id"], record.command.to_string());
        assert_eq!(line["source"], format!("/socai/haiphong/{kind}/{id}"));
        assert_eq!(line["sequence"], format!("{:020}", record.version));
        assert_eq!(line["type"], wire::ce_type(&record));
        assert_eq!(line["time"], format!("{}T00:00:00+07:00", record.events[0].effective_on));
        assert_eq!(line["recordedtime"], record.recorded_at.to_string());
        assert_eq!(line["correlationid"], json!(record.correlation));
        assert_eq!(line["datacontenttype"], "application/protobuf");
    }
    assert_eq!(read.len(), stored.len());
    let types: Vec<_> = read.iter().map(|line| line["type"].clone()).collect();
    for named in ["ledger-opened", "target-assigned", "organisation-founded", "member-admitted"] {
        assert!(types.contains(&json!(format!("vn.socai.{named}.v1"))), "no {named}");
    }
    drop(node);
}

#[tokio::test]
async fn a_foreign_client_posts_and_gets_what_stands_and_then_what_changes_by_nats_alone() {
    let folder = tempfile::tempdir().unwrap();
    let server = NatsServer::start().await;
    let node = Process::start(folder.path(), &["--journal", &server.url("haiphong"), "--demo=2022"]);
    let (tip, before) = settled(&node, folder.path()).await;
    let (commands, key) = commands(folder.path());
    let clerk = folder.path().join("clerk.token").display().to_string();
    let steps =
        python("ask_with_nats_py.py", &[&server.address(), "haiphong", &tip, &clerk, &commands.display().to_string()]);
    let step =
        |name: &str| steps.iter().filter(|step| step["step"] == name).map(|step| &step["value"]).collect::<Vec<_>>();

    let service = step("service")[0];
    let endpoints = service["endpoints"].as_array().unwrap();
    assert_eq!(endpoints.len(), COMMANDS.len());
    assert!(endpoints.iter().any(|endpoint| {
        endpoint["subject"] == "socai.haiphong.cmd.found-organisation" && endpoint["metadata"]["roles"] == "office"
    }));

    assert_eq!(of_2022(step("snapshot")[0]), cells_of(&before), "what stands is what HTTP answers");

    let answers = step("answer");
    let receipt = &answers[0]["body"];
    assert_eq!((&receipt["command_id"], &receipt["replayed"]), (&json!(key), &json!(false)), "{receipt}");
    assert_eq!(
        (&answers[1]["body"]["position"], &answers[1]["body"]["replayed"]),
        (&receipt["position"], &json!(true))
    );
    let told: Vec<_> = answers[2..].iter().map(|answer| refused(answer)).collect();
    assert_eq!(told, [("400", "invalid-body"), ("401", "unauthenticated"), ("422", "too-few-members")]);
    assert_eq!(answers[2]["body"]["errors"][0]["pointer"], "/membrs");

    let (_, after) = settled(&node, folder.path()).await;
    let changes = of_2022(step("changes")[0]);
    let mut now = cells_of(&before);
    now.extend(changes.clone());
    assert_eq!(now, cells_of(&after), "what stood and what changed are what stands");
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let moved: Vec<_> = changes.keys().map(String::as_str).collect();
    let cell = format!("socai.haiphong.cell.nq28.2022.party_org.{}", unit.as_str().unwrap());
    assert_eq!(moved, ["socai.haiphong.cell.nq28.2022.party_org", &cell]);

    let late = step("too late");
    assert_eq!(late.len(), 2);
    for late in late {
        assert!([10_071, 10_164].contains(&late["refused"].as_u64().unwrap()), "{late}");
        assert_ne!(late["heard"], changes[&cell], "whoever subscribes hears it");
        assert_eq!((&late["held"], &late["stands"]), (&changes[&cell], &changes[&cell]), "and does not take it over");
    }

    let stats = step("stats")[0]["endpoints"].as_array().unwrap();
    let found = stats.iter().find(|endpoint| endpoint["name"] == "found-organisation").unwrap();
    assert_eq!((&found["num_requests"], &found["num_errors"]), (&json!(5), &json!(3)));
    drop(node);
}

/// A founding in 2022, the same again, a misspelled field, a token that nobody has, and too few members.
fn commands(folder: &Path) -> (PathBuf, Uuid) {
    let founding = |members: u32, number: &str| {
        let mut founding = founding(number, members);
        founding["document"]["date"] = json!("2022-12-20");
        founding
    };
    let key = Uuid::new_v5(&Uuid::NAMESPACE_OID, b"founded over NATS");
    let other = |n: u8| Uuid::new_v5(&key, &[n]);
    let line = |key: Uuid, data: Value| json!({ "key": key, "name": "found-organisation", "data": data });
    let mut misspelled = founding(3, "N2");
    misspelled["membrs"] = json!(3);
    let mut strange = line(other(2), founding(3, "N3"));
    strange["bearer"] = json!("socai_nobody");
    let lines = [
        line(key, founding(3, "N1")),
        line(key, founding(3, "N1")),
        line(other(1), misspelled),
        strange,
        line(other(3), founding(2, "N4")),
    ];
    let file = folder.join("commands.ndjson");
    std::fs::write(&file, lines.map(|line| format!("{line}\n")).concat()).unwrap();
    (file, key)
}

fn refused(answer: &Value) -> (&str, &str) {
    let header = |name: &str| answer["headers"][name].as_str().unwrap_or_default();
    assert!(answer["body"]["detail"].is_string(), "{answer}");
    (header("Nats-Service-Error-Code"), header("Nats-Service-Error"))
}

/// The ledger's last position, and the tallies of 2022 once the view is there.
async fn settled(node: &Process, data: &Path) -> (String, Value) {
    let token = std::fs::read_to_string(data.join("auditor.token")).unwrap();
    let http = kit::outgoing::plain().build().unwrap();
    let get = async |path: &str| {
        let answer = http.get(format!("{}{path}", node.url)).bearer_auth(token.trim()).send().await.unwrap();
        answer.error_for_status().unwrap().json::<Value>().await.unwrap()
    };
    let tip = get("/v1/records?limit=1").await["tip"].to_string();
    let tallies = get(&format!("{PERIOD}/tallies?min_position={tip}")).await;
    (tip, tallies)
}

fn of_2022(values: &Value) -> BTreeMap<String, Value> {
    let mut values: BTreeMap<String, Value> = serde_json::from_value(values.clone()).unwrap();
    let up_to = values.remove("socai.haiphong.cell.position").expect("how far the cells are is told");
    assert!(up_to["judged_on"].as_str().is_some_and(|day| day.parse::<LocalDate>().is_ok()), "{up_to}");
    values.retain(|subject, _| subject.starts_with("socai.haiphong.cell.nq28.2022."));
    values
}

/// The values that should be told of a period, by subject.
fn cells_of(tallies: &Value) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    for measure in tallies["measures"].as_array().unwrap() {
        let name = measure["measure"].as_str().unwrap();
        let common = json!({ "programme": "nq28", "period": "2022", "measure": name, "fold_version": 2 });
        let with_common = |value: &Value| {
            let mut value = value.clone();
            value.as_object_mut().unwrap().extend(common.as_object().unwrap().clone());
            value
        };
        let mut whole = with_common(measure);
        let cells = whole.as_object_mut().unwrap().remove("cells").unwrap();
        let moved = cells.as_array().unwrap().iter().filter_map(|cell| cell["position"].as_u64()).max();
        whole["position"] = json!(moved.unwrap_or_default());
        let subject = format!("socai.haiphong.cell.nq28.2022.{name}");
        for cell in cells.as_array().unwrap() {
            values.insert(format!("{subject}.{}", cell["committee"].as_str().unwrap()), with_common(cell));
        }
        values.insert(subject, whole);
    }
    values
}

/// What a script beside this file prints, line by line.
fn python(script: &str, arguments: &[&str]) -> Vec<Value> {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/python");
    assert!(library.join("nats").is_dir(), "nats-py is not in {}: run `make tools`", library.display());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(script);
    let mut python = Command::new("python3");
    python.arg(script).args(arguments).env("PYTHONPATH", library).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = python.output().expect("python3 runs");
    let (out, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{errors}");
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
