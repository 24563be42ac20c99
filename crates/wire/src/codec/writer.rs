//! Writes fields in the order in which it is asked to; the tables ask in ascending order.

use super::{DELIMITED, Tag, VARINT};

/// The bytes of a message so far.
pub(crate) struct Writer {
    body: Vec<u8>,
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { body: Vec::with_capacity(bytes) }
    }

    pub(crate) fn into_body(self) -> Vec<u8> {
        self.body
    }

    pub(crate) fn varint(&mut self, number: u32, value: u64) {
        self.tag(number, VARINT);
        self.raw_varint(value);
    }

    pub(crate) fn bytes(&mut self, number: u32, value: &[u8]) {
        self.tag(number, DELIMITED);
        self.raw_varint(value.len() as u64);
        self.body.extend_from_slice(value);
    }

    /// A message within: what `fields` writes, with its length in front.
    pub(crate) fn message<E>(&mut self, number: u32, fields: impl FnOnce(&mut Self) -> Result<(), E>) -> Result<(), E> {
        self.tag(number, DELIMITED);
        let start = self.body.len();
        // Most lengths take one byte; a longer one moves what was written.
        self.body.push(0);
        fields(self)?;
        let mut length = self.body.len() - start - 1;
        let mut at = start;
        while length >= 0x80 {
            self.body[at] = low_bits(length as u64) | 0x80;
            length >>= 7;
            at += 1;
            self.body.insert(at, 0);
        }
        self.body[at] = low_bits(length as u64);
        Ok(())
    }

    /// A list of numbers in one field; an empty one is left out.
    pub(crate) fn packed(&mut self, number: u32, values: impl Iterator<Item = u64>) {
        let mut inner = Self::with_capacity(16);
        values.for_each(|value| inner.raw_varint(value));
        if !inner.body.is_empty() {
            self.bytes(number, &inner.body);
        }
    }

    fn tag(&mut self, number: u32, wire_type: u8) {
        self.body.extend_from_slice(Tag::new(number, wire_type).as_slice());
    }

    fn raw_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.body.push(low_bits(value) | 0x80);
            value >>= 7;
        }
        self.body.push(low_bits(value));
    }
}

const fn low_bits(value: u64) -> u8 {
    (value & 0x7f) as u8
}
