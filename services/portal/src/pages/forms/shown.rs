//! A form as it is shown: each field with what was typed, its choices, and what is wrong with it.

use std::collections::BTreeMap;

use domain::{LocalDate, Reference, UnitId, structure::Unit};
use kit::FieldError;

use super::{
    body::Typed,
    spec::{Field, FieldKind, FormSpec},
};
use crate::{pages::told_apart::SharedNames, words::Words};

pub(super) struct ShownGroup {
    pub(super) title: String,
    pub(super) fields: Vec<ShownField>,
    pub(super) folded: bool,
    pub(super) open: bool,
}

pub(super) struct ShownField {
    pub(super) name: String,
    pub(super) label: &'static str,
    pub(super) hint: Option<&'static str>,
    pub(super) required: bool,
    pub(super) wrong: Option<String>,
    pub(super) input: Input,
}

impl ShownField {
    /// Ids of what is said of it, for who hears the form: what is wrong, then the hint.
    pub(super) fn described_by(&self) -> Option<String> {
        let wrong = self.wrong.as_ref().map(|_| format!("{}-wrong", self.name));
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let ids: Vec<_> = wrong.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Id of what is filled in first of it.
    fn first_input(&self) -> String {
        match self.input {
            Input::Target { .. } => format!("{}.n", self.name),
            _ => self.name.clone(),
        }
    }
}

/// A field with an error, for the list above the form.
pub(super) struct WrongField {
    pub(super) id: String,
    pub(super) label: &'static str,
    pub(super) wrong: String,
}

pub(super) fn wrong_fields(groups: &[ShownGroup]) -> Vec<WrongField> {
    let fields = groups.iter().flat_map(|group| &group.fields);
    let wrong = |field: &ShownField| {
        Some(WrongField { id: field.first_input(), label: field.label, wrong: field.wrong.clone()? })
    };
    fields.filter_map(wrong).collect()
}

pub(super) enum Input {
    Text(String),
    Lines(String),
    Count(String),
    Day(String),
    Tick(bool),
    Select(Vec<Chosen>),
    /// Those that are there, and those that have ended.
    Units(Vec<Chosen>, Vec<Chosen>),
    /// Not to be changed.
    Fixed(String),
    Target {
        shapes: Vec<Chosen>,
        n: String,
        to: String,
    },
}

pub(super) struct Chosen {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) selected: bool,
}

/// What a form is shown with.
pub(super) struct Showing<'a> {
    pub(super) words: Words,
    pub(super) reference: &'a Reference,
    pub(super) today: LocalDate,
    pub(super) office: UnitId,
    pub(super) typed: &'a Typed,
    pub(super) wrong: &'a [FieldError],
}

