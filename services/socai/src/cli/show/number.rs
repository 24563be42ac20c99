//! `socai show records`: what makes a number.

use super::{args::RecordsArgs, as_of, print, yes};
use crate::cli::{
    client::Client,
    exit::Failure,
    output::Sheet,
    tally::{list, text},
    units::{Names, one},
};

const PINNED: &[(&str, &str)] = &[("known", "/known_position"), ("valid", "/valid"), ("lens", "/lens")];

pub(super) async fn records(args: RecordsArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let RecordsArgs { programme, period, measure, .. } = &args;
    let committee = holder(&client, &args).await?;
    let moment = [
        args.valid.map(|day| ("valid", day.to_string())),
        args.known.clone().map(|known| ("known", known)),
        args.lens.clone().map(|lens| ("lens", lens)),
    ];
    let path = format!("/v1/programmes/{programme}/periods/{period}/tallies/{measure}/{committee}/records");
    let moment = moment.into_iter().flatten().collect();
    let answer = client.pages(&path, "lines", moment, PINNED, args.rows.most()).await?;
    let at = vec![("valid", text(&answer["valid"])), ("known", text(&answer["known_position"]))];
    let mut names = Names::at(&client, at).await?;
    let mut rows = Vec::new();
    for line in list(&answer["lines"]) {
        let [number, position, day, what] =
            [&line["line"], &line["position"], &line["effective_on"], &line["what"]].map(text);
        let (n, sum) = (text(&line["n"]), text(&line["sum"]));
        let (stream, late) = (text(&line["stream"]), yes(&line["late"]));
        rows.push(vec![number, position, day, what, names.of(&line["unit"]).await?, n, sum, late, stream]);
    }
    let headings = vec!["line", "position", "effective", "what", "unit", "n", "sum", "late", "stream"];
    let headline = format!(
        "{programme} {period} · {measure} · {} = {} in {} lines · {} · {}",
        names.of(&answer["committee"]).await?,
        answer["sum"],
        answer["count"],
        text(&answer["lens"]),
        as_of(&answer)
    );
    print(&client, &args.asking, answer, headline, Sheet { headings, rows }).await
}

/// The one that the tallies call so: they have the names of then.
async fn holder(client: &Client, args: &RecordsArgs) -> Result<domain::UnitId, Failure> {
    if let Ok(id) = args.committee.parse() {
        return Ok(id);
    }
    let RecordsArgs { programme, period, measure, committee, valid, known, lens, .. } = args;
    let of = (programme, period);
    let tallies = client.tallies(of, *valid, known.as_deref(), lens.as_deref(), &[]).await?;
    let Some(measure) = list(&tallies["measures"]).find(|one| one["measure"] == measure.as_str()) else {
        let measures: Vec<_> = list(&tallies["measures"]).map(|one| text(&one["measure"])).collect();
        return Err(Failure::usage(format!(
            "{programme} {period} has no measure `{measure}`; it has {}",
            measures.join(", ")
        )));
    };
    let key = domain::text::comparison_key(committee);
    let is_it = |cell: &&serde_json::Value| {
        cell["code"] == committee.as_str() || domain::text::comparison_key(&text(&cell["name"])) == key
    };
    one(committee, list(&measure["cells"]).filter(is_it), "see `socai tally --cells` for those that have a number")
}
