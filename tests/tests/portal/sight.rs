//! What another office's is, is answered as if it were not there: by every form, and wherever an id stands in an address.

use serde_json::{Value, json};
use socai_tests::{Node, unit};

use crate::support::{Browser, PERIOD, caught_up, founding, granted, recorded};

/// Stands on papers of Lê Chân alone.
const NUMBER: &str = "739154";
const ROLES: [&str; 5] = ["office", "supervisor", "auditor", "viewer", "admin"];

/// One case of each kind that forms go on with, all of them of Lê Chân: the field that names it, and its id.
async fn cases(node: &Node) -> Vec<(&'static str, String)> {
    let lc = unit("Quận ủy Lê Chân");
    granted(node, "district", &lc, "supervisor").await;
    let member = |count: Value| {
        let mut body = json!({ "unit": lc, "membership": "party", "host_kind": "cooperative", "document": paper(1) });
        if !count.is_null() {
            body["count"] = count;
            body["document"] = paper(3);
        }
        body
    };
    let mut founded = founding(NUMBER);
    founded["document"] = paper(2);
    let organisation = recorded(node, "found-organisation", "clerk", &founded).await;
    let about = node.journal().tip().await.unwrap().0;
    let admission = recorded(node, "admit-member", "clerk", &member(Value::Null)).await;
    let batch = recorded(node, "admit-batch", "clerk", &member(json!(3))).await;
    let printed = json!({ "outlet": "Trang mẫu", "title": "Bài 739154", "printed": { "on": "2023-01-02" },
        "programme": "nq28", "period": "2022", "sentences": ["Thành lập 4/3 tổ chức đảng."] });
    let publication = recorded(node, "publish", "district", &printed).await;
    let asked = json!({ "about": about, "owner": lc, "question": "date_doubtful" });
    let query = recorded(node, "raise-query", "auditor", &asked).await;
    let all = [organisation, admission, batch, publication, query];
    ["organisation", "admission", "batch", "publication", "query"].into_iter().zip(all).collect()
}

fn paper(line: u32) -> Value {
    json!({ "number": NUMBER, "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-30", "line": line })
}

