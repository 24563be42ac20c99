//! Lists, each page of them as of the moment of the first.

use serde_json::Value;

use super::{
    args::{CommitteesArgs, KnownArgs, ListArgs, OnDay, PublicationsArgs, TrailArgs},
    as_of, document, print, yes,
};
use crate::cli::{
    client::Client,
    exit::Failure,
    output::Sheet,
    tally::{list, text},
    units::{self, Moment, Names},
};

const DAY_AND_POSITION: &[(&str, &str)] = &[("known", "/as_of/known_position"), ("valid", "/as_of/valid")];
const POSITION: &[(&str, &str)] = &[("known", "/as_of/known_position")];

pub(super) async fn trail(args: TrailArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let mut query = args.up_to.moment(None);
    if let Some(unit) = &args.committee {
        let at = args.up_to.moment(Some(&OnDay { valid: args.valid }));
        query.push(("committee", units::find(&client, unit, &at).await?.to_string()));
    }
    let asked = [
        ("stream", args.stream.clone()),
        ("actor", args.actor.map(|actor| actor.to_string())),
        ("document", args.document.clone()),
        ("recorded_on", args.recorded_on.map(|day| day.to_string())),
        ("from", args.from.map(|day| day.to_string())),
        ("to", args.valid.map(|day| day.to_string())),
    ];
    query.extend(asked.into_iter().filter_map(|(name, value)| Some((name, value?))));
    let answer = client.pages("/v1/trail", "rows", query, &[("known", "/known")], args.rows.most()).await?;
    let mut names = Names::at(&client, vec![("known", text(&answer["known"]))]).await?;
    let mut rows = Vec::new();
    for row in list(&answer["rows"]) {
        let [position, recorded, effective] = [&row["position"], &row["recorded_at"], &row["effective_on"]].map(text);
        let (what, counts) = (text(&row["event_en"]), counts(row));
        let (paper, role, late) = (document(&row["document"]), text(&row["role"]), yes(&row["late"]));
        let (units, office) = (several(&mut names, &row["units"]).await?, names.of(&row["office"]).await?);
        rows.push(vec![position, recorded, effective, what, units, counts, paper, office, role, late]);
    }
    let headings =
        vec!["position", "recorded", "effective", "what", "units", "counts", "document", "office", "role", "late"];
    let headline = match args.valid {
        Some(day) => format!("effective up to {day} · {}", as_of(&answer)),
        None => as_of(&answer),
    };
    print(&client, &args.asking, answer, headline, Sheet { headings, rows }).await
}

/// A change of the whole structure names a hundred units.
async fn several(names: &mut Names<'_>, units: &Value) -> Result<String, Failure> {
    const SHOWN: usize = 3;
    let all = units.as_array().map_or(0, Vec::len);
    let mut shown = Vec::new();
    for unit in list(units).take(SHOWN) {
        shown.push(names.of(unit).await?);
    }
    if all > SHOWN {
        shown.push(format!("+{}", all - SHOWN));
    }
    Ok(shown.join(", "))
}

