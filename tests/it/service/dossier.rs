//! What the desk knows of a ticket, shown and used: urgency, people, time, settlement.

use paidan::app::service::desk::{Dossier, Entry, Wanted};
use paidan::app::service::quotes::Quoted;
use paidan::app::service::role::Role;
use paidan::app::service::tickets::{NewTicket, ShownTicket};
use paidan::app::service::{Caller, Refusal, Service};
use paidan::desk::life::Stage;
use paidan::model::quote::OptionKind;
use paidan::model::ticket::{Role as Part, Track};
use paidan::policy::Policy;
use paidan::time::Money;
use serde_json::{Value, json};

use super::desk::{doing, happen, weighed};
use super::{NOW, both, caller, clocks, drive, filing, quotes, read};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// Who lays down that being late costs 100 yuan an hour, what is to be brought, what a visit is.
fn lay(service: &Service) {
    let boss = caller(Role::Administrator);
    let mut policy: Value = serde_json::to_value(clocks::policy(10)).unwrap();
    policy["rates"] = json!([{"service": "filing", "normal_fen": 50_000, "surcharge_permille": 200,
        "overtime_permille": 1000, "displacement_permille": 1000}]);
    policy["desk"]["classes"][0]["curves"] = json!([{"kind": "urgency", "per_hour_fen": 10_000}]);
    policy["desk"]["levels"] = json!([
        {"level": 1, "post": "agent", "timer": "l1"},
        {"level": 2, "post": "specialist", "timer": "l1", "from_skills": 2}]);
    policy["desk"]["materials"] = json!([{"service": "filing", "items": [
        {"id": "licence", "label": {"zh": "营业执照", "en": "business licence"}}]}]);
    policy["desk"]["tiers"] = json!([{"id": "basic", "label": {"zh": "基础", "en": "basic"},
        "channels": ["phone"], "runs": "working", "entitlements": [{"id": "visits", "kind": "visit",
            "label": {"zh": "回访", "en": "visits"}, "count": 2,
            "unit": {"zh": "次", "en": "visits"}, "per": "year"},
            {"id": "help", "kind": "assistance", "label": {"zh": "稽查协助", "en": "audit help"},
            "count": 2, "unit": {"zh": "次", "en": "times"}, "per": "year",
            "is_accompanied": true, "beyond_fen": 200_000}]}]);
    let kept = service.policy(&boss).map_or(0, |kept| kept.version);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, Some(kept), policy, NOW).unwrap();
}

/// A firm whose plan has T-0 from nine to ten, and T-1, which nobody has looked at.
fn created(service: &Service, track: &str) {
    quotes::planned(service);
    lay(service);
    let mut new: Value = serde_json::to_value(filing(Some("T-1"))).unwrap();
    new["track"] = json!(track);
    let new: NewTicket = serde_json::from_value(new).unwrap();
    service.create_ticket(&caller(Role::Dispatcher), new, None, NOW).unwrap();
}

/// T-1 is needed so long after nine o'clock.
fn needed(service: &Service, in_ms: i64) -> ShownTicket {
    let payload = json!({"cause": "contract", "losses": ["deal"], "degree": "grave",
        "wished_ms": null, "needed_ms": NOW + in_ms, "has_notice": true, "stuck_at": "audit",
        "reach_today": "taken in"});
    happen(service, &caller(Role::Dispatcher), "T-1", &doing("assessed", payload)).unwrap()
}

fn timeline(service: &Service) -> Vec<Entry> {
    service.timeline(&caller(Role::Dispatcher), "T-1", 0, 100, NOW).unwrap()
}

fn dossier(service: &Service) -> Dossier {
    service.dossier(&caller(Role::Dispatcher), "T-1", NOW).unwrap()
}

