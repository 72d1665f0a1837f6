//! The `paidan` command.

fn main() {}
