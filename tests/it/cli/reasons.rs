//! `explain`, `diff` and `move`.

use super::bench::{BY_HAND, Bench, FIRM};

#[test]
fn tickets_steps_and_people_are_explained_in_both_languages() {
    let bench = Bench::new("cli-explain");
    for (subject, en, zh) in [
        ("t1", "2026-03-09 12:00", "是否按时"),
        ("t1/file", "Why then", "为什么在此时"),
        ("person:li", "Li Qiang", "李强"),
    ] {
        let run = bench.run(&["explain", ".", "hand.json", subject]).expect(0);
        assert!(run.out.contains(en), "{subject}: {}", run.out);
        let run = bench.run(&["explain", ".", "hand.json", subject, "--lang", "zh"]).expect(0);
        assert!(run.out.contains(zh), "{subject}: {}", run.out);
    }
    let run = bench.run(&["explain", ".", "hand.json", "t1", "--format", "json"]).expect(0);
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(told["parts"].as_array().unwrap().len() > 1);
    let run = bench.run(&["explain", ".", "hand.json", "t9"]).expect(2);
    assert!(run.err.contains("t9"), "{}", run.err);
}

/// R036, R251: clients read nothing of staff, other clients or money.
#[test]
fn what_clients_read_names_nobody_and_no_price() {
    let bench = Bench::new("cli-client");
    for format in ["table", "json"] {
        let arguments = ["explain", ".", "hand.json", "t1", "--for", "client", "--format", format];
        let out = bench.run(&arguments).expect(0).out;
        assert!(out.contains("12:00"), "{out}");
        for secret in ["Li", "li\"", "Wang", "wang", "t2", "t3", "¥"] {
            assert!(!out.contains(secret), "{secret}: {out}");
        }
    }
    bench.run(&["explain", ".", "hand.json", "person:li", "--for", "client"]).expect(2);
}

#[test]
fn why_not_somebody_else_is_answered_and_priced() {
    let bench = Bench::new("cli-why-not");
    let arguments = ["explain", ".", "hand.json", "t1/file", "--why-not", "wang", "--search"];
    let run = bench.run(&arguments).expect(0);
    assert!(run.out.contains("Wang Fang") && run.out.contains("costs"), "{}", run.out);
}

/// The price of a choice beside the plan as it is.
#[test]
fn a_price_is_the_cheaper_way_beside_the_cheaper_plan() {
    let bench = Bench::new("cli-price");
    let asked = ["explain", ".", "hand.json", "t1/file", "--search", "--why-not"];
    let ask = |person: &str| bench.run(&[&asked[..], &[person]].concat()).expect(0).out;
    let said = ask("li");
    assert!(said.contains("E324") && said.contains("E802"), "{said}");
    // Wang is free from 11:00 on, as Li is.
    assert!(ask("wang").contains("E802"));
    // He takes three hours: t3 to 11:00, then t1 to 15:00, 5 h × ¥60 instead of 2 h × ¥60.
    let slow = r#""seats": [{"skill": "tax", "level": 3}], "minutes": 60,
        "stated": [{"person": "wang", "minutes": 180}]"#;
    let step = r#""seats": [{"skill": "tax", "level": 3}], "minutes": 60"#;
    bench.put("scenario.json", &FIRM.replace(step, slow));
    let said = ask("wang");
    assert!(said.contains("E801") && said.contains("costs ¥180.00 more"), "{said}");
    // A plan that wastes 3 h × ¥60 does not make him cheaper.
    bench.put("hand.json", &BY_HAND.replace("T11:00", "T14:00"));
    let said = ask("wang");
    assert!(said.contains("costs ¥180.00 more"), "{said}");
    // Due by 11:30, t1 is left out with him: that is no price.
    let hard =
        r#""latest_end": "2026-03-09T11:30", "stated": [{"person": "wang", "minutes": 180}]"#;
    let hard = FIRM.replace(step, &format!("{step}, {hard}"));
    bench.put("scenario.json", &hard);
    let second = BY_HAND.replace(
        r#""t2", "step": "file", "people": ["li"], "start": "2026-03-09T09"#,
        r#""t2", "step": "file", "people": ["li"], "start": "2026-03-09T10"#,
    );
    bench.put("hand.json", &second.replace("T11:00", "T09:00"));
    let said = ask("wang");
    assert!(said.contains("E803") && !said.contains('¥'), "{said}");
}