/// Without what is another at each opening.
fn plain(page: &str, id: &str) -> String {
    let mut parts = page.split("name=\"key\" value=\"");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    plain.replace(id, "ID")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_about_anothers_case_answers_as_if_there_were_none() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let cases = cases(&node).await;
    caught_up(&node).await;
    let nothing = uuid::Uuid::now_v7().to_string();
    let (mut opened, mut own) = (0, 0);
    for role in ROLES {
        granted(&node, role, &unit("Quận ủy Hồng Bàng"), role).await;
        let sister = Browser::new(&node, role);
        for row in domain::COMMANDS.iter().filter(|row| row.roles.iter().any(|may| may.word() == role)) {
            for (field, id) in &cases {
                let about = |id: &str| format!("/forms/{}?{field}={id}", row.name);
                let (theirs, none) = (sister.get(&about(id)).await, sister.get(&about(&nothing)).await);
                assert_eq!(theirs.status, none.status, "{role}: {}", about(id));
                assert_eq!(plain(&theirs.text, id), plain(&none.text, &nothing), "{role}: {}", about(id));
                assert!(!theirs.text.contains(NUMBER) && !theirs.text.contains("/records/"), "{}", theirs.text);
                opened += usize::from(theirs.status == 404);
                let path = format!("/forms/{}", row.name);
                for step in ["preview", "confirm", "edit"] {
                    let typed = |id: &'_ str| [("key".to_owned(), nothing.clone()), (field.to_string(), id.to_owned())];
                    let filled = [
                        ("step", step),
                        ("reason", "typo"),
                        ("scope", "from_start"),
                        ("held_on", "2022-12-31"),
                        ("answer", "confirmed"),
                        ("to", "x"),
                        ("members", "9"),
                        ("received", "1"),
                        ("document.number", "9"),
                        ("document.symbol", "QĐ"),
                        ("document.issuer", "HB"),
                        ("document.date", "2022-12-31"),
                    ];
                    let mut pages = Vec::new();
                    for id in [id.as_str(), &nothing] {
                        let typed = typed(id);
                        let mut fields: Vec<_> =
                            typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                        fields.extend(filled);
                        let page = sister.post(&path, &fields).await;
                        pages.push((page.status, plain(&page.text, id)));
                    }
                    assert_eq!(pages[0], pages[1], "{role}: {path} {step} {field}");
                    assert!(!pages[0].1.contains(NUMBER), "{}", pages[0].1);
                }
            }
        }
    }
    // Whose it is finds it in the form.
    for row in domain::COMMANDS.iter().filter(|row| row.roles.contains(&domain::Role::Office)) {
        let clerk = Browser::new(&node, "clerk");
        for (field, id) in &cases {
            let form = clerk.get(&format!("/forms/{}?{field}={id}", row.name)).await;
            own += usize::from(form.status == 200 && form.text.contains("id=\"history\""));
        }
    }
    assert!(opened > 20 && own > 10, "forms go on with cases: {opened}, {own}");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_with_anothers_id_answers_as_if_nothing_were_there() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let cases = cases(&node).await;
    let tip = caught_up(&node).await;
    while node.json("/v1/trail?limit=1", "auditor").await["known"].as_u64().unwrap() < tip {
        tokio::task::yield_now().await;
    }
    granted(&node, "sister", &unit("Quận ủy Hồng Bàng"), "auditor").await;
    let lc = unit("Quận ủy Lê Chân");
    let lc = lc.as_str().unwrap();
    let id = |field: &str| cases.iter().find(|(name, _)| *name == field).unwrap().1.as_str();
    let subject = node.json(&format!("/v1/records/{tip}"), "auditor").await["actor"]["subject"].clone();
    // A record of each case, by its position.
    let records = node.json(&format!("/v1/records?after={}&limit=100", tip - 6), "auditor").await;
    let of_cases = |record: &&Value| cases.iter().any(|(_, id)| record["stream"].as_str().unwrap().ends_with(id));
    let positions: Vec<_> = records["records"].as_array().unwrap().iter().filter(of_cases).collect();
    assert_eq!(positions.len(), cases.len());

    let at: Vec<_> = positions.iter().map(|record| record["position"].to_string()).collect();
    let json_paths = json_paths(&node, &cases, &at, &subject).await;
    for path in &json_paths {
        let answer = node.get(path, "sister").send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    let sister = Browser::new(&node, "sister");
    let pages = ["publications", "committees"]
        .map(|of| format!("/{of}/{}", if of == "committees" { lc } else { id("publication") }));
    let numbers = ["records", "restated"].map(|of| format!("/{of}/nq28/2022/party_org/{lc}"));
    let records = at.iter().flat_map(|at| ["records", "receipts"].map(|of| format!("/{of}/{at}")));
    for path in pages.into_iter().chain(numbers).chain(records) {
        assert_eq!(sister.get(&path).await.status, 404, "{path}");
    }

    check_lists(&node, &cases, &at).await;
    node.stop().await;
}

/// Every address of JSON that names something, with the ids of what is of Lê Chân.
async fn json_paths(node: &Node, cases: &[(&str, String)], at: &[String], subject: &Value) -> Vec<String> {
    let lc = unit("Quận ủy Lê Chân");
    let lc = lc.as_str().unwrap();
    let id = |field: &str| cases.iter().find(|(name, _)| *name == field).unwrap().1.as_str();
    let document: Value =
        node.http.get(format!("{}/openapi.json", node.url)).send().await.unwrap().json().await.unwrap();
    let mut json_paths = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if item.get("get").is_none() || !path.contains('{') {
            continue;
        }
        let path = path.replace("{programme}", "nq28").replace("{period}", "2022").replace("{measure}", "party_org");
        let path = path.replace("{committee}", lc).replace("{subject}", subject.as_str().unwrap());
        match path.as_str() {
            "/v1/records/{position}" => {
                json_paths.extend(at.iter().map(|at| path.replace("{position}", at)));
            }
            "/v1/committees/{id}/lineage" => json_paths.push(path.replace("{id}", lc)),
            "/v1/organisations/{id}" => json_paths.push(path.replace("{id}", id("organisation"))),
            "/v1/admissions/{id}" => json_paths.push(path.replace("{id}", id("admission"))),
            "/v1/batches/{id}" => json_paths.push(path.replace("{id}", id("batch"))),
            "/v1/publications/{id}" => json_paths.push(path.replace("{id}", id("publication"))),
            _ if path.ends_with("/tallies") || path.contains("/tallies/") && !path.ends_with("/records") => {
                // A period is everybody's; what is in it is looked at below.
            }
            _ => json_paths.push(path),
        }
    }
    assert!(
        json_paths.iter().all(|path| !path.contains('{')),
        "an address of this kind is not known here: {json_paths:?}"
    );
    json_paths
}

