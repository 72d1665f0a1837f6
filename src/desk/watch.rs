//! Watching over open tickets (R067): the daily clear, what is due of every ticket every day, and
//! the exceptions, what does not wait for a time of day. Which tickets are at risk (R079), and who
//! leads where several people serve one client (R190).

use std::collections::{BTreeMap, BTreeSet};

use super::clock::MINUTE;
use super::event::Event;
use super::life::{Happening, Life, Node, Stage};
use super::rules::daily_at;
use crate::calendar::{Book, Day, Label};
use crate::model::ticket::{Curve, Service, Step, Ticket, Track};
use crate::policy::desk::{Daily, Desk};
use crate::time::{DAY, Span, Tick};

/// The kinds of events from which on a ticket has duties: a date is promised, or the result came
/// back.
const BEGINS: [&str; 2] = ["ticket.accepted", "ticket.returned"];
/// The kinds that end them: the client has the result, or wants none.
const ENDS: [&str; 2] = ["ticket.delivered", "ticket.called_off"];

/// A duty of one day of one ticket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Duty<'d> {
    /// Which.
    pub daily: &'d Daily,
    /// When the office opens that day; its time, if that is earlier.
    pub opens_ms: i64,
    /// By when.
    pub by_ms: i64,
    /// When it was done that day, if it was.
    pub done_ms: Option<i64>,
}

/// Since when a ticket was under way, and until when: from the promise until the client has the
/// result, and again when it came back. No end while it lasts.
#[must_use]
pub fn under_way(events: &[Event]) -> Vec<(i64, Option<i64>)> {
    let mut spans: Vec<(i64, Option<i64>)> = Vec::new();
    for event in events {
        let kind = event.kind.as_str();
        match spans.last_mut().filter(|span| span.1.is_none()) {
            Some(span) if ENDS.contains(&kind) => span.1 = Some(event.at_ms),
            None if BEGINS.contains(&kind) => spans.push((event.at_ms, None)),
            _ => {}
        }
    }
    spans
}

/// Of what sort a ticket is, for duties that only some have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sort {
    /// Whether several authorities work on it (R046).
    pub is_several: bool,
    /// Whether it is on the urgent track (R068).
    pub is_urgent: bool,
}

impl Sort {
    /// The sort of `ticket`.
    #[must_use]
    pub fn of(desk: &Desk, services: &[Service], ticket: &Ticket) -> Sort {
        let is_several = is_several(desk, services, ticket);
        Sort { is_several, is_urgent: ticket.track == Track::Urgent }
    }

    fn has(self, daily: &Daily) -> bool {
        (self.is_several || !daily.several_agencies) && (self.is_urgent || !daily.urgent)
    }
}

/// Whether `event` does a daily duty: the kind of message counts where one is laid down (R048).
fn does(event: &Event, daily: &Daily) -> bool {
    let is_it = |node: Node| {
        let told = Happening::read(event);
        matches!(told, Ok(Some(Happening::ClientTold { node: own, .. })) if own == node)
    };
    event.kind == daily.done_by && daily.node.is_none_or(is_it)
}

/// Whether several authorities work on a ticket (R046): so many its steps begin at or wait for,
/// partners of the firm not counted.
#[must_use]
pub fn is_several(desk: &Desk, services: &[Service], ticket: &Ticket) -> bool {
    let service = services.iter().find(|one| Some(&one.id) == ticket.service.as_ref());
    let template = service.map_or(&[][..], |service| match (ticket.track, &service.urgent) {
        (Track::Urgent, Some(urgent)) => urgent,
        _ => &service.normal,
    });
    let steps = if ticket.steps.is_empty() { template } else { &ticket.steps };
    let is_partner = |step: &&Step| {
        let mut waits = desk.partners.iter().flat_map(|partner| &partner.waits);
        waits.any(|wait| Some(&wait.service) == ticket.service.as_ref() && wait.step == step.id)
    };
    let name = |step: &'_ Step| match step.bureau.as_deref() {
        Some("@ticket") => ticket.bureau.clone(),
        Some(bureau) => Some(bureau.to_owned()),
        None => step.by.as_ref().map(|by| by.zh.clone()),
    };
    let names: BTreeSet<String> =
        steps.iter().filter(|step| !is_partner(step)).filter_map(name).collect();
    names.len() > 1
}

