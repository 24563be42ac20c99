//! What a question means: which days, which position, which lens.

use std::str::FromStr;

use domain::{
    LocalDate, PeriodKey, Position, ProgrammeKey, Timestamp,
    fold::{Lens, TallyQuery},
    period::{Closing, CutOff, OpenedPeriod},
};
use kit::Problem;

use crate::{
    Portal,
    answers::{PeriodOf, Point, beyond},
    api::{tallies::reached, wrong_parameter},
    times::KnownAt,
};

/// Whole names that a refusal gives.
const NAMES_MAX: usize = 5;

/// A question about a period.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) of: PeriodOf,
    /// Today unless given.
    pub(crate) valid: Option<LocalDate>,
    pub(crate) known: Known,
    /// Unless given, a closed period is answered as reported when nothing else is asked for.
    pub(crate) lens: Option<Lens>,
}

/// Up to where the ledger is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Now,
    At(Position),
    AtTime(Timestamp),
    /// A closing of the period, by its number.
    Closing(u32),
    /// A cut-off of the period, by its number.
    CutOff(u32),
}

impl FromStr for Known {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Ok(position) = text.parse() {
            return Ok(Self::At(Position(position)));
        }
        let numbered = |name: &str| text.strip_prefix(name)?.parse().ok();
        match (numbered("closing-"), numbered("cut-off-")) {
            (Some(number), _) => Ok(Self::Closing(number)),
            (_, Some(number)) => Ok(Self::CutOff(number)),
            _ => text.parse().map(Self::AtTime).map_err(|_| ()),
        }
    }
}

/// Why a text says nothing that is known in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKnown {
    Unreadable,
    /// It is the whole name of a closing or a cut-off of another period.
    OfAnother,
}

impl Known {
    /// What a text says where a period is asked about, whose closings and cut-offs go by their own or by their whole name.
    ///
    /// # Errors
    /// It says nothing, or names another period.
    pub fn in_period(text: &str, programme: &ProgrammeKey, period: &PeriodKey) -> Result<Self, NotKnown> {
        let Some((of, name)) = text.rsplit_once('/') else { return text.parse().map_err(|()| NotKnown::Unreadable) };
        match name.parse() {
            Ok(known @ (Self::Closing(_) | Self::CutOff(_))) if of == format!("{programme}/{period}") => Ok(known),
            Ok(Self::Closing(_) | Self::CutOff(_)) => Err(NotKnown::OfAnother),
            _ => Err(NotKnown::Unreadable),
        }
    }
}

impl std::fmt::Display for Known {
    /// As it stands in a query; nothing for now.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Now => Ok(()),
            Self::At(position) => write!(f, "{position}"),
            Self::AtTime(at) => write!(f, "{at}"),
            Self::Closing(number) => write!(f, "closing-{number}"),
            Self::CutOff(number) => write!(f, "cut-off-{number}"),
        }
    }
}

impl Portal {
    /// What `known` says where no period is asked about: a position, an instant, or a closing or cut-off by its whole name, such as
    /// `nq28/2022/closing-1`.
    pub(crate) fn moment_of(&self, known: Option<&str>) -> Result<Known, Problem> {
        let Some(text) = known else { return Ok(Known::Now) };
        if let Some((period, name)) = text.rsplit_once('/') {
            return self.position_named(period, name).map(Known::At);
        }
        match text.parse() {
            Ok(named @ (Known::Closing(_) | Known::CutOff(_))) => Err(self.needs_its_whole_name(named)),
            Ok(known) => Ok(known),
            Err(()) => Err(wrong_parameter(
                "known",
                "cần một vị trí, thời điểm RFC 3339, hoặc cả tên của một lần khóa kỳ như nq28/2022/closing-1",
                "give a position, an instant in RFC 3339, or the whole name of a closing, such as nq28/2022/closing-1",
            )),
        }
    }

    /// Every period has a closing of the same name: which of them there are is said.
    fn needs_its_whole_name(&self, named: Known) -> Problem {
        let reference = self.reference();
        let has = |period: &OpenedPeriod| match named {
            Known::Closing(number) => closing(period, number).is_ok(),
            Known::CutOff(number) => cut_off(period, number).is_ok(),
            _ => false,
        };
        let having = reference.periods.iter().filter(|(_, period)| period.opened().is_some_and(has));
        let mut names: Vec<_> =
            having.take(NAMES_MAX).map(|((programme, period), _)| format!("{programme}/{period}/{named}")).collect();
        if names.is_empty() {
            names.push(format!("nq28/2022/{named}"));
        }
        let (vi, en) = (names.join(" hoặc "), names.join(" or "));
        wrong_parameter(
            "known",
            &format!("`{named}` là của từng kỳ; ở đây ghi cả tên: {vi}; hoặc một vị trí, thời điểm RFC 3339"),
            &format!(
                "every period has a `{named}`; here give the whole name: {en}; or a position, an instant in RFC 3339"
            ),
        )
    }

