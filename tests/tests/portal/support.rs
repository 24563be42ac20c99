//! A browser, and what the tests of pages and answers share.

use reqwest::{Response, redirect::Policy};
use serde_json::Value;
use socai_tests::Node;
pub(crate) use socai_tests::{Events, PERIOD};

/// A browser: it has a cookie, and shows redirects instead of following them.
pub(crate) struct Browser {
    http: reqwest::Client,
    url: String,
    cookie: String,
}

pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: String,
    /// The first cookie that it sets.
    pub(crate) cookie: String,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) fn new(node: &Node, token: &str) -> Self {
        Self::bearing(node, &node.token(token))
    }

    /// With a token that the demonstration does not have.
    pub(crate) fn bearing(node: &Node, token: &str) -> Self {
        let http = kit::outgoing::plain().redirect(Policy::none()).build().unwrap();
        Self { http, url: node.url.clone(), cookie: format!("socai_token={token}") }
    }

    pub(crate) fn stranger(node: &Node) -> Self {
        Self { cookie: String::new(), ..Self::new(node, "admin") }
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        let request = self.http.get(format!("{}{path}", self.url)).header("cookie", &self.cookie);
        page(request.header("accept", "text/html,*/*;q=0.8").send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_from("same-origin", path, fields).await
    }

    pub(crate) async fn post_from(&self, site: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = self.http.post(format!("{}{path}", self.url)).header("cookie", &self.cookie);
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").header("sec-fetch-site", site);
        page(request.body(body.join("&")).send().await.unwrap()).await
    }
}

async fn page(response: Response) -> Page {
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (location, cookie) = (header("location"), header("set-cookie"));
    Page {
        status: response.status().as_u16(),
        location: location.unwrap_or_default(),
        cookie: cookie.unwrap_or_default(),
        text: response.text().await.unwrap(),
    }
}

pub(crate) fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Waits until the tallies include everything recorded so far.
pub(crate) async fn caught_up(node: &Node) -> u64 {
    let tip = node.journal().tip().await.unwrap().0;
    node.json(&format!("{PERIOD}/tallies?min_position={tip}"), "auditor").await;
    tip
}

/// A founding by the Party committee of Lê Chân.
pub(crate) fn founding(number: &str) -> Value {
    serde_json::json!({
        "unit": socai_tests::unit("Quận ủy Lê Chân"), "kind": "party_cell_grassroots", "host_kind": "private_enterprise",
        "basis": "new", "members": 5,
        "document": { "number": number, "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-30" }
    })
}

/// Posts a command that is recorded, and gives the id of its stream.
pub(crate) async fn recorded(node: &Node, command: &str, token: &str, body: &Value) -> String {
    let answer = node.post(command, token, body).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 201, "{command}: {text}");
    let receipt: Value = serde_json::from_str(&text).unwrap();
    receipt["stream"].as_str().unwrap().split_once('/').unwrap().1.to_owned()
}

/// Of an office and a role; known to the node by a name, like those of its start.
pub(crate) async fn granted(node: &Node, name: &str, office: &Value, role: &str) {
    let token = kit::new_token();
    let hash = hex::encode(kit::token_hash(&token));
    let subject = uuid::Uuid::now_v7();
    let grant = serde_json::json!({ "token_sha256": hash, "subject": subject, "office": office, "role": role });
    recorded(node, "grant-access", "admin", &grant).await;
    std::fs::write(node.settings.data.join(format!("{name}.token")), token).unwrap();
    caught_up(node).await;
}

/// What is read, without the marks and with single spaces.
pub(crate) fn text_of(page: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in page.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
