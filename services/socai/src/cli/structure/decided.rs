//! Whether a plan would be recorded, asked before anything is: each record in order, by the same decision that the node will take.

use anyhow::Context as _;
use domain::{
    Actor, Aggregate, Command, Context, Document, Reference, Refusal, Role, SubjectId, UnitId,
    structure::{
        CHANGES_MAX, ChangeStructure,
        crosswalk::{Plan, PlannedStep},
    },
};
use kit::{Clock, SystemClock};
use uuid::Uuid;

use super::import::refused_at_its_line;
use crate::cli::exit::Failure;

/// Most bytes of the steps of one record: with its paper it fits into the 64 KiB that a node takes.
const RECORD_MAX_BYTES: usize = 60_000;

/// One command, and the steps that it is made of.
pub(super) struct Commanded<'a> {
    pub(super) command: ChangeStructure,
    pub(super) steps: &'a [PlannedStep],
}

/// The commands of a plan, in order: as many steps in each as one takes.
pub(super) fn commands<'a>(plan: &'a Plan, document: &Document) -> anyhow::Result<Vec<Commanded<'a>>> {
    let (mut commands, mut rest) = (Vec::new(), &plan.steps[..]);
    while !rest.is_empty() {
        let (steps, more) = rest.split_at(fitting(rest)?);
        let changes = steps.iter().map(|step| step.change.clone()).collect();
        commands.push(Commanded { command: ChangeStructure { document: document.clone(), changes }, steps });
        rest = more;
    }
    Ok(commands)
}

/// How many of the first steps fit into one record; at least one.
fn fitting(steps: &[PlannedStep]) -> anyhow::Result<usize> {
    let (mut bytes, mut number) = (0, 0);
    for step in steps.iter().take(CHANGES_MAX) {
        bytes += serde_json::to_vec(&step.change).context("failed to write a step")?.len() + 1;
        if bytes > RECORD_MAX_BYTES {
            break;
        }
        number += 1;
    }
    Ok(number.max(1))
}

/// # Errors
/// The first record that would be refused, with the line of the file. Whether the caller may record is for the node to say.
pub(super) fn would_be_recorded(commands: &[Commanded<'_>], mut known: Reference) -> Result<(), Failure> {
    for Commanded { command, steps } in commands {
        let position = known.position.next();
        let events = decide(command.clone(), &known);
        let events = events.map_err(|refusal| refused_at_its_line((&refusal).into(), steps))?;
        events.iter().for_each(|event| known.apply(position, event));
    }
    Ok(())
}

fn decide(command: ChangeStructure, known: &Reference) -> Result<Vec<domain::Event>, Refusal> {
    let command = Command::ChangeStructure(command);
    let actor = Actor { subject: SubjectId(Uuid::nil()), office: UnitId(Uuid::nil()), role: Role::Admin };
    let key = domain::CommandId(Uuid::nil());
    let context = Context { at: SystemClock.now(), actor, key, stream: command.stream(key), tip: known.position };
    domain::decide(&Aggregate::Structure(known.structure.clone()), known, &context, &command)
}
