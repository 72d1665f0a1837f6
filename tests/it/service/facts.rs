//! Quotes rest on what is true now, not on what was when the plan was published.

use paidan::app::service::Refusal;
use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::quotes::AcceptedQuote;
use paidan::app::service::role::Role;
use paidan::app::service::tickets::{NewTicket, ShownTicket};
use paidan::model::people::Absence;
use paidan::model::quote::OptionKind;
use serde_json::json;

use super::quotes::{finish, quote, quoting, request};
use super::{NOW, both, caller, read};

/// R040, R131: no date is promised with somebody who is away by now. Wang Fang has T-1 until ten; Li
/// comes after the plan was published, and goes again.
#[test]
fn nobody_is_promised_who_is_away_since_the_plan_was_published() {
    both("away-since", |service| {
        quoting(service);
        let boss = caller(Role::Administrator);
        let finish = || finish(&quote(service, "T-2"));
        assert_eq!(finish(), "2026-03-09T11:00+08:00");
        let mut li = super::wang();
        li.id = "li".to_owned();
        service.create_person(&boss, &li, None, NOW).unwrap();
        assert_eq!(finish(), "2026-03-09T10:00+08:00");
        service.create_absence(&boss, "li", away(), None, NOW).unwrap();
        assert_eq!(finish(), "2026-03-09T11:00+08:00");
    });
}

/// All of the ninth of March.
fn away() -> Absence {
    let away = json!({"from": "2026-03-09T00:00", "to": "2026-03-10T00:00"});
    serde_json::from_value(away).unwrap()
}

/// R040: when who carries the plan in force is away, nothing is promised on it.
#[test]
fn a_plan_that_no_longer_holds_is_not_quoted_on() {
    both("holds-no-longer", |service| {
        quoting(service);
        let boss = caller(Role::Administrator);
        service.create_absence(&boss, "wang", away(), None, NOW).unwrap();
        let refused = service.quote(&boss, &request("T-2"), None, NOW);
        let Err(Refusal::Outrun { label: why, .. }) = refused else {
            panic!("quoted all the same")
        };
        assert!(why.zh.contains("计划") && why.en.contains("no longer holds"), "{why:?}");
    });
}

