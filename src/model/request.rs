//! Request v1 (报价请求): what somebody asks to have fitted into the plan in force. Holds what
//! dispatch needs and no more: nothing of a client's books or taxes has a field here (R240).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ticket::Ticket;
use crate::calendar::{Label, Moment};

/// The `format` of a request.
pub const REQUEST_FORMAT: &str = "paidan-request/1";

/// What is asked. One order may cover several legal entities (R019): its tickets are served all
/// or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// `paidan-request/1`.
    pub format: String,
    /// The tickets, as a scenario states them; one with the id of a ticket in the plan changes
    /// that one. `after` may name tickets of the plan.
    #[schemars(length(min = 1, max = 50))]
    pub tickets: Vec<Ticket>,
    /// When it is wanted and when it is needed.
    #[serde(default)]
    pub wish: Wish,
    /// What red lines ask for, such as `period` = `closed_month`, and is so of all the tickets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub attributes: Vec<Attribute>,
    /// What of that is so of single tickets: what one of them states is not said of the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 2500))]
    pub stated: Vec<Stated>,
}

impl Request {
    /// What is said of the ticket called `key`: of all of them, and of it alone.
    pub fn said_of(&self, key: &str) -> impl Iterator<Item = &Attribute> {
        let own = self.stated.iter().filter(move |one| one.ticket == key);
        self.attributes.iter().chain(own.map(|one| &one.attribute))
    }
}

/// What is stated of one ticket of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// The ticket, one of the request.
    pub ticket: String,
    /// What, and how it is.
    pub attribute: Attribute,
}

/// What the client wants, apart from what the business needs (R007).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// When the client would like it to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<Moment>,
    /// When it has to be done, by evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<Moment>,
    /// The evidence: a notice, a contract clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Label>,
}

/// Something a red line may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// What.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// How it is.
    #[schemars(length(max = 200))]
    pub value: String,
}
