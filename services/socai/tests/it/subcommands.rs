//! Subcommands against a node, and their exit codes.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Output, Stdio},
};

use serde_json::{Value, json};

use crate::process::{Process, socai};

/// Runs to its end with the clerk's token, with this on standard input.
pub(crate) fn ask(node: &Process, data: &Path, token: &str, arguments: &[&str], input: &str) -> Output {
    let file = data.join(format!("{token}.token"));
    let mut command = socai(arguments);
    command.env("SOCAI_URL", &node.url).env("SOCAI_TOKEN_FILE", &file);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub(crate) fn founding(number: &str, members: u32) -> Value {
    json!({
        "unit": socai_tests::unit("Quận ủy Lê Chân"), "kind": "party_cell_grassroots", "host_kind": "private_enterprise", "basis": "new",
        "members": members,
        "document": { "number": number, "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2023-01-02" },
    })
}

#[test]
fn posting_prints_a_receipt_and_the_exit_code_says_how_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Process::start(folder.path(), &["--demo=2022"]);
    let post = |arguments: &[&str], body: &Value| ask(&node, folder.path(), "clerk", arguments, &body.to_string());

    let recorded = post(&["post", "found-organisation", "--output", "json"], &founding("901", 3));
    assert_eq!(recorded.status.code(), Some(0), "{recorded:?}");
    let receipt: Value = serde_json::from_slice(&recorded.stdout).unwrap();
    assert_eq!((receipt["replayed"].clone(), receipt["version"].clone()), (json!(false), json!(1)));

    let refused = post(&["post", "found-organisation"], &founding("902", 2));
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    assert!(String::from_utf8(refused.stderr).unwrap().contains("too-few-members"));

    let same_paper = post(&["post", "found-organisation"], &founding("901", 3));
    assert_eq!(same_paper.status.code(), Some(4), "{same_paper:?}");

    let unknown = post(&["post", "no-such-command"], &founding("903", 3));
    assert_eq!(unknown.status.code(), Some(2), "{unknown:?}");
    assert_eq!(node.terminate(), Some(0));
}

#[test]
fn a_file_of_lines_is_posted_once_however_often_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let line = |n: u32| json!({ "key": uuid::Uuid::from_u128(n.into()), "command": "found-organisation", "data": founding(&format!("L{n}"), 3) });
    let file: String = (1..=5).map(|n| format!("{}\n", line(n))).collect();
    for replayed in [false, true] {
        let sent = ask(&node, folder.path(), "clerk", &["post"], &file);
        assert_eq!(sent.status.code(), Some(0), "{sent:?}");
        let answers: Vec<Value> =
            String::from_utf8(sent.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), 6);
        assert_eq!(answers[5]["accepted"], 5);
        assert!(answers[..5].iter().all(|answer| answer["receipt"]["replayed"] == replayed), "{answers:?}");
    }
}

#[test]
fn a_file_as_editors_save_it_is_posted_whole() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let line = |n: u32| json!({ "key": uuid::Uuid::from_u128(n.into()), "command": "found-organisation", "data": founding(&format!("B{n}"), 3) });
    let lines = format!("\u{feff}{}\n{}", line(1), line(2));
    let file = folder.path().join("lines.ndjson").display().to_string();
    std::fs::write(&file, &lines).unwrap();
    for arguments in [&["post"][..], &["post", "--file", &file]] {
        let sent = ask(&node, folder.path(), "clerk", arguments, &lines);
        assert_eq!(sent.status.code(), Some(0), "{sent:?}");
        assert!(String::from_utf8_lossy(&sent.stderr).contains("2 accepted, 0 refused"), "{sent:?}");
    }
    let single = format!("\u{feff}{}", founding("B3", 3));
    let token = std::fs::read_to_string(folder.path().join("clerk.token")).unwrap();
    std::fs::write(folder.path().join("marked.token"), format!("\u{feff}{token}")).unwrap();
    let sent = ask(&node, folder.path(), "marked", &["post", "found-organisation"], &single);
    assert_eq!(sent.status.code(), Some(0), "{sent:?}");
}

