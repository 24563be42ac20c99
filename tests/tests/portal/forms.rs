//! Forms without scripts: what will change is shown first, what was typed is kept, and a double submit records once.

use socai_tests::Node;

use crate::support::{Browser, caught_up};

fn fields<'a>(key: &'a str, unit: &'a str, number: &'a str, date: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("key", key),
        ("unit", unit),
        ("kind", "party_cell_grassroots"),
        ("host_kind", "private_enterprise"),
        ("basis", "new"),
        ("members", "5"),
        ("place", ""),
        ("document.number", number),
        ("document.symbol", "QĐ/QU"),
        ("document.issuer", "Quận ủy Lê Chân"),
        ("document.date", date),
        ("effective_on", ""),
    ]
}

const KEY: &str = "018f0000-0000-7000-8000-00000000f001";
const FORM: &str = "/forms/found-organisation";

#[tokio::test(flavor = "multi_thread")]
async fn a_founding_is_shown_first_then_recorded_once_and_ends_in_a_receipt() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let clerk = Browser::new(&node, "clerk");
    let form = clerk.get(FORM).await;
    assert_eq!(form.status, 200);
    assert!(form.text.contains("name=\"key\"") && form.text.contains("name=\"document.number\""));

    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let mut typed = fields(KEY, unit.as_str().unwrap(), "951", "30/12/2022");
    typed.push(("step", "preview"));
    let preview = clerk.post(FORM, &typed).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    assert!(preview.text.contains("4/3 → <b>5/3</b>"), "{}", preview.text);
    assert_eq!(node.journal().tip().await.unwrap().0, tip);

    let last = typed.len() - 1;
    typed[last] = ("step", "confirm");
    let recorded = clerk.post(FORM, &typed).await;
    assert_eq!(recorded.status, 303, "{}", recorded.text);
    assert_eq!(recorded.location, format!("/receipts/{}", tip + 1));
    let twice = clerk.post(FORM, &typed).await;
    assert_eq!((twice.status, &twice.location), (303, &recorded.location));
    assert_eq!(node.journal().tip().await.unwrap().0, tip + 1);

    let receipt = clerk.get(&recorded.location).await;
    assert!(receipt.text.contains("4/3 → <b>5/3</b>") && receipt.text.contains("951-QĐ/QU"), "{}", receipt.text);
    // The address is anybody's to write; what the ledger has survived is not.
    let invented = clerk.get(&format!("{}?durability=replicated-3", recorded.location)).await;
    for page in [&receipt, &invented] {
        assert!(page.text.contains("đã ghi xuống đĩa") && !page.text.contains("nhiều máy chủ"), "{}", page.text);
    }
    let today = clerk.get("/today").await;
    assert!(today.text.contains(&format!("/records/{}", tip + 1)));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_key_was_used_for_something_else_comes_back_with_another() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let clerk = Browser::new(&node, "clerk");
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let mut typed = fields(KEY, unit.as_str().unwrap(), "955", "30/12/2022");
    typed.push(("step", "confirm"));
    assert_eq!(clerk.post(FORM, &typed).await.status, 303);
    let mut other = fields(KEY, unit.as_str().unwrap(), "956", "30/12/2022");
    other.push(("step", "confirm"));
    let refused = clerk.post(FORM, &other).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let key = key_of(&refused.text);
    assert_ne!(key, KEY);
    other[0] = ("key", &key);
    let recorded = clerk.post(FORM, &other).await;
    assert_eq!((recorded.status, recorded.location), (303, format!("/receipts/{}", tip + 2)));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_confirmed_leads_to_its_receipt_and_goes_on_under_another_key() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let clerk = Browser::new(&node, "clerk");
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let mut typed = fields(KEY, unit.as_str().unwrap(), "957", "30/12/2022");
    typed.push(("step", "confirm"));
    let receipt = clerk.post(FORM, &typed).await.location;
    assert_eq!(receipt, format!("/receipts/{}", tip + 1));
    // Back in the browser, and the form as it was.
    let last = typed.len() - 1;
    typed[last] = ("step", "preview");
    let same = clerk.post(FORM, &typed).await;
    assert_eq!((same.status, &same.location), (303, &receipt), "{}", same.text);
    // Changed, it is something else.
    let mut other = fields(KEY, unit.as_str().unwrap(), "958", "30/12/2022");
    other.push(("step", "preview"));
    let refused = clerk.post(FORM, &other).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains(&format!("href=\"/records/{}\"", tip + 1)), "{}", refused.text);
    let key = key_of(&refused.text);
    assert_ne!(key, KEY);
    other[0] = ("key", &key);
    assert_eq!(clerk.post(FORM, &other).await.status, 200);
    other[last] = ("step", "confirm");
    let recorded = clerk.post(FORM, &other).await;
    assert_eq!((recorded.status, recorded.location), (303, format!("/receipts/{}", tip + 2)));

    // Somebody else's key is told as little as any key that is taken.
    let elsewhere = Browser::new(&node, "youth-clerk");
    let youth = socai_tests::unit("Quận đoàn Lê Chân");
    let mut theirs = fields(KEY, youth.as_str().unwrap(), "959", "30/12/2022");
    theirs[2] = ("kind", "youth_branch");
    theirs.push(("step", "preview"));
    let refused = elsewhere.post(FORM, &theirs).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(!refused.text.contains("/records/"), "{}", refused.text);
    assert_ne!(key_of(&refused.text), KEY);
    node.stop().await;
}

