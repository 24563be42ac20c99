//! Lines out of a body that arrives in pieces. A last line without its newline is not a line.

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};

/// One line, without its newline.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Whole(Bytes),
    /// It exceeded the limit; the rest of it was passed over.
    TooLong,
    /// The body ended, or was cut, before its newline.
    Unfinished,
}

pub(crate) struct Lines<S> {
    body: S,
    buffer: BytesMut,
    /// Bytes at the beginning of `buffer` that hold no newline.
    scanned: usize,
    /// Newlines so far.
    passed: usize,
    max_bytes: usize,
    skipping: bool,
    ended: bool,
}

impl<S, E> Lines<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    pub(crate) fn new(body: S, max_bytes: usize) -> Self {
        Self { body, buffer: BytesMut::new(), scanned: 0, passed: 0, max_bytes, skipping: false, ended: false }
    }

    /// The next line with its number in the body, from 1; blank lines are passed over, and counted. Safe to drop while it waits.
    pub(crate) async fn next(&mut self) -> Option<(usize, Line)> {
        loop {
            if let Some(line) = self.take_line() {
                return Some(line);
            }
            if self.ended {
                return self.rest();
            }
            match self.body.next().await {
                Some(Ok(piece)) => self.buffer.extend_from_slice(&piece),
                Some(Err(_)) | None => self.ended = true,
            }
        }
    }

    /// The next line if it has arrived whole.
    pub(crate) fn ready(&mut self) -> Option<(usize, Line)> {
        self.take_line()
    }

    fn take_line(&mut self) -> Option<(usize, Line)> {
        while let Some(found) = memchr::memchr(b'\n', &self.buffer[self.scanned..]) {
            let mut line = self.buffer.split_to(self.scanned + found + 1);
            self.scanned = 0;
            self.passed += 1;
            line.truncate(line.len() - 1);
            if std::mem::take(&mut self.skipping) || line.len() > self.max_bytes {
                return Some((self.passed, Line::TooLong));
            }
            if !line.trim_ascii().is_empty() {
                return Some((self.passed, Line::Whole(line.freeze())));
            }
        }
        if self.buffer.len() > self.max_bytes {
            self.skipping = true;
            self.buffer.clear();
        }
        self.scanned = self.buffer.len();
        None
    }

    fn rest(&mut self) -> Option<(usize, Line)> {
        let unfinished = self.skipping || !self.buffer.trim_ascii().is_empty();
        self.skipping = false;
        self.buffer.clear();
        self.scanned = 0;
        unfinished.then_some((self.passed + 1, Line::Unfinished))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    async fn lines(pieces: &[&'static str]) -> Vec<(usize, Line)> {
        let body =
            futures::stream::iter(pieces.iter().map(|piece| Ok::<_, Infallible>(Bytes::from_static(piece.as_bytes()))));
        let mut lines = Lines::new(body, 5);
        let mut all = Vec::new();
        while let Some(line) = lines.next().await {
            all.push(line);
        }
        all
    }

    fn whole(number: usize, text: &'static str) -> (usize, Line) {
        (number, Line::Whole(Bytes::from_static(text.as_bytes())))
    }

    #[tokio::test]
    async fn lines_cross_pieces_and_blank_ones_are_passed_over_and_counted() {
        assert_eq!(lines(&["a", "b\nc", "\n\n \nd\n"]).await, [whole(1, "ab"), whole(2, "c"), whole(5, "d")]);
    }

    #[tokio::test]
    async fn a_last_line_without_its_newline_is_unfinished() {
        assert_eq!(lines(&["ab\ncd"]).await, [whole(1, "ab"), (2, Line::Unfinished)]);
        assert_eq!(lines(&["ab\n"]).await, [whole(1, "ab")]);
    }

    #[tokio::test]
    async fn a_long_line_is_passed_over_whole() {
        assert_eq!(lines(&["123456\nok\n"]).await, [(1, Line::TooLong), whole(2, "ok")]);
        assert_eq!(lines(&["1234", "5678", "9\nok\n"]).await, [(1, Line::TooLong), whole(2, "ok")]);
        assert_eq!(lines(&["123456789"]).await, [(1, Line::Unfinished)]);
    }
}
