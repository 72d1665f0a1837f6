//! The trade-off between urgency and client value (R034): one question planned at several weights,
//! each from the best plan known on, and every plan held against every weight in the end. The
//! weighted-sum method (Zadeh 1963): it finds plans that are best at some weights, and none of
//! those that are best at no weights though nothing dominates them.

use crate::model::cost::Weights;
use crate::model::front::{Amounts, FrontPoint, PointStanding};
use crate::model::plan::{Bound, Plan, Provenance, Sweep, UnservedTicket};
use crate::model::work::Work;
use crate::planning::{Answer, Budget, Progress, Refusal, Settings, plan_from};
use crate::solver::gap_basis_points;
use crate::time::Money;
use crate::verify::{self, Report};

/// What is swept.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// The question, at its own weights.
    pub work: &'a Work,
    /// The plan in force.
    pub previous: Option<&'a Plan>,
    /// The weights, as [`super::grid::ordered`] orders them; at least one.
    pub points: &'a [Weights],
    /// How to search: rounds are for each point, milliseconds for all of them together.
    pub settings: &'a Settings,
    /// What names the question in the provenance.
    pub digest: &'a str,
}

/// How far the sweep is.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    /// Which point, from 1, in the order of the search.
    pub place: usize,
    /// How many points there are.
    pub count: usize,
    /// Its weights.
    pub weights: Weights,
    /// What has happened.
    pub event: Event<'a>,
}

