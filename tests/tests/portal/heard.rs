//! What somebody hears who does not see the page: each field with its hint and its error, what went wrong first, and which row a choice is of.

use std::collections::BTreeSet;

use socai_tests::Node;

use crate::support::{Browser, caught_up, text_of};

/// The values of an attribute, in their order.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let begin = format!(" {attribute}=\"");
    page.split(&begin).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hint_and_every_error_is_said_with_its_field() {
    let node = Node::demonstration().await;
    let (clerk, supervisor) = (Browser::new(&node, "clerk"), Browser::new(&node, "supervisor"));
    for (browser, form) in [(&clerk, "found-organisation"), (&clerk, "submit-report"), (&supervisor, "assign-target")] {
        let empty = browser.get(&format!("/forms/{form}")).await.text;
        let sent = browser.post(&format!("/forms/{form}"), &[("key", "018f0000-0000-7000-8000-00000000f0a1")]).await;
        assert_eq!(sent.status, 400, "{}", sent.text);
        for page in [&empty, &sent.text] {
            let ids: BTreeSet<_> = values(page, "id").into_iter().collect();
            let said: BTreeSet<_> =
                values(page, "aria-describedby").into_iter().flat_map(str::split_whitespace).collect();
            let lost: Vec<_> = said.difference(&ids).collect();
            assert!(lost.is_empty(), "{form}: {lost:?}");
            let unsaid: Vec<_> = ids.iter().filter(|id| id.ends_with("-hint") || id.ends_with("-wrong")).collect();
            let unsaid: Vec<_> = unsaid.into_iter().filter(|id| !said.contains(*id)).collect();
            assert!(unsaid.is_empty(), "{form}: {unsaid:?}");
        }
        assert!(values(&empty, "aria-describedby").iter().any(|ids| ids.ends_with("-hint")), "{form} has hints");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_error_the_title_says_so_and_the_list_above_the_form_leads_to_each_field() {
    let node = Node::demonstration().await;
    let supervisor = Browser::new(&node, "supervisor");
    let form = supervisor.get("/forms/assign-target").await.text;
    assert!(form.contains("<title>Giao chỉ tiêu · "), "{form}");
    let sent = supervisor.post("/forms/assign-target", &[("key", "018f0000-0000-7000-8000-00000000f0a2")]).await.text;
    assert!(sent.contains("<title>Có lỗi · Giao chỉ tiêu · ") && sent.contains("<h1>Giao chỉ tiêu</h1>"), "{sent}");
    let notice =
        sent.split_once("role=\"alert\" id=\"wrong\" tabindex=\"-1\" autofocus>").expect("the focus is there").1;
    let notice = notice.split_once("</div>").unwrap().0;
    let ids = values(&sent, "id");
    let links: Vec<_> = values(notice, "href").into_iter().filter_map(|href| href.strip_prefix('#')).collect();
    for field in ["holder", "value.n", "document.number"] {
        assert!(links.contains(&field), "{links:?}");
    }
    assert!(links.iter().all(|link| ids.contains(link)), "{links:?}");
    assert!(text_of(notice).contains("Đơn vị nhận: Cần điền mục này."), "{notice}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_of_a_list_names_its_own_choice() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let page = Browser::new(&node, "clerk").get("/organisations").await.text;
    let summaries = page.split("<summary aria-label=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let summaries: Vec<_> = summaries.collect();
    let different: BTreeSet<_> = summaries.iter().collect();
    assert!(summaries.len() > 1 && different.len() == summaries.len(), "{summaries:?}");
    // Whoever speaks to the page says what stands there.
    assert!(summaries.iter().all(|summary| summary.starts_with("chọn việc: ")), "{summaries:?}");
}
