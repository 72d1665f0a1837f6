"""Timefold on a scenario. 用 Timefold 求解场景.

The Python package brings Timefold's jars; the model is `timefold/Dispatch.java`, compiled once into
the environment's folder. That needs a Java development kit, 17 or later (`javac`, `java`).
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import peer
import plans

SOURCE = Path(__file__).resolve().parent / "timefold" / "Dispatch.java"
QUIET = '<configuration><root level="ERROR"/></configuration>'
FAR = 10 ** 9


def classes():
    """The class path, with the model compiled if it changed."""
    for tool in ("javac", "java"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing: install a Java development kit, 17 or later. "
                     f"缺少 {tool}，请安装 JDK 17 或更新版本")
    package = importlib.util.find_spec("timefold.solver").submodule_search_locations[0]
    jars = str(Path(package, "jars", "*"))
    made = Path(sys.prefix) / "dispatch"
    stamp = made / "Dispatch.class"
    if not stamp.exists() or stamp.stat().st_mtime < SOURCE.stat().st_mtime:
        subprocess.run(["javac", "-nowarn", "-proc:none", "-d", made, "-cp", jars, SOURCE],
                       check=True)
    return f"{made}{os.pathsep}{jars}"


class Numbers:
    """The question as the numbers that `Dispatch` reads."""

    def __init__(self, question, start):
        self.question, self.hours, self.lags = question, [], []
        self.work = [row for row, step in enumerate(question.steps) if step.wait is None]
        self.place = {row: place for place, row in enumerate(self.work)}
        body = []
        body.append(len(question.people))
        for person in question.people:
            regular = [(a, b, 0) for a, b in person.regular]
            extra = [(a, b, 1) for a, b in person.overtime]
            body += [person.price, *self.rows(regular), *self.rows(sorted(regular + extra))]
        body.append(len(question.tickets))
        for ticket in question.tickets:
            body += [ticket.release, ticket.unserved, *self.rows(ticket.pieces)]
        body.append(len(self.work))
        for row in self.work:
            body += self.step(row)
        for ticket in question.tickets:
            ends = [moment for row in ticket.steps for moment in self.after(row, False)]
            body += self.moments(ends)
        body += self.lines(start)
        self.text = " ".join(map(str, [len(self.hours), *(n for h in self.hours for n in h),
                                       len(self.lags), *(n for lag in self.lags for n in lag),
                                       *body]))

    @staticmethod
    def rows(rows):
        """Rows of numbers, preceded by how many there are."""
        rows = list(rows)
        return [len(rows), *(number for row in rows for number in row)]

    def index(self, known, numbers):
        """The place of `numbers` among what is `known`."""
        if numbers not in known:
            known.append(numbers)
        return known.index(numbers)

    def way(self, thing):
        """A lag or hours, as (kind, place)."""
        if isinstance(thing, list):
            return 1, self.index(self.hours, self.rows((a, b, 0) for a, b in thing))
        return 0, self.index(self.lags, [thing.minutes, *self.rows(thing.steps)])

    def after(self, row, from_start):
        """Moments of which the latest is a step's start or end; a wait's follow from others."""
        step = self.question.steps[row]
        latest = FAR if step.latest_end is None else step.latest_end
        if step.wait is None:
            return [(self.place[row], from_start, 0, FAR, [])]
        own = [] if step.begins is None else [self.way(step.begins)]
        own += [] if from_start else [self.way(step.wait)]
        release = self.question.tickets[step.ticket].release
        found = [(-1, False, release, min(latest, self.question.horizon), own)]
        for place, begun, floor, _, ways in self.ready(row):
            found.append((place, begun, floor, min(latest, self.question.horizon), ways + own))
        return found

    def ready(self, row):
        """Moments that a step may not begin before."""
        step = self.question.steps[row]
        found = []
        for other, from_start, lag in step.links:
            for place, begun, floor, latest, ways in self.after(other, from_start):
                found.append((place, begun, floor, latest, [*ways, self.way(lag)]))
        for ticket in self.question.tickets[step.ticket].after:
            for other in self.question.tickets[ticket].steps:
                found += self.after(other, False)
        return found

    def moments(self, found):
        """Moments as numbers."""
        found = list(found)
        out = [len(found)]
        for place, begun, floor, latest, ways in found:
            out += [place, int(begun), floor, latest, *self.rows(ways)]
        return out

    def step(self, row):
        """A step that somebody does."""
        question, step = self.question, self.question.steps[row]
        latest = question.horizon if step.latest_end is None else min(step.latest_end,
                                                                      question.horizon)
        begins = -1 if step.begins is None else self.way(step.begins)[1]
        others = lambda rows: self.rows((self.place[o],) for o in rows if o in self.place)
        return [step.ticket, latest, begins, *self.rows(step.need.items()),
                *self.moments(self.ready(row)), *others(step.differs), *others(step.same)]

    def lines(self, start):
        """The first answer: each person's steps in order."""
        lines = [[] for _ in self.question.people]
        for row, (person, begin, end) in sorted(start.items(), key=lambda item: item[1][1]):
            if person is not None:
                late = plans.overtime(self.question, row, person, begin, end) > 0
                lines[person].append((self.place[row], int(late)))
        return [number for line in lines for number in self.rows(line)]


def answer_of(question, numbers, lines):
    """The answer: steps as told, and waits as they follow."""
    answer = {}
    for line in lines:
        place, person, begin, end = map(int, line.split())
        answer[numbers.work[place]] = person, begin, end
    for ticket in question.tickets:
        earlier = [row for other in ticket.after for row in question.tickets[other].steps]
        for row in ticket.steps:
            step = question.steps[row]
            known = all(other in answer for other in earlier + [link[0] for link in step.links])
            if step.wait is None or not known:
                continue
            begin = max([ticket.release, *(answer[other][2] for other in earlier),
                         *(lag.end(answer[other][1 if from_start else 2])
                           for other, from_start, lag in step.links)])
            if step.begins is not None:
                begin = next((max(a, begin) for a, b in step.begins if b > begin), None)
            end = None if begin is None else step.wait.end(begin)
            if end is not None:
                answer[row] = None, begin, end
    return answer


def solve(question, start, seconds):
    """Writes the numbers, runs Java for what is left of the time, reads the answer."""
    path, numbers = classes(), Numbers(question, start)
    with tempfile.TemporaryDirectory() as folder:
        asked, told, quiet = (Path(folder, name) for name in ("asked", "told", "quiet.xml"))
        asked.write_text(numbers.text, encoding="ascii")
        quiet.write_text(QUIET, encoding="ascii")
        code = subprocess.run(["java", f"-Dlogback.configurationFile={quiet}", "-Xmx2g", "-cp",
                               path, "Dispatch", asked, told, str(peer.left(seconds) - 0.5)])
        if code.returncode:
            sys.exit("Timefold stopped with the error above. Timefold 出错，见上")
        head, *lines = told.read_text(encoding="ascii").splitlines()
    hard, soft = map(int, head.split())
    if hard < 0:
        return None, soft, None, f"breaks {-hard} rules of its own"
    return answer_of(question, numbers, lines), soft, None, "FEASIBLE"


if __name__ == "__main__":
    peer.main(solve, {"timefold": version("timefold")})
