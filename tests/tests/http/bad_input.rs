//! Every way in which a person or a machine gets a command wrong: a problem with a stable type, a page, the place, and what to do.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{COMMUNE, ENDED, SISTER, World, answer, batch, founding, paper, paper_dated, today, with};

#[tokio::test]
async fn an_unknown_command() {
    World::get().await.post("found-a-bank", &founding()).await.is_problem(404, "unknown-command", "");
}

#[tokio::test]
async fn a_body_that_is_not_what_the_command_takes() {
    let world = World::get().await;
    for (fields, pointer) in [
        (json!({ "note": "x" }), "/note"),
        (json!({ "members": "three" }), "/members"),
        (json!({ "members": -1 }), "/members"),
        (json!({ "kind": "bank" }), "/kind"),
        (json!({ "unit": "305" }), "/unit"),
        (json!({ "basis": null }), "/basis"),
        (json!({ "effective_on": "2024-02-30" }), "/effective_on"),
        (json!({ "effective_on": "20240201" }), "/effective_on"),
        (json!({ "document": paper_dated("2023-02-29") }), "/document/date"),
        (json!({ "document": with(paper(), json!({ "number": null })) }), "/document/number"),
        (json!({ "document": with(paper(), json!({ "date": null })) }), "/document/date"),
        (json!({ "document": with(paper(), json!({ "page": 2 })) }), "/document/page"),
        (json!({ "document": ["1", "QĐ/QU", "Quận ủy thử nghiệm", "2024-03-01", null, null] }), "/document"),
    ] {
        world.post("found-organisation", &with(founding(), fields)).await.is_problem(400, "invalid-body", pointer);
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_in_utf_8() {
    let world = World::get().await;
    let raw = |body: &[u8]| {
        let request = world.command(&world.clerk, Uuid::now_v7(), "found-organisation");
        answer(request.header("content-type", "application/json").body(body.to_vec()))
    };
    raw(b"{\"unit\": \"\xff\xfe\"}").await.is_problem(400, "invalid-body", "/unit");
    let tcvn3 = raw(b"{\n\"document\": {\"issuer\": \"Qu\xcbn \xf1y\"}}").await;
    let told = tcvn3.body["detail_en"].as_str().unwrap().to_owned();
    tcvn3.is_problem(400, "invalid-body", "/document/issuer");
    assert!(told.contains("byte 28 (line 2) is not UTF-8, it looks like TCVN3"), "{told}");
    let marked = raw(&[b"\xef\xbb\xbf", founding().to_string().as_bytes()].concat()).await;
    assert!(marked.body["detail_en"].as_str().unwrap().contains("byte order mark"), "{marked:?}");
    marked.is_problem(400, "invalid-body", "");
    raw(format!("[\"{}\", null]", Uuid::now_v7()).as_bytes()).await.is_problem(400, "invalid-body", "");
    raw(b"{\"unit\": ").await.is_problem(400, "invalid-body", "/unit");
    raw(b"").await.is_problem(400, "invalid-body", "");
    raw(format!("{} 1", founding()).as_bytes()).await.is_problem(400, "invalid-body", "");
    raw(&vec![b' '; 70_000]).await.is_problem(413, "too-large", "");
    let text = world.command(&world.clerk, Uuid::now_v7(), "found-organisation").header("content-type", "text/plain");
    answer(text.body("{}")).await.is_problem(415, "unsupported-media-type", "");
}

#[tokio::test]
async fn a_body_in_another_charset_or_coding_and_headers_that_say_two_things() {
    let world = World::get().await;
    let command = || world.command(&world.clerk, Uuid::now_v7(), "found-organisation").body(founding().to_string());
    let typed = |media_type: &str| command().header("content-type", media_type);
    for media_type in ["application/json; charset=utf-16", "application/json;CHARSET=\"windows-1258\""] {
        answer(typed(media_type)).await.is_problem(415, "unsupported-media-type", "");
    }
    let packed = typed("application/json").header("content-encoding", "gzip");
    answer(packed).await.is_problem(415, "unsupported-media-type", "");
    let lines = world.lines(&world.clerk).header("content-encoding", "gzip");
    answer(lines.body("")).await.is_problem(415, "unsupported-media-type", "");
    answer(typed("application/json; Charset=\"UTF-8\"").header("content-encoding", "identity")).await.position();
    let keys = typed("application/json").header("idempotency-key", Uuid::now_v7().to_string());
    answer(keys).await.is_problem(400, "invalid-idempotency-key", "");
    let positions = typed("application/json").header("if-match", "\"1\"").header("if-match", "\"2\"");
    answer(positions).await.is_problem(400, "invalid-query", "");
}

#[tokio::test]
async fn text_that_has_come_through_an_older_encoding() {
    let world = World::get().await;
    for (field, text) in [
        ("issuer", "QuËn ñy Lª Ch©n"),
        ("issuer", "Quaän uûy Leâ Chaân"),
        ("issuer", "Quáº\u{ad}n á»§y LÃª ChÃ¢n"),
        ("symbol", "Q§/QU"),
        ("issuer", "Qu\u{fffd}n ủy"),
    ] {
        let document = with(paper(), json!({ field: text }));
        let refused = world.post("found-organisation", &with(founding(), json!({ "document": document }))).await;
        refused.is_problem(422, "text-not-unicode", &format!("/document/{field}"));
    }
    let document = with(paper(), json!({ "issuer": "Société Générale – Müller & Cía. (1ª), §5, 20 °C" }));
    world.post("found-organisation", &with(founding(), json!({ "document": document }))).await.position();
}

#[tokio::test]
async fn a_request_without_a_token_or_a_key() {
    let world = World::get().await;
    world.post_as("socai_nobody", Uuid::now_v7(), "found-organisation", &founding()).await.is_problem(
        401,
        "unauthenticated",
        "",
    );
    let keyed = world.command_keyed(&world.clerk, "\"twice\"", "found-organisation");
    answer(keyed.json(&founding())).await.is_problem(400, "invalid-idempotency-key", "");
    let quoted = world.command_keyed(&world.clerk, &format!("\"{}\"", Uuid::now_v7()), "found-organisation");
    answer(quoted.json(&founding())).await.position();
}

#[tokio::test]
async fn a_paper_that_is_not_written_yet() {
    let world = World::get().await;
    let future = paper_dated("2199-01-01");
    let refused = world.post("found-organisation", &with(founding(), json!({ "document": future }))).await;
    refused.is_problem(422, "document-in-future", "/document/date");
    let named = refused.body["detail"].as_str().unwrap().contains(&today().printed_vi());
    assert!(named, "the refusal does not name the ledger's own day: {}", refused.body["detail"]);
    world.post("admit-batch", &with(batch(), json!({ "document": future }))).await.is_problem(
        422,
        "document-in-future",
        "/document/date",
    );
    let admitted = world.post("admit-batch", &batch()).await;
    let ceremony = json!({ "batch": admitted.stream(), "received": 3, "held_on": "2199-01-01" });
    assert_eq!(world.post("hold-batch-ceremony", &ceremony).await.status, 422);
    // A later day on which the decision takes effect is fine: the paper states it.
    let today = today();
    let later =
        json!({ "document": paper_dated(&today.to_string()), "effective_on": format!("{}-12-31", today.year() + 1) });
    world.post("found-organisation", &with(founding(), later)).await.position();
}

#[tokio::test]
async fn a_paper_without_number_or_issuer() {
    let world = World::get().await;
    for field in ["number", "symbol", "issuer"] {
        let empty = with(founding(), json!({ "document": with(paper(), json!({ field: "  " })) }));
        world.post("found-organisation", &empty).await.is_problem(
            422,
            "document-incomplete",
            &format!("/document/{field}"),
        );
    }
}

#[tokio::test]
async fn the_same_paper_under_two_keys() {
    let world = World::get().await;
    let data = founding();
    let first = world.post("found-organisation", &data).await.position();
    let twice = world.post("found-organisation", &data).await;
    twice.is_problem(409, "looks-recorded-already", "/document");
    assert_eq!(twice.body["position"], json!(first));
    for (elsewhere, slug) in
        [(1, "distinct-from-another"), (99_999_999, "record-unknown"), (u64::MAX, "record-unknown")]
    {
        let named = with(founding(), json!({ "distinct_from": elsewhere }));
        world.post("found-organisation", &named).await.is_problem(422, slug, "/distinct_from");
    }
    world.post("found-organisation", &with(data, json!({ "distinct_from": first }))).await.position();
    // A batch and a single from one paper collide too.
    let admitted = batch();
    world.post("admit-batch", &admitted).await.position();
    let single = json!({
        "unit": admitted["unit"], "membership": "youth_union", "host_kind": "cooperative", "document": with(admitted["document"].clone(), json!({ "line": 3 })),
    });
    world.post("admit-member", &single).await.is_problem(409, "looks-recorded-already", "/document");
}

#[tokio::test]
async fn the_minutes_of_a_ceremony_under_two_keys() {
    let world = World::get().await;
    let admitted = batch();
    let key = Uuid::now_v7();
    world.post_as(&world.clerk, key, "admit-batch", &admitted).await.position();
    let minutes = with(admitted["document"].clone(), json!({ "symbol": "BB/CB" }));
    let held = json!({ "batch": key, "received": 5, "held_on": admitted["document"]["date"], "document": minutes });
    let first = world.post("hold-batch-ceremony", &held).await.position();
    let twice = world.post("hold-batch-ceremony", &held).await;
    twice.is_problem(409, "looks-recorded-already", "/document");
    assert_eq!(twice.body["position"], json!(first));
    // One that the clerk knows, and one of the same minutes for another batch, are other ceremonies.
    world.post("hold-batch-ceremony", &with(held.clone(), json!({ "distinct_from": first }))).await.position();
    let another = Uuid::now_v7();
    world.post_as(&world.clerk, another, "admit-batch", &batch()).await.position();
    world.post("hold-batch-ceremony", &with(held, json!({ "batch": another }))).await.position();
}

#[tokio::test]
async fn a_count_stated_twice_or_below_nothing() {
    let world = World::get().await;
    let text = with(batch(), json!({ "of_which": { "women": 3 } })).to_string();
    let twice = text.replace("{\"women\":3}", "{\"women\":3,\"women\":4}");
    assert_ne!(twice, text);
    let request = world.command(&world.clerk, Uuid::now_v7(), "admit-batch").header("content-type", "application/json");
    answer(request.body(twice)).await.is_problem(400, "invalid-body", "/of_which/women");
    let negative = with(batch(), json!({ "of_which": { "women": -1 } }));
    world.post("admit-batch", &negative).await.is_problem(400, "invalid-body", "/of_which/women");
    let unknown = with(batch(), json!({ "of_which": { "giants": 1 } }));
    world.post("admit-batch", &unknown).await.is_problem(400, "invalid-body", "/of_which/giants");
}

#[tokio::test]
async fn counts_out_of_range() {
    let world = World::get().await;
    for count in [0, 10_001] {
        let data = with(batch(), json!({ "count": count, "of_which": {} }));
        assert_eq!(world.post("admit-batch", &data).await.status, 422);
        world.post("admit-batch", &data).await.is_problem(422, "count-out-of-range", "/count");
    }
    let data = with(batch(), json!({ "of_which": { "women": 16 } }));
    world.post("admit-batch", &data).await.is_problem(422, "of-which-too-large", "/of_which/women");
}

#[tokio::test]
async fn a_unit_that_does_not_exist_has_ended_or_is_not_yours() {
    let world = World::get().await;
    let unknown = with(founding(), json!({ "unit": Uuid::now_v7() }));
    world.post("found-organisation", &unknown).await.is_problem(422, "unit-unknown", "/unit");
    world.post("found-organisation", &with(founding(), json!({ "unit": SISTER }))).await.is_problem(
        403,
        "not-your-unit",
        "/unit",
    );
    let sister = with(founding(), json!({ "unit": SISTER, "on_behalf_of": SISTER }));
    assert_eq!(world.post("found-organisation", &sister).await.status, 403);
    let city = world.grant(crate::world::CITY, "office").await;
    let ended = with(founding(), json!({ "unit": ENDED, "on_behalf_of": ENDED }));
    world.post_as(&city, Uuid::now_v7(), "found-organisation", &ended).await.is_problem(422, "unit-ended", "/unit");
    // A unit under the office that has no connection may be posted for.
    let commune = with(founding(), json!({ "unit": COMMUNE, "on_behalf_of": COMMUNE }));
    world.post("found-organisation", &commune).await.position();
    let silently = with(founding(), json!({ "unit": COMMUNE }));
    world.post("found-organisation", &silently).await.is_problem(403, "not-your-unit", "/unit");
}

#[tokio::test]
async fn a_role_that_may_not() {
    let world = World::get().await;
    for token in [&world.auditor, &world.supervisor, &world.admin] {
        world.post_as(token, Uuid::now_v7(), "found-organisation", &founding()).await.is_problem(
            403,
            "role-may-not",
            "",
        );
    }
    world.post("assign-target", &target("nq28", "party_org", 3)).await.is_problem(403, "role-may-not", "");
}

fn target(programme: &str, measure: &str, value: u32) -> Value {
    json!({
        "programme": programme, "measure": measure, "period": "2024", "holder": crate::world::DISTRICT, "assigner": crate::world::CITY,
        "value": { "exactly": value }, "document": paper(),
    })
}

#[tokio::test]
async fn a_target_that_cannot_be() {
    let world = World::get().await;
    let assign = async |data: Value| world.post_as(&world.supervisor, Uuid::now_v7(), "assign-target", &data).await;
    assign(target("nq28", "union_org", 3)).await.is_problem(422, "measure-unknown", "/measure");
    assign(target("nq28", "party_org", u32::MAX)).await.is_problem(422, "target-out-of-range", "/value/exactly");
    assign(target("nq28", "party_org", 0)).await.is_problem(422, "target-zero", "/value/exactly");
    assign(with(target("nq28", "party_org", 1), json!({ "value": { "about": 3 } }))).await.is_problem(
        400,
        "invalid-body",
        "/value",
    );
    assign(target("nq28", "party_org", 3)).await.position();
    assign(target("nq28", "party_org", 3)).await.is_problem(409, "target-assigned-already", "/holder");
}

#[tokio::test]
async fn too_few_members_unless_by_exception() {
    let world = World::get().await;
    let few = with(founding(), json!({ "members": 2 }));
    world.post("found-organisation", &few).await.is_problem(422, "too-few-members", "/members");
    let lifted = with(few, json!({ "exception": { "lifts": "too-few-members", "document": paper() } }));
    world.post("found-organisation", &lifted).await.position();
}

#[tokio::test]
async fn dissolving_twice_and_revoking_what_is_gone() {
    let world = World::get().await;
    let organisation = world.post("found-organisation", &founding()).await.stream();
    let dissolve = || json!({ "organisation": organisation, "reason": "host_ended", "document": paper() });
    world.post("dissolve-organisation", &dissolve()).await.position();
    world.post("dissolve-organisation", &dissolve()).await.is_problem(422, "organisation-dissolved", "/organisation");
    let revoke =
        |organisation: &str| json!({ "organisation": organisation, "scope": "from_start", "document": paper() });
    let never = Uuid::now_v7().to_string();
    world.post("revoke-organisation", &revoke(&never)).await.is_problem(422, "organisation-unknown", "/organisation");
    let other = world.post("found-organisation", &founding()).await.stream();
    world.post("revoke-organisation", &revoke(&other)).await.position();
    assert_eq!(world.post("revoke-organisation", &revoke(&other)).await.status, 422);
}

#[tokio::test]
async fn a_key_is_for_one_body() {
    let world = World::get().await;
    let (key, data) = (Uuid::now_v7(), founding());
    let first = world.post_as(&world.clerk, key, "found-organisation", &data).await;
    assert_eq!((first.status, first.body["replayed"].clone()), (201, json!(false)));
    assert_eq!(first.location, Some(format!("/v1/records/{}", first.position())));
    let again = world.post_as(&world.clerk, key, "found-organisation", &data).await;
    assert_eq!((again.status, again.body["replayed"].clone()), (200, json!(true)));
    for field in ["command_id", "stream", "version", "position", "recorded_at", "durability"] {
        assert_eq!(first.body[field], again.body[field]);
    }
    let reused = world.post_as(&world.clerk, key, "found-organisation", &founding()).await;
    reused.is_problem(422, "idempotency-key-reused", "");
    assert_eq!(reused.body["position"], first.body["position"]);
}

#[tokio::test]
async fn a_stale_precondition() {
    let world = World::get().await;
    let founded = world.post("found-organisation", &founding()).await;
    let announce = json!({ "organisation": founded.stream(), "held_on": "2024-05-19" });
    let matching = |position: u64| {
        let request = world.command(&world.clerk, Uuid::now_v7(), "announce-founding");
        answer(request.header("if-match", format!("\"{position}\"")).json(&announce))
    };
    matching(1).await.is_problem(412, "stale", "");
    assert_eq!(matching(founded.position()).await.status, 201);
    let new = world.command(&world.clerk, Uuid::now_v7(), "announce-founding").header("if-none-match", "*");
    answer(new.json(&announce)).await.is_problem(412, "stale", "");
}

#[tokio::test]
async fn names_are_found_again_under_either_spelling() {
    let world = World::get().await;
    for spelling in ["Thuỷ Nguyên", "Thủy Nguyên", "thu\u{309}y nguye\u{302}n", "THỦY NGUYÊN"] {
        let found = world.get_as(&world.admin, &format!("/v1/committees?q={}", encoded(spelling))).await;
        let names: Vec<&str> =
            found.body["committees"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        // Stored in NFC, as it was spelt.
        assert_eq!(names, ["Quận uỷ Thuỷ Nguyên"], "{spelling}: {}", found.body);
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_refused_command_leaves_no_trace() {
    let world = World::get().await;
    let (key, wrong) = (Uuid::now_v7(), with(founding(), json!({ "members": 1 })));
    world.post_as(&world.clerk, key, "found-organisation", &wrong).await.is_problem(422, "too-few-members", "/members");
    // Refusals are not remembered: the same key with the mended body is recorded.
    let mended = world.post_as(&world.clerk, key, "found-organisation", &with(wrong, json!({ "members": 3 }))).await;
    assert_eq!((mended.status, mended.body["version"].clone()), (201, json!(1)));
}
