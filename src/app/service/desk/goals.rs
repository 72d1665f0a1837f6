//! What a ticket's clocks go by, and from when on: the level of response, the client's tier, the
//! dates of a notice and of the promise change while they run. What has run so far counts, and no
//! change makes that a clock ran out in the past (R132). A clock keeps the calendar it was started
//! on: another tier's is that of clocks that start from then on.

use std::collections::BTreeMap;

use super::CLOCK;
use super::moments::{Sign, told};
use super::urgency::day_of;
use crate::app::service::change::Change as Writes;
use crate::app::service::clients::{CLIENT, ClientFile};
use crate::app::service::kept::{Kept, damaged};
use crate::app::service::marks::{List, OF_CLIENT, TO_WIND};
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::desk::clock::{Goal, Turn, Turned};
use crate::desk::event::{Event, Stream};
use crate::desk::figures::Had;
use crate::desk::life::{Happening, Life, Stage};
use crate::desk::rules::{Served, timers};
use crate::desk::timer::{HandOver, Timer, runs};
use crate::policy::desk::Desk;

/// A kind of clock as it is from a moment on.
pub(super) type Version = (i64, Timer);

/// What goals depend on, from a moment on.
#[derive(Clone, PartialEq, Eq)]
struct Facts {
    level: u8,
    tier: Option<String>,
    notice_ms: Option<i64>,
    owed_ms: Option<i64>,
}

impl Service {
    /// The clocks of a ticket with these events, by kind, each in the order of its versions.
    pub(super) fn versions(
        &self,
        desk: &Desk,
        file: &TicketFile,
        events: &[Event],
    ) -> Result<Vec<Vec<Version>>, Refusal> {
        let client = file.ticket.client.as_deref();
        let tiers = self.tiers(client)?;
        let on = day_of(self.zone(), file.created_ms);
        let mut kinds: BTreeMap<String, Vec<Version>> = BTreeMap::new();
        for (from_ms, facts) in changes(events, &tiers)? {
            let Facts { level, tier, notice_ms, owed_ms } = facts;
            let tier = tier.as_deref();
            let served = Served { client, tier, level, on, notice_ms, owed_ms };
            let now = timers(desk, &served);
            for (id, versions) in &mut kinds {
                // A notice was taken back: its date is none any more.
                let is_gone = !now.iter().any(|timer| timer.id == *id);
                let last = versions.last().filter(|_| is_gone).map(|(_, last)| last.clone());
                if let Some(last) = last.filter(|last| matches!(last.goal, Goal::Moment(_))) {
                    versions.push((from_ms, Timer { goal: Goal::Never, ..last }));
                }
            }
            for timer in now {
                let versions = kinds.entry(timer.id.clone()).or_default();
                if versions.last().is_none_or(|(_, last)| *last != timer) {
                    versions.push((from_ms, timer));
                }
            }
        }
        Ok(kinds.into_values().collect())
    }

    /// The clocks that a ticket with these events has had until `now_ms`, by kind and in their
    /// order. Of what was before the rules of today the clocks said themselves whether it ran out;
    /// by those nothing that began earlier runs out before they were laid down (R132).
    pub(super) fn clocks_of(
        &self,
        desk: &Desk,
        (key, file): (&str, &TicketFile),
        (events, now_ms): (&[Event], i64),
    ) -> Result<Vec<Had>, Refusal> {
        let Some(known) = self.known.now() else { return Ok(Vec::new()) };
        let since_ms = self.laid()?.map_or(0, |laid| laid.since_ms).max(known.since_ms);
        let said = self.stream_of(&Stream::new(CLOCK, key), u64::MAX)?;
        let said = said.iter().filter_map(told).filter(|row| row.sign == Sign::RunsOut);
        let said: BTreeMap<(String, usize), i64> =
            said.map(|row| ((row.timer, row.run), row.at_ms)).collect();
        let mut clocks = Vec::new();
        for versions in self.versions(desk, file, events)? {
            // What starts and stops it is the same in all of them.
            let Some((_, kind)) = versions.last() else { continue };
            let runs = runs(kind, events).map_err(|garbled| damaged("event", &garbled.stream))?;
            for (run, turns) in runs.iter().enumerate() {
                let Some((timer, turns)) = with_goals(&versions, turns) else { continue };
                let Some(mut had) = Had::read(&timer, &turns, &known.book, now_ms) else {
                    continue;
                };
                let was_over = now_ms < since_ms || is_stopped_before(&turns, since_ms);
                had.out_ms = match was_over {
                    true => said.get(&(timer.id, run)).copied().filter(|out_ms| *out_ms < now_ms),
                    false => had.out_ms.map(|out_ms| out_ms.max(no_sooner(&turns, since_ms))),
                };
                clocks.push(had);
            }
        }
        Ok(clocks)
    }

