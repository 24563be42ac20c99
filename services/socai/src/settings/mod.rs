//! What a node is told: flags over environment (`SOCAI_…`) over file over defaults.

pub(crate) mod ledger_name;
pub(crate) mod values;

use std::{fmt, path::PathBuf, str::FromStr};

use anyhow::Context;
use domain::LocalDate;
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use journal::nats::NatsServers;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::demonstration::{Demonstration, or_empty};

/// The file read when neither `--config` nor `SOCAI_CONFIG` names one and it exists.
pub const DEFAULT_FILE: &str = "socai.toml";

/// Everything that can be set. `deploy/socai.toml` shows each with its default, and a test compares the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Folder of the embedded journal and views, and of the admin's first token. One process owns it.
    pub data: PathBuf,
    /// Address and port of HTTP; port 0 takes a free one.
    pub listen: String,
    /// What this process does.
    #[serde(deserialize_with = "list_or_text")]
    pub roles: Vec<Role>,
    /// `sqlite:FILE` or `nats://host:port/ledger`; empty is a file in `data`.
    pub journal: String,
    /// `sqlite:FOLDER` or `postgres://user@host/database`; empty is a folder in `data`.
    pub views: String,
    /// Where a portal without intake sends commands, such as `http://127.0.0.1:8081`; empty where intake runs in the process.
    pub intake_url: String,
    /// Where intake takes commands over NATS as well, `nats://user:password@host:port/ledger`, as a user who may do only that; empty where the
    /// journal is on NATS is its own server and user; `none` takes none.
    pub commands: String,
    /// Name of the ledger, 1 to 63 of `a-z 0-9 -`; empty is the name that it has, or one for it where it does not exist yet.
    pub ledger: String,
    /// Loads a demonstration, into an empty ledger only: 2022 is the review, 2025 the same and what came after it; empty for none.
    #[serde(with = "or_empty")]
    pub demo: Option<Demonstration>,
    /// A day, `YYYY-MM-DD`, on which an operator saw that this machine's clock is right; empty where none did. Needed where a ledger without
    /// a server's clock to compare with has rested for more than 31 days.
    #[serde(with = "day_or_empty")]
    pub clock_confirmed: Option<LocalDate>,
    /// What is logged, such as `info` or `info,journal=debug`.
    pub log: String,
    /// `text` or `json`.
    pub log_format: LogFormat,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: "127.0.0.1:8080".to_owned(),
            roles: Role::ALL.to_vec(),
            journal: String::new(),
            views: String::new(),
            intake_url: String::new(),
            commands: String::new(),
            ledger: String::new(),
            demo: None,
            clock_confirmed: None,
            log: "warn".to_owned(),
            log_format: LogFormat::Text,
        }
    }
}

/// The names of all settings, for the environment.
const NAMES: &[&str] = &[
    "data",
    "listen",
    "roles",
    "journal",
    "views",
    "intake_url",
    "commands",
    "ledger",
    "demo",
    "clock_confirmed",
    "log",
    "log_format",
];

/// Variables that the callers' side and the tests read.
const BESIDE_THE_SETTINGS: &[&str] =
    &["CONFIG", "TOKEN", "TOKEN_FILE", "URL", "SEED", "FAULTS", "OTHER_BINARY", "POINTS", "PG_BIN", "FAKETIME"];

/// Beginnings of those that are of the servers beside a node, of what starts them together, and of benches.
const OF_OTHERS: &[&str] = &["NATS_", "POSTGRES_", "PUBLISH", "PORTALS", "INTAKES", "BENCH_", "WRITE_"];

/// Whether everything in the environment that is meant for this program is known to it.
///
/// # Errors
/// A name `SOCAI_…` that nothing reads, with the one that it resembles most.
pub fn check_environment(names: impl IntoIterator<Item = String>) -> anyhow::Result<()> {
    let settings = || NAMES.iter().map(|name| name.to_uppercase());
    let known = || settings().chain(BESIDE_THE_SETTINGS.iter().map(|name| (*name).to_owned()));
    for name in names {
        let Some(ours) = name.strip_prefix(PREFIX) else { continue };
        if known().any(|known| known == ours) || OF_OTHERS.iter().any(|others| ours.starts_with(others)) {
            continue;
        }
        let closest = known().min_by_key(|known| strsim::damerau_levenshtein(known, &ours.to_uppercase()));
        let closest = closest.unwrap_or_default();
        anyhow::bail!("there is no setting {name}; did you mean {PREFIX}{closest}? deploy/socai.toml shows all");
    }
    Ok(())
}

const PREFIX: &str = "SOCAI_";
/// Names the settings file, as `--config` does.
const CONFIG: &str = "SOCAI_CONFIG";