/// What has happened at a point.
#[derive(Clone, Copy)]
pub enum Event<'a> {
    /// The search is so far.
    Searching(&'a Progress),
    /// It is done.
    Done(&'a Answer),
}

/// What came of it.
#[derive(Debug)]
pub struct Swept {
    /// The points known, in the order of the weights.
    pub points: Vec<Point>,
    /// It was stopped before all of them were searched as long as they should.
    pub is_stopped: bool,
}

/// The best plan known at one pair of weights.
#[derive(Debug)]
pub struct Point {
    /// What it comes to, beside the other points.
    pub row: FrontPoint,
    /// The plan; it records its weights and the sweep.
    pub plan: Plan,
    /// What the verifier says of it: no violations.
    pub report: Report,
}

/// What the search met at one pair of weights.
struct Met {
    /// Row of the weights.
    index: usize,
    answer: Answer,
    amounts: Amounts,
}

/// Plans the question at every point, that of the policy first and then away from it on both
/// sides. `watch` is asked before every round and stops the sweep by answering `false`; the points
/// known until then are the answer. Depends on the number of rounds and never on that of threads.
///
/// # Errors
/// As [`crate::planning::plan`]; [`Refusal::Unsound`] also when a plan is found that costs less than
/// what is proven at some weights.
pub fn front(
    order: &Order<'_>,
    watch: &mut dyn FnMut(&Stage<'_>) -> bool,
) -> Result<Swept, Refusal> {
    let count = order.points.len();
    let settings = Settings { budget: share(order.settings.budget, count), ..*order.settings };
    let mut work = order.work.clone();
    let mut met: Vec<Met> = Vec::with_capacity(count);
    let mut is_stopped = false;
    for (index, place) in turns(order).zip(1..) {
        let weights = order.points[index];
        work.policy = work.policy.weighed(weights);
        let start = cheapest(order, weights, &met).map(|(row, _)| &met[row].answer.plan);
        let mut look = |progress: &Progress| {
            let event = Event::Searching(progress);
            is_stopped |= !watch(&Stage { place, count, weights, event });
            !is_stopped
        };
        let answer = plan_from(&work, order.previous, start, &settings, order.digest, &mut look)?;
        let event = Event::Done(&answer);
        is_stopped |= !watch(&Stage { place, count, weights, event });
        is_stopped |= settings.stop.is_some_and(|stop| stop());
        let amounts = Amounts::of(&answer.report.bill);
        met.push(Met { index, answer, amounts });
        if is_stopped {
            break;
        }
    }
    met.sort_by_key(|met| met.index);
    let points = met.iter().map(|own| point(order, own, &met));
    let mut points = points.collect::<Result<Vec<Point>, Refusal>>()?;
    judge(&mut points);
    Ok(Swept { points, is_stopped })
}

/// The share of one of `count` points.
fn share(budget: Budget, count: usize) -> Budget {
    match budget {
        Budget::Rounds(rounds) => Budget::Rounds(rounds),
        Budget::Milliseconds(all) => {
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            Budget::Milliseconds((all / count.max(1)).max(1))
        }
    }
}

/// The rows of the points in the order in which they are searched: that of the policy, or the one
/// in the middle; then on to urgency; then on to client value.
fn turns(order: &Order<'_>) -> impl Iterator<Item = usize> + use<> {
    let own = order.work.policy.weights();
    let count = order.points.len();
    let first = order.points.iter().position(|weights| *weights == own).unwrap_or(count / 2);
    (0..=first).rev().chain(first + 1..count)
}

/// `plan` at other weights, its prices still to come.
fn reweighed(plan: &Plan, weights: Weights) -> Plan {
    let unserved = plan.unserved.iter().map(|row| UnservedTicket { price: None, ..row.clone() });
    let unserved = unserved.collect();
    Plan { weights: Some(weights), cost: None, bound: None, unserved, ..plan.clone() }
}

/// The row in `met` of the plan that costs least at `weights`, and what is said of it there; of
/// equal ones that which comes to less unweighted, then the first.
fn cheapest(order: &Order<'_>, weights: Weights, met: &[Met]) -> Option<(usize, Report)> {
    let mut best: Option<((Money, Money), usize, Report)> = None;
    for (row, other) in met.iter().enumerate() {
        let least = other.amounts.least(weights);
        if best.as_ref().is_some_and(|((total, _), ..)| least > *total) {
            continue;
        }
        let plan = reweighed(&other.answer.plan, weights);
        let report = verify::verify(order.work, &plan, order.previous);
        let Amounts { urgency_fen, client_value_fen, rest_fen } = other.amounts;
        let value = (report.bill.total_fen, urgency_fen + client_value_fen + rest_fen);
        if best.as_ref().is_none_or(|(least, ..)| value < *least) {
            best = Some((value, row, report));
        }
    }
    best.map(|(_, row, report)| (row, report))
}

/// The point at the weights of `own`, with the best of all plans met.
fn point(order: &Order<'_>, own: &Met, met: &[Met]) -> Result<Point, Refusal> {
    let weights = order.points[own.index];
    let (row, priced) = cheapest(order, weights, met).expect("its own plan is one of them");
    let source = &met[row];
    let met_at = order.points[source.index];
    let found = source.answer.plan.clone();
    let total = priced.bill.total_fen;
    let sweep = Some(Sweep { points: order.points.to_vec(), met_at });
    let mut plan = Plan {
        weights: Some(weights),
        steps: found.steps,
        unserved: found.unserved,
        released: found.released,
        cost: Some(priced.bill),
        provenance: found.provenance.map(|made| Provenance { sweep, ..made }),
        ..own.answer.plan.clone()
    };
    for unserved in &mut plan.unserved {
        let bill = priced.tickets.iter().find(|bill| bill.ticket == unserved.ticket);
        unserved.price = bill.map(|bill| bill.loss);
    }
    let bound = own.answer.plan.bound.clone().expect("every answer has its bound");
    let gap_basis_points = gap_basis_points(total.0, bound.value_fen.0);
    // Where the gap lies was told of its own plan alone.
    let gap = bound.gap.filter(|_| source.index == own.index);
    let bound = Bound { gap_basis_points, gap, ..bound };
    plan.bound = Some(bound.clone());
    let report = verify::verify(order.work, &plan, order.previous);
    if !report.is_clean() || report.bill != priced.bill {
        return Err(Refusal::Unsound(Box::new(report)));
    }
    let count = |is: &dyn Fn(&verify::TicketBill) -> bool| {
        let count = report.tickets.iter().filter(|ticket| is(ticket)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let row = FrontPoint {
        weights,
        is_policy: weights == order.work.policy.weights(),
        standing: PointStanding::OnFront,
        by: None,
        amounts: source.amounts,
        total_fen: total,
        by_policy_fen: report.by_policy_fen.unwrap_or(total),
        bound,
        late_count: count(&|ticket| ticket.served && ticket.late_minutes > 0),
        unserved_count: count(&|ticket| !ticket.served),
        met_at,
        rounds: own.answer.plan.provenance.as_ref().map_or(0, |made| made.rounds),
    };
    Ok(Point { row, plan, report })
}

/// Says where every point stands among all. Of those that come to the same that of the policy
/// stands for all, else the first.
fn judge(points: &mut [Point]) {
    let rows: Vec<FrontPoint> = points.iter().map(|point| point.row.clone()).collect();
    let beats = |row: &FrontPoint, other: &FrontPoint| row.amounts.dominate(&other.amounts);
    let is_beaten = |row: &FrontPoint| rows.iter().any(|other| beats(other, row));
    for (index, point) in points.iter_mut().enumerate() {
        let row = &mut point.row;
        let mut beating = rows.iter().filter(|other| beats(other, row) && !is_beaten(other));
        if let Some(by) = beating.next() {
            (row.standing, row.by) = (PointStanding::Dominated, Some(by.weights));
            continue;
        }
        let same = || rows.iter().enumerate().filter(|(_, other)| other.amounts == row.amounts);
        let first = same().find(|(_, other)| other.is_policy).or_else(|| same().next());
        if let Some((_, like)) = first.filter(|(first, _)| *first != index) {
            (row.standing, row.by) = (PointStanding::Repeats, Some(like.weights));
        }
    }
}
