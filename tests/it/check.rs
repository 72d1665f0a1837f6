//! What the scenario check tells: every code is provoked by the smallest change to a clean
//! scenario, and nothing else is told then.

use paidan::model::check::{CODES, check};
use paidan::model::issue::{Issue, Severity};
use paidan::model::scenario::Scenario;
use serde_json::{Value, json};

/// Monday 2 March 2026 to Friday 13 March; two people, one service, a ticket of it and a ticket
/// with steps of its own.
pub(crate) fn clean() -> Value {
    json!({
        "format": "paidan-scenario/1",
        "as_of": "2026-03-02T09:00",
        "horizon": "2026-03-13T18:00",
        "calendars": [{
            "id": "office", "holidays": "china",
            "weekly": {"mon": ["09:00-18:00"], "tue": ["09:00-18:00"], "wed": ["09:00-18:00"],
                       "thu": ["09:00-18:00"], "fri": ["09:00-18:00"]}
        }],
        "skills": [{"id": "tax"}, {"id": "legal"}],
        "sites": [{"id": "home"}, {"id": "hall"}],
        "travel": [{"from": "home", "to": "hall", "minutes": 30}],
        "people": [
            {"id": "li", "base": "home",
             "skills": [{"skill": "tax", "level": 4}, {"skill": "legal", "level": 2}],
             "bands": [{"kind": "regular", "calendar": "office"}]},
            {"id": "wang", "base": "home",
             "skills": [{"skill": "tax", "level": 3}],
             "bands": [{"kind": "regular", "calendar": "office"}]}
        ],
        "clients": [{"id": "acme"}],
        "bureaus": [{"id": "bureau", "calendar": "office"}],
        "services": [{"id": "filing", "normal": [
            {"id": "prepare", "seats": [{"skill": "tax"}], "minutes": 60},
            {"id": "review", "wait": {"working_days": 3, "calendar": "bureau"},
             "after": [{"step": "prepare"}]}
        ]}],
        "tickets": [
            {"id": "t1", "service": "filing", "client": "acme", "due": "2026-03-10T18:00"},
            {"id": "t2", "steps": [
                {"id": "a", "seats": [{"skill": "tax", "level": 2}], "minutes": 60},
                {"id": "b", "seats": [{"skill": "legal"}], "minutes": 60,
                 "after": [{"step": "a"}], "site": "hall"},
                {"id": "w", "wait": {"minutes": 60}, "after": [{"step": "b"}]}
            ]}
        ]
    })
}

/// What the check tells about `document`.
fn told(document: Value) -> Vec<Issue> {
    let scenario: Scenario = serde_json::from_value(document).unwrap();
    match check(&scenario) {
        Ok((_, warnings)) => warnings,
        Err(issues) => issues,
    }
}

/// The clean scenario with the value at each JSON pointer replaced or, in a list, appended (`-`).
fn edited<P: AsRef<str>>(edits: &[(P, Value)]) -> Value {
    let mut document = clean();
    for (pointer, value) in edits {
        let (place, field) = pointer.as_ref().rsplit_once('/').unwrap();
        match document.pointer_mut(place).unwrap() {
            Value::Array(list) if field == "-" => list.push(value.clone()),
            Value::Array(list) => list[field.parse::<usize>().unwrap()] = value.clone(),
            object => object[field] = value.clone(),
        }
    }
    document
}

/// A code, the path it is told at, and the edits that provoke it.
#[derive(serde::Deserialize)]
struct Case {
    code: String,
    path: String,
    set: Vec<(String, Value)>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = serde_json::from_str(include_str!("check_cases.json")).unwrap();
    // Since 1970 some 20,000 days: 10^10 fen a day, weighted by 100, is 2 × 10^16 a curve; 300 of
    // them are 6 × 10^18 > 2^62 = 4.6 × 10^18.
    let curve = json!({
        "kind": "urgency", "after": "1970-01-02T00:00", "per_day_fen": 10_000_000_000_i64
    });
    cases.push(Case {
        code: "S215".to_owned(),
        path: "$.tickets[0]".to_owned(),
        set: vec![
            ("/tickets/0/curves".to_owned(), Value::Array(vec![curve; 300])),
            ("/policy".to_owned(), json!({"lambda_urgency": 100_000})),
        ],
    });
    cases
}

#[test]
fn a_clean_scenario_is_told_nothing() {
    assert_eq!(told(clean()), []);
}

