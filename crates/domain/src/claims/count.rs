//! `thành lập N tổ chức …`, `kết nạp N đảng viên`, and "trong đó có m …" behind them.

use std::ops::Range;

use super::{
    claim::{Count, Role},
    mark::{Figure, Mark, Sentence, without_qualifier},
    narrow::{is_no_total, part_start},
    period::{PeriodSaid, period_of},
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    topic::{Topic, are_of_unions, guess, topic_at, topics_of},
    unit::{is_of_listed_unit, unit_before},
    units::Share,
};
use crate::vi::{Amount, Qualifier};

/// What leads to a count: it was done, or something else happened to them. The one that comes last holds.
static VERBS: Phrases<Verb> = phrases![
    Verb::Founds => "thành lập", "ra mắt", "vận động thành lập", "thành lập mới";
    Verb::Admits => "kết nạp", "bồi dưỡng kết nạp";
    Verb::Either => "phát triển";
    Verb::Other => "bồi dưỡng", "giới thiệu", "đào tạo", "tập huấn", "giải thể", "sáp nhập", "khai trừ", "xóa tên", "khen thưởng", "biểu dương", "củng cố",
        "kiện toàn", "quản lý", "hiện có", "có", "với", "gồm", "chuyển", "xét", "cảm tình", "nâng", "chưa thành lập", "chưa kết nạp", "không kết nạp", "không thành lập"
];
static DONE_TO: Phrases<()> = phrases![() => "được thành lập", "được kết nạp", "mới được kết nạp", "mới được thành lập", "được phát triển", "ra mắt"];
static PLANNED: Phrases<()> = phrases![() => "phấn đấu", "mục tiêu", "kế hoạch", "chỉ tiêu", "giao", "đề ra", "sẽ", "yêu cầu", "dự kiến", "đăng ký"];
/// Before the comma of a clause: a plan may follow, or what came of it.
static PERHAPS_PLANNED: Phrases<()> = phrases![() => "phấn đấu", "mục tiêu", "theo kế hoạch", "theo chỉ tiêu", "đề ra", "sẽ", "yêu cầu", "dự kiến", "đăng ký", "được giao"];
/// Behind which a result is told, and no plan any more.
static RESULTED: Phrases<()> = phrases![() => "đã", "được", "thực hiện", "đạt", "kết quả", "thực tế", "đến nay"];
/// Straight before the figure of a plan or of a result that names no noun: "chỉ tiêu là 52", "thực hiện 47".
static LABELS: Phrases<Role> = phrases![
    Role::Planned => "kế hoạch", "chỉ tiêu", "kế hoạch là", "chỉ tiêu là", "kế hoạch năm", "chỉ tiêu năm", "kế hoạch giao", "chỉ tiêu giao", "chỉ tiêu được giao", "kế hoạch được giao",
        "chỉ tiêu được giao là", "kế hoạch đề ra", "chỉ tiêu đề ra", "kế hoạch đề ra là", "chỉ tiêu giao là", "kế hoạch giao là";
    Role::Done => "thực hiện", "thực hiện được", "kết quả", "kết quả thực hiện", "đã thực hiện", "đạt được"
];
/// Behind a figure that its label explains.
static ITS_NOUN: Phrases<()> = phrases![() => "tổ chức"];
static CROWD: Phrases<()> = phrases![() => "quần chúng"];
static PEOPLE: Phrases<()> = phrases![() => "đồng chí", "người"];
static OF_WHICH: Phrases<()> = phrases![() => "trong đó", "trong đó có", "trong số đó có", "trong số này có", "có"];
static WITHIN: Phrases<()> = phrases![() => "trong đó", "trong số đó", "trong số này", "riêng"];
static AND: Phrases<()> = phrases![() => "và"];
static YEAR: Phrases<()> = phrases![() => "năm"];
static BODIES: Phrases<()> = phrases![() => "đoàn thể", "các đoàn thể", "tổ chức đoàn thể"];
static FILLERS: Phrases<()> = phrases![() => "mới", "thêm", "các", "quần chúng"];
/// Organisations of one kind, which texts call so and may mean all of them.
static KINDS: Phrases<Option<Topic>> = phrases![
    None => "chi bộ", "chi bộ đảng", "chi đoàn", "chi hội", "đoàn cơ sở", "cơ sở đoàn", "tổ chức hội", "nghiệp đoàn", "đoàn viên", "hội viên";
    Some(Topic::PartyOrg) => "đảng bộ cơ sở", "đảng bộ bộ phận", "đảng ủy cơ sở", "chi bộ cơ sở"
];
static REACHED: Phrases<()> = phrases![() => "được", "đạt", "là", "đạt được", "ước đạt"];
/// Words of a heading with a figure.
const HEADING_WITHIN: usize = 12;
/// Words between the verb and the figure.
const VERB_WITHIN: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    /// Organisations.
    Founds,
    /// Members.
    Admits,
    Either,
    Other,
}

