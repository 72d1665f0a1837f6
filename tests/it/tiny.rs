//! Small random scenarios off every grid, with all rules and prices in them, for property tests.

use paidan::model::check::check;
use paidan::model::scenario::Scenario;
use paidan::model::work::Work;
use paidan::solver::rng::Rng;
use serde_json::{Map, Value, json};

/// The scenario of that seed and its resolved form; `None` when the check refuses it.
pub(crate) fn small(seed: u64) -> Option<(Scenario, Work)> {
    let mut document = Draft::new(seed).scenario();
    tighten(&mut document, &mut Rng::new(seed, 4_001));
    awaited(&mut document, &mut Rng::new(seed, 4_002));
    let scenario: Scenario = serde_json::from_value(document).unwrap();
    let (work, _) = check(&scenario).ok()?;
    Some((scenario, work))
}

/// The second step of a ticket as a wait that is done or begun, an hour before now.
fn awaited(document: &mut Value, rng: &mut Rng) {
    let tickets = document["tickets"].as_array_mut().unwrap();
    let row = rng.below(tickets.len());
    let Some(second) = tickets[row]["steps"].get_mut(1).filter(|step| step["wait"].is_object())
    else {
        return;
    };
    let id = second["id"].as_str().unwrap().to_owned();
    second["after"] = json!([]);
    let step = format!("t{row}/{id}");
    let known = document["progress"].as_array().unwrap().iter().any(|p| p["step"] == step);
    let pinned = document["pins"].as_array().unwrap().iter().any(|p| p["step"] == step);
    if known || pinned {
        return;
    }
    let (day, _) = document["as_of"].as_str().unwrap().split_once('T').unwrap();
    let (start, end) = (format!("{day}T06:00"), format!("{day}T07:30"));
    let report = if rng.chance(500) {
        json!({"step": step, "state": "done", "start": start, "end": end})
    } else {
        json!({"step": step, "state": "begun", "start": start, "remaining_minutes": 90})
    };
    document["progress"].as_array_mut().unwrap().push(report);
}

/// Caps on regular bands, and a second step begun by the same person.
fn tighten(document: &mut Value, rng: &mut Rng) {
    for person in document["people"].as_array_mut().unwrap() {
        if rng.chance(150) {
            let (cap, most) = *rng.pick(&[("day", 400), ("week", 1_200), ("month", 2_000)]);
            person["bands"][0][format!("cap_{cap}_minutes")] = json!(rng.range(most / 2, most));
        }
    }
    let mut second = document["progress"][0].clone();
    if second["state"] == "begun" && rng.chance(600) {
        let other = rng.below(document["tickets"].as_array().unwrap().len());
        let other = json!(format!("t{other}/s0"));
        if second["step"] != other {
            second["step"] = other;
            document["progress"].as_array_mut().unwrap().push(second);
        }
    }
}

/// Work on a scenario in the making.
struct Draft {
    rng: Rng,
    people: usize,
    /// Steps of each ticket with seats, and waits.
    steps: Vec<Vec<bool>>,
    days: i64,
    first_day: i64,
    as_of: i64,
}

const SKILLS: [&str; 2] = ["tax", "filing"];
const SITES: [&str; 3] = ["office", "hall", "client"];

impl Draft {
    fn new(seed: u64) -> Draft {
        let mut rng = Rng::new(seed, 4_000);
        let people = 2 + rng.below(3);
        let tickets = 2 + rng.below(3);
        let mut steps = Vec::new();
        for _ in 0..tickets {
            let count = 1 + rng.below(3);
            let seated = (0..count).map(|row| row == 0 || !rng.chance(150));
            steps.push(seated.collect());
        }
        let (days, first_day) = (rng.range(1, 4), *rng.pick(&[9, 9, 10, 12, 13]));
        let as_of = rng.range(8 * 60, 11 * 60);
        Draft { rng, people, steps, days, first_day, as_of }
    }

    fn often(&mut self, permille: u32) -> bool {
        self.rng.chance(permille)
    }

    /// Some minute of the days planned, within working time mostly.
    fn moment(&mut self, from: i64, to: i64) -> String {
        let day = self.first_day + self.rng.range(0, self.days);
        let minute = self.rng.range(from, to);
        moment(day, minute)
    }

