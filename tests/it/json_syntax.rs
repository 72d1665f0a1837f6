//! Texts that are no JSON, or too much of it: one clear fault, no panic, bounded memory.

use paidan::exchange::json::tree::{Kind, Node};
use paidan::exchange::json::{MAX_DEPTH, parse};
use paidan::model::issue::Issue;
use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Map, Value};

/// The only fault of `text`.
fn fault(text: &[u8]) -> Issue {
    let mut issues = parse(text).expect_err("the text is wrong");
    assert_eq!(issues.len(), 1, "{issues:?}");
    issues.remove(0)
}

/// Code, line, column of the only fault of each text.
fn check(cases: &[(&str, &str, usize, usize)]) {
    for (text, code, line, column) in cases {
        let issue = fault(text.as_bytes());
        let place = issue.place.expect("faults have places");
        assert_eq!((issue.code, place.line, place.column), (*code, *line, *column), "{text}");
        assert!(issue.hint_zh.is_some() && issue.hint_en.is_some(), "{text}");
    }
}

#[test]
fn marks_that_are_wrong_or_missing_are_named() {
    check(&[
        ("{\"a\":1 \"b\":2}", "J003", 1, 8),
        ("[1 2]", "J003", 1, 4),
        ("[1,,2]", "J003", 1, 4),
        ("[,1]", "J003", 1, 2),
        ("{,}", "J003", 1, 2),
        ("{\"a\" 1}", "J003", 1, 6),
        ("{\"a\"}", "J003", 1, 5),
        ("[1}", "J003", 1, 3),
        ("{\"a\":}", "J003", 1, 6),
        ("{\"甲\"：1}", "J003", 1, 5),
        ("[1，2]", "J003", 1, 3),
        ("]", "J003", 1, 1),
        ("[1,]", "J008", 1, 3),
        ("{\"a\":1,\n}", "J008", 1, 7),
    ]);
    assert_eq!(fault("[1，2]".as_bytes()).hint_en.as_deref(), Some("use the plain comma ,"));
}

#[test]
fn habits_of_other_languages_are_named() {
    check(&[
        ("// c\n{}", "J009", 1, 1),
        ("{\n  # c\n}", "J009", 2, 3),
        ("[1, /* c */ 2]", "J009", 1, 5),
        ("[1] // c", "J009", 1, 5),
        ("{'a':1}", "J010", 1, 2),
        ("{“a”:1}", "J010", 1, 2),
        ("{a:1}", "J010", 1, 2),
        ("[urgent]", "J010", 1, 2),
        ("[True]", "J010", 1, 2),
        ("[NaN]", "J007", 1, 2),
        ("[-Infinity]", "J007", 1, 2),
        ("[Infinity]", "J007", 1, 2),
    ]);
}

#[test]
fn malformed_numbers_are_named() {
    check(&[
        ("[007]", "J011", 1, 2),
        ("[+1]", "J011", 1, 2),
        ("[.5]", "J011", 1, 2),
        ("[1.]", "J011", 1, 2),
        ("[1e]", "J011", 1, 2),
        ("[-]", "J011", 1, 2),
        ("[0x10]", "J011", 1, 2),
        ("[1_000]", "J011", 1, 2),
        ("[2026-03-02]", "J011", 1, 2),
        ("[12元]", "J011", 1, 2),
    ]);
}

#[test]
fn malformed_numbers_do_not_hide_what_follows() {
    let issues = parse(b"{\"a\": NaN, \"b\": [01, -], \"a\": 1, \"c\": -Infinity}").unwrap_err();
    let told: Vec<_> = issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect();
    let expected =
        [("J007", "$.a"), ("J011", "$.b[0]"), ("J011", "$.b[1]"), ("J013", "$.a"), ("J007", "$.c")];
    assert_eq!(told, expected);
    // The first fault of punctuation still ends it.
    let issues = parse(b"[NaN, 1 2, 03]").unwrap_err();
    assert_eq!(issues.iter().map(|issue| issue.code).collect::<Vec<_>>(), ["J007", "J003"]);
}

#[test]
fn malformed_strings_are_named() {
    check(&[
        ("[\"a\\q\"]", "J012", 1, 4),
        ("[\"\\u12\"]", "J012", 1, 3),
        ("[\"\\uD800\"]", "J012", 1, 3),
        ("[\"\\uDC00\\uD800\"]", "J012", 1, 3),
        ("[\"a\nb\"]", "J012", 1, 4),
        ("[\"a\tb\"]", "J012", 1, 4),
        ("[\"a\u{0}\"]", "J012", 1, 4),
    ]);
}

