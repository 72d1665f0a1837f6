//! Multi-skill projects, makespan: the `.def` files of iMOPSE (P. B. Myszkowski and others, "A new
//! benchmark dataset for multi-skill resource-constrained project scheduling problem", 2015). A
//! head of free text; under `ResourceID` a row per resource: id, salary, pairs "skill: level"; under
//! `TaskID` a row per task: id, duration, the one "skill: level" it needs, ids of tasks that come
//! before. Lines of `=` part the sections.
//!
//! One ticket whose steps are the tasks, due at once: its lateness is the makespan. A resource does
//! a task when it has its skill at the level or above, in the same minutes at every level. Levels
//! count from 0 there and from 1 here. Salaries are left aside.

use std::collections::BTreeMap;

use super::frame::{self, MOST_MINUTES, MOST_ROWS};
use super::words::{Word, Words, number};
use crate::calendar::Label;
use crate::model::issue::{Issue, Issues, Place};
use crate::model::scenario::Scenario;

/// The head of the rows of resources.
pub(super) const RESOURCES: &str = "ResourceID";

/// The head of the rows of tasks.
pub(super) const TASKS: &str = "TaskID";

/// Reads the instance.
///
/// # Errors
/// B502, B503, B505, B506, B508 to B510.
pub(super) fn read(text: &str, name: &str) -> Result<Scenario, Issues> {
    let resources = rows(text, RESOURCES)?;
    let tasks = rows(text, TASKS)?;
    let mut people = Vec::new();
    for row in &resources {
        people.push(person(row)?);
    }
    let mut seen: BTreeMap<i64, Place> = BTreeMap::new();
    for row in &tasks {
        let id = id(row[0])?;
        if seen.insert(id, row[0].place).is_some() {
            return Err(vec![twice(row[0])]);
        }
    }
    let mut steps = Vec::new();
    let mut total = 0;
    for row in &tasks {
        let (step, minutes) = step(row, &seen)?;
        total += minutes;
        steps.push(step);
    }
    let horizon = frame::horizon(total)?;
    let mut scenario = frame::scenario(name, horizon);
    let held = people.iter().flat_map(|person| person.skills.iter().map(|held| &held.skill));
    let asked = steps.iter().flat_map(|step| step.seats.iter().map(|seat| &seat.skill));
    let mut skills: Vec<&String> = held.chain(asked).collect();
    skills.sort();
    skills.dedup();
    scenario.skills = skills.into_iter().map(frame::skill).collect();
    scenario.people = people;
    scenario.tickets = vec![frame::ticket("project", 0, 1, horizon, steps)];
    Ok(scenario)
}

/// The words of each row below the line that begins with `head`, down to a line of `=`.
fn rows<'a>(text: &'a str, head: &str) -> Result<Vec<Vec<Word<'a>>>, Issues> {
    let words = Words::new(text, |letter| letter == ':');
    let missing = |zh: &str, en: &str| {
        let issue = Issue::error("B508", "", format!("{zh}“{head}”"), format!("{en} \"{head}\""));
        vec![issue.hint("这应是 iMOPSE 的 .def 文件", "this should be a .def file of iMOPSE")]
    };
    let all = words.rest();
    let leads = |at: usize| at == 0 || all[at - 1].place.line != all[at].place.line;
    let begin = (0..all.len()).find(|at| all[*at].text == head && leads(*at));
    let begin = begin.ok_or_else(|| missing("没有这一节：", "there is no section"))?;
    let line = all[begin].place.line;
    let below = all[begin..].iter().skip_while(|word| word.place.line == line);
    let mut rows: Vec<Vec<Word<'a>>> = Vec::new();
    for word in below.take_while(|word| !word.text.starts_with("==")) {
        match rows.last_mut() {
            Some(row) if row[0].place.line == word.place.line => row.push(*word),
            _ => rows.push(vec![*word]),
        }
    }
    if rows.is_empty() {
        Err(missing("这一节是空的：", "there is nothing in section"))
    } else {
        Ok(rows)
    }
}

fn id(word: Word<'_>) -> Result<i64, Issues> {
    number(word, 0..=MOST_ROWS, || Label::new("编号", "an id"))
}

/// Skill and level, at words `at` and `at + 1` of `row`.
fn skill(row: &[Word<'_>], at: usize) -> Result<(String, u8), Issues> {
    let level =
        *row.get(at + 1).ok_or_else(|| short(row, "技能和等级", "a skill and its level"))?;
    let level = number(level, 0..=4, || Label::new("技能等级", "a level of skill"))?;
    let level = u8::try_from(level + 1).expect("levels are below 5");
    Ok((row[at].text.chars().take(90).collect(), level))
}

fn person(row: &[Word<'_>]) -> Result<crate::model::people::Person, Issues> {
    let id = id(row[0])?;
    let mut skills = BTreeMap::new();
    let mut at = 2;
    while at < row.len() {
        let (skill, level) = skill(row, at)?;
        let best = skills.entry(skill).or_insert(level);
        *best = level.max(*best);
        at += 2;
    }
    Ok(frame::person(format!("r{id}"), skills))
}

fn step(
    row: &[Word<'_>],
    seen: &BTreeMap<i64, Place>,
) -> Result<(crate::model::ticket::Step, i64), Issues> {
    let minutes = *row.get(1).ok_or_else(|| short(row, "时长", "minutes"))?;
    let minutes = number(minutes, 1..=MOST_MINUTES, || Label::new("时长", "minutes"))?;
    let (skill, level) = skill(row, 2)?;
    let mut step = frame::step(row[0].text, &skill, level, minutes);
    for word in &row[4..] {
        let before = number(*word, 0..=MOST_ROWS, || Label::new("前置任务", "a task before it"))?;
        if !seen.contains_key(&before) {
            return Err(vec![stranger(*word)]);
        }
        step.after.push(frame::after(&before.to_string()));
    }
    step.id = id(row[0])?.to_string();
    Ok((step, minutes))
}

fn short(row: &[Word<'_>], zh: &str, en: &str) -> Issues {
    let mut issue =
        Issue::error("B503", "", format!("这一行缺少{zh}"), format!("this row lacks {en}"));
    issue.place = row.first().map(|word| word.place);
    vec![issue.hint("补上，见同节其他行", "add it as the other rows of the section do")]
}

fn twice(word: Word<'_>) -> Issue {
    let text = word.text;
    let (zh, en) = (format!("任务 {text} 出现了两次"), format!("task {text} stands twice"));
    let mut issue = Issue::error("B510", "", zh, en);
    issue.place = Some(word.place);
    issue.hint("给每个任务一个编号", "give every task an id of its own")
}

fn stranger(word: Word<'_>) -> Issue {
    let text = word.text;
    let (zh, en) = (format!("没有任务 {text}"), format!("there is no task {text}"));
    let mut issue = Issue::error("B506", "", zh, en);
    issue.place = Some(word.place);
    issue.hint("改成已有的任务编号", "name a task that the file has")
}
