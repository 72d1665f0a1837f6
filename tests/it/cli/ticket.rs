//! `ticket` and `desk`: the desk on the command line.

use serde_json::{Value, json};

use super::bench::Bench;

const PLACE: [&str; 4] = ["--db", "desk.db", "--at", "2026-03-09T09:00+08:00"];
const JSON: [&str; 2] = ["--format", "json"];

fn asked(bench: &Bench, words: &[&str]) -> Value {
    let run = bench.run(&[words, &PLACE, &JSON].concat()).expect(0);
    serde_json::from_str(&run.out).unwrap()
}

/// R076: a ticket is created, worked on and told of without a server.
#[test]
fn a_ticket_is_led_on_the_command_line() {
    let bench = Bench::new("cli-ticket");
    // The first key begins the database.
    bench.run(&["key", "create", "--db", "desk.db", "--role", "auditor"]).expect(0);
    bench.put("new.json", &json!({"id": "T-1", "channel": "hotline"}).to_string());
    let made = asked(&bench, &["ticket", "create", "new.json"]);
    assert_eq!(
        (&made["id"], &made["version"], &made["state"]),
        (&"T-1".into(), &1.into(), &"open".into(),)
    );
    let done = asked(&bench, &["ticket", "do", "T-1", "contacted", "--person", "mei"]);
    assert_eq!((&done["version"], &done["desk"]["stage"]), (&2.into(), &"new".into()));
    let told = asked(&bench, &["ticket", "timeline", "T-1"]);
    assert_eq!(told[1]["kind"], "ticket.contacted");
    assert_eq!((&told[1]["person"], &told[1]["actor"]), (&"mei".into(), &"owner/mei".into()));
    assert_eq!(told[1]["at"], "2026-03-09T01:00:00.000Z");
    assert_eq!(asked(&bench, &["ticket", "list", "--open"])[0]["id"], "T-1");
    assert_eq!(asked(&bench, &["desk", "due"]), json!([]));
    let table = bench.run(&[&["--lang", "zh", "ticket", "show", "T-1"][..], &PLACE].concat());
    assert!(table.expect(0).out.contains("新建"));

    // A rule of the desk is a refusal, what makes no sense is bad input.
    let refused = bench.run(&[&["ticket", "do", "T-1", "begun"][..], &PLACE].concat()).expect(3);
    assert!(refused.err.contains("D001"), "{}", refused.err);
    let unread = bench.run(&[&["ticket", "do", "T-1", "vanished"][..], &PLACE].concat()).expect(2);
    assert!(unread.err.contains("ticket.assessed"), "{}", unread.err);
    let stale = ["ticket", "do", "T-1", "contacted", "--version", "1"];
    assert!(bench.run(&[&stale[..], &PLACE].concat()).expect(3).err.contains("at version 2"));
    bench.run(&["ticket", "show", "T-1", "--db", "none.db"]).expect(2);
}

/// R076: nothing is put on record of a ticket before what is on record already, whoever states when;
/// of another ticket it is, and so is what came about earlier, by its own moment.
#[test]
fn what_happens_is_on_record_in_the_order_of_time() {
    let bench = Bench::new("cli-order");
    bench.run(&["key", "create", "--db", "desk.db", "--role", "auditor"]).expect(0);
    bench.put("one.json", &json!({"id": "T-1", "channel": "hotline"}).to_string());
    bench.put("two.json", &json!({"id": "T-2", "channel": "hotline"}).to_string());
    let at = |moment: &str, words: &[&str]| {
        bench.run(&[&["--lang", "en"], words, &["--db", "desk.db", "--at", moment]].concat())
    };
    at("2026-03-09T09:00+08:00", &["ticket", "create", "one.json"]).expect(0);
    at("2026-03-09T09:30+08:00", &["ticket", "do", "T-1", "contacted"]).expect(0);
    bench.put("change.json", &json!({"title": {"zh": "报税", "en": "filing"}}).to_string());
    for words in [
        &["ticket", "do", "T-1", "client_chased"][..],
        &["ticket", "change", "T-1", "change.json"],
        &["ticket", "cancel", "T-1"],
    ] {
        let refused = at("2026-03-09T09:29+08:00", words).expect(3).err;
        assert!(
            refused.contains("D062") && refused.contains("2026-03-09T09:30+08:00"),
            "{refused}"
        );
        assert!(refused.contains("among its particulars"), "{refused}");
    }
    at("2026-03-09T09:20+08:00", &["ticket", "create", "two.json"]).expect(0);
    at("2026-03-09T09:30+08:00", &["ticket", "do", "T-1", "client_chased"]).expect(0);
    // 2026-03-09T08:00 in Shanghai: the trace came about before the ticket did.
    let trace = r#"{"source": "chat", "digest": "d", "at_ms": 1773014400000}"#;
    let filed = ["ticket", "do", "T-1", "evidence_filed", "--payload", trace];
    at("2026-03-09T09:31+08:00", &filed).expect(0);
}