/// What it adds to the counts and takes back from them: `-15 +14`.
fn counts(row: &Value) -> String {
    let sum = |of: &str| list(&row[of]).filter_map(|count| count["n"].as_i64()).sum::<i64>();
    let (less, more) = (sum("corrects"), sum("adds"));
    let parts = [(less != 0).then(|| format!("-{less}")), (more != 0).then(|| format!("+{more}"))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub(super) async fn organisations(args: ListArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let most = args.rows.most();
    let answer = client.pages("/v1/organisations", "organisations", args.moment(), DAY_AND_POSITION, most).await?;
    let mut names = Names::at(&client, moment_of(&answer)).await?;
    let mut rows = Vec::new();
    for one in list(&answer["organisations"]) {
        let [stream, kind, host, effective, state, ended] =
            [&one["stream"], &one["of"], &one["host_kind"], &one["effective_on"], &one["state"], &one["ended_on"]]
                .map(text);
        rows.push(vec![stream, kind, names.of(&one["unit"]).await?, host, effective, state, ended]);
    }
    let headings = vec!["stream", "kind", "unit", "host", "effective", "state", "since"];
    let headline = as_of(&answer);
    print(&client, &args.asking, answer, headline, Sheet { headings, rows }).await
}

fn moment_of(answer: &Value) -> Moment {
    vec![("valid", text(&answer["as_of"]["valid"])), ("known", text(&answer["as_of"]["known_position"]))]
}

pub(super) async fn committees(args: CommitteesArgs) -> Result<(), Failure> {
    let list_of = &args.list;
    let client = Client::new(&list_of.asking.server)?;
    let mut query = list_of.moment();
    if let Some(unit) = &args.under {
        query.push(("under", units::find(&client, unit, &list_of.moment()).await?.to_string()));
    }
    query.extend(args.q.clone().map(|q| ("q", q)));
    query.extend(args.code.clone().map(|code| ("code", code)));
    let most = list_of.rows.most();
    let answer = client.pages("/v1/committees", "committees", query, DAY_AND_POSITION, most).await?;
    let parts = ["committee", "code", "name", "kind", "first_day", "ended_on"];
    let headings = vec!["id", "code", "committee", "kind", "first day", "ended"];
    let sheet = Sheet { headings, rows: rows_of(&answer["committees"], &parts) };
    let headline = as_of(&answer);
    print(&client, &list_of.asking, answer, headline, sheet).await
}

fn rows_of(of: &Value, parts: &[&str]) -> Vec<Vec<String>> {
    list(of).map(|one| parts.iter().map(|part| text(&one[*part])).collect()).collect()
}

pub(super) async fn programmes(args: ListArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let answer = client.json(client.get("/v1/programmes").query(&args.moment())).await?;
    let mut rows = Vec::new();
    for programme in list(&answer["programmes"]) {
        for period in list(&programme["periods"]) {
            let (of, key) = (text(&programme["programme"]), text(&period["period"]));
            let [first, last] = [&period["first_day"], &period["last_day"]].map(text);
            let closings = list(&period["closings"]).map(|one| named((&of, &key), "closing", one, &one["closed_on"]));
            let cut_offs = list(&period["cut_offs"]).map(|one| named((&of, &key), "cut-off", one, &one["valid"]));
            let moments = closings.chain(cut_offs).collect::<Vec<_>>().join(", ");
            rows.push(vec![of, key, first, last, yes(&period["closed"]), moments]);
        }
    }
    if let Some(most) = args.rows.most() {
        rows.truncate(most);
    }
    let headings = vec!["programme", "period", "first day", "last day", "closed", "moments that --known takes"];
    let headline = as_of(&answer);
    print(&client, &args.asking, answer, headline, Sheet { headings, rows }).await
}

/// `nq28/2022/closing-1 (position 1276, 2023-01-03)`.
fn named((programme, period): (&str, &str), what: &str, one: &Value, day: &Value) -> String {
    format!("{programme}/{period}/{what}-{} (position {}, {})", one["number"], one["position"], text(day))
}

pub(super) async fn publications(args: PublicationsArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let mut query = args.up_to.moment(None);
    query.extend(args.programme.as_ref().map(|key| ("programme", key.to_string())));
    query.extend(args.period.as_ref().map(|key| ("period", key.to_string())));
    let answer = client.pages("/v1/publications", "publications", query, POSITION, args.rows.most()).await?;
    let rows = list(&answer["publications"]).map(|one| {
        let [id, day, outlet, title] =
            [&one["publication"], &one["printed_on"], &one["outlet"], &one["title"]].map(text);
        let about = [&one["programme"], &one["period"]].map(text).join(" ").trim().to_owned();
        vec![id, day, outlet, title, about, text(&one["position"]), standing(one)]
    });
    let headings = vec!["id", "printed", "outlet", "title", "about", "position", "state"];
    let sheet = Sheet { headings, rows: rows.collect() };
    let headline = as_of(&answer);
    print(&client, &args.asking, answer, headline, sheet).await
}

/// What became of a publication.
pub(super) fn standing(one: &Value) -> String {
    match (&one["withdrawn_at"], one["replaced_by"].as_array().is_some_and(|by| !by.is_empty())) {
        (Value::Null, false) => String::new(),
        (Value::Null, true) => "replaced".to_owned(),
        (at, _) => format!("withdrawn at {at}"),
    }
}

pub(super) async fn queries(args: KnownArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let answer = client.pages("/v1/queries", "queries", args.up_to.moment(None), POSITION, args.rows.most()).await?;
    let known = vec![("known", text(&answer["as_of"]["known_position"]))];
    let mut names = Names::at(&client, known).await?;
    let mut rows = Vec::new();
    for one in list(&answer["queries"]) {
        let [id, about, question, raised, answer, corrected] =
            [&one["query"], &one["about"], &one["question"], &one["raised_at"], &one["answer"], &one["corrected_at"]]
                .map(text);
        let owner = names.of(&one["owner"]).await?;
        rows.push(vec![id, about, owner, question, raised, answer, corrected, yes(&one["closed"])]);
    }
    let headings = vec!["id", "about", "owner", "question", "raised", "answer", "corrected at", "closed"];
    let headline = as_of(&answer);
    print(&client, &args.asking, answer, headline, Sheet { headings, rows }).await
}

pub(super) async fn grants(args: KnownArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let answer = client.pages("/v1/grants", "grants", args.up_to.moment(None), POSITION, args.rows.most()).await?;
    let known = vec![("known", text(&answer["as_of"]["known_position"]))];
    let mut names = Names::at(&client, known).await?;
    let mut rows = Vec::new();
    for one in list(&answer["grants"]) {
        let [access, subject, role, until, granted, by, position, revoked] = [
            &one["access"],
            &one["subject"],
            &one["role"],
            &one["until"],
            &one["granted_at"],
            &one["granted_by"],
            &one["position"],
            &one["revoked"],
        ]
        .map(text);
        rows.push(vec![access, subject, names.of(&one["office"]).await?, role, until, granted, by, position, revoked]);
    }
    let headings = vec!["grant", "subject", "office", "role", "until", "granted", "by", "at", "revoked at"];
    let headline = as_of(&answer);
    print(&client, &args.asking, answer, headline, Sheet { headings, rows }).await
}