impl Settings {
    /// Reads the settings of a node. `flags` holds only what the command line said.
    ///
    /// # Errors
    /// A file that cannot be read, a setting that does not exist, or a value of the wrong kind or without a meaning.
    pub fn read(file: Option<&PathBuf>, flags: impl Serialize) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        let named = || std::env::var_os(CONFIG).filter(|path| !path.is_empty()).map(PathBuf::from);
        let here = || Some(PathBuf::from(DEFAULT_FILE)).filter(|here| here.is_file());
        if let Some(path) = &file.cloned().or_else(named).or_else(here) {
            anyhow::ensure!(!path.is_dir(), "{} is a folder, and no settings file", path.display());
            anyhow::ensure!(path.is_file(), "there is no settings file at {}", path.display());
            figment = figment.merge(Toml::file_exact(path));
        }
        let figment = figment.merge(Env::prefixed(PREFIX).only(NAMES)).merge(Serialized::defaults(flags));
        // Settings have no profiles, so nobody would know what `default.` is.
        let plain = |error: figment::Error| anyhow::anyhow!("{}", error.to_string().replace("\"default.", "\""));
        let settings: Self = figment.extract().map_err(plain).context("failed to read the settings")?;
        values::check(&settings).context("failed to read the settings")?;
        Ok(settings)
    }

    /// The journal's URL with its default filled in.
    pub fn journal_url(&self) -> String {
        if self.journal.is_empty() {
            format!("sqlite:{}", self.data.join("ledger.db").display())
        } else {
            self.journal.clone()
        }
    }

    /// The views' URL with its default filled in.
    pub fn views_url(&self) -> String {
        if self.views.is_empty() { format!("sqlite:{}", self.data.join("views").display()) } else { self.views.clone() }
    }

    /// The URL under which commands are taken over NATS, if they are.
    pub fn commands_url(&self) -> Option<String> {
        match self.commands.as_str() {
            "none" => None,
            "" => Some(self.journal_url()).filter(|url| NatsServers::are_named_by(url)),
            url => Some(url.to_owned()),
        }
    }

    /// The table of persons stands beside the views: in their database, or in a file of its own in `data`.
    pub fn directory_url(&self) -> String {
        let views = self.views_url();
        if views.starts_with("sqlite:") {
            format!("sqlite:{}", self.data.join("directory.db").display())
        } else {
            views
        }
    }

    pub fn plays(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// A part that a process plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Intake,
    Tally,
    Audit,
    Portal,
}

impl Role {
    /// In the order in which they start.
    pub const ALL: [Role; 4] = [Role::Intake, Role::Tally, Role::Audit, Role::Portal];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Tally => "tally",
            Self::Audit => "audit",
            Self::Portal => "portal",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Role::ALL.into_iter().find(|role| role.as_str() == text.trim());
        known.ok_or_else(|| format!("`{text}` is no role: write some of intake, tally, audit, portal"))
    }
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

/// Where a file has no value for nothing.
mod day_or_empty {
    use super::*;

    pub(super) fn serialize<S: Serializer>(day: &Option<LocalDate>, serializer: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => serializer.collect_str(day),
            None => serializer.serialize_str(""),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LocalDate>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day = (!text.is_empty()).then(|| text.parse());
        day.transpose().map_err(|error| de::Error::custom(format!("clock_confirmed: {error}")))
    }
}