/// R002, R007, R018: what was found out makes a class, whose costs of lateness are on the ticket
/// from the day it is needed on; an assessment made anew moves them. What somebody stated for this
/// very ticket stays. The log alone gives the same.
#[test]
fn what_the_class_says_lateness_costs_is_on_the_ticket() {
    both("dossier-class", |service| {
        created(service, "urgent");
        let shown = needed(service, 10 * DAY);
        // Created, assessed, changed.
        assert_eq!(shown.version, 3);
        let curve = &shown.ticket.curves[0];
        assert_eq!(curve.per_hour_fen, Money(10_000));
        // Nine in the morning ten days after Monday the 9th.
        assert_eq!(curve.after.unwrap().to_string(), "2026-03-19T09:00+08:00");
        let again = needed(service, 3 * DAY);
        assert_eq!(again.ticket.curves.len(), 1);
        let after = again.ticket.curves[0].after.unwrap().to_string();
        assert_eq!(after, "2026-03-12T09:00+08:00");
        let urgency = dossier(service).urgency.unwrap();
        assert_eq!((urgency.class.as_str(), urgency.curves), ("urgent", again.ticket.curves));

        let boss = caller(Role::Administrator);
        let own = json!({"curves": [{"kind": "urgency", "fixed_fen": 7,
            "after": "2026-03-12T09:00"}]});
        let wish = serde_json::from_value(own).unwrap();
        service.change_ticket(&boss, "T-1", None, wish, NOW).unwrap();
        assert_eq!(needed(service, 4 * DAY).ticket.curves[0].fixed_fen, Money(7));
        assert_eq!(service.rebuild(NOW, &mut |_, _| {}).unwrap().changed, 0);
    });
}

/// R004: Wang Fang files T-0 until ten and could file T-1 until eleven: two hours after nine. What
/// is needed in ten days is ten days less two hours early, and takes the normal track; what is
/// needed at ten is not. Nobody types another figure.
#[test]
fn how_false_an_urgency_is_follows_from_the_plan() {
    both("dossier-slack", |service| {
        created(service, "urgent");
        needed(service, 60 * MINUTE);
        let agent = caller(Role::Dispatcher);
        let away = |payload: Value| happen(service, &agent, "T-1", &doing("redirected", payload));
        assert_eq!(away(json!({})).unwrap_err().code(), "D003");
        assert_eq!(dossier(service).urgency.unwrap().normal_slack_ms, Some(-60 * MINUTE));
        needed(service, 10 * DAY);
        let slack = 10 * DAY - 120 * MINUTE;
        let wrong = away(json!({"slack_ms": slack + DAY}));
        assert!(matches!(wrong, Err(Refusal::Wish(_))), "{wrong:?}");
        let shown = away(json!({})).unwrap();
        assert_eq!(shown.ticket.track, Track::Normal);
        let told = timeline(service);
        let redirected = told.iter().find(|entry| entry.kind == "ticket.redirected").unwrap();
        assert_eq!(redirected.payload["slack_ms"], slack);
        let now = NOW + MINUTE;
        let period = service.desk_review(&agent, (now, 1), now).unwrap().period;
        let urgency = period.urgency.unwrap();
        assert_eq!((urgency.assessed, urgency.redirected, urgency.false_permille), (1, 1, 1000));
        assert_eq!(service.rebuild(NOW, &mut |_, _| {}).unwrap().changed, 0);
    });
}

/// T-1 is accepted at 500 yuan, and half of its hour is done at half past nine.
fn half_done(service: &Service) {
    created(service, "normal");
    needed(service, 10 * DAY);
    let agent = caller(Role::Dispatcher);
    happen(service, &agent, "T-1", &weighed()).unwrap();
    let quoted = drive::quote(service, "T-1");
    service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
    let row = json!([{"step": "T-1/file", "state": "begun", "people": ["wang"],
        "start": "2026-03-09T09:00", "remaining_minutes": 30}]);
    let rows: Vec<_> = serde_json::from_value(row).unwrap();
    service.report(&agent, &rows, NOW + 30 * MINUTE).unwrap();
}

