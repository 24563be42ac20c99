//! `socai post`: one command, or an NDJSON file as it is.

use std::path::Path;

use anyhow::Context;
use futures::TryStreamExt;
use indicatif::ProgressBar;
use kit::Receipt;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead};
use tokio_util::io::StreamReader;

use super::{
    args::{Output, PostArgs},
    client::Client,
    exit::{Exit, Failure},
    files::{read_all, read_file, without_mark},
    output::{Sheet, progress},
    parts::{LINES_MAX, Parts},
};

pub(super) async fn post(args: PostArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    match &args.command {
        Some(name) => one(&client, name, &args).await,
        None => many(&client, &args.file).await,
    }
}

async fn one(client: &Client, name: &str, args: &PostArgs) -> Result<(), Failure> {
    let body = read_all(&args.file)?;
    let key = args.key.unwrap_or_else(uuid::Uuid::now_v7);
    if args.key.is_none() {
        eprintln!("Idempotency-Key: {key}  (send it again with --key after an unknown outcome)");
    }
    let mut request = client
        .post(&format!("/v1/commands/{name}"))
        .header("idempotency-key", format!("\"{key}\""))
        .header("content-type", "application/json")
        .body(body);
    if let Some(position) = args.if_match {
        request = request.header("if-match", format!("\"{position}\""));
    }
    let answer = client.json(request).await?;
    let receipt: Receipt = serde_json::from_value(answer.clone()).context("the node's receipt cannot be read")?;
    sheet(&receipt).print(args.output.unwrap_or(Output::Table), || answer)?;
    Ok(())
}

fn sheet(receipt: &Receipt) -> Sheet {
    Sheet {
        headings: vec!["position", "stream", "version", "recorded_at", "durability", "replayed"],
        rows: vec![vec![
            receipt.position.to_string(),
            receipt.stream.to_string(),
            receipt.version.to_string(),
            receipt.recorded_at.to_string(),
            receipt.durability.clone(),
            receipt.replayed.to_string(),
        ]],
    }
}

/// Streams the file and prints each answer as it comes, lines numbered as in the file. After a cut the same file may be sent again whole.
async fn many(client: &Client, file: &Path) -> Result<(), Failure> {
    let (source, total) = open(file).await?;
    let parts = Parts::new(source);
    let bar = progress("posting", total);
    let mut sent = Sent::default();
    // One request at least, so that a wrong token or address is told of an empty file as well.
    loop {
        part(client, &parts, &bar, &mut sent).await?;
        if parts.is_at_the_end().await.context("failed to read the lines")? {
            break;
        }
    }
    bar.finish_and_clear();
    println!("{}", json!({ "end": true, "accepted": sent.accepted, "refused": sent.refused }));
    eprintln!("{} accepted, {} refused", sent.accepted, sent.refused);
    sent.worst.map_or(Ok(()), |exit| Err(Failure::new(exit, anyhow::anyhow!("some lines were not recorded"))))
}

/// What became of the lines so far.
#[derive(Default)]
struct Sent {
    /// Of the file, in the requests before.
    before: u64,
    accepted: u64,
    refused: u64,
    worst: Option<Exit>,
}

/// One request, up to its end.
async fn part(client: &Client, parts: &Parts, bar: &ProgressBar, sent: &mut Sent) -> Result<(), Failure> {
    let request = client
        .post("/v1/commands")
        .header("content-type", "application/x-ndjson")
        .body(reqwest::Body::wrap_stream(parts.part()));
    let response = client.send(request).await?;
    let mut lines = StreamReader::new(response.bytes_stream().map_err(std::io::Error::other)).lines();
    while let Some(line) = lines.next_line().await.map_err(cut)? {
        let answer: Value = serde_json::from_str(&line).context("an answer line cannot be read")?;
        if answer.get("end").is_some() {
            sent.accepted += answer["accepted"].as_u64().unwrap_or_default();
            sent.refused += answer["refused"].as_u64().unwrap_or_default();
            sent.before += LINES_MAX as u64;
            return Ok(());
        }
        let number = |n: u64| format!("{{\"line\":{n},");
        let n = answer["line"].as_u64().unwrap_or_default();
        let line = line.replacen(&number(n), &number(sent.before + n), 1);
        bar.suspend(|| println!("{line}"));
        bar.inc(1);
        sent.worst = sent.worst.max(exit_of(answer["status"].as_u64().unwrap_or(500)));
    }
    Err(cut(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)))
}

fn exit_of(status: u64) -> Option<Exit> {
    match status {
        200..=299 => None,
        429 | 503 => Some(Exit::Unavailable),
        409 | 412 => Some(Exit::Conflict),
        _ => Some(Exit::Refused),
    }
}

fn cut(why: std::io::Error) -> Failure {
    let why = anyhow::Error::from(why)
        .context("the connection was cut; send the same file again: what is recorded already answers 200");
    Failure::new(Exit::Unavailable, why)
}

/// The file and its number of lines, if it can be known.
async fn open(file: &Path) -> Result<(Box<dyn AsyncRead + Send + Unpin>, Option<u64>), Failure> {
    if file == Path::new("-") {
        let lines = without_mark(tokio::io::stdin()).await.context("failed to read standard input")?;
        return Ok((lines, None));
    }
    let text = read_file(file)?;
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
    Ok((Box::new(std::io::Cursor::new(text)), u64::try_from(lines).ok()))
}
