//! Pages: readable by everybody, small, and honest about what is invented.

use serde_json::json;
use socai_tests::{Node, unit};

use crate::support::{Browser, caught_up, recorded, text_of};

const PAGES: &[&str] = &[
    "/",
    "/?period=2023",
    "/?known=500",
    "/forms",
    "/today",
    "/organisations",
    "/trail",
    "/committees",
    "/queries",
    "/records/1",
    "/records/2",
    "/records/1000",
    "/docs",
    "/problems",
    "/problems/too-few-members",
];
const PAGE_MAX_BYTES: usize = 100_000;

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_small_needs_no_script_and_says_that_it_is_a_demonstration() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let browser = Browser::new(&node, "auditor");
    for path in PAGES {
        for lang in ["vi", "en"] {
            let path = format!("{path}{}lang={lang}", if path.contains('?') { '&' } else { '?' });
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text);
            assert!(page.text.len() < PAGE_MAX_BYTES, "{path} has {} bytes", page.text.len());
            assert!(page.text.contains("SỐ LIỆU MINH HỌA"), "{path}");
            assert!(page.text.contains(&format!("<html lang=\"{lang}\">")), "{path}");
            assert!(!page.text.contains("style=") && !page.text.contains("onclick"), "{path}");
        }
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_wrong_is_answered_by_a_page_that_says_so() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let browser = Browser::new(&node, "auditor");
    for (path, status, says) in [
        ("/records/abc", 404, "Địa chỉ không đúng"),
        ("/receipts/abc", 404, "Địa chỉ không đúng"),
        ("/publications/foo", 404, "Địa chỉ không đúng"),
        ("/publications?after=zzz", 400, "Tham số trên địa chỉ không đọc được"),
        ("/queries?after=zzz", 400, "Tham số trên địa chỉ không đọc được"),
        ("/nope", 404, "Không có gì ở địa chỉ này"),
        ("/nope?lang=en", 404, "There is nothing at this address"),
        ("/?programme=zzz", 404, "Không có chương trình `zzz`"),
        ("/?programme=Z!", 404, "Không có `Z!`"),
        ("/?period=1999", 404, "chưa mở kỳ `1999`"),
        ("/?lens=foo", 400, "`restated` (theo đơn vị của ngày khác)"),
        ("/trail?from=2022-12-31&to=2022-01-01", 400, "ngày 2022-01-01 trước ngày `from` (2022-12-31)"),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, status, "{path}: {}", page.text);
        let text = page.text.replace("&#60;", "<").replace("&#34;", "\"");
        assert!(text.contains("<html lang=") && text.contains(says), "{path}: {text}");
    }
    for (path, kind, body, status, says) in [
        ("/sign-in", "application/json", "{}".to_owned(), 415, "chỉ nhận biểu mẫu"),
        ("/forms/found-organisation", "application/json", "{}".to_owned(), 415, "chỉ nhận biểu mẫu"),
        ("/sign-in", "application/x-www-form-urlencoded", format!("token={}", "x".repeat(3 << 20)), 413, "quá lớn"),
    ] {
        let post = node.http.post(format!("{}{path}", node.url)).header("content-type", kind).body(body);
        let cookie = format!("socai_token={}", node.token("clerk"));
        // A body that is too large is answered before it is read, and its connection ends: nobody asks on it again.
        let post = post.header("cookie", cookie).header("accept", "text/html").header("connection", "close");
        let answer = post.send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
            (status, "text/html; charset=utf-8"),
            "{path}"
        );
        assert!(answer.text().await.unwrap().contains(says), "{path}");
    }
    // A program asks for no page.
    let answer = node.get("/nope", "auditor").send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    for path in ["/v1/trail?from=2022-12-31&to=2022-01-01", "/v1/trail?to=2022-01-01&from=2022-01-02"] {
        assert_eq!(node.get(path, "auditor").send().await.unwrap().status(), 400, "{path}");
    }
    node.json("/v1/trail?from=2022-01-01&to=2022-01-01", "auditor").await;
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_front_page_tells_the_five_results_in_words() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let page = Browser::new(&node, "auditor").get("/").await.text;
    let text = text_of(&page);
    for wanted in
        ["47/42", "174/141", "48/41", "449/350", "1.071/444", "111,9 %", "123,4 %", "117,1 %", "128,3 %", "241,2 %"]
    {
        assert!(text.contains(wanted), "{wanted}");
    }
    for wanted in [
        "16/16 hoàn thành, trong đó 4 vượt",
        "ngoài kế hoạch 14, tổng số 188",
        "chủ doanh nghiệp tư nhân: 6",
        "số liệu chưa chốt",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_with_a_token_signs_in_and_a_stranger_is_sent_to_sign_in() {
    let node = Node::demonstration().await;
    let stranger = Browser::stranger(&node);
    let sent = stranger.get("/trail?from=2022-01-01").await;
    assert_eq!((sent.status, sent.location.as_str()), (303, "/sign-in?next=/trail%3Ffrom%3D2022-01-01"));
    let entered = stranger.get(&format!("/sign-in?token={}", node.token("clerk"))).await;
    assert_eq!((entered.status, entered.location.as_str()), (303, "/"));
    let wrong = stranger.post("/sign-in", &[("token", "socai_x"), ("next", "/")]).await;
    assert_eq!(wrong.status, 401);
    let refused = stranger.post_from("cross-site", "/sign-in", &[("token", "socai_x")]).await;
    assert_eq!(refused.status, 403);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_of_the_front_page_leads_somewhere_for_every_office() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    for token in ["auditor", "clerk", "union-clerk", "youth-clerk", "supervisor", "leader"] {
        let browser = Browser::new(&node, token);
        let page = browser.get("/").await.text;
        let links: Vec<_> = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.iter().any(|link| link.starts_with("/records/nq28/2022/")), "{token}");
        // One of each kind is enough of the hundred numbers.
        for link in links.iter().filter(|link| link.starts_with('/')).step_by(7) {
            let found = browser.get(&link.replace("&amp;", "&")).await;
            assert_eq!(found.status, 200, "{token}: {link}");
        }
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_percentage_of_a_sum_with_a_range_says_of_what_it_is() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let paper = json!({ "number": "88", "symbol": "QĐ/TU", "issuer": "Thành ủy Hải Phòng", "date": "2023-01-02" });
    let range = json!({ "programme": "nq28", "period": "2023", "measure": "party_org", "holder": unit("Quận ủy Lê Chân"),
        "assigner": unit("Thành ủy Hải Phòng"), "value": { "between": { "from": 3, "to": 6 } }, "document": paper });
    let labelled = async |lang: &str, says: &str| {
        let page = Browser::new(&node, "leader").get(&format!("/?period=2023&lang={lang}")).await;
        text_of(&page.text).matches(says).count()
    };
    let (vi, en) = ("% của cận dưới", "% of the lower end");
    let before = labelled("vi", vi).await;
    recorded(&node, "adjust-target", "supervisor", &range).await;
    caught_up(&node).await;
    assert_eq!((labelled("vi", vi).await, labelled("en", en).await), (before + 1, before + 1));
    node.stop().await;
}
