//! A desk with 100,000 open tickets and 2,000,000 events: how long a command takes until it is on
//! the disk, what it takes to say what is due now, to read every view from the log anew, and how
//! much memory all of it needs. The folder decides: `PAIDAN_BENCH_FOLDER` names one on the disk to
//! be measured.
//!
//! Beside each figure stands what is asked of it, and whether it was reached on this machine.
//!
//! `cargo bench --bench desk`; `-- --test` does the same with 200 tickets.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use paidan::app::documents::Text;
use paidan::app::files;
use paidan::app::service::desk::{Doing, Wanted};
use paidan::app::service::events::Told;
use paidan::app::service::{Caller, Service};
use paidan::desk::event::{Draft, Stream};
use paidan::desk::payload::Payload;
use paidan::store::{Batch, Sqlite, Store as _, Write};
use serde_json::{Value, json};

/// Tickets, and events of each.
const TICKETS: u64 = 100_000;
const EVENTS: usize = 20;
/// Tickets whose events are written together.
const TOGETHER: u64 = 200;
/// Commands measured.
const COMMANDS: u64 = 2_000;
/// Tickets the plan in force holds.
const PLANNED: u64 = 40;
/// What is asked: milliseconds of a command at the 99th percentile and of what is due, seconds of a
/// rebuild, megabytes.
const ASKED: (f64, f64, f64, u64) = (5.0, 50.0, 60.0, 1_024);

/// Between two tickets, in milliseconds: all of them came within four weeks.
const APART: i64 = 24_000;
/// 2026-03-09 in Shanghai, 09:00.
const NINE: i64 = 20_521 * 86_400_000 + 3_600_000;

