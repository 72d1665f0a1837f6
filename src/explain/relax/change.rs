//! One relaxation: what it changes in the question, and how it is told.

use crate::calendar::{Calendar, Hours, Moment, Weekly, Zone};
use crate::explain::reason::{Part, Question, Reason, Slot};
use crate::model::people::{Band, BandKind, Held, Person};
use crate::model::scenario::Scenario;
use crate::model::ticket::{Step, Ticket, Window};
use crate::time::Money;

/// What the person and calendar that bring more hours are called.
const EXTRA: &str = "+";

/// A single relaxation; lengths in minutes.
#[derive(PartialEq, Eq)]
pub(super) enum Change {
    /// Windows of a step wider at both ends.
    Windows { step: String, minutes: i64 },
    /// A later hard end.
    End { step: String, minutes: i64 },
    /// Higher overtime caps.
    Overtime { person: String, minutes: i64 },
    /// So much of a skill more, from the opening of each working day on.
    Hours { skill: String, level: u8, minutes: i64 },
    /// One more a day.
    Quota { bureau: String },
    /// A later promise, curves included.
    Due(i64),
    /// A later horizon.
    Horizon(i64),
    /// A pin less.
    Pin { row: usize, step: String },
    /// A lower level of one seat.
    Level { step: String, seat: usize, skill: String, level: u8 },
    /// An exclusion less.
    Exclusion { person: String },
}

impl Change {
    /// Whether it changes more than one ticket.
    pub(super) fn is_shared(&self) -> bool {
        matches!(
            self,
            Change::Overtime { .. }
                | Change::Hours { .. }
                | Change::Quota { .. }
                | Change::Horizon(_)
                | Change::Pin { .. }
        )
    }

    /// The relaxation, made to ticket `owner`, as a reason about ticket `key`.
    pub(super) fn part(&self, key: &str, owner: &str) -> Part {
        let about = |reason| {
            let part = Part::new(Question::Relax, reason).key(Slot::Ticket, key);
            if owner == key { part } else { part.key(Slot::OtherTicket, owner) }
        };
        let step_of =
            |reason, step: &str| about(reason).key(Slot::Step, &format!("{owner}/{step}"));
        match self {
            Change::Due(minutes) if owner != key => {
                about(Reason::CompanionDue).number(Slot::Minutes, *minutes)
            }
            Change::Exclusion { person } if owner != key => {
                about(Reason::CompanionAdmits).key(Slot::Person, person)
            }
            Change::Windows { step, minutes } => {
                step_of(Reason::WiderWindow, step).number(Slot::Minutes, *minutes)
            }
            Change::End { step, minutes } => {
                step_of(Reason::LaterEnd, step).number(Slot::Minutes, *minutes)
            }
            Change::Overtime { person, minutes } => {
                let part = about(Reason::MoreOvertime).key(Slot::Person, person);
                part.number(Slot::Minutes, *minutes)
            }
            Change::Hours { skill, level, minutes } => {
                let part = about(Reason::MoreHours).key(Slot::Skill, skill);
                part.number(Slot::Needed, i64::from(*level)).number(Slot::Minutes, *minutes)
            }
            Change::Quota { bureau } => {
                about(Reason::MoreQuota).key(Slot::Bureau, bureau).number(Slot::Count, 1)
            }
            Change::Due(minutes) => about(Reason::LaterDue).number(Slot::Minutes, *minutes),
            Change::Horizon(minutes) => about(Reason::LaterHorizon).number(Slot::Minutes, *minutes),
            Change::Pin { step, .. } => about(Reason::PinLifted).key(Slot::Other, step),
            Change::Level { step, skill, level, .. } => {
                let part = step_of(Reason::LowerLevel, step).key(Slot::Skill, skill);
                part.number(Slot::Needed, i64::from(*level))
            }
            Change::Exclusion { person } => {
                about(Reason::ExclusionLifted).key(Slot::Person, person)
            }
        }
    }

