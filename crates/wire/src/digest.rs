//! What a command says, in 32 bytes: the same key with another digest is a reused key.

use domain::Command;
use sha2::{Digest, Sha256};

/// A command that has no canonical JSON. No command of the table does this; it is an error so that no digest is ever made up.
#[derive(Debug, thiserror::Error)]
#[error("failed to write the command as JSON")]
pub struct DigestError(#[from] serde_json::Error);

/// SHA-256 over the command's name, a zero byte, and its canonical JSON: fields in the order of the struct, no white space, absent ones left out.
/// So neither the order of keys nor the white space of a request matters, nor whether an absent field was spelt `null`.
pub fn command_digest(command: &Command) -> Result<[u8; 32], DigestError> {
    let mut canonical = Vec::with_capacity(1_024);
    canonical.extend_from_slice(command.name().as_bytes());
    canonical.push(0);
    command.write(&mut serde_json::Serializer::new(&mut canonical))?;
    Ok(Sha256::digest(&canonical).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(name: &str, json: &str) -> String {
        let command = Command::read(name, &mut serde_json::Deserializer::from_str(json)).unwrap().unwrap();
        hex::encode(command_digest(&command).unwrap())
    }

    const QUERY: &str = "018f0000-0000-7000-8000-000000000001";

    #[test]
    fn white_space_key_order_and_null_do_not_matter() {
        let plain = format!(r#"{{"query":"{QUERY}","answer":"will_correct"}}"#);
        let spread = format!("{{ \"answer\" : \"will_correct\",\n \"corrected_at\": null, \"query\": \"{QUERY}\" }}");
        assert_eq!(digest("answer-query", &plain), digest("answer-query", &spread));
    }

    #[test]
    fn name_and_values_matter() {
        let other = QUERY.replace("01", "02");
        let digests = [
            digest("close-query", &format!(r#"{{"query":"{QUERY}"}}"#)),
            digest("close-query", &format!(r#"{{"query":"{other}"}}"#)),
            digest("answer-query", &format!(r#"{{"query":"{QUERY}","answer":"confirmed"}}"#)),
        ];
        assert_eq!(digests.iter().collect::<std::collections::BTreeSet<_>>().len(), digests.len());
    }

    #[test]
    fn the_digest_of_a_known_command_never_changes() {
        // As `printf 'close-query\\0{"query":…}' | sha256sum` says.
        assert_eq!(
            digest("close-query", &format!(r#"{{"query":"{QUERY}"}}"#)),
            "1064e6c2ec4d06e5901267606e480cc9f8ee5f23d79a4254e3994ffad78aed62"
        );
    }
}
