//! Unrelated parallel machines, total weighted completion time, R || Σ wC: line 1 "jobs machines",
//! line 2 the jobs' weights, then a line of the jobs' processing times per machine.
//!
//! One ticket per job, due at once, of one step that everybody may do, each in minutes of his own.

use super::frame::{self, MOST_MINUTES, MOST_ROWS, MOST_WEIGHT};
use super::words::Words;
use crate::calendar::Label;
use crate::model::issue::Issues;
use crate::model::scenario::Scenario;
use crate::model::ticket::StatedMinutes;

/// The skill everybody has.
const WORK: &str = "work";

/// Reads the instance.
///
/// # Errors
/// B502 to B505, B509.
pub(super) fn read(text: &str, name: &str) -> Result<Scenario, Issues> {
    let mut words = Words::new(text, |_| false);
    let jobs = words.count(1..=MOST_ROWS, || Label::new("工件数", "the number of jobs"))?;
    let machines = words.count(1..=MOST_ROWS, || Label::new("机器数", "the number of machines"))?;
    let mut weights = Vec::new();
    for job in 1..=jobs {
        weights.push(words.whole(0..=MOST_WEIGHT, || {
            Label::new(format!("工件 {job} 的权重"), format!("the weight of job {job}"))
        })?);
    }
    let mut minutes = vec![Vec::new(); jobs];
    for machine in 1..=machines {
        for (row, own) in minutes.iter_mut().enumerate() {
            let job = row + 1;
            own.push(words.whole(1..=MOST_MINUTES, || {
                Label::new(
                    format!("工件 {job} 在机器 {machine} 上的时长"),
                    format!("the minutes of job {job} on machine {machine}"),
                )
            })?);
        }
    }
    words.finish()?;
    let longest = minutes.iter().map(|own| own.iter().max().copied().unwrap_or(0));
    let horizon = frame::horizon(longest.sum())?;
    let mut scenario = frame::scenario(name, horizon);
    scenario.skills = vec![frame::skill(WORK)];
    let person = |machine: usize| frame::person(format!("m{machine}"), [(WORK.to_owned(), 1)]);
    scenario.people = (1..=machines).map(person).collect();
    for (row, own) in minutes.iter().enumerate() {
        let mut step = frame::step(WORK, WORK, 1, own.iter().min().copied().unwrap_or(1));
        step.stated =
            own.iter().enumerate().map(|(row, minutes)| stated(row + 1, *minutes)).collect();
        let id = format!("j{}", row + 1);
        scenario.tickets.push(frame::ticket(id, 0, weights[row], horizon, vec![step]));
    }
    Ok(scenario)
}

/// Minutes of the machine called by `number`.
pub(super) fn stated(number: usize, minutes: i64) -> StatedMinutes {
    let minutes = u32::try_from(minutes).expect("minutes of a step are checked when read");
    StatedMinutes { person: format!("m{number}"), minutes }
}
