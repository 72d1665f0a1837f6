//! The neutral *minutes* form: instances and plans of this trade in whole minutes from Monday 00:00
//! and whole fen, in which other solvers and an independent checker read and write them.
//!
//! People have shifts and overtime as spans, levels of skill 1 to 5 that set the pace, steps one
//! seat each, lags in elapsed minutes, office hours that bind the start, late fees per minute.
//! Rates per minute become rates per hour × 60, so that no price is rounded.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frame;
use crate::calendar::{Calendar, Date, Hours, Override};
use crate::exchange::json::{self, Formats};
use crate::model::issue::{Issue, Issues};
use crate::model::people::{BandKind, Bureau, Held, Person};
use crate::model::plan::Plan;
use crate::model::scenario::{Pin, Scenario};
use crate::model::ticket::{Lag, Link, LinkKind, Step, Ticket, UnservedPrice};
use crate::time::{DAY, Money};

/// `[start, end)` in minutes.
type Spans = Vec<[i64; 2]>;

#[derive(Deserialize, JsonSchema)]
struct Instance {
    #[schemars(range(min = 1, max = 1_581_120))]
    horizon: i64,
    factor_pct: BTreeMap<String, u32>,
    bureaus: BTreeMap<String, Spans>,
    staff: Vec<Staff>,
    tickets: Vec<Asked>,
}

