//! The desk's own events on their chains: whoever changes, drops, reorders or cuts off what happened
//! to a ticket is found by reading the log alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use paidan::app::service::Service;
use paidan::desk::chain::check_log;
use paidan::desk::checkpoint::Checkpoint;
use paidan::desk::event::{Event, Head, Stream};
use paidan::desk::fault::{Fault, Spot};
use paidan::desk::payload::Payload;
use paidan::store::{Memory, Shared};
use serde_json::{Value, json};

use super::NOW;
use super::drive::{accept, quote, weighed_ticket};
use crate::log::key;

/// Everything that happened at a desk until a ticket was accepted, and its clock ran out.
fn events() -> Vec<Event> {
    let store: Shared = Arc::new(Memory::new());
    let service = Service::over(Arc::clone(&store)).unwrap();
    weighed_ticket(&service);
    accept(&service, &quote(&service, "T-1")).unwrap();
    service.tick(NOW + 3_600_000).unwrap();
    store.events(0, 999).unwrap()
}

fn checkpoint(events: &[Event]) -> Checkpoint {
    let heads: BTreeMap<&Stream, Head> =
        events.iter().map(|event| (&event.stream, event.head())).collect();
    Checkpoint::take(events.last().unwrap().position, 0, heads, &key())
}

fn found(events: &[Event], taken: &Checkpoint) -> Vec<Fault> {
    check_log(events, std::slice::from_ref(taken), &key().public())
}

fn place(events: &[Event], kind: &str) -> usize {
    events.iter().position(|event| event.kind == kind).unwrap()
}

fn spot(event: &Event) -> Spot {
    Spot { stream: event.stream.clone(), seq: event.seq, position: event.position }
}

/// R076, R104, R243: a promise made later in hindsight, a breach that is gone, an assessment behind
/// what followed from it, an end that is missing: each is found, and nothing in a log as written.
#[test]
fn whatever_is_done_to_the_desks_log_is_found() {
    let events = events();
    let taken = checkpoint(&events);
    assert_eq!(found(&events, &taken), []);

    let mut later = events.clone();
    let accepted = &mut later[place(&events, "ticket.accepted")];
    let mut payload: Value = accepted.payload.value().unwrap();
    payload["finish_ms"] = json!(payload["finish_ms"].as_i64().unwrap() + 60_000);
    accepted.payload = Payload::of(&payload).unwrap();
    let changed = Fault::Changed(spot(&events[place(&events, "ticket.accepted")]));
    assert!(found(&later, &taken).contains(&changed));

    let mut gone = events.clone();
    let breach = gone.remove(place(&events, "ticket.clock_breached"));
    let lost = Fault::Lost { first: breach.position, last: breach.position };
    let faults = found(&gone, &taken);
    assert!(faults.contains(&lost), "{faults:?}");
    let (stream, seq) = (breach.stream.clone(), breach.seq);
    assert!(faults.contains(&Fault::Gap { stream, first: seq, last: seq }), "{faults:?}");

    let mut turned = events.clone();
    let (first, second) = (place(&events, "ticket.assessed"), place(&events, "ticket.weighed"));
    turned.swap(first, second);
    let faults = found(&turned, &taken);
    assert!(faults.iter().any(|fault| matches!(fault, Fault::Misplaced(_))), "{faults:?}");

    let cut = &events[..events.len() - 1];
    let (position, end) = (taken.position, cut.last().unwrap().position);
    assert_eq!(found(cut, &taken), [Fault::Cut { position, end }]);
}
