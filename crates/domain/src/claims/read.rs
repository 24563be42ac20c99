//! Reads a text: its claims, and what looks like a figure of one and is not read.

use serde::Serialize;

use super::{
    claim::*,
    found::{Carried, Found},
    heading::{goes_on, heads},
    mark::Sentence,
    period::carried_from,
    phrases::{Phrases, phrases},
    sentence::sentences,
    token::{Gap, tokens},
    topic::topics_of,
};
use crate::vi::legacy;

/// What was found in a text, in its order. Every number that is no date, no year, no ordinal and no document's stands in one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    pub claims: Vec<Claim>,
    pub unread: Vec<Unread>,
}

static GOES_ON: Phrases<()> = phrases![() => "trong đó", "trong số đó", "trong số này"];

/// Reads a text sentence by sentence.
pub fn read(text: &str) -> Reading {
    read_on(text, &mut Carried::default())
}

/// Reads passages of one text, a reading each: what an earlier one named last holds for those behind it.
pub fn read_passages<T: AsRef<str>>(passages: &[T]) -> Vec<Reading> {
    let mut carried = Carried::default();
    passages.iter().map(|passage| read_on(passage.as_ref(), &mut carried)).collect()
}

fn read_on(text: &str, carried: &mut Carried) -> Reading {
    let tokens = tokens(text);
    let mut reading = Reading::default();
    for range in sentences(&tokens) {
        if tokens[range.start].gap == Gap::Blank && !carried.goes_on {
            let headed = carried.headed.clone();
            *carried = Carried { speaks: headed.clone(), headed, ..Carried::default() };
        }
        let gap = tokens.get(range.end).map_or(Gap::Blank, |next| next.gap);
        let sentence = Sentence { text, tokens: &tokens[range] };
        if let Some(found) = legacy(sentence.slice(0..sentence.tokens.len())) {
            reading.unread.extend(sentence.not_unicode(found));
            continue;
        }
        let found = Found::of(sentence, carried.clone());
        let mut claims = found.claims();
        if GOES_ON.at(sentence.tokens).is_some() {
            go_on(&mut reading.claims, &mut claims);
        }
        reading.unread.extend(found.unread());
        claims.sort_by_key(|claim| claim.span.start);
        reading.claims.extend(claims);
        *carried = Carried {
            topic: topics_of(sentence.tokens).last().map(|(_, topic)| *topic).or(carried.topic),
            period: carried_from(sentence, carried.period),
            headed: Some(gap)
                .filter(|gap| *gap >= Gap::Line)
                .and_then(|gap| heads(sentence, gap == Gap::Blank))
                .unwrap_or_else(|| carried.headed.clone()),
            goes_on: goes_on(sentence.tokens),
            speaks: found.speaks(),
        };
    }
    reading
}

/// "Trong đó, 4 đơn vị vượt" at the beginning of a sentence belongs to the units of the one before.
fn go_on(before: &mut [Claim], claims: &mut Vec<Claim>) {
    let (Some(last), Some(first)) = (before.last_mut(), claims.first()) else { return };
    let (Statement::Units(whole), Statement::Units(part)) = (&mut last.statement, &first.statement) else { return };
    let fits = whole.level == part.level
        && part.met.is_none()
        && (part.exceeded.is_none() || whole.exceeded.is_none())
        && (part.missed.is_none() || whole.missed.is_none())
        && part.exact.is_none();
    if fits {
        whole.exceeded = whole.exceeded.take().or_else(|| part.exceeded.clone());
        whole.perhaps_apart = false;
        whole.missed = whole.missed.take().or_else(|| part.missed.clone());
        last.sentence = format!("{} {}", last.sentence, first.sentence);
        last.span.end = first.span.end;
        claims.remove(0);
    }
}
