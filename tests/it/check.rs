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
fn edited(edits: &[(&str, Value)]) -> Value {
    let mut document = clean();
    for (pointer, value) in edits {
        let (place, field) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(place).unwrap() {
            Value::Array(list) if field == "-" => list.push(value.clone()),
            Value::Array(list) => list[field.parse::<usize>().unwrap()] = value.clone(),
            object => object[field] = value.clone(),
        }
    }
    document
}

/// A code, the path it is told at, and edits that provoke it.
type Case = (&'static str, &'static str, Vec<(&'static str, Value)>);

fn cases() -> Vec<Case> {
    let mut all = names();
    all.extend(frame());
    all.extend(people());
    all.extend(tickets());
    all.extend(staffing());
    all.extend(pins_and_progress());
    all
}

fn names() -> Vec<Case> {
    vec![
        ("S101", "$.tickets[0].client", vec![("/tickets/0/client", json!("acmee"))]),
        ("S102", "$.skills[2].id", vec![("/skills/-", json!({"id": "tax"}))]),
        (
            "S103",
            "$.services[0].prerequisites",
            vec![("/services/0/prerequisites", json!([{"service": "filing"}]))],
        ),
        (
            "S104",
            "$.as_of",
            vec![
                // Shanghai's clock went from 00:00 to 01:00 on 3 June 1940 … but documents start in
                // 1970: on 4 May 1986 it went from 02:00 to 03:00.
                ("/as_of", json!("1986-05-04T02:30")),
            ],
        ),
        (
            "S105",
            "$.tickets[1].curves[0]",
            vec![("/tickets/1/curves", json!([{"kind": "urgency", "fixed_fen": 1}]))],
        ),
        ("S106", "$.tickets[1].steps[2]", vec![("/tickets/1/steps/2", json!({"id": "w"}))]),
        (
            "S107",
            "$.tickets[1].steps[2].wait",
            vec![("/tickets/1/steps/2/wait", json!({"working_days": 2}))],
        ),
        ("S108", "$.tickets[1].steps[1].site", vec![("/tickets/1/steps/1/site", json!("@client"))]),
        (
            "S109",
            "$.progress[0]",
            vec![(
                "/progress",
                json!([
                    {"step": "t2/a", "state": "done", "people": ["li"], "start": "2026-03-02T08:00"}
                ]),
            )],
        ),
    ]
}

fn frame() -> Vec<Case> {
    vec![
        ("S201", "$.format", vec![("/format", json!("paidan-scenario/9"))]),
        ("S202", "$.horizon", vec![("/horizon", json!("2026-03-02T09:00"))]),
        ("S203", "$.horizon", vec![("/horizon", json!("2029-03-06T09:00"))]),
        (
            "S223",
            "$.calendars[0].weekly.mon[1]",
            vec![("/calendars/0/weekly/mon", json!(["09:00-12:00", "11:00-18:00"]))],
        ),
        (
            "S223",
            "$.people[0].absences[0].to",
            vec![(
                "/people/0/absences",
                json!([
                    {"from": "2026-03-03T09:00", "to": "2026-03-03T09:00"}
                ]),
            )],
        ),
        (
            "S223",
            "$.bureaus[0].disruptions[0].to",
            vec![(
                "/bureaus/0/disruptions",
                json!([
                    {"from": "2026-03-03T09:00", "to": "2026-03-02T09:00"}
                ]),
            )],
        ),
        (
            "S224",
            "$.holidays[0].years[0].off[0]",
            vec![(
                "/holidays",
                json!([
                    {"id": "town", "years": [
                        {"year": 2026, "notice": "1", "off": ["2025-03-01"], "work": []}
                    ]}
                ]),
            )],
        ),
        (
            "S225",
            "$.policy.client_value.churn[1]",
            vec![(
                "/policy",
                json!({"client_value": {
                    "churn": [{"after_hours": 24, "permille": 10}, {"after_hours": 24, "permille": 20}]
                }}),
            )],
        ),
        (
            "S226",
            "$.policy.client_value.tiers[1].tier",
            vec![(
                "/policy",
                json!({"client_value": {
                    "tiers": [{"tier": "a", "permille": 10}, {"tier": "a", "permille": 20}]
                }}),
            )],
        ),
        (
            "S227",
            "$.policy.pace_percent",
            vec![("/policy", json!({"pace_percent": [150, 120, 100, 85]}))],
        ),
        (
            "W313",
            "$.calendars[0].holidays",
            vec![
                ("/as_of", json!("2026-12-30T09:00")),
                ("/horizon", json!("2027-01-08T18:00")),
                ("/tickets/0/due", json!("2027-01-08T18:00")),
            ],
        ),
        (
            "W314",
            "$.clients[0].tier",
            vec![
                ("/clients/0/tier", json!("golden")),
                ("/policy", json!({"client_value": {"tiers": [{"tier": "gold", "permille": 10}]}})),
            ],
        ),
    ]
}

fn people() -> Vec<Case> {
    vec![
        (
            "S207",
            "$.people[1].skills[1].skill",
            vec![("/people/1/skills/-", json!({"skill": "tax", "level": 5}))],
        ),
        (
            "S208",
            "$.people[1].bands[1].kind",
            vec![("/people/1/bands/-", json!({"kind": "regular", "calendar": "office"}))],
        ),
        (
            "S209",
            "$.people[2].mentors[0]",
            vec![(
                "/people/-",
                json!({
                    "id": "xu", "trainee": true, "mentors": ["xu"],
                    "bands": [{"kind": "regular", "calendar": "office"}]
                }),
            )],
        ),
        (
            "W303",
            "$.people[1].skills[0].until",
            vec![("/people/1/skills/0/until", json!("2026-03-01"))],
        ),
        ("W304", "$.people[1].bands", vec![("/people/1/bands", json!([]))]),
        (
            "W305",
            "$.people[2]",
            vec![(
                "/people/-",
                json!({
                    "id": "xu", "trainee": true, "bands": [{"kind": "regular", "calendar": "office"}]
                }),
            )],
        ),
        ("W306", "$.people[1].mentors", vec![("/people/1/mentors", json!(["li"]))]),
    ]
}

fn tickets() -> Vec<Case> {
    vec![
        (
            "S204",
            "$.tickets[1].steps[0].after[0]",
            vec![("/tickets/1/steps/0/after", json!([{"step": "b"}]))],
        ),
        (
            "S205",
            "$.tickets[0].after[0]",
            vec![("/tickets/0/after", json!(["t2"])), ("/tickets/1/after", json!(["t1"]))],
        ),
        (
            "S210",
            "$.tickets[1].steps[1].differs_from[0]",
            vec![("/tickets/1/steps/1/differs_from", json!(["b"]))],
        ),
        (
            "S211",
            "$.tickets[1].steps[1].differs_from[0]",
            vec![
                ("/tickets/1/steps/1/differs_from", json!(["a"])),
                ("/tickets/1/steps/0/same_as", json!(["b"])),
            ],
        ),
        ("S212", "$.tickets[2]", vec![("/tickets/-", json!({"id": "t3"}))]),
        (
            "S213",
            "$.tickets[1].steps[0].windows[1].to",
            vec![(
                "/tickets/1/steps/0/windows",
                json!([
                    {"from": "2026-03-04T09:00", "to": "2026-03-04T12:00"},
                    {"from": "2026-03-03T12:00", "to": "2026-03-03T09:00"}
                ]),
            )],
        ),
        (
            "S214",
            "$.tickets[0].curves[0]",
            vec![(
                "/tickets/0/curves",
                json!([
                    {"kind": "urgency", "per_hour_fen": 1, "per_day_fen": 1}
                ]),
            )],
        ),
        (
            "S215",
            "$.tickets[0]",
            vec![
                // 10^9 fen an hour for 63 days to the end of the calendars, weighted by 100, is about
                // 1.5 × 10^14; with a rate of 10^10 a day and three years that takes 10^5 tickets.
                // A curve from 1970 on and a cap of none: 10^10 × 20,000 days × 100 = 2 × 10^16; so
                // 300 curves: 6 × 10^18 > 2^62 = 4.6 × 10^18.
                (
                    "/tickets/0/curves",
                    Value::Array(vec![
                        json!({
                            "kind": "urgency", "after": "1970-01-02T00:00", "per_day_fen": 10_000_000_000_i64
                        });
                        300
                    ]),
                ),
                ("/policy", json!({"lambda_urgency": 100_000})),
            ],
        ),
        (
            "S228",
            "$.tickets[1].steps[0].seats[0].role",
            vec![("/tickets/1/steps/0/seats", json!([{"skill": "tax", "role": "trainee"}]))],
        ),
        (
            "W307",
            "$.tickets[0].curves[0].cap_fen",
            vec![(
                "/tickets/0/curves",
                json!([
                    {"kind": "urgency", "fixed_fen": 100, "cap_fen": 99}
                ]),
            )],
        ),
        // Due 10 March 18:00, horizon 13 March 18:00: 3 days at 100 fen = 300 > 299.
        (
            "W308",
            "$.tickets[0].unserved",
            vec![
                ("/tickets/0/curves", json!([{"kind": "urgency", "per_day_fen": 100}])),
                ("/tickets/0/unserved", json!({"urgency_fen": 299})),
            ],
        ),
        ("W310", "$.tickets[0].batch", vec![("/tickets/0/batch", json!("three firms"))]),
        (
            "W315",
            "$.tickets[1].steps[0].windows",
            vec![(
                "/tickets/1/steps/0/windows",
                json!([
                    {"from": "2026-03-02T08:00", "to": "2026-03-02T09:00"}
                ]),
            )],
        ),
        // 60 minutes at level 5's pace of 70 % are 42: not before 09:42.
        (
            "W316",
            "$.tickets[1].steps[0].latest_end",
            vec![("/tickets/1/steps/0/latest_end", json!("2026-03-02T09:41"))],
        ),
        (
            "W318",
            "$.tickets[1].steps[1].differs_from[0]",
            vec![("/tickets/1/steps/1/differs_from", json!(["w"]))],
        ),
        // Ten working days after 2 March open on Monday 16 March, after the horizon.
        ("W320", "$.tickets[0]", vec![("/services/0/normal/1/wait/working_days", json!(10))]),
    ]
}

fn staffing() -> Vec<Case> {
    vec![
        (
            "W301",
            "$.services[0].normal[0].seats[0]",
            vec![("/services/0/normal/0/seats", json!([{"skill": "tax", "level": 5}]))],
        ),
        ("W302", "$.tickets[1].steps[1]", vec![("/tickets/1/excluded", json!(["li"]))]),
        ("W309", "$.tickets[1].steps[1].site", vec![("/travel", json!([]))]),
        (
            "W317",
            "$.tickets[1].steps[0].seats",
            vec![(
                "/tickets/1/steps/0/seats",
                json!([
                    {"skill": "tax"}, {"skill": "tax"}, {"skill": "tax"}
                ]),
            )],
        ),
        // Step a wants tax at level 2, li's alone; step b legal, wang's alone.
        (
            "W321",
            "$.tickets[1].steps[1]",
            vec![
                ("/people/0/skills", json!([{"skill": "tax", "level": 4}])),
                (
                    "/people/1/skills",
                    json!([{"skill": "tax", "level": 1}, {"skill": "legal", "level": 2}]),
                ),
                ("/tickets/1/steps/1/same_as", json!(["a"])),
            ],
        ),
    ]
}

fn pins_and_progress() -> Vec<Case> {
    let pins = |pins: Value| vec![("/pins", pins)];
    let progress = |progress: Value| vec![("/progress", progress)];
    vec![
        ("S206", "$.pins[0].then", pins(json!([{"step": "t2/b", "then": "t2/a"}]))),
        ("S216", "$.pins[0].people", pins(json!([{"step": "t2/a", "people": ["li", "wang"]}]))),
        ("S217", "$.pins[0].start", pins(json!([{"step": "t2/a", "start": "2026-03-02T08:59"}]))),
        ("S218", "$.pins[0].then", pins(json!([{"step": "t2/b", "then": "t2/w"}]))),
        (
            "S219",
            "$.pins[1].people",
            pins(json!([
                {"step": "t2/a", "people": ["li"]}, {"step": "t2/a", "people": ["wang"]}
            ])),
        ),
        (
            "S220",
            "$.progress[0].end",
            progress(json!([
                {"step": "t2/a", "state": "done", "people": ["li"],
                 "start": "2026-03-02T08:00", "end": "2026-03-02T09:01"}
            ])),
        ),
        (
            "S220",
            "$.progress[0].start",
            progress(json!([
                {"step": "t2/a", "state": "begun", "people": ["li"],
                 "start": "2026-03-02T09:00", "remaining_minutes": 5}
            ])),
        ),
        (
            "S221",
            "$.progress[0].people",
            progress(json!([
                {"step": "t2/a", "state": "done",
                 "start": "2026-03-02T08:00", "end": "2026-03-02T09:00"}
            ])),
        ),
        (
            "S222",
            "$.progress[1].step",
            progress(json!(vec![
                json!(
                    {"step": "t2/a", "state": "done", "people": ["li"],
                     "start": "2026-03-02T08:00", "end": "2026-03-02T09:00"}
                );
                2
            ])),
        ),
        (
            "W311",
            "$.progress[0].step",
            progress(json!([
                {"step": "t2/b", "state": "done", "people": ["li"],
                 "start": "2026-03-02T08:00", "end": "2026-03-02T09:00"}
            ])),
        ),
        ("W312", "$.pins[0].people[0]", pins(json!([{"step": "t2/b", "people": ["wang"]}]))),
        (
            "W319",
            "$.pins[0].start",
            vec![
                ("/tickets/1/release", json!("2026-03-03T09:00")),
                ("/pins", json!([{"step": "t2/a", "start": "2026-03-02T10:00"}])),
            ],
        ),
    ]
}

#[test]
fn a_clean_scenario_is_told_nothing() {
    assert_eq!(told(clean()), []);
}

#[test]
fn each_fault_is_told_alone_at_its_place_in_both_languages_with_advice() {
    for (code, path, edits) in cases() {
        let issues = told(edited(&edits));
        let found: Vec<(&str, &str)> = issues.iter().map(|i| (i.code, i.path.as_str())).collect();
        assert_eq!(found, [(code, path)], "{edits:?}");
        let issue = &issues[0];
        let error = issue.severity == Severity::Error;
        assert_eq!(error, code.starts_with('S'), "{code}: errors are S, warnings W");
        let chinese = |text: &str| text.chars().any(|c| ('一'..='鿿').contains(&c));
        assert!(chinese(&issue.zh) && !chinese(&issue.en), "{issue:?}");
        assert!(issue.hint_zh.is_some() && issue.hint_en.is_some(), "{issue:?}");
    }
}

#[test]
fn every_code_is_provoked_by_some_case() {
    let cases = cases();
    let missing: Vec<&str> = CODES
        .iter()
        .map(|code| code.code)
        .filter(|code| cases.iter().all(|(provoked, ..)| provoked != code))
        .collect();
    assert_eq!(missing, [""; 0]);
    let unlisted: Vec<&str> = cases
        .iter()
        .map(|(code, ..)| *code)
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
