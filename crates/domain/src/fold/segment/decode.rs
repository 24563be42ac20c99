//! Bytes → facts of a segment. Every length and code is checked: bytes may be anybody's.

use uuid::Uuid;

use super::{
    super::{
        PartitionYear,
        columns::{Entry, Partition},
        shape::Shape,
    },
    DAYS_MAX, MEMBER_BIT,
};
use crate::{
    Basis, Countable, Countee, HostKind, Kind, LocalDate, Membership, OfWhich, OrganisationKind, Trait, UnitId, What,
};

/// A decoded segment, its facts still with the segment's own codes of shapes and places.
pub(super) struct Columns {
    pub(super) first: LocalDate,
    shapes: Vec<Shape>,
    places: Vec<String>,
    of_which: Vec<OfWhich>,
    pub(super) facts: Vec<Entry>,
}

impl Partition {
    pub(super) fn take(&mut self, columns: Columns) {
        let of_which: Vec<_> = columns.of_which.iter().map(|stated| self.shapes.intern_of_which(stated)).collect();
        let places: Vec<_> = columns.places.iter().map(|place| self.shapes.intern_place(Some(place))).collect();
        let known = |shape: Shape| Shape { of_which: of_which[shape.of_which as usize], ..shape };
        let shapes: Vec<_> = columns.shapes.into_iter().map(|shape| self.shapes.intern(known(shape))).collect();
        for entry in columns.facts {
            let (shape, place) = (shapes[entry.shape as usize], places[entry.place as usize]);
            self.append(Entry { shape, place, ..entry });
        }
    }
}

pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

pub(super) type Read<T> = Result<T, &'static str>;

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, len: usize) -> Read<&'a [u8]> {
        let taken = self.bytes.get(self.at..).and_then(|rest| rest.get(..len)).ok_or("it ends too early")?;
        self.at += len;
        Ok(taken)
    }

    pub(super) fn number(&mut self) -> Read<u64> {
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

    fn short_below(&mut self, limit: usize) -> Read<u16> {
        let bytes = self.take(2)?;
        let short = u16::from_le_bytes([bytes[0], bytes[1]]);
        if usize::from(short) < limit { Ok(short) } else { Err("a code or a day is out of range") }
    }

    fn list<T>(&mut self, len: usize, mut one: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        (0..len).map(|_| one(self)).collect()
    }
}

/// What follows a header: `facts` of them.
pub(super) fn decode(reader: &mut Reader<'_>, year: PartitionYear, facts: usize) -> Read<Columns> {
    let first = LocalDate::new(year, 1, 1).ok_or("there is no such year")?;
    let len = reader.length()?;
    let units = reader.list(len, |reader| reader.uuid().map(UnitId))?;
    let len = reader.length()?;
    let places = reader.list(len, place)?;
    let len = reader.length()?;
    let of_which = reader.list(len, of_which)?;
    let len = reader.length()?;
    let shapes = reader.list(len, |reader| shape(reader, &units, of_which.len()))?;

    let codes = reader.list(facts, |reader| reader.short_below(shapes.len()))?;
    let place_codes = reader.list(facts, |reader| reader.short_below(places.len()))?;
    let days = reader.list(facts, |reader| reader.short_below(DAYS_MAX))?;
    let mut at = 0_u64;
    let positions = reader.list(facts, |reader| {
        at = at.checked_add(reader.number()?).ok_or("a position is too large")?;
        Ok(at)
    })?;
    let streams = reader.list(facts, |reader| reader.uuid().map(Uuid::into_bytes))?;
    if reader.at != reader.bytes.len() {
        return Err("something follows it");
    }
    let entry = |fact: usize| Entry {
        shape: codes[fact].into(),
        day: days[fact],
        position: positions[fact],
        stream: streams[fact],
        place: place_codes[fact].into(),
    };
    let facts = (0..facts).map(entry).collect();
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

fn shape(reader: &mut Reader<'_>, units: &[UnitId], of_which: usize) -> Read<Shape> {
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

#[expect(clippy::cast_possible_wrap, reason = "zigzag is a mapping of bits")]
fn unzigzag(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}
