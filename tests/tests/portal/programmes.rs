//! Two programmes in one ledger: the pages keep the one that is looked at, and lead to the other.

use serde_json::{Value, json};
use socai_tests::Node;

use crate::support::{Browser, caught_up, recorded, text_of};

/// The key of the other stands before that of the demonstration's.
const OTHER: &str = "a1";

async fn begun() -> Node {
    let node = Node::demonstration().await;
    let city = socai_tests::unit("Thành ủy Hải Phòng");
    let document = json!({ "number": "77", "symbol": "NQ/TU", "issuer": "Thành ủy Hải Phòng", "date": "2022-12-01" });
    let programme = json!({
        "programme": OTHER, "name_vi": "Chương trình thứ hai", "name_en": "The second programme", "issuer": city,
        "host_kinds": ["cooperative"], "document": document,
        "measures": [{
            "measure": "cooperative_cell", "name_vi": "Chi bộ hợp tác xã", "name_en": "Cells in cooperatives", "noun_vi": "chi bộ",
            "from": "2022-01-01", "by": "founded", "flow": "gross", "organisation_kinds": ["party_cell_grassroots"],
            "host_kinds": ["cooperative"]
        }]
    });
    recorded(&node, "establish-programme", "admin", &programme).await;
    for (n, year) in ["2021", "2022"].into_iter().enumerate() {
        recorded(&node, "open-period", "admin", &period(&city, n, year)).await;
    }
    caught_up(&node).await;
    node
}

fn period(city: &Value, n: usize, year: &str) -> Value {
    json!({
        "programme": OTHER, "period": year, "first_day": format!("{year}-01-01"), "last_day": format!("{year}-12-31"),
        "principals": { "cooperative_cell": city },
        "document": { "number": format!("78{n}"), "symbol": "KH/TU", "issuer": "Thành ủy Hải Phòng", "date": "2022-12-02" }
    })
}

/// The addresses of the page that lead to the results.
fn results_links(page: &str) -> Vec<&str> {
    page.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.starts_with("/?"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_and_form_of_the_results_keeps_the_programme_and_one_chooses_another() {
    let node = begun().await;
    let leader = Browser::new(&node, "leader");
    for lens in ["", "&lens=as-known", "&lens=restated"] {
        for (programme, name) in [("nq28", "Nghị quyết 28-NQ/TU"), (OTHER, "Chương trình thứ hai")] {
            let page = leader.get(&format!("/?programme={programme}&period=2022{lens}&valid=2022-12-31")).await;
            assert_eq!(page.status, 200, "{}", page.text);
            assert!(page.text.contains(&format!("<p class=\"soft\">{name}")), "{programme}{lens}");
            let chosen = format!("<option value=\"{programme}\" selected>{name}");
            assert!(page.text.contains("<select id=\"programme\" name=\"programme\">") && page.text.contains(&chosen));
            let links = results_links(&page.text);
            // The link to the other language is the address itself.
            let strays: Vec<_> =
                links.iter().filter(|link| !link.contains(&format!("programme={programme}"))).collect();
            assert!(links.len() > 1 && strays.is_empty(), "{strays:?}");
        }
    }
    let number = format!("/records/nq28/2022/party_org/{}", socai_tests::unit("Quận ủy Lê Chân").as_str().unwrap());
    assert_eq!(results_links(&leader.get(&number).await.text)[0], "/?programme=nq28&amp;period=2022");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_chooses_another_programme_in_the_form_gets_its_usual_period_where_it_has_not_this_one() {
    let node = begun().await;
    let leader = Browser::new(&node, "leader");
    // As the form of the programme with 2021 sends it when the other is chosen.
    let sent = |shown: &str, programme: &str, period: &str| {
        format!("/?shown={shown}&programme={programme}&period={period}&valid=&known=")
    };
    let page = leader.get(&sent(OTHER, "nq28", "2021")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(
        page.text.contains("<p class=\"soft\">Nghị quyết 28-NQ/TU")
            && page.text.contains("<option selected>2022</option>")
    );
    let page = leader.get(&sent("nq28", OTHER, "2022")).await;
    assert!(
        page.text.contains("<p class=\"soft\">Chương trình thứ hai")
            && page.text.contains("<option selected>2022</option>")
    );
    // A period that was asked for of this very programme is another matter.
    assert_eq!(leader.get(&sent("nq28", "nq28", "2021")).await.status, 404);
    // Without a programme: the one that has the period, and today's, of which there is none, is that of the review.
    assert!(leader.get("/?period=2021").await.text.contains("<p class=\"soft\">Chương trình thứ hai"));
    assert!(leader.get("/?period=2023").await.text.contains("<p class=\"soft\">Nghị quyết 28-NQ/TU"));
    assert!(leader.get("/").await.text.contains("<p class=\"soft\">Nghị quyết 28-NQ/TU"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_in_an_address_is_told_with_what_may_be_written() {
    let node = Node::demonstration().await;
    let leader = Browser::new(&node, "leader");
    let number =
        format!("/records/nq28/2022/party_org/{}?valid=x", socai_tests::unit("Quận ủy Lê Chân").as_str().unwrap());
    for (address, told) in [
        ("/?known=15/08/2025", "một vị trí, thời điểm RFC 3339, hoặc closing-1"),
        ("/?valid=15/08/2025", "viết YYYY-MM-DD"),
        ("/?since=15/08/2025", "viết YYYY-MM-DD"),
        ("/?lens=restated&to=soon", "viết YYYY-MM-DD"),
        ("/committees?valid=15/08/2025", "viết YYYY-MM-DD"),
        ("/trail?from=15/08/2025", "viết YYYY-MM-DD"),
        ("/trail?actor=7", "một mã UUID"),
        (&number, "viết YYYY-MM-DD"),
    ] {
        let page = leader.get(address).await;
        assert_eq!(page.status, 400, "{address}");
        assert!(text_of(&page.text).contains(told), "{address}: {}", text_of(&page.text));
    }
}
