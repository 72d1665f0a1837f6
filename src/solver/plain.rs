//! What the quick searches both leave to the search over all rules. Each adds what it alone does
//! not know; a new rule of planning is refused here until one of them knows it.

use crate::problem::{Fixed, Person, Problem, Step, Ticket};

/// Whether nothing of `problem` is beyond both.
pub(super) fn is_plain(problem: &Problem) -> bool {
    !problem.travels
        && problem.people.iter().all(person)
        && problem.tickets.iter().all(ticket)
        && problem.steps.iter().all(|row| step(problem, row))
}

fn person(person: &Person) -> bool {
    person.rest.is_none() && person.regular_band.is_none()
}

fn ticket(ticket: &Ticket) -> bool {
    !ticket.begun
        && !ticket.must
        && ticket.after.is_empty()
        && ticket.before.is_empty()
        && ticket.mates.is_empty()
}

fn step(problem: &Problem, step: &Step) -> bool {
    let alone = |row: usize| problem.crew(&problem.options[row]).len() == 1;
    let lasting = |row: usize| problem.options[row].expires >= step.latest_end;
    step.fixed == Fixed::Free
        && !step.frozen
        && step.windows.is_empty()
        && step.same.is_empty()
        && step.pinned_after.is_empty()
        && step.pinned_before.is_empty()
        && step.things.is_empty()
        && !step.trip
        && step.bureau.is_none_or(|(bureau, ..)| problem.quotas[bureau].is_none())
        && step.choices().all(|row| alone(row) && lasting(row))
}
