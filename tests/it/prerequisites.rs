//! Services that must come first (R009), and how long the whole chain takes at least (R010).

use paidan::calendar::Moment;
use paidan::model::check::{check, earliest};
use paidan::model::scenario::Scenario;
use paidan::model::work::Work;
use serde_json::{Value, json};

/// A deregistration, which needs a filing; people play no part.
fn scenario(edit: impl Fn(&mut Value)) -> Scenario {
    let wait = |id: &str, days: u32| json!({"id": id, "wait": {"working_days": days, "calendar": "office"}});
    let mut document = json!({
        "format": "paidan-scenario/1",
        "as_of": "2026-03-02T09:00",
        "horizon": "2026-03-31T18:00",
        "calendars": [{
            "id": "office", "holidays": "china",
            "weekly": {"mon": ["09:00-18:00"], "tue": ["09:00-18:00"], "wed": ["09:00-18:00"],
                       "thu": ["09:00-18:00"], "fri": ["09:00-18:00"]}
        }],
        "clients": [{"id": "acme"}],
        "services": [
            {"id": "deregistration", "normal": [wait("review", 5)],
             "prerequisites": [{"service": "filing"}]},
            {"id": "filing", "normal": [wait("file", 3)]}
        ],
        "tickets": [{"id": "t", "service": "deregistration", "client": "acme"}]
    });
    edit(&mut document);
    serde_json::from_value(document).unwrap()
}

fn work(edit: impl Fn(&mut Value)) -> Work {
    check(&scenario(edit)).unwrap().0
}

/// The steps of the first ticket, each with those it comes after.
fn order(work: &Work) -> Vec<(String, Vec<String>)> {
    let steps = &work.tickets.as_slice()[0].steps;
    let name = |id: &paidan::id::Id<paidan::model::work::Step>| work.steps[*id].name.clone();
    let before = |id: &paidan::id::Id<paidan::model::work::Step>| {
        work.steps[*id].links.iter().map(|link| name(&link.step)).collect()
    };
    steps.iter().map(|id| (name(id), before(id))).collect()
}

fn row(step: &str, before: &[&str]) -> (String, Vec<String>) {
    (step.to_owned(), before.iter().map(|name| (*name).to_owned()).collect())
}

fn finish(work: &Work, ticket: usize) -> Moment {
    let finish = earliest(work).finish.as_slice()[ticket];
    work.zone.moment(finish)
}

#[test]
fn an_unmet_prerequisite_is_put_in_front_r009() {
    let work = work(|_| {});
    assert_eq!(order(&work), [row("filing.file", &[]), row("review", &["filing.file"])]);
}

#[test]
fn a_completed_prerequisite_is_left_out_r009() {
    let work = work(|s| s["clients"][0]["completed"] = json!(["filing"]));
    assert_eq!(order(&work), [row("review", &[])]);
}

#[test]
fn a_prerequisite_that_another_ticket_carries_makes_this_one_wait_for_it_r009() {
    let carried = |entity: Option<&str>| {
        work(|s| {
            let tickets = s["tickets"].as_array_mut().unwrap();
            let mut other = json!({"id": "f", "service": "filing", "client": "acme"});
            if let Some(entity) = entity {
                other["entity"] = json!(entity);
            }
            tickets.push(other);
        })
    };
    let same = carried(None);
    assert_eq!(order(&same), [row("review", &[])]);
    assert_eq!(same.tickets.as_slice()[0].after, [same.ticket("f").unwrap()]);
    // A filing for another entity does not help.
    let other = carried(Some("acme two"));
    assert_eq!(order(&other).len(), 2);
    assert_eq!(other.tickets.as_slice()[0].after, []);
}

#[test]
fn a_prerequisite_of_two_services_comes_once_and_before_both_r009() {
    let work = work(|s| {
        let wait = |id: &str| json!([{"id": id, "wait": {"minutes": 1}}]);
        let needs = |names: &[&str]| {
            Value::Array(names.iter().map(|name| json!({"service": name})).collect())
        };
        s["services"] = json!([
            {"id": "deregistration", "normal": wait("x"), "prerequisites": needs(&["b", "c"])},
            {"id": "b", "normal": wait("x"), "prerequisites": needs(&["d"])},
            {"id": "c", "normal": wait("x"), "prerequisites": needs(&["d"])},
            {"id": "d", "normal": wait("x")}
        ]);
    });
    assert_eq!(
        order(&work),
        [row("d.x", &[]), row("b.x", &["d.x"]), row("c.x", &["d.x"]), row("x", &["b.x", "c.x"])]
    );
}

#[test]
fn what_follows_a_prerequisite_waits_for_steps_that_overlap_too_r009() {
    let work = work(|s| {
        s["services"][1]["normal"] = json!([
            {"id": "collect", "wait": {"minutes": 60}},
            {"id": "enter", "wait": {"minutes": 1},
             "after": [{"step": "collect", "kind": "start_start"}]}
        ]);
    });
    assert_eq!(order(&work)[2], row("review", &["filing.collect", "filing.enter"]));
}

#[test]
fn prerequisites_in_a_circle_are_named_r009() {
    let issues = check(&scenario(|s| {
        s["services"][1]["prerequisites"] = json!([{"service": "deregistration"}]);
    }))
    .err()
    .unwrap();
    assert_eq!(issues[0].code, "S103");
    assert!(issues[0].en.contains("deregistration → filing → deregistration"), "{}", issues[0].en);
}

#[test]
fn the_honest_lead_time_is_the_sum_over_the_chain_r010() {
    // From Monday 2 March: 3 working days are over on Thursday 5 at 09:00, 5 more on Thursday 12:
    // 3 + 5 = 8 working days after the start.
    assert_eq!(finish(&work(|_| {}), 0).to_string(), "2026-03-12T09:00+08:00");
    // With the filing done, 5 working days: Monday 9 March.
    let filed = work(|s| s["clients"][0]["completed"] = json!(["filing"]));
    assert_eq!(finish(&filed, 0).to_string(), "2026-03-09T09:00+08:00");
    // Carried by another ticket, the chain is as long.
    let carried = work(|s| {
        let other = json!({"id": "f", "service": "filing", "client": "acme"});
        s["tickets"].as_array_mut().unwrap().push(other);
    });
    assert_eq!(finish(&carried, 0).to_string(), "2026-03-12T09:00+08:00");
}
