//! `explain`: why this person, why then, why late, why left out, and what a client may read.

use paidan::explain::say::{self, Audience, Names};
use paidan::explain::{self, Explanation, Fact, Question, Reason, Slot};
use paidan::model::lang::Lang;
use paidan::model::plan::Plan;
use paidan::time::Money;
use serde_json::{Value, json};

use crate::explain_case::{Case, case, morning, person, plan, step};

fn reasons(explanation: &Explanation, question: Question) -> Vec<Reason> {
    explanation.answers(question).map(|part| part.reason).collect()
}

/// Why the step starts when it does, as codes of the chain.
fn chain(case: &Case, plan: &Plan, key: &str) -> Vec<Reason> {
    let told = explain::step(&case.work, plan, None, key).unwrap();
    reasons(&told, Question::When)
}

/// Why not `person`, as the reasons in his way at the step's time.
fn why_not(case: &Case, plan: &Plan, key: &str, person: &str) -> Vec<Reason> {
    let told = explain::why_not(&case.work, plan, None, key, person).unwrap();
    reasons(&told, Question::WhyNot)
}

#[test]
fn a_chain_leads_from_the_last_step_to_its_root() {
    let (case, plan) = morning();
    let told = explain::ticket(&case.work, &plan, None, "A").unwrap();
    // closing ← review ← filing ← preparation ← 张三 busy with B ← B began at once
    let chain =
        [Reason::AfterWait, Reason::AfterStep, Reason::AfterStep, Reason::PersonBusy, Reason::AsOf];
    assert_eq!(reasons(&told, Question::When), chain);
    let busy = told.parts.iter().find(|part| part.reason == Reason::PersonBusy).unwrap();
    assert_eq!(busy.key_of(Slot::Other), Some("B/prep"));
    assert_eq!(busy.key_of(Slot::Person), Some("zhang"));
}

#[test]
fn a_late_ticket_says_what_it_costs_and_who_went_first() {
    let (case, plan) = morning();
    let told = explain::ticket(&case.work, &plan, None, "A").unwrap();
    let late = [Reason::Late, Reason::CurveAmount, Reason::LateByOthers];
    assert_eq!(reasons(&told, Question::Late), late);
    let staff =
        say::lines(&told, &Names::new(&case.scenario), Lang::En, Audience::Staff).join("\n");
    // 15:00 − 13:00 = 2 h late; 10,000 + 6,000 × 2 = 22,000 fen
    assert!(staff.contains("2 h late"), "{staff}");
    assert!(staff.contains("¥220.00"), "{staff}");
    assert!(staff.contains("B Beta annual report"), "{staff}");
}

/// What the curves are said to cost is what the verifier bills: capped, by days begun on a
/// calendar, and weighted.
#[test]
fn amounts_agree_with_the_bill() {
    let ticket = json!([{"id": "T", "due": "2026-03-02T10:00",
        "curves": [{"kind": "urgency", "calendar": "office", "per_day_fen": 1_001},
                   {"kind": "urgency", "calendar": "office", "per_hour_fen": 77},
                   {"kind": "client_value", "fixed_fen": 500, "per_hour_fen": 900, "cap_fen": 1_300}],
        "steps": [step("s", "tax", json!({"minutes": 481}))]}]);
    let policy = json!({"policy": {"pace_percent": [100, 100, 100, 100, 100],
                                   "lambda_urgency": 1_500, "lambda_client_value": 333}});
    let case = case(ticket, policy);
    let plan = plan(&[("T/s", &["zhang"], "09:00", "2026-03-03T09:01")]);
    let told = explain::ticket(&case.work, &plan, None, "T").unwrap();
    let sum = |slot| -> i64 {
        let amounts = told.parts.iter().filter(|part| part.reason == Reason::CurveAmount);
        let fen = amounts.map(|part| match part.facts[&slot] {
            Fact::Amount(money) => money.0,
            _ => 0,
        });
        fen.sum()
    };
    let report = paidan::verify::verify(&case.work, &plan, None);
    let loss = report.tickets[0].loss;
    // Two office dates: 2,002. Open minutes 7 h + 1 min = 421: 77 × 421 / 60 = 540.3 → 541.
    // 500 + 900 × 23 h … is capped at 1,300.
    assert_eq!(sum(Slot::Amount), 2_002 + 541 + 1_300);
    assert_eq!(sum(Slot::Amount), loss.urgency_fen.0 + loss.client_value_fen.0);
    // 3,003 + 811.5 → 812 + 432.9 → 433
    assert_eq!(sum(Slot::Further), 3_003 + 812 + 433);
    assert_eq!(sum(Slot::Further), loss.weighted_fen.0);
}

