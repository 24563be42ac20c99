//! The node as a library: settings, wiring and subcommands. The binary's `main` only parses and reports.

pub mod cli;
mod copy;
pub mod demonstration;
mod doctor;
pub mod node;
mod provision;
mod rebuild;
mod replay;
mod run;
pub mod settings;
