//! A list of changes made to a scenario: pure, every fault told at once. What the changed scenario
//! means is for its own check to say. Must not know plans.

use crate::calendar::{Book, Date, Day, HolidayTable, Hours, Label, Moment, Override, china};
use crate::model::change::{Change, Prices};
use crate::model::issue::{Issue, Issues};
use crate::model::near::nearest;
use crate::model::people::{Absence, Band, BandKind, Held, Person};
use crate::model::scenario::Scenario;
use crate::model::ticket::{Lag, Step, Ticket};
use crate::time::Money;

/// `scenario` with `changes` made to it, one after the other.
///
/// # Errors
/// All that is wrong with the changes, by their paths such as `$.changes[2].person`.
pub fn apply(scenario: &Scenario, changes: &[Change]) -> Result<Scenario, Issues> {
    made(scenario, changes, true)
}

/// [`apply`] where changes of demand are checked and mean arrivals: the tickets there are stay.
///
/// # Errors
/// As [`apply`].
pub fn apply_beside_demand(scenario: &Scenario, changes: &[Change]) -> Result<Scenario, Issues> {
    made(scenario, changes, false)
}

fn made(scenario: &Scenario, changes: &[Change], scales: bool) -> Result<Scenario, Issues> {
    let (place, issues) = (String::new(), Vec::new());
    let mut site = Site { scenario: scenario.clone(), place, issues, scales };
    for (row, change) in changes.iter().enumerate() {
        site.place = format!("$.changes[{row}]");
        site.make(change);
    }
    if site.issues.is_empty() { Ok(site.scenario) } else { Err(site.issues) }
}

/// Where changes are made.
struct Site {
    scenario: Scenario,
    /// The path of the change at hand.
    place: String,
    issues: Issues,
    /// Whether changes of demand make more or fewer of the tickets there are.
    scales: bool,
}

impl Site {
    fn make(&mut self, change: &Change) {
        match change {
            Change::AddPerson { person } => self.add_person(person.as_ref().clone(), "person.id"),
            Change::RemovePerson { person } => self.remove_person(person),
            Change::ClonePerson { person, id } => self.clone_person(person, id),
            Change::Skill { person, skill, level } => self.skill(person, skill, *level),
            Change::Absence { person, from, to, remote } => {
                let (from, to, remote) = (*from, *to, *remote);
                self.span(from, to);
                self.with_person(person, |person| {
                    person.absences.push(Absence { from, to, remote, reason: None });
                });
            }
            Change::Hours { person, band, calendar } => self.hours(person, *band, calendar),
            Change::Band { person, band, .. } => self.band(person.as_deref(), *band, change),
            Change::UrgentOnly { person, urgent_only } => {
                self.with_person(person, |person| person.urgent_only = *urgent_only);
            }
            Change::Demand { .. } => self.demand(change),
            Change::AddService { service, .. } => {
                if self.scenario.services.iter().any(|known| known.id == service.id) {
                    return self.taken("service.id", &service.id);
                }
                self.scenario.services.push(service.as_ref().clone());
            }
            Change::Agency { calendar, percent } => self.agency(calendar.as_deref(), *percent),
            Change::Tool { tool, available } => {
                let found = self.scenario.tools.iter().position(|known| known.id == *tool);
                match found {
                    Some(row) => self.scenario.tools[row].available = *available,
                    None => {
                        let names: Vec<_> =
                            self.scenario.tools.iter().map(|tool| tool.id.clone()).collect();
                        self.unknown("tool", tool, &names);
                    }
                }
            }
            Change::Weights { lambda_urgency, lambda_client_value } => {
                let policy = &mut self.scenario.policy;
                put(&mut policy.lambda_urgency, *lambda_urgency);
                put(&mut policy.lambda_client_value, *lambda_client_value);
            }
            Change::Prices { prices } => self.prices(prices),
            Change::Training { person, first, last, weekday, hours } => {
                let days = days(*first, *last).filter(|day| day.weekday() == *weekday);
                let away: Vec<Absence> = days.map(|day| learning(day, *hours)).collect();
                self.order(*first, *last);
                self.with_person(person, |person| person.absences.extend(away));
            }
            Change::Dip { person, first, last, percent } => {
                self.order(*first, *last);
                self.dip(person, (*first, *last), *percent);
            }
            Change::Trainee { person, mentors } => self.trainee(person, mentors),
        }
    }

    /// Does `work` on the person called `key`, or says that there is none.
    fn with_person(&mut self, key: &str, work: impl FnOnce(&mut Person)) {
        match self.scenario.people.iter_mut().find(|person| person.id == key) {
            Some(person) => work(person),
            None => self.no_person("person", key),
        }
    }

    fn no_person(&mut self, field: &str, key: &str) {
        let names: Vec<_> = self.scenario.people.iter().map(|person| person.id.clone()).collect();
        self.unknown(field, key, &names);
    }

