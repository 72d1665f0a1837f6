//! The assignment: who carries which step of which ticket, ending on which local day, and which
//! tickets stay out; everything else stays where it is.
//!
//! A column for every mode ([`super::modes`]), and for everybody and every day a row: what ends
//! that day fits into the minutes nobody else has taken, less what of it was done on days before
//! (work pauses over night, but no more of it than the longest step). Minutes within a day, travel,
//! quotas and things are not known here: the answer is a wish, made true as far as it goes by
//! insertion.

use std::collections::BTreeMap;

use super::NoAnswer;
use super::dive::{Program, solve};
use super::float;
use super::modes::{Case, Days, Mode, Work, is_known};
use crate::id::Id;
use crate::model::work::{Person, Step, Ticket};
use crate::problem::Problem;
use crate::solver::schedule::Schedule;

/// About how many entries a program may have: one relaxation of so many takes some tenths of a
/// second.
const MOST_ENTRIES: usize = 12_000;

/// Relaxations per question.
const NODES: u32 = 40;

/// What standing elsewhere than now weighs, in fen, so that nobody moves for nothing.
const CHANGE: i64 = 200;

/// Who is to carry a step, ending on which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::solver) struct Wish {
    pub(in crate::solver) step: Id<Step>,
    /// Row of [`Problem::options`].
    pub(in crate::solver) choice: u32,
    /// Days from that of the moment planned from.
    pub(in crate::solver) day: usize,
    /// So it stands already.
    pub(in crate::solver) stays: bool,
}

/// Tickets to be assigned together.
pub(in crate::solver) struct Scope {
    days: Days,
    cases: Vec<Case>,
    size: usize,
}

impl Scope {
    /// Nothing yet.
    pub(in crate::solver) fn new(problem: &Problem) -> Scope {
        Scope { days: Days::new(problem), cases: Vec::new(), size: 0 }
    }

    /// Whether a ticket may be among them at all.
    pub(in crate::solver) fn admits(problem: &Problem, ticket: Id<Ticket>) -> bool {
        is_known(problem, ticket)
    }

    /// Takes `ticket` in; `false` when there is no room for it.
    pub(in crate::solver) fn take(&mut self, current: &Schedule<'_>, ticket: Id<Ticket>) -> bool {
        let Some(case) = Case::new(current, &self.days, ticket) else { return true };
        let size = case.size(&self.days);
        if self.size + size > MOST_ENTRIES {
            return false;
        }
        self.size += size;
        self.cases.push(case);
        true
    }

    /// The tickets taken in.
    pub(in crate::solver) fn tickets(&self) -> impl Iterator<Item = Id<Ticket>> + '_ {
        self.cases.iter().map(|case| case.ticket)
    }

    /// The cheapest assignment found beside what stands in `schedule`, where no ticket of these
    /// does; `None` when none is cheaper than `ceiling` fen, all left out being 0.
    ///
    /// # Errors
    /// When the solver breaks down.
    pub(in crate::solver) fn assign(
        &self,
        schedule: &Schedule<'_>,
        ceiling: i64,
    ) -> Result<Option<Vec<Wish>>, NoAnswer> {
        if self.cases.is_empty() {
            return Ok(None);
        }
        let mut draft = Draft::new(schedule, &self.days);
        for case in &self.cases {
            draft.case(case);
        }
        draft.capacity();
        let ones = solve(&draft.program, float(ceiling), NODES)?;
        Ok(ones.map(|ones| {
            ones.iter().filter_map(|column| draft.wishes.get(column)).copied().collect()
        }))
    }
}

/// A program under work.
struct Draft<'a> {
    schedule: &'a Schedule<'a>,
    days: &'a Days,
    program: Program,
    /// What a column stands for.
    wishes: BTreeMap<usize, Wish>,
    /// Columns that end on a day of somebody, with their minutes.
    loads: BTreeMap<Id<Person>, Vec<Vec<(usize, f64)>>>,
}

/// The columns of one step with their modes.
type Columns = Vec<(usize, Mode)>;

