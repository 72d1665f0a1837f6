//! The event log: random valid histories, tampered with in one way, and what is found.

use std::collections::BTreeMap;

use paidan::desk::chain::{check_chain, check_log};
use paidan::desk::checkpoint::Checkpoint;
use paidan::desk::event::{Draft, Event, Head, Stream, seal};
use paidan::desk::fault::{Fault, Spot};
use paidan::desk::hash::Hash;
use paidan::desk::payload::Payload;
use paidan::desk::signature::{PublicKey, SecretKey};
use paidan::solver::rng::Rng;
use serde_json::json;

/// Histories per way of tampering.
const HISTORIES: u64 = 150;

pub(crate) fn key() -> SecretKey {
    SecretKey::new(&[7; 32])
}

pub(crate) fn draft(number: i64) -> Draft {
    let payload = Payload::of(&json!({"fen": number, "why": "加急"})).unwrap();
    Draft { at_ms: 1_000 * number, actor: "wang".to_owned(), kind: "taken".to_owned(), payload }
}

/// 2 to 40 events over 1 to 5 streams.
fn history(rng: &mut Rng) -> Vec<Event> {
    let streams = rng.range(1, 6);
    let mut heads: BTreeMap<i64, Head> = BTreeMap::new();
    let count = rng.range(2, 41);
    let sealed = (1..=count).map(|number| {
        let which = rng.range(0, streams);
        let head = heads.entry(which).or_insert(Head::NONE);
        let stream = Stream::new("ticket", format!("T-{which}"));
        let event = seal(&stream, *head, number.unsigned_abs(), draft(number));
        *head = event.head();
        event
    });
    sealed.collect()
}

/// A checkpoint over the first `count` of `events`.
fn checkpoint(events: &[Event], count: usize) -> Checkpoint {
    let heads: BTreeMap<&Stream, Head> =
        events[..count].iter().map(|event| (&event.stream, event.head())).collect();
    let position = events[..count].last().map_or(0, |event| event.position);
    Checkpoint::take(position, 0, heads, &key())
}

/// What is found in `events` with a checkpoint over all that there were before.
fn found(events: &[Event], checkpoints: &[Checkpoint]) -> Vec<Fault> {
    check_log(events, checkpoints, &key().public())
}

fn spot(event: &Event) -> Spot {
    Spot { stream: event.stream.clone(), seq: event.seq, position: event.position }
}

/// Every history of the test, with a source of chance for the tampering.
fn histories() -> impl Iterator<Item = (Vec<Event>, Rng)> {
    (0..HISTORIES).map(|seed| {
        let mut rng = Rng::new(seed, 104);
        (history(&mut rng), rng)
    })
}

#[test]
fn a_log_as_it_was_written_has_no_faults() {
    for (events, mut rng) in histories() {
        let taken = [rng.below(events.len() + 1), events.len()];
        let checkpoints = taken.map(|count| checkpoint(&events, count));
        assert_eq!(found(&events, &checkpoints), []);
    }
}

/// R104, R243: whichever field of an event is changed, that event is told and no other.
#[test]
fn a_changed_event_is_told_alone() {
    let changes: [fn(&mut Event, &mut Rng); 6] = [
        |event, rng| {
            let mut bytes = event.payload.text().as_bytes().to_vec();
            let at = rng.below(7);
            bytes[at] ^= 1;
            event.payload = Payload::kept(String::from_utf8(bytes).unwrap());
        },
        |event, _| event.at_ms += 1,
        |event, _| event.actor.push('x'),
        |event, _| event.kind.push('x'),
        |event, _| event.previous = Hash::of(b"another"),
        |event, _| event.hash = Hash::of(b"another"),
    ];
    for (mut events, mut rng) in histories() {
        let at = rng.below(events.len());
        // What the checkpoint says of heads is another test's.
        let before = checkpoint(&events, at);
        let change = changes[rng.below(changes.len())];
        change(&mut events[at], &mut rng);
        assert_eq!(found(&events, &[before]), [Fault::Changed(spot(&events[at]))]);
    }
}

/// Numbers, too, are part of what is sealed.
#[test]
fn an_event_with_another_number_or_stream_is_told() {
    let changes: [fn(&mut Event); 3] = [
        |event| event.seq += 100,
        |event| event.position += 100,
        |event| event.stream.key.push('x'),
    ];
    for (mut events, mut rng) in histories() {
        let at = rng.below(events.len());
        changes[rng.below(changes.len())](&mut events[at]);
        assert!(found(&events, &[]).contains(&Fault::Changed(spot(&events[at]))));
    }
}

