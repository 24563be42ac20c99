//! Query strings and path segments that answer with a problem when they cannot be read.

use axum::extract::{FromRequestParts, Path, Query};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::{
    Problem,
    decode::listed,
    problem::{INVALID_QUERY, NOT_FOUND},
};

/// The query string as `T`; 400 `invalid-query` names what is wrong. Give `T` `deny_unknown_fields`.
#[derive(Clone, Copy, Debug)]
pub struct QueryParams<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryParams<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Query::<T>::try_from_uri(&parts.uri).map(|Query(params)| Self(params)).map_err(|rejection| {
            let (vi, en) = told(&why(&rejection.body_text()));
            Problem::new(
                INVALID_QUERY,
                format!("Tham số trên địa chỉ không đọc được: {vi}."),
                format!("A parameter in the address cannot be read: {en}."),
            )
        })
    }
}

/// Path segments as `T`; 404 when one of them cannot be what the path asks for.
#[derive(Clone, Copy, Debug)]
pub struct PathParams<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathParams<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Path::<T>::from_request_parts(parts, state).await.map(|Path(params)| Self(params)).map_err(|rejection| {
            let (vi, en) = told(&why(&rejection.body_text()));
            Problem::new(
                NOT_FOUND,
                format!("Địa chỉ không đúng: {vi}."),
                format!("There is nothing at this address: {en}."),
            )
        })
    }
}

/// The cause without the extractor's own preface.
fn why(text: &str) -> String {
    let cause = text.split_once(": ").map_or(text, |(_, cause)| cause);
    cause.trim_end_matches('.').to_owned()
}

/// What the readers of addresses say, in Vietnamese and in English without the words of the program. What is not known stays as it is.
fn told(why: &str) -> (String, String) {
    let quoted = |after: &str| why.split_once(after)?.1.split('`').next();
    if let Some(field) = quoted("unknown field `") {
        let vi = match listed(why).replace(" or ", ", ") {
            fields if fields.contains('`') => format!("không có tham số `{field}`; có: {fields}"),
            _ => format!("không có tham số `{field}`; ở đây không có tham số nào"),
        };
        return (vi, why.to_owned());
    }
    if let Some(field) = quoted("duplicate field `") {
        return (format!("tham số `{field}` lặp lại"), format!("the parameter `{field}` is there twice"));
    }
    if let Some(field) = quoted("missing field `") {
        return (format!("thiếu tham số `{field}`"), format!("the parameter `{field}` is missing"));
    }
    if let Some(field) = quoted("Invalid UTF-8 in `") {
        return (format!("`{field}` không phải chữ UTF-8"), format!("`{field}` is no text in UTF-8"));
    }
    match (quoted("Cannot parse `"), quoted("with value `"), wanted(why)) {
        (Some(field), Some(value), Some((vi, en))) => {
            (format!("`{field}` không thể là `{value}`: {vi}"), format!("`{field}` cannot be `{value}`: it {en}"))
        }
        (Some(field), Some(value), None) => {
            (format!("`{field}` không thể là `{value}`"), format!("`{field}` cannot be `{value}`"))
        }
        (Some(value), None, Some((vi, en))) => (format!("`{value}` {vi}"), format!("`{value}` is wrong here: it {en}")),
        (_, _, Some((vi, en))) => of_place(why, vi, en),
        _ => (why.to_owned(), why.to_owned()),
    }
}

/// Beside the name of the parameter, where the reader has told it.
fn of_place(why: &str, vi: &str, en: &str) -> (String, String) {
    match why.split_once(": ").filter(|(name, _)| !name.contains(' ')) {
        Some((name, _)) => (format!("`{name}` {vi}"), format!("`{name}` {en}")),
        None => (vi.to_owned(), format!("it {en}")),
    }
}

