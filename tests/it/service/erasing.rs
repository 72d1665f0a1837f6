//! What is known of clients, tickets and people can be erased without breaking a chain (R243).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use paidan::app::service::clients::ClientFile;
use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::quotes::Quoted;
use paidan::app::service::role::Role;
use paidan::app::service::tickets::{NewTicket, TicketChange};
use paidan::app::service::{Refusal, Service};
use paidan::model::quote::OptionKind;
use paidan::model::request::Request;
use paidan::store::audit::audit;
use paidan::store::{Memory, Shared, Sqlite};
use serde_json::{Value, json};

use super::quotes::put_policy;
use super::{NOW, both, caller, filing, firm, path, read};

/// What has to be gone.
const TRACES: [&str; 11] = [
    "安美公司",
    "Acme Trading",
    "李雷",
    "13900000000",
    "12345678",
    "Li Lei's filing",
    "JIRA-77",
    "安美子公司",
    "contract clause nine",
    "tax notice",
    "Meimei",
];

fn acme() -> ClientFile {
    serde_json::from_value(json!({
        "id": "acme",
        "name": {"zh": "安美公司", "en": "Acme Trading"},
        "contacts": [{"name": "李雷", "phone": "13900000000"}],
        "finance": {"annual_value_fen": 12_345_678}
    }))
    .unwrap()
}

fn ticket(client: Option<&str>) -> NewTicket {
    serde_json::from_value(json!({
        "id": "T-1", "channel": "web", "service": "filing", "client": client,
        "title": {"zh": "李雷的申报", "en": "Li Lei's filing"},
        "entity": "安美子公司", "external": "JIRA-77",
        "contact": {"name": "李雷", "phone": "13900000000"},
        "curves": [{"kind": "urgency", "after": "2026-03-10T09:00", "fixed_fen": 1_000,
            "reason": {"zh": "合同", "en": "contract clause nine"}}]
    }))
    .unwrap()
}

fn draft(service: &Service, now_ms: i64) -> Draft {
    let wish = DraftWish { rounds: 1, seed: 1 };
    read(&service.draft(&caller(Role::Dispatcher), &wish, None, now_ms, &mut |_| true).unwrap())
}

fn publish(service: &Service, draft: &Draft) -> Result<u64, Refusal> {
    let wish =
        Publishing { draft: Some(draft.id.clone()), rollback_to: None, replaces: draft.basis };
    let made = service.publish(&caller(Role::Dispatcher), &wish, None, NOW)?;
    Ok(made.version)
}

/// A request for another ticket of the client, or of nobody.
fn request(client: Option<&str>) -> Request {
    serde_json::from_value(json!({
        "format": "paidan-request/1",
        "tickets": [{"id": "T-2", "service": "filing", "client": client, "entity": "安美子公司",
            "title": {"zh": "李雷的加急", "en": "Li Lei's filing again"}}],
        "wish": {"evidence": {"zh": "通知", "en": "tax notice"}},
        "attributes": [{"name": "who", "value": "Meimei"}]
    }))
    .unwrap()
}

/// A client with a ticket that was planned, promised and quoted beside, all of it with words.
fn everything(service: &Service, client: Option<&str>) -> String {
    let boss = caller(Role::Administrator);
    firm(service);
    put_policy(service);
    if client.is_some() {
        service.create_client(&boss, acme(), None, NOW).unwrap();
    }
    service.create_ticket(&boss, ticket(client), None, NOW).unwrap();
    assert_eq!(publish(service, &draft(service, NOW)).unwrap(), 1);
    service.promise_ticket(&boss, "T-1", None, NOW).unwrap();
    let quoted: Quoted = read(&service.quote(&boss, &request(client), None, NOW).unwrap());
    let option = OptionKind::AsItStands;
    service.accept(&boss, &quoted.id, option, None, NOW).unwrap();
    draft(service, NOW);
    quoted.id
}

/// Those of [`TRACES`] that stand in any file beside `path`, or in it.
fn traces(path: &Path) -> BTreeMap<&'static str, Vec<String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        let bytes = fs::read(entry.path()).unwrap();
        for trace in TRACES {
            if bytes.windows(trace.len()).any(|window| window == trace.as_bytes()) {
                let name = entry.file_name().into_string().unwrap();
                found.entry(trace).or_insert_with(Vec::new).push(name);
            }
        }
    }
    found
}

