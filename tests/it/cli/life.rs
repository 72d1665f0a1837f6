//! The whole life of a ticket on the command line.

use paidan::app::service::plans::{Draft, DraftWish, Publishing};
use paidan::app::service::{Caller, Service};
use paidan::store::{Batch, Documents as _, Sqlite, Store as _, Write};
use serde_json::{Value, json};

use super::bench::{Bench, Run};

/// Nine o'clock on Monday 2026-03-09 in Shanghai.
const NOW: i64 = 1_773_018_000_000;
const DAY: i64 = 86_400_000;
const PLACE: [&str; 4] = ["--db", "desk.db", "--at", "2026-03-09T09:00+08:00"];

/// A filing is an hour of Wang's, then an hour of Li's, for 500 yuan; nothing is planned yet.
fn firm(bench: &Bench) {
    let service = Service::open(&bench.path("desk.db")).unwrap();
    let owner = Caller::machine_owner();
    let (morning, afternoon) = ("09:00-12:00", "13:00-18:00");
    let week: Value = ["mon", "tue", "wed", "thu", "fri"]
        .into_iter()
        .map(|day| (day.to_owned(), json!([morning, afternoon])))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let base = json!({"horizon_days": 4, "calendars": [{"id": "office", "weekly": week}],
        "skills": [{"id": "tax"}, {"id": "audit"}],
        "services": [{"id": "filing", "normal": [
            {"id": "file", "seats": [{"skill": "tax", "level": 3}], "minutes": 60},
            {"id": "check", "seats": [{"skill": "audit", "level": 3}], "minutes": 60,
                "after": [{"step": "file"}]}]},
            {"id": "correction", "normal": [
                {"id": "correct", "seats": [{"skill": "tax", "level": 3}], "minutes": 60}]}]});
    service.put_base(&owner, Some(0), serde_json::from_value(base).unwrap(), NOW).unwrap();
    for (id, skill) in [("wang", "tax"), ("li", "audit")] {
        let person = json!({"id": id, "skills": [{"skill": skill, "level": 3}],
            "bands": [{"kind": "regular", "calendar": "office"}]});
        let person = serde_json::from_value(person).unwrap();
        service.create_person(&owner, &person, None, NOW).unwrap();
    }
    let rate = |service: &str| {
        json!({"service": service, "normal_fen": 50_000, "surcharge_permille": 200,
            "overtime_permille": 1000, "displacement_permille": 1000})
    };
    let policy = json!({"format": "paidan-policy/1", "quote_minutes": 30,
        "rates": [rate("filing"), rate("correction")],
        "desk": {"working": "office", "warns_permille": 750, "escalates_to": "supervisor",
            "timers": [], "daily": [], "levels": [], "tiers": [], "vague": [], "delivery": [],
            "kick_off": [], "matrix": [{"class": "urgent"}],
            "classes": [{"id": "urgent", "label": {"zh": "急", "en": "urgent"}, "curves": []}],
            "posts": [], "messages_per_day": 2, "reminders": [{"after_days": 1, "post": "agent"}],
            "digest": {"post": "department_manager", "hour": 17}, "client_days": 90}});
    let policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&owner, Some(0), policy, NOW).unwrap();
    let wish = DraftWish { rounds: 1, seed: 1 };
    let draft = service.draft(&owner, &wish, None, NOW, &mut |_| true).unwrap();
    let draft: Draft = serde_json::from_slice(&draft.body).unwrap();
    let wish = Publishing { draft: Some(draft.id), rollback_to: None, replaces: 0 };
    service.publish(&owner, &wish, None, NOW).unwrap();
}

fn run(bench: &Bench, words: &[&str]) -> Run {
    bench.run(&[words, &PLACE].concat())
}

fn asked(bench: &Bench, words: &[&str]) -> Value {
    let run = run(bench, &[words, &["--format", "json"]].concat()).expect(0);
    serde_json::from_str(&run.out).unwrap()
}

/// Says that this person did this; answers with the stage the ticket is in then.
fn done(bench: &Bench, person: &str, kind: &str, payload: &Value) -> Value {
    let payload = payload.to_string();
    let words = ["ticket", "do", "T-1", kind, "--person", person, "--payload", &payload];
    asked(bench, &words)["desk"]["stage"].clone()
}

