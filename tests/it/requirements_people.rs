//! What the catalogue asks of people, roles and tools, each beside a twin without it.

use serde_json::json;

use crate::question::{
    finish, lead, person, placed, planned, planned_after, question, start, step, ticket, with,
};

const NOON: &str = "2026-03-09T12:00";
const MONDAY: &str = "2026-03-09T18:00";

/// R022. Two routine jobs of 180 minutes, due at noon. With somebody kept for urgent work one
/// waits until 13:00–16:00; an urgent job still finds him free.
#[test]
fn people_kept_for_urgent_work_take_nothing_else() {
    let routine = |id| ticket(id, NOON, json!([step("work", "tax", 180)]));
    let people = |kept| {
        json!([
            person("an", &["tax"], 3),
            with(person("bo", &["tax"], 3), json!({"urgent_only": kept}))
        ])
    };
    let tickets = json!([routine("one"), routine("two")]);
    let answer = planned(&question(people(true), tickets.clone()));
    assert_eq!((lead(&answer, "one", "work"), lead(&answer, "two", "work")), ("an", "an"));
    // 4 hours late at 1 yuan
    assert_eq!(answer.report.bill.total_fen.0, 400);
    let twin = planned(&question(people(false), tickets));
    assert_eq!(twin.report.bill.total_fen.0, 0);
    let urgent = with(routine("two"), json!({"track": "urgent"}));
    let answer = planned(&question(people(true), json!([routine("one"), urgent])));
    assert_eq!((lead(&answer, "two", "work"), finish(&answer, "two").as_str()), ("bo", NOON));
}

/// R023. The urgent template goes from preparation to the final review: 60 + 60 minutes. The normal
/// one has two reviews of 120 between: 10:00–12:00, 13:00–15:00, then 15:00–16:00.
#[test]
fn the_urgent_template_skips_reviews() {
    let after = |one, before| with(one, json!({"after": [{"step": before}]}));
    let prepare = step("prepare", "filing", 60);
    let service = json!([{"id": "change",
        "normal": [prepare, after(step("first-review", "filing", 120), "prepare"),
            after(step("second-review", "filing", 120), "first-review"),
            after(step("final-review", "legal", 60), "second-review")],
        "urgent": [prepare, after(step("final-review", "legal", 60), "prepare")]}]);
    let answer_on = |track| {
        let change = json!({"id": "change", "service": "change", "track": track, "due": MONDAY,
            "curves": [{"kind": "urgency", "per_hour_fen": 100}]});
        let people = json!([person("an", &["filing"], 3), person("bo", &["legal"], 3)]);
        planned(&with(question(people, json!([change])), json!({"services": service})))
    };
    let urgent = answer_on("urgent");
    assert_eq!(
        (urgent.plan.steps.len(), finish(&urgent, "change").as_str()),
        (2, "2026-03-09T11:00")
    );
    let normal = answer_on("normal");
    assert_eq!(
        (normal.plan.steps.len(), finish(&normal, "change").as_str()),
        (4, "2026-03-09T16:00")
    );
}

/// R024. Electronic signing takes 25 % of a day's collection: 120 minutes, until 11:00.
#[test]
fn an_available_tool_shortens_a_step() {
    let answer_with = |available| {
        let collect = with(
            step("collect", "filing", 480),
            json!({"tools": [{"tool": "signing", "percent": 25}]}),
        );
        let tickets = json!([ticket("one", MONDAY, json!([collect]))]);
        let question = question(json!([person("an", &["filing"], 3)]), tickets);
        planned(&with(question, json!({"tools": [{"id": "signing", "available": available}]})))
    };
    assert_eq!(finish(&answer_with(true), "one"), "2026-03-09T11:00");
    assert_eq!(finish(&answer_with(false), "one"), MONDAY);
}

/// R041. Drafts of an hour by one, filings of an hour by the other: while the first draft is
/// filed the second is drafted. 9–10, 10–11, 11–12. One person for both needs until 14:00.
#[test]
fn steps_are_given_to_the_right_people_and_overlap_between_tickets() {
    let job = |id| {
        let file = with(step("file", "filing", 60), json!({"after": [{"step": "draft"}]}));
        ticket(id, NOON, json!([step("draft", "tax", 60), file]))
    };
    let tickets = json!([job("one"), job("two")]);
    let apart = json!([person("an", &["tax"], 3), person("bo", &["filing"], 3)]);
    let answer = planned(&question(apart, tickets.clone()));
    assert_eq!(answer.report.bill.total_fen.0, 0);
    assert_eq!((lead(&answer, "one", "draft"), lead(&answer, "one", "file")), ("an", "bo"));
    let alone = planned(&question(json!([person("an", &["tax", "filing"], 3)]), tickets));
    // 14:00 is two hours late
    assert_eq!(alone.report.bill.total_fen.0, 200);
}

