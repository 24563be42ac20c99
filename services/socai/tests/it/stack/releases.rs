//! Builds that are brought in one process after the other, and what must hold while two of them run side by side.
//!
//! `SOCAI_OTHER_BINARY` names the other one, which is older: `make faults OTHER=…`. Without it all processes run this build.

use std::path::{Path, PathBuf};

use serde_json::Value;
use socai_tests::PERIOD;
use testkit::stack::{Stack, until};

/// Readers first: whoever writes what is new comes last.
const ORDER: [&str; 4] = ["audit", "tally", "portal", "intake"];

pub(super) fn this() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_socai"))
}

pub(super) fn other() -> Option<PathBuf> {
    std::env::var_os("SOCAI_OTHER_BINARY").map(PathBuf::from)
}

/// This build, and the other one if there is one.
pub(super) fn all() -> Vec<PathBuf> {
    [Some(this().to_owned()), other()].into_iter().flatten().collect()
}

/// What each process of ours is called, in the order in which a release is brought in.
pub(super) fn processes() -> impl DoubleEndedIterator<Item = String> {
    ORDER.into_iter().flat_map(|role| (1..=2).map(move |n| format!("{role}-{n}")))
}

/// One process after the other ends and comes back as `binary`, the next one when the last one is ready again.
pub(super) async fn bring_in(stack: &Stack, binary: &Path, names: impl Iterator<Item = String>) {
    for name in names {
        stack.set_binary(&name, binary);
        stack.restart(&name).await;
        stack.until_ready(&name).await;
    }
}

/// Whether the two processes of a role run two builds.
pub(super) fn differ(stack: &Stack, role: &str) -> bool {
    stack.binary(&format!("{role}-1")) != stack.binary(&format!("{role}-2"))
}

/// Each of the two becomes what the other one was, once it has ended.
pub(super) fn exchange(stack: &Stack, role: &str) {
    let names = [1, 2].map(|n| format!("{role}-{n}"));
    let binaries = names.each_ref().map(|name| stack.binary(name));
    for (name, binary) in names.iter().zip(binaries.iter().rev()) {
        stack.set_binary(name, binary);
    }
    stack.signal("-TERM", &names.each_ref().map(String::as_str));
}

/// Both portals answer the same: byte for byte as the same build, and as two builds in every field that both of them have.
pub(super) async fn portals_agree(stack: &Stack, tip: u64) {
    for path in [
        format!("{PERIOD}/tallies?known={tip}&min_position={tip}"),
        format!("{PERIOD}/tallies?known={}", tip / 2),
        format!("{PERIOD}/tallies/diff?from={}&to={tip}", tip / 2),
        format!("/v1/trail?known={tip}&limit=500"),
        format!("/v1/records?after={}", tip.saturating_sub(100)),
        format!("/v1/records/{tip}"),
        "/v1/programmes".to_owned(),
        "/v1/committees".to_owned(),
        "/v1/organisations?limit=500".to_owned(),
    ] {
        // A portal may have come back a moment ago, or its clock may have been set right.
        until(async || {
            agree(stack, &path).await.map_err(|told| format!("{path} is answered by the two portals: {told}"))
        })
        .await;
    }
}

async fn agree(stack: &Stack, path: &str) -> Result<(), String> {
    let [one, two] = [1, 2].map(|n| format!("http://{}", stack.address("portal", n)));
    match (stack.get(&one, path).await, stack.get(&two, path).await) {
        (Ok(one), Ok(two)) if one == two => Ok(()),
        (Ok(one), Ok(two)) if differ(stack, "portal") => {
            where_they_differ(&parsed(&one), &parsed(&two)).map_or(Ok(()), Err)
        }
        answers => Err(format!("{answers:?}")),
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The first place that both have and fill differently.
fn where_they_differ(one: &Value, two: &Value) -> Option<String> {
    let below = |at: &dyn std::fmt::Display, one, two| where_they_differ(one, two).map(|rest| format!("/{at}{rest}"));
    match (one, two) {
        (Value::Object(one), Value::Object(two)) => {
            one.iter().find_map(|(name, value)| two.get(name).and_then(|other| below(name, value, other)))
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            one.iter().zip(two).enumerate().find_map(|(at, (one, two))| below(&at, one, two))
        }
        _ => (one != two).then(|| format!(": {one} and {two}")),
    }
}

#[test]
fn what_only_one_of_two_answers_has_is_no_difference_and_everything_else_is() {
    let check = |one: &str, two: &str| where_they_differ(&parsed(one), &parsed(two));
    assert_eq!(check(r#"{"a":[{"b":1}],"new":2}"#, r#"{"a":[{"b":1}],"older":3}"#), None);
    assert_eq!(check(r#"{"a":[{"b":1}]}"#, r#"{"a":[{"b":2}]}"#).as_deref(), Some("/a/0/b: 1 and 2"));
    assert_eq!(check(r#"{"a":[1]}"#, r#"{"a":[1,2]}"#).as_deref(), Some("/a: [1] and [1,2]"));
}
