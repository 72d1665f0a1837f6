"""Plans of peers, as paidan reads them. 计划文件.

A peer's answer is `{step row: (person row or None, start, end)}` for the steps of the tickets it
serves. Pieces are left out: the verifier takes every regular minute and the cheapest extra ones.
"""

import json
from pathlib import Path

from calendars import inside

PLAN_FORMAT = "paidan-plan/1"


def document(question, answer):
    """The plan document of an answer; tickets with a step missing are left out whole."""
    served = {row for row, ticket in enumerate(question.tickets)
              if all(step in answer for step in ticket.steps)}
    steps = []
    for row, step in enumerate(question.steps):
        if step.ticket in served:
            person, start, end = answer[row]
            steps.append({
                "ticket": question.tickets[step.ticket].key, "step": step.name,
                "people": [] if person is None else [question.people[person].key],
                "start": question.text(start), "end": question.text(end)})
    unserved = [{"ticket": ticket.key} for row, ticket in enumerate(question.tickets)
                if row not in served]
    return {"format": PLAN_FORMAT, "steps": steps, "unserved": unserved}


def answer_of(question, plan):
    """The answer that a plan document states, pieces left aside."""
    index = {person.key: row for row, person in enumerate(question.people)}
    answer = {}
    for row in plan["steps"]:
        people = row.get("people", [])
        answer[question.rows[f"{row['ticket']}/{row['step']}"]] = (
            index[people[0]] if people else None,
            question.tick(row["start"]), question.tick(row["end"]))
    return answer


def overtime(question, step, person, start, end):
    """Extra minutes that a step with these ends works; `None` if it can work no such span."""
    regular = inside(question.people[person].regular, start, end)
    extra = question.steps[step].need[person] - regular
    room = inside(question.people[person].overtime, start, end)
    return extra if 0 <= extra <= room else None


def price(question, answer):
    """Lateness, unserved and overtime of an answer in fen, as we read the rules."""
    total = 0
    for ticket in question.tickets:
        if not all(step in answer for step in ticket.steps):
            total += ticket.unserved
            continue
        total += ticket.loss(max(answer[step][2] for step in ticket.steps))
        for step in ticket.steps:
            person, start, end = answer[step]
            if person is not None:
                extra = overtime(question, step, person, start, end)
                if extra is None:
                    key = question.steps[step].key
                    raise ValueError(f"{key}: its span fits no working time 时段与工时不符")
                total += -(-extra * question.people[person].price // 60)
    return total


def write(path, value):
    """Writes JSON."""
    Path(path).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