#[test]
fn a_ticket_late_by_itself_does_not_blame_others() {
    let (case, _) = morning();
    let plan = plan(&[
        ("A/prep", &["zhang"], "09:00", "10:00"),
        ("A/file", &["zhang"], "10:00", "11:00"),
        ("A/review", &[], "11:00", "13:00"),
        ("A/close", &["wang"], "13:00", "14:00"),
        ("B/prep", &["li"], "09:00", "10:00"),
    ]);
    let told = explain::ticket(&case.work, &plan, None, "A").unwrap();
    assert!(told.has(Reason::LateByItself) && !told.has(Reason::LateByOthers));
}

/// R036, R251: the client reads no other client, no member of staff and no money, and still a
/// true reason.
#[test]
fn what_a_client_reads_names_nobody_else() {
    let (case, plan) = morning();
    let names = Names::new(&case.scenario);
    for told in [
        explain::ticket(&case.work, &plan, None, "A").unwrap(),
        explain::step(&case.work, &plan, None, "A/prep").unwrap(),
    ] {
        for lang in [Lang::Zh, Lang::En] {
            let read = say::lines(&told, &names, lang, Audience::Client).join("\n");
            let secrets = ["zhang", "张三", "李四", "wang", "王五", "乙", "Beta", "B/", "¥"];
            for secret in secrets {
                assert!(!read.contains(secret), "{secret} in:\n{read}");
            }
            assert!(read.contains("10:00"), "{read}");
        }
    }
    let read = explain::ticket(&case.work, &plan, None, "A").unwrap();
    let document = serde_json::to_string(&say::for_client(&read)).unwrap();
    assert!(document.contains("A/prep") && document.contains("E409"));
    for secret in ["zhang", "wang", "B/prep", "\"B\"", "_fen", "22000"] {
        assert!(!document.contains(secret), "{secret} in {document}");
    }
    let read = say::lines(&read, &names, Lang::En, Audience::Client).join("\n");
    assert!(read.contains("earlier commitments until 2026-03-02 10:00"), "{read}");
}

#[test]
fn what_is_about_a_person_is_not_told_to_clients() {
    let (case, plan) = morning();
    let told = explain::person(&case.work, &plan, None, "zhang").unwrap();
    let names = Names::new(&case.scenario);
    assert!(say::lines(&told, &names, Lang::Zh, Audience::Client).is_empty());
    // Three steps: B/prep, A/prep, A/file
    let staff = say::lines(&told, &names, Lang::Zh, Audience::Staff);
    assert_eq!(staff.iter().filter(|line| line.contains("E101")).count(), 3, "{staff:#?}");
}

fn one(more: Value) -> Value {
    json!([{"id": "T", "steps": [step("s", "tax", more)]}])
}

#[test]
fn bureau_hours_bind_where_nothing_else_does() {
    let case = case(one(json!({"bureau": "hall"})), json!({}));
    let plan = plan(&[("T/s", &["zhang"], "10:00", "11:00")]);
    assert_eq!(chain(&case, &plan, "T/s"), [Reason::BureauOpens]);
}

#[test]
fn after_the_noon_break_the_step_before_is_still_told() {
    let tickets = json!([{"id": "T", "steps": [
        step("a", "tax", json!({"minutes": 180})),
        step("b", "law", json!({"after": [{"step": "a"}]})),
    ]}]);
    let case = case(tickets, json!({}));
    let plan = plan(&[("T/a", &["zhang"], "09:00", "12:00"), ("T/b", &["wang"], "13:00", "14:00")]);
    let told = [Reason::PeopleHours, Reason::AfterStep, Reason::AsOf];
    assert_eq!(chain(&case, &plan, "T/b"), told);
}