#[test]
fn each_fault_is_told_alone_and_at_its_place() {
    let mut differences = Vec::new();
    for Case { code, path, set } in cases() {
        let issues = told(edited(&set));
        let found: Vec<(&str, &str)> = issues.iter().map(|i| (i.code, i.path.as_str())).collect();
        if found != [(code.as_str(), path.as_str())] {
            differences.push(format!("{code} at {path}: {found:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn each_fault_is_told_in_both_languages_with_advice() {
    let chinese = |text: &str| text.chars().any(|c| ('一'..='鿿').contains(&c));
    for case in cases() {
        for issue in told(edited(&case.set)) {
            assert_eq!(issue.severity == Severity::Error, case.code.starts_with('S'), "{issue:?}");
            assert!(chinese(&issue.zh) && !chinese(&issue.en), "{issue:?}");
            assert!(issue.hint_zh.is_some() && issue.hint_en.is_some(), "{issue:?}");
        }
    }
}

#[test]
fn every_code_is_provoked_by_some_case() {
    let cases = cases();
    let missing: Vec<&str> = CODES
        .iter()
        .map(|code| code.code)
        .filter(|code| cases.iter().all(|case| case.code != *code))
        .collect();
    assert_eq!(missing, [""; 0]);
    let unlisted: Vec<&str> = cases
        .iter()
        .map(|case| case.code.as_str())
        .filter(|code| CODES.iter().all(|listed| listed.code != *code))
        .collect();
    assert_eq!(unlisted, [""; 0]);
}

#[test]
fn faults_of_names_and_of_meaning_are_told_in_one_go() {
    let issues = told(edited(&[
        ("/tickets/0/client", json!("acmee")),
        ("/tickets/1/steps/0/after", json!([{"step": "b"}])),
        ("/people/1/bands/-", json!({"kind": "regular", "calendar": "office"})),
    ]));
    let codes: Vec<&str> = issues.iter().map(|issue| issue.code).collect();
    assert_eq!(codes, ["S101", "S208", "S204"]);
}

#[test]
fn circles_are_named_step_by_step() {
    let step = |id: &str, after: &str| json!({"id": id, "wait": {"minutes": 1}, "after": [{"step": after}]});
    let issues = told(edited(&[(
        "/tickets/1/steps",
        json!([step("a", "c"), step("b", "a"), step("c", "b")]),
    )]));
    assert_eq!(issues[0].en, "steps go round in a circle: b → c → a → b");
    let issues = told(edited(&[("/tickets/0/after", json!(["t1"]))]));
    assert_eq!(issues[0].en, "tickets go round in a circle: t1 → t1");
}

#[test]
fn a_long_chain_of_tickets_is_walked_without_recursion() {
    let ticket = |row: usize| {
        let after = if row == 0 { json!([]) } else { json!([format!("x{}", row - 1)]) };
        json!({"id": format!("x{row}"), "after": after,
               "steps": [{"id": "w", "wait": {"minutes": 0}}]})
    };
    let tickets: Vec<Value> = (0..50_000).map(ticket).collect();
    assert_eq!(told(edited(&[("/tickets", Value::Array(tickets))])), []);
}

#[test]
fn a_fault_in_a_template_is_told_once_for_all_its_tickets() {
    let issues = told(edited(&[
        ("/tickets/-", json!({"id": "t3", "service": "filing"})),
        ("/services/0/normal/0/seats", json!([{"skill": "tax", "level": 5}])),
    ]));
    assert_eq!(issues.len(), 1);
    assert!(issues[0].en.ends_with("(and 1 more uses of it likewise)"), "{}", issues[0].en);
    assert_eq!(
        issues[0].hint_en.as_deref(),
        Some("the highest is \"li\" at level 4: ask for less, or raise them")
    );
}

/// A ticket copied without a new id: nothing else is wrong because of that.
#[test]
fn an_id_given_twice_is_told_once_and_with_the_first_place() {
    let twin = json!({"id": "t1", "service": "filing", "client": "acme"});
    let pin = json!([{"step": "t1/prepare", "people": ["li"]}]);
    let issues = told(edited(&[("/tickets/1", twin), ("/pins", pin)]));
    let codes: Vec<_> = issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect();
    assert_eq!(codes, [("S102", "$.tickets[1].id")]);
    assert!(issues[0].en.ends_with("first at $.tickets[0]"), "{}", issues[0].en);
    assert!(issues[0].zh.ends_with("首次在 $.tickets[0]"), "{}", issues[0].zh);
}

/// One fault hides no other: what is faulty is left out, and the rest is looked at.
#[test]
fn faults_of_names_do_not_hide_faults_of_meaning_elsewhere() {
    let issues = told(edited(&[
        ("/tickets/-", json!({"id": "t3", "service": "filling"})),
        ("/tickets/-", json!({"id": "t4", "service": "filing", "after": ["t3"]})),
        ("/tickets/1/release", json!("2026-03-13T17:30")),
        (
            "/pins",
            json!([
                {"step": "t3/prepare", "people": ["li"]},
                {"step": "t4/prepare", "start": "2026-04-01T09:00"},
            ]),
        ),
    ]));
    let codes: Vec<_> = issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect();
    let expected =
        [("S101", "$.tickets[2].service"), ("W320", "$.tickets[1]"), ("S217", "$.pins[1].start")];
    assert_eq!(codes, expected);
}
