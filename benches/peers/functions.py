"""Lags and losses as functions of time in pieces. 时间间隔与逾期损失的分段函数."""

from bisect import bisect_left, bisect_right

from calendars import DAY, met


def ceil(amount, divisor):
    """`amount / divisor` rounded up."""
    return -(-amount // divisor)


class Lag:
    """When a lag from an event is over: elapsed minutes, or the opening of a later open date.

    `steps` is empty for elapsed minutes; else rows (from, to, until): an event in [from, to) is
    over at `until`. An event in no row has no end in the calendars read.
    """

    def __init__(self, minutes=0, steps=()):
        self.minutes, self.steps = minutes, list(steps)

    def end(self, event):
        """The minute it is over, or `None`."""
        if not self.steps:
            return event + self.minutes
        row = bisect_right(self.steps, event, key=lambda s: s[0]) - 1
        return self.steps[row][2] if row >= 0 and event < self.steps[row][1] else None


def working_days(days, openings, clock):
    """The lag to the opening on the `days`-th open date after the date of the event."""
    first = {}
    for start, _, day in openings:
        first.setdefault(day, start)
    dates = sorted(first)
    rows, low = [], -(10 ** 12)
    for row in range(len(dates) - days + 1):
        high = clock.at(dates[row], 0)  # up to here, dates[row] is the next open date
        rows.append((low, high, first[dates[row + days - 1]]))
        low = high
    return Lag(steps=rows)


class Curve:
    """What finishing late costs, weighted, exactly as the verifier says."""

    def __init__(self, row, after, weight, openings=None):
        self.after, self.weight, self.openings = after, weight, openings
        self.fixed, self.cap = row.get("fixed_fen", 0), row.get("cap_fen")
        self.per_hour, self.per_day = row.get("per_hour_fen", 0), row.get("per_day_fen", 0)
        self.churn = row.get("churn", False)

    @property
    def plain(self):
        """Whether it is one jump and one slope for good: elapsed minutes, no cap, no days."""
        return self.openings is None and self.cap is None and not self.per_day

    def amount(self, finish):
        """Fen, unweighted."""
        if finish <= self.after:
            return 0
        minutes, days = finish - self.after, ceil(finish - self.after, DAY)
        if self.openings is not None:
            late = met(self.openings, self.after, finish)
            minutes = sum(min(b, finish) - max(a, self.after) for a, b, _ in late)
            days = len({day for _, _, day in late})
        if minutes == 0:
            return 0
        amount = self.fixed + ceil(self.per_hour * minutes, 60) + self.per_day * days
        return amount if self.cap is None else min(amount, self.cap)

    def loss(self, finish):
        """Fen, weighted."""
        return ceil(self.amount(finish) * self.weight, 1000)

    def bends(self, until):
        """Minutes after which its slope or value may change, up to `until`."""
        found = {self.after}
        if self.openings is not None:
            found.update(m for a, b, _ in self.openings for m in (a, b))
        elif self.per_day:
            found.update(range(self.after, until, DAY))
        if self.cap is not None:
            found.add(bisect_left(range(until), self.cap, key=self.amount))
            found.add(bisect_left(range(until), self.cap, key=self.amount) - 1)
        return {m for m in found if self.after <= m < until}


def pieces(curves, until):
    """The sum of `curves` as rows (from, base, per_hour): a finish in (from, next from] costs
    base + per_hour × (finish − from) / 60; nothing up to the first `from`. Rows that go on as
    the one before are left out; what rounding up adds may be lost.
    """
    bends = sorted({m for curve in curves for m in curve.bends(until)})
    value = lambda finish: sum(curve.loss(finish) for curve in curves)
    rows = []
    for start, end in zip(bends, [*bends[1:], until]):
        first, last = value(start + 1), value(end)
        length = end - start - 1
        slope = round((last - first) * 60 / length) if length else 0
        base = first - slope // 60
        if rows:
            before, height, steep = rows[-1]
            on = height + steep * (start - before) / 60
            if abs(on - base) < 2 and (steep == slope or length < 2):
                continue
        if rows or first or slope:
            rows.append((start, base, slope))
    return rows
