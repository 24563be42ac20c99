//! Reads a text: its claims, and what looks like a figure of one and is not read.

use std::{collections::BTreeSet, ops::Range};

use serde::Serialize;

use super::{
    claim::*,
    count::{Counted, counted, of_which},
    mark::{Figure, Mark, Sentence, marks},
    narrow::{self, narrowed, trait_of},
    period::{PeriodSaid, carried_from, period_of},
    phrases::{Phrases, phrases},
    ratio::{self, Pairs, is_of_plan, pairs},
    sentence::sentences,
    subject::{Who, nation},
    sum::{Sum, sum},
    token::{Gap, Kind, tokens},
    topic::{Topic, guess, topic_at, topics_of},
    unit::{self, is_of_listed_unit, unit_before},
    units::{self, Share, begins_with_unit, grouped, is_share_in_words, shares},
    words::in_words,
};
use crate::vi::legacy;

/// What was found in a text, in its order. Every number that is no date, no year, no ordinal and no document's stands in one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    pub claims: Vec<Claim>,
    pub unread: Vec<Unread>,
}

/// What earlier sentences of a paragraph said last.
#[derive(Clone, Copy, Default)]
struct Carried {
    topic: Option<Topic>,
    period: PeriodSaid,
}

static GOES_ON: Phrases<()> = phrases![() => "trong đó", "trong số đó", "trong số này"];
static RESULT_OF: Phrases<()> =
    phrases![() => "đạt", "được", "thành lập", "kết nạp", "phát triển", "thực hiện", "có", "là", "mới", "ước đạt"];

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
        if tokens[range.start].gap == Gap::Blank {
            *carried = Carried::default();
        }
        let sentence = Sentence { text, tokens: &tokens[range] };
        if let Some(found) = legacy(sentence.slice(0..sentence.tokens.len())) {
            reading.unread.extend(sentence.not_unicode(found));
            continue;
        }
        let found = Found::of(sentence, *carried);
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
        whole.missed = whole.missed.take().or_else(|| part.missed.clone());
        last.sentence = format!("{} {}", last.sentence, first.sentence);
        last.span.end = first.span.end;
        claims.remove(0);
    }
}

/// The figures of a sentence, and what was made of them.
struct Found<'a> {
    sentence: Sentence<'a>,
    marks: Vec<Mark>,
    shares: Vec<Share>,
    pairs: Pairs,
    counted: Vec<Counted>,
    sum: Option<Sum>,
    carried: Carried,
    /// Those of the marks whose figures stand in a claim.
    read: BTreeSet<usize>,
}

impl<'a> Found<'a> {
    fn of(sentence: Sentence<'a>, carried: Carried) -> Self {
        let marks = marks(sentence);
        let shares = shares(sentence, &marks);
        let pairs = pairs(sentence, &marks, &shares);
        let sum = sum(sentence, &marks, &shares);
        let mut counted = counted(sentence, &marks, &shares, carried.topic);
        counted.retain(|counted| !sum.as_ref().is_some_and(|sum| sum.marks.contains(&counted.mark)));
        let mut found = Self { sentence, marks, shares, pairs, counted, sum, carried, read: BTreeSet::new() };
        found.read = found.read_marks();
        found
    }

    /// Ratios and percentages are told by themselves.
    fn read_marks(&self) -> BTreeSet<usize> {
        let mut read: BTreeSet<usize> = self.counted.iter().map(|counted| counted.mark).collect();
        read.extend(self.counted.iter().filter_map(|counted| Some(self.part_of(counted)?.0)));
        read.extend(self.shares.iter().map(|share| share.mark));
        read.extend((0..self.marks.len()).filter_map(|mark| self.part_of_fraction(mark)).map(|(part, _)| part));
        if let Some(sum) = &self.sum {
            let within = |mark: &usize| sum.at.contains(&self.marks[*mark].at.start);
            read.extend(
                (0..self.marks.len())
                    .filter(within)
                    .filter(|mark| matches!(self.marks[*mark].figure, Figure::Count(_))),
            );
        }
        read
    }

