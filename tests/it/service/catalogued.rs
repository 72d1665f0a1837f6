//! Requirements of the catalogue as the desk keeps them, from the policy to what people are told.

use paidan::app::service::desk::{ReplanWish, Sign, Wanted};
use paidan::app::service::quotes::Quoted;
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::model::people::Person;
use paidan::model::quote::OptionKind;
use paidan::policy::Policy;
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen, weighed};
use super::drive::weighed_ticket;
use super::{NOW, both, caller, clocks, filing, read};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The policy in force, changed by `change`.
fn lay(service: &Service, change: impl Fn(&mut Value)) -> Result<(), Refusal> {
    let boss = caller(Role::Administrator);
    let kept = service.policy(&boss).unwrap();
    let mut policy = serde_json::to_value(kept.document).unwrap();
    change(&mut policy);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, Some(kept.version), policy, NOW).map(drop)
}

fn label(text: &str) -> Value {
    json!({"zh": text, "en": text})
}

/// R028, R029: what came in at half past ten is looked at within two hours of the office, which end at
/// half past one. Of what was looked at by noon nothing more is said; of the other paper the
/// supervisor is told, who is Chen.
#[test]
fn material_nobody_looks_at_for_two_hours_is_put_to_a_named_person() {
    both("catalogue-material", |service| {
        clocks::desk(service);
        lay(service, |policy| {
            let timer = json!({"id": "pre-check", "label": label("pre-check"),
                "starts": ["ticket.material_received"], "stops": ["ticket.material_judged"],
                "goal": {"minutes": 120}, "runs": "working"});
            policy["desk"]["timers"].as_array_mut().unwrap().push(timer);
            let chen = json!({"post": "supervisor", "people": ["chen"]});
            policy["desk"]["posts"].as_array_mut().unwrap().push(chen);
        })
        .unwrap();
        let agent = caller(Role::Dispatcher);
        let does = |kind: &str, payload: Value, now_ms: i64| {
            let wanted = Wanted { key: "T-1", version: None };
            service.desk_do(&agent, wanted, &doing(kind, payload), None, now_ms).unwrap();
        };
        happen(service, &agent, "T-1", &assessed()).unwrap();
        let items = || json!({"items": ["licence", "seal"]});
        does("material_asked", items(), NOW);
        let came = NOW + 90 * MINUTE;
        does("material_received", items(), came);
        // A clock for each of them, told apart by what it is about.
        let due = service.desk_due(&agent, NOW + 5 * HOUR, None, 100).unwrap().items.into_iter();
        let own = due.filter(|due| due.timer == "pre-check" && due.sign == Sign::RunsOut);
        let about: Vec<String> = own.filter_map(|due| Some(due.item?.en)).collect();
        assert_eq!(about, ["licence", "seal"]);
        let judged = json!({"item": "licence", "found": "complete", "expires_ms": null});
        does("material_judged", judged, NOW + 3 * HOUR);
        let told = |kind: &str| {
            let events = service.events(&agent, 0, 500, NOW).unwrap();
            let own = events
                .into_iter()
                .filter(|event| event.kind == kind && event.payload["timer"] == "pre-check");
            own.map(|event| event.payload).collect::<Vec<_>>()
        };
        // 90 minutes until noon, and half an hour behind lunch.
        let out = NOW + 4 * HOUR + 30 * MINUTE;
        service.tick(out).unwrap();
        assert_eq!(told("ticket.escalated"), Vec::<Value>::new());
        service.tick(out + 1).unwrap();
        let breached = told("ticket.clock_breached");
        assert_eq!((breached.len(), &breached[0]["due_ms"]), (1, &json!(out)));
        assert_eq!(breached[0]["item"], "seal");
        let escalated = told("ticket.escalated");
        assert_eq!((escalated.len(), &escalated[0]["to"]), (1, &json!("supervisor")));
        let posts = service.policy(&caller(Role::Administrator)).unwrap().document.desk.unwrap();
        assert!(posts.posts_of("chen").any(|post| json!(post) == escalated[0]["to"]));
    });
}

