//! `socai structure`: lists of units, as they come with a resolution.

mod decided;
mod file;
mod import;
mod known;
mod shown;

pub(super) use import::import;
pub(super) use known::reference;
