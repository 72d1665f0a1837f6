//! Days as they will have been: everything one replication brings, known from the start, as a
//! question of its own. What the linear bound says of it no dispatch can undercut that learns of it
//! call by call.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::arrivals::Ground;
use super::course::{nearest, stretched};
use super::draw::Luck;
use super::halt::Halt;
use super::study::{Fault, Order, Stage};
use crate::calendar::Moment;
use crate::model::outcome::Ended;
use crate::model::people::Absence;
use crate::model::proof::{HourPrice, Proof};
use crate::model::scenario::{Policy, Scenario};
use crate::model::ticket::{Curve, CurveKind, Track, UnservedPrice};
use crate::model::work::{Work, resolve};
use crate::planning::{Budget, Effort, prove};
use crate::solver::lanes::Threads;
use crate::time::Money;

/// What a broken promise counts, in fen: much, so that rounding does not.
const BROKEN: i64 = 100_000;

/// Replications whose prices are asked, at most: a proof takes as long as several of them.
pub(super) const PRICED: u32 = 8;

/// Steps of each proof of prices.
const PROOF_STEPS: u32 = 40;

/// Steps of each proof of promises kept.
const KEPT_STEPS: u32 = 6;

/// Replications that are priced between two questions whether to go on.
const TOGETHER: usize = 2;

/// What proofs of replications say.
pub(super) struct Priced<T> {
    /// Of the first replications, in order.
    pub(super) whole: Vec<T>,
    /// Of those that were under way when it ended: true as far as they go.
    pub(super) cut: Vec<T>,
    /// Why there are fewer than asked for.
    pub(super) ended: Option<Ended>,
}

/// What `work` makes of each of the first `count` replications, on the threads of `order`; of fewer,
/// and why, where its time is up or somebody wants it to end, who may be `watch`, which hears that
/// `done` of them were simulated.
pub(super) fn priced<T: Send>(
    order: &Order<'_>,
    (count, done): (u32, u32),
    watch: &mut dyn FnMut(Stage) -> bool,
    work: impl Fn(u32, &Proofs<'_>) -> T + Sync + Send,
) -> Result<Priced<T>, Fault> {
    let (halt, most) = (Halt::of(order), order.replications);
    let threads = Threads::new(order.threads).map_err(Fault::Threads)?;
    let rows: Vec<u32> = (0..count).collect();
    let mut told = Priced { whole: Vec::new(), cut: Vec::new(), ended: None };
    for rows in rows.chunks(TOGETHER) {
        let milliseconds = halt.milliseconds();
        let goes_on = watch(Stage { done, most, milliseconds });
        told.ended = if goes_on { halt.why() } else { Some(Ended::Interrupted) };
        if told.ended.is_some() {
            break;
        }
        let made = threads.map_singly(rows, |row| {
            let proofs = Proofs { halt: &halt, ended: OnceLock::new() };
            (work(*row, &proofs), proofs.ended.into_inner())
        });
        for (one, ended) in made {
            match ended {
                Some(ended) => {
                    told.cut.push(one);
                    told.ended = Some(ended);
                }
                // What follows one that was cut is of no use: others would follow it another time.
                None if told.ended.is_some() => {}
                None => told.whole.push(one),
            }
        }
        if told.ended.is_some() {
            break;
        }
    }
    Ok(told)
}

/// Whoever proves something of one replication, and why he ended before he was through.
pub(super) struct Proofs<'a> {
    halt: &'a Halt,
    ended: OnceLock<Ended>,
}

impl Proofs<'_> {
    /// What `steps` steps prove of `work`, or fewer; `None` where the proof fails.
    fn of(&self, work: &Work, steps: u32) -> Option<Proof> {
        let stop = || match self.halt.why() {
            Some(ended) => {
                self.ended.get_or_init(|| ended);
                true
            }
            None => false,
        };
        let effort = Effort { threads: 1, budget: Budget::Rounds(steps), stop: Some(&stop) };
        prove(work, None, None, &effort, &mut |_| {}).ok()
    }
}