#[test]
fn what_would_be_ignored_and_what_is_not_there_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let key = uuid::Uuid::from_u128(1).to_string();
    for arguments in [
        &["post", "--key", &key][..],
        &["post", "--if-match", "7"],
        &["post", "--output", "csv"],
        &["post", "--file", "no-such-file"],
        &["post", "publish", "--file", "no-such-file"],
        &["post", "publish", "--token-file", "no-such-file"],
        &["replay", "--compare", "no-such-file"],
    ] {
        let ended = socai(arguments).current_dir(folder.path()).stdin(Stdio::null()).output().unwrap();
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {ended:?}");
    }
    let mistyped = socai(&["doctor"]).env("SOCAI_LISTN", "127.0.0.1:0").output().unwrap();
    assert_eq!(mistyped.status.code(), Some(2), "{mistyped:?}");
    assert!(String::from_utf8_lossy(&mistyped.stderr).contains("did you mean SOCAI_LISTEN?"), "{mistyped:?}");
}

/// A reader that sees one line and goes away, as `head -1`; then how it ended, and what was said on standard error.
fn read_one_line(mut command: std::process::Command) -> (Option<i32>, String) {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::with_capacity(1, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.ends_with('\n'), "{line}");
    let ended = child.wait_with_output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

#[test]
fn who_stops_reading_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let file = folder.path().join("lines.ndjson").display().to_string();
    let line = |n: u32| json!({ "key": uuid::Uuid::from_u128(n.into()), "command": "found-organisation", "data": founding(&format!("H{n}"), 3) });
    std::fs::write(&file, (1..=3_000).map(|n| format!("{}\n", line(n))).collect::<String>()).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = socai(arguments);
        command.env("SOCAI_URL", &node.url).env("SOCAI_TOKEN_FILE", folder.path().join("clerk.token"));
        read_one_line(command)
    };
    let (code, told) = run(&["post", "--file", &file]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("3000 accepted, 0 refused"), "{told}");
    for arguments in [&["tally", "--cells"][..], &["tally", "--cells", "--output", "json"], &["completions", "bash"]] {
        assert_eq!(run(arguments), (Some(0), String::new()), "{arguments:?}");
    }
}

#[test]
fn a_file_of_more_lines_than_a_request_takes_is_posted_whole_and_numbered_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let last = json!({ "key": uuid::Uuid::from_u128(1), "command": "found-organisation", "data": founding("L1", 3) });
    let sent = ask(&node, folder.path(), "clerk", &["post"], &format!("{}{last}\n", "{}\n".repeat(10_000)));
    assert_eq!(sent.status.code(), Some(3), "some lines were refused");
    let text = String::from_utf8(sent.stdout).unwrap();
    let answers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers = answers.iter().filter_map(|answer| answer["line"].as_u64());
    assert!(numbers.eq(1..=10_001), "{}", String::from_utf8_lossy(&sent.stderr));
    assert_eq!(answers[10_000]["status"], 201);
    assert_eq!(answers[10_001], json!({ "end": true, "accepted": 1, "refused": 10_000 }));
}

#[test]
fn a_demonstration_goes_into_an_empty_ledger_only_and_a_real_one_gets_an_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Process::start(folder.path(), &["--ledger", "haiduong"]);
    assert!(folder.path().join("admin.token").is_file());
    assert_eq!(node.terminate(), Some(0));
    let data = folder.path().display().to_string();
    let refused = socai(&["run", "--demo=2022", "--listen", "127.0.0.1:0", "--data", &data]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("into an empty ledger only"));
}

#[test]
fn a_token_is_made_used_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let office = socai_tests::unit("Quận ủy Ngô Quyền");
    let made = ask(
        &node,
        folder.path(),
        "admin",
        &["token", "new", "--office", office.as_str().unwrap(), "--role", "office"],
        "",
    );
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    std::fs::write(folder.path().join("new.token"), &made.stdout).unwrap();
    let mut body = founding("T1", 3);
    body["unit"] = office;
    let posted = ask(&node, folder.path(), "new", &["post", "found-organisation"], &body.to_string());
    assert_eq!(posted.status.code(), Some(0), "{posted:?}");
    let told = String::from_utf8(made.stderr).unwrap();
    let access = told.trim().rsplit(' ').next().unwrap();
    let revoked = ask(&node, folder.path(), "admin", &["token", "revoke", access], "");
    assert_eq!(revoked.status.code(), Some(0), "{revoked:?}");
    let refused = ask(&node, folder.path(), "new", &["post", "found-organisation"], &body.to_string());
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
}

