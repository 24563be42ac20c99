//! The ledger's stream: created with the settings that keep everything, refused when its settings would lose something.

use async_nats::{
    Client,
    jetstream::{
        Context, ErrorCode,
        context::{CreateStreamErrorKind, GetStreamErrorKind},
        stream::{Config, DiscardPolicy, Info, PersistenceMode, RetentionPolicy, StorageType},
    },
};

use super::{HEADERS_MAX_BYTES, durability::Kept, names::Names, place, url::NatsUrl};
use crate::{BODY_MAX_BYTES, Deviations, ExamineError, OpenError};

/// The oldest server on which the journal's laws were seen to hold.
pub const OLDEST_SERVER: (u32, u32) = (2, 10);

/// Whether a server of this version is at least the oldest; one that does not say which it is may be anything.
pub fn is_new_enough(version: &str) -> bool {
    let mut parts = version.split('.').map_while(|part| part.parse::<u32>().ok());
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= OLDEST_SERVER
}

/// Why a server is not fit to keep a ledger.
#[derive(Debug)]
pub(super) enum Unfit {
    TooOld { version: String },
    Unsafe { setting: &'static str, what: String },
}

/// Looks at the server that the client is connected to now: of a cluster, each time perhaps another one.
pub(super) fn check_server(client: &Client) -> Result<(), Unfit> {
    let needed = BODY_MAX_BYTES + HEADERS_MAX_BYTES;
    let info = client.server_info();
    if !is_new_enough(&info.version) {
        return Err(Unfit::TooOld { version: info.version });
    }
    if info.max_payload < needed {
        let what = format!("the server takes {} bytes, and a record may have {needed}", info.max_payload);
        return Err(Unfit::Unsafe { setting: "max_payload", what });
    }
    Ok(())
}

impl Unfit {
    pub(super) fn at(self, at: &str) -> OpenError {
        let at = at.to_owned();
        match self {
            Self::TooOld { version } => OpenError::TooOld { at, version, oldest: OLDEST_SERVER },
            Self::Unsafe { setting, what } => OpenError::Unsafe { at, setting, what },
        }
    }
}

impl From<Unfit> for ExamineError {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::TooOld { version } => Self::TooOld { version, oldest: OLDEST_SERVER },
            Unfit::Unsafe { setting, what } => Self::Unsafe { setting, what },
        }
    }
}

pub(super) async fn find_or_create(
    context: &Context,
    names: &Names,
    url: &NatsUrl,
    copy: bool,
    at: &str,
) -> Result<(Info, Kept), OpenError> {
    let accepted = url.accepted;
    if let Some(found) = find(context, names, accepted, at).await? {
        if found.1.replicas < url.replicas {
            let has = found.1.replicas;
            tracing::warn!(%at, has, asked = url.replicas, "the stream has fewer replicas than are asked for: whoever manages the servers can give it more");
        }
        return Ok(found);
    }
    match create(context, names, url.replicas, copy, at).await? {
        Some(created) => safe(created, names, accepted, at),
        // Another process was first.
        None => {
            find(context, names, accepted, at).await?.ok_or_else(|| OpenError::failed(at, "its stream came and went"))
        }
    }
}

/// A stream whose settings keep everything, but for what is accepted, if there is one.
pub(super) async fn find(
    context: &Context,
    names: &Names,
    accepted: Deviations,
    at: &str,
) -> Result<Option<(Info, Kept)>, OpenError> {
    match context.get_stream(names.stream()).await {
        Ok(stream) => safe(stream.cached_info().clone(), names, accepted, at).map(Some),
        Err(error) => match error.kind() {
            GetStreamErrorKind::JetStream(told) if told.error_code() == ErrorCode::STREAM_NOT_FOUND => Ok(None),
            _ => Err(OpenError::failed(at, error)),
        },
    }
}

fn safe(found: Info, names: &Names, accepted: Deviations, at: &str) -> Result<(Info, Kept), OpenError> {
    match kept(&found.config, names, accepted) {
        Err((setting, what)) => Err(OpenError::Unsafe { at: at.to_owned(), setting, what }),
        Ok(kept) => {
            if !kept.deviations.is_empty() {
                tracing::warn!(%at, accepted = %kept.deviations, "records may be lost by settings that were accepted");
            }
            Ok((found, kept))
        }
    }
}

