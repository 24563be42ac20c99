//! `thành lập N tổ chức …`, `kết nạp N đảng viên`, and "trong đó có m …" behind them.

use std::ops::Range;

use super::{
    claim::{Count, Role},
    mark::{Figure, Mark, Sentence, without_qualifier},
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    topic::{Topic, topic_at},
    units::Share,
};
use crate::vi::{Amount, Qualifier};

static VERBS: Phrases<()> =
    phrases![() => "thành lập", "kết nạp", "phát triển", "ra mắt", "vận động thành lập", "bồi dưỡng kết nạp"];
static DONE_TO: Phrases<()> = phrases![() => "được thành lập", "được kết nạp", "mới được kết nạp", "mới được thành lập", "được phát triển", "ra mắt"];
static PLANNED: Phrases<()> = phrases![() => "phấn đấu", "mục tiêu", "kế hoạch", "chỉ tiêu", "giao", "đề ra", "sẽ", "yêu cầu", "dự kiến", "đăng ký"];
static OF_WHICH: Phrases<()> = phrases![() => "trong đó", "trong đó có", "trong số đó có", "trong số này có", "có"];
static WITHIN: Phrases<()> = phrases![() => "trong đó", "trong số đó", "trong số này"];
static FILLERS: Phrases<()> = phrases![() => "mới", "thêm", "các", "quần chúng"];
/// Words between the verb and the figure.
const VERB_WITHIN: usize = 8;

/// A count that says what was founded or admitted.
pub(super) struct Counted {
    pub(super) mark: usize,
    /// Tokens up to the noun's end.
    pub(super) at: Range<usize>,
    pub(super) role: Role,
    pub(super) topic: Topic,
    pub(super) count: Count,
}

/// The counts of a sentence that say what was founded or admitted, those of units apart.
pub(super) fn counted(sentence: Sentence<'_>, marks: &[Mark], shares: &[Share]) -> Vec<Counted> {
    let is_share = |mark: usize| shares.iter().any(|share| share.mark == mark);
    (0..marks.len()).filter(|mark| !is_share(*mark)).filter_map(|mark| one(sentence, marks, mark)).collect()
}

fn one(sentence: Sentence<'_>, marks: &[Mark], mark: usize) -> Option<Counted> {
    let Figure::Count(count) = &marks[mark].figure else { return None };
    let at = &marks[mark].at;
    let after = &sentence.tokens[at.end..];
    let filler = FILLERS.at(after).map_or(0, |(_, length)| length);
    let (topic, length) = topic_at(&after[filler..])?;
    let end = filler + length;
    let clause = clause_before(sentence.tokens, at.start);
    let done_to = (end..after.len().min(end + 4)).any(|i| DONE_TO.at(&after[i..]).is_some());
    let reached = &sentence.tokens[at.start.saturating_sub(VERB_WITHIN)..at.start];
    if !VERBS.within(reached) && !done_to {
        return None;
    }
    let role = if PLANNED.within(clause) { Role::Planned } else { Role::Done };
    let (count, end) = with_words_behind(sentence, count.clone(), at.end + end);
    Some(Counted { mark, at: at.start..end, role, topic, count })
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
