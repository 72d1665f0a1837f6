//! R009 to R012, W2: what must be completed first is found when a ticket is assessed.

use paidan::app::service::desk::{ComesFirst, Doing, ReplanWish};
use paidan::app::service::quotes::Quoted;
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Refusal, Service};
use paidan::calendar::Label;
use paidan::model::quote::OptionKind;
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen, weighed};
use super::{NOW, both, caller, filing, firm, quotes, read};

const DAY: i64 = 86_400_000;

/// The base in force, changed by `change`.
fn lay(service: &Service, change: impl Fn(&mut Value)) {
    let boss = caller(Role::Administrator);
    let kept = service.base(&boss).unwrap();
    let mut base = serde_json::to_value(kept.document).unwrap();
    change(&mut base);
    let base = serde_json::from_value(base).unwrap();
    service.put_base(&boss, Some(kept.version), base, NOW).unwrap();
}

/// A closing, which by the guide comes after the filing that takes three working days; it takes five
/// more itself.
fn with_closing(service: &Service, horizon_days: u32) {
    firm(service);
    let wait =
        |days: u32| json!([{"id": "wait", "wait": {"working_days": days, "calendar": "office"}}]);
    lay(service, |base| {
        base["horizon_days"] = json!(horizon_days);
        base["services"] = json!([
            {"id": "filing", "name": {"zh": "报税", "en": "tax filing"}, "normal": wait(3)},
            {"id": "closing", "normal": wait(5), "prerequisites": [
                {"service": "filing", "guide": {"zh": "《注销指引》第三条", "en": "guide, 3"}}]}
        ]);
    });
    client(service, &[]);
}

/// Acme, who has completed these services.
fn client(service: &Service, completed: &[&str]) {
    let boss = caller(Role::Administrator);
    let (new, file) = (json!({"id": "acme"}), json!({"completed": completed}));
    let (new, file) = (serde_json::from_value(new).unwrap(), serde_json::from_value(file).unwrap());
    let version = match service.client(&boss, "acme", NOW) {
        Ok(kept) => kept.version,
        Err(_) => service.create_client(&boss, new, None, NOW).unwrap().version,
    };
    service.put_client(&boss, "acme", Some(version), file, NOW).unwrap();
}

/// A ticket of Acme's for one of its companies.
fn ask(service: &Service, key: &str, sold: &str, company: &str) {
    let mut new = filing(Some(key));
    new.service = Some(sold.to_owned());
    (new.client, new.entity) = (Some("acme".to_owned()), Some(company.to_owned()));
    service.create_ticket(&caller(Role::Dispatcher), new, None, NOW).unwrap();
}

/// Assessed, as needed so many days from now.
fn needed_in(days: i64) -> Doing {
    let mut doing = assessed();
    doing.payload["needed_ms"] = json!(NOW + days * DAY);
    doing
}

/// What is told to come first when `key` is assessed, which its dossier tells as well.
fn told(service: &Service, key: &str, days: i64) -> Option<ComesFirst> {
    let agent = caller(Role::Dispatcher);
    let shown = happen(service, &agent, key, &needed_in(days)).unwrap();
    let first = service.dossier(&agent, key, NOW).unwrap().first;
    assert_eq!(shown.first, first);
    first
}

/// R009, R010, R011, R012, W2: on Monday the 9th three working days for the filing end as Thursday
/// opens, five more as the next Thursday does: eight in all. Who needs it on the 12th is told so, with
/// the guide, before anything is quoted; who needs it by the 20th is in time. It is the same whether
/// the firm plans four days ahead or thirty.
#[test]
fn services_that_come_first_are_told_when_a_ticket_is_assessed() {
    for horizon_days in [4, 30] {
        both(&format!("first-{horizon_days}"), |service| {
            with_closing(service, horizon_days);
            for key in ["T-1", "T-2"] {
                ask(service, key, "closing", key);
            }
            let first = told(service, "T-1", 3).unwrap();
            assert_eq!(first.earliest.to_string(), "2026-03-19T09:00+08:00");
            assert_eq!((first.working_days, first.is_beyond_wish), (Some(8), true));
            let [row] = &first.services[..] else { panic!("{first:?}") };
            assert_eq!((row.service.as_str(), row.before.as_str()), ("filing", "closing"));
            assert_eq!((&row.ticket, row.name.zh.as_str()), (&None, "报税"));
            for part in
                ["报税（《注销指引》第三条）", "2026-03-19 09:00（8 个工作日）", "2026-03-12 09:00"]
            {
                assert!(first.told.zh.contains(part), "{:?}", first.told);
            }
            for part in ["tax filing (guide, 3)", "2026-03-19 09:00", "8 working days", "no money"]
            {
                assert!(first.told.en.contains(part), "{:?}", first.told);
            }
            let in_time = told(service, "T-2", 11).unwrap();
            assert!(!in_time.is_beyond_wish && !in_time.told.en.contains("no money"));
        });
    }
}

