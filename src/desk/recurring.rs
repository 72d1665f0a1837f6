//! What comes again by itself: tickets for services owed every month or quarter (R111, R112), the
//! table of progress for superiors (R180), data of clients to be gone through (R241).

use super::clock::MINUTE;
use super::life::{Life, Phase};
use super::watch::{Exception, exceptions};
use crate::calendar::{Book, Date, Day, Label, Moment};
use crate::model::ticket::Ticket;
use crate::policy::desk::{Desk, Digest, Obligation, Period, Shift};
use crate::time::{Span, Tick};

/// Dates looked at for one the office is open on.
const REACH: i32 = 40;

/// The dates by which `one` is owed from `first` to `last`, both included (R111): the stated day of
/// the stated month, moved to an open date of the office as it says.
#[must_use]
pub fn dates(desk: &Desk, book: &Book, one: &Obligation, first: Day, last: Day) -> Vec<Day> {
    let both = stated_and_moved(desk, book, one, (first, last)).into_iter();
    both.map(|(_, moved)| moved).collect()
}

/// The same, each behind the date as it is stated, which is in the month it is owed for.
fn stated_and_moved(
    desk: &Desk,
    book: &Book,
    one: &Obligation,
    (first, last): (Day, Day),
) -> Vec<(Day, Day)> {
    let every = match one.per {
        Period::Month => 1,
        Period::Quarter => 3,
        Period::Year => 12,
    };
    let mut found = Vec::new();
    // A month earlier and later: a date may be moved out of its month.
    let count = |day: Day| i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
    for month in count(first) - 1..=count(last) + 1 {
        if month.rem_euclid(every) != i64::from(one.month) - 1 {
            continue;
        }
        let Some(day) = day_of(month, one.day) else { continue };
        let moved = moved(desk, book, day, one.shift);
        if (first..=last).contains(&moved) {
            found.push((day, moved));
        }
    }
    found
}

/// The day of a month counted from the year 0, or its last where it has fewer.
fn day_of(month: i64, day: u8) -> Option<Day> {
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let month = u32::try_from(month.rem_euclid(12) + 1).ok()?;
    let last = u32::from(day).clamp(1, 31);
    (28..=last).rev().chain([last]).find_map(|day| Date::new(year, month, day)).map(Date::day)
}

fn moved(desk: &Desk, book: &Book, day: Day, shift: Shift) -> Day {
    let step = match shift {
        Shift::None => return day,
        Shift::Earlier => -1,
        Shift::Later => 1,
    };
    (0..REACH)
        .map(|count| day.plus(step * count))
        .find(|day| is_open(desk, book, *day))
        .unwrap_or(day)
}

fn is_open(desk: &Desk, book: &Book, day: Day) -> bool {
    let office = desk.working.as_deref().and_then(|id| book.calendar(id));
    office.is_none_or(|office| !book.hours_on(office, day).is_empty())
}

/// The clients an obligation is owed to on `day`: the one it names, or those whose agreement is of
/// its tier.
fn owed_to<'d>(desk: &'d Desk, one: &'d Obligation, day: Day) -> Vec<&'d str> {
    if let Some(client) = &one.client {
        return vec![client];
    }
    let is_his = |contract: &&crate::policy::desk::Contract| {
        contract.on(day).is_some_and(|agreement| Some(&agreement.tier) == one.tier.as_ref())
    };
    desk.contracts.iter().filter(is_his).map(|contract| contract.client.as_str()).collect()
}

/// The tickets of all obligations owed from `first` to `last` (R111, R112). Each takes the steps of
/// its service, so it takes people's time in the plan; it can be begun its lead before it is owed,
/// and is owed when the office closes that day. Its key says obligation, client and month: made
/// twice it is the same ticket.
#[must_use]
pub fn tickets(desk: &Desk, book: &Book, first: Day, last: Day) -> Vec<Ticket> {
    let mut found = Vec::new();
    for one in &desk.obligations {
        for (stated, day) in stated_and_moved(desk, book, one, (first, last)) {
            for client in owed_to(desk, one, day) {
                found.push(ticket(desk, book, one, (client, stated, day)));
            }
        }
    }
    found.sort_by(|one, other| (one.due, &one.id).cmp(&(other.due, &other.id)));
    found
}

