//! `simulate`: the table, the document, the page, and what is wrong with a simulation.

use super::bench::{Bench, FIRM};
use serde_json::{Value, json};

/// Twelve urgent calls of two hours a working day for the firm of the tests, due within four.
fn days(bench: &Bench) {
    let firm: Value = serde_json::from_str(FIRM).unwrap();
    let calendar = firm["people"][0]["bands"][0]["calendar"].as_str().unwrap();
    let stream = json!({
        "ticket": {"id": "call", "track": "urgent",
            "steps": [{"id": "file", "seats": [{"skill": "tax"}], "minutes": 120}],
            "curves": [{"kind": "urgency", "per_hour_fen": 10_000}]},
        "per_day_permille": [12_000, 12_000, 12_000, 12_000, 12_000, 0, 0],
        "promise": {"working_minutes": 240, "calendar": calendar},
    });
    let simulation = json!({"format": "paidan-simulation/1", "days": 3, "streams": [stream]});
    bench.put("scenario.json", FIRM);
    bench.put("simulation.json", &simulation.to_string());
}

/// R121, R252. Both languages, the same document on any number of threads, and a page of its own.
#[test]
fn a_simulation_is_told_as_table_document_values_and_page() {
    let bench = Bench::new("cli-simulate");
    days(&bench);
    let asked = ["simulate", ".", "--replications", "3"];
    let run = bench.run(&[&asked[..], &["--report", "page.html"]].concat()).expect(0);
    for words in ["as it is · engine", "earliest due", "cost per week", "3 replications"] {
        assert!(run.out.contains(words), "{words}\n{}", run.out);
    }
    let zh = bench.run(&[&asked[..], &["--lang", "zh"]].concat()).expect(0);
    assert!(zh.out.contains("现状 · 引擎") && zh.out.contains("按承诺完成"), "{}", zh.out);
    let json = |threads: &str| {
        let more = ["--format", "json", "--threads", threads];
        bench.run(&[&asked[..], &more].concat()).expect(0).out
    };
    let document = json("1");
    assert_eq!(document, json("2"));
    let told: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(
        (&told["format"], &told["replications"]),
        (&json!("paidan-simulation-report/1"), &json!(3))
    );
    let csv = bench.run(&[&asked[..], &["--format", "csv"]].concat()).expect(0).out;
    assert!(csv.starts_with("option,policy,figure,of,mean,half_width,tickets\n"), "{csv}");
    let page = bench.text("page.html");
    assert!(page.contains("<svg") && !page.contains("http"), "it needs nothing else");
    assert!(page.contains("每周费用构成") && page.contains("Cost per week, in parts"));
    assert!(page.contains("王芳") && page.contains("Wang Fang"), "people by their names");
}

/// R022, R103. How many people to keep for urgent calls: each number is an option beside none.
/// Where an hour is worth most is told by both ways, skill by skill.
#[test]
fn reserves_and_hours_are_told() {
    let bench = Bench::new("cli-simulate-reserve");
    days(&bench);
    let firm: Value = serde_json::from_str(FIRM).unwrap();
    let person = firm["people"][0]["id"].as_str().unwrap();
    let asked = ["simulate", ".", "--replications", "2"];
    let run = bench.run(&[&asked[..], &["--reserve", person]].concat()).expect(0);
    let told = format!("1 in reserve: {person}");
    let none = "not shown: fewer than 40 replications";
    assert!(run.out.contains(&told) && run.out.contains(none), "{}", run.out);
    let run = bench.run(&[&asked[..], &["--hours"]].concat()).expect(0);
    assert!(run.out.contains("an hour, linear price"), "{}", run.out);
    let json = ["--hours", "--format", "json", "--lang", "zh"];
    let told: Value =
        serde_json::from_str(&bench.run(&[&asked[..], &json].concat()).expect(0).out).unwrap();
    assert_eq!(told["format"], "paidan-hours/1");
    assert!(told["skills"].as_array().unwrap().iter().any(|row| row["skill"] == "tax"));
}

