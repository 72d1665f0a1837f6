//! R076, R104: the log is the truth. Whatever became of the documents, they are read from it
//! again, byte for byte, with the marks and the moments of clocks.

use std::collections::BTreeMap;
use std::sync::Arc;

use paidan::app::service::desk::{Doing, Rebuilt, Wanted};
use paidan::app::service::quotes::Quoted;
use paidan::app::service::role::Role;
use paidan::app::service::tickets::TicketChange;
use paidan::app::service::{Caller, Service};
use paidan::calendar::{Day, Moment};
use paidan::desk::clock::Wait;
use paidan::desk::life::{Happening, Stage};
use paidan::model::quote::OptionKind;
use paidan::solver::rng::Rng;
use paidan::store::{Batch, Memory, Shared, Sqlite, Write};
use serde_json::{Value, json};

use super::desk::{assessed, doing, weighed};
use super::{NOW, caller, clocks, drive, path, quotes, read};

const MINUTE: i64 = 60_000;
/// Histories, and commands of each.
const SEEDS: u64 = 4;
const COMMANDS: usize = 250;
/// Documents and marks that follow from the log.
const VIEWS: [&str; 4] = ["ticket", "progress", "link", "link_of"];
const MARKS: [&str; 9] =
    ["open", "promised", "signed", "kept", "of_client", "late", "due", "clock", "wound"];

type Views = BTreeMap<String, String>;

/// All views there are, as they are kept.
fn views(store: &Shared) -> Views {
    let mut all = Views::new();
    for kind in VIEWS {
        for row in store.documents(kind, None, 999).unwrap() {
            all.insert(format!("{kind}/{}", row.key), format!("{row:?}"));
        }
    }
    for kind in MARKS {
        for mark in store.marks(kind, "", None, 999).unwrap() {
            all.insert(format!("mark {kind}/{}", mark.key), mark.body);
        }
    }
    all
}

/// Makes a mess of all views: some are gone, some are others, and one is of nothing.
fn spoil(store: &Shared, rng: &mut Rng) {
    let mut batch = Batch::new();
    for kind in VIEWS {
        for row in store.documents(kind, None, 999).unwrap() {
            let (kind, key) = (kind.to_owned(), row.key);
            batch = batch.and(if rng.chance(500) {
                Write::DropDocument { kind, key }
            } else {
                let (body, actor) = (Some("{}".to_owned()), "nobody".to_owned());
                Write::PutDocument { kind, key, expected_version: None, body, at_ms: 0, actor }
            });
        }
    }
    for kind in MARKS {
        batch = batch.and(Write::UnmarkAll { kind: kind.to_owned() });
    }
    let (kind, key, actor) = ("ticket".to_owned(), "T-none".to_owned(), "nobody".to_owned());
    let body = Some("{}".to_owned());
    let put = Write::PutDocument { kind, key, expected_version: None, body, at_ms: 0, actor };
    store.commit(batch.and(put)).unwrap();
}

/// A command of some kind by somebody; most are refused.
fn command(rng: &mut Rng) -> Doing {
    let person = *rng.pick(&["li", "wang", "zhao"]);
    let reason = json!({"reason": "too much"});
    let items = json!({"items": ["licence"]});
    let mut doing = match rng.below(19) {
        0 => assessed(),
        1 => weighed(),
        2 => doing("material_asked", items),
        3 => doing("material_received", items),
        4 => doing(
            "material_judged",
            json!({"item": "licence", "found": "complete", "expires_ms": null}),
        ),
        5 => doing("wait_begun", json!({"wait": "agency"})),
        6 => doing("wait_over", json!({"wait": "agency"})),
        7 => doing("dispatched", json!({"driver": person, "liaison": "mei", "reviewer": "boss"})),
        8 => doing("acknowledged", json!({})),
        9 => doing("begun", json!({})),
        10 => Doing::of(&Happening::WaitBegun {
            wait: Wait::Client,
            for_material: false,
            until_ms: None,
        }),
        11 => Doing::of(&Happening::WaitOver { wait: Wait::Client, for_material: false }),
        12 if rng.chance(500) => {
            let by_ms = NOW + rng.range(0, 3_000) * MINUTE;
            doing("client_due", json!({"items": ["licence"], "by_ms": by_ms}))
        }
        12 => doing("anomaly_raised", json!({"what": "the form was sent back"})),
        13 => doing("rejected", reason),
        14 => doing("contacted", json!({})),
        15 => doing("billed", json!({"amount_fen": rng.range(1, 500) * 100})),
        16 => {
            let forecast = json!({"earliest_ms": NOW, "latest_ms": NOW + rng.range(0, 9_000) * MINUTE,
                "reason": "training"});
            doing("forecast", forecast)
        }
        17 => {
            let crew = json!({"driver": person, "liaison": "mei", "reviewer": "boss"});
            doing("reassigned", json!({"crew": crew, "reason": "is ill"}))
        }
        _ if rng.chance(100) => doing("called_off", reason),
        _ => doing("client_chased", json!({})),
    };
    doing.person = Some(person.to_owned());
    doing.note = rng.chance(200).then(|| "李雷来电".to_owned());
    doing
}

