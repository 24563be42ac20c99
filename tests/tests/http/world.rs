//! A small ledger of its own: a city, two districts, a commune, a unit that has ended, rules, a programme, a period, and people.

use std::sync::OnceLock;

use domain::LocalDate;
use kit::{new_token, token_hash};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use socai::{
    node::Node,
    settings::{Role, Settings},
};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) const CITY: Uuid = Uuid::from_u128(0xc17);
pub(crate) const DISTRICT: Uuid = Uuid::from_u128(0xd1);
pub(crate) const SISTER: Uuid = Uuid::from_u128(0xd2);
pub(crate) const COMMUNE: Uuid = Uuid::from_u128(0xc0);
pub(crate) const ENDED: Uuid = Uuid::from_u128(0xe0);

/// The node and its people. Shared by all tests of this binary; each posts papers of its own.
#[derive(Clone)]
pub(crate) struct World {
    base: String,
    client: Client,
    pub(crate) admin: String,
    pub(crate) clerk: String,
    pub(crate) supervisor: String,
    pub(crate) auditor: String,
}

/// An answer as a caller sees it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) body: Value,
}

impl Answer {
    /// The record's position, of an accepted command.
    pub(crate) fn position(&self) -> u64 {
        assert!(matches!(self.status, 200 | 201), "{self:?}");
        self.body["position"].as_u64().unwrap()
    }

    /// The id of the stream, of an accepted command.
    pub(crate) fn stream(&self) -> String {
        assert!(matches!(self.status, 200 | 201), "{self:?}");
        self.body["stream"].as_str().unwrap().split_once('/').unwrap().1.to_owned()
    }

    /// Checks that it is this problem, at this place, with a page and a sentence in both languages.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, slug: &str, pointer: &str) {
        check_problem(&self.body, status, slug, pointer);
        assert_eq!(self.status, status, "{self:?}");
    }
}

#[track_caller]
pub(crate) fn check_problem(problem: &Value, status: u16, slug: &str, pointer: &str) {
    assert_eq!(
        (&problem["type"], &problem["status"]),
        (&json!(format!("/problems/{slug}")), &json!(status)),
        "{problem:#}"
    );
    for sentence in ["title", "detail", "detail_en"] {
        assert!(problem[sentence].as_str().is_some_and(|text| text.len() > 5), "no {sentence}: {problem:#}");
    }
    assert_ne!(problem["detail"], problem["detail_en"]);
    let page = format!("{}/../docs/problems/{slug}.md", env!("CARGO_MANIFEST_DIR"));
    assert!(std::path::Path::new(&page).is_file(), "{slug} has no page in docs/problems");
    let at = problem["errors"][0]["pointer"].as_str().unwrap_or_default();
    assert_eq!(at, pointer, "{problem:#}");
}

impl World {
    /// The one world of this binary.
    pub(crate) async fn get() -> World {
        static WORLD: OnceCell<World> = OnceCell::const_new();
        // Connections belong to the runtime of one test.
        World { client: kit::outgoing::plain().build().unwrap(), ..WORLD.get_or_init(World::begin).await.clone() }
    }

    async fn begin() -> World {
        let folder = tempfile::tempdir().unwrap().keep();
        let settings = Settings {
            data: folder.clone(),
            listen: "127.0.0.1:0".to_owned(),
            roles: Role::ALL.to_vec(),
            ..Settings::default()
        };
        // On a runtime of its own: each test has another, which ends with it.
        let node = runtime()
            .spawn(async move { Node::start(&settings, CancellationToken::new()).await })
            .await
            .unwrap()
            .unwrap();
        let admin = node.issued.iter().find(|issued| issued.name == "admin").unwrap().token.clone();
        let base = format!("http://{}", node.address);
        std::mem::forget(node);
        let mut world = World {
            base,
            client: kit::outgoing::plain().build().unwrap(),
            admin,
            clerk: String::new(),
            supervisor: String::new(),
            auditor: String::new(),
        };
        world.furnish().await;
        world
    }

    async fn furnish(&mut self) {
        for (name, data) in [
            ("change-structure", units()),
            ("set-rules", rules()),
            ("establish-programme", programme("nq28", "party_org")),
        ] {
            self.post_as(&self.admin, Uuid::now_v7(), name, &data).await.position();
        }
        let other = programme("nq99", "union_org");
        self.post_as(&self.admin, Uuid::now_v7(), "establish-programme", &other).await.position();
        self.post_as(&self.admin, Uuid::now_v7(), "open-period", &period()).await.position();
        self.clerk = self.grant(DISTRICT, "office").await;
        self.supervisor = self.grant(CITY, "supervisor").await;
        self.auditor = self.grant(CITY, "auditor").await;
    }

    /// A new token for somebody at the unit.
    pub(crate) async fn grant(&self, office: Uuid, role: &str) -> String {
        let token = new_token();
        let hash: String = token_hash(&token).iter().map(|byte| format!("{byte:02x}")).collect();
        let data = json!({ "token_sha256": hash, "subject": Uuid::now_v7(), "office": office, "role": role });
        self.post_as(&self.admin, Uuid::now_v7(), "grant-access", &data).await.position();
        token
    }

