//! What is shown of quotes and plans, by what the caller may know: other types than those that are
//! kept, so that nothing new in those is shown by itself (R240, R242). Whoever may not read plans
//! sees no other tickets and no people; whoever may not see finances sees no cost of a plan, which
//! tells what clients are worth. Of a quote, whoever accepts and publishes is told what each option
//! costs the firm, too: he has to weigh it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Caller;
use super::role::Permission;
use super::weighing::shown_to;
use crate::calendar::{Label, Moment, Zone};
use crate::explain::Diff;
use crate::model::cost::{Bill, Weights};
use crate::model::plan::{Bound, Plan, PlannedStep, Provenance, ReleasedStep, UnservedTicket};
use crate::model::proof::HourPrice;
use crate::model::quote::{
    ClientPrice, Displaced, FirmPrice, Floor, OptionKind, PathStep, Quote, QuotedOption,
    Recommended, Refusal, Urgency,
};
use crate::model::request::Request;
use crate::model::ticket::Track;
use crate::time::Money;

/// A quote as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownQuote {
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
    /// Why the request as it stands is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What the claim of urgency comes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// The earliest finish that its own order of steps allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Floor>,
    /// The options, cheapest for the firm first; of equal ones those that move nobody, then the
    /// cheaper for the client.
    pub options: Vec<ShownOption>,
    /// Which of them is recommended, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended: Option<Recommended>,
}

/// An option as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownOption {
    /// What kind it is.
    pub kind: OptionKind,
    /// The track its tickets follow.
    pub track: Track,
    /// When all of it is finished.
    pub finish: Moment,
    /// What it costs the client; what its lines rest on is for who may see finances.
    pub price: ClientPrice,
    /// Its own steps; who does them is for who may read plans.
    pub steps: Vec<PlannedStep>,
    /// The steps that its finish hangs on, first to last.
    pub path: Vec<PathStep>,
    /// Names the plan it would make.
    pub digest: String,
    /// What a client may be told.
    pub client: Label,
    /// Who works on it, for who may read plans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<String>,
    /// Whom it moves, for who may read plans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub displaced: Vec<ShownDisplaced>,
    /// Where the steps of others stand that it moves, for who may read plans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<PlannedStep>,
    /// What it costs the firm, for who may see finances, or accept options and publish plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<FirmPrice>,
    /// Why it is as it is and what it costs, for the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Label>,
}

/// A ticket that an option moves, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownDisplaced {
    /// The ticket.
    pub ticket: String,
    /// Its finish in the plan in force.
    pub old_finish: Moment,
    /// Its finish in this option.
    pub new_finish: Moment,
    /// The finish promised to its client; this option breaks the promise where it is earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Moment>,
    /// What its lateness costs in the plan in force, for who is told what the option costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_cost_fen: Option<Money>,
    /// What it costs in this option, for the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_cost_fen: Option<Money>,
}

/// A plan as it is shown: still a plan document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownPlan {
    /// `paidan-plan/1`.
    pub format: String,
    /// The zone its times are shown in.
    pub zone: Zone,
    /// The moment planned from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Moment>,
    /// The horizon planned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Moment>,
    /// Every step and wait of every served ticket.
    pub steps: Vec<PlannedStep>,
    /// The tickets left out; what that costs is for who may see finances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unserved: Vec<UnservedTicket>,
    /// Frozen steps of the previous plan that a changed fact made impossible.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<ReleasedStep>,
    /// The weights it was made with, where they were chosen for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
    /// What it costs, for who may see finances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Bill>,
    /// A proven lower bound on the cost, for who may see finances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// What one more hour would be worth, for who may see finances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<HourPrice>,
    /// How to make the same plan again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

impl ShownQuote {
    /// As much of `quote` as `caller` may know.
    pub(super) fn of(quote: Quote, caller: &Caller) -> ShownQuote {
        let Quote { format, zone, at, expires, plan_digest, request, refusal, .. } = quote;
        let Quote { urgency, floor, options, recommended, .. } = quote;
        let options = options.into_iter().map(|option| ShownOption::of(option, caller)).collect();
        let tickets = request.tickets.into_iter().map(|ticket| shown_to(caller, ticket)).collect();
        let request = Request { tickets, ..request };
        ShownQuote {
            format,
            zone,
            at,
            expires,
            plan_digest,
            request,
            refusal,
            urgency,
            floor,
            options,
            recommended,
        }
    }
}