    fn claims(&self) -> Vec<Claim> {
        let mut claims: Vec<Claim> = (0..self.marks.len()).filter_map(|mark| self.ratio_or_percent(mark)).collect();
        claims.extend(self.counted.iter().map(|counted| self.count(counted)));
        let groups = grouped(self.sentence, &self.marks, &self.shares);
        claims.extend(groups.into_iter().map(|group| self.units(group)));
        claims.extend((0..self.marks.len()).filter_map(|mark| self.part_of_ratio(mark)));
        claims.extend(self.traits().into_iter().map(|(_, claim)| claim));
        claims.extend(self.sum.as_ref().map(|sum| {
            let topic = guess(self.sentence.tokens, &sum.at, self.carried.topic);
            let (total, parts) = (sum.total.clone(), sum.parts.clone());
            let role = self.role_of(sum);
            self.claim(sum.at.clone(), topic, Statement::Sum { total, parts, coverage: sum.coverage, role })
        }));
        claims.sort_by_key(|claim| claim.span.start);
        claims
    }

    fn ratio_or_percent(&self, mark: usize) -> Option<Claim> {
        let at = self.marks[mark].at.clone();
        let topic = guess(self.sentence.tokens, &at, self.carried.topic);
        match &self.marks[mark].figure {
            Figure::Fraction(actual, plan) if self.is_ratio(mark) => {
                let percent = self.pairs.of_fraction(mark);
                let span = percent.map_or_else(|| at.clone(), |percent| joined(&at, &self.marks[percent].at));
                let percent = percent.and_then(|percent| self.percent(percent));
                let statement = Statement::Ratio { actual: actual.clone(), plan: plan.clone(), percent };
                Some(self.of_some(self.claim(span, topic, statement), &at))
            }
            Figure::Percent(percent) if self.is_percent(mark, percent) => {
                let topic = topic.filter(|_| !self.is_of_something_else(mark));
                Some(self.of_some(self.claim(at.clone(), topic, Statement::Percent(percent.clone())), &at))
            }
            _ => None,
        }
    }

    /// With the words by which it is of a part.
    fn of_some(&self, claim: Claim, at: &Range<usize>) -> Claim {
        let named = topic_at(self.sentence.from(at.end)).map_or(0, |(_, length)| length);
        Claim { narrowed: self.narrowed(at.start, at.end + named).or(claim.narrowed), ..claim }
    }

    /// "Thành lập 47 tổ chức đảng, kết nạp 449 người, đạt 128,3%": of what the figure before it counts, which is not read.
    fn is_of_something_else(&self, mark: usize) -> bool {
        let start = narrow::part_start(self.sentence.tokens, self.marks[mark].at.start);
        let before = mark.checked_sub(1).filter(|before| self.marks[*before].at.start >= start);
        before.is_some_and(|before| {
            let count = matches!(self.marks[before].figure, Figure::Count(_));
            let between = &self.sentence.tokens[self.marks[before].at.end..self.marks[mark].at.start];
            count && topics_of(between).is_empty() && !self.read.contains(&before)
        })
    }

    /// With its percentage, or where words say that it is a result. Shares of units are none.
    fn is_ratio(&self, mark: usize) -> bool {
        let at = &self.marks[mark].at;
        let before = &self.sentence.tokens[..at.start];
        let after = &self.sentence.tokens[at.end..];
        let units = begins_with_unit(after) || is_share_in_words(after);
        // In a list of units the figures speak of what an earlier sentence named.
        let listed = || self.carried.topic.is_some() && is_of_listed_unit(self.sentence.tokens, at.start);
        let result = RESULT_OF.ending(before).is_some() || !topics_of(self.sentence.tokens).is_empty() || listed();
        let measures = ratio::is_of_measures(self.sentence, &self.marks, mark);
        !self.is_share(mark) && !measures && (self.pairs.of_fraction(mark).is_some() || (!units && result))
    }

    fn is_percent(&self, mark: usize, percent: &Percent) -> bool {
        !self.pairs.holds_percent(mark)
            && !self.is_in_share(mark)
            && !self.is_of_units(mark)
            && is_of_plan(self.sentence, &self.marks[mark], percent)
    }

    /// "12 đơn vị đạt 100% kế hoạch trở lên" says of units how far they came.
    fn is_of_units(&self, mark: usize) -> bool {
        let Some(before) = mark.checked_sub(1).map(|before| &self.marks[before]) else { return false };
        let between = &self.sentence.tokens[before.at.end..self.marks[mark].at.start];
        units::noun(between).is_some()
            && !between.iter().any(|token| matches!(token.kind, Kind::Comma | Kind::Semicolon))
    }

    fn is_share(&self, mark: usize) -> bool {
        self.shares.iter().any(|share| share.mark == mark)
    }

    /// "hoàn thành 100% chỉ tiêu" is how units stand.
    fn is_in_share(&self, mark: usize) -> bool {
        self.shares.iter().any(|share| share.mark != mark && share.at.contains(&self.marks[mark].at.start))
    }

