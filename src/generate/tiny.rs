//! Tiny scenarios for trying every plan there is: at most four tickets, three people, two days,
//! and every hard rule in the way often enough to notice when it is not kept.
//!
//! Everything lies on a grid of half hours: working hours, efforts at every pace, lags, travel,
//! windows, caps. So the best plan may be looked for on the grid alone. Must not know how.

use crate::calendar::{Calendar, Date, Day, Hours, Label, Moment, Weekly, Zone};
use crate::model::people::{
    Absence, Band, BandKind, Bureau, Client, Held, Leg, Person, Site, Skill, Thing,
};
use crate::model::rule::Rule;
use crate::model::scenario::{
    Pin, Policy, PreferencePrices, Progress, ProgressState, SCENARIO_FORMAT, Scenario,
};
use crate::model::ticket::{
    BureauRule, Curve, CurveKind, Lag, Link, LinkKind, Role, Seat, Step, Ticket, Track,
    UnservedPrice, Window,
};
use crate::solver::rng::Rng;
use crate::time::Money;

/// In how many of 1000 scenarios each rule is given something to bite on.
const SHARE: u32 = 300;
/// Seated steps in all, at most.
const STEPS: usize = 5;

/// What is being made.
struct Draft {
    rng: Rng,
    scenario: Scenario,
    monday: Day,
    days: usize,
    wanted: [bool; 16],
}

/// The tiny scenario of that seed.
///
/// # Panics
/// Never: all its dates and hours are written here.
#[must_use]
pub fn tiny(seed: u64) -> Scenario {
    let mut rng = Rng::new(seed, 2_000);
    let wanted = Rule::ALL.map(|_| rng.chance(SHARE));
    // Rest and night matter only where there is a second day.
    let days = if rng.chance(600) || wanted[Rule::H15 as usize] { 2 } else { 1 };
    let monday = Date::new(2026, 3, 9).expect("it is a Monday").day();
    let mut draft = Draft { rng, scenario: blank(monday, days), monday, days, wanted };
    draft.people();
    draft.tickets();
    draft.hours_and_places();
    draft.order_and_company();
    draft.decisions();
    draft.scenario
}

fn blank(monday: Day, days: usize) -> Scenario {
    let hours = |text: &str| Hours::parse(text).expect("it is a window");
    let calendar = |id: &str, windows: &[&str]| Calendar {
        id: id.to_owned(),
        weekly: Weekly::working(&windows.iter().map(|text| hours(text)).collect::<Vec<_>>()),
        ..Calendar::default()
    };
    let last = monday.plus(i32::try_from(days).expect("one or two") - 1);
    Scenario {
        format: SCENARIO_FORMAT.to_owned(),
        about: Some(Label::new("用于穷举检验的小场景", "small enough to try everything")),
        zone: Zone::default(),
        as_of: Moment::local(monday, 9 * 60),
        horizon: Moment::local(last, 19 * 60),
        holidays: Vec::new(),
        calendars: vec![
            calendar("day", &["09:00-12:00", "13:00-17:00"]),
            calendar("evening", &["17:00-19:00"]),
            calendar("counter", &["09:30-11:30", "14:00-16:00"]),
        ],
        skills: ["a", "b"].map(|id| Skill { id: id.to_owned(), name: None }).to_vec(),
        sites: Vec::new(),
        travel: Vec::new(),
        teams: Vec::new(),
        people: Vec::new(),
        clients: Vec::new(),
        bureaus: Vec::new(),
        things: Vec::new(),
        tools: Vec::new(),
        services: Vec::new(),
        tickets: Vec::new(),
        pins: Vec::new(),
        progress: Vec::new(),
        policy: Policy { pace_percent: vec![200, 150, 100, 100, 50], ..Policy::default() },
    }
}

impl Draft {
    fn wants(&self, rule: Rule) -> bool {
        self.wanted[rule as usize]
    }

    /// Hour and half hour of one of the days.
    fn at(&self, day: usize, half_hours: i64) -> Moment {
        let day = self.monday.plus(i32::try_from(day).expect("one or two"));
        Moment::local(day, u16::try_from(half_hours * 30).expect("a day has 48"))
    }

