//! Who has a database open: a file beside it, locked by all who use it together, or by one who
//! replaces it alone. A second one is locked by whoever serves it. The system lets go of it when a process ends in any way.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::beside;
use super::files::{create, is_link};
use crate::store::Failure;

/// What is locked beside a database: by all who have it open, and by the one who serves it.
const OPEN: &str = ".lock";
const SERVED: &str = ".serving";

/// A hold on a database, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    /// What it is held on.
    path: PathBuf,
}

impl Lock {
    /// Holds it together with others.
    pub(super) fn shared(path: &Path) -> Result<Lock, Failure> {
        Lock::held(path, OPEN, File::try_lock_shared)
    }

    /// Holds it alone.
    pub(super) fn alone(path: &Path) -> Result<Lock, Failure> {
        Lock::held(path, OPEN, File::try_lock)
    }

    /// Serves it, which only one can at a time; others may open it meanwhile.
    pub(super) fn serving(path: &Path) -> Result<Lock, Failure> {
        Lock::held(path, SERVED, File::try_lock).map_err(|failure| match failure {
            Failure::InUse(path) => Failure::Served(path),
            other => other,
        })
    }

    /// Holds alone what may be a database that was opened once; nothing where it never was.
    pub(super) fn alone_if_opened(path: &Path) -> Result<Option<Lock>, Failure> {
        name(path, OPEN).exists().then(|| Lock::alone(path)).transpose()
    }

    /// Holds it together with others from now on.
    pub(super) fn share(&self) -> Result<(), Failure> {
        self.file.try_lock_shared().map_err(|_| Failure::InUse(self.path.clone()))
    }

    fn held(
        path: &Path,
        suffix: &str,
        lock: impl Fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Lock, Failure> {
        let name = name(path, suffix);
        let failed = |source| Failure::File { path: name.clone(), source: Arc::new(source) };
        let file = match create(&name) {
            // Where it is a link, something else would be locked.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && !is_link(&name) => {
                OpenOptions::new().write(true).open(&name)
            }
            made => made,
        };
        let file = file.map_err(failed)?;
        match lock(&file) {
            Ok(()) => Ok(Lock { file, path: path.to_owned() }),
            Err(TryLockError::WouldBlock) => Err(Failure::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

impl Drop for Lock {
    /// Unlocks by word, not by closing alone: a process that is being started just now has a second
    /// handle of the file for a moment, and would keep it locked.
    fn drop(&mut self) {
        // Where that fails, closing the file does it.
        let _ = self.file.unlock();
    }
}

/// The file that is locked, whichever link leads to the database.
fn name(path: &Path, suffix: &str) -> PathBuf {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    beside(&real, suffix)
}