    fn percent(&self, mark: usize) -> Option<Percent> {
        match &self.marks[mark].figure {
            Figure::Percent(percent) => Some(percent.clone()),
            _ => None,
        }
    }

    fn count(&self, counted: &Counted) -> Claim {
        let part = self.part_of(counted);
        let at = part.map_or_else(|| counted.at.clone(), |(mark, _)| joined(&counted.at, &self.marks[mark].at));
        let of_which = part.map(|(_, count)| count.clone());
        let of = part.and_then(|(mark, _)| trait_of(self.sentence, &self.marks[mark])).map(|(of, _)| of);
        let statement = Statement::Count { role: counted.role, count: counted.count.clone(), of_which, of };
        let mut claim = self.claim(at, Some(counted.topic), statement);
        claim.narrowed = self.narrowed(counted.at.start, counted.at.end).or(claim.narrowed);
        let own = unit_before(self.sentence.tokens, counted.at.start)
            .is_some_and(|unit| unit::is_of_its_own(self.sentence.tokens, &unit));
        if claim.narrowed.is_none() && (own || counted.perhaps_part) {
            let said = self.sentence.slice(counted.at.clone()).to_owned();
            claim.narrowed = Some(Narrowed { said, by: NarrowedBy::Perhaps });
        }
        claim
    }

    /// The "of which" behind a count.
    fn part_of(&self, counted: &Counted) -> Option<(usize, &Count)> {
        let part = of_which(self.sentence, &self.marks, &self.shares, counted.at.end);
        part.filter(|(mark, _)| !self.counted.iter().any(|other| other.mark == *mark) && !self.is_in_sum(*mark))
    }

    fn is_in_sum(&self, mark: usize) -> bool {
        self.sum.as_ref().is_some_and(|sum| sum.marks.contains(&mark))
    }

    /// Plans or results, where the words for the whole say so.
    fn role_of(&self, sum: &Sum) -> Option<Role> {
        let is_total = |counted: &&Counted| counted.count.span == sum.total.span;
        self.counted.iter().find(is_total).filter(|counted| !counted.perhaps_part).map(|counted| counted.role)
    }

    fn narrowed(&self, at: usize, end: usize) -> Option<Narrowed> {
        let (range, by) = narrowed(self.sentence, &self.marks, at, end)?;
        Some(Narrowed { said: self.sentence.slice(range).to_owned(), by })
    }

    /// "(trong đó nữ 171, công nhân 165)": each is a claim on its own, unless it stands with its whole.
    fn traits(&self) -> Vec<(usize, Claim)> {
        let of = |mark: usize| {
            let Figure::Count(count) = &self.marks[mark].figure else { return None };
            let (of, at) = trait_of(self.sentence, &self.marks[mark]).filter(|_| !self.read.contains(&mark))?;
            let topic = guess(self.sentence.tokens, &self.marks[mark].at, self.carried.topic)?;
            if narrow::is_no_total(self.sentence, &self.marks, mark, at.end) {
                return None;
            }
            let said = self.sentence.slice(at.clone()).to_owned();
            let statement = Statement::Count { role: Role::Done, count: count.clone(), of_which: None, of: None };
            let mut claim = self.claim(at, Some(topic), statement);
            claim.narrowed = Some(Narrowed { said, by: NarrowedBy::Trait(of) });
            Some((mark, claim))
        };
        (0..self.marks.len()).filter_map(of).collect()
    }

    /// "449/350=128,3%, trong đó có 6 …": the six are a part of the 449.
    fn part_of_ratio(&self, mark: usize) -> Option<Claim> {
        let Figure::Fraction(whole, _) = &self.marks[mark].figure else { return None };
        let (part, of_which) = self.part_of_fraction(mark)?;
        let at = &self.marks[mark].at;
        let topic = guess(self.sentence.tokens, at, self.carried.topic);
        let of = trait_of(self.sentence, &self.marks[part]).map(|(of, _)| of);
        let statement =
            Statement::Count { role: Role::Done, count: whole.clone(), of_which: Some(of_which.clone()), of };
        Some(self.claim(joined(at, &self.marks[part].at), topic, statement))
    }

    fn part_of_fraction(&self, mark: usize) -> Option<(usize, &Count)> {
        let Figure::Fraction(..) = &self.marks[mark].figure else { return None };
        let at = &self.marks[mark].at;
        let end = self.pairs.of_fraction(mark).map_or(at.end, |percent| self.marks[percent].at.end.max(at.end));
        let part = of_which(self.sentence, &self.marks, &self.shares, end)?;
        let read = self.counted.iter().any(|counted| counted.mark == part.0) || self.is_in_sum(part.0);
        (self.is_ratio(mark) && !read).then_some(part)
    }

