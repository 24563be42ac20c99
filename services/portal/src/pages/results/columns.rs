//! The columns of a report, a table a measure: in the span, accumulated, of each plan, beside the same period last year (DOMAIN §6.1).

use domain::fold::{Against, Cell, Compared, LastYear, MeasureTally, PeriodTally};

use crate::words::Words;

/// One measure's table.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) headings: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) whole: Vec<String>,
}

pub(super) struct Row {
    pub(super) unit: String,
    /// Since when other units count in it: what is beside it is not the same.
    pub(super) changed_on: Option<String>,
    pub(super) figures: Vec<String>,
}

const NOTHING: &str = "–";

/// A table a measure; none where no column was asked for.
pub(super) fn tables(w: Words, tally: &PeriodTally) -> Vec<Table> {
    if tally.since.is_none() && tally.last_year.is_none() {
        return Vec::new();
    }
    tally.measures.iter().map(|measure| table(w, tally, measure)).collect()
}

/// What last year is, in sentences.
pub(super) fn remarks(w: Words, last_year: &LastYear) -> Vec<String> {
    let Some(period) = &last_year.period else {
        let nothing =
            w.t("Chương trình không có kỳ cùng ngày năm trước.", "The programme has no such period a year before.");
        return vec![nothing.to_owned()];
    };
    let valid = w.day(last_year.valid);
    let then = match last_year.as_known_then {
        Some(known) => {
            let (on, position) = (w.day(known.on), known.position);
            let vi = format!("Cùng kỳ, biết khi đó: đã ghi đến hết ngày {on} (vị trí {position}).");
            let en = format!("Last year as known then: recorded by the end of {on} (position {position}).");
            w.t(&vi, &en).to_owned()
        }
        None => w.t("Khi đó sổ chưa ghi gì về kỳ này.", "Nothing of that period had been recorded by then.").to_owned(),
    };
    let (vi, en) = (
        format!("Cùng kỳ: kỳ {period}, hiệu lực đến {valid}."),
        format!("Last year: {period}, effective up to {valid}."),
    );
    let mut remarks = vec![w.t(&vi, &en).to_owned(), then];
    if !last_year.structure_changed_on.is_empty() {
        let days: Vec<_> = last_year.structure_changed_on.iter().map(|day| w.day(*day)).collect();
        let days = days.join(", ");
        let vi = format!("Cơ cấu đơn vị đã thay đổi ngày {days}: dòng có ghi ngày không cùng phạm vi với năm trước.");
        let en = format!("The structure changed on {days}: rows with a day are not of the same units as last year.");
        remarks.push(w.t(&vi, &en).to_owned());
    }
    remarks
}

fn table(w: Words, tally: &PeriodTally, measure: &MeasureTally) -> Table {
    let shown =
        Shown { w, since: tally.since.is_some(), last_year: tally.last_year.is_some(), first: is_adjusted(measure) };
    Table {
        name: w.t(&measure.name, &measure.name_en).to_owned(),
        headings: shown.headings(tally),
        rows: measure.cells.iter().map(|cell| shown.row(cell)).collect(),
        whole: shown.whole(measure),
    }
}

fn is_adjusted(measure: &MeasureTally) -> bool {
    measure.cells.iter().any(|cell| cell.first_target.is_some())
}

/// Which columns a table has.
#[derive(Clone, Copy)]
struct Shown {
    w: Words,
    since: bool,
    last_year: bool,
    /// Some plan was adjusted, so both are shown.
    first: bool,
}