/// Created, assessed and weighed by Mei.
fn weighed(bench: &Bench) {
    let new = json!({"id": "T-1", "channel": "hotline", "service": "filing"});
    bench.put("new.json", &new.to_string());
    asked(bench, &["ticket", "create", "new.json"]);
    let assessed = json!({"cause": "contract", "losses": ["deal"], "degree": "grave",
        "wished_ms": null, "needed_ms": NOW + 10 * DAY, "has_notice": true, "stuck_at": "audit",
        "reach_today": "taken in"});
    assert_eq!(done(bench, "mei", "assessed", &assessed), "assessed");
    let yes = json!({"answer": "yes", "evidence": "plan"});
    let weighed = json!({"people": yes, "process": yes, "tools": yes, "risk": yes});
    assert_eq!(done(bench, "mei", "weighed", &weighed), "weighed");
}

/// R076, R040, R131: what is promised without a server is an option of a quote, as with one; until
/// then the way there is told.
#[test]
fn a_ticket_is_quoted_and_accepted_on_the_command_line() {
    let bench = Bench::new("cli-offer");
    firm(&bench);
    weighed(&bench);
    let early = run(&bench, &["ticket", "promise", "T-1"]).expect(3);
    assert!(early.err.contains("ticket quote T-1"), "{}", early.err);
    let told = run(&bench, &["--lang", "zh", "ticket", "quote", "T-1", "--quick"]).expect(0).out;
    assert!(
        told.contains("1  as_it_stands  2026-03-09T11:00+08:00  ¥500.00  wang, li\n"),
        "{told}"
    );
    assert!(told.contains("接受：ticket accept T-1 --quote Q-"), "{told}");
    let quoted = asked(&bench, &["ticket", "quote", "T-1"]);
    let id = quoted["id"].as_str().unwrap();
    let accept = |ticket: &str, option: &str| {
        run(&bench, &["ticket", "accept", ticket, "--quote", id, "--option", option])
    };
    assert!(accept("T-2", "1").expect(2).err.contains("is not for T-2"));
    for none in ["0", "9", "tomorrow"] {
        assert!(accept("T-1", none).expect(2).err.contains("as_it_stands"), "{none}");
    }
    let late = ["--db", "desk.db", "--at", "2026-03-09T09:30+08:00"];
    let late = [&["ticket", "accept", "T-1", "--quote", id, "--option", "1"][..], &late].concat();
    let late = bench.run(&late).expect(3);
    assert!(late.out.contains("take it: ticket accept T-1 --quote Q-"), "{}", late.out);
}