    fn people(&mut self) {
        let count = if self.rng.chance(500) { 3 } else { 2 };
        for row in 0..count {
            let levels = [self.rng.range(2, 6), self.rng.range(1, 5)];
            let mut skills: Vec<Held> = Vec::new();
            for (skill, level) in ["a", "b"].iter().zip(levels) {
                // The first person can do everything, so that most tickets can be served.
                let level = if row == 0 { level.max(3) } else { level };
                if row == 0 || self.rng.chance(850) {
                    let level = u8::try_from(level).expect("it is 1 to 5");
                    skills.push(Held { skill: (*skill).to_owned(), level, until: None });
                }
            }
            let person = self.person(row, skills);
            self.scenario.people.push(person);
        }
        if self.wants(Rule::H1) {
            // The best at the first skill loses the certificate after the first day, or had none.
            let best = (0..count).max_by_key(|row| level(&self.scenario.people[*row], "a"));
            let back = if self.days == 2 && self.rng.chance(500) { 0 } else { -3 };
            let until = Some(self.monday.plus(back).into());
            let row = best.unwrap_or(0);
            if let Some(held) = self.scenario.people[row].skills.first_mut() {
                held.until = until;
            }
        }
        if self.wants(Rule::H2) && self.rng.chance(300) {
            self.scenario.people[0].urgent_only = true;
        }
    }

    fn person(&mut self, row: usize, skills: Vec<Held>) -> Person {
        let mut bands = vec![band(BandKind::Regular, "day", 0)];
        if self.wants(Rule::H3) || self.wants(Rule::H15) || self.rng.chance(150) {
            bands.push(band(BandKind::Overtime, "evening", self.rng.range(1, 8) * 1_000));
        }
        let mut absences = Vec::new();
        if self.wants(Rule::H3) && self.rng.chance(400) {
            let from = self.rng.range(18, 30);
            let to = from + self.rng.range(2, 6);
            let (from, to) = (self.at(0, from), self.at(0, to));
            absences.push(Absence { from, to, remote: self.rng.chance(300), reason: None });
        }
        let mut rest_minutes = None;
        if self.wants(Rule::H15) {
            let caps = bands.last_mut().expect("there is overtime");
            match self.rng.below(4) {
                3 => bands[0].cap_day_minutes = Some(240),
                0 => caps.cap_day_minutes = Some(30),
                1 => caps.cap_week_minutes = Some(60),
                // From 19:00 to 09:00 are 14 hours.
                _ => rest_minutes = Some(16 * 60),
            }
        }
        Person {
            id: format!("p{}", row + 1),
            name: None,
            team: Some(format!("team{}", row % 2)),
            skills,
            bands,
            base: None,
            urgent_only: false,
            trainee: false,
            mentors: Vec::new(),
            absences,
            overrides: Vec::new(),
            rest_minutes,
        }
    }

    fn tickets(&mut self) {
        let count = 2 + self.rng.below(3);
        let mut left = STEPS;
        for row in 0..count {
            let after_this = count - row - 1;
            let most = (left - after_this).min(2);
            let seated = 1 + self.rng.below(most);
            left -= seated;
            let ticket = self.ticket(row, seated);
            self.scenario.tickets.push(ticket);
        }
        if self.rng.chance(250) {
            self.scenario.clients.push(Client {
                id: "c1".to_owned(),
                name: None,
                tier: None,
                annual_value_fen: Money::ZERO,
                owner: Some("p2".to_owned()),
                excluded: Vec::new(),
                completed: Vec::new(),
                site: None,
            });
            self.scenario.tickets[0].client = Some("c1".to_owned());
            let prices = PreferencePrices {
                off_owner_fen: Money(1_500),
                off_team_fen: Money(500),
                client_trip_fen: Money::ZERO,
            };
            self.scenario.policy.preference = prices;
        }
    }

    fn ticket(&mut self, row: usize, seated: usize) -> Ticket {
        let mut steps: Vec<Step> = Vec::new();
        for position in 0..seated {
            let mut step = self.step(position);
            if let Some(before) = steps.last() {
                step.after.push(Link {
                    step: before.id.clone(),
                    kind: LinkKind::FinishStart,
                    lag: None,
                });
            }
            steps.push(step);
        }
        let rate = *self.rng.pick(&[1, 1, 2, 4, 10]) * 1_000;
        let (from, hours) = (self.rng.range(18, 24), self.rng.range(4, 24));
        let after = Some(self.at(0, from));
        let fixed = if self.rng.chance(300) { self.rng.range(1, 10) * 1_000 } else { 0 };
        let kind = [CurveKind::Urgency, CurveKind::ClientValue][row % 2];
        let urgent = self.rng.chance(500);
        Ticket {
            track: if urgent { Track::Urgent } else { Track::Normal },
            curves: vec![curve(kind, after, fixed, rate)],
            unserved: Some(UnservedPrice {
                urgency_fen: Money(rate * hours + fixed + 5_000),
                client_value_fen: Money::ZERO,
            }),
            steps,
            ..Ticket::bare(format!("t{}", row + 1))
        }
    }

    fn step(&mut self, position: usize) -> Step {
        let skill = if self.rng.chance(700) { "a" } else { "b" };
        let level = if self.wants(Rule::H1) && self.rng.chance(500) { 3 } else { 1 };
        let minutes = u32::try_from(self.rng.range(1, 5) * 60).expect("four hours at most");
        Step {
            id: format!("s{}", position + 1),
            seats: vec![seat(skill, level, None)],
            minutes: Some(minutes),
            remote: self.rng.chance(200),
            ..Step::default()
        }
    }

