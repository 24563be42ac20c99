//! Data on standard output, as a table, JSON or CSV; progress on standard error when that is a terminal.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
    time::Duration,
};

use anyhow::Context;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle, presets::UTF8_HORIZONTAL_ONLY};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use super::args::Output;

/// Rows under one heading each. Numbers stand to the right.
pub(crate) struct Sheet {
    pub(crate) headings: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A line for a reader who may have seen enough.
///
/// # Panics
/// When it cannot be written for another reason: a script that goes on would take what is there for the whole.
pub(crate) fn print(to: &mut impl Write, text: fmt::Arguments<'_>) {
    match writeln!(to, "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => panic!("failed to print: {error}"),
        _ => {}
    }
}

impl Sheet {
    /// Prints it as a table or CSV; `json` is what JSON prints instead. What its reader does not want to see any more does not matter.
    pub(crate) fn print(&self, output: Output, json: impl FnOnce() -> Value) -> anyhow::Result<()> {
        let text = match output {
            Output::Table => format!("{}\n", self.table()).into_bytes(),
            Output::Json => format!("{:#}\n", json()).into_bytes(),
            Output::Csv => self.csv().context("failed to write CSV")?,
        };
        let mut out = io::stdout().lock();
        match out.write_all(&text).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("failed to print"),
            _ => Ok(()),
        }
    }

    fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(&self.headings)?;
        for row in &self.rows {
            csv.write_record(row)?;
        }
        Ok(csv.into_inner()?)
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(&self.headings);
        for row in &self.rows {
            table.add_row(row);
        }
        for (index, column) in table.column_iter_mut().enumerate() {
            let numeric = |row: &Vec<String>| row.get(index).is_some_and(|cell| is_numeric(cell));
            if !self.rows.is_empty() && self.rows.iter().all(numeric) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

/// Lines above, below, and under the headings only.
const STYLE: TableStyle = UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none());

fn is_numeric(cell: &str) -> bool {
    cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | ',' | '–' | '%' | ' ' | '≥'))
}

/// A bar on standard error; nothing when that is no terminal.
pub(crate) fn progress(what: &'static str, total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    if !io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let plain = std::env::var_os("NO_COLOR").is_some();
    let shape = match (total.is_some(), plain) {
        (true, true) => "{msg} [{bar:30}] {human_pos}/{human_len} {per_sec} {eta}",
        (true, false) => "{msg} [{bar:30.cyan}] {human_pos}/{human_len} {per_sec} {eta}",
        (false, _) => "{msg} {spinner} {human_pos} {per_sec}",
    };
    if let Ok(style) = ProgressStyle::with_template(shape) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
