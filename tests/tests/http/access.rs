//! What an administrator may reach, and whose a token is.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::*;

fn granting(hash: &str, office: Uuid, role: &str) -> Value {
    json!({ "token_sha256": hash, "subject": Uuid::now_v7(), "office": office, "role": role })
}

fn fingerprint() -> String {
    format!("{:032x}{:032x}", Uuid::now_v7().as_u128(), Uuid::now_v7().as_u128())
}

#[tokio::test]
async fn an_administrator_of_a_unit_under_others_does_not_decide_over_the_ledger() {
    let world = World::get().await;
    let admin = world.grant(DISTRICT, "admin").await;
    let created = json!({ "create_unit": { "unit": Uuid::now_v7(), "kind": "commune", "name": "Xã mới", "from": "2024-01-01",
        "line": DISTRICT, "display_order": 9 } });
    for (name, data) in [
        ("seal-ledger", json!({ "successor": "elsewhere" })),
        ("change-structure", json!({ "document": paper(), "changes": [created] })),
        (
            "open-period",
            json!({ "programme": "nq28", "period": "2031", "first_day": "2031-01-01", "last_day": "2031-12-31",
            "principals": {}, "document": paper() }),
        ),
    ] {
        let refused = world.post_as(&admin, Uuid::now_v7(), name, &data).await;
        refused.is_problem(403, "root-administrator-only", "");
    }
}

#[tokio::test]
async fn an_administrator_grants_and_revokes_for_the_own_unit_and_those_under_it() {
    let world = World::get().await;
    let admin = world.grant(DISTRICT, "admin").await;
    for office in [CITY, SISTER] {
        let refused =
            world.post_as(&admin, Uuid::now_v7(), "grant-access", &granting(&fingerprint(), office, "admin")).await;
        refused.is_problem(403, "office-not-under-yours", "/office");
    }
    let under =
        world.post_as(&admin, Uuid::now_v7(), "grant-access", &granting(&fingerprint(), COMMUNE, "office")).await;
    let revoked = json!({ "access": under.stream() });
    assert_eq!(world.post_as(&admin, Uuid::now_v7(), "revoke-access", &revoked).await.status, 201);

    let sisters = granting(&fingerprint(), SISTER, "admin");
    let sisters = world.post_as(&world.admin, Uuid::now_v7(), "grant-access", &sisters).await;
    let revoked = json!({ "access": sisters.stream() });
    let refused = world.post_as(&admin, Uuid::now_v7(), "revoke-access", &revoked).await;
    refused.is_problem(403, "office-not-under-yours", "/access");
}

#[tokio::test]
async fn an_administrator_keeps_the_directory_of_the_own_unit_and_those_under_it() {
    let world = World::get().await;
    let admin = world.grant(DISTRICT, "admin").await;
    let entry =
        |office: Uuid| json!({ "entries": [{ "person": "Người thử nghiệm", "office": office, "from": "2024-01-01" }] });
    let (own, elsewhere) = (Uuid::now_v7(), Uuid::now_v7());
    let put = |token: String, subject: Uuid, person: Value| {
        let path = format!("/v1/directory/{subject}");
        let world = world.clone();
        async move { world.put_as(&token, &path, &person).await }
    };
    assert_eq!(put(admin.clone(), own, entry(COMMUNE)).await.status, 204);
    put(admin.clone(), own, entry(CITY)).await.is_problem(403, "forbidden", "");
    // Somebody of another unit, by the directory or by a grant alone.
    assert_eq!(put(world.admin.clone(), elsewhere, entry(SISTER)).await.status, 204);
    put(admin.clone(), elsewhere, entry(DISTRICT)).await.is_problem(403, "forbidden", "");
    let granted = granting(&fingerprint(), CITY, "viewer");
    assert_eq!(world.post_as(&world.admin, Uuid::now_v7(), "grant-access", &granted).await.status, 201);
    let subject = granted["subject"].as_str().unwrap().parse().unwrap();
    put(admin.clone(), subject, entry(DISTRICT)).await.is_problem(403, "forbidden", "");
    assert_eq!(world.get_as(&admin, &format!("/v1/directory/{elsewhere}")).await.status, 404);
}

#[tokio::test]
async fn an_administrator_sees_the_own_unit_and_what_is_under_it() {
    let world = World::get().await;
    let admin = world.grant(DISTRICT, "admin").await;
    assert_eq!(world.get_as(&admin, &format!("/v1/committees/{COMMUNE}/lineage")).await.status, 200);
    assert_eq!(world.get_as(&admin, &format!("/v1/committees/{SISTER}/lineage")).await.status, 404);
    assert_eq!(world.get_as(&world.admin, &format!("/v1/committees/{SISTER}/lineage")).await.status, 200);
}

#[tokio::test]
async fn a_token_stays_with_its_first_holder() {
    let world = World::get().await;
    let token = kit::new_token();
    let hash: String = kit::token_hash(&token).iter().map(|byte| format!("{byte:02x}")).collect();
    let first = granting(&hash, DISTRICT, "viewer");
    let first = world.post_as(&world.admin, Uuid::now_v7(), "grant-access", &first).await;
    let second = granting(&hash, SISTER, "viewer");
    let refused = world.post_as(&world.admin, Uuid::now_v7(), "grant-access", &second).await;
    refused.is_problem(409, "token-granted-already", "/token_sha256");
    assert_eq!(world.get_as(&token, &format!("/v1/committees/{SISTER}/lineage")).await.status, 404);
    assert_eq!(world.get_as(&token, &format!("/v1/committees/{DISTRICT}/lineage")).await.status, 200);
    let revoked = json!({ "access": first.stream() });
    assert_eq!(world.post_as(&world.admin, Uuid::now_v7(), "revoke-access", &revoked).await.status, 201);
    let again = world.post_as(&world.admin, Uuid::now_v7(), "grant-access", &second).await;
    again.is_problem(409, "token-granted-already", "/token_sha256");
    assert_eq!(world.get_as(&token, &format!("/v1/committees/{DISTRICT}/lineage")).await.status, 401);
}

