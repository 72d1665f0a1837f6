//! What if: a question planned as it is and as it would be. Changes come from a file, from short
//! texts, or both. Must not know arguments.

use super::Failure;
use super::brief::Brief;
use super::documents::{self, Question, Text};
use super::morning::{self, Settings};
use super::posted::unless_wrong;
use crate::model::change::{CHANGES_FORMAT, Changes};
use crate::model::check;
use crate::model::contrast::Contrast;
use crate::model::issue::{Issue, Issues};
use crate::model::plan::Plan;
use crate::planning::{Answer, Progress};
use crate::whatif::change::apply;
use crate::whatif::contrast::contrast;

/// Changes that were asked for, and the texts that say so.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The changes.
    pub changes: Changes,
    /// Where they stand, in their order.
    sources: Vec<Source>,
}

/// Where changes stand.
#[derive(Clone, Debug)]
enum Source {
    /// In a document, so many of them.
    Document(Text, usize),
    /// In short, each by itself.
    Brief(Brief),
}

impl Wanted {
    /// `changes`, which stand in `text`.
    #[must_use]
    pub fn stated(changes: Changes, text: Text) -> Wanted {
        let sources = vec![Source::Document(text, changes.changes.len())];
        Wanted { changes, sources }
    }

    /// `issues` of the changes, each with the text it stands in.
    #[must_use]
    pub fn placed(&self, issues: Issues) -> Vec<(Text, Issues)> {
        let (mut told, mut first) = (Vec::new(), 0);
        let mut rest = issues;
        for source in &self.sources {
            let count = match source {
                Source::Document(_, count) => *count,
                Source::Brief(_) => 1,
            };
            // What is wrong with no change of its own is told of the first text.
            let is_own = |issue: &mut Issue| match row(&issue.path) {
                Some(row) => (first..first + count).contains(&row),
                None => true,
            };
            let own: Issues = rest.extract_if(.., is_own).collect();
            if !own.is_empty() {
                told.push(match source {
                    Source::Document(text, _) => documents::placed(text, own),
                    Source::Brief(brief) => (brief.text.clone(), brief.placed(alone(own, first))),
                });
            }
            first += count;
        }
        told
    }
}

/// The change that `path` is of.
fn row(path: &str) -> Option<usize> {
    path.strip_prefix("$.changes[")?.split(']').next()?.parse().ok()
}

/// `issues` of the change `row` as if it were alone in its list.
fn alone(issues: Issues, row: usize) -> Issues {
    let prefix = format!("$.changes[{row}]");
    let path = |path: &str| match path.strip_prefix(&prefix) {
        Some(rest) => format!("$.changes[0]{rest}"),
        None => path.to_owned(),
    };
    issues.into_iter().map(|issue| Issue { path: path(&issue.path), ..issue }).collect()
}

/// Reads the changes of `file`, then those in short.
///
/// # Errors
/// [`Failure::Documents`] with all that is wrong with any of them.
pub fn wanted(file: Option<Text>, briefs: Vec<Brief>) -> Result<Option<Wanted>, Failure> {
    if file.is_none() && briefs.is_empty() {
        return Ok(None);
    }
    let mut wrong = Vec::new();
    let nothing =
        || Changes { format: CHANGES_FORMAT.to_owned(), about: None, changes: Vec::new() };
    let mut wanted = Wanted { changes: nothing(), sources: Vec::new() };
    if let Some(text) = file {
        let read = unless_wrong(documents::changes(&text), &mut wrong)?;
        wanted = Wanted::stated(read.unwrap_or_else(nothing), text);
    }
    for brief in briefs {
        wanted.changes.changes.extend(unless_wrong(brief.change(), &mut wrong)?);
        wanted.sources.push(Source::Brief(brief));
    }
    if wrong.is_empty() { Ok(Some(wanted)) } else { Err(Failure::Documents(wrong)) }
}

/// `question` with `wanted` made true.
///
/// # Errors
/// [`Failure::Documents`] with all that is wrong with the changes, or with the scenario they make.
pub fn changed(question: &Question, wanted: &Wanted) -> Result<Question, Failure> {
    let faulty = |issues| Failure::Documents(wanted.placed(issues));
    let scenario = apply(&question.scenario, &wanted.changes.changes).map_err(faulty)?;
    let (work, _) = check::check(&scenario).map_err(faulty)?;
    Ok(Question { text: question.text.clone(), scenario, work, warnings: Vec::new() })
}

/// Plans `question` as it is and as it would be, each with the same effort.
///
/// # Errors
/// As [`changed`] and [`morning::plan`].
pub fn contrasted(
    question: &Question,
    wanted: &Wanted,
    previous: Option<&Plan>,
    settings: &Settings,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Result<(Contrast, Question, Answer), Failure> {
    let other = changed(question, wanted)?;
    let before = morning::plan(question, previous, settings, watch)?;
    let after = morning::plan(&other, previous, settings, watch)?;
    Ok((contrast(&wanted.changes, &before, &after), other, after))
}