/// R040: what was told meanwhile takes no quote away on the command line either.
#[test]
fn a_quote_outlives_words_on_the_command_line() {
    let bench = Bench::new("cli-outlives");
    firm(&bench);
    weighed(&bench);
    bench.put("other.json", r#"{"id": "T-2", "channel": "hotline", "service": "filing"}"#);
    asked(&bench, &["ticket", "create", "other.json"]);
    let quoted = asked(&bench, &["ticket", "quote", "T-1"]);
    let id = quoted["id"].as_str().unwrap();
    asked(&bench, &["ticket", "do", "T-2", "contacted"]);
    asked(&bench, &["ticket", "do", "T-1", "client_chased"]);
    let take = ["ticket", "accept", "T-1", "--quote", id, "--option", "as_it_stands"];
    assert_eq!(asked(&bench, &take)["finish"], "2026-03-09T11:00+08:00");
}

/// R074: a date that comes to be at risk at night is due when the office opens, and names who tells
/// the client.
#[test]
fn a_warning_of_the_night_names_somebody_on_the_command_line() {
    let bench = Bench::new("cli-warned");
    firm(&bench);
    weighed(&bench);
    let quoted = asked(&bench, &["ticket", "quote", "T-1"]);
    let id = quoted["id"].as_str().unwrap();
    asked(&bench, &["ticket", "accept", "T-1", "--quote", id, "--option", "as_it_stands"]);
    let night = ["--db", "desk.db", "--at", "2026-03-09T21:00+08:00"];
    let until = json!({"wait": "agency", "until_ms": NOW + 3 * DAY}).to_string();
    let waits = ["ticket", "do", "T-1", "wait_begun", "--payload", &until];
    bench.run(&[&waits[..], &night].concat()).expect(0);
    let due = bench.run(&[&["--lang", "en", "desk", "due"][..], &night].concat()).expect(0).out;
    let row = "2026-03-10T09:00:00+08:00  T-1  tell the client  warn the client of a date at risk  \
               → the liaison  → wang  It was promised for 2026-03-09 11:00";
    assert!(due.contains(row), "{due}");
}

/// T-1 from the call to the signature.
fn signed(bench: &Bench) {
    weighed(bench);
    let quoted = asked(bench, &["ticket", "quote", "T-1"]);
    let id = quoted["id"].as_str().unwrap();
    let take = ["ticket", "accept", "T-1", "--quote", id, "--option", "as_it_stands"];
    let accepted = asked(bench, &take);
    assert_eq!(accepted["finish"], "2026-03-09T11:00+08:00");
    assert_eq!((&accepted["plan"], &accepted["tickets"]), (&json!(2), &json!(["T-1"])));
    // The plan has given it to Wang, with Li to look over it.
    assert_eq!(done(bench, "wang", "acknowledged", &json!({})), "acknowledged");
    let nothing = json!({"items": []});
    assert_eq!(done(bench, "wang", "begun", &json!({})), "in_progress");
    assert_eq!(done(bench, "wang", "self_checked", &nothing), "self_checked");
    assert_eq!(done(bench, "li", "reviewed", &nothing), "reviewed");
    assert_eq!(done(bench, "wang", "delivered", &json!({"steps": []})), "delivered");
    let digest = asked(bench, &["ticket", "confirmation", "T-1"])["digest"].clone();
    assert_eq!(done(bench, "lan", "signed", &json!({"digest": digest})), "signed");
}

/// R084: what calling a ticket off would come to is told as long as it can be called off.
#[test]
fn calling_off_is_told_while_it_can_be_done() {
    let bench = Bench::new("cli-calling-off");
    firm(&bench);
    signed(&bench);
    let show = ["ticket", "show", "T-1"];
    let told = run(&bench, &[&["--lang", "en"], &show[..]].concat()).expect(0).out;
    assert!(!told.contains("called off"), "{told}");
    assert_eq!(asked(&bench, &show)["dossier"]["calling_off"], Value::Null);
    let bench = Bench::new("cli-calling-off-now");
    firm(&bench);
    weighed(&bench);
    let quoted = asked(&bench, &["ticket", "quote", "T-1"]);
    let id = quoted["id"].as_str().unwrap();
    asked(&bench, &["ticket", "accept", "T-1", "--quote", id, "--option", "as_it_stands"]);
    for (lang, words) in [("en", "if called off now: 2 steps"), ("zh", "若现在取消：2 步")] {
        let told = run(&bench, &[&["--lang", lang], &show[..]].concat()).expect(0).out;
        assert!(told.contains(words), "{told}");
    }
    done(&bench, "mei", "called_off", &json!({"reason": "sold the firm"}));
    let told = run(&bench, &[&["--lang", "en"], &show[..]].concat()).expect(0).out;
    assert!(told.contains("  called off: 2 steps"), "{told}");
}

/// R076, R001, R085, R086: from the call to the archive with `paidan ticket` alone.
#[test]
fn a_ticket_lives_its_whole_life_on_the_command_line() {
    let bench = Bench::new("cli-life");
    firm(&bench);
    signed(&bench);
    let rating = json!({"timeliness": 5, "communication": 4, "result": 5});
    assert_eq!(done(&bench, "lan", "surveyed", &rating), "surveyed");
    let back = json!({"well": "in time", "improve": "none"});
    assert_eq!(done(&bench, "mei", "looked_back", &back), "looked_back");
    let kept = json!({"keep_until_ms": NOW + 4_000 * DAY});
    assert_eq!(done(&bench, "mei", "archived", &kept), "archived");
    assert_eq!(asked(&bench, &["ticket", "show", "T-1"])["state"], "done");
}

/// R015: of a quote for what a red line forbids nothing can be accepted, as the ticket is refused for
/// good. It says what is lawful instead and how a ticket for that is made, which is then quoted.
#[test]
fn what_is_lawful_instead_is_a_ticket_of_its_own_on_the_command_line() {
    let bench = Bench::new("cli-instead");
    firm(&bench);
    weighed(&bench);
    let service = Service::open(&bench.path("desk.db")).unwrap();
    let owner = Caller::machine_owner();
    let kept = service.policy(&owner).unwrap();
    let mut policy = serde_json::to_value(kept.document).unwrap();
    policy["red_lines"] = json!([{"code": "RL-001", "service": "filing",
        "reason": {"zh": "已过月", "en": "the month is closed"},
        "alternative": {"service": "correction",
            "about": {"zh": "多花一天", "en": "a day more"}}}]);
    let policy = serde_json::from_value(policy).unwrap();
    service.put_policy(&owner, Some(kept.version), policy, NOW).unwrap();
    drop(service);
    let told = run(&bench, &["--lang", "en", "ticket", "quote", "T-1"]).expect(3).out;
    let new = r#"{"channel":"hotline","service":"correction"}"#;
    assert!(told.contains("instead correction: a day more\n"), "{told}");
    assert!(told.contains(&format!("take it: echo '{new}' | paidan ticket create -\n")), "{told}");
    assert!(!told.contains("ticket accept"), "{told}");
    for (lang, words) in [
        (
            "en",
            "refused for compliance: it crosses the red line RL-001: the month is closed; \
               correction is lawful instead: a day more",
        ),
        ("zh", "合规拒绝：触及红线 RL-001：已过月；可改办 correction：多花一天"),
    ] {
        let shown = run(&bench, &["--lang", lang, "ticket", "show", "T-1"]).expect(0).out;
        assert!(shown.contains(words), "{shown}");
    }
    bench.put("instead.json", new);
    let made = asked(&bench, &["ticket", "create", "instead.json"]);
    let quoted = asked(&bench, &["ticket", "quote", made["id"].as_str().unwrap()]);
    assert!(!quoted["quote"]["options"].as_array().unwrap().is_empty(), "{quoted}");
}

/// R193: a second bill forgets no first one: it says which it replaces, and both are told.
#[test]
fn a_second_bill_keeps_the_first_on_the_command_line() {
    let bench = Bench::new("cli-bill");
    firm(&bench);
    weighed(&bench);
    let quoted = asked(&bench, &["ticket", "quote", "T-1"]);
    let id = quoted["id"].as_str().unwrap();
    asked(&bench, &["ticket", "accept", "T-1", "--quote", id, "--option", "as_it_stands"]);
    let bill =
        |payload: &str| run(&bench, &["ticket", "do", "T-1", "billed", "--payload", payload]);
    bill(r#"{"amount_fen": 50000}"#).expect(0);
    let refused = bill(r#"{"amount_fen": 40000}"#).expect(3).err;
    assert!(refused.contains("D059") && refused.contains("¥500.00"), "{refused}");
    assert!(refused.contains("replaces_fen"), "{refused}");
    bill(r#"{"amount_fen": 40000, "replaces_fen": 50000}"#).expect(0);
    let shown = run(&bench, &["--lang", "zh", "ticket", "show", "T-1"]).expect(0).out;
    assert!(shown.contains("账单：¥500.00 2026-03-09T09:00+08:00，2026-03-09T09:00+08:00 被取代"));
    assert!(shown.contains("账单：¥400.00 2026-03-09T09:00+08:00，未付"), "{shown}");
    let told = run(&bench, &["ticket", "timeline", "T-1"]).expect(0).out;
    assert!(told.contains("amount ¥400.00, in place of ¥500.00"), "{told}");
    asked(&bench, &["ticket", "do", "T-1", "paid"]);
    let bills = asked(&bench, &["ticket", "show", "T-1"])["dossier"]["bills"].clone();
    assert_eq!(bills[0]["replaced"], "2026-03-09T09:00+08:00");
    assert_eq!((&bills[1]["amount_fen"], &bills[1]["paid"]), (&json!(40_000), &bills[1]["given"]));
}

/// R083: an error found after the signature has somebody, on the command line as well: it is due
/// there, and told with its ticket.
#[test]
fn an_error_found_after_the_signature_has_somebody_on_the_command_line() {
    let bench = Bench::new("cli-defect");
    firm(&bench);
    signed(&bench);
    let found = |more: &str| {
        let payload = format!(
            r#"{{"code": "figures", "reason": "the old rate", "found_by": "client"{more}}}"#
        );
        run(&bench, &["ticket", "do", "T-1", "defect_found", "--payload", &payload])
    };
    let refused = found("").expect(3).err;
    assert!(refused.contains("D060") && refused.contains("needs_none"), "{refused}");
    found(r#", "follow_up": "li""#).expect(0);
    let due = run(&bench, &["desk", "due"]).expect(0).out;
    let row = "T-1  to be put right  put right what was found after signing  → li  wrong figures";
    assert!(due.contains(row), "{due}");
    let shown = || run(&bench, &["--lang", "zh", "ticket", "show", "T-1"]).expect(0).out;
    assert!(shown().contains("（客户发现） → li，待改正"), "{}", shown());
    done(&bench, "li", "defect_mended", &json!({"how": "filed again"}));
    assert!(!run(&bench, &["desk", "due"]).expect(0).out.contains("put right"));
    assert!(shown().contains(" → li，2026-03-09T09:00+08:00 已改正"), "{}", shown());
}

/// R104: a ticket that cannot be read is named beside the list of the others, and the log gives it
/// back.
#[test]
fn a_ticket_that_cannot_be_read_is_named_beside_the_list() {
    let bench = Bench::new("cli-unread");
    firm(&bench);
    weighed(&bench);
    let store = Sqlite::open(&bench.path("desk.db")).unwrap();
    let kept = store.document("ticket", "T-1").unwrap().unwrap();
    let put = Write::PutDocument {
        kind: kept.kind,
        key: kept.key,
        expected_version: Some(kept.version),
        body: Some(r#"{"ticket": "none"}"#.to_owned()),
        at_ms: NOW,
        actor: "owner".to_owned(),
    };
    store.commit(Batch { writes: vec![put] }).unwrap();
    drop(store);
    let list = run(&bench, &["ticket", "list"]).expect(0);
    assert!(list.out.is_empty(), "{}", list.out);
    assert!(list.err.contains("T-1 cannot be read and is not listed: run `desk rebuild`"));
    let show = run(&bench, &["ticket", "show", "T-1"]).expect(4);
    assert!(show.err.contains("desk rebuild"), "{}", show.err);
    run(&bench, &["desk", "rebuild"]).expect(0);
    let list = run(&bench, &["ticket", "list"]).expect(0);
    assert!(list.out.starts_with("T-1  ") && list.err.is_empty(), "{}", list.err);
}

/// R065: who is away, the base and the policy are kept on the command line as over HTTP: written, shown
/// with their versions, and a version that is not the one in force is refused.
#[test]
fn absences_base_and_policy_are_kept_on_the_command_line() {
    let bench = Bench::new("cli-given");
    firm(&bench);
    let run = |asked: &[&str]| bench.run(&[&["--lang", "en", "desk"], asked, &PLACE[..]].concat());
    assert_eq!(run(&["absence", "wang"]).expect(0).out, "wang is not away\n");
    let times = ["--from", "2026-03-10T13:00", "--to", "2026-03-11T18:00"];
    let noted = run(&[&["absence", "wang"][..], &times, &["--reason", "fever"]].concat()).expect(0);
    let key = noted.out.split_whitespace().next().unwrap().to_owned();
    assert!(noted.out.contains("  wang  2026-03-10T13:00") && noted.out.ends_with("fever\n"));
    assert_eq!(run(&["absence", "wang"]).expect(0).out, noted.out);
    let turned = ["--from", "2026-03-11T18:00", "--to", "2026-03-10T13:00"];
    run(&[&["absence", "wang"][..], &turned].concat()).expect(2);
    run(&["absence", "nobody"]).expect(2);
    let left = run(&["absence", "wang", "--take-back", &key]).expect(0).out;
    assert_eq!(left, "wang is not away\n");

    for (name, grown) in [("base", json!(9)), ("policy", json!(45))] {
        let json = ["--format", "json"];
        let kept = run(&[&[name][..], &json].concat()).expect(0).out;
        let mut kept: Value = serde_json::from_str(&kept).unwrap();
        let field = if name == "base" { "horizon_days" } else { "quote_minutes" };
        kept[field] = grown.clone();
        bench.put("new.json", &kept.to_string());
        run(&[name, "new.json", "--version", "7"]).expect(3);
        let told = run(&[name, "new.json", "--version", "1"]).expect(0).out;
        assert_eq!(told, format!("the {name} is at version 2\n"));
        let now: Value =
            serde_json::from_str(&run(&[&[name][..], &json].concat()).expect(0).out).unwrap();
        assert_eq!(now[field], grown);
        assert!(run(&[name]).expect(0).out.starts_with(&told));
        kept[field] = json!(0);
        bench.put("new.json", &kept.to_string());
        run(&[name, "new.json"]).expect(2);
    }
}
