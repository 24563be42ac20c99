//! A form that is sent after the session has ended: what was typed waits in the sign-in page, and nothing of it stands in an address.

use socai_tests::Node;

use crate::support::{Browser, Page, caught_up};

const KEY: &str = "018f0000-0000-7000-8000-00000000f0e1";
const FORM: &str = "/forms/found-organisation";

/// What the page's form would send, without the token.
fn hidden(page: &Page) -> Vec<(String, String)> {
    let inputs = page.text.split("<input type=\"hidden\" name=\"").skip(1);
    let pair = |rest: &str| {
        let (name, rest) = rest.split_once("\" value=\"").unwrap();
        (name.to_owned(), rest.split_once('"').unwrap().0.to_owned())
    };
    inputs.map(pair).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_kept_over_signing_in_and_is_shown_again_before_it_is_recorded() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let typed = [
        ("key", KEY),
        ("unit", unit.as_str().unwrap()),
        ("kind", "party_cell_grassroots"),
        ("host_kind", "private_enterprise"),
        ("basis", "new"),
        ("members", "5"),
        ("place", ""),
        ("document.number", "961"),
        ("document.symbol", "QĐ/QU"),
        ("document.issuer", "Quận ủy Lê Chân"),
        ("document.date", "30/12/2022"),
        ("effective_on", ""),
        ("step", "confirm"),
    ];
    let nobody = Browser::bearing(&node, "socai_ended");
    let asked = nobody.post(FORM, &typed).await;
    assert_eq!((asked.status, asked.location.as_str()), (401, ""), "{}", asked.text);
    assert!(asked.text.contains(&format!("action=\"{FORM}\"")) && asked.text.contains("Những gì vừa nhập vẫn còn"));
    let carried = hidden(&asked);
    assert!(typed.iter().all(|(name, value)| carried.iter().any(|(n, v)| (n.as_str(), v.as_str()) == (*name, *value))));

    let with = |token: &str| {
        let mut fields = carried.clone();
        fields.push(("sign-in-token".to_owned(), token.to_owned()));
        fields
    };
    let send = async |fields: Vec<(String, String)>, site: &str| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        nobody.post_from(site, FORM, &fields).await
    };
    let wrong = send(with("socai_wrong"), "same-origin").await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text.contains("Mã không đúng") && !wrong.text.contains("socai_wrong"), "{}", wrong.text);
    assert_eq!(hidden(&wrong), carried, "also after a wrong token");
    let token = node.token("clerk");
    assert_eq!(send(with(&token), "cross-site").await.status, 403, "another site signs nobody in");

    let shown = send(with(&format!(" {token} ")), "same-origin").await;
    assert_eq!((shown.status, shown.location.as_str()), (200, ""), "{}", shown.text);
    assert!(shown.text.contains("4/3 → <b>5/3</b>") && shown.text.contains("961-QĐ/QU"), "{}", shown.text);
    assert!(shown.cookie.starts_with(&format!("socai_token={token};")) && shown.cookie.contains("HttpOnly"));
    assert!(!shown.text.contains(&token), "the token stands in no page");
    assert_eq!(node.journal().tip().await.unwrap().0, tip, "signing in records nothing");

    let confirm: Vec<_> = hidden(&shown).into_iter().chain([("step".to_owned(), "confirm".to_owned())]).collect();
    let confirm: Vec<_> = confirm.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let recorded = Browser::new(&node, "clerk").post(FORM, &confirm).await;
    assert_eq!((recorded.status, recorded.location), (303, format!("/receipts/{}", tip + 1)));
    // Whoever has another role is told so, and nothing is recorded.
    let refused = send(with(&node.token("leader")), "same-origin").await;
    assert_eq!(refused.status, 403, "{}", refused.text);
}
