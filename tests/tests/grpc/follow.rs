//! Following the ledger: its own bytes, past and present, and no more than HTTP shows.

use std::collections::BTreeSet;

use domain::{Kind, Position};
use socai_tests::Node;
use tonic::Code;
use wire::proto::{
    ledger::v1::{FollowRequest, FollowResponse, FollowedRecord, follow_response::Followed},
    record::v1::StreamKind,
};

use crate::client::{Client, Told, caught_up, found, problem};

const FOLLOW: &str = "/socai.ledger.v1.LedgerService/Follow";

async fn follow(client: &mut Client, request: FollowRequest) -> Told<FollowResponse> {
    client.open(FOLLOW, request).await.unwrap()
}

/// What comes until everything up to a position has been looked at, and whether the last of it was progress alone.
async fn up_to(told: &mut Told<FollowResponse>, position: u64) -> (Vec<FollowedRecord>, bool) {
    let mut records: Vec<FollowedRecord> = Vec::new();
    loop {
        match told.next().await.followed.unwrap() {
            Followed::Record(record) => {
                let last = record.position;
                assert!(records.last().is_none_or(|before| before.position < last));
                records.push(record);
                if last >= position {
                    return (records, false);
                }
            }
            Followed::UpTo(seen) if seen >= position => return (records, true),
            Followed::UpTo(_) => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_gets_the_bytes_of_the_journal_from_the_past_into_the_present() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let mut auditor = Client::new(&node, "auditor").await;
    let mut told = follow(&mut auditor, FollowRequest::default()).await;
    let (mut records, _) = up_to(&mut told, tip).await;
    let posted = found(&node, "951").await;
    records.extend(up_to(&mut told, posted).await.0);

    let stored = node.journal().read(Position::START, 8_192, &[]).await.unwrap();
    assert_eq!(records.len(), stored.len());
    for (record, stored) in records.iter().zip(&stored) {
        assert_eq!((record.position, &record.body), (stored.position.0, &stored.body));
        assert_eq!(record.stream_id.as_ref(), stored.stream.id.as_bytes());
        assert_eq!(wire::kind_from_number(record.stream_kind), Some(stored.stream.kind));
        assert_eq!(record.decoded, None);
    }

    let mut later = follow(&mut auditor, FollowRequest { after: tip, decode: true, ..FollowRequest::default() }).await;
    let (records, _) = up_to(&mut later, posted).await;
    let decoded = records[0].decoded.as_ref().unwrap();
    assert_eq!((records.len(), records[0].position), (1, posted));
    assert_eq!((decoded.command_name.as_str(), decoded.events.len()), ("found-organisation", 1));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filtered_follower_learns_how_far_it_has_seen() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let mut auditor = Client::new(&node, "auditor").await;
    let request = FollowRequest { kinds: vec![StreamKind::Programme.into()], ..FollowRequest::default() };
    let mut told = follow(&mut auditor, request).await;
    let (records, progress) = up_to(&mut told, tip).await;
    let stored = node.journal().read(Position::START, 100, &[Kind::Programme]).await.unwrap();
    let positions = |records: &[FollowedRecord]| records.iter().map(|record| record.position).collect::<Vec<_>>();
    assert_eq!(positions(&records), stored.iter().map(|stored| stored.position.0).collect::<Vec<_>>());
    assert!(progress && !records.is_empty());

    let posted = found(&node, "961").await;
    assert_eq!(up_to(&mut told, posted).await, (vec![], true));

    for (request, code, kind) in [
        (
            FollowRequest { after: posted + 9, ..FollowRequest::default() },
            Code::OutOfRange,
            "/problems/position-unknown",
        ),
        (
            FollowRequest { kinds: vec![0], ..FollowRequest::default() },
            Code::InvalidArgument,
            "/problems/invalid-query",
        ),
    ] {
        let status = auditor.open::<_, FollowResponse>(FOLLOW, request).await.err().unwrap();
        assert_eq!((status.code(), problem(&status)), (code, kind));
    }
    let status = Client::stranger(&node).await.open::<_, FollowResponse>(FOLLOW, FollowRequest::default()).await;
    assert_eq!(status.err().unwrap().code(), Code::Unauthenticated);
    drop(told);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_follows_what_it_may_see_and_passes_over_the_rest() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let mut clerk = Client::new(&node, "clerk").await;
    let mut told = follow(&mut clerk, FollowRequest::default()).await;
    let (records, _) = up_to(&mut told, tip).await;
    let followed: BTreeSet<_> = records.iter().map(|record| record.position).collect();
    assert!(followed.len() < usize::try_from(tip).unwrap());

    let mut shown = BTreeSet::new();
    let mut after = 0;
    while after < tip {
        let page = node.json(&format!("/v1/records?limit=1000&after={after}"), "clerk").await;
        shown.extend(page["records"].as_array().unwrap().iter().filter_map(|record| record["position"].as_u64()));
        after = page["next_after"].as_u64().unwrap();
    }
    assert_eq!(followed, shown);
    // Grants of access are seen from the root only.
    let request = FollowRequest { kinds: vec![StreamKind::Access.into()], ..FollowRequest::default() };
    assert_eq!(up_to(&mut follow(&mut clerk, request).await, tip).await.0, []);
    drop(told);
    node.stop().await;
}
