//! What clients ask for: services, tickets, steps, curves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::people::{is_false, is_zero};
use crate::calendar::{Label, Moment};
use crate::time::Money;

/// A kind of work the firm sells (服务), with its step templates (R023).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// The steps of the normal track.
    pub normal: Vec<Step>,
    /// The steps of the urgent track; not stated: the normal ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<Vec<Step>>,
    /// Services that must be completed first for the same client (R009).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<Prerequisite>,
}

/// A service that must come first, with the rule that says so (R011).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prerequisite {
    /// The service to complete first.
    pub service: String,
    /// The guide and clause that force the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<Label>,
}

/// Which template a ticket follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// Ordinary service (常规).
    #[default]
    Normal,
    /// Urgent service (加急).
    Urgent,
}

/// What a client asks for (工单): planned whole or not at all (H9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// Its key.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Label>,
    /// Who asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The legal entity it is for, where one order covers several (R019).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The service asked for; its template gives the steps unless the ticket states its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Normal or urgent.
    #[serde(default)]
    pub track: Track,
    /// The bureau meant by steps that say `@ticket`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bureau: Option<String>,
    /// When materials are complete (H6); not stated: `as_of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Moment>,
    /// The promised finish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Moment>,
    /// What finishing late costs; the client-value curve of the policy comes on top where the
    /// ticket has a client and a due time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<Curve>,
    /// What leaving it out costs; not stated: the curves one day after the horizon and the
    /// client's value at full churn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unserved: Option<UnservedPrice>,
    /// Tickets that must be finished before any step of this one starts (H10).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// Tickets with the same batch are served all or none (H9, R019).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// People who must not be given this ticket, such as after a rejection (R191).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// Own steps in place of the service's template.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Changes to single steps of the template.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjust: Vec<Adjust>,
}

impl Ticket {
    /// A ticket of which nothing is stated but its key.
    #[must_use]
    pub fn bare(id: impl Into<String>) -> Ticket {
        Ticket {
            id: id.into(),
            title: None,
            client: None,
            entity: None,
            service: None,
            track: Track::Normal,
            bureau: None,
            release: None,
            due: None,
            curves: Vec::new(),
            unserved: None,
            after: Vec::new(),
            batch: None,
            excluded: Vec::new(),
            steps: Vec::new(),
            adjust: Vec::new(),
        }
    }
}

/// What is different in one step of a template for this ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    /// The step's id in the template.
    pub step: String,
    /// Effort in minutes in place of the template's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub minutes: Option<u32>,
    /// Allowed start windows in place of the template's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<Window>>,
    /// Hard latest end in place of the template's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_end: Option<Moment>,
    /// Site in place of the template's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Its first minute.
    pub from: Moment,
    /// The first minute after it.
    pub to: Moment,
}

/// The two kinds of loss (R034).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CurveKind {
    /// Fines, contract damages, the client's own loss (紧急程度).
    Urgency,
    /// What the firm risks with this client (客户价值).
    ClientValue,
}

/// What a late finish costs (逾期损失). With m minutes from `after` to the finish (open minutes of
/// `calendar` if stated) the amount is 0 when m = 0, else `fixed + ceil(per_hour × m / 60)`, or
/// `fixed + per_day × days begun` (open dates begun with a calendar); then at most `cap`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Urgency or client value.
    pub kind: CurveKind,
    /// The point it starts from; not stated: the ticket's due time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Moment>,
    /// The calendar in whose open minutes or dates lateness is counted; not stated: elapsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Due at once when late, in fen.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fixed_fen: Money,
    /// Fen per hour late; not together with `per_day_fen`.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub per_hour_fen: Money,
    /// Fen per day begun; not together with `per_hour_fen`.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0, max = 10_000_000_000_i64))]
    pub per_day_fen: Money,
    /// Most it can come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_fen: Option<Money>,
    /// Where it comes from: the contract clause, the fine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Label>,
}