/// R022, R136. For whom promises are kept and for whom not: by service, tier and hour, each share with
/// its interval, in the table where it is asked for, and always as values and in the document. What
/// has a name is told by it and by its id.
#[test]
fn promises_are_told_apart_by_service_tier_and_hour() {
    let bench = Bench::new("cli-simulate-by");
    days(&bench);
    let mut firm: Value = serde_json::from_str(FIRM).unwrap();
    firm["services"] = json!([{"id": "advice", "name": {"zh": "咨询", "en": "Advice"},
        "normal": [{"id": "talk", "seats": [{"skill": "tax"}], "minutes": 60}]}]);
    firm["skills"][0]["name"] = json!({"zh": "税务", "en": "Tax work"});
    firm["clients"] = json!([{"id": "acme", "tier": "gold"}]);
    firm["tickets"] = json!([]);
    bench.put("scenario.json", &firm.to_string());
    let mut simulation: Value = serde_json::from_str(&bench.text("simulation.json")).unwrap();
    let mut sold = simulation["streams"][0].clone();
    sold["ticket"] = json!({"id": "visit", "service": "advice", "client": "acme"});
    sold["promise"]["working_minutes"] = json!(30);
    simulation["streams"].as_array_mut().unwrap().push(sold);
    bench.put("simulation.json", &simulation.to_string());
    let asked = ["simulate", ".", "--replications", "4", "--policy", "first-come"];
    let run = |more: &[&str]| bench.run(&[&asked[..], more].concat()).expect(0).out;
    let plain = run(&[]);
    assert!(!plain.contains("Advice"), "{plain}");
    let told = run(&["--by", "service,tier,hour"]);
    for text in ["Advice (advice)", "(other)", "gold", "hour of arrival", "09:00"] {
        assert!(told.contains(text), "{text}\n{told}");
    }
    // An hour of work is never done within half an hour; chance alone leaves 3.7 of all tickets.
    let advice = told.split("Advice (advice)").nth(1).unwrap();
    let kept = advice.lines().find(|line| line.contains("promise kept")).unwrap();
    assert!(kept.contains("0.0% ± "), "{told}");
    let zh = run(&["--by", "service", "--lang", "zh"]);
    assert!(zh.contains("咨询 (advice)") && zh.contains("服务"), "{zh}");
    let csv = run(&["--format", "csv"]);
    let line = csv.lines().find(|line| line.contains("promise kept by service,advice,0,")).unwrap();
    assert!(line.split(',').nth(5).unwrap().parse::<u32>().unwrap() > 0, "{line}");
    let told: Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    let rows = told["cells"][0]["services"].as_array().unwrap();
    assert_eq!((&rows[0]["name"], &rows[1]["name"]), (&json!(""), &json!("advice")));
    assert!(rows[1]["kept_half_permille"].as_u64().unwrap() > 0, "{rows:?}");
    let hours = run(&["--hours"]);
    assert!(hours.contains("Tax work (tax)"), "{hours}");
    let need = run(&["--need", "1%", "--like", "wang", "--at-most", "1"]);
    assert!(need.contains("more Wang Fang (wang)"), "{need}");
    let few = bench.run(&[&asked[..], &["--half-width", "5"]].concat()).expect(2).err;
    assert!(few.contains("40 replications"), "{few}");
}

