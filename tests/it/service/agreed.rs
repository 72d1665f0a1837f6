//! What a client's agreement and the firm's partners change in plans, and what is filled in when a
//! service is looked back on.

use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Service};
use paidan::model::quote::OptionKind;
use paidan::policy::Policy;
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen, signed, weighed};
use super::{NOW, base, both, caller, clocks, drive, filing, quotes, wang};

const MINUTE: i64 = 60_000;

/// T-1 of Acme and T-2 of nobody, a base whose filing ends with a partner's wait of a day, and a policy in which the partner takes
/// three days and Acme's filing takes 90 minutes in place of 60.
fn lay(service: &Service) {
    let boss = caller(Role::Administrator);
    let mut waiting = serde_json::to_value(base()).unwrap();
    waiting["services"][0]["normal"] = json!([
        {"id": "file", "seats": [{"skill": "tax", "level": 3}], "minutes": 60},
        {"id": "audit", "wait": {"working_days": 1, "calendar": "office"},
            "after": [{"step": "file"}]}]);
    service.put_base(&boss, Some(0), serde_json::from_value(waiting).unwrap(), NOW).unwrap();
    service.create_person(&boss, &wang(), None, NOW).unwrap();
    let acme = json!({"id": "acme", "tier": "basic"});
    service.create_client(&boss, serde_json::from_value(acme).unwrap(), None, NOW).unwrap();
    // Before there is a desk: they are planned without it.
    for (key, client) in [("T-1", Some("acme")), ("T-2", None)] {
        let mut new = filing(Some(key));
        new.client = client.map(str::to_owned);
        service.create_ticket(&boss, new, None, NOW).unwrap();
    }
    let mut policy: Value = serde_json::to_value(clocks::policy(10)).unwrap();
    let label = |text: &str| json!({"zh": text, "en": text});
    policy["desk"]["tiers"] = json!([{"id": "basic", "label": label("basic"),
        "channels": ["phone"], "runs": "working"}]);
    policy["desk"]["contracts"] = json!([{"client": "acme", "versions": [{
        "from": "2026-01-01", "tier": "basic", "scope": [label("filings")],
        "own": [{"service": "filing", "adjust": [{"step": "file", "minutes": 90}]}],
        "escalation": ["supervisor"], "breach": label("one month free")}]}]);
    policy["desk"]["partners"] = json!([{"id": "audit-firm", "label": label("audit firm"),
        "working_days": 3, "calendar": "office",
        "waits": [{"service": "filing", "step": "audit"}]}]);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, Some(0), policy, NOW).unwrap();
}

/// R102, R031, R178: what is agreed with one client and how long a partner takes is what is planned
/// with, for that client and for nobody else.
#[test]
fn agreements_and_partners_are_planned_with() {
    both("agreed-scene", |service| {
        lay(service);
        let scenario = service.scenario(&caller(Role::Reviewer), NOW).unwrap();
        let minutes = |key: &str| {
            let ticket = scenario.tickets.iter().find(|ticket| ticket.id == key).unwrap();
            ticket.adjust.first().and_then(|change| change.minutes)
        };
        assert_eq!((minutes("T-1"), minutes("T-2")), (Some(90), None));
        let wait = scenario.services[0].normal[1].wait.as_ref().unwrap();
        assert_eq!(wait.working_days, Some(3));
    });
}

/// R090, R091: whoever looks back with empty hands is told what the plan and the record say: filed
/// at eleven by the plan and at half past ten in fact.
#[test]
fn a_retrospective_is_filled_from_plan_and_record() {
    both("agreed-look", |service| {
        quotes::planned(service);
        let agent = caller(Role::Dispatcher);
        service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
        for one in [assessed(), weighed()] {
            happen(service, &agent, "T-1", &one).unwrap();
        }
        let quoted = drive::quote(service, "T-1");
        service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
        let crew = json!({"driver": "wang", "liaison": "mei", "reviewer": "boss"});
        happen(service, &agent, "T-1", &doing("dispatched", crew)).unwrap();
        let (wang, boss) =
            (Caller::person("wang", Role::Specialist), Caller::person("boss", Role::Reviewer));
        for (who, kind, payload) in [
            (&wang, "acknowledged", json!({})),
            (&wang, "begun", json!({})),
            (&wang, "self_checked", json!({"items": []})),
            (&boss, "reviewed", json!({"items": []})),
            (&wang, "delivered", json!({"steps": []})),
        ] {
            happen(service, who, "T-1", &doing(kind, payload)).unwrap();
        }
        let done = json!([{"step": "T-1/file", "state": "done", "people": ["wang"],
            "start": "2026-03-09T09:30", "end": "2026-03-09T10:30"}]);
        let rows: Vec<_> = serde_json::from_value(done).unwrap();
        service.report(&agent, &rows, NOW + 90 * MINUTE).unwrap();
        happen(service, &agent, "T-1", &signed(service, "T-1")).unwrap();
        let empty = doing("looked_back", json!({"well": "", "improve": " "}));
        happen(service, &agent, "T-1", &empty).unwrap();
        let told = service.timeline(&agent, "T-1", 0, 100, NOW).unwrap();
        let payload = &told.last().unwrap().payload;
        // Signed at nine, two hours before what was promised for eleven.
        assert_eq!(payload["well"], "承诺 / promise: +120 min; file: +30 min");
        assert_eq!(payload["improve"], "");
        let known = service.dossier(&agent, "T-1", NOW).unwrap();
        let steps: Vec<(&str, i64)> = known
            .retrospect
            .steps
            .iter()
            .map(|step| (step.step.as_str(), step.early_minutes))
            .collect();
        assert_eq!((known.retrospect.early_minutes, steps), (Some(120), vec![("file", 30)]));
    });
}

