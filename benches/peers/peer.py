"""What every peer's script does around its model. 各求解器脚本的共同部分.

Called by `run.py` as `python PEER.py SCENARIO SECONDS PLAN RESULT`. The seconds cover everything
from the start of the script: reading, building, solving.
"""

import argparse
import json
import time
from pathlib import Path

import first
import plans
from question import Question

BEGAN = time.monotonic()
THREADS = 2


def left(seconds):
    """Seconds left for the search, at least one."""
    return max(1.0, seconds - (time.monotonic() - BEGAN))


def main(solve, versions, overtime=True):
    """Reads the question, lets `solve(question, start, seconds)` answer it, writes both files.

    The start works overtime only for a solver that does.
    `solve` returns the answer (or `None`), its own objective in fen, its bound, and what it says
    of the answer.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", type=Path)
    parser.add_argument("seconds", type=float)
    parser.add_argument("plan", type=Path)
    parser.add_argument("result", type=Path)
    asked = parser.parse_args()
    question = Question(json.loads(asked.scenario.read_text(encoding="utf-8")))
    start = first.start(question, overtime)
    answer, objective, bound, status = solve(question, start, asked.seconds)
    if answer is not None:
        plans.write(asked.plan, plans.document(question, answer))
    plans.write(asked.result, {
        "objective": objective, "bound": bound, "status": status, "versions": versions,
        "start": plans.price(question, start), "seconds": round(time.monotonic() - BEGAN, 1)})
