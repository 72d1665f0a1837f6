"""What of a scenario a peer cannot express, and the scenario without it. 求解器无法表达的规则.

Each entry of `RULES` has a name, a sentence, a test whether a scenario holds it, and an edit that
takes it out. Lean scenarios are scenarios like any other: paidan plans and verifies them too, so
both sides answer the same question.
"""

import copy

EVERY_PEER = ("seats", "travel", "quota", "wholly", "caps", "rest", "on-call", "remote",
              "certificates", "progress", "imbalance", "preference", "working-minutes")
CANNOT = {
    "cpsat": EVERY_PEER,
    "cpsat-lite": (*EVERY_PEER, "overtime"),
    "pyjobshop": (*EVERY_PEER, "overtime", "order-pins", "working-days", "curve-hours", "curve-days",
                  "curve-caps"),
    "timefold": (*EVERY_PEER, "things", "batches", "order-pins"),
}


def written_steps(scenario):
    """All steps as written, in templates and tickets."""
    for service in scenario.get("services", []):
        yield from service["normal"]
        yield from service.get("urgent") or []
    for ticket in scenario.get("tickets", []):
        yield from ticket.get("steps", [])


def lags(scenario):
    """All lags, with the dictionary and field each stands in."""
    for step in written_steps(scenario):
        if step.get("wait"):
            yield step["wait"]
        yield from (link["lag"] for link in step.get("after", []) if link.get("lag"))


def curves(scenario):
    """All curves."""
    for ticket in scenario.get("tickets", []):
        yield from ticket.get("curves", [])


def bands(scenario):
    """All bands."""
    for person in scenario["people"]:
        yield from person.get("bands", [])


def drop(rows, *fields):
    """Takes fields out of rows."""
    for row in rows:
        for name in fields:
            row.pop(name, None)


def one_seat(scenario):
    """Leaves each step its leading seat."""
    for step in written_steps(scenario):
        if step.get("seats"):
            step["seats"] = step["seats"][:1]
            step["seats"][0].pop("role", None)
    for pin in scenario.get("pins", []):
        if pin.get("people"):
            pin["people"] = pin["people"][:1]


def no_bands(kind):
    """An edit that takes bands of a kind away."""
    def edit(scenario):
        for person in scenario["people"]:
            person["bands"] = [b for b in person.get("bands", []) if b["kind"] != kind]
    return edit


def elapsed(field, scale):
    """An edit that makes lags of `field` elapsed ones, `scale` minutes each."""
    def edit(scenario):
        for lag in lags(scenario):
            if lag.get(field) is not None:
                lag["minutes"] = lag.pop(field) * scale
                lag.pop("calendar", None)
    return edit


