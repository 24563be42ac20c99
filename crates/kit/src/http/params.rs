//! Query strings and path segments that answer with a problem when they cannot be read.

use axum::extract::{FromRequestParts, Path, Query};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::{
    Problem,
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
                format!("Tham số trên địa chỉ không đọc được: {why}."),
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
                format!("Địa chỉ không đúng: {why}."),
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

#[cfg(test)]
mod tests {
    use super::*;

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
