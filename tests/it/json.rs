//! Documents held against their types: every problem is told, at once, where it is.

use std::collections::{BTreeMap, BTreeSet};

use paidan::calendar::{FORMATS, Label, Moment};
use paidan::exchange::json::{self, Formats, locate, place_all, read};
use paidan::exchange::show;
use paidan::model::issue::{Issue, Place, has_errors};
use paidan::model::lang::Lang;
use paidan::model::plan::Plan;
use paidan::model::scenario::Scenario;
use paidan::time::Money;
use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};
use proptest::test_runner::{Config, RngSeed};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A document small enough to read and rich enough to be wrong in every way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    #[schemars(length(min = 1, max = 4))]
    id: String,
    due: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    track: Option<Track>,
    #[serde(default)]
    price: Money,
    #[serde(default)]
    #[schemars(range(min = 1, max = 5))]
    level: Option<u8>,
    #[serde(default)]
    #[schemars(length(max = 2))]
    items: Vec<Item>,
    #[serde(default)]
    notes: BTreeMap<String, bool>,
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    tags: BTreeSet<String>,
    #[serde(default)]
    wait: Option<Wait>,
    #[serde(default)]
    size: Option<Size>,
    #[serde(default)]
    pair: Option<(i64, bool)>,
    #[serde(default)]
    extra: serde_json::Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Track {
    /// In turn.
    Normal,
    /// At once.
    Urgent,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Item {
    name: String,
    #[serde(default)]
    inner: Option<Box<Item>>,
}

/// Told apart by the field `kind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Wait {
    Bureau { days: u32 },
    Partner { name: String },
}

/// Told apart by the name of the only field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Size {
    Small,
    Large { rooms: u32 },
}

fn formats() -> Formats {
    Formats::new(FORMATS)
}

fn issues<T: DeserializeOwned + JsonSchema>(text: &str) -> Vec<Issue> {
    read::<T>(text.as_bytes(), &formats()).err().unwrap_or_default()
}

/// Code, line, column, path of each issue with an order.
fn told(text: &str) -> Vec<(&'static str, usize, usize, String)> {
    let told = |issue: Issue| {
        let place = issue.place.expect("issues of a text have places");
        (issue.code, place.line, place.column, issue.path)
    };
    issues::<Order>(text).into_iter().map(told).collect()
}

/// The only issue with an order that says `fields` besides what every order must.
fn only(fields: &str) -> Issue {
    let text = format!("{{\"id\":\"a\",\"due\":\"2026-03-02T09:00\",{fields}}}");
    let mut issues = issues::<Order>(&text);
    assert_eq!(issues.len(), 1, "{text} gave {issues:#?}");
    issues.remove(0)
}

fn hint(issue: &Issue) -> &str {
    issue.hint_en.as_deref().unwrap_or("")
}

#[test]
fn seven_different_problems_are_told_at_once_where_they_are() {
    let text = r#"{
  "id": "甲乙丙丁戊", "due": "tomorrow",
  "track": "urgnet",
  "price": 12.5,
  "items": [
    {"nmae": "x"}
  ],
  "level": 9
}"#;
    // line 2: {"id": …} has 2 + 6 characters before its value, 8 more to the comma, 8 to the next
    let expected = [
        ("J027", 2, 9, "$.id"),
        ("J029", 2, 25, "$.due"),
        ("J023", 3, 12, "$.track"),
        ("J025", 4, 12, "$.price"),
        ("J021", 6, 5, "$.items[0]"),
        ("J022", 6, 6, "$.items[0].nmae"),
        ("J024", 8, 12, "$.level"),
    ];
    let expected: Vec<_> =
        expected.map(|(code, line, column, path)| (code, line, column, path.to_owned())).into();
    assert_eq!(told(text), expected);
}

