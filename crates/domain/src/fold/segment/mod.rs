//! A sealed segment as bytes: 4096 facts, canonical, never changed, so that a rebuild gives the same bytes; and the tail behind the last one.
//!
//! Layout, all numbers LEB128 unless said otherwise: `F1`, year, segment number; the units (16 bytes each), places (length, UTF-8) and
//! "of which" values (length, then trait and count) of the segment, then its shapes (kind, what, countee, host kind, basis, unit, n zigzag,
//! of which), each list led by its length and in the order of first appearance; then the columns: shape, place and day as little-endian
//! u16, positions as differences, streams as 16 bytes.

mod decode;
mod encode;

use self::{
    decode::{Read, Reader, decode},
    encode::{encode, put},
};
use super::{Facts, PartitionYear, columns::SEGMENT_FACTS};
use crate::Position;

const MAGIC: &[u8; 2] = b"F1";
/// Of a tail: facts that no sealed segment holds yet. The segment's number is followed by the first fact's place in it and the number
/// of facts; the rest is as in a segment.
const TAIL_MAGIC: &[u8; 2] = b"T1";
/// Added to a membership's number, so that one number names either countee.
const MEMBER_BIT: u64 = 1 << 16;
const DAYS_MAX: usize = 366;

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
        (segment < partition.sealed() as u64).then(|| {
            let mut out = MAGIC.to_vec();
            put(&mut out, u64::from(year.unsigned_abs()));
            put(&mut out, segment);
            encode(partition, segment, 0..SEGMENT_FACTS, out)
        })
    }

    /// The facts of a year from number `from` to the end of its segment, sealed or not; `None` when there are none.
    pub fn encode_tail(&self, year: PartitionYear, from: u64) -> Option<Vec<u8>> {
        let partition = self.partitions.get(&year)?;
        let (segment, offset) = (from / SEGMENT_FACTS as u64, usize::try_from(from % SEGMENT_FACTS as u64).ok()?);
        let end = partition.chunks.get(usize::try_from(segment).ok()?)?.len();
        (offset < end).then(|| {
            let mut out = TAIL_MAGIC.to_vec();
            put(&mut out, u64::from(year.unsigned_abs()));
            put(&mut out, segment);
            put(&mut out, offset as u64);
            put(&mut out, (end - offset) as u64);
            encode(partition, segment, offset..end, out)
        })
    }

    /// Takes a sealed segment back; segments of a year come in order, before its tails. Its first facts may be there already.
    ///
    /// # Errors
    /// When it is not the next, or the bytes are not what [`Facts::encode_segment`] gives. Then nothing changes.
    pub fn load_segment(&mut self, year: PartitionYear, segment: u64, bytes: &[u8]) -> Result<(), SegmentError> {
        self.load(year, bytes, segment, |reader| {
            if reader.take(2)? != MAGIC {
                return Err("it is no segment of this version");
            }
            if reader.number()? != u64::from(year.unsigned_abs()) || reader.number()? != segment {
                return Err("it is another segment");
            }
            Ok(Extent { segment, offset: 0, len: SEGMENT_FACTS })
        })
    }

    /// Takes a tail back, as far as its facts are not there already.
    ///
    /// # Errors
    /// When it does not follow, or the bytes are not what [`Facts::encode_tail`] gives. Then nothing changes.
    pub fn load_tail(&mut self, year: PartitionYear, bytes: &[u8]) -> Result<(), SegmentError> {
        self.load(year, bytes, self.sealed_segments(year), |reader| {
            if reader.take(2)? != TAIL_MAGIC || reader.number()? != u64::from(year.unsigned_abs()) {
                return Err("it is no tail of this year and version");
            }
            let within = |n: u64| usize::try_from(n).ok().filter(|n| *n <= SEGMENT_FACTS).ok_or("it is too long");
            let segment = reader.number()?;
            Ok(Extent { segment, offset: within(reader.number()?)?, len: within(reader.number()?)? })
        })
    }

    /// `segment` is the one looked for, for the error's sake.
    fn load(
        &mut self,
        year: PartitionYear,
        bytes: &[u8],
        segment: u64,
        header: impl FnOnce(&mut Reader<'_>) -> Read<Extent>,
    ) -> Result<(), SegmentError> {
        let loaded = self.len(year);
        let mut reader = Reader { bytes, at: 0 };
        let damaged = |at, what| SegmentError::Damaged { year, segment, at, what };
        let extent = header(&mut reader).map_err(|what| damaged(reader.at, what))?;
        let Some(known) = extent.known(loaded) else {
            return Err(SegmentError::OutOfOrder { year, segment, loaded });
        };
        let mut columns = decode(&mut reader, year, extent.len).map_err(|what| damaged(reader.at, what))?;
        let last = columns.facts.last().map(|entry| Position(entry.position));
        columns.facts.drain(..known);
        let added = columns.facts.len();
        self.partition(columns.first).take(columns);
        self.added(year, added);
        if let Some(last) = last {
            self.advance(last);
        }
        Ok(())
    }
}

/// Which facts of a year some bytes hold.
struct Extent {
    segment: u64,
    /// Of the first fact within the segment.
    offset: usize,
    len: usize,
}

impl Extent {
    /// How many of them are there when `loaded` facts of the year are; `None` when none would be new, or some between are missing.
    fn known(&self, loaded: u64) -> Option<usize> {
        let first = self.segment.checked_mul(SEGMENT_FACTS as u64)?.checked_add(self.offset as u64)?;
        usize::try_from(loaded.checked_sub(first)?).ok().filter(|known| *known < self.len)
    }
}
