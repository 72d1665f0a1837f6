//! The `paidan` command: arguments in; tables, documents and exit codes out. Results go to the
//! standard output, everything else to the standard error. Knows terminals and exit codes; asks
//! `app` for everything, and never the store or the solver.

pub mod args;
mod audit;
mod bar;
mod bench;
mod bill;
mod changes;
mod day;
mod desk;
mod documents;
mod dossier;
mod explain;
mod forecast;
mod front;
mod generate;
mod given;
mod interrupt;
mod keeping;
mod key;
mod kinds;
mod language;
mod misuse;
mod offer;
mod period;
mod plan;
mod prove;
mod quote;
mod record;
mod screen;
mod serve;
mod shelf;
mod simulate;
mod tables;
mod telling;
mod ticker;
mod ticket;
mod trouble;
mod value;
mod verify;
mod whatif;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};

use crate::app::Failure;
use crate::model::lang::Lang;

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// Done.
    Done,
    /// A plan breaks rules, or a log is not what it was.
    Broken,
    /// Interrupted; the best plan is written.
    Interrupted,
    /// What is fixed cannot be kept by any plan; told.
    Refused,
    /// A fault of this program; told.
    Faulty,
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misuse::told(&error),
    };
    let lang = language::chosen(arguments.lang);
    match obey(arguments.command, lang) {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Broken) => ExitCode::from(1),
        Ok(Ending::Interrupted) => ExitCode::from(130),
        Ok(Ending::Refused) => ExitCode::from(3),
        Ok(Ending::Faulty) => ExitCode::from(5),
        Err(failure) => {
            screen::tell(&trouble::sentence(&failure, lang));
            trouble::exit_code(&failure)
        }
    }
}

fn obey(command: Command, lang: Lang) -> Result<Ending, Failure> {
    match command {
        Command::Plan(asked) => plan::run(&asked, lang),
        Command::Front(asked) => front::run(&asked, lang),
        Command::Prove(asked) => prove::run(&asked, lang),
        Command::Verify(asked) => verify::run(&asked, lang),
        Command::Quote(asked) => quote::run(&asked, lang),
        Command::Explain(asked) => explain::run(&asked, lang),
        Command::Diff(asked) => changes::diff(&asked, lang),
        Command::Move(asked) => changes::try_move(&asked, lang),
        Command::Simulate(asked) => simulate::run(&asked, lang),
        Command::Forecast(asked) => forecast::run(&asked, lang),
        Command::Import(asked) => tables::import(&asked, lang),
        Command::Export(asked) => tables::export(&asked, lang),
        Command::Bench(asked) => bench::run(&asked, lang),
        Command::Generate(asked) => generate::run(&asked, lang),
        Command::Serve(asked) => serve::run(&asked, lang),
        Command::Schema(asked) => documents::schema(&asked),
        Command::Upgrade(asked) => documents::upgrade(&asked, lang),
        Command::Backup(asked) => keeping::backup(&asked, lang),
        Command::Restore(asked) => keeping::restore(&asked, lang),
        Command::Audit(asked) => audit::run(&asked, lang),
        Command::Key(asked) => key::run(&asked, lang),
        Command::Ticket(asked) => ticket::run(&asked, lang),
        Command::Desk(asked) => desk::run(&asked, lang),
    }
}
