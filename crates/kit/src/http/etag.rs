//! Entity tags (RFC 9110 §8.8.3): what an answer depends on, hashed; and the 304 that saves sending it again.

use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

/// A strong entity tag, quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
    }
}

/// The tag of everything that an answer depends on. Parts are length-prefixed, so that no two lists give one tag.
pub fn etag(parts: &[&str]) -> ETag {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    ETag(format!("\"{}\"", hex::encode(&hash.finalize()[..16])))
}

/// Whether `If-None-Match` names this tag, by weak comparison; `*` names every tag.
pub fn not_modified(headers: &HeaderMap, tag: &ETag) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|candidate| candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == tag.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_tells_lists_apart_and_is_found_in_if_none_match() {
        assert_ne!(etag(&["ab", "c"]), etag(&["a", "bc"]));
        let tag = etag(&["1", "nq28"]);
        let check = |line: String, want: bool| {
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, line.parse().unwrap())]);
            assert_eq!(not_modified(&headers, &tag), want, "{line}");
        };
        check(tag.as_str().to_owned(), true);
        check(format!("\"x\", W/{}", tag.as_str()), true);
        check("*".to_owned(), true);
        check("\"x\"".to_owned(), false);
    }
}
