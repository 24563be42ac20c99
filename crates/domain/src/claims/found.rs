//! The figures of one sentence, and the claims that they make.

use std::{collections::BTreeSet, ops::Range};

use super::{
    claim::*,
    context::{clause_start, not_understood},
    count::{Counted, counted, of_which},
    mark::{Figure, Mark, Sentence, marks},
    narrow::{self, narrowed, trait_of},
    period::{PeriodSaid, period_of},
    phrases::{Phrases, phrases},
    ratio::{self, Pairs, is_of_plan, pairs},
    scope::{Scope, Speaks},
    some::of_some_units,
    subject::{Who, nation},
    sum::{Sum, sum},
    token::Kind,
    topic::{Topic, guess, topic_at, topics_of},
    unit::{self, is_of_listed_unit, unit_before},
    units::{self, Share, begins_with_unit, grouped, is_share_in_words, shares},
    words::in_words,
};

static IN_TURN: Phrases<()> = phrases![() => "lần lượt"];
static RESULT_OF: Phrases<()> =
    phrases![() => "đạt", "được", "thành lập", "kết nạp", "phát triển", "thực hiện", "có", "là", "mới", "ước đạt"];

/// What earlier sentences of a paragraph said last.
#[derive(Clone, Default)]
pub(super) struct Carried {
    pub(super) topic: Option<Topic>,
    pub(super) period: PeriodSaid,
    pub(super) speaks: Speaks,
    /// Of whom the heading is under which they stand.
    pub(super) headed: Speaks,
    /// They go on: the last of them ended in a colon or in the sign of a list.
    pub(super) goes_on: bool,
}

/// The figures of a sentence, and what was made of them.
pub(super) struct Found<'a> {
    sentence: Sentence<'a>,
    marks: Vec<Mark>,
    shares: Vec<Share>,
    pairs: Pairs,
    counted: Vec<Counted>,
    sum: Option<Sum>,
    carried: Carried,
    scope: Scope<'a>,
    /// Those of the marks whose figures stand in a claim.
    read: BTreeSet<usize>,
}

