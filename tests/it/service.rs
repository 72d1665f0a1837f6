//! The service: callers, requests that come again, and everything that is kept, without the web.

mod keys;
mod roles;

use std::fs;
use std::path::{Path, PathBuf};

use paidan::app::service::keys::{MadeKey, Wish};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Owner, Service};

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
    let wish = Wish { role, scopes: Vec::new(), expires_ms: None };
    Owner::of_service(service).make_key(wish, NOW).unwrap()
}

/// Somebody of this role.
fn caller(role: Role) -> Caller {
    Caller::person(role.name(), role)
}
