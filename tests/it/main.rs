//! Everything that is tested from outside: the house itself, whole rooms together, the real binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod house;
