//! Two plans side by side: as things are, and as they would be. Must not know how they were found.

use std::collections::BTreeMap;

use crate::model::change::Changes;
use crate::model::contrast::{CONTRAST_FORMAT, Contrast, Side, TicketContrast, TicketSide};
use crate::model::plan::PlannedStep;
use crate::planning::Answer;
use crate::time::Money;
use crate::verify::TicketBill;

/// What `after`, planned with `changes` made, does differently from `before`.
#[must_use]
pub fn contrast(changes: &Changes, before: &Answer, after: &Answer) -> Contrast {
    let (other_people, other_start) = moved(&before.plan.steps, &after.plan.steps);
    Contrast {
        format: CONTRAST_FORMAT.to_owned(),
        about: changes.about.clone(),
        changes: changes.changes.clone(),
        before: side(before),
        after: side(after),
        tickets: tickets(before, after),
        other_people,
        other_start,
    }
}

fn side(answer: &Answer) -> Side {
    let count = |is: &dyn Fn(&TicketBill) -> bool| {
        let count = answer.report.tickets.iter().filter(|bill| is(bill)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    Side {
        cost: answer.report.bill,
        bound_fen: answer.plan.bound.as_ref().map_or(Money::ZERO, |bound| bound.value_fen),
        late: count(&|bill| bill.served && bill.late_minutes > 0),
        unserved: count(&|bill| !bill.served),
    }
}

/// The tickets that come to something else, those of `before` in their order first.
fn tickets(before: &Answer, after: &Answer) -> Vec<TicketContrast> {
    let told = |bill: &TicketBill| TicketSide {
        finish: bill.finish_at.filter(|_| bill.served),
        cost_fen: bill.loss.weighted_fen,
    };
    let rows = |answer: &Answer| -> BTreeMap<String, TicketSide> {
        answer.report.tickets.iter().map(|bill| (bill.ticket.clone(), told(bill))).collect()
    };
    let (old, new) = (rows(before), rows(after));
    let known = before.report.tickets.iter();
    let added = after.report.tickets.iter().filter(|bill| !old.contains_key(&bill.ticket));
    let row = |bill: &TicketBill| TicketContrast {
        ticket: bill.ticket.clone(),
        before: old.get(&bill.ticket).copied(),
        after: new.get(&bill.ticket).copied(),
    };
    known.chain(added).map(row).filter(|row| row.before != row.after).collect()
}

/// Steps in both with other people, and with the same at another time.
fn moved(before: &[PlannedStep], after: &[PlannedStep]) -> (u32, u32) {
    let key = |step: &PlannedStep| (step.ticket.clone(), step.step.clone());
    let old: BTreeMap<_, _> = before.iter().map(|step| (key(step), step)).collect();
    let mut counts = (0, 0);
    for step in after {
        match old.get(&key(step)) {
            Some(other) if other.people != step.people => counts.0 += 1,
            Some(other) if other.start != step.start => counts.1 += 1,
            _ => {}
        }
    }
    counts
}