fn folder() -> PathBuf {
    let base = env::var("PAIDAN_BENCH_FOLDER");
    let base = base.map_or_else(|_| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = base.join("paidan-bench-desk");
    // Left over from an earlier run, or not there.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// Does lines of a day on a new service.
fn replay(service: &Service, lines: &[Value]) {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/04-desk");
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    let text = Text { name: "day".to_owned(), bytes: text.join("\n").into_bytes() };
    let read = |name: &str| files::read(&scenarios.join(name));
    let done = service.replay(&text, &read).expect("the lines can be read");
    assert!(done.iter().all(|line| line.is_as_stated), "{done:?}");
}

fn line(who: &str, step: &Value) -> Value {
    json!({"at": "2026-03-09T09:00", "who": who, "do": step})
}

/// Base, people, clients and policy of the firm.
fn firm() -> Vec<Value> {
    let admin = |step| line("administrator/admin", &step);
    vec![admin(json!({"scenario": "scenario.json"})), admin(json!({"policy": "policy.json"}))]
}

/// The same with a plan in force.
fn planned() -> Vec<Value> {
    let agent = |step| line("dispatcher/mei", &step);
    let mut lines = firm();
    for number in 0..PLANNED {
        let new = json!({"id": format!("P-{number:02}"), "service": "filing", "client": "group",
            "channel": "hotline"});
        lines.push(agent(json!({"create": new})));
    }
    lines.push(agent(json!({"plan": {"rounds": 1}})));
    lines
}

/// The events of one ticket in work, as the service writes them.
fn life() -> Vec<Told> {
    let agent = |step| line("dispatcher/mei", &step);
    let happens = |kind: &str, payload: Value| json!({"happens": {"ticket": "T", "kind": kind, "payload": payload}});
    let yes = json!({"answer": "yes", "evidence": "plan"});
    let mut lines = firm();
    let ticket = json!({"id": "T", "service": "equity-change", "client": "group"});
    let new =
        json!({"id": "T", "service": "equity-change", "client": "group", "channel": "hotline"});
    lines.extend([agent(json!({"plan": {"rounds": 1}})), agent(json!({"create": new}))]);
    let request = json!({"format": "paidan-request/1", "tickets": [ticket]});
    let steps = [
        happens("contacted", json!({})),
        happens(
            "assessed",
            json!({"cause": "contract", "losses": ["deal"], "degree": "grave", "wished_ms": null,
                "needed_ms": NINE, "has_notice": true, "stuck_at": "材料", "reach_today": "受理"}),
        ),
        happens("weighed", json!({"people": yes, "process": yes, "tools": yes, "risk": yes})),
        json!({"quote": {"request": request, "accept": "as_it_stands"}}),
        happens("dispatched", json!({"driver": "zhao", "liaison": "mei", "reviewer": "wang"})),
    ];
    lines.extend(steps.map(agent));
    let driver = |step| line("specialist/zhao", &step);
    lines.extend(["acknowledged", "begun"].map(|kind| driver(happens(kind, json!({})))));
    let mut count = lines.len() - 2;
    while count < EVENTS {
        let wait = json!({"wait": "agency"});
        lines.push(driver(happens("wait_begun", wait.clone())));
        lines.push(driver(happens("wait_over", wait)));
        count += 2;
    }
    let service = Service::in_memory();
    replay(&service, &lines);
    let stream = Stream::new("ticket", "T");
    let owner = Caller::machine_owner();
    let mut told = service.events_of(&owner, &stream, 0, 100, NINE).expect("the events are there");
    told.truncate(EVENTS);
    assert_eq!(told.len(), EVENTS);
    told
}

/// Writes the events of `tickets` tickets, each a copy of `life` at a time of its own.
fn fill(path: &Path, life: &[Told], tickets: u64) {
    let store = Sqlite::create_or_open(path).expect("the database opens");
    for first in (0..tickets).step_by(usize::try_from(TOGETHER).expect("a small number")) {
        let mut batch = Batch::new();
        for number in first..(first + TOGETHER).min(tickets) {
            let stream = Stream::new("ticket", key(number));
            let at_ms = NINE + APART * i64::try_from(number).expect("a small number");
            let drafts = life.iter().map(|told| draft(told, number, at_ms)).collect();
            batch = batch.and(Write::Append { stream, expected_seq: Some(0), drafts });
        }
        store.commit(batch).expect("the events are written");
    }
}

fn key(number: u64) -> String {
    format!("T-{number:06}")
}

fn draft(told: &Told, number: u64, at_ms: i64) -> Draft {
    let mut payload = told.payload.clone();
    if payload["ticket"].is_object() {
        payload["ticket"]["id"] = json!(key(number));
    }
    // Its words lie apart, in the database it was quoted in.
    payload.as_object_mut().and_then(|payload| payload.remove("price"));
    let payload = Payload::of(&payload).expect("it was one before");
    Draft { at_ms, actor: told.actor.clone(), kind: told.kind.clone(), payload }
}

#[expect(clippy::disallowed_methods, reason = "a bench is a stopwatch")]
fn now() -> Instant {
    Instant::now()
}

fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}

/// The most memory this process had, in megabytes, where the system tells.
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

/// Things that happen to a ticket in work.
fn kinds(now_ms: i64) -> [(&'static str, Value); 5] {
    let forecast =
        json!({"earliest_ms": now_ms, "latest_ms": now_ms + 86_400_000, "reason": "queue"});
    [
        ("client_chased", json!({})),
        ("client_told", json!({"node": "answer", "what": "in work"})),
        ("wait_begun", json!({"wait": "client"})),
        ("anomaly_raised", json!({"what": "the form was sent back"})),
        ("forecast", forecast),
    ]
}

fn commands(service: &Service, tickets: u64, now_ms: i64) {
    let owner = Caller::machine_owner();
    let kinds = kinds(now_ms);
    let mut took: Vec<(usize, f64)> = Vec::new();
    for number in 0..COMMANDS.min(tickets) {
        // All over the place: a step that shares no factor with the number of tickets.
        let key = key(number * 7_919 % tickets);
        let wanted = Wanted { key: &key, version: None };
        let which = usize::try_from(number).expect("a small number") % kinds.len();
        let (kind, payload) = (format!("ticket.{}", kinds[which].0), kinds[which].1.clone());
        let doing = Doing { kind, payload, person: None, note: None };
        let start = now();
        service.desk_do(&owner, wanted, &doing, None, now_ms).expect("it may happen");
        took.push((which, seconds(start) * 1_000.0));
    }
    for (which, (kind, _)) in kinds.iter().enumerate() {
        let own = took.iter().filter(|one| one.0 == which).map(|one| one.1).collect();
        let (median, last) = at(own);
        report(kind, &format!("median {median:.2} ms, p99 {last:.2} ms"));
    }
    let (median, last) = at(took.into_iter().map(|one| one.1).collect());
    let told = reached(last <= ASKED.0);
    report("command", &format!("median {median:.2} ms, p99 {last:.2} ms of {} {told}", ASKED.0));
}

/// The middle, and the 99th percentile.
fn at(mut took: Vec<f64>) -> (f64, f64) {
    took.sort_by(f64::total_cmp);
    let at = |permille: usize| took[(took.len() - 1) * permille / 1_000];
    (at(500), at(990))
}

fn reached(is_reached: bool) -> &'static str {
    if is_reached { "PASS" } else { "MISS" }
}

fn due(service: &Service, now_ms: i64) {
    let owner = Caller::machine_owner();
    let mut took = Vec::new();
    let mut count = 0;
    for _ in 0..20 {
        let start = now();
        let page = service.desk_due(&owner, now_ms, None, 1_000).expect("it is told");
        took.push(seconds(start) * 1_000.0);
        count = page.items.len();
    }
    took.sort_by(f64::total_cmp);
    let worst = took[took.len() - 1];
    let told = reached(worst <= ASKED.1);
    report(
        "due now",
        &format!("{count} moments, worst of 20: {worst:.2} ms of {} {told}", ASKED.1),
    );
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
fn report(what: &str, text: &str) {
    println!("{what:<10} {text}");
}

fn main() {
    let is_test = env::args().any(|argument| argument == "--test");
    let tickets = if is_test { 200 } else { TICKETS };
    let path = folder().join("desk.db");
    replay(&Service::open(&path).expect("the database opens"), &planned());
    let start = now();
    fill(&path, &life(), tickets);
    report("filled", &format!("{tickets} tickets in {:.1} s", seconds(start)));
    let start = now();
    let service = Service::open(&path).expect("the database opens");
    report("opened", &format!("{:.1} s", seconds(start)));
    // So that of some tickets a clock has come, and of most not yet.
    let now_ms = NINE + 86_400_000;
    let start = now();
    let done = service.rebuild(now_ms, &mut |_, _| {}).expect("the log can be read");
    let took = seconds(start);
    let told = reached(took <= ASKED.2);
    report("rebuilt", &format!("{} events in {took:.1} s of {} {told}", done.events, ASKED.2));
    assert_eq!((done.tickets as u64, done.left.len()), (tickets + PLANNED, 0));
    due(&service, now_ms);
    commands(&service, tickets, now_ms);
    if let Some(memory) = memory() {
        let told = reached(memory <= ASKED.3);
        report("memory", &format!("{memory} MB at most of {} {told}", ASKED.3));
    }
    drop(service);
    let _ = fs::remove_dir_all(path.parent().expect("it lies in a folder"));
}
