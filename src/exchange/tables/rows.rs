//! The rows of the tables, decoded cell by cell. Names are not looked up here: that takes the
//! scenario the rows are merged into.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::cell::{self, Bare};
use super::column::Kind;
use super::edit::Edit;
use super::grid::{Entry, Grid, Record};
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
    /// Steps done or begun.
    pub progress: Vec<ProgressRow>,
    /// Steps fixed by hand.
    pub pins: Vec<PinRow>,
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

/// A ticket of the queue; each cell keeps, clears or sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// Its id.
    pub id: Named,
    /// What people read.
    pub title: Edit<String>,
    /// Who asks.
    pub client: Edit<Named>,
    /// The legal entity.
    pub entity: Edit<String>,
    /// The service asked for.
    pub service: Edit<Named>,
    /// Normal or urgent.
    pub track: Edit<Track>,
    /// When materials are complete.
    pub release: Edit<Moment>,
    /// The promised finish.
    pub due: Edit<Moment>,
    /// Urgency loss due at once when late.
    pub fixed: Edit<Money>,
    /// Urgency loss per hour late.
    pub per_hour: Edit<Money>,
    /// Urgency loss per day late.
    pub per_day: Edit<Money>,
    /// Its batch.
    pub batch: Edit<String>,
    /// Tickets to be finished first.
    pub after: Edit<Vec<Named>>,
    /// People not to be given it.
    pub excluded: Edit<Vec<Named>>,
}

/// A person; each cell keeps, clears or sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The id.
    pub id: Named,
    /// What people read.
    pub name: Edit<String>,
    /// Team.
    pub team: Edit<String>,
    /// Skills held.
    pub skills: Edit<Vec<SkillEntry>>,
    /// The calendar of regular hours.
    pub calendar: Edit<Named>,
    /// Where the day begins.
    pub base: Edit<Named>,
    /// Takes urgent tickets only.
    pub urgent_only: Edit<bool>,
    /// Never leads.
    pub trainee: Edit<bool>,
    /// Whom a trainee may sit beside.
    pub mentors: Edit<Vec<Named>>,
    /// The calendar of overtime; cleared: no overtime.
    pub overtime: Edit<Named>,
    /// What an hour of overtime costs on top.
    pub overtime_price: Edit<Money>,
    /// Most minutes of overtime per day, week and month.
    pub overtime_caps: [Edit<u32>; 3],
    /// The cell of the overtime calendar.
    pub overtime_at: String,
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

/// A client; each cell keeps, clears or sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// The id.
    pub id: Named,
    /// What people read.
    pub name: Edit<String>,
    /// Service tier.
    pub tier: Edit<String>,
    /// What the client pays in a year.
    pub annual_value: Edit<Money>,
    /// The dedicated person.
    pub owner: Edit<Named>,
    /// Where the client is.
    pub site: Edit<Named>,
    /// People not to be given.
    pub excluded: Edit<Vec<Named>>,
    /// Services already completed.
    pub completed: Edit<Vec<Named>>,
}

/// What a report of progress says of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is finished.
    Done,
    /// It is under way.
    Started,
    /// It is finished, or goes on, later than planned.
    TookLonger,
}

/// A step done or begun; each cell keeps, clears or sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressRow {
    /// Its ticket.
    pub ticket: Named,
    /// Its name within the ticket.
    pub step: Named,
    /// How far it is; cleared: the report is withdrawn.
    pub state: Edit<State>,
    /// Who, seat by seat.
    pub people: Edit<Vec<Named>>,
    /// When it started.
    pub start: Edit<Moment>,
    /// When it ended.
    pub end: Edit<Moment>,
    /// Minutes still to work.
    pub minutes_left: Edit<u32>,
    /// The cells of state, people, start, end and minutes left.
    pub at: [String; 5],
}