/// What leaving a ticket out costs, by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnservedPrice {
    /// Urgency part, in fen.
    #[serde(default)]
    pub urgency_fen: Money,
    /// Client-value part, in fen.
    #[serde(default)]
    pub client_value_fen: Money,
}

/// One piece of work (步骤), or a wait when it has no seats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its key within the ticket.
    #[schemars(length(min = 1, max = 100))]
    pub id: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Who is needed; the first seat leads. None: the step is a wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 8))]
    pub seats: Vec<Seat>,
    /// Effort: minutes at pace 100 %. Needed unless the step is a wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub minutes: Option<u32>,
    /// Minutes for certain lead people, in place of effort, tools and pace.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stated: Vec<StatedMinutes>,
    /// Tools that change the effort; of the available ones the best counts (R024).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<ToolEffect>,
    /// How long a wait takes (authority review, partner work); only without seats (R031).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Lag>,
    /// Who does it outside the firm, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Label>,
    /// What must come before, within the ticket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Link>,
    /// The bureau it begins at, or `@ticket` for the ticket's (H7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bureau: Option<String>,
    /// What the bureau's hours bind.
    #[serde(default)]
    pub bureau_rule: BureauRule,
    /// Allowed start windows (appointments, client availability); none: any time (H8).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<Window>,
    /// Hard latest end (H8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_end: Option<Moment>,
    /// Steps of the ticket whose people must all be others (four eyes, H11).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differs_from: Vec<String>,
    /// Steps of the ticket led by the same person (one driver, H11).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
    /// Shared things held from start to end (H16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub things: Vec<String>,
    /// Where it is done: a site, `@client` or `@bureau`; not stated: nowhere in particular (H14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Can be done by somebody who is away (R025).
    #[serde(default, skip_serializing_if = "is_false")]
    pub remote: bool,
    /// Takes a trip by the client; trips of one client to one site on one date count once (R056).
    #[serde(default, skip_serializing_if = "is_false")]
    pub client_trip: bool,
}

/// One person's place in a step (席位).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// The skill needed.
    pub skill: String,
    /// Least level, 1 to 5.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 5))]
    pub level: u8,
    /// The part played, for people to read (R043).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// The parts played on a ticket (R043, R044).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Talks with the client about materials (客户对接).
    Liaison,
    /// Drives the matter at the authorities (流程推进).
    Driver,
    /// Guards compliance (风险审核).
    Reviewer,
    /// Learns beside a mentor (见习).
    Trainee,
}

/// Minutes a certain lead person takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedMinutes {
    /// The lead person.
    pub person: String,
    /// Worked minutes.
    #[schemars(range(min = 1, max = 100_000))]
    pub minutes: u32,
}

/// What a tool does to a step's effort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolEffect {
    /// The tool.
    pub tool: String,
    /// Effort with it, in percent of effort without.
    #[schemars(range(min = 1, max = 1_000))]
    pub percent: u32,
}

/// A length of time between two events: exactly one of the three fields. `working_days: n` ends at
/// the opening of the calendar on the n-th open date after the date of the event (n = 0: at once).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lag {
    /// Elapsed minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 500_000))]
    pub minutes: Option<u32>,
    /// Open dates of `calendar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 250))]
    pub working_days: Option<u32>,
    /// Open minutes of `calendar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100_000))]
    pub working_minutes: Option<u32>,
    /// A calendar or a bureau; `@ticket` for the ticket's bureau.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
}

/// What must come before a step (H5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The earlier step, by its id within the ticket.
    pub step: String,
    /// From its end, or from its start.
    #[serde(default)]
    pub kind: LinkKind,
    /// Least time between; not stated: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag: Option<Lag>,
}

/// Which event of the earlier step counts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Its end.
    #[default]
    FinishStart,
    /// Its start: the two may overlap (R053).
    StartStart,
}

/// What a bureau's hours bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BureauRule {
    /// The start lies in its hours.
    #[default]
    Begins,
    /// Every worked minute lies in its hours; its closing is a pause.
    Wholly,
}

fn one() -> u8 {
    1
}
