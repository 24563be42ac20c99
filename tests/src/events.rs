//! Server-sent events, read as a browser reads them.

use std::time::Duration;

use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;

use crate::Node;

/// Where the demonstration's year is.
pub const PERIOD: &str = "/v1/programmes/nq28/periods/2022";

/// Longer than any answer takes, shorter than a heartbeat.
const PATIENCE: Duration = Duration::from_secs(12);

/// One server-sent event.
#[derive(Debug)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: Value,
}

impl Event {
    /// Which its id names.
    pub fn position(&self) -> u64 {
        self.id.split('-').nth(1).and_then(|position| position.parse().ok()).expect("an id names a position")
    }
}

/// An open stream of them.
pub struct Events {
    response: Response,
    /// A piece of the answer may end within a letter.
    buffer: Vec<u8>,
}

impl Events {
    /// Of the changes of 2022, as the holder of this token of the node.
    pub async fn open(node: &Node, token: &str, last: Option<&str>) -> Self {
        let asked = node.get(&format!("{PERIOD}/tallies/changes"), token);
        let events = Self::asked(asked, last).await.expect("the node answers");
        events.unwrap_or_else(|status| panic!("the changes were answered {status}"))
    }

    /// Sends the request, with the id of the last event seen; any status but 200 is returned.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn asked(request: RequestBuilder, last: Option<&str>) -> reqwest::Result<Result<Self, StatusCode>> {
        let request = last.iter().fold(request, |request, last| request.header("last-event-id", *last));
        let response = request.send().await?;
        Ok(match response.status() {
            StatusCode::OK => Ok(Self { response, buffer: Vec::new() }),
            status => Err(status),
        })
    }

    /// The next event that is no heartbeat.
    pub async fn next(&mut self) -> Event {
        let next = async {
            loop {
                match self.any().await {
                    Some(event) if event.name == "position" => {}
                    event => return event.expect("the stream goes on"),
                }
            }
        };
        tokio::time::timeout(PATIENCE, next).await.expect("an event in time")
    }

    /// The next event, also a heartbeat; `None` when the stream ends or breaks.
    pub async fn any(&mut self) -> Option<Event> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let text = String::from_utf8(self.buffer.drain(..end + 2).collect()).expect("events are text");
                if let Some(event) = event(&text) {
                    return Some(event);
                }
            }
            let chunk = self.response.chunk().await.ok()??;
            self.buffer.extend_from_slice(&chunk);
        }
    }

    /// Waits until the other side ends the stream.
    pub async fn end(&mut self) {
        let rest = async { while self.response.chunk().await.is_ok_and(|chunk| chunk.is_some()) {} };
        tokio::time::timeout(2 * PATIENCE, rest).await.expect("the end in time");
    }
}

fn event(text: &str) -> Option<Event> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    Some(Event {
        name: field("event: ")?,
        id: field("id: ")?,
        data: serde_json::from_str(&field("data: ")?).expect("an event's data are JSON"),
    })
}
