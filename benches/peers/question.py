"""A scenario as peers ask it: people's minutes, steps, links, losses. 场景的中性结构.

Reads what at least one peer can express and leaves the rest to `rules.py`, which names what a
scenario holds beyond that. Times are UTC minutes from `zero`, the local midnight before `as_of`.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from calendars import Book, Clock, DAY, common, merged, without
from catalogue import expand
from functions import Curve, Lag, ceil, pieces, working_days

REACH = 60  # days that calendars go on beyond the horizon


@dataclass
class Person:
    """Somebody, with regular spans and overtime spans at a price per hour."""

    key: str
    team: str | None
    regular: list
    overtime: list
    price: int


@dataclass
class Step:
    """A piece of work, or a wait. `need`: worked minutes by person who may do it."""

    key: str
    ticket: int
    name: str
    need: dict = field(default_factory=dict)
    wait: Lag | None = None
    begins: list | None = None  # spans in which it may begin; None: any time
    latest_end: int | None = None
    links: list = field(default_factory=list)  # (earlier step, from its start?, Lag)
    differs: list = field(default_factory=list)
    same: list = field(default_factory=list)
    things: list = field(default_factory=list)


@dataclass
class Ticket:
    """What a client asks for; `unserved` is what leaving it out costs, weighted."""

    key: str
    release: int
    steps: list = field(default_factory=list)
    after: list = field(default_factory=list)
    batch: str | None = None
    curves: list = field(default_factory=list)
    pieces: list = field(default_factory=list)
    unserved: int = 0

    def loss(self, finish):
        """What finishing at `finish` costs, weighted, to the fen."""
        return sum(curve.loss(finish) for curve in self.curves)


class Question:
    """All of it. `horizon` is the last minute at which anything may end."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.clock = Clock(scenario.get("zone", "Asia/Shanghai"))
        as_of, horizon = (self.clock.tick(scenario[name]) for name in ("as_of", "horizon"))
        self.zero = self.clock.at(self.clock.date(as_of), 0)
        self.as_of, self.horizon = as_of - self.zero, horizon - self.zero
        self.book = Book(scenario, as_of - 31 * DAY, horizon + REACH * DAY)
        self.cached = {}
        self.bureaus = {row["id"]: row for row in scenario.get("bureaus", [])}
        self.tools = {row["id"] for row in scenario.get("tools", []) if row["available"]}
        self.clients = {row["id"]: row for row in scenario.get("clients", [])}
        self.policy = scenario.get("policy", {})
        self.people = [self.person(row) for row in scenario["people"]]
        self.steps, self.tickets = [], []
        for row, (written, after) in zip(scenario["tickets"], expand(scenario)):
            self.add(row, written, after)
        self.rows = {step.key: row for row, step in enumerate(self.steps)}
        self.orders = []
        self.pins()

    def tick(self, text):
        """A moment as minutes from `zero`."""
        return self.clock.tick(text) - self.zero

    def text(self, tick):
        """Minutes from `zero` as a moment."""
        return self.clock.text(tick + self.zero)

    def openings(self, key):
        """Openings of a calendar or bureau from `zero`."""
        if key not in self.cached:
            bureau = self.bureaus.get(key)
            rows = (self.book.openings(bureau["calendar"], (), bureau.get("disruptions", []))
                    if bureau and key not in self.book.rows else self.book.openings(key))
            self.cached[key] = [(a - self.zero, b - self.zero, day) for a, b, day in rows]
        return self.cached[key]

    def person(self, row):
        """Regular minutes, and overtime that is not regular, from `as_of` to the horizon."""
        spans, price = {"regular": [], "overtime": []}, 0
        for band in row.get("bands", []):
            own = row.get("overrides", []) if band["kind"] == "regular" else []
            open_ = self.book.spans(band["calendar"], own, row.get("absences", []))
            cut = common([(self.as_of, self.horizon)],
                         [(a - self.zero, b - self.zero) for a, b in open_])
            spans[band["kind"]] = cut
            if band["kind"] == "overtime":
                price = band.get("price_per_hour_fen", 0)
        overtime = without(spans["overtime"], spans["regular"])
        return Person(row["id"], row.get("team"), spans["regular"], overtime, price)

    def lag(self, row, ticket):
        """A lag as documents state it; working minutes are no lag of a peer."""
        if not row or row.get("minutes") is not None:
            return Lag((row or {}).get("minutes", 0))
        days = row.get("working_days")
        if not days:
            return Lag(0)
        key = ticket.get("bureau") if row["calendar"] == "@ticket" else row["calendar"]
        zone = self.book.rows[self.bureaus[key]["calendar"] if key in self.bureaus else key]
        clock = Clock(zone.get("zone", self.book.zone))
        rows = [(a + self.zero, b, day) for a, b, day in self.openings(key)]
        lag = working_days(days, rows, clock)
        shift = lambda row: tuple(max(tick - self.zero, -(10 ** 9)) for tick in row)
        return Lag(steps=[shift(row) for row in lag.steps])

    def add(self, row, written, after):
        """One ticket with its steps, in an order in which links point back."""
        ticket = Ticket(row["id"], max(self.as_of, self.tick(row["release"]))
                        if row.get("release") else self.as_of)
        ticket.after, ticket.batch = sorted(set(after)), row.get("batch")
        ticket.curves = self.curves(row)
        ticket.pieces = pieces(ticket.curves, self.horizon)
        ticket.unserved = self.left_out(row, ticket)
        names, left = {}, list(written)
        while left:
            known = lambda step: all(link["step"] in names for link in step.get("after", []))
            step = next((step for step in left if known(step)), left[0])
            left.remove(step)
            names[step["id"]] = len(self.steps)
            ticket.steps.append(len(self.steps))
            self.steps.append(Step(f"{row['id']}/{step['id']}", len(self.tickets), step["id"]))
        for step in written:
            self.fill(self.steps[names[step["id"]]], step, row, names)
        self.tickets.append(ticket)

    def fill(self, step, written, ticket, names):
        """What a step needs, from its written form."""
        key = written.get("bureau")
        key = ticket.get("bureau") if key == "@ticket" else key
        if key:
            step.begins = merged((a, b) for a, b, _ in self.openings(key))
        if written.get("windows"):
            windows = merged((self.tick(w["from"]), self.tick(w["to"])) for w in written["windows"])
            step.begins = windows if step.begins is None else common(step.begins, windows)
        if written.get("latest_end"):
            step.latest_end = self.tick(written["latest_end"])
        for link in written.get("after", []):
            from_start = link.get("kind", "finish_start") == "start_start"
            step.links.append((names[link["step"]], from_start, self.lag(link.get("lag"), ticket)))
        step.differs = [names[name] for name in written.get("differs_from", [])]
        step.same = [names[name] for name in written.get("same_as", [])]
        step.things = sorted(set(written.get("things", [])))
        if written.get("seats"):
            step.need = self.able(written, ticket)
        else:
            step.wait = self.lag(written["wait"], ticket)

    def able(self, written, ticket):
        """Who may lead the step, and the minutes each takes."""
        seat, pace = written["seats"][0], self.policy.get("pace_percent", [150, 120, 100, 85, 70])
        tools = [t["percent"] for t in written.get("tools", []) if t["tool"] in self.tools]
        tool = min([100, *tools])
        client = self.clients.get(ticket.get("client"), {})
        excluded = {*ticket.get("excluded", []), *client.get("excluded", [])}
        stated = {row["person"]: row["minutes"] for row in reversed(written.get("stated", []))}
        need = {}
        for row, person in enumerate(self.scenario["people"]):
            level = max((held["level"] for held in person.get("skills", [])
                         if held["skill"] == seat["skill"]), default=0)
            urgent = ticket.get("track") == "urgent" or not person.get("urgent_only")
            if (level < seat.get("level", 1) or not urgent or person.get("trainee")
                    or person["id"] in excluded or seat.get("role") == "trainee"):
                continue
            effort = written.get("minutes", 0) * tool * pace[level - 1]
            need[row] = stated.get(person["id"], max(1, ceil(effort, 10_000)))
        return need

    def curves(self, row):
        """The ticket's own curves, and the churn of its client."""
        weights = {"urgency": self.policy.get("lambda_urgency", 1000),
                   "client_value": self.policy.get("lambda_client_value", 1000)}
        out = []
        for curve in row.get("curves", []):
            after = self.tick(curve.get("after") or row["due"])
            key = curve.get("calendar")
            openings = self.openings(key) if key else None
            out.append(Curve(curve, after, weights[curve["kind"]], openings))
        value, client = self.policy.get("client_value", {}), self.clients.get(row.get("client"))
        if not client or not row.get("due"):
            return out
        tiers = {tier["tier"]: tier["permille"] for tier in reversed(value.get("tiers", []))}
        weight, known = tiers.get(client.get("tier"), 1000), 0
        for churn in value.get("churn", []):
            added = max(0, churn["permille"] - known)
            known = max(known, churn["permille"])
            fixed = ceil(client.get("annual_value_fen", 0) * weight * added, 1_000_000)
            if fixed:
                after = self.tick(row["due"]) + churn["after_hours"] * 60
                made = {"fixed_fen": fixed, "churn": True}
                out.append(Curve(made, after, weights["client_value"]))
        return out

    def left_out(self, row, ticket):
        """What leaving the ticket out costs, weighted."""
        stated = row.get("unserved")
        if stated:
            weighted = lambda part, weight: ceil(
                stated.get(f"{part}_fen", 0) * self.policy.get(weight, 1000), 1000)
            return (weighted("urgency", "lambda_urgency")
                    + weighted("client_value", "lambda_client_value"))
        finish = self.horizon + DAY
        return sum(ceil(c.fixed * c.weight, 1000) if c.churn else c.loss(finish)
                   for c in ticket.curves)

    def pins(self):
        """People and starts that are fixed, and orders of two steps."""
        index = {person.key: row for row, person in enumerate(self.people)}
        for pin in self.scenario.get("pins", []):
            step = self.steps[self.rows[pin["step"]]]
            if pin.get("people"):
                lead = index[pin["people"][0]]
                step.need = {row: need for row, need in step.need.items() if row == lead}
            if pin.get("start") and self.tick(pin["start"]) >= self.as_of:
                start = self.tick(pin["start"])
                fixed = [(start, start + 1)]
                step.begins = fixed if step.begins is None else common(step.begins, fixed)
            if pin.get("then"):
                self.orders.append((self.rows[pin["step"]], self.rows[pin["then"]]))


def read(path):
    """The scenario document at `path`, a file or a folder with a `scenario.json`."""
    path = Path(path)
    path = path / "scenario.json" if path.is_dir() else path
    return json.loads(path.read_text(encoding="utf-8"))
