//! A node that runs already: what it says of itself; and the tokens in its folder.

use std::time::Duration;

use serde::Deserialize;

use super::Finding;
use crate::settings::{Role, Settings};

const TIMEOUT: Duration = Duration::from_secs(2);

/// What `/readyz` answers.
#[derive(Deserialize)]
pub(super) struct Readiness {
    ready: bool,
    checks: Vec<Check>,
}

#[derive(Deserialize)]
struct Check {
    name: String,
    ready: bool,
    detail: String,
}

/// The readiness of the node at the address of the settings, if one is there.
pub(super) async fn running(settings: &Settings) -> Option<Readiness> {
    let http = kit::outgoing::plain().timeout(TIMEOUT).build().ok()?;
    http.get(format!("http://{}/readyz", settings.listen)).send().await.ok()?.json().await.ok()
}

pub(super) fn findings(readiness: &Readiness) -> Vec<Finding> {
    let whole = if readiness.ready {
        Finding::well("node", "it runs and is ready")
    } else {
        Finding::wrong("node", "it runs and is not ready; what it waits for follows")
    };
    let parts = readiness.checks.iter().map(|check| {
        let text = format!("{}: {}", check.name, check.detail);
        if check.ready { Finding::well("node", text) } else { Finding::wrong("node", text) }
    });
    std::iter::once(whole).chain(parts).collect()
}

pub(super) fn token(settings: &Settings) -> Finding {
    let kept = settings.data.join("admin.token");
    if std::env::var_os("SOCAI_TOKEN").is_some() {
        return Finding::well("token", "SOCAI_TOKEN is set");
    }
    if kept.is_file() {
        return Finding::well("token", format!("the administrator's is in {}", kept.display()));
    }
    if settings.plays(Role::Intake) {
        return Finding::note(
            "token",
            format!("none in {}; the first start of a new ledger makes one", settings.data.display()),
        );
    }
    Finding::note("token", "none here; set SOCAI_TOKEN, or give --token-file, to post or to ask")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::State;

    #[test]
    fn what_a_node_waits_for_is_wrong() {
        let text = r#"{"ready":false,"checks":[{"name":"journal","ready":true,"detail":"fsync"},{"name":"view.tally","ready":false,"detail":"stopped at 7"}]}"#;
        let found = findings(&serde_json::from_str(text).unwrap());
        let states: Vec<_> = found.iter().map(|finding| finding.state).collect();
        assert_eq!(states, [State::Wrong, State::Well, State::Wrong]);
        assert_eq!(found[2].text, "view.tally: stopped at 7");
    }
}