/// R042. A step with two seats holds both people for all of it: it waits for the second, who
/// comes at 10:00. With one seat it starts at once.
#[test]
fn a_step_of_two_seats_needs_both_people_at_once() {
    let away = json!({"absences": [{"from": "2026-03-09T00:00", "to": "2026-03-09T10:00"}]});
    let people = json!([person("an", &["tax"], 3), with(person("bo", &["legal"], 3), away)]);
    let answer_with = |seats| {
        let meet = json!({"id": "meet", "seats": seats, "minutes": 60});
        planned(&question(people.clone(), json!([ticket("one", NOON, json!([meet]))])))
    };
    let both = answer_with(json!([{"skill": "tax"}, {"skill": "legal"}]));
    assert_eq!(placed(&both, "one", "meet").people, ["an", "bo"]);
    assert_eq!(start(&both, "one", "meet"), "2026-03-09T10:00");
    assert_eq!(start(&answer_with(json!([{"skill": "tax"}])), "one", "meet"), "2026-03-09T09:00");
}

/// R044. The template says which role does which kind of step, by the skill of its seat: materials
/// the liaison, authorities the driver, compliance the reviewer. Where the review asks for the
/// driver's skill instead, the faster driver reviews himself.
#[test]
fn each_role_does_its_kind_of_step() {
    let answer_with = |review_skill| {
        let part = |id, skill, role| {
            json!({"id": id, "minutes": 60,
            "seats": [{"skill": skill, "role": role}]})
        };
        let after = |one, before| with(one, json!({"after": [{"step": before}]}));
        let steps = json!([
            part("materials", "tax", "liaison"),
            after(part("authority", "filing", "driver"), "materials"),
            after(part("compliance", review_skill, "reviewer"), "authority")
        ]);
        let change = json!({"id": "one", "service": "change", "due": NOON,
            "curves": [{"kind": "urgency", "per_hour_fen": 100}]});
        let people = json!([
            person("an", &["tax"], 3),
            person("bo", &["filing"], 3),
            person("chen", &["legal", "filing"], 1)
        ]);
        let services = json!({"services": [{"id": "change", "normal": steps}]});
        planned(&with(question(people, json!([change])), services))
    };
    let leads = |review_skill| {
        let answer = answer_with(review_skill);
        ["materials", "authority", "compliance"].map(|id| lead(&answer, "one", id).to_owned())
    };
    assert_eq!(leads("legal"), ["an", "bo", "chen"]);
    assert_eq!(leads("filing"), ["an", "bo", "bo"]);
}

