//! The cells that the stack tells on NATS, compared with what its portals answer.

use std::{collections::BTreeMap, time::Instant};

use async_nats::jetstream::consumer::{DeliverPolicy, pull::OrderedConfig};
use futures::{StreamExt, TryStreamExt};
use journal::{Options, nats::NatsServers};
use serde_json::Value;
use socai_tests::PERIOD;

use super::{PATIENCE, Stack};

/// Once they are told up to the end of the ledger, each is the one that HTTP answers.
pub(super) async fn are_what_is_answered(stack: &Stack) {
    let tip = stack.journal().await.tip().await.unwrap();
    let begun = Instant::now();
    let told = loop {
        let told = last_values(stack).await.unwrap_or_default();
        if told.get("position").is_some_and(|value| value["position"] == tip.0) {
            break told;
        }
        assert!(begun.elapsed() < PATIENCE, "cells are told up to {:?}, and not up to {tip}", told.get("position"));
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    };
    let tallies = stack.get_at_last(&format!("{PERIOD}/tallies?min_position={tip}")).await;
    let tallies: Value = serde_json::from_str(&tallies).unwrap();
    let mut cells = 0;
    for measure in tallies["measures"].as_array().unwrap() {
        let subject = format!("nq28.2022.{}", measure["measure"].as_str().unwrap());
        assert_eq!(told[&subject]["actual"], measure["actual"], "{subject}");
        assert_eq!(told[&subject]["units"], measure["units"], "{subject}");
        for cell in measure["cells"].as_array().unwrap() {
            let subject = format!("{subject}.{}", cell["committee"].as_str().unwrap());
            for (field, value) in cell.as_object().unwrap() {
                assert_eq!(&told[&subject][field], value, "{field} of {subject}");
            }
            cells += 1;
        }
    }
    let here = |subject: &&String, value: &Value| subject.matches('.').count() == 3 && value["gone"] != true;
    let of_2022 = told.iter().filter(|(subject, value)| subject.starts_with("nq28.2022.") && here(subject, value));
    assert_eq!(of_2022.count(), cells);
}

/// By what follows `socai.haiphong.cell.`
async fn last_values(stack: &Stack) -> Result<BTreeMap<String, Value>, async_nats::Error> {
    let servers = NatsServers::connect(&stack.journal_url("tally"), &Options::default()).await?;
    let stream = servers.cells().await?;
    let number = usize::try_from(stream.cached_info().state.messages)?;
    let config = OrderedConfig {
        deliver_policy: DeliverPolicy::LastPerSubject,
        filter_subject: servers.names.cells(),
        ..OrderedConfig::default()
    };
    let messages = stream.create_consumer(config).await?.messages().await?;
    let read = messages.take(number).map(|message| {
        let message = message?;
        let subject = message.subject.strip_prefix("socai.haiphong.cell.").unwrap_or_default().to_owned();
        Ok::<_, async_nats::Error>((subject, serde_json::from_slice(&message.payload)?))
    });
    tokio::time::timeout(std::time::Duration::from_secs(10), read.try_collect()).await?
}
