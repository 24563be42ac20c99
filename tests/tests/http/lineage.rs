//! What became of a unit and what it is made of, and codes that mean another unit on another day.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{CITY, DISTRICT, SISTER, World, paper, paper_dated};

const DATE: &str = "2025-07-01";

const fn ward(n: u128) -> Uuid {
    Uuid::from_u128(0x1a00 + n)
}

fn create(n: u128, code: &str, name: &str, from: &str, line: Uuid) -> Value {
    json!({ "create_unit": {
        "unit": ward(n), "kind": "ward", "name": name, "code": code, "from": from, "line": line, "display_order": 900,
    } })
}

fn pass(n: u128, to: u128, how: &str, extent: &str, of: Value) -> Value {
    json!({ "succeed": { "unit": ward(n), "successor": ward(to), "from": DATE, "how": how, "extent": extent, "of": of } })
}

fn change(changes: &[Value], document: Value) -> Value {
    json!({ "document": document, "changes": changes })
}

/// Wards 1 and 2 of the district and 3 of its sister become 8 and 9 of the city; 8 has the code that 1 had. Posted once, whichever test comes first.
async fn reformed(world: &World) -> u64 {
    let before = [
        create(1, "90525", "Phường Trần Hưng Đạo", "2010-01-01", DISTRICT),
        create(2, "90528", "Phường Cộng Hòa", "2010-01-01", DISTRICT),
        create(3, "90531", "Phường Bến Tắm", "2010-01-01", SISTER),
    ];
    let end = |n: u128| json!({ "end_unit": { "unit": ward(n), "from": DATE } });
    let after = [
        create(8, "90525", "Phường Hải Dương", DATE, CITY),
        create(9, "90570", "Phường Trần Hưng Đạo", DATE, CITY),
        end(1),
        end(2),
        pass(1, 8, "merged_into", "whole", json!({})),
        pass(2, 8, "merged_into", "part", json!({})),
        pass(2, 9, "partly_transferred", "part", json!({ "area": "part", "population": "whole" })),
        pass(3, 9, "merged_into", "part", json!({})),
    ];
    static POSTED: tokio::sync::OnceCell<u64> = tokio::sync::OnceCell::const_new();
    *POSTED
        .get_or_init(|| async {
            for (changes, document) in [(&before[..], paper()), (&after[..], paper_dated("2025-06-16"))] {
                let answer =
                    world.post_as(&world.admin, Uuid::now_v7(), "change-structure", &change(changes, document)).await;
                if changes.len() == after.len() {
                    return answer.position();
                }
                answer.position();
            }
            unreachable!("the last is the reform")
        })
        .await
}

