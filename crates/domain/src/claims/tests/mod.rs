mod demonstration;
mod doubtful;
mod fair;
mod newspaper;
mod numbers;
mod scope;
mod sentences;
mod some;
mod subjects;
mod units;
mod verdicts;
mod work;

use crate::LocalDate;

/// Of the whole of 2022.
fn days() -> Option<(LocalDate, LocalDate)> {
    let last = LocalDate::new(2022, 12, 31)?;
    Some((last, last))
}
