//! Who may: skill (H1), eligibility (H2), who with whom (H11), pinned people (H12). Facts bind no
//! rule here: their people are as stated.

use super::report::{Code, Violation};
use super::scene::{Placed, Scene};
use crate::id::Id;
use crate::model::rule::Rule;
use crate::model::work::{Person, Step, Work};

/// H1, H2, H11 and the people of H12.
pub(super) fn check(scene: &Scene, found: &mut Vec<Violation>) {
    for (id, step, row) in scene.rows() {
        if !step.is_wait() {
            company(scene, id, row, found);
        }
        if scene.is_fact(id) {
            continue;
        }
        for (seat, &person) in row.people.iter().enumerate() {
            skill(scene.work, id, seat, person, row, found);
            eligible(scene.work, id, seat, person, row, found);
        }
        pinned(scene.work, id, row, found);
    }
}

fn of(rule: Rule, work: &Work, step: Id<Step>, zh: String, en: String) -> Violation {
    Violation::new(Code::Rule(rule), zh, en).step(work, step)
}

fn skill(
    work: &Work,
    id: Id<Step>,
    position: usize,
    person: Id<Person>,
    row: &Placed,
    found: &mut Vec<Violation>,
) {
    let (key, seat, who) =
        (&work.steps[id].key, work.steps[id].seats[position], &work.people[person]);
    let (name, skill, level) = (&who.key, &work.skills[seat.skill], seat.level);
    let held = || who.skills.iter().filter(|held| held.skill == seat.skill);
    let best = held().map(|held| held.level).max().unwrap_or(0);
    if best < level {
        let violation = of(
            Rule::H1,
            work,
            id,
            format!("步骤 {key} 需要技能 {skill} {level} 级,{name} 为 {best} 级"),
            format!("step {key} needs {skill} at level {level}, {name} holds level {best}"),
        );
        let violation = violation.person(work, person).at(work, row.span.start);
        found.push(violation.by(i64::from(level - best)));
        return;
    }
    let Some(last) = row.pieces.last() else { return };
    let date = work.zone.date(last.end - 1);
    let until = held().filter(|held| held.level >= level).map(|held| held.until);
    // No date at all is the longest validity.
    let Some(Some(until)) = until.max_by_key(|until| until.map_or(i32::MAX, |day| day.0)) else {
        return;
    };
    if date > until {
        let violation = of(
            Rule::H1,
            work,
            id,
            format!("{name} 的 {skill} 证书有效至 {until},步骤 {key} 做到 {date}"),
            format!(
                "{name}'s certificate for {skill} ends on {until}, step {key} is worked until {date}"
            ),
        );
        let violation = violation.person(work, person).at(work, last.end - 1);
        found.push(violation.by(i64::from(date.0 - until.0)));
    }
}

fn eligible(
    work: &Work,
    id: Id<Step>,
    position: usize,
    person: Id<Person>,
    row: &Placed,
    found: &mut Vec<Violation>,
) {
    let step = &work.steps[id];
    let (key, who, ticket) = (&step.key, &work.people[person], &work.tickets[step.ticket]);
    let name = &who.key;
    let mut refuse = |zh: String, en: String| {
        let violation = of(Rule::H2, work, id, zh, en).person(work, person);
        found.push(violation.at(work, row.span.start).by(1));
    };
    if ticket.excluded.contains(&person) {
        refuse(
            format!("工单 {} 或其客户不接受 {name}", ticket.key),
            format!("ticket {} or its client excludes {name}", ticket.key),
        );
    }
    if who.urgent_only && !ticket.urgent {
        refuse(
            format!("{name} 只接加急工单,{} 是常规工单", ticket.key),
            format!("{name} takes urgent tickets only, {} is normal", ticket.key),
        );
    }
    if row.people[..position].contains(&person) {
        refuse(
            format!("{name} 在步骤 {key} 中占了两个席位"),
            format!("{name} fills two seats of step {key}"),
        );
    }
    if who.trainee && position == 0 {
        refuse(
            format!("见习人员 {name} 不能主办步骤 {key}"),
            format!("{name} is a trainee and cannot lead step {key}"),
        );
    } else if who.trainee && !who.mentors.iter().any(|mentor| row.people.contains(mentor)) {
        refuse(
            format!("见习人员 {name} 在步骤 {key} 中没有带教人同席"),
            format!("trainee {name} has no mentor beside him in step {key}"),
        );
    }
    if step.seats[position].trainee && !who.trainee {
        refuse(
            format!("步骤 {key} 的见习席位须由见习人员担任,{name} 不是"),
            format!("the trainee's seat of step {key} is filled by {name}, who is none"),
        );
    }
}

/// H11, each pair of steps once; between two facts nothing is judged.
fn company(scene: &Scene, id: Id<Step>, row: &Placed, found: &mut Vec<Violation>) {
    let (work, step) = (scene.work, &scene.work.steps[id]);
    let judged = |other: Id<Step>, mutual: bool| {
        let placed = scene.placed[other].as_ref().filter(|other| !other.people.is_empty())?;
        let facts = scene.is_fact(id) && scene.is_fact(other);
        let twice = mutual && other < id;
        if facts || twice { None } else { Some(placed) }
    };
    for &other in &step.differs_from {
        let mutual = work.steps[other].differs_from.contains(&id);
        let Some(placed) = judged(other, mutual) else { continue };
        let (key, earlier) = (&step.key, &work.steps[other].key);
        let mut both = row.people.iter().filter(|person| placed.people.contains(person));
        if let Some(&person) = both.next() {
            let name = &work.people[person].key;
            let violation = of(
                Rule::H11,
                work,
                id,
                format!("步骤 {key} 与 {earlier} 须由不同的人做,{name} 两处都在"),
                format!("steps {key} and {earlier} need different people, {name} is in both"),
            );
            let violation = violation.person(work, person).at(work, row.span.start);
            found.push(violation.by(1 + i64::try_from(both.count()).unwrap_or(0)));
        }
    }
    for &other in &step.same_as {
        let mutual = work.steps[other].same_as.contains(&id);
        let Some(placed) = judged(other, mutual) else { continue };
        let (key, earlier) = (&step.key, &work.steps[other].key);
        let (lead, first) = (row.people[0], placed.people[0]);
        if lead != first {
            let (one, two) = (&work.people[lead].key, &work.people[first].key);
            let violation = of(
                Rule::H11,
                work,
                id,
                format!("步骤 {key} 与 {earlier} 须由同一人主办,现为 {one} 与 {two}"),
                format!("steps {key} and {earlier} need the same lead, they have {one} and {two}"),
            );
            found.push(violation.person(work, lead).at(work, row.span.start).by(1));
        }
    }
}

fn pinned(work: &Work, id: Id<Step>, row: &Placed, found: &mut Vec<Violation>) {
    let step = &work.steps[id];
    for (&pinned, &person) in step.pinned_people.iter().zip(&row.people) {
        if pinned != person {
            let (key, wanted, name) =
                (&step.key, &work.people[pinned].key, &work.people[person].key);
            let violation = of(
                Rule::H12,
                work,
                id,
                format!("步骤 {key} 锁定由 {wanted} 做,计划给了 {name}"),
                format!("step {key} is pinned to {wanted}, the plan has {name}"),
            );
            found.push(violation.person(work, person).at(work, row.span.start).by(1));
        }
    }
}
