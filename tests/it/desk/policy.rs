//! The section `desk` of the policy: the catalogue's values, its blanks, what is wrong in it.

use std::collections::BTreeSet;

use paidan::calendar::{Date, Day, Zone};
use paidan::desk::clock::{Goal, MINUTE, Wait};
use paidan::desk::decide::Rules;
use paidan::desk::rules::{Served, daily_at, strangers, timers};
use paidan::desk::timer::Timer;
use paidan::policy::desk::{Desk, check, vague};
use serde_json::{Value, json};

use super::{at, demonstration, policy, scenario};

fn day(text: &str) -> Day {
    Date::parse(text).unwrap().day()
}

fn found(desk: &Desk) -> Vec<(String, String)> {
    let issues = check(desk, &scenario(), "$");
    issues.into_iter().map(|issue| (issue.code.to_owned(), issue.path)).collect()
}

/// R203: where the source leaves a blank, configuration is required and nothing is invented.
#[test]
fn the_catalogue_alone_asks_for_every_value_it_does_not_give() {
    let blanks: Vec<String> = found(&Desk::catalogue())
        .into_iter()
        .map(|(code, path)| if code == "P201" { path } else { code + &path })
        .collect();
    let wanted = [
        "$.working",
        "$.warns_permille",
        "$.escalates_to",
        "$.timers[9].goal",
        "$.timers[10].goal",
        "$.timers[11].goal",
        "$.timers[13].goal",
        "$.classes",
        "$.matrix",
        "$.messages_per_day",
        "$.reminders",
        "$.tiers[0].runs",
        "$.digest",
        "$.client_days",
    ];
    assert_eq!(blanks, wanted);
    let timers = Desk::catalogue().timers;
    let ids: Vec<&str> = timers[9..].iter().map(|timer| timer.id.as_str()).collect();
    let wanted = ["silence", "look-back", "payment", "rework", "call-back", "promise", "statutory"];
    assert_eq!(ids, wanted);
}

#[test]
fn the_demonstration_is_the_catalogue_with_its_blanks_filled() {
    assert_eq!(paidan::policy::check(&policy(), &scenario()), []);
    let desk = demonstration();
    assert_eq!(strangers(&desk, "$"), []);
    // An empty section is the catalogue.
    let empty: Desk = serde_json::from_value(json!({})).unwrap();
    assert_eq!(empty, Desk::catalogue());
}

/// The desk of the demonstration after one change.
fn changed(pointer: &str, value: Value) -> Desk {
    let mut whole = serde_json::to_value(demonstration()).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match whole.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
    serde_json::from_value(whole).unwrap()
}

/// R052, R055, R077, R108, R115, R116, R117, R118: each fault by its code and place.
#[test]
fn what_is_wrong_in_the_rules_is_told_with_its_place() {
    let cases = [
        ("/working", json!("office-2"), "P202", "$.working"),
        ("/timers/0/goal", json!({"minutes": 1, "days": 1}), "P203", "$.timers[0].goal"),
        ("/timers/1/id", json!("l1"), "P204", "$.timers[1]"),
        ("/levels/0/timer", json!("l9"), "P206", "$.levels[0].timer"),
        ("/matrix/0/class", json!("x"), "P207", "$.matrix[0].class"),
        ("/tiers/0/runs", json!("tier"), "P209", "$.tiers[0].runs"),
        ("/approvals/1/limit_fen", json!(9), "P201", "$.approvals[1].is_limit_included"),
        ("/approvals/0/is_limit_included", json!(null), "P201", "$.approvals[0].is_limit_included"),
        ("/controls/0/replaced_by", json!([]), "P212", "$.controls[0]"),
        ("/controls/0/step", json!("guess"), "P211", "$.controls[0].step"),
        ("/reviews/0/service", json!("x"), "P102", "$.reviews[0].service"),
        ("/daily/2/times/1/from", json!(null), "P215", "$.daily[2].times"),
        ("/levels/1/from_skills", json!(null), "P216", "$.levels[1]"),
        ("/classes/1/curves/0/per_hour_fen", json!(5), "P217", "$.classes[1].curves[0]"),
        ("/surge/called_in/0", json!("x"), "P218", "$.surge.called_in[0]"),
        ("/reminders/1/after_days", json!(1), "P219", "$.reminders"),
        ("/kept_years", json!(2), "P220", "$.kept_years"),
        ("/contracts/0/client", json!("x"), "P221", "$.contracts[0].client"),
        ("/contracts/0/versions/0/escalation", json!([]), "P222", "$.contracts[0].versions[0]"),
        (
            "/contracts/0/versions/0/escalates_after_minutes",
            json!(null),
            "P201",
            "$.contracts[0].versions[0].escalates_after_minutes",
        ),
        ("/tiers/1/entitlements/0/count", json!(null), "P214", "$.tiers[1].entitlements[0]"),
        ("/tiers/1/entitlements/0/beyond_fen", json!(null), "P214", "$.tiers[1].entitlements[0]"),
        (
            "/tiers/0/entitlements/0/is_customised",
            json!(null),
            "P214",
            "$.tiers[0].entitlements[0]",
        ),
        ("/tiers/1/entitlements/1/channels", json!([]), "P214", "$.tiers[1].entitlements[1]"),
        (
            "/contracts/0/versions/1/scope/0/zh",
            json!("代理记账等"),
            "P213",
            "$.contracts[0].versions[1]",
        ),
    ];
    for (pointer, value, code, path) in cases {
        let found = found(&changed(pointer, value));
        assert!(found.contains(&(code.to_owned(), path.to_owned())), "{pointer}: {found:?}");
    }
    let matrix = json!([{"cause": "contract", "class": "critical"}]);
    assert_eq!(found(&changed("/matrix", matrix)), [("P208".to_owned(), "$.matrix".to_owned())]);
    let stray = strangers(&changed("/timers/0/starts/0", json!("ticket.sung")), "$");
    assert_eq!((stray[0].code, stray[0].path.as_str()), ("P205", "$.timers[0].starts[0]"));
}