impl ShownOption {
    fn of(option: QuotedOption, caller: &Caller) -> ShownOption {
        let reads_plans = caller.may(Permission::PlanRead);
        let sees_cost = reads_plans && decides(caller);
        let QuotedOption { kind, track, finish, price, mut steps, path, .. } = option;
        let QuotedOption { digest, client, team, displaced, moved, firm, reason, .. } = option;
        let price = shown_price(price, caller);
        if !reads_plans {
            steps.iter_mut().for_each(|step| step.people.clear());
        }
        let displaced = displaced.into_iter().map(|row| ShownDisplaced::of(row, sees_cost));
        ShownOption {
            kind,
            track,
            finish,
            price,
            steps,
            path,
            digest,
            client,
            team: if reads_plans { team } else { Vec::new() },
            displaced: if reads_plans { displaced.collect() } else { Vec::new() },
            moved: if reads_plans { moved } else { Vec::new() },
            firm: sees_cost.then_some(firm),
            reason: sees_cost.then_some(reason),
        }
    }
}

/// Whether `caller` has to weigh what an option costs the firm: who sees finances, or accepts
/// options and publishes plans.
fn decides(caller: &Caller) -> bool {
    let publishes = caller.may(Permission::QuoteAccept) && caller.may(Permission::PlanPublish);
    publishes || caller.may(Permission::ClientFinance)
}

/// `price` without what its lines rest on where `caller` may not see finances.
pub(super) fn shown_price(mut price: ClientPrice, caller: &Caller) -> ClientPrice {
    if !caller.may(Permission::PlanRead) || !caller.may(Permission::ClientFinance) {
        price.lines.iter_mut().for_each(|line| line.evidence.clear());
    }
    price
}

impl ShownDisplaced {
    fn of(row: Displaced, sees_cost: bool) -> ShownDisplaced {
        let Displaced { ticket, old_finish, new_finish, promised, old_cost_fen, new_cost_fen } =
            row;
        ShownDisplaced {
            ticket,
            old_finish,
            new_finish,
            promised,
            old_cost_fen: sees_cost.then_some(old_cost_fen),
            new_cost_fen: sees_cost.then_some(new_cost_fen),
        }
    }
}

impl ShownPlan {
    /// As much of `plan` as `caller`, who may read plans, may know.
    pub(super) fn of(plan: Plan, caller: &Caller) -> ShownPlan {
        let sees_money = caller.may(Permission::ClientFinance);
        let Plan { format, zone, as_of, horizon, steps, mut unserved, .. } = plan;
        let Plan { released, weights, cost, bound, prices, provenance, .. } = plan;
        if !sees_money {
            unserved.iter_mut().for_each(|row| row.price = None);
        }
        ShownPlan {
            format,
            zone,
            as_of,
            horizon,
            steps,
            unserved,
            released,
            weights,
            cost: cost.filter(|_| sees_money),
            bound: bound.filter(|_| sees_money),
            prices: if sees_money { prices } else { Vec::new() },
            provenance,
        }
    }
}

/// `diff` as `caller` may know it: without the bill and what single tickets cost where he may not
/// see finances.
pub(super) fn shown_diff(diff: &Diff, caller: &Caller) -> serde_json::Value {
    if caller.may(Permission::ClientFinance) {
        return serde_json::json!(diff);
    }
    let tickets = diff.tickets.iter().map(|row| {
        serde_json::json!({
            "ticket": row.ticket,
            "finish_before": row.finish_before,
            "finish_after": row.finish_after,
        })
    });
    serde_json::json!({
        "moved": diff.moved,
        "newly_served": diff.newly_served,
        "newly_unserved": diff.newly_unserved,
        "tickets": tickets.collect::<Vec<_>>(),
        "violations_before": diff.violations_before,
        "violations_after": diff.violations_after,
    })
}
