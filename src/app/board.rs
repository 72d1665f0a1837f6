//! From a checked plan to the board that reports render: amounts come from the verifier, names and
//! times from scenario and plan.

use super::documents::Question;
use crate::calendar::Label;
use crate::model::plan::Plan;
use crate::report::board::{self, Board, Figures, PersonFigures, SLIP_MINUTES, TicketFigures};
use crate::verify::{self, PersonBill, Report, TicketBill, Violation};

/// The board of `plan`, priced by `report`.
#[must_use]
pub fn board(question: &Question, plan: &Plan, report: &Report) -> Board {
    let slipped = verify::slipped(&question.work, report, SLIP_MINUTES);
    let tickets = report.tickets.iter().zip(slipped).map(|(ticket, slipped)| {
        let TicketBill { ticket: key, loss, .. } = ticket;
        (key.clone(), TicketFigures { loss: *loss, slipped })
    });
    let figures = Figures {
        bill: report.bill,
        tickets: tickets.collect(),
        people: report.people.iter().map(|person| (person.person.clone(), of(person))).collect(),
        violations: report.violations.iter().map(sentence).collect(),
    };
    board::build(&question.work, &question.scenario, plan, &figures)
}

fn of(person: &PersonBill) -> PersonFigures {
    PersonFigures {
        regular_minutes: person.regular_minutes,
        available_minutes: person.regular_available,
        extra_minutes: person.overtime_minutes,
        extra_cost: person.overtime_fen,
    }
}

fn sentence(violation: &Violation) -> Label {
    let Violation { rule, zh, en, .. } = violation;
    Label { zh: format!("{rule}：{zh}"), en: format!("{rule}: {en}") }
}
