//! Which rows of a crosswalk cannot be, and why. Every bad row is found, not only the first.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{ChangeKind, Crosswalk, KnownUnit, Row, kind::extent_of, unit_of_code};
use crate::{
    Extent, LocalDate, Refusal, UnitId,
    guard::line_of_text,
    structure::step::{CODE_MAX_CHARS, NAME_MAX_CHARS},
    text::{comparison_key, normalise},
    vi::{Legacy, legacy},
};

/// A row that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    pub line: u64,
    pub fault: Fault,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
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
        nearest: &'static str,
    },
    ExtentDiffers {
        extent: String,
        kind: String,
    },
    Doubled {
        first: u64,
    },
    /// Another row takes something of what this one or that one takes wholly.
    Overlaps {
        other: u64,
    },
    /// One new code, two new names.
    NewNameDiffers {
        code: String,
        other: u64,
        name: String,
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
    /// Whether the old unit ends cannot be told from a part of its rows.
    PartSetAside {
        aside: u64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCode { column } => write!(f, "there is no {column}"),
            Self::TextUnfit { column, max } => {
                write!(f, "the {column} takes 1 to {max} characters on one line, without control characters")
            }
            Self::NotUnicode { column, found } => {
                write!(
                    f,
                    "the {column} looks like {}, not like Unicode; convert it and save the file as UTF-8",
                    found.en()
                )
            }
            Self::CodeUnknown { code, on } => write!(f, "no unit has the code {code} on {on}"),
            Self::CodeAmbiguous { code, on, names } => {
                write!(f, "several units have the code {code} on {on}: {}", names.join(", "))
            }
            Self::NameDiffers { code, on, known } => write!(f, "the code {code} is that of “{known}” on {on}"),
            Self::KindUnknown { kind, nearest } => {
                write!(f, "“{kind}” is no known kind of change; the nearest is “{nearest}”")
            }
            Self::ExtentDiffers { extent, kind } => write!(f, "“{extent}” does not go with “{kind}”"),
            Self::Doubled { first } => write!(f, "it says the same as line {first}"),
            Self::Overlaps { other } => write!(f, "one of this line and line {other} takes the whole unit"),
            Self::NewNameDiffers { code, other, name } => {
                write!(f, "the new code {code} is that of “{name}” in line {other}")
            }
            Self::MadeAlready { code, known } => {
                write!(f, "the new code {code} is that of “{known}” by an earlier list of the same day")
            }
            Self::StaysAndPasses { other } => {
                write!(f, "by line {other} the unit stays, so it cannot pass wholly, or stay twice")
            }
            Self::PartSetAside { aside } => {
                write!(f, "line {aside} of the same old unit is set aside; set this one aside as well")
            }
        }
    }
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

/// A row that can be, in stored form.
pub(super) struct Checked<'a> {
    pub(super) line: u64,
    pub(super) old: &'a KnownUnit,
    pub(super) new_code: String,
    pub(super) new_name: String,
    pub(super) kind: ChangeKind,
}

const OLD_CODE: &str = "old code";
const OLD_NAME: &str = "old name";
const NEW_CODE: &str = "new code";
const NEW_NAME: &str = "new name";
const KIND: &str = "kind of change";

impl Crosswalk<'_> {
    pub(super) fn check(&self, rows: &[Row]) -> Result<Vec<Checked<'_>>, Vec<BadRow>> {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for row in rows.iter().filter(|row| !self.set_aside.contains(&row.line)) {
            match self.one(row) {
                Ok(checked) => good.push(checked),
                Err(fault) => bad.push(BadRow { line: row.line, fault }),
            }
        }
        bad.extend(self.parts_set_aside(rows));
        bad.extend(between(&good));
        bad.sort_by_key(|bad| bad.line);
        if bad.is_empty() { Ok(good) } else { Err(bad) }
    }

    fn one(&self, row: &Row) -> Result<Checked<'_>, Fault> {
        let old_code = code(&row.old_code, OLD_CODE)?;
        let new_code = code(&row.new_code, NEW_CODE)?;
        unicode(&row.old_name, OLD_NAME)?;
        unicode(&row.kind, KIND)?;
        let kind = ChangeKind::read(&row.kind)
            .map_err(|nearest| Fault::KindUnknown { kind: normalise(&row.kind).into_owned(), nearest })?;
        if let Some(extent) = row.extent.as_deref().filter(|text| !text.trim().is_empty()) {
            let fits = extent_of(extent) == kind.extent().or(Some(Extent::Whole));
            let kind = || normalise(&row.kind).into_owned();
            fits.then_some(()).ok_or_else(|| Fault::ExtentDiffers { extent: extent.to_owned(), kind: kind() })?;
        }
        let new_name = text(&row.new_name, NEW_NAME, NAME_MAX_CHARS)?;
        let old = self.old(&old_code)?;
        if !fits(&old.name, &row.old_name) {
            return Err(Fault::NameDiffers { code: old_code, on: self.from.yesterday(), known: old.name.clone() });
        }
        if let Some(made) = self.made_already(&new_code)
            && comparison_key(&made.name) != comparison_key(&new_name)
        {
            return Err(Fault::MadeAlready { code: new_code, known: made.name.clone() });
        }
        Ok(Checked { line: row.line, old, new_code, new_name, kind })
    }

    fn old(&self, code: &str) -> Result<&KnownUnit, Fault> {
        let on = self.from.yesterday();
        let found: Vec<_> = self.known.iter().filter(|unit| unit.code.as_deref() == Some(code)).collect();
        match found[..] {
            [one] => Ok(one),
            [] => Err(Fault::CodeUnknown { code: code.to_owned(), on }),
            _ => {
                let names = found.iter().map(|unit| unit.name.clone()).collect();
                Err(Fault::CodeAmbiguous { code: code.to_owned(), on, names })
            }
        }
    }

    /// The unit that an earlier list of the same day has made for a code.
    pub(super) fn made_already(&self, code: &str) -> Option<&KnownUnit> {
        let made = unit_of_code(code, self.from);
        self.there.iter().find(|unit| unit.unit == made)
    }

    fn parts_set_aside(&self, rows: &[Row]) -> Vec<BadRow> {
        let key = |row: &Row| normalise(&row.old_code).into_owned();
        let aside = rows.iter().filter(|row| self.set_aside.contains(&row.line));
        let aside: BTreeMap<String, u64> = aside.map(|row| (key(row), row.line)).collect();
        let kept = rows.iter().filter(|row| !self.set_aside.contains(&row.line) && !row.old_code.trim().is_empty());
        kept.filter_map(|row| {
            let fault = Fault::PartSetAside { aside: *aside.get(&key(row))? };
            Some(BadRow { line: row.line, fault })
        })
        .collect()
    }
}