    /// The tiers a client has had, from when on; the one it has now for ever where the record says
    /// nothing of earlier ones.
    fn tiers(&self, client: Option<&str>) -> Result<Vec<(i64, Option<String>)>, Refusal> {
        let Some(client) = client else { return Ok(vec![(i64::MIN, None)]) };
        let mut tiers: Vec<(i64, Option<String>)> = Vec::new();
        for event in self.stream_of(&Stream::new(CLIENT, client), u64::MAX)? {
            let payload = event.payload.value();
            let payload = payload.map_err(|_| damaged("event", &event.stream.to_string()))?;
            let Some(tier) = payload.get("tier") else { continue };
            let tier = tier.as_str().map(str::to_owned);
            if tiers.last().is_none_or(|(_, last)| *last != tier) {
                tiers.push((event.at_ms, tier));
            }
        }
        if tiers.is_empty() {
            let kept = self.find_if_any::<ClientFile>(CLIENT, client)?;
            tiers.push((i64::MIN, kept.and_then(|kept| kept.document.tier)));
        }
        tiers[0].0 = i64::MIN;
        Ok(tiers)
    }

    /// Reads the clocks of the tickets of a client anew that was changed since; whether there was
    /// one.
    pub(super) fn wind_changed(&self, now_ms: i64) -> Result<bool, Refusal> {
        let Some(changed) = self.store.marks(TO_WIND, "", None, 1)?.pop() else { return Ok(false) };
        let client = changed.key.split_once('/').map_or("", |(client, _)| client);
        match self.wind_client(client, now_ms) {
            // What cannot be read keeps no other clocks from being read.
            Err(damage) if damage.is_damage() => {}
            other => other?,
        }
        let mut change = Writes::by(&Caller::machine_owner(), now_ms);
        change.unmark(TO_WIND, changed.key);
        self.store.commit(change.batch())?;
        Ok(true)
    }

