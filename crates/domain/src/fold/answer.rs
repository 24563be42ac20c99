//! The shape of a tally, as it stands in JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Compared, InSpan, LastYear, MeasureLastYear};
use crate::{
    LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, TargetValue, Timestamp, Trait, UnitId, UnitKind,
    percent::PercentRule, period::Closing,
};

/// Every measure of a programme in a period, as of (valid, known).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PeriodTally {
    pub programme: ProgrammeKey,
    pub period: PeriodKey,
    /// The committee whose whole it is, by its name on the day: whoever issued the programme, or the office that may see its own only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_of: Option<String>,
    pub as_of: AsOf,
    /// The day against which due days are held.
    pub judged_on: LocalDate,
    /// The period is not closed: "số liệu chưa chốt".
    pub provisional: bool,
    /// The closing by which the period is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
    pub first_day: LocalDate,
    pub last_day: LocalDate,
    /// The first day of `in_span`; only when that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<LocalDate>,
    /// What `last_year` of measures and cells compares with; only when that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<LastYear>,
    /// In the programme's order.
    pub measures: Vec<MeasureTally>,
}

/// When it holds, and what was known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AsOf {
    /// A day of the period.
    pub valid: LocalDate,
    pub known_position: Position,
    /// When that position was recorded; filled in by whoever knows.
    pub known_at: Option<Timestamp>,
    pub lens: Lens,
}

/// Which view of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Lens {
    /// What was known at a position, also of the past.
    AsKnown,
    /// What a closing froze.
    AsReported,
    /// Under the units of a later day.
    Restated,
}

impl Lens {
    /// As it stands in paths and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AsKnown => "as-known",
            Self::AsReported => "as-reported",
            Self::Restated => "restated",
        }
    }
}

/// One measure: its whole, and its cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MeasureTally {
    pub measure: MeasureKey,
    /// In Vietnamese.
    pub name: String,
    pub name_en: String,
    /// Printed after a count, in Vietnamese.
    pub noun: String,
    /// The principal assigner: its targets make plan, status and k of n.
    pub assigner: Option<UnitId>,
    #[serde(flatten)]
    pub whole: Whole,
    /// Of no holder with a plan.
    pub outside_plan: i64,
    /// `actual` and `outside_plan`.
    pub total: i64,
    /// Of `total`.
    pub of_which: BTreeMap<Trait, Stated>,
    /// Admitted, of `total`, without a ceremony up to the same day; for measures that count by the admission decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_ceremony: Option<i64>,
    /// What took effect from `since` on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_span: Option<InSpan>,
    /// Beside the same period last year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<MeasureLastYear>,
    /// In official order: holders of a target, and units beside them or with facts that have none.
    pub cells: Vec<Cell>,
    /// What other assigners gave, each with its own status; never added to the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<OtherPlan>,
    /// Rows to look at, never fixed silently.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discrepancies: Vec<Discrepancy>,
}

/// The sum of the holders with a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Whole {
    /// Of the holders with a plan; negative only for a measure of the net.
    pub actual: i64,
    /// Sum of the plans; of a range its lower end.
    pub plan: u64,
    /// Sum of the upper ends, when one of the plans is a range; `percent` is then of the lower sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_to: Option<u64>,
    /// Of `plan`, with a Vietnamese comma and without a sign; none without a plan.
    pub percent: Option<String>,
    pub percent_rule: PercentRule,
    /// Of `first_plan`, when some plan was adjusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent_of_first: Option<String>,
    /// Sum of the plans as first assigned, when one of them was adjusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_plan: Option<u64>,
    pub status: Status,
    pub units: Units,
}

/// k of n. n = `with_plan` = met + missed + not_due + not_reported; met = exact + exceeded; `no_target` is outside n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Units {
    pub with_plan: u32,
    pub met: u32,
    pub exceeded: u32,
    pub exact: u32,
    pub not_due: u32,
    pub missed: u32,
    pub not_reported: u32,
    pub no_target: u32,
    /// Of `with_plan`.
    pub reported: u32,
}

