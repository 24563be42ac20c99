//! Commands as lines: in order, side by side, broken in the middle, cut off, and sent again.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

use crate::world::{World, check_problem, founding, with};

fn line(key: Uuid, command: &str, data: &Value) -> String {
    format!("{}\n", json!({ "key": key, "command": command, "data": data }))
}

async fn send(world: &World, body: String) -> Vec<Value> {
    let response = world.lines(&world.clerk).body(body).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let text = response.text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_broken_line_does_not_stop_the_others() {
    let world = World::get().await;
    let good = || line(Uuid::now_v7(), "found-organisation", &founding());
    let broken = "{\"key\": \"…\n".to_owned();
    let answers = send(&world, [good(), good(), broken, good(), good()].concat()).await;
    let statuses: Vec<_> = answers.iter().filter_map(|answer| answer["status"].as_u64()).collect();
    assert_eq!(statuses, [201, 201, 400, 201, 201]);
    assert_eq!(answers.iter().filter_map(|answer| answer["line"].as_u64()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    check_problem(&answers[2]["problem"], 400, "invalid-body", "/key");
    assert_eq!(answers[5], json!({ "end": true, "accepted": 4, "refused": 1 }));
}

#[tokio::test]
async fn blank_lines_count_as_in_the_file_and_the_key_of_a_broken_line_is_told() {
    let world = World::get().await;
    let key = Uuid::now_v7();
    let beside =
        format!("{}\n", json!({ "key": key, "command": "found-organisation", "data": founding(), "if_match": "5" }));
    let answers =
        send(&world, ["\n", &line(Uuid::now_v7(), "found-organisation", &founding()), "  \n", &beside].concat()).await;
    let lines: Vec<_> = answers.iter().filter_map(|answer| answer["line"].as_u64()).collect();
    assert_eq!(lines, [2, 4]);
    check_problem(&answers[1]["problem"], 400, "invalid-body", "/if_match");
    assert_eq!(answers[1]["key"], json!(key));
}

#[tokio::test]
async fn the_place_in_a_line_is_pointed_at() {
    let world = World::get().await;
    let few = with(founding(), json!({ "members": 1 }));
    let answers = send(&world, line(Uuid::now_v7(), "found-organisation", &few)).await;
    check_problem(&answers[0]["problem"], 422, "too-few-members", "/data/members");
    let unknown = with(founding(), json!({ "note": 1 }));
    let answers = send(&world, line(Uuid::now_v7(), "found-organisation", &unknown)).await;
    check_problem(&answers[0]["problem"], 400, "invalid-body", "/data/note");
}

#[tokio::test]
async fn a_line_is_an_object_and_so_is_what_is_in_it_however_many_brackets_its_text_has() {
    let world = World::get().await;
    let listed = |data: &str| format!("[\"{}\", \"found-organisation\", null, {data}]\n", Uuid::now_v7());
    let of_lists = line(Uuid::now_v7(), "found-organisation", &json!([1, 2]));
    let bracket = with(founding()["document"].clone(), json!({ "number": "7[8]" }));
    let good = line(Uuid::now_v7(), "found-organisation", &with(founding(), json!({ "document": bracket })));
    let answers = send(&world, [listed(&founding().to_string()), of_lists, good].concat()).await;
    check_problem(&answers[0]["problem"], 400, "invalid-body", "");
    check_problem(&answers[1]["problem"], 400, "invalid-body", "/data");
    assert_eq!(answers[2]["status"], 201, "{}", answers[2]);
}

#[tokio::test]
async fn lines_of_one_stream_keep_their_order() {
    let world = World::get().await;
    let (key, data) = (Uuid::now_v7(), founding());
    let founded = world.post_as(&world.clerk, key, "found-organisation", &data).await.stream();
    let correct = |place: u32| json!({ "organisation": founded, "reason": "typo", "place": place.to_string() });
    let body: String = (1..=200).map(|place| line(Uuid::now_v7(), "correct-organisation", &correct(place))).collect();
    let answers = send(&world, body).await;
    let versions: Vec<_> = answers[..200].iter().map(|answer| answer["receipt"]["version"].as_u64().unwrap()).collect();
    assert_eq!(versions, (2..=201).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_last_line_without_its_newline_is_not_run() {
    let world = World::get().await;
    let (whole, cut) = (
        line(Uuid::now_v7(), "found-organisation", &founding()),
        line(Uuid::now_v7(), "found-organisation", &founding()),
    );
    let answers = send(&world, whole.clone() + cut.trim_end()).await;
    assert_eq!(answers.iter().filter_map(|answer| answer["status"].as_u64()).collect::<Vec<_>>(), [201, 400]);
    // The whole file again: what was recorded is answered again, the rest is run.
    let answers = send(&world, whole + &cut).await;
    assert_eq!(answers.iter().filter_map(|answer| answer["status"].as_u64()).collect::<Vec<_>>(), [200, 201]);
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_loses_and_doubles_nothing() {
    let world = World::get().await;
    let lines: Vec<String> = (0..400).map(|_| line(Uuid::now_v7(), "found-organisation", &founding())).collect();
    let body = lines.concat();
    let head = format!(
        "POST /v1/commands HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/x-ndjson\r\ncontent-length: {}\r\n\r\n",
        world.address(),
        world.clerk,
        body.len()
    );
    let mut connection = TcpStream::connect(world.address()).await.unwrap();
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&body.as_bytes()[..body.len() / 2]).await.unwrap();
    // The head of the answer may come long before the first receipt.
    let mut heard = Vec::new();
    while !String::from_utf8_lossy(&heard).contains("\"position\":") {
        assert!(connection.read_buf(&mut heard).await.unwrap() > 0, "closed before the first receipt");
    }
    drop(connection);

    let answers = send(&world, body).await;
    assert_eq!(answers[400], json!({ "end": true, "accepted": 400, "refused": 0 }));
    let mut positions: Vec<_> =
        answers[..400].iter().map(|answer| answer["receipt"]["position"].as_u64().unwrap()).collect();
    assert!(answers[..400].iter().all(|answer| answer["receipt"]["version"] == 1));
    assert!(answers[0]["receipt"]["replayed"] == true, "the first line was acknowledged before the cut");
    positions.sort_unstable();
    positions.dedup();
    assert_eq!(positions.len(), 400, "two lines share a record");
}

#[tokio::test]
async fn a_client_that_writes_everything_before_it_reads_is_not_stuck() {
    let world = World::get().await;
    let body: String = (0..3_000).map(|_| line(Uuid::now_v7(), "found-organisation", &founding())).collect();
    let head = format!(
        "POST /v1/commands HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        world.address(),
        world.clerk,
        body.len()
    );
    let mut connection = TcpStream::connect(world.address()).await.unwrap();
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(body.as_bytes()).await.unwrap();
    let mut all = String::new();
    connection.read_to_string(&mut all).await.unwrap();
    assert!(
        all.contains("{\"end\":true,\"accepted\":3000,\"refused\":0}"),
        "{}",
        &all[all.len().saturating_sub(400)..]
    );
}

#[tokio::test]
async fn a_line_sees_the_reference_data_of_the_line_before_it() {
    let world = World::get().await;
    let unit = Uuid::now_v7();
    let created = json!({ "unit": unit, "kind": "commune", "name": format!("Xã {unit}"), "from": "2000-01-01", "line": crate::world::DISTRICT, "display_order": 90 });
    let change = json!({ "document": crate::world::paper(), "changes": [{ "create_unit": created }] });
    let renamed = json!({ "document": crate::world::paper(), "changes": [{ "rename_unit": { "unit": unit, "name": "Xã mới", "from": "2010-01-01" } }] });
    let body = line(Uuid::now_v7(), "change-structure", &change) + &line(Uuid::now_v7(), "change-structure", &renamed);
    let response = world.lines(&world.admin).body(body).send().await.unwrap().text().await.unwrap();
    assert!(response.ends_with("{\"end\":true,\"accepted\":2,\"refused\":0}\n"), "{response}");
}