async fn create(
    context: &Context,
    names: &Names,
    replicas: usize,
    copy: bool,
    at: &str,
) -> Result<Option<Info>, OpenError> {
    let wanted = wanted(names, replicas);
    let wanted = if copy { place::remembered(wanted, None) } else { wanted };
    match context.create_stream(wanted).await {
        Ok(stream) => Ok(Some(stream.cached_info().clone())),
        Err(error) => match error.kind() {
            CreateStreamErrorKind::JetStream(told) if told.error_code() == ErrorCode::STREAM_NAME_EXIST => Ok(None),
            _ => Err(OpenError::NotMade { at: at.to_owned(), what: "ledger", source: error.into() }),
        },
    }
}

fn wanted(names: &Names, replicas: usize) -> Config {
    Config {
        name: names.stream().to_owned(),
        subjects: vec![names.everything()],
        storage: StorageType::File,
        retention: RetentionPolicy::Limits,
        max_messages: -1,
        max_messages_per_subject: -1,
        max_bytes: -1,
        max_message_size: -1,
        max_consumers: -1,
        discard: DiscardPolicy::New,
        deny_delete: true,
        deny_purge: true,
        num_replicas: replicas,
        allow_direct: true,
        ..Config::default()
    }
}

/// How a stream with these settings keeps records. Those that are accepted are named.
///
/// # Errors
/// The first setting under which a record could be lost, changed or never stored, and what it is.
pub(super) fn kept(config: &Config, names: &Names, accepted: Deviations) -> Result<Kept, (&'static str, String)> {
    let body_fits = config.max_message_size < 0
        || usize::try_from(config.max_message_size).is_ok_and(|max| max >= BODY_MAX_BYTES + HEADERS_MAX_BYTES);
    let not_empty = |setting: &Option<_>| setting.as_ref().is_some_and(|items: &Vec<_>| !items.is_empty());
    let settings = [
        (config.subjects == [names.everything()], "subjects", format!("{:?}", config.subjects)),
        (config.storage == StorageType::File, "storage", format!("{:?}", config.storage)),
        (config.retention == RetentionPolicy::Limits, "retention", format!("{:?}", config.retention)),
        (config.discard == DiscardPolicy::New, "discard", format!("{:?}", config.discard)),
        (config.max_messages <= 0, "max_msgs", config.max_messages.to_string()),
        (config.max_messages_per_subject <= 0, "max_msgs_per_subject", config.max_messages_per_subject.to_string()),
        (config.max_bytes <= 0, "max_bytes", config.max_bytes.to_string()),
        (body_fits, "max_msg_size", config.max_message_size.to_string()),
        (config.max_age.is_zero(), "max_age", format!("{:?}", config.max_age)),
        (config.deny_delete, "deny_delete", config.deny_delete.to_string()),
        (config.deny_purge, "deny_purge", config.deny_purge.to_string()),
        (!config.allow_rollup, "allow_rollup_hdrs", config.allow_rollup.to_string()),
        (!config.allow_message_ttl, "allow_msg_ttl", config.allow_message_ttl.to_string()),
        (!config.allow_message_counter, "allow_msg_counter", config.allow_message_counter.to_string()),
        (!config.no_ack, "no_ack", config.no_ack.to_string()),
        (config.mirror.is_none(), "mirror", "set".to_owned()),
        (!not_empty(&config.sources), "sources", "set".to_owned()),
        (config.subject_transform.is_none(), "subject_transform", "set".to_owned()),
        (config.first_sequence.is_none_or(|first| first <= 1), "first_seq", format!("{:?}", config.first_sequence)),
        (config.persist_mode != Some(PersistenceMode::Async), "persist_mode", "async".to_owned()),
    ];
    let mut deviations = Deviations::default();
    for (_, setting, is) in settings.into_iter().filter(|(keeps, _, _)| !keeps) {
        if !accepted.contains(setting) || !deviations.add(setting) {
            return Err((setting, format!("it is {is}")));
        }
    }
    Ok(Kept { replicas: config.num_replicas, deviations })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_as_old_as_it_says() {
        for new in ["2.10.0", "2.10.26", "2.15.1-preview.1", "3.0.0", "2.10"] {
            assert!(is_new_enough(new), "{new}");
        }
        for old in ["2.9.25", "1.20.0", "0.0.0", "", "v2.10.0", "nightly"] {
            assert!(!is_new_enough(old), "{old}");
        }
    }
}
