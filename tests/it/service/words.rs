//! What is suggested, found and learned at the desk, and where it is read again; files that need
//! not be kept any more.

use paidan::app::service::desk::{ManualSearch, Period, Wanted};
use paidan::app::service::role::Role;
use paidan::app::service::{Caller, Refusal, Service};
use serde_json::{Value, json};

use super::desk::doing;
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn does(service: &Service, who: &Caller, kind: &str, payload: Value, now_ms: i64) {
    let wanted = Wanted { key: "T-1", version: None };
    service.desk_do(who, wanted, &doing(kind, payload), None, now_ms).unwrap();
}

fn period(service: &Service, now_ms: i64) -> Period {
    service.desk_review(&caller(Role::Dispatcher), (now_ms, 7), now_ms).unwrap().period
}

/// T-1, signed at ten and looked back on.
fn looked_back(service: &Service) {
    weighed_ticket(service);
    accept(service, &quote(service, "T-1")).unwrap();
    finish(service);
}

/// T-1, which was promised, is done, signed at ten and looked back on.
fn finish(service: &Service) {
    let agent = caller(Role::Dispatcher);
    let crew = service.ticket(&agent, "T-1", NOW).unwrap().desk.unwrap().crew.unwrap();
    let he = Caller::person(&crew.driver, Role::Specialist);
    let she = Caller::person(&crew.reviewer, Role::Reviewer);
    for kind in ["acknowledged", "begun"] {
        does(service, &he, kind, json!({}), NOW);
    }
    does(service, &he, "self_checked", json!({"items": []}), NOW + HOUR);
    does(service, &she, "reviewed", json!({"items": []}), NOW + HOUR);
    does(service, &he, "delivered", json!({"steps": []}), NOW + HOUR);
    let dossier = service.dossier(&agent, "T-1", NOW + HOUR).unwrap();
    let signed = json!({"digest": dossier.confirmation.digest});
    does(service, &agent, "signed", signed, NOW + HOUR);
    let look = json!({"well": "in time", "improve": "ask for the seal first"});
    does(service, &agent, "looked_back", look, NOW + HOUR);
}

/// R089, R194, R195: what a client suggests and what is found wrong is listed, with who sees to
/// it, until an improvement of the same words says what has changed; that is listed then, for the
/// period.
#[test]
fn what_is_suggested_and_found_is_listed_until_something_becomes_of_it() {
    both("words-open", |service| {
        weighed_ticket(service);
        accept(service, &quote(service, "T-1")).unwrap();
        let agent = caller(Role::Dispatcher);
        let driver = service.ticket(&agent, "T-1", NOW).unwrap().desk.unwrap().crew.unwrap().driver;
        let found = |what: &str, is_sensitive: bool| json!({"what": what, "advice": "ask the bank", "is_sensitive": is_sensitive});
        does(service, &agent, "finding_noted", found("two accounts", true), NOW);
        does(service, &agent, "finding_noted", found("old seal", false), NOW);
        finish(service);
        does(service, &agent, "suggested", json!({"what": "报告早一点"}), NOW + HOUR);
        let open = period(service, NOW + 3 * HOUR);
        let one = &open.suggestions[0];
        assert_eq!(
            (one.what.as_str(), one.owner.as_ref(), one.since.to_string().as_str()),
            ("报告早一点", Some(&driver), "2026-03-09T10:00+08:00")
        );
        let told: Vec<_> =
            open.findings.iter().map(|row| (row.what.as_str(), row.is_sensitive)).collect();
        assert_eq!(told, [("two accounts", true), ("old seal", false)]);
        assert!(open.improvements.is_empty());

        let improved = |what: &str| json!({"what": what, "owner": "mei", "effect": "at 15:00"});
        does(service, &agent, "improved", improved("something else"), NOW + 4 * HOUR);
        assert_eq!(period(service, NOW + 5 * HOUR).suggestions.len(), 1);
        does(service, &agent, "improved", improved("报告早一点"), NOW + 5 * HOUR);
        does(service, &agent, "improved", improved("old seal"), NOW + 5 * HOUR);
        let done = period(service, NOW + 6 * HOUR);
        assert!(done.suggestions.is_empty());
        assert_eq!(done.findings.len(), 1);
        let row = &done.improvements[1];
        assert_eq!(
            (row.what.as_str(), row.owner.as_str(), row.effect.as_str()),
            ("报告早一点", "mei", "at 15:00")
        );
        // A week later it is still found, and improved before that week.
        let later = period(service, NOW + 8 * DAY);
        assert_eq!((later.findings.len(), later.improvements.len()), (1, 0));
        let words = service.dossier(&agent, "T-1", NOW + 6 * HOUR).unwrap().words;
        assert_eq!((words.suggestions.len(), words.improvements.len()), (1, 3));
        assert_eq!(words.findings[0], ("two accounts".to_owned(), "ask the bank".to_owned()));
    });
}