/// R115: 等级 and "sketch" are not vague, 等 at the end of a clause and "etc." are.
#[test]
fn vague_words_are_found_as_words() {
    let words = Desk::catalogue().vague;
    for text in ["税务申报等", "记账、报税等。", "其他相关服务", "filing, etc.", "Etc", "and so on"]
    {
        assert!(!vague(&words, text).is_empty(), "{text}");
    }
    // R115: its own example, and what says the same.
    for text in ["代账等相关服务", "报税及相关服务", "记账、报税及其他", "filing and others"]
    {
        assert!(!vague(&words, text).is_empty(), "{text}");
    }
    for text in ["纳税信用等级评定", "sketches fetched", "税务申报", ""] {
        assert_eq!(vague(&words, text), Vec::<String>::new(), "{text}");
    }
}

fn clocks(client: Option<&str>, tier: Option<&str>, level: u8, on: &str) -> Vec<Timer> {
    let (on, notice_ms, owed_ms) = (day(on), None, None);
    timers(&demonstration(), &Served { client, tier, level, on, notice_ms, owed_ms })
}

fn clock(list: &[Timer], id: &str) -> Option<(Goal, bool)> {
    let timer = list.iter().find(|timer| timer.id == id)?;
    Some((timer.goal, timer.calendar.is_none()))
}

fn minutes(minutes: i64) -> Goal {
    Goal::Time(minutes * MINUTE)
}

/// R110, R113, R125, R126, R127, R132, R181, R182: ten minutes, two hours, 24 hours; the tier says
/// when they run, and has goals of its own.
#[test]
fn clocks_run_as_tier_and_level_say() {
    let basic = clocks(None, Some("basic"), 1, "2026-03-09");
    assert_eq!(clock(&basic, "l1"), Some((minutes(10), false)));
    assert_eq!(clock(&basic, "l2"), Some((minutes(120), false)));
    assert_eq!(clock(&basic, "l3"), Some((minutes(1440), true)));
    assert_eq!(clock(&basic, "answer"), Some((minutes(1440), false)));
    assert_eq!(clock(&basic, "on-site"), None);
    let vip = clocks(None, Some("vip"), 1, "2026-03-09");
    assert_eq!(clock(&vip, "l1"), Some((minutes(10), true)));
    assert_eq!(clock(&vip, "on-site"), Some((minutes(120), true)));
    assert_eq!(clock(&vip, "answer"), None);
    // what is complex has a goal of its own for them
    let complex = clocks(None, Some("vip"), 3, "2026-03-09");
    assert_eq!(clock(&complex, "l2"), Some((minutes(60), true)));
    // R181, R182, R028, R071
    assert_eq!(clock(&basic, "know-company"), Some((Goal::Days(2), false)));
    assert_eq!(clock(&basic, "guidance"), Some((Goal::Days(3), false)));
    assert_eq!(clock(&basic, "pre-check"), Some((minutes(120), false)));
    assert_eq!(clock(&basic, "anomaly"), Some((minutes(60), false)));
    let held = &basic.iter().find(|timer| timer.id == "l2").unwrap().held_by;
    assert_eq!(held, &BTreeSet::from([Wait::Client]));
}

/// R108, R109: the version of the agreement in force on the day counts, before the tier.
#[test]
fn an_agreement_counts_from_its_day_on() {
    let before = clocks(Some("group"), None, 2, "2026-03-08");
    assert_eq!(clock(&before, "l2"), Some((minutes(120), false)));
    let after = clocks(Some("group"), Some("basic"), 2, "2026-03-09");
    assert_eq!(clock(&after, "l2"), Some((minutes(90), true)));
}

/// R047, R048, R069: 10:00 and 15:00; the report went from 17:00 to 16:00 by a client's word.
#[test]
fn the_daily_report_moved_from_five_to_four() {
    let desk = demonstration();
    let time = |row: usize, on: &str| daily_at(&desk.daily[row], day(on)).unwrap().clone();
    assert_eq!((time(0, "2026-03-09").hour, time(1, "2026-03-09").hour), (10, 15));
    assert_eq!((time(2, "2026-03-01").hour, time(2, "2026-03-01").because), (17, None));
    let now = time(2, "2026-03-02");
    assert!(now.hour == 16 && now.because.unwrap().en.contains("17:00"));
}

#[test]
fn the_rules_of_a_service_come_from_the_policy() {
    let desk = demonstration();
    let now = at("2026-03-09T10:00");
    let rules = |service| Rules::of(&desk, Some(service), true, Zone::default(), now);
    let refund = rules("tax-refund");
    assert_eq!(refund.checklist, ["rate", "statements", "surtax", "refund-type"]);
    assert_eq!(refund.delivery, ["photo", "courier", "download"]);
    assert_eq!(refund.budget.unwrap().since_ms, at("2026-03-09T00:00"));
    assert_eq!((refund.approvals.len(), refund.kept_years), (2, 3));
    assert_eq!(rules("food-licence").tolerable, ["layout"]);
    assert!(rules("equity-change").regulation.is_some() && refund.regulation.is_none());
    let normal = Rules::of(&desk, Some("tax-refund"), false, Zone::default(), now);
    assert_eq!(normal.approvals.len(), 1);
}
