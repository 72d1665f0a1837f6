//! What is found by marks is what looking through everything would find.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use paidan::app::service::Service;
use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::role::Role;
use paidan::app::service::tickets::{Asked, NewTicket, State, TicketChange};
use paidan::solver::rng::Rng;
use paidan::store::{Batch, Memory, Shared, Write};
use serde_json::{Value, json};

use super::{NOW, caller, firm, read};

/// Histories.
const SEEDS: u64 = 4;
/// Changes of each.
const CHANGES: usize = 60;
/// All kinds of marks but the note that they are made.
const KINDS: [&str; 4] = ["open", "promised", "of_client", "away"];

type Marks = BTreeMap<(String, String), Value>;

/// The marks there are.
fn found(store: &Shared) -> Marks {
    let of = |kind: &str| {
        let rows = store.marks(kind, "", None, 999).unwrap();
        let body = |text: &str| match text {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap(),
        };
        let kind = kind.to_owned();
        rows.into_iter().map(move |row| ((kind.clone(), row.key), body(&row.body)))
    };
    KINDS.into_iter().flat_map(of).collect()
}

/// The marks there should be, by all documents there are.
fn expected(store: &Shared) -> Marks {
    let mut marks = Marks::new();
    let mut put = |kind: &str, key: String, body: Value| marks.insert((kind.to_owned(), key), body);
    for row in store.documents("ticket", None, 999).unwrap() {
        let file: Value = serde_json::from_str(&row.body.unwrap()).unwrap();
        let client = &file["ticket"]["client"];
        if file["state"] == "open" {
            put("open", row.key.clone(), Value::Null);
            if let Some(finish) = file["promise"].get("finish") {
                let body = json!({"finish": finish, "client": client});
                put("promised", row.key.clone(), body);
            }
        }
        if let Some(client) = client.as_str() {
            put("of_client", format!("{client}/{}", row.key), Value::Null);
        }
    }
    for row in store.documents("absence", None, 999).unwrap() {
        let file: Value = serde_json::from_str(&row.body.unwrap()).unwrap();
        put("away", format!("{}/{}", file["person"].as_str().unwrap(), row.key), Value::Null);
    }
    marks
}

fn create(service: &Service, rng: &mut Rng, number: usize) {
    let client = [None, Some("acme"), Some("acme-2")][rng.below(3)];
    let new = json!({"id": format!("T-{number}"), "channel": "web", "service": "filing",
        "client": client});
    let new: NewTicket = serde_json::from_value(new).unwrap();
    // The client may have been erased.
    let _ = service.create_ticket(&caller(Role::Dispatcher), new, None, NOW);
}

fn settle(service: &Service, rng: &mut Rng, ticket: &str) {
    let boss = caller(Role::Administrator);
    let state = [json!({"state": "done"}), json!({"state": "open"})][rng.below(2)].clone();
    let wish: TicketChange = serde_json::from_value(state).unwrap();
    let _ = service.change_ticket(&boss, ticket, None, wish, NOW);
}

fn publish(service: &Service) {
    let boss = caller(Role::Administrator);
    let wish = DraftWish { rounds: 0, seed: 1 };
    let draft: Draft = read(&service.draft(&boss, &wish, None, NOW, &mut |_| true).unwrap());
    let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: draft.basis };
    service.publish(&boss, &wish, None, NOW).unwrap();
}

fn take_leave(service: &Service) -> Vec<String> {
    let away = json!({"from": "2026-04-09T09:00", "to": "2026-04-09T18:00"});
    let away = serde_json::from_value(away).unwrap();
    let boss = caller(Role::Administrator);
    service.create_absence(&boss, "wang", away, None, NOW).unwrap();
    absences(service)
}

fn absences(service: &Service) -> Vec<String> {
    let all =
        service.absences(&caller(Role::Administrator), "wang", (None, 99), NOW).unwrap().items;
    all.into_iter().filter_map(|file| file.id).collect()
}

