//! Style, script and icon, compiled in. Each is served under a name that changes with its content, so browsers may keep it for ever.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::header;
use rust_embed::RustEmbed;

use kit::{Problem, problem::NOT_FOUND};

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

pub(crate) static STYLE: LazyLock<String> = LazyLock::new(|| address("site.css"));
pub(crate) static ICON: LazyLock<String> = LazyLock::new(|| address("icon.svg"));
pub(crate) static LIVE: LazyLock<String> = LazyLock::new(|| address("live.js"));

/// `/assets/{first 16 digits of the hash}/{name}`.
fn address(name: &str) -> String {
    let hash = Files::get(name).map(|file| file.metadata.sha256_hash()).unwrap_or_default();
    let hash: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("/assets/{hash}/{name}")
}

/// `GET /assets/{hash}/{name}`.
pub(crate) async fn get(Path((hash, name)): Path<(String, String)>) -> Response {
    let known = address(&name) == format!("/assets/{hash}/{name}");
    let Some(file) = Files::get(&name).filter(|_| known) else {
        return Problem::new(NOT_FOUND, "Không có tệp này.", "There is no such file.").into_response();
    };
    let headers =
        [(header::CONTENT_TYPE, media_type(&name)), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, file.data).into_response()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
