//! Rows put into a scenario: known ids change, others are added. Either everything fits or the
//! scenario stays as it was.

use std::collections::BTreeMap;

use super::rows::{AbsenceRow, ClientRow, Named, PersonRow, Rows, TicketRow};
use crate::calendar::Label;
use crate::model::issue::{Issue, Issues};
use crate::model::near::nearest;
use crate::model::people::{Absence, Band, BandKind, Client, Held, Person};
use crate::model::scenario::Scenario;
use crate::model::ticket::{Curve, CurveKind, Ticket, Track};
use crate::time::Money;

/// How much a merge changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Tickets added, and tickets changed.
    pub tickets: (usize, usize),
    /// People added, and people changed.
    pub people: (usize, usize),
    /// Clients added, and clients changed.
    pub clients: (usize, usize),
    /// Times away added; those known already are not counted.
    pub absences: usize,
}

/// Adds `rows` to `base`, or changes what bears their ids.
///
/// # Errors
/// Every name nobody bears and everything a new row lacks; `base` is then as it was.
pub fn merge(base: &mut Scenario, rows: &Rows) -> Result<Merged, Issues> {
    let mut merging = Merging {
        names: Names::new(base, rows),
        rows: At {
            people: base.people.iter().enumerate().map(|(at, x)| (x.id.clone(), at)).collect(),
            clients: base.clients.iter().enumerate().map(|(at, x)| (x.id.clone(), at)).collect(),
            tickets: base.tickets.iter().enumerate().map(|(at, x)| (x.id.clone(), at)).collect(),
        },
        scenario: base.clone(),
        issues: Vec::new(),
        merged: Merged::default(),
    };
    rows.clients.iter().for_each(|row| merging.client(row));
    rows.people.iter().for_each(|row| merging.person(row));
    rows.tickets.iter().for_each(|row| merging.ticket(row));
    rows.absences.iter().for_each(|row| merging.absence(row));
    if !merging.issues.is_empty() {
        return Err(merging.issues);
    }
    *base = merging.scenario;
    Ok(merging.merged)
}

/// Ids of one kind by every name they go by.
struct Known {
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

    /// The id `name` stands for, or an issue at its cell.
    fn find(&self, name: &Named, issues: &mut Issues) -> Option<String> {
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

    fn find_all(&self, names: &[Named], issues: &mut Issues) -> Vec<String> {
        names.iter().filter_map(|name| self.find(name, issues)).collect()
    }
}

/// Every name rows may use.
struct Names {
    skills: Known,
    sites: Known,
    calendars: Known,
    services: Known,
    people: Known,
    clients: Known,
    tickets: Known,
}

impl Names {
    fn new(base: &Scenario, rows: &Rows) -> Names {
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
        let mut learn = |known: fn(&mut Names) -> &mut Known, id: &Named, name: Option<&String>| {
            let known = known(&mut names);
            known.add(&id.name, &id.name);
            known.add(name.unwrap_or(&id.name), &id.name);
        };
        rows.people.iter().for_each(|row| learn(|n| &mut n.people, &row.id, row.name.as_ref()));
        rows.clients.iter().for_each(|row| learn(|n| &mut n.clients, &row.id, row.name.as_ref()));
        rows.tickets.iter().for_each(|row| learn(|n| &mut n.tickets, &row.id, row.title.as_ref()));
        names
    }
}

/// Rows of the scenario by id.
struct At {
    people: BTreeMap<String, usize>,
    clients: BTreeMap<String, usize>,
    tickets: BTreeMap<String, usize>,
}

struct Merging {
    names: Names,
    rows: At,
    scenario: Scenario,
    issues: Issues,
    merged: Merged,
}

/// Puts `value` into `field` unless there is none.
fn set<T>(field: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *field = value;
    }
}

/// Puts `value` into `field` unless it is empty.
fn set_all<T>(field: &mut Vec<T>, value: Vec<T>) {
    if !value.is_empty() {
        *field = value;
    }
}

