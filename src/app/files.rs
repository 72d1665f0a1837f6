//! Files read whole, and files written whole or not at all. Must not know what is in them.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;

use super::Failure;
use super::documents::Text;
use crate::exchange::json::MAX_BYTES;

/// The file a folder of a scenario is read from.
pub const SCENARIO_FILE: &str = "scenario.json";

/// Reads `path`; `-` is the standard input. No more than one byte beyond [`MAX_BYTES`] is read, so
/// that whoever parses it can tell that it is too large.
///
/// # Errors
/// [`Failure::Unreadable`].
pub fn read(path: &Path) -> Result<Text, Failure> {
    let unreadable = |source| Failure::Unreadable { path: path.to_owned(), source };
    let most = u64::try_from(MAX_BYTES).expect("sizes fit 64 bits") + 1;
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(unreadable)?;
        return Ok(Text { name: "<stdin>".to_owned(), bytes });
    }
    let file = File::open(path).map_err(unreadable)?;
    file.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(Text { name: path.display().to_string(), bytes })
}

/// The scenario file that `path` stands for: itself, or the one inside when it is a folder.
#[must_use]
pub fn scenario_path(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(SCENARIO_FILE) } else { path.to_owned() }
}

/// Whether both names lead to one file.
#[must_use]
pub fn are_same(left: &Path, right: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    left == right || real(left).is_some_and(|left| real(right) == Some(left))
}

/// A place known to take a file.
#[derive(Clone, Debug)]
pub struct Target {
    /// As it was asked for.
    asked: PathBuf,
    /// Links followed.
    real: PathBuf,
    /// A pipe or a device: written in place, since nothing can be renamed onto it.
    is_special: bool,
}

/// Makes sure that a file can be written to `path`, and leaves nothing there yet.
///
/// # Errors
/// [`Failure::Unwritable`].
pub fn target(path: &Path) -> Result<Target, Failure> {
    let unwritable = |source| Failure::Unwritable { path: path.to_owned(), source };
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let standing = fs::metadata(&real).ok();
    if standing.as_ref().is_some_and(fs::Metadata::is_dir) || path.as_os_str().is_empty() {
        return Err(unwritable(io::ErrorKind::IsADirectory.into()));
    }
    if standing.as_ref().is_some_and(|found| found.permissions().readonly()) {
        return Err(unwritable(io::ErrorKind::PermissionDenied.into()));
    }
    let is_special = standing.is_some_and(|found| !found.is_file());
    let target = Target { asked: path.to_owned(), real, is_special };
    if is_special {
        OpenOptions::new().write(true).open(&target.real).map_err(unwritable)?;
    } else {
        target.draft().and_then(|(_, name)| fs::remove_file(name)).map_err(unwritable)?;
    }
    Ok(target)
}

impl Target {
    /// Where it is, as it was asked for.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.asked
    }

    /// Writes `bytes`: either all of them stand there afterwards, or what stood there before.
    ///
    /// # Errors
    /// [`Failure::Unwritable`].
    pub fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let written = if self.is_special {
            OpenOptions::new()
                .write(true)
                .open(&self.real)
                .and_then(|mut file| file.write_all(bytes))
        } else {
            self.replace(bytes)
        };
        written.map_err(|source| Failure::Unwritable { path: self.asked.clone(), source })
    }

    /// Writes `bytes` in the place of `old`, what stood there before, which is kept in the new file
    /// `beside`; when that cannot be, everything stays as it was.
    ///
    /// # Errors
    /// [`Failure::Wish`] when `beside` is there already; [`Failure::Unwritable`].
    pub fn write_keeping(&self, bytes: &[u8], old: &[u8], beside: &Path) -> Result<(), Failure> {
        let unwritable = |source| Failure::Unwritable { path: beside.to_owned(), source };
        let mut file = match OpenOptions::new().write(true).create_new(true).open(beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(is_there(beside));
            }
            opened => opened.map_err(unwritable)?,
        };
        let kept = file
            .write_all(old)
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::set_permissions(beside, fs::metadata(&self.real)?.permissions()));
        let written = kept.map_err(unwritable).and_then(|()| self.write(bytes));
        if written.is_err() {
            // It is ours, and the first fault is the one to tell.
            let _ = fs::remove_file(beside);
        }
        written
    }

    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let (mut file, name) = self.draft()?;
        let finished = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| {
            if let Ok(standing) = fs::metadata(&self.real) {
                fs::set_permissions(&name, standing.permissions())?;
            }
            fs::rename(&name, &self.real)
        });
        if finished.is_err() {
            // The first fault is the one to tell; the draft may be gone already.
            let _ = fs::remove_file(&name);
        }
        finished
    }

    /// A new file beside the target, to be renamed onto it.
    fn draft(&self) -> io::Result<(File, PathBuf)> {
        let mut name = OsString::from(".");
        name.push(self.real.file_name().ok_or(io::ErrorKind::InvalidInput)?);
        name.push(format!(".{}", process::id()));
        let name = self.real.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&name)?;
        Ok((file, name))
    }
}

fn is_there(path: &Path) -> Failure {
    let path = path.display();
    Failure::wish(
        format!("{path} 已经存在，不会覆盖：请先把它移走"),
        format!("{path} is there already and is not written over: move it away first"),
    )
}