#[test]
fn release_window_pin_and_quota_are_roots() {
    let released =
        json!([{"id": "T", "release": "2026-03-02T11:00", "steps": [step("s", "tax", json!({}))]}]);
    let at_eleven = plan(&[("T/s", &["zhang"], "11:00", "12:00")]);
    assert_eq!(chain(&case(released, json!({})), &at_eleven, "T/s"), [Reason::Release]);

    let window = json!({"windows": [{"from": "2026-03-02T11:00", "to": "2026-03-02T12:00"}]});
    assert_eq!(chain(&case(one(window), json!({})), &at_eleven, "T/s"), [Reason::WindowOpens]);

    let pins = json!({"pins": [{"step": "T/s", "people": ["zhang"], "start": "2026-03-02T11:00"}]});
    let pinned = case(one(json!({})), pins);
    assert_eq!(chain(&pinned, &at_eleven, "T/s"), [Reason::PinnedStart]);
    let told = explain::step(&pinned.work, &at_eleven, None, "T/s").unwrap();
    assert_eq!(reasons(&told, Question::Who), [Reason::PinnedPerson]);

    let two = json!([{"id": "T", "steps": [step("s", "tax", json!({"bureau": "hall"}))]},
                     {"id": "U", "steps": [step("s", "tax", json!({"bureau": "hall"}))]}]);
    let quota = json!({"bureaus": [{"id": "hall", "calendar": "counter", "quota_per_day": 1}]});
    let tomorrow = plan(&[
        ("U/s", &["li"], "10:00", "11:00"),
        ("T/s", &["zhang"], "2026-03-03T10:00", "2026-03-03T11:00"),
    ]);
    assert_eq!(chain(&case(two, quota), &tomorrow, "T/s")[0], Reason::QuotaFull);
}

#[test]
fn things_held_rest_and_travel_bind() {
    let two = json!([{"id": "T", "steps": [step("s", "tax", json!({"things": ["seal"]}))]},
                     {"id": "U", "steps": [step("s", "tax", json!({"things": ["seal"]}))]}]);
    let seal = case(two, json!({"things": [{"id": "seal"}]}));
    let shared = plan(&[("U/s", &["li"], "09:00", "10:00"), ("T/s", &["zhang"], "10:00", "11:00")]);
    assert_eq!(chain(&seal, &shared, "T/s"), [Reason::ThingHeld, Reason::AsOf]);

    let night = plan(&[
        ("U/s", &["zhang"], "09:00", "19:00"),
        ("T/s", &["zhang"], "2026-03-03T11:00", "2026-03-03T12:00"),
    ]);
    // Monday 19:00 + 960 min = Tuesday 11:00
    let mut evening = person("zhang", "张三", "tax", 4);
    evening["rest_minutes"] = json!(960);
    evening["bands"] = json!([{"kind": "regular", "calendar": "office"},
                              {"kind": "overtime", "calendar": "evening"}]);
    let two = json!([{"id": "T", "steps": [step("s", "tax", json!({}))]},
                     {"id": "U", "steps": [step("s", "tax", json!({"minutes": 540}))]}]);
    let tired = case(two, json!({"people": [evening]}));
    assert_eq!(chain(&tired, &night, "T/s"), [Reason::Rest, Reason::AsOf]);

    let sites = json!({"sites": [{"id": "office"}, {"id": "client"}],
        "travel": [{"from": "office", "to": "client", "minutes": 45}],
        "people": [{"id": "zhang", "base": "office", "skills": [{"skill": "tax", "level": 4}],
                    "bands": [{"kind": "regular", "calendar": "office"}]}]});
    let away = case(one(json!({"site": "client"})), sites);
    let later = plan(&[("T/s", &["zhang"], "09:45", "10:45")]);
    assert_eq!(chain(&away, &later, "T/s"), [Reason::Travel]);
}

#[test]
fn facts_and_the_freeze_explain_themselves() {
    let progress = json!({"as_of": "2026-03-02T09:30", "progress": [{"step": "T/s", "state": "begun",
        "people": ["zhang"], "start": "2026-03-02T09:00", "remaining_minutes": 30}]});
    let begun = case(one(json!({})), progress);
    let now = plan(&[("T/s", &["zhang"], "09:00", "10:00")]);
    let told = explain::step(&begun.work, &now, None, "T/s").unwrap();
    assert!(told.has(Reason::UnderWay) && told.has(Reason::BegunAlready));

    let frozen = case(one(json!({})), json!({"policy": {"freeze_minutes": 120}}));
    let told = explain::step(&frozen.work, &now, Some(&now), "T/s").unwrap();
    assert!(told.has(Reason::FrozenPerson) && told.has(Reason::FrozenStart));
}

