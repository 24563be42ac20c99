//! A ledger that was sealed here: every page says so at its head, and nothing looks live or ready to be sent.

use std::time::Duration;

use serde_json::json;
use socai_tests::{Events, Node};

use crate::support::{Browser, caught_up, recorded, text_of};

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_sealed_ledger_says_where_it_goes_on_and_none_offers_to_record() {
    let mut node = Node::demonstration().await;
    caught_up(&node).await;
    let browsers = || (Browser::new(&node, "leader"), Browser::new(&node, "clerk"));
    let (leader, clerk) = browsers();
    let before = leader.get("/").await.text;
    assert!(
        before.contains("data-changes=") && before.contains("số liệu chưa chốt") && !before.contains("id=\"rests\"")
    );

    recorded(&node, "seal-ledger", "admin", &json!({ "successor": "https://so-cai.example" })).await;
    let sealed_at = caught_up(&node).await;
    let told = format!("Sổ ở đây đã khóa ở vị trí {sealed_at}. Nay được ghi tiếp ở: https://so-cai.example.");
    let stranger = Browser::stranger(&node).get("/sign-in").await;
    assert!(text_of(&stranger.text).contains(&told), "{}", stranger.text);
    let check = async |leader: &Browser, clerk: &Browser| {
        for path in
            ["/", "/?lens=restated", "/organisations", "/trail", "/committees", "/queries", "/publications", "/docs"]
        {
            let page = leader.get(path).await;
            assert!(text_of(&page.text).contains(&told), "{path}: {}", page.text);
            assert!(!page.text.contains("data-changes=") && !page.text.contains("số liệu chưa chốt"), "{path}");
        }
        for path in ["/forms", "/today", "/forms/found-organisation"] {
            let page = clerk.get(path).await;
            assert!(text_of(&page.text).contains(&told), "{path}: {}", page.text);
            assert!(page.text.contains("<a href=\"https://so-cai.example\">"), "{path}");
        }
        let form = clerk.get("/forms/found-organisation").await.text;
        assert!(!form.contains("value=\"preview\"") && form.contains("Biểu mẫu này không gửi được ở đây"), "{form}");
    };
    check(&leader, &clerk).await;
    // Also after a start, which finds it sealed.
    node.restart().await;
    let (leader, clerk) = (Browser::new(&node, "leader"), Browser::new(&node, "clerk"));
    check(&leader, &clerk).await;
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_open_before_is_told_at_the_next_heartbeat() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let mut events = Events::open(&node, "leader", None).await;
    recorded(&node, "seal-ledger", "admin", &json!({ "successor": "elsewhere" })).await;
    let told = async {
        loop {
            let event = events.any().await.expect("the stream goes on");
            if event.name == "position" && event.data["rests"] == true {
                break;
            }
        }
    };
    // 15 s at most, and what a busy machine needs.
    tokio::time::timeout(Duration::from_secs(40), told).await.expect("a heartbeat says so");
    node.stop().await;
}
