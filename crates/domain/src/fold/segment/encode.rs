//! Facts of a segment → bytes.

use std::{collections::HashMap, ops::Range};

use super::{super::columns::Partition, MEMBER_BIT};
use crate::{Countable, Countee, Kind};

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

/// Appends the facts at these places of a segment to a header.
pub(super) fn encode(partition: &Partition, segment: u64, at: Range<usize>, mut out: Vec<u8>) -> Vec<u8> {
    let chunk = &partition.chunks[usize::try_from(segment).unwrap_or(usize::MAX)];
    let (mut shapes, mut units, mut places, mut of_whiches) = (Seen::new(), Seen::new(), Seen::new(), Seen::new());
    let codes: Vec<u64> = chunk.shape[at.clone()].iter().map(|code| shapes.code(*code)).collect();
    let place_codes: Vec<u64> = chunk.place[at.clone()].iter().map(|code| places.code(*code)).collect();
    let mut table = Vec::new();
    put(&mut table, shapes.0.len() as u64);
    for code in &shapes.0 {
        let shape = partition.shapes.shape(*code);
        put_countable(&mut table, shape.kind, shape.countable);
        put(&mut table, units.code(shape.unit));
        put(&mut table, zigzag(shape.n));
        put(&mut table, of_whiches.code(shape.of_which));
    }

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
    for code in codes.iter().chain(&place_codes) {
        // A segment has no more shapes or places than facts.
        out.extend_from_slice(&u16::try_from(*code).unwrap_or(u16::MAX).to_le_bytes());
    }
    chunk.day[at.clone()].iter().for_each(|day| out.extend_from_slice(&day.to_le_bytes()));
    let mut before = 0;
    for position in &chunk.position[at.clone()] {
        put(&mut out, position.wrapping_sub(before));
        before = *position;
    }
    chunk.stream[at].iter().for_each(|stream| out.extend_from_slice(stream));
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

#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
pub(super) fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}
