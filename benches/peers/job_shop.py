"""PyJobShop on a scenario. 用 PyJobShop 求解场景.

People are machines with breaks, who does a step is its mode, a ticket's tasks are present all or
none. What PyJobShop has no word for is said with helper tasks: hours in which a step may begin and
things it holds are tasks tied to it; a fee is a job that is late by one when its task is present.
Overtime has no price there, so none is worked.
"""

from importlib import import_module
from importlib.metadata import version

from pyjobshop import Model, ScheduledTask, Solution

import peer


def breaks(spans, until):
    """The times outside `spans`."""
    ends = [0, *(b for _, b in spans)]
    starts = [*(a for a, _ in spans), until]
    return [(a, b) for a, b in zip(ends, starts) if a < b]


class Shop:
    """The model, and the first answer in its terms."""

    def __init__(self, question, start):
        self.question, self.start = question, start
        self.model, self.first, self.number, self.constant = Model(), [], {}, 0
        self.until = question.horizon + 60
        self.people = [self.resource(self.model.add_machine(breaks=breaks(p.regular, self.until)))
                       for p in question.people]
        self.tasks = [self.task(row) for row in range(len(question.steps))]
        self.hours, self.things = {}, {}
        for row in range(len(question.tickets)):
            self.ticket(row)
        for row in range(len(question.steps)):
            self.relations(row)
        self.batches()
        self.model.set_objective(weight_total_tardiness=1)

    def resource(self, made):
        """Notes the number of a resource; equal ones compare equal, so by identity."""
        self.number[id(made)] = len(self.number)
        return made

    def mode(self, task, resources, minutes, placed=None):
        """Adds a mode; `placed` is (start, end, idle, breaks) where the first answer takes it."""
        self.model.add_mode(task, resources, minutes)
        if placed is not None:
            chosen = [self.number[id(resource)] for resource in resources]
            self.first.append(ScheduledTask(len(self.model.modes) - 1, chosen, *placed, True))

    def absent(self, is_absent):
        """The last task is not in the first answer."""
        if is_absent:
            self.first.append(ScheduledTask(len(self.model.modes) - 1, [], 0, 0, 0, 0, False))

    def task(self, row):
        """The task of a step, one mode for each person who may do it."""
        step, question = self.question.steps[row], self.question
        last = question.horizon if step.latest_end is None else min(step.latest_end,
                                                                    question.horizon)
        task = self.model.add_task(earliest_start=question.tickets[step.ticket].release,
                                   latest_end=last, allow_breaks=True, optional=True)
        person, begin, end = self.start.get(row, (None, None, None))
        if step.wait is not None:
            placed = None if begin is None else (begin, end, 0, 0)
            self.mode(task, [], step.wait.minutes, placed)
        for who, minutes in step.need.items():
            here = begin is not None and who == person
            placed = (begin, end, 0, end - begin - minutes) if here else None
            self.mode(task, [self.people[who]], minutes, placed)
        self.absent(begin is None)
        return task

    def helper(self, resources, minutes, placed, **bounds):
        """An optional task with one mode."""
        task = self.model.add_task(optional=True, **bounds)
        self.mode(task, resources, minutes, placed)
        self.absent(placed is None)
        return task

    def tied(self, row):
        """Helper tasks for the hours a step may begin in and the things it holds."""
        step, made = self.question.steps[row], []
        _, begin, end = self.start.get(row, (None, None, None))
        served = begin is not None
        if step.begins is not None:
            key = tuple(step.begins)
            if key not in self.hours:
                closed = breaks([(max(a, 0), min(b, self.until)) for a, b in step.begins
                                 if b > 0 and a < self.until], self.until)
                self.hours[key] = self.resource(self.model.add_renewable(10_000, breaks=closed))
            made.append(self.helper([self.hours[key]], 1,
                                    (begin, begin + 1, 0, 0) if served else None))
            self.model.add_start_at_start(made[-1], self.tasks[row])
        for thing in step.things:
            if thing not in self.things:
                self.things[thing] = self.resource(self.model.add_machine())
            made.append(self.helper([self.things[thing]], 1,
                                    (begin, end, end - begin - 1, 0) if served else None,
                                    allow_idle=True))
            self.model.add_start_at_start(made[-1], self.tasks[row])
            self.model.add_end_at_end(made[-1], self.tasks[row])
        return made

    def fee(self, amount, due):
        """A task that costs `amount` (sixtieths of a fen); `due`: the first answer pays it."""
        job = self.model.add_job(weight=amount, due_date=0)
        task = self.model.add_task(job, latest_end=1, optional=True)
        self.mode(task, [], 1, (0, 1, 0, 0) if due else None)
        self.absent(not due)
        return task

    def ticket(self, row):
        """All or none of a ticket's tasks, and what each outcome costs."""
        ticket, model = self.question.tickets[row], self.model
        served = all(step in self.start for step in ticket.steps)
        finish = max(self.start[step][2] for step in ticket.steps) if served else None
        group = [self.tasks[step] for step in ticket.steps]
        for step in ticket.steps:
            group += self.tied(step)
        for curve in ticket.curves:
            group += self.loss(ticket, curve, finish)
        if len(group) > 1:
            model.add_select_all_or_none(group)
        left_out = self.fee(60 * ticket.unserved, not served)
        model.add_select_exactly_one([group[0], left_out])
        for other in ticket.after:
            earlier = self.question.tickets[other].steps
            model.add_select_at_least_one([self.tasks[earlier[0]]], condition_task=group[0])
            for one in earlier:
                for then in ticket.steps:
                    model.add_end_before_start(self.tasks[one], self.tasks[then])

    def loss(self, ticket, curve, finish):
        """Tasks for the slope and the jump of a curve; those that belong to the served ticket."""
        model, made = self.model, []
        if curve.after >= self.question.horizon:
            return made
        ends = [self.tasks[step] for step in ticket.steps]
        served = finish is not None
        rate = curve.per_hour * curve.weight // 1000
        if rate:
            job = model.add_job(weight=rate, due_date=max(0, curve.after))
            over = model.add_task(job, latest_end=self.question.horizon, optional=True)
            self.mode(over, [], 0, (finish, finish, 0, 0) if served else None)
            self.absent(not served)
            self.constant += rate * max(0, -curve.after)
            made.append(over)
            for end in ends:
                model.add_end_before_start(end, over)
        if curve.fixed:
            late = served and finish > curve.after
            jump = self.fee(60 * curve.fixed * curve.weight // 1000, late)
            choices = [jump]
            if curve.after >= 0:
                placed = (finish, finish, 0, 0) if served and not late else None
                in_time = self.helper([], 0, placed, latest_end=curve.after)
                choices.append(in_time)
                for end in ends:
                    model.add_end_before_start(end, in_time)
            model.add_select_exactly_one(choices, condition_task=ends[0])
        return made

    def relations(self, row):
        """What ties a step to others of its ticket."""
        step, model, task = self.question.steps[row], self.model, self.tasks[row]
        for other, from_start, lag in step.links:
            tie = model.add_start_before_start if from_start else model.add_end_before_start
            tie(self.tasks[other], task, lag.minutes)
        for other in step.differs:
            if step.need and self.question.steps[other].need:
                model.add_different_resources(task, self.tasks[other])
        for other in step.same:
            if step.need and self.question.steps[other].need:
                model.add_identical_resources(task, self.tasks[other])

    def batches(self):
        """Tickets that are served all or none."""
        mates = {}
        for ticket in self.question.tickets:
            if ticket.batch is not None:
                mates.setdefault(ticket.batch, []).append(self.tasks[ticket.steps[0]])
        for tasks in mates.values():
            if len(tasks) > 1:
                self.model.add_select_all_or_none(tasks)

    def answer(self, found):
        """The answer a solution states."""
        index = {id(task): row for row, task in enumerate(self.model.tasks)}
        answer = {}
        for row, task in enumerate(self.tasks):
            placed = found.tasks[index[id(task)]]
            if placed.present:
                person = placed.resources[0] if placed.resources else None
                answer[row] = person, placed.start, placed.end
        return answer


def solve(question, start, seconds):
    """Builds, starts from the first answer, and searches for what is left of the time."""
    # The default of 2^42 for unbounded times overflows objectives with real weights.
    import_module("pyjobshop.solvers.ortools.Variables").MAX_VALUE = 4 * question.horizon
    shop = Shop(question, start)
    data = shop.model.data()
    made = shop.model.solve(
        solver="ortools", time_limit=peer.left(seconds), display=False, num_workers=peer.THREADS,
        initial_solution=Solution(data, shop.first), cp_model_probing_level=0)
    if not made.best.tasks:
        return None, None, None, made.status.name
    objective, bound = (round((value + shop.constant) / 60)
                        for value in (made.objective, made.lower_bound))
    return shop.answer(made.best), objective, bound, made.status.name


if __name__ == "__main__":
    peer.main(solve, {"pyjobshop": version("pyjobshop"), "ortools": version("ortools")},
              overtime=False)