/// What belongs there instead.
fn wanted(why: &str) -> Option<(&'static str, &'static str)> {
    let says = |words: &[&str]| words.iter().any(|word| why.contains(word));
    if says(&["is not a day"]) {
        Some((
            "không phải một ngày có thật; viết YYYY-MM-DD, từ 1900-01-01 đến 2199-12-31",
            "is not a day: write YYYY-MM-DD, a day that exists between 1900-01-01 and 2199-12-31",
        ))
    } else if says(&["UUID", "uuid"]) {
        Some(("phải là một mã UUID", "has to be a UUID"))
    } else if says(&["number too"]) {
        Some(("là số quá lớn", "is too large a number"))
    } else if says(&["to a `u64`", "to a `u32`", "to a `usize`", "digit", "integer"]) {
        Some(("phải là số nguyên không âm", "has to be a whole number, 0 or more"))
    } else if says(&["not `true` or `false`", "to a `bool`"]) {
        Some(("phải là true hoặc false", "has to be true or false"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_without_the_words_of_the_program() {
        for (why, vi, en) in [
            ("duplicate field `known`", "tham số `known` lặp lại", "the parameter `known` is there twice"),
            (
                "limit: invalid digit found in string",
                "`limit` phải là số nguyên không âm",
                "`limit` has to be a whole number, 0 or more",
            ),
            ("limit: number too large to fit in target type", "`limit` là số quá lớn", "`limit` is too large a number"),
            (
                "Cannot parse `1e2` to a `u64`",
                "`1e2` phải là số nguyên không âm",
                "`1e2` is wrong here: it has to be a whole number, 0 or more",
            ),
            (
                "Cannot parse `position` with value `1e2` to a `u64`",
                "`position` không thể là `1e2`: phải là số nguyên không âm",
                "`position` cannot be `1e2`: it has to be a whole number, 0 or more",
            ),
            (
                "Cannot parse `committee` with value `x`: UUID parsing failed",
                "`committee` không thể là `x`: phải là một mã UUID",
                "`committee` cannot be `x`: it has to be a UUID",
            ),
            ("Invalid UTF-8 in `programme`", "`programme` không phải chữ UTF-8", "`programme` is no text in UTF-8"),
        ] {
            assert_eq!(told(why), (vi.to_owned(), en.to_owned()));
        }
        let vi = |why: &str| told(why).0;
        assert_eq!(
            vi("unknown field `to`, expected one of `valid`, `known`"),
            "không có tham số `to`; có: `valid`, `known`"
        );
        assert_eq!(vi("unknown field `to`, there are no fields"), "không có tham số `to`; ở đây không có tham số nào");
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Page {
        after: Option<u64>,
    }

    async fn read(uri: &str) -> Result<Option<u64>, Problem> {
        let (mut parts, ()) = http::Request::builder().uri(uri).body(()).unwrap().into_parts();
        QueryParams::<Page>::from_request_parts(&mut parts, &()).await.map(|QueryParams(page)| page.after)
    }

    #[tokio::test]
    async fn a_parameter_that_cannot_be_read_is_named() {
        assert_eq!(read("/v1/records?after=7").await, Ok(Some(7)));
        assert_eq!(read("/v1/records").await, Ok(None));
        let wrong = read("/v1/records?after=x").await.unwrap_err();
        assert_eq!((wrong.status, wrong.slug()), (400, "invalid-query"));
        assert!(wrong.detail_en.contains("after"), "{}", wrong.detail_en);
        let unknown = read("/v1/records?befor=7").await.unwrap_err();
        assert!(unknown.detail_en.contains("befor"), "{}", unknown.detail_en);
    }

    /// As the readers really say it: their sentences may change with their version.
    #[tokio::test]
    async fn no_reader_of_an_address_is_heard_itself() {
        use axum::{Router, body::Body, routing::get};
        use tower::ServiceExt;

        type Two = (u64, uuid::Uuid);
        let asked = |route: &'static str, uri: String| async move {
            let two = |_: PathParams<Two>, _: QueryParams<Page>| async {};
            let one = |_: PathParams<u64>| async {};
            let router = if route == "/{n}" {
                Router::new().route(route, get(one))
            } else {
                Router::new().route(route, get(two))
            };
            let answer = router.oneshot(http::Request::get(uri).body(Body::empty()).unwrap()).await.unwrap();
            let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            let problem: Problem = serde_json::from_slice(&body).unwrap();
            format!("{} {}", problem.detail, problem.detail_en)
        };
        let id = uuid::Uuid::nil();
        let two = "/{n}/{id}";
        for (route, uri) in [
            ("/{n}", "/1e2".to_owned()),
            ("/{n}", format!("/{}0", u64::MAX)),
            ("/{n}", "/%ff".to_owned()),
            (two, format!("/1e2/{id}")),
            (two, "/7/x".to_owned()),
            (two, format!("/%ff/{id}")),
            (two, format!("/7/{id}?after=x")),
            (two, format!("/7/{id}?after=")),
            (two, format!("/7/{id}?after={}0", u64::MAX)),
            (two, format!("/7/{id}?after=1&after=2")),
        ] {
            let said = asked(route, uri.clone()).await;
            for word in [
                "invalid digit",
                "target type",
                "u64",
                "Cannot parse",
                "parsing failed",
                "Invalid UTF-8",
                "empty string",
            ] {
                assert!(!said.contains(word), "{uri}: {said}");
            }
        }
    }
}
