//! A day at the desk, told: what was done, what comes tomorrow and what is wanted of clients, ticket
//! by ticket, as the daily report drafts it (R070); clocks that warned or ran out; promises at risk.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::drive::template;
use super::due::CLOCK;
use super::{DeskFile, Laid, must_any};
use crate::app::service::base::Base;
use crate::app::service::kept::{Kept, damaged, readable};
use crate::app::service::marks::{List, OPEN};
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::standing::InForce;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::{Book, Date, Day, Label, Moment, Zone};
use crate::desk::clock::MINUTE;
use crate::desk::event::{Event, Stream};
use crate::desk::life::Stage;
use crate::desk::told::{Draft, daily};
use crate::model::plan::{PlannedStep, Standing};
use crate::policy::desk::Post;
use crate::store::MOST_ROWS;
use crate::time::{Span, Tick};

/// Days looked ahead for the next one the office is open on.
const AHEAD: i32 = 21;

/// A day at the desk (日报).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct DayReport {
    /// The local date.
    pub day: String,
    /// The next date the office is open on: what is planned is told for that (R070).
    pub next_day: String,
    /// Tickets created that day.
    pub created: usize,
    /// How many open tickets stand at each stage by now.
    pub stages: Vec<StageCount>,
    /// Tickets of which there is something to tell.
    pub tickets: Vec<TicketDay>,
    /// What clocks said that day.
    pub clocks: Vec<ClockDay>,
    /// Promises that a plan published that day does not keep (R131).
    pub at_risk: Vec<RiskDay>,
    /// Tickets that cannot be read: `desk rebuild` reads them from the log again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unread: BTreeSet<String>,
}

/// How many tickets stand at a stage.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// What people call it.
    pub name: Label,
    /// So many.
    pub count: usize,
}

/// The draft of a ticket's daily report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TicketDay {
    /// The ticket.
    pub ticket: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Label>,
    /// What was done.
    pub done: Vec<Label>,
    /// What the plan has for the next day the office is open on.
    pub tomorrow: Vec<Label>,
    /// What the client must do.
    pub client: Vec<Label>,
}

/// What a clock said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClockDay {
    /// When.
    pub at: Moment,
    /// Of which ticket.
    pub ticket: String,
    /// What people call the clock.
    pub name: Label,
    /// The piece of material it is about, if it is about one (R029).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Label>,
    /// The kind of event, such as `ticket.clock_breached`.
    pub kind: String,
    /// What people call that.
    pub said: Label,
    /// To whom it was put.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
    /// Who had to act, where somebody was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// A promise at risk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RiskDay {
    /// When that was found.
    pub at: Moment,
    /// The ticket.
    pub ticket: String,
    /// What was promised.
    pub promised: Moment,
    /// What the plan has; none where it leaves the ticket out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Moment>,
    /// Who has to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The post that has to, where nobody had the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
}

