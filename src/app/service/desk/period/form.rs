//! What is told of a period at the desk: the rows of its report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::service::desk::DayReport;
use crate::calendar::{Label, Moment};
use crate::desk::life::{Cause, Node, Phase};
use crate::desk::staffing::Counts;
use crate::policy::desk::Post;
use crate::time::Money;

/// A day, and the period that ends with it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DeskReport {
    /// The day.
    pub day: DayReport,
    /// The period.
    pub period: Period,
}

/// What is told of a period: figures of the tickets something happened to in it, and lists of what
/// is open at its end.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    /// Its first date.
    pub from: String,
    /// Its last date.
    pub to: String,
    /// Open tickets by what they are expected to cost (R079).
    pub risks: Vec<RiskRow>,
    /// The table of progress for superiors (R180).
    pub table: Vec<TableRow>,
    /// When that goes out next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table_due: Option<Moment>,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table_to: Option<Post>,
    /// What clients have not been told, and how many messages they may still get (R073, R074).
    pub messages: Vec<MessageRow>,
    /// Clocks that ran out and still run: look-backs, payments and others (R090, R193).
    pub overdue: Vec<OverdueRow>,
    /// Tickets signed and neither surveyed nor looked back on (R088).
    pub unsurveyed: Vec<String>,
    /// Services owed in the month to come (R111, R112).
    pub owed: Vec<OwedRow>,
    /// Who leads where several drive tickets of one client (R190).
    pub leads: Vec<LeadRow>,
    /// Tickets with the same trouble that are not linked yet (R135).
    pub same_trouble: Vec<TroubleRow>,
    /// Clients whose data are to be gone through (R241).
    pub stale: Vec<StaleRow>,
    /// What clients suggested and nothing has become of (R089).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<SuggestionRow>,
    /// What was found wrong and nothing has become of (R194, R195).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingRow>,
    /// What became of suggestions and findings in the period (R089).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub improvements: Vec<ImprovementRow>,
    /// Files that need not be kept any more and still are, the oldest first (R077).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<OverRow>,
    /// What was counted, by service.
    pub services: Vec<CountRow>,
    /// What was counted, by client.
    pub clients: Vec<CountRow>,
    /// Rejections, by person and service (R199).
    pub rejections: Vec<RejectionRow>,
    /// Why it was urgent, by client, beside as many days before (R008).
    pub causes: Vec<CauseRow>,
    /// How much of what was called urgent was not; none before anything was looked at (R004).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<UrgencyRow>,
    /// Promises against what came of them, by service (R012).
    pub promises: Vec<PromiseRow>,
    /// Minutes learned beside the catalogue's (R062).
    pub minutes: Vec<MinutesRow>,
    /// How right and how quick rules are that look at material (R058).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precheck: Option<PrecheckRow>,
    /// What of agreements was kept (R120).
    pub kept: Vec<KeptRow>,
    /// How much of the industry's time urgent services took (R096).
    pub quick: Vec<QuickRow>,
    /// How many of the clients of urgent services have bought them ahead (R099).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<AheadRow>,
}

/// A ticket that may cost something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RiskRow {
    /// Which.
    pub ticket: String,
    /// When it is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Moment>,
    /// When it will be done, at the latest.
    pub latest: Moment,
    /// What that costs on average.
    pub expected_fen: Money,
    /// What does not wait.
    pub exceptions: Vec<Label>,
    /// Who has to act: who drives it, else who talks with the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The post that has to, where nobody has the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
}

/// A line of the table of progress.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema, Deserialize)]
pub struct TableRow {
    /// The ticket.
    pub ticket: String,
    /// The phase it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// What people call its stage.
    pub stage: Label,
    /// Who drives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// When it is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Moment>,
    /// When it is expected, at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Moment>,
    /// What does not wait.
    pub exceptions: Vec<Label>,
}

/// What a client is still to be told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MessageRow {
    /// The ticket.
    pub ticket: String,
    /// What, and of which kind.
    pub untold: Vec<(Node, Label)>,
    /// Messages he may still get that day; no limit where none is laid down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}

/// A clock that ran out and still runs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OverdueRow {
    /// The ticket.
    pub ticket: String,
    /// The clock.
    pub timer: String,
    /// What people call it.
    pub name: Label,
    /// Since when.
    pub since: Moment,
}

/// A service owed to a client.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OwedRow {
    /// The key of its ticket.
    pub ticket: String,
    /// The client.
    pub client: String,
    /// The service.
    pub service: String,
    /// When it can be begun.
    pub release: Moment,
    /// By when it is owed.
    pub due: Moment,
    /// Whether that ticket is there.
    pub is_there: bool,
}

/// Who leads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LeadRow {
    /// The client.
    pub client: String,
    /// Who leads.
    pub lead: String,
    /// Everybody who drives a ticket of his.
    pub drivers: Vec<String>,
}

/// Tickets with the same trouble.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TroubleRow {
    /// The first.
    pub first: String,
    /// The others, to be linked to it.
    pub others: Vec<String>,
}

/// A client whose data are to be gone through.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StaleRow {
    /// The client.
    pub client: String,
    /// Days since they were last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// What is missing.
    pub missing: Vec<String>,
}

/// What a client suggested.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SuggestionRow {
    /// The ticket.
    pub ticket: String,
    /// When he said it.
    pub since: Moment,
    /// What.
    pub what: String,
    /// Who drives that ticket, and so sees to it until somebody else does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// What was found wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FindingRow {
    /// The ticket.
    pub ticket: String,
    /// When it was found.
    pub since: Moment,
    /// What.
    pub what: String,
    /// What to do about it.
    pub advice: String,
    /// Whether only marketing may speak of it (R194).
    pub is_sensitive: bool,
    /// Who drives that ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// What became of a suggestion or a finding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ImprovementRow {
    /// The ticket.
    pub ticket: String,
    /// When.
    pub at: Moment,
    /// What was suggested or found.
    pub what: String,
    /// Who sees to it.
    pub owner: String,
    /// What changed.
    pub effect: String,
}

