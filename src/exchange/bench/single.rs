//! Single-machine total weighted tardiness, 1 || Σ wT.
//!
//! *OR-Library* (J. E. Beasley, "OR-Library: distributing test problems by electronic mail", 1990;
//! instances by Crauwels, Potts and Van Wassenhove 1998): one file holds many instances of n jobs
//! one after another, each n processing times, n weights, n due times. *Lines*: one instance, a
//! line "p,w,d" per job.
//!
//! One ticket per job, one step, one person; the ticket costs its weight per minute late.

use super::frame::{self, MOST_DUE, MOST_MINUTES, MOST_WEIGHT};
use super::words::Words;
use crate::calendar::Label;
use crate::model::issue::{Issue, Issues};
use crate::model::scenario::Scenario;

/// Instances in one file of the library, where nothing says how many jobs they have.
const INSTANCES: usize = 125;

/// The skill of the one person.
const WORK: &str = "work";

/// Commas part numbers too.
pub(super) fn words(text: &str) -> Words<'_> {
    Words::new(text, |letter| letter == ',')
}

/// Jobs per instance and instances in the file called `stem`: as asked for, else as the name ends
/// (`wt40`), else as the library has it. A file of lines holds one instance.
///
/// # Errors
/// B507.
pub(super) fn sizes(text: &str, stem: &str, jobs: Option<usize>) -> Result<(usize, usize), Issues> {
    let count = words(text).len();
    if is_lines(text) {
        return if count.is_multiple_of(3) && count > 0 {
            Ok((count / 3, 1))
        } else {
            Err(unfit(count))
        };
    }
    let digits = stem.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    let named = || stem[digits..].parse::<usize>().ok();
    let fits = |jobs: &usize| *jobs > 0 && *jobs <= count && count.is_multiple_of(3 * jobs);
    let by_name = || named().filter(|jobs| *jobs < 100_000).filter(fits);
    let by_count = || Some(count / (3 * INSTANCES)).filter(fits);
    let jobs = match jobs {
        Some(jobs) => Some(jobs).filter(|jobs| *jobs < 100_000).filter(fits),
        None => by_name().or_else(by_count),
    };
    jobs.map(|jobs| (jobs, count / (3 * jobs))).ok_or_else(|| unfit(count))
}

/// Whether the file has a line per job.
pub(super) fn is_lines(text: &str) -> bool {
    text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| line.contains(','))
}

fn unfit(count: usize) -> Issues {
    let issue = Issue::error(
        "B507",
        "",
        format!("文件有 {count} 个数，不能分成每个工件三个数的算例"),
        format!("the file holds {count} numbers, which make no instances of three per job"),
    );
    vec![issue.hint(
        "用 --jobs N 说明每个算例的工件数",
        "say by --jobs N how many jobs each instance has",
    )]
}

/// Instance `number`, from 0, of the file, each of `jobs` jobs.
///
/// # Errors
/// B502, B503, B505, B509.
pub(super) fn read(text: &str, name: &str, jobs: usize, number: usize) -> Result<Scenario, Issues> {
    let mut words = words(text);
    let mut columns = [const { Vec::new() }; 3];
    if is_lines(text) {
        for job in 0..jobs {
            for (kind, column) in columns.iter_mut().enumerate() {
                column.push(value(&mut words, kind, job)?);
            }
        }
    } else {
        words.skip(3 * jobs * number);
        for (kind, column) in columns.iter_mut().enumerate() {
            for job in 0..jobs {
                column.push(value(&mut words, kind, job)?);
            }
        }
    }
    let [minutes, weights, dues] = columns;
    let horizon = frame::horizon(minutes.iter().sum())?;
    let mut scenario = frame::scenario(name, horizon);
    scenario.skills = vec![frame::skill(WORK)];
    scenario.people = vec![frame::person("machine", [(WORK.to_owned(), 1)])];
    for job in 0..jobs {
        let step = frame::step(WORK, WORK, 1, minutes[job]);
        let id = format!("j{}", job + 1);
        scenario.tickets.push(frame::ticket(id, dues[job], weights[job], horizon, vec![step]));
    }
    Ok(scenario)
}

/// Processing time (0), weight (1) or due time (2) of a job.
fn value(words: &mut Words<'_>, kind: usize, job: usize) -> Result<i64, Issues> {
    let row = job + 1;
    let (range, zh, en) = match kind {
        0 => (1..=MOST_MINUTES, "时长", "minutes"),
        1 => (0..=MOST_WEIGHT, "权重", "weight"),
        _ => (0..=MOST_DUE, "截止时间", "due time"),
    };
    words
        .whole(range, || Label::new(format!("工件 {row} 的{zh}"), format!("the {en} of job {row}")))
}