#[test]
fn a_start_that_nothing_holds_back_is_not_given_a_false_reason() {
    let case = case(one(json!({})), json!({}));
    let lazy = plan(&[("T/s", &["zhang"], "15:00", "16:00")]);
    let told = explain::step(&case.work, &lazy, None, "T/s").unwrap();
    let part = told.parts.iter().find(|part| part.reason == Reason::NothingInTheWay).unwrap();
    let nine = case.work.zone.moment(case.work.as_of);
    assert_eq!(part.facts.get(&Slot::At), Some(&Fact::At(nine)));
    assert_eq!(
        reasons(&explain::step(&case.work, &lazy, Some(&lazy), "T/s").unwrap(), Question::When),
        [Reason::KeptStart]
    );
}

/// A late ticket whose step starts later than it must does not blame hours or others, and the
/// verifier says what the earlier start alone would save.
#[test]
fn a_plan_that_can_be_improved_is_told_so() {
    let late = json!([{"id": "T", "due": "2026-03-02T10:00",
        "curves": [{"kind": "urgency", "per_hour_fen": 6_000}],
        "steps": [step("s", "tax", json!({}))]}]);
    let case = case(late, json!({}));
    let lazy = plan(&[("T/s", &["zhang"], "15:00", "16:00")]);
    let told = explain::ticket(&case.work, &lazy, None, "T").unwrap();
    assert!(told.has(Reason::LateBySlack) && !told.has(Reason::LateByItself));
    let part = told.parts.iter().find(|part| part.reason == Reason::Improvable).unwrap();
    // From nine to ten it is in time; six hours late cost 36,000 fen.
    assert_eq!(part.facts.get(&Slot::Amount), Some(&Fact::Amount(Money(36_000))));

    let pins = json!({"pins": [{"step": "T/s", "start": "2026-03-02T15:00"}]});
    let pinned =
        crate::explain_case::case(serde_json::to_value(&case.scenario.tickets).unwrap(), pins);
    assert!(explain::ticket(&pinned.work, &lazy, None, "T").unwrap().has(Reason::LateByPins));
}

/// A start at nine is told by the office opening; of the events of the night before it, the
/// step before counts and not the rest that ended while everything was closed.
#[test]
fn events_in_a_closed_night_do_not_hide_the_work_before_it() {
    let mut tired = person("zhang", "张三", "tax", 4);
    tired["rest_minutes"] = json!(660);
    tired["bands"] = json!([{"kind": "regular", "calendar": "office"},
                            {"kind": "overtime", "calendar": "evening"}]);
    let two = json!([{"id": "T", "steps": [step("s", "tax", json!({}))]},
                     {"id": "U", "steps": [step("s", "tax", json!({"minutes": 540}))]}]);
    let case = case(two, json!({"people": [tired]}));
    let plan = plan(&[
        ("U/s", &["zhang"], "09:00", "19:00"),
        ("T/s", &["zhang"], "2026-03-03T09:00", "2026-03-03T10:00"),
    ]);
    // Monday 19:00 + 660 min = Tuesday 06:00, before the office opens anyway.
    let told = [Reason::PeopleHours, Reason::PersonBusy, Reason::AsOf];
    assert_eq!(chain(&case, &plan, "T/s"), told);
}

