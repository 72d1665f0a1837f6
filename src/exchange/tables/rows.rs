//! The rows of the tables, decoded cell by cell. Names are not looked up here: that takes the
//! scenario the rows are merged into.

use std::collections::BTreeMap;

use super::cell::{self, Bare};
use super::column::Kind;
use super::grid::{Grid, Record};
use crate::calendar::{Date, Moment};
use crate::model::issue::{Issue, Issues, has_errors};
use crate::model::ticket::Track;
use crate::time::Money;

/// What came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Tickets of the queue.
    pub tickets: Vec<TicketRow>,
    /// People.
    pub people: Vec<PersonRow>,
    /// Times away.
    pub absences: Vec<AbsenceRow>,
    /// Clients.
    pub clients: Vec<ClientRow>,
    /// Columns and sheets left out.
    pub warnings: Issues,
}

/// A name and the cell it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// An id or what people read.
    pub name: String,
    /// Such as `Queue!C5`.
    pub at: String,
}

/// A skill somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillEntry {
    /// The skill.
    pub skill: Named,
    /// 1 to 5.
    pub level: u8,
    /// The certificate's last day.
    pub until: Option<Date>,
}

/// A ticket of the queue; `None` and empty lists keep what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// Its id.
    pub id: Named,
    /// What people read.
    pub title: Option<String>,
    /// Who asks.
    pub client: Option<Named>,
    /// The legal entity.
    pub entity: Option<String>,
    /// The service asked for.
    pub service: Option<Named>,
    /// Normal or urgent.
    pub track: Option<Track>,
    /// When materials are complete.
    pub release: Option<Moment>,
    /// The promised finish.
    pub due: Option<Moment>,
    /// Urgency loss due at once when late.
    pub fixed: Option<Money>,
    /// Urgency loss per hour late.
    pub per_hour: Option<Money>,
    /// Urgency loss per day late.
    pub per_day: Option<Money>,
    /// Its batch.
    pub batch: Option<String>,
    /// Tickets to be finished first.
    pub after: Vec<Named>,
    /// People not to be given it.
    pub excluded: Vec<Named>,
}

/// A person; `None` and empty lists keep what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The id.
    pub id: Named,
    /// What people read.
    pub name: Option<String>,
    /// Team.
    pub team: Option<String>,
    /// Skills held.
    pub skills: Vec<SkillEntry>,
    /// The calendar of regular hours.
    pub calendar: Option<Named>,
    /// Where the day begins.
    pub base: Option<Named>,
    /// Takes urgent tickets only.
    pub urgent_only: Option<bool>,
    /// Never leads.
    pub trainee: Option<bool>,
    /// Whom a trainee may sit beside.
    pub mentors: Vec<Named>,
}

/// A time away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceRow {
    /// Who.
    pub person: Named,
    /// First minute away.
    pub from: Moment,
    /// First minute back.
    pub to: Moment,
    /// The cell of `to`.
    pub to_at: String,
    /// Able to work on remote steps.
    pub remote: bool,
    /// Why.
    pub reason: Option<String>,
}

/// A client; `None` and empty lists keep what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// The id.
    pub id: Named,
    /// What people read.
    pub name: Option<String>,
    /// Service tier.
    pub tier: Option<String>,
    /// What the client pays in a year.
    pub annual_value: Option<Money>,
    /// The dedicated person.
    pub owner: Option<Named>,
    /// Where the client is.
    pub site: Option<Named>,
    /// People not to be given.
    pub excluded: Vec<Named>,
    /// Services already completed.
    pub completed: Vec<Named>,
}

/// The rows of all `grids`; `issues` were found on the way here.
pub(super) fn read(grids: &[Grid], mut issues: Issues) -> Result<Rows, Issues> {
    let mut rows = Rows::default();
    for grid in grids {
        if !grid.fits(&mut issues) {
            continue;
        }
        let headings = grid.headings(&mut issues);
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for record in grid.records(&headings) {
            let mut reading = Reading { record: &record, issues: &mut issues, ids: &mut ids };
            match grid.kind {
                Kind::Queue => rows.tickets.extend(reading.ticket()),
                Kind::People => rows.people.extend(reading.person()),
                Kind::Absences => rows.absences.extend(reading.absence()),
                Kind::Clients => rows.clients.extend(reading.client()),
            }
        }
    }
    if has_errors(&issues) {
        return Err(issues);
    }
    rows.warnings = issues;
    Ok(rows)
}

/// One row being read.
struct Reading<'a> {
    record: &'a Record<'a>,
    issues: &'a mut Issues,
    /// Ids of the sheet so far, and where they stand.
    ids: &'a mut BTreeMap<String, String>,
}