/// Of an hour half is done: half of 500 yuan is billed, and half an hour of Wang Fang's is free
/// again. It is shown before, on record afterwards, and claimed by nobody.
#[test]
fn calling_off_settles_what_is_undone_billed_and_freed() {
    both("dossier-off", |service| {
        half_done(service);
        let would = dossier(service).calling_off.unwrap();
        assert_eq!((would.billed_fen, would.freed["wang"]), (25_000, 30));
        assert_eq!(would.undone, ["file"]);
        let agent = caller(Role::Dispatcher);
        let off = |payload: Value| happen(service, &agent, "T-1", &doing("called_off", payload));
        let claimed =
            json!({"reason": "x", "settled": {"undone": [], "billed_fen": 0, "freed": {}}});
        assert_eq!(off(claimed).unwrap_err().code(), "D026");
        off(json!({"reason": "sold the firm"})).unwrap();
        let told = timeline(service);
        let last: Vec<&str> = told.iter().rev().take(2).map(|entry| &entry.kind[7..]).collect();
        assert_eq!(last, ["billed", "called_off"]);
        assert_eq!(told.last().unwrap().payload["amount_fen"], 25_000);
        let known = dossier(service);
        assert_eq!((known.stage, &known.calling_off), (Stage::CalledOff, &Some(would)));
        assert_eq!(known.exceptions.owed_fen, Some(25_000));
    });
}

/// What the client has already is called off by the manager alone, and billed in whole.
#[test]
fn a_result_that_was_delivered_is_called_off_by_the_manager_alone() {
    both("dossier-late", |service| {
        half_done(service);
        let agent = caller(Role::Dispatcher);
        let (wang, boss) = (Caller::person("wang", Role::Specialist), caller(Role::Reviewer));
        let done = json!([{"step": "T-1/file", "state": "done", "people": ["wang"],
            "start": "2026-03-09T09:00", "end": "2026-03-09T10:00"}]);
        let rows: Vec<_> = serde_json::from_value(done).unwrap();
        service.report(&agent, &rows, NOW + 60 * MINUTE).unwrap();
        let crew = json!({"driver": "wang", "liaison": "mei", "reviewer": "reviewer"});
        happen(service, &agent, "T-1", &doing("dispatched", crew)).unwrap();
        let came = [
            (&agent, doing("material_asked", json!({"items": ["licence"]}))),
            (
                &wang,
                doing(
                    "material_judged",
                    json!({"item": "licence", "found": "complete", "expires_ms": null}),
                ),
            ),
            (&wang, doing("acknowledged", json!({}))),
            (&wang, doing("begun", json!({}))),
            (&wang, doing("self_checked", json!({"items": []}))),
            (&boss, doing("reviewed", json!({"items": []}))),
        ];
        for (who, one) in came {
            happen(service, who, "T-1", &one).unwrap();
        }
        let off = doing("called_off", json!({"reason": "sold the firm"}));
        let wanted = Wanted { key: "T-1", version: None };
        let by = |who: &Caller| service.desk_do(who, wanted, &off, None, NOW + 60 * MINUTE);
        assert_eq!(by(&agent).unwrap_err().code(), "D050");
        let shown: ShownTicket = read(&by(&boss).unwrap());
        assert_eq!(shown.desk.unwrap().stage, Stage::CalledOff);
        assert_eq!(timeline(service).last().unwrap().payload["amount_fen"], 50_000);
    });
}

/// R021, R128, R189, R191: who could drive and who could look over it, with the minutes each has
/// left; whoever has it, and whoever is to look over it, is none of those who could drive.
#[test]
fn who_could_take_a_ticket_is_told_with_the_time_they_have() {
    both("dossier-people", |service| {
        drive::weighed_ticket(service);
        lay(service);
        let known = dossier(service);
        let of = |known: &Dossier, part| -> Vec<String> {
            let own = known.candidates.iter().filter(|able| able.part == part);
            own.map(|able| able.person.clone()).collect()
        };
        assert_eq!(of(&known, Part::Driver), ["wang", "zhao"]);
        assert_eq!(of(&known, Part::Reviewer), ["li"]);
        // From Monday at nine to Thursday the 19th at nine there are eight working days of eight
        // hours, 3,840 minutes; one of the two files T-0 for an hour of them.
        let mut free: Vec<i64> = known.candidates.iter().map(|able| able.free_minutes).collect();
        free.truncate(2);
        free.sort_unstable();
        assert_eq!(free, [3_780, 3_840]);
        assert_eq!(known.people.unwrap().answer, paidan::desk::life::Feasible::Yes);
        // Tax and audit are two fields: a specialist is called for, and nobody has passed it on.
        let response = known.response.unwrap();
        assert_eq!((response.level, response.called_for, response.skills), (1, 2, 2));
        assert_eq!(known.phase.unwrap().en, "pre-assessment");

        let quoted = drive::quote(service, "T-1");
        let agent = caller(Role::Dispatcher);
        service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
        let held = dossier(service);
        assert_eq!((of(&held, Part::Driver).len(), held.people), (1, None));
    });
}