impl Showing<'_> {
    pub(super) fn groups(&self, spec: &FormSpec) -> Vec<ShownGroup> {
        let places = places(spec, self.wrong);
        let groups = spec.groups.iter().map(|group| {
            let fields: Vec<_> = group.fields.iter().map(|field| self.field(field, &places)).collect();
            let typed = |field: &ShownField| field.name != "document.issuer" && self.is_typed(&field.name);
            let open = fields.iter().any(|field| field.wrong.is_some() || typed(field));
            let title = self.words.t(group.title.0, group.title.1).to_owned();
            ShownGroup { title, fields, folded: group.folded, open }
        });
        groups.collect()
    }

    fn field(&self, field: &'static Field, places: &BTreeMap<&'static str, String>) -> ShownField {
        let w = self.words;
        let name = field.name();
        let typed = self.typed.get(&name).cloned().unwrap_or_default();
        let input = match field.kind {
            FieldKind::Text => Input::Text(typed),
            FieldKind::Lines => Input::Lines(typed),
            FieldKind::Count | FieldKind::Position => Input::Count(typed),
            FieldKind::Day => Input::Day(typed),
            FieldKind::Tick | FieldKind::DidNotHappen => Input::Tick(!typed.is_empty()),
            FieldKind::Subject => Input::Fixed(typed),
            FieldKind::Stated => self.select(&typed, [("true", w.t("có", "yes")), ("false", w.t("không", "no"))]),
            FieldKind::Choice(choices) if !field.required => self.optional(&typed, choices(w)),
            FieldKind::Choice(choices) => self.select(&typed, choices(w)),
            FieldKind::OwnUnit => self.units(&typed_or(&typed, self.office.to_string()), true),
            FieldKind::AnyUnit => self.units(&typed, false),
            FieldKind::Programme => self.select(&typed, self.programmes()),
            FieldKind::Measure => self.select(&typed, self.measures()),
            FieldKind::Period => self.select(&typed, self.periods()),
            FieldKind::Target => self.target(&name),
        };
        ShownField {
            label: w.t(field.label.0, field.label.1),
            hint: field.hint.map(|(vi, en)| w.t(vi, en)),
            required: field.required,
            wrong: places.get(field.pointer).cloned(),
            name,
            input,
        }
    }

    fn is_typed(&self, name: &str) -> bool {
        self.typed.get(name).is_some_and(|text| !text.trim().is_empty())
    }

    /// An empty choice comes first; an only choice is taken.
    fn select<V: Into<String>, L: Into<String>>(
        &self,
        typed: &str,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Input {
        Input::Select(self.chosen(typed, choices))
    }

    fn chosen<V: Into<String>, L: Into<String>>(
        &self,
        typed: &str,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Vec<Chosen> {
        let choices: Vec<(String, String)> = choices.into_iter().map(|(v, l)| (v.into(), l.into())).collect();
        let only = if let [(value, _)] = &choices[..] { value.clone() } else { String::new() };
        let typed = typed_or(typed, only);
        let empty = Chosen { value: String::new(), label: "–".to_owned(), selected: typed.is_empty() };
        let choices = choices.into_iter().map(|(value, label)| Chosen { selected: value == typed, label, value });
        std::iter::once(empty).chain(choices).collect()
    }

    /// Nothing is taken unless it was typed.
    fn optional(&self, typed: &str, choices: Vec<(&'static str, &'static str)>) -> Input {
        let empty = Chosen { value: String::new(), label: "–".to_owned(), selected: typed.is_empty() };
        let choices = choices.into_iter().map(|(value, label)| Chosen {
            selected: value == typed,
            label: label.to_owned(),
            value: value.to_owned(),
        });
        Input::Select(std::iter::once(empty).chain(choices).collect())
    }

    /// With `own` the office, those under it, and what has ended and is wholly the office's own by now: something may still come late, and
    /// corrections.
    fn units(&self, typed: &str, own: bool) -> Input {
        let structure = &self.reference.structure;
        let came = structure.came_to(self.office, self.today);
        let may = |unit: &&Unit| {
            let day = structure.day_of_authority(unit.id, self.today);
            !own || came.contains(&unit.id) || structure.is_at_or_under(unit.id, self.office, day)
        };
        let named: Vec<(&Unit, LocalDate)> =
            structure.units().filter(may).filter_map(|unit| self.named_on(unit)).collect();
        let shared = SharedNames::of(named.iter().map(|(unit, day)| unit.name_on(*day)));
        let name = |unit: &Unit, day: LocalDate| shared.told(structure, unit.id, unit.name_on(day), day);
        let here = named.iter().filter(|(unit, _)| unit.exists_on(self.today));
        let here = here.map(|(unit, day)| (unit.id.to_string(), name(unit, *day)));
        let mut here = self.chosen(typed, here);
        let ended = named.iter().filter(|(unit, _)| !unit.exists_on(self.today)).map(|(unit, last_day)| {
            let until = self.words.t("đến hết ngày", "until");
            let label = format!("{} ({until} {})", name(unit, *last_day), self.words.day(*last_day));
            let value = unit.id.to_string();
            Chosen { selected: value == typed, label, value }
        });
        let ended: Vec<_> = ended.collect();
        if let Some(empty) = here.first_mut().filter(|_| ended.iter().any(|unit| unit.selected)) {
            empty.selected = false;
        }
        Input::Units(here, ended)
    }

    /// A unit that is there today or was, with the day whose name it has here.
    fn named_on<'u>(&self, unit: &'u Unit) -> Option<(&'u Unit, LocalDate)> {
        if unit.exists_on(self.today) {
            return Some((unit, self.today));
        }
        let last_day = unit.ended_on.filter(|ended_on| *ended_on <= self.today)?.yesterday();
        Some((unit, last_day))
    }

    fn programmes(&self) -> Vec<(String, String)> {
        let named = |programme: &domain::programme::Programme| programme.name(self.words.0).to_owned();
        self.reference.programmes.iter().map(|(key, programme)| (key.to_string(), named(programme))).collect()
    }

    fn measures(&self) -> Vec<(String, String)> {
        let programmes = self.reference.programmes.values();
        let of = |programme: &domain::programme::Programme| -> Vec<(String, String)> {
            programme
                .measures()
                .filter_map(|key| programme.measure_on(key, self.today).map(|measure| (key, measure)))
                .map(|(key, measure)| (key.to_string(), measure.name(self.words.0).to_owned()))
                .collect()
        };
        programmes.flat_map(of).collect()
    }

    fn periods(&self) -> Vec<(String, String)> {
        let mut periods: Vec<_> = self.reference.periods.keys().map(|(_, key)| key.to_string()).collect();
        periods.sort();
        periods.dedup();
        periods.into_iter().rev().map(|key| (key.clone(), key)).collect()
    }

    fn target(&self, name: &str) -> Input {
        let part = |part: &str| self.typed.get(&format!("{name}.{part}")).cloned().unwrap_or_default();
        let shape = typed_or(&part("shape"), "exactly".to_owned());
        let shapes = [
            ("exactly", self.words.t("đúng số này", "exactly")),
            ("at_least", self.words.t("từ số này trở lên", "at least")),
            ("between", self.words.t("trong khoảng", "between")),
        ];
        let shapes = shapes.map(|(value, label)| Chosen {
            value: value.to_owned(),
            label: label.to_owned(),
            selected: value == shape,
        });
        Input::Target { shapes: shapes.into(), n: part("n"), to: part("to") }
    }
}

