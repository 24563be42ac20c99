//! `k/n … đã hoàn thành và vượt …, trong đó có j/n … vượt`: how many of n stand how.

use std::ops::Range;

use super::{
    claim::{Count, Level, OutOf, UnitsClaim},
    mark::{Figure, Mark, Sentence},
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    topic::{Topic, guess, topics_of},
    unit::is_behind_unit,
};

/// What is said of k units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Met,
    Exceeded,
    Missed,
    /// Met after exceeded has been told apart.
    Exact,
}

/// One `k/n … vượt` of a sentence.
#[derive(Clone, Debug)]
pub(super) struct Share {
    /// Which of the sentence's marks.
    pub(super) mark: usize,
    /// Tokens from the figure to the word that says how they stand.
    pub(super) at: Range<usize>,
    pub(super) level: Level,
    pub(super) stand: Stand,
    pub(super) out_of: OutOf,
    /// "Đạt 100%", which may leave out those that exceeded.
    pub(super) wholly: bool,
}

static NOUNS: Phrases<Level> = phrases![
    Level::Units => "đơn vị", "đảng bộ", "đảng ủy", "quận", "huyện", "quận ủy", "huyện ủy", "địa phương", "cấp ủy", "xã", "phường", "thị trấn",
        "thị xã", "thành phố", "tỉnh", "ngành", "sở", "cơ sở", "khối", "liên đoàn", "huyện đoàn", "quận đoàn", "thành ủy", "thị ủy",
        "tỉnh ủy", "ban", "cụm";
    Level::Measures => "chỉ tiêu", "nội dung", "nhiệm vụ", "chỉ số"
];
/// "Vượt" after "và" counts those that have met as well; on its own it does not.
static STANDS: Phrases<Stand> = phrases![
    Stand::Met => "hoàn thành", "hoàn thành và vượt", "hoàn thành hoặc vượt", "đạt và vượt", "đạt hoặc vượt", "đạt chỉ tiêu", "đạt kế hoạch",
        "đạt đủ", "đạt được chỉ tiêu", "hoàn thành và hoàn thành vượt", "về đích";
    Stand::Exceeded => "vượt", "hoàn thành vượt", "vượt mức";
    Stand::Missed => "chưa hoàn thành", "không hoàn thành", "chưa đạt", "không đạt", "chưa thực hiện", "không thực hiện"
];
/// With "100%" behind it.
static WHOLLY: Phrases<()> = phrases![() => "đạt", "đạt từ", "hoàn thành", "hoàn thành từ"];
static FROM: Phrases<()> = phrases![() => "từ"];
static AND_MORE: Phrases<()> = phrases![() => "trở lên"];
/// What is assessed, and no measure: "hoàn thành tốt nhiệm vụ".
static ASSESSED: Phrases<()> = phrases![() => "tốt", "xuất sắc"];
static WITHIN: Phrases<()> = phrases![() => "trong đó", "trong số đó", "trong số này", "riêng"];
static SKIPPED: Phrases<()> = phrases![() => "các"];
static IN_WORDS: Phrases<()> = phrases![() => "số", "trong số", "tổng số"];
static ALL: Phrases<()> = phrases![() => "cả", "tất cả", "toàn bộ"];
static OF_WHICH: Phrases<()> =
    phrases![() => "trong đó", "trong đó có", "trong số đó", "trong số này", "có", "với", "riêng"];
/// "Đạt 100%" beside what exceeded; "hoàn thành" may begin anew.
static EXACTLY: Phrases<()> = phrases![() => "đạt"];
static COMPLETES: Phrases<()> = phrases![() => "hoàn thành", "vượt"];
static EVEN: Phrases<()> = phrases![() => "đều", "đã", "đều đã"];
static AND: Phrases<()> = phrases![() => "và", "hoặc"];
/// Units that are not all of those with a plan.
static AREAS: Phrases<()> = phrases![() => "quận", "huyện", "quận ủy", "huyện ủy", "xã", "phường", "thị trấn", "thị xã", "ngành", "sở", "ban", "khối", "quận đoàn",
    "huyện đoàn", "liên đoàn", "công đoàn ngành", "cụm", "đảng ủy trực thuộc"];
