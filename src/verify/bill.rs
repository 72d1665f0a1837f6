//! The whole bill recomputed, and what the plan states held against it.

use std::collections::BTreeSet;

use super::loss::Losses;
use super::report::{Code, PersonBill, Report, TicketBill, Violation};
use super::scene::{Placed, Scene, distinct, level};
use super::spans;
use crate::calendar::Day;
use crate::id::Id;
use crate::model::cost::{Bill, Loss};
use crate::model::plan::Plan;
use crate::model::work::{Client, Lag, Person, Progress, Site, Step, Ticket, Work};
use crate::time::{Money, Span, Tick};

/// Fills in the bill and the figures by ticket and person.
pub(super) fn reckon(scene: &Scene, report: &mut Report) {
    let policy = scene.work.policy.weights();
    let losses = |weights| Losses::new(scene.work, weights, |id| scene.finish(id));
    let weighed = losses(report.weights.unwrap_or(policy));
    let mut bill = Bill::default();
    for id in scene.work.tickets.ids() {
        let ticket = ticket(scene, &weighed, id);
        *(if ticket.served { &mut bill.lateness } else { &mut bill.unserved }) += ticket.loss;
        report.tickets.push(ticket);
    }
    for id in scene.work.people.ids() {
        let person = person(scene, id);
        bill.overtime_fen += person.overtime_fen;
        bill.imbalance_fen += person.imbalance_fen;
        report.people.push(person);
    }
    bill.change_fen = change(scene);
    bill.preference_fen = preference(scene);
    report.bill = bill.summed();
    if report.weights.is_some() {
        let losses = losses(policy);
        let tickets = scene.work.tickets.ids().map(|id| ticket(scene, &losses, id));
        let by_policy = tickets.fold(Money::ZERO, |sum, ticket| sum + ticket.loss.weighted_fen);
        let weighted = bill.lateness.weighted_fen + bill.unserved.weighted_fen;
        report.by_policy_fen = Some(report.bill.total_fen - weighted + by_policy);
    }
}

fn ticket(scene: &Scene, losses: &Losses, id: Id<Ticket>) -> TicketBill {
    let work = scene.work;
    let ticket = &work.tickets[id];
    let served = scene.is_served(id);
    let finish = scene.finish(id);
    let loss = match (served, finish) {
        (true, Some(finish)) => losses.late(ticket, finish),
        (true, None) => Loss::default(),
        (false, _) => losses.left_out(id),
    };
    let late = finish.zip(ticket.due).map_or(0, |(finish, due)| (finish - due).max(0));
    TicketBill {
        ticket: ticket.key.clone(),
        served,
        finish,
        finish_at: finish.map(|finish| work.zone.moment(finish)),
        loss,
        late_minutes: late,
    }
}

/// Overtime rounds up per step and band; imbalance once per person.
fn person(scene: &Scene, id: Id<Person>) -> PersonBill {
    let work = scene.work;
    let person = &work.people[id];
    let (mut regular_minutes, mut overtime_minutes, mut overtime) = (0, 0, Money::ZERO);
    let mut extra: Vec<(Id<Step>, usize, i64)> = Vec::new();
    for shift in &scene.shifts[id] {
        let minutes = shift.span.minutes();
        if shift.regular {
            regular_minutes += minutes;
        } else {
            overtime_minutes += minutes;
            extra.push((shift.step, shift.band, minutes));
        }
    }
    extra.sort_unstable();
    for group in extra.chunk_by(|one, two| (one.0, one.1) == (two.0, two.1)) {
        let minutes: i64 = group.iter().map(|(_, _, minutes)| minutes).sum();
        overtime += person.bands[group[0].1].price_per_hour.scaled_up(minutes, 60);
    }
    let ahead = Span::new(work.as_of, work.horizon);
    let slots = scene.hours.within(id, false, ahead).filter(|slot| slot.regular);
    let regular_available: i64 = slots.map(|slot| slot.span.minutes()).sum();
    let price = &work.policy.imbalance;
    let beyond = 100 * regular_minutes - i64::from(price.fair_percent) * regular_available;
    PersonBill {
        person: person.key.clone(),
        regular_minutes,
        regular_available,
        overtime_minutes,
        overtime_fen: overtime,
        imbalance_fen: price.per_hour_fen.scaled_up(beyond.max(0), 6000),
    }
}

fn change(scene: &Scene) -> Money {
    let work = scene.work;
    let price = &work.policy.change;
    let mut total = Money::ZERO;
    for (&id, before) in &scene.before {
        if scene.is_fact(id) {
            continue;
        }
        let Some(row) = &scene.placed[id] else {
            total += price.person_fen;
            continue;
        };
        let people = row.people.iter().map(|&person| &work.people[person].key);
        let moved = (row.span.start - before.start).abs();
        if !people.eq(&before.people) {
            total += price.person_fen;
        } else if moved > i64::from(price.tolerance_minutes) {
            total += price.start_fen;
        }
    }
    total
}

