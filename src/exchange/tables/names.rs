//! Looking up what the cells of tables name: an id, or what people read where only one thing is
//! called so. Must not know what is done with it.

use std::collections::BTreeMap;

use super::edit::Edit;
use super::rows::{Named, Rows};
use crate::calendar::Label;
use crate::model::issue::{Issue, Issues};
use crate::model::near::nearest;
use crate::model::scenario::Scenario;

/// Ids of one kind by every name they go by.
pub(super) struct Known {
    kind: (&'static str, &'static str),
    ids: BTreeMap<String, Vec<String>>,
}

impl Known {
    fn new<'a>(
        kind: (&'static str, &'static str),
        rows: impl IntoIterator<Item = (&'a str, Option<&'a Label>)>,
    ) -> Known {
        let mut known = Known { kind, ids: BTreeMap::new() };
        for (id, label) in rows {
            known.add(id, id);
            if let Some(label) = label {
                known.add(&label.zh, id);
                known.add(&label.en, id);
            }
        }
        known
    }

    fn add(&mut self, name: &str, id: &str) {
        let ids = self.ids.entry(name.to_owned()).or_default();
        if !name.is_empty() && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }

    /// Whether anything goes by `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.ids.contains_key(name)
    }

    /// The id `name` stands for, or an issue at its cell.
    pub(super) fn find(&self, name: &Named, issues: &mut Issues) -> Option<String> {
        let Named { name, at } = name;
        let (zh, en) = self.kind;
        match self.ids.get(name).map_or(&[][..], Vec::as_slice) {
            [id] => Some(id.clone()),
            // An id outranks what people read.
            ids if ids.contains(name) => Some(name.clone()),
            [] => {
                let issue = Issue::error(
                    "T412",
                    at.clone(),
                    format!("没有名为“{name}”的{zh}"),
                    format!("there is no {en} called \"{name}\""),
                );
                issues.push(match nearest(name, self.ids.keys().map(String::as_str)) {
                    Some(near) => {
                        issue.hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?"))
                    }
                    None => issue.hint(format!("先添加该{zh}"), format!("add the {en} first")),
                });
                None
            }
            several => {
                let all = several.join(", ");
                let issue = Issue::error(
                    "T413",
                    at.clone(),
                    format!("叫“{name}”的{zh}不止一个：{all}"),
                    format!("more than one {en} is called \"{name}\": {all}"),
                );
                issues.push(issue.hint("改写编号", "write the id"));
                None
            }
        }
    }

    pub(super) fn find_all(&self, names: &[Named], issues: &mut Issues) -> Vec<String> {
        names.iter().filter_map(|name| self.find(name, issues)).collect()
    }
}

/// Every name rows may use.
pub(super) struct Names {
    pub(super) skills: Known,
    pub(super) sites: Known,
    pub(super) calendars: Known,
    pub(super) services: Known,
    pub(super) people: Known,
    pub(super) clients: Known,
    pub(super) tickets: Known,
}

impl Names {
    pub(super) fn new(base: &Scenario, rows: &Rows) -> Names {
        let s = base;
        let mut names = Names {
            skills: Known::new(
                ("技能", "skill"),
                s.skills.iter().map(|x| (x.id.as_str(), x.name.as_ref())),
            ),
            sites: Known::new(
                ("地点", "site"),
                s.sites.iter().map(|x| (x.id.as_str(), x.name.as_ref())),
            ),
            calendars: Known::new(
                ("日历", "calendar"),
                s.calendars.iter().map(|x| (x.id.as_str(), x.name.as_ref())),
            ),
            services: Known::new(
                ("服务", "service"),
                s.services.iter().map(|x| (x.id.as_str(), x.name.as_ref())),
            ),
            people: Known::new(
                ("员工", "person"),
                s.people.iter().map(|x| (x.id.as_str(), x.name.as_ref())),
            ),
            clients: Known::new(
                ("客户", "client"),
                s.clients.iter().map(|x| (x.id.as_str(), x.name.as_ref())),
            ),
            tickets: Known::new(
                ("工单", "ticket"),
                s.tickets.iter().map(|x| (x.id.as_str(), x.title.as_ref())),
            ),
        };
        let mut learn = |known: fn(&mut Names) -> &mut Known, id: &Named, name: &Edit<String>| {
            let known = known(&mut names);
            known.add(&id.name, &id.name);
            known.add(name.stated().unwrap_or(&id.name), &id.name);
        };
        rows.people.iter().for_each(|row| learn(|n| &mut n.people, &row.id, &row.name));
        rows.clients.iter().for_each(|row| learn(|n| &mut n.clients, &row.id, &row.name));
        rows.tickets.iter().for_each(|row| learn(|n| &mut n.tickets, &row.id, &row.title));
        names
    }
}
