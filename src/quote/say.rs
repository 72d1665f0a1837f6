//! What is said of an option: to staff with names and reasons, to clients without any of other
//! clients, staff or other people's prices.

use super::excerpt::Verified;
use super::guest::Guest;
use super::option::template;
use crate::calendar::{Label, Moment};
use crate::model::quote::{Displaced, OptionKind, QuotedOption};
use crate::solver::schedule::Schedule;
use crate::time::Money;

/// A moment as people read it: to the minute, without offset.
pub(super) fn when(moment: Moment) -> String {
    moment.to_string().chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// Why the option is as it is, for staff.
pub(super) fn reason(option: &QuotedOption) -> Label {
    let finish = when(option.finish);
    let team = option.team.join(", ");
    let cost = Money(option.firm.total_fen.max(0));
    let (zh, en) = match option.kind {
        OptionKind::NormalTrack => ("走常规流程，不动其他工单", "normal track, nothing moves"),
        OptionKind::AsItStands => {
            ("按现有计划插入，不动其他工单", "put in as the plan stands, nothing moves")
        }
        OptionKind::Overtime => {
            ("用加班或值班时段，不动其他工单", "overtime or on-call hours, nothing moves")
        }
        OptionKind::Rearranged => {
            ("重新安排附近的工单，总成本最低", "tickets nearby rearranged, least cost in all")
        }
        OptionKind::Displacing => {
            ("其他工单让出时间，尽量满足期望", "others give way as far as the wish takes")
        }
    };
    let path: Vec<String> = option
        .path
        .iter()
        .filter_map(|step| step.by.as_ref().map(|by| (step, by)))
        .map(|(step, _)| format!("{} ({} – {})", step.step, when(step.start), when(step.end)))
        .collect();
    let (mut more_zh, mut more_en) = (String::new(), String::new());
    if !path.is_empty() {
        let path = path.join(", ");
        more_zh = format!("；关键路径上有外部环节：{path}");
        more_en = format!("; outside work on the critical path: {path}");
    }
    if !option.displaced.is_empty() {
        let tickets: Vec<&str> = option.displaced.iter().map(|row| row.ticket.as_str()).collect();
        let tickets = tickets.join(", ");
        more_zh += &format!("；让出时间：{tickets}");
        more_en += &format!("; displaced: {tickets}");
    }
    Label::new(
        format!("{zh}：{finish} 完成，由 {team} 办理，公司成本 {cost}{more_zh}"),
        format!("{en}: done by {finish} by {team}, costs the firm {cost}{more_en}"),
    )
}

/// What a client may be told (R134): the date, the price, the skill it is with.
pub(super) fn client(guest: &Guest<'_>, option: &QuotedOption) -> Label {
    let (finish, price) = (when(option.finish), option.price.total_fen);
    let surcharge = option.price.surcharge_fen;
    let desk = first_skill(guest);
    let (desk_zh, desk_en) = desk.map_or((String::new(), String::new()), |desk| {
        (format!("转交{}专员办理，", desk.zh), format!("passed to our {} specialists, ", desk.en))
    });
    let (extra_zh, extra_en) = if surcharge > Money::ZERO {
        (format!("，其中加急费 {surcharge}"), format!(", of which {surcharge} for urgency"))
    } else {
        (String::new(), String::new())
    };
    Label::new(
        format!("{desk_zh}预计 {finish} 前完成，费用 {price}{extra_zh}。"),
        format!("{desk_en}expected to be done by {finish} for {price}{extra_en}."),
    )
}

/// The skill of the first step that people work on.
fn first_skill(guest: &Guest<'_>) -> Option<Label> {
    let ticket = guest.work.tickets.iter().next()?;
    let steps = ticket.steps.iter().map(|step| &guest.work.steps[*step]);
    let seat = steps.filter_map(|step| step.seats.first()).next()?;
    guest.frame.skills.get(seat.skill.index())?.name.clone()
}

/// The people who work extra in an option, with the price of it.
pub(super) fn overtime(guest: &Guest<'_>, schedule: &Schedule<'_>, found: &Verified) -> Vec<Label> {
    debug_assert!(guest.ids().all(|id| schedule.is_served(id)));
    let pairs = found.with.people.iter().zip(&found.without.people);
    let row = |(now, before): (&crate::verify::PersonBill, &crate::verify::PersonBill)| {
        let minutes = now.overtime_minutes - before.overtime_minutes;
        let fen = Money(now.overtime_fen.0 - before.overtime_fen.0);
        let person = &now.person;
        (minutes > 0).then(|| {
            Label::new(
                format!("{person} 加班 {minutes} 分钟，{fen}"),
                format!("{person} works {minutes} minutes extra, {fen}"),
            )
        })
    };
    pairs.filter_map(row).collect()
}

/// One displaced ticket.
pub(super) fn displaced(_: &Guest<'_>, row: &Displaced) -> Label {
    let (ticket, old, new) = (&row.ticket, when(row.old_finish), when(row.new_finish));
    let (was, is) = (row.old_cost_fen, row.new_cost_fen);
    Label::new(
        format!("{ticket} 由 {old} 改为 {new}，逾期损失 {was} → {is}"),
        format!("{ticket} moves from {old} to {new}, lateness {was} → {is}"),
    )
}

/// The tools that the guest's steps use.
pub(super) fn tools(guest: &Guest<'_>) -> Vec<Label> {
    let mut told: Vec<Label> = Vec::new();
    let count = guest.tickets.len();
    for (id, _) in guest.work.steps.pairs().filter(|(_, step)| step.ticket.index() < count) {
        let used = template(guest, id).into_iter().flat_map(|step| &step.tools);
        for tool in used {
            let known = guest.frame.tools.iter().find(|row| row.id == tool.tool && row.available);
            let Some(known) = known else { continue };
            let name = known.name.clone().unwrap_or_else(|| Label::new(&known.id, &known.id));
            let label = Label::new(
                format!("使用{}，工时为 {}%", name.zh, tool.percent),
                format!("uses {}, {} % of the effort", name.en, tool.percent),
            );
            if !told.contains(&label) {
                told.push(label);
            }
        }
    }
    told
}