/// Tokens between two shares of the same units.
const GOES_ON_WITHIN: usize = 5;
/// Tokens between a figure and the word that says how the units stand.
const REACH: usize = 16;
/// Tokens between "đạt 100%" and "trở lên": "kế hoạch".
const BEHIND_WITHIN: usize = 4;
/// Measures are said to be met at once, or they are the noun of a ratio: "47/42 chỉ tiêu".
const REACH_OF_MEASURES: usize = 3;

/// Whether a word for units begins here, "các" and "số" passed over.
pub(super) fn begins_with_unit(tokens: &[Token]) -> bool {
    noun(tokens).is_some_and(|(level, _)| level == Level::Units)
}

/// "2/3 số đơn vị": a share, and not two units of three.
pub(super) fn is_share_in_words(after: &[Token]) -> bool {
    IN_WORDS.at(after).is_some()
}

/// "1.120/1.245 tổ chức đảng hoàn thành tốt nhiệm vụ": how somebody was assessed.
pub(super) fn are_assessed(words: &[Token]) -> bool {
    let assessed =
        |i: usize| STANDS.at(&words[i..]).is_some_and(|(_, length)| ASSESSED.at(&words[i + length..]).is_some());
    (0..words.len()).any(assessed)
}

/// The noun, and where it ends.
pub(super) fn noun(tokens: &[Token]) -> Option<(Level, usize)> {
    let skipped = SKIPPED.at(tokens).map_or(0, |(_, length)| length);
    NOUNS.at(&tokens[skipped..]).map(|(level, length)| (level, skipped + length))
}

/// Every share of a sentence that says how its units stand.
pub(super) fn shares(sentence: Sentence<'_>, marks: &[Mark]) -> Vec<Share> {
    let mut found: Vec<Share> = Vec::new();
    for mark in 0..marks.len() {
        found.extend(share(sentence, marks, &found, mark));
    }
    found
}

fn share(sentence: Sentence<'_>, marks: &[Mark], found: &[Share], mark: usize) -> Option<Share> {
    let at = marks[mark].at.clone();
    let (k, n) = match &marks[mark].figure {
        Figure::Fraction(k, n) => (k.clone(), Some(n.clone())),
        Figure::Count(k) => (k.clone(), None),
        Figure::Percent(_) | Figure::Unread(_) => return None,
    };
    let (before, after) = (&sentence.tokens[..at.start], &sentence.tokens[at.end..]);
    if is_share_in_words(after) {
        return None;
    }
    let noun = noun(after);
    let level = match noun {
        Some((level, _)) => level,
        None if OF_WHICH.ending(before).is_some() => Level::Units,
        None if goes_on(sentence, found, &at) => Level::Units,
        // "Kiến An (15/15), Đồ Sơn (10/10) hoàn thành": each has a result of its own.
        None if is_behind_unit(sentence.tokens, at.start) => return None,
        // "Đạt 47/42, hoàn thành kế hoạch" is no share of units.
        None if n.as_ref().is_some_and(|n| k.number() <= n.number()) => Level::Units,
        None => return None,
    };
    let from = noun.map_or(0, |(_, end)| end);
    let reach = match (noun, level) {
        (Some(_), Level::Units) => REACH,
        _ => from + REACH_OF_MEASURES,
    };
    let (stand, end) = stand(sentence, at.end, from, reach)?;
    let n = n.or_else(|| ALL.ending(before).map(|_| k.clone()));
    let said = &after[..end];
    let wholly = said.last().is_some_and(|sign| sign.kind == Kind::Percent)
        && !FROM.within(said)
        && !(0..BEHIND_WITHIN).any(|i| AND_MORE.at(sentence.from(at.end + end + i)).is_some());
    Some(Share { mark, at: at.start..at.end + end, level, stand, out_of: OutOf { k, n, percent: None }, wholly })
}