/// What comes next in the life of a ticket, said by whom it is for.
fn onward(service: &Service, key: &str, now_ms: i64) {
    let owner = Caller::machine_owner();
    let Ok(shown) = service.ticket(&owner, key, now_ms) else { return };
    let Some(desk) = shown.desk else { return };
    let crew = desk.crew.as_ref();
    let driver = crew.map_or("mei", |crew| crew.driver.as_str());
    let reviewer = crew.map_or("boss", |crew| crew.reviewer.as_str());
    let crew = json!({"driver": "wang", "liaison": "mei", "reviewer": "boss"});
    let items = || json!({"items": []});
    let rating = json!({"timeliness": 5, "communication": 4, "result": 5});
    let kept = json!({"keep_until_ms": now_ms + 2_000 * 24 * 60 * MINUTE});
    let (person, kind, payload) = match desk.stage {
        Stage::New => ("mei", "assessed", assessed().payload),
        Stage::Assessed => ("mei", "weighed", weighed().payload),
        Stage::Weighed | Stage::Quoted => return promise(service, key, now_ms),
        Stage::Accepted => ("mei", "dispatched", crew),
        Stage::Dispatched => (driver, "acknowledged", json!({})),
        Stage::Acknowledged => (driver, "begun", json!({})),
        Stage::InProgress => (driver, "self_checked", items()),
        Stage::SelfChecked => (reviewer, "reviewed", items()),
        Stage::Reviewed => (driver, "delivered", json!({"steps": []})),
        // Nobody who has worked on it speaks for the client.
        Stage::Delivered => ("lan", "signed", signature(service, key, now_ms)),
        Stage::Signed => ("lan", "surveyed", rating),
        Stage::Surveyed => ("mei", "looked_back", json!({"well": "in time", "improve": "none"})),
        Stage::LookedBack => ("mei", "archived", kept),
        _ => return,
    };
    let says = |person: &str, kind: &str, payload: Value| {
        let said = Doing { person: Some(person.to_owned()), ..doing(kind, payload) };
        let wanted = Wanted { key, version: None };
        let _ = service.desk_do(&owner, wanted, &said, None, now_ms);
    };
    if desk.stage == Stage::InProgress {
        // What keeps it from going on is put right first.
        let answer = json!({"cause": "old form", "remedy": "a new one", "is_client_told": true});
        says(driver, "anomaly_answered", answer);
        for wait in ["agency", "client"] {
            says(driver, "wait_over", json!({"wait": wait}));
        }
        let judged = json!({"item": "licence", "found": "complete", "expires_ms": null});
        says(driver, "material_judged", judged);
    }
    says(person, kind, payload);
}

/// What the client signs.
fn signature(service: &Service, key: &str, now_ms: i64) -> Value {
    let dossier = service.dossier(&Caller::machine_owner(), key, now_ms).unwrap();
    json!({"digest": dossier.confirmation.digest})
}

fn create(service: &Service, key: &str, rng: &mut Rng, now_ms: i64) {
    let client = rng.chance(500).then_some("acme");
    let new = json!({
        "id": key, "channel": "web", "service": "filing", "client": client,
        "title": {"zh": "李雷的申报", "en": "Li Lei's filing"}, "entity": "安美子公司",
        "external": if rng.chance(500) { json!("JIRA-77") } else { Value::Null },
        "contact": {"name": "李雷", "phone": "13900000000"},
        "curves": [
            {"kind": "urgency", "after": "2026-03-10T09:00", "fixed_fen": 1_000},
            {"kind": "urgency", "after": "2026-03-11T09:00", "fixed_fen": 2_000,
                "reason": {"zh": "合同", "en": "contract clause nine"}}]
    });
    let new = serde_json::from_value(new).unwrap();
    let _ = service.create_ticket(&caller(Role::Dispatcher), new, None, now_ms);
}

