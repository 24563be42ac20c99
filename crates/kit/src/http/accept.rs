//! Content negotiation by `Accept` (RFC 9110 §12.5.1), as much of it as this surface needs.

use http::{HeaderMap, header};

/// Whether the caller takes this media type at all. No `Accept` takes everything.
pub fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    match quality(headers, media_type) {
        Some(quality) => quality > 0,
        None => !headers.contains_key(header::ACCEPT),
    }
}

/// Of `offered`, in our order of preference, the one that the caller likes best; the first when none is acceptable.
pub fn prefers<'a>(headers: &HeaderMap, offered: &[&'a str]) -> &'a str {
    let mut best = (offered.first().copied().unwrap_or_default(), 0);
    for media_type in offered {
        let quality = quality(headers, media_type).unwrap_or(0);
        if quality > best.1 {
            best = (media_type, quality);
        }
    }
    best.0
}

/// Thousandths, of the most specific range that matches; `None` when no range does.
fn quality(headers: &HeaderMap, media_type: &str) -> Option<u32> {
    let (kind, _) = media_type.split_once('/')?;
    let any_of_kind = format!("{kind}/*");
    let ranges = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    ranges
        .flat_map(|value| value.split(','))
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next()?.to_ascii_lowercase();
            let specificity = match name.as_str() {
                name if name == media_type => 2,
                name if name == any_of_kind => 1,
                "*/*" => 0,
                _ => return None,
            };
            let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1_000), thousandths)?;
            Some((specificity, quality))
        })
        .max_by_key(|(specificity, _)| *specificity)
        .map(|(_, quality)| quality)
}

/// `0.85` as 850; at most three digits after the point.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let decimals = format!("{rest:0<3}");
    let value = whole.parse::<u32>().ok()? * 1_000 + decimals.get(..3)?.parse::<u32>().ok()?;
    (value <= 1_000).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(accept: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())])
    }

    #[test]
    fn the_type_liked_best_wins_and_the_first_offered_is_the_fallback() {
        let offered = ["application/json", "application/x-ndjson"];
        let check = |accept: &str, want: &str| assert_eq!(prefers(&headers(accept), &offered), want, "{accept}");
        check("application/x-ndjson", "application/x-ndjson");
        check("*/*", "application/json");
        check("application/json;q=0.5, application/x-ndjson;q=0.85", "application/x-ndjson");
        check("text/html", "application/json");
        check("application/*;q=0.1, application/x-ndjson", "application/x-ndjson");
        assert_eq!(prefers(&HeaderMap::new(), &offered), "application/json");
    }

    #[test]
    fn a_refused_type_is_not_accepted() {
        assert!(!accepts(&headers("text/event-stream;q=0, */*"), "text/event-stream"));
        assert!(accepts(&headers("text/*"), "text/event-stream"));
        assert!(accepts(&HeaderMap::new(), "text/event-stream"));
    }
}