/// "16/16 hoàn thành, 6 vượt": behind a share of units, straight before how they stand.
fn goes_on(sentence: Sentence<'_>, found: &[Share], at: &Range<usize>) -> bool {
    let Some(last) = found.last().filter(|last| last.at.end <= at.start && last.level == Level::Units) else {
        return false;
    };
    let between = &sentence.tokens[last.at.end..at.start];
    let stands = EVEN.at(sentence.from(at.end)).map_or(0, |(_, length)| length);
    let said = STANDS.at(sentence.from(at.end + stands)).is_some();
    said && between.iter().all(|token| matches!(token.kind, Kind::Word | Kind::Comma))
        && between.len() <= GOES_ON_WITHIN
}

/// What the k units are, when they are of one kind; and whether others are named with it.
pub(super) fn of_one_kind(sentence: Sentence<'_>, share: &Share, end: usize) -> Option<(Range<usize>, bool)> {
    let after = sentence.from(end);
    let skipped = SKIPPED.at(after).map_or(0, |(_, length)| length);
    let (_, length) = AREAS.at(&after[skipped..]).filter(|_| share.level == Level::Units)?;
    let behind = &after[skipped + length..];
    let sign = behind.first().is_some_and(|token| matches!(token.kind, Kind::Comma | Kind::Slash | Kind::Dash));
    let joined = AND.at(behind).map_or_else(|| usize::from(sign), |(_, length)| length);
    let more = joined > 0 && NOUNS.at(&behind[joined..]).is_some();
    Some((end + skipped..end + skipped + length, more))
}

/// How units are said to stand at the beginning of the tokens, and where that ends.
pub(super) fn stand_at(tokens: &[Token]) -> Option<usize> {
    STANDS.at(tokens).map(|(_, length)| length)
}

/// What is said, and where it ends. Another figure before it, other than a percentage in brackets, ends the search.
fn stand(sentence: Sentence<'_>, at: usize, from: usize, reach: usize) -> Option<(Stand, usize)> {
    let tokens = &sentence.tokens[at..];
    let mut i = from;
    while i < tokens.len().min(reach) {
        match tokens[i].kind {
            Kind::Open => {
                i += tokens[i..].iter().position(|token| token.kind == Kind::Close)?;
            }
            Kind::Number | Kind::Percent | Kind::Semicolon | Kind::Stop | Kind::Equals => return None,
            Kind::Comma if reach != REACH => return None,
            _ => {}
        }
        if let Some(((), length)) = WHOLLY.at(&tokens[i..])
            && sentence.is_hundred_percent(at + i + length)
        {
            return Some((Stand::Met, i + length + 2));
        }
        if let Some((stand, length)) = STANDS.at(&tokens[i..]) {
            let end = i + length;
            let of_units = !is_of_percent(&tokens[end..]) && ASSESSED.at(&tokens[end..]).is_none();
            return of_units.then_some((stand, end));
        }
        i += 1;
    }
    None
}

/// "Vượt 11,9%" says by how much, and nothing of units.
fn is_of_percent(tokens: &[Token]) -> bool {
    let figure = tokens.iter().take(4).position(|token| token.kind != Kind::Word);
    figure.is_some_and(|i| {
        tokens[i].kind == Kind::Number && tokens.get(i + 1).is_some_and(|token| token.kind == Kind::Percent)
    })
}

/// Joins what is said of the same units: each group is one claim.
pub(super) fn grouped(sentence: Sentence<'_>, marks: &[Mark], shares: &[Share]) -> Vec<Vec<Share>> {
    let mut groups: Vec<Vec<Share>> = Vec::new();
    for share in shares {
        match groups.last_mut() {
            Some(group) if belongs(sentence, marks, group, share) => {
                let stand = if share.stand == Stand::Met { Stand::Exact } else { share.stand };
                group.push(Share { stand, ..share.clone() });
            }
            _ => groups.push(vec![share.clone()]),
        }
    }
    groups
}

