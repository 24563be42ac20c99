//! What facts have in common, kept once: a fact in the columns is a shape, a day, a position and a stream.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash};

use crate::{Countable, Kind, OfWhich, UnitId};

/// What a tally asks of a fact, but for its day. Its place is not among it: places would multiply the shapes and slow every scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    pub(super) countable: Countable,
    pub(super) unit: UnitId,
    /// Signed.
    pub(super) n: i64,
    /// Code in [`Shapes`]; 0 is "nothing stated".
    pub(super) of_which: u32,
}

/// What many shapes share, by its codes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared {
    /// In [`Shapes::units`].
    pub(super) unit: u32,
    /// In [`Shapes::countables`].
    pub(super) countable: u32,
}

type Codes<K> = QuickMap<K, u32>;

/// A map by [`WordHasher`].
pub(super) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// A dictionary of shapes, and of the values that they share. A code is the number of the first appearance.
#[derive(Clone, Debug)]
pub(super) struct Shapes {
    shapes: Vec<Shape>,
    shape_codes: Codes<Shape>,
    /// By code of the shape.
    shared: Vec<Shared>,
    units: Vec<UnitId>,
    unit_codes: Codes<UnitId>,
    countables: Vec<Countable>,
    countable_codes: Codes<Countable>,
    of_which: Vec<OfWhich>,
    of_which_codes: Codes<OfWhich>,
    places: Vec<Option<String>>,
    place_codes: Codes<String>,
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            shapes: Vec::new(),
            shape_codes: Codes::default(),
            shared: Vec::new(),
            units: Vec::new(),
            unit_codes: Codes::default(),
            countables: Vec::new(),
            countable_codes: Codes::default(),
            of_which: vec![OfWhich::new()],
            of_which_codes: Codes::default(),
            places: vec![None],
            place_codes: Codes::default(),
        }
    }
}

impl Shapes {
    pub(super) fn len(&self) -> usize {
        self.shapes.len()
    }

    pub(super) fn all(&self) -> &[Shape] {
        &self.shapes
    }

    pub(super) fn shape(&self, code: u32) -> &Shape {
        &self.shapes[code as usize]
    }

    /// By code of the shape.
    pub(super) fn shared(&self) -> &[Shared] {
        &self.shared
    }

    /// By code.
    pub(super) fn units(&self) -> &[UnitId] {
        &self.units
    }

    /// By code.
    pub(super) fn countables(&self) -> &[Countable] {
        &self.countables
    }

    pub(super) fn of_which(&self, code: u32) -> &OfWhich {
        &self.of_which[code as usize]
    }

    /// By code.
    pub(super) fn all_of_which(&self) -> &[OfWhich] {
        &self.of_which
    }

    /// 0 is "no place".
    pub(super) fn place(&self, code: u32) -> Option<&str> {
        self.places[code as usize].as_deref()
    }

    /// By code.
    pub(super) fn places(&self) -> &[Option<String>] {
        &self.places
    }

    pub(super) fn intern(&mut self, shape: Shape) -> u32 {
        let code = intern(&mut self.shape_codes, &shape, &mut self.shapes, |shape| *shape);
        if code as usize == self.shared.len() {
            self.shared.push(Shared {
                unit: intern(&mut self.unit_codes, &shape.unit, &mut self.units, |unit| *unit),
                countable: intern(&mut self.countable_codes, &shape.countable, &mut self.countables, |of| *of),
            });
        }
        code
    }

    pub(super) fn intern_of_which(&mut self, of_which: &OfWhich) -> u32 {
        if of_which.is_empty() {
            return 0;
        }
        intern(&mut self.of_which_codes, of_which, &mut self.of_which, Clone::clone)
    }

    pub(super) fn intern_place(&mut self, place: Option<&str>) -> u32 {
        let Some(place) = place.filter(|place| !place.is_empty()) else { return 0 };
        if let Some(code) = self.place_codes.get(place) {
            return *code;
        }
        let code = next_code(&self.places);
        self.places.push(Some(place.to_owned()));
        self.place_codes.insert(place.to_owned(), code);
        code
    }
}

fn intern<K: Hash + Eq + Clone>(codes: &mut Codes<K>, key: &K, values: &mut Vec<K>, copy: impl Fn(&K) -> K) -> u32 {
    if let Some(code) = codes.get(key) {
        return *code;
    }
    let code = next_code(values);
    values.push(copy(key));
    codes.insert(key.clone(), code);
    code
}

#[expect(clippy::cast_possible_truncation, reason = "a dictionary of 4 G entries does not fit in memory")]
fn next_code<T>(values: &[T]) -> u32 {
    values.len() as u32
}

/// Multiply and rotate: the keys are our own ids and small numbers, and a lookup is most of a fold's work.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WordHasher(u64);

impl WordHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl std::hash::Hasher for WordHasher {
    fn finish(&self) -> u64 {
        // The table takes its place from the low bits, which a multiplication mixes least.
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.add(n.into());
    }

    fn write_u32(&mut self, n: u32) {
        self.add(n.into());
    }

    fn write_u64(&mut self, n: u64) {
        self.add(n);
    }

    #[expect(clippy::cast_possible_truncation, reason = "both halves")]
    fn write_u128(&mut self, n: u128) {
        self.add(n as u64);
        self.add((n >> 64) as u64);
    }

    fn write_usize(&mut self, n: usize) {
        self.add(n as u64);
    }

    #[expect(clippy::cast_sign_loss, reason = "bits, not a number")]
    fn write_i64(&mut self, n: i64) {
        self.add(n as u64);
    }

    #[expect(clippy::cast_sign_loss, reason = "bits, not a number")]
    fn write_isize(&mut self, n: isize) {
        self.add(n as u64);
    }
}

/// Some bits of a stream's hash.
#[expect(clippy::cast_possible_truncation, reason = "the low bits are mixed with the high ones")]
pub(super) fn hash_of(stream: &[u8; 16]) -> u32 {
    let mut hasher = WordHasher::default();
    std::hash::Hasher::write(&mut hasher, stream);
    std::hash::Hasher::finish(&hasher) as u32
}
