//! R019: what happens to several tickets alike, such as the companies of one order.

use paidan::app::service::desk::{Doing, DoingToSeveral, DoneToSeveral};
use paidan::app::service::once::Once;
use paidan::app::service::role::Role;
use paidan::app::service::tickets::State;
use paidan::app::service::{OfOne, Refusal, Service};
use paidan::desk::life::Stage;
use serde_json::{Value, json};

use super::desk::{assessed, doing};
use super::{NOW, both, caller, filing, firm, read};

/// Three companies of one client in the batch `order`, and one beside it.
fn ordered(service: &Service) {
    firm(service);
    let (boss, agent) = (caller(Role::Administrator), caller(Role::Dispatcher));
    let client = serde_json::from_value(json!({"id": "acme"})).unwrap();
    service.create_client(&boss, client, None, NOW).unwrap();
    for (key, batch) in [("T-1", true), ("T-2", true), ("T-3", true), ("T-4", false)] {
        let mut new = filing(Some(key));
        (new.client, new.entity) = (Some("acme".to_owned()), Some(format!("company of {key}")));
        new.batch = batch.then(|| "order".to_owned());
        service.create_ticket(&agent, new, None, NOW).unwrap();
    }
}

fn to(tickets: &[&str], happening: Doing) -> DoingToSeveral {
    DoingToSeveral {
        tickets: tickets.iter().copied().map(str::to_owned).collect(),
        with_batches: false,
        versions: [].into(),
        each_for_itself: false,
        happening,
    }
}

fn off() -> Doing {
    doing("called_off", json!({"reason": "the client sells them"}))
}

fn does(service: &Service, asked: &DoingToSeveral) -> Result<DoneToSeveral, Refusal> {
    let agent = caller(Role::Dispatcher);
    service.desk_do_to_several(&agent, asked, None, NOW).map(|made| read(&made))
}

/// What is in the way of which ticket: its place, its key, the code.
fn in_the_way(refused: Result<DoneToSeveral, Refusal>) -> Vec<(usize, String, &'static str)> {
    let Err(Refusal::Several(all)) = refused else { panic!("{refused:?}") };
    all.into_iter().map(|OfOne { place, key, refusal }| (place, key, refusal.code())).collect()
}

fn versions(service: &Service) -> [u64; 4] {
    let agent = caller(Role::Dispatcher);
    ["T-1", "T-2", "T-3", "T-4"].map(|key| service.ticket(&agent, key, NOW).unwrap().version)
}

/// R001, R019: three companies are assessed by one request. Of a request that one of them does not
/// allow nothing is kept, and all that is in the way is told at once.
#[test]
fn several_tickets_are_assessed_at_once_or_none_is() {
    both("several-assessed", |service| {
        ordered(service);
        let done = does(service, &to(&["T-1", "T-2"], assessed())).unwrap();
        let keys: Vec<&str> = done.tickets.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(keys, ["T-1", "T-2"]);
        for one in done.tickets {
            let (shown, agent) = (one.ticket.unwrap(), caller(Role::Dispatcher));
            assert_eq!(shown.desk.as_ref().unwrap().stage, Stage::Assessed);
            assert_eq!(shown, service.ticket(&agent, &one.id, NOW).unwrap());
        }
        assert_eq!(versions(service), [2, 2, 1, 1]);
        does(service, &to(&["T-1", "T-2"], off())).unwrap();
        let again = does(service, &to(&["T-3", "T-1", "gone", "T-2"], assessed()));
        let named = |place, key: &str, code| (place, key.to_owned(), code);
        let expected = [named(1, "T-1", "D001"), named(2, "gone", "A003"), named(3, "T-2", "D001")];
        assert_eq!(in_the_way(again), expected);
        assert_eq!(versions(service), [3, 3, 1, 1]);
    });
}

/// R019: who wants it done where it may be done says so, and is told why not of the others. Where it
/// may be done nowhere it is refused.
#[test]
fn each_ticket_for_itself_goes_on_without_the_others() {
    both("several-each", |service| {
        ordered(service);
        does(service, &to(&["T-2"], off())).unwrap();
        let noted = Doing { note: Some("Ms Li called".to_owned()), ..assessed() };
        let each = DoingToSeveral { each_for_itself: true, ..to(&["T-1", "T-2", "T-3"], noted) };
        let done = does(service, &each).unwrap();
        let refused: Vec<Option<&str>> = done
            .tickets
            .iter()
            .map(|one| one.refused.as_ref().map(|refused| refused.code.as_str()))
            .collect();
        assert_eq!(refused, [None, Some("D001"), None]);
        let why = done.tickets[1].refused.as_ref().unwrap();
        let hint = why.hint.as_ref().unwrap();
        assert!([&why.because, hint].iter().all(|one| !one.zh.is_empty() && !one.en.is_empty()));
        assert_eq!(versions(service), [2, 2, 2, 1]);
        // What was written beside it is kept of those it happened to alone.
        let events = service.events(&caller(Role::Dispatcher), 0, 500, NOW).unwrap();
        let noted = events.iter().filter(|event| event.kind == "ticket.noted");
        let noted: Vec<&str> = noted.map(|event| event.stream.as_str()).collect();
        assert_eq!(noted, ["note/T-1", "note/T-3"]);
        let begun = doing("begun", json!({}));
        let none = DoingToSeveral { each_for_itself: true, ..to(&["T-1", "T-2"], begun) };
        assert_eq!(in_the_way(does(service, &none)).len(), 2);
    });
}

