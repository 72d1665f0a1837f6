//! Rules about what is fixed by hand (H12).

use std::collections::BTreeMap;

use super::{Found, Subject};
use crate::id::Id;
use crate::model::issue::Issue;
use crate::model::scenario::Pin;
use crate::model::work::Step;
use crate::time::Tick;

/// S216 to S219, W312 and W319: pins fit their steps and each other.
pub(super) fn pins(subject: &Subject, found: &mut Found) {
    let mut first: BTreeMap<Id<Step>, Fixed> = BTreeMap::new();
    for (row, pin) in subject.scenario.pins.iter().enumerate() {
        let Some(step) = subject.work.step(&pin.step) else { continue };
        let path = format!("$.pins[{row}]");
        people(subject, pin, step, &path, found);
        start(subject, pin, step, &path, found);
        then(subject, pin, step, &path, found);
        agree(subject, pin, row, first.entry(step).or_default(), found);
    }
}

/// S216: more people than seats, or one person twice. W312: a person who may not fill the seat.
fn people(subject: &Subject, pin: &Pin, step: Id<Step>, path: &str, found: &mut Found) {
    let row = &subject.work.steps[step];
    let (count, seats, key) = (pin.people.len(), row.seats.len(), &pin.step);
    if count > seats {
        found.add(
            Issue::error(
                "S216",
                format!("{path}.people"),
                format!("步骤“{key}”有 {seats} 个席位，却锁定了 {count} 人"),
                format!("{count} people are pinned to step \"{key}\", which has {seats} seats"),
            )
            .hint("按席位顺序写人", "name people seat by seat"),
        );
    }
    for (position, name) in pin.people.iter().enumerate() {
        let path = format!("{path}.people[{position}]");
        if pin.people[..position].contains(name) {
            let issue = Issue::error(
                "S216",
                path,
                format!("“{name}”在步骤“{key}”上占了两个席位"),
                format!("\"{name}\" is pinned to two seats of step \"{key}\""),
            );
            found.add(issue.hint("每个席位写不同的人", "name different people"));
            continue;
        }
        let (Some(seat), Some(person)) = (row.seats.get(position), subject.work.person(name))
        else {
            continue;
        };
        let skill = &subject.work.skills[seat.skill];
        let (zh, en) = if !subject.holds(person, *seat) {
            (
                format!("“{name}”不具备“{skill}”{} 级(H1)", seat.level),
                format!("\"{name}\" does not hold \"{skill}\" at level {} (H1)", seat.level),
            )
        } else if !subject.may_fill(row, position, person) {
            (
                format!("“{name}”按排除、加急专岗或见习规则不能做“{key}”(H2)"),
                format!(
                    "\"{name}\" may not do \"{key}\": excluded, urgent only, or a trainee (H2)"
                ),
            )
        } else {
            continue;
        };
        found.add(
            Issue::warning(
                "W312",
                path,
                format!("锁定无法满足：{zh}"),
                format!("the pin cannot hold: {en}"),
            )
            .hint(
                "改锁定的人，否则该工单排不进去",
                "pin somebody else, or the ticket will be unserved",
            ),
        );
    }
}

/// W324: a start that has passed. S217: a start after the horizon. W319: a start before the ticket's release.
fn start(subject: &Subject, pin: &Pin, step: Id<Step>, path: &str, found: &mut Found) {
    let work = subject.work;
    let Some(moment) = pin.start else { return };
    let (tick, row) = (work.zone.tick_from(moment), &work.steps[step]);
    if row.progress.is_some() {
        return;
    }
    let (path, release) = (format!("{path}.start"), work.tickets[row.ticket].release);
    if tick < work.as_of {
        let issue = Issue::warning(
            "W324",
            path,
            format!("锁定的开始时间 {moment} 已过，步骤未报告开始，不再按此锁定"),
            format!(
                "the pinned start {moment} has passed with the step not begun: it binds no more"
            ),
        );
        found.add(issue.hint(
            "已开始的步骤写入 progress，否则改锁定",
            "a step that has begun belongs in `progress`; else pin another start",
        ));
    } else if tick >= work.horizon {
        let horizon = work.zone.moment(work.horizon);
        let issue = Issue::error(
            "S217",
            path,
            format!("锁定的开始时间 {moment} 不早于计划终点 {horizon}"),
            format!("the pinned start {moment} is not before the horizon {horizon}"),
        );
        found.add(issue.hint("改锁定，或延后计划终点", "change the pin, or move the horizon"));
    } else if tick < release {
        let release = work.zone.moment(release);
        let issue = Issue::warning(
            "W319",
            path,
            format!("锁定的开始时间 {moment} 早于材料齐备时间 {release}(H6)"),
            format!("the pinned start {moment} is before the ticket's release {release} (H6)"),
        );
        found.add(issue.hint("改 release 或改锁定", "change `release` or the pin"));
    }
}

/// S218: an order pin from a step to itself, or with a wait, which nobody leads.
fn then(subject: &Subject, pin: &Pin, step: Id<Step>, path: &str, found: &mut Found) {
    let Some(key) = &pin.then else { return };
    let Some(then) = subject.work.step(key) else { return };
    let steps = &subject.work.steps;
    let (zh, en) = if then == step {
        ("步骤不能排在自己之后", "a step cannot come after itself")
    } else if steps[step].is_wait() || steps[then].is_wait() {
        (
            "先后锁定要求同一主办，等待没有主办",
            "an order pin wants the same lead, and a wait has none",
        )
    } else {
        return;
    };
    let issue = Issue::error("S218", format!("{path}.then"), zh, en);
    found.add(issue.hint("改为两个有席位的步骤", "name two steps with seats"));
}

/// What earlier pins of a step fixed, and the rows that did.
#[derive(Default)]
struct Fixed {
    people: Option<(usize, Vec<String>)>,
    start: Option<(usize, Tick)>,
}

/// S219: pins of one step that contradict each other.
fn agree(subject: &Subject, pin: &Pin, row: usize, fixed: &mut Fixed, found: &mut Found) {
    let mut contradicts = |first: usize, field: &str| {
        let key = &pin.step;
        found.add(
            Issue::error(
                "S219",
                format!("$.pins[{row}].{field}"),
                format!("与 $.pins[{first}] 对步骤“{key}”的锁定矛盾"),
                format!("contradicts $.pins[{first}], which pins step \"{key}\" too"),
            )
            .hint("只留一个", "keep one of them"),
        );
    };
    if !pin.people.is_empty() {
        match &fixed.people {
            Some((first, people)) if *people != pin.people => contradicts(*first, "people"),
            Some(_) => {}
            None => fixed.people = Some((row, pin.people.clone())),
        }
    }
    if let Some(start) = pin.start {
        let tick = subject.work.zone.tick_from(start);
        match fixed.start {
            Some((first, earlier)) if earlier != tick => contradicts(first, "start"),
            Some(_) => {}
            None => fixed.start = Some((row, tick)),
        }
    }
}
