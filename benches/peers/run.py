#!/usr/bin/env python3
"""Peers side by side: paidan and other solvers on the same scenarios, one verifier for all.
各求解器并排比较：同一场景，统一由 paidan verify 检验计价。

    python3 benches/peers/run.py --seconds 10 --lean scenarios/w06-three-urgent

The first run makes a virtual environment under target/peers from requirements.txt.
首次运行会在 target/peers 下按 requirements.txt 建立虚拟环境。
Exit codes 退出码: 0 done 完成; 1 a plan breaks a rule or readings differ 计划违规或读数不一;
2 bad input 输入有误; 3 a scenario holds rules a peer cannot express (try --lean) 有无法表达的规则;
4 something outside failed 外部故障.
"""

import sys

sys.dont_write_bytecode = True

import argparse
import hashlib
import os
import re
import subprocess
import venv
from pathlib import Path

import plans
import rules
import table
from question import Question, read

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HOME = ROOT / "target" / "peers"
SCRIPTS = {
    "cpsat": ["cpsat.py"],
    "cpsat-lite": ["cpsat.py", "--lite"],
    "pyjobshop": ["job_shop.py"],
    "timefold": ["timefold_peer.py"],
}


def fail(code, zh, en):
    """Ends with a sentence in both languages."""
    print(f"{en}\n{zh}", file=sys.stderr)
    sys.exit(code)


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO",
                        help="scenario files or folders 场景文件或文件夹")
    parser.add_argument("--generate", action="append", default=[], metavar="TxP:LOAD:SEED",
                        help="a generated scenario too, such as 40x6:0.7:1 另加生成的场景")
    parser.add_argument("--seconds", type=float, default=10,
                        help="seconds for each, reading and building included [10] 每次秒数")
    parser.add_argument("--peers", default=",".join(SCRIPTS),
                        help=f"which peers [{','.join(SCRIPTS)}] 参加比较的求解器")
    parser.add_argument("--lean", action="store_true",
                        help="take out of scenarios what a peer cannot express 去掉无法表达的规则")
    parser.add_argument("--check", action="store_true",
                        help="run no peer: compare our reading with paidan's 只核对读数，不求解")
    parser.add_argument("--python", type=Path,
                        help="a Python that has the peers already [target/peers/venv] 已装好的环境")
    parser.add_argument("--paidan", type=Path, default=ROOT / "target" / "release" / "paidan",
                        help="the program [target/release/paidan] 程序路径")
    parser.add_argument("--out", type=Path, default=HOME / "results",
                        help="folder for plans and tables [target/peers/results] 输出文件夹")
    asked = parser.parse_args()
    asked.peers = [name for name in asked.peers.split(",") if name]
    unknown = [name for name in asked.peers if name not in SCRIPTS]
    if unknown or not asked.peers:
        fail(2, f"没有求解器 {unknown}，可选：{', '.join(SCRIPTS)}",
             f"no peer {unknown}; there are {', '.join(SCRIPTS)}")
    if not asked.scenarios and not asked.generate:
        fail(2, "请给出场景，或用 --generate 40x6:0.7:1", "name a scenario, or --generate 40x6:0.7:1")
    if asked.seconds < 1:
        fail(2, "--seconds 至少为 1", "--seconds must be at least 1")
    return asked


def python(asked):
    """The environment's Python, with the pinned peers installed."""
    if asked.python:
        return asked.python
    wanted = HERE / "requirements.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    folder, stamp = HOME / "venv", HOME / "venv" / "installed"
    program = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return program
    print(f"installing {wanted.relative_to(ROOT)} 正在安装", file=sys.stderr)
    venv.create(folder, with_pip=True)
    if subprocess.run([program, "-m", "pip", "install", "-q", "-r", wanted]).returncode:
        fail(4, "安装失败：需要 Python 3.11 以上及可用的软件包源",
             "installing failed: it takes Python 3.11 or later and a package index")
    stamp.write_text(digest, encoding="ascii")
    return program


def call(asked, *words):
    """Runs paidan; its output. Exit 1 means a plan breaks a rule, and is no failure here."""
    done = subprocess.run([asked.paidan, *map(str, words)], capture_output=True, text=True,
                          encoding="utf-8")
    if done.returncode not in (0, 1):
        fail(4, f"paidan {words[0]} 失败：\n{done.stderr[:2000]}",
             f"paidan {words[0]} failed:\n{done.stderr[:2000]}")
    return done.stdout


