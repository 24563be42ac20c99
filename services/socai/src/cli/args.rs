//! The arguments of every subcommand.

use std::{num::ParseIntError, path::PathBuf};

use clap::{
    Args, Parser, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use domain::{LocalDate, PeriodKey, Position, ProgrammeKey, SubjectId};
use serde::Serialize;

use super::show::ShowWhat;
use crate::{
    demonstration::Demonstration,
    settings::{LogFormat, Role},
};

/// What a script can tell from how a subcommand ended.
const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 failed; 2 a wrong option, setting or file; 3 refused, or not allowed; 4 conflict; 5 unavailable; 6 a comparison failed.
Who stops reading the output, as `head` does, changes none of them: what is under way goes on. `post` says on standard error how many lines
were accepted and refused, and the same file may be sent again.";

/// sổ cái: a ledger of organisations founded and members admitted, with tallies that lead back to its records.
#[derive(Debug, Parser)]
#[command(name = "socai", version, propagate_version = true, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) subcommand: Subcommand,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Subcommand {
    /// Start a node: all roles in one process, or some of them.
    Run(RunArgs),
    /// Send a command, or many as NDJSON, to a running intake.
    Post(PostArgs),
    /// Print the tallies of a period.
    Tally(TallyArgs),
    /// Print what else the ledger has, as of a day and a position: lists, single cases, the trail, the records behind a number.
    Show {
        #[command(subcommand)]
        what: ShowWhat,
    },
    /// Read the claims out of a text, and hold them against each other and against the tallies of a node, as far as the token may see.
    CheckClaims(CheckClaimsArgs),
    /// Fold the whole history again, straight from the journal, and print or compare the tallies.
    Replay(ReplayArgs),
    /// Build views anew beside the ones in use, compare, and switch.
    Rebuild(RebuildArgs),
    /// Make the place of a ledger on a NATS server or cluster, as a user who may; running processes need not.
    Provision(RunArgs),
    /// Copy a ledger to another place, with the same positions and bytes, and hand over to it when it was sealed.
    Copy(CopyArgs),
    /// Say in plain words what is wrong with this machine or these settings.
    Doctor(RunArgs),
    /// Record what a resolution does to the units.
    Structure {
        #[command(subcommand)]
        action: StructureAction,
    },
    /// Give and take back access.
    Token {
        #[command(subcommand)]
        action: TokenAction,
    },
    /// Print a completion script for a shell.
    Completions { shell: clap_complete::Shell },
}

/// Settings of a node. What is not given comes from the environment (SOCAI_…), the settings file, or the default.
#[derive(Debug, Default, Args, Serialize)]
pub(crate) struct RunArgs {
    /// Folder of the embedded journal and views.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// Address and port of HTTP; port 0 takes a free one.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// Some of intake, tally, audit, portal, with commas.
    #[arg(long, value_delimiter = ',')]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
    /// sqlite:FILE or nats://host:port/ledger.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal: Option<String>,
    /// sqlite:FOLDER or postgres://user@host/database.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views: Option<String>,
    /// Where a portal without intake sends commands.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intake_url: Option<String>,
    /// Where intake takes commands over NATS as well, as a user who may do only that; none for nowhere.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commands: Option<String>,
    /// Name of a ledger that does not exist yet; one that does has to have this name.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger: Option<String>,
    /// Load a demonstration, into an empty ledger only: 2025 unless another is named.
    #[arg(long, value_name = "YEAR", num_args = 0..=1, require_equals = true, default_missing_value = "2025")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo: Option<Demonstration>,
    /// A day on which you saw that this machine's clock is right, YYYY-MM-DD: after a rest of more than 31 days.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_confirmed: Option<LocalDate>,
    /// What is logged, such as info or info,journal=debug.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// How a log line is written.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,
    /// Settings file; otherwise the one that SOCAI_CONFIG names, or socai.toml in the current folder when it exists.
    #[arg(long)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
}

