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
