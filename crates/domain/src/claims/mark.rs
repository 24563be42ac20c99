//! Finds the figures of a sentence: fractions, percentages, counts. Dates and the numbers of documents are set aside.

use std::ops::Range;

use super::{
    claim::{Base, Count, Percent, Unread, WhyUnread},
    ordinal::counts_nothing,
    phrases::{Phrases, phrases},
    token::{Gap, Kind, Token},
    topic::topic_at,
    units::begins_with_unit,
};
use crate::vi::{Amount, Legacy, PrintedDate, Qualifier, read_amount, read_count, read_date, read_decimal};

/// A figure of a sentence.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Tokens of the sentence.
    pub(super) at: Range<usize>,
    pub(super) figure: Figure,
}

#[derive(Clone, Debug)]
pub(super) enum Figure {
    Fraction(Count, Count),
    Percent(Percent),
    Count(Count),
    Unread(WhyUnread),
}

impl Figure {
    /// Its first byte, that of its qualifier.
    pub(super) fn start(&self) -> Option<usize> {
        match self {
            Self::Fraction(count, _) | Self::Count(count) => Some(count.span.start),
            Self::Percent(percent) => Some(percent.span.start),
            Self::Unread(_) => None,
        }
    }
}

/// The tokens of one sentence, and the text of which they are.
#[derive(Clone, Copy)]
pub(super) struct Sentence<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
}

static BEFORE_A_DAY: Phrases<()> = phrases![() => "ngày", "sáng", "chiều", "tối", "hôm", "đến", "trước", "từ", "hết", "mùng", "sau", "và", "dịp", "đợt", "tới"];
static DAY: Phrases<()> = phrases![() => "ngày", "sáng ngày", "chiều ngày", "mùng", "sáng", "chiều", "tối"];
static PLAN: Phrases<()> =
    phrases![() => "kế hoạch", "chỉ tiêu", "KH", "CT", "kế hoạch năm", "chỉ tiêu giao", "mục tiêu"];
static OVER: Phrases<()> =
    phrases![() => "vượt", "vượt kế hoạch", "vượt chỉ tiêu", "vượt mức", "vượt mức kế hoạch", "vượt mức chỉ tiêu"];
static OUT_OF: Phrases<()> = phrases![() => "trên", "trong số", "trong tổng số", "trên tổng số"];
static FROM: Phrases<()> = phrases![() => "từ"];
static UNTIL: Phrases<()> = phrases![() => "đến"];
static UP_TO: Phrases<()> = phrases![() => "đến", "lên", "tới"];
static RESULTS_FROM: Phrases<()> =
    phrases![() => "đạt từ", "tăng từ", "giảm từ", "nâng từ", "hoàn thành từ", "vượt từ"];
/// Words after a percentage among which those for the plan are looked for.
const PLAN_WITHIN: usize = 3;

/// The figures of a sentence in order, none inside another.
pub(super) fn marks(sentence: Sentence<'_>) -> Vec<Mark> {
    let (mut found, mut i) = (Vec::new(), 0);
    while i < sentence.tokens.len() {
        let (figure, at) = sentence.figure_at(i);
        i = at.end;
        found.extend(figure.map(|figure| Mark { at, figure }));
    }
    found
}

/// The tokens without those at the end that qualify a figure, of which these are the bytes.
pub(super) fn without_qualifier<'a>(tokens: &'a [Token], figure: &Range<usize>) -> &'a [Token] {
    let inside = tokens.iter().rev().take_while(|token| token.span.start >= figure.start).count();
    &tokens[..tokens.len() - inside]
}

impl<'a> Sentence<'a> {
    /// What has come through an older encoding: what its words mean is not guessed, and so nothing of it is read.
    pub(super) fn not_unicode(self, found: Legacy) -> Option<Unread> {
        let whole = 0..self.tokens.len();
        let text = self.slice(whole.clone()).to_owned();
        let figures = text.bytes().any(|b| b.is_ascii_digit());
        let why = WhyUnread::NotUnicode(found);
        figures.then(|| Unread { span: self.bytes(&whole), sentence: text.clone(), text, why })
    }

