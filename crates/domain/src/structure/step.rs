//! What one step of a structure change may do, given the structure that the steps before it left.

use super::{AssignCode, CreateUnit, EndUnit, ReclassifyUnit, RenameUnit, SetParent, Structure, StructureChange, Unit};
use crate::{Edge, Event, EventBody, LocalDate, Refusal, UnitId, guard::line_of_text};

pub(super) const NAME_MAX_CHARS: u32 = 200;
pub(super) const CODE_MAX_CHARS: u32 = 20;

/// One step, the structure before it, and its place in the command.
pub(super) struct Step<'a> {
    pub(super) before: &'a Structure,
    number: usize,
    change: &'a StructureChange,
}

pub(super) type Decided = Result<Vec<Event>, Refusal>;

impl<'a> Step<'a> {
    pub(super) const fn new(before: &'a Structure, number: usize, change: &'a StructureChange) -> Self {
        Self { before, number, change }
    }

    pub(super) fn events(&self) -> Decided {
        match self.change {
            StructureChange::CreateUnit(step) => self.create(step),
            StructureChange::RenameUnit(step) => self.rename(step),
            StructureChange::AssignCode(step) => self.assign_code(step),
            StructureChange::ReclassifyUnit(step) => self.reclassify(step),
            StructureChange::SetParent(step) => self.set_parent(step),
            StructureChange::EndUnit(step) => self.end(step),
            StructureChange::Succeed(step) => self.succeed(step),
            StructureChange::WeighSuccessor(step) => self.weigh(step),
        }
    }

    fn create(&self, step: &CreateUnit) -> Decided {
        let (unit, from) = (step.unit, step.from);
        if let Some(known) = self.before.unit(unit) {
            let name = known.name_on(from).to_owned();
            return Err(Refusal::UnitExistsAlready { unit, name, pointer: self.at("/unit") });
        }
        let name = self.name(&step.name)?;
        let code = self.code(step.code.as_deref())?;
        let created = EventBody::UnitCreated {
            unit,
            kind: step.kind,
            name: name.clone(),
            code,
            display_order: step.display_order,
        };
        let mut bodies = vec![created];
        for (edge, parent, field) in [(Edge::Line, step.line, "/line"), (Edge::LedBy, step.led_by, "/led_by")] {
            if let Some(parent) = parent {
                self.parent_fits(Child { unit, name: &name, ended_on: None, from }, parent, field)?;
                bodies.push(EventBody::UnitParentSet { unit, edge, parent: Some(parent) });
            }
        }
        Ok(bodies.into_iter().map(|body| Event { effective_on: from, body }).collect())
    }

    fn rename(&self, step: &RenameUnit) -> Decided {
        let known = self.existing(step.unit, step.from)?;
        let name = self.name(&step.name)?;
        self.follows(known.names.last_from(), step.from)?;
        Ok(one(step.from, EventBody::UnitRenamed { unit: step.unit, name }))
    }

    fn assign_code(&self, step: &AssignCode) -> Decided {
        let known = self.existing(step.unit, step.from)?;
        let code = self.code(step.code.as_deref())?;
        // Who has no code from that very day on may still get one: it may become free by a step in between.
        let none_yet = known.codes.last_from() == Some(step.from) && known.codes.last() == Some(&None);
        if !(none_yet && code.is_some()) {
            self.follows(known.codes.last_from(), step.from)?;
        }
        Ok(one(step.from, EventBody::UnitCodeAssigned { unit: step.unit, code }))
    }

    fn reclassify(&self, step: &ReclassifyUnit) -> Decided {
        let known = self.existing(step.unit, step.from)?;
        self.follows(known.kinds.last_from(), step.from)?;
        Ok(one(step.from, EventBody::UnitReclassified { unit: step.unit, kind: step.kind }))
    }

    fn set_parent(&self, step: &SetParent) -> Decided {
        let SetParent { unit, edge, parent, from } = *step;
        let known = self.existing(unit, from)?;
        self.follows(known.parents(edge).last_from(), from)?;
        if let Some(parent) = parent {
            let child = Child { unit, name: known.name_on(from), ended_on: known.ended_on, from };
            self.parent_fits(child, parent, "/parent")?;
        }
        Ok(one(from, EventBody::UnitParentSet { unit, edge, parent }))
    }

