//! Questions about what is not there, answered with an issue and, where one is near, the name
//! that was probably meant.

use crate::id::Id;
use crate::model::issue::{Issue, Issues};
use crate::model::near::nearest;
use crate::model::work::{Person, Step, Ticket, Work};

fn issue<'a>(what: (&str, &str), key: &str, names: impl Iterator<Item = &'a str>) -> Issues {
    let (zh, en) = what;
    let issue = Issue::error(
        "E001",
        key,
        format!("没有名为“{key}”的{zh}"),
        format!("there is no {en} \"{key}\""),
    );
    vec![match nearest(key, names) {
        Some(near) => issue.hint(format!("是否指“{near}”?"), format!("did you mean \"{near}\"?")),
        None => issue,
    }]
}

pub(super) fn ticket(work: &Work, key: &str) -> Result<Id<Ticket>, Issues> {
    let names = work.ticket_keys.keys().map(String::as_str);
    work.ticket(key).ok_or_else(|| issue(("工单", "ticket"), key, names))
}

pub(super) fn step(work: &Work, key: &str) -> Result<Id<Step>, Issues> {
    let names = work.step_keys.keys().map(String::as_str);
    work.step(key).ok_or_else(|| issue(("步骤", "step"), key, names))
}

pub(super) fn person(work: &Work, key: &str) -> Result<Id<Person>, Issues> {
    let names = work.people.iter().map(|person| person.key.as_str());
    work.person(key).ok_or_else(|| issue(("员工", "person"), key, names))
}

pub(super) fn unplanned(key: &str) -> Issues {
    vec![
        Issue::error(
            "E002",
            key,
            format!("计划中没有步骤“{key}”"),
            format!("the plan does not hold the step \"{key}\""),
        )
        .hint("先看该工单为何未排入", "ask first why its ticket is left out"),
    ]
}

pub(super) fn seat(work: &Work, step: Id<Step>, number: usize) -> Issues {
    let key = &work.steps[step].key;
    let issue = Issue::error(
        "E004",
        key,
        format!("“{key}”没有第 {number} 个席位"),
        format!("\"{key}\" has no seat {number}"),
    );
    vec![issue.hint(seats(work, step, "席位"), seats(work, step, "seats"))]
}

pub(super) fn seatless(work: &Work, step: Id<Step>, person: Id<Person>) -> Issues {
    let (key, name) = (&work.steps[step].key, &work.people[person].key);
    let issue = Issue::error(
        "E005",
        key,
        format!("“{name}”没有“{key}”任何席位的技能，须写明席位"),
        format!("\"{name}\" has the skill of no seat of \"{key}\": say which seat"),
    );
    vec![issue.hint(seats(work, step, "席位"), seats(work, step, "seats"))]
}

/// The seats of a step by number and skill.
fn seats(work: &Work, step: Id<Step>, what: &str) -> String {
    let seats = work.steps[step].seats.iter().enumerate();
    let each = seats.map(|(row, seat)| format!("{} {}", row + 1, work.skills[seat.skill]));
    format!("{what}: {}", each.collect::<Vec<_>>().join(", "))
}

pub(super) fn wait(key: &str) -> Issues {
    vec![
        Issue::error(
            "E003",
            key,
            format!("“{key}”是等待,没有人办理"),
            format!("\"{key}\" is a wait: nobody does it"),
        )
        .hint("移动它前面的步骤", "move the step before it"),
    ]
}
