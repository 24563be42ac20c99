//! What is answered is what `/openapi.json` describes: every answer of every address that is read as JSON has no field that is not described, and lacks
//! none that is said to be there.

use std::collections::{BTreeMap, BTreeSet};

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Map, Value, json};
use socai::demonstration::Demonstration;
use socai_tests::{Node, sequel_unit, unit};

use crate::support::{caught_up, recorded};

/// Where the schemas of the document stand once they are strict.
const HERE: &str = "https://described.test/openapi";
const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";
const PROBLEM: &str = "application/problem+json";

/// The document, and a validator of what it describes.
struct Described {
    document: Value,
    schemas: Schemas,
    compiler: Compiler,
    compiled: BTreeMap<String, SchemaIndex>,
}

impl Described {
    fn new(document: Value) -> Self {
        let mut definitions = Map::new();
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            definitions.insert(name.clone(), open(schema));
            definitions.insert(format!("{name}!"), closed(json!({ "$ref": pointer(name) })));
        }
        let all =
            json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": HERE, "$defs": definitions });
        let mut compiler = Compiler::new();
        compiler.add_resource(HERE, all).unwrap();
        Self { document, schemas: Schemas::new(), compiler, compiled: BTreeMap::new() }
    }

    /// The schema of an answer, as the document names it.
    fn answer(&self, path: &str, method: &str, status: &str, media_type: &str) -> Value {
        let response = &self.document["paths"][path][method]["responses"][status];
        let response = match response["$ref"].as_str() {
            Some(to) => self.document.pointer(to.trim_start_matches('#')).unwrap(),
            None => response,
        };
        let schema = &response["content"][media_type]["schema"];
        assert!(schema.is_object(), "{method} {path} {status} {media_type} is not described: {response}");
        schema.clone()
    }

    /// Where a value is not what a schema of the document says.
    fn wrong(&mut self, schema: &Value, value: &Value) -> Option<String> {
        let strict = strict(schema);
        let key = strict.to_string();
        let index = match self.compiled.get(&key) {
            Some(index) => *index,
            None => {
                let mut strict = strict;
                absolute(&mut strict);
                let at = format!("https://described.test/{}", self.compiled.len());
                self.compiler.add_resource(&at, strict).unwrap();
                let index = self.compiler.compile(&at, &mut self.schemas).unwrap_or_else(|error| panic!("{error:#}"));
                self.compiled.insert(key, index);
                index
            }
        };
        self.schemas.validate(value, index).err().map(|error| format!("{error:#}"))
    }
}

fn pointer(name: &str) -> String {
    format!("#/$defs/{name}")
}

/// References lead to the document's schemas.
fn absolute(schema: &mut Value) {
    match schema {
        Value::Object(schema) => {
            if let Some(Value::String(to)) = schema.get_mut("$ref") {
                *to = format!("{HERE}{to}");
            }
            schema.values_mut().for_each(absolute);
        }
        Value::Array(all) => all.iter_mut().for_each(absolute),
        _ => {}
    }
}

/// Nothing but what is described may stand there.
fn closed(mut schema: Value) -> Value {
    schema["unevaluatedProperties"] = false.into();
    schema
}

/// A schema of a value of its own: with nothing that it does not describe.
fn strict(schema: &Value) -> Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(to) => json!({ "$ref": pointer(&format!("{}!", to.rsplit('/').next().unwrap())) }),
        None => closed(open(schema)),
    }
}

/// A schema of which others make one: what it does not describe, another may.
fn open(schema: &Value) -> Value {
    let Value::Object(parts) = schema else { return schema.clone() };
    let mut opened = Map::new();
    for (key, part) in parts {
        let part = match (key.as_str(), part) {
            ("$ref", Value::String(to)) => pointer(to.rsplit('/').next().unwrap()).into(),
            ("properties", Value::Object(all)) => {
                Value::Object(all.iter().map(|(name, one)| (name.clone(), strict(one))).collect())
            }
            ("items" | "additionalProperties" | "propertyNames", Value::Object(_)) => strict(part),
            ("prefixItems", Value::Array(all)) => all.iter().map(strict).collect(),
            ("allOf" | "oneOf" | "anyOf", Value::Array(all)) => all.iter().map(open).collect(),
            _ => part.clone(),
        };
        opened.insert(key.clone(), part);
    }
    Value::Object(opened)
}

