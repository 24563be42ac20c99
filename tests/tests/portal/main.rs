//! What the portal answers over real HTTP: tallies, live changes, the history, pages and forms, on the 2022 demonstration.
#![allow(clippy::unwrap_used, reason = "tests")]

mod as_of;
mod away;
mod changes;
mod closings;
mod columns;
mod differences;
mod forms;
mod history;
mod lenses;
mod moments;
mod pages;
mod publications;
mod restored;
mod support;
mod tallies;
