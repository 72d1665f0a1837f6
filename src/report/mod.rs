//! Plans for people to read: on a terminal, as one page with a Gantt chart, as day sheets.
//!
//! A [`board::Board`] is everything a reader needs as plain rows; [`board::build`] makes it from a
//! resolved scenario and a plan, and the three renderers make text of it. Amounts of money come in
//! from outside: this room prices nothing and judges nothing. It must not know the solver, the
//! compiled problem, the verifier or any file.
//!
//! | word | 中文 | is |
//! |---|---|---|
//! | board | 看板 | a plan as rows for reading |
//! | at risk | 预警 | a ticket that costs money if it slips by two hours |
//! | key moment | 关键时刻 | a time of the day at which somebody must be ready |
//! | day sheet | 日程单 | one person's day on paper |

pub mod bench;
pub mod board;
pub mod front;

pub mod html;
pub mod proof;
pub mod sheet;
pub mod simulation;
pub mod text;

mod markup;
mod say;
mod wall;
