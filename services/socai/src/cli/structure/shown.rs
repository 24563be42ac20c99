//! What an import will record, as a table.

use std::collections::BTreeMap;

use domain::{
    Edge, LocalDate, UnitId,
    structure::{CreateUnit, Structure, StructureChange, crosswalk::PlannedStep},
};

use crate::cli::output::Sheet;

/// Old units as they are called on the day before `from`.
pub(super) fn sheet(steps: &[PlannedStep], known: &Structure, from: LocalDate) -> Sheet {
    let mut names: BTreeMap<UnitId, String> = BTreeMap::new();
    for unit in known.units() {
        let on = from.yesterday().max(unit.first_day);
        names.insert(unit.id, labelled(unit.code_on(on), unit.name_on(on)));
    }
    for step in steps {
        // Its code may come by a step of its own, once it is free.
        if let StructureChange::CreateUnit(new) = &step.change {
            let later = || steps.iter().find_map(|step| code_given(&step.change, new.unit));
            names.insert(new.unit, labelled(new.code.as_deref().or_else(later), &new.name));
        }
    }
    let name = |unit: UnitId| names.get(&unit).cloned().unwrap_or_else(|| unit.to_string());
    let rows = steps.iter().enumerate().map(|(number, step)| {
        let (what, unit, to) = said(&step.change, &name);
        vec![(number + 1).to_string(), step.line.to_string(), what, unit, to]
    });
    Sheet { headings: vec!["step", "line", "thay đổi · change", "đơn vị · unit", "→"], rows: rows.collect() }
}

fn said(change: &StructureChange, name: &impl Fn(UnitId) -> String) -> (String, String, String) {
    match change {
        StructureChange::CreateUnit(step) => {
            (format!("lập mới · new {}", step.kind.en()), name(step.unit), above(step, name))
        }
        StructureChange::RenameUnit(step) => ("đổi tên · renamed".to_owned(), name(step.unit), step.name.clone()),
        StructureChange::AssignCode(step) => {
            ("cấp mã · code".to_owned(), name(step.unit), step.code.clone().unwrap_or_default())
        }
        StructureChange::ReclassifyUnit(step) => {
            ("đổi loại · reclassified".to_owned(), name(step.unit), step.kind.en().to_owned())
        }
        StructureChange::SetParent(step) => {
            (superior(step.edge).to_owned(), name(step.unit), step.parent.map(name).unwrap_or_default())
        }
        StructureChange::EndUnit(step) => ("kết thúc · ends".to_owned(), name(step.unit), String::new()),
        StructureChange::Succeed(step) => {
            let of: Vec<_> = step.of.iter().map(|(of, extent)| format!("{} {}", extent.vi(), of.vi())).collect();
            let of = if of.is_empty() { String::new() } else { format!(" ({})", of.join(", ")) };
            let what = format!("{}, {}{of} · {}", step.how.vi(), step.extent.vi(), step.how.en());
            (what, name(step.unit), name(step.successor))
        }
        StructureChange::WeighSuccessor(step) => {
            (format!("tỷ trọng · weight {}: {}", step.key, step.weight), name(step.unit), name(step.successor))
        }
    }
}

/// Under whom a new unit stands.
fn above(step: &CreateUnit, name: &impl Fn(UnitId) -> String) -> String {
    let superiors = [(Edge::Line, step.line), (Edge::LedBy, step.led_by)];
    let told = superiors.into_iter().filter_map(|(edge, unit)| Some(format!("{}: {}", superior(edge), name(unit?))));
    told.collect::<Vec<_>>().join("; ")
}

const fn superior(edge: Edge) -> &'static str {
    match edge {
        Edge::Line => "cấp trên · superior",
        Edge::LedBy => "cấp ủy lãnh đạo · led by",
    }
}

fn code_given(change: &StructureChange, unit: UnitId) -> Option<&str> {
    match change {
        StructureChange::AssignCode(step) if step.unit == unit => step.code.as_deref(),
        _ => None,
    }
}

fn labelled(code: Option<&str>, name: &str) -> String {
    code.map_or_else(|| name.to_owned(), |code| format!("{name} [{code}]"))
}
