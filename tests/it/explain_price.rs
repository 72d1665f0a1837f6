//! `explain`: "why late" and "why left out" end at the bottleneck with its price.

use paidan::explain::say::{self, Audience, Names};
use paidan::explain::{self, BillPart, Explanation, Fact, Question, Reason, Slot};
use paidan::model::lang::Lang;
use paidan::model::plan::{Bound, BoundMethod, Plan};
use paidan::time::Money;
use serde_json::{Value, json};

use crate::explain_case::{case, morning, plan, step};

/// Prices of one plan: `(date, skill or "", people, fen per hour)`.
fn price(plan: &mut Plan, rows: &[(&str, &str, &[&str], i64)]) {
    let row = |(date, skill, people, fen): &(&str, &str, &[&str], i64)| {
        let mut row = json!({"date": date, "people": people, "fen_per_hour": fen});
        if !skill.is_empty() {
            row["skill"] = json!(skill);
        }
        row
    };
    let rows: Vec<Value> = rows.iter().map(row).collect();
    plan.prices = serde_json::from_value(json!(rows)).unwrap();
}

fn about_a(plan: &Plan) -> Explanation {
    explain::ticket(&morning().0.work, plan, None, "A").unwrap()
}

/// The last answer to why it is late.
fn last(told: &Explanation) -> Reason {
    told.answers(Question::Late).last().unwrap().reason
}

/// R057, R100: the bottleneck is found and priced, in words for staff in both languages.
#[test]
fn why_late_ends_at_the_dearest_hour_on_the_way() {
    let (case, mut plan) = morning();
    price(
        &mut plan,
        &[
            ("2026-03-02", "tax", &[], 23_000),
            ("2026-03-02", "", &["wang"], 22_999),
            ("2026-03-02", "law", &[], 400),
        ],
    );
    let told = explain::ticket(&case.work, &plan, None, "A").unwrap();
    assert_eq!(last(&told), Reason::ScarceSkill);
    let part = told.answers(Question::Late).last().unwrap();
    assert_eq!((part.code, part.key_of(Slot::Skill)), ("E509", Some("tax")));
    assert_eq!(part.facts[&Slot::Amount], Fact::Amount(Money(23_000)));
    let document = serde_json::to_value(part).unwrap();
    assert_eq!(document["facts"]["date"], "2026-03-02");
    let names = Names::new(&case.scenario);
    let read = |lang| say::lines(&told, &names, lang, Audience::Staff).join("\n");
    let (zh, en) = (read(Lang::Zh), read(Lang::En));
    let said = "one more hour of it on 2026-03-02 would be worth about ¥230.00";
    assert!(en.contains("\"tax\"") && en.contains(said), "{en}");
    assert!(zh.contains("最紧缺的是“税务”:2026-03-02 每多一小时"), "{zh}");
    assert!(zh.contains("¥230.00"), "{zh}");
}

#[test]
fn people_are_told_by_name_where_their_hour_is_the_dearest() {
    let (case, mut plan) = morning();
    price(&mut plan, &[("2026-03-02", "tax", &[], 500), ("2026-03-02", "", &["li", "wang"], 501)]);
    let told = explain::ticket(&case.work, &plan, None, "A").unwrap();
    assert_eq!(last(&told), Reason::ScarcePeople);
    let read = say::lines(&told, &Names::new(&case.scenario), Lang::Zh, Audience::Staff);
    assert!(read.iter().any(|line| line.contains("E510") && line.contains("李四、王五")));
}

/// The document names all of many people, the sentence five.
#[test]
fn of_many_people_the_first_are_named_and_the_others_counted() {
    let (case, mut plan) = morning();
    let many = ["wang", "p2", "p3", "p4", "p5", "p6", "p7"];
    price(&mut plan, &[("2026-03-02", "", &many, 700)]);
    let told = explain::ticket(&case.work, &plan, None, "A").unwrap();
    let names = Names::new(&case.scenario);
    let read = |lang| say::lines(&told, &names, lang, Audience::Staff).join("\n");
    assert!(read(Lang::En).contains("王五, p2, p3, p4, p5 and 2 more"), "{}", read(Lang::En));
    assert!(read(Lang::Zh).contains("王五、p2、p3、p4、p5等 7 人"), "{}", read(Lang::Zh));
    let last = told.answers(Question::Late).last().unwrap();
    assert_eq!(last.facts[&Slot::People], Fact::Keys(many.map(str::to_owned).to_vec()));
}

/// A is released on Monday 2 March and finished at 15:00 of that date by Zhang and Wang.
#[test]
fn hours_that_are_not_on_the_way_are_not_told() {
    let (_, mut plan) = morning();
    let elsewhere: [(&str, &str, &[&str], i64); 3] = [
        ("2026-03-03", "tax", &[], 900),
        ("2026-03-01", "", &["zhang"], 800),
        ("2026-03-02", "", &["li"], 700),
    ];
    price(&mut plan, &elsewhere);
    assert_eq!(last(&about_a(&plan)), Reason::LateByOthers);
    let mut rows = elsewhere.to_vec();
    rows.push(("2026-03-02", "", &["li", "zhang"], 1));
    price(&mut plan, &rows);
    let told = about_a(&plan);
    assert_eq!(last(&told), Reason::ScarcePeople);
    let part = told.answers(Question::Late).last().unwrap();
    assert_eq!(part.facts[&Slot::Amount], Fact::Amount(Money(1)));
}