#[derive(Deserialize, JsonSchema)]
struct Staff {
    #[schemars(length(min = 1, max = 100))]
    id: String,
    #[serde(default)]
    team: Option<String>,
    skills: BTreeMap<String, Level>,
    shifts: Spans,
    overtime: Spans,
    #[schemars(range(min = 0, max = 10_000_000))]
    overtime_rate: i64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
struct Level(#[schemars(range(min = 1, max = 5))] u8);

#[derive(Deserialize, JsonSchema)]
struct Asked {
    #[schemars(length(min = 1, max = 100))]
    id: String,
    #[schemars(range(min = 0, max = 1_581_120))]
    release: i64,
    #[schemars(range(min = 0, max = 5_000_000))]
    due: i64,
    late: Vec<Late>,
    #[schemars(range(min = 0))]
    unserved: i64,
    steps: Vec<Work>,
}

#[derive(Deserialize, JsonSchema)]
struct Late {
    #[schemars(range(min = 0, max = 5_000_000))]
    after: i64,
    #[schemars(range(min = 0))]
    fixed: i64,
    #[schemars(range(min = 0, max = 10_000_000))]
    rate: i64,
}

#[derive(Deserialize, JsonSchema)]
struct Work {
    #[schemars(length(min = 1, max = 100))]
    id: String,
    #[schemars(length(min = 1, max = 100))]
    skill: String,
    #[schemars(range(min = 1, max = 5))]
    min_level: u8,
    #[schemars(range(min = 1, max = 100_000))]
    effort: u32,
    preds: Vec<Before>,
    #[serde(default)]
    bureau: Option<String>,
    differs_from: Vec<String>,
    #[serde(default)]
    fixed_staff: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct Before {
    step: String,
    #[schemars(range(min = 0, max = 500_000))]
    lag: u32,
}

/// Reads an instance.
///
/// # Errors
/// Everything wrong with its form (J…) and its spans (B511).
pub(super) fn read(bytes: &[u8], name: &str) -> Result<Scenario, Issues> {
    let instance: Instance = json::read(bytes, &Formats::default())?;
    check(&instance)?;
    let mut scenario = frame::empty(name, instance.horizon);
    let pace = |level: u8| instance.factor_pct.get(&level.to_string()).copied().unwrap_or(100);
    scenario.policy.pace_percent = (1..=5).map(pace).collect();
    let mut hours = Calendars::default();
    for (id, spans) in &instance.bureaus {
        scenario.bureaus.push(bureau(id, hours.named(spans)));
    }
    let mut skills: Vec<&String> =
        instance.staff.iter().flat_map(|row| row.skills.keys()).collect();
    skills.extend(instance.tickets.iter().flat_map(|row| row.steps.iter().map(|step| &step.skill)));
    skills.sort();
    skills.dedup();
    scenario.skills = skills.into_iter().map(frame::skill).collect();
    scenario.people = instance.staff.iter().map(|row| person(row, &mut hours)).collect();
    scenario.calendars = hours.calendars;
    for row in instance.tickets {
        let fixed = row.steps.iter().filter_map(|step| Some((step, step.fixed_staff.clone()?)));
        scenario.pins.extend(fixed.map(|(step, person)| Pin {
            step: format!("{}/{}", row.id, step.id),
            people: vec![person],
            start: None,
            then: None,
        }));
        scenario.tickets.push(ticket(row));
    }
    Ok(scenario)
}

/// B511: spans that end before they begin, overlap, or lie outside the three years.
fn check(instance: &Instance) -> Result<(), Issues> {
    let mut issues = Vec::new();
    for (id, spans) in &instance.bureaus {
        issues.extend(disorder(spans.iter(), format!("$.bureaus[\"{id}\"]")));
    }
    for (row, staff) in instance.staff.iter().enumerate() {
        let both = staff.shifts.iter().chain(&staff.overtime);
        issues.extend(disorder(both, format!("$.staff[{row}]")));
    }
    if issues.is_empty() { Ok(()) } else { Err(issues) }
}

fn disorder<'a>(spans: impl Iterator<Item = &'a [i64; 2]>, path: String) -> Option<Issue> {
    let mut spans: Vec<&[i64; 2]> = spans.collect();
    spans.sort();
    let most = 2 * frame::MOST_SPAN;
    let odd = spans.iter().find(|[from, to]| *from < 0 || from >= to || *to > most);
    let twin = spans.windows(2).find(|pair| pair[0][1] > pair[1][0]).map(|pair| &pair[1]);
    let [from, to] = odd.or(twin)?;
    let issue = Issue::error(
        "B511",
        path,
        format!("时段 [{from}, {to}) 为空、超出范围或与别的时段重叠"),
        format!("the span [{from}, {to}) is empty, out of range or overlaps another"),
    );
    Some(
        issue.hint(
            "时段须互不重叠，开始小于结束",
            "spans must not overlap, and begin before they end",
        ),
    )
}

/// Calendars by the spans they hold: people with the same hours share one.
#[derive(Default)]
struct Calendars {
    known: BTreeMap<Spans, String>,
    calendars: Vec<Calendar>,
}

impl Calendars {
    /// The id of the calendar that is open in `spans`.
    fn named(&mut self, spans: &Spans) -> String {
        if let Some(id) = self.known.get(spans) {
            return id.clone();
        }
        let id = format!("hours-{}", self.calendars.len() + 1);
        self.known.insert(spans.clone(), id.clone());
        let overrides = overrides(spans);
        self.calendars.push(Calendar { id: id.clone(), overrides, ..Calendar::default() });
        id
    }
}

/// The dates on which `spans` are open; a run of dates with the same hours is one row.
fn overrides(spans: &Spans) -> Vec<Override> {
    let mut dates: BTreeMap<i64, Vec<Hours>> = BTreeMap::new();
    for [from, to] in spans {
        let mut at = *from;
        while at < *to {
            let day = at.div_euclid(DAY);
            let until = (*to).min((day + 1) * DAY);
            let minute = |at: i64| u16::try_from(at - day * DAY).expect("a day has 1440 minutes");
            let hours = Hours::new(minute(at), minute(until)).expect("it is part of one day");
            dates.entry(day).or_default().push(hours);
            at = until;
        }
    }
    let mut rows: Vec<Override> = Vec::new();
    for (day, mut hours) in dates {
        hours.sort();
        let date = |day: i64| Date::from(frame::moment(day * DAY).day());
        let last =
            rows.last_mut().filter(|row| row.to == Some(date(day - 1)) && row.hours == hours);
        match last {
            Some(row) => row.to = Some(date(day)),
            None => rows.push(Override { from: date(day), to: Some(date(day)), hours, note: None }),
        }
    }
    rows
}

fn bureau(id: &str, calendar: String) -> Bureau {
    Bureau {
        id: id.to_owned(),
        name: None,
        calendar,
        site: None,
        quota_per_day: None,
        disruptions: Vec::new(),
    }
}

fn person(staff: &Staff, hours: &mut Calendars) -> Person {
    let held = |(skill, level): (&String, &Level)| Held {
        skill: skill.clone(),
        level: level.0,
        until: None,
    };
    let mut bands = vec![frame::band(BandKind::Regular, hours.named(&staff.shifts), 0)];
    if !staff.overtime.is_empty() {
        let (calendar, price) = (hours.named(&staff.overtime), staff.overtime_rate * 60);
        bands.push(frame::band(BandKind::Overtime, calendar, price));
    }
    let person = frame::worker(staff.id.clone(), staff.skills.iter().map(held).collect(), bands);
    Person { team: staff.team.clone(), ..person }
}

fn ticket(asked: Asked) -> Ticket {
    let steps = asked.steps.into_iter().map(step).collect();
    let mut ticket = Ticket { steps, ..Ticket::bare(asked.id) };
    ticket.release = Some(frame::moment(asked.release));
    ticket.due = Some(frame::moment(asked.due));
    let curve = |late: &Late| frame::curve(Some(frame::moment(late.after)), late.fixed, late.rate);
    ticket.curves = asked.late.iter().map(curve).collect();
    let urgency_fen = Money(asked.unserved);
    ticket.unserved = Some(UnservedPrice { urgency_fen, client_value_fen: Money::ZERO });
    ticket
}

fn step(work: Work) -> Step {
    let link = |before: Before| Link {
        step: before.step,
        kind: LinkKind::FinishStart,
        lag: Some(Lag { minutes: Some(before.lag), ..Lag::default() }),
    };
    let mut step = frame::step(work.id, &work.skill, work.min_level, i64::from(work.effort));
    step.after = work.preds.into_iter().map(link).collect();
    step.bureau = work.bureau;
    step.differs_from = work.differs_from;
    step
}

#[derive(Serialize)]
struct Written<'a> {
    steps: Vec<WrittenStep<'a>>,
    unserved: Vec<&'a str>,
}

#[derive(Serialize)]
struct WrittenStep<'a> {
    ticket: &'a str,
    step: &'a str,
    staff: &'a str,
    start: i64,
    end: i64,
}

/// `plan`, made for a scenario that [`super::read`] gave, in the minutes form. Steps without people or
/// without an end have no place in it and are left out.
#[must_use]
pub fn plan_in_minutes(plan: &Plan) -> String {
    let zero = plan.zone.tick_from(frame::moment(0));
    let rows = plan.steps.iter().filter_map(|step| {
        Some(WrittenStep {
            ticket: &step.ticket,
            step: &step.step,
            staff: step.people.first()?,
            start: plan.zone.tick_from(step.start) - zero,
            end: plan.zone.tick_from(step.end?) - zero,
        })
    });
    let unserved = plan.unserved.iter().map(|row| row.ticket.as_str()).collect();
    let written = Written { steps: rows.collect(), unserved };
    let mut text = serde_json::to_string(&written).expect("it is made of texts and whole numbers");
    text.push('\n');
    text
}