/// The name that the ledger has is the row's, or ends with it: “Đảng ủy phường An Biên” for “phường An Biên”.
fn fits(known: &str, written: &str) -> bool {
    let (known, written) = (comparison_key(known), comparison_key(written));
    !written.is_empty() && (known == written || known.ends_with(&format!(" {written}")))
}

fn code(written: &str, column: &'static str) -> Result<String, Fault> {
    if written.trim().is_empty() {
        return Err(Fault::NoCode { column });
    }
    text(written, column, CODE_MAX_CHARS)
}

fn text(written: &str, column: &'static str, max: u32) -> Result<String, Fault> {
    line_of_text(written, max, "").map_err(|refusal| match refusal {
        Refusal::TextNotUnicode { found, .. } => Fault::NotUnicode { column, found },
        _ => Fault::TextUnfit { column, max },
    })
}

/// What is only compared is told as well: that it differs would say too little.
fn unicode(written: &str, column: &'static str) -> Result<(), Fault> {
    legacy(written).map_or(Ok(()), |found| Err(Fault::NotUnicode { column, found }))
}

/// What is wrong with a row because of another one before it.
fn between(rows: &[Checked<'_>]) -> Vec<BadRow> {
    let mut bad = Vec::new();
    let mut names: BTreeMap<&str, &Checked<'_>> = BTreeMap::new();
    let mut pairs: BTreeMap<(UnitId, &str), u64> = BTreeMap::new();
    let mut of_old: BTreeMap<UnitId, Vec<&Checked<'_>>> = BTreeMap::new();
    for row in rows {
        let earlier = of_old.entry(row.old.unit).or_default();
        let fault = match (pairs.get(&(row.old.unit, &*row.new_code)), names.get(&*row.new_code)) {
            (Some(first), _) => Some(Fault::Doubled { first: *first }),
            (_, Some(first)) if comparison_key(&first.new_name) != comparison_key(&row.new_name) => {
                let (code, name) = (row.new_code.clone(), first.new_name.clone());
                Some(Fault::NewNameDiffers { code, other: first.line, name })
            }
            _ => earlier.iter().find_map(|other| against(row, other)),
        };
        bad.extend(fault.map(|fault| BadRow { line: row.line, fault }));
        pairs.entry((row.old.unit, &row.new_code)).or_insert(row.line);
        names.entry(&row.new_code).or_insert(row);
        earlier.push(row);
    }
    bad
}

/// Two rows of one old unit.
fn against(row: &Checked<'_>, other: &Checked<'_>) -> Option<Fault> {
    match (row.kind.extent(), other.kind.extent()) {
        (Some(Extent::Part), Some(Extent::Part) | None) | (None, Some(Extent::Part)) => None,
        (Some(_), Some(_)) => Some(Fault::Overlaps { other: other.line }),
        _ => Some(Fault::StaysAndPasses { other: other.line }),
    }
}

/// Fields that are not in composed form.
pub(super) fn notes<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Note> {
    let decomposed =
        |text: &str| matches!(normalise(text.trim()), Cow::Owned(taken) if !is_spaced(text.trim(), &taken));
    rows.flat_map(|row| {
        let fields = [
            (OLD_CODE, &row.old_code),
            (OLD_NAME, &row.old_name),
            (NEW_CODE, &row.new_code),
            (NEW_NAME, &row.new_name),
        ];
        let told = fields.into_iter().filter(|(_, text)| decomposed(text));
        told.map(|(column, text)| Note { line: row.line, column, taken: normalise(text).into_owned() })
            .collect::<Vec<_>>()
    })
    .collect()
}

/// Whether two texts differ by white space only.
fn is_spaced(written: &str, taken: &str) -> bool {
    written.split_whitespace().eq(taken.split_whitespace())
}

/// Lines that are to be set aside and are not in the file.
pub fn missing_lines(rows: &[Row], set_aside: &BTreeSet<u64>) -> Vec<u64> {
    let lines: BTreeSet<u64> = rows.iter().map(|row| row.line).collect();
    set_aside.difference(&lines).copied().collect()
}
