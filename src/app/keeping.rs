//! Databases copied while they are in use, and put back. Must not know what is in them.

use std::path::Path;

use super::{Failure, files};
use crate::calendar::Label;
use crate::{exchange, store};

pub use crate::store::Restored;

/// Copies the database at `path` to the file `target`, and tells the last position in the copy.
///
/// # Errors
/// [`Failure::Wish`] when both are one file or there is no such database, [`Failure::Refused`]
/// while the database is being replaced, and [`Failure::Outside`].
pub fn backup(path: &Path, target: &Path) -> Result<u64, Failure> {
    keep_apart(path, target)?;
    store::backup(path, target).map_err(Failure::from)
}

/// Puts the backup `from` in the place of the database at `path`.
///
/// # Errors
/// [`Failure::Refused`] when the database is in use, or holds events that the backup does not,
/// unless `is_forced`; else as [`backup`].
pub fn restore(from: &Path, path: &Path, is_forced: bool) -> Result<Restored, Failure> {
    keep_apart(path, from)?;
    store::restore(from, path, is_forced).map_err(Failure::from)
}

fn keep_apart(database: &Path, copy: &Path) -> Result<(), Failure> {
    if files::are_same(database, copy) {
        return Err(Failure::wish(
            format!("{} 既是数据库又是备份：请写两个不同的文件", copy.display()),
            format!("{} is both database and backup: name two files", copy.display()),
        ));
    }
    Ok(())
}

impl From<store::Failure> for Failure {
    /// What the store could not do, by whose fault it is.
    fn from(failure: store::Failure) -> Failure {
        // Keys are what somebody wrote; on a terminal they are to stay in their sentence.
        let label = failure.label();
        let label = Label::new(exchange::one_line(&label.zh), exchange::one_line(&label.en));
        match failure {
            store::Failure::Absent(_)
            | store::Failure::Foreign(_)
            | store::Failure::Link(_)
            | store::Failure::Newer { .. } => Failure::Wish(label),
            store::Failure::Refused(_)
            | store::Failure::InUse(_)
            | store::Failure::Served(_)
            | store::Failure::Ahead { .. } => Failure::Refused(label),
            _ => Failure::Outside(label),
        }
    }
}
