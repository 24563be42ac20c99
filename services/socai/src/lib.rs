//! The node as a library: settings, wiring and subcommands. The binary's `main` only parses and reports.

/// A line on standard output, also when its reader has seen enough, as `head` has: what is under way goes on, and is printed to nobody.
macro_rules! println {
    ($($text:tt)*) => { $crate::cli::print(&mut ::std::io::stdout(), format_args!($($text)*)) };
}

/// The same on standard error.
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::cli::print(&mut ::std::io::stderr(), format_args!($($text)*)) };
}

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
