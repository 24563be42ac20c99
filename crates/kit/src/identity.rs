//! Tokens and who is behind them. A token is `socai_` and 43 characters; only its SHA-256 is ever stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{AccessId, Actor, LocalDate};
use sha2::{Digest, Sha256};

/// Who a bearer token belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub access: AccessId,
    pub actor: Actor,
    /// Last day on which the token holds.
    pub until: Option<LocalDate>,
}

/// Finds the identity behind a token; `None` when it is unknown, revoked or past its last day.
pub trait Identify: Send + Sync + 'static {
    fn identify(&self, bearer: &str) -> Option<Identity>;
}

impl Identify for journal::Live {
    fn identify(&self, bearer: &str) -> Option<Identity> {
        let journal::Grant { access, actor, until } = self.grant(&token_hash(bearer))?;
        Some(Identity { access, actor, until })
    }
}

const PREFIX: &str = "socai_";
const SECRET_BYTES: usize = 32;

/// A new token: 256 random bits.
pub fn new_token() -> String {
    let secret: [u8; SECRET_BYTES] = rand::random();
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret))
}

/// Whether a text has a token's shape: half of one has not.
pub fn is_token(text: &str) -> bool {
    let secret = text.strip_prefix(PREFIX).and_then(|secret| URL_SAFE_NO_PAD.decode(secret).ok());
    secret.is_some_and(|secret| secret.len() == SECRET_BYTES)
}

/// What is stored of a token.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_have_one_shape() {
        let (a, b) = (new_token(), new_token());
        assert_ne!(a, b);
        assert_eq!(a.len(), PREFIX.len() + 43);
        assert_ne!(token_hash(&a), token_hash(&b));
        assert!(is_token(&a) && is_token(&b));
        assert!(!is_token(&a[..a.len() - 1]) && !is_token(&a[1..]) && !is_token(&format!("{a}A")));
    }
}
