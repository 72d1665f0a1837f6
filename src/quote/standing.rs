//! The plan in force, compiled and parked once: what every quote starts from.

use super::lent::Copies;
use crate::exchange::digest::digest_of_plan;
use crate::id::{Column, Id};
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
use crate::model::work::{Step, Ticket, Work};
use crate::planning;
use crate::problem::Problem;
use crate::solver::schedule::Parked;
use crate::solver::start::stood_up;
use crate::time::Tick;

/// A plan in force (在执行的计划), ready to be quoted against. Making one takes as long as checking
/// the plan; a server keeps it as long as the plan stays.
pub struct Standing {
    pub(super) scenario: Scenario,
    /// The scenario without its queue, and what was fixed or done in it.
    pub(super) frame: Scenario,
    pub(super) work: Work,
    pub(super) plan: Plan,
    pub(super) digest: String,
    pub(super) problem: Problem,
    /// Copies of it for guests.
    pub(super) copies: Copies,
    pub(super) parked: Parked,
    /// Where each step stands in the rows of the plan.
    pub(super) rows: Column<Step, Option<usize>>,
}

impl Standing {
    /// Parks `plan`, a clean and complete plan for `scenario`, which resolves to `work`; `None`
    /// when it cannot stand up as it is.
    #[must_use]
    pub fn new(scenario: &Scenario, work: &Work, plan: &Plan) -> Option<Standing> {
        let (problem, released) = planning::compiled(work, Some(plan));
        let starts = planning::start_rows(work, plan)?;
        let parked = Parked::new(stood_up(&problem, &starts).filter(|_| released.is_empty())?);
        let mut rows: Column<Step, Option<usize>> = work.steps.iter().map(|_| None).collect();
        for (row, planned) in plan.steps.iter().enumerate() {
            rows[work.step(&format!("{}/{}", planned.ticket, planned.step))?] = Some(row);
        }
        let frame = Scenario {
            tickets: Vec::new(),
            pins: Vec::new(),
            progress: Vec::new(),
            about: None,
            ..scenario.clone()
        };
        let (digest, copies) = (digest_of_plan(plan), Copies::default());
        let (scenario, work, plan) = (scenario.clone(), work.clone(), plan.clone());
        Some(Standing { scenario, frame, work, plan, digest, problem, copies, parked, rows })
    }

    /// Names the plan in force.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The scenario it is a plan for.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// When `ticket` finishes in it; `None` when it is left out.
    pub(super) fn finish(&self, ticket: Id<Ticket>) -> Option<Tick> {
        let standing = self.parked.standing(ticket);
        let whole = standing.placed == self.problem.tickets[ticket].planned_count;
        whole.then_some(standing.finish)
    }
}
