//! What a form, its receipt and the trail say that a record changes: of today, of later days, and of figures that are not the visitor's.

use serde_json::{Value, json};
use socai::demonstration::Demonstration;
use socai_tests::{Node, sequel_unit, unit};

use crate::support::{Browser, Page, caught_up, granted, recorded};

const TALLIES: &str = "/v1/programmes/nq28/periods/2025/tallies";

/// Fills in a form as the clerk of the ward of Lê Chân, on the demonstration of 2025.
struct Clerk {
    node: Node,
    browser: Browser,
    ward: String,
}

impl Clerk {
    async fn start() -> Self {
        let node = Node::with_demonstration(Demonstration::Sequel).await;
        caught_up(&node).await;
        let browser = Browser::new(&node, "clerk");
        let ward = sequel_unit("Đảng ủy phường Lê Chân").as_str().unwrap().to_owned();
        Self { node, browser, ward }
    }

    async fn preview(&self, command: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.step(command, "preview", fields).await;
        assert_eq!(page.status, 200, "{command}: {}", page.text);
        page
    }

    /// Confirms it, and opens the receipt once the figures have it.
    async fn receipt(&self, command: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.step(command, "confirm", fields).await;
        assert_eq!(page.status, 303, "{command}: {}", page.text);
        caught_up(&self.node).await;
        self.browser.get(&page.location).await
    }

    async fn step(&self, command: &str, step: &str, fields: &[(&str, &str)]) -> Page {
        let key = uuid::Uuid::now_v7().to_string();
        let typed = [&[("key", key.as_str()), ("step", step)], fields].concat();
        self.browser.post(&format!("/forms/{command}"), &typed).await
    }

    /// `20/3` of the ward, today.
    async fn party_orgs(&self) -> (i64, i64) {
        let tip = self.node.journal().tip().await.unwrap().0;
        let tally = self.node.json(&format!("{TALLIES}?min_position={tip}"), "clerk").await;
        let measure = tally["measures"].as_array().unwrap().iter().find(|one| one["measure"] == "party_org").unwrap();
        let cell = measure["cells"].as_array().unwrap().iter().find(|cell| cell["committee"] == *self.ward).unwrap();
        (cell["actual"].as_i64().unwrap(), cell["plan"].as_i64().unwrap())
    }

    fn founding<'a>(&'a self, number: &'a str, effective_on: &'a str) -> Vec<(&'a str, &'a str)> {
        let own = [
            ("unit", self.ward.as_str()),
            ("kind", "party_cell_grassroots"),
            ("host_kind", "private_enterprise"),
            ("basis", "new"),
            ("members", "5"),
            ("effective_on", effective_on),
        ];
        [&own[..], &paper(number)].concat()
    }

    /// The id of the case that was recorded last.
    async fn last(&self) -> String {
        let tip = self.node.journal().tip().await.unwrap();
        let record = self.node.json(&format!("/v1/records/{tip}"), "clerk").await;
        record["stream"].as_str().unwrap().split_once('/').unwrap().1.to_owned()
    }

    async fn stop(self) {
        self.node.stop().await;
    }
}

fn paper(number: &str) -> [(&str, &str); 4] {
    [
        ("document.number", number),
        ("document.symbol", "QĐ/ĐU"),
        ("document.issuer", "Đảng ủy phường Lê Chân"),
        ("document.date", "2025-08-27"),
    ]
}

/// The rows of the figures that move.
fn moves(page: &Page) -> Vec<&str> {
    let rows = page.text.split("<tr>").filter(|row| row.contains("class=\"move\"") || row.contains("lại như khi"));
    rows.collect()
}

