//! A form that is sent after the session has ended: whoever signs in goes on with what was typed.

use axum::response::Response;
use http::HeaderMap;
use kit::http::Caller;

use super::{Typed, sent, spec::FormSpec};
use crate::{
    Portal,
    pages::{frame::Visitor, sign_in},
};

/// The token beside the fields of a form; no field is called so.
pub(super) const TOKEN: &str = "sign-in-token";

/// The sign-in page in the form's own place, which carries what was typed in its body and nothing in an address. With a token that holds it
/// goes on; what was about to be recorded is shown again first, since somebody else may have signed in.
pub(super) async fn sign_in_first(
    portal: &Portal,
    visitor: Visitor,
    headers: &HeaderMap,
    spec: &'static FormSpec,
    typed: Typed,
    token: Option<String>,
) -> Response {
    let token = token.map(|token| token.trim().to_owned());
    let identity = token.as_deref().and_then(|token| portal.identify(token));
    let Some((bearer, identity)) = token.clone().zip(identity) else {
        let action = format!("/forms/{}", spec.command);
        return sign_in::carrying(portal, &visitor, sign_in::Carried { action, fields: typed }, token.is_some());
    };
    let mut typed = typed;
    if typed.get("step").is_some_and(|step| step == "confirm") {
        typed.insert("step".to_owned(), "preview".to_owned());
    }
    let signed_in = visitor.signed_in(Caller { bearer: bearer.clone(), identity });
    let shown = sent(portal, signed_in, spec.command, typed).await;
    sign_in::entered(shown, headers, &bearer)
}
