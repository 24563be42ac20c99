//! `socai token`: access for one person at an office. The token is made here; only its hash is sent.

use std::io::Write;

use anyhow::anyhow;

use domain::{COMMANDS, Role};
use kit::Receipt;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    args::{Output, TokenNewArgs, TokenRevokeArgs},
    client::Client,
    exit::Failure,
    output::Sheet,
    tally::rows_as_json,
    units,
};

pub(super) async fn new(args: TokenNewArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    let office = units::find_now(&client, &args.office).await?;
    let token = kit::new_token();
    let subject = args.subject.map_or_else(Uuid::now_v7, |subject| subject.0);
    let mut body = json!({
        "token_sha256": hex::encode(kit::token_hash(&token)), "subject": subject, "office": office, "role": args.role,
    });
    if let Some(until) = args.until {
        body["until"] = json!(until);
    }
    let receipt = send(&client, "grant-access", &body).await?;
    let printed = writeln!(std::io::stdout(), "{token}");
    eprintln!("Shown once. Give it to one person: {subject} as {} at {office}.", args.role);
    eprintln!("To take it back: socai token revoke {}", receipt.stream.id);
    printed.map_err(|error| anyhow!("the token was shown to nobody, take it back: {error}").into())
}

pub(super) async fn revoke(args: TokenRevokeArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    let receipt = send(&client, "revoke-access", &json!({ "access": args.access })).await?;
    eprintln!("Revoked at position {}.", receipt.position);
    Ok(())
}

async fn send(client: &Client, name: &str, body: &Value) -> Result<Receipt, Failure> {
    let request = client
        .post(&format!("/v1/commands/{name}"))
        .header("idempotency-key", format!("\"{}\"", Uuid::now_v7()))
        .json(body);
    let answer = client.json(request).await?;
    serde_json::from_value(answer)
        .map_err(|error| Failure::from(anyhow::Error::from(error).context("the node's receipt cannot be read")))
}

pub(super) fn roles(output: Output) -> Result<(), Failure> {
    let mut headings = vec!["command", "lệnh"];
    headings.extend(Role::ALL.iter().map(|role| role.word()));
    let rows = COMMANDS.iter().map(|row| {
        let mark = |role: &Role| match row.roles.contains(role) {
            // Of a unit that nothing is above.
            true if *role == Role::Admin && row.concerns_the_ledger() => "root",
            true => "yes",
            false => "",
        };
        let mut cells = vec![row.name.to_owned(), row.vi.to_owned()];
        cells.extend(Role::ALL.iter().map(|role| mark(role).to_owned()));
        cells
    });
    let sheet = Sheet { headings, rows: rows.collect() };
    sheet.print(output, || rows_as_json(&sheet))?;
    Ok(())
}
