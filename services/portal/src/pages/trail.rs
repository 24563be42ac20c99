//! `/trail`: who decided what, when, by which document; the latest first.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{UnitId, fold::TrailRow};
use kit::Problem;
use serde::Deserialize;

use super::{
    day_field, encoded,
    frame::{Frame, Here, InQuery, SignedIn},
    problem_page,
    told_apart::SharedNames,
};
use crate::{
    Portal,
    api::{Wanted, key, trail, wrong_parameter},
    scope::Scope,
    words::{Words, capitalised, counted_note, more_or_less},
};

/// Rows of one page.
const ROWS: usize = 50;

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Params {
    #[serde(default)]
    committee: String,
    #[serde(default)]
    stream: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    document: String,
    #[serde(default)]
    known: String,
    #[serde(default)]
    before: String,
}

#[derive(Template)]
#[template(path = "trail.html")]
struct TrailPage {
    frame: Frame,
    w: Words,
    asked: Params,
    units: Vec<(String, String, bool)>,
    rows: Vec<RowShown>,
    next: Option<String>,
}

struct RowShown {
    position: u64,
    recorded_at: String,
    effective_on: String,
    what: String,
    units: String,
    office: String,
    role: &'static str,
    actor: String,
    document: Option<String>,
    /// By which there is more, and what happened to those who are there.
    adds: String,
    /// By which there is less.
    removes: String,
    exception: bool,
    /// It counts in a period that was closed by then.
    late: bool,
}

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InQuery(params): InQuery<Params>,
) -> Response {
    let scope = portal.scope(&caller.identity.actor);
    let frame = visitor.frame(&portal, Here::Trail, visitor.words.t("Nhật ký", "Trail"));
    match page(&portal, frame, &scope, params).await {
        Ok(page) => visitor.show(&page),
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

async fn page(portal: &Portal, frame: Frame, scope: &Scope, params: Params) -> Result<TrailPage, Problem> {
    let w = frame.w;
    let filter = portal.trail_asked(&asked(&params)?, scope).await?.filter;
    let before = trail::place(Some(params.before.as_str()).filter(|text| !text.is_empty()))?;
    let (rows, next) = portal.trail_rows(&filter, crate::TrailPage::Before(before), ROWS).await?;
    let next = next.map(|(position, index)| {
        let place = format!("{position}.{index}");
        let pairs = [
            ("committee", &params.committee),
            ("stream", &params.stream),
            ("actor", &params.actor),
            ("from", &params.from),
            ("to", &params.to),
            ("document", &params.document),
            ("known", &params.known),
            ("before", &place),
        ];
        let filled = pairs.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<_> = filled.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("/trail?{}", query.join("&"))
    });
    let known = portal.reference_at(rows.iter().map(|row| row.position).max().unwrap_or_default()).await?;
    let units = portal.committees(&portal.reference().structure, scope, portal.today(), Wanted::default());
    let (now, today) = (portal.reference(), portal.today());
    let shared = SharedNames::of(units.iter().map(|unit| unit.name.as_str()));
    let units = units.iter().map(|unit| {
        let id = unit.committee.to_string();
        let chosen = id == params.committee;
        (id, shared.told(&now.structure, unit.committee, &unit.name, today), chosen)
    });
    Ok(TrailPage {
        w,
        units: units.collect(),
        rows: rows.iter().map(|row| RowShown { late: trail::is_late(&known, row), ..shown(portal, w, row) }).collect(),
        next,
        asked: params,
        frame,
    })
}

/// Empty fields of the form ask for nothing.
fn asked(params: &Params) -> Result<trail::Params, Problem> {
    let day = |name: &str, text: &str| match text.trim() {
        "" => Ok(None),
        text => day_field(name, text).map(Some),
    };
    let actor = match params.actor.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| no_actor())?),
    };
    Ok(trail::Params {
        committee: if params.committee.is_empty() { None } else { Some(key::<UnitId>(&params.committee)?) },
        stream: Some(params.stream.trim().to_owned()),
        actor,
        from: day("from", &params.from)?,
        to: day("to", &params.to)?,
        document: Some(params.document.clone()),
        known: Some(params.known.trim().to_owned()).filter(|known| !known.is_empty()),
        ..trail::Params::default()
    })
}

fn no_actor() -> Problem {
    wrong_parameter(
        "actor",
        "phải là mã người ghi (một mã UUID); chép nguyên mã từ nhật ký",
        "this is no UUID; copy the whole id of an actor from the trail",
    )
}

