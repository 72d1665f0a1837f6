//! Moments and durations that callers state in milliseconds: what documents cannot write is refused
//! where it is said, and never put on record (R007: dates that were wished and are needed).

use serde_json::Value;

use crate::app::service::base::faulty;
use crate::app::service::refusal::Refusal;
use crate::calendar::{Date, Zone};
use crate::desk::clock::MINUTE;
use crate::model::issue::{Issue, Issues};
use crate::time::{DAY, Tick};

use super::Doing;

/// What the names of moments and durations end in.
const MILLISECONDS: &str = "_ms";
/// The names of those that are durations.
const DURATIONS: [&str; 3] = ["slack_ms", "saved_ms", "late_ms"];
/// The longest duration: a hundred years.
const LONGEST_MS: i64 = 36_525 * DAY * MINUTE;

/// Goes on only where every moment is in a year that documents can write, and no duration is longer
/// than a hundred years. `name` is what it is called in what was sent.
pub(super) fn must_be_writable((doing, name): (&Doing, &str), zone: Zone) -> Result<(), Refusal> {
    let mut issues = Issues::new();
    look(&doing.payload, "$.payload", zone, &mut issues);
    if issues.is_empty() { Ok(()) } else { Err(faulty(name, doing, issues)) }
}

/// Adds to `issues` what is wrong in `value`, which stands at `path`.
fn look(value: &Value, path: &str, zone: Zone, issues: &mut Issues) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let is_plain = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
                let path = match is_plain {
                    true => format!("{path}.{name}"),
                    false => format!("{path}[{}]", Value::from(name.as_str())),
                };
                match member.as_i64().filter(|_| name.ends_with(MILLISECONDS)) {
                    Some(ms) => issues.extend(wrong(name, ms, zone).map(|issue| issue(path))),
                    None => look(member, &path, zone, issues),
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                look(item, &format!("{path}[{at}]"), zone, issues);
            }
        }
        _ => {}
    }
}

/// What is wrong with so many milliseconds of this name, at some path.
fn wrong(name: &str, ms: i64, zone: Zone) -> Option<impl FnOnce(String) -> Issue> {
    let is_duration = DURATIONS.contains(&name);
    let is_right = match is_duration {
        true => ms.unsigned_abs() <= LONGEST_MS.unsigned_abs(),
        false => Date::is_writable(zone.date(Tick(ms.div_euclid(MINUTE)))),
    };
    let (zh, en) = match is_duration {
        true => (format!("{ms} 毫秒超过一百年"), format!("{ms} ms is longer than a hundred years")),
        false => (
            format!("{ms} 不在 1970 至 9999 年之内"),
            format!("{ms} is in no year from 1970 to 9999"),
        ),
    };
    let hint = ("请以毫秒计，从 1970-01-01T00:00Z 起", "count milliseconds, not microseconds");
    (!is_right)
        .then_some(move |path: String| Issue::error("J024", path, zh, en).hint(hint.0, hint.1))
}
