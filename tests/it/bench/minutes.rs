//! The minutes form: instances in, plans out, to the fen.

use paidan::exchange::bench::{Family, Named, plan_in_minutes, read};
use paidan::model::issue::Issues;
use paidan::model::scenario::Scenario;
use serde_json::{Value, json};

use super::forms::planned;

/// Two people, two tickets, one bureau.
pub(crate) fn instance() -> Value {
    json!({
        "name": "ours", "horizon": 2880,
        "factor_pct": {"1": 150, "2": 120, "3": 100, "4": 85, "5": 70},
        "bureaus": {"hall": [[600, 660]]},
        "clients": [{"id": "C1", "tier": "vip", "annual_value": 9}],
        "staff": [
            {"id": "A", "team": "T", "skills": {"tax": 3}, "shifts": [[540, 720]],
             "overtime": [[720, 780]], "overtime_rate": 10},
            {"id": "B", "team": "T", "skills": {"tax": 2}, "shifts": [[0, 62]],
             "overtime": [], "overtime_rate": 0}
        ],
        "tickets": [
            {"id": "K1", "client": "C1", "service": "s", "release": 0, "due": 700,
             "late": [{"after": 700, "fixed": 500, "rate": 3}], "unserved": 100_000,
             "steps": [
                {"id": "prepare", "skill": "tax", "min_level": 3, "effort": 100, "preds": [],
                 "bureau": null, "differs_from": [], "fixed_staff": null},
                {"id": "submit", "skill": "tax", "min_level": 3, "effort": 90,
                 "preds": [{"step": "prepare", "lag": 10}],
                 "bureau": "hall", "differs_from": [], "fixed_staff": null}
             ]},
            {"id": "K2", "client": "C1", "service": "s", "release": 0, "due": 649,
             "late": [{"after": 649, "fixed": 0, "rate": 7}], "unserved": 100_000,
             "steps": [
                {"id": "work", "skill": "tax", "min_level": 1, "effort": 51, "preds": [],
                 "bureau": null, "differs_from": [], "fixed_staff": "B"},
                {"id": "review", "skill": "tax", "min_level": 1, "effort": 10,
                 "preds": [{"step": "work", "lag": 0}],
                 "bureau": null, "differs_from": ["work"], "fixed_staff": null}
             ]}
        ]
    })
}

fn told(instance: &Value) -> Result<Scenario, Issues> {
    let named = Named { name: "ours".to_owned(), number: 0, jobs: 0, factor: None };
    read(Family::Minutes, instance.to_string().as_bytes(), &named)
}

#[test]
fn an_instance_costs_what_its_own_rules_say() {
    // K1 prepare by A (level 3, 100 %): 540..640; submit from 650 (lag 10; the hall is open until
    // 660), 90 minutes: 70 in the shift to 720, 20 in overtime at 10: 200. It ends at 740, 40 late:
    // 500 + 3 × 40 = 620. K2 work by B (level 2, 120 %): ⌈51 × 1.2⌉ = 62 minutes, all his shift
    // has; review by the other, A, in the ten minutes between: 640..650, 1 late: 7. Review before
    // prepare instead: prepare ends at 650, submit may begin at 660, when the hall is closed.
    // 200 + 620 + 7 = 827.
    let answer = planned(&told(&instance()).unwrap());
    let bill = answer.plan.cost.unwrap();
    assert_eq!(bill.total_fen.0, 827);
    assert_eq!(bill.overtime_fen.0, 200);
    let row = |ticket, step, staff, start, end| json!({"ticket": ticket, "step": step, "staff": staff, "start": start, "end": end});
    let written: Value = serde_json::from_str(&plan_in_minutes(&answer.plan)).unwrap();
    let expected = json!({
        "steps": [
            row("K1", "prepare", "A", 540, 640),
            row("K1", "submit", "A", 650, 740),
            row("K2", "work", "B", 0, 62),
            row("K2", "review", "A", 640, 650)
        ],
        "unserved": []
    });
    assert_eq!(written, expected);
}

#[test]
fn what_does_not_fit_is_listed_as_unserved() {
    // ⌈52 × 1.2⌉ = 63 minutes do not fit into B's 62: K2 costs its 100,000; K1 820 as before.
    let mut instance = instance();
    instance["tickets"][1]["steps"][0]["effort"] = json!(52);
    let scenario = told(&instance).unwrap();
    let (work, _) = paidan::model::check::check(&scenario).unwrap();
    assert_eq!(work.tickets.len(), 2);
    let answer = super::forms::planned_with_warnings(&scenario);
    assert_eq!(answer.plan.cost.unwrap().total_fen.0, 100_820);
    let written: Value = serde_json::from_str(&plan_in_minutes(&answer.plan)).unwrap();
    assert_eq!(written["unserved"], json!(["K2"]));
}

#[test]
fn shifts_past_midnight_and_equal_days_keep_their_minutes() {
    // 1380..1500 is 23:00 to 01:00; 2 × 1440 + 540 and 3 × 1440 + 540 are equal days.
    let mut instance = instance();
    instance["horizon"] = json!(7200);
    instance["staff"][1]["shifts"] = json!([[1380, 1500], [3420, 3600], [4860, 5040]]);
    let scenario = told(&instance).unwrap();
    let person = scenario.people.iter().find(|person| person.id == "B").unwrap();
    let calendar =
        scenario.calendars.iter().find(|row| row.id == person.bands[0].calendar).unwrap();
    let rows: Vec<String> = calendar
        .overrides
        .iter()
        .map(|row| {
            let hours: Vec<String> = row.hours.iter().map(ToString::to_string).collect();
            format!("{}..{} {}", row.from, row.to.unwrap(), hours.join(" "))
        })
        .collect();
    assert_eq!(
        rows,
        [
            "2026-03-02..2026-03-02 23:00-24:00",
            "2026-03-03..2026-03-03 00:00-01:00",
            "2026-03-04..2026-03-05 09:00-12:00"
        ]
    );
}

#[test]
fn faults_of_form_are_told_with_their_places() {
    let mut missing = instance();
    missing["tickets"][0].as_object_mut().unwrap().remove("unserved");
    missing["staff"][0]["skills"]["tax"] = json!(6);
    let issues = told(&missing).unwrap_err();
    let codes: Vec<(&str, &str)> = issues.iter().map(|i| (i.code, i.path.as_str())).collect();
    assert!(codes.contains(&("J024", "$.staff[0].skills.tax")), "{codes:?}");
    assert!(codes.contains(&("J021", "$.tickets[0]")), "{codes:?}");

    for spans in [json!([[5, 5]]), json!([[9, 5]]), json!([[5, 9], [8, 12]]), json!([[700, 800]])] {
        let mut wrong = instance();
        wrong["staff"][0]["shifts"] = spans;
        let issues = told(&wrong).unwrap_err();
        assert_eq!((issues[0].code, issues[0].path.as_str()), ("B511", "$.staff[0]"));
    }
}
