//! Lists that a command carries.

use crate::Refusal;

/// Refuses a list that is shorter or longer than a command takes.
pub(crate) fn list_fits(length: usize, min: u32, max: usize, pointer: &str) -> Result<(), Refusal> {
    if length < min as usize || length > max {
        return Err(Refusal::ListLengthUnfit { length, min, max, pointer: pointer.to_owned() });
    }
    Ok(())
}

/// Refuses a list in which something stands twice.
pub(crate) fn each_once<T: Ord>(list: &[T], pointer: impl FnOnce() -> String) -> Result<(), Refusal> {
    let mut sorted: Vec<_> = list.iter().collect();
    sorted.sort();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::ListedTwice { pointer: pointer() });
    }
    Ok(())
}