    /// What stands at a token, and the tokens that it takes; those of a date are taken and give no figure.
    fn figure_at(self, i: usize) -> (Option<Figure>, Range<usize>) {
        match self.kind(i) {
            Some(Kind::Percent) => (Some(Figure::Unread(WhyUnread::NoNumber)), i..i + 1),
            Some(Kind::Number) if self.kind(i + 1) == Some(Kind::Percent) => (Some(self.percent(i)), i..i + 2),
            Some(Kind::Number) if self.kind(i + 1) == Some(Kind::Number) && self.follows_spaced_number(i + 1) => {
                (Some(Figure::Unread(WhyUnread::SpacedThousands)), i..self.end_of_spaced(i + 2))
            }
            Some(Kind::Number) if self.kind(i + 1) == Some(Kind::Slash) => self.strokes(i),
            Some(Kind::Number) if self.is_range_of_percentages(i) => {
                (Some(Figure::Unread(WhyUnread::PercentRange)), i..i + 4)
            }
            Some(Kind::Number) => self.count(i),
            _ => (None, i..i + 1),
        }
    }

    /// Behind the plan or the sign of a number that ends before `i`.
    fn end_of_spaced(self, i: usize) -> usize {
        match (self.kind(i), self.kind(i + 1)) {
            (Some(Kind::Slash), Some(Kind::Number)) => i + 2,
            (Some(Kind::Percent), _) => i + 1,
            _ => i,
        }
    }

    /// `50-60%`.
    fn is_range_of_percentages(self, i: usize) -> bool {
        [Kind::Dash, Kind::Number, Kind::Percent]
            .into_iter()
            .enumerate()
            .all(|(j, kind)| self.kind(i + 1 + j) == Some(kind))
    }

    fn percent(self, i: usize) -> Figure {
        if self.follows_spaced_number(i) {
            return Figure::Unread(WhyUnread::SpacedThousands);
        }
        let (start, qualifier) = self.qualifier_before(i);
        let value = match read_decimal(self.slice(i..i + 1)) {
            Ok(value) => value,
            Err(why) => return Figure::Unread(WhyUnread::Figure(why)),
        };
        let words_before =
            self.tokens[..i].iter().rposition(|token| token.span.start < start).map_or(0, |last| last + 1);
        let after = &self.tokens[i + 2..];
        let base = if OVER.ending(&self.tokens[..words_before]).is_some() {
            Base::OverPlan
        } else if (0..PLAN_WITHIN.min(after.len()))
            .take_while(|j| after[*j].kind == Kind::Word)
            .any(|j| PLAN.at(&after[j..]).is_some())
        {
            Base::OfPlan
        } else {
            Base::Unstated
        };
        let span = start..self.tokens[i].span.end;
        Figure::Percent(Percent { text: self.text[span.clone()].to_owned(), span, value, qualifier, base })
    }

    /// Numbers with strokes between: a fraction, a date, or the number of a document.
    fn strokes(self, i: usize) -> (Option<Figure>, Range<usize>) {
        let plan = PLAN.at(self.from(i + 2)).map_or(0, |(_, length)| length);
        let b = i + 2 + plan;
        if self.kind(b) != Some(Kind::Number) {
            return (None, i..i + 2);
        }
        let third = self.kind(b + 1) == Some(Kind::Slash);
        match (third, self.kind(b + 2)) {
            (true, Some(Kind::Number)) => {
                let at = i..b + 3;
                let date = read_date(self.slice(at.clone()));
                return (date.is_none().then_some(Figure::Unread(WhyUnread::ThreeParts)), at);
            }
            (true, Some(Kind::Word)) => return (None, i..b + 2),
            _ => {}
        }
        let at = i..b + 1;
        if self.follows_spaced_number(i) {
            return (Some(Figure::Unread(WhyUnread::SpacedThousands)), at);
        }
        if plan == 0 && self.is_date(&at) {
            return (None, at);
        }
        let (start, qualifier) = self.qualifier_before(i);
        let actual =
            read_count(self.slice(i..i + 1)).map(|n| qualifier.map_or(Amount::Exactly(n), |q| Amount::Qualified(q, n)));
        let figure = match (actual, read_count(self.slice(b..b + 1))) {
            (Ok(actual), Ok(plan)) => Figure::Fraction(
                self.count_of(start..self.tokens[i].span.end, actual),
                self.count_of(self.tokens[b].span.clone(), Amount::Exactly(plan)),
            ),
            (Err(why), _) | (_, Err(why)) => Figure::Unread(WhyUnread::Figure(why)),
        };
        (Some(figure), at)
    }

