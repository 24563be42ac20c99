//! A tally as messages: the same numbers and words as its JSON, for other processes.

use std::collections::BTreeMap;

use domain::{
    LocalDate, TargetValue, Trait, UnitId, UnitKind,
    fold::{self, Changed, PeriodTally, Stated},
    period::Closing,
};

use crate::proto::{record::v1 as record, tally::v1 as proto};

/// Every measure of a period.
pub fn tallies(tally: &PeriodTally) -> proto::Tallies {
    proto::Tallies {
        programme: tally.programme.to_string(),
        period: tally.period.to_string(),
        as_of: Some(as_of(&tally.as_of)),
        judged_on: tally.judged_on.to_days(),
        provisional: tally.provisional,
        first_day: tally.first_day.to_days(),
        last_day: tally.last_day.to_days(),
        measures: tally.measures.iter().map(measure).collect(),
        closing: tally.closing.map(closing),
        since: tally.since.map(LocalDate::to_days),
        last_year: tally.last_year.as_ref().map(last_year),
        whole_of: tally.whole_of.clone(),
    }
}

fn last_year(last_year: &fold::LastYear) -> proto::LastYear {
    let known_on = |known: fold::KnownOn| proto::KnownOn { on: known.on.to_days(), position: known.position.0 };
    proto::LastYear {
        period: last_year.period.as_ref().map(ToString::to_string),
        valid: last_year.valid.to_days(),
        as_known_then: last_year.as_known_then.map(known_on),
        as_known_now: last_year.as_known_now.0,
        structure_changed_on: last_year.structure_changed_on.iter().map(|day| day.to_days()).collect(),
    }
}

fn compared(compared: &fold::Compared) -> proto::Compared {
    let against = |against: &fold::Against| proto::Against {
        actual: against.actual,
        difference: against.difference,
        percent: against.percent.clone(),
        percent_rule: against.percent_rule.to_string(),
    };
    proto::Compared {
        as_known_then: compared.as_known_then.as_ref().map(against),
        as_known_now: compared.as_known_now.as_ref().map(against),
        structure_changed_on: compared.structure_changed_on.map(LocalDate::to_days),
    }
}

fn closing(closing: Closing) -> proto::Closing {
    proto::Closing { number: closing.number, position: closing.position.0, closed_on: closing.closed_on.to_days() }
}

/// What changed from one state of a period to the next.
pub fn changed_cells(changed: &Changed) -> proto::ChangedCells {
    let gone = changed.gone.iter();
    proto::ChangedCells {
        from: changed.from.0,
        as_of: Some(as_of(&changed.as_of)),
        judged_on: changed.judged_on.to_days(),
        provisional: changed.provisional,
        measures: changed.measures.iter().map(measure).collect(),
        gone: gone
            .map(|gone| proto::GoneCell { measure: gone.measure.to_string(), committee: id(gone.committee) })
            .collect(),
        closing: changed.closing.map(closing),
    }
}

fn as_of(as_of: &fold::AsOf) -> proto::AsOf {
    let lens = match as_of.lens {
        fold::Lens::AsKnown => proto::Lens::AsKnown,
        fold::Lens::AsReported => proto::Lens::AsReported,
        fold::Lens::Restated => proto::Lens::Restated,
    };
    proto::AsOf {
        valid: as_of.valid.to_days(),
        known_position: as_of.known_position.0,
        known_at_micros: as_of.known_at.map(|at| at.0),
        lens: lens.into(),
    }
}

fn measure(measure: &fold::MeasureTally) -> proto::MeasureTally {
    proto::MeasureTally {
        measure: measure.measure.to_string(),
        name: measure.name.clone(),
        name_en: measure.name_en.clone(),
        noun: measure.noun.clone(),
        assigner: measure.assigner.map(id),
        whole: Some(whole(&measure.whole)),
        outside_plan: measure.outside_plan,
        total: measure.total,
        of_which: of_which(&measure.of_which),
        without_ceremony: measure.without_ceremony,
        cells: measure.cells.iter().map(cell).collect(),
        plans: measure.plans.iter().map(other_plan).collect(),
        discrepancies: measure.discrepancies.iter().map(discrepancy).collect(),
        in_span: measure.in_span.map(|span| proto::InSpan {
            actual: span.actual,
            outside_plan: span.outside_plan,
            total: span.total,
        }),
        last_year: measure.last_year.as_ref().map(|last_year| proto::MeasureLastYear {
            actual: Some(compared(&last_year.actual)),
            total: Some(compared(&last_year.total)),
            with_plan_then: last_year.with_plan_then,
        }),
    }
}