/// R149, R159. The smallest team, what hours are worth and who learns when are told as values, too;
/// what cannot be answered is refused.
#[test]
fn answers_about_staff_are_told_as_values_and_refused_where_nobody_is_meant() {
    let bench = Bench::new("cli-simulate-values");
    days(&bench);
    let told = |more: &[&str], code: i32| {
        let asked = ["simulate", ".", "--replications", "2", "--policy", "first-come"];
        bench.run(&[&asked[..], more].concat()).expect(code)
    };
    let need = ["--need", "1%", "--able", "tax", "--confidence", "90%", "--at-most", "1"];
    let csv = told(&[&need[..], &["--format", "csv"]].concat(), 0).out;
    assert!(csv.starts_with("tax,kept_permille,half_width,replications,is_bound,is_reached\n"));
    assert!(csv.lines().count() > 1, "{csv}");
    let zh = told(&[&need[..], &["--lang", "zh"]].concat(), 0).out;
    assert!(zh.contains("单侧置信度 90.0%"), "{zh}");
    let csv = told(&["--hours", "--format", "csv"], 0).out;
    assert!(csv.starts_with("skill,simulated,simulated_half,priced,priced_half,agrees\n"));
    let train = ["--train", "16:00-18:00", "--train-skill", "tax", "--format", "csv"];
    let csv = told(&train, 0).out;
    assert!(csv.starts_with("person,date,hours,cost,learnt_minutes,short_minutes\n"), "{csv}");
    let line = csv.lines().nth(1).unwrap();
    assert_eq!(line.split(',').count(), 6, "{csv}");
    assert!(told(&["--need", "90%"], 2).err.contains("--like or --able"));
    let strangers = told(&["--need", "90%", "--like", "nobody,zz", "--able", "singing"], 2).err;
    assert!(strangers.contains("nobody holds the skill \"singing\""), "{strangers}");
    assert!(strangers.contains("id \"nobody\"") && strangers.contains("id \"zz\""), "{strangers}");
    assert!(told(&["--need", "120%", "--able", "tax"], 2).err.contains("100 %"));
    assert!(told(&["--need", "90%", "--able", "tax", "--confidence", "80%"], 2).out.is_empty());
}

/// Faults of the simulation, of options and of names on the command line are told together, and
/// none of them twice.
#[test]
fn everything_wrong_with_a_simulation_and_its_options_is_told_at_once() {
    let bench = Bench::new("cli-simulate-all-wrong");
    days(&bench);
    let mut wrong: Value = serde_json::from_str(&bench.text("simulation.json")).unwrap();
    wrong["streams"][0]["clients"] = json!(["nobody"]);
    wrong["streams"][0]["ticket"]["service"] = json!("none");
    wrong["streams"][0]["ticket"]["bureau"] = json!("qq");
    wrong["streams"][0]["hours"] = json!([0, 0]);
    let effort = json!({"shape": "triangular", "low": 170, "mode": 100, "high": 70});
    wrong["chance"] = json!({"effort": effort});
    bench.put("simulation.json", &wrong.to_string());
    let run = |more: &[&str]| bench.run(&[&["simulate", "."][..], more].concat()).expect(2).err;
    let stream = ["clients[0]", "ticket.service", "ticket.bureau", "hours"];
    let told = run(&["--set", "skill person=who skill=tax level=4"]);
    for place in stream {
        assert!(told.contains(&format!("$.streams[0].{place}\n")), "{place}\n{told}");
    }
    assert!(told.contains("$.chance.effort") && told.contains("  at person\n"), "{told}");
    assert!(told.contains("5 errors, 0") && told.contains("--set: 1 error,"), "{told}");
    let told = run(&["--need", "90%", "--like", "zz"]);
    assert!(told.contains("5 errors, 0") && told.contains("id \"zz\""), "{told}");
}

/// Of several changes in short each fault says which it is in, all of them at once and each with its
/// word; the same holds for a plan's what-if, where they are one list.
#[test]
fn a_fault_of_a_change_in_short_says_which() {
    let bench = Bench::new("cli-simulate-sets");
    days(&bench);
    let sets = [
        "--set",
        "skill person=wang skill=tax level=4",
        "--set",
        "skill person=wnag skill=tax level=4",
        "--set",
        "demand percent",
        "--set",
        "urgent_only person=li urgent_onyl=true",
        "--add-person",
        "id=ma skill=tax:8 calendar=office",
        "--add-person",
        "like=zz id=bo",
    ];
    let unread = [
        "--set 3:1:8: error[C104]",
        "--set 4:1:",
        "hint: did you mean \"urgent_only\"?",
        "--add-person 1:1:13: error[J024]",
    ];
    let unknown = ["--set 2:1:14: error[S101]", "  at person\n", "hint: did you mean \"wang\"?"];
    let told = bench.run(&[&["simulate", "."][..], &sets].concat()).expect(2).err;
    let like = "--add-person 2:1:6: error[S101]";
    for text in unread.iter().chain(&unknown).chain([&like]) {
        assert!(told.contains(text), "{text}\n{told}");
    }
    // A plan's changes are one list: what they name is looked up once all of it can be read.
    let told = bench.run(&[&["plan", "."][..], &sets].concat()).expect(2).err;
    for text in unread {
        assert!(told.contains(text), "{text}\n{told}");
    }
    let told = bench.run(&["plan", ".", "--set", sets[1], "--set", sets[3]]).expect(2).err;
    for text in unknown {
        assert!(told.contains(text), "{text}\n{told}");
    }
}