/// A file that need not be kept any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OverRow {
    /// The ticket.
    pub ticket: String,
    /// Its client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Since when.
    pub since: Moment,
}

/// What was counted of assignments and results (R066, R083, R097, R199).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CountRow {
    /// The service or the client.
    pub key: String,
    /// Tickets that were dispatched.
    pub dispatched: u32,
    /// Of them, those the first one took.
    pub first_taken: u32,
    /// Rejections.
    pub rejections: u32,
    /// Changes of owner a client asked for.
    pub owner_changes: u32,
    /// Results caught in review.
    pub caught: u32,
    /// Results that came back from the client, and errors found after he signed.
    pub escaped: u32,
    /// Results delivered.
    pub delivered: u32,
    /// How often clients asked how it stands.
    pub chases: u32,
    /// Thousandths of results that did not come back and in which nothing was found later: the
    /// zero-error rate of the results delivered in the period, less what was found in it; none
    /// where none was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_permille: Option<u32>,
}

impl CountRow {
    pub(super) fn of(key: String, counts: Counts) -> CountRow {
        let Counts { delivered, escaped, .. } = counts;
        let right = u64::from(delivered.saturating_sub(escaped)) * 1000;
        let right = right.checked_div(u64::from(delivered));
        CountRow {
            key,
            dispatched: counts.dispatched,
            first_taken: counts.first_taken,
            rejections: counts.rejections,
            owner_changes: counts.owner_changes,
            caught: counts.caught,
            escaped,
            delivered,
            chases: counts.chases,
            right_permille: right.and_then(|right| u32::try_from(right).ok()),
        }
    }
}

/// Rejections of a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RejectionRow {
    /// Who.
    pub person: String,
    /// The service.
    pub service: String,
    /// How many.
    pub count: u32,
}

/// Why it was urgent, for one client.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CauseRow {
    /// The client; none where no ticket names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The cause.
    pub cause: Cause,
    /// How often in the period.
    pub count: u32,
    /// How often in as many days before it.
    pub before: u32,
}

/// Promises of one service against what came of them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct PromiseRow {
    /// The service.
    pub service: String,
    /// Delivered in the period by the date owed. Where the firm alone moved it, that is the date of
    /// before, and as much later as the client was late; one he took by a quote is his.
    pub kept: u32,
    /// Delivered later, or still open behind that date.
    pub broken: u32,
    /// Those of them whose date the firm moved alone.
    #[serde(default)]
    pub moved: u32,
    /// Those of the broken ones that were delivered by the date as the firm moved it.
    #[serde(default)]
    pub kept_as_moved: u32,
    /// Minutes delivered before the date owed, on average; after it, if below nought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_minutes: Option<i64>,
    /// Thousandths promised too early; none before one is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_promised_permille: Option<u32>,
}

/// Minutes of a step, learned and stated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MinutesRow {
    /// The service.
    pub service: String,
    /// The step.
    pub step: String,
    /// The level of whoever led it.
    pub level: u8,
    /// How often it was measured.
    pub count: usize,
    /// A quarter of them took no longer.
    pub lower: i64,
    /// Half of them took no longer.
    pub median: i64,
    /// Three quarters of them took no longer.
    pub upper: i64,
    /// The base's own effort, on the normal track.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<u32>,
    /// Whether that is enough to plan with.
    pub is_enough: bool,
}

/// How much of what was called urgent was not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UrgencyRow {
    /// Tickets whose urgency was looked at in the period.
    pub assessed: u32,
    /// Those that the normal track is quick enough for.
    pub redirected: u32,
    /// Thousandths of them.
    pub false_permille: u32,
}

/// How right rules are that look at material.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PrecheckRow {
    /// Items on which they and people agree.
    pub right: u32,
    /// Items they passed and people did not.
    pub passed: u32,
    /// Items they stopped and people passed.
    pub stopped: u32,
    /// Thousandths on which they were right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_permille: Option<u32>,
    /// How many times as long people took, in thousandths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faster_permille: Option<i64>,
}

/// How a promise of an agreement was kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KeptRow {
    /// The client.
    pub client: String,
    /// The clock.
    pub timer: String,
    /// What people call it.
    pub name: Label,
    /// Times it was stopped before it ran out.
    pub kept: u32,
    /// Times it ran out.
    pub broken: u32,
    /// Times it still runs.
    pub open: u32,
    /// Thousandths kept of those that are decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_permille: Option<u32>,
    /// What the firm owes by the agreement, where it broke one (R108).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach: Option<Label>,
}

/// Who buys urgent services ahead, of those who had one in the period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AheadRow {
    /// Clients who had one.
    pub clients: u32,
    /// Those of them whose agreement or tier has some.
    pub bought: u32,
    /// In thousandths.
    pub bought_permille: u32,
}

/// How quick an urgent service was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct QuickRow {
    /// The service.
    pub service: String,
    /// Tickets signed in the period.
    pub count: usize,
    /// Minutes from order to signature, on average.
    pub minutes: i64,
    /// Thousandths of the industry's time.
    pub of_industry_permille: i64,
    /// Thousandths of the normal track's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_normal_permille: Option<i64>,
    /// Whether that is what the firm wants.
    pub is_reached: bool,
}
