//! Rules about who works with whom (H11), tickets without steps, and batches.

use std::collections::BTreeMap;

use super::{Found, Subject};
use crate::id::{Column, Id};
use crate::model::issue::Issue;
use crate::model::work::Step;

/// S210: a step must differ from itself or be led like itself. W318: the other step is a wait,
/// which has no people.
pub(super) fn itself_and_waits(subject: &Subject, found: &mut Found) {
    for (id, step) in subject.work.steps.pairs() {
        let lists = [("differs_from", &step.differs_from), ("same_as", &step.same_as)];
        for (field, others) in lists {
            for (position, other) in others.iter().enumerate() {
                let path = || format!("{}.{field}[{position}]", subject.written(id).path);
                let name = &subject.work.steps[*other].name;
                if *other == id {
                    found.add(
                        Issue::error(
                            "S210",
                            path(),
                            format!("步骤“{name}”的 {field} 指向自己"),
                            format!("`{field}` of step \"{name}\" names the step itself"),
                        )
                        .hint("写另一个步骤", "name another step"),
                    );
                } else if step.is_wait() || subject.work.steps[*other].is_wait() {
                    found.add(
                        Issue::warning(
                            "W318",
                            path(),
                            format!("{field} 的一端是等待，没有人员，不起作用(“{name}”)"),
                            format!("one end of `{field}` is a wait without people, so it changes nothing (\"{name}\")"),
                        )
                        .hint("改指有席位的步骤，或删去", "name a step with seats, or remove it"),
                    );
                }
            }
        }
    }
}

/// S211: two steps must have the same lead and no person in common.
pub(super) fn contradictions(subject: &Subject, found: &mut Found) {
    let groups = lead_groups(subject);
    for (id, step) in subject.work.steps.pairs() {
        for (position, other) in step.differs_from.iter().enumerate() {
            if *other == id || groups[id] != groups[*other] {
                continue;
            }
            let (one, two) = (&step.name, &subject.work.steps[*other].name);
            found.add(
                Issue::error(
                    "S211",
                    format!("{}.differs_from[{position}]", subject.written(id).path),
                    format!("步骤“{one}”与“{two}”既要同一主办，又要人员不同"),
                    format!("steps \"{one}\" and \"{two}\" are to have the same lead and other people at once"),
                )
                .hint("删去 same_as 或 differs_from 中的一个", "remove one of `same_as` and `differs_from`"),
            );
        }
    }
}

/// For each step the first of the steps that must have the same lead.
pub(super) fn lead_groups(subject: &Subject) -> Column<Step, Id<Step>> {
    let steps = &subject.work.steps;
    let mut groups: Column<Step, Id<Step>> = steps.ids().collect();
    for (id, step) in steps.pairs().filter(|(_, step)| !step.is_wait()) {
        for other in step.same_as.iter().filter(|other| !steps[**other].is_wait()) {
            let (one, two) = (root(&groups, id), root(&groups, *other));
            groups[one.max(two)] = one.min(two);
        }
    }
    // Links point to earlier rows, so one pass in order flattens them.
    for id in steps.ids() {
        groups[id] = groups[groups[id]];
    }
    groups
}

fn root(groups: &Column<Step, Id<Step>>, mut step: Id<Step>) -> Id<Step> {
    while groups[step] != step {
        step = groups[step];
    }
    step
}

/// S228: the first seat leads, and a trainee never does.
pub(super) fn trainee_leads(subject: &Subject, found: &mut Found) {
    for (id, step) in subject.work.steps.pairs() {
        if step.seats.first().is_some_and(|seat| seat.trainee) {
            let name = &step.name;
            let issue = Issue::error(
                "S228",
                format!("{}.seats[0].role", subject.written(id).path),
                format!("步骤“{name}”的第一个席位主办，不能是见习席位"),
                format!("the first seat of step \"{name}\" leads and cannot be a trainee's"),
            );
            found.add(issue.hint("把见习席位排到后面", "put the trainee's seat second"));
        }
    }
}

/// S212: a ticket without a single step.
pub(super) fn without_steps(subject: &Subject, found: &mut Found) {
    for (row, ticket) in subject.work.tickets.pairs() {
        let written = &subject.scenario.tickets[row.index()];
        let known = |service: &String| subject.scenario.services.iter().any(|s| s.id == *service);
        if !ticket.steps.is_empty() || written.service.as_ref().is_some_and(|s| !known(s)) {
            continue;
        }
        let key = &ticket.key;
        let (zh, en) = match &written.service {
            Some(service) => (
                format!("工单“{key}”的服务“{service}”没有步骤"),
                format!("service \"{service}\" of ticket \"{key}\" has no steps"),
            ),
            None => (
                format!("工单“{key}”既无服务也无步骤"),
                format!("ticket \"{key}\" has neither a service nor steps"),
            ),
        };
        found.add(
            Issue::error("S212", subject.ticket_path(row), zh, en)
                .hint("写 service 或 steps", "state `service` or `steps`"),
        );
    }
}

/// W310: a batch of one ticket.
pub(super) fn batches(subject: &Subject, found: &mut Found) {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, ticket) in subject.scenario.tickets.iter().enumerate() {
        if let Some(batch) = &ticket.batch {
            members.entry(batch).or_default().push(row);
        }
    }
    for (batch, rows) in members {
        let &[row] = rows.as_slice() else { continue };
        let names = subject.scenario.tickets.iter().filter_map(|t| t.batch.as_deref());
        let near = crate::model::near::nearest(batch, names.filter(|name| *name != batch));
        let issue = Issue::warning(
            "W310",
            format!("$.tickets[{row}].batch"),
            format!("批次“{batch}”只有一张工单"),
            format!("batch \"{batch}\" has a single ticket"),
        );
        found.add(match near {
            Some(near) => {
                issue.hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?"))
            }
            None => issue.hint("核对批次名称，或删去", "check the batch's name, or remove it"),
        });
    }
}
