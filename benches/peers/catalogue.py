"""From a ticket to its steps: templates, own changes, unmet prerequisites. 工单展开为步骤.

The written form only; `question.py` gives it minutes and people.
"""

import copy


def expand(scenario):
    """For each ticket, in order: its steps as written, and the rows of tickets it comes after."""
    services = {row["id"]: row for row in scenario.get("services", [])}
    completed = {row["id"]: row.get("completed", []) for row in scenario.get("clients", [])}
    carried = {}
    for row, ticket in enumerate(scenario["tickets"]):
        if ticket.get("client") and ticket.get("service"):
            key = (ticket["client"], ticket.get("entity"), ticket["service"])
            carried.setdefault(key, row)
    rows = {ticket["id"]: row for row, ticket in reversed(list(enumerate(scenario["tickets"])))}
    for row, ticket in enumerate(scenario["tickets"]):
        made = _Expansion(ticket, row, services, completed, carried)
        steps = made.run()
        yield steps, [rows[key] for key in ticket.get("after", [])] + made.after


class _Expansion:
    def __init__(self, ticket, row, services, completed, carried):
        self.ticket, self.row, self.services, self.carried = ticket, row, services, carried
        self.completed = completed.get(ticket.get("client"), [])
        self.steps, self.after, self.inserted = [], [], {}

    def run(self):
        """The steps, prerequisites first."""
        service = self.services.get(self.ticket.get("service"))
        own = self.ticket.get("steps") or (self.template(service) if service else [])
        if not own:
            return []
        before = self.before(service) if service else []
        first = len(self.steps)
        self.append(own, "", before)
        for change in self.ticket.get("adjust", []):
            for step in self.steps[first:]:
                if step["id"] == change["step"]:
                    fields = ("minutes", "windows", "latest_end", "site")
                    step.update({f: change[f] for f in fields if change.get(f) is not None})
                    break
        return self.steps

    def template(self, service):
        """The service's steps on the ticket's track."""
        urgent = self.ticket.get("track") == "urgent" and service.get("urgent") is not None
        return service["urgent"] if urgent else service["normal"]

    def before(self, service):
        """Puts unmet prerequisites in front, deepest first; their rows."""
        rows = []
        for wanted in service.get("prerequisites", []):
            key = wanted["service"]
            if key not in self.services or key in self.completed:
                continue
            client = self.ticket.get("client", "")
            other = self.carried.get((client, self.ticket.get("entity"), key))
            if other is not None and other != self.row:
                if other not in self.after:
                    self.after.append(other)
            elif key not in self.inserted:
                earlier = self.before(self.services[key])
                first = len(self.steps)
                self.append(self.template(self.services[key]), f"{key}.", earlier)
                self.inserted[key] = earlier + list(range(first, len(self.steps)))
            rows += self.inserted.get(key, [])
        return sorted(set(rows))

    def append(self, templates, prefix, before):
        """Adds steps; those that follow nothing of their own follow the last of `before`."""
        waited = {link["step"] for row in before for link in self.steps[row].get("after", [])
                  if link.get("kind", "finish_start") == "finish_start"}
        sinks = [self.steps[row]["id"] for row in before if self.steps[row]["id"] not in waited]
        for template in templates:
            step = copy.deepcopy(template)
            step["id"] = prefix + step["id"]
            for field in ("differs_from", "same_as"):
                step[field] = [prefix + name for name in step.get(field, [])]
            step["after"] = [{**link, "step": prefix + link["step"]}
                             for link in step.get("after", [])]
            step["after"] = step["after"] or [{"step": name} for name in sinks]
            self.steps.append(step)
