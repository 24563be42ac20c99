//! The one door by which problems leave over gRPC: a code, the English sentence, and standard details.

use std::{collections::HashMap, time::Duration};

use axum::response::Response;
use http::{HeaderMap, header};
use tonic::{
    Code, Status,
    metadata::{MetadataMap, MetadataValue},
};
use tonic_types::{ErrorDetails, StatusExt};

use crate::{
    Problem,
    problem::{NOT_FOUND, POSITION_UNKNOWN, RECORD_UNREADABLE},
};

/// Who names the reasons, in `ErrorInfo`.
const DOMAIN: &str = "socai";

/// The trailer with the problem's type, which has a page on the same server: `/problems/view-behind`.
const PROBLEM_TYPE: &str = "problem-type";

/// A problem as clients of gRPC read it. Details: `ErrorInfo` with the reason (`VIEW_BEHIND`) and, in its metadata, type, HTTP status and
/// position; `LocalizedMessage` with the Vietnamese sentence; `BadRequest` with the fields that are wrong; `RetryInfo`.
pub fn status(problem: &Problem) -> Status {
    let reason = problem.slug().replace('-', "_").to_ascii_uppercase();
    let about = [("type", problem.r#type.clone()), ("status", problem.status.to_string())];
    let position = problem.position.map(|position| ("position", position.to_string()));
    let about: HashMap<_, _> =
        about.into_iter().chain(position).map(|(name, value)| (name.to_owned(), value)).collect();
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, about);
    details.set_localized_message("vi", &problem.detail);
    for error in &problem.errors {
        details.add_bad_request_violation(error.pointer.trim_start_matches('/').replace('/', "."), &error.detail);
    }
    if let Some(seconds) = problem.retry_after {
        details.set_retry_info(Some(Duration::from_secs(seconds)));
    }
    let mut trailers = MetadataMap::new();
    if let Ok(value) = MetadataValue::try_from(&problem.r#type) {
        trailers.insert(PROBLEM_TYPE, value);
    }
    Status::with_error_details_and_metadata(code(problem), &problem.detail_en, details, trailers)
}

/// Whether a request is a call of gRPC, by its content type.
pub(crate) fn is_grpc(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}

/// What a call to a service or method that is not here is told.
pub(crate) fn unimplemented() -> Response {
    Status::unimplemented("This process has no such service or method; ask for reflection.").into_http()
}

fn code(problem: &Problem) -> Code {
    match problem.status {
        400 | 415 | 422 => Code::InvalidArgument,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        status if status == NOT_FOUND.status => Code::NotFound,
        405 => Code::Unimplemented,
        409 => Code::Aborted,
        412 if problem.slug() == POSITION_UNKNOWN.slug => Code::OutOfRange,
        412 => Code::FailedPrecondition,
        413 | 429 => Code::ResourceExhausted,
        500 if problem.slug() == RECORD_UNREADABLE.slug => Code::DataLoss,
        503 => Code::Unavailable,
        _ => Code::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{INTERNAL, INVALID_QUERY, PROBLEM_KINDS, STALE, UNAUTHENTICATED, VIEW_BEHIND};

    #[test]
    fn every_kind_of_problem_has_a_code_and_only_our_own_failure_is_internal() {
        for kind in PROBLEM_KINDS {
            let code = code(&Problem::new(*kind, "sai", "wrong"));
            assert_eq!(code == Code::Internal, kind.slug == INTERNAL.slug, "{}", kind.slug);
        }
        for (kind, want) in [
            (UNAUTHENTICATED, Code::Unauthenticated),
            (NOT_FOUND, Code::NotFound),
            (STALE, Code::FailedPrecondition),
            (POSITION_UNKNOWN, Code::OutOfRange),
            (VIEW_BEHIND, Code::Unavailable),
            (RECORD_UNREADABLE, Code::DataLoss),
        ] {
            assert_eq!(code(&Problem::new(kind, "sai", "wrong")), want, "{}", kind.slug);
        }
    }

    #[test]
    fn a_status_says_all_that_the_problem_says() {
        let problem = Problem::new(INVALID_QUERY, "Sai.", "It is wrong.")
            .at("/valid", "không đọc được")
            .position(domain::Position(7))
            .retry_after(Duration::from_secs(2));
        let status = status(&problem);
        assert_eq!((status.code(), status.message()), (Code::InvalidArgument, "It is wrong."));
        assert_eq!(status.metadata().get(PROBLEM_TYPE).unwrap(), "/problems/invalid-query");
        let details = status.get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), ("INVALID_QUERY", "socai"));
        assert_eq!(
            (info.metadata["type"].as_str(), info.metadata["position"].as_str()),
            ("/problems/invalid-query", "7")
        );
        assert_eq!(details.localized_message().unwrap().message, "Sai.");
        assert_eq!(details.bad_request().unwrap().field_violations[0].field, "valid");
        assert_eq!(details.retry_info().unwrap().retry_delay, Some(Duration::from_secs(2)));
    }
}
