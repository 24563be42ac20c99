//! Bytes that people bring, as text. What is not UTF-8 is refused with its place; nothing is guessed.

use std::fmt;

use super::{Legacy, legacy};

/// How many bytes around the place are looked at, to say what it may be written in.
const LOOKED_AT: usize = 400;

/// Bytes that are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUtf8 {
    /// Of the first byte that cannot be read, from 0.
    pub offset: usize,
    /// Of the line that it is on, from 1.
    pub line: usize,
    /// What the bytes before and behind it look like.
    pub like: Option<Like>,
}

/// What bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Like {
    /// Two bytes a character, as older programs save "Unicode text".
    Utf16,
    Older(Legacy),
}

/// The text of bytes.
///
/// # Errors
/// [`NotUtf8`] names the first byte that cannot be read.
pub fn text_of(bytes: &[u8]) -> Result<&str, NotUtf8> {
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let line = bytes[..offset].iter().filter(|byte| **byte == b'\n').count() + 1;
        NotUtf8 { offset, line, like: like(bytes, offset) }
    })
}

fn like(bytes: &[u8], offset: usize) -> Option<Like> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Some(Like::Utf16);
    }
    let around = &bytes[offset.saturating_sub(LOOKED_AT)..bytes.len().min(offset + LOOKED_AT)];
    let shown: String = around.iter().copied().map(char::from).collect();
    legacy(&shown).map(Like::Older)
}

impl NotUtf8 {
    /// What is wrong and what to do.
    pub fn vi(&self) -> String {
        let Self { offset, line, like } = self;
        let like = match like {
            Some(Like::Utf16) => ", có vẻ là UTF-16".to_owned(),
            Some(Like::Older(older)) => format!(", có vẻ là {}", older.vi()),
            None => String::new(),
        };
        format!(
            "byte {offset} (dòng {line}) không phải UTF-8{like}: chuyển sang Unicode (UniKey Toolkit, Ctrl+Shift+F6), lưu lại dạng UTF-8 rồi gửi lại"
        )
    }
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, line, like } = self;
        write!(f, "byte {offset} (line {line}) is not UTF-8")?;
        match like {
            Some(Like::Utf16) => f.write_str(", it looks like UTF-16")?,
            Some(Like::Older(older)) => write!(f, ", it looks like {}", older.en())?,
            None => {}
        }
        f.write_str(": convert it to Unicode (UniKey Toolkit, Ctrl+Shift+F6), save it as UTF-8 and try again")
    }
}

impl std::error::Error for NotUtf8 {}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        text_of(bytes).unwrap_err().to_string()
    }

    #[test]
    fn the_first_byte_that_cannot_be_read_is_named_with_its_line_and_what_it_looks_like() {
        assert_eq!(text_of("Hải Phòng".as_bytes()), Ok("Hải Phòng"));
        let tcvn3 = b"H\xb6i Ph\xdfng";
        let not_utf8 = NotUtf8 { offset: 7, line: 2, like: Some(Like::Older(Legacy::Tcvn3)) };
        assert_eq!(text_of(&[b"47/42\nH", &tcvn3[1..]].concat()), Err(not_utf8));
        assert_eq!(
            told(tcvn3),
            "byte 1 (line 1) is not UTF-8, it looks like TCVN3 (ABC, fonts .Vn…): \
             convert it to Unicode (UniKey Toolkit, Ctrl+Shift+F6), save it as UTF-8 and try again"
        );
        assert!(told(b"Ha\xfbi Pho\xf8ng").contains("looks like VNI"));
        assert!(told(b"\xff\xfeH\0").contains("looks like UTF-16"));
        assert!(told(b"abc\xb5\xfe").starts_with("byte 3 (line 1) is not UTF-8: convert"));
    }
}
