//! Second guard against forged form posts, beside the cookie's `SameSite=Strict`: the page must be one of ours.

use http::{HeaderMap, HeaderName, header};

use crate::{Problem, problem::FORBIDDEN};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a request that another site's page made. A client that sends neither `Sec-Fetch-Site` nor `Origin` is no browser, and passes.
pub fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = match (text(&FETCH_SITE), text(&header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(&header::HOST)
        }
        (None, None) => true,
    };
    if ours { Ok(()) } else { Err(foreign()) }
}

fn foreign() -> Problem {
    Problem::new(
        FORBIDDEN,
        "Biểu mẫu được gửi từ một trang khác. Hãy mở biểu mẫu trên trang này rồi gửi lại.",
        "The form was sent from another site. Open it on this site and send it again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_post_forms() {
        let check = |pairs: &[(&'static str, &str)], want: bool| {
            let headers: HeaderMap =
                pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
            assert_eq!(check_origin(&headers).is_ok(), want, "{pairs:?}");
        };
        check(&[], true);
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "cross-site")], false);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], true);
        check(&[("origin", "http://evil.example"), ("host", "127.0.0.1:8080")], false);
        check(&[("origin", "null"), ("host", "127.0.0.1:8080")], false);
    }
}
