//! Files as people save them: some editors write a byte order mark before UTF-8, which is no part of what is in the file.

use std::{
    io::{self, Cursor},
    path::Path,
};

use anyhow::Context;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

use super::exit::Failure;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The bytes of a file.
///
/// # Errors
/// Wrong usage when they cannot be read.
pub(crate) fn read_file(file: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()));
    Ok(unmarked(bytes.map_err(Failure::usage_of)?))
}

/// The same, or the bytes of standard input where it is `-`.
///
/// # Errors
/// Likewise.
pub(super) fn read_all(file: &Path) -> Result<Vec<u8>, Failure> {
    if file != Path::new("-") {
        return read_file(file);
    }
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::stdin(), &mut bytes)
        .context("failed to read standard input")
        .map_err(Failure::usage_of)?;
    Ok(unmarked(bytes))
}

fn unmarked(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    bytes
}

/// The same of what somebody goes on to write: waits for its first byte.
pub(super) async fn without_mark(
    source: impl AsyncRead + Send + Unpin + 'static,
) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
    let mut source = BufReader::new(source);
    if !begins_like_a_mark(&mut source).await? {
        return Ok(Box::new(source));
    }
    let mut first = Vec::with_capacity(BYTE_ORDER_MARK.len());
    (&mut source).take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut first).await?;
    if first == BYTE_ORDER_MARK {
        return Ok(Box::new(source));
    }
    Ok(Box::new(Cursor::new(first).chain(source)))
}

async fn begins_like_a_mark(source: &mut (impl AsyncBufRead + Unpin)) -> io::Result<bool> {
    Ok(source.fill_buf().await?.first() == BYTE_ORDER_MARK.first())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tokio_util::io::StreamReader;

    use super::*;

    #[tokio::test]
    async fn a_mark_is_left_out_also_when_it_comes_in_pieces_and_nothing_else_is() {
        for (pieces, read) in [
            (&[b"\xef".as_slice(), b"\xbb", b"\xbf{}\n"][..], "{}\n".as_bytes()),
            (&[b"\xef\xbb\xbf"], b""),
            (&[b"\xef", b"\xbb"], b"\xef\xbb"),
            (&["｛".as_bytes()], "｛".as_bytes()),
            (&[b"{}"], b"{}"),
            (&[], b""),
        ] {
            let arriving = pieces.iter().map(|piece| Ok::<_, io::Error>(Bytes::from_static(piece))).collect::<Vec<_>>();
            let source = StreamReader::new(futures::stream::iter(arriving));
            let mut whole = Vec::new();
            without_mark(source).await.unwrap().read_to_end(&mut whole).await.unwrap();
            assert_eq!(whole, read, "{pieces:?}");
        }
    }
}