async fn lineage(world: &World, n: u128, query: &str) -> Value {
    let answer = world.get_as(&world.auditor, &format!("/v1/committees/{}/lineage{query}", ward(n))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

#[tokio::test]
async fn a_lineage_is_told_both_ways_with_names_codes_and_papers() {
    let world = World::get().await;
    let position = reformed(&world).await;
    let old = lineage(&world, 1, "?valid=2025-12-31").await;
    assert_eq!(old["committee"]["name"], "Phường Trần Hưng Đạo");
    assert_eq!((&old["on"], &old["ended_on"]), (&json!("2025-06-30"), &json!(DATE)));
    let new = &old["became"]["committees"];
    assert_eq!(new.as_array().unwrap().len(), 1, "{old:#}");
    assert_eq!((&new[0]["name"], &new[0]["code"]), (&json!("Phường Hải Dương"), &json!("90525")));
    let edge = &old["became"]["edges"][0];
    assert_eq!((&edge["position"], &edge["document"]["date"]), (&json!(position), &json!("2025-06-16")));
    assert_eq!((&edge["on"], &edge["how"], &edge["extent"]), (&json!(DATE), &json!("merged_into"), &json!("whole")));

    let new = lineage(&world, 9, "?valid=2025-12-31").await;
    let sources: Vec<_> = new["made_of"]["committees"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| (&source["name"], &source["extent"]))
        .collect();
    assert_eq!(sources, [(&json!("Phường Cộng Hòa"), &json!("part")), (&json!("Phường Bến Tắm"), &json!("part"))]);
    assert_eq!(new["made_of"]["since"], "2025-06-30");
    assert_eq!(new["made_of"]["edges"][0]["of"], json!({ "area": "part", "population": "whole" }));
    assert_eq!(new["names"], json!([{ "from": DATE, "value": "Phường Trần Hưng Đạo" }]));
}

#[tokio::test]
async fn a_lineage_is_told_up_to_a_day_and_as_known_at_a_position() {
    let world = World::get().await;
    let position = reformed(&world).await;
    let before = lineage(&world, 1, "?valid=2025-06-30").await;
    assert_eq!(before["became"]["edges"], json!([]));
    assert_eq!(before["became"]["committees"][0]["committee"], json!(ward(1)));
    let unknown = lineage(&world, 1, &format!("?valid=2025-12-31&known={}", position - 1)).await;
    assert_eq!((&unknown["ended_on"], &unknown["became"]["edges"]), (&Value::Null, &json!([])));
    assert_eq!((&unknown["settled"], &unknown["known_position"]), (&json!(true), &json!(position - 1)));
    let path = format!("/v1/committees/{}/lineage", ward(1));
    world.get_as(&world.auditor, &format!("{path}?known=99999999")).await.is_problem(412, "position-unknown", "");
    world.get_as(&world.auditor, &format!("{path}?known=hôm qua")).await.is_problem(400, "invalid-query", "/known");
    world.get_as(&world.auditor, &format!("{path}?until=2025-01-01")).await.is_problem(400, "invalid-query", "");
}

#[tokio::test]
async fn a_lineage_has_a_tag_and_is_seen_by_those_who_see_the_unit() {
    let world = World::get().await;
    reformed(&world).await;
    let url = format!("http://{}/v1/committees/{}/lineage?valid=2025-12-31", world.address(), ward(2));
    let get = |tag: String| {
        kit::outgoing::plain().build().unwrap().get(&url).bearer_auth(&world.clerk).header("if-none-match", tag).send()
    };
    let first = get("\"none\"".to_owned()).await.unwrap();
    assert_eq!(first.status(), 200, "the district's clerk sees a ward that was the district's");
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(get(tag.clone()).await.unwrap().status(), 304);
    let later = change(&[create(77, "90577", "Phường khác", "2011-01-01", CITY)], paper());
    world.post_as(&world.admin, Uuid::now_v7(), "change-structure", &later).await.position();
    assert_eq!(get(tag).await.unwrap().status(), 200, "the structure has changed");
    let other = format!("/v1/committees/{}/lineage", ward(3));
    world.get_as(&world.clerk, &other).await.is_problem(404, "not-found", "");
    let nobody = format!("/v1/committees/{}/lineage", Uuid::from_u128(0xdead));
    world.get_as(&world.auditor, &nobody).await.is_problem(404, "not-found", "");
}

#[tokio::test]
async fn a_code_is_looked_up_with_its_day() {
    let world = World::get().await;
    reformed(&world).await;
    let named = async |day: &str| {
        let answer = world.get_as(&world.auditor, &format!("/v1/committees?code=90525&valid={day}")).await;
        let found = answer.body["committees"].as_array().unwrap().clone();
        found.iter().map(|unit| unit["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named("2025-06-30").await, ["Phường Trần Hưng Đạo"]);
    assert_eq!(named(DATE).await, ["Phường Hải Dương"]);
    assert_eq!(named("2009-12-31").await, [""; 0]);
    let twice = world.get_as(&world.auditor, "/v1/committees?valid=2025-06-30&on=2025-07-01").await;
    twice.is_problem(400, "invalid-query", "/on");
}

#[tokio::test]
async fn a_succession_that_cannot_be_is_refused_at_its_field() {
    let world = World::get().await;
    reformed(&world).await;
    let check = async |step: Value, status: u16, slug: &str, field: &str| {
        let answer = world.post_as(&world.admin, Uuid::now_v7(), "change-structure", &change(&[step], paper())).await;
        answer.is_problem(status, slug, &format!("/changes/0/succeed{field}"));
    };
    check(pass(8, 8, "merged_into", "part", json!({})), 422, "unit-succeeds-itself", "/successor").await;
    check(pass(3, 9, "merged_into", "part", json!({})), 409, "succession-doubled", "/successor").await;
    check(pass(1, 9, "merged_into", "part", json!({})), 409, "succession-overlaps", "/extent").await;
    check(pass(9, 3, "merged_into", "part", json!({})), 422, "succession-circle", "/successor").await;
    let people = json!({ "population": "part" });
    check(pass(2, 3, "partly_transferred", "part", people), 409, "succession-overlaps", "/of/population").await;
    let all = json!({ "area": "whole", "population": "whole", "members": "whole" });
    check(pass(8, 9, "partly_transferred", "part", all), 422, "succession-unfit", "/of").await;
    check(pass(8, 9, "continues", "whole", json!({})), 422, "unit-goes-on", "/extent").await;
    check(pass(8, 9, "split_from", "whole", json!({})), 422, "succession-unfit", "/extent").await;
    check(pass(8, 9, "nowhere", "part", json!({})), 400, "invalid-body", "/how").await;
}
