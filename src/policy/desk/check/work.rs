//! Approvals, lists, controls, regulations, what is kept.

use super::Found;
use crate::policy::desk::{Checklist, Desk, lint};

/// Years the catalogue keeps a file at least (R077).
const LEAST_YEARS: u16 = 3;

/// The boundary of a band is configured: 以下 is read both ways (R052).
pub(super) fn approvals(found: &mut Found<'_>) {
    let desk = found.desk;
    for (row, approval) in desk.approvals.iter().enumerate() {
        let path = format!("approvals[{row}]");
        found.service(&approval.service, &format!("{path}.service"));
        match (approval.limit_fen, approval.is_limit_included) {
            (Some(_), None) => found.blank(&format!("{path}.is_limit_included")),
            (None, Some(_)) => {
                let (zh, en) = ("没有限额", "there is no limit to include");
                found.error("P210", &path, zh, en);
            }
            _ => {}
        }
        let is_same = |other: &crate::policy::desk::Approval| {
            other.service == approval.service
                && (other.urgent.is_none() || other.urgent == approval.urgent)
        };
        let is_open =
            desk.approvals.iter().any(|other| is_same(other) && other.limit_fen.is_none());
        if approval.limit_fen.is_some() && !is_open {
            let (zh, en) = ("没有写更高金额由谁审批", "nobody approves higher amounts");
            found.error("P210", &path, zh, en);
        }
    }
}

/// What is put to a post reaches somebody: a row of approvals whose post nobody holds lets nothing
/// pass (R052).
pub(super) fn posts(found: &mut Found<'_>) {
    let desk = found.desk;
    for (row, approval) in desk.approvals.iter().enumerate() {
        if !desk.posts.iter().any(|held| held.post == approval.post && !held.people.is_empty()) {
            let post = approval.post.label();
            let (zh, en) = (format!("没有人担任{}", post.zh), format!("nobody is {}", post.en));
            found.error("P227", &format!("approvals[{row}].post"), &zh, &en);
        }
    }
}

fn lists(desk: &Desk) -> [(&'static str, &Vec<Checklist>); 3] {
    [("materials", &desk.materials), ("reviews", &desk.reviews), ("results", &desk.results)]
}

pub(super) fn checklists(found: &mut Found<'_>) {
    let desk = found.desk;
    for (name, lists) in lists(desk) {
        found.twice(name, lists.iter().map(|list: &Checklist| list.service.as_str()));
        for (row, list) in lists.iter().enumerate() {
            found.service(&list.service, &format!("{name}[{row}].service"));
            let items = format!("{name}[{row}].items");
            found.twice(&items, list.items.iter().map(|item| item.id.as_str()));
        }
    }
    found.twice("delivery", desk.delivery.iter().map(|item| item.id.as_str()));
    found.twice("kick_off", desk.kick_off.iter().map(|item| item.id.as_str()));
}

/// A control an urgent template drops has its replacement (R055).
pub(super) fn controls(found: &mut Found<'_>) {
    let (desk, scenario) = (found.desk, found.scenario);
    for (row, control) in desk.controls.iter().enumerate() {
        let path = format!("controls[{row}]");
        found.service(&control.service, &format!("{path}.service"));
        let service = scenario.services.iter().find(|service| service.id == control.service);
        let is_step = |service: &crate::model::ticket::Service| {
            service.normal.iter().any(|step| step.id == control.step)
        };
        if service.is_some_and(|service| !is_step(service)) {
            found.stranger("P211", &format!("{path}.step"), &control.step);
        }
    }
    for (control, count) in lint::thin(desk, scenario) {
        let row = desk.controls.iter().position(|other| other == control).unwrap_or(0);
        let (zh, en) = (
            format!("替代“{}”的环节只有 {count} 人经手", control.step),
            format!("{count} see what takes the place of \"{}\"", control.step),
        );
        found.error("P223", &format!("controls[{row}].people"), &zh, &en);
    }
    for control in lint::dropped(desk, scenario) {
        let row = desk.controls.iter().position(|other| other == control).unwrap_or(0);
        let (zh, en) = (
            format!("“{}”的加急流程去掉了控制环节“{}”", control.service, control.step),
            format!("the urgent steps of \"{}\" drop \"{}\"", control.service, control.step),
        );
        let path = format!("{}.controls[{row}]", found.at);
        found.issues.push(crate::model::issue::Issue::error("P212", path, zh, en).hint(
            "简化只去冗余、不去控制：请写出替代步骤 replaced_by",
            "redundancy goes, control stays: name the steps in its place, `replaced_by`",
        ));
    }
}

/// Rules look at material that a service needs (R058).
pub(super) fn prechecks(found: &mut Found<'_>) {
    let desk = found.desk;
    for (row, one) in desk.prechecks.iter().enumerate() {
        found.service(&one.service, &format!("prechecks[{row}].service"));
        let items = Desk::items(&desk.materials, &one.service);
        if !items.iter().any(|item| item.id == one.item) {
            found.stranger("P224", &format!("prechecks[{row}].item"), &one.item);
        }
    }
}

pub(super) fn regulations(found: &mut Found<'_>) {
    let desk = found.desk;
    found.twice("regulations", desk.regulations.iter().map(|one| one.version.as_str()));
    for (row, regulation) in desk.regulations.iter().enumerate() {
        for (at, service) in regulation.services.iter().enumerate() {
            found.service(service, &format!("regulations[{row}].services[{at}]"));
        }
    }
}

/// Messages, reminders, retention.
pub(super) fn keeping(found: &mut Found<'_>) {
    let desk = found.desk;
    if desk.messages_per_day.is_none() {
        found.blank("messages_per_day");
    }
    match &desk.reminders {
        None => found.blank("reminders"),
        Some(ladder) if !ladder.windows(2).all(|two| two[0].after_days < two[1].after_days) => {
            let (zh, en) = ("提醒须按天数递增", "reminders stand in the order of their days");
            found.error("P219", "reminders", zh, en);
        }
        Some(_) => {}
    }
    if desk.kept_years < LEAST_YEARS {
        let (zh, en) = ("加急服务档案至少保存3年", "urgent files are kept for 3 years at least");
        found.error("P220", "kept_years", zh, en);
    }
}