fn belongs(sentence: Sentence<'_>, marks: &[Mark], group: &[Share], share: &Share) -> bool {
    let Some(last) = group.last() else { return false };
    let between = last.at.end.min(share.at.start)..share.at.start;
    let goes_on_within = is_of_result(sentence, marks, group, share);
    let interrupted = !goes_on_within
        && marks[last.mark + 1..share.mark].iter().any(|mark| mark.at.start >= between.start && is_result(mark));
    let said = |stand: Stand| group.iter().any(|other| other.stand == stand);
    // "11/15 vượt, 3/15 đạt": what was met comes after what exceeded, so it leaves that out.
    let exactly =
        EXACTLY.within(&sentence.tokens[share.at.clone()]) && !COMPLETES.within(&sentence.tokens[share.at.clone()]);
    let taken = match share.stand {
        Stand::Met => said(Stand::Exact) || !said(Stand::Exceeded) || (said(Stand::Met) && !exactly),
        stand => said(stand),
    };
    // "… chỉ tiêu phát triển đảng viên, trong đó 4 vượt" goes on; "… đảng viên, về đoàn viên có 3 đơn vị vượt" does not.
    let topics = topics_of(&sentence.tokens[between]);
    let one_topic = topics.iter().all(|(_, topic)| *topic == topics[0].1);
    group[0].level == share.level && !interrupted && !taken && one_topic
}

fn is_result(mark: &Mark) -> bool {
    matches!(mark.figure, Figure::Fraction(..) | Figure::Percent(_))
}

/// "16/16 hoàn thành chỉ tiêu thành lập tổ chức đảng (47/42), trong đó 6/16 vượt": only the result of what the units have met stands between.
fn is_of_result(sentence: Sentence<'_>, marks: &[Mark], group: &[Share], share: &Share) -> bool {
    let (first, last) = (&group[0], &group[group.len() - 1]);
    let mut results = marks[last.mark + 1..share.mark].iter().filter(|mark| is_result(mark));
    let between = &sentence.tokens[last.at.end.min(share.at.start)..share.at.start];
    let topic = topic(sentence, group, guess(sentence.tokens, &marks[first.mark].at, None));
    let same = results.all(|mark| topic.is_some() && guess(sentence.tokens, &mark.at, None) == topic);
    same && WITHIN.within(between) && !between.iter().any(|token| token.kind == Kind::Semicolon)
}

/// "6 đạt, 10 vượt" without "trong đó", and "12 đạt 100%" alone.
fn is_perhaps_apart(sentence: Sentence<'_>, group: &[Share]) -> bool {
    let of = |stand: Stand| group.iter().find(|share| share.stand == stand);
    match (of(Stand::Met), of(Stand::Exceeded)) {
        (Some(met), Some(exceeded)) if exceeded.mark > met.mark => {
            !WITHIN.within(&sentence.tokens[met.at.end.min(exceeded.at.start)..exceeded.at.start])
        }
        (Some(met), None) => met.wholly,
        _ => false,
    }
}

/// The claim that a group makes. Where n is printed once it holds for all of them.
pub(super) fn claim(sentence: Sentence<'_>, group: Vec<Share>) -> UnitsClaim {
    let (level, perhaps_apart) = (group[0].level, is_perhaps_apart(sentence, &group));
    let mut claim = UnitsClaim { level, met: None, exceeded: None, missed: None, exact: None, perhaps_apart };
    for share in group {
        let place = match share.stand {
            Stand::Met => &mut claim.met,
            Stand::Exceeded => &mut claim.exceeded,
            Stand::Missed => &mut claim.missed,
            Stand::Exact => &mut claim.exact,
        };
        *place = Some(share.out_of);
    }
    claim
}

impl UnitsClaim {
    /// Each n that is printed, in the order met, exceeded, missed, exact.
    pub fn printed_n(&self) -> impl Iterator<Item = &Count> {
        [&self.met, &self.exceeded, &self.missed, &self.exact]
            .into_iter()
            .flatten()
            .filter_map(|out_of| out_of.n.as_ref())
    }
}

/// The topic of the units, when a group names one.
pub(super) fn topic(sentence: Sentence<'_>, group: &[Share], otherwise: Option<Topic>) -> Option<Topic> {
    let said = group[0].at.end..sentence.tokens.len();
    let end = sentence.tokens[said.clone()]
        .iter()
        .position(|token| matches!(token.kind, Kind::Semicolon | Kind::Comma | Kind::Number));
    let clause = &sentence.tokens[said.start..end.map_or(said.end, |i| said.start + i)];
    topics_of(clause).first().map(|(_, topic)| *topic).or(otherwise)
}
