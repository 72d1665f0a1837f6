//! The levels of response: when the second begins, and that the result ends both.

use std::collections::BTreeSet;

use paidan::desk::clock::Turn;
use paidan::desk::event::{Draft, Event, Head, Stream, seal};
use paidan::desk::payload::Payload;
use paidan::desk::rules::{Served, timers};
use paidan::desk::timer::{Timer, runs};
use serde_json::{Value, json};

use super::demonstration;

/// Events of a ticket, by moment.
fn record(told: &[(i64, &str, Value)]) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for (at_ms, kind, payload) in told {
        let payload = Payload::of(payload).unwrap();
        let kind = format!("ticket.{kind}");
        let draft = Draft { at_ms: *at_ms, actor: "li".to_owned(), kind, payload };
        let head = events.last().map_or(Head::NONE, Event::head);
        let position = events.len() as u64 + 1;
        events.push(seal(&Stream::new("ticket", "T"), head, position, draft));
    }
    events
}

fn on(track: &str) -> Value {
    json!({"ticket": {"id": "T", "track": track}})
}

fn dispatched() -> Value {
    json!({"driver": "li", "liaison": "mei", "reviewer": "wang"})
}

fn delivered() -> Value {
    json!({"steps": [], "tracking": null})
}

/// The demonstration's clock of this kind.
fn timer(id: &str) -> Timer {
    let day = paidan::calendar::Date::parse("2026-03-09").unwrap().day();
    let (tier, notice_ms, owed_ms) = (Some("basic"), None, None);
    let served = Served { client: None, tier, level: 1, on: day, notice_ms, owed_ms };
    timers(&demonstration(), &served).into_iter().find(|timer| timer.id == id).unwrap()
}

/// From when to when its clocks ran.
fn ran(timer: &Timer, told: &[(i64, &str, Value)]) -> Vec<(i64, Option<i64>)> {
    let at = |turns: &[(i64, Turn)], wanted: Turn| {
        turns.iter().find(|(_, turn)| *turn == wanted).map(|(at_ms, _)| *at_ms)
    };
    let runs = runs(timer, &record(told)).unwrap();
    runs.iter().map(|turns| (at(turns, Turn::Starts).unwrap(), at(turns, Turn::Stops))).collect()
}

/// From when to when clocks of this kind ran.
fn spans(id: &str, told: &[(i64, &str, Value)]) -> Vec<(i64, Option<i64>)> {
    ran(&timer(id), told)
}

/// R126, R127: who has the result waits for no first solution and no meeting, whoever forgot to say
/// that there was one; what is passed on after that counts from then.
#[test]
fn the_result_ends_the_levels_of_response() {
    let told = |kind: &'static str| {
        let passed = (1, kind, json!({"reason": "tax"}));
        [(0, "created", on("normal")), passed, (5, "delivered", delivered())]
    };
    assert_eq!(spans("l2", &told("passed_to_specialist")), [(1, Some(5))]);
    assert_eq!(spans("l3", &told("passed_to_director")), [(1, Some(5))]);
    let mut again = told("passed_to_director").to_vec();
    again.push((9, "passed_to_director", json!({"reason": "audit"})));
    assert_eq!(spans("l3", &again), [(1, Some(5)), (9, None)]);
    // A written answer is one, and no other clock of the firm's ends by it.
    assert_eq!(spans("answer", &told("passed_to_director")), [(0, Some(5))]);
    assert_eq!(spans("l1", &told("passed_to_director")), [(0, None)]);
    // And so is a quote (R110).
    let quoted = (2, "quoted", json!({"quote": "q"}));
    assert_eq!(spans("answer", &[(0, "created", on("normal")), quoted]), [(0, Some(2))]);
}

/// R126: an urgent ticket is handed over with its dispatch; made urgent later, then. What somebody
/// passed on before, or has a solution for, is not handed over once more.
#[test]
fn the_second_level_counts_from_the_hand_over_of_an_urgent_ticket() {
    let at_once = [(0, "created", on("urgent")), (3, "dispatched", dispatched())];
    assert_eq!(spans("l2", &at_once), [(3, None)]);
    let calm = [(0, "created", on("normal")), (3, "dispatched", dispatched())];
    assert_eq!(spans("l2", &calm), []);
    let later = [&calm[..], &[(7, "changed", on("urgent"))]].concat();
    assert_eq!(spans("l2", &later), [(7, None)]);
    let rejected = (4, "rejected", json!({"reason": "outside my field"}));
    let nobody = [&calm[..], &[rejected, (7, "changed", on("urgent"))]].concat();
    assert_eq!(spans("l2", &nobody), []);
    let next = [&nobody[..], &[(8, "dispatched", dispatched())]].concat();
    assert_eq!(spans("l2", &next), [(8, None)]);
    let solved = (4, "solution_given", json!({"what": "file"}));
    let twice = [&at_once[..], &[solved, (9, "dispatched", dispatched())]].concat();
    assert_eq!(spans("l2", &twice), [(3, Some(4))]);
    for (kind, count) in [("passed_to_specialist", 1), ("passed_to_director", 0)] {
        let passed = (1, kind, json!({"reason": "tax"}));
        let told = [(0, "created", on("urgent")), passed, (3, "dispatched", dispatched())];
        assert_eq!(spans("l2", &told).len(), count, "{kind}");
    }
    // What the contract promises nobody called about (R111).
    let by_contract =
        json!({"quote": "contract", "option": "contract", "plan": "", "finish_ms": 9});
    let owed = [
        (0, "created", on("urgent")),
        (1, "accepted", by_contract),
        (3, "dispatched", dispatched()),
    ];
    assert_eq!(spans("l2", &owed), []);
}

/// R126: whatever the order of the day, at most one hand-over, never before both are so, and never
/// behind the result.
#[test]
fn a_hand_over_is_one_and_behind_its_causes() {
    let kinds = ["created", "changed", "dispatched", "rejected", "solution_given", "delivered"];
    let (timer, mut seen) = (timer("l2"), BTreeSet::new());
    for code in 0..kinds.len().pow(4) {
        let word = |place: u32| kinds[code / kinds.len().pow(place) % kinds.len()];
        let mut told = vec![(0, "created", on("normal"))];
        for place in 0..4 {
            let payload = match word(place) {
                "created" => on("normal"),
                "changed" => on("urgent"),
                "dispatched" => dispatched(),
                "rejected" => json!({"reason": "r"}),
                "solution_given" => json!({"what": "w"}),
                _ => delivered(),
            };
            told.push((i64::from(place) + 1, word(place), payload));
        }
        let spans = ran(&timer, &told);
        assert!(spans.len() <= 1, "{told:?}");
        let Some((from, _)) = spans.first() else { continue };
        let before = told.iter().filter(|(at, ..)| at <= from);
        let kinds: BTreeSet<&str> = before.map(|(_, kind, _)| *kind).collect();
        assert!(kinds.contains("changed") && kinds.contains("dispatched"), "{told:?}");
        assert!(!kinds.contains("delivered") && !kinds.contains("solution_given"), "{told:?}");
        seen.insert(*from);
    }
    assert_eq!(seen, BTreeSet::from([2, 3, 4]));
}
