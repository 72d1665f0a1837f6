//! The best plan of tiny questions found by trying every plan on the half-hour grid they are made
//! on, with the verifier as the only judge; bound and solver are held against it.

use paidan::calendar::Moment;
use paidan::generate::tiny;
use paidan::id::Id;
use paidan::model::plan::{PLAN_FORMAT, Plan, PlannedStep, Standing};
use paidan::model::rule::Rule;
use paidan::model::work::{Person, Progress, Step, Ticket, Work, resolve};
use paidan::planning::plan;
use paidan::time::Tick;
use paidan::verify::{Code, Report, completed, verify};

use crate::question::one_lane;

/// Questions looked at.
const QUESTIONS: u64 = 75;
/// Plans judged per question before it is given up.
const MOST_JUDGED: u32 = 12_000;
/// Seated steps to be planned, at most.
const MOST_STEPS: usize = 4;

/// Every plan there is, cheapest kept.
struct Search<'a> {
    work: &'a Work,
    /// The ways to do each step alone.
    ways: Vec<Vec<PlannedStep>>,
    /// Cost of the best whole plan.
    best: i64,
    judged: u32,
}

/// The least cost on the grid, where it is `known` or less; `Err` when there is too much to try.
fn optimum(work: &Work, known: i64) -> Result<Option<i64>, ()> {
    let ways = work.steps.ids().map(|step| ways(work, step)).collect();
    let mut search = Search { work, ways, best: known + 1, judged: 0 };
    search.ticket(0, &mut Vec::new());
    match search.judged < MOST_JUDGED {
        true => Ok(Some(search.best).filter(|best| *best <= known)),
        false => Err(()),
    }
}

fn sheet(work: &Work, steps: &[PlannedStep]) -> Plan {
    Plan {
        format: PLAN_FORMAT.to_owned(),
        zone: work.zone,
        as_of: None,
        horizon: None,
        steps: steps.to_vec(),
        unserved: Vec::new(),
        released: Vec::new(),
        weights: None,
        cost: None,
        bound: None,
        prices: Vec::new(),
        provenance: None,
    }
}

/// Rules that a plan may break while it is being filled: whole tickets and what has begun.
fn is_lasting(report: &Report) -> bool {
    let open = [Code::Rule(Rule::H9), Code::Rule(Rule::H10), Code::Rule(Rule::H13)];
    report.violations.iter().any(|found| {
        // A step before the finish of the ticket it follows stays wrong.
        let early = found.rule == Code::Rule(Rule::H10) && found.step.is_some();
        early || !open.contains(&found.rule)
    })
}

/// Every way to do `step` that breaks no rule by itself.
fn ways(work: &Work, step: Id<Step>) -> Vec<PlannedStep> {
    let row = &work.steps[step];
    let ticket = &work.tickets[row.ticket].key;
    let blank = |people: &[Id<Person>], start: Moment, standing| PlannedStep {
        ticket: ticket.clone(),
        step: row.name.clone(),
        people: people.iter().map(|person| work.people[*person].key.clone()).collect(),
        start,
        end: None,
        pieces: Vec::new(),
        standing,
        provisional: false,
    };
    let (crews, starts, standing) = match &row.progress {
        Some(Progress::Done { people, span }) => {
            (vec![people.clone()], vec![span.start], Standing::Done)
        }
        Some(Progress::Begun { people, start, .. }) => {
            (vec![people.clone()], vec![*start], Standing::Begun)
        }
        None => (crews(work, row.seats.len()), grid(work), Standing::Planned),
    };
    let mut ways = Vec::new();
    for crew in &crews {
        for start in &starts {
            let row = blank(crew, work.zone.moment(*start), standing);
            ways.extend(ends(work, row, *start));
        }
    }
    ways
}

/// The row with each end it may have: in regular hours, and earlier ones with extra minutes.
fn ends(work: &Work, row: PlannedStep, start: Tick) -> Vec<PlannedStep> {
    let lasting = |row: &PlannedStep| {
        is_lasting(&verify(work, &sheet(work, std::slice::from_ref(row)), None))
    };
    let Ok(full) = completed(work, &sheet(work, std::slice::from_ref(&row))) else {
        return extra(work, row, start);
    };
    let regular = full.steps[0].clone();
    let mut rows = Vec::new();
    let extras = work.people.iter().any(|person| person.bands.len() > 1);
    if extras && !regular.people.is_empty() && row.standing != Standing::Done {
        rows = extra(work, row, start);
        rows.retain(|row| row.end != regular.end);
    }
    if !lasting(&regular) {
        rows.insert(0, regular);
    }
    rows
}

