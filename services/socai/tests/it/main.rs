//! The binary as a process: what it prints, how it ends, and what a kill leaves behind.

mod foreign_client;
mod kill;
mod process;
mod subcommands;