/// The chain of A leads from Wang to Li, who has no part in A itself.
#[test]
fn the_step_a_chain_ends_at_counts_as_on_the_way() {
    let tickets = json!([
        {"id": "A", "due": "2026-03-02T09:30", "after": ["B"],
         "steps": [step("s", "law", json!({}))]},
        {"id": "B", "steps": [step("s", "tax", json!({}))]},
    ]);
    let case = case(tickets, json!({}));
    let mut plan =
        plan(&[("B/s", &["li"], "09:00", "10:00"), ("A/s", &["wang"], "10:00", "11:00")]);
    price(&mut plan, &[("2026-03-02", "", &["li"], 600), ("2026-03-02", "", &["wang"], 100)]);
    let told = explain::ticket(&case.work, &plan, None, "A").unwrap();
    let part = told.answers(Question::Late).last().unwrap();
    assert_eq!(part.facts[&Slot::People], Fact::Keys(vec!["li".to_owned()]));
}

#[test]
fn a_plan_without_prices_and_a_ticket_in_time_name_no_bottleneck() {
    let (case, mut plan) = morning();
    assert_eq!(last(&about_a(&plan)), Reason::LateByOthers);
    price(&mut plan, &[("2026-03-02", "tax", &[], 0)]);
    assert_eq!(last(&about_a(&plan)), Reason::LateByOthers, "an hour worth nothing");
    price(&mut plan, &[("2026-03-02", "tax", &[], 500)]);
    // B has no due time and no curve.
    let told = explain::ticket(&case.work, &plan, None, "B").unwrap();
    assert_eq!(last(&told), Reason::NoDue);
}

/// A ticket that finds no room ends with the dearest hour of those who could do it, up to the
/// horizon (Friday 18:00); one that nobody may do does not.
#[test]
fn why_left_out_ends_at_the_dearest_hour_that_could_serve_it() {
    let (case, _) = morning();
    let mut left = plan(&[("B/prep", &["zhang"], "09:00", "10:00")]);
    price(&mut left, &[("2026-03-06", "", &["li"], 700), ("2026-03-07", "tax", &[], 900)]);
    let mut told = |reason: &str| {
        left.unserved = serde_json::from_value(json!([{"ticket": "A", "reason": reason}])).unwrap();
        let told = explain::ticket(&case.work, &left, None, "A").unwrap();
        told.answers(Question::Unserved).last().unwrap().clone()
    };
    for reason in ["no_room", "dearer"] {
        let part = told(reason);
        assert_eq!(part.reason, Reason::ScarcePeople);
        assert_eq!(part.facts[&Slot::People], Fact::Keys(vec!["li".to_owned()]));
    }
    for reason in ["nobody_eligible", "cannot_fit", "held_by_pins"] {
        assert_eq!(told(reason).reason, Reason::UnservedPrice, "{reason}");
    }
}

/// R036, R251: a client reads of no price, no skill and nobody's time.
#[test]
fn clients_are_not_told_the_bottleneck() {
    let (case, mut plan) = morning();
    let names = Names::new(&case.scenario);
    let read = |plan: &Plan, lang| {
        let told = explain::ticket(&case.work, plan, None, "A").unwrap();
        let document = serde_json::to_string(&say::for_client(&told)).unwrap();
        (say::lines(&told, &names, lang, Audience::Client), document)
    };
    let before = [Lang::Zh, Lang::En].map(|lang| read(&plan, lang));
    price(&mut plan, &[("2026-03-02", "tax", &[], 23_000), ("2026-03-02", "", &["wang"], 24_000)]);
    assert!(about_a(&plan).has(Reason::ScarcePeople));
    let after = [Lang::Zh, Lang::En].map(|lang| read(&plan, lang));
    assert_eq!(before, after);
    assert!(!after[0].1.contains("E510") && !after[0].1.contains("24000"));
}

fn bounded(plan: &Plan, fen: i64) -> Plan {
    let method = BoundMethod::PricedTime;
    let bound = Bound { value_fen: Money(fen), method, gap_basis_points: 0, gap: None };
    Plan { bound: Some(bound), ..plan.clone() }
}

#[test]
fn a_diff_tells_the_bounds_where_a_plan_states_one() {
    let (case, plan) = morning();
    let names = Names::new(&case.scenario);
    let lines =
        |a: &Plan, b: &Plan| {
            let diff = explain::diff(&case.work, a, b, None);
            assert!(diff.is_empty(), "a better proof makes no other plan");
            assert!(
                diff.bill.iter().all(|change| change.part != BillPart::Total
                    || change.before_fen == change.after_fen)
            );
            say::diff_lines(&diff, &names, Lang::En)
        };
    let (low, high) = (bounded(&plan, 10_000), bounded(&plan, 12_000));
    assert_eq!(lines(&plan, &plan), ["The plans are the same"]);
    let told = lines(&low, &high);
    assert_eq!(told, ["The plans are the same", "No plan costs less than: ¥100.00 → ¥120.00"]);
    assert_eq!(lines(&plan, &low)[1], "No plan costs less than: not stated → ¥100.00");
    assert_eq!(lines(&low, &low), ["The plans are the same"]);
}