async fn document(node: &Node) -> Value {
    node.http.get(format!("{}/openapi.json", node.url)).send().await.unwrap().json().await.unwrap()
}

/// Sentences of every form that claims have, and figures that are read as none.
const SENTENCES: &[&str] = &[
    "Thành lập 47/42 tổ chức đảng, đạt 111,9% kế hoạch.",
    "Kết nạp đảng viên: 449/350=129% kế hoạch.",
    "Kết nạp được 449 đảng viên, trong đó có 120 nữ.",
    "Kết nạp hơn 400 đảng viên, gần 200 đoàn viên, từ 190 đến 200 đảng viên là công nhân.",
    "Thành lập tổ chức đảng vượt 11,9% kế hoạch; có 9/15 đơn vị đạt và vượt, trong đó 5 đơn vị vượt.",
    "16/20 đơn vị hoàn thành và vượt chỉ tiêu kết nạp đảng viên, 4/20 đơn vị chưa đạt.",
    "Thành lập 47 tổ chức đảng, gồm Lê Chân 4, Hồng Bàng 5, Ngô Quyền 6.",
    "Lê Chân 4/3, Hồng Bàng 50/4, Nơi Không Có 3/2.",
    "Quý I năm 2022 thành lập 12 tổ chức đảng; tính đến 15/12/2022 thành lập 40 tổ chức công đoàn.",
    "Kế hoạch kết nạp 350 đảng viên, đạt 90,5%; tăng 5% so với cùng kỳ; 1,071 đoàn viên; 5-7%.",
    "Thành lập 10/0 tổ chức đảng, đạt 150% kế hoạch. Kết nạp 47/42, đạt 300% kế hoạch.",
];

/// The addresses that a path stands for, with what is asked of them.
async fn addresses(node: &Node, path: &str) -> Vec<String> {
    let ward = sequel_unit("Đảng ủy phường Lê Chân");
    let (ward, district) = (ward.as_str().unwrap(), unit("Quận ủy Lê Chân"));
    let district = district.as_str().unwrap();
    let period = |year: &str| path.replace("{programme}", "nq28").replace("{period}", year);
    let of = |year: &str, unit: &str| period(year).replace("{measure}", "party_org").replace("{committee}", unit);
    let case = async |kind: &str| -> Vec<String> {
        let records = node.json(&format!("/v1/records?kind={kind}&limit=1000"), "auditor").await;
        let ids =
            records["records"].as_array().unwrap().iter().map(|record| record["stream"].as_str().unwrap().to_owned());
        let ids: BTreeSet<_> = ids.map(|stream| path.replace("{id}", stream.split_once('/').unwrap().1)).collect();
        ids.into_iter().step_by(17).collect()
    };
    match path {
        "/v1/records" => {
            let tip = node.journal().tip().await.unwrap().0;
            (0..=tip).step_by(900).map(|after| format!("{path}?after={after}&limit=1000")).collect()
        }
        "/v1/records/{position}" => (1..2_000).step_by(313).map(|at| format!("/v1/records/{at}")).collect(),
        "/v1/programmes" | "/v1/committees" | "/v1/trail" | "/v1/organisations" | "/v1/queries" | "/v1/grants"
        | "/v1/publications" => {
            vec![path.to_owned(), format!("{path}?known=nq28/2022/closing-1")]
        }
        _ if path.ends_with("/tallies") => vec![
            period("2022"),
            period("2025"),
            format!("{}?known=closing-1", period("2022")),
            format!("{}?lens=as-known&since=2022-10-01", period("2022")),
            format!("{}?compare=last-year&since=2023-03-01", period("2023")),
        ],
        _ if path.ends_with("/tallies/diff") => vec![period("2022"), period("2023")],
        _ if path.ends_with("/tallies/restated") => vec![period("2022"), format!("{}?key=population", period("2022"))],
        _ if path.contains("/restated/") => {
            vec![of("2022", ward), format!("{}?unallocated=true", of("2022", district))]
        }
        _ if path.ends_with("/{committee}/records") => vec![of("2022", district), of("2025", ward)],
        "/v1/committees/{id}/lineage" => [ward, district].iter().map(|unit| path.replace("{id}", unit)).collect(),
        "/v1/organisations/{id}" => case("organisation").await,
        "/v1/admissions/{id}" => case("admission").await,
        "/v1/batches/{id}" => case("batch").await,
        "/v1/publications/{id}" => {
            let all = node.json("/v1/publications", "auditor").await;
            let ids = all["publications"].as_array().unwrap().iter();
            ids.map(|one| path.replace("{id}", one["publication"].as_str().unwrap())).collect()
        }
        "/v1/directory/{subject}" => {
            let record = node.json("/v1/records/1", "auditor").await;
            vec![path.replace("{subject}", record["actor"]["subject"].as_str().unwrap())]
        }
        _ => panic!("{path} is asked nothing here"),
    }
}

