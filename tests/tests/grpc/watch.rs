//! Watching tallies: what the server-sent events tell, under the same ids.

use serde_json::json;
use socai_tests::{Events, Node};
use tonic::Code;
use wire::proto::{
    ledger::v1::{FollowRequest, FollowResponse},
    tally::v1::{WatchTalliesRequest, WatchTalliesResponse, watch_tallies_response::Told as What},
};

use crate::{
    client::{Client, Told, caught_up, found, problem, visitor},
    json,
};

const WATCH: &str = "/socai.tally.v1.TallyService/WatchTallies";

fn after(last_id: &str) -> WatchTalliesRequest {
    WatchTalliesRequest { programme: "nq28".into(), period: "2022".into(), last_id: last_id.to_owned() }
}

async fn watch(client: &mut Client, last_id: &str) -> Told<WatchTalliesResponse> {
    client.open(WATCH, after(last_id)).await.unwrap()
}

/// The next message that is no heartbeat.
async fn news(told: &mut Told<WatchTalliesResponse>) -> WatchTalliesResponse {
    loop {
        let next = told.next().await;
        if !matches!(next.told, Some(What::Reached(_))) {
            return next;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_and_each_change_are_told_as_to_a_browser() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let mut browser = Events::open(&node, "clerk", None).await;
    let mut clerk = Client::new(&node, "clerk").await;
    let mut told = watch(&mut clerk, "").await;
    let (event, message) = (browser.next().await, news(&mut told).await);
    let Some(What::Snapshot(snapshot)) = message.told else { panic!("{message:?}") };
    assert_eq!((message.id, json::tallies(&snapshot)), (event.id, event.data));

    found(&node, "971").await;
    let (event, message) = (browser.next().await, news(&mut told).await);
    let Some(What::Cells(cells)) = message.told else { panic!("{message:?}") };
    assert_eq!((message.id, json::changed(&cells)), (event.id, event.data));
    drop((browser, told));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_again_misses_nothing_and_hears_nothing_twice() {
    let mut node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let mut told = watch(&mut Client::new(&node, "auditor").await, "").await;
    let last = told.next().await.id;
    drop(told);
    found(&node, "981").await;
    let posted = found(&node, "982").await;
    caught_up(&node).await;
    node.restart().await;
    caught_up(&node).await;

    let mut auditor = Client::new(&node, "auditor").await;
    let mut told = watch(&mut auditor, &last).await;
    let message = told.next().await;
    let Some(What::Cells(cells)) = message.told else { panic!("{message:?}") };
    assert_eq!((cells.from, cells.as_of.unwrap().known_position), (tip, posted));
    assert_eq!((cells.measures.len(), cells.measures[0].cells.len(), cells.measures[0].cells[0].actual), (1, 1, 6));

    let mut again = watch(&mut auditor, &message.id).await;
    assert!(matches!(again.next().await.told, Some(What::Reached(reached)) if reached.position == posted));
    // A browser goes on where this client was.
    let mut browser = Events::open(&node, "auditor", Some(&last)).await;
    assert_eq!((browser.next().await.id, message.id.contains(&format!("-{posted}-"))), (message.id, true));
    let mut anew = watch(&mut auditor, "nonsense").await;
    assert!(matches!(anew.next().await.told, Some(What::Snapshot(_))));

    let unknown = WatchTalliesRequest { period: "1999".into(), ..after("") };
    let status = auditor.open::<_, WatchTalliesResponse>(WATCH, unknown).await.err().unwrap();
    assert_eq!((status.code(), problem(&status)), (Code::NotFound, "/problems/not-found"));
    drop((told, again, browser, anew));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_ends_what_it_watches_and_follows() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let (token, access) = visitor(&node).await;
    let mut client = Client::stranger(&node).await.with_token(&token);
    let mut watches = watch(&mut client, "").await;
    let mut follows: Told<FollowResponse> =
        client.open("/socai.ledger.v1.LedgerService/Follow", FollowRequest::default()).await.unwrap();
    watches.next().await;
    follows.next().await;
    let revoked = node.post("revoke-access", "admin", &json!({ "access": access })).send().await.unwrap();
    assert_eq!(revoked.status(), 201);
    // At the next heartbeat, 15 s at most.
    for end in [watches.end().await, follows.end().await] {
        let status = end.unwrap();
        assert_eq!((status.code(), problem(&status)), (Code::Unauthenticated, "/problems/unauthenticated"));
    }
    node.stop().await;
}
