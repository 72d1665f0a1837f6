//! A period at the desk, told: what costs, what waits, what clients do not know yet, and the
//! figures the firm measures itself by. Each ticket is read once, one after the other.

mod figures;
mod form;
mod lists;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use form::{
    AheadRow, CauseRow, CountRow, DeskReport, FindingRow, ImprovementRow, KeptRow, LeadRow,
    MessageRow, MinutesRow, OverRow, OverdueRow, OwedRow, Period, PrecheckRow, PromiseRow,
    QuickRow, RejectionRow, RiskRow, StaleRow, SuggestionRow, TableRow, TroubleRow, UrgencyRow,
};

use super::{Laid, life_of, must_any};
use crate::app::service::base::Known;
use crate::app::service::kept::readable;
use crate::app::service::marks::{LATE, List, OPEN, SIGNED};
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::tickets::{State, TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::{Date, Moment, Zone};
use crate::desk::clock::MINUTE;
use crate::desk::event::{Event, Stream};
use crate::desk::figures::Had;
use crate::desk::life::Life;
use crate::desk::watch::Planned;
use crate::policy::desk::Desk;
use crate::time::Tick;
use figures::Figures;
use lists::Lists;

/// The most days of a period.
const MOST_DAYS: u16 = 400;

/// A ticket of a period.
struct Seen<'a> {
    key: &'a str,
    file: &'a TicketFile,
    events: &'a [Event],
    life: &'a Life,
    /// Its clocks.
    clocks: &'a [Had],
    /// Whether something happened to it in the period.
    is_active: bool,
}

/// What it is read against.
struct Frame<'a> {
    known: &'a Known,
    laid: Option<&'a Laid>,
    desk: &'a Desk,
    zone: Zone,
    /// From when until before when.
    span: (i64, i64),
    /// The moment it is told: now, or the end of a period that is over.
    now_ms: i64,
}

impl Frame<'_> {
    fn moment(&self, at_ms: i64) -> Moment {
        self.zone.moment(Tick(at_ms.div_euclid(MINUTE)))
    }

    fn holds(&self, at_ms: i64) -> bool {
        (self.span.0..self.span.1).contains(&at_ms)
    }
}

