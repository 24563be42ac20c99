//! Our journal behind its port: `journal::open` and `append`, as any application that is not this one would use it.

use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use bytes::Bytes;
use domain::{EventBody, Kind, Position, Record, StreamId};
use journal::{Options, READ_MAX, SharedJournal};
use peers_scheme::{Opening, Store, Uuid};

/// A founding as it is stored.
const STORED: &str = include_str!("../../../../data/events/v1/organisation-founded.hex");

fn main() -> Result<()> {
    peers_scheme::main(open)
}

async fn open(opening: Opening) -> Result<Arc<dyn Store>> {
    let journal = journal::open(&opening.place, Options::default()).await?;
    Ok(Arc::new(Ours { journal, record: as_posted()? }))
}

/// The record as an office causes it: without correlation, trace and exception.
fn as_posted() -> Result<Record> {
    let mut record = wire::decode(&hex::decode(STORED.split_whitespace().collect::<String>())?)?;
    if let EventBody::OrganisationFounded { exception, .. } = &mut record.events[0].body {
        *exception = None;
    }
    Ok(Record {
        correlation: None,
        causation: None,
        on_behalf_of: None,
        distinct_from: None,
        trace_parent: None,
        ..record
    })
}

struct Ours {
    journal: SharedJournal,
    record: Record,
}

#[async_trait]
impl Store for Ours {
    async fn append(&self, stream: Uuid, after: Option<u64>) -> Result<u64> {
        let stream = StreamId::new(Kind::Organisation, stream);
        // Encoded each time, as the peers encode their event each time.
        let body = Bytes::from(wire::encode(&self.record)?);
        Ok(self.journal.append(&stream, after.map(Position), body).await?.0)
    }

    async fn read_all(&self, _expected: u64) -> Result<u64> {
        let (mut read, mut after) = (0, Position::START);
        loop {
            let page = self.journal.read(after, READ_MAX, &[]).await?;
            for stored in &page {
                wire::decode(&stored.body)?;
            }
            read += u64::try_from(page.len())?;
            match page.last() {
                Some(last) if page.len() == READ_MAX => after = last.position,
                _ => return Ok(read),
            }
        }
    }

    fn durability(&self) -> String {
        self.journal.durability().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_some_400_bytes() {
        let bytes = wire::encode(&as_posted().unwrap()).unwrap().len();
        assert!((380..=420).contains(&bytes), "{bytes}");
    }
}