/// R027, R116: what the client brings is named as people call it; of two visits a year one was
/// made. Whoever may not read the desk is told nothing.
#[test]
fn what_the_client_brings_and_may_call_on_is_told() {
    both("dossier-client", |service| {
        quotes::planned(service);
        lay(service);
        let (boss, agent) = (caller(Role::Administrator), caller(Role::Dispatcher));
        let acme = json!({"id": "acme", "tier": "basic"});
        service.create_client(&boss, serde_json::from_value(acme).unwrap(), None, NOW).unwrap();
        let mut new = filing(Some("T-1"));
        new.client = Some("acme".to_owned());
        service.create_ticket(&agent, new, None, NOW).unwrap();
        needed(service, 10 * DAY);
        // The list of its service is open with it.
        let listed = || {
            let row = dossier(service).material.remove(0);
            (row.name.zh.clone(), row.is_asked, row.is_done())
        };
        assert_eq!(listed(), ("营业执照".to_owned(), false, false));
        let asked = doing("material_asked", json!({"items": ["licence"]}));
        happen(service, &agent, "T-1", &asked).unwrap();
        assert_eq!(listed(), ("营业执照".to_owned(), true, false));
        let by = json!({"items": ["licence"], "by_ms": NOW + DAY});
        happen(service, &agent, "T-1", &weighed()).unwrap();
        let mut request = quotes::request("T-1");
        request.tickets[0].client = Some("acme".to_owned());
        let quoted: Quoted = read(&service.quote(&agent, &request, None, NOW).unwrap());
        service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
        happen(service, &agent, "T-1", &doing("client_due", by)).unwrap();
        let known = dossier(service);
        let bring = known.to_bring.unwrap();
        assert_eq!((bring.items[0].zh.as_str(), bring.items.len()), ("营业执照", 1));
        assert_eq!(bring.told_by.unwrap().to_string(), "2026-03-10T09:00+08:00");
        assert_eq!((known.entitled[0].id.as_str(), known.entitled[0].left), ("visits", 2));
        let stranger = service.dossier(&caller(Role::Ticketing), "T-1", NOW);
        assert!(matches!(stranger, Err(Refusal::Forbidden(_))));
        // R182: guidance on site is part of any project, and no help with an audit.
        let crew = json!({"driver": "wang", "liaison": "mei", "reviewer": "boss"});
        happen(service, &agent, "T-1", &doing("dispatched", crew)).unwrap();
        let wang = Caller::person("wang", Role::Specialist);
        let left = |(kind, payload): (&str, Value)| {
            happen(service, &wang, "T-1", &doing(kind, payload)).unwrap();
            dossier(service).entitled[1].left
        };
        assert_eq!(["acknowledged", "guided_on_site"].map(|kind| left((kind, json!({})))), [2, 2]);
        // R113: nobody comes by the basic tier, unless the manager allows it; an emergency on site
        // is no help with an audit either.
        let call = || happen(service, &wang, "T-1", &doing("on_site_called", json!({})));
        assert_eq!(call().unwrap_err().code(), "D065");
        let aside = json!({"rule": "D065", "reason": "flood", "until_ms": NOW + DAY});
        let manager = caller(Role::Reviewer);
        happen(service, &manager, "T-1", &doing("overridden", aside)).unwrap();
        call().unwrap();
        assert_eq!(left(("on_site_arrived", json!({}))), 2);
        assert_eq!(left(("assisted", json!({"what": "tax audit"}))), 1);
    });
}
