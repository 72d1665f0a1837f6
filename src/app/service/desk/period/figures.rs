//! What is counted over a period: assignments, causes, promises, agreements, speed, minutes.

use std::collections::{BTreeMap, BTreeSet};

use super::form::{
    AheadRow, CauseRow, CountRow, KeptRow, MinutesRow, Period, PrecheckRow, PromiseRow, QuickRow,
    RejectionRow, UrgencyRow,
};
use super::{Frame, Seen, Tally};
use crate::app::service::desk::moments::day;
use crate::app::service::desk::who;
use crate::app::service::kept::{damaged, readable};
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::scene::no_base;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::Label;
use crate::desk::clock::MINUTE;
use crate::desk::event::Event;
use crate::desk::figures::{Kept, quick, statement};
use crate::desk::learned::{Learned, done, learned, teach};
use crate::desk::life::{Cause, Garbled, Happening};
use crate::desk::precheck::{Accuracy, accuracy};
use crate::desk::staffing::{Counts, counts};
use crate::model::ticket::{Service as Sold, Track};
use crate::policy::desk::{Agreement, Entitlement, EntitlementKind};

/// What is counted of promises.
#[derive(Default)]
struct Kepts {
    kept: u32,
    broken: u32,
    moved: u32,
    kept_as_moved: u32,
    early_ms: Vec<i64>,
}

/// Milliseconds from order to signature, urgent and normal.
type Took = (Vec<i64>, Vec<i64>);

/// Everything counted.
#[derive(Default)]
pub(super) struct Figures {
    services: BTreeMap<String, Counts>,
    clients: BTreeMap<String, Counts>,
    rejections: Tally<(String, String)>,
    causes: Tally<(Option<String>, Cause)>,
    before: Tally<(Option<String>, Cause)>,
    promises: BTreeMap<String, Kepts>,
    accuracy: Accuracy,
    /// Tickets assessed, and those of them that were found not to be urgent.
    assessed: (u32, u32),
    kept: BTreeMap<(String, String), Kept>,
    took: BTreeMap<String, Took>,
    /// Clients of urgent services.
    urgent: BTreeSet<String>,
    pub(super) minutes: Vec<Learned>,
}

fn unread(garbled: &Garbled) -> Refusal {
    damaged("event", &garbled.stream)
}

impl Figures {
    /// Takes in a ticket.
    pub(super) fn take(&mut self, frame: &Frame<'_>, seen: &Seen<'_>) -> Result<(), Refusal> {
        self.take_promise(frame, seen);
        if !seen.is_active {
            return Ok(());
        }
        let service = seen.file.ticket.service.clone().unwrap_or_default();
        let own = || seen.events.iter().filter(|event| frame.holds(event.at_ms));
        let counted =
            counts(seen.events, |at_ms| frame.holds(at_ms)).map_err(|garbled| unread(&garbled))?;
        *self.services.entry(service.clone()).or_default() += counted;
        if let Some(client) = &seen.file.ticket.client {
            *self.clients.entry(client.clone()).or_default() += counted;
            if seen.file.ticket.track == Track::Urgent {
                self.urgent.insert(client.clone());
            }
        }
        self.accuracy += accuracy(seen.events, |at_ms| frame.holds(at_ms))
            .map_err(|garbled| unread(&garbled))?;
        let is_so = |kind: &str| u32::from(own().any(|event| event.kind == kind));
        let (assessed, redirected) = (is_so("ticket.assessed"), is_so("ticket.redirected"));
        self.assessed.0 += assessed.max(redirected);
        self.assessed.1 += redirected;
        for event in own() {
            if event.kind == "ticket.rejected" {
                let person = who::person(&event.actor).to_owned();
                *self.rejections.entry((person, service.clone())).or_default() += 1;
            }
            let key = cause_of(event)?.map(|cause| (seen.file.ticket.client.clone(), cause));
            if let Some(key) = key {
                *self.causes.entry(key).or_default() += 1;
            }
        }
        if let Some(signed) = seen.life.signed_ms.filter(|signed| frame.holds(*signed)) {
            let took = self.took.entry(service).or_default();
            let list = match seen.file.ticket.track {
                Track::Urgent => &mut took.0,
                Track::Normal => &mut took.1,
            };
            list.push(signed - seen.file.created_ms);
        }
        Ok(())
    }