impl Service {
    /// What is to be told of the local day of `day_ms`, in the middle of it or afterwards.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn desk_report(&self, caller: &Caller, day_ms: i64) -> Result<DayReport, Refusal> {
        must_any(caller, &[Permission::DeskWork, Permission::EventRead])?;
        let known = self.known.now();
        let zone = known.as_ref().map_or_else(Zone::default, |known| known.book.zone());
        let day = zone.date(Tick(day_ms.div_euclid(MINUTE)));
        let span = (zone.midnight(day).0 * MINUTE, zone.midnight(day.plus(1)).0 * MINUTE);
        let laid = self.laid()?;
        let next = next_open(laid.as_deref(), known.as_ref().map(|known| &known.book), day);
        let [day, next_day] = [day, next].map(|day| Date::from(day).to_string());
        let mut report = DayReport { day, next_day, ..DayReport::default() };
        let mut keys = BTreeSet::new();
        self.each_between(span, &mut |event| {
            match event.stream.kind.as_str() {
                TICKET => {
                    report.created += usize::from(event.kind == "ticket.created");
                    keys.insert(event.stream.key);
                }
                CLOCK => {
                    let said = self.clock_day(laid.as_deref(), zone, &event);
                    report.clocks.extend(readable(said, &event.stream.key, &mut report.unread)?);
                }
                // What is safe again by the end of the day is told as no risk.
                "promise" if event.kind == "promise.safe" => {
                    report.at_risk.retain(|row| row.ticket != event.stream.key);
                }
                "promise" => {
                    let risk = risk_day(zone, &event);
                    report.at_risk.extend(readable(risk, &event.stream.key, &mut report.unread)?);
                }
                _ => {}
            }
            Ok(())
        })?;
        let tomorrow = self.standing.now().map(|plan| worked_on(&plan, zone, next));
        let tomorrow = tomorrow.unwrap_or_default();
        keys.extend(tomorrow.keys().cloned());
        for key in keys {
            let found = self.find_if_any::<TicketFile>(TICKET, &key);
            let Some(kept) = readable(found, &key, &mut report.unread)?.flatten() else { continue };
            let base = known.as_ref().map(|known| &known.base);
            let steps = tomorrow.get(&key).map_or(&[][..], Vec::as_slice);
            let planned = steps.iter().map(|step| step_label(base, &kept.document, zone, step));
            let planned: Vec<Label> = planned.collect();
            let day = self.ticket_day(&key, kept, span, &planned);
            report.tickets.extend(readable(day, &key, &mut report.unread)?.flatten());
        }
        report.stages = self.stages(&mut report.unread)?;
        Ok(report)
    }

    /// What is to be told of a ticket; none where there is nothing.
    fn ticket_day(
        &self,
        key: &str,
        kept: Kept<TicketFile>,
        (since_ms, until_ms): (i64, i64),
        planned: &[Label],
    ) -> Result<Option<TicketDay>, Refusal> {
        let Kept { version, document: file, .. } = kept;
        if file.desk.is_none() {
            return Ok(None);
        }
        let mut events = self.stream_of(&Stream::new(TICKET, key), version)?;
        events.retain(|event| event.at_ms < until_ms);
        let laid = self.laid()?;
        let name = |item: &str| laid.as_deref().map(|laid| laid.material(&file.ticket, item));
        let name = |item: &str| name(item).unwrap_or_else(|| Label::new(item, item));
        let draft = daily(&events, since_ms, planned, (self.zone(), &name));
        let draft = draft.map_err(|garbled| damaged("event", &garbled.stream))?;
        let Draft { done, tomorrow, client } = draft;
        let is_silent = done.is_empty() && tomorrow.is_empty() && client.is_empty();
        let ticket = key.to_owned();
        let day = TicketDay { ticket, title: file.ticket.title, done, tomorrow, client };
        Ok((!is_silent).then_some(day))
    }

    fn clock_day(
        &self,
        laid: Option<&Laid>,
        zone: Zone,
        event: &Event,
    ) -> Result<ClockDay, Refusal> {
        let payload = value(event)?;
        let timer = payload["timer"].as_str().unwrap_or_default();
        let name = laid.and_then(|laid| laid.name(timer));
        let ticket = event.stream.key.as_str();
        Ok(ClockDay {
            at: moment(zone, event.at_ms),
            ticket: ticket.to_owned(),
            name: name.unwrap_or_else(|| Label::new(timer, timer)),
            item: self.item_of(laid, (ticket, payload["item"].as_str()))?,
            kind: event.kind.clone(),
            said: super::named(&event.kind),
            post: serde_json::from_value(payload["to"].clone()).ok(),
            person: payload["person"].as_str().map(str::to_owned),
        })
    }

    fn stages(&self, unread: &mut BTreeSet<String>) -> Result<Vec<StageCount>, Refusal> {
        let mut counts: BTreeMap<Stage, usize> = BTreeMap::new();
        for mark in self.marks_of(List { marks: OPEN, within: None })? {
            let found = self.find_if_any::<TicketFile>(TICKET, &mark.key);
            let kept = readable(found, &mark.key, unread)?.flatten();
            if let Some(DeskFile { stage, .. }) = kept.and_then(|kept| kept.document.desk) {
                *counts.entry(stage).or_default() += 1;
            }
        }
        let row = |(stage, count): (Stage, usize)| StageCount { stage, name: stage.label(), count };
        Ok(counts.into_iter().map(row).collect())
    }

    /// Hands every event between two moments to `take`; the log is in the order of time.
    pub(super) fn each_between(
        &self,
        (since_ms, until_ms): (i64, i64),
        take: &mut dyn FnMut(Event) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let (mut behind, mut end) = (0, self.store.end()?);
        while behind < end {
            let middle = behind + (end - behind) / 2;
            let is_before = |event: &Event| event.at_ms < since_ms;
            if self.store.events(middle, 1)?.first().is_some_and(is_before) {
                behind = middle + 1;
            } else {
                end = middle;
            }
        }
        loop {
            let page = self.store.events(behind, MOST_ROWS)?;
            let Some(last) = page.last() else { return Ok(()) };
            behind = last.position;
            for event in page {
                if event.at_ms >= until_ms {
                    return Ok(());
                }
                take(event)?;
            }
        }
    }
}

