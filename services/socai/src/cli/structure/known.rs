//! The reference data of a node, folded here from its records: what a list is read against, and decided by before it is sent.

use anyhow::Context;
use domain::{
    AllocationName, Edge, Event, EventBody, Extent, LocalDate, Passing, Position, Reference, SuccessionKind, UnitId,
    UnitKind,
};
use serde::Deserialize;

use crate::cli::{client::Client, exit::Failure};

/// The ledger and its structure, as recorded by now.
pub(super) async fn reference(client: &Client) -> Result<Reference, Failure> {
    let (mut reference, mut after) = (Reference::default(), Position::START);
    loop {
        let query = [("kind", "ledger,structure".to_owned()), ("after", after.to_string())];
        let page = client.json(client.get("/v1/records").query(&query)).await?;
        let page: Page = serde_json::from_value(page).context("the node's records of units cannot be read")?;
        for record in page.records {
            record.events.into_iter().for_each(|event| reference.apply(record.position, &event.into()));
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
    events: Vec<Happened>,
}

#[derive(Deserialize)]
struct Happened {
    effective_on: LocalDate,
    body: Body,
}

/// The events of the two kinds of stream. Another one is of a later version, and then nothing is imported by this program.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    LedgerOpened {
        name: String,
        zone: String,
        demonstration: bool,
    },
    LedgerSealed {
        successor: String,
    },
    UnitCreated {
        unit: UnitId,
        kind: UnitKind,
        name: String,
        code: Option<String>,
        display_order: u32,
    },
    UnitRenamed {
        unit: UnitId,
        name: String,
    },
    UnitCodeAssigned {
        unit: UnitId,
        code: Option<String>,
    },
    UnitReclassified {
        unit: UnitId,
        kind: UnitKind,
    },
    UnitParentSet {
        unit: UnitId,
        edge: Edge,
        parent: Option<UnitId>,
    },
    UnitEnded {
        unit: UnitId,
    },
    UnitSucceeded {
        unit: UnitId,
        successor: UnitId,
        how: SuccessionKind,
        extent: Extent,
        #[serde(default)]
        of: Passing,
    },
    SuccessorWeighed {
        unit: UnitId,
        successor: UnitId,
        key: AllocationName,
        weight: u32,
    },
}

impl From<Happened> for Event {
    fn from(Happened { effective_on, body }: Happened) -> Self {
        let body = match body {
            Body::LedgerOpened { name, zone, demonstration } => EventBody::LedgerOpened { name, zone, demonstration },
            Body::LedgerSealed { successor } => EventBody::LedgerSealed { successor },
            Body::UnitCreated { unit, kind, name, code, display_order } => {
                EventBody::UnitCreated { unit, kind, name, code, display_order }
            }
            Body::UnitRenamed { unit, name } => EventBody::UnitRenamed { unit, name },
            Body::UnitCodeAssigned { unit, code } => EventBody::UnitCodeAssigned { unit, code },
            Body::UnitReclassified { unit, kind } => EventBody::UnitReclassified { unit, kind },
            Body::UnitParentSet { unit, edge, parent } => EventBody::UnitParentSet { unit, edge, parent },
            Body::UnitEnded { unit } => EventBody::UnitEnded { unit },
            Body::UnitSucceeded { unit, successor, how, extent, of } => {
                EventBody::UnitSucceeded { unit, successor, how, extent, of }
            }
            Body::SuccessorWeighed { unit, successor, key, weight } => {
                EventBody::SuccessorWeighed { unit, successor, key, weight }
            }
        };
        Self { effective_on, body }
    }
}