impl Service {
    /// The day of `day_ms`, and the period of so many days that ends with it, as both stand at
    /// `now_ms`.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn desk_review(
        &self,
        caller: &Caller,
        (day_ms, days): (i64, u16),
        now_ms: i64,
    ) -> Result<DeskReport, Refusal> {
        must_any(caller, &[Permission::DeskWork, Permission::EventRead])?;
        let mut day = self.desk_report(caller, day_ms)?;
        let mut period = Period { from: day.day.clone(), to: day.day.clone(), ..Period::default() };
        let Some(known) = self.known.now() else { return Ok(DeskReport { day, period }) };
        let (laid, plain) = (self.laid()?, Desk::catalogue());
        let zone = known.book.zone();
        let last = zone.date(Tick(day_ms.div_euclid(MINUTE)));
        let days = i32::from(days.clamp(1, MOST_DAYS));
        let first = last.plus(1 - days);
        let at = |day| zone.midnight(day).0 * MINUTE;
        let span = (at(first), at(last.plus(1)));
        period.from = Date::from(first).to_string();
        let frame = Frame {
            known: &known,
            laid: laid.as_deref(),
            desk: laid.as_deref().map_or(&plain, |laid| &laid.desk),
            zone,
            span,
            now_ms: now_ms.min(span.1 - 1),
        };
        let active = self.active_in(span)?;
        let mut keys = active.clone();
        // What is open, and what was signed or called off before and is still owed something.
        for marks in [OPEN, SIGNED, LATE] {
            let found = self.marks_of(List { marks, within: None })?.into_iter();
            keys.extend(found.filter_map(|one| one.key.rsplit('/').next().map(str::to_owned)));
        }
        let (mut figures, mut lists) = (Figures::default(), Lists::default());
        for key in keys {
            let found = readable(self.whole_of(&frame, &key), &key, &mut day.unread)?.flatten();
            let Some((file, events, life, clocks)) = found else { continue };
            let is_active = active.contains(&key);
            let (events, clocks) = (events.as_slice(), clocks.as_slice());
            let seen = Seen { key: &key, file: &file, events, life: &life, clocks, is_active };
            figures.take(&frame, &seen)?;
            words::take(&mut period, &frame, &seen)?;
            let planned = self.planned_of(&key, frame.now_ms);
            lists.take(&frame, &seen, (planned, self.warning_words(&key)?))?;
            if is_active {
                figures.take_kept(&frame, &seen);
            }
            let is_open = file.state == State::Open && !life.stage.is_end();
            if is_open {
                lists.open.insert(key, (file.ticket.client.clone(), life));
            }
        }
        let earlier = span.0.saturating_sub(span.1 - span.0);
        let clients = self.clients_asking((earlier, span.0), &mut figures)?;
        figures.minutes = self.learned_of(active.iter(), now_ms)?;
        figures.told(&frame, &clients, &mut period);
        let drivers = lists.drivers();
        lists.told(&frame, &mut period);
        self.tell_lists(&frame, &drivers, &mut period)?;
        Ok(DeskReport { day, period })
    }

    /// A ticket at the desk with its events of the period and before, its life and its clocks.
    fn whole_of(&self, frame: &Frame<'_>, key: &str) -> Result<Option<Whole>, Refusal> {
        let Some(kept) = self.find_if_any::<TicketFile>(TICKET, key)? else { return Ok(None) };
        let file = kept.document;
        if file.desk.is_none() {
            return Ok(None);
        }
        let mut events = self.stream_of(&Stream::new(TICKET, key), kept.version)?;
        events.retain(|event| event.at_ms < frame.span.1);
        let life = life_of(&events)?;
        let clocks = self.clocks_of(frame.desk, (key, &file), (&events, frame.now_ms))?;
        Ok(Some((file, events, life, clocks)))
    }

    /// When the plan in force finishes a ticket; without a plan it is left out by now.
    fn planned_of(&self, key: &str, now_ms: i64) -> Planned {
        let Some(plan) = self.standing.now() else { return Planned::Not(now_ms) };
        let at_ms = |moment| plan.plan.zone.tick_from(moment).0 * MINUTE;
        let end_ms = plan.plan.horizon.map_or(now_ms, at_ms).max(now_ms);
        plan.finish(key).map_or(Planned::Not(end_ms), |finish| Planned::At(at_ms(finish)))
    }

    /// Takes in why it was urgent in the time before; answers with the clients of those tickets.
    fn clients_asking(
        &self,
        span: (i64, i64),
        figures: &mut Figures,
    ) -> Result<BTreeMap<String, Option<String>>, Refusal> {
        let mut keys = BTreeSet::new();
        self.each_between(span, &mut |event| {
            if event.kind == "ticket.assessed" {
                keys.insert(event.stream.key.clone());
            }
            figures.take_before(&event)
        })?;
        let mut clients = BTreeMap::new();
        for key in keys {
            let found = self.find_if_any::<TicketFile>(TICKET, &key);
            let kept = readable(found, &key, &mut Vec::<String>::new())?.flatten();
            clients.insert(key, kept.and_then(|kept| kept.document.ticket.client));
        }
        Ok(clients)
    }

    /// The tickets something happened to between two moments.
    pub(super) fn active_in(&self, span: (i64, i64)) -> Result<BTreeSet<String>, Refusal> {
        let mut active = BTreeSet::new();
        self.each_between(span, &mut |event| {
            if event.stream.kind == TICKET || event.stream.kind == "progress" {
                active.insert(event.stream.key);
            }
            Ok(())
        })?;
        Ok(active)
    }
}

/// A ticket, its events, its life, its clocks.
type Whole = (TicketFile, Vec<Event>, Life, Vec<Had>);
/// Counts by what they are about.
type Tally<K> = BTreeMap<K, u32>;
