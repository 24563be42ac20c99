//! A correction's form comes filled in with what is on record. Only what was typed otherwise is said to be wrong, and the parts that a command
//! states all at once are put together from both.

use std::collections::BTreeSet;

use domain::{Countee, Trait};
use kit::FieldError;

use super::{
    body::Typed,
    spec::{Field, FormSpec},
};
use crate::{
    case::{Case, CaseState},
    words::Words,
};

/// Before the name of a field: with what it was filled.
pub(super) const WAS: &str = "was.";

/// Parts that a command replaces as a whole: a correction of one states the others as they stand.
const WHOLES: [&str; 2] = ["/of_which", "/traits"];

/// What a filled form says.
pub(super) struct Said {
    pub(super) typed: Typed,
    /// The wholes of which a part is another; one of them may be empty now.
    pub(super) restated: BTreeSet<&'static str>,
}

/// Whether the form corrects a case.
pub(super) fn corrects(spec: &FormSpec) -> bool {
    ["correct-organisation", "correct-admission", "correct-batch"].contains(&spec.command)
}

/// Fills in what is on record, and notes that it did. What came with the address stays.
pub(super) fn fill(spec: &FormSpec, typed: &mut Typed, case: &Case) {
    typed.retain(|name, _| !name.starts_with(WAS));
    for field in spec.fields() {
        let Some(value) = on_record(field, case) else { continue };
        typed.insert(format!("{WAS}{}", field.name()), value.clone());
        typed.entry(field.name()).or_insert(value);
    }
}

/// As an input holds it; of a part that is not stated nothing. `None` for a field that is not filled in beforehand.
fn on_record(field: &Field, case: &Case) -> Option<String> {
    let decision = &case.decision;
    if let Some((whole, of)) = part(field) {
        let n = decision.of_which.get(&of);
        let shown = |n: &u32| if whole == "/traits" { (*n != 0).to_string() } else { n.to_string() };
        return Some(n.map(shown).unwrap_or_default());
    }
    match field.pointer {
        "/unit" => Some(decision.unit.to_string()),
        "/effective_on" => Some(decision.effective_on.to_string()),
        "/host_kind" => Some(decision.countable.host_kind.word().to_owned()),
        "/basis" => Some(decision.countable.basis.word().to_owned()),
        "/kind" | "/membership" => Some(match decision.countable.of {
            Countee::Organisation(kind) => kind.word().to_owned(),
            Countee::Member(membership) => membership.word().to_owned(),
        }),
        "/count" => Some(decision.n.to_string()),
        "/place" => decision.place.clone(),
        "/ceremony/on" => case.held_on.map(|day| day.to_string()),
        "/dissolution/on" => case.ended_on.filter(|_| case.state == CaseState::Dissolved).map(|day| day.to_string()),
        _ => None,
    }
}

/// The whole that a field is a part of, and which.
fn part(field: &Field) -> Option<(&'static str, Trait)> {
    let whole = WHOLES.into_iter().find(|whole| field.pointer.starts_with(whole))?;
    let of = field.pointer.rsplit_once('/')?.1.parse().ok()?;
    Some((whole, of))
}

/// What is left to say once all that stands as it was is left out.
///
/// # Errors
/// A line for each field that was emptied and cannot be.
pub(super) fn said(spec: &FormSpec, typed: &Typed, case: Option<&Case>, words: Words) -> Result<Said, Vec<FieldError>> {
    let mut said = Said { typed: typed.clone(), restated: BTreeSet::new() };
    said.typed.retain(|name, _| !name.starts_with(WAS));
    let Some(case) = case.filter(|_| corrects(spec)) else { return Ok(said) };
    let mut wrong = Vec::new();
    for field in spec.fields() {
        let name = field.name();
        let was = typed.get(&format!("{WAS}{name}")).map(|was| was.trim());
        let now = typed.get(&name).map(|now| now.trim());
        let changed = match (now, was) {
            (Some(now), Some(was)) => now != was,
            // A form that was not filled in: what is empty says nothing.
            (Some(now), None) => !now.is_empty(),
            (None, _) => false,
        };
        match part(field) {
            Some((whole, _)) if changed => drop(said.restated.insert(whole)),
            None if !changed && was.is_some() => drop(said.typed.remove(&name)),
            None if changed && now == Some("") => {
                let detail = words.t(
                    "Không để trống được: điền giá trị đúng, hoặc để như đang ghi.",
                    "It cannot be empty: give the right value, or leave it as it stands.",
                );
                wrong.push(FieldError { pointer: field.pointer.to_owned(), detail: detail.to_owned() });
            }
            _ => {}
        }
    }
    state_parts(spec, typed, case, &mut said);
    if wrong.is_empty() { Ok(said) } else { Err(wrong) }
}

