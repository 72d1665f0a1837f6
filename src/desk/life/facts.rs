//! What is said in events: the parts of [`super::Happening`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Label;
pub use crate::policy::desk::{Cause, Degree, Loss, Node, Source};

/// What was found out before anything else was done (R001, R002), the three questions (R003)
/// among it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Why is it urgent?
    pub cause: Cause,
    /// What is lost?
    pub losses: Vec<Loss>,
    /// How much does that weigh?
    pub degree: Degree,
    /// When the client would like it (R007).
    pub wished_ms: Option<i64>,
    /// By when it is needed, as far as there is evidence (R007).
    pub needed_ms: Option<i64>,
    /// Whether there is a written notice of that date.
    pub has_notice: bool,
    /// Where the material is stuck.
    pub stuck_at: String,
    /// How far it gets if the material is complete today.
    pub reach_today: String,
}

/// What a client who was called confirmed (R125); as far as he did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// Why it is urgent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// How much that weighs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degree: Option<Degree>,
}

impl Confirmed {
    /// Whether he said both.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.cause.is_some() && self.degree.is_some()
    }
}

/// What was found in one of the four directions of feasibility (R020).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// How it is.
    pub answer: Feasible,
    /// What that rests on.
    pub evidence: String,
}

/// How something is; the worst is the last.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Feasible {
    /// It can be done.
    Yes,
    /// It can if something is done first.
    If,
    /// It cannot.
    No,
}

/// What was found of one piece of material (R029, R030).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Material {
    /// It is complete and valid.
    Complete,
    /// It is there and does not count, an expired one for example.
    Invalid,
    /// Something is missing.
    Supplement,
    /// It is missing, and the authority begins without it (R091).
    Tolerated,
}

/// What was read of a scan, before anybody looked at it (R058).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Its pages.
    pub pages: u32,
    /// Whether it is signed.
    pub is_signed: bool,
    /// When it expires, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<i64>,
}

/// Who works on a ticket (R042, R043).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crew {
    /// Pushes it forward with the authorities.
    pub driver: String,
    /// Talks with the client.
    pub liaison: String,
    /// Looks over what goes out.
    pub reviewer: String,
}

/// How the client rates it, 1 to 5 each (R088).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Whether it was in time.
    pub timeliness: u8,
    /// How it was talked about.
    pub communication: u8,
    /// What came of it.
    pub result: u8,
}

/// Why a result came back (R072, R083).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rework {
    /// A wrong form or format.
    Format,
    /// Wrong figures.
    Figures,
    /// The wrong kind of matter was filed.
    Kind,
    /// Material is wrong or missing.
    Material,
    /// A rule has changed.
    Regulation,
}

/// An error found after the client signed: a result that got away (R083, R097).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Defect {
    /// Of what kind it is.
    pub code: Rework,
    /// What is wrong, and why it was not seen.
    pub reason: String,
    /// Who found it.
    pub found_by: Finder,
    /// The ticket by which, or the person by whom it is put right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<String>,
    /// Why nobody has to; one of the two is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_none: Option<String>,
}

/// That an error found after the client signed was put right.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mended {
    /// How.
    pub how: String,
    /// Which of them, from 1 on; the first that is open where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
}

/// What was said or done for a client.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// What, in words.
    pub what: String,
}

/// Who finds an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finder {
    /// The client.
    Client,
    /// The firm itself.
    Firm,
    /// An authority.
    Authority,
}

impl Finder {
    /// What people call him.
    #[must_use]
    pub fn label(self) -> Label {
        match self {
            Finder::Client => Label::new("客户", "the client"),
            Finder::Firm => Label::new("本公司", "the firm"),
            Finder::Authority => Label::new("主管部门", "an authority"),
        }
    }
}

/// That the client is billed (R193).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Billing {
    /// The amount, in fen.
    pub amount_fen: i64,
    /// The amount of the bill in force whose place it takes, in fen; none where none is unpaid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces_fen: Option<i64>,
}

impl Billing {
    /// A first bill.
    #[must_use]
    pub fn of(amount_fen: i64) -> Billing {
        Billing { amount_fen, replaces_fen: None }
    }
}

/// What calling off a half-done ticket comes to.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// Steps that are not, or not wholly, done.
    pub undone: Vec<String>,
    /// What the client owes for what was done, in fen.
    pub billed_fen: i64,
    /// What he paid in advance beyond that and gets back, in fen.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub refund_fen: i64,
    /// Who gets how many minutes back.
    pub freed: BTreeMap<String, i64>,
}

fn is_nothing(fen: &i64) -> bool {
    *fen == 0
}
