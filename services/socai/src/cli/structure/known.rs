//! The units of a node, folded here from its records: what a list is read against, and decided by before it is sent.

use anyhow::Context;
use domain::{Event, Position, Reference};
use serde::Deserialize;

use crate::cli::{client::Client, exit::Failure};

/// The ledger and its structure, as recorded up to a position or by now.
pub(in crate::cli) async fn reference(client: &Client, until: Option<Position>) -> Result<Reference, Failure> {
    let (mut reference, mut after) = (Reference::default(), Position::START);
    loop {
        let query = [("kind", "ledger,structure".to_owned()), ("after", after.to_string())];
        let page = client.json(client.get("/v1/records").query(&query)).await?;
        let page: Page = serde_json::from_value(page).context("the node's records of units cannot be read")?;
        for record in page.records.into_iter().filter(|record| until.is_none_or(|until| record.position <= until)) {
            record.events.into_iter().for_each(|event| reference.apply(record.position, &event));
        }
        if page.next_after >= page.tip {
            return Ok(reference);
        }
        after = page.next_after;
    }
}

#[derive(Deserialize)]
struct Page {
    records: Vec<Recorded>,
    next_after: Position,
    tip: Position,
}

#[derive(Deserialize)]
struct Recorded {
    position: Position,
    /// One that this program does not know is of a later version, and then nothing is imported by it.
    events: Vec<Event>,
}
