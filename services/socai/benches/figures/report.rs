//! Lines of the table as they come.

use std::time::Duration;

pub(crate) struct Report;

impl Report {
    pub(crate) fn begin() -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        println!("socai {} · {cores} cores · {} rounds, medians", env!("CARGO_PKG_VERSION"), crate::rounds());
        Self
    }

    #[expect(clippy::unused_self, reason = "only who has the report prints")]
    pub(crate) fn part(&mut self, name: &str) {
        println!("\n{name}");
    }

    #[expect(clippy::unused_self, reason = "only who has the report prints")]
    pub(crate) fn line(&mut self, what: &str, value: &str, beside: &str) {
        println!("  {what:<58} {value:>16}   {beside}");
    }

    pub(crate) fn rate(&mut self, what: &str, per_second: f64, beside: &str) {
        self.line(what, &format!("{per_second:.0}/s"), beside);
    }
}

/// The median of several rounds.
pub(crate) fn median(rounds: &[f64]) -> f64 {
    let mut rounds = rounds.to_vec();
    rounds.sort_by(f64::total_cmp);
    rounds.get(rounds.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value below which `share` of all lie; `share` from 0 to 1.
pub(crate) fn quantile(sorted: &[Duration], share: f64) -> Duration {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index within the slice"
    )]
    let index = ((sorted.len() as f64 - 1.0) * share).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

pub(crate) fn percent(part: f64, whole: f64) -> String {
    format!("{:.0} %", 100.0 * part / whole)
}
