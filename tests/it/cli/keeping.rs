//! `backup`, `restore` and `audit`.

use paidan::desk::event::{Draft, Stream};
use paidan::desk::payload::Payload;
use paidan::store::{Batch, Sqlite, Store as _};
use rusqlite::Connection;
use serde_json::json;

use super::bench::Bench;

/// Adds an event to each of two tickets of the database on the bench.
fn work(bench: &Bench, seq: u64) -> Sqlite {
    let store = Sqlite::create_or_open(&bench.path("desk.db")).unwrap();
    let draft = || Draft {
        at_ms: 0,
        actor: "wang".to_owned(),
        kind: "taken".to_owned(),
        payload: Payload::of(&json!({"fen": 100})).unwrap(),
    };
    let batch = Batch::new().append(&Stream::new("ticket", "T-1"), seq, vec![draft()]);
    store.commit(batch.append(&Stream::new("ticket", "T-2"), seq, vec![draft()])).unwrap();
    store
}

/// Runs `sql` on the database on the bench, past its triggers.
fn meddle(bench: &Bench, sql: &str) {
    let connection = Connection::open(bench.path("desk.db")).unwrap();
    connection.execute_batch("DROP TRIGGER event_stays; DROP TRIGGER event_is_kept").unwrap();
    connection.execute_batch(sql).unwrap();
}

const VERIFY: [&str; 8] =
    ["audit", "verify", "--db", "desk.db", "--checkpoint", "point.json", "--key", "key.pub"];
const VERIFY_EXPORT: [&str; 8] =
    ["audit", "verify", "--log", "log.jsonl", "--checkpoint", "point.json", "--key", "key.pub"];

/// A bench with four events, a key, a checkpoint behind them, and a log as exported.
fn audited(name: &str) -> Bench {
    let bench = Bench::new(name);
    drop(work(&bench, 0));
    drop(work(&bench, 1));
    bench.run(&["audit", "key", "key"]).expect(0);
    let checkpoint =
        ["audit", "checkpoint", "--db", "desk.db", "--key", "key", "--out", "point.json"];
    bench.run(&checkpoint).expect(0);
    let log = bench.run(&["audit", "export", "--db", "desk.db"]).expect(0).out;
    bench.put("log.jsonl", &log);
    bench
}

#[test]
fn a_backup_is_taken_in_use_and_restored_when_nothing_is_lost() {
    let bench = Bench::new("cli-backup");
    let store = work(&bench, 0);
    let run = bench.run(&["backup", "copy.db", "--db", "desk.db"]).expect(0);
    assert!(run.out.is_empty() && run.err.contains("up to event 2"), "{}", run.err);

    let restore = ["restore", "copy.db", "--db", "desk.db"];
    assert!(bench.run(&restore).expect(3).err.contains("is in use"));
    drop(store);
    drop(work(&bench, 1));
    let run = bench.run(&restore).expect(3);
    assert!(run.err.contains("equal up to 2, it ends at 4") && run.err.contains("--overwrite"));

    let run = bench.run(&["restore", "copy.db", "--db", "desk.db", "--overwrite"]).expect(0);
    assert!(
        run.err.contains("up to event 2") && run.err.contains("before-restore-1"),
        "{}",
        run.err
    );
    let found = bench.run(&["audit", "verify", "--db", "desk.db", "--format", "json"]).expect(0);
    let found: serde_json::Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!((&found["end"], &found["faults"]), (&json!(2), &json!([])));
}

#[test]
fn what_is_no_database_is_bad_input_and_no_database_is_made() {
    let bench = Bench::new("cli-no-database");
    for arguments in [
        &["backup", "copy.db", "--db", "none.db"][..],
        &["restore", "none.db", "--db", "desk.db"],
        &["backup", "copy.db", "--db", "hand.json"],
        &["audit", "verify", "--db", "none.db"],
        &["audit", "export", "--db", "hand.json"],
        &["audit", "verify", "--log", "hand.json"],
        &["audit", "verify"],
    ] {
        let run = bench.run(arguments).expect(2);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{arguments:?}");
    }
    let files = bench.files();
    assert!(!files.iter().any(|name| name == "none.db" || name == "copy.db"), "{files:?}");
}

