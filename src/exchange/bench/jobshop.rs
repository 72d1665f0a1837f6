//! Job shop, total weighted tardiness, J || Σ wT: remarks after `#`, then "jobs machines", then per
//! job pairs "machine minutes" in the order of its route, machines from 0 (the form of JSPLIB).
//!
//! Due times and weights by the rule of M. Singer and M. Pinedo ("A computational study of branch
//! and bound techniques for minimizing the total weighted tardiness in job shops", IIE
//! Transactions 30, 1998): job j is due at ⌊f × sum of its minutes⌋; the first fifth of the jobs
//! weighs 4, the next three fifths 2, the last fifth 1. Their instances have ten jobs: of larger
//! ones the first ten count.
//!
//! One ticket per job, a chain of steps, one person per machine. An operation of 0 minutes is
//! left out.

use super::frame::{self, MOST_MINUTES, MOST_ROWS};
use super::words::Words;
use crate::calendar::Label;
use crate::model::issue::{Issue, Issues};
use crate::model::scenario::Scenario;

/// The jobs that count.
const JOBS: usize = 10;

/// The factors of the study, in thousandths.
pub const FACTORS: [u32; 3] = [1_300, 1_500, 1_600];

/// A job: machine and minutes of each operation.
type Route = Vec<(usize, i64)>;

/// Reads the instance with due times by `factor`, in thousandths.
///
/// # Errors
/// B502 to B505, B508, B509.
pub(super) fn read(text: &str, name: &str, factor: u32) -> Result<Scenario, Issues> {
    let (mut routes, machines) = routes(text)?;
    routes.truncate(JOBS);
    let minutes = |route: &Route| route.iter().map(|(_, minutes)| *minutes).sum::<i64>();
    let horizon = frame::horizon(routes.iter().map(minutes).sum())?;
    let mut scenario = frame::scenario(name, horizon);
    scenario.skills = (0..machines).map(|machine| frame::skill(format!("m{machine}"))).collect();
    let person = |machine| frame::person(format!("m{machine}"), [(format!("m{machine}"), 1)]);
    scenario.people = (0..machines).map(person).collect();
    for (row, route) in routes.iter().enumerate() {
        let worked = route.iter().enumerate().filter(|(_, (_, minutes))| *minutes > 0);
        let steps = worked.map(|(at, (machine, minutes))| {
            frame::step(format!("o{}", at + 1), &format!("m{machine}"), 1, *minutes)
        });
        let due = minutes(route) * i64::from(factor) / 1000;
        let weight = weight(row, routes.len());
        let steps = frame::chained(steps.collect());
        if steps.is_empty() {
            return Err(idle(row + 1));
        }
        let id = format!("j{}", row + 1);
        scenario.tickets.push(frame::ticket(id, due, weight, horizon, steps));
    }
    Ok(scenario)
}

/// Weight of the job in row `row` of `jobs`.
fn weight(row: usize, jobs: usize) -> i64 {
    match row * 5 {
        place if place < jobs => 4,
        place if place < 4 * jobs => 2,
        _ => 1,
    }
}

/// That a job has no minutes at all.
pub(super) fn idle(job: usize) -> Issues {
    let issue = Issue::error(
        "B508",
        "",
        format!("工件 {job} 没有任何时长"),
        format!("job {job} takes no minutes at all"),
    );
    vec![issue.hint("去掉这个工件", "take the job out")]
}

/// The jobs' routes, and how many machines there are.
fn routes(text: &str) -> Result<(Vec<Route>, usize), Issues> {
    let mut words = Words::new(text, |_| false);
    let jobs = words.count(1..=MOST_ROWS, || Label::new("工件数", "the number of jobs"))?;
    let machines = words.count(1..=MOST_ROWS, || Label::new("机器数", "the number of machines"))?;
    let last = i64::try_from(machines).expect("machines are counted within a range") - 1;
    let mut routes = Vec::new();
    for job in 1..=jobs {
        let mut route = Vec::new();
        for place in 1..=machines {
            let machine = words.count(0..=last, || {
                Label::new(
                    format!("工件 {job} 第 {place} 道工序的机器"),
                    format!("the machine of operation {place} of job {job}"),
                )
            })?;
            let minutes = words.whole(0..=MOST_MINUTES, || {
                Label::new(
                    format!("工件 {job} 第 {place} 道工序的时长"),
                    format!("the minutes of operation {place} of job {job}"),
                )
            })?;
            route.push((machine, minutes));
        }
        routes.push(route);
    }
    words.finish()?;
    Ok((routes, machines))
}
