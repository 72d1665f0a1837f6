//! Quote v1 (报价): the ways to fit a request into the plan in force, each verified.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::PlannedStep;
use super::request::Request;
use super::ticket::Track;
use crate::calendar::{Label, Moment, Zone};
use crate::time::Money;

/// The `format` of a quote.
pub const QUOTE_FORMAT: &str = "paidan-quote/1";

/// A quote (报价).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// `paidan-quote/1`.
    pub format: String,
    /// The zone its times are shown in.
    pub zone: Zone,
    /// When it was made.
    pub at: Moment,
    /// Nothing is accepted from it at or after this.
    pub expires: Moment,
    /// The digest of the plan in force that it was made against.
    pub plan_digest: String,
    /// What was asked.
    pub request: Request,
    /// Why the request as it stands is refused; the options are then those of the lawful
    /// alternative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What the claim of urgency comes to, where one is made and a need is evidenced (R004).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// The earliest finish that its own order of steps allows, whoever works on it (R010).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Floor>,
    /// The options (方案), cheapest for the firm first; of equal ones those that move nobody, then
    /// the cheaper for the client.
    pub options: Vec<QuotedOption>,
    /// Which of them is recommended, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended: Option<Recommended>,
}

/// A red line (红线) that the request crosses: no price moves it (R013).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The code of the red line.
    pub code: String,
    /// Why it must be refused.
    pub reason: Label,
    /// What has come of crossing it elsewhere (R016).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consequence: Option<Label>,
    /// The lawful alternative that is quoted: its service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<String>,
    /// What the alternative is, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Label>,
}

/// Whether a claim of urgency is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Urgency {
    /// When the evidence says it is needed.
    pub needed: Moment,
    /// When the normal track finishes it with nothing moved.
    pub normal_finish: Moment,
    /// Minutes between the two; below 0 the urgency is true.
    #[schemars(range(min = -10_000_000, max = 10_000_000))]
    pub slack_minutes: i64,
    /// There is slack: the normal track does.
    pub is_false: bool,
}

/// The earliest finish by the chain of steps alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// No quote is earlier.
    pub finish: Moment,
    /// The wish is earlier than this: no money makes it possible.
    pub is_beyond_wish: bool,
    /// The services that must come first, with the rules that say so (R009, R011).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<ChainLink>,
    /// Working days from the day it is asked, where the chain's own waits name a calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
}

/// A service that must be completed first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainLink {
    /// The service.
    pub service: String,
    /// What it must come before.
    pub before: String,
    /// Guide and clause that force the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<Label>,
}

/// The kinds of options.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OptionKind {
    /// On the normal track, nothing moves.
    NormalTrack,
    /// As asked, nothing moves and nobody works extra.
    AsItStands,
    /// As asked, with overtime or on-call hours.
    Overtime,
    /// As asked, with others moved where that costs least in all.
    Rearranged,
    /// As asked, with others moved as far as the wish takes.
    Displacing,
}

impl OptionKind {
    /// As documents write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            OptionKind::NormalTrack => "normal_track",
            OptionKind::AsItStands => "as_it_stands",
            OptionKind::Overtime => "overtime",
            OptionKind::Rearranged => "rearranged",
            OptionKind::Displacing => "displacing",
        }
    }
}

/// One way to fit the request in (方案), verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotedOption {
    /// What kind it is; a quote has one of each at most.
    pub kind: OptionKind,
    /// The track its tickets follow.
    pub track: Track,
    /// When all of it is finished.
    pub finish: Moment,
    /// Who works on it, in order of their first step.
    pub team: Vec<String>,
    /// What it costs the firm.
    pub firm: FirmPrice,
    /// What it costs the client.
    pub price: ClientPrice,
    /// Whom it moves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub displaced: Vec<Displaced>,
    /// Its own steps with their dates (R006).
    pub steps: Vec<PlannedStep>,
    /// Where the steps of others stand that it moves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<PlannedStep>,
    /// The steps that its finish hangs on, first to last.
    pub path: Vec<PathStep>,
    /// Names the plan it would make: SHA-256 over the digest of the plan in force and every row
    /// that would be new or different.
    pub digest: String,
    /// Names what it changes of the plan it was quoted against: SHA-256 over the rows that it moves
    /// and those of its own tickets, as they stand there; none where there are no such rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<String>,
    /// Why it is as it is, for staff.
    pub reason: Label,
    /// What a client may be told: no other clients, no staff, no prices of others.
    pub client: Label,
}

/// What an option costs the firm more than the plan in force, in fen; the sum of its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirmPrice {
    /// All of it.
    #[schemars(range(min = -100_000_000_000_i64, max = 100_000_000_000_i64))]
    pub total_fen: i64,
    /// Its own lateness.
    #[schemars(range(min = -100_000_000_000_i64, max = 100_000_000_000_i64))]
    pub lateness_fen: i64,
    /// Later or earlier finishes of others, and the price of changing what was planned.
    #[schemars(range(min = -100_000_000_000_i64, max = 100_000_000_000_i64))]
    pub displacement_fen: i64,
    /// Hours outside the regular ones.
    #[schemars(range(min = -100_000_000_000_i64, max = 100_000_000_000_i64))]
    pub overtime_fen: i64,
    /// Uneven load and preferences.
    #[schemars(range(min = -100_000_000_000_i64, max = 100_000_000_000_i64))]
    pub other_fen: i64,
}

/// What an option costs the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientPrice {
    /// What is paid.
    pub total_fen: Money,
    /// By the rate card (价目).
    pub normal_fen: Money,
    /// The surcharge (加急费), floor and ceiling kept.
    pub surcharge_fen: Money,
    /// How many urgent services bought ahead it takes, whose surcharge is paid already (R099).
    #[serde(default, skip_serializing_if = "is_nought")]
    pub included_count: u32,
    /// What makes the price up, each with what it rests on (R078).
    pub lines: Vec<PriceLine>,
}

fn is_nought(count: &u32) -> bool {
    *count == 0
}

/// One line of a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceLine {
    /// What for.
    pub what: Label,
    /// How much; below 0 where a ceiling takes off.
    #[schemars(range(min = -100_000_000_000_i64, max = 100_000_000_000_i64))]
    pub amount_fen: i64,
    /// What it rests on: overtime rows, displaced work, tools used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Label>,
}

/// A ticket of the plan in force that an option moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Displaced {
    /// The ticket.
    pub ticket: String,
    /// Its finish in the plan in force.
    pub old_finish: Moment,
    /// Its finish in this option.
    pub new_finish: Moment,
    /// The finish promised to its client, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Moment>,
    /// What its lateness costs in the plan in force.
    pub old_cost_fen: Money,
    /// What it costs in this option.
    pub new_cost_fen: Money,
}

/// A step that the finish hangs on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PathStep {
    /// The step, as `ticket/step`.
    pub step: String,
    /// When it starts.
    pub start: Moment,
    /// When it ends.
    pub end: Moment,
    /// Who does it outside the firm: a partner, an authority (R031).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Label>,
}

/// The recommended option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recommended {
    /// Which.
    pub kind: OptionKind,
    /// Why.
    pub reason: Label,
}
