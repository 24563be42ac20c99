//! Which fields each form has. A form is data: groups of fields, each with the JSON Pointer of what it fills in.

mod fields;
mod publications;
mod table;

pub(super) use self::table::FORMS;
use crate::words::Words;

/// The form of one command.
pub(super) struct FormSpec {
    pub(super) command: &'static str,
    pub(super) groups: &'static [Group],
}

pub(super) struct Group {
    pub(super) title: Text,
    pub(super) fields: &'static [Field],
    /// Shown closed: most do not need it.
    pub(super) folded: bool,
}

/// Vietnamese and English.
pub(super) type Text = (&'static str, &'static str);

pub(super) struct Field {
    /// Into the command's body.
    pub(super) pointer: &'static str,
    pub(super) label: Text,
    pub(super) hint: Option<Text>,
    pub(super) kind: FieldKind,
    pub(super) required: bool,
}

pub(super) enum FieldKind {
    /// A unit that the visitor may post for.
    OwnUnit,
    /// Any unit that exists today.
    AnyUnit,
    Choice(fn(Words) -> Vec<Choice>),
    Count,
    Text,
    /// A list: each line that is not empty is one of it, as typed.
    Lines,
    Day,
    /// `true` when ticked, else left out.
    Tick,
    /// `"did_not_happen"` when ticked, in the place of a right day.
    DidNotHappen,
    /// `true`, `false` or not stated.
    Stated,
    /// An id that came with the address, and is shown.
    Subject,
    Position,
    Programme,
    Measure,
    Period,
    /// Three inputs: `.shape`, `.n`, `.to`.
    Target,
}

/// A word and its name.
pub(super) type Choice = (&'static str, &'static str);

pub(super) fn spec(command: &str) -> Option<&'static FormSpec> {
    FORMS.iter().find(|form| form.command == command)
}

impl FormSpec {
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.groups.iter().flat_map(|group| group.fields)
    }
}

impl Field {
    /// Name of its input: the pointer with points, such as `document.number`.
    pub(super) fn name(&self) -> String {
        self.pointer.trim_start_matches('/').replace('/', ".")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_form_is_of_a_command_and_names_each_field_once() {
        for form in FORMS {
            assert!(domain::COMMANDS.iter().any(|row| row.name == form.command), "{}", form.command);
            let names: Vec<_> = form.fields().map(Field::name).collect();
            let once: BTreeSet<_> = names.iter().collect();
            assert_eq!(once.len(), names.len(), "{}", form.command);
            let beside = [super::super::signing::TOKEN, "step", "key"];
            assert!(beside.iter().all(|name| !names.iter().any(|field| field == name)), "{}", form.command);
        }
    }

    #[test]
    fn what_offices_supervisors_and_auditors_may_post_has_a_form() {
        let without: Vec<_> = domain::COMMANDS
            .iter()
            .filter(|row| !row.roles.contains(&domain::Role::Admin))
            .map(|row| row.name)
            .filter(|name| spec(name).is_none())
            .collect();
        assert_eq!(without, ["name-batch-member"]);
    }
}
