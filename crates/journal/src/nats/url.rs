//! The URL of a ledger on NATS.

use std::{fmt, str::FromStr};

use async_nats::ServerAddr;
use percent_encoding::percent_decode_str;

use crate::{Deviations, OpenError};

const LEDGER_MAX_BYTES: usize = 63;

/// `nats://[user:password@]host[:port][,host[:port]…]/ledger[?monitor=http://host:port[,…]][&replicas=n][&accept=setting[,…]]`.
/// Shown without the password.
#[derive(Debug)]
pub(super) struct NatsUrl {
    pub(super) servers: Vec<ServerAddr>,
    pub(super) user: Option<(String, String)>,
    pub(super) ledger: String,
    /// Monitoring addresses that tell whether the servers sync before they acknowledge.
    pub(super) monitors: Vec<String>,
    /// Replicas of a stream that is created; one that is there keeps its own.
    pub(super) replicas: usize,
    /// Settings of a stream that is there which the operator accepts, although records could be lost by them.
    pub(super) accepted: Deviations,
}

impl FromStr for NatsUrl {
    type Err = OpenError;

    fn from_str(text: &str) -> Result<Self, OpenError> {
        let (mut url, accepted) = parse(text).ok_or_else(|| OpenError::no_url(text))?;
        url.accepted = Deviations::named(accepted).map_err(|what| OpenError::NotAccepted { what })?;
        Ok(url)
    }
}

/// With the names of what is accepted, as they were written.
fn parse(text: &str) -> Option<(NatsUrl, Vec<&str>)> {
    let (scheme, rest) = text.split_once("://").filter(|(scheme, _)| ["nats", "tls"].contains(scheme))?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, ledger) = place.split_once('/')?;
    let (user, hosts) = match authority.rsplit_once('@') {
        Some((user, hosts)) => (Some(user_and_password(user)?), hosts),
        None => (None, authority),
    };
    let servers = hosts.split(',').map(|host| server(scheme, host)).collect::<Option<_>>()?;
    let (monitors, accepted, mut named) = (Vec::new(), Deviations::default(), Vec::new());
    let mut url = NatsUrl { servers, user, ledger: ledger.to_owned(), monitors, replicas: 1, accepted };
    for setting in query.split('&').filter(|setting| !setting.is_empty()) {
        match setting.split_once('=')? {
            ("monitor", urls) => url.monitors.extend(urls.split(',').map(str::to_owned)),
            ("accept", names) => named.extend(names.split(',')),
            ("replicas", n) => url.replicas = n.parse().ok().filter(|n| [1, 3, 5].contains(n))?,
            _ => return None,
        }
    }
    is_plain(ledger).then_some((url, named))
}

fn server(scheme: &str, host: &str) -> Option<ServerAddr> {
    if host.is_empty() {
        return None;
    }
    format!("{scheme}://{host}").parse().ok()
}

fn user_and_password(text: &str) -> Option<(String, String)> {
    let (user, password) = text.split_once(':')?;
    let decoded = |text| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
    Some((decoded(user)?, decoded(password)?))
}

/// A ledger's name is one token of a subject, as the command that opens the ledger has it.
fn is_plain(ledger: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=LEDGER_MAX_BYTES).contains(&ledger.len()) && ledger.bytes().all(plain)
}

impl fmt::Display for NatsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, server) in self.servers.iter().enumerate() {
            let before = if index == 0 { "nats://" } else { "," };
            write!(f, "{before}{}:{}", server.host(), server.port())?;
        }
        write!(f, "/{}", self.ledger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_servers_ledger_and_settings() {
        let url: NatsUrl =
            "nats://u:p%40ss@a,b:4333/hai-phong?monitor=http://a:8222,http://b:8222&replicas=3".parse().unwrap();
        assert_eq!(url.to_string(), "nats://a:4222,b:4333/hai-phong");
        assert_eq!(url.user, Some(("u".to_owned(), "p@ss".to_owned())));
        assert_eq!(url.monitors, ["http://a:8222", "http://b:8222"]);
        assert_eq!(url.replicas, 3);
    }

    #[test]
    fn what_is_accepted_is_named_from_a_closed_list() {
        let accepted = |text: &str| text.parse::<NatsUrl>().map(|url| url.accepted.to_string());
        assert_eq!(accepted("nats://a/x?replicas=3").unwrap(), "");
        assert_eq!(
            accepted("nats://a/x?accept=storage&replicas=3&accept=max_age,max_msgs").unwrap(),
            "max_msgs+max_age+storage"
        );
        for wrong in ["everything", "", "max_age,", "retention"] {
            let told = accepted(&format!("nats://u:secret@a/x?accept={wrong}")).unwrap_err().to_string();
            assert!(told.contains("accept") && told.contains("deny_purge") && !told.contains("secret"), "{told}");
        }
    }

    #[test]
    fn a_wrong_url_is_refused_without_its_password() {
        for wrong in [
            "nats://u:secret@a",
            "nats://u:secret@/x",
            "nats://u:secret@a/",
            "nats://u:secret@a/Hải",
            "nats://u:secret@a/a.b",
            "nats://u:secret@a/x?replicas=2",
            "nats://u:secret@a/x?colour=red",
            "http://u:secret@a/x",
        ] {
            let told = wrong.parse::<NatsUrl>().unwrap_err().to_string();
            assert!(told.contains("nats://host:4222/ledger") && !told.contains("secret"), "{told}");
        }
    }
}
