//! Reads the fields that it is asked for, in ascending order. Whatever stands between or after them is left, and `finish` refuses it.

use super::{DELIMITED, Tag, VARINT};
use crate::DecodeError;

/// What is still to be read of a message.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    /// The message's name, for errors.
    within: &'static str,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(within: &'static str, body: &'a [u8]) -> Self {
        Self { rest: body, within }
    }

    /// The value of a varint field, if it comes next.
    #[inline]
    pub(crate) fn varint(&mut self, number: u32) -> Result<Option<u64>, DecodeError> {
        if self.tag(number, VARINT) { self.raw_varint().map(Some) } else { Ok(None) }
    }

    /// The value of a text, bytes or packed field, if it comes next.
    #[inline]
    pub(crate) fn bytes(&mut self, number: u32) -> Result<Option<&'a [u8]>, DecodeError> {
        if !self.tag(number, DELIMITED) {
            return Ok(None);
        }
        let length = usize::try_from(self.raw_varint()?).unwrap_or(usize::MAX);
        let (value, rest) = self.rest.split_at_checked(length).ok_or_else(|| self.cut_short())?;
        self.rest = rest;
        Ok(Some(value))
    }

    /// A message within, if it comes next.
    #[inline]
    pub(crate) fn message(&mut self, number: u32, within: &'static str) -> Result<Option<Self>, DecodeError> {
        Ok(self.bytes(number)?.map(|body| Reader::new(within, body)))
    }

    /// A list of numbers, if it comes next.
    pub(crate) fn packed(&mut self, number: u32) -> Result<Vec<u64>, DecodeError> {
        let Some(body) = self.bytes(number)? else { return Ok(Vec::new()) };
        if body.is_empty() {
            return Err(self.not_canonical());
        }
        let mut inner = Reader::new(self.within, body);
        let mut values = Vec::new();
        while !inner.rest.is_empty() {
            values.push(inner.raw_varint()?);
        }
        Ok(values)
    }

    /// Number of the field that comes next; `None` at the end.
    pub(crate) fn next_number(&self) -> Result<Option<u32>, DecodeError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = Reader { rest: self.rest, within: self.within }.raw_varint()?;
        Ok(Some(u32::try_from(tag >> 3).unwrap_or(u32::MAX)))
    }

    /// Everything was read.
    pub(crate) fn finish(&self) -> Result<(), DecodeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.not_canonical()) }
    }

    pub(crate) const fn not_canonical(&self) -> DecodeError {
        DecodeError::NotCanonical { within: self.within }
    }

    const fn cut_short(&self) -> DecodeError {
        DecodeError::Malformed { within: self.within, problem: "is cut short" }
    }

    #[inline]
    fn tag(&mut self, number: u32, wire_type: u8) -> bool {
        let tag = Tag::new(number, wire_type);
        let rest = match self.rest {
            [first, rest @ ..] if tag.length == 1 && *first == tag.bytes[0] => rest,
            [first, second, rest @ ..] if tag.length == 2 && [*first, *second] == tag.bytes => rest,
            _ => return false,
        };
        self.rest = rest;
        true
    }

    #[inline]
    fn raw_varint(&mut self) -> Result<u64, DecodeError> {
        match self.rest {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.rest = rest;
                Ok((*byte).into())
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0_u64;
        for (index, byte) in self.rest.iter().copied().enumerate() {
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit.
            if index > 9 || (index == 9 && bits > 1) {
                return Err(DecodeError::Malformed { within: self.within, problem: "holds a number of over 64 bits" });
            }
            value |= bits << (7 * index);
            if byte < 0x80 {
                if byte == 0 && index > 0 {
                    return Err(self.not_canonical());
                }
                self.rest = &self.rest[index + 1..];
                return Ok(value);
            }
        }
        Err(self.cut_short())
    }
}
