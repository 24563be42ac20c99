//! The paper, the exception that a paper makes, and who decided.

use bytes::Bytes;
use domain::{Actor, Document, Exception};

use super::{
    field::{Decoded, Encoded, Field},
    message::{Message, message},
};
use crate::{EncodeError, proto::record::v1 as wire};

message!(Exception => Exception { lifts, document });
message!(Actor => Actor { subject, office, role });

impl Message for Document {
    type Wire = wire::Document;

    fn write_message(&self) -> Encoded<Self::Wire> {
        let Self { number, symbol, issuer, date, line, sha256 } = self;
        Ok(Self::Wire {
            number: number.write()?,
            symbol: symbol.write()?,
            issuer: issuer.write()?,
            date: date.write()?,
            line: line.write()?,
            sha256: sha256.as_deref().map(sha256_from_hex).transpose()?,
        })
    }

    fn read_message(wire: Self::Wire) -> Decoded<Self> {
        let wire::Document { number, symbol, issuer, date, line, sha256 } = wire;
        let sha256: Option<[u8; 32]> = Field::read("Document.sha256", sha256)?;
        Ok(Self {
            number,
            symbol,
            issuer,
            date: Field::read("Document.date", date)?,
            line,
            sha256: sha256.map(hex::encode),
        })
    }
}

/// Lowercase only: any other spelling would not come back the same.
fn sha256_from_hex(text: &str) -> Encoded<Bytes> {
    let mut digest = [0; 32];
    let lowercase = !text.bytes().any(|b| b.is_ascii_uppercase());
    match hex::decode_to_slice(text, &mut digest) {
        Ok(()) if lowercase => Ok(Bytes::copy_from_slice(&digest)),
        _ => Err(EncodeError::Invalid { field: "Document.sha256", problem: "is not 64 lowercase hexadecimal digits" }),
    }
}
