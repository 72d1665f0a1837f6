"""The question as a model of OR-Tools CP-SAT. CP-SAT 模型.

A step has one start and one end, and an optional interval per person who may do it. Which pattern
of gaps it spans decides how the two are tied (see `patterns.py`). A ticket is served or not; what
holds only of served tickets hangs on that literal. The objective counts sixtieths of a fen, so
that prices per hour stay whole.
"""

from ortools.sat.python import cp_model

import patterns

Domain = cp_model.Domain


class Model:
    """Variables by row of the question."""

    def __init__(self, question, overtime=True, kept=()):
        """`kept`: rows of tickets that are served whatever it costs."""
        self.question, self.overtime = question, overtime
        self.model = cp_model.CpModel()
        self.costs, self.parts = [], {}
        self.line = [[] for _ in question.people]
        self.things = {}
        self.served = [self.model.new_int_var(int(row in kept), 1, "")
                       for row in range(len(question.tickets))]
        self.finish = [self.model.new_int_var(0, question.horizon, "") for _ in question.tickets]
        self.start, self.end, self.by, self.extra = [], [], [], []
        for row in range(len(question.steps)):
            self.step(row)
        for row in range(len(question.steps)):
            self.relations(row)
        for row in range(len(question.tickets)):
            self.ticket(row)
        self.orders()
        for intervals in (*self.line, *self.things.values()):
            self.model.add_no_overlap(intervals)
        self.model.minimize(sum(self.costs))

    def when(self, expression, *literals):
        """A constraint that holds only where all literals do."""
        self.model.add(expression).only_enforce_if(*literals)

    def choose(self, rows, event, served):
        """One literal per (from, to) of `rows`, exactly one where served: `event` lies in it."""
        literals = []
        for low, high in rows:
            literal = self.model.new_bool_var("")
            self.model.add_linear_expression_in_domain(event, Domain(low, high - 1)) \
                .only_enforce_if(literal)
            literals.append(literal)
        self.model.add(sum(literals) == served)
        return literals

    def step(self, row):
        """Start, end and people of a step."""
        question, step = self.question, self.question.steps[row]
        served, release = self.served[step.ticket], question.tickets[step.ticket].release
        last = question.horizon if step.latest_end is None else min(step.latest_end,
                                                                    question.horizon)
        start = self.model.new_int_var(0, question.horizon, "")
        end = self.model.new_int_var(0, question.horizon, "")
        self.start.append(start)
        self.end.append(end)
        self.by.append({})
        self.extra.append(None)
        self.when(start >= release, served)
        self.when(end <= last, served)
        domain = Domain(release, max(release, last))
        if step.begins is not None:
            begins = [[a, b - 1] for a, b in step.begins]
            domain = domain.intersection_with(Domain.from_intervals(begins))
            self.model.add_linear_expression_in_domain(start, domain).only_enforce_if(served)
        self.when(self.finish[step.ticket] >= end, served)
        if step.wait is not None:
            self.lag(step.wait, start, served, lambda until: end == until)
        else:
            self.work(row, domain)

    def lag(self, lag, event, served, tie):
        """Ties what comes after to where `lag` from `event` is over."""
        if not lag.steps:
            self.when(tie(event + lag.minutes), served)
            return
        horizon = self.question.horizon
        rows = [(max(low, 0), high, until) for low, high, until in lag.steps
                if high > 0 and until <= horizon]
        for literal, (_, _, until) in zip(self.choose([r[:2] for r in rows], event, served), rows):
            self.when(tie(until), literal)

    def work(self, row, domain):
        """Who does a step, over which gaps, with how much overtime."""
        question, step, model = self.question, self.question.steps[row], self.model
        served = self.served[step.ticket]
        start, end = self.start[row], self.end[row]
        groups = {}
        for person, minutes in step.need.items():
            who = question.people[person]
            key = (tuple(who.regular), tuple(who.overtime) if self.overtime else (), who.price,
                   minutes)
            groups.setdefault(key, []).append(person)
        for (regular, overtime, rate, minutes), people in groups.items():
            literals = self.plain(row, regular, minutes, domain)
            if overtime and (rate or not literals):
                literals += self.with_overtime(row, regular, overtime, rate, minutes, domain)
            for person in people:
                present = self.by[row][person] = model.new_bool_var("")
            model.add(sum(literals) == sum(self.by[row][person] for person in people))
        size = model.new_int_var(0, question.horizon, "")
        model.add(size == end - start).only_enforce_if(served)
        for person, present in self.by[row].items():
            self.line[person].append(
                model.new_optional_interval_var(start, size, end, present, ""))
        for thing in step.things:
            self.things.setdefault(thing, []).append(
                model.new_optional_interval_var(start, size, end, served, ""))
        model.add(sum(self.by[row].values()) == served)

    def plain(self, row, regular, minutes, domain):
        """Literals of the ways in regular minutes only."""
        literals = []
        for gap, starts in patterns.regular(regular, minutes).items():
            inside = Domain.from_intervals([list(s) for s in starts]).intersection_with(domain)
            if not inside.is_empty():
                literal = self.model.new_bool_var("")
                self.model.add_linear_expression_in_domain(self.start[row], inside) \
                    .only_enforce_if(literal)
                self.when(self.end[row] == self.start[row] + minutes + gap, literal)
                literals.append(literal)
        return literals

    def with_overtime(self, row, regular, overtime, rate, minutes, domain):
        """Literals of the ways with overtime."""
        model, question, literals = self.model, self.question, []
        if self.extra[row] is None:
            days = question.horizon // patterns.DAY + 1
            self.extra[row] = (model.new_int_var(0, days, ""),
                               model.new_int_var(0, patterns.DAY - 1, ""),
                               model.new_int_var(0, 10 ** 9, ""))
            self.costs.append(self.extra[row][2])
            day, minute, _ = self.extra[row]
            model.add(self.start[row] == patterns.DAY * day + minute)
        day, minute, cost = self.extra[row]
        until = self.end[row] - patterns.DAY * day
        for shape in patterns.with_overtime(regular, overtime, minutes):
            days = [d for d in shape.days if not domain.intersection_with(
                Domain(d * patterns.DAY + shape.start[0], d * patterns.DAY + shape.start[1] - 1)
            ).is_empty()]
            if not days:
                continue
            literal = model.new_bool_var("")
            literals.append(literal)
            model.add_linear_expression_in_domain(day, Domain.from_values(days)) \
                .only_enforce_if(literal)
            self.when(minute >= shape.start[0], literal)
            self.when(minute <= shape.start[1] - 1, literal)
            if shape.same:
                self.when(until == minute + minutes, literal)
                self.when(until <= shape.end[1], literal)
                self.when(cost >= rate * minutes, literal)
                continue
            self.when(until >= shape.end[0] + 1, literal)
            self.when(until <= shape.end[1], literal)
            head, tail = shape.start[1] - minute, until - shape.end[0]
            worked = shape.fixed + (0 if shape.start_extra else head) \
                + (0 if shape.end_extra else tail)
            room = shape.room + (head if shape.start_extra else 0) \
                + (tail if shape.end_extra else 0)
            self.when(minutes - worked >= max(1, shape.start_extra + shape.end_extra), literal)
            self.when(minutes - worked <= room, literal)
            self.when(cost >= rate * (minutes - worked), literal)
        return literals

    def relations(self, row):
        """What ties a step to others of its ticket."""
        step = self.question.steps[row]
        served = self.served[step.ticket]
        for other, from_start, lag in step.links:
            event = self.start[other] if from_start else self.end[other]
            self.lag(lag, event, served, lambda until: self.start[row] >= until)
        for other in step.differs:
            for person in self.by[row].keys() & self.by[other].keys():
                self.model.add_at_most_one(self.by[row][person], self.by[other][person])
        for other in step.same:
            if self.by[row] and self.by[other]:
                for person in self.by[row].keys() | self.by[other].keys():
                    self.model.add(self.by[row].get(person, 0) == self.by[other].get(person, 0))

    def ticket(self, row):
        """Loss, or the price of leaving it out; what other tickets ask of it."""
        question, ticket, served = self.question, self.question.tickets[row], self.served[row]
        finish = self.finish[row]
        self.costs.append(60 * ticket.unserved * (1 - served))
        for other in ticket.after:
            self.model.add_implication(served, self.served[other])
            for step in ticket.steps:
                self.when(self.start[step] >= self.finish[other], served)
        mates = [mate for mate in range(row) if ticket.batch is not None
                 and question.tickets[mate].batch == ticket.batch]
        if mates:
            self.model.add(served == self.served[mates[-1]])
        if all(curve.plain for curve in ticket.curves):
            for curve in ticket.curves:
                self.plain_loss(curve, finish, served)
        elif ticket.pieces:
            self.loss(ticket.pieces, finish, served)

    def plain_loss(self, curve, finish, served):
        """A jump and a slope."""
        if curve.after >= self.question.horizon:
            return
        if curve.fixed:
            late = self.model.new_bool_var("")
            self.when(finish <= curve.after, served, ~late)
            self.costs.append(60 * curve.fixed * curve.weight // 1000 * late)
        if curve.per_hour:
            most = max(0, self.question.horizon - curve.after)
            over = self.model.new_int_var(0, most, "")
            self.when(over >= finish - curve.after, served)
            self.costs.append(curve.per_hour * curve.weight // 1000 * over)

    def loss(self, pieces, finish, served):
        """A loss in pieces: one literal each."""
        ends = [*(start for start, _, _ in pieces[1:]), self.question.horizon]
        rows = [(0, pieces[0][0] + 1), *((p[0] + 1, e + 1) for p, e in zip(pieces, ends))]
        cost = self.model.new_int_var(0, 10 ** 13, "")
        for literal, (start, base, slope) in zip(self.choose(rows, finish, served)[1:], pieces):
            self.when(cost >= 60 * base + slope * (finish - start), literal)
        self.costs.append(cost)

    def orders(self):
        """Pairs of steps of one lead, one after the other, where both are served."""
        for first, then in self.question.orders:
            both = [self.served[self.question.steps[row].ticket] for row in (first, then)]
            self.when(self.start[then] >= self.end[first], *both)
            for person in self.by[first].keys() | self.by[then].keys():
                self.when(self.by[first].get(person, 0) == self.by[then].get(person, 0), *both)

    def answer(self, value):
        """The answer that the values of variables state."""
        found = {}
        for row, step in enumerate(self.question.steps):
            if value(self.served[step.ticket]):
                person = next((p for p, present in self.by[row].items() if value(present)), None)
                found[row] = person, value(self.start[row]), value(self.end[row])
        return found

    def hint(self, answer):
        """Gives the solver an answer to start from."""
        add = self.model.add_hint
        for row, step in enumerate(self.question.steps):
            if row in answer:
                person, start, end = answer[row]
                add(self.start[row], start)
                add(self.end[row], end)
                for other, present in self.by[row].items():
                    add(present, other == person)
        for row, ticket in enumerate(self.question.tickets):
            add(self.served[row], all(step in answer for step in ticket.steps))
            if all(step in answer for step in ticket.steps):
                add(self.finish[row], max(answer[step][2] for step in ticket.steps))
