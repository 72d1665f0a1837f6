//! Whether a policy makes sense beside a scenario; everything wrong is told at once.

use super::Policy;
use crate::model::issue::Issue;
use crate::model::scenario::Scenario;

/// All that is wrong with `policy`.
#[must_use]
pub fn check(policy: &Policy, scenario: &Scenario) -> Vec<Issue> {
    let mut issues = Vec::new();
    if policy.quote_minutes.is_none() {
        issues.push(
            Issue::error(
                "P101",
                "$",
                "没有规定报价的有效期",
                "how long a quote holds is not stated",
            )
            .hint("须配置 quote_minutes", "`quote_minutes` must be configured"),
        );
    }
    rates(policy, scenario, &mut issues);
    red_lines(policy, scenario, &mut issues);
    if let Some(desk) = &policy.desk {
        issues.extend(super::desk::check(desk, scenario, "$.desk"));
    }
    issues
}

fn rates(policy: &Policy, scenario: &Scenario, issues: &mut Vec<Issue>) {
    for (row, rate) in policy.rates.iter().enumerate() {
        let path = format!("$.rates[{row}]");
        known_service(&rate.service, &format!("{path}.service"), scenario, issues);
        if policy.rates[..row].iter().any(|other| other.service == rate.service) {
            let (zh, en) = ("该服务有两行价目", "this service has two rows of the rate card");
            issues.push(Issue::error("P103", format!("{path}.service"), zh, en));
        }
        if rate.floor_fen.zip(rate.ceiling_fen).is_some_and(|(floor, ceiling)| floor > ceiling) {
            let (zh, en) = ("加急费的下限高于上限", "the surcharge's floor is above its ceiling");
            issues.push(Issue::error("P104", path, zh, en));
        }
    }
}

fn red_lines(policy: &Policy, scenario: &Scenario, issues: &mut Vec<Issue>) {
    for (row, line) in policy.red_lines.iter().enumerate() {
        let path = format!("$.red_lines[{row}]");
        if let Some(service) = &line.service {
            known_service(service, &format!("{path}.service"), scenario, issues);
        }
        if let Some(alternative) = &line.alternative {
            let place = format!("{path}.alternative.service");
            known_service(&alternative.service, &place, scenario, issues);
            let is_itself = line.when.is_empty()
                && line.service.as_ref().is_none_or(|service| *service == alternative.service);
            if is_itself {
                let (zh, en) = ("替代服务本身也越线", "the alternative crosses the red line too");
                issues.push(Issue::error("P105", place.clone(), zh, en));
            }
            if !policy.rates.iter().any(|rate| rate.service == alternative.service) {
                let (zh, en) = ("替代服务没有价目", "the alternative has no row on the rate card");
                issues.push(Issue::error("P107", place, zh, en).hint(
                    "须在 rates 中配置，否则越线的请求报不出替代价",
                    "it must be configured in `rates`: without it the refusal has nothing to offer",
                ));
            }
        }
        if line.service.is_none() && line.when.is_empty() {
            let (zh, en) = ("红线没有条件，会拒绝一切", "a red line without condition refuses all");
            issues.push(Issue::error("P106", path, zh, en));
        }
    }
}

fn known_service(name: &str, path: &str, scenario: &Scenario, issues: &mut Vec<Issue>) {
    if !scenario.services.iter().any(|service| service.id == name) {
        issues.push(Issue::error(
            "P102",
            path,
            format!("没有名为“{name}”的服务"),
            format!("there is no service called \"{name}\""),
        ));
    }
}