/// What the demonstration has none of.
async fn more(node: &Node) {
    let printed = json!({ "outlet": "Trang mẫu", "title": "Mọi dạng", "printed": { "on": "2025-08-20" }, "programme": "nq28", "period": "2022",
        "sentences": SENTENCES });
    recorded(node, "publish", "supervisor", &printed).await;
    let asked = json!({ "about": 1, "owner": unit("Thành ủy Hải Phòng"), "question": "figure_doubtful" });
    recorded(node, "raise-query", "auditor", &asked).await;
    let record = node.json("/v1/records/1", "auditor").await;
    let path = format!("/v1/directory/{}", record["actor"]["subject"].as_str().unwrap());
    let person = json!({ "entries": [
        { "person": "Người thử nghiệm", "office": unit("Thành ủy Hải Phòng"), "from": "2022-01-01", "to": "2022-12-31" },
        { "person": "Người thử nghiệm", "office": unit("Thành ủy Hải Phòng"), "from": "2023-01-01" },
    ] });
    let put = node.http.put(format!("{}{path}", node.url)).bearer_auth(node.token("admin")).json(&person);
    assert_eq!(put.send().await.unwrap().status(), 204);
    let tip = caught_up(node).await;
    while node.json("/v1/trail?limit=1", "auditor").await["known"].as_u64().unwrap() < tip {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_as_described_and_every_field_is() {
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    caught_up(&node).await;
    more(&node).await;
    let mut described = Described::new(document(&node).await);
    let paths: Vec<String> = described.document["paths"].as_object().unwrap().keys().cloned().collect();
    let (mut answers, mut refused, mut wrong) = (0, 0, Vec::new());
    for path in &paths {
        let operation = &described.document["paths"][path]["get"];
        if operation["responses"]["200"]["content"].get(JSON).is_none() {
            let events =
                operation.is_null() || operation["responses"]["200"]["content"].get("text/event-stream").is_some();
            assert!(events, "{path} is answered as nothing that is known here: {operation}");
            continue;
        }
        let schema = described.answer(path, "get", "200", JSON);
        for address in addresses(&node, path).await {
            for token in ["auditor", "leader", "clerk", "union-clerk"] {
                let answer = node.get(&address, token).send().await.unwrap();
                let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
                let value: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{address}: {text}"));
                let of = format!("{address} as {token}");
                match status {
                    200 => wrong.extend(described.wrong(&schema, &value).map(|wrong| format!("{of}: {wrong}"))),
                    403 | 404 if token != "auditor" => {
                        let problem = described.answer(path, "get", &status.to_string(), PROBLEM);
                        wrong.extend(described.wrong(&problem, &value).map(|wrong| format!("{of}: {wrong}")));
                        refused += 1;
                        continue;
                    }
                    _ => panic!("{of} was answered {status}: {text}"),
                }
                answers += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    finds_what_is_left_out(&node, &described.document).await;
    assert!(answers > 200 && refused > 20, "{answers} answers, {refused} refusals");
    node.stop().await;
}

/// Every field of an answer with claims is looked at: left out of the document, each would be found.
async fn finds_what_is_left_out(node: &Node, document: &Value) {
    let path = "/v1/publications/{id}";
    let mut answers = Vec::new();
    for address in addresses(node, path).await {
        answers.push(node.json(&address, "auditor").await);
    }
    for (schema, field) in [
        ("PublicationCase", "place"),
        ("PassageCompared", "unread"),
        ("Claim", "narrowed"),
        ("ClaimCount", "amount"),
        ("ClaimPercent", "base"),
        ("UnitsClaim", "exceeded"),
        ("ClaimPart", "name"),
        ("FigureDiffers", "by"),
        ("Unread", "why"),
        ("Side", "closing"),
    ] {
        let mut less = document.clone();
        let described = &mut less["components"]["schemas"][schema];
        let left_out = described["properties"].as_object_mut().unwrap().remove(field);
        assert!(left_out.is_some(), "{schema} describes no {field}");
        if let Some(required) = described["required"].as_array_mut() {
            required.retain(|name| name != field);
        }
        let mut described = Described::new(less);
        let schema_of = described.answer(path, "get", "200", JSON);
        let found = answers.iter().any(|answer| described.wrong(&schema_of, answer).is_some());
        assert!(found, "{schema}.{field} may be left out unnoticed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_as_described() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let mut described = Described::new(document(&node).await);
    let line = described.answer("/v1/records", "get", "200", LINES);
    let answer = node.get("/v1/records?limit=1000", "auditor").header("accept", LINES).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], LINES);
    let lines = answer.text().await.unwrap();
    assert_eq!(lines.lines().count(), 1_001);
    for text in lines.lines() {
        assert_eq!(described.wrong(&line, &serde_json::from_str(text).unwrap()), None, "{text}");
    }

    let good = crate::support::founding("771");
    let sent = [
        json!({ "key": uuid::Uuid::now_v7(), "command": "found-organisation", "data": good }).to_string(),
        json!({ "key": uuid::Uuid::now_v7(), "command": "found-organisation", "data": good }).to_string(),
        json!({ "key": uuid::Uuid::now_v7(), "command": "no-such", "if_match": 3, "data": {} }).to_string(),
        "not a line".to_owned(),
    ];
    let sent_line =
        described.document["paths"]["/v1/commands"]["post"]["requestBody"]["content"][LINES]["schema"].clone();
    assert!(sent_line.is_object(), "lines that are sent are described");
    let post = node.http.post(format!("{}/v1/commands", node.url)).bearer_auth(node.token("clerk"));
    let answer = post.header("content-type", LINES).body(sent.join("\n")).send().await.unwrap();
    let lines = answer.text().await.unwrap();
    let schema = described.answer("/v1/commands", "post", "200", LINES);
    let answered: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = answered.iter().map(|line| (line["status"].as_u64(), line.get("receipt").is_some())).collect();
    assert_eq!(
        told,
        [(Some(201), true), (Some(409), false), (Some(404), false), (Some(400), false), (None, false)],
        "{lines}"
    );
    for line in &answered {
        assert_eq!(described.wrong(&schema, line), None, "{line}");
    }
    node.stop().await;
}

#[test]
fn a_field_that_is_not_described_or_missing_is_found() {
    let document = json!({ "components": { "schemas": {
        "Whole": { "allOf": [{ "$ref": "#/components/schemas/Part" }, { "type": "object", "required": ["b"], "properties": { "b": { "type": "string" } } }] },
        "Part": { "type": "object", "required": ["a"], "properties": { "a": { "$ref": "#/components/schemas/Inner" } } },
        "Inner": { "type": "object", "properties": { "n": { "type": ["integer", "null"] } } },
        "Bare": { "type": "object" },
    } }, "paths": {} });
    let mut described = Described::new(document);
    let mut holds = |name: &str, value: Value| {
        described.wrong(&json!({ "$ref": format!("#/components/schemas/{name}") }), &value).is_none()
    };
    assert!(holds("Whole", json!({ "a": { "n": null }, "b": "x" })));
    assert!(!holds("Whole", json!({ "a": { "n": 1 } })), "a field is missing");
    assert!(!holds("Whole", json!({ "a": { "n": 1, "m": 2 }, "b": "x" })), "a field within is not described");
    assert!(!holds("Whole", json!({ "a": { "n": 1 }, "b": "x", "c": 3 })), "a field is not described");
    assert!(!holds("Bare", json!({ "a": 1 })), "a bare object describes nothing");
}