#[test]
fn ends_too_early_or_too_late_are_named() {
    check(&[
        ("", "J005", 1, 1),
        (" \n ", "J005", 2, 2),
        ("{\"a\": [1", "J005", 1, 9),
        ("{\"a\": \"x", "J005", 1, 9),
        ("{} {}", "J006", 1, 4),
        ("[1]]", "J006", 1, 4),
    ]);
    let issue = fault(b"{\"a\":\n [1");
    assert!(issue.en.ends_with("(the open part begins at line 2, column 2)"), "{}", issue.en);
    assert_eq!(issue.path, "$.a[0]");
}

#[test]
fn bytes_that_are_no_text_are_named_where_they_are() {
    let issue = fault(b"{\"a\":\n\"\xB2\xE2\"}");
    let place = issue.place.unwrap();
    assert_eq!((issue.code, place.line, place.column), ("J001", 2, 2));
    assert!(issue.en.ends_with("byte 0xB2"), "{}", issue.en);
}

#[test]
fn a_byte_order_mark_is_tolerated_once() {
    assert!(parse(b"\xEF\xBB\xBF{}").is_ok());
    assert!(parse(b"\xEF\xBB\xBF\xEF\xBB\xBF{}").is_err());
    let place = fault(b"\xEF\xBB\xBF{x}").place.unwrap();
    assert_eq!((place.line, place.column), (1, 2));
}

#[test]
fn nesting_ends_at_its_limit() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
    let issue = fault(nested(MAX_DEPTH + 1).as_bytes());
    assert_eq!((issue.code, issue.place.unwrap().column), ("J004", MAX_DEPTH + 1));
}

#[test]
fn millions_of_open_brackets_fail_at_once() {
    assert_eq!(fault(&vec![b'['; 20 << 20]).code, "J004");
    assert_eq!(fault("{\"a\":".repeat(4 << 20).as_bytes()).code, "J004");
}

#[test]
fn repeated_keys_are_found_in_small_and_large_objects_and_behind_escapes() {
    assert_eq!(fault(b"{\"a\":1,\"\\u0061\":2}").code, "J013");
    let many: String = (0..100).map(|n| format!("\"k{n}\":{n},")).collect();
    let issue = fault(format!("{{{many}\"k42\":0}}").as_bytes());
    assert_eq!((issue.code, issue.path.as_str()), ("J013", "$.k42"));
    let issues = parse(b"[{\"a\":1,\"a\":2,\"a\":3},{\"b\":{\"c\":1,\"c\":2}}]").unwrap_err();
    let paths: Vec<_> = issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(paths, ["$[0].a", "$[0].a", "$[1].b.c"]);
    assert!(parse(b"[{\"a\":1},{\"a\":2}]").is_ok());
}

#[test]
fn repeated_keys_before_a_fault_of_syntax_are_still_told() {
    let codes: Vec<_> =
        parse(b"[{\"a\":1,\"a\":2},").unwrap_err().iter().map(|issue| issue.code).collect();
    assert_eq!(codes, ["J013", "J005"]);
}

#[test]
fn every_beginning_of_a_document_is_refused_without_panic() {
    let text = "{\"甲\": [1.5e+3, -0, true, null, \"\\ud83d\\ude00x\\n\"], \"b\": {\"c\": \"😀\"}}";
    assert!(parse(text.as_bytes()).is_ok());
    for end in 0..text.len() {
        assert!(parse(&text.as_bytes()[..end]).is_err(), "{end}");
    }
}

/// What a node stands for, as the other reader sees it.
fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::List => Value::Array(node.items().map(value).collect()),
        Kind::Object => {
            let text = |key: Node<'_>| key.text().expect("keys are texts").into_owned();
            let members = node.members().map(|(key, inner)| (text(key), value(inner)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Kind::PlainText | Kind::EscapedText => {
            node.text().expect("its kind says so").into_owned().into()
        }
        _ => serde_json::from_str(node.raw()).expect("a leaf is a value by itself"),
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (0_u8..1).prop_map(|_| Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..20)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The same cases in every run.
fn fixed() -> Config {
    Config {
        cases: 256,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(fixed())]

    #[test]
    fn what_was_written_is_what_is_read(written in values()) {
        for text in [written.to_string(), serde_json::to_string_pretty(&written).unwrap()] {
            assert_eq!(value(parse(text.as_bytes()).unwrap().root()), written);
        }
    }

    #[test]
    fn texts_of_json_marks_are_taken_exactly_when_the_other_reader_takes_them(
        text in "[\\[\\]{}:,\"\\\\u0-9a-fn.eE+ \u{7532}-]{0,24}"
    ) {
        let ours = parse(text.as_bytes());
        // the other reader lets keys repeat
        let repeats = ours.as_ref().is_err_and(|issues| issues[0].code == "J013");
        let beyond = text.contains(['e', 'E']);
        let theirs = serde_json::from_str::<Value>(&text).is_ok();
        assert!(repeats || beyond || ours.is_ok() == theirs, "{text}: {ours:?}");
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }
}
