//! Generated scenarios: to order, repeatable, and with every hard rule in them.

use std::collections::BTreeMap;

use paidan::generate::{Order, figures, scenario, tiny};
use paidan::model::check::check;
use paidan::model::people::BandKind;
use paidan::model::rule::Rule;
use paidan::model::scenario::Scenario;
use paidan::model::ticket::BureauRule;
use paidan::model::work::{Progress, Step, Work};

fn order(tickets: usize, people: usize, seed: u64) -> Order {
    Order { tickets, people, seed, ..Order::default() }
}

fn checked(scenario: &Scenario) -> Work {
    let told = |issues: Vec<paidan::model::issue::Issue>| -> Work {
        let lines: Vec<String> = issues.iter().map(|i| format!("{}: {}", i.path, i.en)).collect();
        panic!("{}", lines.join("\n"))
    };
    check(scenario).map_or_else(told, |(work, _)| work)
}

#[test]
fn the_same_order_gives_the_same_scenario_and_another_seed_another() {
    let first = scenario(&order(80, 14, 7));
    assert_eq!(first, scenario(&order(80, 14, 7)));
    assert_ne!(first.0, scenario(&order(80, 14, 8)).0);
}

#[test]
fn an_order_is_met_in_size_and_in_load_within_three_percent() {
    for (tickets, people, load_permille, seed) in [
        (60, 14, 900, 1),
        (60, 14, 1400, 2),
        (200, 30, 700, 3),
        (600, 90, 1000, 4),
        (12, 5, 800, 5),
    ] {
        let order = Order { load_permille, ..order(tickets, people, seed) };
        let (scenario, figures) = scenario(&order);
        assert_eq!((scenario.tickets.len(), scenario.people.len()), (tickets, people));
        let wanted = i64::from(load_permille);
        let off = (figures.load_permille - wanted).abs() * 1000 / wanted;
        assert!(off <= 30, "{order:?}: {} ‰", figures.load_permille);
    }
}

#[test]
fn a_stated_window_is_kept_and_the_efforts_fit_the_load() {
    let order = Order { days: Some(5), ..order(60, 14, 3) };
    let (scenario, figures) = scenario(&order);
    // Monday 08:30 to Friday 18:00
    assert_eq!(figures.window_minutes, 4 * 1440 + 570);
    assert!((870..=930).contains(&figures.load_permille), "{}", figures.load_permille);
    assert_eq!(scenario.as_of.to_string(), "2026-03-09T08:30");
}

#[test]
fn the_figures_returned_are_those_of_the_document() {
    let (scenario, told) = scenario(&order(90, 20, 11));
    let work = checked(&scenario);
    assert_eq!(figures(&work, work.as_of + told.window_minutes), told);
    assert!(told.late_alone_permille > 0 && told.late_alone_permille < 250, "{told:?}");
    assert!(told.slack_minutes.is_sorted() && told.slack_minutes.len() == 5);
    assert!(told.skills.iter().all(|skill| skill.holder_count > 0), "{told:?}");
}

#[test]
fn generated_documents_read_back_as_they_were() {
    let (made, _) = scenario(&order(70, 45, 2));
    let text = serde_json::to_string(&made).unwrap();
    assert_eq!(serde_json::from_str::<Scenario>(&text).unwrap(), made);
}

#[test]
fn the_smallest_orders_check() {
    for people in 1..12 {
        for tickets in [1, 2, 9] {
            let (scenario, _) = scenario(&order(tickets, people, 5));
            assert_eq!(scenario.tickets.len(), tickets);
            checked(&scenario);
        }
    }
}

#[test]
fn every_hard_rule_has_something_to_bite_on_in_a_realistic_scenario() {
    let (scenario, _) = scenario(&order(600, 40, 1));
    let found = occurrences(&scenario);
    for rule in Rule::ALL {
        assert!(found[rule.code()] > 0, "{} is nowhere: {found:?}", rule.code());
    }
}