/// R063: at half past four an hour of filing and an hour of looking over it end tomorrow at half past
/// nine, or with half an hour of Li's evening today at half past six. Whoever takes that puts it on
/// record with his name. With 20 minutes of evening a day nobody is offered today.
#[test]
fn overtime_is_offered_within_its_cap_and_on_record_with_who_took_it() {
    for cap in [60, 20] {
        both(&format!("catalogue-overtime-{cap}"), |service| {
            weighed_ticket(service);
            let boss = caller(Role::Administrator);
            let kept = service.base(&boss).unwrap();
            let mut wider = serde_json::to_value(kept.document).unwrap();
            let evening = json!({"id": "evening", "weekly": {"mon": ["18:00-21:00"]}});
            wider["calendars"].as_array_mut().unwrap().push(evening);
            let wider = serde_json::from_value(wider).unwrap();
            service.put_base(&boss, Some(kept.version), wider, NOW).unwrap();
            let kept = service.person(&boss, "li", NOW).unwrap();
            let mut li = serde_json::to_value(kept.document).unwrap();
            let band = json!({"kind": "overtime", "calendar": "evening",
                "price_per_hour_fen": 6_000, "cap_day_minutes": cap});
            li["bands"].as_array_mut().unwrap().push(band);
            let li: Person = serde_json::from_value(li).unwrap();
            service.put_person(&boss, "li", Some(kept.version), li, NOW).unwrap();
            let done = |step: &str, who: &str, from: &str, to: &str| {
                json!({"step": format!("T-0/{step}"), "state": "done", "people": [who],
                    "start": format!("2026-03-09T{from}"), "end": format!("2026-03-09T{to}")})
            };
            let rows = json!([
                done("file", "wang", "09:00", "10:00"),
                done("check", "li", "10:00", "11:00")
            ]);
            let rows: Vec<_> = serde_json::from_value(rows).unwrap();
            let (mei, late) = (Caller::person("mei", Role::Dispatcher), NOW + 450 * MINUTE);
            service.report(&mei, &rows, late).unwrap();
            let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
            service.replan(&mei, &wish, None, late, &mut |_| true).unwrap();
            let asked = json!({"format": "paidan-request/1",
                "tickets": [{"id": "T-1", "service": "filing"}]});
            let asked = serde_json::from_value(asked).unwrap();
            let quoted: Quoted = read(&service.quote(&mei, &asked, None, late).unwrap());
            let options = quoted.quote.options.iter();
            let today: Vec<OptionKind> = options
                .filter(|option| option.finish.to_string().starts_with("2026-03-09"))
                .map(|option| option.kind)
                .collect();
            if cap < 30 {
                assert_eq!(today, []);
                return;
            }
            assert_eq!(today, [OptionKind::Overtime]);
            service.accept(&mei, &quoted.id, OptionKind::Overtime, None, late).unwrap();
            let told = service.timeline(&mei, "T-1", 0, 100, late).unwrap();
            let accepted = told.iter().find(|entry| entry.kind == "ticket.accepted").unwrap();
            let option = accepted.payload["option"].as_str();
            assert_eq!((accepted.person.as_str(), option), ("mei", Some("overtime")));
            let taken = quoted.quote.options.iter().find(|one| one.kind == OptionKind::Overtime);
            // Half an hour at 60 yuan.
            assert_eq!(taken.unwrap().firm.as_ref().unwrap().overtime_fen, 3_000);
        });
    }
}

/// Urgent, a filing takes half the time.
fn quick_when_urgent(service: &Service) {
    let boss = caller(Role::Administrator);
    let kept = service.base(&boss).unwrap();
    let mut quicker = serde_json::to_value(kept.document).unwrap();
    let mut urgent = quicker["services"][0]["normal"].clone();
    (urgent[0]["minutes"], urgent[1]["minutes"]) = (json!(30), json!(30));
    quicker["services"][0]["urgent"] = urgent;
    let quicker = serde_json::from_value(quicker).unwrap();
    service.put_base(&boss, Some(kept.version), quicker, NOW).unwrap();
}

