//! Units as people name them, and how they are called.

use std::collections::BTreeMap;

use domain::{UnitId, text::comparison_key};
use serde_json::Value;

use super::{
    client::Client,
    exit::Failure,
    tally::{list, text},
};

/// As of when units are looked up: what the node is asked with.
pub(super) type Moment = Vec<(&'static str, String)>;

/// By id, by code, or by the whole name, of the units that are there at a moment.
pub(super) async fn find(client: &Client, wanted: &str, moment: &Moment) -> Result<UnitId, Failure> {
    if let Ok(id) = wanted.parse() {
        return Ok(id);
    }
    one(
        wanted,
        list(&called(client, wanted, moment).await?["committees"]),
        "see `socai show committees`, or give --valid a day on which it was there",
    )
}

/// By id, by code, or by the whole name, of the units that are there today.
pub(super) async fn find_now(client: &Client, wanted: &str) -> Result<UnitId, Failure> {
    if let Ok(id) = wanted.parse() {
        return Ok(id);
    }
    one(wanted, list(&called(client, wanted, &Vec::new()).await?["committees"]), "see `socai show committees`")
}

/// The node's list of those that have this code or whole name at a moment, with as of when it is.
pub(super) async fn called(client: &Client, wanted: &str, moment: &Moment) -> Result<Value, Failure> {
    let mut query = moment.clone();
    query.push(("q", wanted.to_owned()));
    let key = comparison_key(wanted);
    let mut found = client.pages("/v1/committees", "committees", query, &[], None).await?;
    let is_it = |unit: &Value| unit["code"] == wanted || comparison_key(&text(&unit["name"])) == key;
    if let Some(units) = found["committees"].as_array_mut() {
        units.retain(is_it);
    }
    Ok(found)
}

/// The only one of those that are called so.
pub(super) fn one<'a>(
    wanted: &str,
    found: impl Iterator<Item = &'a Value>,
    otherwise: &str,
) -> Result<UnitId, Failure> {
    let ids: Vec<String> = found.map(|unit| text(&unit["committee"])).collect();
    match &ids[..] {
        [] => Err(Failure::usage(format!("no unit has the id, code or name `{wanted}`; {otherwise}"))),
        [id] => id.parse().map_err(|_| Failure::usage(format!("the node's entry for `{wanted}` has no id"))),
        several => Err(Failure::usage(format!(
            "several units are called `{wanted}`: give the id, one of {}",
            several.join(", ")
        ))),
    }
}

/// What units are called, each asked for once. One that is not there at the moment is called as it was last, or as it was first.
pub(super) struct Names<'a> {
    client: &'a Client,
    known: Vec<(&'static str, String)>,
    names: BTreeMap<String, String>,
}

impl<'a> Names<'a> {
    pub(super) async fn at(client: &'a Client, moment: Moment) -> Result<Self, Failure> {
        let units = client.pages("/v1/committees", "committees", moment.clone(), &[], None).await?;
        let names = list(&units["committees"]).map(|unit| (text(&unit["committee"]), text(&unit["name"]))).collect();
        let known = moment.into_iter().filter(|(name, _)| *name == "known").collect();
        Ok(Self { client, known, names })
    }

    /// Its id where the one who asks may not see it.
    pub(super) async fn of(&mut self, unit: &Value) -> Result<String, Failure> {
        let id = text(unit);
        if id.is_empty() {
            return Ok(id);
        }
        if let Some(name) = self.names.get(&id) {
            return Ok(name.clone());
        }
        let request = self.client.get(&format!("/v1/committees/{id}/lineage")).query(&self.known);
        let name = match self.client.try_send(request).await? {
            Ok(answer) => text(&self.client.read(answer).await?["committee"]["name"]),
            Err(_) => id.clone(),
        };
        self.names.insert(id, name.clone());
        Ok(name)
    }
}
