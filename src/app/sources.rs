//! What a command works on, by where it lies: scenario, what amends it, plans. Must not know
//! arguments.

use std::path::{Path, PathBuf};

use super::amending::Amendment;
use super::documents::{self, Question};
use super::{Failure, files, posted};
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;

/// Where a scenario and what amends it lie.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// A scenario file, a folder that holds one, or `-`.
    pub scenario: &'a Path,
    /// A report of progress.
    pub progress: Option<&'a Path>,
    /// A holiday table.
    pub holidays: Option<&'a Path>,
}

impl Sources<'_> {
    /// The file the scenario is read from.
    #[must_use]
    pub fn scenario_path(&self) -> PathBuf {
        files::scenario_path(self.scenario)
    }

    /// Reads and checks the scenario as amended.
    ///
    /// # Errors
    /// [`Failure::Unreadable`], [`Failure::Document`], [`Failure::Wish`].
    pub fn question(&self) -> Result<Question, Failure> {
        let text = files::read(&self.scenario_path())?;
        documents::question(text, |scenario| self.amend(scenario))
    }

    fn amend(&self, scenario: &mut Scenario) -> Result<Vec<Amendment>, Failure> {
        let holidays = self.holidays.map(files::read).transpose()?;
        let progress = self.progress.map(files::read).transpose()?;
        posted::amend(scenario, holidays, progress)
    }
}

/// Reads the plan at `path`, which lies beside the scenario of `question`.
///
/// # Errors
/// [`Failure::Unreadable`], [`Failure::Document`].
pub fn plan(question: &Question, path: &Path) -> Result<Plan, Failure> {
    documents::plan(&files::read(path)?, question.scenario.zone)
}

/// Reads the previous plan, where one is named.
///
/// # Errors
/// [`Failure::Unreadable`], [`Failure::Document`].
pub fn previous(question: &Question, path: Option<&Path>) -> Result<Option<Plan>, Failure> {
    path.map(|path| plan(question, path)).transpose()
}

/// Makes sure that nothing is written over one of the files that are read.
///
/// # Errors
/// [`Failure::Wish`].
pub fn keep_apart(outputs: &[&Path], inputs: &[&Path]) -> Result<(), Failure> {
    for (row, output) in outputs.iter().enumerate() {
        let others = inputs.iter().chain(&outputs[..row]);
        if let Some(other) = others.into_iter().find(|other| files::are_same(output, other)) {
            let (output, other) = (output.display(), other.display());
            return Err(Failure::wish(
                format!("{output} 会覆盖 {other}，请换一个文件名"),
                format!("{output} would overwrite {other}: choose another name"),
            ));
        }
    }
    Ok(())
}
