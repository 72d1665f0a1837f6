//! How two plans for one question differ: what moved, what is served now, what it saves. Also
//! what a plan made by hand costs against ours.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::calendar::Moment;
use crate::model::cost::Bill;
use crate::model::plan::{Plan, PlannedStep};
use crate::model::work::Work;
use crate::time::Money;
use crate::verify::{self, Report};

/// Where a step stands in one plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Placement {
    /// Keys of its people, seat by seat.
    pub people: Vec<String>,
    /// Its start, on the question's wall clock.
    pub start: Moment,
    /// Its end, where the plan states one or one can be filled in.
    pub end: Option<Moment>,
}

/// A step that both plans hold, in different places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MovedStep {
    /// The step, as `ticket/step`.
    pub step: String,
    /// Where it stood.
    pub before: Placement,
    /// Where it stands.
    pub after: Placement,
}

impl MovedStep {
    /// Whether other people do it.
    #[must_use]
    pub fn changes_people(&self) -> bool {
        self.before.people != self.after.people
    }
}

/// A ticket whose finish or cost changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TicketChange {
    /// The ticket's key.
    pub ticket: String,
    /// Its finish before; `None` when left out.
    pub finish_before: Option<Moment>,
    /// Its finish after; `None` when left out.
    pub finish_after: Option<Moment>,
    /// Its weighted loss before, late or left out.
    pub cost_before: Money,
    /// Its weighted loss after.
    pub cost_after: Money,
}

/// The parts of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BillPart {
    /// Tickets that finish late, weighted.
    Lateness,
    /// Tickets left out, weighted.
    Unserved,
    /// Paid minutes outside regular hours.
    Overtime,
    /// Departures from the previous plan.
    Change,
    /// Overload of single people.
    Imbalance,
    /// Departures from preferences.
    Preference,
    /// All of them.
    Total,
}

impl BillPart {
    /// All parts, the total last.
    pub const ALL: [BillPart; 7] = [
        BillPart::Lateness,
        BillPart::Unserved,
        BillPart::Overtime,
        BillPart::Change,
        BillPart::Imbalance,
        BillPart::Preference,
        BillPart::Total,
    ];

    /// What this part of `bill` comes to.
    #[must_use]
    pub fn of(self, bill: &Bill) -> Money {
        match self {
            BillPart::Lateness => bill.lateness.weighted_fen,
            BillPart::Unserved => bill.unserved.weighted_fen,
            BillPart::Overtime => bill.overtime_fen,
            BillPart::Change => bill.change_fen,
            BillPart::Imbalance => bill.imbalance_fen,
            BillPart::Preference => bill.preference_fen,
            BillPart::Total => bill.total_fen,
        }
    }
}

/// One part of the bill in both plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BillChange {
    /// The part.
    pub part: BillPart,
    /// What it came to.
    pub before_fen: Money,
    /// What it comes to.
    pub after_fen: Money,
}

/// How two plans differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Diff {
    /// Steps both hold that stand elsewhere, in the order of the second plan.
    pub moved: Vec<MovedStep>,
    /// Tickets served now and not before.
    pub newly_served: Vec<String>,
    /// Tickets served before and not now.
    pub newly_unserved: Vec<String>,
    /// Tickets whose finish or cost changes, in the question's order.
    pub tickets: Vec<TicketChange>,
    /// The bill, part by part.
    pub bill: Vec<BillChange>,
    /// The bound that came with the first plan, if it states one; in fen.
    pub bound_before_fen: Option<Money>,
    /// The bound that came with the second plan, if it states one; in fen.
    pub bound_after_fen: Option<Money>,
    /// Broken rules before.
    pub violations_before: usize,
    /// Broken rules after.
    pub violations_after: usize,
}

impl Diff {
    /// What the second plan costs more (negative: less), in fen.
    #[must_use]
    pub fn added_fen(&self) -> Money {
        let total = self.bill.iter().find(|change| change.part == BillPart::Total);
        total.map_or(Money::ZERO, |change| change.after_fen - change.before_fen)
    }

    /// Whether the plans do the same, whatever is proven of them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.moved.is_empty()
            && self.newly_served.is_empty()
            && self.newly_unserved.is_empty()
            && self.tickets.is_empty()
            && self.bill.iter().all(|change| change.before_fen == change.after_fen)
            && self.violations_before == self.violations_after
    }
}

/// The way from plan `a` to plan `b`, both for `work` and both billed by the verifier against
/// `previous`. Either may be written by hand.
#[must_use]
pub fn diff(work: &Work, a: &Plan, b: &Plan, previous: Option<&Plan>) -> Diff {
    let filled = |plan: &Plan| verify::completed(work, plan).unwrap_or_else(|_| plan.clone());
    let (a, b) = (filled(a), filled(b));
    let before = verify::verify(work, &a, previous);
    let after = verify::verify(work, &b, previous);
    let change = |part: BillPart| BillChange {
        part,
        before_fen: part.of(&before.bill),
        after_fen: part.of(&after.bill),
    };
    let served = |report: &Report, other: &Report| -> Vec<String> {
        let pairs = report.tickets.iter().zip(&other.tickets);
        let new = pairs.filter(|(this, that)| this.served && !that.served);
        new.map(|(this, _)| this.ticket.clone()).collect()
    };
    Diff {
        moved: moved(work, &a, &b),
        newly_served: served(&after, &before),
        newly_unserved: served(&before, &after),
        tickets: tickets(&before, &after),
        bill: BillPart::ALL.into_iter().map(change).collect(),
        bound_before_fen: a.bound.as_ref().map(|bound| bound.value_fen),
        bound_after_fen: b.bound.as_ref().map(|bound| bound.value_fen),
        violations_before: before.violations.len(),
        violations_after: after.violations.len(),
    }
}

fn moved(work: &Work, a: &Plan, b: &Plan) -> Vec<MovedStep> {
    let key = |row: &PlannedStep| (row.ticket.clone(), row.step.clone());
    let old: BTreeMap<_, Placement> =
        a.steps.iter().map(|row| (key(row), placement(work, a, row))).collect();
    let pairs = b.steps.iter().filter_map(|row| {
        let before = old.get(&key(row))?.clone();
        let after = placement(work, b, row);
        let step = format!("{}/{}", row.ticket, row.step);
        (before != after).then_some(MovedStep { step, before, after })
    });
    pairs.collect()
}

/// Moments of plans in different zones are told on the question's clock.
fn placement(work: &Work, plan: &Plan, row: &PlannedStep) -> Placement {
    let moment = |moment: Moment| work.zone.moment(plan.zone.tick_from(moment));
    Placement { people: row.people.clone(), start: moment(row.start), end: row.end.map(moment) }
}

fn tickets(before: &Report, after: &Report) -> Vec<TicketChange> {
    let pairs = before.tickets.iter().zip(&after.tickets);
    let changes = pairs.map(|(old, new)| TicketChange {
        ticket: new.ticket.clone(),
        finish_before: old.finish_at,
        finish_after: new.finish_at,
        cost_before: old.loss.weighted_fen,
        cost_after: new.loss.weighted_fen,
    });
    let differs = |change: &TicketChange| {
        change.finish_before != change.finish_after || change.cost_before != change.cost_after
    };
    changes.filter(differs).collect()
}
