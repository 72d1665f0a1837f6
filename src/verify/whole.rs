//! What holds of tickets as wholes and against decisions already taken: served whole (H9), ticket
//! after ticket (H10), pins and freeze (H12; pinned people are in `people`).

use super::report::{Code, Violation};
use super::scene::{Placed, Scene};
use crate::id::Id;
use crate::model::rule::Rule;
use crate::model::work::{Step, Ticket, Work};
use crate::time::Tick;

/// H9, H10 and the rest of H12.
pub(super) fn check(scene: &Scene, found: &mut Vec<Violation>) {
    for (id, ticket) in scene.work.tickets.pairs() {
        whole(scene, id, ticket, found);
        after(scene, id, ticket, found);
    }
    batches(scene, found);
    for (id, _, row) in scene.rows() {
        within_horizon(scene, id, row, found);
        pinned_start(scene, id, row, found);
    }
    orders(scene, found);
    frozen(scene, found);
    released(scene, found);
}

fn on_ticket(rule: Rule, work: &Work, ticket: Id<Ticket>, zh: String, en: String) -> Violation {
    Violation::new(Code::Rule(rule), zh, en).ticket(work, ticket)
}

fn on_step(rule: Rule, work: &Work, step: Id<Step>, zh: String, en: String) -> Violation {
    Violation::new(Code::Rule(rule), zh, en).step(work, step)
}

fn whole(scene: &Scene, id: Id<Ticket>, ticket: &Ticket, found: &mut Vec<Violation>) {
    let work = scene.work;
    let key = &ticket.key;
    if !scene.is_served(id) {
        if ticket.begun {
            let zh = format!("工单 {key} 已经开始,不能不排");
            let en = format!("ticket {key} has begun and cannot be left out");
            found.push(on_ticket(Rule::H9, work, id, zh, en).by(1));
        }
        return;
    }
    if scene.left_out.contains(&id) {
        let zh = format!("工单 {key} 列为未排入,计划中却有它的步骤");
        let en = format!("ticket {key} is listed as unserved, yet the plan has steps of it");
        found.push(on_ticket(Rule::H9, work, id, zh, en).by(1));
    }
    let absent = |step: &&Id<Step>| {
        scene.placed[**step].is_none() && !scene.unreadable[**step] && !scene.is_fact(**step)
    };
    let missing: Vec<&str> =
        ticket.steps.iter().filter(absent).map(|&step| work.steps[step].name.as_str()).collect();
    if !missing.is_empty() {
        let names = missing.join(", ");
        let zh = format!("工单 {key} 缺少步骤:{names}");
        let en = format!("ticket {key} lacks steps: {names}");
        let count = i64::try_from(missing.len()).unwrap_or(i64::MAX);
        found.push(on_ticket(Rule::H9, work, id, zh, en).by(count));
    }
}

fn within_horizon(scene: &Scene, id: Id<Step>, row: &Placed, found: &mut Vec<Violation>) {
    let work = scene.work;
    let step = &work.steps[id];
    let over = row.span.end - work.horizon;
    if over > 0 && !work.tickets[step.ticket].begun {
        let key = &step.key;
        let zh = format!("{key} 在规划期之后 {over} 分钟才结束");
        let en = format!("{key} ends {over} minutes after the horizon");
        found.push(on_step(Rule::H9, work, id, zh, en).at(work, row.span.end).by(over));
    }
}

fn batches(scene: &Scene, found: &mut Vec<Violation>) {
    let work = scene.work;
    let mut members: Vec<[Vec<Id<Ticket>>; 2]> =
        work.batches.iter().map(|_| [Vec::new(), Vec::new()]).collect();
    for (id, ticket) in work.tickets.pairs().filter(|(_, ticket)| !ticket.begun) {
        if let Some(batch) = ticket.batch {
            members[batch.index()][usize::from(scene.is_served(id))].push(id);
        }
    }
    for (batch, [out, served]) in work.batches.ids().zip(members) {
        let (Some(&first), false) = (out.first(), served.is_empty()) else { continue };
        let name = &work.batches[batch];
        let (missing, count) = (out.len(), served.len());
        let zh = format!("同批 {name} 须全排或全不排:排了 {count} 个,漏了 {missing} 个");
        let en = format!("batch {name} is served all or none: {count} served, {missing} left out");
        let amount = i64::try_from(missing).unwrap_or(i64::MAX);
        found.push(on_ticket(Rule::H9, work, first, zh, en).by(amount));
    }
}

