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
mod heard;
mod history;
mod lenses;
mod moments;
mod pages;
mod previews;
mod programmes;
mod publications;
mod restored;
mod same_names;
mod sealed;
mod session_ended;
mod sight;
mod successors;
mod support;
mod tallies;