/// Which node to ask, and as whom. The token comes from SOCAI_TOKEN or a file, never as an argument.
#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    /// Base address of the node.
    #[arg(long, env = "SOCAI_URL", default_value = "http://127.0.0.1:8080")]
    pub(super) url: String,
    /// File that holds the token; SOCAI_TOKEN is read otherwise.
    #[arg(long, env = "SOCAI_TOKEN_FILE")]
    pub(super) token_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct PostArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// Name of the command, such as found-organisation; leave it out for NDJSON.
    pub(super) command: Option<String>,
    /// File with the command's body, or with a line {key, command, data} for each; `-` is standard input.
    #[arg(long, short, default_value = "-")]
    pub(super) file: PathBuf,
    /// Idempotency key, a UUID. Send the same one again after an unknown outcome. One is made and printed when it is not given. Each line of
    /// NDJSON has its own.
    #[arg(long, requires = "command")]
    pub(super) key: Option<uuid::Uuid>,
    /// Only if the stream's last position is this one.
    #[arg(long, requires = "command")]
    pub(super) if_match: Option<Position>,
    /// How the receipt is printed, as a table unless given; NDJSON is answered line by line.
    #[arg(long, value_enum, requires = "command")]
    pub(super) output: Option<Output>,
}

#[derive(Debug, Args)]
pub(super) struct TallyArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
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
    /// as-known, as-reported, or restated: under the units of another day; a closed period is shown as reported unless it is given.
    #[arg(long)]
    pub(super) lens: Option<String>,
    /// The day whose units are wanted, with --lens restated; today unless given.
    #[arg(long, value_name = "DAY")]
    pub(super) to: Option<LocalDate>,
    /// With --lens restated, divide what cannot be placed by this allocation key, such as population: an estimate.
    #[arg(long)]
    pub(super) key: Option<String>,
    /// Beside what has accumulated, what took effect from this day of the period on.
    #[arg(long)]
    pub(super) since: Option<LocalDate>,
    /// Beside the same period last year, as known then at equal lag and as known by now.
    #[arg(long)]
    pub(super) last_year: bool,
    /// Beside the plan now in force, the one as first assigned.
    #[arg(long)]
    pub(super) first_plan: bool,
    /// Every committee too.
    #[arg(long)]
    pub(super) cells: bool,
    #[arg(long, value_enum, default_value_t = Output::Table)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct CheckClaimsArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// Text in UTF-8; `-` is standard input. A sentence in TCVN3, VNI and the like is told as unread. Exit code 6 when a claim
    /// cannot follow or differs, 1 when no claim is found, or none of the period and day that are asked about.
    pub(super) file: PathBuf,
    #[arg(long, default_value = "nq28")]
    pub(super) programme: ProgrammeKey,
    #[arg(long, default_value = "2022")]
    pub(super) period: PeriodKey,
    /// Count what took effect up to this day.
    #[arg(long)]
    pub(super) valid: Option<LocalDate>,
    /// As known at a position of the ledger, at an instant, or at closing-1, cut-off-1, … of the period, also by their whole names. A text was written with what was
    /// known then; unless given, a closed period is taken as reported.
    #[arg(long)]
    pub(super) known: Option<String>,
    /// Ask no node: check the arithmetic only.
    #[arg(long, conflicts_with_all = ["programme", "period", "valid", "known"])]
    pub(super) offline: bool,
    #[arg(long, value_enum, default_value_t = Output::Table)]
    pub(super) output: Output,
}

