//! The paper, the exception that a paper makes, and who decided.

use domain::{Actor, Document, Exception};

use super::{
    field::{At, Decoded, Encoded, Field},
    message::{Message, message},
};
use crate::{
    EncodeError,
    codec::{Reader, Writer},
};

message!(Exception as Exception { 1 lifts, 2 document });
message!(Actor as Actor { 1 subject, 2 office, 3 role });

impl Message for Document {
    const NAME: &'static str = "Document";

    fn write_fields(&self, to: &mut Writer) -> Encoded {
        let Self { number, symbol, issuer, date, line, sha256 } = self;
        number.write(1, to)?;
        symbol.write(2, to)?;
        issuer.write(3, to)?;
        date.write(4, to)?;
        line.write(5, to)?;
        sha256.as_deref().map(sha256_from_hex).transpose()?.write(6, to)
    }

    fn read_fields(from: &mut Reader<'_>) -> Decoded<Self> {
        Ok(Self {
            number: Field::read(At { number: 1, name: "Document.number" }, from)?,
            symbol: Field::read(At { number: 2, name: "Document.symbol" }, from)?,
            issuer: Field::read(At { number: 3, name: "Document.issuer" }, from)?,
            date: Field::read(At { number: 4, name: "Document.date" }, from)?,
            line: Field::read(At { number: 5, name: "Document.line" }, from)?,
            sha256: <Option<[u8; 32]>>::read(At { number: 6, name: "Document.sha256" }, from)?.map(hex::encode),
        })
    }
}

/// Lowercase only: any other spelling would not come back the same.
fn sha256_from_hex(text: &str) -> Result<[u8; 32], EncodeError> {
    let mut digest = [0; 32];
    let lowercase = !text.bytes().any(|b| b.is_ascii_uppercase());
    match hex::decode_to_slice(text, &mut digest) {
        Ok(()) if lowercase => Ok(digest),
        _ => Err(EncodeError::Invalid { field: "Document.sha256", problem: "is not 64 lowercase hexadecimal digits" }),
    }
}