impl Verb {
    fn is_of(self, topic: Topic) -> bool {
        let members = topic.is_of_members();
        match self {
            Self::Founds => !members,
            Self::Admits => members,
            Self::Either => true,
            Self::Other => false,
        }
    }
}

/// A count that says what was founded or admitted.
pub(super) struct Counted {
    pub(super) mark: usize,
    /// Tokens up to the noun's end.
    pub(super) at: Range<usize>,
    pub(super) role: Role,
    pub(super) topic: Topic,
    pub(super) count: Count,
    /// The words of it may be of a part.
    pub(super) perhaps_part: bool,
    /// Nothing says what was done with them.
    unsaid: bool,
}

/// The counts of a sentence that say what was founded or admitted, those of units and those that are no totals apart.
pub(super) fn counted(
    sentence: Sentence<'_>,
    marks: &[Mark],
    shares: &[Share],
    carried: Option<Topic>,
) -> Vec<Counted> {
    let is_share = |mark: usize| shares.iter().any(|share| share.mark == mark);
    let mut found: Vec<Counted> = Vec::new();
    for mark in (0..marks.len()).filter(|mark| !is_share(*mark)) {
        let one = named(sentence, marks, mark, &found)
            .or_else(|| labelled(sentence, marks, mark, carried))
            .or_else(|| headed(sentence, marks, mark));
        found.extend(one.filter(|one| !is_no_total(sentence, marks, mark, one.at.end)));
    }
    parts_of_one(sentence, &mut found);
    found
}

/// "34 chi bộ và 13 đảng bộ cơ sở": each may be a part of what both make.
fn parts_of_one(sentence: Sentence<'_>, found: &mut [Counted]) {
    let of = |one: &Counted| {
        let unit = unit_before(sentence.tokens, one.at.start);
        (one.topic, one.role, unit, period_of(sentence, one.at.start, PeriodSaid::default()))
    };
    let said: Vec<_> = found.iter().map(of).collect();
    for i in 1..found.len() {
        if said[i - 1] == said[i] && found[i - 1].count.amount != found[i].count.amount {
            found[i - 1].perhaps_part = true;
            found[i].perhaps_part = true;
        }
    }
}

/// With a noun behind it, and a verb before it or behind.
fn named(sentence: Sentence<'_>, marks: &[Mark], mark: usize, found: &[Counted]) -> Option<Counted> {
    let Figure::Count(count) = &marks[mark].figure else { return None };
    let at = &marks[mark].at;
    let after = &sentence.tokens[at.end..];
    let filler = FILLERS
        .at(after)
        .filter(|(_, length)| topic_at(after).is_none() && topic_at(&after[*length..]).is_some())
        .map_or(0, |(_, length)| length);
    let kind = KINDS.at(&after[filler..]);
    let one_kind = kind.and_then(|(topic, length)| Some((topic?, length)));
    let reached = &sentence.tokens[at.start.saturating_sub(VERB_WITHIN)..at.start];
    let verb = last_verb(reached);
    let counts = one_kind.or_else(|| topic_at(&after[filler..]));
    let (topic, length) = counts.or_else(|| without_topic(&sentence.tokens[..at.start], after, verb?))?;
    let end = filler + length;
    let clause = clause_before(sentence.tokens, at.start);
    let done_to = (end..after.len().min(end + 4)).any(|i| DONE_TO.at(&after[i..]).is_some());
    // "Quận Lê Chân kết nạp 36 đảng viên, Hồng Bàng 33 đảng viên".
    let of_unit = is_of_listed_unit(sentence.tokens, at.start);
    let goes_on = of_unit && found.iter().any(|one| one.topic == topic && !one.unsaid);
    // "Lê Chân: 36 đảng viên; Hồng Bàng: 33 đảng viên": what they did is not said, and they may have had them before.
    let said = verb.is_some_and(|verb| verb.is_of(topic)) || done_to || goes_on;
    let unsaid = !said && verb.is_none() && of_unit;
    if !said && !unsaid {
        return None;
    }
    let topic = of_the_unions(sentence, at, topic, length);
    let region = &sentence.tokens[part_start(sentence.tokens, at.start)..at.start];
    let planned = PLANNED.within(clause);
    let perhaps_planned = !planned
        && ((PERHAPS_PLANNED.within(region) && !RESULTED.within(clause))
            || goes_on_planning(sentence, at.start, found));
    let role = if planned || perhaps_planned { Role::Planned } else { Role::Done };
    let alone = kind.is_some_and(|(_, of_kind)| of_kind >= length) && !is_with_others(&after[end..]);
    let (count, end) = with_words_behind(sentence, count.clone(), at.end + end);
    let from = (0..region.len()).rev().find(|i| WITHIN.at(&region[*i..]).is_some());
    // "…, trong đó Quận ủy Lê Chân kết nạp 36" is all of Lê Chân's.
    let named_since = |from: usize| {
        let start = at.start - region.len() + from;
        unit_before(sentence.tokens, at.start).is_some_and(|unit| unit.start >= start)
    };
    let within = from.is_some_and(|from| !named_since(from));
    let more = is_with_bodies(sentence.from(end));
    let perhaps_part = perhaps_planned || within || alone || more || unsaid;
    Some(Counted { mark, at: at.start..end, role, topic, count, perhaps_part, unsaid })
}

