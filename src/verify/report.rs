//! What the verifier finds: violations with rule, place and amount, and the whole bill anew.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::calendar::Moment;
use crate::id::Id;
use crate::model::cost::{Bill, Loss, Weights};
use crate::model::rule::Rule;
use crate::model::work::{self, Work};
use crate::time::{Money, Tick};

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A hard rule.
    Rule(Rule),
    /// The plan itself: unknown names, doubled steps, missing ends, impossible moments.
    Form,
    /// A stated amount is not what it comes to.
    Bill,
}

impl Code {
    /// As documents write it: `H3`, `form`, `bill`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Code::Rule(rule) => rule.code(),
            Code::Form => "form",
            Code::Bill => "bill",
        }
    }

    /// Its name in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Code::Rule(rule) => rule.name(),
            Code::Form => ("计划写法", "form"),
            Code::Bill => ("账目", "bill"),
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A text, as [`Code::code`] spells it.
impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "BrokenRule".into()
    }

    fn json_schema(schemas: &mut SchemaGenerator) -> Schema {
        String::json_schema(schemas)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

/// One broken rule at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Violation {
    /// What is broken.
    pub rule: Code,
    /// The ticket's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The step, as `ticket/step`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The person's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// When, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// By how much: minutes, levels, days, people or steps as the sentence says; fen for a bill.
    pub amount: i64,
    /// The sentence in Chinese.
    pub zh: String,
    /// The sentence in English.
    pub en: String,
}

impl Violation {
    pub(super) fn new(rule: Code, zh: impl Into<String>, en: impl Into<String>) -> Violation {
        let (zh, en) = (zh.into(), en.into());
        Violation { rule, ticket: None, step: None, person: None, at: None, amount: 0, zh, en }
    }

    pub(super) fn by(mut self, amount: i64) -> Violation {
        self.amount = amount;
        self
    }

    pub(super) fn ticket(mut self, work: &Work, ticket: Id<work::Ticket>) -> Violation {
        self.ticket = Some(work.tickets[ticket].key.clone());
        self
    }

    pub(super) fn step(mut self, work: &Work, step: Id<work::Step>) -> Violation {
        self.step = Some(work.steps[step].key.clone());
        self.ticket(work, work.steps[step].ticket)
    }

    pub(super) fn person(mut self, work: &Work, person: Id<work::Person>) -> Violation {
        self.person = Some(work.people[person].key.clone());
        self
    }

    pub(super) fn at(mut self, work: &Work, tick: Tick) -> Violation {
        self.at = Some(work.zone.show(tick));
        self
    }
}

/// What one ticket comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TicketBill {
    /// The ticket's key.
    pub ticket: String,
    /// Whether the plan serves it.
    pub served: bool,
    /// Its finish; `None` when unserved or nothing of it can be read.
    #[serde(skip)]
    pub finish: Option<Tick>,
    /// Its finish as people read it.
    #[serde(rename = "finish", skip_serializing_if = "Option::is_none")]
    pub finish_at: Option<Moment>,
    /// What finishing late costs or, unserved, what leaving it out costs.
    pub loss: Loss,
    /// Elapsed minutes from the due time to the finish; 0 in time, unserved or without due time.
    pub late_minutes: i64,
}

/// What one person does from `as_of` on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PersonBill {
    /// The person's key.
    pub person: String,
    /// Regular minutes worked, in any seat.
    pub regular_minutes: i64,
    /// Regular minutes there are (by presence) from `as_of` to the horizon.
    pub regular_available: i64,
    /// Overtime and on-call minutes worked.
    pub overtime_minutes: i64,
    /// What those cost.
    pub overtime_fen: Money,
    /// What his overload costs.
    pub imbalance_fen: Money,
}

/// What is broken, and what the plan costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Everything broken, rule by rule.
    pub violations: Vec<Violation>,
    /// The bill recomputed from scenario and plan.
    pub bill: Bill,
    /// The bill the plan states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated: Option<Bill>,
    /// The weights the plan records, by which it is priced instead of those of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
    /// What the plan comes to by the weights of the policy, where it records others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_policy_fen: Option<Money>,
    /// Every ticket, in the scenario's order.
    pub tickets: Vec<TicketBill>,
    /// Every person, in the scenario's order.
    pub people: Vec<PersonBill>,
    /// Steps, as `ticket/step`, that touch a date whose holiday notice is not published (R246).
    pub provisional: Vec<String>,
}

impl Report {
    /// Whether nothing is broken.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }
}