/// R019, R066: one company's name calls the whole order off; what is called off already, and what
/// was ordered beside it, stays as it is.
#[test]
fn the_open_tickets_of_a_batch_are_called_off_by_one_of_them() {
    both("several-batch", |service| {
        ordered(service);
        let agent = caller(Role::Dispatcher);
        service.cancel_ticket(&agent, "T-3", None, NOW).unwrap();
        let order = DoingToSeveral { with_batches: true, ..to(&["T-2"], off()) };
        let done = does(service, &order).unwrap();
        let states: Vec<(&str, State)> = done
            .tickets
            .iter()
            .map(|one| (one.id.as_str(), one.ticket.as_ref().unwrap().state))
            .collect();
        assert_eq!(states, [("T-2", State::Cancelled), ("T-1", State::Cancelled)]);
        assert_eq!(versions(service), [2, 2, 2, 1]);
        // A batch has no others by now, and an order that was called off is not called off again.
        assert_eq!(in_the_way(does(service, &order)).len(), 1);
    });
}

/// R124, R243: a request that comes again is answered as before, also when the answer told words that
/// were erased since.
#[test]
fn several_tickets_are_served_once_and_told_again() {
    both("several-once", |service| {
        ordered(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        let asked = to(&["T-1", "T-2"], assessed());
        let once = Once::new(&agent, "POST /v1/happenings", "k", b"both");
        let ask = || service.desk_do_to_several(&agent, &asked, Some(&once), NOW).unwrap();
        let (first, again) = (ask(), ask());
        assert!(again.is_repeated && !first.is_repeated && again.body == first.body);
        assert_eq!(versions(service), [2, 2, 1, 1]);
        service.erase_ticket(&boss, "T-1", NOW).unwrap();
        let told: DoneToSeveral = read(&ask());
        let entity = |at: usize| told.tickets[at].ticket.as_ref().unwrap().ticket.entity.clone();
        let named = |name: &str| Some(name.to_owned());
        assert_eq!((entity(0), entity(1)), (named("#T-1"), named("company of T-2")));
    });
}

/// R019: a version that is relied on is that of its own ticket; what makes no sense is said so.
#[test]
fn several_tickets_are_named_once_each_and_by_their_own_versions() {
    both("several-named", |service| {
        ordered(service);
        does(service, &to(&["T-1"], assessed())).unwrap();
        let relied = |versions: Value, tickets: &[&str]| {
            let versions = serde_json::from_value(versions).unwrap();
            let contacted = doing("contacted", json!({}));
            does(service, &DoingToSeveral { versions, ..to(tickets, contacted) })
        };
        let stale = in_the_way(relied(json!({"T-1": 1, "T-2": 1}), &["T-1", "T-2"]));
        assert_eq!(stale, [(0, "T-1".to_owned(), "A004")]);
        let many: Vec<String> = (0..101).map(|count| format!("N-{count}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (versions, tickets) in [
            (json!({"T-3": 1}), &["T-1", "T-2"][..]),
            (json!({}), &["T-1", "T-1"][..]),
            (json!({}), &[][..]),
            (json!({}), &many[..]),
        ] {
            let wrong = relied(versions, tickets);
            assert!(matches!(wrong, Err(Refusal::Wish(_))), "{wrong:?}");
        }
        assert!(relied(json!({"T-1": 2, "T-2": 1}), &["T-1", "T-2"]).is_ok());
        let auditor = caller(Role::Auditor);
        let asked = to(&["T-1"], assessed());
        let refused = service.desk_do_to_several(&auditor, &asked, None, NOW);
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        // A program of a client's serves its own tickets alone.
        let off = to(&["T-1"], off());
        let program = service.desk_do_to_several(&caller(Role::Ticketing), &off, None, NOW);
        assert_eq!(in_the_way(program.map(|made| read(&made)))[0].2, "A003");
    });
}