/// `scenario`, which holds the arrivals of a replication, with what `luck` makes of efforts and
/// waits; with nothing longer than planned where it `is_least`, as an overrun for which there is no
/// room ends as planned.
fn known(ground: &Ground<'_>, scenario: &Scenario, luck: Luck, is_least: bool) -> Work {
    let mut work = resolve(scenario).expect("its parts were checked, and names do not clash");
    work.tickets.ids().for_each(|id| work.tickets[id].batch = None);
    let chance = &ground.simulation.chance;
    let most = if is_least { 100_000 } else { i64::MAX };
    let share = |purpose, key: &str, spread| luck.spread(purpose, key, spread).min(most);
    for id in work.steps.ids().collect::<Vec<_>>() {
        let step = &mut work.steps[id];
        if let (true, Some(spread)) = (step.is_wait(), chance.waits) {
            step.wait = stretched(step.wait, share("wait", &step.key, spread));
        } else if let Some(spread) = chance.effort {
            let share = share("effort", &step.key, spread);
            step.effort = nearest(step.effort, share);
            for (_, minutes) in &mut step.stated {
                *minutes = nearest(*minutes, share).max(1);
            }
        }
    }
    work
}

/// The scenario of `ground` with the tickets that `luck` brings and does not call off.
fn coming(ground: &Ground<'_>, luck: Luck) -> Scenario {
    let mut scenario = ground.scenario.clone();
    let share = ground.simulation.chance.cancelled_permille;
    let arrivals = ground.arrivals(luck).into_iter().map(|arrival| arrival.ticket);
    let stays = |id: &str| !luck.happens("cancelled", id, share);
    scenario.tickets.extend(arrivals.filter(|ticket| stays(&ticket.id)));
    scenario
}

/// Sends those away in `scenario` who do not come under `luck`, from the morning's plan on.
fn deplete(ground: &Ground<'_>, scenario: &mut Scenario, luck: Luck) {
    let simulation = &ground.simulation;
    let days = i32::try_from(simulation.days + simulation.drain_days).unwrap_or(i32::MAX);
    let morning = u16::try_from(simulation.plan_at_minute).unwrap_or(0);
    for (row, person) in scenario.people.iter_mut().enumerate() {
        for day in (0..days).map(|day| ground.first_day().plus(day)) {
            let key = format!("{} {day}", person.id);
            let is_away = luck.happens("absent", &key, simulation.chance.absent_permille);
            if is_away && ground.regular_on(row, day) > 0 {
                let (from, to) = (Moment::local(day, morning), Moment::local(day.plus(1), 0));
                person.absences.push(Absence { from, to, remote: false, reason: None });
            }
        }
    }
}

/// What hours are worth in a replication, under the same efforts, waits and absences as the course
/// of it: by the linear prices of the proof, by skill or people, and date; `None` where the proof fails.
pub(super) fn hour_prices(
    ground: &Ground<'_>,
    luck: Luck,
    proofs: &Proofs<'_>,
) -> Option<Vec<HourPrice>> {
    let mut scenario = coming(ground, luck);
    deplete(ground, &mut scenario, luck);
    let work = known(ground, &scenario, luck, false);
    proofs.of(&work, PROOF_STEPS).map(|told| told.prices)
}

/// The largest share, in thousandths, of promises of a replication that anybody could keep, and how
/// many promises there are: `None` where nothing is promised. Tickets that may be called off are kept in it without any
/// work; normal ones where only urgent ones count take no time; nothing takes longer than planned;
/// nobody is away who did not say so; extra hours cost nothing.
pub(super) fn kept_at_most(
    ground: &Ground<'_>,
    luck: Luck,
    is_urgent: bool,
    proofs: &Proofs<'_>,
) -> Option<(i64, u64)> {
    let mut scenario = ground.scenario.clone();
    scenario.tickets.extend(ground.arrivals(luck).into_iter().map(|arrival| arrival.ticket));
    let share = ground.simulation.chance.cancelled_permille;
    let (zone, from) = (ground.work.zone, ground.counted_from());
    let is_begun = |id: &String| {
        let of = |step: &str| step.strip_prefix(id).is_some_and(|rest| rest.starts_with('/'));
        ground.scenario.progress.iter().any(|row| of(&row.step))
    };
    let (mut count, first) = (0, ground.scenario.tickets.len());
    let tickets = std::mem::take(&mut scenario.tickets);
    for (row, mut ticket) in tickets.into_iter().enumerate() {
        let release = ticket.release.filter(|_| row >= first);
        let at = release.map_or(ground.work.as_of, |at| zone.tick_from(at));
        let counts = at >= from && (!is_urgent || ticket.track == Track::Urgent);
        ticket.after.clear();
        ticket.curves.clear();
        ticket.curves.extend(ticket.due.filter(|_| counts).map(|_| broken()));
        let price = Money(if counts { BROKEN } else { 0 });
        ticket.unserved = Some(UnservedPrice { urgency_fen: price, client_value_fen: Money::ZERO });
        count += i64::from(counts);
        let may_be_off = luck.happens("cancelled", &ticket.id, share);
        if (counts && !may_be_off) || is_begun(&ticket.id) {
            scenario.tickets.push(ticket);
        }
    }
    let kept: BTreeSet<&str> = scenario.tickets.iter().map(|ticket| ticket.id.as_str()).collect();
    let ticket = |step: &str| step.rsplit_once('/').map_or(step, |(ticket, _)| ticket).to_owned();
    scenario.pins.retain(|pin| kept.contains(ticket(&pin.step).as_str()));
    scenario.pins.iter_mut().for_each(|pin| pin.then = None);
    let pace_percent = scenario.policy.pace_percent.clone();
    scenario.policy = Policy { pace_percent, lambda_client_value: 0, ..Policy::default() };
    for band in scenario.people.iter_mut().flat_map(|person| &mut person.bands) {
        band.price_per_hour_fen = Money::ZERO;
    }
    if count == 0 {
        return None;
    }
    let work = known(ground, &scenario, luck, true);
    let told = proofs.of(&work, KEPT_STEPS);
    let broken = told.map_or(0, |told| told.bound.value_fen.0.max(0));
    let share = 1_000 - broken * 1_000 / (BROKEN * count);
    Some((share, count.unsigned_abs()))
}

