//! What the portal answers over real HTTP: tallies, live changes, the history, pages and forms, on the 2022 demonstration.
#![allow(clippy::unwrap_used, reason = "tests")]

mod as_of;
mod away;
mod changes;
mod clerks;
mod closings;
mod columns;
mod corrections;
mod described;
mod differences;
mod forms;
mod grants;
mod history;
mod lenses;
mod moments;
mod pages;
mod previews;
mod publications;
mod restored;
mod sight;
mod successors;
mod support;
mod tallies;