    /// The position of a closing or a cut-off of `programme/period`.
    fn position_named(&self, period: &str, name: &str) -> Result<Position, Problem> {
        let reference = self.reference();
        let keys = period
            .split_once('/')
            .and_then(|(programme, period)| Some((programme.parse().ok()?, period.parse().ok()?)));
        let opened = keys.and_then(|(programme, period)| reference.period(&programme, &period));
        match (opened, name.parse()) {
            (Some(opened), Ok(Known::Closing(number))) => Ok(closing(opened, number)?.position),
            (Some(opened), Ok(Known::CutOff(number))) => Ok(cut_off(opened, number)?.position),
            _ => Err(wrong_parameter(
                "known",
                "không có khóa kỳ nào tên như vậy; viết như nq28/2022/closing-1 hoặc nq28/2022/cut-off-1",
                "there is no closing of this name; write it as nq28/2022/closing-1 or nq28/2022/cut-off-1",
            )),
        }
    }

    /// Which days and which position a question means.
    pub(crate) async fn resolve(&self, asked: &Asked) -> Result<Point, Problem> {
        // Before a closing is waited for.
        self.reached()?;
        let reference = self.reference();
        match (asked.known, asked.lens, reference.period(&asked.of.programme, &asked.of.period)) {
            (Known::Closing(number), lens, Some(period)) => {
                let closing = closing(period, number)?;
                self.frozen(asked, closing, lens.unwrap_or(Lens::AsReported)).await
            }
            (Known::CutOff(number), lens, Some(period)) => {
                if lens == Some(Lens::AsReported) {
                    return Err(reports_nothing());
                }
                self.cut_off(asked, cut_off(period, number)?).await
            }
            (Known::Now, None, Some(period)) => match period.standing.closed_on(self.today()) {
                Some(closing) => {
                    let frozen = self.frozen(asked, closing, Lens::AsReported).await?;
                    let now = self.as_known(asked).await?;
                    Ok(Point { since: Some(now.query), settled: None, ..frozen })
                }
                None => self.as_known(asked).await,
            },
            (Known::Now, Some(Lens::AsReported), Some(period)) => {
                let last = period.standing.closings().last().copied();
                let frozen = self.frozen(asked, last.ok_or_else(never_closed)?, Lens::AsReported).await?;
                Ok(Point { settled: None, ..frozen })
            }
            (_, Some(Lens::AsReported), Some(period)) => {
                let known = self.as_known(asked).await?;
                let mut closings = period.standing.closings().iter();
                let last = closings.rfind(|closing| closing.position <= known.position()).copied();
                let frozen = self.frozen(asked, last.ok_or_else(never_closed)?, Lens::AsReported).await?;
                // Another closing may still come before a moment that has not passed.
                Ok(Point { settled: known.settled, ..frozen })
            }
            _ => self.as_known(asked).await,
        }
    }

    /// What a closing froze: judged on its day.
    async fn frozen(&self, asked: &Asked, closing: Closing, lens: Lens) -> Result<Point, Problem> {
        // The facts may be behind the reference, which knows of the closing.
        reached(self, closing.position).await?;
        let of_the_closing = Asked { known: Known::At(closing.position), lens: None, ..asked.clone() };
        let point = self.as_known(&of_the_closing).await?;
        let query = TallyQuery { judged_on: closing.closed_on, ..point.query };
        Ok(Point { query, lens, ..point })
    }

    /// What a cut-off names: up to its day, judged on the day it was made.
    async fn cut_off(&self, asked: &Asked, cut_off: CutOff) -> Result<Point, Problem> {
        reached(self, cut_off.position).await?;
        let valid = asked.valid.unwrap_or(cut_off.valid);
        let named = Asked { known: Known::At(cut_off.position), valid: Some(valid), lens: None, ..asked.clone() };
        let point = self.as_known(&named).await?;
        Ok(Point { query: TallyQuery { judged_on: cut_off.cut_off_on, ..point.query }, ..point })
    }

    async fn as_known(&self, asked: &Asked) -> Result<Point, Problem> {
        let (position, settled) = self.position_of(asked.known, self.reached()?).await?;
        let judged_on = self.day_of(asked.known).await?;
        let PeriodOf { programme, period } = asked.of.clone();
        let reference = self.reference_at(position).await?;
        let opened = reference.period(&programme, &period);
        if let (Some(opened), Some(valid)) = (opened, asked.valid)
            && valid < opened.first_day
        {
            return Err(before_the_period(opened.first_day));
        }
        let valid = asked.valid.unwrap_or(judged_on);
        // A period that was opened before it began is answered as of its first day, so that its axes can be asked for.
        let valid = opened.map_or(valid, |opened| opened.nearest(valid));
        let query = TallyQuery { programme, period, valid, judged_on, known: Some(position) };
        Ok(Point { settled, ..Point::new(query, reference) })
    }