    fn scenario(&mut self) -> Value {
        let last = self.first_day + self.days - 1;
        let end = *self.rng.pick(&[17 * 60 + 30, 18 * 60, 20 * 60, 23 * 60 + 59]);
        let freeze = if self.often(300) { self.rng.range(30, 400) } else { 0 };
        let people: Vec<Value> = (0..self.people).map(|row| self.person(row)).collect();
        let tickets: Vec<Value> = (0..self.steps.len()).map(|row| self.ticket(row)).collect();
        let (pins, progress) = (self.pins(), self.progress());
        let quota = if self.often(300) { json!(1) } else { Value::Null };
        let disruptions = if self.often(200) {
            let day = self.first_day;
            json!([{"from": moment(day, 600), "to": moment(day, self.rng.range(700, 1000))}])
        } else {
            json!([])
        };
        json!({
            "format": "paidan-scenario/1",
            "as_of": moment(self.first_day, self.as_of),
            "horizon": moment(last, end),
            "calendars": [
                calendar("day", &["09:00-12:00", "13:00-17:30"]),
                calendar("late", &["10:30-14:00", "14:20-19:00"]),
                calendar("evening", &["17:30-21:00"]),
                calendar("night", &["21:00-30:00"]),
                calendar("counter", &["09:30-11:30", "13:40-16:00"]),
            ],
            "skills": SKILLS.map(|id| json!({"id": id})),
            "sites": SITES.map(|id| json!({"id": id})),
            "travel": [
                {"from": "office", "to": "hall", "minutes": self.rng.range(0, 50)},
                {"from": "hall", "to": "client", "minutes": self.rng.range(5, 70),
                 "one_way": self.often(200)},
            ],
            "people": people,
            "clients": [self.client("acme"), self.client("bolt")],
            "bureaus": [{"id": "bureau", "calendar": "counter", "site": "hall",
                         "quota_per_day": quota, "disruptions": disruptions}],
            "things": [{"id": "seal"}],
            "tools": [{"id": "signing", "available": self.often(500)}],
            "tickets": tickets,
            "pins": pins,
            "progress": progress,
            "policy": self.policy(freeze),
        })
    }

    fn person(&mut self, row: usize) -> Value {
        let mut skills = Vec::new();
        for skill in SKILLS {
            if row == 0 || self.often(850) {
                let least = if row == 0 { 3 } else { 1 };
                let mut held = json!({"skill": skill, "level": self.rng.range(least, 6)});
                if self.often(150) {
                    let last = self.first_day + self.rng.range(-1, self.days);
                    held["until"] = json!(format!("2026-03-{last:02}"));
                }
                skills.push(held);
            }
        }
        let regular = *self.rng.pick(&["day", "day", "late"]);
        let mut bands = vec![json!({"kind": "regular", "calendar": regular})];
        for (kind, calendar) in [("overtime", "evening"), ("on_call", "night")] {
            if self.often(350) {
                bands.push(self.band(kind, calendar));
            }
        }
        let mut person = json!({"id": format!("p{row}"), "skills": skills, "bands": bands,
            "team": format!("team{}", row % 2)});
        if self.often(600) {
            person["base"] = json!(*self.rng.pick(&["office", "office", "client"]));
        }
        if self.often(250) {
            let (day, from) =
                (self.first_day + self.rng.range(0, self.days), self.rng.range(500, 900));
            let to = from + self.rng.range(20, 300);
            person["absences"] = json!([{"from": moment(day, from), "to": moment(day, to),
                "remote": self.often(400)}]);
        }
        if self.often(250) {
            person["rest_minutes"] = json!(self.rng.range(400, 1000));
        }
        person["urgent_only"] = json!(row > 0 && self.often(120));
        if row > 0 && self.often(150) {
            person["trainee"] = json!(true);
            person["mentors"] = json!(["p0"]);
        }
        person
    }

    fn band(&mut self, kind: &str, calendar: &str) -> Value {
        let mut band = json!({"kind": kind, "calendar": calendar,
            "price_per_hour_fen": self.rng.range(0, 9_000)});
        for cap in ["cap_day_minutes", "cap_week_minutes", "cap_month_minutes"] {
            if self.often(200) {
                band[cap] = json!(self.rng.range(0, 200));
            }
        }
        if self.often(200) {
            let date = format!("2026-03-{:02}", self.first_day - self.rng.range(0, 3));
            band["used"] = json!([{"date": date, "minutes": self.rng.range(0, 120)}]);
        }
        band
    }

    fn client(&mut self, id: &str) -> Value {
        let owner = format!("p{}", self.rng.below(self.people));
        let mut client = json!({"id": id, "site": "client", "owner": owner, "tier": "gold",
            "annual_value_fen": self.rng.range(0, 3_000_000)});
        if self.often(200) {
            client["excluded"] = json!([format!("p{}", self.rng.below(self.people))]);
        }
        client
    }

