//! Two units of one name, as a province has many: whoever chooses or reads can tell them apart, and no other name is longer for it.

use serde_json::json;
use socai_tests::Node;

use crate::support::{Browser, caught_up, recorded, text_of};

const NAME: &str = "Đảng bộ xã Hòa Bình";
/// By the numbers of their ids: each under another district committee.
const WITH_CODE: &str = "018f0000-0000-7000-8000-00000000aa01";
const WITHOUT: &str = "018f0000-0000-7000-8000-00000000aa02";

async fn begun() -> Node {
    let node = Node::demonstration().await;
    let created = |unit: &str, above: &str| {
        json!({ "create_unit": {
            "unit": unit, "kind": "commune", "name": NAME, "from": "2022-01-04", "display_order": 900, "led_by": socai_tests::unit(above)
        } })
    };
    let mut first = created(WITH_CODE, "Quận ủy Lê Chân");
    first["create_unit"]["code"] = json!("HB-1");
    let change = json!({
        "document": { "number": "990", "symbol": "QĐ/TU", "issuer": "Thành ủy Hải Phòng", "date": "2022-01-04" },
        "changes": [first, created(WITHOUT, "Quận ủy Ngô Quyền")]
    });
    recorded(&node, "change-structure", "admin", &change).await;
    caught_up(&node).await;
    node
}

#[tokio::test(flavor = "multi_thread")]
async fn units_of_one_name_are_told_apart_in_choices_and_in_tables_of_figures() {
    let node = begun().await;
    let supervisor = Browser::new(&node, "supervisor");
    let form = supervisor.get("/forms/assign-target").await.text;
    for (id, label) in [(WITH_CODE, "Đảng bộ xã Hòa Bình (HB-1)"), (WITHOUT, "Đảng bộ xã Hòa Bình (Quận ủy Ngô Quyền)")]
    {
        assert!(form.contains(&format!("<option value=\"{id}\">{label}</option>")), "{form}");
    }
    assert!(form.contains(">Quận ủy Lê Chân</option>"), "a name that one unit has stands alone");
    let trail = supervisor.get("/trail").await.text;
    assert!(trail.contains("Đảng bộ xã Hòa Bình (HB-1)") && trail.contains(">Quận ủy Lê Chân<"), "{trail}");

    let city = socai_tests::unit("Thành ủy Hải Phòng");
    let typed = [
        ("key", "018f0000-0000-7000-8000-00000000f0f1"),
        ("programme", "nq28"),
        ("period", "2023"),
        ("measure", "party_org"),
        ("holder", WITHOUT),
        ("assigner", city.as_str().unwrap()),
        ("value.shape", "exactly"),
        ("value.n", "3"),
        ("document.number", "991"),
        ("document.symbol", "QĐ/TU"),
        ("document.issuer", "Thành ủy Hải Phòng"),
        ("document.date", "2023-01-01"),
        ("step", "preview"),
    ];
    let preview = supervisor.post("/forms/assign-target", &typed).await;
    assert_eq!(preview.status, 200, "{}", text_of(&preview.text));
    let row = "<th scope=\"row\">Đảng bộ xã Hòa Bình (Quận ủy Ngô Quyền)</th>";
    assert!(preview.text.contains(row), "{}", preview.text);
    let mut typed = typed;
    typed[typed.len() - 1] = ("step", "confirm");
    let recorded = supervisor.post("/forms/assign-target", &typed).await;
    assert_eq!(recorded.status, 303, "{}", text_of(&recorded.text));
    caught_up(&node).await;
    let receipt = supervisor.get(&recorded.location).await.text;
    assert!(receipt.contains(row), "{receipt}");
}
