//! The scripts of `benches/peers` without any peer: they parse, read scenarios as paidan does, say
//! what a peer cannot express, and believe no peer. Without python3 they are left out, and loudly;
//! where `CI` is set, as `.ci/run` does, that is a failure.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PARSE: &str = "import ast, pathlib, sys
names = sorted(pathlib.Path(sys.argv[1]).glob('*.py'))
for name in names: ast.parse(name.read_text(encoding='utf-8'), str(name))
print(len(names))";

/// `run.py` with a script of ours in place of CP-SAT's: the script's path, then the arguments.
const INSTEAD: &str = "import sys
sys.path.insert(0, 'benches/peers')
import run
run.SCRIPTS['cpsat'] = [sys.argv.pop(1)]
run.main()";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// What python3 says to `arguments`; `None` where there is no python3.
fn python(arguments: &[&str]) -> Option<Output> {
    let output = Command::new("python3").current_dir(root()).args(arguments).output();
    if output.is_err() {
        assert!(std::env::var_os("CI").is_none(), "python3 is missing: nothing is skipped in CI");
        let told = "\n*** python3 is missing: the scripts of benches/peers are NOT tested ***\n";
        std::io::stderr().write_all(told.as_bytes()).unwrap();
    }
    output.ok()
}

/// `run.py` with `arguments`, what it writes going to a folder of the test's own.
fn run(test: &str, arguments: &[&str]) -> Option<(Option<i32>, String, String)> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers").join(test);
    let program = env!("CARGO_BIN_EXE_paidan");
    let mut words = arguments.to_vec();
    words.extend(["--paidan", program, "--out", out.to_str().unwrap()]);
    let output = python(&words)?;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Some((output.status.code(), text(output.stdout), text(output.stderr)))
}

#[test]
fn every_script_of_the_peers_parses() {
    let folder = root().join("benches/peers");
    let Some(output) = python(&["-c", PARSE, folder.to_str().unwrap()]) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let count: usize = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    assert!(count > 10, "the scripts were found");
}

#[test]
fn the_scripts_price_a_plan_to_the_fen_as_the_verifier_does() {
    // Three urgent requests and one specialist: 7,200 yuan, worked out in the scenario's own test.
    let asked = [
        "benches/peers/run.py",
        "--check",
        "--lean",
        "scenarios/w06-three-urgent",
        "scenarios/01-morning",
    ];
    let Some((code, out, err)) = run("price", &asked) else { return };
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(
        out.starts_with("w06-three-urgent: paidan 720000 fen, here 此处 720000 fen\n"),
        "{out}"
    );
    assert_eq!(out.lines().count(), 2, "{out}");
}

#[test]
fn a_rule_that_a_peer_cannot_express_is_told_and_refused() {
    let asked = ["benches/peers/run.py", "--check", "scenarios/two-person-meeting"];
    let Some((code, out, err)) = run("rules", &asked) else { return };
    assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
    assert!(err.contains("steps with more than one person, trainees (H2, H3) (cpsat)"), "{err}");
}

#[test]
fn a_peer_that_lies_is_found_out_by_the_verifier() {
    let liar = root().join("tests/it/peers/liar.py");
    let mut asked = vec!["-c", INSTEAD, liar.to_str().unwrap(), "--python", "python3"];
    asked.extend(["--peers", "cpsat", "--seconds", "1", "scenarios/w06-three-urgent"]);
    let Some((code, out, err)) = run("liar", &asked) else { return };
    assert_eq!(code, Some(1), "{out}{err}");
    let row = |peer: &str| {
        let start = format!("| w06-three-urgent | {peer} |");
        let line = out.lines().find(|line| line.starts_with(&start)).expect("a row for each");
        line.split('|').map(str::trim).map(str::to_owned).collect::<Vec<_>>()
    };
    // Columns 10 and 11: violations and what the peer says of its plan.
    assert_eq!(&row("paidan")[10..12], ["0", ""], "{out}");
    assert!(row("cpsat")[10].parse::<usize>().expect("a number") > 0, "{out}");
    assert_eq!(row("cpsat")[11], "OPTIMAL", "{out}");
}
