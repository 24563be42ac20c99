//! The shape of what is read of a text and found of it, as JSON, for the OpenAPI document. The values are of `domain::claims`, which knows nothing
//! of documents; a test holds what is answered against what is described here.
#![expect(dead_code, reason = "described, never made")]

use domain::{LocalDate, Trait, percent::PercentRule};
use serde::Serialize;
use utoipa::ToSchema;

/// A figure, or figures that belong together, as a sentence says them.
#[derive(Serialize, ToSchema)]
#[schema(as = Claim)]
pub(crate) struct ClaimShape {
    /// As it stands in the text, line breaks included.
    sentence: String,
    /// From the first part of the claim to its last.
    span: Span,
    /// Guessed from the words around it.
    topic: Option<TopicShape>,
    /// The one unit of which it speaks, as named beside it; null when it speaks of the whole.
    unit: Option<String>,
    period: PeriodSaid,
    /// Null when it speaks of all that its measure counts.
    narrowed: Option<Narrowed>,
    statement: Statement,
}

/// Bytes of the sentence, the end not included.
#[derive(Serialize, ToSchema)]
pub(crate) struct Span {
    start: u64,
    end: u64,
}

/// What is founded or admitted: the key of a measure that counts it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClaimTopic)]
enum TopicShape {
    PartyOrg,
    UnionOrg,
    YouthOrg,
    PartyMember,
    UnionMember,
    YouthMember,
}

/// The time that words name for a claim.
#[derive(Serialize, ToSchema)]
struct PeriodSaid {
    /// Null where no year is named.
    year: Option<i16>,
    /// A quarter, months, days, or up to a day of which the year is not known: not the year.
    part: bool,
    /// More than one year.
    several: bool,
    /// The last day that is counted.
    until: Option<LocalDate>,
}

