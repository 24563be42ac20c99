//! The binary as a process: what it prints, how it ends, and what a kill leaves behind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod claims;
mod doctor;
mod files;
mod first_start;
mod foreign_client;
mod kill;
mod ledger_name;
mod loading;
mod lost;
mod messages;
mod moving;
mod overload;
mod permissions;
mod points;
mod posting;
mod process;
mod showing;
mod stack;
mod structure_import;
mod subcommands;
mod tls;
mod unreadable;