    /// Reads the clocks of a client's tickets anew, as it may have another tier from now on.
    fn wind_client(&self, client: &str, now_ms: i64) -> Result<(), Refusal> {
        let own = List { marks: OF_CLIENT, within: Some(client) };
        for Kept { key, version, document } in self.readable_of::<TicketFile>(own, TICKET)?.0 {
            // Of what was signed or called off the clocks of payment and look-back run on.
            let stage = document.desk.as_ref().map(|desk| desk.stage);
            if matches!(stage, None | Some(Stage::Archived | Stage::Refused)) {
                continue;
            }
            let stream = Stream::new(TICKET, &key);
            let events = self.stream_of(&stream, version)?;
            let mut change = Writes::by(&Caller::machine_owner(), now_ms);
            self.set_clocks(&mut change, (&key, &document), &events)?;
            change.stays_at(stream, version);
            match self.store.commit(change.batch()).map_err(Refusal::of_commit) {
                // Something happened to it meanwhile, by which its clocks were read.
                Ok(_) | Err(Refusal::Stale { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
}

/// Something by which goals change.
enum Change<'a> {
    Event(&'a Event),
    Tier(&'a Option<String>),
    HandedOver,
}

/// The events by which goals change: level of response, date of a notice, that of a promise.
const TELLING: [&str; 6] = [
    "ticket.assessed",
    "ticket.passed_to_specialist",
    "ticket.passed_to_director",
    "ticket.accepted",
    "ticket.promise_moved",
    "ticket.client_late",
];

/// What goals depend on, whenever some of it changes, from the beginning on.
fn changes(
    events: &[Event],
    tiers: &[(i64, Option<String>)],
) -> Result<Vec<(i64, Facts)>, Refusal> {
    let mut facts = Facts { level: 1, tier: tiers[0].1.clone(), notice_ms: None, owed_ms: None };
    let mut promised = Life::default();
    let is_telling = |event: &&Event| TELLING.contains(&event.kind.as_str());
    let told = events.iter().filter(is_telling).map(|event| (event.at_ms, Change::Event(event)));
    let tiers = tiers.iter().skip(1).map(|(at_ms, tier)| (*at_ms, Change::Tier(tier)));
    let mut moments: Vec<(i64, Change<'_>)> = told.chain(tiers).collect();
    let mut hand_over = HandOver::default();
    for event in events {
        if hand_over.is_by(event).map_err(|garbled| damaged("event", &garbled.stream))? {
            moments.push((event.at_ms, Change::HandedOver));
        }
    }
    moments.sort_by_key(|moment| moment.0);
    let mut changes = vec![(i64::MIN, facts.clone())];
    for (at_ms, change) in moments {
        match change {
            Change::Tier(tier) => facts.tier.clone_from(tier),
            Change::HandedOver => facts.level = facts.level.max(2),
            Change::Event(event) => {
                let read = Happening::read(event);
                match read.map_err(|garbled| damaged("event", &garbled.stream))? {
                    Some(Happening::Assessed(found)) => {
                        facts.notice_ms = found.needed_ms.filter(|_| found.has_notice);
                    }
                    Some(Happening::PassedToSpecialist { .. }) => {
                        facts.level = facts.level.max(2);
                    }
                    Some(Happening::PassedToDirector { .. }) => facts.level = 3,
                    Some(other) => {
                        promised.apply(at_ms, &event.actor, &other);
                        facts.owed_ms = promised.owed_ms();
                    }
                    None => {}
                }
            }
        }
        changes.push((at_ms, facts.clone()));
    }
    changes.dedup_by(|next, last| next.1 == last.1);
    Ok(changes)
}

/// Whether a clock with these turns was stopped before `since_ms`.
pub(super) fn is_stopped_before(turns: &[Turned], since_ms: i64) -> bool {
    turns.iter().any(|(at_ms, turn)| *turn == Turn::Stops && *at_ms < since_ms)
}

/// Before when a clock with these turns runs out by no rules that were laid down at `since_ms`.
pub(super) fn no_sooner(turns: &[Turned], since_ms: i64) -> i64 {
    let begun = turns.iter().find(|(_, turn)| *turn == Turn::Starts).map(|(at_ms, _)| *at_ms);
    if begun < Some(since_ms) { since_ms } else { i64::MIN }
}

/// The clock that a run of a kind with these versions goes by when it starts, and its turns with
/// the other goals it had later; none where it never had one.
pub(super) fn with_goals(versions: &[Version], turns: &[Turned]) -> Option<(Timer, Vec<Turned>)> {
    let start = turns.iter().find(|(_, turn)| *turn == Turn::Starts)?.0;
    let begun = versions.iter().rposition(|(from, _)| *from <= start);
    let first = begun.unwrap_or(0);
    let (from, timer) = versions.get(first)?;
    if timer.goal == Goal::Never && first + 1 == versions.len() {
        return None;
    }
    let mut all: Vec<Turned> = turns.to_vec();
    if begun.is_none() {
        // Nothing was agreed when it began: it runs from when something was.
        for turned in &mut all {
            turned.0 = turned.0.max(*from);
        }
    }
    let later = versions[first + 1..].iter().map(|(at_ms, timer)| (*at_ms, Turn::Goal(timer.goal)));
    all.extend(later);
    // Of one moment the turns stay in their order, another goal behind them.
    all.sort_by_key(|turned| turned.0);
    Some((timer.clone(), all))
}
