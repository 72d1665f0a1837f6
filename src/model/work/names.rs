//! Looking names up: every kind of row by its key, with a hint for names nobody bears.

use std::collections::BTreeMap;

use super::{Bureau, Client, Clock, Person, Site, Skill, Team, Thing};
use crate::calendar::{Moment, Zone};
use crate::id::Id;
use crate::model::issue::Issue;
use crate::model::near::nearest;
use crate::model::{people, scenario::Scenario};
use crate::time::Tick;

/// Words for a kind of row: Chinese, English.
pub(super) type Kind = (&'static str, &'static str);

/// The issue of a name nobody bears.
pub(super) fn unknown<'a>(
    path: String,
    kind: Kind,
    name: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Issue {
    let mut issue = Issue::error(
        "S101",
        path,
        format!("没有名为“{name}”的{}", kind.0),
        format!("there is no {} called \"{name}\"", kind.1),
    );
    issue.stranger = Some(name.to_owned());
    match nearest(name, names) {
        Some(near) => issue.hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?")),
        None => issue.hint(
            format!("先在场景中定义该{}", kind.0),
            format!("define the {} in the scenario first", kind.1),
        ),
    }
}

/// Keys of one kind of row, for look-up.
pub(super) struct Names<T> {
    kind: Kind,
    rows: BTreeMap<String, Id<T>>,
}

impl<T> Names<T> {
    /// Keys in row order; a key given twice is an issue at `path[row].id`.
    pub(super) fn of<R>(
        kind: Kind,
        path: &str,
        items: &[R],
        key_of: impl Fn(&R) -> &String,
        issues: &mut Vec<Issue>,
    ) -> Names<T> {
        let mut rows: BTreeMap<String, Id<T>> = BTreeMap::new();
        for (row, key) in items.iter().map(key_of).enumerate() {
            if let Some(first) = rows.get(key) {
                issues.push(
                    Issue::error(
                        "S102",
                        format!("{path}[{row}].id"),
                        format!("{}“{key}”定义了两次，首次在 {path}[{}]", kind.0, first.index()),
                        format!(
                            "{} \"{key}\" is defined twice, first at {path}[{}]",
                            kind.1,
                            first.index()
                        ),
                    )
                    .hint("改用另一个编号", "give one of them another id"),
                );
            } else {
                rows.insert(key.clone(), Id::new(row));
            }
        }
        Names { kind, rows }
    }

    /// The row of `name`, or an issue at `path`.
    pub(super) fn find(
        &self,
        name: &str,
        path: impl FnOnce() -> String,
        issues: &mut Vec<Issue>,
    ) -> Option<Id<T>> {
        let found = self.rows.get(name).copied();
        if found.is_none() {
            issues.push(unknown(path(), self.kind, name, self.rows.keys().map(String::as_str)));
        }
        found
    }

    /// The row of `name` where it may be absent.
    pub(super) fn find_some(
        &self,
        name: Option<&String>,
        path: impl FnOnce() -> String,
        issues: &mut Vec<Issue>,
    ) -> Option<Id<T>> {
        name.and_then(|name| self.find(name, path, issues))
    }

    /// The rows of several names at `path[position]`.
    pub(super) fn find_all(
        &self,
        names: &[String],
        path: impl Fn() -> String,
        issues: &mut Vec<Issue>,
    ) -> Vec<Id<T>> {
        let each = names.iter().enumerate();
        each.filter_map(|(row, name)| self.find(name, || format!("{}[{row}]", path()), issues))
            .collect()
    }

    /// The row of `name`, if any; never an issue.
    pub(super) fn look(&self, name: &str) -> Option<Id<T>> {
        self.rows.get(name).copied()
    }
}

/// All the names of a scenario.
pub(super) struct Index {
    pub(super) zone: Zone,
    pub(super) skills: Names<Skill>,
    pub(super) sites: Names<Site>,
    pub(super) things: Names<Thing>,
    pub(super) people: Names<Person>,
    pub(super) clients: Names<Client>,
    pub(super) bureaus: Names<Bureau>,
    pub(super) tickets: Names<super::Ticket>,
    pub(super) services: Names<people::Tool>,
    pub(super) tools: Names<people::Tool>,
    pub(super) clocks: Names<Clock>,
    pub(super) calendar_count: usize,
}

impl Index {
    pub(super) fn new(scenario: &Scenario, issues: &mut Vec<Issue>) -> Index {
        let s = scenario;
        // Nothing refers to teams by need: only a key given twice is wrong.
        Names::<Team>::of(("团队", "team"), "$.teams", &s.teams, |x| &x.id, issues);
        let bureaus = || s.bureaus.iter().map(|bureau| bureau.id.as_str());
        let mut index = Index {
            zone: s.zone,
            skills: Names::of(("技能", "skill"), "$.skills", &s.skills, |x| &x.id, issues),
            sites: Names::of(("地点", "site"), "$.sites", &s.sites, |x| &x.id, issues),
            things: Names::of(("共用物", "thing"), "$.things", &s.things, |x| &x.id, issues),
            people: Names::of(("员工", "person"), "$.people", &s.people, |x| &x.id, issues),
            clients: Names::of(("客户", "client"), "$.clients", &s.clients, |x| &x.id, issues),
            bureaus: Names::of(("办事机构", "bureau"), "$.bureaus", &s.bureaus, |x| &x.id, issues),
            tickets: Names::of(("工单", "ticket"), "$.tickets", &s.tickets, |x| &x.id, issues),
            services: Names::of(("服务", "service"), "$.services", &s.services, |x| &x.id, issues),
            tools: Names::of(("工具", "tool"), "$.tools", &s.tools, |x| &x.id, issues),
            clocks: Names::of(("日历", "calendar"), "$.calendars", &s.calendars, |x| &x.id, issues),
            calendar_count: s.calendars.len(),
        };
        for (row, bureau) in bureaus().enumerate() {
            let clock = Id::new(s.calendars.len() + row);
            index.clocks.rows.entry(bureau.to_owned()).or_insert(clock);
        }
        index
    }

    /// The tick of `moment`, or an issue at `path`.
    pub(super) fn tick(
        &self,
        moment: &Moment,
        path: impl FnOnce() -> String,
        issues: &mut Vec<Issue>,
    ) -> Tick {
        match self.zone.tick(*moment) {
            Ok(tick) => tick,
            Err(gap) => {
                issues.push(
                    Issue::error("S104", path(), gap.zh, gap.en)
                        .hint("写明时差，如 +08:00", "state the offset, such as +08:00"),
                );
                Tick(0)
            }
        }
    }
}
