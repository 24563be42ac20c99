//! Which measure a claim speaks of, guessed from the words around it.

use std::ops::Range;

use serde::Serialize;

use super::{
    phrases::{Phrases, phrases},
    token::{Kind, Token},
};

/// What is founded or admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ClaimTopic))]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    PartyOrg,
    UnionOrg,
    YouthOrg,
    PartyMember,
    UnionMember,
    YouthMember,
}

impl Topic {
    pub(super) const fn is_of_members(self) -> bool {
        matches!(self, Self::PartyMember | Self::UnionMember | Self::YouthMember)
    }

    /// The measure's key in a programme that counts it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::PartyOrg => "party_org",
            Self::UnionOrg => "union_org",
            Self::YouthOrg => "youth_org",
            Self::PartyMember => "party_member",
            Self::UnionMember => "union_member",
            Self::YouthMember => "youth_member",
        }
    }
}

/// Words for topics. `None` is a phrase that would be taken for one of them by its beginning.
static TOPICS: Phrases<Option<Topic>> = phrases![
    Some(Topic::PartyOrg) => "tổ chức đảng", "tổ chức cơ sở đảng", "tổ chức đảng cơ sở", "chi bộ", "chi bộ đảng", "TCCSĐ", "TCĐ", "cơ sở đảng";
    Some(Topic::UnionOrg) => "công đoàn", "công đoàn cơ sở", "tổ chức công đoàn", "tổ chức công đoàn cơ sở", "nghiệp đoàn", "CĐCS";
    Some(Topic::YouthOrg) => "tổ chức đoàn", "tổ chức đoàn thanh niên", "tổ chức hội", "đoàn thanh niên", "hội thanh niên", "cơ sở đoàn",
        "hội liên hiệp thanh niên", "chi đoàn", "chi hội", "đoàn cơ sở", "tổ chức thanh niên", "hội LHTN", "đoàn TNCS";
    Some(Topic::PartyMember) => "đảng viên", "đảng viên mới", "quần chúng ưu tú", "quần chúng ưu tú vào đảng", "quần chúng vào đảng", "đồng chí vào đảng",
        "người vào đảng", "đoàn viên ưu tú vào đảng", "vào đảng";
    Some(Topic::UnionMember) => "đoàn viên công đoàn", "công đoàn viên";
    Some(Topic::YouthMember) => "đoàn viên", "hội viên", "đoàn viên thanh niên", "hội viên thanh niên";
    None => "tổ chức đoàn thể", "đoàn viên ưu tú", "hội viên nông dân", "hội viên phụ nữ", "hội viên cựu chiến binh", "liên đoàn lao động", "công đoàn ngành";
];

/// The two bodies of the young, which texts name in one breath: "đoàn, hội", "Đoàn - Hội", "đoàn và hội".
static BOTH: Phrases<()> = phrases![() => "đoàn"];
static OF_BOTH: Phrases<Topic> = phrases![
    Topic::YouthOrg => "hội", "hội thanh niên", "hội LHTN", "hội liên hiệp thanh niên";
    Topic::YouthMember => "hội viên", "hội viên thanh niên"
];
static AND: Phrases<()> = phrases![() => "và"];

/// The topic whose phrase begins at the first token, and of how many tokens the phrase is.
pub(super) fn topic_at(tokens: &[Token]) -> Option<(Topic, usize)> {
    phrase_at(tokens).and_then(|(topic, length)| Some((topic?, length)))
}

fn phrase_at(tokens: &[Token]) -> Option<(Option<Topic>, usize)> {
    TOPICS.at(tokens).or_else(|| {
        let (_, length) = BOTH.at(tokens)?;
        let behind = &tokens[length..];
        let joins = |token: &&Token| matches!(token.kind, Kind::Comma | Kind::Slash | Kind::Dash);
        let sign = AND.at(behind).map_or_else(|| usize::from(behind.first().filter(joins).is_some()), |(_, and)| and);
        let (topic, other) = OF_BOTH.at(&behind[sign..]).filter(|_| sign > 0)?;
        Some((Some(topic), length + sign + other))
    })
}

