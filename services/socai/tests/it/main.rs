//! The binary as a process: what it prints, how it ends, and what a kill leaves behind.

mod kill;
mod process;
mod subcommands;