/// Words by which a figure is of a part, and not of the whole of its measure.
#[derive(Serialize, ToSchema)]
struct Narrowed {
    /// As printed.
    said: String,
    by: NarrowedBy,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NarrowedBy {
    /// One of those that a ledger counts within the whole.
    Trait(Trait),
    /// Some of its units or hosts, which no ledger tells apart.
    Part,
    /// Words that often stand for the whole and may be a part of it.
    Perhaps,
}

/// One of these, under its own name.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClaimStatement)]
enum Statement {
    /// `a/b`, `a/b=p%`, `p% (a/b)`.
    Ratio { actual: ClaimCount, plan: ClaimCount, percent: Option<ClaimPercent> },
    /// A percentage of a plan that is not printed beside it.
    Percent(ClaimPercent),
    /// How many of n units have met, exceeded, missed.
    Units(Box<UnitsClaim>),
    /// So many founded or admitted, or planned to be.
    Count {
        role: CountOf,
        count: ClaimCount,
        of_which: Option<ClaimCount>,
        /// Of whom `of_which` is, where that is one of the traits.
        of: Option<Trait>,
    },
    /// Parts and the whole that they make.
    Sum {
        total: ClaimCount,
        parts: Vec<ClaimPart>,
        coverage: Coverage,
        /// Null where no words say whether it counts plans or results.
        role: Option<CountOf>,
    },
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CountOf {
    Done,
    Planned,
}

/// Digits with the words that qualify them.
#[derive(Serialize, ToSchema)]
struct ClaimCount {
    /// As printed, qualifier included.
    text: String,
    span: Span,
    amount: Amount,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClaimAmount)]
enum Amount {
    Exactly(u32),
    /// The word and the number.
    Qualified((Qualifier, u32)),
    /// Both ends included.
    Between((u32, u32)),
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Qualifier {
    Nearly,
    Over,
    AtLeast,
    AtMost,
    About,
}

#[derive(Serialize, ToSchema)]
struct ClaimPercent {
    /// As printed, qualifier included, the sign left out.
    text: String,
    span: Span,
    /// With a Vietnamese comma, exactly as printed.
    value: String,
    qualifier: Option<Qualifier>,
    base: PercentBase,
}

/// What a percentage is a percentage of.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PercentBase {
    OfPlan,
    OverPlan,
    Unstated,
}

/// "k/n have met, of which j/n exceeded". Met includes exceeded.
#[derive(Serialize, ToSchema)]
struct UnitsClaim {
    level: UnitsLevel,
    met: Option<OutOf>,
    exceeded: Option<OutOf>,
    missed: Option<OutOf>,
    /// Those that met and did not exceed, told apart.
    exact: Option<OutOf>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum UnitsLevel {
    Units,
    Measures,
}

#[derive(Serialize, ToSchema)]
struct OutOf {
    k: ClaimCount,
    n: Option<ClaimCount>,
    /// Of n.
    percent: Option<ClaimPercent>,
}

/// One addend of a sum.
#[derive(Serialize, ToSchema)]
struct ClaimPart {
    /// Empty where only figures are added.
    name: String,
    count: ClaimCount,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Coverage {
    /// The parts are said to be the whole.
    All,
    /// The parts are some of the whole.
    Some,
}

/// The outcome of one comparison.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "finding")]
#[schema(as = Finding)]
pub(crate) enum FindingShape {
    /// What is printed is what it is compared with. `rules` print the percentage; empty where none is printed.
    Equal { rules: Vec<PercentRule> },
    /// The printed percentage follows from the figures, but not half-up: `rules` give it, `half_up` is what half-up prints.
    RoundingDiffers { rules: Vec<PercentRule>, half_up: String },
    /// A figure with a qualifying word lies where the word says.
    Holds,
    /// The whole fits what it is compared with, and some of its parts could not be compared.
    WholeOnly,
    /// Several figures can be true together.
    Consistent,
    /// Each figure that is another in the ledger.
    Differs { differences: Vec<FigureDiffers> },
    /// No ledger could make it true.
    CannotFollow { why: Impossible },
    /// Nothing is known of what it speaks of.
    NotInData {
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// Several units bear the name that it gives.
    Ambiguous { units: Vec<String> },
    /// There is nothing to hold it against.
    Unchecked,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FigureDiffers {
    figure: FigureOf,
    printed: String,
    ledger: String,
    /// Printed minus ledger; null of percentages and of qualified figures.
    by: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FigureOf {
    Actual,
    Plan,
    Total,
    Percent,
    WithPlan,
    Met,
    Exceeded,
    Missed,
    Exact,
    OfWhich,
}

/// Why figures cannot be true together.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Impossible {
    Percent {
        actual: i64,
        plan: u64,
        printed: String,
        exact: String,
    },
    PlanOfZero,
    PartAboveWhole {
        part: u64,
        whole: u64,
    },
    /// The same units counted as the one and as the other.
    Denominators((u32, u32)),
    Balance {
        met: u32,
        missed: u32,
        n: u32,
    },
    NoRoom {
        actual: u32,
        plan: u32,
    },
    /// `by` is headline minus sum.
    Sum {
        sum: u64,
        headline: u64,
        by: i64,
    },
}

/// Something that looks like a figure of a claim and is not read as one.
#[derive(Serialize, ToSchema)]
#[schema(as = Unread)]
pub(crate) struct UnreadShape {
    sentence: String,
    span: Span,
    text: String,
    why: WhyUnread,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WhyUnread {
    Figure(NoFigure),
    /// Of the whole sentence, when it prints figures.
    NotUnicode(OlderEncoding),
    SpacedThousands,
    NoNumber,
    PercentRange,
    ThreeParts,
    Share,
    Fraction,
    PercentOfOther,
    Number,
    NoTotal,
    InWords,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NoFigure {
    Ambiguous,
    Decimals,
    Grouping,
    TooLarge,
    NoDigits,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OlderEncoding {
    Tcvn3,
    Vni,
    Windows1258,
    Utf8Twice,
    Lost,
}
