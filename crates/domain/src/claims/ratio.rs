//! Brings fractions and percentages together: `a/b=p% kế hoạch`, `p% kế hoạch (a/b)`, `a/b …, đạt p%`.

use super::{
    claim::{Base, Level, Percent},
    mark::{Figure, Mark, Sentence, without_qualifier},
    narrow::PLAN,
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    topic::{topic_at, topics_of},
    units::{Share, noun},
};

/// Which percentage belongs to which fraction: places among the marks.
pub(super) struct Pairs(Vec<(usize, usize)>);

impl Pairs {
    pub(super) fn of_fraction(&self, fraction: usize) -> Option<usize> {
        self.0.iter().find(|(a, _)| *a == fraction).map(|(_, percent)| *percent)
    }

    pub(super) fn holds_percent(&self, percent: usize) -> bool {
        self.0.iter().any(|(_, p)| *p == percent)
    }

    fn add(&mut self, fraction: usize, percent: usize) {
        if self.of_fraction(fraction).is_none() && !self.holds_percent(percent) {
            self.0.push((fraction, percent));
        }
    }
}

static RESULT: Phrases<()> = phrases![() => "đạt", "đạt tỷ lệ", "đạt tỉ lệ", "bằng", "tương đương", "tỷ lệ", "tỉ lệ", "là", "được", "ước đạt",
    "đạt tới", "vượt", "vượt kế hoạch", "vượt chỉ tiêu", "vượt mức", "vượt mức kế hoạch"];
static SAME_AS: Phrases<()> =
    phrases![() => "tương ứng", "tức", "với", "tương đương", "hay", "tức là", "tương ứng với"];
/// What leads to a percentage that stands alone.
static REACHES: Phrases<()> = phrases![() => "đạt", "bằng", "ước đạt", "đạt tỷ lệ", "đạt tỉ lệ", "đạt tới"];
/// Against last year, or of another whole: no percentage of the plan.
static HOW_FAR: Phrases<()> = phrases![() => "vượt", "đạt", "hoàn thành", "tăng", "đều vượt", "đều đạt"];
static RATE: Phrases<()> = phrases![() => "tỷ lệ", "tỉ lệ"];
/// "Tỷ lệ là".
const RATE_WORDS: usize = 3;
static OTHER_BASE: Phrases<()> = phrases![() => "tăng", "giảm", "cùng kỳ", "so với năm", "năm trước", "trong tổng số", "dân số", "tổng số", "dự toán"];
/// Straight behind a percentage: of what it is, when that is no plan.
static OF_ANOTHER: Phrases<()> = phrases![() => "so với", "cùng kỳ", "của", "năm trước", "năm ngoái"];
static YEAR: Phrases<()> = phrases![() => "năm"];
/// "52,5% số đảng viên", "25% số đơn vị".
static OF_THE_NUMBER: Phrases<()> = phrases![() => "số", "trong số", "trên số"];
static MAKES_UP: Phrases<()> = phrases![() => "chiếm"];
/// Words behind a percentage that say of what it is.
const BASE_WITHIN: usize = 6;
/// Tokens between a percentage and the fraction behind it.
const BEHIND: usize = 8;
/// Tokens between a fraction and a percentage that "đạt" leads to.
const AHEAD: usize = 20;

/// Pairs what stands side by side first, then what brackets explain, then what "đạt" leads to.
pub(super) fn pairs(sentence: Sentence<'_>, marks: &[Mark], shares: &[Share]) -> Pairs {
    let mut pairs = Pairs(Vec::new());
    for joined in [beside, explained, led_to] {
        for first in 0..marks.len().saturating_sub(1) {
            let joined = joined(sentence, marks, shares, first);
            if let Some((fraction, percent)) = joined.filter(|(_, percent)| !is_of_another(sentence, &marks[*percent]))
            {
                pairs.add(fraction, percent);
            }
        }
    }
    pairs
}

/// `a/b=p%`, `a/b (p%)`, and for units `k/n đơn vị (p%)`.
fn beside(sentence: Sentence<'_>, marks: &[Mark], shares: &[Share], first: usize) -> Option<(usize, usize)> {
    let (fraction, percent) = fraction_then_percent(marks, first)?;
    let between = &sentence.tokens[marks[fraction].at.end..marks[percent].at.start];
    let joined = match between {
        [sign] => matches!(sign.kind, Kind::Equals | Kind::Open | Kind::Dash | Kind::Colon),
        [.., sign] if sign.kind == Kind::Open => {
            between[..between.len() - 1].iter().all(|token| token.kind == Kind::Word)
                && (topic_at(between).is_some()
                    || shares.iter().any(|share| share.mark == fraction)
                    || between.len() <= 3)
        }
        [.., sign] => sign.kind == Kind::Equals && between.len() <= 6,
        [] => false,
    };
    joined.then_some((fraction, percent))
}

/// `p% kế hoạch (a/b)`, `p% kế hoạch, tương ứng a/b`.
fn explained(sentence: Sentence<'_>, marks: &[Mark], _: &[Share], first: usize) -> Option<(usize, usize)> {
    let (Figure::Percent(_), Figure::Fraction(..)) = (&marks[first].figure, &marks.get(first + 1)?.figure) else {
        return None;
    };
    let between = &sentence.tokens[marks[first].at.end..marks[first + 1].at.start];
    let opened = between.iter().rposition(|token| token.kind == Kind::Open);
    // "6 đơn vị đạt 100%: Kiến An (15/15)" goes on with somebody.
    let closed =
        between.iter().any(|token| matches!(token.kind, Kind::Close | Kind::Semicolon | Kind::Stop | Kind::Colon));
    let explains = match opened {
        Some(i) => between.len() - i <= 4,
        None => SAME_AS.ending(between).is_some(),
    };
    (explains && !closed && between.len() <= BEHIND).then_some((first + 1, first))
}