/// R063. 600 minutes from 09:00: 480 regular, 120 of evening at 60 yuan an hour, until 20:00. At
/// 100 yuan an hour of lateness from 21:00 on that pays. Capped at 60 minutes a day it does not
/// help: the evening's rest would have to wait for Tuesday 10:00 all the same.
#[test]
fn overtime_is_bought_where_it_pays_and_within_its_cap() {
    let answer_with = |evening| {
        let mut an = person("an", &["tax"], 3);
        for band in evening {
            an["bands"].as_array_mut().unwrap().push(band);
        }
        let mut job = ticket("one", "2026-03-09T21:00", json!([step("work", "tax", 600)]));
        job["curves"] = json!([{"kind": "urgency", "per_hour_fen": 10_000}]);
        planned(&question(json!([an]), json!([job])))
    };
    let band = json!({"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 6_000});
    let paid = answer_with(vec![band.clone()]);
    assert_eq!(finish(&paid, "one"), "2026-03-09T20:00");
    assert_eq!(paid.report.bill.overtime_fen.0, 2 * 6_000);
    let none = answer_with(Vec::new());
    // Tuesday 11:00: 480 + 120; 14 hours late
    assert_eq!(finish(&none, "one"), "2026-03-10T11:00");
    assert_eq!(none.report.bill.total_fen.0, 14 * 10_000);
    let capped = answer_with(vec![with(band, json!({"cap_day_minutes": 60}))]);
    assert!(capped.report.people[0].overtime_minutes <= 60);
    assert!(finish(&capped, "one").as_str() > "2026-03-10");
}

/// R064. The seat asks for level 3 and a certificate in force. The master's has expired: the
/// other one leads, in 60 minutes at pace 100 % where the master would need 42.
#[test]
fn level_and_certificate_decide_who_may() {
    let answer_with = |until| {
        let mut master = person("master", &["tax"], 5);
        master["skills"][0]["until"] = json!(until);
        let people = json!([master, person("able", &["tax"], 3), person("junior", &["tax"], 2)]);
        let work = json!({"id": "work", "seats": [{"skill": "tax", "level": 3}], "minutes": 60});
        planned(&question(people, json!([ticket("one", "2026-03-09T09:00", json!([work]))])))
    };
    let expired = answer_with("2026-03-08");
    assert_eq!(
        (lead(&expired, "one", "work"), finish(&expired, "one").as_str()),
        ("able", "2026-03-09T10:00")
    );
    let valid = answer_with("2026-03-09");
    assert_eq!(
        (lead(&valid, "one", "work"), finish(&valid, "one").as_str()),
        ("master", "2026-03-09T09:42")
    );
}

/// R130. The client's own agent is slower (level 3, 60 minutes; the other one 51) and in time:
/// he leads where leaving him has a price, the faster one where it has none.
#[test]
fn a_client_keeps_the_dedicated_person_where_that_has_a_price() {
    let answer_with = |price| {
        let people = json!([person("quick", &["tax"], 4), person("own", &["tax"], 3)]);
        let job = with(
            ticket("one", MONDAY, json!([step("work", "tax", 60)])),
            json!({"client": "acme"}),
        );
        planned(&with(
            question(people, json!([job])),
            json!({
            "clients": [{"id": "acme", "owner": "own"}],
            "policy": {"preference": {"off_owner_fen": price}}}),
        ))
    };
    assert_eq!(lead(&answer_with(500), "one", "work"), "own");
    assert_eq!(lead(&answer_with(0), "one", "work"), "quick");
}

/// R190. Two matters of one client on one date share the client's trip: 50 yuan once. Of two
/// clients they are two trips.
#[test]
fn matters_of_one_client_share_a_visit() {
    let answer_with = |second| {
        let visit = with(step("visit", "tax", 60), json!({"client_trip": true}));
        let job = |id, client| with(ticket(id, MONDAY, json!([visit])), json!({"client": client}));
        let tickets = json!([job("one", "acme"), job("two", second)]);
        let question = question(json!([person("an", &["tax"], 3)]), tickets);
        planned(&with(
            question,
            json!({
            "clients": [{"id": "acme"}, {"id": "bolt"}],
            "policy": {"preference": {"client_trip_fen": 5_000}}}),
        ))
    };
    assert_eq!(answer_with("acme").report.bill.preference_fen.0, 5_000);
    assert_eq!(answer_with("bolt").report.bill.preference_fen.0, 10_000);
}

/// R191. Whoever rejected the ticket does not get it again, though faster.
#[test]
fn the_second_assignment_goes_to_somebody_else() {
    let answer_with = |excluded| {
        let people = json!([person("quick", &["tax"], 5), person("other", &["tax"], 3)]);
        let job = ticket("one", NOON, json!([step("work", "tax", 60)]));
        planned(&question(people, json!([with(job, json!({"excluded": excluded}))])))
    };
    let first = answer_with(json!([]));
    assert_eq!(lead(&first, "one", "work"), "quick");
    assert_eq!(lead(&answer_with(json!(["quick"])), "one", "work"), "other");
}

/// R045. One timeline of a ticket: what is done, what is under way, what comes, in order of time.
/// Without progress all of it still lies ahead.
#[test]
fn progress_and_plan_are_one_timeline() {
    let after = |one, before| with(one, json!({"after": [{"step": before}]}));
    let steps = json!([
        step("collect", "tax", 60),
        after(step("draft", "tax", 120), "collect"),
        after(step("file", "tax", 60), "draft")
    ]);
    let bare = question(json!([person("an", &["tax"], 3)]), json!([ticket("one", MONDAY, steps)]));
    let known = with(
        bare.clone(),
        json!({"progress": [
        {"step": "one/collect", "state": "done", "people": ["an"],
         "start": "2026-03-06T09:00", "end": "2026-03-06T10:30"},
        {"step": "one/draft", "state": "begun", "people": ["an"],
         "start": "2026-03-06T10:30", "remaining_minutes": 30}]}),
    );
    let line = |question| {
        let answer = planned_after(question, None);
        let moments: Vec<(String, String)> = answer
            .plan
            .steps
            .iter()
            .map(|row| (format!("{:?}", row.standing), start(&answer, "one", &row.step)))
            .collect();
        assert!(moments.is_sorted_by_key(|(_, start)| start.clone()));
        moments
    };
    let row = |standing: &str, start: &str| (standing.to_owned(), start.to_owned());
    assert_eq!(
        line(&known),
        [
            row("Done", "2026-03-06T09:00"),
            row("Begun", "2026-03-06T10:30"),
            row("Planned", "2026-03-09T09:30")
        ]
    );
    assert_eq!(
        line(&bare),
        [
            row("Planned", "2026-03-09T09:00"),
            row("Planned", "2026-03-09T10:00"),
            row("Planned", "2026-03-09T13:00")
        ]
    );
}