fn ticket(
    desk: &Desk,
    book: &Book,
    one: &Obligation,
    (client, stated, day): (&str, Day, Day),
) -> Ticket {
    let office = desk.working.as_deref().and_then(|id| book.calendar(id));
    let closes = office.and_then(|office| book.hours_on(office, day).last().copied());
    let minute = closes.map_or(1439, |hours| hours.closes().clamp(0, 1439));
    let due = Moment::local(day, u16::try_from(minute).unwrap_or(1439));
    let release = Moment::local(day.plus(-i32::from(one.lead_days)), 0);
    // Two may be moved into one month.
    let (year, month) = (stated.year(), stated.month());
    Ticket {
        title: Some(Label::new(
            format!("{} {year} 年 {month} 月", one.label.zh),
            format!("{} {year:04}-{month:02}", one.label.en),
        )),
        client: Some(client.to_owned()),
        service: Some(one.service.clone()),
        release: Some(release),
        due: Some(due),
        ..Ticket::bare(format!("{}-{client}-{year:04}-{month:02}", one.id))
    }
}

/// A line of the table of progress (R180).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The ticket.
    pub ticket: String,
    /// The phase it is in.
    pub phase: Option<Phase>,
    /// What people call its stage.
    pub stage: Label,
    /// Who drives it.
    pub driver: Option<String>,
    /// When it is owed.
    pub owed_ms: Option<i64>,
    /// When it is expected: earliest and latest.
    pub expected_ms: Option<(i64, i64)>,
    /// What does not wait.
    pub exceptions: Vec<Exception>,
}

/// The table of progress of open tickets (R180): those with something that does not wait first,
/// then by the date they are owed.
#[must_use]
pub fn digest(tickets: &[(&str, &Life)]) -> Vec<Line> {
    let line = |(ticket, life): &(&str, &Life)| Line {
        ticket: (*ticket).to_owned(),
        phase: life.stage.phase(),
        stage: life.stage.label(),
        driver: life.crew.as_ref().map(|crew| crew.driver.clone()),
        owed_ms: life.owed_ms(),
        expected_ms: life.beside.forecast.as_ref().map(|one| (one.earliest_ms, one.latest_ms)),
        exceptions: exceptions(life),
    };
    let is_open = |(_, life): &&(&str, &Life)| !life.stage.is_end() && life.signed_ms.is_none();
    let mut lines: Vec<Line> = tickets.iter().filter(is_open).map(line).collect();
    lines.sort_by_key(|line| {
        let owed = line.owed_ms.unwrap_or(i64::MAX);
        (line.exceptions.is_empty(), owed, line.ticket.clone())
    });
    lines
}

/// When the next table is due, from `from_ms` on (R180): at its time on its day of the week, moved
/// to the last open date before it where the office is closed; without a day on every open date.
#[must_use]
pub fn digest_due(desk: &Desk, book: &Book, digest: &Digest, from_ms: i64) -> Option<i64> {
    let zone = book.zone();
    let first = zone.date(Tick(from_ms.div_euclid(MINUTE)));
    let minute = i64::from(digest.hour) * 60 + i64::from(digest.minute);
    let days = (0..REACH).map(|count| first.plus(count));
    let days = days.filter_map(|day| match digest.weekday {
        Some(weekday) if day.weekday() != weekday => None,
        Some(_) => Some(moved(desk, book, day, Shift::Earlier)),
        None => is_open(desk, book, day).then_some(day),
    });
    let mut times = days.map(|day| (zone.midnight(day).0 + minute) * MINUTE);
    times.find(|at| *at >= from_ms)
}

/// What is known of how old a client's data are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record<'a> {
    /// The client.
    pub client: &'a str,
    /// When they were last gone through; never, if not.
    pub seen_ms: Option<i64>,
    /// What is missing of what is collected (R239).
    pub missing: Vec<&'a str>,
}

/// A client whose data are to be gone through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stale<'a> {
    /// The client.
    pub client: &'a str,
    /// Days since they were last gone through; none when they never were.
    pub days: Option<i64>,
    /// What is missing.
    pub missing: Vec<&'a str>,
}

/// The clients whose data are older than the policy says, or lack something (R241): those never
/// gone through first, then the oldest.
#[must_use]
pub fn stale<'a>(records: &[Record<'a>], most_days: u32, now_ms: i64) -> Vec<Stale<'a>> {
    let days = |seen: i64| {
        Span::new(Tick(seen / MINUTE), Tick((now_ms / MINUTE).max(seen / MINUTE))).minutes() / 1440
    };
    let mut found: Vec<Stale<'a>> = records
        .iter()
        .map(|one| Stale {
            client: one.client,
            days: one.seen_ms.map(days),
            missing: one.missing.clone(),
        })
        .filter(|one| {
            one.days.is_none_or(|days| days > i64::from(most_days)) || !one.missing.is_empty()
        })
        .collect();
    found.sort_by_key(|one| (one.days.map(std::cmp::Reverse), one.client));
    found
}