    /// Whether `a/b` is a day or a month here, and not a fraction.
    fn is_date(self, at: &Range<usize>) -> bool {
        let before = &self.tokens[..at.start];
        let as_fraction = matches!(self.kind(at.end), Some(Kind::Equals | Kind::Percent))
            || (self.kind(at.end) == Some(Kind::Open) && self.kind(at.end + 2) == Some(Kind::Percent))
            || begins_with_unit(self.from(at.end))
            || topic_at(self.from(at.end)).is_some()
            || PLAN.at(self.from(at.end)).is_some()
            || self.is_range_of_results(before);
        match read_date(self.slice(at.clone())) {
            Some(PrintedDate::Month { .. }) => !as_fraction,
            Some(_) => DAY.ending(before).is_some() || (BEFORE_A_DAY.ending(before).is_some() && !as_fraction),
            None => false,
        }
    }

    /// "Đạt từ 3/2 đến 5/3": before either of them.
    pub(super) fn is_range_of_results(self, before: &[Token]) -> bool {
        let second = UP_TO.ending(before).map(|(_, length)| &before[..before.len() - length]);
        let first = second.filter(|rest| rest.len() > 3 && rest[rest.len() - 2].kind == Kind::Slash);
        RESULTS_FROM.ending(before).is_some()
            || first.is_some_and(|rest| RESULTS_FROM.ending(&rest[..rest.len() - 3]).is_some())
    }

    /// A count, a range of counts, `k trên n`, or a year and other numbers that count nothing.
    fn count(self, i: usize) -> (Option<Figure>, Range<usize>) {
        if let Some(end) = counts_nothing(self, i) {
            return (None, i..end);
        }
        if let Some((at, whole)) = self.out_of(i) {
            let parts = (read_count(self.slice(i..i + 1)), read_count(self.slice(whole..whole + 1)));
            let figure = match parts {
                (Ok(k), Ok(n)) => Figure::Fraction(
                    self.count_of(self.tokens[i].span.clone(), Amount::Exactly(k)),
                    self.count_of(self.tokens[whole].span.clone(), Amount::Exactly(n)),
                ),
                (Err(why), _) | (_, Err(why)) => Figure::Unread(WhyUnread::Figure(why)),
            };
            return (Some(figure), at);
        }
        if let Some((bytes, last)) = self.range(i) {
            let figure =
                read_amount(&self.text[bytes.clone()]).map(|amount| Figure::Count(self.count_of(bytes, amount)));
            let figure = figure.map_err(|why| match read_date(self.slice(i..last + 1)) {
                Some(_) => None,
                None => Some(Figure::Unread(WhyUnread::Figure(why))),
            });
            return (figure.map_or_else(|unread| unread, Some), i..last + 1);
        }
        let (start, _) = self.qualifier_before(i);
        let bytes = start..self.with_words_after(i);
        let figure = match read_amount(&self.text[bytes.clone()]) {
            Ok(amount) => Some(Figure::Count(self.count_of(bytes, amount))),
            Err(why) => Some(Figure::Unread(WhyUnread::Figure(why))),
        };
        (figure, i..i + 1)
    }

