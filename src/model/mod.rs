//! The stated question ([`scenario`]) and the promised answer ([`plan`]), as documents and as
//! resolved rows ([`work`]).
//!
//! Knows names, wall-clock time and money; knows no file, no clock, no solver. Everything here is
//! shared by the solver and the verifier, so it states *what* is asked and computes no price and
//! no working time.

pub mod issue;
pub mod lang;
pub mod near;

pub mod change;
pub mod contrast;
pub mod cost;
pub mod forecast;
pub mod front;
pub mod outcome;
pub mod people;
pub mod plan;
pub mod progress;
pub mod proof;
pub mod quote;
pub mod request;
pub mod rule;
pub mod scenario;
pub mod simulation;
pub mod ticket;
pub mod training;
pub mod worth;
pub mod written;

pub mod work;

pub mod check;