    fn unknown(&mut self, field: &str, key: &str, names: &[String]) {
        let issue = Issue::error(
            "S101",
            format!("{}.{field}", self.place),
            format!("没有名为“{key}”的对象"),
            format!("there is nothing called \"{key}\""),
        );
        let near = nearest(key, names.iter().map(String::as_str));
        self.issues.push(match near {
            Some(near) => {
                issue.hint(format!("是否指“{near}”？"), format!("did you mean \"{near}\"?"))
            }
            None => issue.hint("写场景中的编号", "give an id of the scenario"),
        });
    }

    fn taken(&mut self, field: &str, key: &str) {
        let issue = Issue::error(
            "S102",
            format!("{}.{field}", self.place),
            format!("编号“{key}”已有"),
            format!("there is a \"{key}\" already"),
        );
        self.issues.push(issue.hint("换一个编号", "choose another id"));
    }

    fn refuse(&mut self, code: &'static str, field: &str, zh: String, en: String) {
        self.issues.push(Issue::error(code, format!("{}.{field}", self.place), zh, en));
    }

    fn order(&mut self, first: Date, last: Date) {
        if first > last {
            self.refuse(
                "C101",
                "last",
                format!("结束日期 {last} 早于开始日期 {first}"),
                format!("the last date {last} comes before the first, {first}"),
            );
        }
    }

    fn span(&mut self, from: Moment, to: Moment) {
        let zone = self.scenario.zone;
        if zone.tick_from(to) <= zone.tick_from(from) {
            self.refuse(
                "C101",
                "to",
                format!("结束时间 {to} 不晚于开始时间 {from}"),
                format!("the end {to} does not come after the start {from}"),
            );
        }
    }

    fn add_person(&mut self, person: Person, field: &str) {
        if self.scenario.people.iter().any(|known| known.id == person.id) {
            return self.taken(field, &person.id);
        }
        self.scenario.people.push(person);
    }

    fn clone_person(&mut self, like: &str, id: &str) {
        let Some(person) = self.scenario.people.iter().find(|person| person.id == like) else {
            return self.no_person("person", like);
        };
        let mut person = person.clone();
        id.clone_into(&mut person.id);
        person.name = None;
        person.absences.clear();
        person.bands.iter_mut().for_each(|band| band.used.clear());
        self.add_person(person, "id");
    }

    fn remove_person(&mut self, key: &str) {
        let Some(row) = self.scenario.people.iter().position(|person| person.id == key) else {
            return self.no_person("person", key);
        };
        let scenario = &mut self.scenario;
        let is_him = |other: &String| other == key;
        let is_bound = scenario.pins.iter().any(|pin| pin.people.iter().any(is_him))
            || scenario.progress.iter().any(|step| step.people.iter().any(is_him));
        if is_bound {
            return self.refuse(
                "C102",
                "person",
                format!("“{key}”已被锁定或有步骤在办，不能去掉"),
                format!("\"{key}\" is pinned or has steps done or under way, and cannot leave"),
            );
        }
        scenario.people.remove(row);
        scenario.people.iter_mut().for_each(|person| person.mentors.retain(|other| other != key));
        for client in &mut scenario.clients {
            client.owner.take_if(|owner| owner == key);
            client.excluded.retain(|other| other != key);
        }
        for ticket in &mut scenario.tickets {
            ticket.excluded.retain(|other| other != key);
        }
        each_step(scenario, |step| step.stated.retain(|stated| stated.person != key));
    }

    fn skill(&mut self, person: &str, skill: &str, level: u8) {
        if !self.scenario.skills.iter().any(|known| known.id == skill) {
            let names: Vec<_> = self.scenario.skills.iter().map(|known| known.id.clone()).collect();
            self.unknown("skill", skill, &names);
        }
        self.with_person(person, |person| {
            person.skills.retain(|held| level > 0 || held.skill != skill);
            match person.skills.iter_mut().find(|held| held.skill == skill) {
                Some(held) => held.level = level,
                None if level == 0 => {}
                None => person.skills.push(Held { skill: skill.to_owned(), level, until: None }),
            }
        });
    }

    fn hours(&mut self, person: &str, kind: BandKind, calendar: &str) {
        if !self.scenario.calendars.iter().any(|known| known.id == calendar) {
            let names: Vec<_> = self.scenario.calendars.iter().map(|row| row.id.clone()).collect();
            self.unknown("calendar", calendar, &names);
        }
        let calendar = calendar.to_owned();
        self.with_person(person, |person| {
            match person.bands.iter_mut().find(|band| band.kind == kind) {
                Some(band) => band.calendar = calendar,
                None => person.bands.push(Band {
                    kind,
                    calendar,
                    price_per_hour_fen: Money::ZERO,
                    cap_day_minutes: None,
                    cap_week_minutes: None,
                    cap_month_minutes: None,
                    used: Vec::new(),
                }),
            }
        });
    }