/// R243: what was known of a client is in none of the bytes of the database, once it is closed.
#[test]
fn after_a_client_is_erased_the_file_holds_nothing_of_it_and_all_of_the_rest() {
    let path = path("erased-bytes");
    let boss = caller(Role::Administrator);
    let service = Service::open(&path).unwrap();
    let quote = everything(&service, Some("acme"));
    assert_eq!(traces(&path).len(), TRACES.len(), "all of it is there before");
    service.erase_client(&boss, "acme", NOW).unwrap();
    // Plans and quotes are read as before, with keys in the place of words.
    assert_eq!(service.current_plan(&boss, NOW).unwrap().number, 2);
    let plan = service.published_plan(&boss, 1, NOW).unwrap().plan.unwrap();
    assert_eq!(plan.steps[0].ticket, "T-1");
    let shown = service.quote_of(&boss, &quote, NOW).unwrap().quote;
    assert_eq!(shown.request.tickets[0].title, None);
    assert_eq!(service.ticket(&boss, "T-2", NOW).unwrap().ticket.title, None);
    // Planning goes on, and so does quoting against the plan.
    assert_eq!(publish(&service, &draft(&service, NOW)).unwrap(), 3);
    service.quote(&boss, &serde_json::from_value(plain("T-3")).unwrap(), None, NOW).unwrap();
    drop(service);
    assert_eq!(traces(&path), BTreeMap::new());
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(audit(&store, Vec::new(), None, &mut |_| {}).unwrap().faults, []);
}

fn plain(key: &str) -> Value {
    json!({"format": "paidan-request/1", "tickets": [{"id": key, "service": "filing"}]})
}

/// R243: a ticket that names no client is erased by itself.
#[test]
fn a_ticket_without_a_client_is_erased_by_itself() {
    let path = path("erased-ticket");
    let boss = caller(Role::Administrator);
    let service = Service::open(&path).unwrap();
    everything(&service, None);
    assert!(traces(&path).len() > 6, "most of it is there before");
    let refused = service.erase_ticket(&caller(Role::Dispatcher), "T-1", NOW);
    assert!(matches!(refused, Err(Refusal::Forbidden(_))));
    for key in ["T-1", "T-2"] {
        service.erase_ticket(&boss, key, NOW).unwrap();
    }
    let shown = service.ticket(&boss, "T-1", NOW).unwrap();
    assert_eq!((shown.contact, shown.external, shown.ticket.title), (None, None, None));
    assert!(shown.promise.is_some(), "what was promised stays");
    drop(service);
    assert_eq!(traces(&path), BTreeMap::new());
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(audit(&store, Vec::new(), None, &mut |_| {}).unwrap().faults, []);
}

/// R243: who read a client before it was erased does not bring it back by writing it afterwards.
#[test]
fn a_change_that_was_read_before_an_erasure_does_not_bring_the_client_back() {
    both("erased-race", |service| {
        let boss = caller(Role::Administrator);
        everything(service, Some("acme"));
        let read = service.client(&boss, "acme", NOW).unwrap();
        service.erase_client(&boss, "acme", NOW).unwrap();
        let late = service.put_client(&boss, "acme", Some(read.version), read.document, NOW);
        assert!(matches!(late, Err(Refusal::Stale { .. })), "{late:?}");
        let late: NewTicket = serde_json::from_value(json!({"id": "T-9", "channel": "web",
            "service": "filing", "client": "acme", "title": {"zh": "李雷", "en": "Li Lei"}}))
        .unwrap();
        let late = service.create_ticket(&boss, late, None, NOW);
        assert!(matches!(late, Err(Refusal::Faulty { .. })), "{late:?}");
        let late = service.quote(&boss, &request(Some("acme")), None, NOW);
        assert!(late.is_err());
    });
}

