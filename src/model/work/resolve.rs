//! Turning text keys into ids: names, people, clients, bureaus. Every unknown name and every key
//! given twice is reported, all at once.

use std::collections::BTreeMap;

use super::names::{Index, unknown};
use super::{
    Band, Bureau, Caps, Client, Clock, DAYS_BEYOND, Held, Order, Person, Site, Step, Team, Work,
};
use crate::calendar::{Book, Calendar, Closure, Day, china};
use crate::id::{Column, Id};
use crate::model::issue::{Issue, has_errors};
use crate::model::people;
use crate::model::scenario::Scenario;
use crate::time::{DAY, Span};

/// Resolves `scenario`; calendars reach [`DAYS_BEYOND`] days beyond its horizon.
///
/// # Errors
/// Every unknown or doubled name, impossible local time and malformed lag, all at once.
pub fn resolve(scenario: &Scenario) -> Result<Work, Vec<Issue>> {
    let mut issues = Vec::new();
    let work = resolve_as_far_as_possible(scenario, &mut issues);
    if has_errors(&issues) { Err(issues) } else { Ok(work) }
}

/// What [`resolve`] gives with the rows left out that name nothing; fit for further checks, not
/// for planning, once `issues` has errors.
pub(crate) fn resolve_as_far_as_possible(scenario: &Scenario, issues: &mut Vec<Issue>) -> Work {
    let index = Index::new(scenario, issues);
    let as_of = index.tick(&scenario.as_of, || "$.as_of".to_owned(), issues);
    let horizon = index.tick(&scenario.horizon, || "$.horizon".to_owned(), issues);
    let (clocks, bureaus) = clocks(scenario, &index, issues);
    let mut teams = Vec::new();
    let people = people(scenario, &index, &mut teams, issues);
    let clients = clients(scenario, &index, &people, issues);
    let book = book(scenario);
    let mut work = Work {
        zone: scenario.zone,
        book,
        clocks,
        as_of,
        horizon,
        skills: scenario.skills.iter().map(|s| s.id.clone()).collect(),
        sites: scenario.sites.iter().map(|s| s.id.clone()).collect(),
        travel: travel(scenario, &index, issues),
        things: scenario.things.iter().map(|t| t.id.clone()).collect(),
        batches: Column::default(),
        people,
        clients,
        bureaus,
        tickets: Column::default(),
        steps: Column::default(),
        ticket_keys: BTreeMap::new(),
        step_keys: BTreeMap::new(),
        orders: Vec::new(),
        policy: scenario.policy.clone(),
    };
    super::tickets::add_tickets(&mut work, scenario, &index, issues);
    super::tickets::progress(&mut work, scenario, &index, issues);
    pins(&mut work, scenario, &index, issues);
    work
}

/// The scenario's calendars, and the built-in holiday table unless it brings its own.
fn book(scenario: &Scenario) -> Book {
    let mut tables = scenario.holidays.clone();
    let built_in = china();
    if !tables.iter().any(|table| table.id == built_in.id) {
        tables.push(built_in);
    }
    Book::new(scenario.zone, tables, scenario.calendars.clone())
}

fn clocks(
    scenario: &Scenario,
    index: &Index,
    issues: &mut Vec<Issue>,
) -> (Column<Clock, Calendar>, Column<Bureau, Bureau>) {
    let mut clocks: Column<Clock, Calendar> = scenario.calendars.iter().cloned().collect();
    let mut bureaus = Column::default();
    for (row, bureau) in scenario.bureaus.iter().enumerate() {
        let path = format!("$.bureaus[{row}]");
        let clock = index.clocks.find(&bureau.calendar, || format!("{path}.calendar"), issues);
        let base = clock.filter(|clock| clock.index() < index.calendar_count);
        if clock.is_some() && base.is_none() {
            let names = scenario.calendars.iter().map(|c| c.id.as_str());
            issues.push(unknown(
                format!("{path}.calendar"),
                ("日历", "calendar"),
                &bureau.calendar,
                names,
            ));
        }
        let hours = base.map(|clock| clocks[clock].with(&[], &bureau.disruptions));
        let hours = clocks.push(hours.unwrap_or_default());
        let site = index.sites.find_some(bureau.site.as_ref(), || format!("{path}.site"), issues);
        bureaus.push(Bureau {
            key: bureau.id.clone(),
            hours,
            site,
            quota: bureau.quota_per_day.map(i64::from),
        });
    }
    (clocks, bureaus)
}

