//! What was promised weighs: in the next plan, in what is quoted, in what is recommended. And what
//! a red line depends on has to be said before anything is promised.

use paidan::app::service::clients::ClientFile;
use paidan::app::service::plans::{Draft, DraftWish};
use paidan::app::service::quotes::Quoted;
use paidan::app::service::role::Role;
use paidan::app::service::tickets::{NewTicket, ShownTicket};
use paidan::app::service::{Refusal, Service};
use paidan::calendar::Moment;
use paidan::model::quote::OptionKind;
use paidan::model::request::Request;
use paidan::time::Money;
use serde_json::{Value, json};

use super::quotes::{accept, quote, quoting, request};
use super::{NOW, both, caller, filing, read};

fn asked(tickets: Value, more: Value) -> Request {
    let mut request = json!({"format": "paidan-request/1", "tickets": tickets});
    request.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
    serde_json::from_value(request).unwrap()
}

fn policy(service: &Service, more: Value) {
    let mut policy = json!({"format": "paidan-policy/1", "quote_minutes": 30,
        "rates": [{"service": "filing", "normal_fen": 50_000, "surcharge_permille": 200,
            "overtime_permille": 1000, "displacement_permille": 1000}]});
    policy.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
    let policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&caller(Role::Administrator), None, policy, NOW).unwrap();
}

/// R131: a plan made anew pays for finishing after what was promised, as much as the policy says.
#[test]
fn a_promise_costs_in_the_next_plan_what_the_policy_says() {
    both("promise-weighs", |service| {
        quoting(service);
        let promised = accept(service, &quote(service, "T-2"), NOW).unwrap().finish;
        let boss = caller(Role::Administrator);
        let curves = |key: &str| -> Vec<(Option<Moment>, Money)> {
            let scenario = service.scenario(&boss, NOW).unwrap();
            let row = scenario.tickets.into_iter().find(|ticket| ticket.id == key).unwrap();
            row.curves.into_iter().map(|curve| (curve.after, curve.per_hour_fen)).collect()
        };
        assert_eq!(curves("T-2"), []);
        policy(service, json!({"promise_per_hour_fen": 30_000}));
        assert_eq!(curves("T-2"), [(Some(promised), Money(30_000))]);
        assert_eq!(curves("T-1"), []);
    });
}

/// R131: Wang Fang has T-1 from nine to ten, as promised. Whoever wants his at ten could push it
/// behind: that is said, and not recommended.
#[test]
fn what_breaks_a_promise_is_named_and_not_recommended() {
    both("promise-breaks", |service| {
        quoting(service);
        let boss = caller(Role::Administrator);
        service.promise_ticket(&boss, "T-1", None, NOW).unwrap();
        let wish = json!({"wish": {"requested": "2026-03-09T10:00+08:00"}});
        let request = asked(json!([{"id": "T-2", "service": "filing"}]), wish);
        let quoted: Quoted = read(&service.quote(&boss, &request, None, NOW).unwrap());
        let kinds: Vec<OptionKind> = quoted.quote.options.iter().map(|row| row.kind).collect();
        // Both cost nothing: nobody is moved for nothing.
        assert_eq!(kinds, [OptionKind::AsItStands, OptionKind::Displacing]);
        let displaced = &quoted.quote.options[1].displaced;
        let promised = displaced[0].promised.map(|moment| moment.to_string());
        assert_eq!(promised.as_deref(), Some("2026-03-09T10:00+08:00"));
        assert!(displaced[0].new_finish.minute() > displaced[0].promised.unwrap().minute());
        assert_eq!(quoted.quote.recommended.unwrap().kind, OptionKind::AsItStands);
        // The quick way does not look at moving anybody at all.
        let quick = service.quote_quickly(&boss, &request, None, NOW).unwrap();
        let kinds: Vec<OptionKind> =
            read::<Quoted>(&quick).quote.options.iter().map(|row| row.kind).collect();
        assert_eq!(kinds, [OptionKind::AsItStands]);
    });
}

