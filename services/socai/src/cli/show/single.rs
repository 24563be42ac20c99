//! One case, one unit's lineage, one publication.

use serde_json::Value;

use super::{
    args::{CaseArgs, LineageArgs, OnDay, PublicationArgs},
    as_of, document,
    lists::standing,
    named, print,
};
use crate::cli::{
    client::Client,
    exit::Failure,
    output::Sheet,
    tally::{list, text},
    units::Names,
};

/// An organisation, an admission or a batch: how it stands, above the records that made it.
pub(super) async fn case(of: &str, args: CaseArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let request = client.get(&format!("/v1/{of}/{}", args.id)).query(&args.up_to.moment(Some(&args.day)));
    let answer = client.json(request).await?;
    let known = vec![("known", text(&answer["as_of"]["known_position"]))];
    let mut names = Names::at(&client, known).await?;
    let mut rows = Vec::new();
    for record in list(&answer["records"]) {
        let [position, recorded, command] = [&record["position"], &record["recorded_at"], &record["command"]].map(text);
        let days: Vec<_> = list(&record["events"]).map(|event| text(&event["effective_on"])).collect();
        let office = names.of(&record["actor"]["office"]).await?;
        rows.push(vec![position, recorded, days.join(", "), command, document(&record["document"]), office]);
    }
    let headings = vec!["position", "recorded", "effective", "command", "document", "office"];
    let ended = Some(text(&answer["ended_on"])).filter(|day| !day.is_empty());
    let state = ended.map_or_else(|| text(&answer["state"]), |day| format!("{} from {day}", text(&answer["state"])));
    let headline = format!(
        "{} · {} · {} · {} from {} · {state} · {}",
        text(&answer["stream"]),
        text(&answer["of"]),
        names.of(&answer["unit"]).await?,
        answer["n"],
        text(&answer["effective_on"]),
        as_of(&answer)
    );
    print(&client, &args.asking, answer, headline, Sheet { headings, rows }).await
}

pub(super) async fn lineage(args: LineageArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let moment = args.up_to.moment(Some(&OnDay { valid: args.valid }));
    let named = args.up_to.moment(Some(&OnDay { valid: args.named_on.or(args.valid) }));
    let unit = named::find(&client, &args.committee, &named).await?;
    let answer = client.json(client.get(&format!("/v1/committees/{unit}/lineage")).query(&moment)).await?;
    let rows = [("made of", "made_of"), ("became", "became")].into_iter().flat_map(|(way, part)| {
        list(&answer[part]["edges"]).map(move |edge| {
            let [on, how, extent, position] = [&edge["on"], &edge["how"], &edge["extent"], &edge["position"]].map(text);
            let (from, to) = (text(&edge["committee"]["name"]), text(&edge["successor"]["name"]));
            vec![way.to_owned(), on, from, to, how, extent, position, document(&edge["document"])]
        })
    });
    let headings = vec!["", "on", "committee", "successor", "how", "extent", "position", "document"];
    let sheet = Sheet { headings, rows: rows.collect() };
    if sheet.rows.is_empty() {
        let valid = text(&answer["valid"]);
        eprintln!(
            "nobody came before it, and nothing has become of it by {valid}; --valid takes a later day, --named-on that of the code or name"
        );
    }
    let called = |units: &Value| list(units).map(|unit| text(&unit["name"])).collect::<Vec<_>>().join(", ");
    let headline = format!(
        "{} on {} · from {} · by then {} · {}",
        text(&answer["committee"]["name"]),
        text(&answer["on"]),
        text(&answer["first_day"]),
        called(&answer["became"]["committees"]),
        as_of(&answer)
    );
    print(&client, &args.asking, answer, headline, sheet).await
}

/// A line a claim: by arithmetic, as known then, as known now or at `--known`.
pub(super) async fn publication(args: PublicationArgs) -> Result<(), Failure> {
    let client = Client::new(&args.asking.server)?;
    let request = client.get(&format!("/v1/publications/{}", args.id)).query(&args.up_to.moment(None));
    let answer = client.json(request).await?;
    let mut rows = Vec::new();
    for sentence in list(&answer["sentences"]) {
        let said = text(&sentence["text"]);
        for claim in list(&sentence["claims"]) {
            let figure = printed(&said, &claim["span"]);
            let [arithmetic, then, now] = [&claim["arithmetic"], &claim["then"], &claim["now"]].map(finding);
            rows.push(vec![figure, arithmetic, then, now, said.clone()]);
        }
        for unread in list(&sentence["unread"]) {
            let nothing = String::new();
            rows.push(vec![text(&unread["text"]), "not read".to_owned(), nothing.clone(), nothing, said.clone()]);
        }
    }
    let side = |of: &str| match &answer[of]["as_of"] {
        Value::Null => format!("{of} {}", text(&answer[of]["absent"])),
        moment => format!("{of} {}, {}", text(&moment["known_position"]), text(&moment["lens"])),
    };
    let state = standing(&answer);
    let state = if state.is_empty() { state } else { format!(" · {state}") };
    let headline = format!(
        "{} · {} · printed {}{state} · {} · {} · {}",
        text(&answer["outlet"]),
        text(&answer["title"]),
        text(&answer["printed_on"]),
        side("then"),
        side("now"),
        as_of(&answer)
    );
    let headings = vec!["claim", "arithmetic", "then", "now", "sentence"];
    print(&client, &args.asking, answer, headline, Sheet { headings, rows }).await
}

/// What a claim's bytes of a sentence are.
fn printed(sentence: &str, span: &Value) -> String {
    let place = |end: &str| span[end].as_u64().and_then(|at| usize::try_from(at).ok());
    let range = place("start").zip(place("end"));
    range.and_then(|(start, end)| sentence.get(start..end)).unwrap_or_default().to_owned()
}

/// `differs: actual printed 47, in the ledger 48`.
fn finding(of: &Value) -> String {
    let word = text(&of["finding"]).replace('_', " ");
    let differences: Vec<_> = list(&of["differences"])
        .map(|one| {
            format!(
                "{} printed {}, in the ledger {}",
                text(&one["figure"]),
                text(&one["printed"]),
                text(&one["ledger"])
            )
        })
        .collect();
    if differences.is_empty() { word } else { format!("{word}: {}", differences.join("; ")) }
}