/// What a request does not say of a ticket on record stays as it is.
#[test]
fn an_acceptance_keeps_what_the_request_does_not_state() {
    both("kept-fields", |service| {
        quoting(service);
        let jira = caller(Role::Ticketing);
        let new: NewTicket = serde_json::from_value(json!({
            "id": "T-7", "channel": "ticketing", "service": "filing",
            "title": {"zh": "三月申报", "en": "March filing"},
            "due": "2026-03-11T18:00+08:00"}))
        .unwrap();
        service.create_ticket(&jira, new, None, NOW).unwrap();
        let quoted = quote(service, "T-7");
        let done = service.accept(&jira, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
        assert_eq!(read::<AcceptedQuote>(&done).tickets, ["T-7"]);
        let kept = service.ticket(&jira, "T-7", NOW).unwrap();
        let whole = serde_json::to_value(&kept).unwrap();
        let text = whole.to_string();
        for field in ["三月申报", "2026-03-11T18:00+08:00"] {
            assert!(text.contains(field), "{field} is gone: {text}");
        }
    });
}

/// R013, R015: a service behind a red line is on record, and gets no estimate, no plan, no promise.
#[test]
fn no_road_leads_round_a_red_line() {
    both("red-line", |service| {
        quoting(service);
        let boss = caller(Role::Administrator);
        let policy = json!({"format": "paidan-policy/1", "quote_minutes": 30,
            "rates": [{"service": "filing", "normal_fen": 50_000, "surcharge_permille": 200,
                "overtime_permille": 1000, "displacement_permille": 1000}],
            "red_lines": [{"code": "RL-001", "service": "filing",
                "reason": {"zh": "不得跨月换票", "en": "no exchange across months"}}]});
        let policy = serde_json::from_value(policy).unwrap();
        service.create_ticket(&boss, super::filing(Some("T-8")), None, NOW).unwrap();
        service.put_policy(&boss, None, policy, NOW).unwrap();
        let told = service.ticket(&boss, "T-8", NOW).unwrap().standing.told;
        assert!(told.en.starts_with("it cannot be done"), "{told:?}");
        let new = json!({"id": "T-9", "channel": "hotline", "service": "filing", "estimate": true});
        let new: NewTicket = serde_json::from_value(new).unwrap();
        let made: ShownTicket = read(&service.create_ticket(&boss, new, None, NOW).unwrap());
        assert_eq!(made.standing.estimate, None);
        assert!(made.standing.no_estimate.unwrap().en.contains("RL-001"));
        let told = "it cannot be done: it crosses the red line RL-001: no exchange across months";
        assert_eq!(made.standing.told.en, told);
        assert_eq!(service.ticket(&boss, "T-9", NOW).unwrap().standing.told.en, told);
        let wish = DraftWish { rounds: 1, seed: 1 };
        let draft = service.draft(&boss, &wish, None, NOW, &mut |_| true).unwrap();
        let draft: Draft = read(&draft);
        let text = serde_json::to_string(&draft).unwrap();
        assert!(text.contains("不得跨月换票") && !text.contains("T-9/file"), "{text}");
        // T-1 was planned before the line was drawn.
        let refused = service.promise_ticket(&boss, "T-1", None, NOW);
        assert!(matches!(refused, Err(Refusal::Impossible(why)) if why.en.contains("RL-001")));
    });
}

/// R040: where what was reported takes the time of what comes next, nothing is promised on the plan
/// until it is made anew. Wang Fang has T-1 from nine to ten and T-2 from ten to eleven.
#[test]
fn a_plan_that_what_was_reported_runs_into_is_not_quoted_on() {
    both("overtaken", |service| {
        quoting(service);
        let boss = caller(Role::Administrator);
        super::quotes::accept(service, &quote(service, "T-2"), NOW).unwrap();
        let later = NOW + 3 * 3_600_000;
        let report = |step: &str, from: &str, to: &str| {
            let row = json!([{"step": step, "state": "done", "people": ["wang"],
                "start": format!("2026-03-09T{from}+08:00"),
                "end": format!("2026-03-09T{to}+08:00")}]);
            let rows = serde_json::from_value::<Vec<_>>(row).unwrap();
            service.report(&boss, &rows, later).unwrap();
            service.quote(&boss, &request("T-3"), None, later)
        };
        // A quarter of an hour is forgiven, a minute more is not.
        assert!(report("T-1/file", "09:00", "10:15").is_ok());
        let Err(Refusal::Impossible(why)) = report("T-1/file", "09:00", "10:16") else {
            panic!("quoted on a plan that was overtaken")
        };
        assert!(why.en.contains("T-1/file") && why.en.contains("T-2/file"), "{why:?}");
        // What it runs into has happened by now, later than planned.
        assert!(report("T-2/file", "10:16", "11:16").is_ok());
        assert!(report("T-1/file", "09:00", "10:20").is_ok());
        service.take_back(&boss, "T-2", "file", later).unwrap();
        assert!(report("T-1/file", "09:00", "10:20").is_err());
        let wish = DraftWish { rounds: 1, seed: 1 };
        let draft: Draft = read(&service.draft(&boss, &wish, None, later, &mut |_| true).unwrap());
        let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: 2 };
        service.publish(&boss, &wish, None, later).unwrap();
        assert!(service.quote(&boss, &request("T-3"), None, later).is_ok());
    });
}

/// R078: a year later it is known who asked, what was offered, what was taken, and what the price
/// rests on; for who may see finances.
#[test]
fn why_a_ticket_costs_what_it_costs_outlasts_its_quote() {
    both("why-this-price", |service| {
        quoting(service);
        let quoted = quote(service, "T-2");
        super::quotes::accept(service, &quoted, NOW).unwrap();
        let year = NOW + 365 * 86_400_000;
        while service.tidy(year).unwrap() {}
        let boss = caller(Role::Administrator);
        assert!(service.quote_of(&boss, &quoted.id, year).is_err());
        for role in Role::ALL {
            let told = service.price_of(&caller(role), "T-2", year);
            let may = matches!(role, Role::Administrator | Role::Reviewer);
            assert_eq!(told.is_ok(), may, "{role:?}: {told:?}");
        }
        let told = service.price_of(&boss, "T-2", year).unwrap();
        // By the rate card, 500.00 yuan.
        assert_eq!(told.price.total_fen.0, 50_000);
        let bargain = told.bargain.unwrap();
        assert_eq!((bargain.quote, bargain.taken), (quoted.id, OptionKind::AsItStands));
        let kinds: Vec<OptionKind> = bargain.offered.iter().map(|offered| offered.kind).collect();
        let quoted: Vec<OptionKind> = quoted.quote.options.iter().map(|own| own.kind).collect();
        assert_eq!(kinds, quoted);
        let who = (bargain.asked_by.as_str(), bargain.taken_by.as_str());
        assert_eq!(who, ("person/ticketing", "person/ticketing"));
        let none = service.price_of(&boss, "T-1", year);
        assert!(matches!(none, Err(Refusal::Unknown { kind: "price", .. })), "{none:?}");
    });
}