    /// What came of a promise: decided when the result is delivered, or when its date is over. What
    /// came back is not delivered (R072, R131). A date that the firm alone moved counts for nothing:
    /// the one before does (R012).
    fn take_promise(&mut self, frame: &Frame<'_>, seen: &Seen<'_>) {
        let Some((owed, moved)) = seen.life.agreed_ms().zip(seen.life.owed_ms()) else { return };
        let delivered = seen.life.delivered_ms;
        let is_counted = match delivered {
            Some(at) => frame.holds(at),
            None => seen.life.stage.is_promised() && owed < frame.now_ms,
        };
        if !is_counted {
            return;
        }
        let service = seen.file.ticket.service.clone().unwrap_or_default();
        let row = self.promises.entry(service).or_default();
        if delivered.is_some_and(|at| at <= owed) {
            row.kept += 1;
        } else {
            row.broken += 1;
        }
        if seen.life.first_ms.is_some() {
            row.moved += 1;
            row.kept_as_moved += u32::from(delivered.is_some_and(|at| owed < at && at <= moved));
        }
        row.early_ms.extend(delivered.map(|at| owed - at));
    }

    /// Takes in what of a client's agreement was kept with a ticket (R120).
    pub(super) fn take_kept(&mut self, frame: &Frame<'_>, seen: &Seen<'_>) {
        let Some(client) = seen.file.ticket.client.as_deref() else { return };
        if !frame.desk.contracts.iter().any(|contract| contract.client == client) {
            return;
        }
        for row in statement(seen.clocks, frame.span) {
            let key = (client.to_owned(), row.timer.clone());
            let empty = Kept { timer: row.timer, kept: 0, broken: 0, open: 0, ended: 0 };
            let sum = self.kept.entry(key).or_insert(empty);
            sum.kept += row.kept;
            sum.broken += row.broken;
            sum.open += row.open;
            sum.ended += row.ended;
        }
    }

    /// Takes in an event of the time before, for the trend of causes.
    pub(super) fn take_before(&mut self, event: &Event) -> Result<(), Refusal> {
        if event.stream.kind == TICKET
            && let Some(Some(cause)) = readable(cause_of(event), "", &mut Vec::<String>::new())?
        {
            // The client is told with every ticket; here its key is enough to count.
            *self.before.entry((Some(event.stream.key.clone()), cause)).or_default() += 1;
        }
        Ok(())
    }

    /// Puts everything into the report.
    pub(super) fn told(
        self,
        frame: &Frame<'_>,
        clients: &BTreeMap<String, Option<String>>,
        period: &mut Period,
    ) {
        let row = |(key, counts): (String, Counts)| CountRow::of(key, counts);
        period.services = self.services.into_iter().map(row).collect();
        period.clients = self.clients.into_iter().map(row).collect();
        let row = |((person, service), count): ((String, String), u32)| RejectionRow {
            person,
            service,
            count,
        };
        period.rejections = self.rejections.into_iter().map(row).collect();
        period.causes = causes(self.causes, self.before, clients);
        period.promises = self.promises.into_iter().map(promise).collect();
        let (assessed, redirected) = self.assessed;
        let false_permille = (u64::from(redirected) * 1000).checked_div(u64::from(assessed));
        period.urgency = false_permille.and_then(|permille| {
            let false_permille = u32::try_from(permille).ok()?;
            Some(UrgencyRow { assessed, redirected, false_permille })
        });
        let accuracy = self.accuracy;
        period.precheck = accuracy.permille().map(|right_permille| PrecheckRow {
            right: accuracy.right,
            passed: accuracy.passed,
            stopped: accuracy.stopped,
            right_permille: Some(right_permille),
            faster_permille: accuracy.faster_permille(),
        });
        let kept = self.kept.into_iter().map(|((client, timer), kept)| {
            let name = frame.laid.and_then(|laid| laid.name(&timer));
            let agreed = agreed(frame, &client).filter(|_| kept.broken > 0);
            KeptRow {
                breach: agreed.map(|agreed| agreed.breach.clone()),
                client,
                name: name.unwrap_or_else(|| Label::new(timer.clone(), timer.clone())),
                timer,
                kept: kept.kept,
                broken: kept.broken,
                open: kept.open,
                ended: kept.ended,
                kept_permille: kept.permille(),
            }
        });
        period.kept = kept.collect();
        let services = &frame.known.base.services;
        period.quick = speeds(frame, &self.took);
        period.ahead = ahead(frame, &self.urgent);
        period.minutes = self.minutes.into_iter().map(|one| minutes(services, one)).collect();
    }
}