/// Some valid change, or one that is refused.
fn change(service: &Service, rng: &mut Rng, number: usize) {
    let boss = caller(Role::Administrator);
    let ticket = format!("T-{}", rng.below(number + 1));
    match rng.below(16) {
        0..5 => create(service, rng, number),
        5..8 => settle(service, rng, &ticket),
        8 => drop(service.cancel_ticket(&boss, &ticket, None, NOW)),
        9 => publish(service),
        10..12 => drop(service.promise_ticket(&boss, &ticket, None, NOW)),
        12 => drop(take_leave(service)),
        13 => {
            if let Some(key) = absences(service).first() {
                service.remove_absence(&boss, "wang", key, NOW).unwrap();
            }
        }
        14 => drop(service.erase_client(&boss, ["acme", "acme-2"][rng.below(2)], NOW)),
        _ => with_clients(service),
    }
}

fn with_clients(service: &Service) {
    for key in ["acme", "acme-2"] {
        let client = serde_json::from_value(json!({"id": key})).unwrap();
        let _ = service.create_client(&caller(Role::Administrator), client, None, NOW);
    }
}

/// What callers are shown is what the documents say.
fn look(service: &Service, store: &Shared) {
    let boss = caller(Role::Administrator);
    let all: Vec<Value> = store
        .documents("ticket", None, 999)
        .unwrap()
        .into_iter()
        .map(|row| serde_json::from_str(&row.body.unwrap()).unwrap())
        .collect();
    for client in [None, Some("acme"), Some("acme-2")] {
        let asked = Asked {
            client: client.map(str::to_owned),
            state: Some(State::Open),
            ..Asked::default()
        };
        let fits = |file: &&Value| {
            file["state"] == "open" && client.is_none_or(|own| file["ticket"]["client"] == own)
        };
        let keys = |file: &Value| file["ticket"]["id"].as_str().unwrap().to_owned();
        let expected: BTreeSet<String> = all.iter().filter(fits).map(keys).collect();
        let mut shown = BTreeSet::new();
        let mut after: Option<String> = None;
        loop {
            let page = service.tickets(&boss, &asked, after.as_deref(), 2, NOW).unwrap();
            shown.extend(page.items.into_iter().map(|ticket| ticket.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(shown, expected, "{client:?}");
    }
}

#[test]
fn marks_say_what_looking_through_everything_says() {
    let mut kinds = BTreeSet::new();
    for seed in 0..SEEDS {
        let mut rng = Rng::new(seed, 12);
        let store: Shared = Arc::new(Memory::new());
        let service = Service::over(Arc::clone(&store)).unwrap();
        firm(&service);
        with_clients(&service);
        for number in 0..CHANGES {
            change(&service, &mut rng, number);
            assert_eq!(found(&store), expected(&store), "seed {seed}, change {number}");
        }
        look(&service, &store);
        kinds.extend(found(&store).into_keys().map(|(kind, _)| kind));
    }
    assert_eq!(kinds.len(), KINDS.len(), "every kind of mark was met: {kinds:?}");
}

#[test]
fn a_store_of_before_there_were_marks_is_given_them_when_it_is_opened() {
    let store: Shared = Arc::new(Memory::new());
    let service = Service::over(Arc::clone(&store)).unwrap();
    firm(&service);
    with_clients(&service);
    let mut rng = Rng::new(1, 12);
    (0..CHANGES).for_each(|number| change(&service, &mut rng, number));
    drop(service);
    let before = found(&store);
    assert!(!before.is_empty());
    let mut batch = Batch::new().and(Write::UnmarkAll { kind: "marks".to_owned() });
    // Whatever an interrupted making of them left behind.
    let (kind, key, body) = ("open".to_owned(), "T-none".to_owned(), String::new());
    batch = batch.and(Write::Mark { kind, key, body });
    batch = batch.and(Write::UnmarkAll { kind: "of_client".to_owned() });
    store.commit(batch).unwrap();
    drop(Service::over(Arc::clone(&store)).unwrap());
    assert_eq!(found(&store), before);
}
