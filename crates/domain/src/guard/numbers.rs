//! How many, and how many of which.

use crate::{BATCH_MAX, OfWhich, Refusal};

/// 1 to 10,000.
pub(crate) fn count(count: u32, at: &str) -> Result<u32, Refusal> {
    if (1..=BATCH_MAX).contains(&count) {
        Ok(count)
    } else {
        Err(Refusal::CountOutOfRange { count, max: BATCH_MAX, pointer: at.to_owned() })
    }
}

/// Each "of which" is at most the whole; they overlap, so nothing is said of their sum.
pub(crate) fn of_which(of_which: &OfWhich, whole: u32) -> Result<(), Refusal> {
    match of_which.iter().find(|(_, part)| **part > whole) {
        Some((of, part)) => {
            Err(Refusal::OfWhichTooLarge { of: *of, part: *part, whole, pointer: format!("/of_which/{of}") })
        }
        None => Ok(()),
    }
}
