//! Clocks, daily duties, levels of response.

use super::Found;
use crate::policy::desk::{Daily, Runs, Timer};

/// What holds for all clocks and has no value in the catalogue.
pub(super) fn blanks(found: &mut Found<'_>) {
    let desk = found.desk;
    match &desk.working {
        None => found.blank("working"),
        Some(name) if !found.scenario.calendars.iter().any(|one| one.id == *name) => {
            found.stranger("P202", "working", name);
        }
        Some(_) => {}
    }
    let needs = |lacks: fn(&Timer) -> bool| desk.timers.iter().any(lacks);
    if desk.warns_permille.is_none() && needs(|timer| timer.warns_permille.is_none()) {
        found.blank("warns_permille");
    }
    if desk.escalates_to.is_none() && needs(|timer| timer.escalates_to.is_none()) {
        found.blank("escalates_to");
    }
}

pub(super) fn timers(found: &mut Found<'_>) {
    let desk = found.desk;
    found.twice("timers", desk.timers.iter().map(|timer| timer.id.as_str()));
    for (row, timer) in desk.timers.iter().enumerate() {
        let path = format!("timers[{row}]");
        match timer.goal {
            Some(goal) => found.goal(goal, &format!("{path}.goal")),
            // The tiers that state a goal have this clock.
            None if timer.runs == Runs::Tier => {}
            None => found.blank(&format!("{path}.goal")),
        }
        if timer.starts.is_empty() || timer.stops.is_empty() {
            let (zh, en) = ("须有起止事件", "it needs events that start and stop it");
            found.error("P205", &path, zh, en);
        }
    }
}

pub(super) fn daily(found: &mut Found<'_>) {
    let desk = found.desk;
    found.twice("daily", desk.daily.iter().map(|daily| daily.id.as_str()));
    for (row, daily) in desk.daily.iter().enumerate() {
        // Both are told of by their key.
        if desk.timers.iter().any(|timer| timer.id == daily.id) {
            let (zh, en) = ("已有同名的时限", "there is a clock of that name");
            found.error("P204", &format!("daily[{row}].id"), zh, en);
        }
    }
    for (row, daily) in desk.daily.iter().enumerate() {
        if daily.times.is_empty() {
            found.blank(&format!("daily[{row}].times"));
        }
        if !is_ordered(daily) {
            let (zh, en) = (
                "各版本须按开始日期先后排列，只有第一版可以不写日期",
                "versions stand in the order of their dates; only the first may have none",
            );
            found.error("P215", &format!("daily[{row}].times"), zh, en);
        }
    }
}

fn is_ordered(daily: &Daily) -> bool {
    let is_dated = daily.times.iter().skip(1).all(|time| time.from.is_some());
    is_dated && daily.times.windows(2).all(|pair| pair[0].from < pair[1].from)
}

/// One row per level; each but the first says from when on it is asked.
pub(super) fn levels(found: &mut Found<'_>) {
    let desk = found.desk;
    for (row, level) in desk.levels.iter().enumerate() {
        let path = format!("levels[{row}]");
        found.timer(&level.timer, &format!("{path}.timer"));
        let is_first = level.level == 1;
        let has_trigger = level.from_skills.is_some() || level.from_departments.is_some();
        let is_next = usize::from(level.level) == row + 1;
        if !is_next || is_first == has_trigger {
            let (zh, en) = (
                "级别须为1、2、3依次各一行，除一级外须写升级条件",
                "levels stand in order from 1; all but the first say what leads to them",
            );
            found.error("P216", &path, zh, en);
        }
    }
}
