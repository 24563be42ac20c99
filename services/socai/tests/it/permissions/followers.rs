//! What whoever follows can have the server do, and who tells cells.

use std::time::Instant;

use async_nats::Subscriber;
use bytes::Bytes;
use domain::Position;
use futures::StreamExt;
use journal::{Options, nats::NatsServers};
use serde_json::{Value, json};

use super::{
    PATIENCE, asked, client, open, server, server_with, stream, subscribed, url, users_conf_with_another_reader,
};
use crate::process::Process;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_follows_has_nothing_deleted_and_nothing_written() {
    let server = server().await;
    let provisioned = open(&server, "provision", false).await.unwrap();
    let cells = NatsServers::connect(&url(&server, "provision"), &Options::default()).await.unwrap();
    let mut cells = cells.cells().await.unwrap();
    provisioned.append(&stream(1), None, Bytes::from_static(b"one")).await.unwrap();
    let delete =
        ["$JS.API.STREAM.DELETE.socai-hp", "$JS.API.STREAM.PURGE.socai-hp", "$JS.API.STREAM.DELETE.socai-hp-cells"];
    let write = ["socai.hp.log.organisation.0198c9c4-0000-7000-8000-000000000001", "socai.hp.cell.nq28.2022.party_org"];
    let all = [&delete[..], &write].concat();
    // Intake writes anyway, and tally tells cells.
    for (user, victims) in [("follower", &all[..]), ("tally", &all[..4]), ("intake", &delete[..])] {
        let client = client(&server, user).await;
        let config = json!({ "name": user, "ack_policy": "none", "inactive_threshold": 60_000_000_000_u64 });
        let request = json!({ "stream_name": "socai-hp", "config": config });
        let consumer = asked(&client, &format!("$JS.API.CONSUMER.CREATE.socai-hp.{user}"), &request).await.unwrap();
        assert_eq!(consumer["error"], Value::Null, "{consumer}");
        let next = format!("$JS.API.CONSUMER.MSG.NEXT.socai-hp.{user}");
        let requests = [
            (next.as_str(), r#"{"batch":1}"#),
            (next.as_str(), r#"{"batch":1,"no_wait":true}"#),
            ("$JS.API.STREAM.INFO.socai-hp", ""),
            ("$JS.API.STREAM.MSG.GET.socai-hp", r#"{"seq":1}"#),
        ];
        for victim in victims {
            for (request, body) in requests {
                client.publish_with_reply(request.to_owned(), *victim, body.into()).await.unwrap();
            }
        }
        // Answered behind all those.
        asked(&client, "$JS.API.STREAM.INFO.socai-hp", &json!({})).await.expect("it may ask");
    }
    let next = provisioned.append(&stream(2), None, Bytes::from_static(b"two")).await.unwrap();
    assert_eq!(next, Position(2), "the ledger is there, and nothing was written into it");
    assert_eq!(cells.info().await.unwrap().state.messages, 0);
    for request in [delete[0], delete[1], "$JS.API.STREAM.MSG.DELETE.socai-hp"] {
        let answer = asked(&client(&server, "provision").await, request, &json!({ "seq": 1 })).await;
        assert_eq!(answer, None, "{request}: not even whoever makes the streams");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_follower_s_consumers_deliver_is_stored_nowhere_and_heard_by_no_reader() {
    let server = server_with(users_conf_with_another_reader()).await;
    let provisioned = open(&server, "provision", false).await.unwrap();
    let cells = NatsServers::connect(&url(&server, "provision"), &Options::default()).await.unwrap();
    let mut cells = cells.cells().await.unwrap();
    provisioned.append(&stream(1), None, Bytes::from_static(b"one")).await.unwrap();
    let cell = "socai.hp.cell.nq28.2022.party_org";
    let told = asked(&client(&server, "tally").await, cell, &json!({ "actual": 47 })).await.unwrap();
    assert_eq!(told["seq"], 1, "{told}");

    let (log, beside) = ("socai.hp.log.organisation.0198c9c4-0000-7000-8000-000000000001", "socai.hp.log.a.b.c");
    // Who listens: one by exactly the subjects that are delivered to, the other to everything, as a program of others does.
    let (another, reader) = (client(&server, "another").await, client(&server, "reader").await);
    let mut literally = Vec::new();
    for victim in [log, beside, cell] {
        literally.push(another.subscribe(victim).await.unwrap());
    }
    let mut heard = reader.subscribe("socai.hp.log.>").await.unwrap();
    let mut values = reader.subscribe("socai.hp.cell.>").await.unwrap();
    for one in [&another, &reader] {
        subscribed(one).await;
    }
    let of_records = [("$JS.API", "socai-hp"), ("$JS.API", "socai-hp-cells"), ("$JS.cells.API", "socai-hp-cells")];
    for (user, (api, stream)) in ["follower", "tally"].iter().flat_map(|user| of_records.map(|of| (*user, of))) {
        for (n, victim) in [log, beside, cell].into_iter().enumerate() {
            // Tally tells cells anyway.
            if (user, victim) == ("tally", cell) {
                continue;
            }
            let name = format!("{user}{n}");
            let config =
                json!({ "name": name, "deliver_subject": victim, "deliver_policy": "all", "ack_policy": "none" });
            let request = json!({ "stream_name": stream, "config": config });
            let client = client(&server, user).await;
            let made = asked(&client, &format!("{api}.CONSUMER.CREATE.{stream}.{name}"), &request).await;
            if made.is_some_and(|made| made["error"].is_null()) {
                let told = asked(&client, &format!("{api}.CONSUMER.INFO.{stream}.{name}"), &json!({})).await;
                assert_ne!(told.unwrap_or_default()["push_bound"], true, "{user} has {stream} delivered to {victim}");
            }
        }
    }
    let next = provisioned.append(&stream(2), None, Bytes::from_static(b"two")).await.unwrap();
    assert_eq!(next, Position(2), "nothing was written into the ledger");
    assert_eq!(cells.info().await.unwrap().state.last_sequence, 1, "nor into the cells");
    let next = async |heard: &mut Subscriber| tokio::time::timeout(PATIENCE, heard.next()).await.unwrap().unwrap();
    assert_eq!(next(&mut heard).await.payload, Bytes::from_static(b"two"), "what was recorded comes next");
    asked(&client(&server, "tally").await, cell, &json!({ "actual": 48 })).await.unwrap();
    assert_eq!(next(&mut values).await.payload, Bytes::from_static(b"{\"actual\":48}"), "and what was told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tally_alone_tells_cells_and_a_foreign_reader_reads_them() {
    let server = server().await;
    open(&server, "provision", false).await.unwrap();
    let servers = NatsServers::connect(&url(&server, "tally"), &Options::default()).await.unwrap();
    let refused = format!("{:#}", anyhow::Error::from(servers.cells().await.expect_err("tally made a stream")));
    assert!(refused.contains("there is no place of the cells") && refused.contains("socai provision"), "{refused}");
    let provision = NatsServers::connect(&url(&server, "provision"), &Options::default()).await.unwrap();
    provision.cells().await.unwrap();
    servers.cells().await.unwrap();

    let subject = "socai.hp.cell.nq28.2022.party_org";
    let reader = client(&server, "reader").await;
    let mut heard = reader.subscribe("socai.hp.cell.>").await.unwrap();
    reader.flush().await.unwrap();
    for user in ["intake", "service", "office", "follower", "reader"] {
        assert_eq!(asked(&client(&server, user).await, subject, &json!({})).await, None, "{user}");
    }
    let told = asked(&client(&server, "tally").await, subject, &json!({ "actual": 47 })).await.unwrap();
    assert_eq!(told["seq"], 1, "{told}");
    let message = tokio::time::timeout(PATIENCE, heard.next()).await.unwrap().unwrap();
    assert_eq!(message.payload, Bytes::from_static(b"{\"actual\":47}"));
    let kept =
        reader.request(format!("$JS.cells.API.DIRECT.GET.socai-hp-cells.{subject}"), Bytes::new()).await.unwrap();
    assert_eq!(kept.payload, message.payload);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tally_that_may_not_tell_cells_says_so_and_answers_all_the_same() {
    let server = server().await;
    open(&server, "provision", false).await.unwrap();
    let provision = NatsServers::connect(&url(&server, "provision"), &Options::default()).await.unwrap();
    provision.cells().await.unwrap();
    let run = |folder: &tempfile::TempDir, role: &str, user: &str| {
        Process::start(folder.path(), &["--roles", role, "--ledger", "hp", "--journal", &url(&server, user)])
    };
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let _intake = run(&folders[0], "intake", "intake");
    let http = kit::outgoing::plain().build().unwrap();
    for (folder, user, expected) in
        [(&folders[1], "tally", "told up to position"), (&folders[2], "follower", "not told at the moment")]
    {
        let node = run(folder, "tally", user);
        let begun = Instant::now();
        loop {
            let answer = http.get(format!("{}/readyz", node.url)).send().await.unwrap();
            let (ready, told) = (answer.status() == 200, answer.text().await.unwrap());
            if ready && told.contains(expected) {
                break;
            }
            assert!(begun.elapsed() < PATIENCE * 3, "{user}: {told}");
            tokio::task::yield_now().await;
        }
    }
}