/// H10; a ticket under way is not held by it.
fn after(scene: &Scene, id: Id<Ticket>, ticket: &Ticket, found: &mut Vec<Violation>) {
    let work = scene.work;
    if ticket.begun || !scene.is_served(id) {
        return;
    }
    let key = &ticket.key;
    for &other in &ticket.after {
        let first = &work.tickets[other].key;
        if !scene.is_served(other) {
            let zh = format!("工单 {key} 须在 {first} 之后,而 {first} 未排入");
            let en = format!("ticket {key} comes after {first}, which is unserved");
            found.push(on_ticket(Rule::H10, work, id, zh, en).by(1));
            continue;
        }
        let Some(finish) = scene.finish(other) else { continue };
        for &step in &ticket.steps {
            let Some(row) = &scene.placed[step] else { continue };
            let early = finish - row.span.start;
            if early > 0 {
                let key = &work.steps[step].key;
                let zh = format!("{key} 须等工单 {first} 完成,早了 {early} 分钟");
                let en = format!(
                    "{key} waits for ticket {first} to finish; it is {early} minutes early"
                );
                let violation = on_step(Rule::H10, work, step, zh, en);
                found.push(violation.at(work, row.span.start).by(early));
            }
        }
    }
}

fn pinned_start(scene: &Scene, id: Id<Step>, row: &Placed, found: &mut Vec<Violation>) {
    let work = scene.work;
    let step = &work.steps[id];
    let Some(pinned) = step.pinned_start.filter(|_| !scene.is_fact(id)) else { return };
    let off = (row.span.start - pinned).abs();
    if off > 0 {
        let (key, at) = (&step.key, work.zone.show(pinned));
        let zh = format!("{key} 锁定在 {at} 开始,差 {off} 分钟");
        let en = format!("{key} is pinned to start at {at}; it is {off} minutes off");
        found.push(on_step(Rule::H12, work, id, zh, en).at(work, row.span.start).by(off));
    }
}

/// Order pins: same lead, and one after the other unless the second has already started.
fn orders(scene: &Scene, found: &mut Vec<Violation>) {
    let work = scene.work;
    for order in &work.orders {
        let (Some(first), Some(then)) = (&scene.placed[order.first], &scene.placed[order.then])
        else {
            continue;
        };
        let (one, two) = (&work.steps[order.first].key, &work.steps[order.then].key);
        let facts = scene.is_fact(order.first) && scene.is_fact(order.then);
        let leads = (first.people.first(), then.people.first());
        if !facts && matches!(leads, (Some(one), Some(two)) if one != two) {
            let zh = format!("{one} 与 {two} 锁定由同一人先后主办");
            let en = format!("{one} and {two} are pinned to the same lead, one after the other");
            let violation = on_step(Rule::H12, work, order.then, zh, en);
            found.push(violation.at(work, then.span.start).by(1));
        }
        let early = first.span.end - then.span.start;
        if early > 0 && !scene.is_fact(order.then) {
            let zh = format!("{two} 锁定在 {one} 之后,早了 {early} 分钟");
            let en = format!("{two} is pinned after {one}; it is {early} minutes early");
            let violation = on_step(Rule::H12, work, order.then, zh, en);
            found.push(violation.at(work, then.span.start).by(early));
        }
    }
}

/// Whether the freeze holds a step of the previous plan that starts there at `start`.
fn is_frozen(scene: &Scene, step: Id<Step>, start: Tick) -> bool {
    let freeze = i64::from(scene.work.policy.freeze_minutes);
    start < scene.work.as_of + freeze && !scene.is_fact(step)
}

fn frozen(scene: &Scene, found: &mut Vec<Violation>) {
    let work = scene.work;
    for (&id, before) in &scene.before {
        if !is_frozen(scene, id, before.start) || scene.released.contains(&id) {
            continue;
        }
        let key = &work.steps[id].key;
        let Some(row) = &scene.placed[id] else {
            if !scene.unreadable[id] {
                let zh = format!("{key} 在冻结期内,计划却没有它,也没有列为解除冻结");
                let en = format!("{key} is frozen, yet neither in the plan nor listed as released");
                found.push(on_step(Rule::H12, work, id, zh, en).at(work, before.start).by(1));
            }
            continue;
        };
        let keys = row.people.iter().map(|&person| &work.people[person].key);
        if !keys.eq(&before.people) {
            let zh = format!("{key} 在冻结期内,人员却变了");
            let en = format!("{key} is frozen, yet its people have changed");
            found.push(on_step(Rule::H12, work, id, zh, en).at(work, row.span.start).by(1));
        }
        let moved = (row.span.start - before.start).abs();
        if moved > 0 {
            let zh = format!("{key} 在冻结期内,开始却移动了 {moved} 分钟");
            let en = format!("{key} is frozen, yet its start has moved by {moved} minutes");
            found.push(on_step(Rule::H12, work, id, zh, en).at(work, row.span.start).by(moved));
        }
    }
}

fn released(scene: &Scene, found: &mut Vec<Violation>) {
    let work = scene.work;
    for &id in &scene.released {
        let before = scene.before.get(&id);
        if !before.is_some_and(|before| is_frozen(scene, id, before.start)) {
            let key = &work.steps[id].key;
            let zh = format!("{key} 列为解除冻结,但上一版计划并未冻结它");
            let en =
                format!("{key} is listed as released, but the previous plan does not freeze it");
            found.push(on_step(Rule::H12, work, id, zh, en).by(1));
        }
    }
}
