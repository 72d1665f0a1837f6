//! The files of a database: made for their owner alone, and put where they belong in one step that
//! outlasts a loss of power.
//!
//! SQLite keeps beside a database what is not in it yet: a write-ahead log or a journal. Either,
//! left behind by an interruption, would be taken for that of whatever file comes in its place, so
//! none may stand beside a file that is put there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{beside, opening};
use crate::store::Failure;

/// What SQLite may leave beside a database, with work in it.
const LOGS: [&str; 2] = ["-wal", "-journal"];

/// Makes a new, empty file that only its owner may read. It follows no link, and fails when
/// anything bears the name already. Logs that SQLite puts beside it have the same rights.
pub(super) fn create(path: &Path) -> io::Result<File> {
    for_the_owner().write(true).create_new(true).open(path)
}

/// How files are opened that only their owner may read, where they are made.
#[cfg(unix)]
fn for_the_owner() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;

    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// How files are opened that only their owner may read, where they are made.
#[cfg(not(unix))]
fn for_the_owner() -> OpenOptions {
    OpenOptions::new()
}

/// Whether `path` itself is a link, wherever it leads.
pub(super) fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

/// A file that is being written beside the place it is meant for; gone when it comes to nothing.
#[derive(Debug)]
pub(super) struct Draft {
    name: PathBuf,
    is_put: bool,
}

impl Draft {
    /// An empty file beside `place`, which nobody else has.
    pub(super) fn beside(place: &Path) -> Result<Draft, Failure> {
        for number in 1.. {
            let name = beside(place, &format!(".part-{number}"));
            match create(&name) {
                Ok(_) => return Ok(Draft { name, is_put: false }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed(&name)(error)),
            }
        }
        unreachable!("numbers do not end")
    }

    /// Where it is.
    pub(super) fn name(&self) -> &Path {
        &self.name
    }

    /// Puts it, as it is on the disk by then, in the place of `target`. A link there is replaced,
    /// not followed.
    pub(super) fn put(mut self, target: &Path) -> Result<(), Failure> {
        File::open(&self.name).and_then(|file| file.sync_all()).map_err(failed(&self.name))?;
        fs::rename(&self.name, target).map_err(failed(target))?;
        self.is_put = true;
        sync_folder(target)
    }
}

/// Removes what copying towards `path`, or towards its backup before an upgrade, left behind when
/// it was killed. Nobody is at it: whoever would be has the database to himself.
pub(super) fn without_drafts(path: &Path) -> Result<(), Failure> {
    let (Some(folder), Some(own)) = (path.parent(), path.file_name()) else { return Ok(()) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let own = own.to_string_lossy();
    let is_left = |name: &str| {
        let rest = name.strip_prefix(&*own).unwrap_or_default();
        let copied = rest.strip_prefix(".v").map(|rest| rest.trim_start_matches(is_digit));
        let number = copied.unwrap_or(rest).strip_prefix(".part-").unwrap_or_default();
        let number = LOGS.iter().fold(number, |name, log| name.strip_suffix(log).unwrap_or(name));
        !number.is_empty() && number.chars().all(is_digit)
    };
    let entries = fs::read_dir(folder).map_err(failed(folder))?;
    for entry in entries.filter_map(Result::ok) {
        if entry.file_name().to_str().is_some_and(is_left) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_put {
            // What made it come to nothing is what is told.
            let _ = remove(&self.name);
            LOGS.iter().for_each(|log| drop(remove(&beside(&self.name, log))));
        }
    }
}

/// Makes sure that no log stands beside `path`, the file at which is going to be replaced. What
/// is in a log is moved into the file first, which so stays whole until then.
pub(super) fn without_logs(path: &Path) -> Result<(), Failure> {
    settle(path);
    LOGS.iter().chain(&["-shm"]).try_for_each(|log| remove(&beside(path, log)))
}

/// Gives the database at `path`, if there is one, a second name, and tells it. Logs that cannot
/// be moved into it, or are there without it, get the new name only.
pub(super) fn keep(path: &Path) -> Result<Option<PathBuf>, Failure> {
    let is_there = path.exists();
    settle(path);
    let names = (1..).map(|number| beside(path, &format!(".before-restore-{number}")));
    let is_free =
        |name: &PathBuf| !name.exists() && !LOGS.iter().any(|log| beside(name, log).exists());
    let name = names.into_iter().find(is_free).expect("numbers do not end");
    if is_there && fs::hard_link(path, &name).is_err() {
        // Where a file can have but one name, there is none at `path` for a moment.
        fs::rename(path, &name).map_err(failed(&name))?;
    }
    for log in LOGS.iter().filter(|log| beside(path, log).exists()) {
        fs::rename(beside(path, log), beside(&name, log)).map_err(failed(&name))?;
    }
    remove(&beside(path, "-shm"))?;
    sync_folder(path)?;
    Ok(is_there.then_some(name))
}

/// Has SQLite move the logs beside the database at `path` into it, if that can be done.
fn settle(path: &Path) {
    if path.is_file() && !is_link(path) && LOGS.iter().any(|log| beside(path, log).exists()) {
        let _ = opening::writing(path).and_then(|old| {
            Ok(old.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?)
        });
    }
}

/// Makes names in the folder of `path` outlast a loss of power.
fn sync_folder(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))
}

fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

/// That something could not be done with the file at `path`.
pub(super) fn failed(path: &Path) -> impl Fn(io::Error) -> Failure {
    let path = path.to_owned();
    move |source| Failure::File { path: path.clone(), source: Arc::new(source) }
}
