//! The service: callers, requests that come again, and everything that is kept, without the web.

mod agreed;
mod branch;
mod came_back;
mod catalogued;
mod clients;
mod clocks;
mod counted;
mod desk;
mod dossier;
mod drive;
mod erasing;
mod facts;
mod first;
mod goals;
mod guests;
mod hooks;
mod joining;
mod keys;
mod ladder;
mod least;
mod marks;
mod meanwhile;
mod moved;
mod owed;
mod period;
mod plans;
mod posts;
mod promised;
mod publishing;
mod quotes;
mod rebuild;
mod replan;
mod response;
mod restated;
mod roles;
mod sealed;
mod settled;
mod several;
mod shelf;
mod sound;
mod stated;
mod surge;
mod tickets;
mod tidying;
mod unread;
mod used;
mod warned;
mod watch;
mod words;
mod worked;

use std::fs;
use std::path::{Path, PathBuf};

use paidan::app::service::base::Base;
use paidan::app::service::keys::{MadeKey, Wish};
use paidan::app::service::once::Made;
use paidan::app::service::role::Role;
use paidan::app::service::tickets::NewTicket;
use paidan::app::service::{Caller, Owner, Service};
use paidan::model::people::Person;
use serde::de::DeserializeOwned;
use serde_json::json;

/// 2026-03-09 (day 20,521), 09:00 in Shanghai, 01:00 UTC.
const NOW: i64 = 20_521 * 86_400_000 + 3_600_000;

/// The path of a new database in a folder of its own.
fn path(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("service").join(name);
    // Left over from an earlier run, or not there.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder.join("desk.db")
}

/// Runs `test` on a service in memory and on one in a file.
fn both(name: &str, test: impl Fn(&Service)) {
    test(&Service::in_memory());
    test(&Service::open(&path(name)).unwrap());
}

/// A new key of this role.
fn key(service: &Service, role: Role) -> MadeKey {
    key_for(service, role, &[])
}

/// A new key of this role, whose holder speaks for these people.
fn key_for(service: &Service, role: Role, people: &[&str]) -> MadeKey {
    let people = people.iter().map(|person| (*person).to_owned()).collect();
    let wish = Wish { role, scopes: Vec::new(), people, expires_ms: None };
    Owner::of_service(service).make_key(wish, NOW).unwrap()
}

/// A client comes and is erased.
fn erase_somebody(service: &Service) {
    let boss = caller(Role::Administrator);
    let client = json!({"id": "gone", "name": {"zh": "故人", "en": "Gone"}});
    let client = serde_json::from_value(client).unwrap();
    service.create_client(&boss, client, None, NOW).unwrap();
    service.erase_client(&boss, "gone", NOW).unwrap();
}

/// Somebody of this role.
fn caller(role: Role) -> Caller {
    Caller::person(role.name(), role)
}

/// A base with one service of one step, an hour of somebody with skill `tax`.
fn base() -> Base {
    serde_json::from_value(json!({
        "horizon_days": 4,
        "calendars": [{"id": "office", "weekly": {
            "mon": ["09:00-12:00", "13:00-18:00"], "tue": ["09:00-12:00", "13:00-18:00"],
            "wed": ["09:00-12:00", "13:00-18:00"], "thu": ["09:00-12:00", "13:00-18:00"],
            "fri": ["09:00-12:00", "13:00-18:00"]}}],
        "skills": [{"id": "tax"}],
        "services": [{"id": "filing", "normal": [
            {"id": "file", "seats": [{"skill": "tax", "level": 3}], "minutes": 60}]}]
    }))
    .unwrap()
}

/// Wang Fang, who can file from nine o'clock on.
fn wang() -> Person {
    serde_json::from_value(json!({
        "id": "wang",
        "name": {"zh": "王芳", "en": "Wang Fang"},
        "skills": [{"skill": "tax", "level": 3}],
        "bands": [{"kind": "regular", "calendar": "office"}]
    }))
    .unwrap()
}

/// Base and Wang Fang.
fn firm(service: &Service) {
    let boss = caller(Role::Administrator);
    service.put_base(&boss, Some(0), base(), NOW).unwrap();
    service.create_person(&boss, &wang(), None, NOW).unwrap();
}

/// A new ticket from the hotline.
fn filing(key: Option<&str>) -> NewTicket {
    serde_json::from_value(json!({"id": key, "channel": "hotline", "service": "filing"})).unwrap()
}

/// The answer, read back.
fn read<T: DeserializeOwned>(made: &Made) -> T {
    serde_json::from_slice(&made.body).unwrap()
}
