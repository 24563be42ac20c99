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
    assert!(recorded.location.starts_with(&format!("/receipts/{}?", tip + 1)), "{}", recorded.location);
    let twice = clerk.post(FORM, &typed).await;
    assert_eq!((twice.status, &twice.location), (303, &recorded.location));
    assert_eq!(node.journal().tip().await.unwrap().0, tip + 1);

    let receipt = clerk.get(&recorded.location).await;
    assert!(receipt.text.contains("4/3 → <b>5/3</b>") && receipt.text.contains("951-QĐ/QU"), "{}", receipt.text);
    let today = clerk.get("/today").await;
    assert!(today.text.contains(&format!("/records/{}", tip + 1)));
    node.stop().await;
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
