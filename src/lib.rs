//! paidan (派单): who does what, when, and who waits.
//!
//! # The map
//!
//! An import goes only to a lower floor; `tests/it/house.rs` holds every file against it.
//!
//! | floor | room | is |
//! |---|---|---|
//! | 10 | `cli` | the `paidan` command: arguments, output, exit codes |
//! | 8 | `app` | use cases: documents in, answers out |
//! | 6 | `planning` | the one road from a question to a verified plan |
//! | 6 | `report` | boards, pages and day sheets for people |
//! | 6 | `generate` | seeded scenarios of this trade |
//! | 5 | `solver` | the search for good plans |
//! | 5 | `explain` | why this person, why then, why late, why not |
//! | 4 | `exchange` | JSON with positions, tables, calendars of other programs |
//! | 4 | `problem` | the question compiled into columns |
//! | 4 | `verify` | the independent check of rules and bill |
//! | 3 | `model` | the stated question and the promised answer |
//! | 2 | `calendar` | when an office is open, by definition and compiled |
//! | 1 | `id`, `time` | rows of tables; ticks, spans, money |

pub mod app;
pub mod calendar;
pub mod cli;
pub mod exchange;
pub mod id;
pub mod model;
pub mod problem;
pub mod solver;
pub mod time;
pub mod verify;