/// `a/b …, đạt p%`. A percentage of units is theirs only when it is no percentage of a plan.
fn led_to(sentence: Sentence<'_>, marks: &[Mark], shares: &[Share], first: usize) -> Option<(usize, usize)> {
    let fraction = first;
    let percent = (first + 1..marks.len()).find(|i| !matches!(marks[*i].figure, Figure::Count(_)))?;
    let (Figure::Fraction(..), Figure::Percent(printed)) = (&marks[fraction].figure, &marks[percent].figure) else {
        return None;
    };
    if shares.iter().any(|share| share.mark == fraction) && !can_be_of_units(printed) {
        return None;
    }
    if is_of_measures(sentence, marks, fraction) {
        return None;
    }
    let between = &sentence.tokens[marks[fraction].at.end..marks[percent].at.start];
    let leads = RESULT.ending(without_qualifier(between, &printed.span)).is_some();
    // "(đạt p%)" is a bracket of its own; a longer one speaks of something else.
    let bracket = between.iter().position(|token| token.kind == Kind::Open).is_some_and(|i| between.len() - i > 4);
    let cut = bracket || between.iter().any(|token| matches!(token.kind, Kind::Semicolon | Kind::Stop));
    let named = topics_of(between);
    let one_topic = named.iter().all(|(_, topic)| *topic == named[0].1);
    (leads && !cut && one_topic && between.len() <= AHEAD && !OTHER_BASE.within(between)).then_some((fraction, percent))
}

/// "3/5 chỉ tiêu vượt trên 20%" says of measures how far they came; "47/42 chỉ tiêu" is a result.
pub(super) fn is_of_measures(sentence: Sentence<'_>, marks: &[Mark], fraction: usize) -> bool {
    let Figure::Fraction(k, n) = &marks[fraction].figure else { return false };
    let after = sentence.from(marks[fraction].at.end);
    let measures = noun(after).filter(|(level, _)| *level == Level::Measures && k.number() <= n.number());
    measures.is_some_and(|(_, length)| HOW_FAR.at(&after[length..]).is_some())
}

/// "123,7% so với năm 2021", "116% năm 2021", "25% số đơn vị", "chiếm 52,5%": of another base than the plan.
pub(super) fn is_of_another(sentence: Sentence<'_>, percent: &Mark) -> bool {
    let Figure::Percent(printed) = &percent.figure else { return false };
    let before = without_qualifier(&sentence.tokens[..percent.at.start], &printed.span);
    let after = sentence.from(percent.at.end);
    let words = after.iter().take_while(|token| token.kind == Kind::Word).count();
    let behind = &after[..words.min(BASE_WITHIN)];
    let year = YEAR.at(after).is_some() && after.get(1).is_some_and(|next| next.kind == Kind::Number);
    let said = OF_ANOTHER.at(behind).is_some() || OTHER_BASE.within(behind) || year;
    MAKES_UP.ending(before).is_some() || OF_THE_NUMBER.at(behind).is_some() || (said && !PLAN.within(behind))
}

fn can_be_of_units(percent: &Percent) -> bool {
    percent.base == Base::Unstated && percent.value.against(100, 1).is_le()
}

fn fraction_then_percent(marks: &[Mark], first: usize) -> Option<(usize, usize)> {
    match (&marks[first].figure, &marks.get(first + 1)?.figure) {
        (Figure::Fraction(..), Figure::Percent(_)) => Some((first, first + 1)),
        _ => None,
    }
}

/// Whether a percentage on its own is said of a plan: "đạt p%", "p% kế hoạch".
pub(super) fn is_of_plan(sentence: Sentence<'_>, mark: &Mark, percent: &Percent) -> bool {
    let before = without_qualifier(&sentence.tokens[..mark.at.start], &percent.span);
    let after = &sentence.tokens[mark.at.end..];
    // What another part between commas compares is not of this percentage.
    let near = |token: &&Token| !matches!(token.kind, Kind::Comma | Kind::Semicolon);
    let mut around: Vec<Token> = before.iter().rev().take(3).take_while(near).cloned().collect();
    around.reverse();
    around.extend(after.iter().take(4).take_while(near).cloned());
    let said = percent.base != Base::Unstated || REACHES.ending(before).is_some();
    said && !OTHER_BASE.within(&around) && !is_of_another(sentence, mark) && !is_rate_of_others(before, percent)
}

/// "Tỷ lệ doanh nghiệp có tổ chức đảng đạt 5,2%": of what the rate is said to be; "đạt tỷ lệ 111,9%" is of the plan.
fn is_rate_of_others(before: &[Token], percent: &Percent) -> bool {
    let start = before.iter().rposition(|token| token.kind != Kind::Word).map_or(0, |i| i + 1);
    let rate = (start..before.len()).find(|i| RATE.at(&before[*i..]).is_some());
    percent.base == Base::Unstated && rate.is_some_and(|i| i + RATE_WORDS < before.len())
}
