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
    max_bytes: usize,
    skipping: bool,
    ended: bool,
}

impl<S, E> Lines<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    pub(crate) fn new(body: S, max_bytes: usize) -> Self {
        Self { body, buffer: BytesMut::new(), scanned: 0, max_bytes, skipping: false, ended: false }
    }

    /// The next line; blank lines are passed over. Safe to drop while it waits.
    pub(crate) async fn next(&mut self) -> Option<Line> {
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
    pub(crate) fn ready(&mut self) -> Option<Line> {
        self.take_line()
    }

    fn take_line(&mut self) -> Option<Line> {
        while let Some(found) = memchr::memchr(b'\n', &self.buffer[self.scanned..]) {
            let mut line = self.buffer.split_to(self.scanned + found + 1);
            self.scanned = 0;
            line.truncate(line.len() - 1);
            if std::mem::take(&mut self.skipping) || line.len() > self.max_bytes {
                return Some(Line::TooLong);
            }
            if !line.trim_ascii().is_empty() {
                return Some(Line::Whole(line.freeze()));
            }
        }
        if self.buffer.len() > self.max_bytes {
            self.skipping = true;
            self.buffer.clear();
        }
        self.scanned = self.buffer.len();
        None
    }

    fn rest(&mut self) -> Option<Line> {
        let unfinished = self.skipping || !self.buffer.trim_ascii().is_empty();
        self.skipping = false;
        self.buffer.clear();
        self.scanned = 0;
        unfinished.then_some(Line::Unfinished)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    async fn lines(pieces: &[&'static str]) -> Vec<Line> {
        let body =
            futures::stream::iter(pieces.iter().map(|piece| Ok::<_, Infallible>(Bytes::from_static(piece.as_bytes()))));
        let mut lines = Lines::new(body, 5);
        let mut all = Vec::new();
        while let Some(line) = lines.next().await {
            all.push(line);
        }
        all
    }

    fn whole(text: &'static str) -> Line {
        Line::Whole(Bytes::from_static(text.as_bytes()))
    }

    #[tokio::test]
    async fn lines_cross_pieces_and_blank_ones_are_passed_over() {
        assert_eq!(lines(&["a", "b\nc", "\n\n \nd\n"]).await, [whole("ab"), whole("c"), whole("d")]);
    }

    #[tokio::test]
    async fn a_last_line_without_its_newline_is_unfinished() {
        assert_eq!(lines(&["ab\ncd"]).await, [whole("ab"), Line::Unfinished]);
        assert_eq!(lines(&["ab\n"]).await, [whole("ab")]);
    }

    #[tokio::test]
    async fn a_long_line_is_passed_over_whole() {
        assert_eq!(lines(&["123456\nok\n"]).await, [Line::TooLong, whole("ok")]);
        assert_eq!(lines(&["1234", "5678", "9\nok\n"]).await, [Line::TooLong, whole("ok")]);
        assert_eq!(lines(&["123456789"]).await, [Line::Unfinished]);
    }
}
