//! Who has a database open: a file beside it, locked by all who use it together, or by one who
//! replaces it alone. The system lets go of it when a process ends in any way.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::beside;
use super::files::{create, is_link};
use crate::store::Failure;

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
        Lock::held(path, File::try_lock_shared)
    }

    /// Holds it alone.
    pub(super) fn alone(path: &Path) -> Result<Lock, Failure> {
        Lock::held(path, File::try_lock)
    }

    /// Holds alone what may be a database that was opened once; nothing where it never was.
    pub(super) fn alone_if_opened(path: &Path) -> Result<Option<Lock>, Failure> {
        name(path).exists().then(|| Lock::alone(path)).transpose()
    }

    /// Holds it together with others from now on.
    pub(super) fn share(&self) -> Result<(), Failure> {
        self.file.try_lock_shared().map_err(|_| Failure::InUse(self.path.clone()))
    }

    fn held(
        path: &Path,
        lock: impl Fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Lock, Failure> {
        let name = name(path);
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

/// The file that is locked, whichever link leads to the database.
fn name(path: &Path) -> PathBuf {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    beside(&real, ".lock")
}