/// No list tells of the cases, and no page leads to their records.
async fn check_lists(node: &Node, cases: &[(&str, String)], at: &[String]) {
    let sister = Browser::new(node, "sister");
    let lists = [
        "/v1/organisations",
        "/v1/queries",
        "/v1/grants",
        "/v1/publications",
        "/v1/trail",
        "/v1/records",
        "/v1/committees",
        PERIOD_TALLIES,
    ];
    let seen = ["/", "/today", "/organisations", "/trail", "/queries", "/publications", "/committees", "/forms"];
    let narrowed = cases
        .iter()
        .flat_map(|(field, id)| ["/v1/records", "/v1/trail"].map(|list| format!("{list}?stream={}/{id}", field)));
    for path in lists.into_iter().map(str::to_owned).chain(narrowed).chain([format!("{PERIOD}/tallies/restated")]) {
        let text = node.get(&path, "sister").send().await.unwrap().text().await.unwrap();
        assert!(!text.contains(NUMBER) && cases.iter().all(|(_, id)| !text.contains(id.as_str())), "{path}: {text}");
    }
    for path in seen {
        let text = sister.get(path).await.text;
        assert!(!text.contains(NUMBER) && cases.iter().all(|(_, id)| !text.contains(id.as_str())), "{path}: {text}");
        let links = at.iter().map(|at| format!("/records/{at}\""));
        assert!(links.into_iter().all(|link| !text.contains(&link)), "{path}: {text}");
    }
}

const PERIOD_TALLIES: &str = "/v1/programmes/nq28/periods/2022/tallies";

#[tokio::test(flavor = "multi_thread")]
async fn the_same_paper_of_another_office_is_told_of_and_linked_from_nowhere() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let (sister, own) = (unit("Quận ủy Hồng Bàng"), unit("Quận ủy Lê Chân"));
    granted(&node, "sister", &sister, "office").await;
    let mut theirs = founding("739155");
    theirs["unit"] = sister;
    recorded(&node, "found-organisation", "sister", &theirs).await;
    let at = node.journal().tip().await.unwrap().0;
    let (key, clerk) = (uuid::Uuid::now_v7().to_string(), Browser::new(&node, "clerk"));
    let position = at.to_string();
    let mut typed = vec![
        ("key", key.as_str()),
        ("step", "confirm"),
        ("unit", own.as_str().unwrap()),
        ("kind", "party_cell_grassroots"),
        ("host_kind", "private_enterprise"),
        ("basis", "new"),
        ("members", "5"),
        ("document.number", "739155"),
        ("document.symbol", "QĐ/QU"),
        ("document.issuer", "Quận ủy Lê Chân"),
        ("document.date", "2022-12-30"),
    ];
    let link = format!("href=\"/records/{at}\"");
    let told = clerk.post("/forms/found-organisation", &typed).await;
    assert_eq!(told.status, 409, "{}", told.text);
    assert!(told.text.contains("Bản ghi đó của đơn vị khác") && !told.text.contains(&link), "{}", told.text);
    typed.push(("distinct_from", &position));
    assert_eq!(clerk.post("/forms/found-organisation", &typed).await.status, 303);
    let tip = caught_up(&node).await;
    for page in ["records", "receipts"].map(|of| format!("/{of}/{tip}")) {
        let (theirs, all) = (clerk.get(&page).await, Browser::new(&node, "auditor").get(&page).await);
        assert!(theirs.text.contains("Khác với bản ghi") && !theirs.text.contains(&link), "{}", theirs.text);
        assert!(all.text.contains(&link), "{}", all.text);
    }
    node.stop().await;
}

/// Streams of targets follow from their keys, so that anybody could ask whether there is one.
#[tokio::test(flavor = "multi_thread")]
async fn a_precondition_tells_nobody_what_stands_where_they_may_not_post() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let cases = cases(&node).await;
    for (role, name) in [("supervisor", "sister"), ("viewer", "onlooker"), ("office", "clerk-next-door")] {
        granted(&node, name, &unit("Quận ủy Hồng Bàng"), role).await;
    }
    let target = |holder: &str| {
        json!({ "programme": "nq28", "period": "2022", "measure": "party_org", "holder": unit(holder), "assigner": unit("Thành ủy Hải Phòng"),
            "value": { "exactly": 3 }, "document": paper(9) })
    };
    let holders = ["Quận ủy Lê Chân", "Thành ủy Hải Phòng"];
    for (command, body, token) in holders.iter().flat_map(|holder| {
        ["sister", "onlooker", "clerk-next-door"].map(|token| ("assign-target", target(holder), token))
    }) {
        for (header, value) in [("if-none-match", "*"), ("if-match", "\"72\"")] {
            let answer = node.post(command, token, &body).header(header, value).send().await.unwrap();
            let (status, problem) = (answer.status(), answer.text().await.unwrap());
            assert_eq!(status, 403, "{token} {header}: {problem}");
        }
    }
    let organisation = &cases[0].1;
    let dissolve = json!({ "organisation": organisation, "reason": "host_ended", "document": paper(8) });
    for header in [None, Some(("if-match", "\"5\"")), Some(("if-none-match", "*"))] {
        let mut request = node.post("dissolve-organisation", "clerk-next-door", &dissolve);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let problem: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(
            (&problem["status"], &problem["type"]),
            (&json!(403), &json!("/problems/not-your-unit")),
            "{problem}"
        );
    }
    node.stop().await;
}
