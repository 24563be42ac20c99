//! The steps that the rows of a crosswalk come to, in an order in which each can be recorded.

use std::collections::{BTreeMap, BTreeSet};

use super::{ChangeKind, Crosswalk, Orphan, Plan, PlannedStep, check::Checked, fates::Fates, unit_of_code};
use crate::{
    Edge, LocalDate, UnitId, UnitKind,
    structure::{AssignCode, CreateUnit, EndUnit, RenameUnit, Structure, StructureChange, Succeed, step::Step},
    text::comparison_key,
};

impl Crosswalk<'_> {
    pub(super) fn steps(&self, rows: &[Checked<'_>], fates: &Fates) -> Plan {
        let mut steps =
            Steps { crosswalk: self, after: self.structure.clone(), plan: Plan::default(), done: BTreeSet::new() };
        let mut ending = steps.ending(rows, fates);
        steps.end_those_with_nothing_under_them(&mut ending);
        let created = self.created(rows, fates, &mut steps.plan.orphans);
        let mut codes: Vec<_> = created
            .iter()
            .map(|created| Wanted { line: created.line, unit: created.unit.unit, code: created.code.clone() })
            .collect();
        steps.create(created);
        for row in rows.iter().filter(|row| row.kind == ChangeKind::Renamed) {
            let rename = RenameUnit { unit: row.old.id, name: row.new_name.clone(), from: self.from };
            steps.take(row.line, StructureChange::RenameUnit(rename));
            codes.push(Wanted { line: row.line, unit: row.old.id, code: row.new_code.clone() });
        }
        for step in self.moves(fates) {
            ending.iter_mut().for_each(|ending| ending.moved(&step.change));
            steps.take(step.line, step.change);
        }
        steps.end_those_with_nothing_under_them(&mut ending);
        steps.end(ending);
        steps.give_codes(codes);
        rows.iter().for_each(|row| steps.succeed(row, fates));
        let Steps { mut plan, done, .. } = steps;
        let open: BTreeSet<u64> = plan.steps.iter().map(|step| step.line).collect();
        plan.recorded = done.difference(&open).copied().collect();
        plan
    }

    /// The units that no step and no earlier list has made, each behind those under which it is to stand.
    fn created(&self, rows: &[Checked<'_>], fates: &Fates, orphans: &mut Vec<Orphan>) -> Vec<Created> {
        let mut open: BTreeMap<UnitId, Created> = BTreeMap::new();
        let mut order = Vec::new();
        for row in rows {
            let Some(unit) = fates.new.get(&row.new_code).copied() else { continue };
            if unit != unit_of_code(&row.new_code, self.from) || open.contains_key(&unit) {
                continue;
            }
            order.push(unit);
            open.insert(unit, self.new_unit(row, rows, fates, orphans));
        }
        let mut created = Vec::new();
        order.into_iter().for_each(|unit| superiors_first(unit, &mut open, &mut created));
        created
    }

    fn new_unit(&self, row: &Checked<'_>, rows: &[Checked<'_>], fates: &Fates, orphans: &mut Vec<Orphan>) -> Created {
        let made = self.made_already(&row.new_code).is_some();
        let mut above = |edge| {
            let superior = self.superior(row, rows, edge, fates);
            superior.unwrap_or_else(|orphan| {
                orphans.extend((!made).then_some(orphan));
                None
            })
        };
        let unit = CreateUnit {
            unit: unit_of_code(&row.new_code, self.from),
            kind: kind_of(&row.new_name).or_else(|| row.old.kind_on(self.from.yesterday())).unwrap_or(UnitKind::Ward),
            name: row.new_name.clone(),
            code: None,
            from: self.from,
            line: above(Edge::Line),
            led_by: above(Edge::LedBy),
            // Official lists are in the order of the codes.
            display_order: row.new_code.parse().unwrap_or(u32::MAX),
        };
        Created { line: row.line, unit, code: row.new_code.clone() }
    }
}

/// A new unit, which gets its code when that is free.
struct Created {
    line: u64,
    unit: CreateUnit,
    code: String,
}

/// A unit that is to have a code.
struct Wanted {
    line: u64,
    unit: UnitId,
    code: String,
}

/// A unit that is to end, and who stands under it.
struct Ending {
    line: u64,
    unit: UnitId,
    under: BTreeSet<UnitId>,
}

impl Ending {
    fn moved(&mut self, change: &StructureChange) {
        if let StructureChange::SetParent(step) = change {
            self.under.remove(&step.unit);
        }
    }
}

/// Steps in the making, and the structure that they leave.
struct Steps<'a> {
    crosswalk: &'a Crosswalk<'a>,
    after: Structure,
    plan: Plan,
    /// Lines that ask for something that is so already.
    done: BTreeSet<u64>,
}