/// R076, R059, R060, R092, R135, R196: what the server does with tickets, papers, the manual,
/// emergencies and applications, its owner does without one.
#[test]
fn links_papers_the_manual_emergencies_and_applications_are_there_without_a_server() {
    let bench = Bench::new("cli-shelf");
    bench.run(&["key", "create", "--db", "desk.db", "--role", "auditor"]).expect(0);
    bench.put("new.json", &json!({"id": "T-1", "channel": "hotline"}).to_string());
    asked(&bench, &["ticket", "create", "new.json"]);
    let title = json!({"title": {"zh": "报税", "en": "filing"}});
    bench.put("change.json", &title.to_string());
    let changed = asked(&bench, &["ticket", "change", "T-1", "change.json"]);
    assert_eq!((&changed["version"], &changed["ticket"]["title"]), (&json!(2), &title["title"]));
    let stale = ["ticket", "change", "T-1", "change.json", "--version", "1"];
    assert!(bench.run(&[&stale[..], &PLACE].concat()).expect(3).err.contains("at version 2"));
    let link = ["ticket", "link", "T-1", "--base", "https://desk.example.com/"];
    let made = asked(&bench, &link);
    let url = made["url"].as_str().unwrap();
    assert_eq!(url.strip_prefix("https://desk.example.com/p/").map(str::len), Some(32));
    let revoke = ["ticket", "link", "T-1", "--revoke"];
    asked(&bench, &revoke);
    bench.run(&[&revoke[..], &PLACE].concat()).expect(2);
    // Nothing is planned, so nothing is priced or promised.
    bench.run(&[&["ticket", "price", "T-1"][..], &PLACE].concat()).expect(2);
    bench.run(&[&["ticket", "promise", "T-1"][..], &PLACE].concat()).expect(3);

    assert_eq!(asked(&bench, &["desk", "manual", "--template", "licence"]), json!([]));
    assert_eq!(asked(&bench, &["desk", "papers", "acme"]), json!([]));
    assert_eq!(asked(&bench, &["desk", "surge"])["is_on"], json!(false));
    let begin = ["desk", "surge", "--begin", "the tax system is down"];
    let refused = bench.run(&[&begin[..], &PLACE].concat()).expect(3);
    assert!(refused.err.contains("desk.surge"), "{}", refused.err);
    let submit = json!({"kind": "application.submitted", "payload": {"is_confirmed": true}});
    let submit = submit.to_string();
    let moved = asked(&bench, &["desk", "application", "P-1", "--step", &submit]);
    assert_eq!((&moved["state"], &moved["version"]), (&json!("submitted"), &json!(1)));
    assert_eq!(asked(&bench, &["desk", "application", "P-1"]), moved);
}