/// Every topic named among the tokens, in order, with the place of its first token.
pub(super) fn topics_of(tokens: &[Token]) -> Vec<(usize, Topic)> {
    let (mut found, mut i) = (Vec::new(), 0);
    while i < tokens.len() {
        let (topic, length) = phrase_at(&tokens[i..]).unwrap_or((None, 1));
        found.extend(topic.map(|topic| (i, topic)));
        i += length;
    }
    found
}

/// Words that may stand between a figure and what it counts.
const BETWEEN: usize = 2;

/// What a figure counts, in a word that says only whether they are people.
static COUNTED: Phrases<bool> = phrases![false => "tổ chức"; true => "đồng chí", "người"];

/// What a figure at `at` speaks of: what it is followed by at once; else what was named last before it between semicolons, else what comes next there;
/// else the same in the sentence; else `carried`, the last that an earlier sentence of the paragraph named.
pub(super) fn guess(tokens: &[Token], at: &Range<usize>, carried: Option<Topic>) -> Option<Topic> {
    let behind = tokens.get(at.end..).unwrap_or_default();
    let kind = COUNTED.at(behind).map(|(members, _)| members);
    guess_of_any(tokens, at, carried).filter(|topic| kind.is_none_or(|members| members == topic.is_of_members()))
}

fn guess_of_any(tokens: &[Token], at: &Range<usize>, carried: Option<Topic>) -> Option<Topic> {
    let next = (at.end..tokens.len()).take(BETWEEN).take_while(|i| tokens[*i].kind == Kind::Word);
    // "120 công đoàn cơ sở/100" names it inside.
    let places = (at.start..at.end).chain(next);
    if let Some((topic, length)) = places.into_iter().find_map(|i| topic_at(&tokens[i..])) {
        let of_unions = are_of_unions(&tokens[..at.start]);
        // "Công đoàn phát triển 200 đoàn viên" are its own, unless they are said to be young.
        return Some(if topic == Topic::YouthMember && length == 2 && of_unions { Topic::UnionMember } else { topic });
    }
    let divides = |token: &Token| token.kind == Kind::Semicolon;
    let start = tokens[..at.start].iter().rposition(divides).map_or(0, |i| i + 1);
    let end = tokens[at.end..].iter().position(divides).map_or(tokens.len(), |i| at.end + i);
    let near = |part: Range<usize>| {
        let topics = topics_of(&tokens[part.clone()]);
        let before = topics.iter().rev().find(|(i, _)| part.start + i < at.start);
        let (i, topic) = before.or_else(|| topics.first())?;
        let plain = topic_at(&tokens[part.start + i..]).is_some_and(|(_, length)| length == 2);
        let of_unions = *topic == Topic::YouthMember && plain && are_of_unions(&tokens[part.start..part.start + i]);
        Some(if of_unions { Topic::UnionMember } else { *topic })
    };
    // "…; kết nạp 449 người, đạt 128,3%" tells of something that it does not name.
    near(start..end).or_else(|| {
        if start > 0 && ADMITS.within(&tokens[start..at.start]) { None } else { near(0..tokens.len()).or(carried) }
    })
}

/// Whose "đoàn viên" are its own.
static UNIONS: Phrases<()> = phrases![() => "liên đoàn lao động", "LĐLĐ"];
/// Whether "đoàn viên" behind these words are a union's: "Công đoàn phát triển 200 đoàn viên".
pub(super) fn are_of_unions(before: &[Token]) -> bool {
    matches!(topics_of(before).last(), Some((_, Topic::UnionOrg | Topic::UnionMember))) || UNIONS.within(before)
}

/// Founds or admits something of its own.
static ADMITS: Phrases<()> = phrases![() => "kết nạp", "thành lập", "phát triển"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::token::tokens;

    fn named(text: &str) -> Vec<&'static str> {
        topics_of(&tokens(text)).into_iter().map(|(_, topic)| topic.key()).collect()
    }

    #[test]
    fn a_topic_is_known_by_its_longest_phrase() {
        assert_eq!(named("tổ chức Đảng, đoàn thể"), ["party_org"]);
        assert_eq!(named("phát triển đoàn viên công đoàn"), ["union_member"]);
        assert_eq!(named("tổ chức đoàn, hội thanh niên"), ["youth_org", "youth_org"]);
        assert_eq!(named("đoàn viên, hội viên thanh niên"), ["youth_member", "youth_member"]);
        assert_eq!(named("tổ chức đoàn thể, công đoàn ngành"), Vec::<&str>::new());
    }
}
