//! Quotes against generated plans with every rule in play: what is quoted is what comes out.

use std::collections::BTreeMap;

use paidan::generate::{Order, scenario};
use paidan::model::check::check;
use paidan::model::request::{REQUEST_FORMAT, Request, Wish};
use paidan::model::scenario::Scenario;
use paidan::planning;
use paidan::policy::{POLICY_FORMAT, Policy, Rate};
use paidan::quote::{Depth, Included, Standing, Terms, accepted, quote};
use paidan::time::Money;
use paidan::verify::verify;

use crate::question::one_lane;

/// Every service at the same price.
fn policy(scenario: &Scenario) -> Policy {
    let rate = |service: &paidan::model::ticket::Service| Rate {
        service: service.id.clone(),
        normal_fen: Money(100_000),
        surcharge_permille: 200,
        overtime_permille: 500,
        displacement_permille: 500,
        floor_fen: None,
        ceiling_fen: None,
    };
    Policy {
        desk: None,
        format: POLICY_FORMAT.to_owned(),
        about: None,
        quote_minutes: Some(30),
        promise_per_hour_fen: None,
        rates: scenario.services.iter().map(rate).collect(),
        red_lines: Vec::new(),
    }
}

/// Every sixth ticket is taken out of the queue, the rest planned, and it comes back as a request.
#[test]
fn what_is_quoted_is_what_the_whole_plan_then_costs() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 1..=4 {
        let order = Order { tickets: 40, people: 8, load_permille: 1000, seed, ..Order::default() };
        let (mut whole, _) = scenario(&order);
        let all = std::mem::take(&mut whole.tickets);
        let named = |id: &String| all.iter().any(|ticket| ticket.after.contains(id));
        let is_asked = |row: usize| {
            let ticket = &all[row];
            row % 6 == 2 && ticket.batch.is_none() && !named(&ticket.id) && ticket.service.is_some()
        };
        let begun: Vec<&str> =
            whole.progress.iter().filter_map(|row| row.step.split('/').next()).collect();
        let pinned = whole.pins.iter().flat_map(|pin| [Some(&pin.step), pin.then.as_ref()]);
        let fixed: Vec<&str> =
            pinned.flatten().filter_map(|step| step.split('/').next()).chain(begun).collect();
        let is_asked = |row: usize| is_asked(row) && !fixed.contains(&all[row].id.as_str());
        let rows = 0..all.len();
        let queue = rows.clone().filter(|row| !is_asked(*row)).map(|row| all[row].clone());
        whole.tickets = queue.collect();
        let (work, _) = check(&whole).unwrap();
        let plan = planning::plan(&work, None, &one_lane(2), "", &mut |_| true).unwrap().plan;
        let standing = Standing::new(&whole, &work, &plan).unwrap();
        let before = verify(&work, &plan, Some(&plan)).bill.total_fen.0;
        let policy = policy(&whole);
        for row in rows.filter(|row| is_asked(*row)) {
            let request = Request {
                format: REQUEST_FORMAT.to_owned(),
                tickets: vec![all[row].clone()],
                wish: Wish { requested: Some(work.zone.moment(work.as_of)), ..Wish::default() },
                attributes: Vec::new(),
                stated: Vec::new(),
            };
            let terms = Terms { policy: &policy, included: &Included::new() };
            let told = quote(&standing, terms, &request, work.as_of, Depth::Full).unwrap();
            for option in &told.options {
                *kinds.entry(option.kind.code()).or_default() += 1;
                let made = accepted(&standing, &policy, &told, option.kind, work.as_of);
                let made = made.unwrap_or_else(|denied| panic!("{seed} {row}: {denied:?}"));
                let (new, _) = check(&made.scenario).unwrap();
                let bill = verify(&new, &made.plan, Some(&plan)).bill;
                let more = bill.total_fen.0 - before;
                assert_eq!(more, option.firm.total_fen, "{seed} {row} {:?}", option.kind);
                let floor = told.floor.as_ref().unwrap();
                let finish = new.zone.tick(option.finish).unwrap();
                assert!(finish >= new.zone.tick(floor.finish).unwrap(), "R010");
            }
        }
    }
    for kind in ["as_it_stands", "overtime", "displacing", "normal_track"] {
        assert!(kinds.contains_key(kind), "never quoted: {kind}: {kinds:?}");
    }
}