/// The daily duties of a ticket on `day` (R047, R048, R068): none on a day the office is closed,
/// before a date is promised and once the client has the result; those about several authorities
/// only where there are several (R046), those of urgent tickets only for these.
#[must_use]
pub fn duties<'d>(
    desk: &'d Desk,
    book: &Book,
    events: &[Event],
    (day, sort): (Day, Sort),
) -> Vec<Duty<'d>> {
    let zone = book.zone();
    let midnight = zone.midnight(day);
    let whole = Span::new(midnight, zone.midnight(day.plus(1)));
    let office = desk.working.as_deref().and_then(|id| book.calendar(id));
    let opens = match office {
        Some(office) => book.open_spans(office, whole).first().map(|first| first.span.start),
        None => Some(midnight),
    };
    let Some(opens) = opens else { return Vec::new() };
    let (from_ms, to_ms) = (whole.start.0 * MINUTE, whole.end.0 * MINUTE);
    let spans = under_way(events);
    let mut found = Vec::new();
    for daily in desk.daily.iter().filter(|daily| sort.has(daily)) {
        let Some(time) = daily_at(daily, day) else { continue };
        let minute = i64::from(time.hour) * 60 + i64::from(time.minute);
        let by_ms = at(zone, day, minute) * MINUTE;
        let is_then =
            |span: &(i64, Option<i64>)| span.0 <= by_ms && span.1.is_none_or(|end| by_ms < end);
        if !spans.iter().any(is_then) {
            continue;
        }
        let is_done =
            |event: &&Event| (from_ms..to_ms).contains(&event.at_ms) && does(event, daily);
        let done_ms = events.iter().find(is_done).map(|event| event.at_ms);
        let opens_ms = (opens.0 * MINUTE).min(by_ms);
        found.push(Duty { daily, opens_ms, by_ms, done_ms });
    }
    found
}

/// The minute of the wall clock on `day`; where the clock is set, the one at or after it.
fn at(zone: crate::calendar::Zone, day: Day, minute: i64) -> i64 {
    let first = zone.midnight(day);
    let last = zone.midnight(day.plus(1));
    let guess = Tick(first.0 + minute);
    let off = minute - zone.minute_of_day(guess);
    Tick(guess.0 + off).max(first).min(last).0
}

/// Something that does not wait for a time of day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Exception {
    /// It went wrong and is not answered (R071).
    Anomaly(String),
    /// It cannot go on (R187).
    Blocked(String),
    /// Two have rejected it (R192).
    Manager,
    /// The client's calls were missed (R186).
    Calls(u32),
    /// The client had to ask so often (R066).
    Chased(u32),
    /// It came back and is done again (R072).
    Rework,
}

/// What of a ticket does not wait (R067).
#[must_use]
pub fn exceptions(life: &Life) -> Vec<Exception> {
    let beside = &life.beside;
    let is_again = life.returns > 0 && life.stage == Stage::InProgress;
    let found = [
        life.anomaly.clone().map(Exception::Anomaly),
        beside.block.as_ref().map(|block| Exception::Blocked(block.reason.clone())),
        (life.stage == Stage::ManagerDecision).then_some(Exception::Manager),
        (beside.missed_calls > 0).then_some(Exception::Calls(beside.missed_calls)),
        (beside.chases > 0 && !life.stage.is_end()).then_some(Exception::Chased(beside.chases)),
        is_again.then_some(Exception::Rework),
    ];
    found.into_iter().flatten().collect()
}

impl Exception {
    /// What people read.
    #[must_use]
    pub fn label(&self) -> Label {
        match self {
            Exception::Anomaly(what) => {
                Label::new(format!("异常：{what}"), format!("went wrong: {what}"))
            }
            Exception::Blocked(reason) => {
                Label::new(format!("受阻：{reason}"), format!("cannot go on: {reason}"))
            }
            Exception::Manager => {
                Label::new("两次被拒，待经理决定", "rejected twice: the manager decides")
            }
            Exception::Calls(count) => {
                Label::new(format!("未接来电 {count} 个"), format!("{count} calls missed"))
            }
            Exception::Chased(count) => Label::new(
                format!("客户催问 {count} 次"),
                format!("the client asked {count} times"),
            ),
            Exception::Rework => Label::new("退回重做", "done again"),
        }
    }
}

/// A ticket that may cost something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Risk {
    /// Which.
    pub ticket: String,
    /// When it is owed.
    pub owed_ms: Option<i64>,
    /// When it will be done, at the latest.
    pub latest_ms: i64,
    /// What that costs on average, in fen.
    pub expected_fen: i64,
    /// What does not wait.
    pub exceptions: Vec<Exception>,
}

/// When a plan finishes a ticket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Planned {
    /// Then.
    At(i64),
    /// It leaves the ticket out, and plans up to this moment.
    Not(i64),
}