/// The key that a form holds.
fn key_of(form: &str) -> String {
    let (_, after) = form.split_once("name=\"key\" value=\"").expect("the form's key");
    after.split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let clerk = Browser::new(&node, "clerk");
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let unit = unit.as_str().unwrap();
    for (number, date, members, wrong) in [
        ("", "2022-12-30", "5", "document.number-wrong"),
        ("961 lÇn", "2022-12-30", "5", "document.number-wrong"),
        ("961", "2023-06-01", "5", "document.date-wrong"),
        ("961", "2022-02-30", "5", "document.date-wrong"),
        ("961", "2022-12-30", "2", "members-wrong"),
        ("961", "2022-12-30", "gần 5", "members-wrong"),
    ] {
        let mut typed = fields(KEY, unit, number, date);
        typed.retain(|(name, _)| *name != "members");
        typed.extend([("members", members), ("step", "confirm")]);
        let page = clerk.post(FORM, &typed).await;
        assert!((400..500).contains(&page.status), "{wrong}: {}", page.status);
        assert!(page.text.contains(&format!("id=\"{wrong}\"")), "{wrong}: {}", page.text);
        assert!(page.text.contains("value=\"QĐ/QU\"") && page.text.contains(KEY), "{wrong}");
    }
    assert_eq!(node.journal().tip().await.unwrap().0, tip);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_or_for_another_role_is_refused() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let mut typed = fields(KEY, unit.as_str().unwrap(), "971", "2022-12-30");
    typed.push(("step", "confirm"));
    let foreign = Browser::new(&node, "clerk").post_from("cross-site", FORM, &typed).await;
    assert_eq!(foreign.status, 403);
    assert_eq!(Browser::new(&node, "auditor").get(FORM).await.status, 403);
    assert_eq!(Browser::new(&node, "auditor").post(FORM, &typed).await.status, 403);
    assert_eq!(node.journal().tip().await.unwrap().0, tip);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_paper_is_noticed_and_may_be_called_a_different_matter() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let clerk = Browser::new(&node, "clerk");
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let unit = unit.as_str().unwrap();
    let mut typed = fields(KEY, unit, "981", "2022-12-30");
    typed.push(("step", "confirm"));
    assert_eq!(clerk.post(FORM, &typed).await.status, 303);
    typed[0] = ("key", "018f0000-0000-7000-8000-00000000f002");
    let seen = clerk.post(FORM, &typed).await;
    assert_eq!(seen.status, 409);
    assert!(seen.text.contains("name=\"distinct_from\""), "{}", seen.text);
    let position = (tip + 1).to_string();
    typed.push(("distinct_from", &position));
    assert_eq!(clerk.post(FORM, &typed).await.status, 303);
    node.stop().await;
}

/// Fills in a form, confirms it, and gives the position of its record.
async fn fill(node: &Node, token: &str, command: &str, key: u8, fields: &[(&str, &str)]) -> u64 {
    let browser = Browser::new(node, token);
    let key = format!("018f0000-0000-7000-8000-0000000000{key:02x}");
    let mut typed = vec![("key", key.as_str()), ("step", "preview")];
    typed.extend(fields);
    let preview = browser.post(&format!("/forms/{command}"), &typed).await;
    assert_eq!(preview.status, 200, "{command}: {}", preview.text);
    typed[1] = ("step", "confirm");
    let recorded = browser.post(&format!("/forms/{command}"), &typed).await;
    assert_eq!(recorded.status, 303, "{command}: {}", recorded.text);
    let position = recorded.location.trim_start_matches("/receipts/").split('?').next().unwrap().to_owned();
    assert_eq!(browser.get(&recorded.location).await.status, 200);
    position.parse().unwrap()
}

