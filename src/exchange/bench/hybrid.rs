//! Hybrid flow shop with identical machines per stage, makespan (the form of the collection of R.
//! Ruiz and others): the number of jobs, the number of stages, the machines of each stage, then a
//! line per job with its minutes at each stage.
//!
//! One ticket that holds all jobs as chains and is due at once: its lateness is the makespan. One
//! skill per stage, with as many people as it has machines. A stage of 0 minutes is left out.

use super::frame::{self, MOST_MINUTES, MOST_ROWS};
use super::jobshop::idle;
use super::words::Words;
use crate::calendar::Label;
use crate::model::issue::Issues;
use crate::model::scenario::Scenario;

/// Reads the instance.
///
/// # Errors
/// B502 to B505, B508, B509.
pub(super) fn read(text: &str, name: &str) -> Result<Scenario, Issues> {
    let mut words = Words::new(text, |_| false);
    let jobs = words.count(1..=MOST_ROWS, || Label::new("工件数", "the number of jobs"))?;
    let stages = words.count(1..=MOST_ROWS, || Label::new("阶段数", "the number of stages"))?;
    let mut machines = Vec::new();
    for stage in 1..=stages {
        machines.push(words.count(1..=MOST_ROWS, || {
            Label::new(
                format!("阶段 {stage} 的机器数"),
                format!("the number of machines at stage {stage}"),
            )
        })?);
    }
    let mut rows = Vec::new();
    for job in 1..=jobs {
        for stage in 1..=stages {
            rows.push(words.whole(0..=MOST_MINUTES, || {
                Label::new(
                    format!("工件 {job} 在阶段 {stage} 的时长"),
                    format!("the minutes of job {job} at stage {stage}"),
                )
            })?);
        }
    }
    words.finish()?;
    let horizon = frame::horizon(rows.iter().sum())?;
    let mut scenario = frame::scenario(name, horizon);
    for (row, count) in machines.iter().enumerate() {
        let stage = row + 1;
        scenario.skills.push(frame::skill(format!("s{stage}")));
        let person =
            |machine| frame::person(format!("s{stage}-m{machine}"), [(format!("s{stage}"), 1)]);
        scenario.people.extend((1..=*count).map(person));
    }
    let mut steps = Vec::new();
    for (row, job) in rows.chunks(stages).enumerate() {
        let worked = job.iter().enumerate().filter(|(_, minutes)| **minutes > 0);
        let chain = worked.map(|(at, minutes)| {
            let stage = at + 1;
            frame::step(format!("j{}-s{stage}", row + 1), &format!("s{stage}"), 1, *minutes)
        });
        steps.extend(frame::chained(chain.collect()));
    }
    if steps.is_empty() {
        return Err(idle(1));
    }
    scenario.tickets = vec![frame::ticket("project", 0, 1, horizon, steps)];
    Ok(scenario)
}
