//! Protobuf in one form only: fields ascending, defaults left out, varints minimal, lists packed. What is read is therefore what would be written.
//!
//! Written here rather than generated because a body's form is law, and because it reads four times as fast
//! (`docs/decisions/0011-one-form-of-bytes.md`). The generated types are the second opinion in the tests.

mod reader;
mod writer;

pub(crate) use reader::Reader;
pub(crate) use writer::Writer;

const VARINT: u8 = 0;
const DELIMITED: u8 = 2;

/// A field's number and wire type in front of it: one byte up to number 15, two up to 2,047.
#[derive(Clone, Copy)]
struct Tag {
    bytes: [u8; 2],
    length: usize,
}

impl Tag {
    #[expect(clippy::cast_possible_truncation, reason = "seven bits, and four that are left of eleven")]
    const fn new(number: u32, wire_type: u8) -> Self {
        assert!(number >= 1 && number <= 2_047, "two bytes hold numbers from 1 to 2,047");
        let tag = (number << 3) | wire_type as u32;
        if number <= 15 {
            Self { bytes: [tag as u8, 0], length: 1 }
        } else {
            Self { bytes: [(tag & 0x7f) as u8 | 0x80, (tag >> 7) as u8], length: 2 }
        }
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}