#[test]
fn each_candidate_is_told_the_first_rule_in_his_way() {
    let (morning, plan) = morning();
    assert_eq!(why_not(&morning, &plan, "A/prep", "wang"), [Reason::LacksSkill]);
    let four = json!([
        {"id": "T", "excluded": ["gone"], "steps": [
            {"id": "s", "minutes": 60, "seats": [{"skill": "tax", "level": 3}]},
            step("check", "tax", json!({"after": [{"step": "s"}], "differs_from": ["s"]})),
            step("sign", "tax", json!({"after": [{"step": "check"}], "same_as": ["s"]})),
        ]},
        {"id": "U", "steps": [step("s", "tax", json!({}))]},
    ]);
    let mut pupil = person("pupil", "小徒", "tax", 3);
    pupil["trainee"] = json!(true);
    pupil["mentors"] = json!(["zhang"]);
    let mut reserve = person("reserve", "预备", "tax", 5);
    reserve["urgent_only"] = json!(true);
    let mut expired = person("expired", "过期", "tax", 5);
    expired["skills"][0]["until"] = json!("2026-02-28");
    let mut late = person("late", "晚班", "tax", 5);
    late["bands"][0]["calendar"] = json!("evening");
    let people = json!({"people": [
        person("zhang", "张三", "tax", 4), person("li", "李四", "tax", 3),
        person("low", "初级", "tax", 2), person("gone", "排除", "tax", 5),
        pupil, reserve, expired, late,
    ]});
    let case = case(four, people);
    let plan = crate::explain_case::plan(&[
        ("T/s", &["zhang"], "09:00", "10:00"),
        ("T/check", &["li"], "10:00", "11:00"),
        ("T/sign", &["zhang"], "11:00", "12:00"),
        ("U/s", &["li"], "09:00", "10:00"),
    ]);
    let first = |step: &str, person: &str| why_not(&case, &plan, step, person)[0];
    assert_eq!(first("T/s", "low"), Reason::LevelTooLow);
    assert_eq!(first("T/s", "gone"), Reason::Excluded);
    assert_eq!(first("T/s", "pupil"), Reason::TraineeLeads);
    assert_eq!(first("T/s", "reserve"), Reason::UrgentOnly);
    assert_eq!(first("T/s", "expired"), Reason::CertificateExpired);
    assert_eq!(first("T/check", "zhang"), Reason::MustDiffer);
    assert_eq!(first("T/sign", "li"), Reason::MustBeSame);
    assert_eq!(first("U/s", "late"), Reason::NotAtWork);
    assert_eq!(first("U/s", "zhang"), Reason::BusyThen);
}

#[test]
fn the_only_person_who_may_is_told_as_such() {
    let (case, plan) = morning();
    let told = explain::step(&case.work, &plan, None, "A/close").unwrap();
    assert_eq!(reasons(&told, Question::Who), [Reason::OnlyOne]);
    // 张三 and 李四 lack law
    let lack = told.parts.iter().find(|part| part.reason == Reason::OthersLack).unwrap();
    assert_eq!(lack.facts.get(&Slot::Count), Some(&Fact::Number(2)));
}

#[test]
fn a_ticket_left_out_says_which_seat_nobody_can_fill() {
    let high = json!([{"id": "T", "client": "acme", "steps": [
        {"id": "s", "minutes": 60, "seats": [{"skill": "law", "level": 5}]},
        {"id": "t", "minutes": 60, "seats": [{"skill": "tax", "level": 5}]}]}]);
    let case = case(high, json!({}));
    let empty = plan(&[]);
    let told = explain::unserved(&case.work, &empty, None, "T").unwrap();
    let expected = [Reason::NobodyEligible, Reason::NobodyForSeat];
    assert_eq!(reasons(&told, Question::Unserved)[..2], expected);
    assert_eq!(told.parts[1].key_of(Slot::Step), Some("T/t"));
    assert_eq!(told.parts[1].facts.get(&Slot::Level), Some(&Fact::Number(4)));
    let read = say::lines(&told, &Names::default(), Lang::Zh, Audience::Client);
    assert_eq!(read.len(), 2, "a heading and one sentence: {read:#?}");
}

#[test]
fn companions_left_out_are_named_to_staff_only() {
    let pair = json!([
        {"id": "T", "batch": "both", "steps": [step("s", "tax", json!({}))]},
        {"id": "U", "batch": "both", "steps": [step("s", "tax", json!({}))]},
    ]);
    let case = case(pair, json!({}));
    let told = explain::ticket(&case.work, &plan(&[]), None, "T").unwrap();
    assert!(told.has(Reason::Companion));
    let said = |audience| say::lines(&told, &Names::default(), Lang::En, audience).join("\n");
    assert!(said(Audience::Staff).contains('U') && !said(Audience::Client).contains('U'));
}

#[test]
fn an_unknown_name_is_answered_with_the_near_one() {
    let (case, plan) = morning();
    let issues = explain::step(&case.work, &plan, None, "A/pref").unwrap_err();
    assert_eq!(issues[0].hint_en.as_deref(), Some("did you mean \"A/prep\"?"));
    assert!(explain::ticket(&case.work, &plan, None, "C").is_err());
    assert!(explain::person(&case.work, &plan, None, "nobody").is_err());
}

