//! The counting rules of DESIGN §7, each with its integers, and properties of random ledgers.

mod closings;
mod columns;
mod compared;
mod demonstration;
mod explained;
mod flows;
mod members;
mod plans;
mod properties;
mod receptions;
mod restated;
mod restated_tallies;
mod review_2022;
mod segments;
mod structures;
mod targets;
mod trails;
mod versions;
mod world;