/// R104: what was not touched has no faults, in the database and in the exported log.
#[test]
fn an_audit_of_an_untouched_log_finds_nothing() {
    let bench = audited("cli-audit");
    for arguments in [VERIFY, VERIFY_EXPORT] {
        let run = bench.run(&arguments).expect(0);
        assert!(run.out.contains("4 events") && run.out.contains("no faults"), "{}", run.out);
        let vouched = "vouched for to position 4, nobody vouches for 0 behind it";
        assert!(run.out.contains(vouched), "{}", run.out);
        assert!(run.err.is_empty(), "{}", run.err);
    }
    let bare = bench.run(&["audit", "verify", "--log", "log.jsonl"]).expect(0);
    assert!(bare.err.contains("without a checkpoint"), "{}", bare.err);
    let chinese = bench.run(&["audit", "verify", "--log", "log.jsonl", "--lang", "zh"]).expect(0);
    assert!(chinese.out.contains("未发现问题") && chinese.err.contains("没有检查点"));
}

/// R104: up to where a checkpoint vouches is told, and what came after it nobody vouches for.
#[test]
fn an_audit_tells_what_no_checkpoint_vouches_for() {
    let bench = audited("cli-audit-behind");
    drop(work(&bench, 2));
    let run = bench.run(&VERIFY).expect(0);
    let vouched = "vouched for to position 4, nobody vouches for 2 behind it";
    assert!(run.out.contains(vouched), "{}", run.out);
    assert!(run.err.contains("no checkpoint vouches for positions 5 to 6"), "{}", run.err);
    let chinese = bench.run(&[&VERIFY[..], &["--lang", "zh"]].concat()).expect(0);
    assert!(chinese.out.contains("担保至第 4 条，其后 2 条无人担保"), "{}", chinese.out);
    assert!(chinese.err.contains("第 5 至 6 条没有检查点担保"), "{}", chinese.err);
    let counts = |arguments: &[&str]| {
        let run = bench.run(&[arguments, &["--format", "json"]].concat()).expect(0);
        let found: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        (found["vouched_to"].clone(), found["behind"].clone())
    };
    assert_eq!(counts(&VERIFY), (json!(4), json!(2)));
    assert_eq!(counts(&["audit", "verify", "--log", "log.jsonl"]), (json!(0), json!(4)));
}

/// Keys are what somebody wrote: they cannot move a terminal's cursor, nor add a line of their own.
#[test]
fn keys_that_would_steer_a_terminal_are_told_by_their_numbers() {
    let bench = Bench::new("cli-audit-steer");
    drop(work(&bench, 0));
    let key = "T\u{1b}[2J\n0 faults\u{202e}";
    meddle(&bench, &format!("UPDATE stream SET key = '{key}' WHERE key = 'T-1'"));
    let run = bench.run(&["audit", "verify", "--db", "desk.db"]).expect(1);
    assert!(run.out.contains(r"ticket/T\u{1b}[2J\u{a}0 faults\u{202e} event 1"), "{}", run.out);
    assert!(!run.out.contains(['\u{1b}', '\u{202e}']));
    let run = bench.run(&["backup", "copy\u{1b}.db", "--db", "desk.db"]).expect(4);
    assert!(run.err.contains(r"ticket/T\u{1b}[2J\u{a}0 faults"), "{}", run.err);
    assert!(!run.err.contains('\u{1b}'));
    let run = bench.run(&["backup", "copy.db", "--db", "no\u{1b}.db"]).expect(2);
    assert!(run.err.contains(r"no\u{1b}.db"), "{}", run.err);
}

/// Whatever is wrong with a secret key, no part of what it is made from is shown.
#[test]
fn a_secret_key_is_never_shown() {
    let bench = audited("cli-audit-unseen");
    let whole = bench.text("key");
    let seed = bench.json("key")["seed"].as_str().unwrap().to_owned();
    let on_one_line = whole.replace('\n', " ");
    for text in [
        whole.replace(&seed, &seed[..62]),
        whole.replace(&seed, &seed.to_uppercase()).replace("seed\": \"", "seed\": \"x"),
        whole.replace("\"seed\"", "\"sed\""),
        whole.replace('}', ""),
        on_one_line.replace("audit-key/1", "audit-key/2"),
        on_one_line,
    ] {
        bench.put("wrong", &text);
        for arguments in [
            &["audit", "checkpoint", "--db", "desk.db", "--key", "wrong", "--out", "other.json"][..],
            &["audit", "verify", "--db", "desk.db", "--key", "wrong"],
            &["audit", "verify", "--db", "desk.db", "--checkpoint", "wrong"],
        ] {
            let run = bench.run(arguments);
            let said = (run.out + &run.err).to_lowercase();
            assert!(!said.contains(&seed[..8]), "{arguments:?}: {said}");
        }
    }
    bench.put("wrong", &whole.replace(&seed, &seed[..62]));
    let told = ["audit", "checkpoint", "--db", "desk.db", "--key", "wrong"];
    assert!(bench.run(&told).expect(2).err.contains("wrong is no secret key"));
}

