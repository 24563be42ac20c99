//! Which rows of a crosswalk cannot be, and why. Every bad row is found, not only the first.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{BadRow, ChangeKind, Crosswalk, Fault, Note, Row, known::Known, unit_of_code};
use crate::{
    Extent, LocalDate, Refusal, UnitId,
    guard::line_of_text,
    structure::{
        Unit,
        step::{CODE_MAX_CHARS, NAME_MAX_CHARS},
        succeed::taken_twice,
    },
    text::{comparison_key, normalise},
    vi::legacy,
};

/// A row that can be, in stored form.
pub(super) struct Checked<'a> {
    pub(super) line: u64,
    pub(super) old: &'a Unit,
    pub(super) new_code: String,
    pub(super) new_name: String,
    pub(super) kind: ChangeKind,
}

impl Checked<'_> {
    /// From the code of the day before.
    pub(super) fn code_differs(&self, from: LocalDate) -> bool {
        self.old.code_on(from.yesterday()) != Some(&*self.new_code)
    }
}

const OLD_CODE: &str = "old code";
const OLD_NAME: &str = "old name";
const NEW_CODE: &str = "new code";
const NEW_NAME: &str = "new name";
const KIND: &str = "kind of change";

impl<'a> Crosswalk<'a> {
    pub(super) fn check(&self, rows: &[Row], known: &Known<'a>) -> Result<Vec<Checked<'a>>, Vec<BadRow>> {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for row in rows.iter().filter(|row| !self.set_aside.contains(&row.line)) {
            match self.one(row, known) {
                Ok(checked) => good.push(checked),
                Err(fault) => bad.push(BadRow { line: row.line, fault }),
            }
        }
        bad.extend(self.parts_set_aside(rows));
        bad.extend(between(&good));
        bad.sort_by_key(|bad| bad.line);
        if bad.is_empty() { Ok(good) } else { Err(bad) }
    }

    fn one(&self, row: &Row, known: &Known<'a>) -> Result<Checked<'a>, Fault> {
        row.misfit.map_or(Ok(()), |misfit| Err(Fault::FieldsDiffer(misfit)))?;
        let old_code = code(&row.old_code, OLD_CODE)?;
        let new_code = code(&row.new_code, NEW_CODE)?;
        unicode(&row.old_name, OLD_NAME)?;
        unicode(&row.kind, KIND)?;
        let kind = ChangeKind::of_row(row)?;
        let new_name = text(&row.new_name, NEW_NAME, NAME_MAX_CHARS)?;
        let on = self.from.yesterday();
        let old = old(known.day_before(&old_code), &old_code, on)?;
        if !fits(old.name_on(on), &row.old_name) {
            return Err(Fault::NameDiffers { code: old_code, on, known: old.name_on(on).to_owned() });
        }
        if kind == ChangeKind::Kept {
            kept(old, on, &new_code, &new_name)?;
        }
        if let Some(made) = self.made_already(&new_code).map(|made| made.name_on(self.from))
            && comparison_key(made) != comparison_key(&new_name)
        {
            return Err(Fault::MadeAlready { code: new_code, known: made.to_owned() });
        }
        Ok(Checked { line: row.line, old, new_code, new_name, kind })
    }

    /// The unit that an earlier list of the same day has made for a code.
    pub(super) fn made_already(&self, code: &str) -> Option<&'a Unit> {
        self.structure.unit(unit_of_code(code, self.from)).filter(|made| made.exists_on(self.from))
    }

    /// What is set aside may say no more of an old unit than the rows that are kept: a double, or a misspelt row beside the right one.
    fn parts_set_aside(&self, rows: &[Row]) -> Vec<BadRow> {
        let (aside, kept): (Vec<_>, Vec<_>) = rows.iter().partition(|row| self.set_aside.contains(&row.line));
        let said: BTreeSet<_> = kept.iter().map(|row| (normalise(&row.old_code), normalise(&row.new_code))).collect();
        let more = aside.iter().filter(|row| !said.contains(&(normalise(&row.old_code), normalise(&row.new_code))));
        let missing: BTreeMap<_, u64> = more.map(|row| (normalise(&row.old_code), row.line)).collect();
        let of_old = kept.iter().filter(|row| !row.old_code.trim().is_empty());
        let bad = of_old.filter_map(|row| {
            let fault = Fault::PartSetAside { aside: *missing.get(&normalise(&row.old_code))? };
            Some(BadRow { line: row.line, fault })
        });
        bad.collect()
    }
}

/// The one unit that has the old code.
fn old<'a>(found: &[&'a Unit], code: &str, on: LocalDate) -> Result<&'a Unit, Fault> {
    match found {
        [one] => Ok(one),
        [] => Err(Fault::CodeUnknown { code: code.to_owned(), on }),
        several => {
            let names = several.iter().map(|unit| unit.name_on(on).to_owned()).collect();
            Err(Fault::CodeAmbiguous { code: code.to_owned(), on, names })
        }
    }
}

/// The name that the ledger has is the row's, or ends with it: “Đảng ủy phường An Biên” for “phường An Biên”.
fn fits(known: &str, written: &str) -> bool {
    let (known, written) = (comparison_key(known), comparison_key(written));
    !written.is_empty() && (known == written || known.ends_with(&format!(" {written}")))
}

/// Who stays as it is has the code and the name of the day before.
fn kept(old: &Unit, on: LocalDate, code: &str, name: &str) -> Result<(), Fault> {
    let recoded = (old.code_on(on) != Some(code)).then(|| code.to_owned());
    let renamed = (!fits(old.name_on(on), name)).then(|| name.to_owned());
    if recoded.is_none() && renamed.is_none() { Ok(()) } else { Err(Fault::NotKept { code: recoded, name: renamed }) }
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
    let mut pairs: BTreeMap<(UnitId, &str), &Checked<'_>> = BTreeMap::new();
    let mut of_old: BTreeMap<UnitId, Vec<&Checked<'_>>> = BTreeMap::new();
    let mut stay: BTreeMap<&str, &Checked<'_>> = BTreeMap::new();
    for row in rows {
        let stays = row.kind.extent().is_none().then(|| *stay.entry(&row.new_code).or_insert(row));
        let earlier = of_old.entry(row.old.id).or_default();
        let fault = match (pairs.get(&(row.old.id, &*row.new_code)), names.get(&*row.new_code)) {
            (Some(first), _) if first.kind == row.kind => Some(Fault::Doubled { first: first.line }),
            (Some(first), _) => Some(Fault::Contradicts { other: first.line }),
            (_, Some(first)) if comparison_key(&first.new_name) != comparison_key(&row.new_name) => {
                let (code, name) = (row.new_code.clone(), first.new_name.clone());
                Some(Fault::NewNameDiffers { code, other: first.line, name })
            }
            _ => match stays.filter(|other| other.old.id != row.old.id) {
                Some(other) => Some(Fault::StayTwice { code: row.new_code.clone(), other: other.line }),
                None => earlier.iter().find_map(|other| against(row, other)),
            },
        };
        bad.extend(fault.map(|fault| BadRow { line: row.line, fault }));
        pairs.entry((row.old.id, &row.new_code)).or_insert(row);
        names.entry(&row.new_code).or_insert(row);
        earlier.push(row);
    }
    bad
}

/// Two rows of one old unit.
fn against(row: &Checked<'_>, other: &Checked<'_>) -> Option<Fault> {
    if let (ChangeKind::Passes { of, .. }, ChangeKind::Passes { of: others, .. }) = (&row.kind, &other.kind)
        && let Some(what) = taken_twice(of, others)
    {
        return Some(Fault::TakenTwice { other: other.line, what });
    }
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
