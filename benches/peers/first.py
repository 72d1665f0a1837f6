"""A first answer for peers to start from: tickets by due time, each step as early as it fits.
初始解：按交期逐单排入.

Regular minutes only, nobody goes back to a gap. Tickets that do not fit are left out.
"""

from bisect import bisect_right


def run(spans, ready, minutes, begins=None):
    """(start, end) of `minutes` worked in `spans`, begun at or after `ready`; `None` if none."""
    start = ready
    while begins is not None:
        row = max(0, bisect_right(begins, (start, 10 ** 12)) - 1)
        allowed = next((b for b in begins[row:] if b[1] > start), None)
        worked = next((s for s in spans if s[1] > max(start, allowed[0])), None) if allowed else None
        if worked is None:
            return None
        found = max(start, allowed[0], worked[0])
        if found < allowed[1]:
            start = found
            break
        start = found
    first, left = None, minutes
    for a, b in spans:
        if b <= start:
            continue
        at = max(a, start)
        first = at if first is None else first
        if b - at >= left:
            return first, at + left
        left -= b - at
    return None


class _Board:
    """What is placed so far."""

    def __init__(self, question):
        self.question, self.answer = question, {}
        self.free = [question.as_of] * len(question.people)
        self.things = {}
        self.before = {then: first for first, then in question.orders}

    def ticket(self, row):
        """Places a ticket; says whether it fits, and leaves nothing behind if not."""
        question, ticket = self.question, self.question.tickets[row]
        saved = dict(self.answer), list(self.free), dict(self.things)
        others = [question.tickets[other].steps for other in ticket.after]
        fits = all(step in self.answer for steps in others for step in steps)
        release = max([ticket.release, *(self.answer[step][2] for steps in others for step in steps
                                         if fits)])
        if fits and all(self.step(step, release) for step in ticket.steps):
            return True
        self.answer, self.free, self.things = saved
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
        ready = max([ready, *(self.things.get(thing, 0) for thing in step.things)])
        found = None
        for person in self.candidates(row):
            at = max(ready, self.free[person])
            span = run(question.people[person].regular, at, step.need[person], step.begins)
            if span and (found is None or span[1] < found[2]):
                found = person, *span
        return found is not None and self.put(row, *found)

    def candidates(self, row):
        """Who may do a step beside what is placed."""
        step, answer = self.question.steps[row], self.answer
        taken = {answer[o][0] for o in step.differs if o in answer}
        taken |= {answer[o][0] for o, other in enumerate(self.question.steps)
                  if row in other.differs and o in answer}
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
            self.free[person] = end
            self.things.update((thing, end) for thing in step.things)
        return True


def start(question):
    """The first answer."""
    board, tickets = _Board(question), question.tickets
    due = lambda row: (tickets[row].pieces[0][0] if tickets[row].pieces else question.horizon, row)
    waiting, done = sorted(range(len(tickets)), key=due), set()
    earlier = {row: set(ticket.after) for row, ticket in enumerate(tickets)}
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
        out = {row for row, t in enumerate(question.tickets) if any(s not in answer for s in t.steps)}
        batches = {question.tickets[row].batch for row in out} - {None}
        gone = {row for row, t in enumerate(question.tickets) if row not in out
                and (t.batch in batches or out & set(t.after))}
        if not gone:
            return answer
        answer = {s: v for s, v in answer.items() if question.steps[s].ticket not in gone}
