//! A sealed segment as bytes: 4096 facts, canonical, never changed. A rebuild gives the same bytes.
//!
//! Layout, all numbers LEB128 unless said otherwise: `F1`, year, segment number; the units (16 bytes each), places (length, UTF-8) and
//! "of which" values (length, then trait and count) of the segment, then its shapes (kind, what, countee, host kind, basis, unit, n zigzag,
//! of which, place), each list led by its length and in the order of first appearance; then the columns: shape and day as little-endian
//! u16, positions as differences, streams as 16 bytes.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    Facts, PartitionYear,
    columns::{Partition, SEGMENT_FACTS},
    shape::Shape,
};
use crate::{
    Basis, Countable, Countee, HostKind, Kind, LocalDate, Membership, OfWhich, OrganisationKind, Position, StreamId,
    Trait, UnitId, What,
};

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

/// First appearances, in order.
struct Seen<K>(Vec<K>, HashMap<K, u64>);

impl<K: Copy + Eq + std::hash::Hash> Seen<K> {
    fn new() -> Self {
        Self(Vec::new(), HashMap::new())
    }

    fn code(&mut self, key: K) -> u64 {
        let next = self.0.len() as u64;
        let code = *self.1.entry(key).or_insert(next);
        if code == next {
            self.0.push(key);
        }
        code
    }
}

fn encode(partition: &Partition, year: PartitionYear, segment: u64) -> Vec<u8> {
    let chunk = &partition.chunks[usize::try_from(segment).unwrap_or(usize::MAX)];
    let (mut shapes, mut units, mut places, mut of_whiches) = (Seen::new(), Seen::new(), Seen::new(), Seen::new());
    let codes: Vec<u64> = chunk.shape.iter().map(|code| shapes.code(*code)).collect();
    let mut table = Vec::new();
    put(&mut table, shapes.0.len() as u64);
    for code in &shapes.0 {
        let shape = partition.shapes.shape(*code);
        put_countable(&mut table, shape.kind, shape.countable);
        put(&mut table, units.code(shape.unit));
        put(&mut table, zigzag(shape.n));
        put(&mut table, of_whiches.code(shape.of_which));
        put(&mut table, places.code(shape.place));
    }

    let mut out = MAGIC.to_vec();
    put(&mut out, u64::from(year.unsigned_abs()));
    put(&mut out, segment);
    put(&mut out, units.0.len() as u64);
    for unit in &units.0 {
        out.extend_from_slice(unit.0.as_bytes());
    }
    put(&mut out, places.0.len() as u64);
    for place in &places.0 {
        let text = partition.shapes.place(*place).unwrap_or_default();
        put(&mut out, text.len() as u64);
        out.extend_from_slice(text.as_bytes());
    }
    put(&mut out, of_whiches.0.len() as u64);
    for code in &of_whiches.0 {
        let of_which = partition.shapes.of_which(*code);
        put(&mut out, of_which.len() as u64);
        for (of, n) in of_which {
            put(&mut out, word(of.number()));
            put(&mut out, u64::from(*n));
        }
    }
    out.extend(table);
    codes.iter().for_each(|code| out.extend_from_slice(&u16::try_from(*code).unwrap_or(u16::MAX).to_le_bytes()));
    chunk.day.iter().for_each(|day| out.extend_from_slice(&day.to_le_bytes()));
    let mut before = 0;
    for position in &chunk.position {
        put(&mut out, position - before);
        before = *position;
    }
    chunk.stream.iter().for_each(|stream| out.extend_from_slice(stream));
    out
}

fn put_countable(out: &mut Vec<u8>, kind: Kind, countable: Countable) {
    let kind = Kind::ALL.iter().position(|one| *one == kind).unwrap_or_default();
    put(out, kind as u64);
    put(out, word(countable.what.number()));
    put(
        out,
        match countable.of {
            Countee::Organisation(kind) => word(kind.number()),
            Countee::Member(membership) => word(membership.number()) | MEMBER_BIT,
        },
    );
    put(out, word(countable.host_kind.number()));
    put(out, word(countable.basis.number()));
}

fn word(number: i32) -> u64 {
    u64::from(number.unsigned_abs())
}

#[expect(clippy::cast_sign_loss, reason = "zigzag is a mapping of bits")]
fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