    /// A step of some ticket.
    fn any_step(&mut self) -> (usize, usize) {
        let ticket = self.rng.below(self.scenario.tickets.len());
        (ticket, self.rng.below(self.scenario.tickets[ticket].steps.len()))
    }

    fn step_mut(&mut self, (ticket, step): (usize, usize)) -> &mut Step {
        &mut self.scenario.tickets[ticket].steps[step]
    }

    /// H3 crews, H6, H7, H8, H14, H16.
    fn hours_and_places(&mut self) {
        if self.wants(Rule::H3) && self.rng.chance(400) {
            let at = self.any_step();
            self.step_mut(at).seats.push(seat("b", 1, None));
        }
        if self.wants(Rule::H6) {
            for _ in 0..2 {
                let ticket = self.rng.below(self.scenario.tickets.len());
                let release = self.rng.range(19, 32);
                self.scenario.tickets[ticket].release = Some(self.at(0, release));
            }
        }
        if self.wants(Rule::H7) {
            self.bureau();
        }
        if self.wants(Rule::H8) {
            self.windows();
        }
        if self.wants(Rule::H14) {
            self.travel();
        }
        if self.wants(Rule::H16) {
            self.scenario.things.push(Thing { id: "seal".to_owned(), name: None });
            for ticket in 0..self.scenario.tickets.len() {
                if ticket < 2 || self.rng.chance(400) {
                    self.step_mut((ticket, 0)).things.push("seal".to_owned());
                }
            }
        }
    }

    fn bureau(&mut self) {
        let quota = self.rng.chance(400).then_some(1);
        self.scenario.bureaus.push(Bureau {
            id: "hall".to_owned(),
            name: None,
            calendar: "counter".to_owned(),
            site: None,
            quota_per_day: quota,
            disruptions: Vec::new(),
        });
        for ticket in 0..2 {
            let rule = if self.rng.chance(400) { BureauRule::Wholly } else { BureauRule::Begins };
            let last = self.scenario.tickets[ticket].steps.len() - 1;
            let step = self.step_mut((ticket, last));
            step.bureau = Some("hall".to_owned());
            step.bureau_rule = rule;
        }
    }

    fn windows(&mut self) {
        for _ in 0..2 {
            let at = self.any_step();
            if self.rng.chance(600) {
                let from = self.rng.range(20, 32);
                let to = from + self.rng.range(1, 4);
                let mut windows = vec![Window { from: self.at(0, from), to: self.at(0, to) }];
                if self.days == 2 {
                    windows.push(Window { from: self.at(1, 20), to: self.at(1, 24) });
                }
                self.step_mut(at).windows = windows;
            } else {
                let end = self.rng.range(22, 34);
                self.step_mut(at).latest_end = Some(self.at(0, end));
            }
        }
    }

    fn travel(&mut self) {
        let site = |id: &str| Site { id: id.to_owned(), name: None };
        let leg = |to: &str, minutes| Leg {
            from: "office".to_owned(),
            to: to.to_owned(),
            minutes,
            one_way: false,
        };
        self.scenario.sites = vec![site("office"), site("near"), site("far")];
        self.scenario.travel = vec![leg("near", 30), leg("far", 90)];
        for person in &mut self.scenario.people {
            person.base = Some("office".to_owned());
        }
        for ticket in 0..self.scenario.tickets.len() {
            let place = *self.rng.pick(&["near", "far", "office"]);
            if self.rng.chance(700) {
                self.step_mut((ticket, 0)).site = Some(place.to_owned());
            }
        }
    }

    /// H5, H9, H10, H11, and what H2 says of tickets.
    fn order_and_company(&mut self) {
        let paired = self.scenario.tickets.iter().position(|ticket| ticket.steps.len() > 1);
        if let Some(ticket) = paired {
            self.pair(ticket);
        }
        let last = self.scenario.tickets.len() - 1;
        if self.wants(Rule::H9) {
            // Together or not at all, with little room: the second is long.
            self.scenario.tickets[0].batch = Some("b1".to_owned());
            self.scenario.tickets[last].batch = Some("b1".to_owned());
            self.step_mut((last, 0)).minutes = Some(if self.days == 2 { 420 } else { 240 });
        }
        if self.wants(Rule::H10) {
            self.scenario.tickets[last].after.push("t1".to_owned());
        }
        if self.wants(Rule::H2) {
            if self.scenario.people.len() == 3 && self.rng.chance(400) {
                self.scenario.people[2].trainee = true;
                self.scenario.people[2].mentors.push("p2".to_owned());
                let trained = seat("b", 1, Some(Role::Trainee));
                if level(&self.scenario.people[2], "b") > 0 {
                    self.step_mut((0, 0)).seats.truncate(1);
                    self.step_mut((0, 0)).seats.push(trained);
                }
            } else {
                let ticket = self.rng.below(self.scenario.tickets.len());
                let who = self.rng.below(2);
                self.scenario.tickets[ticket].excluded.push(format!("p{}", who + 1));
            }
        }
    }