/// "Chỉ tiêu năm 2022: thành lập 42 tổ chức đảng; kết nạp 350 đảng viên", "giao thành lập 42, kết nạp 350": until a result is told.
fn goes_on_planning(sentence: Sentence<'_>, at: usize, found: &[Counted]) -> bool {
    let tokens = sentence.tokens;
    let colon = tokens[..at].iter().position(|token| token.kind == Kind::Colon);
    let headed = colon.filter(|colon| PLANNED.within(&tokens[..*colon]));
    let planned = found.last().filter(|last| last.role == Role::Planned).map(|last| last.at.end);
    headed.max(planned).is_some_and(|from| !RESULTED.within(&tokens[from..at]))
}

/// What leads to a count: the last of the verbs, those inside a longer one left out.
fn last_verb(tokens: &[Token]) -> Option<Verb> {
    let (mut last, mut i) = (None, 0);
    while i < tokens.len() {
        let found = VERBS.at(&tokens[i..]);
        last = found.map(|(verb, _)| verb).or(last);
        i += found.map_or(1, |(_, length)| length);
    }
    last
}

/// "Kết nạp 449 quần chúng"; "thành lập 47 tổ chức", of the one kind that was named before.
fn without_topic(before: &[Token], after: &[Token], verb: Verb) -> Option<(Topic, usize)> {
    if let (Verb::Admits, Some((_, length))) = (verb, CROWD.at(after)) {
        return Some((Topic::PartyMember, length));
    }
    let (_, length) = if verb == Verb::Founds { ITS_NOUN.at(after)? } else { PEOPLE.at(after)? };
    let mut topics: Vec<Topic> = topics_of(before).into_iter().map(|(_, topic)| topic).collect();
    topics.dedup();
    match topics[..] {
        [topic] if verb.is_of(topic) => Some((topic, length)),
        _ => None,
    }
}

/// "283 tổ chức đảng, đoàn thể": those of all kinds together.
fn is_with_bodies(after: &[Token]) -> bool {
    let sign = after.first().is_some_and(|token| token.kind == Kind::Comma);
    let and = AND.at(after).map_or_else(|| usize::from(sign), |(_, length)| length);
    and > 0 && BODIES.at(&after[and..]).is_some()
}

/// "Đoàn viên, hội viên" are all of them.
fn is_with_others(after: &[Token]) -> bool {
    let sign = after.first().is_some_and(|token| token.kind == Kind::Comma);
    let and = AND.at(after).map_or_else(|| usize::from(sign), |(_, length)| length);
    and > 0 && topic_at(&after[and..]).is_some()
}

/// "Công đoàn phát triển 200 đoàn viên" are its own.
fn of_the_unions(sentence: Sentence<'_>, at: &Range<usize>, topic: Topic, length: usize) -> Topic {
    let of_unions = are_of_unions(&sentence.tokens[..at.start]);
    if topic == Topic::YouthMember && length == 2 && of_unions { Topic::UnionMember } else { topic }
}