def questions(asked):
    """Name and document of every scenario asked for."""
    for path in asked.scenarios:
        try:
            yield Path(path).stem if Path(path).is_file() else Path(path).name, read(path)
        except (OSError, ValueError) as fault:
            fail(2, f"无法读取 {path}：{fault}", f"cannot read {path}: {fault}")
    for order in asked.generate:
        form = re.fullmatch(r"(\d+)x(\d+):([\d.]+):(\d+)", order)
        if not form:
            fail(2, f"{order} 应写作 40x6:0.7:1", f"{order} should read like 40x6:0.7:1")
        tickets, people, load, seed = form.groups()
        path = asked.out / f"generated-{tickets}x{people}-{load}-{seed}.json"
        call(asked, "generate", "--tickets", tickets, "--people", people, "--load", load,
             "--seed", seed, "--out", path)
        yield path.stem, read(path)


def narrowed(asked, name, scenario, peers):
    """The scenario that all of `peers` can express, or `None` with the rules told."""
    names = rules.beyond(scenario, peers)
    if not names:
        return scenario
    who = lambda rule: ", ".join(peer for peer in peers if rule in rules.CANNOT[peer])
    told = "\n".join(f"  - {rule}: {rules.RULES[rule][0]} ({who(rule)})" for rule in names)
    if asked.lean:
        print(f"{name}: taken out 已去掉\n{told}", file=sys.stderr)
        return rules.lean(scenario, peers)[0]
    print(f"{name}: cannot be expressed 无法表达 (--lean takes it out 可用 --lean 去掉)\n{told}",
          file=sys.stderr)
    return None


def check(asked, name, scenario):
    """Whether our reading prices paidan's plan as its verifier does."""
    path, plan = asked.out / f"{name}.json", asked.out / f"{name}.check.json"
    plans.write(path, scenario)
    call(asked, "plan", path, "--rounds", 1, "--out", plan, "--format", "json")
    verdict = table.verdict(call(asked, "verify", path, plan, "--format", "json"))
    question = Question(scenario)
    ours = plans.price(question, plans.answer_of(question, read(plan)))
    print(f"{name}: paidan {verdict['cost']} fen, here 此处 {ours} fen")
    return ours == verdict["cost"] and not verdict["violations"]


def compare(asked, program, name, scenario, peers):
    """A row for paidan and one for each peer."""
    path = asked.out / f"{name}.json"
    plans.write(path, scenario)
    plan = asked.out / f"{name}.paidan.json"
    call(asked, "plan", path, "--seconds", asked.seconds if asked.seconds % 1 else
         int(asked.seconds), "--threads", 2, "--out", plan, "--format", "json")
    verified = table.verdict(call(asked, "verify", path, plan, "--format", "json"))
    version = call(asked, "--version").strip()
    paidan = {"scenario": name, "peer": "paidan", "seconds": asked.seconds, **verified,
              "paidan": verified["cost"], "versions": version, "status": "",
              "objective": read(plan)["cost"]["total_fen"]}
    yield paidan
    for peer in peers:
        print(f"{name}: {peer}", file=sys.stderr)
        plan, result = (asked.out / f"{name}.{peer}{end}" for end in (".json", ".result.json"))
        for old in (plan, result):
            old.unlink(missing_ok=True)
        row = {"scenario": name, "peer": peer, "seconds": asked.seconds, "paidan": paidan["cost"]}
        script, *flags = SCRIPTS[peer]
        words = [program, "-B", HERE / script, path, str(asked.seconds), plan, result, *flags]
        try:
            code = subprocess.run(words, timeout=4 * asked.seconds + 120).returncode
        except subprocess.TimeoutExpired:
            code = "timeout"
        if code or not result.exists():
            yield {**row, "status": f"failed 失败 ({code})"}
            continue
        told = read(result)
        row.update(objective=told["objective"], bound=told["bound"], status=told["status"],
                   took=told["seconds"], start=told["start"],
                   versions=" ".join(f"{name} {v}" for name, v in told["versions"].items()))
        if plan.exists():
            row.update(table.verdict(call(asked, "verify", path, plan, "--format", "json")))
        yield row


def main():
    """Runs everything and writes the tables."""
    asked = arguments()
    if not asked.paidan.exists():
        fail(2, f"没有 {asked.paidan}：先运行 cargo build --release",
             f"there is no {asked.paidan}: run cargo build --release first")
    asked.out.mkdir(parents=True, exist_ok=True)
    program = None if asked.check else python(asked)
    rows, refused, agreed = [], False, True
    for name, scenario in questions(asked):
        scenario = narrowed(asked, name, scenario, ["cpsat"] if asked.check else asked.peers)
        if scenario is None:
            refused = True
        elif asked.check:
            agreed &= check(asked, name, scenario)
        else:
            rows += compare(asked, program, name, scenario, asked.peers)
    if rows:
        table.write(asked.out, rows)
        print(table.markdown(rows))
    broken = any(row.get("violations") for row in rows) or not agreed
    sys.exit(1 if broken else 3 if refused else 0)


if __name__ == "__main__":
    main()