fn paper<'a>(number: &'a str, issuer: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("document.number", number),
        ("document.symbol", "QĐ"),
        ("document.issuer", issuer),
        ("document.date", "2022-12-30"),
    ]
}

/// The id of the stream that a record stands on.
async fn stream(node: &Node, position: u64) -> String {
    let record = node.json(&format!("/v1/records/{position}"), "auditor").await;
    record["stream"].as_str().unwrap().split_once('/').unwrap().1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_union_is_recognised_corrected_and_dissolved_by_forms() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let unit = socai_tests::unit("Liên đoàn Lao động quận Lê Chân");
    let unit = unit.as_str().unwrap();
    let own = [
        ("unit", unit),
        ("kind", "grassroots_union"),
        ("host_kind", "cooperative"),
        ("basis", "new"),
        ("members", "9"),
    ];
    let union = fill(&node, "union-clerk", "recognise-union", 1, &[&own[..], &paper("701", "LĐLĐ")].concat()).await;
    let id = stream(&node, union).await;
    let of = [("organisation", id.as_str())];
    let right = [("reason", "wrong_date"), ("effective_on", "2022-12-29"), ("document.issuer", "LĐLĐ")];
    fill(&node, "union-clerk", "correct-organisation", 2, &[&of[..], &right].concat()).await;
    let ended = [("reason", "host_ended")];
    fill(&node, "union-clerk", "dissolve-organisation", 3, &[&of[..], &ended, &paper("702", "LĐLĐ")].concat()).await;
    let case = node.json(&format!("/v1/organisations/{id}"), "union-clerk").await;
    assert_eq!((&case["state"], &case["effective_on"]), (&"dissolved".into(), &"2022-12-29".into()));
    // It was another union that was dissolved.
    let never = [("reason", "did_not_happen"), ("dissolution", "true"), ("document.issuer", "LĐLĐ")];
    fill(&node, "union-clerk", "correct-organisation", 4, &[&of[..], &never].concat()).await;
    let case = node.json(&format!("/v1/organisations/{id}"), "union-clerk").await;
    assert_ne!(case["state"], "dissolved", "{case:#}");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_and_a_member_are_admitted_received_and_revoked_by_forms() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let unit = socai_tests::unit("Quận đoàn Lê Chân");
    let who = [("unit", unit.as_str().unwrap()), ("membership", "youth_union"), ("host_kind", "cooperative")];
    let many = [("count", "15"), ("of_which.women", "8")];
    let batch =
        fill(&node, "youth-clerk", "admit-batch", 1, &[&who[..], &many, &paper("711", "Quận đoàn")].concat()).await;
    let batch = stream(&node, batch).await;
    let held = [("batch", batch.as_str()), ("received", "10"), ("held_on", "2022-12-31")];
    fill(&node, "youth-clerk", "hold-batch-ceremony", 2, &held).await;
    let fewer = [("batch", batch.as_str()), ("reason", "typo"), ("count", "14")];
    fill(&node, "youth-clerk", "correct-batch", 3, &fewer).await;

    let traits = [("traits.women", "true"), ("traits.worker", "false")];
    let one =
        fill(&node, "youth-clerk", "admit-member", 4, &[&who[..], &traits, &paper("712", "Quận đoàn")].concat()).await;
    let one = stream(&node, one).await;
    fill(&node, "youth-clerk", "hold-ceremony", 5, &[("admission", &one), ("held_on", "2022-12-31")]).await;
    let revoked = [("admission", one.as_str()), ("scope", "from_start")];
    fill(&node, "youth-clerk", "revoke-admission", 6, &[&revoked[..], &paper("713", "Quận đoàn")].concat()).await;

    let case = node.json(&format!("/v1/batches/{batch}"), "youth-clerk").await;
    assert_eq!((&case["n"], &case["received"], &case["of_which"]["women"]), (&14.into(), &10.into(), &8.into()));
    let case = node.json(&format!("/v1/admissions/{one}"), "youth-clerk").await;
    assert_eq!((&case["state"], &case["held_on"]), (&"revoked".into(), &"2022-12-31".into()));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_recognised_as_official_and_moves_with_the_ceremony_by_forms() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let who = [("unit", unit.as_str().unwrap()), ("membership", "party"), ("host_kind", "private_enterprise")];
    let signed = |number, date| [&paper(number, "Quận ủy Lê Chân")[..3], &[("document.date", date)]].concat();
    let one = fill(&node, "clerk", "admit-member", 1, &[&who[..], &signed("731", "2021-12-01")].concat()).await;
    let one = stream(&node, one).await;
    fill(&node, "clerk", "hold-ceremony", 2, &[("admission", &one), ("held_on", "2021-12-20")]).await;
    let form = Browser::new(&node, "clerk").get(&format!("/forms/recognise-member?admission={one}")).await;
    assert!(form.text.contains("hết 12 tháng dự bị") && !form.text.contains("effective_on"), "{}", form.text);
    let recognition = [&[("admission", one.as_str())][..], &signed("732", "2022-12-28")].concat();
    let at = fill(&node, "clerk", "recognise-member", 3, &recognition).await;
    let case = node.json(&format!("/v1/admissions/{one}"), "clerk").await;
    assert_eq!((&case["held_on"], &case["official_on"]), (&"2021-12-20".into(), &"2022-12-20".into()));
    let trail = node.json(&format!("/v1/trail?stream=admission/{one}&known={at}"), "clerk").await;
    let events: Vec<_> = trail["rows"].as_array().unwrap().iter().map(|row| &row["event"]).collect();
    assert_eq!(events.last().unwrap(), &"member_recognised", "{trail}");
    let record = Browser::new(&node, "clerk").get(&format!("/records/{at}")).await;
    assert!(record.text.contains("20/12/2022 · chính thức") && record.text.contains("28/12/2022"), "{}", record.text);

    let moved = [("admission", one.as_str()), ("reason", "wrong_date"), ("ceremony.on", "2021-12-24")];
    fill(&node, "clerk", "correct-admission", 4, &moved).await;
    let case = node.json(&format!("/v1/admissions/{one}"), "clerk").await;
    assert_eq!((&case["held_on"], &case["official_on"]), (&"2021-12-24".into(), &"2022-12-24".into()));
    let never = [("admission", one.as_str()), ("reason", "did_not_happen"), ("recognition", "on")];
    fill(&node, "clerk", "correct-admission", 5, &never).await;
    let case = node.json(&format!("/v1/admissions/{one}"), "clerk").await;
    assert_eq!((&case["held_on"], &case["official_on"]), (&"2021-12-24".into(), &serde_json::Value::Null));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_adjusted_and_a_query_is_asked_answered_and_closed_by_forms() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let (holder, city) = (socai_tests::unit("Quận ủy Lê Chân"), socai_tests::unit("Thành ủy Hải Phòng"));
    let (holder, city) = (holder.as_str().unwrap(), city.as_str().unwrap());
    let target =
        [("programme", "nq28"), ("measure", "party_org"), ("period", "2022"), ("holder", holder), ("assigner", city)];
    let value = [("value.shape", "at_least"), ("value.n", "4")];
    fill(&node, "supervisor", "adjust-target", 1, &[&target[..], &value, &paper("721", "Thành ủy")].concat()).await;
    caught_up(&node).await;
    let tally = node.json("/v1/programmes/nq28/periods/2022/tallies", "clerk").await;
    let cell = &tally["measures"][0]["cells"][0];
    assert_eq!((&cell["plan"], &cell["status"], &cell["target"]["at_least"]), (&4.into(), &"exact".into(), &4.into()));

    let asked = [("about", "1000"), ("owner", holder), ("question", "date_doubtful")];
    let query = fill(&node, "auditor", "raise-query", 2, &asked).await;
    let query = stream(&node, query).await;
    let listed = Browser::new(&node, "clerk").get("/queries").await;
    assert!(listed.text.contains(&format!("/forms/answer-query?query={query}")), "{}", listed.text);
    fill(&node, "clerk", "answer-query", 3, &[("query", &query), ("answer", "confirmed")]).await;
    fill(&node, "auditor", "close-query", 4, &[("query", &query)]).await;
    let queries = node.json("/v1/queries", "auditor").await;
    assert_eq!(
        (&queries["queries"][0]["answer"], &queries["queries"][0]["closed"]),
        (&"confirmed".into(), &true.into())
    );
    node.stop().await;
}