    /// The position that is meant, no later than `reached`, and whether the answer for it stays. What names a closing or a cut-off means
    /// everything where there is no period to have it.
    pub(crate) async fn position_of(
        &self,
        known: Known,
        reached: Position,
    ) -> Result<(Position, Option<bool>), Problem> {
        match known {
            Known::At(Position::START) => Err(before_the_ledger()),
            Known::At(position) if position <= reached => Ok((position, Some(true))),
            Known::At(position) => Err(beyond(position, reached)),
            Known::AtTime(at) if at > self.deps.live.now() => Err(in_the_future()),
            Known::AtTime(at) => {
                let KnownAt { position, settled } = self.known_at(at).await?;
                if position == Position::START {
                    return Err(before_the_ledger());
                }
                Ok((position.min(reached), Some(settled && position <= reached)))
            }
            Known::Now | Known::Closing(_) | Known::CutOff(_) => Ok((self.known_here(reached).await, None)),
        }
    }

    /// A moment is judged on its own day; a position on the day on which it was recorded.
    pub(crate) async fn day_of(&self, known: Known) -> Result<LocalDate, Problem> {
        let today = self.today();
        Ok(match known {
            Known::At(position) => self.recorded_at(position).await?.map_or(today, Timestamp::local_date),
            Known::AtTime(at) => at.local_date(),
            Known::Now | Known::Closing(_) | Known::CutOff(_) => today,
        })
    }
}

fn closing(period: &OpenedPeriod, number: u32) -> Result<Closing, Problem> {
    let closings = period.standing.closings();
    closings.iter().find(|closing| closing.number == number).copied().ok_or_else(|| {
        let n = closings.len();
        wrong_parameter("known", &format!("kỳ này mới khóa {n} lần"), &format!("closings of the period so far: {n}"))
    })
}

fn cut_off(period: &OpenedPeriod, number: u32) -> Result<CutOff, Problem> {
    let cut_offs = period.standing.cut_offs();
    cut_offs.iter().find(|cut_off| cut_off.number == number).copied().ok_or_else(|| {
        let n = cut_offs.len();
        wrong_parameter(
            "known",
            &format!("kỳ này mới chốt số liệu {n} lần"),
            &format!("cut-offs of the period so far: {n}"),
        )
    })
}

fn never_closed() -> Problem {
    wrong_parameter(
        "lens",
        "kỳ này khi đó chưa khóa lần nào nên chưa có số đã báo cáo; dùng `as-known`",
        "the period had not been closed by then, so nothing was reported; ask `as-known`",
    )
}

fn reports_nothing() -> Problem {
    wrong_parameter(
        "lens",
        "chốt số liệu không khóa kỳ, nên không có số đã báo cáo; dùng `as-known`",
        "a cut-off closes nothing, so nothing was reported by it; ask `as-known`",
    )
}

fn before_the_period(first_day: LocalDate) -> Problem {
    wrong_parameter(
        "valid",
        &format!("kỳ bắt đầu ngày {first_day}; trước đó chưa có gì để tính"),
        &format!("the period begins on {first_day}; before that there is nothing to count"),
    )
}

pub(crate) fn before_the_ledger() -> Problem {
    wrong_parameter("known", "thời điểm này trước khi mở sổ", "the ledger had not begun at that moment")
}

fn in_the_future() -> Problem {
    wrong_parameter("known", "thời điểm này chưa đến", "that moment is still to come")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_is_a_position_an_instant_a_closing_or_a_cut_off_both_ways() {
        for (text, known) in [
            ("1875", Known::At(Position(1_875))),
            ("2023-01-03T06:00:00Z", Known::AtTime(Timestamp(1_672_725_600_000_000))),
            ("closing-2", Known::Closing(2)),
            ("cut-off-1", Known::CutOff(1)),
        ] {
            assert_eq!(text.parse(), Ok(known));
            assert_eq!(known.to_string().parse(), Ok(known));
        }
        let keys = || ("nq28".parse().unwrap(), "2022".parse().unwrap());
        let in_2022 = |text: &str| Known::in_period(text, &keys().0, &keys().1);
        assert_eq!((in_2022("closing-2"), in_2022("1875")), (Ok(Known::Closing(2)), Ok(Known::At(Position(1_875)))));
        assert_eq!(in_2022("nq28/2022/closing-2"), Ok(Known::Closing(2)));
        assert_eq!(in_2022("nq28/2022/cut-off-1"), Ok(Known::CutOff(1)));
        for other in ["nq28/2023/closing-1", "nq29/2022/cut-off-1", "2022/closing-1", "/closing-1"] {
            assert_eq!(in_2022(other), Err(NotKnown::OfAnother), "{other}");
        }
        for wrong in ["nq28/2022/1875", "nq28/2022/", "nq28/2022/closing-x", "soon"] {
            assert_eq!(in_2022(wrong), Err(NotKnown::Unreadable), "{wrong}");
        }
        for wrong in ["yesterday", "closing-", "closing-x", "cut-off", ""] {
            assert_eq!(wrong.parse::<Known>(), Err(()), "{wrong}");
        }
    }
}
