//! A sealed segment as bytes: 4096 facts, canonical, never changed. A rebuild gives the same bytes.
//!
//! Layout, all numbers LEB128 unless said otherwise: `F1`, year, segment number; the units (16 bytes each), places (length, UTF-8) and
//! "of which" values (length, then trait and count) of the segment, then its shapes (kind, what, countee, host kind, basis, unit, n zigzag,
//! of which, place), each list led by its length and in the order of first appearance; then the columns: shape and day as little-endian
//! u16, positions as differences, streams as 16 bytes.

mod decode;
mod encode;

use self::{
    decode::{Reader, decode},
    encode::encode,
};
use super::{Facts, PartitionYear, columns::SEGMENT_FACTS};

const MAGIC: &[u8; 2] = b"F1";
/// Added to a membership's number, so that one number names either countee.
const MEMBER_BIT: u64 = 1 << 16;
const DAYS_MAX: u16 = 366;

/// Why bytes are not the segment asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    #[error("segment {segment} of {year} cannot follow {loaded} facts")]
    OutOfOrder { year: PartitionYear, segment: u64, loaded: u64 },
    #[error("segment {segment} of {year} is damaged at byte {at}: {what}")]
    Damaged { year: PartitionYear, segment: u64, at: usize, what: &'static str },
}

impl Facts {
    /// The bytes of sealed segment `segment` of a year; `None` while it is not full.
    pub fn encode_segment(&self, year: PartitionYear, segment: u64) -> Option<Vec<u8>> {
        let partition = self.partitions.get(&year)?;
        (segment < partition.sealed() as u64).then(|| encode(partition, year, segment))
    }

    /// Takes a sealed segment back; segments of a year come in order, before its rows.
    ///
    /// # Errors
    /// When it is not the next, or the bytes are not what [`Facts::encode_segment`] gives. Then nothing changes.
    pub fn load_segment(&mut self, year: PartitionYear, segment: u64, bytes: &[u8]) -> Result<(), SegmentError> {
        let loaded = self.len(year);
        if segment.checked_mul(SEGMENT_FACTS as u64) != Some(loaded) {
            return Err(SegmentError::OutOfOrder { year, segment, loaded });
        }
        let mut reader = Reader { bytes, at: 0 };
        let columns = decode(&mut reader, year, segment).map_err(|what| SegmentError::Damaged {
            year,
            segment,
            at: reader.at,
            what,
        })?;
        let last = columns.facts.last().map(|fact| fact.2);
        self.partition(columns.first).take(columns);
        if let Some(last) = last {
            self.advance(last);
        }
        Ok(())
    }
}