fn cause_of(event: &Event) -> Result<Option<Cause>, Refusal> {
    if event.kind != "ticket.assessed" {
        return Ok(None);
    }
    Ok(match Happening::read(event).map_err(|garbled| unread(&garbled))? {
        Some(Happening::Assessed(assessment)) => Some(assessment.cause),
        _ => None,
    })
}

/// The causes of the period beside those before it, whose tickets are named in place of clients.
fn causes(
    now: Tally<(Option<String>, Cause)>,
    before: Tally<(Option<String>, Cause)>,
    clients: &BTreeMap<String, Option<String>>,
) -> Vec<CauseRow> {
    let mut rows: BTreeMap<(Option<String>, Cause), (u32, u32)> = BTreeMap::new();
    for (key, count) in now {
        rows.entry(key).or_default().0 += count;
    }
    for ((ticket, cause), count) in before {
        let client = ticket.and_then(|ticket| clients.get(&ticket).cloned().flatten());
        rows.entry((client, cause)).or_default().1 += count;
    }
    let row = |((client, cause), (count, before))| CauseRow { client, cause, count, before };
    rows.into_iter().map(row).collect()
}

fn promise((service, row): (String, Kepts)) -> PromiseRow {
    let Kepts { kept, broken, moved, kept_as_moved, early_ms } = row;
    let count = i64::try_from(early_ms.len()).unwrap_or(i64::MAX);
    let sum = early_ms.iter().fold(0_i64, |sum, one| sum.saturating_add(*one));
    let early_minutes = sum.div_euclid(MINUTE).checked_div(count);
    let decided = u64::from(kept) + u64::from(broken);
    let over = (u64::from(broken) * 1000).checked_div(decided);
    let over_promised_permille = over.and_then(|over| u32::try_from(over).ok());
    PromiseRow {
        service,
        kept,
        broken,
        moved,
        kept_as_moved,
        early_minutes,
        over_promised_permille,
    }
}

fn speeds(frame: &Frame<'_>, took: &BTreeMap<String, Took>) -> Vec<QuickRow> {
    let rows = frame.desk.industry.iter().filter_map(|benchmark| {
        let (urgent, normal) = took.get(&benchmark.service)?;
        let quick = quick(frame.desk.compression, benchmark, urgent, normal)?;
        Some(QuickRow {
            service: benchmark.service.clone(),
            count: quick.count,
            minutes: quick.minutes,
            of_industry_permille: quick.of_industry,
            of_normal_permille: quick.of_normal,
            is_reached: quick.is_reached,
        })
    });
    rows.collect()
}

/// What is agreed with a client at the end of the period.
fn agreed<'f>(frame: &'f Frame<'_>, client: &str) -> Option<&'f Agreement> {
    let contract = frame.desk.contracts.iter().find(|contract| contract.client == client)?;
    contract.on(day(&frame.known.book, frame.now_ms))
}

