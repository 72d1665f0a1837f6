//! The `paidan` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    paidan::cli::run()
}
