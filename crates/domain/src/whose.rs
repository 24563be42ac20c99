//! Whose a case is: nobody else is told how it stands.

use crate::{Aggregate, Command, Context, Reference, Refusal, UnitId, guard::Posting};

/// Refuses whoever could not go on with a case that has begun, before anything is said of how it stands: that it was dissolved, revoked, or
/// answered is for those who see it. Afterwards each use case says more exactly who may.
pub(crate) fn may_go_on(
    aggregate: &Aggregate,
    reference: &Reference,
    context: &Context,
    command: &Command,
) -> Result<(), Refusal> {
    // What begins a case goes on with none: its key is taken, whoever's that is.
    let case = case_of(aggregate, command).filter(|_| !command.begins_stream());
    case.map_or(Ok(()), |case| case.check(reference, context, command))
}

/// Whose a case is that a command goes on with, and where the command names it.
struct CaseOf {
    /// By now.
    unit: UnitId,
    /// In which its beginning is counted.
    origin: UnitId,
    pointer: &'static str,
}

/// `None` before it has begun, and for what is no case of one unit.
fn case_of(aggregate: &Aggregate, command: &Command) -> Option<CaseOf> {
    let of = |(unit, origin), pointer| CaseOf { unit, origin, pointer };
    match (aggregate, command) {
        (Aggregate::Organisation(state), _) => state.whose().map(|units| of(units, "/organisation")),
        (Aggregate::Admission(state), _) => state.whose().map(|unit| of((unit, unit), "/admission")),
        (Aggregate::Batch(state), _) => state.whose().map(|unit| of((unit, unit), "/batch")),
        (Aggregate::Query(state), Command::AnswerQuery(_)) => state.owner().map(|unit| of((unit, unit), "/query")),
        _ => None,
    }
}

impl CaseOf {
    fn check(self, reference: &Reference, context: &Context, command: &Command) -> Result<(), Refusal> {
        let office = context.actor.office;
        let acts_for = |unit| reference.structure.acts_for(office, unit, context.today());
        if acts_for(self.unit) || acts_for(self.origin) {
            return Ok(());
        }
        let posting = Posting { unit: self.unit, on_behalf_of: command.on_behalf_of(), reference, context };
        match moves_to(command) {
            // Whoever says that it is theirs is told who can bring it there.
            Some((to, at)) => posting.check_common_superior(to, at),
            None => Err(posting.refused(self.pointer)),
        }
    }
}

/// The unit that a command would bring a case to, and where it names it.
fn moves_to(command: &Command) -> Option<(UnitId, &'static str)> {
    match command {
        Command::TransferOrganisation(transfer) => Some((transfer.to, "/to")),
        Command::CorrectOrganisation(correct) => correct.unit.map(|unit| (unit, "/unit")),
        Command::CorrectAdmission(correct) => correct.unit.map(|unit| (unit, "/unit")),
        Command::CorrectBatch(correct) => correct.unit.map(|unit| (unit, "/unit")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Answer, Command, RevocationScope, Role, testing::*};

    /// Each of them ended in its own way, and those that go on.
    fn stories() -> Vec<(Story, Vec<Command>)> {
        let organisation: Vec<Command> = vec![
            announce("2022-12-30").into(),
            change_type("2022-12-30").into(),
            dissolve("2022-12-30").into(),
            revoke(RevocationScope::FromStart, "2022-12-30").into(),
        ];
        let founded = given().has(found("2022-05-04"));
        let (dissolved, revoked) = (
            founded.clone().has(dissolve("2022-09-01")),
            founded.clone().has(revoke(RevocationScope::FromStart, "2022-09-01")),
        );
        let admitted = given().has(admit("2022-05-04"));
        let answer = answer(Answer::Confirmed, None);
        let asked = given().by(CITY, Role::Auditor).has(raise());
        let closed = asked.clone().has(close());
        vec![
            (founded, organisation.clone()),
            (dissolved, organisation.clone()),
            (revoked, organisation),
            (admitted, vec![ceremony("2022-12-30").into()]),
            (asked, vec![answer.clone().into()]),
            (closed, vec![answer.into()]),
        ]
    }

    #[test]
    fn whoever_could_not_go_on_with_a_case_is_told_the_same_however_it_stands() {
        for (story, commands) in stories() {
            for command in commands {
                let name = command.name();
                let refused = story.clone().by(HONG_BANG, Role::Office).decided(command).unwrap_err();
                assert_eq!(refused.slug(), "not-your-unit", "{name}: {refused:?}");
            }
        }
    }
}