fn value(event: &Event) -> Result<Value, Refusal> {
    event.payload.value().map_err(|_| damaged("event", &event.stream.to_string()))
}

fn moment(zone: Zone, at_ms: i64) -> Moment {
    zone.moment(Tick(at_ms.div_euclid(MINUTE)))
}

fn risk_day(zone: Zone, event: &Event) -> Result<RiskDay, Refusal> {
    let payload = value(event)?;
    let part = |name: &str| serde_json::from_value::<Option<Moment>>(payload[name].clone());
    let damaged = |_| damaged("event", &event.stream.to_string());
    Ok(RiskDay {
        at: moment(zone, event.at_ms),
        ticket: event.stream.key.clone(),
        promised: part("promised").map_err(damaged)?.unwrap_or(moment(zone, event.at_ms)),
        planned: part("planned").map_err(damaged)?,
        person: payload["person"].as_str().map(str::to_owned),
        post: serde_json::from_value(payload["to"].clone()).ok(),
    })
}

/// The next date after `day` on which the office is open; the day after where nothing says so.
fn next_open(laid: Option<&Laid>, book: Option<&Book>, day: Day) -> Day {
    let open = laid.zip(book).and_then(|(laid, book)| {
        let office = book.calendar(laid.desk.working.as_deref()?)?;
        let zone = book.zone();
        let mut days = (1..=AHEAD).map(|days| day.plus(days));
        days.find(|day| {
            let whole = Span::new(zone.midnight(*day), zone.midnight(day.plus(1)));
            book.open_minutes(office, whole) > 0
        })
    });
    open.unwrap_or(day.plus(1))
}

/// The steps of each ticket that are worked on on `day`, begun before or not, in their order
/// (R070).
fn worked_on(plan: &InForce, zone: Zone, day: Day) -> BTreeMap<String, Vec<PlannedStep>> {
    let (from, to) = (zone.midnight(day), zone.midnight(day.plus(1)));
    let at = |moment| zone.tick_from(moment);
    // When it begins that day, or goes on; what is not worked on is told when it begins.
    let start = |step: &PlannedStep| match step.pieces.as_slice() {
        [] => Some(step.start).filter(|start| (from..to).contains(&at(*start))),
        pieces => {
            let piece = pieces.iter().find(|piece| at(piece.from) < to && from < at(piece.to))?;
            Some(zone.moment(at(piece.from).max(from)))
        }
    };
    let dated = |step: &PlannedStep| Some(PlannedStep { start: start(step)?, ..step.clone() });
    let mut own: BTreeMap<String, Vec<PlannedStep>> = BTreeMap::new();
    for key in plan.tickets() {
        let left = plan.steps(key).filter(|step| step.standing != Standing::Done);
        let steps: Vec<PlannedStep> = left.filter_map(dated).collect();
        if !steps.is_empty() {
            own.insert(key.to_owned(), steps);
        }
    }
    own
}

/// A step as clients read it: when it begins, what it is, and with whom if not with us.
fn step_label(base: Option<&Base>, file: &TicketFile, zone: Zone, step: &PlannedStep) -> Label {
    let row = template(base, file, &step.step);
    let name = row.and_then(|row| row.name.clone().or_else(|| row.by.clone()));
    let name = name.unwrap_or_else(|| Label::new(step.step.clone(), step.step.clone()));
    let minute = zone.minute_of_day(zone.tick_from(step.start));
    let at = format!("{:02}:{:02}", minute / 60, minute % 60);
    Label::new(format!("{at} {}", name.zh), format!("{at} {}", name.en))
}