    fn end(&self, step: &EndUnit) -> Decided {
        let (unit, from) = (step.unit, step.from);
        let known = self.known(unit, "/unit")?;
        if let Some(ended_on) = known.ended_on {
            return Err(self.ended(known, ended_on, "/unit"));
        }
        self.follows(known.last_change(), from)?;
        // Steps have an order within a day: it may pass on parts and take over others before it ends on that day.
        self.follows(self.before.last_succession(unit).map(LocalDate::yesterday), from)?;
        if let Some(child) = self.before.units().find(|child| child.stands_under(unit, from)) {
            return Err(Refusal::UnitHasChildren {
                unit,
                name: known.name_on(from).to_owned(),
                child: child.id,
                child_name: child.name_on(from).to_owned(),
                on: from,
                pointer: self.at("/unit"),
            });
        }
        Ok(one(from, EventBody::UnitEnded { unit }))
    }

    /// A parent exists as long as its child stands under it, and never stands under its child.
    fn parent_fits(&self, child: Child<'_>, parent: UnitId, field: &str) -> Result<(), Refusal> {
        let under_itself = |on| Refusal::UnitUnderItself {
            unit: child.unit,
            name: child.name.to_owned(),
            on,
            pointer: self.at(field),
        };
        if parent == child.unit {
            return Err(under_itself(child.from));
        }
        let above = self.known(parent, field)?;
        self.begun(above, child.from, field)?;
        if let Some(ended_on) = above.ended_on.filter(|end| child.ended_on.is_none_or(|last| last > *end)) {
            return Err(self.ended(above, ended_on, field));
        }
        let circle =
            self.before.edge_days_from(child.from).find(|on| self.before.is_at_or_under(parent, child.unit, *on));
        circle.map_or(Ok(()), |on| Err(under_itself(on)))
    }

    /// The unit of a step, on whose day it must exist.
    fn existing(&self, unit: UnitId, on: LocalDate) -> Result<&Unit, Refusal> {
        let known = self.known(unit, "/unit")?;
        self.begun(known, on, "/from")?;
        match known.ended_on {
            Some(ended_on) if ended_on <= on => Err(self.ended(known, ended_on, "/from")),
            _ => Ok(known),
        }
    }

    pub(super) fn known(&self, unit: UnitId, field: &str) -> Result<&Unit, Refusal> {
        self.before.unit(unit).ok_or_else(|| Refusal::UnitUnknown { unit, pointer: self.at(field) })
    }

    pub(super) fn begun(&self, known: &Unit, on: LocalDate, field: &str) -> Result<(), Refusal> {
        if on < known.first_day {
            let name = known.name_on(on).to_owned();
            return Err(Refusal::UnitNotYet { unit: known.id, name, on, pointer: self.at(field) });
        }
        Ok(())
    }

    /// A value begins on a later day than the one it follows, so no day has two.
    fn follows(&self, last: Option<LocalDate>, from: LocalDate) -> Result<(), Refusal> {
        match last {
            Some(last) if from <= last => Err(Refusal::FromTooEarly { from, last, pointer: self.at("/from") }),
            _ => Ok(()),
        }
    }

    pub(super) fn ended(&self, unit: &Unit, ended_on: LocalDate, field: &str) -> Refusal {
        Refusal::UnitEnded { unit: unit.id, name: unit.name_on(ended_on).to_owned(), ended_on, pointer: self.at(field) }
    }

    fn name(&self, name: &str) -> Result<String, Refusal> {
        line_of_text(name, NAME_MAX_CHARS, &self.at("/name"))
    }

    fn code(&self, code: Option<&str>) -> Result<Option<String>, Refusal> {
        code.map(|code| line_of_text(code, CODE_MAX_CHARS, &self.at("/code"))).transpose()
    }

    /// JSON Pointer of a field of this step.
    pub(super) fn at(&self, field: &str) -> String {
        let step = match self.change {
            StructureChange::CreateUnit(_) => "create_unit",
            StructureChange::RenameUnit(_) => "rename_unit",
            StructureChange::AssignCode(_) => "assign_code",
            StructureChange::ReclassifyUnit(_) => "reclassify_unit",
            StructureChange::SetParent(_) => "set_parent",
            StructureChange::EndUnit(_) => "end_unit",
            StructureChange::Succeed(_) => "succeed",
            StructureChange::WeighSuccessor(_) => "weigh_successor",
        };
        format!("/changes/{}/{step}{field}", self.number)
    }
}

/// The unit that is to stand under a parent from a day on.
#[derive(Clone, Copy)]
struct Child<'a> {
    unit: UnitId,
    name: &'a str,
    ended_on: Option<LocalDate>,
    from: LocalDate,
}

pub(super) fn one(effective_on: LocalDate, body: EventBody) -> Vec<Event> {
    vec![Event { effective_on, body }]
}