    fn ticket(&mut self, row: usize) -> Value {
        let steps: Vec<Value> = (0..self.steps[row].len()).map(|at| self.step(row, at)).collect();
        let mut ticket = json!({"id": format!("t{row}"), "steps": steps,
            "track": if self.often(500) { "urgent" } else { "normal" },
            "due": self.moment(9 * 60, 17 * 60)});
        let curves: Vec<Value> = (0..self.rng.below(3)).map(|_| self.curve()).collect();
        ticket["curves"] = json!(curves);
        if self.often(600) {
            ticket["client"] = json!(*self.rng.pick(&["acme", "bolt"]));
        }
        if self.often(250) {
            ticket["release"] = json!(self.moment(9 * 60, 14 * 60));
        }
        if self.often(500) {
            ticket["unserved"] = json!({"urgency_fen": self.rng.range(1_000, 400_000),
                "client_value_fen": self.rng.range(0, 100_000)});
        }
        if row > 0 && self.often(200) {
            ticket["after"] = json!([format!("t{}", self.rng.below(row))]);
        } else if self.often(200) {
            ticket["batch"] = json!("batch");
        }
        if self.often(150) {
            ticket["excluded"] = json!([format!("p{}", self.rng.below(self.people))]);
        }
        ticket
    }

    fn curve(&mut self) -> Value {
        let kind = *self.rng.pick(&["urgency", "client_value"]);
        let mut curve = json!({"kind": kind});
        let rate = self.rng.range(0, 20_000);
        curve[if self.often(700) { "per_hour_fen" } else { "per_day_fen" }] = json!(rate);
        if self.often(300) {
            curve["after"] = json!(self.moment(8 * 60, 17 * 60));
        }
        if self.often(250) {
            curve["calendar"] = json!("day");
        }
        if self.often(300) {
            curve["fixed_fen"] = json!(self.rng.range(1, 30_000));
        }
        if self.often(200) {
            curve["cap_fen"] = json!(self.rng.range(1, 60_000));
        }
        curve
    }

    fn lag(&mut self) -> Value {
        let calendar = *self.rng.pick(&["day", "bureau", "late"]);
        match self.rng.below(3) {
            0 => json!({"minutes": self.rng.range(0, 200)}),
            1 => json!({"working_days": self.rng.range(0, 2), "calendar": calendar}),
            _ => json!({"working_minutes": self.rng.range(0, 200), "calendar": calendar}),
        }
    }

    fn step(&mut self, ticket: usize, at: usize) -> Value {
        let mut step = json!({"id": format!("s{at}")});
        if self.steps[ticket][at] {
            self.seats(&mut step, ticket, at);
        } else {
            step["wait"] = self.lag();
        }
        let links: Vec<Value> = (0..at).filter_map(|before| self.link(before)).collect();
        step["after"] = json!(links);
        if self.often(200) {
            step["bureau"] = json!("bureau");
            let rule = if self.often(500) { "wholly" } else { "begins" };
            step["bureau_rule"] = json!(if self.steps[ticket][at] { rule } else { "begins" });
        }
        if self.often(150) {
            let windows: Vec<Value> = (0..self.days).map(|day| self.window(day)).collect();
            step["windows"] = json!(windows);
        }
        if self.often(100) {
            step["latest_end"] = json!(self.moment(13 * 60, 19 * 60));
        }
        if self.often(200) {
            step["things"] = json!(["seal"]);
        }
        if self.often(100) {
            step["client_trip"] = json!(true);
        }
        step
    }

    fn window(&mut self, day: i64) -> Value {
        let (day, from) = (self.first_day + day, self.rng.range(540, 840));
        json!({"from": moment(day, from), "to": moment(day, from + self.rng.range(1, 200))})
    }

    fn link(&mut self, before: usize) -> Option<Value> {
        if self.often(350) {
            return None;
        }
        let kind = if self.often(300) { "start_start" } else { "finish_start" };
        let mut link = json!({"step": format!("s{before}"), "kind": kind});
        if self.often(400) {
            link["lag"] = self.lag();
        }
        Some(link)
    }

    fn seats(&mut self, step: &mut Value, ticket: usize, at: usize) {
        let skill = *self.rng.pick(&SKILLS);
        let mut seats = vec![json!({"skill": skill, "level": *self.rng.pick(&[1, 1, 2, 3])})];
        if self.often(250) {
            let skill = *self.rng.pick(&SKILLS);
            let mut seat = json!({"skill": skill, "level": self.rng.range(1, 3)});
            if self.often(300) {
                seat["role"] = json!("trainee");
            }
            seats.push(seat);
        }
        step["seats"] = json!(seats);
        step["minutes"] = json!(self.rng.range(10, 240));
        if self.often(150) {
            step["stated"] = json!([{"person": "p0", "minutes": self.rng.range(10, 200)}]);
        }
        if self.often(150) {
            step["tools"] = json!([{"tool": "signing", "percent": 40}]);
        }
        if self.often(350) {
            step["site"] = json!(*self.rng.pick(&SITES));
        }
        step["remote"] = json!(self.often(200));
        let seated: Vec<usize> = (0..at).filter(|other| self.steps[ticket][*other]).collect();
        if let Some(other) = seated.last() {
            let field = *self.rng.pick(&["differs_from", "same_as", "", "", ""]);
            if !field.is_empty() {
                step[field] = json!([format!("s{other}")]);
            }
        }
    }