/// The client is erased between the look at it and the writing of a ticket: the store refuses.
#[test]
fn a_batch_that_needs_a_client_is_refused_once_it_is_gone() {
    let store: Shared = Arc::new(Memory::new());
    let service = Service::over(Arc::clone(&store)).unwrap();
    firm(&service);
    service.create_client(&caller(Role::Administrator), acme(), None, NOW).unwrap();
    let need = || {
        paidan::store::Batch::new()
            .and(paidan::store::Write::Need { kind: "client".to_owned(), key: "acme".to_owned() })
    };
    assert!(store.commit(need()).is_ok());
    service.erase_client(&caller(Role::Administrator), "acme", NOW).unwrap();
    assert!(store.commit(need()).is_err());
}

#[test]
fn the_ticket_of_an_erased_client_can_still_be_moved_and_closed_but_not_named() {
    both("erased-patch", |service| {
        let boss = caller(Role::Administrator);
        everything(service, Some("acme"));
        service.erase_client(&boss, "acme", NOW).unwrap();
        let patch = |wish: Value| {
            let wish: TicketChange = serde_json::from_value(wish).unwrap();
            service.change_ticket(&boss, "T-1", None, wish, NOW)
        };
        let title = patch(json!({"title": {"zh": "李雷", "en": "Li Lei"}}));
        assert!(matches!(title, Err(Refusal::Impossible(_))), "{title:?}");
        assert!(patch(json!({"due": "2026-03-12T09:00"})).is_ok());
        assert!(patch(json!({"state": "done"})).is_ok());
    });
}

/// R243: who leaves the firm is known by his key alone.
#[test]
fn a_person_who_is_taken_away_leaves_a_key() {
    let path = path("erased-person");
    let boss = caller(Role::Administrator);
    let service = Service::open(&path).unwrap();
    firm(&service);
    service.create_ticket(&boss, filing(Some("T-1")), None, NOW).unwrap();
    let away = json!({"from": "2026-03-11T09:00", "to": "2026-03-11T18:00",
        "reason": {"zh": "手术", "en": "an operation"}});
    let away = serde_json::from_value(away).unwrap();
    service.create_absence(&boss, "wang", away, None, NOW).unwrap();
    publish(&service, &draft(&service, NOW)).unwrap();
    service.remove_person(&boss, "wang", None, NOW).unwrap();
    assert_eq!(service.current_plan(&boss, NOW).unwrap().plan.unwrap().steps[0].people, ["wang"]);
    drop(service);
    let bytes = fs::read(&path).unwrap();
    for gone in ["王芳", "Wang Fang", "手术", "an operation"] {
        let is_there = bytes.windows(gone.len()).any(|window| window == gone.as_bytes());
        assert!(!is_there, "{gone}");
    }
}

/// R243: a name that stood in the base goes with the next erasure, once a base without it is put.
#[test]
fn an_erasure_takes_earlier_bases_and_policies_along() {
    let path = path("erased-base");
    let boss = caller(Role::Administrator);
    let service = Service::open(&path).unwrap();
    everything(&service, Some("acme"));
    let is_there = |name: &str| {
        let files = fs::read_dir(path.parent().unwrap()).unwrap();
        let mut files = files.map(|entry| fs::read(entry.unwrap().path()).unwrap());
        files.any(|bytes| bytes.windows(name.len()).any(|window| window == name.as_bytes()))
    };
    let put = |name: Option<&str>| {
        let kept = service.base(&boss).unwrap();
        let mut base = serde_json::to_value(kept.document).unwrap();
        base["services"][0]["name"] = json!(name.map(|name| json!({"zh": name, "en": name})));
        let base = serde_json::from_value(base).unwrap();
        service.put_base(&boss, Some(kept.version), base, NOW).unwrap().version
    };
    put(Some("Meyer's filing"));
    assert!(is_there("Meyer's filing"));
    let version = put(None);
    service.erase_client(&boss, "acme", NOW).unwrap();
    assert_eq!(service.base(&boss).unwrap().version, version, "the one in force stays");
    assert_eq!(publish(&service, &draft(&service, NOW)).unwrap(), 3);
    drop(service);
    assert!(!is_there("Meyer's filing"));
    let service = Service::open(&path).unwrap();
    assert_eq!(service.base(&boss).unwrap().version, version);
}