#[test]
fn a_ticket_with_a_client_is_quoted_by_its_key() {
    both("by-key", |service| {
        quoting(service);
        let jira = caller(Role::Ticketing);
        let acme: ClientFile = serde_json::from_value(json!({"id": "acme"})).unwrap();
        service.create_client(&caller(Role::Administrator), acme, None, NOW).unwrap();
        let new = json!({"id": "T-2", "channel": "web", "service": "filing", "client": "acme"});
        let new: NewTicket = serde_json::from_value(new).unwrap();
        service.create_ticket(&jira, new, None, NOW).unwrap();
        let request = asked(json!([{"id": "T-2"}]), json!({}));
        let quoted: Quoted = read(&service.quote(&jira, &request, None, NOW).unwrap());
        assert_eq!(accept(service, &quoted, NOW).unwrap().tickets, ["T-2"]);
        // Of another client it is not.
        let other = asked(json!([{"id": "T-2", "client": "bolt"}]), json!({}));
        let refused = service.quote(&jira, &other, None, NOW);
        assert!(matches!(refused, Err(Refusal::Impossible(_))), "{refused:?}");
    });
}

/// R013: while nobody has said what the red line depends on, nothing is promised.
#[test]
fn what_a_red_line_depends_on_has_to_be_said_first() {
    both("red-line-asks", |service| {
        quoting(service);
        let boss = caller(Role::Administrator);
        let line = json!([{"code": "RL-001", "service": "filing",
            "when": [{"name": "period", "value": "closed_month"}],
            "reason": {"zh": "不得跨月换票", "en": "no exchange across months"}}]);
        policy(service, json!({"red_lines": line}));
        let refused = service.quote(&boss, &request("T-2"), None, NOW);
        let Err(Refusal::Faulty { issues, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!((issues[0].code, issues[0].path.as_str()), ("Q103", "$.attributes"));
        let estimated = |new: Value| {
            let new: NewTicket = serde_json::from_value(new).unwrap();
            let made = service.create_ticket(&boss, new, None, NOW).unwrap();
            read::<ShownTicket>(&made).standing
        };
        let row = |key: &str, said: Value| {
            json!({"id": key, "channel": "web", "service": "filing", "estimate": true,
                "attributes": said})
        };
        let untold = estimated(row("T-2", json!([])));
        assert!(untold.no_estimate.unwrap().en.contains("period"));
        // What the ticket states itself is known.
        let said = json!([{"name": "period", "value": "open_month"}]);
        assert!(estimated(row("T-4", said)).estimate.is_some());
        service.create_ticket(&boss, filing(Some("T-3")), None, NOW).unwrap();
        let drafted = |key: &str| {
            let wish = DraftWish { rounds: 1, seed: 1 };
            let draft = service.draft(&boss, &wish, None, NOW, &mut |_| true).unwrap();
            read::<Draft>(&draft).plan.steps.iter().any(|step| step.ticket == key)
        };
        assert!(!drafted("T-2"));
        let refused = service.promise_ticket(&boss, "T-1", None, NOW);
        assert!(matches!(refused, Err(Refusal::Impossible(why)) if why.en.contains("period")));
        let says = |value: &str| {
            let period = json!({"attributes": [{"name": "period", "value": value}]});
            let request = asked(json!([{"id": "T-2"}]), period);
            read::<Quoted>(&service.quote(&boss, &request, None, NOW).unwrap())
        };
        assert!(says("closed_month").quote.refusal.is_some());
        let open = says("open_month");
        assert_eq!(open.quote.refusal, None);
        let taken = service.accept(&boss, &open.id, OptionKind::AsItStands, None, NOW).unwrap();
        assert_eq!(read::<Value>(&taken)["tickets"], json!(["T-2"]));
        // What was said with the quote is known from now on; of T-3 nothing is.
        assert!(drafted("T-2"));
        assert!(!drafted("T-3"));
    });
}

#[test]
fn everything_a_request_names_that_there_is_not_is_told_at_once() {
    both("strangers", |service| {
        quoting(service);
        let jira = caller(Role::Ticketing);
        let tickets = json!([{"id": "T-2", "service": "flying"},
            {"id": "T-3", "service": "filing", "client": "ghost", "after": ["T-2", "nobody"]},
            {"id": "a/b", "service": "filing", "bureau": "moon"}]);
        let refused = service.quote(&jira, &asked(tickets, json!({})), None, NOW);
        let Err(Refusal::Faulty { issues, .. }) = refused else { panic!("{refused:?}") };
        let paths: Vec<&str> = issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "$.tickets[0].service",
                "$.tickets[1].client",
                "$.tickets[1].after[1]",
                "$.tickets[2].id",
                "$.tickets[2].bureau"
            ]
        );
    });
}
