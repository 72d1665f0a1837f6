"""OR-Tools CP-SAT on a scenario. 用 CP-SAT 求解场景.

With `--lite` it works in regular minutes only and serves every ticket the first answer serves: a
smaller model that often finds more in the same time.
"""

import sys
from importlib.metadata import version

from ortools.sat.python import cp_model

import peer
from cpsat_model import Model


def solver(seconds):
    """A solver with the settings used throughout."""
    made = cp_model.CpSolver()
    made.parameters.num_workers = peer.THREADS
    made.parameters.max_time_in_seconds = seconds
    made.parameters.cp_model_probing_level = 0  # probing takes seconds and gains nothing here
    made.parameters.random_seed = 1
    return made


def completed(built, seconds):
    """Hints the helper variables too: solves once with what is hinted held fixed."""
    fixing = solver(seconds)
    fixing.parameters.fix_variables_to_their_hinted_value = True
    if fixing.solve(built.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        built.model.clear_hints()
        for row, value in enumerate(fixing.response_proto.solution):
            built.model.add_hint(built.model.get_int_var_from_proto_index(row), value)
        return True
    return False


def solve(question, start, seconds, lite=False):
    """Builds, starts from the first answer, and searches for what is left of the time."""
    kept = {row for row, ticket in enumerate(question.tickets)
            if lite and all(step in start for step in ticket.steps)}
    built = Model(question, overtime=not lite, kept=kept)
    built.hint(start)
    whole = completed(built, peer.left(seconds))
    search = solver(peer.left(seconds))
    status = search.solve(built.model)
    said = search.status_name(status) + ("" if whole else ", start not taken")
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, None, None, said
    answer = built.answer(search.value)
    return answer, round(search.objective_value / 60), int(search.best_objective_bound // 60), said


if __name__ == "__main__":
    lite = "--lite" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--lite"]
    peer.main(lambda *asked: solve(*asked, lite), {"ortools": version("ortools")},
              overtime=not lite)
