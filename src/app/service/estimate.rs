//! When a new ticket would be finished, if the plan in force took it in as it stands (R133): asked
//! for by whoever creates it, and never a reason not to create it.

use super::Service;
use super::refusal::Refusal;
use super::tickets::Standing;
use crate::app::quoting;
use crate::calendar::Label;
use crate::model::request::{Attribute, REQUEST_FORMAT, Request, Wish};
use crate::model::ticket::Ticket;

impl Service {
    /// How `ticket`, which no plan knows yet, stands: with an estimate, or with the reason why
    /// there is none; `stated` is what was said of it. The plan in force is parked first where it is not: that takes as long as
    /// checking it, once.
    pub(super) fn estimated(
        &self,
        (ticket, stated): (&Ticket, &[Attribute]),
        standing: Standing,
        now_ms: i64,
    ) -> Standing {
        let request = Request {
            format: REQUEST_FORMAT.to_owned(),
            tickets: vec![ticket.clone()],
            wish: Wish::default(),
            attributes: stated.to_vec(),
            stated: Vec::new(),
        };
        let without = |why: Label| Standing { no_estimate: Some(why), ..standing.clone() };
        match self.crossed(ticket, stated, false) {
            Ok(None) => {}
            Ok(Some(forbidden)) => return without(forbidden),
            Err(refusal) => return without(told(&refusal)),
        }
        let parked = match self.parked(&request) {
            Ok(parked) => parked,
            Err(refusal) => return without(told(&refusal)),
        };
        let at = parked.standing.moment(now_ms);
        match quoting::estimate(&parked.standing, &request, at) {
            Ok(Some(finish)) => Standing {
                estimate: Some(finish),
                plan: Some(parked.standing.digest().to_owned()),
                ..standing
            },
            Ok(None) => without(Label::new(
                "在执行的计划到其终点为止没有空位",
                "the plan in force has no room for it up to its horizon",
            )),
            Err(issues) => {
                let first = issues.into_iter().next();
                let label = first.map(|issue| Label::new(issue.zh, issue.en));
                without(label.unwrap_or_else(|| told(&super::quotes::no_plan())))
            }
        }
    }
}

/// Why there is no estimate; what fails outside is told by its kind alone.
fn told(refusal: &Refusal) -> Label {
    match refusal {
        Refusal::Impossible(label) | Refusal::Outrun { label, .. } => label.clone(),
        _ => Label::new("现在无法估计", "no estimate can be made right now"),
    }
}