#[test]
fn explanations_are_documents_with_codes() {
    let (case, plan) = morning();
    let told = explain::ticket(&case.work, &plan, None, "A").unwrap();
    let json = serde_json::to_value(&told).unwrap();
    let busy =
        json["parts"].as_array().unwrap().iter().find(|part| part["code"] == "E409").unwrap();
    assert_eq!(busy["facts"]["other"], "B/prep");
    assert_eq!(busy["facts"]["at"], "2026-03-02T10:00+08:00");
}

/// 李四 has an hour at ten; the two hours from nine on do not fit before it.
#[test]
fn a_step_too_long_for_a_gap_is_told_with_what_comes_after() {
    let tickets = json!([
        {"id": "T", "steps": [step("s", "tax", json!({"minutes": 120}))]},
        {"id": "U", "steps": [step("s", "tax", json!({}))]},
    ]);
    let case = case(tickets, json!({}));
    let plan = plan(&[("T/s", &["zhang"], "09:00", "11:00"), ("U/s", &["li"], "10:00", "11:00")]);
    let told = explain::why_not(&case.work, &plan, None, "T/s", "li").unwrap();
    let part = told.answers(Question::WhyNot).next().unwrap();
    assert_eq!((part.reason, part.key_of(Slot::Other)), (Reason::TooLong, Some("U/s")));
}

/// 30 minutes from the office to the hall: not there at nine. To the island there is no way.
#[test]
fn who_cannot_be_there_in_time_is_too_far() {
    let mut li = person("li", "李四", "tax", 3);
    li["base"] = json!("office");
    let places = json!({
        "people": [person("zhang", "张三", "tax", 4), li],
        "sites": [{"id": "office"}, {"id": "hall"}, {"id": "island"}],
        "travel": [{"from": "office", "to": "hall", "minutes": 30}],
    });
    let plan = plan(&[("T/s", &["zhang"], "09:00", "10:00")]);
    let told = |site: &str| {
        let case = case(one(json!({"site": site})), places.clone());
        let told = explain::why_not(&case.work, &plan, None, "T/s", "li").unwrap();
        told.answers(Question::WhyNot).next().unwrap().clone()
    };
    let hall = told("hall");
    let Fact::At(until) = &hall.facts[&Slot::Until] else { panic!("{hall:?}") };
    assert_eq!(
        (hall.reason, until.to_string().as_str()),
        (Reason::TooFar, "2026-03-02T09:30+08:00")
    );
    let island = told("island");
    assert_eq!((island.reason, island.facts.get(&Slot::Until)), (Reason::TooFar, None));
}

/// A day cap of half an hour does not hold an hour, for 李四 at nine (why not) as for 张三, who
/// has used up Monday by ten and does T on Tuesday (why then).
#[test]
fn the_rule_in_the_way_of_somebody_else_or_of_an_earlier_start_is_named() {
    let capped = |id: &str, minutes: u32| {
        let mut capped = person(id, id, "tax", 4);
        capped["bands"][0]["cap_day_minutes"] = json!(minutes);
        capped
    };
    let tickets = json!([{"id": "T", "steps": [step("s", "tax", json!({}))]},
                         {"id": "U", "steps": [step("s", "tax", json!({}))]}]);
    let people = json!({"people": [capped("zhang", 60), capped("li", 30)]});
    let case = case(tickets, people);
    let plan = plan(&[
        ("U/s", &["zhang"], "09:00", "10:00"),
        ("T/s", &["zhang"], "2026-03-03T09:00", "2026-03-03T10:00"),
    ]);
    let names = Names::new(&case.scenario);
    let told = explain::why_not(&case.work, &plan, None, "U/s", "li").unwrap();
    let part = told.answers(Question::WhyNot).next().unwrap();
    assert_eq!((part.reason, part.key_of(Slot::Rule)), (Reason::RuleInTheWay, Some("H15")));
    let told = explain::step(&case.work, &plan, None, "T/s").unwrap();
    let part = told.answers(Question::When).last().unwrap();
    assert_eq!((part.code, part.reason), ("E422", Reason::RuleHolds));
    let said = say::sentence(part, &names, Lang::En, Audience::Staff).unwrap();
    assert!(said.contains("2026-03-02 10:00") && said.contains("H15"), "{said}");
    let said = say::sentence(part, &names, Lang::Zh, Audience::Client).unwrap();
    assert!(!said.contains("H15"), "{said}");
}