/// What a promise costs once it is broken.
fn broken() -> Curve {
    Curve {
        kind: CurveKind::Urgency,
        after: None,
        calendar: None,
        fixed_fen: Money(BROKEN),
        per_hour_fen: Money::ZERO,
        per_day_fen: Money::ZERO,
        cap_fen: None,
        reason: None,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::json;

    use super::{kept_at_most, priced};
    use crate::generate;
    use crate::model::simulation::Simulation;
    use crate::whatif::simulate::arrivals::Ground;
    use crate::whatif::simulate::course::{Trial, run};
    use crate::whatif::simulate::draw::Luck;
    use crate::whatif::simulate::policy::Policy;
    use crate::whatif::simulate::study::Order;

    fn simulation() -> Simulation {
        let stream = json!({
            "ticket": {"id": "social", "service": "social", "track": "urgent",
                       "bureau": "tax-xuhui"},
            "per_day_permille": [4_000, 4_000, 4_000, 4_000, 4_000, 0, 0],
            "promise": {"working_minutes": 480, "calendar": "office"}});
        let document = json!({
            "format": "paidan-simulation/1", "days": 3, "drain_days": 20, "streams": [stream],
            "chance": {
                "effort": {"shape": "triangular", "low": 60, "mode": 100, "high": 250},
                "waits": {"shape": "exponential", "mean": 120}, "rejected_permille": 60,
                "absent_permille": 80, "cancelled_permille": 300, "false_urgency_permille": 100}});
        serde_json::from_value(document).unwrap()
    }

    /// On twenty firms with every chance on, three of ten tickets called off: no dispatch keeps
    /// more promises than the bound says, to the thousandth it is rounded by.
    #[test]
    fn no_course_keeps_more_promises_than_its_bound() {
        for seed in 0..20 {
            let asked =
                generate::Order { tickets: 8, people: 8, seed, ..generate::Order::default() };
            let (scenario, _) = generate::scenario(&asked);
            let simulation = simulation();
            let ground =
                Ground::new(&scenario, Cow::Borrowed(&simulation), vec![vec![100]]).unwrap();
            let order = Order::of(&scenario, &simulation, &[], &[]);
            let told = priced(&order, (1, 0), &mut |_| true, |row, proofs| {
                kept_at_most(&ground, Luck::new(seed, row), false, proofs)
            });
            let (bound, _) = told.unwrap().whole[0].unwrap();
            let (policy, replication) = (Policy::EarliestDue, 0);
            let ground = &ground;
            let record = run(Trial { ground, policy, seed, replication, verify_every: 100 });
            let tickets = record.unwrap().tickets;
            let kept = tickets.iter().filter(|ticket| ticket.is_kept).count() * 1_000;
            let share = i64::try_from(kept / tickets.len().max(1)).unwrap();
            assert!(share <= bound + 1, "{seed}: {share} {bound}");
        }
    }
}