    fn band(&mut self, person: Option<&str>, kind: BandKind, change: &Change) {
        let Change::Band {
            price_per_hour_fen,
            cap_day_minutes,
            cap_week_minutes,
            cap_month_minutes,
            ..
        } = change
        else {
            return;
        };
        if let Some(key) = person
            && !self.scenario.people.iter().any(|known| known.id == key)
        {
            return self.no_person("person", key);
        }
        let mut count = 0;
        let people = self.scenario.people.iter_mut();
        for row in people.filter(|row| person.is_none_or(|key| row.id == key)) {
            for band in row.bands.iter_mut().filter(|band| band.kind == kind) {
                put(&mut band.price_per_hour_fen, *price_per_hour_fen);
                band.cap_day_minutes = cap_day_minutes.or(band.cap_day_minutes);
                band.cap_week_minutes = cap_week_minutes.or(band.cap_week_minutes);
                band.cap_month_minutes = cap_month_minutes.or(band.cap_month_minutes);
                count += 1;
            }
        }
        if count == 0 {
            self.refuse(
                "C103",
                "band",
                "没有人有这种时段".to_owned(),
                "nobody has such a band".to_owned(),
            );
        }
    }

    fn demand(&mut self, change: &Change) {
        let Change::Demand { percent, service, track, tier } = change else { return };
        let scenario = &self.scenario;
        if let Some(key) = service
            && !scenario.services.iter().any(|known| known.id == *key)
        {
            let names: Vec<_> = scenario.services.iter().map(|known| known.id.clone()).collect();
            return self.unknown("service", key, &names);
        }
        let mut tiers = scenario.clients.iter().filter_map(|client| client.tier.as_ref());
        if let Some(key) = tier
            && !tiers.clone().any(|known| known == key)
        {
            let mut names: Vec<_> = tiers.by_ref().cloned().collect();
            names.sort_unstable();
            names.dedup();
            return self.unknown("tier", key, &names);
        }
        if !self.scales {
            return;
        }
        let of_tier = |ticket: &Ticket| {
            let client =
                scenario.clients.iter().find(|row| Some(&row.id) == ticket.client.as_ref());
            tier.is_none() || client.is_some_and(|client| client.tier == *tier)
        };
        let is_meant = |ticket: &Ticket| {
            let begun = format!("{}/", ticket.id);
            let is_free = !scenario.progress.iter().any(|row| row.step.starts_with(&begun))
                && !scenario.pins.iter().any(|pin| pin.step.starts_with(&begun))
                && ticket.batch.is_none()
                && !scenario.tickets.iter().any(|other| other.after.contains(&ticket.id));
            is_free
                && service.as_ref().is_none_or(|key| ticket.service.as_ref() == Some(key))
                && track.is_none_or(|track| ticket.track == track)
                && of_tier(ticket)
        };
        let mut tickets = Vec::with_capacity(scenario.tickets.len());
        let mut share = 0;
        for ticket in &scenario.tickets {
            if !is_meant(ticket) {
                tickets.push(ticket.clone());
                continue;
            }
            share += percent;
            let count = share / 100;
            share %= 100;
            for copy in 1..=count {
                let id =
                    if copy == 1 { ticket.id.clone() } else { format!("{}+{copy}", ticket.id) };
                tickets.push(Ticket { id, ..ticket.clone() });
            }
        }
        self.scenario.tickets = tickets;
    }

    fn agency(&mut self, calendar: Option<&str>, percent: u32) {
        let scenario = &self.scenario;
        let is_known = |key: &str| {
            scenario.calendars.iter().any(|known| known.id == key)
                || scenario.bureaus.iter().any(|known| known.id == key)
        };
        if let Some(key) = calendar.filter(|key| !is_known(key)) {
            let calendars = scenario.calendars.iter().map(|known| known.id.clone());
            let names = calendars.chain(scenario.bureaus.iter().map(|known| known.id.clone()));
            let names: Vec<_> = names.collect();
            return self.unknown("calendar", key, &names);
        }
        each_step(&mut self.scenario, |step| slow(step, calendar, percent));
    }

    fn prices(&mut self, prices: &Prices) {
        let policy = &mut self.scenario.policy;
        put(&mut policy.change.person_fen, prices.change_person_fen);
        put(&mut policy.change.start_fen, prices.change_start_fen);
        put(&mut policy.freeze_minutes, prices.freeze_minutes);
        put(&mut policy.imbalance.per_hour_fen, prices.imbalance_per_hour_fen);
        put(&mut policy.imbalance.fair_percent, prices.fair_percent);
        put(&mut policy.preference.off_owner_fen, prices.off_owner_fen);
        put(&mut policy.preference.off_team_fen, prices.off_team_fen);
        put(&mut policy.preference.client_trip_fen, prices.client_trip_fen);
    }