    /// `scenario` with the change made; `None` when there is nothing to change.
    pub(super) fn applied(&self, scenario: &Scenario, key: &str) -> Option<Scenario> {
        let mut relaxed = scenario.clone();
        let zone = scenario.zone;
        let row = scenario.tickets.iter().position(|ticket| ticket.id == key)?;
        match self {
            Change::Windows { step, minutes } => widen(&mut relaxed, row, step, zone, *minutes)?,
            Change::End { step, minutes } => put_off(&mut relaxed, row, step, zone, *minutes)?,
            Change::Overtime { person, minutes } => allow(&mut relaxed, person, *minutes)?,
            Change::Hours { skill, level, minutes } => {
                reinforce(&mut relaxed, skill, *level, *minutes)?;
            }
            Change::Quota { bureau } => {
                let bureau = relaxed.bureaus.iter_mut().find(|b| b.id == *bureau)?;
                *bureau.quota_per_day.as_mut()? += 1;
            }
            Change::Due(minutes) => {
                let ticket = &mut relaxed.tickets[row];
                let curves = ticket.curves.iter_mut().filter_map(|curve| curve.after.as_mut());
                for moment in curves.chain(ticket.due.as_mut()) {
                    *moment = shifted(zone, *moment, *minutes);
                }
            }
            Change::Horizon(minutes) => {
                relaxed.horizon = shifted(zone, relaxed.horizon, *minutes);
            }
            Change::Pin { row, .. } => {
                relaxed.pins.remove(*row);
            }
            Change::Level { step, seat, level, .. } => {
                step_of(&mut relaxed, row, step)?.seats.get_mut(*seat)?.level = *level;
            }
            Change::Exclusion { person } => {
                let ticket = &mut relaxed.tickets[row];
                ticket.excluded.retain(|excluded| excluded != person);
                let client = ticket.client.clone();
                let clients = relaxed.clients.iter_mut();
                for client in clients.filter(|other| Some(&other.id) == client.as_ref()) {
                    client.excluded.retain(|excluded| excluded != person);
                }
            }
        }
        Some(relaxed)
    }
}

fn shifted(zone: Zone, moment: Moment, minutes: i64) -> Moment {
    zone.moment(zone.tick_from(moment) + minutes)
}

/// The step of the ticket in `row`, which gets steps of its own if it had its service's.
fn step_of<'a>(scenario: &'a mut Scenario, row: usize, step: &str) -> Option<&'a mut Step> {
    if scenario.tickets[row].steps.is_empty() {
        scenario.tickets[row].steps = super::steps_of(scenario, &scenario.tickets[row]);
    }
    let ticket: &mut Ticket = &mut scenario.tickets[row];
    ticket.steps.iter_mut().find(|own| own.id == step)
}

fn widen(scenario: &mut Scenario, row: usize, step: &str, zone: Zone, minutes: i64) -> Option<()> {
    let stretch = |windows: &mut Vec<Window>| {
        for window in windows {
            window.from = shifted(zone, window.from, -minutes);
            window.to = shifted(zone, window.to, minutes);
        }
    };
    stretch(&mut step_of(scenario, row, step)?.windows);
    let adjusts = scenario.tickets[row].adjust.iter_mut().filter(|adjust| adjust.step == step);
    adjusts.filter_map(|adjust| adjust.windows.as_mut()).for_each(stretch);
    Some(())
}

fn put_off(
    scenario: &mut Scenario,
    row: usize,
    step: &str,
    zone: Zone,
    minutes: i64,
) -> Option<()> {
    let later = |end: &mut Moment| *end = shifted(zone, *end, minutes);
    step_of(scenario, row, step)?.latest_end.as_mut().map(later);
    let adjusts = scenario.tickets[row].adjust.iter_mut().filter(|adjust| adjust.step == step);
    adjusts.filter_map(|adjust| adjust.latest_end.as_mut()).for_each(later);
    Some(())
}