impl<'a> Found<'a> {
    pub(super) fn of(sentence: Sentence<'a>, carried: Carried) -> Self {
        let marks = marks(sentence);
        let shares = shares(sentence, &marks);
        let pairs = pairs(sentence, &marks, &shares);
        let sum = sum(sentence, &marks, &shares);
        let mut counted = counted(sentence, &marks, &shares, carried.topic);
        counted.retain(|counted| !sum.as_ref().is_some_and(|sum| sum.marks.contains(&counted.mark)));
        let scope = Scope::of(sentence, carried.speaks.clone());
        let mut found = Self { sentence, marks, shares, pairs, counted, sum, carried, scope, read: BTreeSet::new() };
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

    pub(super) fn claims(&self) -> Vec<Claim> {
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
        // "Lần lượt đạt 111,9%, 123,4%": which is whose, the order alone says.
        let in_turn =
            IN_TURN.within(&self.sentence.tokens[narrow::part_start(self.sentence.tokens, at.start)..at.start]);
        let topic = guess(self.sentence.tokens, &at, self.carried.topic).filter(|_| !in_turn);
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
        Claim { narrowed: some_of(self.narrowed(at.start, at.end + named), claim.narrowed), ..claim }
    }

    /// "Thành lập 47 tổ chức đảng, kết nạp 449 người, đạt 128,3%": of what the figure before it counts, which is not read.
    fn is_of_something_else(&self, mark: usize) -> bool {
        let start = narrow::part_start(self.sentence.tokens, self.marks[mark].at.start);
        let before = mark.checked_sub(1).filter(|before| self.marks[*before].at.start >= start);
        before.is_some_and(|before| {
            let count = matches!(self.marks[before].figure, Figure::Count(_));
            let between = &self.sentence.tokens[self.marks[before].at.end..self.marks[mark].at.start];
            // "Hộ nghèo còn 0,8%, đạt 100% kế hoạch".
            let rate = matches!(&self.marks[before].figure, Figure::Percent(percent) if !self.pairs.holds_percent(before) && !self.is_percent(before, percent));
            topics_of(between).is_empty() && (rate || (count && !self.read.contains(&before)))
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
        let measures = ratio::is_of_measures(self.sentence, &self.marks, mark)
            || self.explains_another(mark)
            || self.sentence.is_range_of_results(before)
            || units::are_assessed(narrow::clause_behind(self.sentence.tokens, at.end));
        !self.is_share(mark) && !measures && (self.pairs.of_fraction(mark).is_some() || (!units && result))
    }

    /// "25% số đơn vị vượt chỉ tiêu (4/16)": of what the percentage before it is.
    fn explains_another(&self, mark: usize) -> bool {
        let opened = self.marks[mark].at.start.checked_sub(1).and_then(|i| self.sentence.kind(i)) == Some(Kind::Open);
        let before = mark.checked_sub(1).map(|before| &self.marks[before]);
        opened && before.is_some_and(|percent| ratio::is_of_another(self.sentence, percent))
    }

    fn is_percent(&self, mark: usize, percent: &Percent) -> bool {
        !self.pairs.holds_percent(mark)
            && !self.is_in_share(mark)
            && !self.is_of_units(mark)
            && is_of_plan(self.sentence, &self.marks[mark], percent)
            && (self.names_topic(mark) || self.not_understood(self.marks[mark].at.start).is_none())
    }

    /// Whether the clause of a figure names what it is of.
    fn names_topic(&self, mark: usize) -> bool {
        let (tokens, at) = (self.sentence.tokens, &self.marks[mark].at);
        let behind = at.end + narrow::clause_behind(tokens, at.end).len();
        !topics_of(&tokens[clause_start(tokens, at.start)..behind]).is_empty()
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
        claim.narrowed = some_of(self.narrowed(counted.at.start, counted.at.end), claim.narrowed);
        let own = unit_before(self.sentence.tokens, counted.at.start)
            .is_some_and(|unit| unit::is_of_its_own(self.sentence.tokens, &unit));
        let of_all_hosts =
            part.is_some_and(|(mark, _)| narrow::is_of_hosts(self.sentence.tokens, self.marks[mark].at.end));
        if claim.narrowed.is_none() && (own || counted.perhaps_part || of_all_hosts) {
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
        let percent = self.sentence.kind(at + 1) == Some(Kind::Percent);
        let some = || Some((of_some_units(self.sentence.tokens, at, percent)?, NarrowedBy::Perhaps));
        let (range, by) = narrowed(self.sentence, &self.marks, at, end).or_else(some)?;
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
            claim.narrowed = some_of(Some(Narrowed { said, by: NarrowedBy::Trait(of) }), claim.narrowed);
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
        let some = narrow::some_before(self.sentence.tokens, at.start);
        let narrowed =
            narrowed.or_else(|| some.map(|(range, by)| Narrowed { said: self.sentence.slice(range).to_owned(), by }));
        let claim = self.claim(at, topic, Statement::Units(Box::new(units::claim(self.sentence, group))));
        Claim { narrowed: narrowed.or(claim.narrowed), ..claim }
    }

    pub(super) fn unread(&self) -> Vec<Unread> {
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
        let who = Who::of(self.sentence, &self.scope, at.start, first, matches!(statement, Statement::Units(_)));
        let Who { unit, told, lead, whole_said, perhaps_whole, nameless } = who;
        let period = period_of(self.sentence, at.start, self.carried.period);
        let within = self.marks.iter().filter(|mark| at.contains(&mark.at.start));
        let bytes = self.sentence.bytes(&at);
        // A word such as "gần" stands before the first token of its figure.
        let start = within.filter_map(|mark| mark.figure.start()).fold(bytes.start, usize::min);
        // "Cả nước" is more than any ledger has.
        let said = nation(self.sentence.tokens, at.start).map(|range| self.sentence.slice(range).to_owned());
        let narrowed = said.map(|said| Narrowed { said, by: NarrowedBy::Part });
        let narrowed = narrowed
            .or_else(|| if of_units { None } else { self.not_understood(at.start) })
            .or_else(|| nameless.map(|said| Narrowed { said, by: NarrowedBy::Perhaps }));
        let (sentence, span) = (self.whole(), start..bytes.end);
        Claim { sentence, span, topic, unit, told, period, narrowed, statement, lead, whole_said, perhaps_whole }
    }

    /// Of whom the next sentence may speak.
    pub(super) fn speaks(&self) -> Speaks {
        self.scope.carried_on()
    }

    /// Words that lead to a figure and say something of it that nobody knows here.
    fn not_understood(&self, at: usize) -> Option<Narrowed> {
        let tokens = self.sentence.tokens;
        let range = not_understood(tokens, at, unit_before(tokens, at).as_ref())?;
        Some(Narrowed { said: self.sentence.slice(range).to_owned(), by: NarrowedBy::Perhaps })
    }

    fn whole(&self) -> String {
        self.sentence.slice(0..self.sentence.tokens.len()).to_owned()
    }
}

/// By its own words, or by those that lead to it: women whom "xã" admitted are no part of all women.
fn some_of(own: Option<Narrowed>, led: Option<Narrowed>) -> Option<Narrowed> {
    match own {
        Some(Narrowed { by: NarrowedBy::Trait(_), .. }) if led.is_some() => led,
        own => own.or(led),
    }
}

fn joined(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}