impl<'a> Draft<'a> {
    fn new(schedule: &'a Schedule<'a>, days: &'a Days) -> Draft<'a> {
        let (wishes, loads) = (BTreeMap::new(), BTreeMap::new());
        Draft { schedule, days, program: Program::default(), wishes, loads }
    }

    /// Adds a ticket: all its steps once each, or none; later steps on later days.
    fn case(&mut self, case: &Case) {
        let columns: Vec<Columns> = case.works.iter().map(|work| self.work(case, work)).collect();
        if let [only] = &columns[..] {
            self.program.at_most(only.iter().map(|(column, _)| (*column, 1.0)).collect(), 1.0);
            return;
        }
        let served = self.program.column(0.0, 1.0, false);
        for columns in &columns {
            let mut terms: Vec<(usize, f64)> = columns.iter().map(|(at, _)| (*at, 1.0)).collect();
            terms.push((served, -1.0));
            self.program.exactly(terms, 0.0);
        }
        let begun: Vec<Option<Vec<usize>>> = (0..columns.len())
            .map(|row| is_ordered(case, row).then(|| self.ended(&columns[row])))
            .collect();
        for (row, work) in case.works.iter().enumerate() {
            for earlier in &work.earlier {
                let (Some(own), Some(other)) = (&begun[row], &begun[earlier.work]) else {
                    continue;
                };
                self.follow(own, other, &earlier.first);
            }
        }
        self.people(case, &columns);
    }

    /// The columns of one step.
    fn work(&mut self, case: &Case, work: &Work) -> Columns {
        let problem = self.schedule.problem;
        let is_last = work.step == case.last().step;
        let mut columns = Vec::with_capacity(work.modes.len());
        for mode in &work.modes {
            let option = &problem.options[mode.choice as usize];
            let mut cost = option.price + if mode.stays { 0 } else { CHANGE };
            if is_last {
                let finish = mode.end + problem.steps[work.step].tail;
                cost += problem.lateness(case.ticket, finish);
                cost -= problem.tickets[case.ticket].unserved;
                if cost >= 0 {
                    continue;
                }
            }
            let column = self.program.column(float(cost), 1.0, true);
            let Mode { choice, day, stays, .. } = *mode;
            let wish = Wish { step: work.step, choice, day, stays };
            self.wishes.insert(column, wish);
            for person in problem.crew(option) {
                let days =
                    self.loads.entry(*person).or_insert_with(|| vec![Vec::new(); self.days.len()]);
                days[mode.day].push((column, float(option.minutes)));
            }
            columns.push((column, *mode));
        }
        columns
    }

    /// By day: a column that says whether a step has ended by then.
    fn ended(&mut self, columns: &Columns) -> Vec<usize> {
        let mut by_day: Vec<usize> = Vec::with_capacity(self.days.len());
        for day in 0..self.days.len() {
            let ended = self.program.column(0.0, 1.0, false);
            let mut terms = vec![(ended, 1.0)];
            terms.extend(by_day.last().map(|before| (*before, -1.0)));
            let today = columns.iter().filter(|(_, mode)| mode.day == day);
            terms.extend(today.map(|(column, _)| (*column, -1.0)));
            self.program.exactly(terms, 0.0);
            by_day.push(ended);
        }
        by_day
    }

    /// A step has ended by a day only if the one before it had by the last day that leaves room.
    fn follow(&mut self, own: &[usize], other: &[usize], first: &[Option<usize>]) {
        for (day, ended) in own.iter().enumerate() {
            let in_time =
                (0..other.len()).rfind(|before| first[*before].is_some_and(|at| at <= day));
            let mut terms = vec![(*ended, 1.0)];
            terms.extend(in_time.map(|before| (other[before], -1.0)));
            self.program.at_most(terms, 0.0);
        }
    }

    /// Nobody in two steps that must differ, the same lead in those that must not.
    fn people(&mut self, case: &Case, columns: &[Columns]) {
        let problem = self.schedule.problem;
        for (row, work) in case.works.iter().enumerate() {
            for other in 0..row {
                let step = &problem.steps[work.step];
                let (own, others) = (&columns[row], &columns[other]);
                if step.differs.contains(&case.works[other].step) {
                    let crew = |mode: &Mode| problem.crew(&problem.options[mode.choice as usize]);
                    for (_, terms) in pairs(own, others, 1.0, crew) {
                        self.program.at_most(terms, 1.0);
                    }
                } else if step.same.contains(&case.works[other].step) {
                    let lead =
                        |mode: &Mode| &problem.crew(&problem.options[mode.choice as usize])[..1];
                    for (_, terms) in pairs(own, others, -1.0, lead) {
                        self.program.exactly(terms, 0.0);
                    }
                }
            }
        }
    }

    /// Everybody's days hold no more than they have minutes.
    fn capacity(&mut self) {
        for (person, days) in std::mem::take(&mut self.loads) {
            let longest = days.iter().flatten().map(|term| term.1).fold(0.0, f64::max);
            let mut before = None;
            for (day, mut terms) in days.into_iter().enumerate() {
                let (free, extra, price) = self.minutes(person, day);
                terms.extend(before.map(|column| (column, -1.0)));
                before =
                    (day + 1 < self.days.len()).then(|| self.program.column(0.0, longest, false));
                terms.extend(before.map(|column| (column, 1.0)));
                if extra > 0 {
                    let column = self.program.column(float(price) / 60.0, float(extra), false);
                    terms.push((column, -1.0));
                }
                self.program.at_most(terms, float(free));
            }
        }
    }

    /// Regular minutes of somebody on a day that nothing takes, other minutes, and what an hour of
    /// those costs at least.
    fn minutes(&self, person: Id<Person>, day: usize) -> (i64, i64, i64) {
        let problem = self.schedule.problem;
        let shift = &problem.shifts[problem.people[person].shifts[1]];
        let (from, to) = (self.days.start(day), self.days.end(day));
        let all = |from, to| {
            let all = shift.levels.last().map_or(0, |level| level.open_between(from, to));
            (shift.regular.open_between(from, to), all)
        };
        let (mut regular, mut every) = all(from, to);
        for busy in self.schedule.line(person).busy() {
            let taken = all(busy.start.max(from), busy.end.min(to));
            (regular, every) = (regular - taken.0, every - taken.1);
        }
        let price = shift.tiers.first().map_or(0, |tier| tier.price);
        (regular.max(0), (every - regular).max(0), price)
    }
}

/// Whether a step of `case` comes before or after another.
fn is_ordered(case: &Case, row: usize) -> bool {
    !case.works[row].earlier.is_empty()
        || case.works.iter().any(|work| work.earlier.iter().any(|other| other.work == row))
}

/// For everybody in both: the columns of the one step, and those of the other times `factor`.
fn pairs<'p>(
    own: &Columns,
    others: &Columns,
    factor: f64,
    people: impl Fn(&Mode) -> &'p [Id<Person>],
) -> BTreeMap<Id<Person>, Vec<(usize, f64)>> {
    let mut rows: BTreeMap<Id<Person>, Vec<(usize, f64)>> = BTreeMap::new();
    for (columns, factor) in [(own, 1.0), (others, factor)] {
        for (column, mode) in columns {
            for person in people(mode) {
                rows.entry(*person).or_default().push((*column, factor));
            }
        }
    }
    rows
}