def by_the_hour(scenario):
    """Turns fees per day begun into fees per hour."""
    for curve in curves(scenario):
        if curve.get("per_day_fen"):
            curve["per_hour_fen"] = -(-curve.pop("per_day_fen") // 24)


def no_order_pins(scenario):
    """Takes orders of two steps away."""
    drop(scenario.get("pins", []), "then")
    scenario["pins"] = [p for p in scenario.get("pins", []) if p.get("people") or p.get("start")]


def no_preference(scenario):
    """Makes preferences cost nothing."""
    scenario.get("policy", {}).pop("preference", None)


def no_imbalance(scenario):
    """Makes overload of single people cost nothing."""
    scenario.get("policy", {}).pop("imbalance", None)


def held(scenario):
    """All skills held."""
    for person in scenario["people"]:
        yield from person.get("skills", [])


def absences(scenario):
    """All absences."""
    for person in scenario["people"]:
        yield from person.get("absences", [])


def no_travel(scenario):
    """Takes away where people and steps are."""
    drop(written_steps(scenario), "site", "client_trip")
    drop(scenario["people"], "base")
    for ticket in scenario.get("tickets", []):
        drop(ticket.get("adjust", []), "site")
        ticket["adjust"] = [row for row in ticket.get("adjust", []) if len(row) > 1]


def expiring(scenario):
    """Certificates that end before the horizon does."""
    return [h for h in held(scenario) if h.get("until") and h["until"] < scenario["horizon"][:10]]


def prices(scenario, part):
    """Whether a part of the policy has a price."""
    row = scenario.get("policy", {}).get(part, {})
    return any(value for name, value in row.items() if name.endswith("_fen"))


def caps(scenario):
    """Bands with a cap."""
    return [b for b in bands(scenario) for f in CAPS if b.get(f) is not None]


CAPS = ("cap_day_minutes", "cap_week_minutes", "cap_month_minutes")
RULES = {
    "seats": ("steps with more than one person, trainees (H2, H3)",
              lambda s: any(len(x.get("seats", [])) > 1
                            or any(y.get("role") == "trainee" for y in x.get("seats", []))
                            for x in written_steps(s)), one_seat),
    "travel": ("travel between sites (H14)",
               lambda s: any(p.get("base") for p in s["people"])
               and any(x.get("site") for x in written_steps(s)), no_travel),
    "quota": ("appointment quotas (H7)",
              lambda s: any(b.get("quota_per_day") is not None for b in s.get("bureaus", [])),
              lambda s: drop(s.get("bureaus", []), "quota_per_day")),
    "wholly": ("steps wholly within bureau hours (H7)",
               lambda s: any(x.get("bureau_rule") == "wholly" and x.get("bureau")
                             for x in written_steps(s)),
               lambda s: drop(written_steps(s), "bureau_rule")),
    "caps": ("caps on overtime (H15)", caps, lambda s: drop(bands(s), "used", *CAPS)),
    "rest": ("rest between working dates (H15)",
             lambda s: any(p.get("rest_minutes") for p in s["people"]),
             lambda s: drop(s["people"], "rest_minutes")),
    "on-call": ("on-call bands (H3)", lambda s: any(b["kind"] == "on_call" for b in bands(s)),
                no_bands("on_call")),
    "overtime": ("overtime at a price (H3)",
                 lambda s: any(b["kind"] == "overtime" for b in bands(s)), no_bands("overtime")),
    "remote": ("absences with remote work (H3)",
               lambda s: any(a.get("remote") for a in absences(s)),
               lambda s: drop(absences(s), "remote")),
    "certificates": ("certificates that expire (H1)", expiring,
                     lambda s: drop(expiring(s), "until")),
    "progress": ("work under way (H13)", lambda s: s.get("progress"),
                 lambda s: s.pop("progress", None)),
    "imbalance": ("the price of imbalance", lambda s: prices(s, "imbalance"), no_imbalance),
    "preference": ("prices of preferences", lambda s: prices(s, "preference"), no_preference),
    "working-minutes": ("lags in working minutes (H5)",
                        lambda s: any(x.get("working_minutes") for x in lags(s)),
                        elapsed("working_minutes", 1)),
    "working-days": ("lags and waits in working days (H5)",
                     lambda s: any(x.get("working_days") for x in lags(s)),
                     elapsed("working_days", 1440)),
    "curve-hours": ("lateness counted in open hours",
                    lambda s: any(c.get("calendar") for c in curves(s)),
                    lambda s: drop(curves(s), "calendar")),
    "curve-days": ("lateness per day begun",
                   lambda s: any(c.get("per_day_fen") for c in curves(s)),
                   by_the_hour),
    "curve-caps": ("lateness with a cap",
                   lambda s: any(c.get("cap_fen") is not None for c in curves(s)),
                   lambda s: drop(curves(s), "cap_fen")),
    "things": ("shared things (H16)", lambda s: any(x.get("things") for x in written_steps(s)),
               lambda s: drop(written_steps(s), "things")),
    "batches": ("batches all or none (H9)",
                lambda s: any(t.get("batch") for t in s.get("tickets", [])),
                lambda s: drop(s.get("tickets", []), "batch")),
    "order-pins": ("orders of two steps (H12)",
                   lambda s: any(p.get("then") for p in s.get("pins", [])),
                   no_order_pins),
}


def beyond(scenario, peers):
    """The names of what `scenario` holds and one of `peers` cannot express."""
    names = {name for peer in peers for name in CANNOT[peer]}
    return [name for name, (_, test, _) in RULES.items() if name in names and test(scenario)]


def lean(scenario, peers):
    """A copy of `scenario` without what one of `peers` cannot express, and what was taken out."""
    scenario, names = copy.deepcopy(scenario), beyond(scenario, peers)
    for name in names:
        RULES[name][2](scenario)
    if names:
        scenario.pop("about", None)
    return scenario, names
