//! The real binary: exit codes, what goes to which stream, what happens to files.

mod bench;
mod benching;
mod checking;
mod day;
mod documents;
mod faults;
mod forecast;
mod front;
mod keeping;
mod key;
mod life;
mod planning;
mod proving;
mod quoting;
mod reasons;
mod simulate;
mod tables;
mod ticket;
mod whatif;
mod zones;
