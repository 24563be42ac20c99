//! `socai structure`: lists of units, as they come with a resolution.

mod file;
mod import;
mod shown;

pub(super) use import::import;