/// R058: a licence has two signed pages by the rule. A scan of one page is found wanting the moment
/// it comes in, before anybody looks at it; one of two is not. What nothing was read of waits for
/// people.
#[test]
fn rules_look_at_scans_as_they_come_in() {
    both("agreed-scans", |service| {
        quotes::planned(service);
        let boss = caller(Role::Administrator);
        let mut policy: Value = serde_json::to_value(clocks::policy(10)).unwrap();
        policy["desk"]["materials"] = json!([{"service": "filing", "items": [
            {"id": "licence", "label": {"zh": "营业执照", "en": "business licence"}}]}]);
        policy["desk"]["prechecks"] =
            json!([{"service": "filing", "item": "licence", "pages": 2, "is_signed": true}]);
        let policy: Policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&boss, Some(1), policy, NOW).unwrap();
        let agent = caller(Role::Dispatcher);
        service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
        happen(service, &agent, "T-1", &assessed()).unwrap();
        let items = json!({"items": ["licence"]});
        happen(service, &agent, "T-1", &doing("material_asked", items.clone())).unwrap();
        let scan = |pages: u32| {
            json!({"items": ["licence"], "sheets": {"licence": {"pages": pages,
                "is_signed": true}}})
        };
        for payload in [scan(1), scan(2), items] {
            happen(service, &agent, "T-1", &doing("material_received", payload)).unwrap();
        }
        let told = service.timeline(&agent, "T-1", 0, 100, NOW).unwrap();
        let checked = told.iter().filter(|entry| entry.kind == "ticket.material_prechecked");
        let found: Vec<&Value> = checked.map(|entry| &entry.payload["found"]).collect();
        assert_eq!(found, ["supplement", "complete"]);
    });
}

/// R020, R021: whether somebody has the time is counted where nobody says so: Wang Fang is free for
/// days, and an hour is wanted. The other three verdicts name what they rest on.
#[test]
fn whether_there_is_somebody_is_counted_and_not_typed() {
    both("agreed-weighed", |service| {
        quotes::planned(service);
        let agent = caller(Role::Dispatcher);
        service.create_ticket(&agent, filing(Some("T-1")), None, NOW).unwrap();
        happen(service, &agent, "T-1", &assessed()).unwrap();
        let verdict = |evidence: &str| json!({"answer": "no", "evidence": evidence});
        let yes = json!({"answer": "yes", "evidence": "usual"});
        let weigh = |people: &str, risk: Value| {
            let payload = json!({"people": verdict(people), "process": yes.clone(),
                "tools": yes.clone(), "risk": risk});
            happen(service, &agent, "T-1", &doing("weighed", payload))
        };
        assert_eq!(weigh("", verdict(" ")).unwrap_err().code(), "D009");
        weigh("", yes.clone()).unwrap();
        let told = service.timeline(&agent, "T-1", 0, 100, NOW).unwrap();
        let people = &told.last().unwrap().payload["people"];
        assert_eq!(people["answer"], "yes");
        let counted = people["evidence"].as_str().unwrap().to_owned();
        assert!(counted.starts_with("wang: "), "{people}");
        // Whoever says less is believed, and who says as much has the count beside it.
        weigh("she is ill", yes.clone()).unwrap();
        assert_eq!(last_people(service), json!({"answer": "no", "evidence": "she is ill"}));
        let agreed = json!({"people": yes.clone(), "process": yes.clone(), "tools": yes.clone(),
            "risk": yes.clone()});
        happen(service, &agent, "T-1", &doing("weighed", agreed.clone())).unwrap();
        assert_eq!(last_people(service)["evidence"], format!("usual ({counted})"));
        // She is away for a month: who says that she has the time is told that nobody does.
        let absence = json!({"from": "2026-03-09T00:00", "to": "2026-04-09T00:00"});
        let absence = serde_json::from_value(absence).unwrap();
        service.create_absence(&agent, "wang", absence, None, NOW).unwrap();
        let refused = happen(service, &agent, "T-1", &doing("weighed", agreed));
        assert_eq!(refused.unwrap_err().code(), "A009");
    });
}

/// What the last weighing says of people.
fn last_people(service: &Service) -> Value {
    let told = service.timeline(&caller(Role::Dispatcher), "T-1", 0, 100, NOW).unwrap();
    told.last().unwrap().payload["people"].clone()
}