fn allow(scenario: &mut Scenario, person: &str, minutes: i64) -> Option<()> {
    let minutes = u32::try_from(minutes).ok()?;
    let person = scenario.people.iter_mut().find(|other| other.id == person)?;
    for band in person.bands.iter_mut().filter(|band| band.kind != BandKind::Regular) {
        let caps =
            [&mut band.cap_day_minutes, &mut band.cap_week_minutes, &mut band.cap_month_minutes];
        caps.into_iter().flatten().for_each(|cap| *cap += minutes);
    }
    Some(())
}

/// Adds somebody who holds `skill` at `level` and works the first `minutes` of each working day of
/// somebody who holds it already (of anybody, if nobody does).
fn reinforce(scenario: &mut Scenario, skill: &str, level: u8, minutes: i64) -> Option<()> {
    let holds = |person: &&Person| person.skills.iter().any(|held| held.skill == skill);
    let regular = |person: &Person| {
        let band = person.bands.iter().find(|band| band.kind == BandKind::Regular);
        band.map(|band| band.calendar.clone())
    };
    let key = scenario.people.iter().filter(holds).find_map(regular);
    let key = key.or_else(|| scenario.people.iter().find_map(regular))?;
    let calendar = scenario.calendars.iter().find(|calendar| calendar.id == key)?;
    let mut short = cut_calendar(calendar, minutes);
    while scenario.calendars.iter().any(|other| other.id == short.id) {
        short.id.push_str(EXTRA);
    }
    let held = Held { skill: skill.to_owned(), level, until: None };
    let mut person = somebody(short.id.clone(), held);
    while scenario.people.iter().any(|other| other.id == person.id) {
        person.id.push_str(EXTRA);
    }
    scenario.calendars.push(short);
    scenario.people.push(person);
    Some(())
}

fn somebody(calendar: String, held: Held) -> Person {
    let band = Band {
        kind: BandKind::Regular,
        calendar,
        price_per_hour_fen: Money::ZERO,
        cap_day_minutes: None,
        cap_week_minutes: None,
        cap_month_minutes: None,
        used: Vec::new(),
    };
    Person {
        id: EXTRA.to_owned(),
        name: None,
        team: None,
        skills: vec![held],
        bands: vec![band],
        base: None,
        urgent_only: false,
        trainee: false,
        mentors: Vec::new(),
        absences: Vec::new(),
        overrides: Vec::new(),
        rest_minutes: None,
    }
}

/// `calendar` with only the first `minutes` of each date's hours.
fn cut_calendar(calendar: &Calendar, minutes: i64) -> Calendar {
    let mut short = calendar.clone();
    short.id = EXTRA.to_owned();
    short.weekly = cut_weekly(&calendar.weekly, minutes);
    for revision in &mut short.revisions {
        revision.weekly = cut_weekly(&revision.weekly, minutes);
    }
    for other in &mut short.overrides {
        other.hours = cut(&other.hours, minutes);
    }
    short
}

fn cut_weekly(weekly: &Weekly, minutes: i64) -> Weekly {
    let day = |hours: &[Hours]| cut(hours, minutes);
    Weekly {
        mon: day(&weekly.mon),
        tue: day(&weekly.tue),
        wed: day(&weekly.wed),
        thu: day(&weekly.thu),
        fri: day(&weekly.fri),
        sat: day(&weekly.sat),
        sun: day(&weekly.sun),
    }
}

fn cut(hours: &[Hours], minutes: i64) -> Vec<Hours> {
    let mut sorted = hours.to_vec();
    sorted.sort_unstable();
    let mut left = minutes;
    let mut kept = Vec::new();
    for window in sorted {
        let closes = window.closes().min(window.opens() + left);
        left -= closes - window.opens();
        let ends = (u16::try_from(window.opens()).ok(), u16::try_from(closes).ok());
        if let (Some(opens), Some(closes)) = ends {
            kept.extend(Hours::new(opens, closes));
        }
    }
    kept
}
