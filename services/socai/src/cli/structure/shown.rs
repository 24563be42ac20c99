//! What an import will record, as a table.

use std::collections::BTreeMap;

use domain::{
    UnitId,
    structure::{
        StructureChange,
        crosswalk::{KnownUnit, PlannedStep},
    },
};

use crate::cli::output::Sheet;

pub(super) fn sheet<'a>(steps: &[PlannedStep], known: impl Iterator<Item = &'a KnownUnit>) -> Sheet {
    let mut names: BTreeMap<UnitId, String> =
        known.map(|unit| (unit.unit, labelled(unit.code.as_deref(), &unit.name))).collect();
    for step in steps {
        if let StructureChange::CreateUnit(new) = &step.change {
            names.insert(new.unit, labelled(new.code.as_deref(), &new.name));
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
            (format!("lập mới · new {}", step.kind.en()), name(step.unit), String::new())
        }
        StructureChange::RenameUnit(step) => ("đổi tên · renamed".to_owned(), name(step.unit), step.name.clone()),
        StructureChange::AssignCode(step) => {
            ("cấp mã · code".to_owned(), name(step.unit), step.code.clone().unwrap_or_default())
        }
        StructureChange::ReclassifyUnit(step) => {
            ("đổi loại · reclassified".to_owned(), name(step.unit), step.kind.en().to_owned())
        }
        StructureChange::SetParent(step) => {
            ("cấp trên · superior".to_owned(), name(step.unit), step.parent.map(name).unwrap_or_default())
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

fn labelled(code: Option<&str>, name: &str) -> String {
    code.map_or_else(|| name.to_owned(), |code| format!("{name} [{code}]"))
}