    /// Posts as the district's clerk, under a new key.
    pub(crate) async fn post(&self, name: &str, data: &Value) -> Answer {
        self.post_as(&self.clerk, Uuid::now_v7(), name, data).await
    }

    pub(crate) async fn post_as(&self, token: &str, key: Uuid, name: &str, data: &Value) -> Answer {
        answer(self.command(token, key, name).json(data)).await
    }

    /// The request of a command, without its body.
    pub(crate) fn command(&self, token: &str, key: Uuid, name: &str) -> RequestBuilder {
        self.command_keyed(token, &key.to_string(), name)
    }

    pub(crate) fn command_keyed(&self, token: &str, key: &str, name: &str) -> RequestBuilder {
        self.client.post(format!("{}/v1/commands/{name}", self.base)).bearer_auth(token).header("idempotency-key", key)
    }

    pub(crate) fn lines(&self, token: &str) -> RequestBuilder {
        self.client
            .post(format!("{}/v1/commands", self.base))
            .bearer_auth(token)
            .header("content-type", "application/x-ndjson")
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Answer {
        answer(self.client.get(format!("{}{path}", self.base)).bearer_auth(token)).await
    }

    pub(crate) async fn put_as(&self, token: &str, path: &str, data: &Value) -> Answer {
        answer(self.client.put(format!("{}{path}", self.base)).bearer_auth(token).json(data)).await
    }

    pub(crate) fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status, location, body }
}

fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap())
}

/// A paper that no other test has.
pub(crate) fn paper() -> Value {
    paper_dated("2024-03-01")
}

pub(crate) fn paper_dated(date: &str) -> Value {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    json!({ "number": number.to_string(), "symbol": "QĐ/QU", "issuer": "Quận ủy thử nghiệm", "date": date })
}

/// A founding that is accepted.
pub(crate) fn founding() -> Value {
    json!({
        "unit": DISTRICT, "kind": "party_cell_grassroots", "host_kind": "private_enterprise", "basis": "new", "members": 3,
        "document": paper(),
    })
}

/// A batch that is accepted.
pub(crate) fn batch() -> Value {
    json!({
        "unit": DISTRICT, "membership": "youth_union", "host_kind": "cooperative", "count": 15, "of_which": { "women": 8 },
        "document": paper(),
    })
}

/// The same with fields replaced, or removed where the new value is null.
pub(crate) fn with(mut data: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        if value.is_null() {
            data.as_object_mut().unwrap().remove(name);
        } else {
            data[name] = value.clone();
        }
    }
    data
}

fn units() -> Value {
    let unit = |unit: Uuid, kind: &str, name: &str, line: Option<Uuid>, display_order: u32| {
        let created = json!({ "unit": unit, "kind": kind, "name": name, "from": "2000-01-01", "line": line, "display_order": display_order });
        json!({ "create_unit": created })
    };
    json!({
        "document": paper_dated("2000-01-01"),
        "changes": [
            unit(CITY, "city", "Thành ủy thử nghiệm", None, 1),
            // NFD and an old-style tone mark, as papers have them.
            unit(DISTRICT, "urban_district", "Quận uy\u{309} Thuy\u{309} Nguyên", Some(CITY), 2),
            unit(SISTER, "urban_district", "Quận uỷ Kiến Thuỵ", Some(CITY), 3),
            unit(COMMUNE, "commune", "Đảng uỷ xã thử nghiệm", Some(DISTRICT), 4),
            unit(ENDED, "rural_district", "Huyện ủy đã kết thúc", Some(CITY), 5),
            json!({ "end_unit": { "unit": ENDED, "from": "2020-01-01" } }),
        ],
    })
}

fn rules() -> Value {
    let rule = |kind: &str, minimum: u32| json!({ "kind": kind, "minimum": minimum, "from": "2000-01-01", "source": "quy định thử nghiệm" });
    json!({ "document": paper(), "rules": [rule("party_cell_grassroots", 3), rule("grassroots_union", 5)] })
}

fn programme(programme: &str, measure: &str) -> Value {
    let by = if measure == "union_org" { "recognised" } else { "founded" };
    let kinds = if measure == "union_org" { json!(["grassroots_union"]) } else { json!(["party_cell_grassroots"]) };
    json!({
        "programme": programme, "name_vi": "Nghị quyết thử nghiệm", "name_en": "Test resolution", "issuer": CITY,
        "host_kinds": ["private_enterprise", "cooperative"],
        "measures": [{
            "measure": measure, "name_vi": "Thành lập tổ chức", "name_en": "Foundings", "noun_vi": "tổ chức", "from": "2000-01-01",
            "by": by, "flow": "gross", "organisation_kinds": kinds, "host_kinds": ["private_enterprise", "cooperative"],
        }],
        "document": paper(),
    })
}

fn period() -> Value {
    json!({
        "programme": "nq28", "period": "2024", "first_day": "2024-01-01", "last_day": "2024-12-31",
        "principals": { "party_org": CITY }, "document": paper(),
    })
}

/// The ledger's own day, which refusals name.
pub(crate) fn today() -> LocalDate {
    use kit::Clock;
    kit::SystemClock.now().local_date()
}