impl Reading<'_> {
    fn text(&mut self, key: &str) -> Option<String> {
        self.record.cell(key, self.issues).map(|entry| entry.text.to_owned())
    }

    fn named(&mut self, key: &str) -> Option<Named> {
        let entry = self.record.cell(key, self.issues)?;
        Some(Named { name: entry.text.to_owned(), at: entry.at })
    }

    fn names(&mut self, key: &str) -> Vec<Named> {
        self.record.cell(key, self.issues).map_or_else(Vec::new, |entry| cell::names(&entry))
    }

    fn moment(&mut self, key: &str, bare: Bare) -> Option<Moment> {
        cell::moment(&self.record.cell(key, self.issues)?, bare, self.issues)
    }

    fn yuan(&mut self, key: &str) -> Option<Money> {
        cell::yuan(&self.record.cell(key, self.issues)?, self.issues)
    }

    fn yes(&mut self, key: &str) -> Option<bool> {
        cell::yes(&self.record.cell(key, self.issues)?, self.issues)
    }

    /// The row's own id, which no other row of the sheet has.
    fn id(&mut self, key: &str) -> Option<Named> {
        let entry = self.record.needed(key, self.issues)?;
        let id = Named { name: entry.text.to_owned(), at: entry.at };
        if let Some(first) = self.ids.get(&id.name) {
            let name = &id.name;
            let issue = Issue::error(
                "T414",
                id.at.clone(),
                format!("编号“{name}”重复，已在 {first}"),
                format!("id \"{name}\" stands in two rows, first at {first}"),
            );
            self.issues.push(issue.hint("合并两行，或改编号", "merge the rows, or change one id"));
        } else {
            self.ids.insert(id.name.clone(), id.at.clone());
        }
        Some(id)
    }

    fn ticket(&mut self) -> Option<TicketRow> {
        let row = TicketRow {
            title: self.text("title"),
            client: self.named("client"),
            entity: self.text("entity"),
            service: self.named("service"),
            track: match self.record.cell("track", self.issues) {
                Some(entry) => cell::track(&entry, self.issues),
                None => None,
            },
            release: self.moment("release", Bare::Beginning),
            due: self.moment("due", Bare::End),
            fixed: self.yuan("fixed loss"),
            per_hour: self.yuan("loss per hour"),
            per_day: self.yuan("loss per day"),
            batch: self.text("batch"),
            after: self.names("after"),
            excluded: self.names("excluded"),
            id: self.id("ticket")?,
        };
        if row.per_hour.is_some_and(|rate| rate > Money::ZERO)
            && row.per_day.is_some_and(|rate| rate > Money::ZERO)
        {
            let at = self.record.address("loss per day");
            let issue = Issue::error(
                "T409",
                at,
                "每小时损失与每天损失只能写一个",
                "state the loss per hour or per day, not both",
            );
            self.issues.push(issue.hint("删去一个", "remove one of them"));
        }
        Some(row)
    }

    fn person(&mut self) -> Option<PersonRow> {
        Some(PersonRow {
            name: self.text("name"),
            team: self.text("team"),
            skills: match self.record.cell("skills", self.issues) {
                Some(entry) => cell::skills(&entry, self.issues),
                None => Vec::new(),
            },
            calendar: self.named("calendar"),
            base: self.named("base"),
            urgent_only: self.yes("urgent only"),
            trainee: self.yes("trainee"),
            mentors: self.names("mentors"),
            id: self.id("person")?,
        })
    }

    fn absence(&mut self) -> Option<AbsenceRow> {
        let person = self.record.needed("person", self.issues);
        let person = person.map(|entry| Named { name: entry.text.to_owned(), at: entry.at });
        let from = self.record.needed("from", self.issues);
        let from = from.and_then(|entry| cell::moment(&entry, Bare::Beginning, self.issues));
        let to = self.record.needed("to", self.issues);
        let to = to.and_then(|entry| cell::moment(&entry, Bare::End, self.issues));
        let (remote, reason) = (self.yes("remote"), self.text("reason"));
        Some(AbsenceRow {
            person: person?,
            from: from?,
            to: to?,
            to_at: self.record.address("to"),
            remote: remote.unwrap_or(false),
            reason,
        })
    }

    fn client(&mut self) -> Option<ClientRow> {
        Some(ClientRow {
            name: self.text("name"),
            tier: self.text("tier"),
            annual_value: self.yuan("annual value"),
            owner: self.named("owner"),
            site: self.named("site"),
            excluded: self.names("excluded"),
            completed: self.names("completed"),
            id: self.id("client")?,
        })
    }
}
