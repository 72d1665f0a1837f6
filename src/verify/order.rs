//! When steps may start and end: order within the ticket (H5), release (H6), bureaus (H7),
//! windows (H8), facts as stated (H13). A fact starts when it started; only H13 judges it.

use std::collections::BTreeMap;

use super::report::{Code, Violation};
use super::scene::{Placed, Scene};
use crate::calendar::Day;
use crate::id::Id;
use crate::model::plan::Standing;
use crate::model::rule::Rule;
use crate::model::ticket::{BureauRule, LinkKind};
use crate::model::work::{Bureau, Clock, Lag, Progress, Step, Work};
use crate::time::{Span, Tick};

/// Lags from one event to the next, working days remembered by date.
pub(super) struct Lags<'a> {
    work: &'a Work,
    openings: BTreeMap<(Id<Clock>, u32, Day), Option<Tick>>,
}

impl<'a> Lags<'a> {
    pub(super) fn new(work: &'a Work) -> Lags<'a> {
        Lags { work, openings: BTreeMap::new() }
    }

    /// When `lag` from `event` on is over; `None` if its calendar does not hold it.
    pub(super) fn end(&mut self, event: Tick, lag: Lag) -> Option<Tick> {
        let Work { book, clocks, .. } = self.work;
        match lag {
            Lag::Minutes(minutes) => Some(event + minutes),
            Lag::WorkingMinutes(minutes, clock) => {
                book.add_open_minutes(&clocks[clock], event, minutes)
            }
            Lag::WorkingDays(0, _) => Some(event),
            Lag::WorkingDays(days, clock) => {
                let calendar = &clocks[clock];
                let date = book.zone_of(calendar).date(event);
                let opening = self.openings.entry((clock, days, date));
                *opening.or_insert_with(|| book.nth_opening(calendar, event, days))
            }
        }
    }

    /// When a wait started at `start` ends; a begun one never before `as_of`.
    pub(super) fn wait_end(&mut self, step: &Step, start: Tick) -> Option<Tick> {
        match &step.progress {
            Some(Progress::Done { span, .. }) => Some(span.end),
            Some(Progress::Begun { end, .. }) => {
                let end = end.or_else(|| self.end(start, step.wait))?;
                Some(end.max(self.work.as_of))
            }
            None => self.end(start, step.wait),
        }
    }
}

/// H5, H6, H7, H8 and H13.
pub(super) fn check(scene: &Scene, found: &mut Vec<Violation>) {
    let work = scene.work;
    let mut lags = Lags::new(work);
    for (id, step, row) in scene.rows() {
        if scene.is_fact(id) {
            fact(scene, &mut lags, id, row, found);
            continue;
        }
        links(scene, &mut lags, id, row, found);
        release(work, id, row, found);
        bureau(work, id, row, found);
        windows(work, id, row, found);
        if matches!(row.standing, Standing::Begun | Standing::Done) {
            let key = &step.key;
            let violation = Violation::new(
                Code::Rule(Rule::H13),
                format!("计划把 {key} 记为已开始,场景中没有这项进度"),
                format!("the plan calls {key} begun, the scenario knows no such progress"),
            );
            found.push(violation.step(work, id).at(work, row.span.start).by(1));
        }
    }
    forgotten(scene, found);
    quotas(scene, found);
}

fn of(rule: Rule, work: &Work, step: Id<Step>, zh: String, en: String) -> Violation {
    Violation::new(Code::Rule(rule), zh, en).step(work, step)
}

fn links(scene: &Scene, lags: &mut Lags, id: Id<Step>, row: &Placed, found: &mut Vec<Violation>) {
    let work = scene.work;
    let (key, start) = (&work.steps[id].key, row.span.start);
    for link in &work.steps[id].links {
        let Some(earlier) = &scene.placed[link.step] else { continue };
        let event = match link.kind {
            LinkKind::FinishStart => earlier.span.end,
            LinkKind::StartStart => earlier.span.start,
        };
        let other = &work.steps[link.step].key;
        let Some(earliest) = lags.end(event, link.lag) else {
            found.push(
                of(
                    Rule::H5,
                    work,
                    id,
                    format!("{other} 之后的间隔在日历上到不了头,{key} 不能开始"),
                    format!("the lag after {other} never ends on its calendar, {key} cannot start"),
                )
                .at(work, start)
                .by(1),
            );
            continue;
        };
        if start < earliest {
            let (from, minutes) = (work.zone.show(earliest), earliest - start);
            let violation = of(
                Rule::H5,
                work,
                id,
                format!("{key} 须在 {other} 之后,最早 {from},早了 {minutes} 分钟"),
                format!("{key} comes after {other}, from {from} on; it is {minutes} minutes early"),
            );
            found.push(violation.at(work, start).by(minutes));
        }
    }
    if work.steps[id].is_wait() {
        let end = lags.wait_end(&work.steps[id], start);
        if end != Some(row.span.end) {
            let difference = end.map_or(1, |end| (row.span.end - end).abs());
            let due = end.map_or_else(|| "—".to_owned(), |end| work.zone.show(end));
            let violation = of(
                Rule::H5,
                work,
                id,
                format!("等待 {key} 应在 {due} 结束"),
                format!("the wait {key} should end at {due}"),
            );
            found.push(violation.at(work, row.span.end).by(difference));
        }
    }
}

fn release(work: &Work, id: Id<Step>, row: &Placed, found: &mut Vec<Violation>) {
    let step = &work.steps[id];
    let ticket = &work.tickets[step.ticket];
    let early = ticket.release.max(work.as_of) - row.span.start;
    if early > 0 {
        let (key, from) = (&step.key, work.zone.show(ticket.release));
        let violation = of(
            Rule::H6,
            work,
            id,
            format!("{key} 最早可在 {from} 开始,早了 {early} 分钟"),
            format!("{key} may start from {from} on; it is {early} minutes early"),
        );
        found.push(violation.at(work, row.span.start).by(early));
    }
}

fn bureau(work: &Work, id: Id<Step>, row: &Placed, found: &mut Vec<Violation>) {
    let step = &work.steps[id];
    let Some((bureau, rule)) = step.bureau else { return };
    if rule != BureauRule::Begins && !step.is_wait() {
        return;
    }
    let bureau = &work.bureaus[bureau];
    if !work.book.is_open(&work.clocks[bureau.hours], row.span.start) {
        let (key, name) = (&step.key, &bureau.key);
        let violation = of(
            Rule::H7,
            work,
            id,
            format!("{key} 开始时 {name} 不开门"),
            format!("{name} is closed when {key} starts"),
        );
        found.push(violation.at(work, row.span.start).by(1));
    }
}

fn quotas(scene: &Scene, found: &mut Vec<Violation>) {
    let work = scene.work;
    let mut begun: BTreeMap<(Id<Bureau>, Day), Vec<Id<Step>>> = BTreeMap::new();
    for (id, step, row) in scene.rows() {
        let Some((bureau, _)) = step.bureau else { continue };
        if work.bureaus[bureau].quota.is_some() {
            begun.entry((bureau, work.zone.date(row.span.start))).or_default().push(id);
        }
    }
    for ((bureau, date), mut steps) in begun {
        let Some(quota) = work.bureaus[bureau].quota else { continue };
        let count = i64::try_from(steps.len()).unwrap_or(i64::MAX);
        let start = |id: Id<Step>| scene.placed[id].as_ref().map(|row| row.span.start);
        steps.sort_by_key(|&id| (start(id), id));
        let planned = steps.iter().rev().find(|&&id| !scene.is_fact(id));
        let (true, Some(&step)) = (count > quota, planned) else { continue };
        let name = &work.bureaus[bureau].key;
        let violation = of(
            Rule::H7,
            work,
            step,
            format!("{name} 在 {date} 有 {count} 个步骤开始,名额 {quota}"),
            format!("{count} steps begin at {name} on {date}, the quota is {quota}"),
        );
        let violation = match start(step) {
            Some(start) => violation.at(work, start),
            None => violation,
        };
        found.push(violation.by(count - quota));
    }
}

fn windows(work: &Work, id: Id<Step>, row: &Placed, found: &mut Vec<Violation>) {
    let step = &work.steps[id];
    let (key, start, end) = (&step.key, row.span.start, row.span.end);
    let windows = &step.windows;
    if !windows.is_empty() && !windows.iter().any(|window| window.contains(start)) {
        let distance = |window: &Span| (window.start - start).max(start - window.end + 1);
        let amount = windows.iter().map(distance).min().unwrap_or(1);
        let violation = of(
            Rule::H8,
            work,
            id,
            format!("{key} 的开始不在任何允许的时间窗口内,差 {amount} 分钟"),
            format!("{key} starts in none of its windows, {amount} minutes off"),
        );
        found.push(violation.at(work, start).by(amount));
    }
    if let Some(latest) = step.latest_end.filter(|&latest| end > latest) {
        let (by, late) = (work.zone.show(latest), end - latest);
        let violation = of(
            Rule::H8,
            work,
            id,
            format!("{key} 最迟须在 {by} 结束,晚了 {late} 分钟"),
            format!("{key} must end by {by}; it is {late} minutes late"),
        );
        found.push(violation.at(work, end).by(late));
    }
}

/// H13: people and start of facts, the end of done steps and begun waits.
fn fact(scene: &Scene, lags: &mut Lags, id: Id<Step>, row: &Placed, found: &mut Vec<Violation>) {
    let work = scene.work;
    let step = &work.steps[id];
    let (people, start, standing) = match &step.progress {
        Some(Progress::Done { people, span }) => (people, span.start, Standing::Done),
        Some(Progress::Begun { people, start, .. }) => (people, *start, Standing::Begun),
        None => return,
    };
    let key = &step.key;
    let mut differs = |amount: i64, zh: &str, en: &str| {
        let violation = of(
            Rule::H13,
            work,
            id,
            format!("{key} 的{zh}与进度所述不符"),
            format!("the {en} of {key} is not as its progress states"),
        );
        found.push(violation.at(work, row.span.start).by(amount));
    };
    if *people != row.people {
        differs(1, "人员", "people");
    }
    if start != row.span.start {
        differs((start - row.span.start).abs(), "开始", "start");
    }
    let fixed = step.is_wait() || standing == Standing::Done;
    let end = if fixed { lags.wait_end(step, start) } else { None };
    if let Some(end) = end.filter(|&end| end != row.span.end) {
        differs((end - row.span.end).abs(), "结束", "end");
    }
    if row.standing != Standing::Planned && row.standing != standing {
        differs(1, "状态", "standing");
    }
}

/// H13: facts of served tickets that the plan does not mention.
fn forgotten(scene: &Scene, found: &mut Vec<Violation>) {
    let work = scene.work;
    for (id, step) in work.steps.pairs() {
        let missing = scene.placed[id].is_none() && !scene.unreadable[id];
        if step.progress.is_some() && missing && scene.is_served(step.ticket) {
            let key = &step.key;
            let violation = of(
                Rule::H13,
                work,
                id,
                format!("计划漏掉了已开始的步骤 {key}"),
                format!("the plan leaves out {key}, which has begun"),
            );
            found.push(violation.by(1));
        }
    }
}
