//! A real node in the process of the test, on a port of its own, in a folder of its own.

use std::path::Path;

use serde_json::Value;
use socai::{demonstration::Demonstration, node::Node as Inner, settings::Settings};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A running node. Dropped without `stop`, its tasks end with the test's runtime.
pub struct Node {
    pub url: String,
    pub http: reqwest::Client,
    pub settings: Settings,
    inner: Option<Inner>,
    folder: TempDir,
}

impl Node {
    /// The demonstration of the 2022 review, embedded.
    pub async fn demonstration() -> Self {
        Self::with_demonstration(Demonstration::Review).await
    }

    /// A demonstration, embedded.
    pub async fn with_demonstration(demo: Demonstration) -> Self {
        Self::start(Settings { demo: Some(demo), ..Settings::default() }).await
    }

    /// A real ledger without units, embedded; its administrator's token is `admin`.
    pub async fn empty() -> Self {
        Self::start(Settings::default()).await
    }

    /// With these settings but for the folder and the port.
    pub async fn start(settings: Settings) -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary folder"), settings).await
    }

    /// The same on what lies in `data` of this folder.
    pub async fn start_in(folder: TempDir, settings: Settings) -> Self {
        let settings = Settings { data: folder.path().join("data"), listen: "127.0.0.1:0".to_owned(), ..settings };
        let inner = Inner::start(&settings, CancellationToken::new())
            .await
            .unwrap_or_else(|error| panic!("the node does not start: {error:#}"));
        let url = format!("http://{}", inner.address);
        Self {
            url,
            http: kit::outgoing::plain().build().expect("an HTTP client"),
            settings,
            inner: Some(inner),
            folder,
        }
    }

    /// Stops, and starts again on the same folder, at another port.
    pub async fn restart(&mut self) {
        self.end().await;
        let inner = Inner::start(&self.settings, CancellationToken::new()).await;
        let inner = inner.unwrap_or_else(|error| panic!("the node does not start again: {error:#}"));
        self.url = format!("http://{}", inner.address);
        self.inner = Some(inner);
    }

    /// Stops every part and waits for its end.
    pub async fn stop(mut self) {
        self.end().await;
    }

    /// Stops, and leaves the folder with what is in it.
    pub async fn stop_and_keep(mut self) -> (Settings, TempDir) {
        self.end().await;
        (self.settings.clone(), self.folder)
    }

    /// Waits until the node ends by itself, and says why it did.
    ///
    /// # Errors
    /// Why the first of its parts failed.
    pub async fn ended(mut self) -> Result<(), String> {
        let inner = self.inner.take().expect("a running node");
        inner.wait().await.map_err(|error| format!("{error:#}"))
    }

    async fn end(&mut self) {
        if let Some(inner) = self.inner.take() {
            inner.stop().await.unwrap_or_else(|error| panic!("the node does not stop: {error:#}"));
        }
    }

    /// A token that the start has issued: `admin`; of the demonstration also `clerk`, `union-clerk`, `youth-clerk` (of Lê Chân), `supervisor`, `auditor`.
    pub fn token(&self, name: &str) -> String {
        let file = self.settings.data.join(format!("{name}.token"));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        text.trim().to_owned()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn journal(&self) -> &journal::SharedJournal {
        &self.inner.as_ref().expect("a running node").journal
    }

    pub fn get(&self, path: &str, token: &str) -> reqwest::RequestBuilder {
        self.http.get(format!("{}{path}", self.url)).bearer_auth(self.token(token))
    }

    /// Posts one command under a key of its own.
    pub fn post(&self, command: &str, token: &str, body: &Value) -> reqwest::RequestBuilder {
        let key = uuid::Uuid::now_v7();
        let url = format!("{}/v1/commands/{command}", self.url);
        self.http.post(url).bearer_auth(self.token(token)).header("idempotency-key", format!("\"{key}\"")).json(body)
    }

    /// The answer as JSON; anything but 2xx fails the test.
    pub async fn json(&self, path: &str, token: &str) -> Value {
        let answer = self.get(path, token).send().await.expect("the node answers");
        let (status, text) = (answer.status(), answer.text().await.expect("the answer is text"));
        assert!(status.is_success(), "{path} was answered {status}: {text}");
        serde_json::from_str(&text).expect("the answer is JSON")
    }
}
