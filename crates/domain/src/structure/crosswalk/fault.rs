//! What is wrong with a row of a crosswalk, and what was read otherwise than it is written.

use std::fmt;

use super::{Misfit, kind::KINDS};
use crate::{LocalDate, Substance, vi::Legacy};

/// A row that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    pub line: u64,
    pub fault: Fault,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    FieldsDiffer(Misfit),
    NoCode {
        column: &'static str,
    },
    TextUnfit {
        column: &'static str,
        max: u32,
    },
    /// It has come through an older encoding.
    NotUnicode {
        column: &'static str,
        found: Legacy,
    },
    CodeUnknown {
        code: String,
        on: LocalDate,
    },
    CodeAmbiguous {
        code: String,
        on: LocalDate,
        names: Vec<String>,
    },
    NameDiffers {
        code: String,
        on: LocalDate,
        known: String,
    },
    KindUnknown {
        kind: String,
        nearest: Option<&'static str>,
    },
    ExtentDiffers {
        extent: String,
        kind: String,
    },
    /// It is said to stay as it is, with another code, another name, or both.
    NotKept {
        code: Option<String>,
        name: Option<String>,
    },
    Doubled {
        first: u64,
    },
    /// Another row says another kind of change of the same two units.
    Contradicts {
        other: u64,
    },
    /// Another row takes something of what this one or that one takes wholly.
    Overlaps {
        other: u64,
    },
    /// Another row takes something of which this one or that one takes all.
    TakenTwice {
        other: u64,
        what: Substance,
    },
    /// One new code, two new names.
    NewNameDiffers {
        code: String,
        other: u64,
        name: String,
    },
    /// Two units that stay, one new code.
    StayTwice {
        code: String,
        other: u64,
    },
    /// An earlier list of the same day has made the new unit, with another name.
    MadeAlready {
        code: String,
        known: String,
    },
    /// A unit that stays is named again as one that it merges into under another id.
    StaysAndPasses {
        other: u64,
    },
    /// A unit that goes on has the new code; `until` is its first day without it.
    CodeHeld {
        code: String,
        name: String,
        on: LocalDate,
        until: Option<LocalDate>,
    },
    /// The unit is divided, and nothing says to which of its successors those under it go.
    ChildrenUnplaced {
        name: String,
        on: LocalDate,
        children: Vec<String>,
    },
    /// Whether the old unit ends cannot be told from a part of its rows.
    PartSetAside {
        aside: u64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldsDiffer(misfit) => write!(f, "it {misfit}"),
            Self::NoCode { column } => write!(f, "there is no {column}"),
            Self::TextUnfit { column, max } => {
                write!(f, "the {column} takes 1 to {max} characters on one line, without control characters")
            }
            Self::NotUnicode { column, found } => {
                let found = found.en();
                write!(f, "the {column} looks like {found}, not like Unicode; convert it and save the file as UTF-8")
            }
            Self::CodeUnknown { code, on } => write!(f, "no unit has the code {code} on {on}"),
            Self::CodeAmbiguous { code, on, names } => {
                write!(f, "several units have the code {code} on {on}: {}", names.join(", "))
            }
            Self::NameDiffers { code, on, known } => write!(f, "the code {code} is that of “{known}” on {on}"),
            Self::KindUnknown { kind, nearest: Some(nearest) } => {
                write!(f, "“{kind}” is no known kind of change; the nearest is “{nearest}”")
            }
            Self::KindUnknown { kind, nearest: None } => {
                write!(f, "“{kind}” is no known kind of change; write one of: {}", KINDS.join(" · "))
            }
            Self::ExtentDiffers { extent, kind } => write!(f, "“{extent}” does not go with “{kind}”"),
            Self::NotKept { code, name } => f.write_str(&not_kept(code.as_deref(), name.as_deref())),
            Self::Doubled { first } => write!(f, "it says the same as line {first}"),
            Self::Contradicts { other } => write!(f, "line {other} says otherwise of the same two units"),
            Self::Overlaps { other } => write!(f, "one of this line and line {other} takes the whole unit"),
            Self::TakenTwice { other, what } => {
                write!(
                    f,
                    "one of this line and line {other} takes all of the {}, which the other takes as well",
                    what.en()
                )
            }
            Self::NewNameDiffers { code, other, name } => {
                write!(f, "the new code {code} is that of “{name}” in line {other}")
            }
            Self::StayTwice { code, other } => {
                write!(f, "by line {other} another unit stays under the new code {code}")
            }
            Self::MadeAlready { code, known } => {
                write!(f, "the new code {code} is that of “{known}” by an earlier list of the same day")
            }
            Self::StaysAndPasses { other } => {
                write!(f, "by line {other} the unit stays, so it cannot pass wholly, or stay twice")
            }
            Self::CodeHeld { code, name, on, until } => {
                let until = until.map_or(String::new(), |end| format!(" until {}", end.yesterday()));
                let what = "end it or give it another code first, or correct the new code";
                write!(
                    f,
                    "the new code {code} is that of “{name}” from {on} on{until}, which the list does not end: {what}"
                )
            }
            Self::ChildrenUnplaced { name, on, children } => {
                let (shown, more) =
                    (children.iter().take(3).map(|child| format!("“{child}”")), children.len().saturating_sub(3));
                let shown = shown.collect::<Vec<_>>().join(", ");
                let more = if more == 0 { String::new() } else { format!(" and {more} more") };
                let what = format!(
                    "give each its new superior from {on} on by change-structure (set_parent), or end it, before this import"
                );
                write!(f, "“{name}” is divided, and the list does not say where {shown}{more} under it go: {what}")
            }
            Self::PartSetAside { aside } => {
                write!(f, "line {aside} of the same old unit is set aside; set this one aside as well")
            }
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fields, columns } = self;
        let what = if fields > columns {
            "put a value with the separator in it between double quotes"
        } else {
            "leave a field empty, not out"
        };
        write!(f, "has {fields} fields where the header has {columns}: {what}")
    }
}

fn not_kept(code: Option<&str>, name: Option<&str>) -> String {
    let differs = [("code", code), ("name", name)];
    let told = differs.into_iter().filter_map(|(what, new)| Some(format!("another {what}, “{}”", new?)));
    let told = told.collect::<Vec<_>>().join(" and ");
    let what = "“Đổi tên” (renamed) is for the same unit under another name or code, “Nhập toàn bộ” for one that passes to another";
    format!("it is said to stay unchanged, and has {told}: {what}")
}

/// Something that was read otherwise than it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub line: u64,
    pub column: &'static str,
    /// As it is taken.
    pub taken: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} is written in decomposed characters (NFD) and taken as “{}”", self.column, self.taken)
    }
}
