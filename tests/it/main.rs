//! Everything that is tested from outside: the house itself, whole rooms together, the real binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its case should fail there")]

mod begun;
mod bench;
mod binding;
mod brute;
mod calendar;
mod calendar_agreement;
mod check;
mod cli;
mod determinism;
mod explain;
mod explain_case;
mod explain_chain;
mod explain_change;
mod explain_price;
mod fallback;
mod first_plans;
mod front;
mod generate;
mod house;
mod ics;
mod json;
mod json_syntax;
mod kinds;
mod lean;
mod limits;
mod peers;
mod prerequisites;
mod prices;
mod proof;
mod properties;
mod question;
mod report;
mod report_case;
mod report_proof;
mod requirements;
mod requirements_people;
mod requirements_plan;
mod rules;
mod scenarios;
mod shipped;
mod tables;
mod tables_facts;
mod tiny;
mod verifier;