/// Quotes a ticket and accepts that, where the desk has come so far.
fn promise(service: &Service, key: &str, now_ms: i64) {
    let owner = Caller::machine_owner();
    let Ok(shown) = service.ticket(&owner, key, now_ms) else { return };
    let stage = shown.desk.map(|desk| desk.stage);
    if !matches!(stage, Some(Stage::Weighed | Stage::Quoted)) {
        return;
    }
    let mut request = quotes::request(key);
    request.tickets[0].client = shown.ticket.client;
    // Whoever was erased, or is known to nobody, is not quoted for.
    let Ok(made) = service.quote(&owner, &request, None, now_ms) else { return };
    let quoted: Quoted = read(&made);
    let Some(option) = quoted.quote.options.first() else { return };
    let _ = service.accept(&owner, &quoted.id, option.kind, None, now_ms);
}

/// One thing that somebody does, or tries to.
fn step(service: &Service, rng: &mut Rng, now_ms: i64) {
    let agent = caller(Role::Administrator);
    let owner = Caller::machine_owner();
    let key = *rng.pick(&["T-1", "T-2", "T-3", "T-4"]);
    let local = now_ms.div_euclid(MINUTE) + 8 * 60;
    let (day, minute) = (local.div_euclid(1_440), local.rem_euclid(1_440));
    let at = Moment::local(Day(day.try_into().unwrap()), minute.try_into().unwrap());
    match rng.below(40) {
        0 => create(service, key, rng, now_ms),
        1 => {
            let title = json!({"zh": "另一个", "en": "another"});
            let wish = json!({"title": title, "review": "passed", "track": "urgent"});
            let wish: TicketChange = serde_json::from_value(wish).unwrap();
            let _ = service.change_ticket(&agent, key, None, wish, now_ms);
        }
        2 => {
            let wish = json!({"curves": [], "excluded": ["zhao"]});
            let wish: TicketChange = serde_json::from_value(wish).unwrap();
            let _ = service.change_ticket(&agent, key, None, wish, now_ms);
        }
        3 => {
            let row = json!({"step": format!("{key}/file"), "state": "begun", "people": ["wang"],
                "start": at, "remaining_minutes": 30});
            let _ = service.report(&agent, &[serde_json::from_value(row).unwrap()], now_ms);
        }
        4 => drop(service.take_back(&agent, key, "file", now_ms)),
        5 => drop(service.make_link(&agent, key, now_ms)),
        6 => drop(service.revoke_link(&agent, key, now_ms)),
        7 if rng.chance(200) => drop(service.erase_ticket(&agent, key, now_ms)),
        7 if rng.chance(50) => drop(service.erase_client(&agent, "acme", now_ms)),
        8 => drop(service.tick(now_ms)),
        9..=12 => promise(service, key, now_ms),
        13 => drop(service.promise_ticket(&owner, key, None, now_ms)),
        14..=29 => onward(service, key, now_ms),
        _ => {
            let wanted = Wanted { key, version: None };
            let _ = service.desk_do(&owner, wanted, &command(rng), None, now_ms);
        }
    }
}

fn settle(service: &Service, now_ms: i64) {
    service.tick(now_ms).unwrap();
    while service.wind(now_ms).unwrap() {}
}

/// Spoils what can be read from the log, reads it again and holds both against each other.
fn comes_back(store: &Shared, service: &Service, rng: &mut Rng, now_ms: i64) -> Rebuilt {
    settle(service, now_ms);
    let before = views(store);
    spoil(store, rng);
    assert_ne!(views(store), before);
    let done = service.rebuild(now_ms, &mut |_, _| {}).unwrap();
    assert_eq!(views(store), before);
    assert_eq!((done.left.len(), done.dropped), (0, 1));
    // A second time there is nothing to do.
    let again = service.rebuild(now_ms, &mut |_, _| {}).unwrap();
    assert_eq!((again.changed, again.dropped), (0, 0));
    assert_eq!(views(store), before);
    done
}