    /// `190-200`, `từ 190 đến 200`: the bytes of it, and its last token.
    fn range(self, i: usize) -> Option<(Range<usize>, usize)> {
        let first = match self.kind(i + 1)? {
            Kind::Dash => i,
            _ if FROM.ending(&self.tokens[..i]).is_some() && UNTIL.at(&self.tokens[i + 1..]).is_some() => i - 1,
            _ => return None,
        };
        let last = i + 2;
        let ends =
            self.kind(last) == Some(Kind::Number) && !matches!(self.kind(last + 1), Some(Kind::Percent | Kind::Slash));
        ends.then(|| (self.bytes(&(first..last + 1)), last))
    }

    /// `k trên n đơn vị`, `a đảng viên/chỉ tiêu b`: the tokens of it, and the place of the second number.
    fn out_of(self, i: usize) -> Option<(Range<usize>, usize)> {
        let after = &self.tokens[i + 1..];
        let n = match (OUT_OF.at(after), topic_at(after)) {
            (Some((_, length)), _) => {
                let counted = |n: &usize| begins_with_unit(self.from(n + 1)) || topic_at(self.from(n + 1)).is_some();
                Some(i + 1 + length).filter(counted)?
            }
            (None, Some((_, length))) if self.kind(i + 1 + length) == Some(Kind::Slash) => {
                let n = i + 2 + length;
                n + PLAN.at(self.from(n)).map_or(0, |(_, length)| length)
            }
            _ => return None,
        };
        (self.kind(n) == Some(Kind::Number)).then_some((i..n + 1, n))
    }

    /// The tokens from one on; none behind the end.
    pub(super) fn from(self, i: usize) -> &'a [Token] {
        self.tokens.get(i..).unwrap_or_default()
    }

    /// Where the words that qualify the number at `i` begin, or the number itself.
    fn qualifier_before(self, i: usize) -> (usize, Option<Qualifier>) {
        let number = self.tokens[i].span.start;
        let words = self.tokens[..i].iter().rev().take(2).take_while(|token| token.kind == Kind::Word);
        let Some(from) = words.last().map(|token| token.span.start) else { return (number, None) };
        Qualifier::ending(&self.text[from..number])
            .map_or((number, None), |(qualifier, start)| (from + start, Some(qualifier)))
    }

    /// Where the number at `i` ends with the words that qualify it from behind.
    fn with_words_after(self, i: usize) -> usize {
        let number = self.tokens[i].span.end;
        let Some(last) = self.tokens.get(i + 2) else { return number };
        Qualifier::beginning(&self.text[number..last.span.end]).map_or(number, |(_, end)| number + end)
    }

    /// `1 071` with a space that breaks may be one number or two.
    fn follows_spaced_number(self, i: usize) -> bool {
        let token = &self.tokens[i];
        let grouped = |text: &str| text.split(['.', ',']).next().is_some_and(|first| first.len() == 3);
        i > 0
            && token.gap == Gap::Space
            && grouped(self.slice(i..i + 1))
            && self.kind(i - 1) == Some(Kind::Number)
            && self.tokens[i - 1].span.len() <= 3
    }

    fn count_of(self, span: Range<usize>, amount: Amount) -> Count {
        Count { text: self.text[span.clone()].trim().to_owned(), span, amount }
    }

    pub(super) fn is_hundred_percent(self, i: usize) -> bool {
        self.kind(i + 1) == Some(Kind::Percent) && self.slice(i..i + 1) == "100"
    }

    pub(super) fn kind(self, i: usize) -> Option<Kind> {
        self.tokens.get(i).map(|token| token.kind)
    }

    /// The text of some tokens.
    pub(super) fn slice(self, at: Range<usize>) -> &'a str {
        &self.text[self.bytes(&at)]
    }

    /// The bytes of some tokens, at least one.
    pub(super) fn bytes(self, at: &Range<usize>) -> Range<usize> {
        self.tokens[at.start].span.start..self.tokens[at.end - 1].span.end
    }
}