/// R022. Whom nobody can keep in reserve, and whom it would not change to, is said once and by that
/// name.
#[test]
fn reserves_that_say_nothing_are_refused() {
    let bench = Bench::new("cli-simulate-reserves");
    days(&bench);
    let mut firm: Value = serde_json::from_str(FIRM).unwrap();
    firm["people"][1]["urgent_only"] = json!(true);
    bench.put("scenario.json", &firm.to_string());
    let asked = ["simulate", ".", "--replications", "2", "--reserve"];
    let told = bench.run(&[&asked[..], &["wagn,li,wang,wang"]].concat()).expect(2).err;
    for text in [
        "no person with the id \"wagn\"",
        "\"li\" takes urgent tickets only as it is",
        "\"wang\" is named twice",
        "--reserve: 3 errors",
    ] {
        assert_eq!(told.matches(text).count(), 1, "{text}\n{told}");
    }
    assert!(!told.contains("--set:") && told.contains("did you mean \"wang\""), "{told}");
}

/// Whoever has not written what the days may bring is given an example that can be simulated as it
/// stands.
#[test]
fn a_scenario_without_a_simulation_is_told_what_to_write() {
    let bench = Bench::new("cli-simulate-unwritten");
    bench.put("scenario.json", FIRM);
    let told = bench.run(&["simulate", "."]).expect(2).err;
    assert!(told.contains("simulation.json") && told.contains("--simulation"), "{told}");
    bench.put("simulation.json", &told[told.find('{').unwrap()..]);
    bench.run(&["simulate", ".", "--replications", "2"]).expect(0);
    let zh = bench.run(&["simulate", ".", "--simulation", "no.json", "--lang", "zh"]).expect(2).err;
    assert!(zh.contains("无法读取 no.json"), "{zh}");
}

#[test]
fn a_simulation_that_does_not_fit_is_refused_with_its_line() {
    let bench = Bench::new("cli-simulate-wrong");
    days(&bench);
    let text = bench.text("simulation.json").replace("\"tax\"", "\"taxes\"");
    bench.put("simulation.json", &text);
    let run = bench.run(&["simulate", "."]).expect(2);
    assert!(run.err.contains("simulation.json:1:") && run.err.contains("S101"), "{}", run.err);
    let missing = bench.run(&["simulate", ".", "--simulation", "none.json"]).expect(2);
    assert!(missing.err.contains("none.json"), "{}", missing.err);
    for document in ["simulation", "simulation-report"] {
        let schema = bench.run(&["schema", document]).expect(0).out;
        assert!(schema.contains("replications") || schema.contains("warm_up_days"), "{document}");
    }
}

/// R149. Somebody new is an option as he is in a plan's what-if; a change that cannot hold him says
/// with what he is described.
#[test]
fn somebody_new_is_an_option() {
    let bench = Bench::new("cli-simulate-new");
    days(&bench);
    let firm: Value = serde_json::from_str(FIRM).unwrap();
    let calendar = firm["people"][0]["bands"][0]["calendar"].as_str().unwrap();
    let new = format!("id=ma skill=tax:4 calendar={calendar}");
    let asked = ["simulate", ".", "--replications", "2", "--policy", "first-come"];
    let told = |more: &[&str], code: i32| bench.run(&[&asked[..], more].concat()).expect(code);
    let out = told(&["--add-person", &new], 0).out;
    assert!(out.contains("added: id=ma") && out.contains("without their pay (1 added)"), "{out}");
    let set = format!("add_person {new}");
    let refused = told(&["--set", &set], 2).err;
    assert!(refused.contains("--add-person") && refused.contains("id, skill"), "{refused}");
}
