//! From the policy's data to what the desk goes by: clocks of a client, rules of a service, times
//! of a day.

use std::collections::BTreeMap;

use super::clock::MINUTE;
use super::decide::{Budget, Rules};
use super::life::KINDS;
use super::timer::Timer;
use crate::calendar::{Day, Label, Zone};
use crate::model::issue::Issue;
use crate::model::ticket::{Lag, Service, Ticket};
use crate::policy::desk::{self, Approval, Daily, DailyTime, Desk, Own, Runs, TierGoal};
use crate::time::Tick;

/// Events of tickets that are no happenings of the desk's own.
const OTHERS: [&str; 4] =
    ["ticket.created", "ticket.changed", "ticket.promised", "ticket.cancelled"];

/// For whom, how deep and when: what the goals of clocks depend on (R132).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Served<'a> {
    /// The client; his agreement counts before his tier.
    pub client: Option<&'a str>,
    /// The tier, for clients without an agreement.
    pub tier: Option<&'a str>,
    /// The level of response the matter has come to, 1 to 3.
    pub level: u8,
    /// The date whose agreement counts.
    pub on: Day,
    /// The date of a written notice, where the assessment names one (R249).
    pub notice_ms: Option<i64>,
    /// When it is owed by the promise, where one was made.
    pub owed_ms: Option<i64>,
}

/// The clocks of tickets of `served`: goals of the agreement before those of the tier before the
/// clock's own, and those for this very level before those for all (R110, R113, R132). A clock
/// that states none has none.
#[must_use]
pub fn timers(desk: &Desk, served: &Served<'_>) -> Vec<Timer> {
    let agreement = served
        .client
        .and_then(|client| desk.contracts.iter().find(|contract| contract.client == client))
        .and_then(|contract| contract.on(served.on));
    let tier = agreement.map(|agreement| agreement.tier.as_str()).or(served.tier);
    let tier = tier.and_then(|tier| desk.tier(tier));
    let agreed = agreement.map_or(&[][..], |agreement| &agreement.goals);
    let tiered = tier.map_or(&[][..], |tier| &tier.goals);
    let timer = |timer: &desk::Timer| {
        let stated = of_level(agreed, &timer.id, served.level);
        let stated = stated.or_else(|| of_level(tiered, &timer.id, served.level));
        let goal = stated.or(timer.goal)?;
        let runs = match timer.runs {
            Runs::Tier => tier.and_then(|tier| tier.runs).unwrap_or(Runs::Working),
            runs => runs,
        };
        let is_always = runs == Runs::Always;
        Some(Timer {
            id: timer.id.clone(),
            starts: timer.starts.clone(),
            stops: timer.stops.clone(),
            goal: match (goal.notice, goal.promise) {
                (true, _) => super::clock::Goal::Moment(served.notice_ms?),
                (false, true) => super::clock::Goal::Moment(served.owed_ms?),
                (false, false) => super::clock::Goal::of(goal)?,
            },
            calendar: desk.working.clone().filter(|_| !is_always),
            held_by: timer.held_by.iter().copied().collect(),
            warns_at: timer.warns_permille.or(desk.warns_permille).unwrap_or(1000),
        })
    };
    desk.timers.iter().filter_map(timer).collect()
}

fn of_level(goals: &[TierGoal], timer: &str, level: u8) -> Option<desk::Goal> {
    let of = |wanted: Option<u8>| {
        goals.iter().find(|goal| goal.timer == timer && goal.level == wanted).map(|goal| goal.goal)
    };
    of(Some(level)).or_else(|| of(None))
}

impl super::clock::Goal {
    /// The length of time a policy states; `None` unless it is minutes or days.
    #[must_use]
    pub fn of(goal: desk::Goal) -> Option<super::clock::Goal> {
        match (goal.minutes, goal.days) {
            (Some(minutes), None) => Some(super::clock::Goal::Time(i64::from(minutes) * MINUTE)),
            (None, Some(days)) => Some(super::clock::Goal::Days(days)),
            _ => None,
        }
    }
}

/// The time of a daily duty on `day` (R069): the last version that has begun.
#[must_use]
pub fn daily_at(daily: &Daily, day: Day) -> Option<&DailyTime> {
    daily.times.iter().rev().find(|time| time.from.is_none_or(|from| from.day() <= day))
}

impl Rules {
    /// What is laid down for `service` at `now_ms`, in an office of `zone`.
    #[must_use]
    pub fn of(
        desk: &Desk,
        service: Option<&str>,
        is_urgent: bool,
        zone: Zone,
        now_ms: i64,
    ) -> Rules {
        let day = zone.date(Tick(now_ms.div_euclid(MINUTE)));
        let since_ms = zone.midnight(day).0 * MINUTE;
        let service = service.unwrap_or_default();
        let keys = |items: &[desk::Item]| items.iter().map(|item| item.id.clone()).collect();
        let fits = |row: &&Approval| {
            row.service == service && row.urgent.is_none_or(|urgent| urgent == is_urgent)
        };
        let regulations = desk.regulations.iter().filter(|one| {
            one.from.day() <= day && one.services.iter().any(|other| other == service)
        });
        let materials = Desk::items(&desk.materials, service);
        let evidence = desk.controls.iter().filter(|control| control.service == service);
        Rules {
            checklist: keys(Desk::items(&desk.reviews, service)),
            delivery: keys(&desk.delivery),
            tracked: tracked(&desk.delivery),
            results: keys(Desk::items(&desk.results, service)),
            kick_off: keys(&desk.kick_off),
            materials: keys(materials),
            tolerable: keys(
                &materials.iter().filter(|item| item.tolerable).cloned().collect::<Vec<_>>(),
            ),
            stated_fen: None,
            approvals: desk.approvals.iter().filter(fits).cloned().collect(),
            regulation: regulations.max_by_key(|one| one.from).map(|one| one.version.clone()),
            evidence: evidence.filter(|_| is_urgent).filter_map(|one| one.evidence).collect(),
            budget: desk.messages_per_day.map(|most| Budget { most, since_ms }),
            kept_years: i64::from(desk.kept_years),
            without_on_site: None,
            handed_in_ms: None,
            confirmation: None,
            first: None,
            hands: Vec::new(),
            elsewhere: None,
            prechecks: desk
                .prechecks
                .iter()
                .filter(|rule| rule.service == service)
                .cloned()
                .collect(),
        }
    }
}