#[tokio::test]
async fn an_auditor_asks_and_closes_for_the_own_office_and_those_under_it() {
    let world = World::get().await;
    let founded = world.post("found-organisation", &founding()).await.position();
    let sisters = world.grant(SISTER, "office").await;
    let theirs = with(founding(), json!({ "unit": SISTER }));
    let theirs = world.post_as(&sisters, Uuid::now_v7(), "found-organisation", &theirs).await.position();
    let auditor = world.grant(DISTRICT, "auditor").await;
    let asks = |about: u64, owner: Uuid| json!({ "about": about, "owner": owner, "question": "figure_doubtful" });
    let ask = async |token: &str, about: u64, owner: Uuid| {
        world.post_as(token, Uuid::now_v7(), "raise-query", &asks(about, owner)).await
    };
    ask(&auditor, theirs, SISTER).await.is_problem(403, "outside-your-audit", "/owner");
    ask(&auditor, theirs, DISTRICT).await.is_problem(422, "owner-not-concerned", "/owner");
    ask(&world.auditor, founded, SISTER).await.is_problem(422, "owner-not-concerned", "/owner");
    ask(&auditor, 0, DISTRICT).await.is_problem(422, "record-unknown", "/about");

    let own = ask(&auditor, founded, DISTRICT).await.stream();
    let from_above = ask(&world.auditor, founded, DISTRICT).await.stream();
    let close = async |token: &str, query: &str| {
        world.post_as(token, Uuid::now_v7(), "close-query", &json!({ "query": query })).await
    };
    close(&auditor, &from_above).await.is_problem(403, "outside-your-audit", "/query");
    let elsewhere = world.grant(SISTER, "auditor").await;
    close(&elsewhere, &own).await.is_problem(403, "outside-your-audit", "/query");
    assert_eq!(close(&world.auditor, &own).await.status, 201);
    assert_eq!(close(&world.auditor, &from_above).await.status, 201);
}

#[tokio::test]
async fn a_case_that_passed_to_another_unit_is_asked_about_there() {
    let world = World::get().await;
    let founded = world.post("found-organisation", &founding()).await;
    let moved = json!({ "organisation": founded.stream(), "to": SISTER, "document": paper() });
    assert_eq!(world.post_as(&world.supervisor, Uuid::now_v7(), "transfer-organisation", &moved).await.status, 201);
    let asked = json!({ "about": founded.position(), "owner": SISTER, "question": "figure_doubtful" });
    assert_eq!(world.post_as(&world.auditor, Uuid::now_v7(), "raise-query", &asked).await.status, 201);
}

#[tokio::test]
async fn an_answer_that_it_was_corrected_names_the_correction_of_that_case() {
    let world = World::get().await;
    let (founded, other) =
        (world.post("found-organisation", &founding()).await, world.post("found-organisation", &founding()).await);
    let asked = json!({ "about": founded.position(), "owner": DISTRICT, "question": "date_doubtful" });
    let asked = world.post_as(&world.auditor, Uuid::now_v7(), "raise-query", &asked).await.stream();
    let corrected = |organisation: &str| json!({ "organisation": organisation, "reason": "wrong_date", "effective_on": "2024-02-28" });
    let of_another = world.post("correct-organisation", &corrected(&other.stream())).await.position();
    let announced = json!({ "organisation": founded.stream(), "held_on": "2024-03-05" });
    let announced = world.post("announce-founding", &announced).await.position();
    let own = world.post("correct-organisation", &corrected(&founded.stream())).await.position();
    let answer = async |at: u64| {
        world.post("answer-query", &json!({ "query": asked, "answer": "corrected", "corrected_at": at })).await
    };
    for unfit in [of_another, announced, other.position(), founded.position()] {
        answer(unfit).await.is_problem(422, "corrected-at-unfit", "/corrected_at");
    }
    answer(1_000_000).await.is_problem(422, "record-unknown", "/corrected_at");
    assert_eq!(answer(own).await.status, 201);
}

#[tokio::test]
async fn a_receipt_is_for_who_may_act_for_the_office_that_has_it() {
    let world = World::get().await;
    let (key, data) = (Uuid::now_v7(), founding());
    let first = world.post_as(&world.clerk, key, "found-organisation", &data).await;
    let colleague = world.grant(DISTRICT, "office").await;
    let again = world.post_as(&colleague, key, "found-organisation", &data).await;
    assert_eq!((again.status, again.position()), (200, first.position()));
    let above = world.grant(CITY, "office").await;
    assert_eq!(world.post_as(&above, key, "found-organisation", &data).await.status, 200);

    let sister = world.grant(SISTER, "office").await;
    let refused = world.post_as(&sister, key, "found-organisation", &data).await;
    refused.is_problem(422, "idempotency-key-reused", "");
    assert!(!refused.body.to_string().contains(&first.position().to_string()), "{refused:?}");
    let viewer = world.grant(DISTRICT, "viewer").await;
    world.post_as(&viewer, key, "found-organisation", &data).await.is_problem(403, "role-may-not", "");
}
