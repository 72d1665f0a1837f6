"""A first answer for peers to start from: ticket by ticket, each step as early as it fits.
初始解：逐单排入.

Gaps are filled. With overtime, every open minute is worked, or only the regular ones: whichever is
cheaper at the end. Tickets that do not fit are placed first in a second try, then left out.
"""

from bisect import bisect_right, insort

import plans
from calendars import DAY, merged, met

FAR = 10 ** 12


def run(spans, ready, minutes, begins=None):
    """(start, end) of `minutes` worked in `spans`, begun at or after `ready`; `None` if none."""
    start = ready
    while begins is not None:
        row = max(0, bisect_right(begins, (start, FAR)) - 1)
        allowed = next((b for b in begins[row:] if b[1] > start), None)
        if allowed is None:
            return None
        worked = met(spans, max(start, allowed[0]), FAR)
        if not worked:
            return None
        found = max(start, allowed[0], worked[0][0])
        if found < allowed[1]:
            start = found
            break
        start = found
    first, left = None, minutes
    for a, b in met(spans, start, FAR):
        at = max(a, start)
        first = at if first is None else first
        if b - at >= left:
            return first, at + left
        left -= b - at
    return None


class _Board:
    """What is placed so far."""

    def __init__(self, question, overtime):
        self.question, self.answer = question, {}
        self.hours = [merged(p.regular + p.overtime if overtime else p.regular)
                      for p in question.people]
        self.busy = {}  # sorted spans by person row and by thing
        self.before = {then: first for first, then in question.orders}
        self.differs = [set(step.differs) for step in question.steps]
        for row, step in enumerate(question.steps):
            for other in step.differs:
                self.differs[other].add(row)

    def ticket(self, row):
        """Places a ticket; says whether it fits, and leaves nothing behind if not."""
        question, ticket = self.question, self.question.tickets[row]
        saved = dict(self.answer), {key: list(spans) for key, spans in self.busy.items()}
        others = [question.tickets[other].steps for other in ticket.after]
        fits = all(step in self.answer for steps in others for step in steps)
        release = max([ticket.release, *(self.answer[step][2] for steps in others for step in steps
                                         if fits)])
        if fits and all(self.step(step, release) for step in ticket.steps):
            return True
        self.answer, self.busy = saved
        return False

    def step(self, row, ready):
        """Places a step at the earliest end."""
        question, step = self.question, self.question.steps[row]
        for other, from_start, lag in step.links:
            over = lag.end(self.answer[other][1 if from_start else 2])
            if over is None:
                return False
            ready = max(ready, over)
        if step.wait is not None:
            begin = ready
            if step.begins is not None:
                begin = next((max(a, ready) for a, b in step.begins if b > ready), None)
            end = None if begin is None else step.wait.end(begin)
            return self.put(row, None, begin, end)
        found = None
        for person in self.candidates(row):
            span = self.slot(step, person, ready)
            if span and (found is None or span[1] < found[2]):
                found = person, *span
        return found is not None and self.put(row, *found)

    def slot(self, step, person, ready):
        """The earliest span between what keeps the person and the step's things busy."""
        busy = [span for key in (person, *step.things)
                for span in met(self.busy.get(key, []), ready, FAR)]
        for until, after in [*sorted(busy), (FAR, FAR)]:
            if until > ready:
                span = run(self.hours[person], ready, step.need[person], step.begins)
                if span is None or span[1] <= until:
                    return span
            ready = max(ready, after)
        return None

    def candidates(self, row):
        """Who may do a step beside what is placed."""
        step, answer = self.question.steps[row], self.answer
        taken = {answer[o][0] for o in self.differs[row] if o in answer}
        leads = {answer[o][0] for o in step.same if o in answer}
        leads |= {answer[o][0] for o in (self.before.get(row),) if o in answer}
        return [p for p in step.need if p not in taken and (not leads or leads == {p})]

    def put(self, row, person, start, end):
        """Notes a step if it ends in time."""
        step = self.question.steps[row]
        last = self.question.horizon
        last = last if step.latest_end is None else min(last, step.latest_end)
        if end is None or end > last:
            return False
        self.answer[row] = person, start, end
        if person is not None:
            for key in (person, *step.things):
                insort(self.busy.setdefault(key, []), (start, end))
        return True


def start(question, overtime):
    """The cheapest first answer of several orders of tickets; with `overtime` if it pays."""
    made = []
    for order in (due, dearest, dearest_soon):
        ranks = [order(question, ticket) for ticket in question.tickets]
        for extra in (False, True) if overtime else (False,):
            answer = placed(question, ranks, extra)
            made.append(answer)
            out = [any(step not in answer for step in ticket.steps) for ticket in question.tickets]
            if any(out):
                first = [(not left, rank) for left, rank in zip(out, ranks)]
                made.append(placed(question, first, extra))
    return min(made, key=lambda answer: plans.price(question, answer))


def due(question, ticket):
    """Earliest first loss first."""
    return ticket.pieces[0][0] if ticket.pieces else question.horizon


def dearest(question, ticket):
    """Most loss per minute of work first."""
    work = sum(min(question.steps[row].need.values(), default=0) for row in ticket.steps)
    span = question.horizon - question.as_of
    return -ticket.loss(question.horizon) / (max(1, work) * span)


def dearest_soon(question, ticket):
    """As `dearest`, fading with the time until the first loss."""
    days = max(0, due(question, ticket) - question.as_of) / DAY
    return dearest(question, ticket) * 0.7 ** days


def placed(question, ranks, overtime):
    """All tickets placed one by one, lowest rank first, each after those it must follow."""
    board, tickets = _Board(question, overtime), question.tickets
    waiting = sorted(range(len(tickets)), key=lambda row: (ranks[row], row))
    done, earlier = set(), {row: set(ticket.after) for row, ticket in enumerate(tickets)}
    for first, then in question.orders:
        earlier[question.steps[then].ticket].add(question.steps[first].ticket)
    while waiting:
        row = next((r for r in waiting if earlier[r] - {r} <= done), waiting[0])
        waiting.remove(row)
        done.add(row)
        board.ticket(row)
    return prune(question, board.answer)


def prune(question, answer):
    """Takes out tickets whose batch, or a ticket they come after, is not whole."""
    while True:
        out = {row for row, ticket in enumerate(question.tickets)
               if any(step not in answer for step in ticket.steps)}
        batches = {question.tickets[row].batch for row in out} - {None}
        gone = {row for row, t in enumerate(question.tickets) if row not in out
                and (t.batch in batches or out & set(t.after))}
        if not gone:
            return answer
        answer = {s: v for s, v in answer.items() if question.steps[s].ticket not in gone}