/// How many of these clients have urgent services among what they bought for a time (R099).
fn ahead(frame: &Frame<'_>, clients: &BTreeSet<String>) -> Option<AheadRow> {
    let has = |all: &[Entitlement]| {
        all.iter().any(|one| one.kind == EntitlementKind::UrgentService && one.count.is_some())
    };
    let is_bought = |client: &&String| {
        agreed(frame, client).is_some_and(|agreed| {
            let tier = frame.desk.tier(&agreed.tier);
            has(&agreed.entitlements) || tier.is_some_and(|tier| has(&tier.entitlements))
        })
    };
    let bought = u32::try_from(clients.iter().filter(is_bought).count()).ok()?;
    let clients = u32::try_from(clients.len()).ok()?;
    let bought_permille = u64::from(bought) * 1000;
    let bought_permille = bought_permille.checked_div(u64::from(clients))?;
    let bought_permille = u32::try_from(bought_permille).ok()?;
    Some(AheadRow { clients, bought, bought_permille })
}

fn minutes(services: &[Sold], one: Learned) -> MinutesRow {
    let service = services.iter().find(|service| service.id == one.service);
    let step = service.and_then(|own| own.normal.iter().find(|step| step.id == one.step));
    let Learned { service, step: id, level, count, median, lower, upper, is_enough } = one;
    let stated = step.and_then(|step| step.minutes);
    MinutesRow { service, step: id, level, count, lower, median, upper, stated, is_enough }
}

impl Service {
    /// Puts what was learned in the last `days` in the place of the base's minutes, where there is
    /// enough of it by the policy (R062); answers with what was learned of the steps that changed,
    /// beside what the base had.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], [`Refusal::Impossible`] without a base, [`Refusal::Stale`] when
    /// somebody else replaced it meanwhile, what fails outside.
    pub fn desk_learn(
        &self,
        caller: &Caller,
        days: u16,
        now_ms: i64,
    ) -> Result<Vec<MinutesRow>, Refusal> {
        caller.must(Permission::BaseChange)?;
        let known = self.known.now().ok_or_else(no_base)?;
        let span = i64::from(days) * 1440 * MINUTE;
        let keys = self.active_in((now_ms.saturating_sub(span), now_ms.saturating_add(1)))?;
        let learned = self.learned_of(keys.iter(), now_ms)?;
        let mut base = known.base.clone();
        teach(&mut base.services, &learned, &base.policy.pace_percent.clone());
        let is_taught = |one: &Learned| {
            let minutes = |services: &[Sold]| {
                let service = services.iter().find(|service| service.id == one.service)?;
                let steps = service.normal.iter().chain(service.urgent.iter().flatten());
                Some(
                    steps
                        .filter(|step| step.id == one.step)
                        .map(|step| step.minutes)
                        .collect::<Vec<_>>(),
                )
            };
            one.is_enough && minutes(&base.services) != minutes(&known.base.services)
        };
        let changed: Vec<Learned> = learned.iter().filter(|one| is_taught(one)).cloned().collect();
        if base != known.base {
            self.put_base(caller, Some(known.version), base, now_ms)?;
        }
        Ok(changed.into_iter().map(|one| minutes(&known.base.services, one)).collect())
    }

    /// What the steps done of these tickets teach (R062).
    pub(super) fn learned_of<'k>(
        &self,
        keys: impl Iterator<Item = &'k String>,
        now_ms: i64,
    ) -> Result<Vec<Learned>, Refusal> {
        let Some(known) = self.known.now() else { return Ok(Vec::new()) };
        let mut scenario = known.base.scenario(now_ms);
        scenario.people = self.people_now()?;
        for key in keys {
            let progress = self.progress_of(key)?;
            if progress.is_empty() {
                continue;
            }
            let found = self.find_if_any::<TicketFile>(TICKET, key);
            if let Some(kept) = readable(found, key, &mut Vec::<String>::new())?.flatten() {
                scenario.tickets.push(kept.document.ticket);
                scenario.progress.extend(progress);
            }
        }
        let learning = self.laid()?.and_then(|laid| laid.desk.learning);
        Ok(learned(&done(&scenario, &known.book), learning))
    }
}