#[test]
fn a_correct_document_is_read() {
    let text = "\u{FEFF}{\"id\":\"a\",\"due\":\"2026-03-02T09:00\",\"track\":null,\"level\":5,
        \"items\":[{\"name\":\"x\",\"inner\":{\"name\":\"y\"}}],\"notes\":{\"\\u7532\":true},
        \"seed\":18446744073709551615,\"tags\":[\"x\",\"y\"],\"wait\":{\"kind\":\"bureau\",\"days\":3},
        \"size\":{\"large\":{\"rooms\":2}},\"pair\":[-1,false]}";
    let order: Order = read(text.as_bytes(), &formats()).unwrap();
    assert_eq!((order.seed, order.track, order.pair), (u64::MAX, None, Some((-1, false))));
    assert_eq!(order.notes, BTreeMap::from([("甲".to_owned(), true)]));
    assert_eq!(order.size, Some(Size::Large { rooms: 2 }));
}

#[test]
fn columns_count_characters_not_bytes() {
    let text = "{\"id\":\"甲乙\",\"due\":\"2026-03-02T09:00\",\n\"notes\":{\"说明\":\"是\"}}";
    // "notes":{ are 9 characters, "说明": are 5, so the value is character 15
    assert_eq!(told(text), [("J020", 2, 15, "$.notes[\"说明\"]".to_owned())]);
}

#[test]
fn a_wrong_type_says_what_was_found_and_what_is_wanted() {
    let issue = only("\"level\":\"3\"");
    assert_eq!(
        (issue.code, issue.en.as_str()),
        ("J020", "expected a whole number, found the text \"3\"")
    );
    assert_eq!(hint(&issue), "write numbers without quotes");
    assert!(hint(&only("\"track\":1")).contains("double quotes"));
    assert!(hint(&only("\"items\":{\"name\":\"x\"}")).contains("[ ]"));
    assert!(hint(&only("\"notes\":null")).contains("leave the field out"));
    assert_eq!(only("\"wait\":[]").zh, "应为对象 { }，这里是列表 [ ]");
}

#[test]
fn an_unknown_field_gets_its_nearest_name_or_the_list_of_names() {
    assert_eq!(hint(&only("\"trakc\":\"urgent\"")), "did you mean \"track\"?");
    assert_eq!(hint(&only("\"Level\":3")), "did you mean \"level\"?");
    let stranger = only("\"colour\":3");
    assert!(
        hint(&stranger).starts_with("allowed fields: \"due\", \"extra\", \"id\""),
        "{stranger:?}"
    );
}