fn typed_or(typed: &str, default: String) -> String {
    if typed.is_empty() { default } else { typed.to_owned() }
}

/// Each error beside the field that it means: the same pointer, else the nearest one above or below it.
fn places(spec: &FormSpec, wrong: &[FieldError]) -> BTreeMap<&'static str, String> {
    let mut places = BTreeMap::new();
    for error in wrong {
        let exact = spec.fields().find(|field| field.pointer == error.pointer);
        let near = |field: &&'static Field| {
            error.pointer.starts_with(&format!("{}/", field.pointer))
                || (!error.pointer.is_empty() && field.pointer.starts_with(&format!("{}/", error.pointer)))
        };
        if let Some(field) = exact.or_else(|| spec.fields().find(near)) {
            places.entry(field.pointer).or_insert_with(|| error.detail.clone());
        }
    }
    places
}

/// The errors that no field of the form stands for.
pub(super) fn without_place(spec: &FormSpec, wrong: &[FieldError]) -> Vec<String> {
    let placed = |error: &&FieldError| places(spec, std::slice::from_ref(*error)).is_empty();
    wrong.iter().filter(placed).map(|error| error.detail.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::spec::spec, *};

    #[test]
    fn an_error_stands_beside_the_field_it_means() {
        let spec = spec("assign-target").unwrap();
        let check = |pointer: &str, want: &[&str]| {
            let wrong = [FieldError { pointer: pointer.to_owned(), detail: "x".to_owned() }];
            assert_eq!(places(spec, &wrong).into_keys().collect::<Vec<_>>(), want, "{pointer}");
        };
        check("/document/date", &["/document/date"]);
        check("/document", &["/document/number"]);
        check("/value/between/to", &["/value"]);
        check("/nowhere", &[]);
        check("", &[]);
    }
}
