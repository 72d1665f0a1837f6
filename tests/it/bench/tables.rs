//! Best-known values, results on file, and the summary.

use paidan::exchange::bench::results::{Key, Row, Status, head, rows, written};
use paidan::exchange::bench::{Kind, Known, best_known, shown_factor};
use paidan::model::lang::Lang;
use paidan::report::bench::render;

/// A run of 10 s with this seed, cost and best-known value.
fn row(instance: &str, seed: u64, cost: i64, known: Option<(i64, Kind)>) -> Row {
    Row {
        key: Key {
            family: "jobshop".to_owned(),
            instance: instance.to_owned(),
            factor: Some(1_300),
            seed,
            budget: "10s".to_owned(),
            lanes: 4,
            version: "0.1.0".to_owned(),
            threads: 2,
        },
        status: Status::Verified,
        cost: Some(cost),
        known: known.map(|(value, kind)| Known { value, kind, lower_bound: None }),
        bound: Some(7),
        best_after: Some(1_250),
        milliseconds: 10_000,
        rounds: 1_234,
        at: [Some(cost + 20), Some(cost + 10), Some(cost), None],
        first_after: Some(3),
        digest: "ab".to_owned(),
    }
}

#[test]
fn best_known_values_are_read_from_tables_of_different_columns() {
    let table = best_known(
        b"instance,best_known,kind,source,lower_bound\n\
          mk10,193,best,\"a, b\",189\nmk01,40,optimal,x,\nopen,,best,x,5\n",
    );
    let table = table.unwrap();
    let best = Known { value: 193, kind: Kind::Best, lower_bound: Some(189) };
    assert_eq!(table["mk10"], best);
    assert_eq!(table["mk01"], Known { value: 40, kind: Kind::Optimal, lower_bound: None });
    assert!(!table.contains_key("open"), "no value is known");
    let recalled = best_known(b"instance,best_known,kind\na,3,recalled\n").unwrap();
    assert_eq!(recalled["a"].kind, Kind::Recalled);
}

#[test]
fn results_are_read_as_they_were_written() {
    let mut refused = row("a, \"b\"", 2, 0, None);
    (refused.status, refused.cost, refused.bound) = (Status::Refused, None, None);
    let all = [row("la16_f1.3", 1, 1_200, Some((1_169, Kind::Best))), refused];
    let text: String = std::iter::once(head()).chain(all.iter().map(written)).collect();
    assert_eq!(rows(text.as_bytes()).unwrap(), all);
    assert_eq!([1_300, 1_000, 2_125].map(shown_factor), ["1.3", "1.0", "2.125"]);
}

#[test]
fn the_summary_takes_medians_first_and_lists_recalled_values_apart() {
    let best = Some((100, Kind::Best));
    let rows = [
        // median of 104, 101, 110: 104
        row("a", 1, 104, best),
        row("a", 2, 101, best),
        row("a", 3, 110, best),
        // an optimum of nought, hit
        row("b", 1, 0, Some((0, Kind::Optimal))),
        // (104 + 0 + 300) / (100 + 0 + 300) − 1 = 4 / 400 = 1 %
        row("c", 1, 300, Some((300, Kind::Optimal))),
        // apart: 110 / 100 − 1 = 10 %
        row("d", 1, 110, Some((100, Kind::Recalled))),
    ];
    let text = render(&rows, Lang::En);
    assert!(text.contains("4 instances, 3 with an optimal or best value"), "{text}");
    assert!(text.contains("- mean gap 1.0000 %"), "{text}");
    assert!(text.contains("- worst gap 4.0000 % (a)"), "{text}");
    assert!(text.contains("- 2 at the known value"), "{text}");
    assert!(text.contains("optima of nought: 1 hit, 0 missed"), "{text}");
    assert!(text.contains("apart from these 1 recalled values: mean gap 10.0000 %"), "{text}");
    // At 1 s each run cost 20 more: (124 + 20 + 320) / 400 − 1 = 16 %. At 30 s there is nothing.
    assert!(text.contains("1 s: 16.0000 % · 3 s: 8.5000 % · 10 s: 1.0000 % · 30 s: –"), "{text}");
    assert!(
        text.contains("| a | 3 | 104 | 100 | best | 4.0000 % | 7 | 1.2 s | 123.40 |"),
        "{text}"
    );
    assert!(!text.contains("**"), "nothing is wrong: {text}");
    assert!(render(&rows, Lang::Zh).contains("平均差距 1.0000 %"));
}

#[test]
fn families_without_known_values_are_told_by_their_costs() {
    // At 1 s each run cost 20 more, at 3 s 10 more.
    let text = render(&[row("a", 1, 100, None), row("b", 1, 50, None)], Lang::En);
    assert!(text.contains("- sum of median costs 150\n"), "{text}");
    assert!(text.contains("- over time 1 s: 190 · 3 s: 170 · 10 s: 150 · 30 s: –\n"), "{text}");
}

#[test]
fn the_summary_tells_what_must_never_be() {
    let mut unverified = row("a", 1, 300, None);
    unverified.status = Status::FellBack;
    let rows = [unverified, row("b", 1, 99, Some((100, Kind::Optimal)))];
    let text = render(&rows, Lang::En);
    assert!(text.contains("**runs without a verified plan: 1**"), "{text}");
    assert!(text.contains("**costs below what is proven: 1;"), "{text}");
}
