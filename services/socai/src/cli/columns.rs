//! The columns of a report behind those that `socai tally` always prints.

use serde_json::Value;

use super::{args::TallyArgs, output::Sheet, tally::text};

const NOTHING: &str = "–";

/// Which of them are asked for.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    since: bool,
    last_year: bool,
    first_plan: bool,
}

impl Columns {
    pub(super) fn asked(args: &TallyArgs) -> Self {
        Self { since: args.since.is_some(), last_year: args.last_year, first_plan: args.first_plan }
    }

    pub(super) const fn any(self) -> bool {
        self.since || self.last_year || self.first_plan
    }

    /// `rows` are the measures or cells of the sheet, in its order.
    pub(super) fn add<'a>(self, sheet: &mut Sheet, rows: impl Iterator<Item = &'a Value>) {
        if self.first_plan {
            sheet.headings.extend(["first plan", "% of plan", "% of first"]);
        }
        if self.since {
            sheet.headings.push("in span");
        }
        if self.last_year {
            sheet.headings.extend(["last year then", "± then", "± % then", "last year now", "± now", "± % now"]);
        }
        for (row, of) in sheet.rows.iter_mut().zip(rows) {
            row.extend(self.of(of));
        }
    }

    fn of(self, row: &Value) -> Vec<String> {
        let mut columns = Vec::new();
        if self.first_plan {
            columns.extend([first_plan(row), shown(&row["percent"]), shown(first_percent(row))]);
        }
        // Of a measure they are given for the holders with a plan and for all.
        let own = |column: &'static str| match &row[column] {
            Value::Object(of) if of.contains_key("total") => &row[column]["actual"],
            column => column,
        };
        if self.since {
            columns.push(shown(own("in_span")));
        }
        if self.last_year {
            for known in ["as_known_then", "as_known_now"] {
                let against = &own("last_year")[known];
                columns.extend([
                    shown(&against["actual"]),
                    difference(&against["difference"]),
                    shown(&against["percent"]),
                ]);
            }
        }
        columns
    }
}

/// The plan as first assigned; the one in force when it was never adjusted.
fn first_plan(row: &Value) -> String {
    match (&row["first_plan"], &row["first_target"]) {
        (Value::Null, Value::Null) => shown(&row["plan"]),
        (Value::Null, target) => {
            let parts = ["exactly", "at_least"].map(|shape| &target[shape]);
            let one = parts.into_iter().find(|n| !n.is_null());
            let between = || format!("{}–{}", target["between"]["from"], target["between"]["to"]);
            one.map_or_else(between, shown)
        }
        (plan, _) => shown(plan),
    }
}

fn first_percent(row: &Value) -> &Value {
    if row["percent_of_first"].is_null() && row["first_target"].is_null() {
        &row["percent"]
    } else {
        &row["percent_of_first"]
    }
}

/// With the sign that percentages have.
fn difference(value: &Value) -> String {
    shown(value).replace('-', "−")
}

fn shown(value: &Value) -> String {
    if value.is_null() { NOTHING.to_owned() } else { text(value) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALL: Columns = Columns { since: true, last_year: true, first_plan: true };

    #[test]
    fn a_cell_has_its_own_and_a_dash_where_there_is_nothing() {
        let against = json!({ "actual": 18, "difference": 2, "percent": "+11,1", "percent_rule": "half-up/1" });
        let cell = json!({ "actual": 20, "plan": 8, "percent": "250,0", "first_target": { "exactly": 10 }, "percent_of_first": "200,0",
            "in_span": 3, "last_year": { "as_known_then": against, "as_known_now": null } });
        assert_eq!(ALL.of(&cell), ["10", "250,0", "200,0", "3", "18", "2", "+11,1", "–", "–", "–"]);
        let without = json!({ "actual": 2, "plan": null, "percent": null, "in_span": 0,
            "last_year": { "as_known_then": null, "as_known_now": { "actual": 0, "difference": 2, "percent": null } } });
        assert_eq!(ALL.of(&without), ["–", "–", "–", "0", "–", "–", "–", "0", "2", "–"]);
    }

    #[test]
    fn a_measure_has_those_of_the_holders_with_a_plan() {
        let against = |actual| json!({ "as_known_then": null, "as_known_now": { "actual": actual, "difference": -2, "percent": "−9,1" } });
        let measure = json!({ "plan": 8, "first_plan": 10, "percent": "100,0", "percent_of_first": "80,0",
            "in_span": { "actual": 4, "outside_plan": 1, "total": 5 },
            "last_year": { "actual": against(22), "total": against(23), "with_plan_then": 16 } });
        assert_eq!(ALL.of(&measure), ["10", "100,0", "80,0", "4", "–", "–", "–", "22", "−2", "−9,1"]);
    }
}