#[test]
fn nothing_is_wrong_with_a_folder_whose_node_runs() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let data = folder.path().display().to_string();
    let told = socai(&["doctor", "--data", &data, "--listen", "127.0.0.1:0"]).output().unwrap();
    let printed = String::from_utf8_lossy(&told.stdout).into_owned();
    assert_eq!(told.status.code(), Some(0), "{printed}");
    assert_eq!(printed.matches("a running process").count(), 2, "{printed}");
    drop(node);
}

#[test]
fn the_history_replayed_from_the_journal_gives_the_figures_of_the_review() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Process::start(folder.path(), &["--demo=2022"]).terminate(), Some(0));
    let data = folder.path().display().to_string();
    let replayed = socai(&["replay", "--data", &data, "--output", "json"]).output().unwrap();
    assert_eq!(replayed.status.code(), Some(0), "{replayed:?}");
    socai_tests::check_figures(&serde_json::from_slice(&replayed.stdout).unwrap());
    let file = folder.path().join("tallies.json");
    std::fs::write(&file, &replayed.stdout).unwrap();
    let compare = |file: &Path| {
        socai(&["replay", "--data", &data, "--compare", &file.display().to_string()]).status().unwrap().code()
    };
    assert_eq!(compare(&file), Some(0));
    let wrong = String::from_utf8(replayed.stdout).unwrap().replacen("\"actual\": 47", "\"actual\": 48", 1);
    std::fs::write(&file, wrong).unwrap();
    assert_eq!(compare(&file), Some(6));
}

/// The year 2023 was opened in December 2022.
const BEFORE_IT_BEGAN: [&str; 7] = ["tally", "nq28", "2023", "--known", "1233", "--output", "json"];

#[test]
fn a_comparison_is_of_what_the_file_is_of_and_names_the_cell_that_differs() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Process::start(folder.path(), &["--demo"]);
    let asked = ["tally", "nq28", "2023", "--valid", "2023-06-30", "--known", "2200", "--output", "json"];
    let tally = ask(&node, folder.path(), "leader", &asked, "");
    assert_eq!(tally.status.code(), Some(0), "{tally:?}");
    let before = ask(&node, folder.path(), "leader", &BEFORE_IT_BEGAN, "");
    assert_eq!(before.status.code(), Some(0), "{before:?}");
    assert_eq!(node.terminate(), Some(0));
    let (file, data) = (folder.path().join("tallies.json"), folder.path().display().to_string());
    let compare = |tallies: &Value| {
        std::fs::write(&file, tallies.to_string()).unwrap();
        let compared = socai(&["replay", "--data", &data, "--compare", &file.display().to_string()]).output().unwrap();
        (compared.status.code(), String::from_utf8(compared.stdout).unwrap())
    };
    let tallies: Value = serde_json::from_slice(&tally.stdout).unwrap();
    let equal = (Some(0), "equal: 5 measures of nq28 2023\n".to_owned());
    assert_eq!(compare(&tallies), equal);

    let before: Value = serde_json::from_slice(&before.stdout).unwrap();
    let replay = ["replay", "nq28", "2023", "--data", &data, "--known", "1233", "--output", "json"];
    let replayed = socai(&replay).output().unwrap();
    assert_eq!(replayed.status.code(), Some(0), "{replayed:?}");
    let replayed: Value = serde_json::from_slice(&replayed.stdout).unwrap();
    assert_eq!((&replayed["as_of"]["valid"], &replayed["measures"]), (&json!("2023-01-01"), &before["measures"]));
    assert_eq!(compare(&before), equal);

    let mut changed = tallies.clone();
    let cell = &mut changed["measures"][1]["cells"][2];
    let name = cell["name"].as_str().unwrap().to_owned();
    let actual = cell["actual"].as_i64().unwrap();
    cell["actual"] = json!(actual + 1);
    let (code, printed) = compare(&changed);
    assert_eq!(code, Some(6), "{printed}");
    assert!(printed.starts_with(&format!("union_org {name} (")), "{printed}");
    assert!(printed.ends_with(&format!("): actual replayed {actual}, given {}\n", actual + 1)), "{printed}");

    let mut without = tallies.clone();
    without["measures"].as_array_mut().unwrap().remove(0);
    without["measures"][0]["cells"].as_array_mut().unwrap().remove(0);
    let (code, printed) = compare(&without);
    assert_eq!(code, Some(6), "{printed}");
    assert!(printed.contains("party_org: missing in the file\n"), "{printed}");
    assert_eq!(printed.matches("missing in the file").count(), 2, "{printed}");
    assert_eq!(compare(&json!({ "measures": [] })).0, Some(2));
}

