"""When calendars of a scenario are open, in minutes. 日历展开为分钟.

Reads the definition that `paidan schema scenario` states, on the wall clock, date by date: weekly
hours, revisions, holiday tables with make-up days, overrides, closures. It is a third reading of
calendars, beside the two of paidan; `--check` of `run.py` holds it against paidan's verifier.
"""

import json
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

DAY = 1440
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
BUILT_IN = Path(__file__).resolve().parents[2] / "src" / "calendar" / "china.json"


def merged(spans):
    """Sorted spans without empty ones, touching or overlapping ones made one."""
    out = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def without(spans, taken):
    """`spans` less `taken`."""
    out = []
    taken = merged(taken)
    for start, end in spans:
        for a, b in taken:
            if a >= end:
                break
            if b > start:
                out.append((start, a))
                start = max(start, b)
        out.append((start, end))
    return [span for span in out if span[0] < span[1]]


def common(one, two):
    """Minutes of both."""
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in two)
    return merged(pairs)


def met(spans, start, end):
    """Those of sorted `spans` that hold a minute of [start, end)."""
    low = bisect_right(spans, start, key=lambda span: span[1])
    return spans[low:bisect_left(spans, end, key=lambda span: span[0])]


def inside(spans, start, end):
    """How many minutes of sorted `spans` lie in [start, end)."""
    return sum(min(end, b) - max(start, a) for a, b in met(spans, start, end))


class Clock:
    """Local times of one zone as UTC minutes since 1970."""

    def __init__(self, zone):
        self.zone = ZoneInfo(zone)

    def tick(self, text):
        """The minute of a moment as documents write it; local unless it names an offset."""
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return int((moment - EPOCH).total_seconds()) // 60

    def at(self, day, minute):
        """Minute `minute` of the wall clock of `day`; counts on past midnight."""
        day += timedelta(days=minute // DAY)
        minute %= DAY
        local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=self.zone)
        return int((local - EPOCH).total_seconds()) // 60

    def date(self, tick):
        """The local date of a minute."""
        return (EPOCH + timedelta(minutes=tick)).astimezone(self.zone).date()

    def text(self, tick):
        """A minute as documents write it."""
        return (EPOCH + timedelta(minutes=tick)).astimezone(self.zone).isoformat(timespec="minutes")


def minutes_of(text):
    """`09:00-12:00` as minutes of the day; an end at or before the start is on the next date."""
    start, end = (int(part[:2]) * 60 + int(part[3:5]) for part in text.split("-"))
    return start, end if end > start else end + DAY


class Book:
    """The calendars of one scenario between two minutes."""

    def __init__(self, scenario, start, end):
        self.zone = scenario.get("zone", "Asia/Shanghai")
        self.start, self.end = start, end
        self.rows = {row["id"]: row for row in scenario.get("calendars", [])}
        tables = [json.loads(BUILT_IN.read_text(encoding="utf-8")), *scenario.get("holidays", [])]
        self.works = {}
        for table in tables:
            dates = self.works[table["id"]] = {}
            for year in table["years"]:
                dates.update((day, False) for day in year["off"])
                dates.update((day, True) for day in year["work"])

    def hours(self, row, day, overrides=()):
        """The windows that open on `day`, as (from, to) in minutes of that date."""
        text = day.isoformat()
        for other in reversed([*row.get("overrides", []), *overrides]):
            if other["from"] <= text <= other.get("to", other["from"]):
                return [minutes_of(window) for window in other["hours"]]
        weekly = row.get("weekly", {})
        for revision in sorted(row.get("revisions", []), key=lambda r: r["from"]):
            if revision["from"] <= text:
                weekly = revision["weekly"]
        works = self.works.get(row.get("holidays"), {}).get(text)
        if works is False:
            return []
        weekday = row.get("make_up", "mon") if works else WEEKDAYS[day.weekday()]
        return [minutes_of(window) for window in weekly.get(weekday, [])]

    def ticks(self, row, clock, day, overrides):
        """The windows that open on `day`, as spans."""
        return merged((clock.at(day, a), clock.at(day, b))
                      for a, b in self.hours(row, day, overrides))

    def openings(self, key, overrides=(), closures=()):
        """Open spans with the date each opened on, in order, split where the date changes hands."""
        row = self.rows[key]
        clock = Clock(row.get("zone", self.zone))
        taken = [(clock.tick(c["from"]), clock.tick(c["to"]))
                 for c in (*row.get("closures", []), *closures)]
        out, day = [], clock.date(self.start) - timedelta(days=1)
        last = clock.date(self.end)
        while day <= last:
            # Where a night reaches into the next date's own windows, the minutes are that date's.
            own = without(self.ticks(row, clock, day, overrides),
                          self.ticks(row, clock, day + timedelta(days=1), overrides))
            out += [(a, b, day) for a, b in without(own, taken)]
            day += timedelta(days=1)
        return sorted(out)

    def spans(self, key, overrides=(), closures=()):
        """Open spans."""
        return merged((a, b) for a, b, _ in self.openings(key, overrides, closures))