/// R104: a change with a new hash is told by the event behind it.
#[test]
fn a_replaced_event_is_told_by_the_next_of_its_stream() {
    for (mut events, mut rng) in histories() {
        let at = rng.below(events.len());
        let whole = checkpoint(&events, events.len());
        events[at].actor = "somebody else".to_owned();
        events[at].hash = events[at].content_hash();
        let next = events[at + 1..].iter().find(|next| next.stream == events[at].stream);
        let expected = next.map(|next| Fault::Unlinked(spot(next)));
        assert_eq!(found(&events, &[]), expected.clone().into_iter().collect::<Vec<_>>());
        // When all that follow are sealed anew, too, the checkpoint is what is left.
        if expected.is_none() {
            let rewritten = Fault::Rewritten { position: whole.position };
            assert_eq!(found(&events, &[whole]), [rewritten]);
        }
    }
}

/// R104: two events that changed places are told by the one that now stands behind.
#[test]
fn swapped_events_are_told_by_the_one_that_is_late() {
    for (mut events, mut rng) in histories() {
        let at = rng.below(events.len() - 1);
        events.swap(at, at + 1);
        assert_eq!(found(&events, &[]), [Fault::Misplaced(spot(&events[at + 1]))]);
    }
}

/// R104: an event taken away is told by the gap in the log and the gap in its stream.
#[test]
fn a_dropped_event_is_told_by_its_numbers() {
    for (mut events, mut rng) in histories() {
        let dropped = events.remove(rng.below(events.len() - 1));
        let mut expected = vec![Fault::Lost { first: dropped.position, last: dropped.position }];
        if events.iter().any(|event| event.stream == dropped.stream && event.seq > dropped.seq) {
            let (stream, seq) = (dropped.stream.clone(), dropped.seq);
            expected.push(Fault::Gap { stream, first: seq, last: seq });
        }
        assert_eq!(found(&events, &[]), expected);
    }
}

/// R104: a cut tail is told by the checkpoints that lie in it, and by no others.
#[test]
fn a_cut_tail_is_told_by_its_checkpoints() {
    for (mut events, mut rng) in histories() {
        let left = rng.below(events.len());
        let checkpoints = [checkpoint(&events, left), checkpoint(&events, events.len())];
        let (position, end) = (events.len() as u64, left as u64);
        events.truncate(left);
        assert_eq!(found(&events, &checkpoints), [Fault::Cut { position, end }]);
        assert_eq!(found(&events, &[]), [], "without a checkpoint nobody can tell");
    }
}

/// A log written anew from some event on, with all hashes right, differs from its checkpoints.
#[test]
fn a_log_written_anew_is_told_by_the_checkpoints_behind_the_change() {
    for (events, mut rng) in histories() {
        let at = rng.below(events.len());
        let mut heads: BTreeMap<Stream, Head> = BTreeMap::new();
        let mut forged = Vec::new();
        for (row, event) in events.iter().enumerate() {
            let head = heads.entry(event.stream.clone()).or_insert(Head::NONE);
            let number = i64::try_from(event.position).unwrap();
            let told = draft(if row == at { 999 } else { number });
            forged.push(seal(&event.stream, *head, event.position, told));
            *head = forged[row].head();
        }
        let checkpoints = [checkpoint(&events, at), checkpoint(&events, at + 1)];
        let position = events[at].position;
        assert_eq!(found(&forged, &checkpoints), [Fault::Rewritten { position }]);
    }
}

#[test]
fn a_checkpoint_signed_by_another_key_is_told() {
    let events = history(&mut Rng::new(1, 104));
    let taken = checkpoint(&events, events.len());
    let other: PublicKey = SecretKey::new(&[8; 32]).public();
    let forged = Fault::Forged { position: taken.position };
    assert_eq!(check_log(&events, &[taken], &other), [forged]);
}

#[test]
fn one_stream_is_checked_by_itself() {
    for (events, mut rng) in histories() {
        let stream = events[rng.below(events.len())].stream.clone();
        let mut own: Vec<Event> = events.into_iter().filter(|e| e.stream == stream).collect();
        assert_eq!(check_chain(&own), []);
        let Some(row) = own.len().checked_sub(2) else { continue };
        let dropped = own.remove(row);
        let (first, last) = (dropped.seq, dropped.seq);
        assert_eq!(check_chain(&own), [Fault::Gap { stream, first, last }]);
    }
}

/// Numbers at the end of what can be counted stop nobody from looking.
#[test]
fn numbers_beyond_all_measure_are_faults_and_nothing_worse() {
    let stream = Stream::new("ticket", "T-1");
    let last = Head { seq: u64::MAX - 1, hash: Hash::ZERO };
    let huge = seal(&stream, last, u64::MAX, draft(1));
    let mut changed = huge.clone();
    changed.actor.push('x');
    let zero = Event { seq: 0, position: 0, ..huge.clone() };
    let faults = found(&[huge.clone(), changed, zero, huge], &[]);
    assert!(faults.contains(&Fault::Lost { first: 1, last: u64::MAX - 1 }), "{faults:?}");
}