/// R241, R243: after random histories, erasures among them, replaying the log gives every view.
#[test]
fn replaying_the_log_gives_every_view_byte_for_byte() {
    let (mut promised, mut signed) = (0, 0);
    for seed in 0..SEEDS {
        let rng = &mut Rng::new(seed, 77);
        let store: Shared = Arc::new(Memory::new());
        let service = Service::over(Arc::clone(&store)).unwrap();
        quotes::plan_with(&service, "T-0");
        let mut policy = serde_json::to_value(clocks::policy(10)).unwrap();
        policy["rates"] = json!([{"service": "filing", "normal_fen": 50_000,
            "surcharge_permille": 200, "overtime_permille": 1000, "displacement_permille": 1000}]);
        let policy = serde_json::from_value(policy).unwrap();
        service.put_policy(&caller(Role::Administrator), Some(0), policy, NOW).unwrap();
        let acme = json!({"id": "acme", "name": {"zh": "安美", "en": "Acme"}});
        let acme = serde_json::from_value(acme).unwrap();
        service.create_client(&caller(Role::Administrator), acme, None, NOW).unwrap();
        let mut now_ms = NOW;
        for key in ["T-1", "T-2", "T-3", "T-4"] {
            create(&service, key, rng, now_ms);
        }
        for _ in 0..COMMANDS {
            now_ms += rng.range(0, 20) * MINUTE;
            step(&service, rng, now_ms);
        }
        let done = comes_back(&store, &service, rng, now_ms);
        assert_eq!(done.tickets, 5);
        assert!(done.events > 40, "{seed}: only {} events", done.events);
        let events = store.events(0, 9_999).unwrap();
        let count = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
        promised += count("ticket.accepted");
        signed += count("ticket.signed");
    }
    assert!(promised > 0 && signed > 0, "{promised} {signed}");
}

/// The same from a file: an order with its price and its promise, which goes on afterwards.
#[test]
fn a_promise_and_its_price_come_back_from_the_log() {
    let path = path("rebuild-file");
    let store: Shared = Arc::new(Sqlite::create_or_open(&path).unwrap());
    let service = Service::over(Arc::clone(&store)).unwrap();
    drive::weighed_ticket(&service);
    let agent = caller(Role::Dispatcher);
    let quoted = drive::quote(&service, "T-1");
    service.accept(&agent, &quoted.id, OptionKind::AsItStands, None, NOW).unwrap();
    let shown = service.ticket(&caller(Role::Administrator), "T-1", NOW).unwrap();
    assert!(shown.price.as_ref().unwrap().total_fen.0 > 0);
    comes_back(&store, &service, &mut Rng::new(1, 1), NOW);
    assert_eq!(service.ticket(&caller(Role::Administrator), "T-1", NOW).unwrap(), shown);
    // Erased, it keeps what it costs and loses what that rests on.
    let (boss, because) = (caller(Role::Administrator), Some("a law"));
    service.erase_ticket_for(&boss, "T-1", because, NOW).unwrap();
    comes_back(&store, &service, &mut Rng::new(2, 1), NOW);
    let wanted = Wanted { key: "T-1", version: Some(shown.version + 1) };
    let chased = doing("client_chased", json!({}));
    service.desk_do(&agent, wanted, &chased, None, NOW).unwrap();
}

/// R076: a rebuild that is cut short loses no ticket from the queue: whoever opens the file next
/// makes the lists anew.
#[test]
fn a_rebuild_that_is_cut_short_leaves_no_list_that_looks_whole() {
    let store: Shared = Arc::new(Memory::new());
    let service = Service::over(Arc::clone(&store)).unwrap();
    super::firm(&service);
    let agent = caller(Role::Dispatcher);
    // More than is written together: each has two marks.
    let count = 2_100;
    for number in 0..count {
        let key = format!("T-{number:04}");
        service.create_ticket(&agent, super::filing(Some(&key)), None, NOW).unwrap();
    }
    let open = |store: &Shared| {
        let first = store.marks("open", "", None, 999).unwrap();
        let second = store.marks("open", &first[998].key, None, 999).unwrap();
        let third = store.marks("open", &second[998].key, None, 999).unwrap();
        first.len() + second.len() + third.len()
    };
    assert_eq!(open(&store), count);
    let mut watch = |seen: u64, _: u64| assert!(seen < 2_050, "cut short");
    let cut = std::panic::AssertUnwindSafe(|| service.rebuild(NOW, &mut watch));
    assert!(std::panic::catch_unwind(cut).is_err());
    let left = store.marks("open", "", None, 999).unwrap().len();
    assert!(left == 0 || store.mark("marks", "made").unwrap().is_none());
    drop(service);
    drop(Service::over(Arc::clone(&store)).unwrap());
    assert_eq!(open(&store), count);
}
