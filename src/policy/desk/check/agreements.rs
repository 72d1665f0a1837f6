//! Tiers and agreements.

use super::Found;
use crate::model::issue::Issue;
use crate::policy::desk::{Entitlement, Own, Runs, TierGoal, lint};

pub(super) fn tiers(found: &mut Found<'_>) {
    let desk = found.desk;
    found.twice("tiers", desk.tiers.iter().map(|tier| tier.id.as_str()));
    for (row, tier) in desk.tiers.iter().enumerate() {
        let path = format!("tiers[{row}]");
        match tier.runs {
            None => found.blank(&format!("{path}.runs")),
            Some(Runs::Tier) => {
                let (zh, en) = ("须写 working 或 always", "write `working` or `always`");
                found.error("P209", &format!("{path}.runs"), zh, en);
            }
            Some(_) => {}
        }
        goals(found, &tier.goals, &path);
        entitlements(found, &tier.entitlements, &path);
    }
}

/// What is different for one client is different in something there is (R102).
fn own(found: &mut Found<'_>, own: &[Own], path: &str) {
    for (row, own) in own.iter().enumerate() {
        let path = format!("{path}.own[{row}]");
        found.service(&own.service, &format!("{path}.service"));
        for (at, adjust) in own.adjust.iter().enumerate() {
            found.step((&own.service, &adjust.step), &format!("{path}.adjust[{at}].step"));
        }
    }
}

fn goals(found: &mut Found<'_>, goals: &[TierGoal], path: &str) {
    for (row, goal) in goals.iter().enumerate() {
        found.timer(&goal.timer, &format!("{path}.goals[{row}].timer"));
        found.goal(goal.goal, &format!("{path}.goals[{row}].goal"));
    }
}

/// Number, unit and time of each, and what its kind asks for (R115–R118).
fn entitlements(found: &mut Found<'_>, entitlements: &[Entitlement], path: &str) {
    found.twice(&format!("{path}.entitlements"), entitlements.iter().map(|one| one.id.as_str()));
    for (row, entitlement) in entitlements.iter().enumerate() {
        let path = format!("{path}.entitlements[{row}]");
        for field in lint::lacking(entitlement) {
            let place = format!("{}.{path}", found.at);
            let (zh, en) = (format!("没有写明 {field}"), format!("`{field}` is not stated"));
            found.issues.push(Issue::error("P214", place, zh, en));
        }
        for text in [&entitlement.label.zh, &entitlement.label.en] {
            wording(found, text, &path);
        }
    }
}

fn wording(found: &mut Found<'_>, text: &str, path: &str) {
    for word in lint::vague(&found.desk.vague, text) {
        let place = format!("{}.{path}", found.at);
        let issue = Issue::error(
            "P213",
            place,
            format!("“{text}”含糊：“{word}”"),
            format!("\"{text}\" is vague: \"{word}\""),
        );
        found.issues.push(issue.hint("请逐条列明", "list it item by item"));
    }
}

pub(super) fn contracts(found: &mut Found<'_>) {
    let desk = found.desk;
    found.twice("contracts", desk.contracts.iter().map(|contract| contract.client.as_str()));
    for (row, contract) in desk.contracts.iter().enumerate() {
        let path = format!("contracts[{row}]");
        if !found.scenario.clients.iter().any(|client| client.id == contract.client) {
            found.stranger("P221", &format!("{path}.client"), &contract.client);
        }
        if !contract.versions.windows(2).all(|two| two[0].from < two[1].from) {
            let (zh, en) =
                ("各版本须按开始日期先后排列", "versions stand in the order of their dates");
            found.error("P215", &format!("{path}.versions"), zh, en);
        }
        for (at, version) in contract.versions.iter().enumerate() {
            let path = format!("{path}.versions[{at}]");
            if desk.tier(&version.tier).is_none() {
                found.stranger("P209", &format!("{path}.tier"), &version.tier);
            }
            goals(found, &version.goals, &path);
            own(found, &version.own, &path);
            entitlements(found, &version.entitlements, &path);
            for text in version.scope.iter().flat_map(|label| [&label.zh, &label.en]) {
                wording(found, text, &path);
            }
            let has_parts = !version.scope.is_empty() && !version.escalation.is_empty();
            if !has_parts || version.breach.zh.trim().is_empty() {
                let (zh, en) = (
                    "须写明范围、升级流程与违约责任",
                    "scope, escalation and liability must be stated",
                );
                found.error("P222", &path, zh, en);
            }
            if version.escalation.len() > 1 && version.escalates_after_minutes.is_none() {
                found.blank(&format!("{path}.escalates_after_minutes"));
            }
        }
    }
}