/// Measure × committee × period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Cell {
    /// The holder, whatever kind of unit it is.
    pub committee: UnitId,
    pub code: Option<String>,
    pub name: String,
    pub kind: Option<UnitKind>,
    /// The Party committee that leads it; a matrix groups by this.
    pub led_by: Option<UnitId>,
    pub actual: i64,
    /// Of a range its lower end.
    pub plan: Option<u32>,
    /// The plan with its qualifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetValue>,
    /// As first assigned, when it was adjusted since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_target: Option<TargetValue>,
    /// None without a plan, and for a range.
    pub percent: Option<String>,
    /// Of the first plan, when it was adjusted since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent_of_first: Option<String>,
    pub status: Status,
    /// Last day in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<LocalDate>,
    /// Something of the programme was recorded for it, effective in the period up to its due day, or a report reaches that day.
    pub reported: bool,
    /// Its last report on the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<CellReport>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub of_which: BTreeMap<Trait, Stated>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_ceremony: Option<i64>,
    /// Of `actual`, what took effect from `since` on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_span: Option<i64>,
    /// Beside the same period last year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<Compared>,
    /// Of the last record that changed `actual`; 0 when there is none.
    pub position: Position,
}

/// What a unit said to have recorded, and what came afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CellReport {
    /// 1, 2, 3 … of the unit's reports on the period.
    pub number: u32,
    /// Everything up to this day.
    pub up_to: LocalDate,
    /// The unit said that there is nothing to report, which silence does not.
    pub nil: bool,
    pub position: Position,
    /// A superior has looked at it.
    pub approved: bool,
    /// Records that count in the cell by that day and came after the report: with any of them it is outdated.
    pub outdated_by: u32,
    /// Of a nil report: what counts in the cell from the period's first day to that day all the same, whenever it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contradicted_by: Option<i64>,
}

/// "Women 9 of 16 stated": what is not stated is not 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Stated {
    pub n: i64,
    /// Of how many it is stated.
    pub stated: i64,
}

/// How a cell or a whole stands against its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    NoTarget,
    NotDue,
    Missed,
    Exact,
    Exceeded,
    NotReported,
}

impl Status {
    pub const ALL: [Status; 6] =
        [Self::NoTarget, Self::NotDue, Self::Missed, Self::Exact, Self::Exceeded, Self::NotReported];

    pub const fn word(self) -> &'static str {
        match self {
            Self::NoTarget => "no_target",
            Self::NotDue => "not_due",
            Self::Missed => "missed",
            Self::Exact => "exact",
            Self::Exceeded => "exceeded",
            Self::NotReported => "not_reported",
        }
    }

    pub const fn vi(self) -> &'static str {
        match self {
            Self::NoTarget => "không giao chỉ tiêu",
            Self::NotDue => "chưa đến hạn",
            Self::Missed => "chưa hoàn thành",
            Self::Exact => "bằng chỉ tiêu",
            Self::Exceeded => "vượt",
            Self::NotReported => "chưa báo cáo",
        }
    }

    pub const fn en(self) -> &'static str {
        match self {
            Self::NoTarget => "no target",
            Self::NotDue => "not due yet",
            Self::Missed => "missed",
            Self::Exact => "exactly met",
            Self::Exceeded => "exceeded",
            Self::NotReported => "not reported",
        }
    }

    /// "Hoàn thành (gồm cả vượt)".
    pub const fn is_met(self) -> bool {
        matches!(self, Self::Exact | Self::Exceeded)
    }
}

/// The targets of an assigner that is not the principal one: another level, with holders and a status of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OtherPlan {
    pub assigner: UnitId,
    pub assigner_name: String,
    #[serde(flatten)]
    pub whole: Whole,
    pub cells: Vec<Cell>,
}

/// What a document has to settle; the software never chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Discrepancy {
    /// The holder ended with an open target: it stays in n until a document withdraws or adjusts.
    HolderEnded {
        committee: UnitId,
        name: String,
        /// First day without it.
        ended_on: LocalDate,
        actual: i64,
        plan: u32,
    },
    /// The whole was also given to the principal assigner, and the units' plans do not sum to it.
    HeadlineDiffers { assigner: UnitId, headline: u32, sum: u64, percent_of_headline: Option<String> },
}