/// How much a ticket is at risk (R079): the forecast's two ends priced by `price`, the mean of
/// both rounded up; without a forecast the plan's finish. A promised ticket that the plan leaves
/// out is late by the end of the plan at the least. None when nothing is at stake.
pub fn risk(
    (ticket, life): (&str, &Life),
    planned: Planned,
    price: impl Fn(i64) -> i64,
) -> Option<Risk> {
    let forecast = life.beside.forecast.as_ref();
    let ends = forecast.map(|one| (one.earliest_ms, one.latest_ms));
    let (earliest, latest_ms) = ends.or(unforecast(life, planned).map(|at| (at, at)))?;
    let both = i128::from(price(earliest)) + i128::from(price(latest_ms));
    let expected_fen = i64::try_from((both + 1).div_euclid(2)).unwrap_or(i64::MAX);
    let (owed_ms, exceptions) = (life.owed_ms(), exceptions(life));
    let is_late = owed_ms.is_some_and(|owed| latest_ms > owed);
    let is_open = !life.stage.is_end() && life.signed_ms.is_none();
    let is_at_risk = is_open && (expected_fen > 0 || is_late || !exceptions.is_empty());
    let ticket = ticket.to_owned();
    is_at_risk.then_some(Risk { ticket, owed_ms, latest_ms, expected_fen, exceptions })
}

/// When a ticket nobody made a forecast of will be done.
fn unforecast(life: &Life, planned: Planned) -> Option<i64> {
    match planned {
        Planned::At(at_ms) => Some(at_ms),
        // The client has it: whatever is wrong with it, it is not late any more.
        Planned::Not(_) if life.stage == Stage::Delivered => life.owed_ms(),
        Planned::Not(end_ms) => {
            let owed_ms = life.owed_ms().filter(|_| life.stage.is_promised())?;
            Some(end_ms.max(owed_ms.saturating_add(MINUTE)))
        }
    }
}

/// What finishing `ticket` at `finish_ms` costs by its own curves, unweighted, in fen.
#[must_use]
pub fn lateness_fen(ticket: &Ticket, book: &Book, finish_ms: i64) -> i64 {
    let zone = book.zone();
    let finish = Tick(finish_ms.div_euclid(MINUTE));
    let amount = |curve: &Curve| {
        let after = zone.tick_from(curve.after.or(ticket.due)?);
        let late = Span::new(after, finish.max(after));
        let calendar = curve.calendar.as_deref().and_then(|id| book.calendar(id));
        let minutes = calendar.map_or(late.minutes(), |office| book.open_minutes(office, late));
        if minutes <= 0 {
            return None;
        }
        let days = calendar
            .map_or((minutes + DAY - 1) / DAY, |office| book.open_dates_begun(office, late));
        let hours = curve.per_hour_fen.scaled_up(minutes, 60);
        let whole = curve.fixed_fen + hours + curve.per_day_fen.scaled_up(days, 1);
        Some(curve.cap_fen.map_or(whole, |cap| whole.min(cap)).0)
    };
    ticket.curves.iter().filter_map(amount).fold(0, i64::saturating_add)
}

/// The list in the order in which it is looked at: what costs most, then what is owed first.
pub fn rank(risks: &mut [Risk]) {
    risks.sort_by(|one, other| {
        let owed = |risk: &Risk| risk.owed_ms.unwrap_or(i64::MAX);
        let by_cost = other.expected_fen.cmp(&one.expected_fen);
        by_cost.then(owed(one).cmp(&owed(other))).then(one.ticket.cmp(&other.ticket))
    });
}

/// Who leads where several people drive tickets of one client (R190): the client's own person when
/// he drives one, else whoever drives most, by name where they drive as many; and all of them.
#[must_use]
pub fn lead<'p>(owner: Option<&str>, drivers: &[&'p str]) -> Option<(&'p str, Vec<&'p str>)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for driver in drivers {
        *counts.entry(driver).or_default() += 1;
    }
    let own = owner.and_then(|owner| counts.keys().find(|one| **one == owner).copied());
    let most = counts.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)));
    let lead = own.or(most.map(|(name, _)| *name))?;
    Some((lead, counts.into_keys().collect()))
}

/// Tickets with the same trouble (R135): from `least` open ones with the same anomaly on, the first
/// by name and the others that are not linked to it yet.
#[must_use]
pub fn mass<'t>(open: &[(&'t str, &Life)], least: usize) -> Vec<(&'t str, Vec<&'t str>)> {
    let mut groups: BTreeMap<&str, Vec<(&'t str, &Life)>> = BTreeMap::new();
    for (ticket, life) in open {
        if let Some(anomaly) = &life.anomaly {
            groups.entry(anomaly.trim()).or_default().push((ticket, life));
        }
    }
    let mut found = Vec::new();
    for mut group in groups.into_values().filter(|group| group.len() >= least.max(2)) {
        group.sort_by_key(|(ticket, _)| *ticket);
        let first = group[0].0;
        let is_apart = |life: &Life| life.beside.linked_to.as_deref() != Some(first);
        let others = group[1..].iter().filter(|(_, life)| is_apart(life)).map(|one| one.0);
        let others: Vec<&str> = others.collect();
        if !others.is_empty() {
            found.push((first, others));
        }
    }
    found
}
