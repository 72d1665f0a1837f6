//! Flexible job shop, makespan (the form of P. Brandimarte, "Routing and scheduling in a flexible
//! job shop by tabu search", 1993): "jobs machines [options per operation]", then per job its
//! number of operations, and per operation the number of its options and that many pairs "machine
//! minutes", machines from 1.
//!
//! One ticket that holds all jobs as chains and is due at once: its lateness is the makespan. A
//! skill stands for each set of machines that may do an operation. An operation of 0 minutes
//! wherever it is done is left out.

use std::collections::BTreeMap;

use super::frame::{self, MOST_MINUTES, MOST_ROWS};
use super::jobshop::idle;
use super::unrelated::stated;
use super::words::Words;
use crate::calendar::Label;
use crate::model::issue::{Issue, Issues};
use crate::model::people::Skill;
use crate::model::scenario::Scenario;
use crate::model::ticket::Step;

/// Who may do an operation, and in how many minutes: by machine, from 1.
type Options = BTreeMap<usize, i64>;

/// Reads the instance.
///
/// # Errors
/// B502 to B505, B508 to B510.
pub(super) fn read(text: &str, name: &str) -> Result<Scenario, Issues> {
    let (jobs, machines) = jobs(text)?;
    let longest = jobs.iter().flatten().map(|options| options.values().max().copied().unwrap_or(0));
    let horizon = frame::horizon(longest.sum())?;
    let mut scenario = frame::scenario(name, horizon);
    let mut sets: BTreeMap<Vec<usize>, String> = BTreeMap::new();
    let mut steps = Vec::new();
    for (row, job) in jobs.iter().enumerate() {
        let mut chain = Vec::new();
        for (at, options) in job.iter().enumerate().filter(|(_, own)| own.values().any(|m| *m > 0))
        {
            let set: Vec<usize> = options.keys().copied().collect();
            let next = format!("set-{}", sets.len() + 1);
            let skill = sets.entry(set.clone()).or_insert_with(|| {
                scenario.skills.push(named(next.clone(), &set));
                next
            });
            chain.push(step(format!("j{}-o{}", row + 1, at + 1), skill, options));
        }
        steps.extend(frame::chained(chain));
    }
    if steps.is_empty() {
        return Err(idle(1));
    }
    for machine in 1..=machines {
        let own = sets.iter().filter(|(set, _)| set.contains(&machine));
        let skills: Vec<_> = own.map(|(_, skill)| (skill.clone(), 1)).collect();
        scenario.people.push(frame::person(format!("m{machine}"), skills));
    }
    scenario.tickets = vec![frame::ticket("project", 0, 1, horizon, steps)];
    Ok(scenario)
}

fn named(id: String, set: &[usize]) -> Skill {
    let words: Vec<String> = set.iter().map(ToString::to_string).collect();
    let (zh, en) = (words.join("、"), words.join(", "));
    Skill { id, name: Some(Label::new(format!("机器 {zh}"), format!("machines {en}"))) }
}

fn step(id: String, skill: &str, options: &Options) -> Step {
    let least = options.values().min().copied().unwrap_or(1);
    let mut step = frame::step(id, skill, 1, least);
    if options.values().any(|minutes| *minutes != least) {
        step.stated = options.iter().map(|(machine, minutes)| stated(*machine, *minutes)).collect();
    }
    step
}

/// The jobs' operations, and how many machines there are.
fn jobs(text: &str) -> Result<(Vec<Vec<Options>>, usize), Issues> {
    let mut words = Words::new(text, |_| false);
    let has_average = words.on_first_line() == 3;
    let jobs = words.count(1..=MOST_ROWS, || Label::new("工件数", "the number of jobs"))?;
    let machines = words.count(1..=MOST_ROWS, || Label::new("机器数", "the number of machines"))?;
    if has_average {
        words.skip(1);
    }
    let mut all = Vec::new();
    for job in 1..=jobs {
        let count = words.count(1..=MOST_ROWS, || {
            Label::new(
                format!("工件 {job} 的工序数"),
                format!("the number of operations of job {job}"),
            )
        })?;
        let operations = (1..=count).map(|place| options(&mut words, machines, (job, place)));
        all.push(operations.collect::<Result<_, _>>()?);
    }
    words.finish()?;
    Ok((all, machines))
}

/// The options of operation `place` of job `job`.
fn options(
    words: &mut Words<'_>,
    machines: usize,
    (job, place): (usize, usize),
) -> Result<Options, Issues> {
    let most = i64::try_from(machines).expect("machines are counted within a range");
    let of = |zh: &str, en: &str| {
        Label::new(
            format!("工件 {job} 第 {place} 道工序的{zh}"),
            format!("{en} of operation {place} of job {job}"),
        )
    };
    let count = words.count(1..=most, || of("可选机器数", "the number of machines"))?;
    let mut options = Options::new();
    for _ in 0..count {
        let at = words.rest().first().map(|word| word.place);
        let machine = words.count(1..=most, || of("机器", "a machine"))?;
        let minutes = words.whole(0..=MOST_MINUTES, || of("时长", "the minutes"))?;
        let is_idle = options.values().any(|other| (*other == 0) != (minutes == 0));
        if options.insert(machine, minutes).is_some() || is_idle {
            let what = of("选项", "the options");
            let mut issue = Issue::error(
                "B510",
                "",
                format!("{}重复了机器 {machine}，或只有一部分为 0 分钟", what.zh),
                format!("{} name machine {machine} twice, or only some take 0 minutes", what.en),
            );
            issue.place = at;
            return Err(vec![issue.hint("每台机器写一次", "name each machine once")]);
        }
    }
    Ok(options)
}