impl Shown {
    fn headings(self, tally: &PeriodTally) -> Vec<String> {
        let w = self.w;
        let mut headings = vec![w.t("Chỉ tiêu", "Plan").to_owned()];
        if self.first {
            headings.push(w.t("Giao đầu", "As first assigned").to_owned());
        }
        if let Some(since) = tally.since {
            headings.push(format!("{} {}", w.t("Trong kỳ, từ", "In the span, from"), w.day(since)));
        }
        headings.push(w.t("Lũy kế", "Accumulated").to_owned());
        headings.push(w.t("% chỉ tiêu", "% of plan").to_owned());
        if self.first {
            headings.push(w.t("% giao đầu", "% of the first").to_owned());
        }
        if self.last_year {
            headings.push(w.t("Cùng kỳ, biết khi đó", "Last year as known then").to_owned());
            headings.push("±; %".to_owned());
            headings.push(w.t("Cùng kỳ, nay biết", "Last year as known now").to_owned());
            headings.push("±; %".to_owned());
        }
        headings
    }

    fn row(self, cell: &Cell) -> Row {
        let w = self.w;
        let target = |value: Option<_>| value.map_or_else(|| NOTHING.to_owned(), |value| w.target(value));
        let figures = Figures {
            plan: target(cell.target),
            first_plan: target(cell.first_target.or(cell.target)),
            in_span: cell.in_span,
            actual: cell.actual,
            percent: cell.percent.as_deref(),
            percent_of_first: cell.percent_of_first.as_deref().or(cell.percent.as_deref()),
            last_year: cell.last_year.as_ref(),
        };
        let changed_on = cell.last_year.as_ref().and_then(|compared| compared.structure_changed_on);
        Row { unit: cell.name.clone(), changed_on: changed_on.map(|day| w.day(day)), figures: self.figures(&figures) }
    }

    fn whole(self, measure: &MeasureTally) -> Vec<String> {
        let (w, whole) = (self.w, &measure.whole);
        let plan = |n: u64| if n == 0 { NOTHING.to_owned() } else { w.count(n as i64) };
        self.figures(&Figures {
            plan: match whole.plan_to {
                Some(to) => format!("{}–{}", w.count(whole.plan as i64), w.count(to as i64)),
                None => plan(whole.plan),
            },
            first_plan: plan(whole.first_plan.unwrap_or(whole.plan)),
            in_span: measure.in_span.map(|span| span.actual),
            actual: whole.actual,
            percent: whole.percent.as_deref(),
            percent_of_first: whole.percent_of_first.as_deref().or(whole.percent.as_deref()),
            last_year: measure.last_year.as_ref().map(|last_year| &last_year.actual),
        })
    }

    fn figures(self, of: &Figures<'_>) -> Vec<String> {
        let w = self.w;
        let percent = |text: Option<&str>| text.map_or_else(|| NOTHING.to_owned(), |text| w.percent(text));
        let mut figures = vec![of.plan.clone()];
        if self.first {
            figures.push(of.first_plan.clone());
        }
        if self.since {
            figures.push(of.in_span.map_or_else(|| NOTHING.to_owned(), |n| w.count(n)));
        }
        figures.extend([w.count(of.actual), percent(of.percent)]);
        if self.first {
            figures.push(percent(of.percent_of_first));
        }
        if self.last_year {
            figures.extend(self.against(of.last_year.and_then(|compared| compared.as_known_then.as_ref())));
            figures.extend(self.against(of.last_year.and_then(|compared| compared.as_known_now.as_ref())));
        }
        figures
    }

    /// Last year's count; the difference, and what it is in percent of it.
    fn against(self, against: Option<&Against>) -> [String; 2] {
        let w = self.w;
        let Some(against) = against else { return [NOTHING, NOTHING].map(str::to_owned) };
        let percent = against.percent.as_deref().map_or_else(|| NOTHING.to_owned(), |text| w.percent(text));
        [w.count(against.actual), format!("{}; {percent}", w.difference(against.difference))]
    }
}

/// What a row has to say, of a cell or of the holders with a plan together.
struct Figures<'a> {
    plan: String,
    first_plan: String,
    in_span: Option<i64>,
    actual: i64,
    percent: Option<&'a str>,
    percent_of_first: Option<&'a str>,
    last_year: Option<&'a Compared>,
}
