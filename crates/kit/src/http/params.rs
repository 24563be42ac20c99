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
            let why = why(&rejection.body_text());
            Problem::new(
                INVALID_QUERY,
                format!("Tham số trên địa chỉ không đọc được: {}.", vietnamese(&why)),
                format!("A parameter in the address cannot be read: {why}."),
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
            let why = why(&rejection.body_text());
            Problem::new(
                NOT_FOUND,
                format!("Địa chỉ không đúng: {}.", vietnamese(&why)),
                format!("There is nothing at this address: {why}."),
            )
        })
    }
}

/// The cause without the extractor's own preface.
fn why(text: &str) -> String {
    let cause = text.split_once(": ").map_or(text, |(_, cause)| cause);
    cause.trim_end_matches('.').to_owned()
}

/// What is known of the sentences that are made by the readers of addresses; the rest stays English.
fn vietnamese(why: &str) -> String {
    let quoted = |after: &str| why.split_once(after)?.1.split('`').next();
    let place = why.split_once(": ").filter(|(name, _)| !name.contains(' ')).map_or("", |(name, _)| name);
    let of_place = |what: &str| if place.is_empty() { what.to_owned() } else { format!("`{place}` {what}") };
    if let Some(field) = quoted("unknown field `") {
        match listed(why).replace(" or ", ", ") {
            fields if fields.contains('`') => format!("không có tham số `{field}`; có: {fields}"),
            _ => format!("không có tham số `{field}`; ở đây không có tham số nào"),
        }
    } else if let Some(field) = quoted("duplicate field `") {
        format!("tham số `{field}` lặp lại")
    } else if let Some(field) = quoted("missing field `") {
        format!("thiếu tham số `{field}`")
    } else if let (Some(field), Some(value)) = (quoted("Cannot parse `"), quoted("with value `")) {
        format!("`{field}` không thể là `{value}`")
    } else if why.contains("is not a day") {
        of_place("không phải một ngày có thật; viết YYYY-MM-DD, từ 1900-01-01 đến 2199-12-31")
    } else if why.contains("to a `u64`") || why.contains("to a `u32`") {
        of_place("phải là số nguyên không âm")
    } else if why.contains("UUID") || why.contains("uuid") {
        of_place("phải là một mã UUID")
    } else if why.contains("digit") || why.contains("integer") || why.contains("number too") {
        of_place("phải là số nguyên không âm")
    } else {
        why.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_in_vietnamese() {
        for (why, told) in [
            ("unknown field `to`, expected one of `valid`, `known`", "không có tham số `to`; có: `valid`, `known`"),
            ("unknown field `to`, there are no fields", "không có tham số `to`; ở đây không có tham số nào"),
            ("duplicate field `known`", "tham số `known` lặp lại"),
            ("limit: invalid digit found in string", "`limit` phải là số nguyên không âm"),
            ("Cannot parse `committee` with value `x`: UUID parsing failed", "`committee` không thể là `x`"),
        ] {
            assert_eq!(vietnamese(why), told);
        }
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
}