fn check(page: &Page, holds: &[&str], lacks: &[&str]) {
    for text in holds {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    for text in lacks {
        assert!(!page.text.contains(text), "{text}: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_effect_later_is_shown_with_its_day() {
    let clerk = Clerk::start().await;
    let (n, plan) = clerk.party_orgs().await;
    let later = clerk.founding("8001", "2025-12-31");
    let moved = format!("{n}/{plan} → <b>{}/{plan}</b>", n + 1);
    for page in [clerk.preview("found-organisation", &later).await, clerk.receipt("found-organisation", &later).await] {
        check(&page, &[&moved, "từ 31/12/2025"], &[]);
        assert!(moves(&page).iter().all(|row| row.contains("từ 31/12/2025")), "{}", page.text);
    }
    assert_eq!(clerk.party_orgs().await, (n, plan));

    let now = clerk.founding("8002", "");
    for page in [clerk.preview("found-organisation", &now).await, clerk.receipt("found-organisation", &now).await] {
        check(&page, &[&moved], &["từ 31/12/2025"]);
    }
    let id = clerk.last().await;
    assert_eq!(clerk.party_orgs().await, (n + 1, plan));
    let moved_away = [("organisation", id.as_str()), ("reason", "wrong_date"), ("effective_on", "2025-09-15")];
    let back = format!("{}/{plan} → <b>{n}/{plan}</b>", n + 1);
    let preview = clerk.preview("correct-organisation", &moved_away).await;
    let receipt = clerk.receipt("correct-organisation", &moved_away).await;
    for page in [preview, receipt] {
        check(&page, &[&back, "từ 15/09/2025", "lại như khi không có bản ghi này"], &[]);
    }
    assert_eq!(clerk.party_orgs().await, (n, plan));
    clerk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_and_a_corrected_part_are_changes_too() {
    let clerk = Clerk::start().await;
    let who = [("unit", clerk.ward.as_str()), ("membership", "party"), ("host_kind", "private_enterprise")];
    let many = [("count", "15"), ("of_which.women", "8"), ("of_which.worker", "3")];
    let preview = clerk.preview("admit-batch", &[&who[..], &many, &paper("8011")].concat()).await;
    check(&preview, &["chưa làm lễ", " · nữ"], &[]);
    clerk.receipt("admit-batch", &[&who[..], &many, &paper("8011")].concat()).await;
    let batch = clerk.last().await;
    let held = [("batch", batch.as_str()), ("received", "15"), ("held_on", "2025-08-28")];
    for page in [clerk.preview("hold-batch-ceremony", &held).await, clerk.receipt("hold-batch-ceremony", &held).await] {
        let rows = moves(&page);
        assert!(rows.len() == 1 && rows[0].contains("chưa làm lễ"), "{}", page.text);
        check(&page, &["<li>15 đảng viên"], &["Không làm thay đổi", "+15"]);
    }
    let women = [("batch", batch.as_str()), ("reason", "typo"), ("of_which.women", "9")];
    let corrected = clerk.preview("correct-batch", &women).await;
    let rows = moves(&corrected);
    assert!(rows.len() == 1 && rows[0].contains(" · nữ"), "{}", corrected.text);

    // On the day of the ceremony: the paper's own day is before it.
    let scope = [("batch", batch.as_str()), ("scope", "from_date"), ("effective_on", "2025-08-28")];
    let revoked = clerk.preview("revoke-batch", &[&scope[..], &paper("8012")].concat()).await;
    check(&revoked, &["<li>−15 đảng viên", "hủy từ ngày này"], &["<li>+15"]);
    let scope = [("batch", batch.as_str()), ("scope", "from_start")];
    clerk.receipt("revoke-batch", &[&scope[..], &paper("8013")].concat()).await;
    let tip = clerk.node.journal().tip().await.unwrap().0;
    while clerk.node.json("/v1/trail?limit=1", "clerk").await["known"].as_u64().unwrap() < tip {
        tokio::task::yield_now().await;
    }
    let trail = clerk.browser.get(&format!("/trail?stream=batch/{batch}")).await;
    check(&trail, &["−15, 15 đã làm lễ (rút lại)"], &["−30"]);
    clerk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_less_and_its_correction_is_more() {
    let clerk = Clerk::start().await;
    clerk.receipt("found-organisation", &clerk.founding("8021", "")).await;
    let id = clerk.last().await;
    let ended = [("organisation", id.as_str()), ("reason", "host_ended")];
    let ended = [&ended[..], &paper("8022")].concat();
    let receipt = clerk.receipt("dissolve-organisation", &ended).await;
    check(&receipt, &["<li>−1 chi bộ cơ sở", " · giải thể</li>"], &["<li>+1"]);
    let never = [("organisation", id.as_str()), ("reason", "did_not_happen"), ("dissolution", "true")];
    let preview = clerk.preview("correct-organisation", &never).await;
    check(&preview, &["<li>+1 chi bộ cơ sở", "giải thể (rút lại)"], &["<li>−1"]);
    let tip = clerk.node.journal().tip().await.unwrap().0;
    while clerk.node.json("/v1/trail?limit=1", "clerk").await["known"].as_u64().unwrap() < tip {
        tokio::task::yield_now().await;
    }
    let trail = clerk.browser.get(&format!("/trail?stream=organisation/{id}")).await;
    check(&trail, &["<td class=\"num\"></td><td class=\"num\">−1 giải thể</td>"], &[]);
    clerk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_late_says_that_the_reported_figure_stays() {
    let clerk = Clerk::start().await;
    let ended = unit("Liên đoàn Lao động quận Lê Chân");
    let late = [
        ("unit", ended.as_str().unwrap()),
        ("kind", "grassroots_union"),
        ("host_kind", "private_enterprise"),
        ("basis", "new"),
        ("members", "25"),
        ("late", "true"),
        ("document.number", "8031"),
        ("document.symbol", "QĐ-LĐLĐ"),
        ("document.issuer", "Liên đoàn Lao động quận Lê Chân"),
        ("document.date", "2022-12-30"),
    ];
    let unions = Clerk { browser: Browser::new(&clerk.node, "union-clerk"), ..clerk };
    for page in [unions.preview("recognise-union", &late).await, unions.receipt("recognise-union", &late).await] {
        let rows = moves(&page);
        assert!(!rows.is_empty() && rows.iter().all(|row| row.contains("muộn")), "{}", page.text);
        check(&page, &["số đã báo cáo giữ nguyên"], &[]);
    }
    unions.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_that_is_not_seen_is_named_by_its_unit_and_not_told() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let (lc, ward) = (unit("Quận ủy Lê Chân"), uuid::Uuid::now_v7());
    let created = json!({ "create_unit": { "unit": ward, "kind": "ward", "name": "Đảng ủy phường Thử", "from": "2022-01-01",
        "line": lc, "display_order": 9 } });
    let document = json!({ "number": "77", "symbol": "QĐ/TU", "issuer": "Thành ủy Hải Phòng", "date": "2022-12-30" });
    recorded(&node, "change-structure", "admin", &json!({ "document": document, "changes": [created] })).await;
    granted(&node, "ward", &json!(ward), "office").await;
    let ward = ward.to_string();
    let fields = [
        ("key", "018f0000-0000-7000-8000-00000000f031"),
        ("unit", ward.as_str()),
        ("kind", "party_cell_grassroots"),
        ("host_kind", "private_enterprise"),
        ("basis", "new"),
        ("members", "5"),
        ("document.number", "8041"),
        ("document.symbol", "QĐ/ĐU"),
        ("document.issuer", "Đảng ủy phường Thử"),
        ("document.date", "2022-12-30"),
    ];
    let browser = Browser::new(&node, "ward");
    let step = async |browser: &Browser, step| {
        browser.post("/forms/found-organisation", &[&fields[..], &[("step", step)]].concat()).await
    };
    let preview = step(&browser, "preview").await;
    let receipt = step(&browser, "confirm").await;
    assert_eq!(receipt.status, 303, "{}", receipt.text);
    caught_up(&node).await;
    let receipt = browser.get(&receipt.location).await;
    for page in [&preview, &receipt] {
        check(
            page,
            &["Tính vào số liệu của Quận ủy Lê Chân", "đơn vị bạn không được xem số đó"],
            &["4/3", "5/3", "class=\"move\""],
        );
        assert_eq!(page.status, 200);
    }
    // Its superior sees both.
    let tip = node.journal().tip().await.unwrap();
    let above = Browser::new(&node, "clerk").get(&format!("/records/{tip}")).await;
    check(&above, &["4/3 → <b>5/3</b>"], &["Tính vào số liệu của"]);
    let tally: Value = node.json("/v1/programmes/nq28/periods/2022/tallies", "ward").await;
    assert!(!tally.to_string().contains(lc.as_str().unwrap()), "{tally}");
    node.stop().await;
}
