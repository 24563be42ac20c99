//! What a comparison of a claim finds.

use serde::Serialize;

use crate::percent::PercentRule;

/// The outcome of one comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "finding")]
pub enum Finding {
    /// What is printed is what it is compared with. `rules` print the percentage, half-up among them; empty where none is printed.
    Equal { rules: Vec<PercentRule> },
    /// The printed percentage follows from the figures, but not half-up: `rules` give it, `half_up` is what half-up prints.
    RoundingDiffers { rules: Vec<PercentRule>, half_up: String },
    /// A figure with a word such as "gần" or "hơn" lies where the word says.
    Holds,
    /// The whole fits what it is compared with, and some of its parts could not be compared.
    WholeOnly,
    /// Several figures can be true together.
    Consistent,
    /// Each figure that is another in the ledger.
    Differs { differences: Vec<Difference> },
    /// No ledger could make it true.
    CannotFollow { why: Impossible },
    /// Nothing is known of what it speaks of: of the unit that it names, where one is given, or else of its measure or its time.
    NotInData {
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// Several units bear the name that it gives.
    Ambiguous { units: Vec<String> },
    /// There is nothing to hold it against.
    Unchecked,
}

impl Finding {
    /// Of the measure, the time or the part that it speaks of.
    pub const NOT_IN_DATA: Self = Self::NotInData { unit: None };

    /// Whether somebody has to look at it.
    pub const fn is_wrong(&self) -> bool {
        matches!(self, Self::Differs { .. } | Self::CannotFollow { .. })
    }

    /// Whether there was something to hold it against.
    pub const fn is_compared(&self) -> bool {
        !matches!(self, Self::NotInData { .. } | Self::Ambiguous { .. } | Self::Unchecked)
    }

    pub const fn word(&self) -> &'static str {
        match self {
            Self::Equal { .. } => "equal",
            Self::RoundingDiffers { .. } => "rounding differs",
            Self::Holds => "holds",
            Self::WholeOnly => "whole fits, parts not compared",
            Self::Consistent => "consistent",
            Self::Differs { .. } => "differs",
            Self::CannotFollow { .. } => "cannot follow",
            Self::NotInData { .. } => "not in the data",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Unchecked => "unchecked",
        }
    }

    pub const fn vi(&self) -> &'static str {
        match self {
            Self::Equal { .. } => "khớp",
            Self::RoundingDiffers { .. } => "khác cách làm tròn",
            Self::Holds => "phù hợp",
            Self::WholeOnly => "tổng khớp, các phần chưa đối chiếu",
            Self::Consistent => "không mâu thuẫn",
            Self::Differs { .. } => "lệch",
            Self::CannotFollow { .. } => "không thể đúng",
            Self::NotInData { .. } => "không có trong số liệu",
            Self::Ambiguous { .. } => "không rõ đơn vị nào",
            Self::Unchecked => "không có gì để đối chiếu",
        }
    }

    /// More than the word says, in one line; empty when there is no more.
    pub fn detail(&self) -> String {
        let names = |rules: &[PercentRule]| rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        match self {
            Self::Equal { rules } => names(rules),
            Self::RoundingDiffers { rules, half_up } => format!("only {}; half-up prints {half_up}", names(rules)),
            Self::Differs { differences } => differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            Self::CannotFollow { why } => why.to_string(),
            Self::Ambiguous { units } => units.join(" or "),
            Self::NotInData { unit: Some(unit) } => format!("no unit “{unit}”"),
            Self::Holds | Self::WholeOnly | Self::Consistent | Self::NotInData { unit: None } | Self::Unchecked => {
                String::new()
            }
        }
    }
}

/// One figure that is printed otherwise than the ledger has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = FigureDiffers))]
#[error("{figure} printed {printed}, in the ledger {ledger}{}", by.map(|by| format!(" ({by:+})")).unwrap_or_default())]
pub struct Difference {
    pub figure: FigureOf,
    pub printed: String,
    pub ledger: String,
    /// Printed minus ledger; none of percentages and of qualified figures.
    pub by: Option<i64>,
}

/// Which figure of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FigureOf {
    #[error("actual")]
    Actual,
    #[error("plan")]
    Plan,
    #[error("total")]
    Total,
    #[error("percentage")]
    Percent,
    #[error("units with a plan")]
    WithPlan,
    #[error("met")]
    Met,
    #[error("exceeded")]
    Exceeded,
    #[error("missed")]
    Missed,
    #[error("met exactly")]
    Exact,
    #[error("of which")]
    OfWhich,
}

/// Why figures cannot be true together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Impossible {
    #[error("{actual}/{plan} is {exact} %, not {printed} %, by no rule of rounding")]
    Percent { actual: i64, plan: u64, printed: String, exact: String },
    #[error("there is no percentage of a plan of 0")]
    PlanOfZero,
    #[error("a part of {part} is more than its whole of {whole}")]
    PartAboveWhole { part: u64, whole: u64 },
    #[error("the same units are counted as {0} and as {1}")]
    Denominators(u32, u32),
    #[error("{met} met and {missed} missed are more than {n}")]
    Balance { met: u32, missed: u32, n: u32 },
    /// With a surplus of 5 and nobody below plan there is no room for six that exceed.
    #[error("{actual}/{plan} leaves no room for that: whatever each unit had, it would not sum to it")]
    NoRoom { actual: u32, plan: u32 },
    /// `by` is headline minus sum.
    #[error("the parts sum to {sum}, the headline says {headline} ({by:+})")]
    Sum { sum: u64, headline: u64, by: i64 },
}
