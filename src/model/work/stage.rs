//! One step as written becomes one step resolved.

use std::collections::BTreeMap;

use super::names::{Index, unknown};
use super::{Lag, Link, Seat, Step, Ticket, Work};
use crate::id::Id;
use crate::model::issue::Issue;
use crate::model::people;
use crate::model::ticket::{self, Role};
use crate::time::Span;

/// What one step is resolved with.
pub(super) struct Stage<'a> {
    pub(super) index: &'a Index,
    pub(super) tools: &'a BTreeMap<&'a str, &'a people::Tool>,
    pub(super) rows: &'a BTreeMap<String, Id<Step>>,
    pub(super) ticket: &'a ticket::Ticket,
    pub(super) place: &'a str,
}

impl Stage<'_> {
    pub(super) fn step(
        &self,
        work: &Work,
        id: Id<Ticket>,
        step: &ticket::Step,
        issues: &mut Vec<Issue>,
    ) -> Step {
        let at = |field: &str| format!("{}.{field}", self.place);
        let bureau = self.bureau(step.bureau.as_ref(), || at("bureau"), issues);
        let seats = self.seats(step, issues);
        let people = &self.index.people;
        let stated = step.stated.iter().enumerate().filter_map(|(position, stated)| {
            let path = || at(&format!("stated[{position}].person"));
            Some((people.find(&stated.person, path, issues)?, i64::from(stated.minutes)))
        });
        let stated = stated.collect();
        Step {
            key: format!("{}/{}", self.ticket.id, step.id),
            name: step.id.clone(),
            ticket: id,
            wait: self.wait(step, step.seats.is_empty(), issues),
            seats,
            effort: i64::from(step.minutes.unwrap_or(0)),
            tool_percent: self.tool_percent(step, issues),
            stated,
            links: self.links(step, issues),
            bureau: bureau.map(|bureau| (bureau, step.bureau_rule)),
            windows: self.windows(step, issues),
            latest_end: step
                .latest_end
                .map(|end| self.index.tick(&end, || at("latest_end"), issues)),
            differs_from: self.siblings(&step.differs_from, "differs_from", issues),
            same_as: self.siblings(&step.same_as, "same_as", issues),
            things: self.index.things.find_all(&step.things, || at("things"), issues),
            site: self.site(work, step, bureau, issues),
            remote: step.remote,
            client_trip: step.client_trip,
            pinned_people: Vec::new(),
            pinned_start: None,
            progress: None,
        }
    }

    fn seats(&self, step: &ticket::Step, issues: &mut Vec<Issue>) -> Vec<Seat> {
        let mut seats = Vec::with_capacity(step.seats.len());
        for (position, seat) in step.seats.iter().enumerate() {
            let path = || format!("{}.seats[{position}].skill", self.place);
            if let Some(skill) = self.index.skills.find(&seat.skill, path, issues) {
                let trainee = seat.role == Some(Role::Trainee);
                seats.push(Seat { skill, level: seat.level, trainee });
            }
        }
        seats
    }

    fn wait(&self, step: &ticket::Step, no_seats: bool, issues: &mut Vec<Issue>) -> Lag {
        let problem = match (no_seats, &step.wait, step.minutes, step.stated.is_empty()) {
            (true, Some(_), None, true)
            | (false, None, Some(_), _)
            | (false, None, None, false) => None,
            (true, None, ..) => Some((
                "没有席位的步骤是等待，须写 wait",
                "a step without seats is a wait and must state `wait`",
            )),
            (true, Some(_), ..) => Some((
                "等待没有工时：删去 minutes 与 stated",
                "a wait has no effort: remove `minutes` and `stated`",
            )),
            (false, Some(_), ..) => {
                Some(("有席位的步骤不能写 wait", "a step with seats cannot state `wait`"))
            }
            (false, None, None, true) => {
                Some(("步骤缺少工时 minutes", "the step states no `minutes`"))
            }
        };
        if let Some((zh, en)) = problem {
            issues.push(Issue::error("S106", self.place, zh, en).hint(
                "工作写 seats 和 minutes；等待只写 wait",
                "work states `seats` and `minutes`, a wait only `wait`",
            ));
        }
        match &step.wait {
            Some(lag) => self.lag(lag, || format!("{}.wait", self.place), issues),
            None => Lag::Minutes(0),
        }
    }

    fn lag(&self, lag: &ticket::Lag, path: impl Fn() -> String, issues: &mut Vec<Issue>) -> Lag {
        let clock = lag.calendar.as_ref().map(|name| {
            let name = if name == "@ticket" { self.ticket.bureau.as_ref() } else { Some(name) };
            let name = name.map_or("@ticket", String::as_str);
            self.index.clocks.find(name, || format!("{}.calendar", path()), issues)
        });
        match (lag.minutes, lag.working_days, lag.working_minutes, clock) {
            (Some(minutes), None, None, None) => Lag::Minutes(i64::from(minutes)),
            (None, Some(days), None, Some(Some(clock))) => Lag::WorkingDays(days, clock),
            (None, None, Some(minutes), Some(Some(clock))) => {
                Lag::WorkingMinutes(i64::from(minutes), clock)
            }
            (None, Some(_), None, Some(None)) | (None, None, Some(_), Some(None)) => {
                Lag::Minutes(0)
            }
            _ => {
                issues.push(
                    Issue::error(
                        "S107",
                        path(),
                        "时长须恰好写一种：minutes，或 working_days / working_minutes 加 calendar",
                        "state exactly one: `minutes`, or `working_days` / `working_minutes` with a `calendar`",
                    )
                    .hint(
                        "例如 {\"working_days\": 3, \"calendar\": \"office\"}",
                        "for example {\"working_days\": 3, \"calendar\": \"office\"}",
                    ),
                );
                Lag::Minutes(0)
            }
        }
    }

    fn tool_percent(&self, step: &ticket::Step, issues: &mut Vec<Issue>) -> i64 {
        let mut best = 100;
        for (position, effect) in step.tools.iter().enumerate() {
            let path = || format!("{}.tools[{position}].tool", self.place);
            self.index.tools.find(&effect.tool, path, issues);
            if self.tools.get(effect.tool.as_str()).is_some_and(|tool| tool.available) {
                best = best.min(i64::from(effect.percent));
            }
        }
        best
    }

    fn links(&self, step: &ticket::Step, issues: &mut Vec<Issue>) -> Vec<Link> {
        let mut links = Vec::with_capacity(step.after.len());
        for (position, link) in step.after.iter().enumerate() {
            let place = format!("{}.after[{position}]", self.place);
            let earlier = self.sibling(&link.step, || format!("{place}.step"), issues);
            let lag = match &link.lag {
                Some(lag) => self.lag(lag, || format!("{place}.lag"), issues),
                None => Lag::Minutes(0),
            };
            if let Some(earlier) = earlier {
                links.push(Link { step: earlier, kind: link.kind, lag });
            }
        }
        links
    }

    fn windows(&self, step: &ticket::Step, issues: &mut Vec<Issue>) -> Vec<Span> {
        let mut windows = Vec::with_capacity(step.windows.len());
        for (position, window) in step.windows.iter().enumerate() {
            let place = format!("{}.windows[{position}]", self.place);
            let from = self.index.tick(&window.from, || format!("{place}.from"), issues);
            let to = self.index.tick(&window.to, || format!("{place}.to"), issues);
            windows.push(Span::new(from, to));
        }
        windows.sort_unstable();
        windows
    }

    fn sibling(
        &self,
        name: &str,
        path: impl FnOnce() -> String,
        issues: &mut Vec<Issue>,
    ) -> Option<Id<Step>> {
        let found = self.rows.get(name).copied();
        if found.is_none() {
            issues.push(unknown(
                path(),
                ("步骤", "step"),
                name,
                self.rows.keys().map(String::as_str),
            ));
        }
        found
    }

    fn siblings(&self, names: &[String], field: &str, issues: &mut Vec<Issue>) -> Vec<Id<Step>> {
        let each = names.iter().enumerate();
        each.filter_map(|(position, name)| {
            self.sibling(name, || format!("{}.{field}[{position}]", self.place), issues)
        })
        .collect()
    }

    fn bureau(
        &self,
        name: Option<&String>,
        path: impl FnOnce() -> String,
        issues: &mut Vec<Issue>,
    ) -> Option<Id<super::Bureau>> {
        let name = name?;
        let name =
            if name == "@ticket" { self.ticket.bureau.as_ref().unwrap_or(name) } else { name };
        self.index.bureaus.find(name, path, issues)
    }

    fn site(
        &self,
        work: &Work,
        step: &ticket::Step,
        bureau: Option<Id<super::Bureau>>,
        issues: &mut Vec<Issue>,
    ) -> Option<Id<super::Site>> {
        let path = || format!("{}.site", self.place);
        let missing = |zh: &str, en: &str| {
            let advice = ("补上地点，或直接写地点编号", "state its site, or name a site here");
            Issue::error("S108", path(), zh, en).hint(advice.0, advice.1)
        };
        match step.site.as_deref()? {
            "@client" => {
                let client =
                    self.ticket.client.as_ref().and_then(|name| self.index.clients.look(name));
                let site = client.and_then(|client| work.clients[client].site);
                if site.is_none() {
                    issues.push(missing(
                        "“@client”需要客户写明地点",
                        "`@client` needs a client with a site",
                    ));
                }
                site
            }
            "@bureau" => {
                let site = bureau.and_then(|bureau| work.bureaus[bureau].site);
                if site.is_none() {
                    issues.push(missing(
                        "“@bureau”需要办事机构写明地点",
                        "`@bureau` needs a bureau with a site",
                    ));
                }
                site
            }
            name => self.index.sites.find(name, path, issues),
        }
    }
}