/// A step fixed by hand; each cell keeps, clears or sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinRow {
    /// Its ticket.
    pub ticket: Named,
    /// Its name within the ticket.
    pub step: Named,
    /// Who, seat by seat.
    pub people: Edit<Vec<Named>>,
    /// When.
    pub start: Edit<Moment>,
    /// What the same person does afterwards, as `ticket/step`.
    pub then: Edit<Named>,
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
                Kind::Progress => reading.news(&mut rows),
                Kind::Pins => rows.pins.extend(reading.pin()),
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
    fn read<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&Entry, &mut Issues) -> Option<T>,
    ) -> Edit<T> {
        self.record.cell(key, self.issues).read(|entry| read(entry, self.issues))
    }

    fn text(&mut self, key: &str) -> Edit<String> {
        self.read(key, |entry, _| Some(entry.text.to_owned()))
    }

    fn named(&mut self, key: &str) -> Edit<Named> {
        self.read(key, |entry, _| Some(Named::of(entry)))
    }

    fn names(&mut self, key: &str) -> Edit<Vec<Named>> {
        self.read(key, |entry, _| Some(cell::names(entry)))
    }

    fn moment(&mut self, key: &str, bare: Bare) -> Edit<Moment> {
        self.read(key, |entry, issues| cell::moment(entry, bare, issues))
    }

    fn yuan(&mut self, key: &str) -> Edit<Money> {
        self.read(key, cell::yuan)
    }

    fn yes(&mut self, key: &str) -> Edit<bool> {
        self.read(key, cell::yes)
    }

    fn minutes(&mut self, key: &str, range: RangeInclusive<u32>) -> Edit<u32> {
        self.read(key, |entry, issues| cell::minutes(entry, range, issues))
    }

    /// The row's own id, which no other row of the sheet has.
    fn id(&mut self, key: &str) -> Option<Named> {
        let entry = self.record.needed(key, self.issues)?;
        let id = Named::of(&entry);
        self.unrepeated(&id);
        Some(id)
    }

    /// An issue when a row of the sheet is called like `id` already.
    fn unrepeated(&mut self, id: &Named) {
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
    }

    fn ticket(&mut self) -> Option<TicketRow> {
        let row = TicketRow {
            title: self.text("title"),
            client: self.named("client"),
            entity: self.text("entity"),
            service: self.named("service"),
            track: self.read("track", cell::track),
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
        let counts = |rate: &Edit<Money>| rate.stated().is_some_and(|rate| *rate > Money::ZERO);
        if counts(&row.per_hour) && counts(&row.per_day) {
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
            skills: self.read("skills", |entry, issues| Some(cell::skills(entry, issues))),
            calendar: self.named("calendar"),
            base: self.named("base"),
            urgent_only: self.yes("urgent only"),
            trainee: self.yes("trainee"),
            mentors: self.names("mentors"),
            overtime: self.named("overtime calendar"),
            overtime_price: self.yuan("overtime price"),
            overtime_caps: [
                self.minutes("overtime minutes per day", 0..=1_440),
                self.minutes("overtime minutes per week", 0..=10_080),
                self.minutes("overtime minutes per month", 0..=44_640),
            ],
            overtime_at: self.record.address("overtime calendar"),
            id: self.id("person")?,
        })
    }

    fn absence(&mut self) -> Option<AbsenceRow> {
        let person = self.record.needed("person", self.issues);
        let person = person.as_ref().map(Named::of);
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
            remote: remote.stated().copied().unwrap_or(false),
            reason: reason.stated().cloned(),
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

    /// A row about a step, or about people who did not come.
    fn news(&mut self, rows: &mut Rows) {
        match self.read("state", cell::state) {
            Edit::Set(None) => rows.absences.extend(self.missing()),
            state => rows.progress.extend(self.progress(state.read(|state| *state))),
        }
    }

    /// A time away for each of the people of the row.
    fn missing(&mut self) -> Vec<AbsenceRow> {
        for key in ["ticket", "step"] {
            if let Edit::Set(entry) = self.record.cell(key, self.issues) {
                let issue = Issue::error(
                    "T411",
                    entry.at,
                    "某人未到的行不写工单和步骤",
                    "a row about who did not come names no ticket and no step",
                );
                self.issues.push(issue.hint("清空这一格", "empty this cell"));
            }
        }
        let people = self.record.needed("people", self.issues);
        let from = self.record.needed("start", self.issues);
        let from = from.and_then(|entry| cell::moment(&entry, Bare::Beginning, self.issues));
        let to = self.record.needed("end", self.issues);
        let to = to.and_then(|entry| cell::moment(&entry, Bare::End, self.issues));
        let (Some(people), Some(from), Some(to)) = (people, from, to) else { return Vec::new() };
        let to_at = self.record.address("end");
        let away = |person| AbsenceRow {
            person,
            from,
            to,
            to_at: to_at.clone(),
            remote: false,
            reason: None,
        };
        cell::names(&people).into_iter().map(away).collect()
    }

    fn step(&mut self) -> Option<(Named, Named)> {
        let ticket = self.record.needed("ticket", self.issues);
        let step = self.record.needed("step", self.issues);
        Some((Named::of(&ticket?), Named::of(&step?)))
    }

    fn progress(&mut self, state: Edit<State>) -> Option<ProgressRow> {
        let (ticket, step) = self.step()?;
        let both = format!("{}/{}", ticket.name, step.name);
        self.unrepeated(&Named { name: both, at: step.at.clone() });
        Some(ProgressRow {
            ticket,
            step,
            state,
            people: self.names("people"),
            start: self.moment("start", Bare::Beginning),
            end: self.moment("end", Bare::End),
            minutes_left: self.minutes("minutes left", 1..=100_000),
            at: ["state", "people", "start", "end", "minutes left"]
                .map(|key| self.record.address(key)),
        })
    }

    fn pin(&mut self) -> Option<PinRow> {
        let (ticket, step) = self.step()?;
        Some(PinRow {
            ticket,
            step,
            people: self.names("people"),
            start: self.moment("start", Bare::Beginning),
            then: self.named("then"),
        })
    }
}

impl Named {
    fn of(entry: &Entry) -> Named {
        Named { name: entry.text.to_owned(), at: entry.at.clone() }
    }
}
