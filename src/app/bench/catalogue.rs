//! Which instances there are: files and folders walked in order, each file's family told, each
//! instance with its best-known value. Must not know how they are planned.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::app::Failure;
use crate::app::documents::Text;
use crate::app::files::{SCENARIO_FILE, read};
use crate::exchange::bench::{
    self, BestKnown, Family, Known, Named, Wishes, best_known, guess, unknown,
};
use crate::model::issue::Issues;
use crate::model::scenario::Scenario;

/// The table of best-known values, which lies beside instances or in a folder above.
const BEST_FILE: &str = "best_known.csv";

/// How many folders are looked into, the one of the instance included.
const FOLDERS: usize = 3;

/// An instance and where it lies.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The file.
    pub path: PathBuf,
    /// Its family.
    pub family: Family,
    /// Its name, and its place in the file.
    pub named: Named,
    /// The best-known value.
    pub known: Option<Known>,
}

impl Entry {
    /// The scenario it stands for, not checked yet, and the text it was read from.
    ///
    /// # Errors
    /// [`Failure::Unreadable`], [`Failure::Document`].
    pub fn scenario(&self) -> Result<(Scenario, Text), Failure> {
        let text = read(&self.path)?;
        match bench::read(self.family, &text.bytes, &self.named) {
            Ok(scenario) => Ok((scenario, text)),
            Err(issues) => Err(Failure::Document { text, issues }),
        }
    }
}

/// Where to look, and for what.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Files, and folders walked to the bottom.
    pub paths: Vec<PathBuf>,
    /// The family of all files; else told from each.
    pub family: Option<Family>,
    /// What is asked of files that hold several instances.
    pub wishes: Wishes,
    /// A table of best-known values for all; else those beside the files.
    pub best: Option<PathBuf>,
    /// At most so many instances of a family, at equal steps of the sorted names.
    pub at_most: Option<usize>,
}

/// The instances, by family and name. In folders whatever is no instance is passed over.
///
/// # Errors
/// [`Failure::Unreadable`]; [`Failure::Documents`] for files named that are no instances and for
/// tables of best-known values; [`Failure::Wish`] when two instances have one name, or there are none.
pub fn catalogue(search: &Search) -> Result<Vec<Entry>, Failure> {
    let mut files = Vec::new();
    for path in &search.paths {
        walk(path, true, &mut files)?;
    }
    let mut tables = Tables::new(search.best.as_deref())?;
    let (mut entries, mut wrong) = (Vec::new(), Vec::new());
    for (path, is_named) in files {
        let text = read(&path)?;
        match instances(search, &path, &text, is_named) {
            Ok(found) => {
                for (family, named) in found {
                    let known = tables.known(&path, &named.name)?;
                    entries.push(Entry { path: path.clone(), family, named, known });
                }
            }
            Err(issues) => wrong.push((text, issues)),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Documents(wrong));
    }
    entries.sort_by(|left, right| {
        let key = |entry: &Entry| (entry.family, entry.named.name.clone(), entry.path.clone());
        key(left).cmp(&key(right))
    });
    distinct(&entries)?;
    Ok(chosen(entries, search.at_most))
}

/// The files below `path`, in order, each with whether it was named itself. A folder that holds a
/// scenario stands for it, as everywhere.
fn walk(path: &Path, is_named: bool, files: &mut Vec<(PathBuf, bool)>) -> Result<(), Failure> {
    if !path.is_dir() {
        files.push((path.to_owned(), is_named));
        return Ok(());
    }
    let scenario = path.join(SCENARIO_FILE);
    if scenario.is_file() {
        files.push((scenario, is_named));
        return Ok(());
    }
    let unreadable = |source| Failure::Unreadable { path: path.to_owned(), source };
    let entries = fs::read_dir(path).map_err(unreadable)?;
    let mut below: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?.path();
        let is_hidden = name(entry.file_name()).starts_with('.');
        if !is_hidden && (entry.is_file() || entry.is_dir()) {
            below.push(entry);
        }
    }
    below.sort();
    below.iter().try_for_each(|path| walk(path, false, files))
}

fn name(part: Option<&OsStr>) -> String {
    part.map(OsStr::to_string_lossy).unwrap_or_default().into_owned()
}

/// What an instance in `path` is called: the file, or the folder of a scenario.
#[must_use]
fn stem(path: &Path) -> String {
    let is_scenario = path.file_name().is_some_and(|file| file == SCENARIO_FILE);
    // `.` has no name of its own.
    let real = fs::canonicalize(path).ok().filter(|_| is_scenario);
    let folder = real.as_deref().and_then(Path::parent).map(|folder| name(folder.file_name()));
    match folder.filter(|folder| !folder.is_empty()) {
        Some(folder) => folder,
        None => name(path.file_stem()),
    }
}

