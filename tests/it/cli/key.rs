//! `key`: the first key is made on the command line.

use super::bench::Bench;

#[test]
fn a_key_is_made_shown_once_listed_rotated_and_taken_back() {
    let bench = Bench::new("cli-key");
    let create = ["key", "create", "--db", "desk.db", "--role", "ticketing", "--expires", "90d"];
    let run = bench.run(&create).expect(0);
    let key = run.out.trim_end().to_owned();
    assert!(key.starts_with("pd_") && !key.contains('\n'), "the key alone: it is put in variables");
    assert!(run.err.contains("shown this once") && !run.err.contains(&key));
    let prefix = &key[3..15];

    let list = ["key", "list", "--db", "desk.db", "--format", "json"];
    let listed: serde_json::Value = serde_json::from_str(&bench.run(&list).expect(0).out).unwrap();
    assert_eq!((&listed[0]["prefix"], &listed[0]["role"]), (&prefix.into(), &"ticketing".into()));
    assert!(!bench.run(&list).expect(0).out.contains(&key[16..]));

    // R174: one that speaks for two people says so.
    let create = ["key", "create", "--db", "desk.db", "--role", "specialist"];
    bench.run(&[&create[..], &["--person", "wang", "--person", "li"]].concat()).expect(0);
    let told = bench.run(&["key", "list", "--db", "desk.db"]).expect(0).out;
    assert!(told.contains("for wang li"), "{told}");

    let run = bench.run(&["key", "rotate", prefix, "--db", "desk.db"]).expect(0);
    assert!(run.err.contains(&format!("the old key {prefix} ends")), "{}", run.err);
    bench.run(&["key", "revoke", prefix, "--db", "desk.db"]).expect(0);
    let table = bench.run(&["key", "list", "--db", "desk.db"]).expect(0).out;
    assert!(table.contains("taken back") && table.contains("expires"), "{table}");
}

#[test]
fn what_is_wrong_with_a_wish_for_a_key_is_told() {
    let bench = Bench::new("cli-key-faults");
    let make = |rest: &[&str]| {
        let arguments = [&["key", "create", "--db", "desk.db"][..], rest].concat();
        bench.run(&arguments).expect(2).err
    };
    assert!(make(&["--role", "boss"]).contains("administrator, dispatcher"));
    let beyond = make(&["--role", "auditor", "--scope", "key.manage"]);
    assert!(beyond.contains("does not include key.manage"), "{beyond}");
    assert!(make(&["--role", "auditor", "--expires", "soon"]).contains("90d"));
    let run = bench.run(&["key", "list", "--db", "none.db"]).expect(2);
    assert!(run.err.contains("there is no database"), "{}", run.err);
    let run = bench.run(&["key", "revoke", "000000000000", "--db", "desk.db"]).expect(2);
    assert!(run.err.contains("there is no key 000000000000"), "{}", run.err);
}