fn whole(whole: &fold::Whole) -> proto::Whole {
    proto::Whole {
        actual: whole.actual,
        plan: whole.plan,
        plan_to: whole.plan_to,
        percent: whole.percent.clone(),
        percent_rule: whole.percent_rule.to_string(),
        percent_of_first: whole.percent_of_first.clone(),
        first_plan: whole.first_plan,
        status: status(whole.status).into(),
        units: Some(units(whole.units)),
    }
}

fn units(units: fold::Units) -> proto::UnitCounts {
    proto::UnitCounts {
        with_plan: units.with_plan,
        met: units.met,
        exceeded: units.exceeded,
        exact: units.exact,
        not_due: units.not_due,
        missed: units.missed,
        not_reported: units.not_reported,
        no_target: units.no_target,
        reported: units.reported,
    }
}

fn cell(cell: &fold::Cell) -> proto::Cell {
    proto::Cell {
        committee: id(cell.committee),
        code: cell.code.clone(),
        name: cell.name.clone(),
        kind: cell.kind.map_or(0, UnitKind::number),
        led_by: cell.led_by.map(id),
        actual: cell.actual,
        plan: cell.plan,
        target: cell.target.map(target),
        first_target: cell.first_target.map(target),
        percent: cell.percent.clone(),
        percent_of_first: cell.percent_of_first.clone(),
        status: status(cell.status).into(),
        due_on: cell.due_on.map(LocalDate::to_days),
        reported: cell.reported,
        of_which: of_which(&cell.of_which),
        without_ceremony: cell.without_ceremony,
        position: cell.position.0,
        report: cell.report.map(|report| proto::CellReport {
            number: report.number,
            up_to: report.up_to.to_days(),
            nil: report.nil,
            position: report.position.0,
            approved: report.approved,
            outdated_by: report.outdated_by,
            contradicted_by: report.contradicted_by,
        }),
        in_span: cell.in_span,
        last_year: cell.last_year.as_ref().map(compared),
    }
}

fn target(target: TargetValue) -> record::TargetValue {
    use record::target_value::Value;
    record::TargetValue {
        value: Some(match target {
            TargetValue::Exactly(n) => Value::Exactly(n),
            TargetValue::AtLeast(n) => Value::AtLeast(n),
            TargetValue::Between(range) => Value::Between(record::Range { from: range.from, to: range.to }),
        }),
    }
}

fn of_which(stated: &BTreeMap<Trait, Stated>) -> Vec<proto::OfWhichCount> {
    let count = |(dimension, Stated { n, stated }): (&Trait, &Stated)| proto::OfWhichCount {
        dimension: dimension.number(),
        n: *n,
        stated: *stated,
    };
    stated.iter().map(count).collect()
}

fn other_plan(plan: &fold::OtherPlan) -> proto::OtherPlan {
    proto::OtherPlan {
        assigner: id(plan.assigner),
        assigner_name: plan.assigner_name.clone(),
        whole: Some(whole(&plan.whole)),
        cells: plan.cells.iter().map(cell).collect(),
    }
}

fn discrepancy(row: &fold::Discrepancy) -> proto::Discrepancy {
    use proto::discrepancy::Row;
    let row = match row {
        fold::Discrepancy::HolderEnded { committee, name, ended_on, actual, plan } => {
            Row::HolderEnded(proto::HolderEnded {
                committee: id(*committee),
                name: name.clone(),
                ended_on: ended_on.to_days(),
                actual: *actual,
                plan: *plan,
            })
        }
        fold::Discrepancy::HeadlineDiffers { assigner, headline, sum, percent_of_headline } => {
            Row::HeadlineDiffers(proto::HeadlineDiffers {
                assigner: id(*assigner),
                headline: *headline,
                sum: *sum,
                percent_of_headline: percent_of_headline.clone(),
            })
        }
    };
    proto::Discrepancy { row: Some(row) }
}

fn id(unit: UnitId) -> bytes::Bytes {
    bytes::Bytes::copy_from_slice(unit.0.as_bytes())
}

const fn status(status: fold::Status) -> proto::Status {
    match status {
        fold::Status::NoTarget => proto::Status::NoTarget,
        fold::Status::NotDue => proto::Status::NotDue,
        fold::Status::Missed => proto::Status::Missed,
        fold::Status::Exact => proto::Status::Exact,
        fold::Status::Exceeded => proto::Status::Exceeded,
        fold::Status::NotReported => proto::Status::NotReported,
    }
}
