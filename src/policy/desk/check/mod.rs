//! Whether the desk's rules make sense beside a scenario: one function per kind of row, everything
//! wrong told at once. A blank of the catalogue is an error that says what to configure.

mod agreements;
mod clocks;
mod recurring;
mod triage;
mod work;

use super::form::Desk;
use crate::model::issue::Issue;
use crate::model::scenario::Scenario;

/// All that is wrong with `desk`, with paths below `at`.
#[must_use]
pub fn check(desk: &Desk, scenario: &Scenario, at: &str) -> Vec<Issue> {
    let mut found = Found { desk, scenario, at, issues: Vec::new() };
    clocks::blanks(&mut found);
    clocks::timers(&mut found);
    clocks::daily(&mut found);
    clocks::levels(&mut found);
    triage::classes(&mut found);
    triage::matrix(&mut found);
    triage::surge(&mut found);
    work::approvals(&mut found);
    work::posts(&mut found);
    work::checklists(&mut found);
    work::controls(&mut found);
    work::prechecks(&mut found);
    work::regulations(&mut found);
    work::keeping(&mut found);
    agreements::tiers(&mut found);
    agreements::contracts(&mut found);
    recurring::blanks(&mut found);
    recurring::obligations(&mut found);
    recurring::partners(&mut found);
    found.issues
}

/// What is looked at, and what was found.
struct Found<'a> {
    desk: &'a Desk,
    scenario: &'a Scenario,
    at: &'a str,
    issues: Vec<Issue>,
}

impl Found<'_> {
    fn error(&mut self, code: &'static str, path: &str, zh: &str, en: &str) {
        self.issues.push(Issue::error(code, format!("{}.{path}", self.at), zh, en));
    }

    /// A blank of the catalogue (P201).
    fn blank(&mut self, path: &str) {
        let field = path.rsplit('.').next().unwrap_or(path);
        let issue = Issue::error(
            "P201",
            format!("{}.{path}", self.at),
            "来源没有给出此值",
            "the source leaves this value blank",
        );
        self.issues
            .push(issue.hint(format!("须配置 {field}"), format!("`{field}` must be configured")));
    }

    /// Keys that stand twice (P204).
    fn twice<'k>(&mut self, list: &str, keys: impl Iterator<Item = &'k str>) {
        let mut seen = std::collections::BTreeSet::new();
        for (row, key) in keys.enumerate() {
            if !seen.insert(key) {
                let (zh, en) = ("此键重复", "this key stands twice");
                self.error("P204", &format!("{list}[{row}]"), zh, en);
            }
        }
    }

    /// A name that nobody bears.
    fn stranger(&mut self, code: &'static str, path: &str, name: &str) {
        let (zh, en) = (format!("没有“{name}”"), format!("there is no \"{name}\""));
        self.issues.push(Issue::error(code, format!("{}.{path}", self.at), zh, en));
    }

    fn service(&mut self, name: &str, path: &str) {
        if !self.scenario.services.iter().any(|service| service.id == name) {
            self.stranger("P102", path, name);
        }
    }

    fn calendar(&mut self, name: &str, path: &str) {
        if !self.scenario.calendars.iter().any(|calendar| calendar.id == name) {
            self.stranger("P202", path, name);
        }
    }

    /// A step of a service's templates (P211).
    fn step(&mut self, (service, step): (&str, &str), path: &str) {
        let service = self.scenario.services.iter().find(|one| one.id == service);
        let is_step = |service: &crate::model::ticket::Service| {
            let urgent = service.urgent.iter().flatten();
            service.normal.iter().chain(urgent).any(|one| one.id == step)
        };
        if service.is_some_and(|service| !is_step(service)) {
            self.stranger("P211", path, step);
        }
    }

    fn class(&mut self, name: &str, path: &str) {
        if !self.desk.classes.iter().any(|class| class.id == name) {
            self.stranger("P207", path, name);
        }
    }

    fn timer(&mut self, name: &str, path: &str) {
        if !self.desk.timers.iter().any(|timer| timer.id == name) {
            self.stranger("P206", path, name);
        }
    }

    /// A goal is minutes or days, or the date of a notice or of the promise (P203).
    fn goal(&mut self, goal: super::Goal, path: &str) {
        let stated = [goal.minutes.is_some(), goal.days.is_some(), goal.notice, goal.promise];
        if stated.iter().filter(|is_stated| **is_stated).count() != 1 {
            let (zh, en) = (
                "须写分钟、天数、通知日期、承诺日期之一",
                "state one of minutes, days, the date of a notice, the date promised",
            );
            self.error("P203", path, zh, en);
        }
    }
}
