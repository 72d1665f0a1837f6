//! Rules about what has been done or begun (H13).

use std::collections::BTreeMap;

use super::{Found, Subject};
use crate::id::Id;
use crate::model::issue::Issue;
use crate::model::scenario::{self, ProgressState};
use crate::model::ticket::LinkKind;
use crate::model::work::{Progress, Step};

/// S220 to S222, W311: reports of progress fit the clock, the seats and each other.
pub(super) fn progress(subject: &Subject, found: &mut Found) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, progress) in subject.scenario.progress.iter().enumerate() {
        let Some(step) = subject.work.step(&progress.step) else { continue };
        let path = format!("$.progress[{row}]");
        if let Some(first) = first.insert(&progress.step, row) {
            let key = &progress.step;
            let issue = Issue::error(
                "S222",
                format!("{path}.step"),
                format!("步骤“{key}”的进度已在 $.progress[{first}] 写过"),
                format!("the progress of step \"{key}\" is stated already in $.progress[{first}]"),
            );
            found.add(issue.hint("只留最新的一条", "keep the latest"));
        }
        times(subject, progress, step, &path, found);
        people(subject, progress, step, &path, found);
        if progress.state == ProgressState::Done {
            predecessors(subject, step, &path, found);
        }
    }
}

/// S220: done steps end by `as_of`, begun ones started before it, and nothing ends before it
/// starts.
fn times(
    subject: &Subject,
    progress: &scenario::Progress,
    step: Id<Step>,
    path: &str,
    found: &mut Found,
) {
    let (work, as_of) = (subject.work, subject.scenario.as_of);
    let start = work.zone.tick_from(progress.start);
    let least = i64::from(!work.steps[step].is_wait());
    if let Some(end) = progress.end {
        let (tick, start_moment) = (work.zone.tick_from(end), progress.start);
        if tick < start + least {
            let (zh, en) = (
                format!("结束 {end} 不晚于开始 {start_moment}"),
                format!("the end {end} does not come after the start {start_moment}"),
            );
            found.add(wrong_time(format!("{path}.end"), zh, en));
        }
        if progress.state == ProgressState::Done && tick > work.as_of {
            let (zh, en) = (
                format!("已完成的步骤结束于 {end}，晚于计划起点 {as_of}"),
                format!("a done step ends at {end}, after as_of {as_of}"),
            );
            found.add(wrong_time(format!("{path}.end"), zh, en));
        }
    }
    if progress.state == ProgressState::Begun && start >= work.as_of {
        let moment = progress.start;
        let (zh, en) = (
            format!("进行中的步骤开始于 {moment}，不早于计划起点 {as_of}"),
            format!("a begun step starts at {moment}, not before as_of {as_of}"),
        );
        found.add(wrong_time(format!("{path}.start"), zh, en));
    }
}

fn wrong_time(path: String, zh: String, en: String) -> Issue {
    Issue::error("S220", path, zh, en)
        .hint("核对时间，或把 as_of 改到现在", "check the times, or move `as_of` to now")
}

/// S221: as many people as there are seats, each once.
fn people(
    subject: &Subject,
    progress: &scenario::Progress,
    step: Id<Step>,
    path: &str,
    found: &mut Found,
) {
    let (seats, count, key) =
        (subject.work.steps[step].seats.len(), progress.people.len(), &progress.step);
    let doubled = |(row, name): (usize, &String)| progress.people[..row].contains(name);
    let twice = progress.people.iter().enumerate().any(doubled);
    if seats == count && !twice {
        return;
    }
    let (zh, en) = if twice {
        (format!("步骤“{key}”有人写了两次"), format!("somebody is named twice for step \"{key}\""))
    } else {
        (
            format!("步骤“{key}”有 {seats} 个席位，进度写了 {count} 人"),
            format!("step \"{key}\" has {seats} seats, and its progress names {count} people"),
        )
    };
    let issue = Issue::error("S221", format!("{path}.people"), zh, en);
    found
        .add(issue.hint("按席位顺序写人；等待不写人", "name people seat by seat; none for a wait"));
}

/// W311: a done step though what comes before it is not done.
fn predecessors(subject: &Subject, step: Id<Step>, path: &str, found: &mut Found) {
    let steps = &subject.work.steps;
    for link in &steps[step].links {
        match (&steps[link.step].progress, link.kind) {
            (Some(Progress::Done { .. }), _) => continue,
            (Some(Progress::Begun { .. }), LinkKind::StartStart) => continue,
            _ => {}
        }
        let (key, earlier) = (&steps[step].key, &steps[link.step].key);
        found.add(
            Issue::warning(
                "W311",
                format!("{path}.step"),
                format!("步骤“{key}”已完成，但它之前的“{earlier}”还没有"),
                format!("step \"{key}\" is done, but \"{earlier}\" before it is not"),
            )
            .hint("补报前一步的进度", "report the progress of the earlier step too"),
        );
    }
}