    /// H5 lags and a wait, H11, on a ticket of two steps.
    fn pair(&mut self, ticket: usize) {
        if self.wants(Rule::H11) {
            let same = self.rng.chance(500);
            let second = self.step_mut((ticket, 1));
            let company = if same { &mut second.same_as } else { &mut second.differs_from };
            company.push("s1".to_owned());
            second.seats = vec![seat("a", 1, None)];
            self.step_mut((ticket, 0)).seats = vec![seat("a", 1, None)];
        }
        if !self.wants(Rule::H5) {
            return;
        }
        let day = Some("day".to_owned());
        let half_hours = u32::try_from(self.rng.range(2, 7) * 30).expect("three hours at most");
        let lag = match self.rng.below(4) {
            0 if self.days == 2 => Lag { working_days: Some(1), calendar: day, ..Lag::default() },
            1 => Lag { working_minutes: Some(half_hours), calendar: day, ..Lag::default() },
            _ => Lag { minutes: Some(half_hours), ..Lag::default() },
        };
        if self.rng.chance(400) {
            let link = Link { step: "s1".to_owned(), kind: LinkKind::FinishStart, lag: None };
            let id = "wait".to_owned();
            let wait = Step { id, wait: Some(lag), after: vec![link], ..Step::default() };
            self.step_mut((ticket, 1)).after[0].step = "wait".to_owned();
            self.scenario.tickets[ticket].steps.push(wait);
        } else {
            let start_start = self.rng.chance(400);
            let link = &mut self.step_mut((ticket, 1)).after[0];
            link.lag = Some(lag);
            if start_start {
                link.kind = LinkKind::StartStart;
            }
        }
    }

    /// H12 and H13.
    fn decisions(&mut self) {
        let count = self.scenario.tickets.len();
        if self.wants(Rule::H12) {
            let step = |ticket: usize| format!("t{}/s1", ticket + 1);
            let mut pin = Pin { step: step(0), people: Vec::new(), start: None, then: None };
            let start = 18 + *self.rng.pick(&[1, 2, 3, 4, 8, 9, 10]);
            match self.rng.below(4) {
                0 => pin.people.push(format!("p{}", self.rng.below(2) + 1)),
                1 => pin.start = Some(self.at(0, start)),
                2 => {
                    pin.people.push("p1".to_owned());
                    pin.start = Some(self.at(0, start));
                }
                _ => pin.then = Some(step(count - 1)),
            }
            self.scenario.pins.push(pin);
        }
        if self.wants(Rule::H13) {
            let who = format!("p{}", self.rng.below(2) + 1);
            let row = 1.min(count - 1);
            let friday = self.monday.plus(-3);
            // What is under way can be finished: nobody barred, no appointment, no last hour.
            let ticket = &mut self.scenario.tickets[row];
            ticket.excluded.clear();
            for step in &mut ticket.steps {
                (step.windows, step.latest_end) = (Vec::new(), None);
            }
            let crewed = ticket.steps[0].seats.len() > 1;
            let done = self.rng.chance(300);
            let remaining = u32::try_from(self.rng.range(2, 9) * 30).expect("four hours at most");
            let mut people = vec![who.clone()];
            if crewed {
                people.push(if who == "p1" { "p2" } else { "p1" }.to_owned());
            }
            self.scenario.progress.push(Progress {
                step: format!("t{}/s1", row + 1),
                state: if done { ProgressState::Done } else { ProgressState::Begun },
                people,
                start: Moment::local(friday, 15 * 60),
                end: done.then(|| Moment::local(friday, 17 * 60)),
                remaining_minutes: (!done).then_some(remaining),
            });
        }
    }
}

fn level(person: &Person, skill: &str) -> u8 {
    super::staff::level_in(person, skill)
}

fn seat(skill: &str, level: u8, role: Option<Role>) -> Seat {
    Seat { skill: skill.to_owned(), level, role }
}

fn band(kind: BandKind, calendar: &str, price: i64) -> Band {
    super::staff::band(kind, calendar, price)
}

fn curve(kind: CurveKind, after: Option<Moment>, fixed: i64, rate: i64) -> Curve {
    Curve {
        kind,
        after,
        calendar: None,
        fixed_fen: Money(fixed),
        per_hour_fen: Money(rate),
        per_day_fen: Money::ZERO,
        cap_fen: None,
        reason: None,
    }
}