#[expect(clippy::cast_possible_wrap, reason = "zigzag is a mapping of bits")]
fn unzigzag(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// A decoded segment, its shapes still with the segment's own codes.
struct Columns {
    first: LocalDate,
    shapes: Vec<Shape>,
    places: Vec<String>,
    of_which: Vec<OfWhich>,
    /// Shape, day of the year, position, stream.
    facts: Vec<(u16, u16, Position, StreamId)>,
}

impl Partition {
    fn take(&mut self, columns: Columns) {
        let intern = |partition: &mut Self, shape: &Shape| {
            let place = &columns.places[shape.place as usize];
            let shape = Shape {
                of_which: partition.shapes.intern_of_which(&columns.of_which[shape.of_which as usize]),
                place: partition.shapes.intern_place((!place.is_empty()).then_some(place)),
                ..*shape
            };
            partition.shapes.intern(shape)
        };
        let codes: Vec<u32> = columns.shapes.iter().map(|shape| intern(self, shape)).collect();
        for (shape, day, position, stream) in columns.facts {
            self.append(codes[usize::from(shape)], day, position, stream);
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

type Read<T> = Result<T, &'static str>;

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Read<&'a [u8]> {
        let taken = self.bytes.get(self.at..).and_then(|rest| rest.get(..len)).ok_or("it ends too early")?;
        self.at += len;
        Ok(taken)
    }

    fn number(&mut self) -> Read<u64> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = u64::from(self.take(1)?[0]);
            n |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err("a number is too long")
    }

    /// The length of a list whose entries take at least a byte each.
    fn length(&mut self) -> Read<usize> {
        let n = usize::try_from(self.number()?).map_err(|_| "a list is too long")?;
        if n > self.bytes.len() { Err("a list is too long") } else { Ok(n) }
    }

    fn word<T>(&mut self, from: impl Fn(i32) -> Option<T>) -> Read<T> {
        i32::try_from(self.number()?).ok().and_then(from).ok_or("a word is unknown")
    }

    fn code(&mut self, len: usize) -> Read<u32> {
        let code = self.number()?;
        if code < len as u64 {
            u32::try_from(code).map_err(|_| "a code is too large")
        } else {
            Err("a code is unknown")
        }
    }

    fn uuid(&mut self) -> Read<Uuid> {
        Uuid::from_slice(self.take(16)?).map_err(|_| "an id is damaged")
    }

    fn short(&mut self) -> Read<u16> {
        let bytes = self.take(2)?;
        Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    fn list<T>(&mut self, len: usize, mut one: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        (0..len).map(|_| one(self)).collect()
    }
}

fn decode(reader: &mut Reader<'_>, year: PartitionYear, segment: u64) -> Read<Columns> {
    if reader.take(2)? != MAGIC {
        return Err("it is no segment of this version");
    }
    if reader.number()? != u64::from(year.unsigned_abs()) || reader.number()? != segment {
        return Err("it is another segment");
    }
    let first = LocalDate::new(year, 1, 1).ok_or("there is no such year")?;
    let len = reader.length()?;
    let units = reader.list(len, |reader| reader.uuid().map(UnitId))?;
    let len = reader.length()?;
    let places = reader.list(len, place)?;
    let len = reader.length()?;
    let of_which = reader.list(len, of_which)?;
    let len = reader.length()?;
    let shapes = reader.list(len, |reader| shape(reader, &units, of_which.len(), places.len()))?;

    let codes = reader.list(SEGMENT_FACTS, Reader::short)?;
    if codes.iter().any(|code| usize::from(*code) >= shapes.len()) {
        return Err("a shape is unknown");
    }
    let days = reader.list(SEGMENT_FACTS, Reader::short)?;
    if days.iter().any(|day| *day >= DAYS_MAX) {
        return Err("a day is not of the year");
    }
    let mut at = 0_u64;
    let positions = reader.list(SEGMENT_FACTS, |reader| {
        at = at.checked_add(reader.number()?).ok_or("a position is too large")?;
        Ok(Position(at))
    })?;
    let streams = reader.list(SEGMENT_FACTS, Reader::uuid)?;
    if reader.at != reader.bytes.len() {
        return Err("something follows it");
    }
    let stream = |code: u16, id| StreamId::new(shapes[usize::from(code)].kind, id);
    let facts = codes
        .into_iter()
        .zip(days)
        .zip(positions.into_iter().zip(streams))
        .map(|((code, day), (position, id))| (code, day, position, stream(code, id)))
        .collect();
    Ok(Columns { first, shapes, places, of_which, facts })
}

fn place(reader: &mut Reader<'_>) -> Read<String> {
    let len = reader.length()?;
    let text = std::str::from_utf8(reader.take(len)?).map_err(|_| "a place is not UTF-8")?;
    Ok(text.to_owned())
}

fn of_which(reader: &mut Reader<'_>) -> Read<OfWhich> {
    let len = reader.length()?;
    let pair = |reader: &mut Reader<'_>| -> Read<(Trait, u32)> {
        let of = reader.word(Trait::from_number)?;
        Ok((of, u32::try_from(reader.number()?).map_err(|_| "a count is too large")?))
    };
    Ok(reader.list(len, pair)?.into_iter().collect())
}

fn shape(reader: &mut Reader<'_>, units: &[UnitId], of_which: usize, places: usize) -> Read<Shape> {
    let kind = reader.code(Kind::ALL.len())?;
    let what = reader.word(What::from_number)?;
    let of = countee(reader.number()?).ok_or("a countee is unknown")?;
    let host_kind = reader.word(HostKind::from_number)?;
    let basis = reader.word(Basis::from_number)?;
    let unit = units[reader.code(units.len())? as usize];
    Ok(Shape {
        kind: Kind::ALL[kind as usize],
        countable: Countable { what, of, host_kind, basis },
        unit,
        n: unzigzag(reader.number()?),
        of_which: reader.code(of_which)?,
        place: reader.code(places)?,
    })
}

fn countee(number: u64) -> Option<Countee> {
    let word = i32::try_from(number & !MEMBER_BIT).ok()?;
    if number & MEMBER_BIT == 0 {
        OrganisationKind::from_number(word).map(Countee::Organisation)
    } else {
        Membership::from_number(word).map(Countee::Member)
    }
}