impl Rules {
    /// These rules with what is different in `service` for `client` at `now_ms` (R102): material
    /// and checks on top, delivery in place of the usual.
    #[must_use]
    pub fn agreed(
        mut self,
        desk: &Desk,
        (client, service): (Option<&str>, Option<&str>),
        zone: Zone,
        now_ms: i64,
    ) -> Rules {
        let day = zone.date(Tick(now_ms.div_euclid(MINUTE)));
        for own in own(desk, client, service, day) {
            let keys = |items: &[desk::Item]| -> Vec<String> {
                items.iter().map(|item| item.id.clone()).collect()
            };
            self.materials.extend(keys(&own.materials));
            let tolerable = own.materials.iter().filter(|item| item.tolerable);
            self.tolerable.extend(tolerable.map(|item| item.id.clone()));
            self.checklist.extend(keys(&own.reviews));
            if !own.delivery.is_empty() {
                self.delivery = keys(&own.delivery);
                self.tracked = tracked(&own.delivery);
            }
        }
        self
    }
}

fn tracked(steps: &[desk::Item]) -> Vec<String> {
    steps.iter().filter(|step| step.tracked).map(|step| step.id.clone()).collect()
}

/// What people call the things that are ticked off or brought in `service` for `client`: nobody is
/// asked for the key of a row.
#[must_use]
pub fn names(
    desk: &Desk,
    (client, service): (Option<&str>, Option<&str>),
    day: Day,
) -> BTreeMap<String, Label> {
    let name = service.unwrap_or_default();
    let usual = Desk::items(&desk.materials, name).iter().chain(Desk::items(&desk.reviews, name));
    let usual = usual.chain(Desk::items(&desk.results, name));
    let mut names = BTreeMap::new();
    let mut add = |item: &desk::Item| {
        names.entry(item.id.clone()).or_insert_with(|| item.label.clone());
    };
    usual.chain(&desk.delivery).chain(&desk.kick_off).for_each(&mut add);
    for own in own(desk, client, service, day) {
        own.materials.iter().chain(&own.reviews).chain(&own.delivery).for_each(&mut add);
    }
    names
}

/// What the agreement in force on `day` says is different in `service` for `client` (R102).
pub fn own<'d>(
    desk: &'d Desk,
    client: Option<&str>,
    service: Option<&str>,
    day: Day,
) -> impl Iterator<Item = &'d Own> {
    let contract =
        client.and_then(|client| desk.contracts.iter().find(|contract| contract.client == client));
    let own = contract.and_then(|contract| contract.on(day)).map_or(&[][..], |one| &one.own);
    let service = service.unwrap_or_default().to_owned();
    own.iter().filter(move |own| own.service == service)
}

/// `ticket` with the changes to its template's steps that its client's agreement has on `day`
/// (R102); what the ticket itself changes stays.
pub fn adjust(desk: &Desk, ticket: &mut Ticket, day: Day) {
    let (client, service) = (ticket.client.clone(), ticket.service.clone());
    if !ticket.steps.is_empty() {
        return;
    }
    for change in own(desk, client.as_deref(), service.as_deref(), day).flat_map(|own| &own.adjust)
    {
        if !ticket.adjust.iter().any(|other| other.step == change.step) {
            ticket.adjust.push(change.clone());
        }
    }
}

/// `services` with the lead times of partners in the waits that are for them (R031, R178).
pub fn partnered(desk: &Desk, services: &mut [Service]) {
    for partner in &desk.partners {
        for service in services.iter_mut() {
            let urgent = service.urgent.iter_mut().flatten();
            for step in service.normal.iter_mut().chain(urgent) {
                let is_his =
                    |wait: &desk::PartnerWait| wait.service == service.id && wait.step == step.id;
                if partner.waits.iter().any(is_his) {
                    step.wait = Some(Lag {
                        working_days: Some(partner.working_days),
                        calendar: Some(partner.calendar.clone()),
                        ..Lag::default()
                    });
                }
            }
        }
    }
}

/// The events named by clocks and daily duties that no ticket has (P205); paths begin with `at`.
#[must_use]
pub fn strangers(desk: &Desk, at: &str) -> Vec<Issue> {
    let is_known = |kind: &str| KINDS.contains(&kind) || OTHERS.contains(&kind);
    let mut issues = Vec::new();
    let mut look = |kind: &str, path: String| {
        if !is_known(kind) {
            issues.push(Issue::error(
                "P205",
                path,
                format!("工单没有“{kind}”这种事件"),
                format!("tickets have no event \"{kind}\""),
            ));
        }
    };
    for (row, timer) in desk.timers.iter().enumerate() {
        for (field, kinds) in [("starts", &timer.starts), ("stops", &timer.stops)] {
            for (place, kind) in kinds.iter().enumerate() {
                look(kind, format!("{at}.timers[{row}].{field}[{place}]"));
            }
        }
    }
    for (row, daily) in desk.daily.iter().enumerate() {
        look(&daily.done_by, format!("{at}.daily[{row}].done_by"));
    }
    issues
}