/// The instances in the file at `path`; none when it is no instance and was not named itself.
fn instances(
    search: &Search,
    path: &Path,
    text: &Text,
    is_named: bool,
) -> Result<Vec<(Family, Named)>, Issues> {
    let (stem, ending) = (stem(path), name(path.extension()));
    let told = guess(&text.bytes, &stem, &ending, search.wishes.jobs);
    let family = match (search.family, told) {
        (Some(asked), told) if is_named || told == Some(asked) => asked,
        (None, Some(told)) => told,
        (None, None) if is_named => return Err(unknown()),
        _ => return Ok(Vec::new()),
    };
    let all = bench::named(family, &stem, &text.bytes, &search.wishes)?;
    Ok(all.into_iter().map(|named| (family, named)).collect())
}

/// Makes sure that there are instances, and that no two have one name.
fn distinct(entries: &[Entry]) -> Result<(), Failure> {
    if entries.is_empty() {
        return Err(Failure::wish(
            "这些文件和文件夹里没有算例",
            "there is no instance in these files and folders",
        ));
    }
    let same = |pair: &&[Entry]| {
        pair[0].family == pair[1].family && pair[0].named.name == pair[1].named.name
    };
    let Some(pair) = entries.windows(2).find(same) else { return Ok(()) };
    let (name, one, other) = (&pair[0].named.name, pair[0].path.display(), pair[1].path.display());
    Err(Failure::wish(
        format!("两个算例同名“{name}”：{one} 与 {other}，请改名或分开运行"),
        format!(
            "two instances are called \"{name}\": {one} and {other}; rename one, or run them apart"
        ),
    ))
}

/// Of each family at most `at_most`, at equal steps.
fn chosen(entries: Vec<Entry>, at_most: Option<usize>) -> Vec<Entry> {
    let Some(most) = at_most else { return entries };
    let mut counts: BTreeMap<Family, usize> = BTreeMap::new();
    for entry in &entries {
        *counts.entry(entry.family).or_default() += 1;
    }
    let mut seen: BTreeMap<Family, usize> = BTreeMap::new();
    let mut is_kept = |entry: &Entry| {
        let count = counts[&entry.family];
        let row = seen.entry(entry.family).or_default();
        *row += 1;
        count <= most || is_step(*row - 1, count, most)
    };
    entries.into_iter().filter(|entry| is_kept(entry)).collect()
}

/// Whether row `row` of `count` is one of `most` at equal steps: of the rows ⌊k × count / most⌋.
fn is_step(row: usize, count: usize, most: usize) -> bool {
    let next = (row * most).div_ceil(count);
    next < most && next * count / most == row
}

/// Tables of best-known values, each read once.
struct Tables {
    for_all: Option<BestKnown>,
    by_folder: BTreeMap<PathBuf, Option<BestKnown>>,
}

impl Tables {
    fn new(path: Option<&Path>) -> Result<Tables, Failure> {
        let for_all = path.map(table).transpose()?;
        Ok(Tables { for_all, by_folder: BTreeMap::new() })
    }

    /// The value of `instance` in the file at `path`.
    fn known(&mut self, path: &Path, instance: &str) -> Result<Option<Known>, Failure> {
        if let Some(table) = &self.for_all {
            return Ok(table.get(instance).copied());
        }
        for folder in path.ancestors().skip(1).take(FOLDERS) {
            if !self.by_folder.contains_key(folder) {
                let file = folder.join(BEST_FILE);
                let table = file.is_file().then(|| table(&file)).transpose()?;
                self.by_folder.insert(folder.to_owned(), table);
            }
            if let Some(Some(table)) = self.by_folder.get(folder) {
                return Ok(table.get(instance).copied());
            }
        }
        Ok(None)
    }
}

fn table(path: &Path) -> Result<BestKnown, Failure> {
    let text = read(path)?;
    best_known(&text.bytes).map_err(|issues| Failure::Document { text, issues })
}

#[cfg(test)]
mod tests {
    use super::is_step;

    fn steps(count: usize, most: usize) -> Vec<usize> {
        (0..count).filter(|row| is_step(*row, count, most)).collect()
    }

    #[test]
    fn instances_are_taken_at_equal_steps() {
        // ⌊k × 21 / 12⌋ for k = 0 … 11
        assert_eq!(steps(21, 12), [0, 1, 3, 5, 7, 8, 10, 12, 14, 15, 17, 19]);
        assert_eq!(steps(250, 2), [0, 125]);
        assert_eq!(steps(5, 5), [0, 1, 2, 3, 4]);
    }
}
