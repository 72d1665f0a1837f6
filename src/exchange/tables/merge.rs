//! Rows put into a scenario: known ids change, others are added. Either everything fits or the
//! scenario stays as it was.

use std::collections::BTreeMap;

use super::edit::Edit;
use super::names::Names;
use super::rows::{AbsenceRow, ClientRow, PersonRow, Rows, TicketRow};
use crate::calendar::Label;
use crate::model::issue::{Issue, Issues};
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
    /// Reports of progress added, and reports changed or withdrawn.
    pub progress: (usize, usize),
    /// Pins added, and pins changed or taken out.
    pub pins: (usize, usize),
}

/// Where the rows of a scenario that tables wrote stand in those tables.
#[derive(Clone, Debug, Default)]
pub struct Origins(BTreeMap<String, String>);

impl Origins {
    /// Names the row of the table in `issues` about what it wrote: they stand nowhere in the text
    /// of the scenario.
    pub fn name(&self, issues: &mut Issues) {
        for issue in issues {
            let end = issue.path.find(']').map_or(0, |end| end + 1);
            if let Some(cell) = self.0.get(&issue.path[..end]) {
                issue.path = format!("{cell} ({})", issue.path);
                issue.place = None;
            }
        }
    }
}

/// Adds `rows` to `base`, or changes what bears their ids.
///
/// # Errors
/// Every name nobody bears and everything a new row lacks; `base` is then as it was.
pub fn merge(base: &mut Scenario, rows: &Rows) -> Result<(Merged, Origins), Issues> {
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
        origins: Origins::default(),
    };
    rows.clients.iter().for_each(|row| merging.client(row));
    rows.people.iter().for_each(|row| merging.person(row));
    rows.tickets.iter().for_each(|row| merging.ticket(row));
    rows.absences.iter().for_each(|row| merging.absence(row));
    merging.progress(&rows.progress);
    merging.pins(&rows.pins);
    if !merging.issues.is_empty() {
        return Err(merging.issues);
    }
    *base = merging.scenario;
    Ok((merging.merged, merging.origins))
}

/// Rows of the scenario by id.
pub(super) struct At {
    people: BTreeMap<String, usize>,
    clients: BTreeMap<String, usize>,
    pub(super) tickets: BTreeMap<String, usize>,
}

pub(super) struct Merging {
    pub(super) names: Names,
    pub(super) rows: At,
    pub(super) scenario: Scenario,
    pub(super) issues: Issues,
    pub(super) merged: Merged,
    origins: Origins,
}

/// What people read, in both languages alike; a label that says so already stays.
fn set_label(field: &mut Option<Label>, text: &Edit<String>) {
    let says_so =
        |text: &String| field.as_ref().is_some_and(|label| label.zh == *text || label.en == *text);
    text.read(|text| (!says_so(text)).then(|| Label::new(text, text))).change(field);
}

impl Merging {
    /// Remembers that the row at `cell` wrote row `place` of `list`.
    pub(super) fn wrote(&mut self, list: &str, place: usize, cell: &str) {
        self.origins.0.insert(format!("$.{list}[{place}]"), cell.to_owned());
    }

