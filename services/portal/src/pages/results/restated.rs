//! `/?lens=restated`: the counts of a period under the units of a later day. No plan stands beside them.

use std::collections::BTreeMap;

use askama::Template;
use domain::{
    LocalDate, PeriodKey, ProgrammeKey, UnitId,
    fold::{Lens, RestatedCell, RestatedMeasure},
    structure::Structure,
};
use kit::{Problem, http::Caller};

use super::{
    matrix::{Place, head, place},
    question::{Choice, Params, asked, programmes},
};
use crate::{
    Portal,
    api::restated::{Under, answer},
    asked::Asked,
    columns::Columns,
    pages::frame::{Frame, Here, Visitor},
    words::Words,
};

#[derive(Template)]
#[template(path = "restated.html")]
pub(super) struct RestatedPage {
    frame: Frame,
    w: Words,
    programme: String,
    programme_key: String,
    programmes: Vec<Choice>,
    periods: Vec<(String, bool)>,
    period: String,
    is_closed: bool,
    valid: String,
    valid_field: String,
    known_field: String,
    to: String,
    to_field: String,
    position: u64,
    known_at: String,
    /// Columns were asked for that are of the units of then.
    without_columns: bool,
    columns: Vec<Column>,
    placed: Vec<Row>,
    /// Divided by the key that was asked for.
    estimated: Vec<Row>,
    key: String,
    keys: Vec<String>,
    unallocated: Vec<Row>,
}

/// A measure: its whole, and how many holders of a plan it had then.
struct Column {
    name: String,
    total: String,
    holders_then: u32,
}

/// A leading committee, with the count in each column.
struct Row {
    /// Its page, where the visitor may see it and it still exists.
    committee: Option<String>,
    name: String,
    counts: Vec<Option<Count>>,
}

struct Count {
    n: String,
    /// The records that make it.
    href: String,
}

pub(super) async fn page(
    portal: &Portal,
    visitor: &Visitor,
    caller: &Caller,
    params: &Params,
) -> Result<RestatedPage, Problem> {
    let w = visitor.words;
    let asked = Asked { lens: Some(Lens::AsKnown), ..asked(portal, &params.without_lens())? };
    let point = portal.resolve(&asked).await?;
    let scope = portal.scope(&caller.identity.actor);
    let name = params.key.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let under = Under::asked(portal, &point, params.units_of()?, name, None).await?;
    let to = under.to;
    let restated = answer(portal, &point, &scope, under).await?;
    let reference = portal.reference();
    let known_at = restated.as_of.known_at.map_or_else(|| "–".to_owned(), |at| w.instant(at));
    let (programme, period) = (&restated.programme, &restated.period);
    let title = format!(
        "{} {period}, {} {}",
        w.t("Kết quả năm", "Results of"),
        w.t("theo đơn vị ngày", "under the units of"),
        w.day(to)
    );
    let columns = restated.measures.iter().map(|measure| Column {
        name: w.t(&measure.name, &measure.name_en).to_owned(),
        total: w.count(measure.total),
        holders_then: measure.with_plan_then,
    });
    let sees = |unit: UnitId| {
        let today = portal.today();
        reference.structure.exists_on(unit, today) && scope.covers(&reference.structure, unit, today)
    };
    let pin = format!("known={}&valid={}&to={to}", restated.as_of.known_position, restated.as_of.valid);
    let told = |part: &'static str| Told {
        w,
        structure: &reference.structure,
        sees: &sees,
        of: (programme, period),
        pin: format!("{pin}{part}"),
    };
    Ok(RestatedPage {
        w,
        programme: reference.programme(programme).map(|p| p.name(w.0).to_owned()).unwrap_or_default(),
        programme_key: programme.to_string(),
        programmes: programmes(w, &reference, programme),
        periods: reference.periods_of(programme).map(|(key, _)| (key.to_string(), key == period)).collect(),
        period: period.to_string(),
        is_closed: reference.period(programme, period).is_some_and(|period| !period.standing.closings().is_empty()),
        valid: w.day(restated.as_of.valid),
        valid_field: asked.valid.map(|day| day.to_string()).unwrap_or_default(),
        known_field: asked.known.to_string(),
        to: w.day(to),
        to_field: params.units_of()?.map(|day| day.to_string()).unwrap_or_default(),
        position: restated.as_of.known_position.0,
        known_at,
        placed: told("").rows(&restated.measures, to, |measure| &measure.cells),
        estimated: told("").rows(&restated.measures, to, |measure| &measure.estimated),
        unallocated: told("&unallocated=true")
            .rows(&restated.measures, restated.as_of.valid, |measure| &measure.unallocated),
        key: restated.key.as_ref().map(ToString::to_string).unwrap_or_default(),
        keys: reference.structure.allocation_names().into_iter().map(ToString::to_string).collect(),
        without_columns: params.columns()? != Columns::default(),
        columns: columns.collect(),
        frame: visitor.frame(portal, Here::Results, title),
    })
}

struct Told<'a> {
    w: Words,
    structure: &'a Structure,
    /// Whether a unit has a page for the visitor.
    sees: &'a dyn Fn(UnitId) -> bool,
    of: (&'a ProgrammeKey, &'a PeriodKey),
    /// Of the moment and the part, as it stands in an address.
    pin: String,
}

impl Told<'_> {
    /// A line for each leading committee with what it and those it leads have, in official order.
    fn rows(
        &self,
        measures: &[RestatedMeasure],
        on: LocalDate,
        cells: impl Fn(&RestatedMeasure) -> &Vec<RestatedCell>,
    ) -> Vec<Row> {
        let mut sums: BTreeMap<Place, Vec<Option<i64>>> = BTreeMap::new();
        for (column, measure) in measures.iter().enumerate() {
            for cell in cells(measure) {
                let head = head(self.structure, cell.committee, on);
                let place = place(self.structure, head, on);
                let sum = &mut sums.entry(place).or_insert_with(|| vec![None; measures.len()])[column];
                *sum = Some(sum.unwrap_or_default() + cell.actual);
            }
        }
        let (programme, period) = self.of;
        let count = |head: UnitId, measure: &RestatedMeasure, sum: i64| Count {
            n: self.w.count(sum),
            href: format!("/restated/{programme}/{period}/{}/{head}?{}", measure.measure, self.pin),
        };
        let row = |((.., head), sums): (Place, Vec<Option<i64>>)| Row {
            committee: (self.sees)(head).then(|| head.to_string()),
            name: self.structure.name_on(head, on).map_or_else(|| head.to_string(), str::to_owned),
            counts: measures.iter().zip(sums).map(|(measure, sum)| Some(count(head, measure, sum?))).collect(),
        };
        sums.into_iter().map(row).collect()
    }
}