/// "(chỉ tiêu là 52)", "kế hoạch 42, thực hiện 47": of what was named before it.
fn labelled(sentence: Sentence<'_>, marks: &[Mark], mark: usize, carried: Option<Topic>) -> Option<Counted> {
    let Figure::Count(count) = &marks[mark].figure else { return None };
    let at = &marks[mark].at;
    let mut before = without_qualifier(&sentence.tokens[..at.start], &count.span);
    if let Some((sign, rest)) = before.split_last()
        && matches!(sign.kind, Kind::Colon | Kind::Open | Kind::Equals)
    {
        before = rest;
    }
    // "Kế hoạch năm 2022: 42".
    if let [rest @ .., year, number] = before
        && number.kind == Kind::Number
        && YEAR.at(std::slice::from_ref(year)).is_some()
    {
        before = rest;
    }
    let (role, _) = LABELS.ending(before)?;
    let after = &sentence.tokens[at.end..];
    let noun = ITS_NOUN.at(after).filter(|_| topic_at(after).is_none()).map_or(0, |(_, length)| length);
    let named = topic_at(after).map_or(noun, |(_, length)| length);
    let alone = after
        .get(named)
        .is_none_or(|next| !matches!(next.kind, Kind::Word | Kind::Percent | Kind::Slash | Kind::Number));
    let topic = guess(sentence.tokens, at, carried).filter(|_| alone)?;
    Some(Counted {
        mark,
        at: at.start..at.end + named,
        role,
        topic,
        count: count.clone(),
        perhaps_part: false,
        unsaid: false,
    })
}

/// "Kết nạp đảng viên: 449." and "Kết nạp đảng viên được 449": what was done, and then the figure alone.
fn headed(sentence: Sentence<'_>, marks: &[Mark], mark: usize) -> Option<Counted> {
    let Figure::Count(count) = &marks[mark].figure else { return None };
    let at = &marks[mark].at;
    let mut before = without_qualifier(&sentence.tokens[..at.start], &count.span);
    let joined = before.last().is_some_and(|sign| matches!(sign.kind, Kind::Colon | Kind::Equals | Kind::Dash));
    let words = REACHED.ending(before).map_or(0, |(_, length)| length);
    before = &before[..before.len() - words.max(usize::from(joined))];
    let alone =
        sentence.tokens.get(at.end).is_none_or(|next| matches!(next.kind, Kind::Stop | Kind::Semicolon | Kind::Comma));
    if (!joined && words == 0) || !alone {
        return None;
    }
    let from = part_start(sentence.tokens, at.start).max(before.len().saturating_sub(HEADING_WITHIN));
    let heading = before.get(from..)?;
    let (named, topic) = topics_of(heading).pop()?;
    last_verb(&heading[..named]).filter(|verb| verb.is_of(topic))?;
    let ends = topic_at(&heading[named..]).is_some_and(|(_, length)| named + length == heading.len());
    let counts = heading.iter().any(|token| token.kind == Kind::Number);
    let planned = PLANNED.within(heading);
    let role = if planned { Role::Planned } else { Role::Done };
    // "Thành lập chi bộ: 34" may be a part, as "34 chi bộ" is.
    let kind = KINDS.at(&heading[named..]).is_some() && topics_of(heading).len() == 1;
    (ends && !counts).then(|| Counted {
        mark,
        at: at.clone(),
        role,
        topic,
        count: count.clone(),
        perhaps_part: kind,
        unsaid: false,
    })
}

/// "2.200 đảng viên trở lên": the qualifier stands behind the noun.
fn with_words_behind(sentence: Sentence<'_>, count: Count, end: usize) -> (Count, usize) {
    let Some(last) = sentence.tokens.get(end + 1) else { return (count, end) };
    let behind = &sentence.text[sentence.tokens[end - 1].span.end..last.span.end];
    match (Qualifier::beginning(behind), count.amount) {
        (Some((qualifier, _)), Amount::Exactly(n)) => {
            let text = format!("{} … {}", count.text, behind.trim());
            (Count { text, amount: Amount::Qualified(qualifier, n), ..count }, end + 2)
        }
        _ => (count, end),
    }
}

/// From the last comma or semicolon before a token.
fn clause_before(tokens: &[Token], at: usize) -> &[Token] {
    let divides = |token: &Token| matches!(token.kind, Kind::Comma | Kind::Semicolon | Kind::Colon);
    &tokens[tokens[..at].iter().rposition(divides).map_or(0, |i| i + 1)..at]
}

/// "trong đó có m …" after a whole that ends at `from`: the first count that it names, unless that is a share of units.
pub(super) fn of_which<'a>(
    sentence: Sentence<'_>,
    marks: &'a [Mark],
    shares: &[Share],
    from: usize,
) -> Option<(usize, &'a Count)> {
    let next = marks.iter().position(|mark| mark.at.start >= from)?;
    let Figure::Count(count) = &marks[next].figure else { return None };
    let between = &sentence.tokens[from..marks[next].at.start];
    let leads = WITHIN.within(between) && OF_WHICH.ending(without_qualifier(between, &count.span)).is_some();
    let cut = between.iter().any(|token| matches!(token.kind, Kind::Semicolon | Kind::Stop));
    let is_share = shares.iter().any(|share| share.mark == next);
    (leads && !cut && !is_share).then_some((next, count))
}