fn people(
    scenario: &Scenario,
    index: &Index,
    teams: &mut Vec<String>,
    issues: &mut Vec<Issue>,
) -> Column<Person, Person> {
    let mut rows = Column::default();
    for (row, person) in scenario.people.iter().enumerate() {
        let path = format!("$.people[{row}]");
        let mut skills = Vec::new();
        for (position, held) in person.skills.iter().enumerate() {
            let place = || format!("{path}.skills[{position}].skill");
            if let Some(skill) = index.skills.find(&held.skill, place, issues) {
                let until = held.until.map(Day::from);
                skills.push(Held { skill, level: held.level, until });
            }
        }
        rows.push(Person {
            key: person.id.clone(),
            skills,
            bands: bands(scenario, person, &path, index, issues),
            base: index.sites.find_some(person.base.as_ref(), || format!("{path}.base"), issues),
            team: person.team.as_ref().map(|team| team_row(teams, team)),
            urgent_only: person.urgent_only,
            trainee: person.trainee,
            mentors: index.people.find_all(&person.mentors, || format!("{path}.mentors"), issues),
            rest: person.rest_minutes.map(i64::from),
        });
    }
    rows
}

fn team_row(teams: &mut Vec<String>, name: &str) -> Id<Team> {
    if let Some(row) = teams.iter().position(|team| team == name) {
        return Id::new(row);
    }
    teams.push(name.to_owned());
    Id::new(teams.len() - 1)
}

fn bands(
    scenario: &Scenario,
    person: &people::Person,
    path: &str,
    index: &Index,
    issues: &mut Vec<Issue>,
) -> Vec<Band> {
    let closure = |absence: &people::Absence| Closure {
        from: absence.from,
        to: absence.to,
        reason: absence.reason.clone(),
    };
    let all: Vec<Closure> = person.absences.iter().map(closure).collect();
    let away: Vec<Closure> = person.absences.iter().filter(|a| !a.remote).map(closure).collect();
    let mut bands = Vec::new();
    for (position, band) in person.bands.iter().enumerate() {
        let place = || format!("{path}.bands[{position}].calendar");
        let Some(clock) = index.clocks.find(&band.calendar, place, issues) else { continue };
        let Some(calendar) = scenario.calendars.get(clock.index()) else { continue };
        let own =
            if band.kind == people::BandKind::Regular { person.overrides.as_slice() } else { &[] };
        bands.push(Band {
            kind: band.kind,
            present: calendar.with(own, &all),
            remote: calendar.with(own, &away),
            price_per_hour: band.price_per_hour_fen,
            caps: Caps {
                day: band.cap_day_minutes.map(i64::from),
                week: band.cap_week_minutes.map(i64::from),
                month: band.cap_month_minutes.map(i64::from),
            },
            used: band.used.iter().map(|u| (Day::from(u.date), i64::from(u.minutes))).collect(),
        });
    }
    bands.sort_by_key(|band| band.kind);
    bands
}

fn clients(
    scenario: &Scenario,
    index: &Index,
    people: &Column<Person, Person>,
    issues: &mut Vec<Issue>,
) -> Column<Client, Client> {
    let mut rows = Column::default();
    for (row, client) in scenario.clients.iter().enumerate() {
        let path = format!("$.clients[{row}]");
        let owner =
            index.people.find_some(client.owner.as_ref(), || format!("{path}.owner"), issues);
        index.services.find_all(&client.completed, || format!("{path}.completed"), issues);
        rows.push(Client {
            key: client.id.clone(),
            owner,
            team: owner.and_then(|owner| people.as_slice().get(owner.index())?.team),
            excluded: index.people.find_all(
                &client.excluded,
                || format!("{path}.excluded"),
                issues,
            ),
            site: index.sites.find_some(client.site.as_ref(), || format!("{path}.site"), issues),
        });
    }
    rows
}

