//! R007, R104: dates that no document can write are refused where they are stated, and a ticket that
//! cannot be read ends no list, no draft, no report and no rebuild.

use std::sync::Arc;

use paidan::app::service::plans::DraftWish;
use paidan::app::service::role::Role;
use paidan::app::service::tickets::{Asked, State};
use paidan::app::service::{Refusal, Service};
use paidan::store::{Batch, Memory, Shared, Write};
use serde_json::{Value, json};

use super::desk::{assessed, doing, happen};
use super::drive::{accept, quote, weighed_ticket};
use super::{NOW, both, caller, filing};

const MINUTE: i64 = 60_000;
/// 1775642400000 in microseconds: a day of the year 58237.
const MICROSECONDS: i64 = 1_775_642_400_000_000;
/// 10000-01-01 in Shanghai: 253,402,300,800 s less eight hours.
const NEXT_AGE: i64 = (253_402_300_800 - 8 * 3_600) * 1_000;

/// R007: every moment of everything that can happen is of a year from 1970 to 9999, or refused with
/// the place it stands at; the ticket and all lists are read as before.
#[test]
fn a_moment_that_no_document_can_write_is_refused_where_it_stands() {
    both("unwritable", |service| {
        weighed_ticket(service);
        let agent = caller(Role::Dispatcher);
        let with = |name: &str, at_ms: i64| {
            let mut wish = assessed();
            wish.payload[name] = json!(at_ms);
            wish
        };
        let sheets =
            json!({"a.b": {"pages": 1, "is_signed": true, "expires_ms": -1 - 8 * 60 * MINUTE}});
        let cases = [
            (with("needed_ms", MICROSECONDS), "$.payload.needed_ms"),
            (with("wished_ms", i64::MIN), "$.payload.wished_ms"),
            (with("needed_ms", NEXT_AGE), "$.payload.needed_ms"),
            (doing("client_due", json!({"items": [], "by_ms": i64::MAX})), "$.payload.by_ms"),
            (
                doing("wait_begun", json!({"wait": "agency", "until_ms": MICROSECONDS})),
                "$.payload.until_ms",
            ),
            (
                doing("blocked", json!({"reason": "flood", "until_ms": MICROSECONDS})),
                "$.payload.until_ms",
            ),
            (
                doing("material_received", json!({"items": ["a.b"], "sheets": sheets})),
                "$.payload.sheets[\"a.b\"].expires_ms",
            ),
            (
                // A hundred years are 36,525 days.
                doing(
                    "step_differed",
                    json!({"step": "x", "cause": "y",
                    "saved_ms": 36_525 * 1_440 * MINUTE + 1}),
                ),
                "$.payload.saved_ms",
            ),
        ];
        for (wish, place) in cases {
            let Err(Refusal::Faulty { issues, .. }) = happen(service, &agent, "T-1", &wish) else {
                panic!("{} was taken", wish.kind)
            };
            assert_eq!((issues[0].path.as_str(), issues[0].code), (place, "J024"));
        }
        assert_eq!(
            service.tickets(&agent, &Asked::default(), None, 9, NOW).unwrap().items.len(),
            2
        );
    });
}

/// The last day that documents can write is taken, and everything is written and read with it.
#[test]
fn the_last_day_there_is_ends_no_draft_and_no_list() {
    both("last-day", |service| {
        weighed_ticket(service);
        let agent = caller(Role::Dispatcher);
        accept(service, &quote(service, "T-1")).unwrap();
        let last = NEXT_AGE - MINUTE;
        let wait = doing("wait_begun", json!({"wait": "agency", "until_ms": last}));
        happen(service, &agent, "T-1", &wait).unwrap();
        service.create_ticket(&agent, filing(Some("T-2")), None, NOW).unwrap();
        let mut wish = assessed();
        wish.payload["needed_ms"] = json!(last);
        happen(service, &agent, "T-2", &wish).unwrap();
        let (reviewer, wish) = (caller(Role::Reviewer), DraftWish { rounds: 1, seed: 1 });
        service.draft(&reviewer, &wish, None, NOW, &mut |_| true).unwrap();
        assert!(service.ticket(&agent, "T-2", NOW).is_ok());
        assert!(service.ticket(&agent, "T-1", NOW).is_ok());
        assert!(service.desk_review(&agent, (NOW, 7), NOW).is_ok());
    });
}

/// Replaces the document of `key` by one that cannot be read.
fn spoil(store: &Shared, key: &str) {
    let kept = store.document("ticket", key).unwrap().unwrap();
    let mut body: Value = serde_json::from_str(&kept.body.unwrap()).unwrap();
    body["ticket"]["due"] = json!("+58237-01-01T00:00+08:00");
    let put = Write::PutDocument {
        kind: "ticket".to_owned(),
        key: key.to_owned(),
        expected_version: Some(kept.version),
        body: Some(body.to_string()),
        at_ms: NOW,
        actor: "owner".to_owned(),
    };
    store.commit(Batch { writes: vec![put] }).unwrap();
}

/// A ticket that cannot be read is named, everything else is listed, told, drafted and dispatched
/// as before, and the log gives it back.
#[test]
fn a_ticket_that_cannot_be_read_is_named_and_ends_nothing() {
    let store: Shared = Arc::new(Memory::new());
    let service = Service::over(Arc::clone(&store)).unwrap();
    weighed_ticket(&service);
    let (agent, reviewer) = (caller(Role::Dispatcher), caller(Role::Reviewer));
    let whole = service.ticket(&agent, "T-1", NOW).unwrap();
    spoil(&store, "T-1");
    assert!(
        service
            .ticket(&agent, "T-1", NOW)
            .is_err_and(|refusal| matches!(refusal, Refusal::Store(_)))
    );
    // Whatever is done with it says which it is, and what helps.
    let wish = serde_json::from_value(json!({"title": {"zh": "报税", "en": "filing"}})).unwrap();
    let refused = [
        service.ticket(&agent, "T-1", NOW).map(drop),
        service.cancel_ticket(&agent, "T-1", None, NOW).map(drop),
        service.change_ticket(&agent, "T-1", None, wish, NOW).map(drop),
    ];
    for refused in refused {
        let told = refused.unwrap_err().label();
        assert!(told.en.contains("ticket T-1 cannot be read: stop the server"), "{}", told.en);
        assert!(told.zh.contains("ticket T-1") && told.zh.contains("desk rebuild"), "{}", told.zh);
    }
    let open = Asked { state: Some(State::Open), ..Asked::default() };
    for asked in [Asked::default(), open] {
        let page = service.tickets(&agent, &asked, None, 9, NOW).unwrap();
        assert_eq!((page.items.len(), page.unread), (1, vec!["T-1".to_owned()]));
    }
    let report = service.desk_review(&agent, (NOW, 7), NOW).unwrap();
    assert_eq!(report.day.unread.into_iter().collect::<Vec<_>>(), ["T-1"]);
    let scenario = service.scenario(&reviewer, NOW).unwrap();
    assert_eq!(scenario.tickets.len(), 1);
    service.dispatch_planned(NOW).unwrap();
    let done = service.rebuild(NOW, &mut |_, _| {}).unwrap();
    assert_eq!((done.changed, done.left.len()), (1, 0));
    assert_eq!(service.ticket(&agent, "T-1", NOW).unwrap(), whole);
}