/// R009, R059, R070: what the client has completed, and what comes first for nothing, is not asked
/// for; what another ticket of his does for the same company is waited for, and he is not asked about
/// it. Of what he could have done himself he is asked.
#[test]
fn what_a_client_has_or_has_ordered_is_not_asked_of_him() {
    both("first-client", |service| {
        with_closing(service, 30);
        let agent = caller(Role::Dispatcher);
        for (key, company) in [("T-1", "one"), ("T-2", "two")] {
            ask(service, key, "closing", company);
        }
        ask(service, "T-3", "filing", "two");
        let to_do = |key: &str| {
            let token = service.make_link(&agent, key, NOW).unwrap();
            service.client_view(&token, NOW).unwrap().to_do
        };
        assert!(told(service, "T-1", 3).is_some());
        let asked = Label::new(
            "须先完成：报税（《注销指引》第三条）；如已完成请告知，否则由我们先办",
            "tax filing (guide, 3) comes first: tell us if it is done, else we do it first",
        );
        assert_eq!(to_do("T-1"), [asked]);
        // The filing of the other company is done by its own ticket.
        let carried = told(service, "T-2", 3).unwrap();
        assert_eq!(carried.services[0].ticket.as_deref(), Some("T-3"));
        assert_eq!(carried.earliest.to_string(), "2026-03-19T09:00+08:00");
        assert!(carried.told.zh.contains("由 T-3 办理") && carried.told.en.contains("by T-3"));
        assert_eq!(to_do("T-2"), []);
        assert_eq!(told(service, "T-3", 3), None);
        client(service, &["filing"]);
        assert_eq!(service.dossier(&agent, "T-1", NOW).unwrap().first, None);
        assert_eq!(to_do("T-1"), []);
    });
}

/// R009: work on what another ticket comes before does not begin, and says after which; once the
/// client has that, it does. What is promised is told no more what came first: its plan has it.
#[test]
fn work_does_not_begin_before_what_comes_first() {
    both("first-begun", |service| {
        quotes::planned(service);
        let (agent, wang) = (caller(Role::Dispatcher), Caller::person("wang", Role::Specialist));
        lay(service, |base| {
            let mut closing = base["services"][0].clone();
            (closing["id"], closing["prerequisites"]) =
                (json!("closing"), json!([{"service": "filing"}]));
            base["services"].as_array_mut().unwrap().push(closing);
        });
        client(service, &[]);
        let boss = caller(Role::Administrator);
        let kept = service.policy(&boss).unwrap();
        let mut policy = serde_json::to_value(kept.document).unwrap();
        let mut rate = policy["rates"][0].clone();
        rate["service"] = json!("closing");
        policy["rates"].as_array_mut().unwrap().push(rate);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, Some(kept.version), policy, NOW).unwrap();
        let wish = ReplanWish { rounds: 1, seed: 1, publish: true };
        service.replan(&agent, &wish, None, NOW, &mut |_| true).unwrap();
        for (key, sold) in [("T-1", "filing"), ("T-2", "closing")] {
            ask(service, key, sold, "one");
            for one in [assessed(), weighed()] {
                happen(service, &agent, key, &one).unwrap();
            }
            let asked = json!({"format": "paidan-request/1", "tickets": [
                {"id": key, "service": sold, "client": "acme", "entity": "one"}]});
            let asked = serde_json::from_value(asked).unwrap();
            let quoted: Quoted = read(&service.quote(&agent, &asked, None, NOW).unwrap());
            service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
            assert_eq!(service.dossier(&agent, key, NOW).unwrap().first, None);
        }
        let crew = json!({"driver": "wang", "liaison": "mei", "reviewer": "boss"});
        happen(service, &agent, "T-2", &doing("dispatched", crew)).unwrap();
        happen(service, &wang, "T-2", &doing("acknowledged", json!({}))).unwrap();
        let begun = || happen(service, &wang, "T-2", &doing("begun", json!({})));
        let refused = begun().unwrap_err();
        let label = refused.label();
        assert!(matches!(refused, Refusal::Desk(_)) && refused.code() == "D058", "{label:?}");
        assert!(label.zh.contains("T-1") && label.en.contains("T-1"), "{label:?}");
        client(service, &["filing"]);
        assert!(begun().is_ok());
    });
}
