//! Quotes against the plan in force, and two callers who want the same hours.

use paidan::app::service::once::Once;
use paidan::app::service::plans::{Draft, DraftWish, Published, Publishing};
use paidan::app::service::quotes::{AcceptedQuote, Quoted};
use paidan::app::service::role::Role;
use paidan::app::service::{Refusal, Service};
use paidan::model::quote::OptionKind;
use paidan::model::request::Request;
use serde_json::json;

use super::{NOW, both, caller, erase_somebody, filing, firm, key, read};

/// A firm with one ticket planned from nine to ten, and a policy.
pub(super) fn quoting(service: &Service) {
    plan_with(service, "T-1");
    put_policy(service);
}

/// The same, where T-1 is left for others.
pub(super) fn planned(service: &Service) {
    plan_with(service, "T-0");
    put_policy(service);
}

/// A firm whose plan in force has one ticket, called `key`.
pub(super) fn plan_with(service: &Service, key: &str) {
    firm(service);
    let boss = caller(Role::Administrator);
    service.create_ticket(&boss, filing(Some(key)), None, NOW).unwrap();
    let wish = DraftWish { rounds: 1, seed: 1 };
    let draft: Draft = read(&service.draft(&boss, &wish, None, NOW, &mut |_| true).unwrap());
    let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: 0 };
    let published: Published = read(&service.publish(&boss, &wish, None, NOW).unwrap());
    assert_eq!(published.number, 1);
}

/// A rate card with one row.
pub(super) fn put_policy(service: &Service) {
    let boss = caller(Role::Administrator);
    let policy = json!({"format": "paidan-policy/1", "quote_minutes": 30,
        "rates": [{"service": "filing", "normal_fen": 50_000, "surcharge_permille": 200,
            "overtime_permille": 1000, "displacement_permille": 1000}]});
    let policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&boss, Some(0), policy, NOW).unwrap();
}

pub(super) fn request(key: &str) -> Request {
    let ticket = json!({"id": key, "service": "filing"});
    serde_json::from_value(json!({"format": "paidan-request/1", "tickets": [ticket]})).unwrap()
}

/// When the option that moves nobody is finished.
pub(super) fn finish(quoted: &Quoted) -> String {
    let mut options = quoted.quote.options.iter();
    options.find(|option| option.kind == OptionKind::AsItStands).unwrap().finish.to_string()
}

pub(super) fn quote(service: &Service, key: &str) -> Quoted {
    let jira = caller(Role::Ticketing);
    read(&service.quote(&jira, &request(key), None, NOW).unwrap())
}

/// Accepts the option that moves nobody.
pub(super) fn accept(
    service: &Service,
    quoted: &Quoted,
    now: i64,
) -> Result<AcceptedQuote, Refusal> {
    let option = OptionKind::AsItStands;
    let done = service.accept(&caller(Role::Ticketing), &quoted.id, option, None, now);
    done.map(|made| read(&made))
}

/// R131, R133: what is accepted is promised, with the plan it rests on.
#[test]
fn an_accepted_option_is_the_plan_in_force_and_a_promise() {
    both("accepted", |service| {
        quoting(service);
        let quoted = quote(service, "T-2");
        // Wang Fang files T-1 until ten; T-2 takes the hour behind it.
        assert_eq!(finish(&quoted), "2026-03-09T11:00+08:00");
        let accepted = accept(service, &quoted, NOW).unwrap();
        assert_eq!((accepted.plan, accepted.tickets), (2, vec!["T-2".to_owned()]));
        let agent = caller(Role::Dispatcher);
        let current = service.current_plan(&agent, NOW).unwrap();
        assert_eq!((current.number, &current.digest), (2, &accepted.digest));
        let ticket = service.ticket(&agent, "T-2", NOW).unwrap();
        let promise = ticket.promise.unwrap();
        assert_eq!((promise.finish, &promise.plan), (accepted.finish, &accepted.digest));
        assert_eq!(ticket.standing.estimate, Some(accepted.finish));
    });
}

#[test]
fn of_two_acceptances_one_wins_and_the_other_gets_fresh_options() {
    both("raced", |service| {
        quoting(service);
        let (one, other) = (quote(service, "T-2"), quote(service, "T-3"));
        accept(service, &one, NOW).unwrap();
        let Err(Refusal::Outrun { beside, .. }) = accept(service, &other, NOW) else {
            panic!("both were promised the same hour")
        };
        let fresh: Quoted = serde_json::from_value(beside["quote"].clone()).unwrap();
        // Behind T-1 and T-2.
        assert_eq!(finish(&fresh), "2026-03-09T12:00+08:00");
        assert_eq!(accept(service, &fresh, NOW).unwrap().plan, 3);
    });
}