    fn dip(&mut self, key: &str, (first, last): (Date, Date), percent: u32) {
        let scenario = &self.scenario;
        let mut tables: Vec<HolidayTable> = vec![china()];
        tables.extend(scenario.holidays.iter().cloned());
        let book = Book::new(scenario.zone, tables, scenario.calendars.clone());
        let person = scenario.people.iter().find(|person| person.id == key);
        let band = person
            .and_then(|person| person.bands.iter().find(|band| band.kind == BandKind::Regular));
        let calendar = band.and_then(|band| book.calendar(&band.calendar));
        let Some((person, calendar)) = person.zip(calendar) else {
            if person.is_none() {
                return self.no_person("person", key);
            }
            return self.refuse(
                "C103",
                "person",
                format!("“{key}”没有正常工时"),
                format!("\"{key}\" has no regular hours"),
            );
        };
        let dips: Vec<Override> = days(first, last)
            .filter_map(|day| {
                let date = Date::from(day);
                let own = person.overrides.iter().rev().find(|other| other.covers(date));
                let hours = own.map_or_else(|| book.hours_on(calendar, day), |own| &own.hours);
                let hours = (!hours.is_empty()).then(|| shortened(hours, percent))?;
                Some(Override { from: date, to: None, hours, note: None })
            })
            .collect();
        self.with_person(key, |person| person.overrides.extend(dips));
    }

    fn trainee(&mut self, person: &str, mentors: &[String]) {
        for (row, mentor) in mentors.iter().enumerate() {
            if !self.scenario.people.iter().any(|known| known.id == *mentor) {
                self.no_person(&format!("mentors[{row}]"), mentor);
            }
        }
        self.with_person(person, |person| {
            person.trainee = true;
            person.mentors = mentors.to_vec();
        });
    }
}

/// Writes what is stated.
fn put<T: Copy>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// Does `work` on every step that the scenario states.
fn each_step(scenario: &mut Scenario, mut work: impl FnMut(&mut Step)) {
    for service in &mut scenario.services {
        service.normal.iter_mut().for_each(&mut work);
        service.urgent.iter_mut().flatten().for_each(&mut work);
    }
    scenario.tickets.iter_mut().flat_map(|ticket| &mut ticket.steps).for_each(work);
}

/// Makes the wait of `step` so long in percent, if it is counted in the hours of `calendar`.
pub(super) fn slow(step: &mut Step, calendar: Option<&str>, percent: u32) {
    if let Some(wait) = &mut step.wait {
        let own = step.bureau.as_deref().or(wait.calendar.as_deref());
        if calendar.is_none() || wait.calendar.as_deref() == calendar || own == calendar {
            stretch(wait, percent);
        }
    }
}

/// The dates from `first` to `last`; three years at most.
fn days(first: Date, last: Date) -> impl Iterator<Item = Day> {
    (0..1_096).map(move |row| first.day().plus(row)).take_while(move |day| *day <= last.day())
}

/// The absence of one session.
fn learning(day: Day, hours: Hours) -> Absence {
    let at = |minute: i64| {
        let (more, minute) = (minute / 1440, minute % 1440);
        let day = day.plus(i32::try_from(more).expect("hours end within two days"));
        Moment::local(day, u16::try_from(minute).expect("it is below 1440"))
    };
    let reason = Some(Label::new("培训", "training"));
    Absence { from: at(hours.opens()), to: at(hours.closes()), remote: false, reason }
}

/// The first `percent` of the minutes of `hours`, rounded up.
fn shortened(hours: &[Hours], percent: u32) -> Vec<Hours> {
    let all: i64 = hours.iter().map(|hours| hours.closes() - hours.opens()).sum();
    let mut left = (all * i64::from(percent) + 99) / 100;
    let mut kept = Vec::new();
    for hours in hours {
        let length = (hours.closes() - hours.opens()).min(left);
        left -= length;
        let minute = |at: i64| u16::try_from(at).unwrap_or(u16::MAX);
        kept.extend(Hours::new(minute(hours.opens()), minute(hours.opens() + length)));
    }
    kept
}

/// `lag` at `percent` of its length, rounded up, within what a document may state.
fn stretch(lag: &mut Lag, percent: u32) {
    let scaled = |length: &mut Option<u32>, most: u32| {
        if let Some(length) = length {
            *length = (u64::from(*length) * u64::from(percent))
                .div_ceil(100)
                .min(u64::from(most))
                .try_into()
                .unwrap_or(most);
        }
    };
    scaled(&mut lag.minutes, 500_000);
    scaled(&mut lag.working_days, 250);
    scaled(&mut lag.working_minutes, 100_000);
}
