//! Quotes against a plan in force: how long a caller waits, and whether what is recommended is as
//! good as planning anew.
//!
//! `cargo bench --bench quote` prints, for each size, the middle and the 99th of 100 times of each
//! kind, and what the recommended options cost against plans made anew with the request in them
//! from the plan in force; `-- --test` quotes three requests against a small plan.

use std::env;

use paidan::app::clock::Since;
use paidan::generate::{Order, scenario};
use paidan::model::check::check;
use paidan::model::plan::Plan;
use paidan::model::request::{REQUEST_FORMAT, Request, Wish};
use paidan::model::scenario::Scenario;
use paidan::model::ticket::{Service, Ticket};
use paidan::model::work::Work;
use paidan::planning::{self, Budget, Settings};
use paidan::policy::{POLICY_FORMAT, Policy, Rate};
use paidan::quote::{Depth, Included, Standing, Terms, accepted, quote};
use paidan::time::Money;
use paidan::verify::verify;

/// Tickets, people, rounds of the plan in force.
const SIZES: [(usize, usize, u32); 2] = [(600, 40, 40), (10_000, 400, 4)];
/// Requests quoted.
const REQUESTS: usize = 100;
/// Requests planned anew, for comparison, at the smaller size.
const ANEW: usize = 20;
/// Rounds of planning anew.
const ROUNDS: u32 = 40;

/// A plan in force and what is asked of it.
struct Case {
    scenario: Scenario,
    work: Work,
    plan: Plan,
    standing: Standing,
    policy: Policy,
    asked: Vec<Ticket>,
}

fn rate(service: &Service) -> Rate {
    Rate {
        service: service.id.clone(),
        normal_fen: Money(100_000),
        surcharge_permille: 200,
        overtime_permille: 500,
        displacement_permille: 500,
        floor_fen: None,
        ceiling_fen: None,
    }
}

fn settings(rounds: u32) -> Settings {
    Settings {
        seed: 1,
        lanes: 4,
        threads: 0,
        budget: Budget::Rounds(rounds),
        planned: None,
        until_gap: None,
        fallback: true,
        stop: None,
    }
}

/// A generated question of this size, `count` of its tickets being left out and asked for later.
fn case(tickets: usize, people: usize, rounds: u32, count: usize) -> Case {
    let order = Order { tickets: tickets + count, people, ..Order::default() };
    let (mut scenario, _) = scenario(&order);
    let all = std::mem::take(&mut scenario.tickets);
    let is_named = |ticket: &Ticket| {
        let key = format!("{}/", ticket.id);
        let is_fixed = scenario.progress.iter().any(|row| row.step.starts_with(&key))
            || scenario.pins.iter().any(|pin| {
                let then = pin.then.as_ref().is_some_and(|then| then.starts_with(&key));
                pin.step.starts_with(&key) || then
            });
        is_fixed || all.iter().any(|other| other.after.contains(&ticket.id))
    };
    let every = (all.len() / (count * 2)).max(1);
    let free = all.iter().enumerate().filter(|(row, ticket)| {
        row % every == 0 && ticket.batch.is_none() && ticket.service.is_some() && !is_named(ticket)
    });
    let asked: Vec<Ticket> = free.map(|(_, ticket)| ticket.clone()).take(count).collect();
    scenario.tickets = all.into_iter().filter(|ticket| !asked.contains(ticket)).collect();
    let (work, _) = check(&scenario).expect("generated scenarios make sense");
    let answer = planning::plan(&work, None, &settings(rounds), "", &mut |_| true);
    let plan = answer.expect("threads can be had").plan;
    let standing = Standing::new(&scenario, &work, &plan).expect("a clean plan stands up");
    let policy = Policy {
        desk: None,
        format: POLICY_FORMAT.to_owned(),
        about: None,
        quote_minutes: Some(30),
        promise_per_hour_fen: None,
        rates: scenario.services.iter().map(rate).collect(),
        red_lines: Vec::new(),
    };
    Case { scenario, work, plan, standing, policy, asked }
}