fn extra(work: &Work, row: PlannedStep, start: Tick) -> Vec<PlannedStep> {
    let mut rows = Vec::new();
    for end in grid(work).into_iter().chain([work.horizon]).filter(|end| *end > start) {
        let row = PlannedStep { end: Some(work.zone.moment(end)), ..row.clone() };
        let Ok(full) = completed(work, &sheet(work, &[row])) else { continue };
        if !is_lasting(&verify(work, &full, None)) {
            rows.push(full.steps[0].clone());
        }
    }
    rows
}

/// Ordered choices of different people for so many seats.
fn crews(work: &Work, seats: usize) -> Vec<Vec<Id<Person>>> {
    let mut crews = vec![Vec::new()];
    for _ in 0..seats {
        let longer = crews.iter().flat_map(|crew: &Vec<Id<Person>>| {
            let others = work.people.ids().filter(|person| !crew.contains(person));
            others.map(|person| crew.iter().copied().chain([person]).collect())
        });
        crews = longer.collect();
    }
    crews
}

/// Every half hour from the moment planned from to the horizon, nights left out.
fn grid(work: &Work) -> Vec<Tick> {
    let half_hours = 0..(work.horizon - work.as_of) / 30;
    let ticks = half_hours.map(|count| work.as_of + 30 * count);
    ticks.filter(|tick| (480..1260).contains(&work.zone.minute_of_day(*tick))).collect()
}

impl Search<'_> {
    /// Tries the tickets from number `at` on, each with all its steps or left out.
    fn ticket(&mut self, at: usize, steps: &mut Vec<PlannedStep>) {
        if at == self.work.tickets.len() {
            self.judge(steps);
            return;
        }
        let ticket: Id<Ticket> = Id::new(at);
        let rows = &self.work.tickets[ticket].steps;
        self.step(at, rows, steps);
        if !self.work.tickets[ticket].begun {
            self.ticket(at + 1, steps);
        }
    }

    fn step(&mut self, at: usize, rows: &[Id<Step>], steps: &mut Vec<PlannedStep>) {
        let Some((first, rest)) = rows.split_first() else {
            self.ticket(at + 1, steps);
            return;
        };
        for way in 0..self.ways[first.index()].len() {
            steps.push(self.ways[first.index()][way].clone());
            if self.is_hopeful(steps) {
                self.step(at, rest, steps);
            }
            steps.pop();
            // A wait is best begun as early as it can be: later ones cost the same or more.
            if self.judged >= MOST_JUDGED {
                return;
            }
        }
    }

    /// Whether nothing is broken for good and what is paid already is less than the best.
    fn is_hopeful(&mut self, steps: &[PlannedStep]) -> bool {
        self.judged += 1;
        let report = verify(self.work, &sheet(self.work, steps), None);
        let paid = report.bill.total_fen.0 - report.bill.unserved.weighted_fen.0;
        paid < self.best && !is_lasting(&report)
    }

    fn judge(&mut self, steps: &[PlannedStep]) {
        self.judged += 1;
        let report = verify(self.work, &sheet(self.work, steps), None);
        if report.is_clean() {
            self.best = self.best.min(report.bill.total_fen.0);
        }
    }
}

/// No bound lies above the best plan, no plan below it, and at least nine plans in ten are best.
#[test]
fn the_solver_finds_the_best_plan_of_nearly_every_tiny_question() {
    let settings = one_lane(1);
    let (mut best, mut solved, mut given_up, mut missed) = (0, 0, 0, Vec::new());
    for seed in 0..QUESTIONS {
        let work = resolve(&tiny(seed)).unwrap_or_else(|issues| panic!("{seed}: {issues:#?}"));
        let seated = work.steps.iter().filter(|step| !step.is_wait()).count();
        if seated > MOST_STEPS {
            continue;
        }
        let Ok(answer) = plan(&work, None, &settings, "test", &mut |_| true) else {
            given_up += 1;
            continue;
        };
        let cost = answer.report.bill.total_fen.0;
        let bound = answer.plan.bound.unwrap().value_fen.0;
        match optimum(&work, cost) {
            Err(()) => given_up += 1,
            Ok(None) => panic!("seed {seed}: no plan on the grid costs {cost} or less"),
            Ok(Some(least)) => {
                assert!(bound <= least, "seed {seed}: bound {bound}, best {least}");
                solved += 1;
                if least < cost {
                    missed.push((seed, least, cost));
                } else {
                    best += 1;
                }
            }
        }
    }
    assert!(solved >= 30, "{solved} solved, {given_up} given up");
    assert!(best * 10 >= solved * 9, "{best} of {solved}; seed, best, plan: {missed:?}");
}