/// R033's other side: what a plan by hand costs beside one that is worked out.
#[test]
fn the_difference_between_two_plans_is_told_with_its_price() {
    let bench = Bench::new("cli-diff");
    // t1 an hour later still: 3 × ¥60 instead of 2 × ¥60.
    bench.put("gut.json", &BY_HAND.replace("T11:00", "T13:00"));
    let run = bench.run(&["diff", ".", "gut.json", "hand.json"]).expect(0);
    // 14:00 instead of 12:00: 4 h × ¥60 = ¥240 against ¥120.
    assert!(run.out.contains("¥240.00") && run.out.contains("¥120.00"), "{}", run.out);
    let run = bench.run(&["diff", ".", "hand.json", "hand.json"]).expect(0);
    assert!(run.out.contains("the same"), "{}", run.out);
}

#[test]
fn a_move_is_checked_and_priced_before_it_is_kept() {
    let bench = Bench::new("cli-move");
    bench.put("plan.json", BY_HAND);
    // Wang is free from 11:00 as well, so nothing changes but the person.
    let run = bench.run(&["move", "t1/file", "--to", "wang", "--out", "moved.json"]).expect(0);
    assert!(run.out.contains("no rule is broken"), "{}", run.out);
    bench.run(&["verify", ".", "moved.json"]).expect(0);
    assert_eq!(bench.text("plan.json"), BY_HAND);
    let at_ten = ["move", "t1/file", "--to", "wang", "--at", "2026-03-09T10:00"];
    let run = bench.run(&[&at_ten[..], &["--out", "broken.json"]].concat()).expect(1);
    assert!(run.out.contains("H4"), "{}", run.out);
    assert!(!bench.path("broken.json").exists());
    bench.run(&["move", "t1/file", "--to", "wang", "--at", "noon"]).expect(2);
    let run = bench.run(&["move", "t1/file", "--to", "wang", "--seat", "2"]).expect(2);
    assert!(run.err.contains("has no seat 2"), "{}", run.err);
}

#[test]
fn people_and_tickets_go_by_their_names_where_only_one_bears_them() {
    let bench = Bench::new("cli-names");
    let titled = |title: &str| format!("\"title\": {{\"zh\": \"{title}\", \"en\": \"Filing\"}},");
    let named = FIRM
        .replace("\"id\": \"t1\",", &format!("\"id\": \"t1\", {}", titled("季报")))
        .replace("\"id\": \"t2\",", &format!("\"id\": \"t2\", {}", titled("年报")));
    bench.put("scenario.json", &named);
    bench.put("plan.json", BY_HAND);
    // A time alone is today's; Wang is free from 11:00.
    let run = bench.run(&["move", "季报/file", "--to", "王芳", "--at", "11:00"]).expect(0);
    assert!(run.out.contains("no rule is broken"), "{}", run.out);
    bench.run(&["move", "t1/file", "--to", "wang fang", "--at", "9:00"]).expect(1);
    let out = bench.run(&["explain", ".", "hand.json", "李强"]).expect(0).out;
    assert!(out.contains("Li Qiang"), "{out}");
    bench.run(&["explain", ".", "hand.json", "季报"]).expect(0);
    bench.run(&["explain", ".", "hand.json", "季报/file", "--why-not", "王芳"]).expect(0);
    let run = bench.run(&["explain", ".", "hand.json", "filing"]).expect(2);
    assert!(run.err.contains("say which by key: t1, t2"), "{}", run.err);
    let export = ["export", ".", "hand.json", "--ics", "li.ics", "--person", "李强"];
    bench.run(&export).expect(0);
    assert!(bench.text("li.ics").contains("BEGIN:VEVENT"));
}
