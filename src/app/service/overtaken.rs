//! What was reported and runs into what the plan in force has next: then that plan can no longer be
//! carried out as it stands, and no date is quoted by it until it is planned anew (R040). Found
//! when it is reported, so that a quote only has to look whether there is any.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Service;
use super::change::Change;
use super::marks::List;
use super::refusal::Refusal;
use super::scene::PROGRESS;
use super::standing::InForce;
use crate::calendar::Label;
use crate::model::plan::PlannedStep;
use crate::model::scenario::{Progress, ProgressState};

/// Steps whose progress runs into the plan, as ticket/step.
const OVERTAKEN: &str = "overtaken";
/// Minutes that a step may run into the next one: as much as a plan changes it without a price.
const TOLERANCE: i64 = 15;

/// What a mark says.
#[derive(Serialize, Deserialize)]
struct Overtaken {
    /// The number of the plan it was held against.
    plan: u64,
    /// The step it runs into.
    next: String,
}

impl Service {
    /// Notes what `rows`, just reported, and what was reported before them, runs into.
    pub(super) fn note_overtaken(
        &self,
        change: &mut Change,
        rows: &[Progress],
    ) -> Result<(), Refusal> {
        let Some(plan) = self.standing.now() else { return Ok(()) };
        let fresh: BTreeSet<&str> = rows.iter().map(|row| row.step.as_str()).collect();
        let mut all = rows.to_vec();
        for mark in self.marks_of(List { marks: OVERTAKEN, within: None })? {
            change.unmark(OVERTAKEN, mark.key.clone());
            if !fresh.contains(mark.key.as_str()) {
                all.extend(self.find_if_any(PROGRESS, &mark.key)?.map(|kept| kept.document));
            }
        }
        for row in &all {
            for next in run_into(&plan, row) {
                let key = format!("{}/{}", next.ticket, next.step);
                let is_reported = fresh.contains(key.as_str())
                    || self.find_if_any::<Progress>(PROGRESS, &key)?.is_some();
                if !is_reported {
                    let overtaken = Overtaken { plan: plan.number, next: key };
                    let body = serde_json::to_string(&overtaken).expect("a number and a text");
                    change.mark(OVERTAKEN, row.step.clone(), body);
                    break;
                }
            }
        }
        Ok(())
    }

    /// Forgets what was noted of a step whose progress is taken back.
    pub(super) fn forget_overtaken(&self, change: &mut Change, step: &str) {
        change.unmark(OVERTAKEN, step.to_owned());
    }

    /// Goes on only when nothing reported runs into the plan in force.
    pub(super) fn must_not_be_overtaken(&self) -> Result<(), Refusal> {
        let Some(plan) = self.standing.now() else { return Ok(()) };
        for mark in self.marks_of(List { marks: OVERTAKEN, within: None })? {
            let said = serde_json::from_str::<Overtaken>(&mark.body).ok();
            if let Some(Overtaken { next, .. }) = said.filter(|said| said.plan == plan.number) {
                let step = mark.key;
                return Err(Refusal::Impossible(Label::new(
                    format!("{step} 的实际进度已占用计划中 {next} 的时间：请先重新编排并发布"),
                    format!(
                        "what was reported of {step} takes the time that the plan has for {next}: \
                         draft and publish anew"
                    ),
                )));
            }
        }
        Ok(())
    }
}

/// The steps of `plan` that cannot begin when they were to, as things went with `row`: those of the
/// same people, and what comes after it in its ticket.
fn run_into<'p>(plan: &'p InForce, row: &Progress) -> Vec<&'p PlannedStep> {
    let tick = |moment| plan.plan.zone.tick_from(moment);
    let planned = plan.step(&row.step);
    let took = planned.and_then(|step| Some(tick(step.end?) - tick(step.start)));
    let start = tick(row.start);
    let end = match row.state {
        ProgressState::Done => row.end.map(tick),
        ProgressState::Begun => took.map(|took| start + took),
    };
    let Some(end) = end else { return Vec::new() };
    let is_own = |next: &PlannedStep| row.step == format!("{}/{}", next.ticket, next.step);
    let comes_after = |next: &PlannedStep| {
        planned.is_some_and(|own| {
            own.ticket == next.ticket && own.end.is_some_and(|end| tick(end) <= tick(next.start))
        })
    };
    let shares = |next: &PlannedStep| next.people.iter().any(|one| row.people.contains(one));
    let is_hit = |next: &&PlannedStep| {
        let begins = tick(next.start);
        let is_within = start <= begins && begins + TOLERANCE < end;
        is_within && !is_own(next) && (shares(next) || comes_after(next))
    };
    plan.plan.steps.iter().filter(is_hit).collect()
}