/// How many rows of the scenario each rule is about.
fn occurrences(scenario: &Scenario) -> BTreeMap<&'static str, usize> {
    let work = checked(scenario);
    let people = |holds: fn(&paidan::model::work::Person) -> bool| {
        work.people.iter().filter(|person| holds(person)).count()
    };
    let steps = |holds: fn(&Step) -> bool| work.steps.iter().filter(|step| holds(step)).count();
    let tickets = |holds: fn(&paidan::model::work::Ticket) -> bool| {
        work.tickets.iter().filter(|ticket| holds(ticket)).count()
    };
    let late = work.tickets.iter().filter(|ticket| ticket.release > work.as_of).count();
    let counts = [
        people(|p| p.skills.iter().any(|held| held.until.is_some())),
        tickets(|t| !t.excluded.is_empty())
            .min(people(|p| p.trainee))
            .min(people(|p| p.urgent_only)),
        people(|p| p.bands.iter().any(|b| b.kind == BandKind::Overtime))
            .min(steps(|s| s.seats.len() > 1)),
        steps(|s| !s.is_wait()),
        steps(|s| !s.links.is_empty()).min(steps(Step::is_wait)),
        late,
        steps(|s| s.bureau.is_some())
            .min(steps(|s| s.bureau.is_some_and(|(_, rule)| rule == BureauRule::Wholly)))
            .min(work.bureaus.iter().filter(|bureau| bureau.quota.is_some()).count()),
        steps(|s| !s.windows.is_empty()).min(steps(|s| s.latest_end.is_some())),
        tickets(|t| t.batch.is_some()),
        tickets(|t| !t.after.is_empty()),
        steps(|s| !s.differs_from.is_empty()).min(steps(|s| !s.same_as.is_empty())),
        steps(|s| !s.pinned_people.is_empty())
            .min(steps(|s| s.pinned_start.is_some()))
            .min(work.orders.len()),
        steps(|s| matches!(s.progress, Some(Progress::Begun { .. })))
            .min(steps(|s| matches!(s.progress, Some(Progress::Done { .. })))),
        steps(|s| s.site.is_some()),
        people(|p| p.rest.is_some()).min(people(|p| p.bands.iter().any(|b| b.caps.any()))),
        steps(|s| !s.things.is_empty()),
    ];
    Rule::ALL.iter().map(|rule| rule.code()).zip(counts).collect()
}

#[test]
fn tiny_scenarios_stay_small_enough_to_try_everything() {
    for seed in 0..200 {
        let tiny = tiny(seed);
        let work = checked(&tiny);
        assert!((1..=4).contains(&work.tickets.len()) && (1..=3).contains(&work.people.len()));
        assert!(work.steps.len() <= 8, "seed {seed}: {} steps", work.steps.len());
    }
}

#[test]
fn every_hard_rule_occurs_in_many_tiny_scenarios() {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..400 {
        for (rule, count) in tiny_occurrences(&tiny(seed)) {
            *found.entry(rule).or_default() += usize::from(count);
        }
    }
    // 400 × 12 % = 48: twice the 5 % in which the rule must bind, and some
    assert!(found.len() == 16 && found.values().all(|count| *count >= 48), "{found:?}");
}

/// Whether each rule is about anything in a tiny scenario; unlike in a large one, one of the
/// several things a rule speaks of is enough.
fn tiny_occurrences(scenario: &Scenario) -> Vec<(&'static str, bool)> {
    let work = checked(scenario);
    let step = |holds: fn(&Step) -> bool| work.steps.iter().any(holds);
    let person = |holds: fn(&paidan::model::work::Person) -> bool| work.people.iter().any(holds);
    let ticket = |holds: fn(&paidan::model::work::Ticket) -> bool| work.tickets.iter().any(holds);
    let found = [
        work.skills.len() > 1,
        ticket(|t| !t.excluded.is_empty()) || person(|p| p.trainee || p.urgent_only),
        person(|p| p.bands.len() > 1) || step(|s| s.seats.len() > 1),
        step(|s| !s.is_wait()),
        step(|s| !s.links.is_empty()),
        work.tickets.iter().any(|ticket| ticket.release > work.as_of),
        step(|s| s.bureau.is_some()),
        step(|s| !s.windows.is_empty() || s.latest_end.is_some()),
        ticket(|t| t.batch.is_some()),
        ticket(|t| !t.after.is_empty()),
        step(|s| !s.differs_from.is_empty() || !s.same_as.is_empty()),
        step(|s| !s.pinned_people.is_empty() || s.pinned_start.is_some())
            || !work.orders.is_empty(),
        step(|s| s.progress.is_some()),
        step(|s| s.site.is_some()),
        person(|p| p.rest.is_some() || p.bands.iter().any(|band| band.caps.any())),
        step(|s| !s.things.is_empty()),
    ];
    Rule::ALL.iter().map(|rule| rule.code()).zip(found).collect()
}
