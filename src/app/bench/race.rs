//! One run: an instance, a seed, a budget; through the verifier to a row of results. Must not know
//! files.

use crate::app::Failure;
use crate::app::morning::refused;
use crate::exchange::bench::results::{Key, MARKS, Row, Status};
use crate::exchange::bench::{Family, Known};
use crate::exchange::digest::{digest, digest_of_plan};
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
use crate::model::work::Work;
use crate::planning::{self, Answer, Budget, Progress, Refusal, Settings};
use crate::verify::Report;

/// What is run.
pub(super) struct Runner<'a> {
    pub(super) family: Family,
    pub(super) scenario: &'a Scenario,
    pub(super) work: &'a Work,
    pub(super) known: Option<Known>,
    pub(super) settings: &'a Settings,
}

/// What came of a run.
pub(super) struct Run {
    pub(super) row: Row,
    pub(super) plan: Option<Plan>,
    /// What the verifier said of a plan that was not handed out: our fault.
    pub(super) fault: Option<Box<Report>>,
}

impl Runner<'_> {
    /// Plans, and makes a row of it; nothing when `watch` stopped it.
    ///
    /// # Errors
    /// [`Failure::Outside`].
    pub(super) fn run(
        &self,
        key: Key,
        watch: &mut dyn FnMut(&Progress) -> bool,
    ) -> Result<Option<Run>, Failure> {
        let mut trace = Trace::default();
        let mut stopped = false;
        let mut look = |at: &Progress| {
            trace.note(at);
            stopped |= !watch(at);
            !stopped
        };
        let digest = digest(self.scenario, None);
        let answer = planning::plan(self.work, None, self.settings, &digest, &mut look);
        if stopped || self.settings.stop.is_some_and(|stop| stop()) {
            return Ok(None);
        }
        match answer {
            Ok(answer) => Ok(Some(self.found(key, &trace, answer))),
            Err(Refusal::Unsound(report)) => {
                let row = self.row(key, &trace, Status::Unsound);
                Ok(Some(Run { row, plan: None, fault: Some(report) }))
            }
            Err(Refusal::Impossible(_)) => {
                let row = self.row(key, &trace, Status::Refused);
                Ok(Some(Run { row, plan: None, fault: None }))
            }
            Err(refusal @ Refusal::Threads(_)) => Err(refused(refusal, None)),
        }
    }

    fn found(&self, key: Key, trace: &Trace, answer: Answer) -> Run {
        let Answer { plan, report, fault, .. } = answer;
        let unit = self.family.unit_fen();
        let status = if fault.is_some() { Status::FellBack } else { Status::Verified };
        let cost = report.bill.total_fen.0;
        debug_assert_eq!(cost % unit, 0, "the only prices are whole units");
        let mut row = self.row(key, trace, status);
        row.cost = Some(cost / unit);
        // What costs whole units and no less than a bound costs no less than the next whole unit.
        let bound = plan.bound.as_ref().map(|bound| bound.value_fen.0);
        row.bound = bound.map(|bound| (bound + unit - 1).div_euclid(unit));
        row.rounds = plan.provenance.as_ref().map_or(0, |provenance| provenance.rounds);
        row.digest = digest_of_plan(&plan);
        Run { row, plan: Some(plan), fault }
    }

    /// The row as far as the search told it.
    fn row(&self, key: Key, trace: &Trace, status: Status) -> Row {
        let unit = self.family.unit_fen();
        let limit = match self.settings.budget {
            Budget::Milliseconds(limit) => limit.max(trace.last),
            Budget::Rounds(_) => trace.last,
        };
        let at = |row: usize| trace.at[row].filter(|_| MARKS[row] * 1000 <= limit);
        let mut costs = [None; 4];
        costs.iter_mut().enumerate().for_each(|(row, cost)| *cost = at(row).map(|fen| fen / unit));
        Row {
            key,
            status,
            cost: None,
            known: self.known,
            bound: None,
            best_after: trace.best.map(|(_, after)| after),
            milliseconds: trace.last,
            rounds: trace.rounds,
            at: costs,
            first_after: trace.first,
            digest: String::new(),
        }
    }
}

/// How the cost fell, as the search told it.
#[derive(Default)]
struct Trace {
    first: Option<u64>,
    last: u64,
    rounds: u32,
    /// The best cost in fen, and when it was first told.
    best: Option<(i64, u64)>,
    /// The best cost in fen told by each of [`MARKS`].
    at: [Option<i64>; 4],
}

impl Trace {
    fn note(&mut self, progress: &Progress) {
        let Progress { cost, milliseconds, rounds, .. } = *progress;
        self.first.get_or_insert(milliseconds);
        (self.last, self.rounds) = (milliseconds, rounds);
        if self.best.is_none_or(|(best, _)| cost < best) {
            self.best = Some((cost, milliseconds));
        }
        for (mark, at) in MARKS.iter().zip(&mut self.at) {
            if milliseconds <= mark * 1000 {
                *at = self.best.map(|(best, _)| best);
            }
        }
    }
}