    /// The issue of a new row at `at` that states too little.
    pub(super) fn lacks(&mut self, at: &str, zh: &str, en: &str) {
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
        let owner = row.owner.read(|name| self.names.people.find(name, issues));
        let site = row.site.read(|name| self.names.sites.find(name, issues));
        let excluded = row.excluded.read(|names| Some(self.names.people.find_all(names, issues)));
        let completed =
            row.completed.read(|names| Some(self.names.services.find_all(names, issues)));
        let id = &row.id.name;
        let known = self.rows.clients.get(id).copied();
        let before = known.map(|at| self.scenario.clients[at].clone());
        let at = known.unwrap_or(self.scenario.clients.len());
        self.rows.clients.insert(id.clone(), at);
        self.wrote("clients", at, &row.id.at);
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
        }
        let client = &mut self.scenario.clients[at];
        set_label(&mut client.name, &row.name);
        row.tier.clone().change(&mut client.tier);
        row.annual_value.clone().change_or_default(&mut client.annual_value_fen);
        owner.change(&mut client.owner);
        site.change(&mut client.site);
        excluded.change_or_default(&mut client.excluded);
        completed.change_or_default(&mut client.completed);
        self.merged.clients.1 += usize::from(before.is_some_and(|before| before != *client));
    }

    fn person(&mut self, row: &PersonRow) {
        let issues = &mut self.issues;
        let calendar = row.calendar.read(|name| self.names.calendars.find(name, issues));
        let overtime = row.overtime.read(|name| self.names.calendars.find(name, issues));
        let base = row.base.read(|name| self.names.sites.find(name, issues));
        let mentors = row.mentors.read(|names| Some(self.names.people.find_all(names, issues)));
        let mut skills = row.skills.read(|entries| {
            let held = entries.iter().filter_map(|entry| {
                let skill = self.names.skills.find(&entry.skill, issues)?;
                Some(Held { skill, level: entry.level, until: entry.until })
            });
            Some(held.collect::<Vec<_>>())
        });
        let id = &row.id.name;
        let known = self.rows.people.get(id).copied();
        let before = known.map(|at| self.scenario.people[at].clone());
        let at = known.unwrap_or(self.scenario.people.len());
        self.rows.people.insert(id.clone(), at);
        self.wrote("people", at, &row.id.at);
        if known.is_none() {
            self.merged.people.0 += 1;
            self.scenario.people.push(new_person(id));
            if row.calendar.stated().is_none() {
                self.lacks(&row.id.at, "日历(calendar)", "calendar");
            }
        }
        let person = &mut self.scenario.people[at];
        if let Edit::Set(skills) = &mut skills {
            for held in skills {
                let before = person.skills.iter().find(|known| known.skill == held.skill);
                held.until = held.until.or(before.and_then(|known| known.until));
            }
        }
        set_label(&mut person.name, &row.name);
        row.team.clone().change(&mut person.team);
        skills.change_or_default(&mut person.skills);
        base.change(&mut person.base);
        row.urgent_only.clone().change_or_default(&mut person.urgent_only);
        row.trainee.clone().change_or_default(&mut person.trainee);
        mentors.change_or_default(&mut person.mentors);
        set_band(person, BandKind::Regular, calendar);
        set_band(person, BandKind::Overtime, overtime);
        self.overtime(row, at);
        let is_changed = before.is_some_and(|before| before != self.scenario.people[at]);
        self.merged.people.1 += usize::from(is_changed);
    }

    /// Price and caps of the overtime of the person `at`.
    fn overtime(&mut self, row: &PersonRow, at: usize) {
        let mut bands = self.scenario.people[at].bands.iter_mut();
        let Some(band) = bands.find(|band| band.kind == BandKind::Overtime) else {
            let stated = row.overtime_price.stated().is_some()
                || row.overtime_caps.iter().any(|cap| cap.stated().is_some());
            if stated && row.overtime.stated().is_none() {
                let at = &row.overtime_at;
                let zh = "加班单价和上限要有加班日历";
                let en = "a price or cap of overtime needs the calendar of overtime";
                let issue = Issue::error("T415", at, zh, en);
                self.issues.push(issue.hint("写上加班日历", "state the overtime calendar"));
            }
            return;
        };
        row.overtime_price.clone().change_or_default(&mut band.price_per_hour_fen);
        let [day, week, month] = row.overtime_caps.clone();
        day.change(&mut band.cap_day_minutes);
        week.change(&mut band.cap_week_minutes);
        month.change(&mut band.cap_month_minutes);
    }

    fn ticket(&mut self, row: &TicketRow) {
        let issues = &mut self.issues;
        let client = row.client.read(|name| self.names.clients.find(name, issues));
        let service = row.service.read(|name| self.names.services.find(name, issues));
        let after = row.after.read(|names| Some(self.names.tickets.find_all(names, issues)));
        let excluded = row.excluded.read(|names| Some(self.names.people.find_all(names, issues)));
        let id = &row.id.name;
        let known = self.rows.tickets.get(id).copied();
        let before = known.map(|at| self.scenario.tickets[at].clone());
        let at = known.unwrap_or(self.scenario.tickets.len());
        self.rows.tickets.insert(id.clone(), at);
        self.wrote("tickets", at, &row.id.at);
        if known.is_none() {
            self.merged.tickets.0 += 1;
            self.scenario.tickets.push(Ticket::bare(id));
            if row.service.stated().is_none() {
                self.lacks(&row.id.at, "服务(service)", "service");
            }
        }
        let ticket = &mut self.scenario.tickets[at];
        set_label(&mut ticket.title, &row.title);
        client.change(&mut ticket.client);
        row.entity.clone().change(&mut ticket.entity);
        service.change(&mut ticket.service);
        match row.track {
            Edit::Keep => {}
            Edit::Clear => ticket.track = Track::Normal,
            Edit::Set(track) => ticket.track = track,
        }
        row.release.clone().change(&mut ticket.release);
        row.due.clone().change(&mut ticket.due);
        row.batch.clone().change(&mut ticket.batch);
        after.change_or_default(&mut ticket.after);
        excluded.change_or_default(&mut ticket.excluded);
        set_urgency(&mut ticket.curves, row);
        self.merged.tickets.1 += usize::from(before.is_some_and(|before| before != *ticket));
        let loses = [&row.fixed, &row.per_hour, &row.per_day];
        if ticket.due.is_none() && loses.iter().any(|loss| loss.stated().is_some()) {
            let (zh, en) = ("截止(due)，损失从那时算起", "due time, from which losses count");
            self.lacks(&row.id.at, zh, en);
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
        let same = |known: &&mut Absence| {
            (known.from, known.to, known.remote) == (row.from, row.to, row.remote)
        };
        let reason = row.reason.clone().map_or(Edit::Keep, Edit::Set);
        match person.absences.iter_mut().find(same) {
            Some(known) => set_label(&mut known.reason, &reason),
            None => {
                let mut away =
                    Absence { from: row.from, to: row.to, remote: row.remote, reason: None };
                set_label(&mut away.reason, &reason);
                person.absences.push(away);
                self.merged.absences += 1;
            }
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

/// The calendar of a band; bands stand in the order of their kinds.
fn set_band(person: &mut Person, kind: BandKind, calendar: Edit<String>) {
    match calendar {
        Edit::Keep => {}
        Edit::Clear => person.bands.retain(|band| band.kind != kind),
        Edit::Set(calendar) => match person.bands.iter_mut().find(|band| band.kind == kind) {
            Some(band) => band.calendar = calendar,
            None => {
                let at = person.bands.iter().take_while(|band| band.kind < kind).count();
                person.bands.insert(at, new_band(kind, calendar));
            }
        },
    }
}

fn new_band(kind: BandKind, calendar: String) -> Band {
    Band {
        kind,
        calendar,
        price_per_hour_fen: Money::ZERO,
        cap_day_minutes: None,
        cap_week_minutes: None,
        cap_month_minutes: None,
        used: Vec::new(),
    }
}

/// The urgency curve as `row` changes it: several become one, and one without any loss none.
fn set_urgency(curves: &mut Vec<Curve>, row: &TicketRow) {
    if row.fixed.is_keep() && row.per_hour.is_keep() && row.per_day.is_keep() {
        return;
    }
    let mut known = curves.iter().filter(|curve| curve.kind == CurveKind::Urgency);
    let mut curve = match (known.next(), known.next()) {
        (Some(only), None) => only.clone(),
        _ => new_urgency(),
    };
    row.fixed.clone().change_or_default(&mut curve.fixed_fen);
    row.per_hour.clone().change_or_default(&mut curve.per_hour_fen);
    row.per_day.clone().change_or_default(&mut curve.per_day_fen);
    // By the hour or by the day: what the row states takes the place of the other.
    if row.per_hour.stated().is_some_and(|loss| *loss > Money::ZERO) {
        curve.per_day_fen = Money::ZERO;
    } else if row.per_day.stated().is_some_and(|loss| *loss > Money::ZERO) {
        curve.per_hour_fen = Money::ZERO;
    }
    let first = curves.iter().position(|curve| curve.kind == CurveKind::Urgency);
    curves.retain(|curve| curve.kind != CurveKind::Urgency);
    let losses = [curve.fixed_fen, curve.per_hour_fen, curve.per_day_fen];
    if losses.iter().any(|loss| *loss > Money::ZERO) {
        curves.insert(first.unwrap_or(curves.len()), curve);
    }
}

fn new_urgency() -> Curve {
    Curve {
        kind: CurveKind::Urgency,
        after: None,
        calendar: None,
        fixed_fen: Money::ZERO,
        per_hour_fen: Money::ZERO,
        per_day_fen: Money::ZERO,
        cap_fen: None,
        reason: None,
    }
}