/// Somebody else's order for tomorrow leaves the hour of T-2 today as it was: its quote is good still.
/// What was quoted for that hour too, came too late.
#[test]
fn a_quote_outlives_a_plan_that_leaves_it_room() {
    both("outlives", |service| {
        quoting(service);
        let (one, other) = (quote(service, "T-2"), quote(service, "T-3"));
        let ticket = json!({"id": "T-4", "service": "filing", "release": "2026-03-10T09:00+08:00"});
        let later = json!({"format": "paidan-request/1", "tickets": [ticket]});
        let later: Request = serde_json::from_value(later).unwrap();
        let jira = caller(Role::Ticketing);
        let later: Quoted = read(&service.quote(&jira, &later, None, NOW).unwrap());
        assert_eq!(accept(service, &later, NOW).unwrap().plan, 2);
        let accepted = accept(service, &one, NOW).unwrap();
        assert_eq!((accepted.plan, accepted.finish.to_string()), (3, finish(&one)));
        let late = accept(service, &other, NOW);
        assert!(matches!(late, Err(Refusal::Outrun { .. })), "{late:?}");
        // A second order for T-2 itself rests on what it was before the first.
        let again = accept(service, &one, NOW);
        assert!(again.is_err(), "{again:?}");
    });
}

/// A quote asked for with one key is accepted with the one that took its place.
#[test]
fn a_quote_outlives_the_rotation_of_its_key() {
    both("rotated", |service| {
        quoting(service);
        let old = key(service, Role::Ticketing);
        let jira = service.authenticate(&old.key, NOW).unwrap();
        let quoted: Quoted = read(&service.quote(&jira, &request("T-2"), None, NOW).unwrap());
        let boss = caller(Role::Administrator);
        let new = service.rotate_key(&boss, &old.listed.prefix, 0, NOW).unwrap();
        let jira = service.authenticate(&new.key, NOW).unwrap();
        let done = service.accept(&jira, &quoted.id, OptionKind::AsItStands, None, NOW);
        assert_eq!(read::<AcceptedQuote>(&done.unwrap()).plan, 2);
        assert!(service.ticket(&jira, "T-2", NOW).is_ok());
    });
}

/// Erasing a client empties all answers; an acceptance sent again still hears what came of it.
#[test]
fn an_acceptance_sent_again_after_an_erasure_hears_the_same() {
    both("erased-acceptance", |service| {
        quoting(service);
        let quoted = quote(service, "T-2");
        let jira = caller(Role::Ticketing);
        let once = Once::new(&jira, "POST /v1/quotes/acceptance", "k1", b"body");
        let send =
            || service.accept(&jira, &quoted.id, OptionKind::AsItStands, Some(&once), NOW).unwrap();
        let first = send();
        erase_somebody(service);
        let again = send();
        assert!(again.is_repeated);
        assert_eq!((&again.body, &again.key, again.version), (&first.body, &first.key, 2));
    });
}

#[test]
fn a_quote_that_has_expired_is_not_accepted_and_another_callers_is_not_seen() {
    both("expired", |service| {
        quoting(service);
        let quoted = quote(service, "T-2");
        let late = accept(service, &quoted, NOW + 30 * 60_000);
        assert!(matches!(late, Err(Refusal::Outrun { .. })), "{late:?}");
        // Wang Fang has no hours but regular ones.
        let kind = OptionKind::Overtime;
        let none = service.accept(&caller(Role::Ticketing), &quoted.id, kind, None, NOW);
        assert!(matches!(none, Err(Refusal::Wish(_))), "{none:?}");
        let other = paidan::app::service::Caller::person("zendesk", Role::Ticketing);
        assert!(matches!(service.quote_of(&other, &quoted.id, NOW), Err(Refusal::Unknown { .. })));
        assert!(service.quote_of(&caller(Role::Ticketing), &quoted.id, NOW).is_ok());
        assert_eq!(service.current_plan(&caller(Role::Dispatcher), NOW).unwrap().number, 1);
    });
}

#[test]
fn without_plan_or_policy_nothing_is_quoted() {
    both("bare", |service| {
        firm(service);
        let jira = caller(Role::Ticketing);
        let refused = service.quote(&jira, &request("T-2"), None, NOW);
        assert!(matches!(refused, Err(Refusal::Impossible(_))), "{refused:?}");
    });
}
