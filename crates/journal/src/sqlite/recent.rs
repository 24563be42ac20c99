//! The newest records, in memory, so that followers at the tip do not go to the file for each of them.

use std::collections::VecDeque;

use domain::{Kind, Position};
use parking_lot::RwLock;

use crate::Stored;

const RECENT_MAX_RECORDS: usize = 8_192;
const RECENT_MAX_BYTES: usize = 8 << 20;

/// A window of consecutive records that ends at the tip.
pub(super) struct Recent(RwLock<Window>);

struct Window {
    records: VecDeque<Stored>,
    bytes: usize,
    tip: Position,
}

impl Recent {
    /// An empty window: what comes will follow `tip`.
    pub(super) fn after(tip: Position) -> Self {
        Self(RwLock::new(Window { records: VecDeque::new(), bytes: 0, tip }))
    }

    /// Takes records that are committed, in position order.
    pub(super) fn push(&self, committed: impl IntoIterator<Item = Stored>) {
        let mut window = self.0.write();
        for stored in committed {
            window.tip = stored.position;
            window.bytes += stored.body.len();
            window.records.push_back(stored);
        }
        while window.records.len() > RECENT_MAX_RECORDS || window.bytes > RECENT_MAX_BYTES {
            let Some(oldest) = window.records.pop_front() else { break };
            window.bytes -= oldest.body.len();
        }
    }

    /// What `Journal::read` answers, or `None` when the answer begins before the window.
    pub(super) fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Option<Vec<Stored>> {
        let window = self.0.read();
        let newer = usize::try_from(window.tip.0.saturating_sub(after.0)).ok()?;
        let skipped = window.records.len().checked_sub(newer)?;
        let newer = window.records.range(skipped..);
        let of_kinds = newer.filter(|stored| kinds.is_empty() || kinds.contains(&stored.stream.kind));
        Some(of_kinds.take(limit).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use domain::StreamId;

    use super::*;

    fn record(position: u64) -> Stored {
        let stream = StreamId::of_key(Kind::Target, "x");
        Stored { position: Position(position), stream, body: Bytes::from_static(&[7; 1024]) }
    }

    #[test]
    fn a_window_answers_from_its_beginning_to_the_tip_and_not_before() {
        let recent = Recent::after(Position(10));
        recent.push((11..=14).map(record));
        assert_eq!(recent.read(Position(9), 9, &[]), None);
        let positions = |after, limit| -> Vec<u64> {
            recent.read(Position(after), limit, &[]).unwrap().iter().map(|stored| stored.position.0).collect()
        };
        assert_eq!(positions(10, 9), [11, 12, 13, 14]);
        assert_eq!(positions(12, 1), [13]);
        assert_eq!(positions(14, 9), [0; 0]);
        assert_eq!(positions(99, 9), [0; 0]);
    }

    #[test]
    fn a_window_is_bounded_in_records_and_in_bytes() {
        let recent = Recent::after(Position::START);
        recent.push((1..=20_000).map(record));
        assert_eq!(recent.0.read().records.len(), RECENT_MAX_RECORDS);
        assert_eq!(recent.0.read().bytes, RECENT_MAX_BYTES);
    }
}