/// R099: two urgent services a year are bought ahead: the first order leaves one, the second none, and
/// one more costs 1,000 yuan. Of the two clients of urgent services one has bought them.
#[test]
fn urgent_services_bought_ahead_are_counted_down_and_reported() {
    both("catalogue-ahead", |service| {
        weighed_ticket(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        quick_when_urgent(service);
        let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
        service.replan(&agent, &wish, None, NOW, &mut |_| true).unwrap();
        for client in ["acme", "other"] {
            let client = serde_json::from_value(json!({"id": client, "tier": "plain"})).unwrap();
            service.create_client(&boss, client, None, NOW).unwrap();
        }
        lay(service, |policy| {
            policy["desk"]["tiers"] = json!([{"id": "plain", "label": label("plain"),
                "channels": ["phone"], "runs": "working"}]);
            policy["desk"]["contracts"] = json!([{"client": "acme", "versions": [{
                "from": "2026-01-01", "tier": "plain", "scope": [label("filings")], "own": [],
                "entitlements": [{"id": "urgent", "label": label("urgent services"),
                    "kind": "urgent_service", "count": 2, "unit": label("orders"),
                    "per": "year", "beyond_fen": 100_000}],
                "escalation": ["supervisor"], "breach": label("one month free")}]}]);
        })
        .unwrap();
        let ordered = |key: &str, client: &str, is_taken: bool| {
            let mut new = serde_json::to_value(filing(Some(key))).unwrap();
            (new["client"], new["track"]) = (json!(client), json!("urgent"));
            let new = serde_json::from_value(new).unwrap();
            service.create_ticket(&agent, new, None, NOW).unwrap();
            for one in [assessed(), weighed()] {
                happen(service, &agent, key, &one).unwrap();
            }
            if !is_taken {
                return;
            }
            let asked = json!({"format": "paidan-request/1", "tickets": [
                {"id": key, "service": "filing", "client": client, "track": "urgent"}]});
            let asked = serde_json::from_value(asked).unwrap();
            let quoted: Quoted = read(&service.quote(&agent, &asked, None, NOW).unwrap());
            service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
        };
        // 20 % of 500 yuan is the surcharge of one that was not bought ahead.
        let surcharge =
            |key: &str| service.price_of(&boss, key, NOW).unwrap().price.surcharge_fen.0;
        let left = |key: &str| {
            let entitled = service.dossier(&agent, key, NOW).unwrap().entitled;
            let row = entitled.into_iter().find(|row| row.id == "urgent").unwrap();
            (row.left, row.next_fen)
        };
        ordered("T-2", "acme", true);
        assert_eq!((left("T-2"), surcharge("T-2")), ((1, None), 0));
        ordered("T-3", "acme", true);
        assert_eq!((left("T-3"), surcharge("T-3")), ((0, Some(100_000)), 0));
        let ahead = || {
            let told = service.desk_review(&agent, (NOW + HOUR, 1), NOW + HOUR).unwrap().period;
            told.ahead.map(|row| (row.clients, row.bought, row.bought_permille))
        };
        assert_eq!(ahead(), Some((1, 1, 1_000)));
        ordered("T-4", "other", false);
        assert_eq!(ahead(), Some((2, 1, 500)));
        ordered("T-5", "acme", true);
        assert_eq!(surcharge("T-5"), 10_000);
    });
}

/// R099: one urgent service is left, and two are quoted with it: whoever accepts second is told that
/// it is used up, and handed fresh options with the surcharge. What took it is quoted again with it.
#[test]
fn the_last_one_bought_ahead_is_taken_once() {
    both("catalogue-last", |service| {
        weighed_ticket(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        quick_when_urgent(service);
        let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
        service.replan(&agent, &wish, None, NOW, &mut |_| true).unwrap();
        let acme = serde_json::from_value(json!({"id": "acme", "tier": "plain"})).unwrap();
        service.create_client(&boss, acme, None, NOW).unwrap();
        lay(service, |policy| {
            policy["desk"]["tiers"] = json!([{"id": "plain", "label": label("plain"),
                "channels": ["phone"], "runs": "working", "entitlements": [{"id": "urgent",
                    "label": label("urgent services"), "kind": "urgent_service", "count": 1,
                    "unit": label("orders"), "per": "year", "beyond_fen": 100_000}]}]);
        })
        .unwrap();
        let quoted = |key: &str| -> Quoted {
            let asked = json!({"format": "paidan-request/1", "tickets": [
                {"id": key, "service": "filing", "client": "acme", "track": "urgent"}]});
            let asked = serde_json::from_value(asked).unwrap();
            read(&service.quote(&agent, &asked, None, NOW).unwrap())
        };
        let surcharge = |quoted: &Quoted| {
            let mut options = quoted.quote.options.iter();
            let option = options.find(|option| option.kind == OptionKind::AsItStands).unwrap();
            let line = option.price.lines.iter().find(|line| line.what.zh.starts_with("加急费"));
            (option.price.surcharge_fen.0, line.map(|line| line.what.en.clone()).unwrap())
        };
        for key in ["T-2", "T-3"] {
            let mut new = serde_json::to_value(filing(Some(key))).unwrap();
            (new["client"], new["track"]) = (json!("acme"), json!("urgent"));
            let new = serde_json::from_value(new).unwrap();
            service.create_ticket(&agent, new, None, NOW).unwrap();
            [assessed(), weighed()].iter().for_each(|one| {
                happen(service, &agent, key, one).unwrap();
            });
        }
        let (one, other) = (quoted("T-2"), quoted("T-3"));
        let included = (0, "surcharge for urgency: included, 1 left".to_owned());
        assert_eq!((surcharge(&one), surcharge(&other)), (included.clone(), included));
        let accept =
            |quoted: &Quoted| service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW);
        accept(&one).unwrap();
        let Err(Refusal::Outrun { beside, .. }) = accept(&other) else { panic!("it was taken") };
        let fresh: Quoted = serde_json::from_value(beside["quote"].clone()).unwrap();
        assert_eq!(surcharge(&fresh), (10_000, "surcharge for urgency".to_owned()));
        accept(&fresh).unwrap();
        // T-2 has it already, T-3 has paid.
        assert_eq!((surcharge(&quoted("T-2")).0, surcharge(&quoted("T-3")).0), (0, 10_000));
    });
}

/// R117: news of policy for a client say how often and whether they are written for him, or the policy
/// is not taken; what is owed every month is a ticket every month.
#[test]
fn news_of_policy_say_how_often_and_whether_they_are_customised() {
    both("catalogue-news", |service| {
        clocks::desk(service);
        let boss = caller(Role::Administrator);
        let acme = serde_json::from_value(json!({"id": "acme"})).unwrap();
        service.create_client(&boss, acme, None, NOW).unwrap();
        let news = |lacks: &str| {
            let mut news = json!({"id": "news", "label": label("policy news"),
                "kind": "policy_news", "count": 1, "unit": label("letters"), "per": "month",
                "is_customised": true});
            news.as_object_mut().unwrap().remove(lacks);
            lay(service, |policy| {
                policy["desk"]["tiers"] = json!([{"id": "plain", "label": label("plain"),
                    "channels": ["mail"], "runs": "working", "entitlements": [news]}]);
                policy["desk"]["obligations"] = json!([{"id": "news", "service": "filing",
                    "label": label("policy news"), "client": "acme", "per": "month", "month": 1,
                    "day": 13, "shift": "none", "lead_days": 3}]);
            })
        };
        for field in ["per", "is_customised"] {
            let refused = news(field).unwrap_err();
            assert!(format!("{refused:?}").contains(&format!("`{field}`")), "{refused:?}");
        }
        news("").unwrap();
        let compared = service.tiers_compared(&boss).unwrap();
        let told = compared.rows.iter().find(|row| row.0.en == "policy news").unwrap();
        assert_eq!(told.1[0].as_ref().unwrap().en, "1 letters a month");
        assert_eq!(service.create_owed(NOW + 2 * DAY).unwrap(), 1);
        let ticket = service.ticket(&boss, "news-acme-2026-03", NOW).unwrap().ticket;
        assert_eq!(ticket.due.unwrap().to_string(), "2026-03-13T18:00");
        // The next one in April.
        assert_eq!(service.create_owed(NOW + 34 * DAY).unwrap(), 1);
        assert!(service.ticket(&boss, "news-acme-2026-04", NOW).is_ok());
    });
}