/// What people read, in both languages alike; a label that says so already stays.
fn set_label(field: &mut Option<Label>, text: Option<&String>) {
    if let Some(text) = text
        && field.as_ref().is_none_or(|label| label.zh != *text && label.en != *text)
    {
        *field = Some(Label::new(text, text));
    }
}

impl Merging {
    fn lacks(&mut self, at: &str, zh: &str, en: &str) {
        let issue = Issue::error(
            "T415",
            at,
            format!("新增的行必须写{zh}"),
            format!("a new row must state its {en}"),
        );
        self.issues.push(issue.hint("补上，或核对编号是否写错", "state it, or check the id"));
    }

    fn client(&mut self, row: &ClientRow) {
        let issues = &mut self.issues;
        let owner = row.owner.as_ref().and_then(|name| self.names.people.find(name, issues));
        let site = row.site.as_ref().and_then(|name| self.names.sites.find(name, issues));
        let excluded = self.names.people.find_all(&row.excluded, issues);
        let completed = self.names.services.find_all(&row.completed, issues);
        let id = &row.id.name;
        let known = self.rows.clients.get(id).copied();
        let at = known.unwrap_or(self.scenario.clients.len());
        self.rows.clients.insert(id.clone(), at);
        if known.is_none() {
            self.merged.clients.0 += 1;
            self.scenario.clients.push(Client {
                id: id.clone(),
                name: None,
                tier: None,
                annual_value_fen: Money::ZERO,
                owner: None,
                excluded: Vec::new(),
                completed: Vec::new(),
                site: None,
            });
        } else {
            self.merged.clients.1 += 1;
        }
        let client = &mut self.scenario.clients[at];
        set_label(&mut client.name, row.name.as_ref());
        set(&mut client.tier, row.tier.clone());
        client.annual_value_fen = row.annual_value.unwrap_or(client.annual_value_fen);
        set(&mut client.owner, owner);
        set(&mut client.site, site);
        set_all(&mut client.excluded, excluded);
        set_all(&mut client.completed, completed);
    }

    fn person(&mut self, row: &PersonRow) {
        let issues = &mut self.issues;
        let calendar = row.calendar.as_ref().map(|name| self.names.calendars.find(name, issues));
        let base = row.base.as_ref().and_then(|name| self.names.sites.find(name, issues));
        let mentors = self.names.people.find_all(&row.mentors, issues);
        let mut skills = Vec::new();
        for entry in &row.skills {
            if let Some(skill) = self.names.skills.find(&entry.skill, issues) {
                skills.push(Held { skill, level: entry.level, until: entry.until });
            }
        }
        let id = &row.id.name;
        let known = self.rows.people.get(id).copied();
        let at = known.unwrap_or(self.scenario.people.len());
        self.rows.people.insert(id.clone(), at);
        if known.is_some() {
            self.merged.people.1 += 1;
        } else {
            self.merged.people.0 += 1;
            self.scenario.people.push(new_person(id));
            if calendar.is_none() {
                self.lacks(&row.id.at, "日历(calendar)", "calendar");
            }
        }
        let person = &mut self.scenario.people[at];
        for held in &mut skills {
            let before = person.skills.iter().find(|known| known.skill == held.skill);
            held.until = held.until.or(before.and_then(|known| known.until));
        }
        set_label(&mut person.name, row.name.as_ref());
        set(&mut person.team, row.team.clone());
        set_all(&mut person.skills, skills);
        set(&mut person.base, base);
        person.urgent_only = row.urgent_only.unwrap_or(person.urgent_only);
        person.trainee = row.trainee.unwrap_or(person.trainee);
        set_all(&mut person.mentors, mentors);
        if let Some(calendar) = calendar.flatten() {
            match person.bands.iter_mut().find(|band| band.kind == BandKind::Regular) {
                Some(band) => band.calendar = calendar,
                None => person.bands.insert(0, regular(calendar)),
            }
        }
    }