fn shown(portal: &Portal, w: Words, row: &TrailRow) -> RowShown {
    let reference = portal.reference();
    let name = |unit: UnitId| reference.structure.name_on(unit, row.effective_on).unwrap_or_default().to_owned();
    // A change of the whole structure names a hundred units.
    let mut units: Vec<_> = row.units.iter().take(3).map(|unit| name(*unit)).collect();
    if row.units.len() > units.len() {
        units.push(format!("+{}", row.units.len() - units.len()));
    }
    let (adds, removes) = counts(w, row);
    RowShown {
        position: row.position.0,
        recorded_at: w.instant(row.recorded_at),
        effective_on: w.day(row.effective_on),
        what: capitalised(w.t(row.event_vi, row.event_en)),
        units: units.join(", "),
        office: name(row.office),
        role: w.t(row.role.vi(), row.role.en()),
        actor: row.subject.to_string(),
        document: row.document.as_ref().map(|document| w.document(document)),
        adds,
        removes,
        exception: row.exception,
        late: false,
    }
}

/// By which there is more, and by which there is less: only like things are added up.
fn counts(w: Words, row: &TrailRow) -> (String, String) {
    // Sign and note, and how many.
    type Part = ((&'static str, Option<String>), i64);
    let mut sides: [Vec<Part>; 2] = Default::default();
    let taken = row.corrects.iter().map(|count| (count, true));
    for (count, taken_back) in taken.chain(row.adds.iter().map(|count| (count, false))) {
        let more = more_or_less(count.what, taken_back);
        let of = (if more == Some(false) { "−" } else { "" }, counted_note(w, count.what, taken_back));
        // A ceremony takes nobody away and brings nobody: it stands on the side on which it was recorded or taken back.
        let side = &mut sides[usize::from(!more.unwrap_or(!taken_back))];
        match side.iter_mut().find(|(other, _)| *other == of) {
            Some((_, n)) => *n += i64::from(count.n),
            None => side.push((of, i64::from(count.n))),
        }
    }
    let [adds, removes] = sides.map(|side| {
        let part = |((sign, note), n): &Part| {
            let note = note.as_deref().map(|note| format!(" {note}")).unwrap_or_default();
            format!("{sign}{}{note}", w.count(*n))
        };
        side.iter().map(part).collect::<Vec<_>>().join(", ")
    });
    (adds, removes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::{CommandId, Lang, Position, Role, StreamId, What, fold::TrailCount};

    use super::*;

    fn row(corrects: &[(What, u32)], adds: &[(What, u32)]) -> TrailRow {
        let on = "2022-12-30".parse().unwrap();
        let count = |(what, n): &(What, u32)| TrailCount {
            what: *what,
            of: "party".to_owned(),
            unit: UnitId(uuid::Uuid::nil()),
            effective_on: on,
            n: *n,
            of_which: domain::OfWhich::new(),
        };
        TrailRow {
            position: Position(9),
            index: 0,
            recorded_at: on.begins_at(),
            effective_on: on,
            stream: StreamId::new(domain::Kind::Batch, uuid::Uuid::nil()),
            version: 1,
            event: "",
            event_vi: "",
            event_en: "",
            units: BTreeSet::new(),
            subject: "018f0000-0000-7000-8000-000000000001".parse().unwrap(),
            office: UnitId(uuid::Uuid::nil()),
            role: Role::Office,
            on_behalf_of: None,
            document: None,
            corrects: corrects.iter().map(count).collect(),
            adds: adds.iter().map(count).collect(),
            command: String::new(),
            command_id: CommandId(uuid::Uuid::nil()),
            exception: false,
            exception_document: None,
        }
    }

    #[test]
    fn only_like_things_are_added_up_and_an_end_is_less() {
        let check = |corrects: &[(What, u32)], adds: &[(What, u32)], more: &str, less: &str| {
            assert_eq!(counts(Words(Lang::Vi), &row(corrects, adds)), (more.to_owned(), less.to_owned()));
        };
        check(&[], &[(What::Admitted, 15)], "15", "");
        check(&[(What::Admitted, 15), (What::Received, 15)], &[], "", "−15, 15 đã làm lễ (rút lại)");
        check(
            &[(What::Admitted, 15), (What::Received, 9), (What::Received, 6)],
            &[],
            "",
            "−15, 15 đã làm lễ (rút lại)",
        );
        check(&[], &[(What::Dissolved, 1)], "", "−1 giải thể");
        check(&[(What::Founded, 1), (What::Dissolved, 1)], &[], "1 giải thể (rút lại)", "−1");
        check(&[(What::Dissolved, 1)], &[(What::Dissolved, 1)], "1 giải thể (rút lại)", "−1 giải thể");
        check(&[], &[(What::RevokedFromDate, 1_015)], "", "−1.015 hủy từ ngày này");
        check(&[], &[(What::TransferredOut, 1), (What::TransferredIn, 1)], "1 chuyển đến", "−1 chuyển đi");
    }
}