    /// A seated step, as `ticket/step`.
    fn seated(&mut self) -> String {
        let ticket = self.rng.below(self.steps.len());
        let rows: Vec<usize> = (0..self.steps[ticket].len()).collect();
        let seated: Vec<usize> = rows.into_iter().filter(|row| self.steps[ticket][*row]).collect();
        format!("t{ticket}/s{}", self.rng.pick(&seated))
    }

    fn pins(&mut self) -> Value {
        let mut pins = Vec::new();
        if self.often(350) {
            let mut pin = Map::from_iter([("step".to_owned(), json!(self.seated()))]);
            match self.rng.below(4) {
                0 => pin.insert("people".to_owned(), json!([self.somebody()])),
                1 => pin.insert("start".to_owned(), json!(self.moment(540, 900))),
                2 => {
                    pin.insert("people".to_owned(), json!([self.somebody()]));
                    pin.insert("start".to_owned(), json!(self.moment(540, 900)))
                }
                _ => pin.insert("then".to_owned(), json!(self.seated())),
            };
            pins.push(Value::Object(pin));
        }
        json!(pins)
    }

    fn somebody(&mut self) -> String {
        format!("p{}", self.rng.below(self.people))
    }

    fn progress(&mut self) -> Value {
        let mut rows = Vec::new();
        if !self.often(400) {
            return json!([]);
        }
        let ticket = self.rng.below(self.steps.len());
        let (day, as_of) = (self.first_day, self.as_of);
        let mut start = as_of - self.rng.range(10, 200);
        let mut row = json!({"step": format!("t{ticket}/s0"), "people": [self.somebody()]});
        let done = self.often(600);
        if done {
            // Last night or this morning.
            let end = *self.rng.pick(&[as_of, as_of - 5, -30, -150]);
            start = start.min(end - 1);
            (row["state"], row["end"]) = (json!("done"), json!(moment(day, end)));
        } else {
            row["state"] = json!("begun");
            row["remaining_minutes"] = json!(self.rng.range(1, 300));
        }
        row["start"] = json!(moment(day, start));
        rows.push(row);
        for at in 1..self.steps[ticket].len() {
            if done && !self.steps[ticket][at] && self.often(700) {
                let mut wait = json!({"step": format!("t{ticket}/s{at}"), "state": "begun"});
                wait["start"] = json!(moment(day, as_of - self.rng.range(0, 5)));
                if self.often(500) {
                    wait["end"] = json!(moment(day, as_of + self.rng.range(0, 400)));
                }
                rows.push(wait);
            }
        }
        json!(rows)
    }

    fn policy(&mut self, freeze: i64) -> Value {
        json!({
            "lambda_urgency": self.rng.range(1, 2_000),
            "lambda_client_value": if self.often(900) { self.rng.range(1, 2_000) } else { 0 },
            "change": {"person_fen": self.rng.range(0, 9_000), "start_fen": self.rng.range(0, 3_000),
                       "tolerance_minutes": 15},
            "freeze_minutes": freeze,
            "imbalance": {"per_hour_fen": if self.often(400) { self.rng.range(1, 4_000) } else { 0 },
                          "fair_percent": self.rng.range(10, 90)},
            "preference": {"off_owner_fen": self.rng.range(0, 3_000),
                           "off_team_fen": self.rng.range(0, 1_000),
                           "client_trip_fen": self.rng.range(0, 2_000)},
            "client_value": {"tiers": [{"tier": "gold", "permille": 1500}],
                             "churn": [{"after_hours": 2, "permille": 50},
                                       {"after_hours": 24, "permille": 200}]},
        })
    }
}

/// A minute of a day of March 2026; minutes past midnight are the next day's.
fn moment(day: i64, minute: i64) -> String {
    let (day, minute) = (day + minute.div_euclid(1440), minute.rem_euclid(1440));
    format!("2026-03-{day:02}T{:02}:{:02}", minute / 60, minute % 60)
}

fn calendar(id: &str, hours: &[&str]) -> Value {
    let mut weekly = Map::new();
    for day in ["mon", "tue", "wed", "thu", "fri"] {
        weekly.insert(day.to_owned(), json!(hours));
    }
    json!({"id": id, "weekly": weekly})
}