/// Number of a line, with white space around it as people write lists.
fn line(text: &str) -> Result<u64, ParseIntError> {
    text.trim().parse()
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub node: RunArgs,
    /// nq28 unless given here or in the file that is compared with.
    pub programme: Option<ProgrammeKey>,
    /// 2022 likewise.
    pub period: Option<PeriodKey>,
    /// Count what took effect up to this day.
    #[arg(long)]
    pub valid: Option<LocalDate>,
    /// As known at a position of the ledger, at an instant, or at closing-1, cut-off-1, … of the period, also by their whole names.
    #[arg(long)]
    pub known: Option<String>,
    /// Every committee too.
    #[arg(long)]
    pub cells: bool,
    /// Compare with the tallies in this JSON file, as `socai tally --output json` prints them: of what they are of, unless it is said here;
    /// exit code 6 when they differ.
    #[arg(long)]
    pub compare: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct CopyArgs {
    /// The ledger to copy, which may be in use: sqlite:FILE or nats://host:port/ledger. That of the settings when it is left out.
    #[arg(long, required_unless_present = "to")]
    pub from: Option<String>,
    /// Where to: an empty place, or a copy that was begun before. The ledger of the settings when it is left out.
    #[arg(long, required_unless_present = "from")]
    pub to: Option<String>,
    /// Go on until the ledger is sealed; Ctrl-C ends it before, and the next copying goes on there.
    #[arg(long)]
    pub follow: bool,
    /// The ledger goes on here, and nowhere else: the copy takes commands from now on, with --follow once its source is sealed. Without
    /// --follow also when nothing was sealed, since the ledger is lost, or this is the backup of one that is; whoever still records in the old
    /// place then makes a second ledger.
    #[arg(long)]
    pub take_over: bool,
    /// Copy nothing behind this position: the last one before a record that nobody can read. With --take-over the copy goes on from there.
    #[arg(long, value_name = "POSITION", conflicts_with = "follow")]
    pub until: Option<Position>,
}

#[derive(Debug, Args)]
pub(crate) struct RebuildArgs {
    #[command(flatten)]
    pub node: RunArgs,
    /// Which views: tally, trail. All when none is named.
    #[arg(value_parser = ["tally", "trail"])]
    pub names: Vec<String>,
    /// Instead: build this program's tally beside the rows of another fold version, and compare the two cell by cell.
    #[arg(long, value_name = "FOLD_VERSION", conflicts_with = "names")]
    pub against: Option<u32>,
    /// Instead: remove the tally's rows of another fold version, when nobody wants to go back to it.
    #[arg(long, value_name = "FOLD_VERSION", conflicts_with_all = ["names", "against"])]
    pub forget: Option<u32>,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum StructureAction {
    /// Read the list of old and new units from CSV, show what it comes to, and record it with --yes. All rows or none.
    Import(ImportArgs),
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// CSV in UTF-8, with commas, semicolons or tabs, and a header: old code, old name, new code, new name, kind of change, and whole or part if you like.
    pub(super) file: PathBuf,
    /// First day of the new units; the old codes are those of the day before.
    #[arg(long)]
    pub(super) from: LocalDate,
    /// The paper: "number; symbol; issuer; YYYY-MM-DD".
    #[arg(long)]
    pub(super) document: Paper,
    /// Id of the unit under which all new ones stand in their own line; that which the old ones share unless given.
    #[arg(long)]
    pub(super) line: Option<domain::UnitId>,
    /// Id of the Party committee that leads all new ones; likewise.
    #[arg(long)]
    pub(super) led_by: Option<domain::UnitId>,
    /// Lines to leave out, with commas.
    #[arg(long, value_delimiter = ',', value_parser = line)]
    pub(super) set_aside: Vec<u64>,
    /// Record it; only shown otherwise. The same again after a cut goes on where it stopped.
    #[arg(long)]
    pub(super) yes: bool,
    #[arg(long, value_enum, default_value_t = Output::Table)]
    pub(super) output: Output,
}

/// A paper, written on one line.
#[derive(Clone, Debug)]
pub(super) struct Paper(pub(super) domain::Document);

impl std::str::FromStr for Paper {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.split(';').map(str::trim).collect();
        let [number, symbol, issuer, date] = parts[..] else {
            return Err("write \"number; symbol; issuer; YYYY-MM-DD\"".to_owned());
        };
        let date = date.parse().map_err(|error: domain::DateError| error.to_string())?;
        let (number, symbol, issuer) = (number.to_owned(), symbol.to_owned(), issuer.to_owned());
        Ok(Self(domain::Document { number, symbol, issuer, date, line: None, sha256: None }))
    }
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum TokenAction {
    /// Make a token for one person at an office, and print it once.
    New(TokenNewArgs),
    /// Revoke a grant at once.
    Revoke(TokenRevokeArgs),
    /// Print which role may send which command; `root` is an administrator of a unit that nothing is above.
    Roles {
        #[arg(long, value_enum, default_value_t = Output::Table)]
        output: Output,
    },
}

#[derive(Debug, Args)]
pub(super) struct TokenNewArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// The unit: its id, its code, or its whole name.
    #[arg(long)]
    pub(super) office: String,
    /// What the person may do; `socai token roles` lists it.
    #[arg(long, value_parser = role())]
    pub(super) role: domain::Role,
    /// Opaque id of the person; one is made when it is not given. The directory outside the ledger says who it is.
    #[arg(long)]
    pub(super) subject: Option<SubjectId>,
    /// Last day on which the token holds.
    #[arg(long)]
    pub(super) until: Option<LocalDate>,
}

#[derive(Debug, Args)]
pub(super) struct TokenRevokeArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// The grant, as `token new` printed it and `show grants` lists it.
    pub(super) access: domain::AccessId,
}

/// By its word; whoever writes another is told which there are.
fn role() -> impl TypedValueParser<Value = domain::Role> {
    PossibleValuesParser::new(domain::Role::ALL.iter().map(|role| role.word()))
        .try_map(|word| word.parse::<domain::Role>())
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Table,
    Json,
    Csv,
}