#[test]
fn a_replay_of_what_is_not_there_is_refused_as_a_tally_is() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Process::start(folder.path(), &["--demo=2022"]).terminate(), Some(0));
    let data = folder.path().display().to_string();
    for (arguments, why) in [
        (["--known", "0"], "had not begun at that moment"),
        (["--known", "9999999"], "has no position 9999999 yet; its last is"),
        (["--valid", "2021-12-31"], "the period begins on 2022-01-01"),
    ] {
        let refused = socai(&[&["replay", "--data", &data][..], &arguments].concat()).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains(why), "{refused:?}");
    }
}

#[test]
fn every_role_has_a_column_in_the_table_of_roles() {
    let printed = socai(&["token", "roles", "--output", "csv"]).output().unwrap();
    let text = String::from_utf8(printed.stdout).unwrap();
    assert_eq!(text.lines().next(), Some("command,lệnh,office,supervisor,auditor,viewer,admin"));
    assert!(text.lines().any(|line| line.starts_with("raise-query,") && line.ends_with(",,,yes,,")), "{text}");
    assert!(text.lines().any(|line| line.starts_with("seal-ledger,") && line.ends_with(",,,,,root")), "{text}");
    assert!(text.lines().any(|line| line.starts_with("grant-access,") && line.ends_with(",,,,,yes")), "{text}");
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ask = |journal: &str| {
        socai(&["doctor", "--data", &data, "--listen", &address, "--journal", journal]).output().unwrap()
    };
    let sick = ask("nats://127.0.0.1:1/haiphong");
    let told = String::from_utf8(sick.stdout).unwrap();
    assert_eq!(sick.status.code(), Some(1), "{told}");
    assert!(told.contains("is in use by another program; give --listen another port"), "{told}");
    assert!(told.contains("no NATS server answers at 127.0.0.1:1"), "{told}");
    drop(taken);
    let well = ask("");
    assert_eq!(well.status.code(), Some(0), "{well:?}");
}

#[test]
fn only_a_port_that_is_in_use_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let run = |address: &str| {
        let ended = socai(&["run", "--data", &data, "--listen", address]).output().unwrap();
        (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
    };
    let (code, told) = run(&taken.local_addr().unwrap().to_string());
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("the port is in use: `socai doctor` knows more"), "{told}");
    // An address of nobody (RFC 5737).
    let (code, told) = run("203.0.113.1:0");
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("failed to listen on 203.0.113.1:0: ") && !told.contains("in use"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_makes_no_ledger_where_a_name_is_misspelt_and_one_server_that_answers_will_do() {
    let (folder, server) = (tempfile::tempdir().unwrap(), testkit::nats::NatsServer::start().await);
    let data = folder.path().join("data").display().to_string();
    let url = format!("nats://127.0.0.1:1,{}/misspelt", server.address());
    let output = socai(&["doctor", "--data", &data, "--listen", "127.0.0.1:0", "--journal", &url]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("no ledger at") && told.contains("socai provision"), "{told}");
    let client = async_nats::connect(server.address()).await.unwrap();
    assert!(async_nats::jetstream::new(client).get_stream("socai-misspelt").await.is_err());
}

#[test]
fn settings_come_from_the_environment_and_a_wrong_one_is_wrong_usage() {
    let ask = |name: &str, value: &str| socai(&["doctor"]).env(name, value).output().unwrap();
    let wrong = ask("SOCAI_ROLES", "intake,clerk");
    assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("`clerk` is no role"));
}