fn preference(scene: &Scene) -> Money {
    let work = scene.work;
    let price = &work.policy.preference;
    let mut total = Money::ZERO;
    let mut trips: BTreeSet<Trip> = BTreeSet::new();
    for (_, step, row) in scene.rows() {
        let Some(&lead) = row.people.first() else { continue };
        if matches!(step.progress, Some(Progress::Done { .. })) {
            continue;
        }
        let client = work.tickets[step.ticket].client;
        if let Some(client) = client.map(|client| &work.clients[client]) {
            let owner = client.owner.filter(|&owner| owner != lead);
            if owner.is_some_and(|owner| may_lead(work, step, owner)) {
                total += price.off_owner_fen;
            }
            if client.team.is_some() && work.people[lead].team != client.team {
                total += price.off_team_fen;
            }
        }
        if step.client_trip {
            let whose = client.map_or(Whose::Ticket(step.ticket), Whose::Client);
            trips.insert((whose, step.site, work.zone.date(row.span.start)));
        }
    }
    let count = i64::try_from(trips.len()).unwrap_or(i64::MAX);
    total + price.client_trip_fen.scaled_up(count, 1)
}

/// Trips that are the same count once (R056).
type Trip = (Whose, Option<Id<Site>>, Day);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Client(Id<Client>),
    Ticket(Id<Ticket>),
}

/// By eligibility (H2) and by skill and level, whatever the certificate's date.
fn may_lead(work: &Work, step: &Step, person: Id<Person>) -> bool {
    let (who, ticket) = (&work.people[person], &work.tickets[step.ticket]);
    let Some(seat) = step.seats.first() else { return false };
    let barred = who.trainee
        || seat.trainee
        || ticket.excluded.contains(&person)
        || (who.urgent_only && !ticket.urgent);
    !barred && level(work, step, 0, person).is_some_and(|level| level >= seat.level)
}

/// What the plan states against what it comes to: the bill, prices of unserved tickets, the
/// bound.
pub(super) fn stated(scene: &Scene, plan: &Plan, report: &mut Report) {
    let work = scene.work;
    let mut found = Vec::new();
    if let Some(stated) = &plan.cost {
        for ((zh, en, stated), (_, _, due)) in parts(stated).into_iter().zip(parts(&report.bill)) {
            if stated != due {
                found.push(differs(zh, en, stated, due));
            }
        }
    }
    for unserved in &plan.unserved {
        let (Some(price), Some(ticket)) = (unserved.price, work.ticket(&unserved.ticket)) else {
            continue;
        };
        let due = &report.tickets[ticket.index()];
        if !due.served && due.loss != price {
            let (zh, en) = ("未排入代价", "price of being left out");
            let violation = differs(zh, en, price.weighted_fen, due.loss.weighted_fen);
            found.push(violation.ticket(work, ticket));
        }
    }
    if let Some(bound) = plan.bound.as_ref().filter(|bound| bound.value_fen > report.bill.total_fen)
    {
        let (zh, en) = ("下界(不应高于总成本)", "lower bound (never above the total)");
        found.push(differs(zh, en, bound.value_fen, report.bill.total_fen));
    }
    report.violations.append(&mut found);
}

fn differs(zh: &str, en: &str, stated: Money, due: Money) -> Violation {
    Violation::new(
        Code::Bill,
        format!("{zh}写作 {stated},重新计算为 {due}"),
        format!("the {en} is stated as {stated} and comes to {due}"),
    )
    .by(stated.0 - due.0)
}

type Part = (&'static str, &'static str, Money);

fn parts(bill: &Bill) -> [Part; 11] {
    let (late, out) = (&bill.lateness, &bill.unserved);
    [
        ("总成本", "total", bill.total_fen),
        ("逾期损失(加权)", "weighted lateness", late.weighted_fen),
        ("逾期损失(紧急)", "lateness by urgency", late.urgency_fen),
        ("逾期损失(客户价值)", "lateness by client value", late.client_value_fen),
        ("未排入(加权)", "weighted unserved", out.weighted_fen),
        ("未排入(紧急)", "unserved by urgency", out.urgency_fen),
        ("未排入(客户价值)", "unserved by client value", out.client_value_fen),
        ("加班费", "overtime", bill.overtime_fen),
        ("改动代价", "change", bill.change_fen),
        ("负荷不均", "imbalance", bill.imbalance_fen),
        ("偏好代价", "preference", bill.preference_fen),
    ]
}

/// Steps that touch a date whose holiday notice is not published (R246).
pub(super) fn provisional(scene: &Scene) -> Vec<String> {
    let rows = scene.rows().filter(|(_, step, row)| is_provisional(scene, step, row));
    rows.map(|(_, step, _)| step.key.clone()).collect()
}

fn is_provisional(scene: &Scene, step: &Step, row: &Placed) -> bool {
    let work = scene.work;
    let guessed = |calendar, tick: Tick| {
        let date = work.book.zone_of(calendar).date(tick);
        work.book.is_provisional(calendar, date)
    };
    let ends = [row.span.start, row.span.end];
    if step.is_wait() {
        let clock = match step.wait {
            Lag::Minutes(_) => None,
            Lag::WorkingDays(_, clock) | Lag::WorkingMinutes(_, clock) => Some(clock),
        };
        return clock
            .is_some_and(|clock| ends.iter().any(|&tick| guessed(&work.clocks[clock], tick)));
    }
    let bureau = step.bureau.map(|(bureau, _)| &work.clocks[work.bureaus[bureau].hours]);
    if bureau.is_some_and(|calendar| guessed(calendar, row.span.start)) {
        return true;
    }
    distinct(&row.people).into_iter().any(|person| {
        let slots = scene.hours.within(person, step.remote, row.span);
        let bands = &work.people[person].bands;
        let worked = slots.filter(|slot| !spans::common(&row.pieces, &[slot.span]).is_empty());
        worked.into_iter().any(|slot| work.book.is_provisional(&bands[slot.band].present, slot.day))
    })
}
