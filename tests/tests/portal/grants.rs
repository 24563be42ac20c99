//! Who was granted access: for auditors and administrators, each of the own unit and those under it.

use serde_json::{Value, json};
use socai_tests::{Node, unit};

use crate::support::{caught_up, granted, recorded};

async fn grants(node: &Node, token: &str, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = json!(0);
    while !after.is_null() {
        let page = node.json(&format!("/v1/grants?limit=2&after={after}{query}"), token).await;
        all.extend(page["grants"].as_array().unwrap().clone());
        after = page["next_after"].clone();
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_finds_who_has_access_under_the_own_unit_and_takes_it_back() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let (own, sister) = (unit("Quận ủy Lê Chân"), unit("Quận ủy Hồng Bàng"));
    granted(&node, "own-admin", &own, "admin").await;
    granted(&node, "own-viewer", &own, "viewer").await;
    granted(&node, "sister-admin", &sister, "admin").await;
    let before = node.journal().tip().await.unwrap().0;

    let seen = grants(&node, "own-admin", "").await;
    assert!(
        seen.iter().any(|grant| grant["office"] == own) && !seen.iter().any(|grant| grant["office"] == sister),
        "{seen:?}"
    );
    let viewer = seen.iter().find(|grant| grant["role"] == "viewer").unwrap();
    assert!(viewer["revoked"].is_null() && viewer["position"].as_u64().unwrap() < before, "{viewer}");
    assert!(!grants(&node, "sister-admin", "").await.iter().any(|grant| grant["office"] == own));
    let all = grants(&node, "auditor", "").await;
    for office in [&own, &sister] {
        assert!(all.iter().any(|grant| grant["office"] == *office), "{all:?}");
    }
    assert!(!all.iter().any(|grant| grant.to_string().contains("token")), "nobody sees a token, or what is made of it");
    for token in ["clerk", "supervisor", "own-viewer"] {
        assert_eq!(node.get("/v1/grants", token).send().await.unwrap().status(), 403, "{token}");
    }

    recorded(&node, "revoke-access", "own-admin", &json!({ "access": viewer["access"] })).await;
    let revoked = |grants: Vec<Value>| {
        grants.into_iter().find(|grant| grant["access"] == viewer["access"]).unwrap()["revoked"].clone()
    };
    assert_eq!(revoked(grants(&node, "own-admin", "").await), json!(before + 1));
    assert_eq!(revoked(grants(&node, "own-admin", &format!("&known={before}")).await), Value::Null);
    node.stop().await;
}
