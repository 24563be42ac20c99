//! What a text claims, with every part as it is printed there.

use std::ops::Range;

use serde::Serialize;

use super::{period::PeriodSaid, topic::Topic};
use crate::{
    Trait,
    vi::{Amount, Decimal, Legacy, NoFigure, Qualifier},
};

/// A claim found in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Claim {
    /// As it stands in the text, line breaks included.
    pub sentence: String,
    /// Bytes of the text from the first part of the claim to its last.
    #[cfg_attr(feature = "schema", schema(value_type = Span))]
    pub span: Range<usize>,
    /// Guessed from the words around it.
    pub topic: Option<Topic>,
    /// The one unit of which it speaks, as named beside it or before, which a ledger may know to be the whole; none when it speaks of the whole.
    pub unit: Option<String>,
    pub period: PeriodSaid,
    /// None when it speaks of all that its measure counts.
    pub narrowed: Option<Narrowed>,
    pub statement: Statement,
    /// The words that lead to it, in which a ledger looks for names of its units.
    #[serde(skip)]
    pub(super) lead: String,
    /// The words by which it speaks of the whole, such as "toàn tỉnh"; empty where there are none.
    #[serde(skip)]
    pub(super) whole_said: String,
    /// As far as its words tell, `unit` may be the whole itself: a city, a province, or whoever begins the sentence.
    #[serde(skip)]
    pub(super) perhaps_whole: bool,
    #[serde(skip)]
    pub(super) told: Told,
}

/// Bytes of a text, the end not included.
#[cfg(feature = "schema")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "described, never made: a range looks like this in JSON")]
struct Span {
    start: usize,
    end: usize,
}

/// An amount as it looks in JSON: what has two parts of different kinds can only be described as one part of two.
#[cfg(feature = "schema")]
#[derive(utoipa::ToSchema)]
#[schema(as = ClaimAmount, rename_all = "snake_case")]
#[expect(dead_code, reason = "described, never made")]
enum AmountShape {
    Exactly(u32),
    /// The word and the number.
    Qualified((Qualifier, u32)),
    /// Both ends included.
    Between((u32, u32)),
}

/// Where a text names the unit of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// In its own part of the sentence.
    Beside,
    /// Before it, and what follows is still of it.
    Before,
    /// Before it; the text may have come back to the whole.
    Perhaps,
}

/// Words by which a figure is of a part, and not of the whole of its measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Narrowed {
    /// As printed.
    pub said: String,
    pub by: NarrowedBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NarrowedBy {
    /// One of those that a ledger counts within the whole.
    Trait(Trait),
    /// Some of its units or hosts, which no ledger tells apart.
    Part,
    /// Words that often stand for the whole and may be a part of it: "chi bộ", "đoàn viên".
    Perhaps,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ClaimStatement))]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// `a/b`, `a/b=p%`, `p% (a/b)`.
    Ratio { actual: Count, plan: Count, percent: Option<Percent> },
    /// A percentage of a plan that is not printed beside it.
    Percent(Percent),
    /// How many of n units have met, exceeded, missed.
    Units(Box<UnitsClaim>),
    /// So many founded or admitted, or planned to be.
    Count {
        role: Role,
        count: Count,
        of_which: Option<Count>,
        /// Of whom `of_which` is, where that is one of the traits.
        of: Option<Trait>,
    },
    /// Parts and the whole that they make.
    Sum {
        total: Count,
        parts: Vec<Part>,
        coverage: Coverage,
        /// None where no words say whether it counts plans or results.
        role: Option<Role>,
    },
}

/// Of what a count is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = CountOf))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Done,
    Planned,
}

/// Digits with the words that qualify them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ClaimCount))]
pub struct Count {
    /// As printed, qualifier included.
    pub text: String,
    #[cfg_attr(feature = "schema", schema(value_type = Span))]
    pub span: Range<usize>,
    #[cfg_attr(feature = "schema", schema(value_type = AmountShape))]
    pub amount: Amount,
}

impl Count {
    /// The number, when no word softens it.
    pub const fn exact(&self) -> Option<u32> {
        match self.amount {
            Amount::Exactly(n) => Some(n),
            _ => None,
        }
    }

    /// The number that is printed; of a range its lower end.
    pub const fn number(&self) -> u32 {
        self.amount.number()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ClaimPercent))]
pub struct Percent {
    /// As printed, qualifier included, the sign left out.
    pub text: String,
    #[cfg_attr(feature = "schema", schema(value_type = Span))]
    pub span: Range<usize>,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub value: Decimal,
    pub qualifier: Option<Qualifier>,
    pub base: Base,
}

/// What a percentage is a percentage of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PercentBase))]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// "% kế hoạch".
    OfPlan,
    /// "vượt p%": what goes beyond the plan, of the plan.
    OverPlan,
    Unstated,
}

/// `k/n`; n may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OutOf {
    pub k: Count,
    pub n: Option<Count>,
    /// Of n.
    pub percent: Option<Percent>,
}

/// "k/n … đã hoàn thành và vượt, trong đó j/n vượt". Met includes exceeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UnitsClaim {
    pub level: Level,
    pub met: Option<OutOf>,
    pub exceeded: Option<OutOf>,
    pub missed: Option<OutOf>,
    /// "11/15 vượt, 3/15 đạt": those that met and did not exceed, told apart.
    pub exact: Option<OutOf>,
    /// "6 đạt, 10 vượt": nothing says whether those that met include those that exceeded.
    #[serde(skip)]
    pub(super) perhaps_apart: bool,
}

impl UnitsClaim {
    /// The other reading, where there is one: those that met and did not exceed.
    pub(super) fn told_apart(&self) -> Option<Self> {
        let apart = self.perhaps_apart && self.exact.is_none();
        apart.then(|| Self { met: None, exact: self.met.clone(), perhaps_apart: false, ..self.clone() })
    }
}

/// What the n are: a measure that exceeds as a whole says nothing against a unit that missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = UnitsLevel))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Units,
    Measures,
}

/// One addend of a sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ClaimPart))]
pub struct Part {
    /// Empty where only figures are added.
    pub name: String,
    pub count: Count,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// The parts are said to be the whole: "gồm", "tổng cộng".
    All,
    /// The parts are some of the whole: "trong đó".
    Some,
}

/// Something that looks like a figure of a claim and is not read as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Unread {
    pub sentence: String,
    #[cfg_attr(feature = "schema", schema(value_type = Span))]
    pub span: Range<usize>,
    pub text: String,
    pub why: WhyUnread,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhyUnread {
    #[error("the figure is not read: {0}")]
    Figure(NoFigure),
    /// Of the whole sentence, when it prints figures.
    #[error("it looks like {}, not like Unicode: convert it and save it as UTF-8", .0.en())]
    NotUnicode(Legacy),
    #[error("a space stands where thousands may be grouped")]
    SpacedThousands,
    #[error("a % without a number before it")]
    NoNumber,
    #[error("a range of percentages")]
    PercentRange,
    #[error("more than two numbers with strokes between, and no date")]
    ThreeParts,
    #[error("a share of units of which nothing is said that could be checked")]
    Share,
    #[error("a fraction that no words connect with a result")]
    Fraction,
    #[error("a percentage of something else than a plan, or not said of what")]
    PercentOfOther,
    #[error("a number that no words connect with a result")]
    Number,
    #[error("a difference, a multiple or an average, and no total")]
    NoTotal,
    #[error("said in words, without a figure")]
    InWords,
}