/// R019: three companies of one order are called on and called off by one command each; where a rule
/// is in the way of one, all are told, and nothing is kept.
#[test]
fn what_happens_to_several_tickets_is_one_command() {
    let bench = Bench::new("cli-several");
    bench.run(&["key", "create", "--db", "desk.db", "--role", "auditor"]).expect(0);
    for key in ["T-1", "T-2", "T-3"] {
        let new = json!({"id": key, "channel": "hotline"});
        bench.put("new.json", &new.to_string());
        asked(&bench, &["ticket", "create", "new.json"]);
    }
    let done = asked(&bench, &["ticket", "do", "T-1", "contacted", "--also", "T-2", "T-3"]);
    let versions = |done: &Value| {
        let all = done["tickets"].as_array().unwrap();
        all.iter().map(|one| one["ticket"]["version"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(versions(&done), [json!(2), json!(2), json!(2)]);
    let off = ["--payload", r#"{"reason": "sold"}"#];
    asked(&bench, &[&["ticket", "do", "T-2", "called_off"][..], &off].concat());
    let all = ["ticket", "do", "T-1", "called_off", "--also", "T-2", "T-3"];
    let refused = bench.run(&[&all[..], &off, &PLACE].concat()).expect(3);
    let lines: Vec<&str> = refused.err.lines().collect();
    assert_eq!((lines.len(), lines[1].starts_with("  T-2: D")), (2, true), "{}", refused.err);
    // Those it may be done to are called off, and of the other one is told why not.
    let run = bench.run(&[&all[..], &["--each"], &off, &PLACE].concat()).expect(3);
    assert!(run.out.contains("T-2  not put on record  D"), "{}", run.out);
    let list = asked(&bench, &["ticket", "list"]);
    let states: Vec<&Value> = list.as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["cancelled", "cancelled", "cancelled"]);
}

/// R076, R085, R243: what is on record of a ticket is read, called off and erased without a server,
/// and so is what was reported of its steps.
#[test]
fn confirmation_events_calling_off_and_erasing_are_there_without_a_server() {
    let bench = Bench::new("cli-record");
    bench.run(&["key", "create", "--db", "desk.db", "--role", "auditor"]).expect(0);
    let title = json!({"zh": "报税", "en": "filing"});
    bench.put("new.json", &json!({"id": "T-1", "channel": "hotline", "title": title}).to_string());
    asked(&bench, &["ticket", "create", "new.json"]);
    asked(&bench, &["ticket", "do", "T-1", "contacted", "--person", "mei"]);

    let events = asked(&bench, &["ticket", "events", "T-1"]);
    let kinds: Vec<&Value> =
        events.as_array().unwrap().iter().map(|event| &event["kind"]).collect();
    assert_eq!(kinds, ["ticket.created", "ticket.contacted"]);
    let second = asked(&bench, &["desk", "events", "--after", "1", "--most", "1"]);
    assert_eq!((second.as_array().unwrap().len(), &second[0]["position"]), (1, &json!(2)));
    let told = bench.run(&[&["ticket", "events", "T-1"][..], &PLACE].concat()).expect(0).out;
    assert!(told.contains("  ticket/T-1 2  client contacted  owner/mei\n"), "{told}");
    let told = bench.run(&[&["desk", "events", "--most", "1"][..], &PLACE].concat()).expect(0).out;
    assert!(told.ends_with("go on: --after 1\n"), "{told}");
    bench.run(&[&["ticket", "events", "none"][..], &PLACE].concat()).expect(2);

    // Nothing is completed, so nothing is there to sign.
    let file = asked(&bench, &["ticket", "confirmation", "T-1"]);
    assert_eq!((&file["digest"], &file["files"]), (&Value::Null, &json!([])));
    let shown = [&["--lang", "zh", "ticket", "confirmation", "T-1"][..], &PLACE].concat();
    assert!(bench.run(&shown).expect(0).out.contains("完成：尚未"));

    asked(&bench, &["ticket", "erase", "T-1"]);
    let shown = asked(&bench, &["ticket", "show", "T-1"]);
    assert_eq!((&shown["ticket"]["title"], &shown["version"]), (&Value::Null, &json!(3)));
    let stale = ["ticket", "cancel", "T-1", "--version", "1"];
    bench.run(&[&stale[..], &PLACE].concat()).expect(3);
    let off = asked(&bench, &["ticket", "cancel", "T-1"]);
    assert_eq!((&off["state"], &off["version"]), (&json!("cancelled"), &json!(4)));
    assert_eq!(asked(&bench, &["ticket", "cancel", "T-1"]), off);
}

/// R062: what was reported of a step by mistake is taken back.
#[test]
fn progress_is_reported_and_taken_back_without_a_server() {
    let bench = Bench::new("cli-progress");
    bench.run(&["key", "create", "--db", "desk.db", "--role", "auditor"]).expect(0);
    let step = json!({"id": "file", "seats": [{"skill": "tax"}], "minutes": 60});
    bench.put("new.json", &json!({"id": "T-1", "channel": "web", "steps": [step]}).to_string());
    asked(&bench, &["ticket", "create", "new.json"]);
    let row = json!({"step": "T-1/file", "state": "done", "people": ["wang"],
        "start": "2026-03-09T08:00+08:00", "end": "2026-03-09T09:00+08:00"});
    let report = |absences: Value| {
        json!({"format": "paidan-progress/1", "as_of": "2026-03-09T09:00+08:00",
            "progress": [row], "absences": absences})
    };
    bench.put("progress.json", &report(json!([])).to_string());
    let take_back = ["ticket", "take-back", "T-1", "file"];
    bench.run(&[&take_back[..], &PLACE].concat()).expect(2);
    let told = asked(&bench, &["ticket", "progress", "progress.json"]);
    assert_eq!(told, json!({"steps": ["T-1/file"]}));
    assert_eq!(asked(&bench, &take_back), json!({"done": "T-1/file"}));
    bench.run(&[&take_back[..], &PLACE].concat()).expect(2);
    let timeline = asked(&bench, &["ticket", "timeline", "T-1"]);
    assert_eq!(timeline[2]["kind"], "ticket.progress_taken_back");
    // Absences are nobody's ticket.
    let ill = json!({"person": "wang", "absence": {"from": "2026-03-09T09:00",
        "to": "2026-03-09T18:00"}});
    bench.put("progress.json", &report(json!([ill])).to_string());
    bench.run(&[&["ticket", "progress", "progress.json"][..], &PLACE].concat()).expect(2);
}