impl Steps<'_> {
    /// Unless it is recorded. One that cannot be leaves nothing; whoever decides the plan will say so.
    fn take(&mut self, line: u64, change: StructureChange) {
        if is_done(&self.after, &change, self.crosswalk.from) {
            self.done.insert(line);
            return;
        }
        if let Ok(events) = Step::new(&self.after, 0, &change).events() {
            events.iter().for_each(|event| self.after.evolve(event));
        }
        self.plan.steps.push(PlannedStep { line, change });
    }

    fn ending(&self, rows: &[Checked<'_>], fates: &Fates) -> Vec<Ending> {
        let mut under: BTreeMap<UnitId, BTreeSet<UnitId>> = BTreeMap::new();
        for child in self.after.units() {
            for (_, above) in child.superiors_from(self.crosswalk.from) {
                under.entry(above).or_default().insert(child.id);
            }
        }
        let mut seen = BTreeSet::new();
        let ending = rows.iter().filter(|row| fates.ending.contains_key(&row.old.id) && seen.insert(row.old.id));
        ending
            .map(|row| Ending {
                line: row.line,
                unit: row.old.id,
                under: under.remove(&row.old.id).unwrap_or_default(),
            })
            .collect()
    }

    /// From below upwards.
    fn end_those_with_nothing_under_them(&mut self, ending: &mut Vec<Ending>) {
        loop {
            let (free, held): (Vec<_>, Vec<_>) =
                std::mem::take(ending).into_iter().partition(|one| one.under.is_empty());
            *ending = held;
            if free.is_empty() {
                return;
            }
            for gone in &free {
                ending.iter_mut().for_each(|one| _ = one.under.remove(&gone.unit));
            }
            self.end(free);
        }
    }

    fn end(&mut self, ending: Vec<Ending>) {
        for Ending { line, unit, .. } in ending {
            self.take(line, StructureChange::EndUnit(EndUnit { unit, from: self.crosswalk.from }));
        }
    }

    fn create(&mut self, created: Vec<Created>) {
        for Created { line, unit, code } in created {
            let code = self.is_free(unit.unit, &code).then_some(code);
            self.take(line, StructureChange::CreateUnit(CreateUnit { code, ..unit }));
        }
    }

    fn is_free(&self, unit: UnitId, code: &str) -> bool {
        self.after.other_with_code(unit, code, self.crosswalk.from, self.after.ended_on(unit)).is_none()
    }

    /// Each when nobody else has it any more. Where units pass their codes round in a circle, one gives up its own first.
    fn give_codes(&mut self, mut wanted: Vec<Wanted>) {
        let from = self.crosswalk.from;
        while !wanted.is_empty() {
            let free = wanted.iter().position(|one| self.is_free(one.unit, &one.code));
            let Some(free) = free.or_else(|| self.give_one_up(&wanted)) else { break };
            if !self.is_free(wanted[free].unit, &wanted[free].code) {
                continue;
            }
            let Wanted { line, unit, code } = wanted.remove(free);
            self.take(line, StructureChange::AssignCode(AssignCode { unit, code: Some(code), from }));
        }
        for Wanted { line, unit, code } in wanted {
            self.take(line, StructureChange::AssignCode(AssignCode { unit, code: Some(code), from }));
        }
    }

    /// The first of them that has the code that another one waits for; its place.
    fn give_one_up(&mut self, wanted: &[Wanted]) -> Option<usize> {
        let from = self.crosswalk.from;
        let codes: BTreeSet<&str> = wanted.iter().map(|one| one.code.as_str()).collect();
        let held = |one: &Wanted| {
            self.after.code_on(one.unit, from).is_some_and(|code| codes.contains(code) && code != one.code)
        };
        let place = wanted.iter().position(held)?;
        let (line, unit) = (wanted[place].line, wanted[place].unit);
        self.take(line, StructureChange::AssignCode(AssignCode { unit, code: None, from }));
        self.after.code_on(unit, from).is_none().then_some(place)
    }

    fn succeed(&mut self, row: &Checked<'_>, fates: &Fates) {
        let ChangeKind::Passes { how, extent, of } = row.kind.clone() else { return };
        let Some(successor) = fates.new.get(&row.new_code).copied() else { return };
        let step = Succeed { unit: row.old.id, successor, from: self.crosswalk.from, how, extent, of };
        self.take(row.line, StructureChange::Succeed(step));
    }
}

/// Whether the structure is already as the step would have it.
fn is_done(known: &Structure, change: &StructureChange, from: LocalDate) -> bool {
    match change {
        StructureChange::CreateUnit(step) => known.unit(step.unit).is_some(),
        StructureChange::RenameUnit(step) => known.name_on(step.unit, from) == Some(&step.name),
        StructureChange::AssignCode(step) => known.code_on(step.unit, from) == step.code.as_deref(),
        StructureChange::EndUnit(step) => known.ended_on(step.unit) == Some(from),
        StructureChange::Succeed(step) => known.successions_on(from).any(|edge| {
            (edge.unit, edge.successor, edge.how) == (step.unit, step.successor, step.how)
                && (edge.extent, &edge.of) == (step.extent, &step.of)
        }),
        _ => false,
    }
}

/// Puts a unit behind those of the open ones under which it is to stand.
fn superiors_first(unit: UnitId, open: &mut BTreeMap<UnitId, Created>, created: &mut Vec<Created>) {
    let Some(next) = open.remove(&unit) else { return };
    let above = next.unit.line.into_iter().chain(next.unit.led_by);
    above.for_each(|superior| superiors_first(superior, open, created));
    created.push(next);
}

/// By the first word of the name.
fn kind_of(name: &str) -> Option<UnitKind> {
    let name = comparison_key(name);
    let first = |kind: &&UnitKind| name.starts_with(&format!("{} ", comparison_key(kind.vi())));
    UnitKind::ALL.iter().find(first).copied()
}
