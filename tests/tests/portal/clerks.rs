//! Forms speak to clerks: of fields, ticks and digits, of days as they are written, and of units that have ended.

use socai::demonstration::Demonstration;
use socai_tests::{Node, unit};

use crate::support::{Browser, caught_up, founding, recorded, text_of};

/// What only programs know.
const TECHNICAL: [&str; 8] =
    ["distinct_from", "Idempotency", "on_behalf_of", "late: true", "YYYY", "sai kiểu", "Chỗ `/", "với cùng khóa"];

fn typed<'a>(key: &'a str, unit: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("key", key),
        ("step", "confirm"),
        ("unit", unit),
        ("kind", "party_cell_grassroots"),
        ("host_kind", "private_enterprise"),
        ("basis", "new"),
        ("members", "5"),
        ("document.number", "9101"),
        ("document.symbol", "QĐ/QU"),
        ("document.issuer", "Quận ủy Lê Chân"),
        ("document.date", "2022-12-30"),
    ];
    for (name, value) in changed {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    fields
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_in_a_clerks_words() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let mut same_paper = founding("9102");
    same_paper["document"]["line"] = 1.into();
    recorded(&node, "found-organisation", "clerk", &same_paper).await;
    let (clerk, unit) = (Browser::new(&node, "clerk"), unit("Quận ủy Lê Chân"));
    let (unit, used) = (unit.as_str().unwrap(), "018f0000-0000-7000-8000-00000000f0a1");
    let recorded = clerk.post("/forms/found-organisation", &typed(used, unit, &[])).await;
    assert_eq!(recorded.status, 303, "{}", recorded.text);
    let fresh = "018f0000-0000-7000-8000-00000000f0a2";
    let (day, digits) = ("dd/mm/yyyy", "viết bằng chữ số");
    for (key, changed, status, said) in [
        (fresh, ("document.date", "28-8-2025"), 400, day),
        (fresh, ("document.date", "2022-02-30"), 400, day),
        (fresh, ("members", "năm"), 400, digits),
        (fresh, ("document.line", "một"), 400, digits),
        (fresh, ("kind", "no_such_kind"), 400, "Có mục chưa đúng"),
        (fresh, ("document.number", "9101"), 409, "đánh dấu ô “đây là việc khác”"),
        (fresh, ("distinct_from", "1"), 422, "đây là việc khác"),
        (used, ("members", "6"), 422, "Biểu mẫu này đã ghi một nội dung khác"),
        (fresh, ("unit", "c128ba3c-c1d6-575d-8db1-0f8ed3d59a07"), 403, "chọn đơn vị đó trong biểu mẫu"),
    ] {
        let mut fields = typed(key, unit, &[("document.number", "9103")]);
        if key == used {
            fields = typed(key, unit, &[]);
        }
        fields.retain(|(name, _)| *name != changed.0);
        fields.push(changed);
        let page = clerk.post("/forms/found-organisation", &fields).await;
        let text = text_of(&page.text);
        assert_eq!(page.status, status, "{changed:?}: {text}");
        assert!(text.contains(said), "{changed:?}: {text}");
        let named: Vec<_> = TECHNICAL.iter().filter(|word| text.contains(**word)).collect();
        assert!(named.is_empty(), "{changed:?}: {named:?} in {text}");
        let english = clerk.post("/forms/found-organisation?lang=en", &fields).await;
        let english = text_of(&english.text);
        let named: Vec<_> = TECHNICAL.iter().filter(|word| english.contains(**word)).collect();
        assert!(
            named.is_empty() && !english.contains("At `/") && !english.contains("invalid type"),
            "{changed:?}: {english}"
        );
    }
    let explained = clerk.get("/problems/looks-recorded-already").await;
    assert!(
        explained.text.contains("Trên biểu mẫu: ") && explained.text.contains("distinct_from"),
        "{}",
        explained.text
    );
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_has_ended_can_be_chosen_with_its_last_day() {
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    let tip = caught_up(&node).await;
    let ended = unit("Liên đoàn Lao động quận Lê Chân");
    let ended = ended.as_str().unwrap();
    let federation = Browser::new(&node, "union-clerk");
    let form = federation.get("/forms/recognise-union").await;
    let (here, group) = form.text.split_once("<optgroup label=\"đã kết thúc\">").expect("a group of ended units");
    let option = format!("<option value=\"{ended}\">Liên đoàn Lao động quận Lê Chân (đến hết ngày ");
    assert!(!here.contains(ended) && group.split("</optgroup>").next().unwrap().contains(&option), "{}", form.text);
    let day = group.split_once(&option).unwrap().1.split(')').next().unwrap();
    let told = node.json(&format!("/v1/committees/{ended}/lineage"), "auditor").await;
    let first_without: domain::LocalDate = told["ended_on"].as_str().unwrap().parse().unwrap();
    assert_eq!(day, first_without.yesterday().printed_vi());
    // Of others nothing can be chosen, ended or not.
    let ward = Browser::new(&node, "clerk").get("/forms/found-organisation").await;
    assert!(ward.status == 200 && !ward.text.contains(ended), "{}", ward.text);

    let key = uuid::Uuid::now_v7().to_string();
    let late = [("kind", "grassroots_union"), ("members", "25"), ("late", "true")];
    let recorded = federation.post("/forms/recognise-union", &typed(&key, ended, &late)).await;
    assert_eq!((recorded.status, recorded.location), (303, format!("/receipts/{}", tip + 1)), "{}", recorded.text);
    let record = node.json(&format!("/v1/records/{}", tip + 1), "union-clerk").await;
    assert_eq!(record["on_behalf_of"], ended);
    node.stop().await;
}