    fn ticket(&mut self, row: &TicketRow) {
        let issues = &mut self.issues;
        let client = row.client.as_ref().and_then(|name| self.names.clients.find(name, issues));
        let service = row.service.as_ref().and_then(|name| self.names.services.find(name, issues));
        let after = self.names.tickets.find_all(&row.after, issues);
        let excluded = self.names.people.find_all(&row.excluded, issues);
        let id = &row.id.name;
        let known = self.rows.tickets.get(id).copied();
        let at = known.unwrap_or(self.scenario.tickets.len());
        self.rows.tickets.insert(id.clone(), at);
        if known.is_some() {
            self.merged.tickets.1 += 1;
        } else {
            self.merged.tickets.0 += 1;
            self.scenario.tickets.push(new_ticket(id));
            if row.service.is_none() {
                self.lacks(&row.id.at, "服务(service)", "service");
            }
        }
        let ticket = &mut self.scenario.tickets[at];
        set_label(&mut ticket.title, row.title.as_ref());
        set(&mut ticket.client, client);
        set(&mut ticket.entity, row.entity.clone());
        set(&mut ticket.service, service);
        ticket.track = row.track.unwrap_or(ticket.track);
        set(&mut ticket.release, row.release);
        set(&mut ticket.due, row.due);
        set(&mut ticket.batch, row.batch.clone());
        set_all(&mut ticket.after, after);
        set_all(&mut ticket.excluded, excluded);
        if row.fixed.is_some() || row.per_hour.is_some() || row.per_day.is_some() {
            ticket.curves.retain(|curve| curve.kind != CurveKind::Urgency);
            ticket.curves.push(urgency(row));
            if ticket.due.is_none() {
                self.lacks(
                    &row.id.at,
                    "截止(due)，损失从那时算起",
                    "due time, from which losses count",
                );
            }
        }
    }

    fn absence(&mut self, row: &AbsenceRow) {
        let zone = self.scenario.zone;
        if zone.tick_from(row.to) <= zone.tick_from(row.from) {
            let (from, to) = (row.from, row.to);
            let issue = Issue::error(
                "T416",
                row.to_at.clone(),
                format!("结束 {to} 不晚于开始 {from}"),
                format!("the end {to} does not come after the start {from}"),
            );
            self.issues.push(issue.hint("核对起止时间", "check both times"));
        }
        let Some(id) = self.names.people.find(&row.person, &mut self.issues) else { return };
        let Some(&at) = self.rows.people.get(&id) else { return };
        let person = &mut self.scenario.people[at];
        let reason = row.reason.as_ref().map(|text| Label::new(text, text));
        let absence = Absence { from: row.from, to: row.to, remote: row.remote, reason };
        if !person.absences.contains(&absence) {
            person.absences.push(absence);
            self.merged.absences += 1;
        }
    }
}

fn new_person(id: &str) -> Person {
    Person {
        id: id.to_owned(),
        name: None,
        team: None,
        skills: Vec::new(),
        bands: Vec::new(),
        base: None,
        urgent_only: false,
        trainee: false,
        mentors: Vec::new(),
        absences: Vec::new(),
        overrides: Vec::new(),
        rest_minutes: None,
    }
}

fn regular(calendar: String) -> Band {
    Band {
        kind: BandKind::Regular,
        calendar,
        price_per_hour_fen: Money::ZERO,
        cap_day_minutes: None,
        cap_week_minutes: None,
        cap_month_minutes: None,
        used: Vec::new(),
    }
}

fn new_ticket(id: &str) -> Ticket {
    Ticket {
        id: id.to_owned(),
        title: None,
        client: None,
        entity: None,
        service: None,
        track: Track::Normal,
        bureau: None,
        release: None,
        due: None,
        curves: Vec::new(),
        unserved: None,
        after: Vec::new(),
        batch: None,
        excluded: Vec::new(),
        steps: Vec::new(),
        adjust: Vec::new(),
    }
}

fn urgency(row: &TicketRow) -> Curve {
    Curve {
        kind: CurveKind::Urgency,
        after: None,
        calendar: None,
        fixed_fen: row.fixed.unwrap_or_default(),
        per_hour_fen: row.per_hour.unwrap_or_default(),
        per_day_fen: row.per_day.unwrap_or_default(),
        cap_fen: None,
        reason: None,
    }
}
