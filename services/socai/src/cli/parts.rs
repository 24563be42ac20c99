//! A file of lines, in as many requests as it takes: a node takes so many lines in one.

use std::{io, sync::Arc};

use bytes::Bytes;
use futures::Stream;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    sync::Mutex,
};

/// Lines of one request (`POST /v1/commands`), blank ones as well; all of them but the last have so many.
pub(super) const LINES_MAX: usize = 10_000;

/// What is left of a file, or of what somebody goes on to write.
#[derive(Clone)]
pub(super) struct Parts(Arc<Mutex<Left>>);

struct Left {
    source: BufReader<Box<dyn AsyncRead + Send + Unpin>>,
    /// What was handed on last ended no line.
    within_a_line: bool,
}

impl Parts {
    pub(super) fn new(source: Box<dyn AsyncRead + Send + Unpin>) -> Self {
        Self(Arc::new(Mutex::new(Left { source: BufReader::new(source), within_a_line: false })))
    }

    /// Waits for what comes next, or for the end.
    pub(super) async fn is_at_the_end(&self) -> io::Result<bool> {
        Ok(self.0.lock().await.source.fill_buf().await?.is_empty())
    }

    /// The next lines, as they come.
    pub(super) fn part(&self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        futures::stream::try_unfold((self.clone(), LINES_MAX), async |(parts, left)| {
            let (piece, left) = parts.piece(left).await?;
            Ok((!piece.is_empty()).then_some((piece, (parts, left))))
        })
    }

    /// What has arrived, up to the end of the last line that is `left`; nothing when none is, or at the end. A file that ends without a
    /// newline was not cut, which an intake could not know of a request: its last line is ended here.
    async fn piece(&self, left: usize) -> io::Result<(Bytes, usize)> {
        if left == 0 {
            return Ok((Bytes::new(), 0));
        }
        let mut rest = self.0.lock().await;
        let Left { source, within_a_line } = &mut *rest;
        let arrived = source.fill_buf().await?;
        if arrived.is_empty() && std::mem::take(within_a_line) {
            return Ok((Bytes::from_static(b"\n"), left - 1));
        }
        let (mut lines, mut last) = (0, 0);
        for end in memchr::memchr_iter(b'\n', arrived).take(left) {
            (lines, last) = (lines + 1, end + 1);
        }
        let piece = Bytes::copy_from_slice(if lines == left { &arrived[..last] } else { arrived });
        source.consume(piece.len());
        *within_a_line = piece.last().is_some_and(|last| *last != b'\n');
        Ok((piece, left - lines))
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;

    use super::*;

    /// However the bytes arrive, each part but the last has as many lines as a request takes, and nothing is lost between them.
    #[tokio::test]
    async fn a_file_is_cut_behind_whole_lines_and_is_the_same_together() {
        for (lines, parts_of) in
            [(0, vec![]), (1, vec![1]), (10_000, vec![10_000]), (25_001, vec![10_000, 10_000, 5_001])]
        {
            let text: String = (0..lines).map(|n| format!("{n}\n")).collect();
            let parts = Parts::new(Box::new(io::Cursor::new(text.clone().into_bytes())));
            let (mut together, mut counted) = (Vec::new(), Vec::new());
            while !parts.is_at_the_end().await.unwrap() {
                let part: Vec<Bytes> = parts.part().try_collect().await.unwrap();
                let part = part.concat();
                counted.push(memchr::memchr_iter(b'\n', &part).count());
                together.extend(part);
            }
            assert_eq!(counted, parts_of);
            assert_eq!(together, text.as_bytes());
        }
    }

    #[tokio::test]
    async fn a_last_line_without_its_end_gets_one() {
        let parts = Parts::new(Box::new(io::Cursor::new(b"one\ntwo".to_vec())));
        let part: Vec<Bytes> = parts.part().try_collect().await.unwrap();
        assert_eq!(part.concat(), b"one\ntwo\n");
        assert!(parts.is_at_the_end().await.unwrap());
    }
}