/// Parts that were left alone are as they stand by now, whatever they were when the form was opened.
fn state_parts(spec: &FormSpec, typed: &Typed, case: &Case, said: &mut Said) {
    for field in spec.fields() {
        let Some((whole, _)) = part(field) else { continue };
        let name = field.name();
        let was = typed.get(&format!("{WAS}{name}")).map_or("", |was| was.trim());
        let left_alone = typed.get(&name).is_none_or(|now| now.trim() == was);
        match (said.restated.contains(whole), left_alone, on_record(field, case)) {
            (false, ..) => drop(said.typed.remove(&name)),
            (true, true, Some(value)) => drop(said.typed.insert(name, value)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        Basis, BatchId, Countable, Counted, HostKind, Kind, Lang, Membership, Position, StreamId, UnitId, What,
    };

    use super::{super::spec::spec, *};

    const VI: Words = Words(Lang::Vi);

    fn case(of_which: &[(Trait, u32)]) -> Case {
        let of_which: domain::OfWhich = of_which.iter().copied().collect();
        let (what, of) = (What::Admitted, Countee::Member(Membership::Party));
        let countable = Countable { what, of, host_kind: HostKind::Cooperative, basis: Basis::New };
        let (unit, effective_on) = (UnitId(uuid::Uuid::nil()), "2022-12-30".parse().unwrap());
        let decision = Counted { countable, unit, effective_on, n: 15, of_which, place: None };
        Case::standing(StreamId::new(Kind::Batch, BatchId(uuid::Uuid::nil()).0), Position(9), 1, &decision)
    }

    fn filled(case: &Case) -> Typed {
        let mut typed = Typed::new();
        fill(spec("correct-batch").unwrap(), &mut typed, case);
        typed
    }

    fn said_of(typed: &Typed, case: &Case) -> Vec<(String, String)> {
        let said = said(spec("correct-batch").unwrap(), typed, Some(case), VI).unwrap();
        said.typed.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_that_is_left_as_it_was_filled_says_nothing() {
        let case = case(&[(Trait::Women, 8), (Trait::Worker, 3)]);
        let typed = filled(&case);
        assert_eq!(
            (&typed["count"], &typed["of_which.worker"], &typed["of_which.religious"]),
            (&"15".into(), &"3".into(), &String::new())
        );
        assert_eq!(said_of(&typed, &case), []);
    }

    #[test]
    fn a_part_that_is_corrected_states_the_others_as_they_stand_by_now() {
        let opened = case(&[(Trait::Women, 8), (Trait::Worker, 3)]);
        let mut typed = filled(&opened);
        typed.insert("of_which.women".into(), "9".into());
        let others = pairs(&[("of_which.women", "9"), ("of_which.worker", "3")]);
        assert_eq!(said_of(&typed, &opened), others);
        let by_now = case(&[(Trait::Women, 8), (Trait::Worker, 4)]);
        assert_eq!(said_of(&typed, &by_now), pairs(&[("of_which.women", "9"), ("of_which.worker", "4")]));
        // Typed alone, without what the form was filled with.
        let alone =
            Typed::from([("of_which.women".to_owned(), "9".to_owned()), ("of_which.worker".to_owned(), String::new())]);
        assert_eq!(said_of(&alone, &opened), others);
    }

    #[test]
    fn a_part_that_is_emptied_is_not_stated_any_more_and_a_value_cannot_be_emptied() {
        let case = case(&[(Trait::Women, 8)]);
        let mut typed = filled(&case);
        typed.insert("of_which.women".into(), String::new());
        let emptied = said(spec("correct-batch").unwrap(), &typed, Some(&case), VI).unwrap();
        assert_eq!(emptied.restated.into_iter().collect::<Vec<_>>(), ["/of_which"]);
        assert_eq!(said_of(&typed, &case), []);
        typed.insert("count".into(), " ".into());
        let wrong = said(spec("correct-batch").unwrap(), &typed, Some(&case), VI).err().unwrap();
        assert_eq!(wrong.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), ["/count"]);
    }
}
