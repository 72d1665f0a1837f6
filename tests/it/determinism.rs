//! The same provenance gives the same bytes, on any number of threads (R252).

use paidan::model::work::Work;
use paidan::planning::{Budget, Settings, plan};
use serde_json::{Value, json};

use crate::question::{person, question, step, ticket, with, work};
use crate::tiny::small;

fn bytes(work: &Work, settings: &Settings) -> String {
    let answer = plan(work, None, settings, "test", &mut |_| true);
    // A refusal must be the same too.
    answer.map_or_else(
        |refusal| format!("{refusal:?}"),
        |answer| serde_json::to_string(&answer.plan).unwrap(),
    )
}

fn settings(seed: u64, lanes: u32, threads: usize) -> Settings {
    Settings {
        seed,
        lanes,
        threads,
        budget: Budget::Rounds(1),
        planned: None,
        until_gap: None,
        fallback: true,
        stop: None,
    }
}

/// Fourteen jobs of different length, weight and due time for three people: too many to do well
/// at the first try.
fn crowded() -> Work {
    let job = |row: u32| {
        let minutes = 45 + row * 37 % 90;
        let first = step("first", "tax", minutes);
        let second = with(step("second", "filing", 30), json!({"after": [{"step": "first"}]}));
        let due = format!("2026-03-09T{:02}:00", 10 + row % 7);
        let rate = 100 + row * row * 31 % 900;
        with(
            ticket(&format!("t{row}"), &due, json!([first, second])),
            json!({"curves": [{"kind": "urgency", "per_hour_fen": rate}]}),
        )
    };
    let people = json!([
        person("an", &["tax"], 3),
        person("bo", &["tax", "filing"], 4),
        person("chen", &["filing"], 2),
    ]);
    work(&question(people, json!((0..14).map(job).collect::<Vec<Value>>())))
}

/// The jobs of one person, more than can be done in time.
fn alone() -> Work {
    let job = |row: u32| {
        let steps = json!([step("only", "tax", 20 + row * 37 % 90)]);
        let rate = 100 + row * row * 31 % 900;
        with(
            ticket(&format!("t{row}"), "2026-03-09T11:00", steps),
            json!({"curves": [{"kind": "urgency", "per_hour_fen": rate}]}),
        )
    };
    let jobs: Vec<Value> = (0..20).map(job).collect();
    work(&question(json!([person("an", &["tax"], 3)]), json!(jobs)))
}

/// R252.
#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let mut questions: Vec<Work> =
        (0..12).filter_map(small).map(|(_, work)| work).take(3).collect();
    questions.extend([crowded(), alone()]);
    for work in &questions {
        let first = bytes(work, &settings(7, 3, 1));
        assert_eq!(first, bytes(work, &settings(7, 3, 1)), "run again");
        for threads in [2, 8] {
            assert_eq!(first, bytes(work, &settings(7, 3, threads)), "{threads} threads");
        }
    }
}

/// R252. The seed and the number of lanes are part of the provenance because they matter: among a
/// few of either, not all plans are the same.
#[test]
fn seed_and_lanes_make_the_plan() {
    let work = crowded();
    let steps = |settings: Settings| {
        let text = bytes(&work, &settings);
        let plan: Value = serde_json::from_str(&text).unwrap();
        plan["steps"].to_string()
    };
    let first = steps(settings(1, 1, 1));
    assert!((2..8).any(|seed| steps(settings(seed, 1, 1)) != first), "the seed changes nothing");
    let lanes_matter = |seed| steps(settings(seed, 1, 1)) != steps(settings(seed, 5, 1));
    assert!((1..8).any(lanes_matter), "lanes change nothing");
}

/// R252. What the provenance names is all it takes to make the plan again.
#[test]
fn the_provenance_remakes_the_plan() {
    let work = crowded();
    let first = plan(&work, None, &settings(5, 2, 2), "test", &mut |_| true).unwrap().plan;
    let made = first.provenance.clone().unwrap();
    let again = Settings {
        seed: made.seed,
        lanes: made.lanes,
        threads: 1,
        budget: Budget::Rounds(made.rounds),
        planned: made.planned_rounds,
        until_gap: None,
        fallback: made.fallback,
        stop: None,
    };
    assert_eq!(serde_json::to_string(&first).unwrap(), bytes(&work, &again));
}