/// A list, or one text with commas, as the environment has it.
fn list_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Role>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        List(Vec<String>),
        Text(String),
    }
    let words = match Either::deserialize(deserializer)? {
        Either::List(words) => words,
        Either::Text(text) => text.split(',').map(str::to_owned).collect(),
    };
    let mut roles =
        words.iter().map(|word| word.parse()).collect::<Result<Vec<Role>, _>>().map_err(de::Error::custom)?;
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        return Err(de::Error::custom("a process needs at least one role"));
    }
    Ok(roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Flags {
        #[serde(skip_serializing_if = "Option::is_none")]
        listen: Option<String>,
    }

    const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/socai.toml");

    fn read(toml: &str, listen: Option<&str>) -> anyhow::Result<Settings> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("socai.toml");
        std::fs::write(&file, toml)?;
        Settings::read(Some(&file), Flags { listen: listen.map(str::to_owned) })
    }

    #[test]
    fn the_shipped_file_holds_every_setting_with_its_default() {
        let text = std::fs::read_to_string(SHIPPED).unwrap();
        let shown: String = text
            .lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| NAMES.iter().any(|name| line.starts_with(&format!("{name} = "))))
            .map(|line| format!("{line}\n"))
            .collect();
        let shown: toml::Table = shown.parse().unwrap();
        let defaults = toml::Table::try_from(Settings::default()).unwrap();
        assert_eq!(shown, defaults);
        assert!(NAMES.iter().all(|name| defaults.contains_key(*name)) && NAMES.len() == defaults.len());
    }

    #[test]
    fn a_flag_goes_over_the_file_and_the_file_over_the_default() {
        let settings = read("listen = \"0.0.0.0:1\"\nledger = \"haiduong\"", Some("127.0.0.1:2")).unwrap();
        assert_eq!((settings.listen.as_str(), settings.ledger.as_str()), ("127.0.0.1:2", "haiduong"));
        assert_eq!(settings.journal_url(), "sqlite:data/ledger.db");
    }

    #[test]
    fn roles_are_a_list_or_a_text_and_must_exist() {
        assert_eq!(read("roles = \"tally,intake\"", None).unwrap().roles, [Role::Intake, Role::Tally]);
        assert_eq!(read("roles = [\"audit\"]", None).unwrap().roles, [Role::Audit]);
        let wrong = format!("{:#}", read("roles = \"clerk\"", None).unwrap_err());
        assert!(wrong.contains("`clerk` is no role"), "{wrong}");
    }

    #[test]
    fn commands_are_taken_where_the_journal_is_on_nats_unless_told_otherwise() {
        let url = |toml| read(toml, None).unwrap().commands_url();
        assert_eq!(url(""), None);
        assert_eq!(url("journal = \"nats://a:1/hp\"").as_deref(), Some("nats://a:1/hp"));
        assert_eq!(
            url("journal = \"nats://a:1/hp\"\ncommands = \"nats://u:p@a:1/hp\"").as_deref(),
            Some("nats://u:p@a:1/hp")
        );
        assert_eq!(url("journal = \"nats://a:1/hp\"\ncommands = \"none\""), None);
    }

    #[test]
    fn a_confirmed_day_is_a_day_or_nothing() {
        assert_eq!(read("clock_confirmed = \"2026-11-25\"", None).unwrap().clock_confirmed, "2026-11-25".parse().ok());
        assert_eq!(read("clock_confirmed = \"\"", None).unwrap().clock_confirmed, None);
        let wrong = format!("{:#}", read("clock_confirmed = \"yes\"", None).unwrap_err());
        assert!(wrong.contains("clock_confirmed") && wrong.contains("YYYY-MM-DD"), "{wrong}");
    }

    #[test]
    fn a_demonstration_is_a_year_as_text_or_number_and_none_when_empty() {
        let demo = |toml| read(toml, None).map(|settings| settings.demo);
        assert_eq!(demo("demo = \"2022\"").unwrap(), Some(Demonstration::Review));
        assert_eq!(demo("demo = 2025").unwrap(), Some(Demonstration::Sequel));
        assert_eq!(demo("demo = true").unwrap(), Some(Demonstration::Sequel));
        assert_eq!((demo("demo = false").unwrap(), demo("demo = \"\"").unwrap()), (None, None));
        let wrong = format!("{:#}", demo("demo = \"2024\"").unwrap_err());
        assert!(wrong.contains("no demonstration `2024`") && wrong.contains("2025"), "{wrong}");
    }

    #[test]
    fn a_variable_that_nothing_reads_is_refused_with_the_closest_name() {
        let check = |name: &str| check_environment([name.to_owned()]).map_err(|error| error.to_string());
        for (mistyped, meant) in [
            ("SOCAI_LISTN", "SOCAI_LISTEN"),
            ("SOCAI_JORUNAL", "SOCAI_JOURNAL"),
            ("SOCAI_listen_", "SOCAI_LISTEN"),
            ("SOCAI_TOKENFILE", "SOCAI_TOKEN_FILE"),
        ] {
            let told = check(mistyped).unwrap_err();
            assert!(told.contains(mistyped) && told.contains(&format!("did you mean {meant}?")), "{told}");
        }
        for name in
            ["SOCAI_LOG_FORMAT", "SOCAI_URL", "SOCAI_NATS_INTAKE_PASSWORD", "SOCAI_POSTGRES_TALLY_PASSWORD", "PATH"]
        {
            assert_eq!(check(name), Ok(()));
        }
    }

    /// A node in a container of deploy/ would not start otherwise.
    #[test]
    fn every_variable_that_deploy_names_is_known() {
        let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy"))];
        let mut named = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                let Ok(text) = std::fs::read_to_string(&entry) else {
                    folders.extend(entry.is_dir().then_some(entry));
                    continue;
                };
                let part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
                named.extend(
                    text.split("SOCAI_").skip(1).map(|rest| rest.split(|c| !part(c)).next().unwrap().to_owned()),
                );
            }
        }
        let named: Vec<_> =
            named.into_iter().filter(|name| !name.is_empty()).map(|name| format!("SOCAI_{name}")).collect();
        assert!(named.len() > 100, "{named:?}");
        check_environment(named).unwrap();
    }

    #[test]
    fn a_setting_that_does_not_exist_is_named() {
        let wrong = format!("{:#}", read("listn = \"x\"", None).unwrap_err());
        assert!(wrong.contains("listn"), "{wrong}");
    }
}
