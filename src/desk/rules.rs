//! From the policy's data to what the desk goes by: clocks of a client, rules of a service, times
//! of a day.

use super::clock::MINUTE;
use super::decide::{Budget, Rules};
use super::life::KINDS;
use super::timer::Timer;
use crate::calendar::{Day, Zone};
use crate::model::issue::Issue;
use crate::policy::desk::{self, Approval, Daily, DailyTime, Desk, Runs, TierGoal};
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
            goal: super::clock::Goal::of(goal)?,
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
    /// The goal a policy states; `None` unless it is minutes or days.
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
        Rules {
            checklist: keys(Desk::items(&desk.reviews, service)),
            delivery: keys(&desk.delivery),
            kick_off: keys(&desk.kick_off),
            materials: keys(materials),
            tolerable: keys(
                &materials.iter().filter(|item| item.tolerable).cloned().collect::<Vec<_>>(),
            ),
            approvals: desk.approvals.iter().filter(fits).cloned().collect(),
            regulation: regulations.max_by_key(|one| one.from).map(|one| one.version.clone()),
            budget: desk.messages_per_day.map(|most| Budget { most, since_ms }),
            kept_years: i64::from(desk.kept_years),
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