impl Case {
    fn request(&self, ticket: &Ticket) -> Request {
        Request {
            format: REQUEST_FORMAT.to_owned(),
            tickets: vec![ticket.clone()],
            wish: Wish::default(),
            attributes: Vec::new(),
            stated: Vec::new(),
        }
    }

    /// How long each request takes in microseconds, the quickest first.
    fn times(&self, depth: Depth) -> Vec<u64> {
        let mut times = Vec::new();
        for ticket in &self.asked {
            let request = self.request(ticket);
            let from = Since::now();
            let terms = Terms { policy: &self.policy, included: &Included::new() };
            let told = quote(&self.standing, terms, &request, self.work.as_of, depth);
            times.push(from.microseconds());
            assert!(told.is_ok(), "{told:?}");
        }
        times.sort_unstable();
        times
    }

    /// What the cheapest options cost the firm in all, and what plans made anew do.
    fn against_anew(&self, count: usize, rounds: u32) -> (i64, i64) {
        // Planning anew finds more than room for one ticket: what it finds without is taken off.
        let before = self.planned_anew(&self.work, rounds);
        let (mut quoted, mut anew) = (0, 0);
        for ticket in self.asked.iter().take(count) {
            let request = self.request(ticket);
            let terms = Terms { policy: &self.policy, included: &Included::new() };
            let told = quote(&self.standing, terms, &request, self.work.as_of, Depth::Full);
            let told = told.expect("it was quoted before");
            let Some(best) = told.options.iter().min_by_key(|option| option.firm.total_fen) else {
                continue;
            };
            let made = accepted(&self.standing, &self.policy, &told, best.kind, self.work.as_of);
            assert!(made.is_ok(), "what is quoted can be accepted");
            let mut whole = self.scenario.clone();
            whole.tickets.push(ticket.clone());
            let (work, _) = check(&whole).expect("with one ticket more");
            quoted += best.firm.total_fen;
            anew += self.planned_anew(&work, rounds) - before;
        }
        (quoted, anew)
    }

    /// What `work` costs when planned anew from the plan in force, in fen.
    fn planned_anew(&self, work: &Work, rounds: u32) -> i64 {
        let answer = planning::plan(work, Some(&self.plan), &settings(rounds), "", &mut |_| true);
        let plan = answer.expect("threads can be had").plan;
        verify(work, &plan, Some(&self.plan)).bill.total_fen.0
    }
}

#[expect(clippy::print_stdout, reason = "a bench reports what it measured")]
fn say(line: &str) {
    println!("{line}");
}

fn shown(name: &str, times: &[u64]) {
    let at = |permille: usize| times[(times.len() - 1) * permille / 1000];
    let (middle, most) = (at(500), at(990));
    say(&format!("{name}: p50 {middle} µs, p99 {most} µs of {}", times.len()));
}

fn main() {
    let is_test = env::args().any(|argument| argument == "--test");
    let sizes = if is_test { &[(40, 8, 2)][..] } else { &SIZES[..] };
    for (row, (tickets, people, rounds)) in sizes.iter().enumerate() {
        let case = case(*tickets, *people, *rounds, if is_test { 3 } else { REQUESTS });
        let name = format!("{tickets} × {people}");
        shown(&format!("{name}, nothing moves"), &case.times(Depth::Quick));
        shown(&format!("{name}, every option"), &case.times(Depth::Full));
        if row == 0 {
            let (count, rounds) = if is_test { (3, 2) } else { (ANEW, ROUNDS) };
            let (quoted, anew) = case.against_anew(count, rounds);
            let (quoted, anew) = (Money(quoted), Money(anew));
            say(&format!("{name}: the cheapest options add {quoted}, planned anew {anew}"));
        }
    }
}