/// R076, R104, R243: a changed, moved, missing or cut line is found offline.
#[test]
fn an_audit_finds_whatever_was_done_to_an_exported_log() {
    let bench = audited("cli-audit-log");
    let log = bench.text("log.jsonl");
    let lines: Vec<&str> = log.lines().collect();
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    for (code, text) in [
        ("L001", log.replacen("wang", "wong", 1)),
        ("L005", joined(&[lines[0], lines[2], lines[1], lines[3], lines[4]])),
        ("L003", joined(&[lines[0], lines[2], lines[3], lines[4]])),
        ("L008", joined(&lines[..4])),
        ("L007", log.replacen("\"seq\":2", "\"seq\":2,\"seq\":2", 1)),
    ] {
        bench.put("log.jsonl", &text);
        let run = bench.run(&VERIFY_EXPORT).expect(1);
        assert!(run.out.contains(&format!("[{code}]")), "{code}: {}", run.out);
    }
}

/// R104, R243: the end of the log cut off, and all traces of that mended, is found by the
/// checkpoint that was kept elsewhere.
#[test]
fn an_audit_finds_a_database_whose_end_was_cut_off() {
    let bench = audited("cli-audit-cut");
    meddle(
        &bench,
        "DELETE FROM event WHERE position = 4; DELETE FROM checkpoint;
         UPDATE stream SET seq = 1, hash = (SELECT hash FROM event WHERE position = 2)
         WHERE key = 'T-2'",
    );
    let run = bench.run(&VERIFY).expect(1);
    assert!(run.out.contains("[L008]") && run.out.contains("1 faults"), "{}", run.out);
    bench.run(&["audit", "verify", "--db", "desk.db"]).expect(0);
}

#[test]
fn a_checkpoint_by_another_key_is_a_fault() {
    let bench = audited("cli-audit-key");
    bench.run(&["audit", "key", "other"]).expect(0);
    let mut arguments = VERIFY;
    arguments[7] = "other.pub";
    let run = bench.run(&arguments).expect(1);
    assert!(
        run.out.contains("[L010]") && run.out.contains("vouched for to position 0"),
        "{}",
        run.out
    );
}

#[test]
fn a_key_is_never_overwritten_and_read_by_its_owner_alone() {
    let bench = audited("cli-audit-secret");
    let before = bench.text("key");
    bench.run(&["audit", "key", "key"]).expect(4);
    assert_eq!(bench.text("key"), before);
    // nor is a public half left beside it that is not its own
    std::fs::remove_file(bench.path("key.pub")).unwrap();
    bench.run(&["audit", "key", "key"]).expect(4);
    assert!(!bench.path("key.pub").exists());
    assert!(!bench.text("point.json").contains(bench.json("key")["seed"].as_str().unwrap()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = std::fs::metadata(bench.path("key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_key_or_checkpoint_that_is_none_is_told_with_its_place() {
    let bench = audited("cli-audit-wrong");
    let wrong = bench.text("point.json").replace("\"root\": \"", "\"root\": \"X");
    bench.put("point.json", &wrong);
    let run = bench.run(&VERIFY).expect(2);
    assert!(run.err.contains("point.json:6:") && run.err.contains("[J029]"), "{}", run.err);
    let mut arguments = VERIFY;
    arguments[7] = "key";
    assert!(bench.run(&arguments).expect(2).err.contains("paidan-audit-public-key/1"));
}

/// One process serves a database at a time: each keeps in memory what is in force.
#[test]
fn a_second_server_on_one_database_is_refused_and_a_key_is_made_beside_the_first() {
    let bench = Bench::new("cli-second-server");
    let first = paidan::app::service::Service::open(&bench.path("desk.db")).unwrap();
    let serve = ["serve", "--db", "desk.db", "--listen", "127.0.0.1:0"];
    let run = bench.run(&serve).expect(3);
    assert!(run.err.contains("served by another paidan serve"), "{}", run.err);
    bench.run(&["key", "create", "--db", "desk.db", "--role", "auditor"]).expect(0);
    assert!(first.has_keys(0).unwrap());
}