    fn units(&self, mut group: Vec<Share>) -> Claim {
        for share in &mut group {
            share.out_of.percent = self.pairs.of_fraction(share.mark).and_then(|percent| self.percent(percent));
        }
        let at = group[0].at.start..group[group.len() - 1].at.end;
        let otherwise = guess(self.sentence.tokens, &self.marks[group[0].mark].at, self.carried.topic);
        let topic = units::topic(self.sentence, &group, otherwise);
        let end = self.marks[group[0].mark].at.end;
        let narrowed = units::of_one_kind(self.sentence, &group[0], end).map(|(range, more)| {
            let by = if more { NarrowedBy::Perhaps } else { NarrowedBy::Part };
            Narrowed { said: self.sentence.slice(range).to_owned(), by }
        });
        let claim = self.claim(at, topic, Statement::Units(Box::new(units::claim(group))));
        Claim { narrowed: narrowed.or(claim.narrowed), ..claim }
    }

    fn unread(&self) -> Vec<Unread> {
        let mut read = self.read.clone();
        read.extend(self.traits().into_iter().map(|(mark, _)| mark));
        let names: Vec<Range<usize>> =
            read.iter().filter_map(|mark| unit_before(self.sentence.tokens, self.marks[*mark].at.start)).collect();
        let named = |mark: usize| names.iter().any(|name| name.contains(&self.marks[mark].at.start));
        let why = |mark: usize| match &self.marks[mark].figure {
            Figure::Unread(why) => Some(*why),
            Figure::Fraction(..) if !self.is_share(mark) && !self.is_ratio(mark) => {
                let after = &self.sentence.tokens[self.marks[mark].at.end..];
                let units = begins_with_unit(after) || is_share_in_words(after);
                Some(if units { WhyUnread::Share } else { WhyUnread::Fraction })
            }
            Figure::Percent(_) if self.is_in_share(mark) => None,
            Figure::Percent(percent) if !self.pairs.holds_percent(mark) && !self.is_percent(mark, percent) => {
                Some(WhyUnread::PercentOfOther)
            }
            Figure::Count(_) if !read.contains(&mark) && !named(mark) => {
                let no_total = narrow::is_no_total(self.sentence, &self.marks, mark, self.marks[mark].at.end);
                Some(if no_total { WhyUnread::NoTotal } else { WhyUnread::Number })
            }
            _ => None,
        };
        let told = |at: &Range<usize>, why: WhyUnread| Unread {
            sentence: self.whole(),
            span: self.sentence.bytes(at),
            text: self.sentence.slice(at.clone()).to_owned(),
            why,
        };
        let figures = (0..self.marks.len()).filter_map(|mark| Some(told(&self.marks[mark].at, why(mark)?)));
        let words = in_words(self.sentence).into_iter().map(|at| told(&at, WhyUnread::InWords));
        let mut unread: Vec<Unread> = figures.chain(words).collect();
        unread.sort_by_key(|unread| unread.span.start);
        unread
    }

    fn claim(&self, at: Range<usize>, topic: Option<Topic>, statement: Statement) -> Claim {
        let first = self.marks.iter().find(|mark| at.contains(&mark.at.start)).map_or(at.end, |mark| mark.at.end);
        let of_units = matches!(statement, Statement::Units(_) | Statement::Sum { .. });
        let Who { unit, lead, whole_said, perhaps_whole } = Who::of(self.sentence, at.start, first, of_units);
        let period = period_of(self.sentence, at.start, self.carried.period);
        let within = self.marks.iter().filter(|mark| at.contains(&mark.at.start));
        let bytes = self.sentence.bytes(&at);
        // A word such as "gần" stands before the first token of its figure.
        let start = within.filter_map(|mark| mark.figure.start()).fold(bytes.start, usize::min);
        // "Cả nước" is more than any ledger has.
        let said = nation(self.sentence.tokens, at.start).map(|range| self.sentence.slice(range).to_owned());
        let narrowed = said.map(|said| Narrowed { said, by: NarrowedBy::Part });
        let (sentence, span) = (self.whole(), start..bytes.end);
        Claim { sentence, span, topic, unit, period, narrowed, statement, lead, whole_said, perhaps_whole }
    }

    fn whole(&self) -> String {
        self.sentence.slice(0..self.sentence.tokens.len()).to_owned()
    }
}

fn joined(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}
