//! What can be shown, and as of when.

use clap::Args;
use domain::{LocalDate, MeasureKey, PeriodKey, ProgrammeKey, SubjectId};
use uuid::Uuid;

use super::super::args::{Output, ServerArgs};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ShowWhat {
    /// The records that make a number of the tallies, with a running sum.
    Records(RecordsArgs),
    /// Who decided what, when, by which document; in the order of the ledger.
    Trail(TrailArgs),
    /// Organisations that were founded, recognised or registered.
    Organisations(ListArgs),
    /// One organisation, with the records that made it.
    Organisation(CaseArgs),
    /// The admission of one member, with the records that made it.
    Admission(CaseArgs),
    /// A batch of admissions, with the records that made it.
    Batch(CaseArgs),
    /// Units with their codes.
    Committees(CommitteesArgs),
    /// What became of a unit, and what it is made of.
    Lineage(LineageArgs),
    /// Programmes with their periods; closings and cut-offs by the names that --known takes.
    Programmes(ListArgs),
    /// What was printed.
    Publications(PublicationsArgs),
    /// What was printed, sentence by sentence, beside the ledger as it was known then and as it is known now, or at --known.
    Publication(PublicationArgs),
    /// What reviewers asked, and what the owners answered.
    Queries(KnownArgs),
    /// Who was granted access at which office, until when, and which grants were taken back; for auditors and administrators.
    Grants(KnownArgs),
}

/// The node, and how its answer is printed.
#[derive(Debug, Args)]
pub(crate) struct Asking {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    #[arg(long, value_enum, default_value_t = Output::Table)]
    pub(super) output: Output,
}

/// As of which day.
#[derive(Debug, Args)]
pub(crate) struct OnDay {
    /// As it stands on this day; today, or the day of --known, unless given.
    #[arg(long)]
    pub(super) valid: Option<LocalDate>,
}

/// Up to where the ledger is read.
#[derive(Debug, Args)]
pub(crate) struct UpTo {
    /// As known at a position of the ledger, at an instant such as 2023-01-03T06:00:00Z, or at a closing by its whole name, such as
    /// nq28/2022/closing-1 or nq28/2022/cut-off-1.
    #[arg(long)]
    pub(super) known: Option<String>,
}

/// How much of a list.
#[derive(Debug, Args)]
pub(crate) struct Rows {
    /// At most so many rows; all of them unless given.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) limit: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(super) asking: Asking,
    #[command(flatten)]
    pub(super) day: OnDay,
    #[command(flatten)]
    pub(super) up_to: UpTo,
    #[command(flatten)]
    pub(super) rows: Rows,
}

#[derive(Debug, Args)]
pub(crate) struct CaseArgs {
    #[command(flatten)]
    pub(super) asking: Asking,
    /// Its id: what stands behind the stroke of its stream.
    pub(super) id: Uuid,
    #[command(flatten)]
    pub(super) day: OnDay,
    #[command(flatten)]
    pub(super) up_to: UpTo,
}

#[derive(Debug, Args)]
pub(crate) struct RecordsArgs {
    #[command(flatten)]
    pub(super) asking: Asking,
    /// The measure, such as party_org.
    pub(super) measure: MeasureKey,
    /// The unit whose number it is: its id, its code, or its whole name in the tallies.
    pub(super) committee: String,
    #[arg(default_value = "nq28")]
    pub(super) programme: ProgrammeKey,
    #[arg(default_value = "2022")]
    pub(super) period: PeriodKey,
    /// Count what took effect up to this day.
    #[arg(long)]
    pub(super) valid: Option<LocalDate>,
    /// As known at a position of the ledger, at an instant, or at closing-1, cut-off-1, … of the period, also by their whole names.
    #[arg(long)]
    pub(super) known: Option<String>,
    /// as-known or as-reported; a closed period is shown as reported unless it is given.
    #[arg(long, value_parser = ["as-known", "as-reported"])]
    pub(super) lens: Option<String>,
    #[command(flatten)]
    pub(super) rows: Rows,
}

#[derive(Debug, Args)]
pub(crate) struct TrailArgs {
    #[command(flatten)]
    pub(super) asking: Asking,
    /// This unit and everything under it, now or on the day of --known: its id, its code, or its whole name.
    #[arg(long)]
    pub(super) committee: Option<String>,
    /// One history: kind/uuid.
    #[arg(long)]
    pub(super) stream: Option<String>,
    /// Opaque id of a person.
    #[arg(long)]
    pub(super) actor: Option<SubjectId>,
    /// Number of a document.
    #[arg(long)]
    pub(super) document: Option<String>,
    /// What was recorded on this local day.
    #[arg(long)]
    pub(super) recorded_on: Option<LocalDate>,
    /// What takes effect on this day or later.
    #[arg(long)]
    pub(super) from: Option<LocalDate>,
    /// What takes effect up to this day.
    #[arg(long, visible_alias = "to")]
    pub(super) valid: Option<LocalDate>,
    #[command(flatten)]
    pub(super) up_to: UpTo,
    #[command(flatten)]
    pub(super) rows: Rows,
}

#[derive(Debug, Args)]
pub(crate) struct CommitteesArgs {
    #[command(flatten)]
    pub(super) list: ListArgs,
    /// Part of a name in either spelling, or a whole code.
    #[arg(long)]
    pub(super) q: Option<String>,
    /// The official code on that day; codes are reused, so on another day it may be another unit's.
    #[arg(long)]
    pub(super) code: Option<String>,
    /// Only this unit and what is under it: its id, its code, or its whole name.
    #[arg(long)]
    pub(super) under: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LineageArgs {
    #[command(flatten)]
    pub(super) asking: Asking,
    /// The unit: its id, or its code or whole name on the day of --named-on.
    pub(super) committee: String,
    /// The day on which the code or the name is looked up, such as one before the unit ended; that of --valid unless given.
    #[arg(long)]
    pub(super) named_on: Option<LocalDate>,
    /// The day up to which it is told; today, or the day of --known, unless given.
    #[arg(long)]
    pub(super) valid: Option<LocalDate>,
    #[command(flatten)]
    pub(super) up_to: UpTo,
}

#[derive(Debug, Args)]
pub(crate) struct PublicationsArgs {
    #[command(flatten)]
    pub(super) asking: Asking,
    /// About this programme.
    #[arg(long)]
    pub(super) programme: Option<ProgrammeKey>,
    /// About this period.
    #[arg(long)]
    pub(super) period: Option<PeriodKey>,
    #[command(flatten)]
    pub(super) up_to: UpTo,
    #[command(flatten)]
    pub(super) rows: Rows,
}

#[derive(Debug, Args)]
pub(crate) struct PublicationArgs {
    #[command(flatten)]
    pub(super) asking: Asking,
    /// Its id.
    pub(super) id: Uuid,
    #[command(flatten)]
    pub(super) up_to: UpTo,
}

#[derive(Debug, Args)]
pub(crate) struct KnownArgs {
    #[command(flatten)]
    pub(super) asking: Asking,
    #[command(flatten)]
    pub(super) up_to: UpTo,
    #[command(flatten)]
    pub(super) rows: Rows,
}