/// Least travel minutes between all sites over stated legs (Floyd 1962).
fn travel(
    scenario: &Scenario,
    index: &Index,
    issues: &mut Vec<Issue>,
) -> Column<Site, Column<Site, Option<i64>>> {
    let count = scenario.sites.len();
    let mut least = vec![vec![None; count]; count];
    for (row, leg) in scenario.travel.iter().enumerate() {
        let from = index.sites.find(&leg.from, || format!("$.travel[{row}].from"), issues);
        let to = index.sites.find(&leg.to, || format!("$.travel[{row}].to"), issues);
        let (Some(from), Some(to)) = (from, to) else { continue };
        let minutes = i64::from(leg.minutes);
        let mut shorten = |a: usize, b: usize| {
            let known: &mut Option<i64> = &mut least[a][b];
            *known = Some(known.map_or(minutes, |k| k.min(minutes)));
        };
        shorten(from.index(), to.index());
        if !leg.one_way {
            shorten(to.index(), from.index());
        }
    }
    for (site, row) in least.iter_mut().enumerate() {
        row[site] = Some(0);
    }
    for via in 0..count {
        let onward = least[via].clone();
        for row in &mut least {
            let Some(first) = row[via] else { continue };
            for (known, second) in row.iter_mut().zip(&onward) {
                let Some(second) = second else { continue };
                if known.is_none_or(|known| first + second < known) {
                    *known = Some(first + second);
                }
            }
        }
    }
    least.into_iter().map(Column::new).collect()
}

fn pins(work: &mut Work, scenario: &Scenario, index: &Index, issues: &mut Vec<Issue>) {
    for (row, pin) in scenario.pins.iter().enumerate() {
        let path = format!("$.pins[{row}]");
        let people = index.people.find_all(&pin.people, || format!("{path}.people"), issues);
        let start = pin.start.map(|start| index.tick(&start, || format!("{path}.start"), issues));
        let step = super::tickets::step_named(work, &pin.step, || format!("{path}.step"), issues);
        let then = pin.then.as_ref().and_then(|key| {
            super::tickets::step_named(work, key, || format!("{path}.then"), issues)
        });
        let Some(step) = step else { continue };
        if !people.is_empty() {
            work.steps[step].pinned_people = people;
        }
        // What has passed and was not begun cannot be kept any more (W324).
        let passed = start.is_some_and(|start| start < work.as_of);
        if start.is_some() && (!passed || work.steps[step].progress.is_some()) {
            work.steps[step].pinned_start = start;
        }
        if let Some(then) = then {
            work.orders.push(Order { first: step, then });
        }
    }
}

impl Work {
    /// The span in which time matters: from the earliest begun or done start, at most a month
    /// before `as_of`, to [`DAYS_BEYOND`] days beyond the horizon.
    #[must_use]
    pub fn reach(&self) -> Span {
        Span::new(self.as_of - 31 * DAY, self.horizon + DAYS_BEYOND * DAY)
    }

    /// The step called `ticket/step`.
    #[must_use]
    pub fn step(&self, key: &str) -> Option<Id<Step>> {
        self.step_keys.get(key).copied()
    }

    /// The ticket of that key.
    #[must_use]
    pub fn ticket(&self, key: &str) -> Option<Id<super::Ticket>> {
        self.ticket_keys.get(key).copied()
    }

    /// The person of that key.
    #[must_use]
    pub fn person(&self, key: &str) -> Option<Id<Person>> {
        self.people.pairs().find(|(_, person)| person.key == key).map(|(id, _)| id)
    }
}