#[test]
fn a_missing_field_is_told_at_its_object_once_for_each() {
    let expected = ["due", "id"].map(|name| {
        (format!("缺少字段 \"{name}\""), Some(Place { line: 1, column: 1 }), "$".to_owned())
    });
    let issues = issues::<Order>("{}");
    let found: Vec<_> = issues.into_iter().map(|it| (it.zh, it.place, it.path)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_value_outside_an_enumeration_gets_the_list_and_the_nearest() {
    let issue = only("\"track\":\"urgnet\"");
    assert!(issue.en.ends_with("\"normal\", \"urgent\""), "{}", issue.en);
    assert_eq!(hint(&issue), "did you mean \"urgent\"?");
}

#[test]
fn numbers_out_of_range_show_the_value_and_the_limits() {
    assert_eq!(only("\"level\":9").en, "9 must be between 1 and 5");
    assert_eq!(only("\"seed\":-1").en, "-1 must be at least 0");
    assert_eq!(only("\"price\":-1").code, "J024");
}

#[test]
fn numbers_too_large_for_any_counter_are_told_as_such() {
    for number in ["99999999999999999999", "1e400", "-99999999999999999999"] {
        assert_eq!(only(&format!("\"price\":{number}")).code, "J026", "{number}");
    }
}

#[test]
fn fields_that_take_anything_still_take_no_number_nothing_can_hold() {
    assert_eq!(only("\"extra\":[{\"a\":1e400}]").path, "$.extra[0].a");
}

#[test]
fn a_huge_name_cannot_swell_the_report() {
    let issue = only(&format!("\"{}\":1", "名".repeat(1 << 20)));
    assert!(issue.path.len() + issue.en.len() < 1_000, "{}", issue.path.len());
}

#[test]
fn fractions_where_whole_numbers_are_wanted_get_the_units() {
    for number in ["1.5", "1.0", "1e3", "1e-400"] {
        let issue = only(&format!("\"price\":{number}"));
        assert_eq!(issue.code, "J025", "{number}");
        assert!(hint(&issue).starts_with("money is in whole fen, times in whole minutes"));
    }
}

#[test]
fn lengths_of_texts_and_lists_are_held() {
    assert_eq!(only("\"items\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]").code, "J028");
    assert_eq!(only("\"pair\":[1]").en, "holds 1 items, should hold exactly 2");
    let empty = issues::<Order>("{\"id\":\"\",\"due\":\"2026-03-02T09:00\"}");
    assert_eq!((empty[0].code, empty[0].en.as_str()), ("J027", "must not be empty"));
}

#[test]
fn an_item_twice_in_a_set_is_told() {
    let issue = only("\"tags\":[\"x\",\"y\",\"\\u0078\"]");
    assert_eq!((issue.code, issue.path.as_str()), ("J033", "$.tags[2]"));
}

#[test]
fn objects_told_apart_by_a_field_are_held_to_their_variant() {
    assert_eq!(only("\"wait\":{\"kind\":\"bureau\"}").en, "the field \"days\" is missing");
    assert_eq!(only("\"wait\":{\"days\":1}").en, "the field \"kind\" is missing");
    assert_eq!(hint(&only("\"wait\":{\"days\":1}")), "one of: \"bureau\", \"partner\"");
    assert_eq!(hint(&only("\"wait\":{\"kind\":\"buraeu\"}")), "did you mean \"bureau\"?");
    assert_eq!(only("\"wait\":{\"kind\":\"partner\",\"name\":1}").path, "$.wait.name");
}

#[test]
fn of_several_forms_the_nearest_is_judged() {
    assert_eq!(only("\"size\":\"smal\"").code, "J023");
    assert_eq!(only("\"size\":{\"large\":{\"rooms\":\"2\"}}").path, "$.size.large.rooms");
    assert_eq!(only("\"size\":7").code, "J020");
}

#[test]
fn a_type_that_contains_itself_is_held_at_every_depth() {
    let issue =
        only("\"items\":[{\"name\":\"a\",\"inner\":{\"name\":\"b\",\"inner\":{\"name\":3}}}]");
    assert_eq!(issue.path, "$.items[0].inner.inner.name");
}

#[test]
fn a_repeated_field_is_told_with_both_places_beside_other_problems() {
    let text = "{\"id\":\"a\",\n \"id\":\"b\",\n \"due\":3}";
    let issues = issues::<Order>(text);
    let codes: Vec<_> = issues.iter().map(|issue| issue.code).collect();
    assert_eq!(codes, ["J013", "J020"]);
    assert_eq!(issues[0].en, "the field \"id\" appears twice (first at line 1, column 2)");
    assert_eq!(issues[0].place, Some(Place { line: 2, column: 2 }));
}

#[test]
fn after_a_thousand_problems_the_rest_is_only_mentioned() {
    let text = format!(
        "{{{}}}",
        (0..5_000).map(|n| format!("\"x{n}\":1,\n")).collect::<String>() + "\"y\":1"
    );
    let issues = issues::<Order>(&text);
    assert_eq!(issues.len(), json::MAX_ISSUES + 1);
    assert_eq!(issues.last().unwrap().code, "J030");
    assert!(has_errors(&issues));
}

#[test]
fn a_path_leads_to_its_place_or_its_nearest_parents() {
    let text = "{\"a\": [10,\n {\"名 \\\"b\": 3}]}".as_bytes();
    let at = |path| locate(text, path).map(|place| (place.line, place.column));
    assert_eq!(at("$"), Some((1, 1)));
    assert_eq!(at("$.a[0]"), Some((1, 8)));
    assert_eq!(at("$.a[1][\"名 \\\"b\"]"), Some((2, 12)));
    assert_eq!(at("$.a[1].missing[4]"), Some((2, 2)));
    assert_eq!(at("$.a[9]"), Some((1, 7)));
    assert_eq!(at("a"), None);
    assert_eq!(locate(b"{", "$"), None);
}

#[test]
fn later_checks_get_their_places_all_at_once() {
    let mut issues: Vec<Issue> =
        ["$.b", "$.a", "?"].map(|path| Issue::warning("X1", path, "某", "some")).into();
    place_all(b"{\"a\":1,\n\"b\":2}", &mut issues);
    let lines: Vec<_> = issues.iter().map(|issue| issue.place.map(|place| place.line)).collect();
    assert_eq!(lines, [Some(2), Some(1), None]);
    assert!(!has_errors(&issues));
}

#[test]
fn every_code_is_listed_once_in_order_in_both_languages() {
    let codes: Vec<_> = json::CODES.iter().map(|code| code.code).collect();
    assert!(codes.is_sorted_by(|left, right| left < right));
    assert!(json::CODES.iter().all(|code| !code.zh.is_ascii() && code.en.is_ascii()));
}

#[test]
fn a_scenario_with_problems_tells_them_and_without_is_read() {
    let text = r#"{"format": "paidan-scenario/1", "as_of": "2026-03-02T08:00",
 "horizon": "2026-03-06T18:00", "tickets": [{"id": "T1", "due_at": "2026-03-03T18:00"}]}"#;
    let issues = issues::<Scenario>(text);
    let shown = show(&issues, "s.json", Some(text), Lang::En);
    assert!(shown.starts_with("s.json:2:58: error[J022] unknown field \"due_at\"\n"), "{shown}");
    assert!(shown.contains("hint: did you mean \"due\"?"), "{shown}");
    assert_eq!(issues.len(), 1, "{shown}");
    let text = text.replace("due_at", "due");
    assert!(read::<Scenario>(text.as_bytes(), &formats()).is_ok());
}

#[test]
fn every_rule_of_the_shipped_documents_is_checked() {
    // reading panics at a rule the checker does not know
    assert!(has_errors(&issues::<Scenario>("{}")) && has_errors(&issues::<Plan>("{}")));
}

#[test]
fn the_schema_names_its_draft() {
    assert_eq!(
        json::schema::<Scenario>()["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
}

#[test]
fn a_label_in_one_language_only_is_incomplete() {
    assert_eq!(issues::<Label>("{\"zh\":\"甲\"}")[0].en, "the field \"en\" is missing");
}

/// Values of any shape, or of the shape of an order but for a slip.
fn values() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        prop_oneof!["urgent", "small", "2026-03-02T09:00", ".*"].prop_map(serde_json::Value::from),
        (0_u8..1).prop_map(|_| serde_json::Value::Null),
        (0_u8..9).prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let names = prop_oneof![
            "id", "due", "track", "price", "level", "items", "notes", "seed", "tags", "wait",
            "size", "pair", "name", "inner", "kind", "days", "large", "rooms", "."
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(serde_json::Value::from),
            prop::collection::btree_map(names, inner, 0..8)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
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
    fn what_the_schema_passes_the_type_accepts(value in values(), id in "[a-z]{0,5}") {
        let mut value = value;
        if let Some(order) = value.as_object_mut() {
            order.insert("id".to_owned(), id.into());
            order.insert("due".to_owned(), "2026-03-02T09:00".into());
        }
        let found = issues::<Order>(&value.to_string());
        assert!(found.iter().all(|issue| issue.code != "J032"), "{found:?} in {value}");
        if serde_json::from_value::<Order>(value.clone()).is_err() {
            assert!(!found.is_empty(), "{value}");
        }
    }
}