/// R092: what was learned is found again in the manual, by the service it is about, the latest
/// first; another program reads none of it.
#[test]
fn what_was_learned_is_read_in_the_manual() {
    both("words-manual", |service| {
        looked_back(service);
        let agent = caller(Role::Dispatcher);
        let entry = |template: &str, entry: &str| json!({"template": template, "entry": entry});
        does(service, &agent, "manual_written", entry("filing", "one"), NOW + HOUR);
        does(service, &agent, "manual_written", entry("food-licence", "two"), NOW + 2 * HOUR);
        does(service, &agent, "manual_written", entry("filing", "three"), NOW + 3 * HOUR);
        let read = |template: Option<&str>, days: u16, now_ms: i64| {
            let asked = ManualSearch { template: template.map(str::to_owned), days };
            let rows = service.manual(&agent, &asked, now_ms).unwrap();
            rows.into_iter().map(|row| row.entry).collect::<Vec<_>>()
        };
        assert_eq!(read(None, 365, NOW + 4 * HOUR), ["three", "two", "one"]);
        assert_eq!(read(Some("filing"), 365, NOW + 4 * HOUR), ["three", "one"]);
        // A day and two and a half hours after nine only the last one is of the last day.
        assert_eq!(read(None, 1, NOW + DAY + 5 * HOUR / 2), ["three"]);
        let asked = ManualSearch { template: None, days: 365 };
        let row = &service.manual(&agent, &asked, NOW + 4 * HOUR).unwrap()[0];
        assert_eq!((row.ticket.as_str(), row.by.as_str()), ("T-1", "dispatcher"));
        assert_eq!(row.at, "2026-03-09T04:00:00.000Z");
        let outside = service.manual(&caller(Role::Ticketing), &asked, NOW);
        assert!(matches!(outside, Err(Refusal::Forbidden(_))));
    });
}

/// R077: a file is on the list of those that need not be kept any more from the day on that it was
/// to be kept until, and not before; erased, it is not listed again.
#[test]
fn a_file_that_need_not_be_kept_any_more_is_listed_until_it_is_erased() {
    both("words-over", |service| {
        looked_back(service);
        let (agent, boss) = (caller(Role::Dispatcher), caller(Role::Administrator));
        // Three years and a day from the signature.
        let over_ms = NOW + HOUR + (3 * 365 + 1) * DAY;
        does(service, &agent, "archived", json!({"keep_until_ms": over_ms}), NOW + 2 * HOUR);
        let over = |now_ms: i64| {
            let rows = period(service, now_ms).over;
            rows.into_iter().map(|row| (row.ticket, row.since.to_string())).collect::<Vec<_>>()
        };
        assert_eq!(over(over_ms - DAY), []);
        let row = ("T-1".to_owned(), "2029-03-09T10:00+08:00".to_owned());
        assert_eq!(over(over_ms), [row]);
        service.erase_ticket(&boss, "T-1", over_ms).unwrap();
        assert_eq!(over(over_ms), []);
        assert_eq!(service.rebuild(over_ms, &mut |_, _| {}).unwrap().changed, 0);
    });
}
