"""How a piece of work can lie over somebody's working time. 一段工作跨越各时段的方式.

In regular minutes only, a step that spans given gaps ends a fixed time after its start; so starts
are grouped by the length of the gaps. With overtime the end is free within bounds; such shapes are
grouped over days on which the hours are alike, times counted from midnight of the starting day.
"""

from dataclasses import dataclass, field

from calendars import DAY

LONGEST = 14 * DAY  # no work with overtime goes on for longer than about this


def regular(spans, minutes):
    """{length of gaps: [(first start, last start)]} for work in `spans` alone."""
    found = {}
    for row, (a, b) in enumerate(spans):
        gap, worked, end = 0, 0, b
        for later, (c, d) in enumerate(spans[row:], row):
            if later > row:
                gap += c - end
                end = d
            # `worked` minutes lie between the first span and this one, d - c in this one.
            length = d - c
            if later == row:
                low, high = a, b - minutes
            else:
                low = max(a, b - minutes + worked + 1)
                high = min(b - 1, b - minutes + worked + length)
                worked += length
            if low <= high:
                found.setdefault(gap, []).append((low, high))
            if worked >= minutes:
                break
    return found


@dataclass
class Shape:
    """Work from one block to another with overtime in it, on each of `days`.

    Extra minutes are `minutes` less the regular ones: `fixed` between the blocks, and those of the
    first and last block where they are regular. At most `room` lie between the blocks.
    """

    start: tuple  # first block, from midnight of the starting day
    end: tuple
    start_extra: bool
    end_extra: bool
    same: bool  # first and last block are one
    fixed: int
    room: int
    days: list = field(default_factory=list)


def with_overtime(spans, extra, minutes):
    """All shapes of `minutes` with at least one extra minute."""
    blocks = sorted([(a, b, False) for a, b in spans] + [(a, b, True) for a, b in extra])
    found = {}
    for row, (a, b, first) in enumerate(blocks):
        day = a // DAY
        midnight = day * DAY
        fixed = room = 0
        for later, (c, d, last) in enumerate(blocks[row:], row):
            same = later == row
            touches = first or last or room > 0
            if touches and (not same or b - a >= minutes):
                key = (a - midnight, b - midnight, c - midnight, d - midnight,
                       first, last, same, fixed, room)
                shape = Shape((a - midnight, b - midnight), (c - midnight, d - midnight),
                              first, last, same, fixed, room)
                found.setdefault(key, shape).days.append(day)
            if not same:
                fixed += 0 if last else d - c
                room += d - c if last else 0
            if fixed >= minutes or c - a > LONGEST:
                break
    return list(found.values())
