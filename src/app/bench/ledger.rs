//! The file of results: rows are added one by one and flushed, and what is there when a run begins
//! need not be run again. Must not know what a run is.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::app::Failure;
use crate::app::documents::Text;
use crate::exchange::bench::results::{Key, Row, head, rows, whole_lines, written};

/// Results, on file where one is named.
pub(super) struct Ledger {
    file: Option<(PathBuf, File)>,
    rows: BTreeMap<Key, Row>,
}

impl Ledger {
    /// Opens the file at `path`, or begins it. A last line that was torn is cut off.
    ///
    /// # Errors
    /// [`Failure::Unwritable`]; [`Failure::Document`] when it holds something else.
    pub(super) fn open(path: Option<&Path>) -> Result<Ledger, Failure> {
        let Some(path) = path else { return Ok(Ledger { file: None, rows: BTreeMap::new() }) };
        let unwritable = |source| Failure::Unwritable { path: path.to_owned(), source };
        let (file, bytes) = opened(path).map_err(unwritable)?;
        let lines = &bytes[..whole_lines(&bytes)];
        // Of a head torn in the middle nothing is worth keeping.
        let is_new = lines.is_empty() && head().as_bytes().starts_with(&bytes);
        let known = if is_new { Ok(Vec::new()) } else { rows(lines) };
        let known = known.map_err(|issues| {
            let text = Text { name: path.display().to_string(), bytes: bytes.clone() };
            Failure::Document { text, issues }
        })?;
        // Nothing is changed before it is known to be one of ours.
        if lines.len() < bytes.len() {
            let length = u64::try_from(lines.len()).expect("sizes fit 64 bits");
            file.set_len(length).map_err(unwritable)?;
        }
        let known = known.into_iter().map(|row| (row.key.clone(), row)).collect();
        let mut ledger = Ledger { file: Some((path.to_owned(), file)), rows: known };
        if is_new {
            ledger.write(&head())?;
        }
        Ok(ledger)
    }

    /// The row of the run called `key`, if it has been made.
    #[must_use]
    pub(super) fn row(&self, key: &Key) -> Option<&Row> {
        self.rows.get(key)
    }

    /// Adds `row`.
    ///
    /// # Errors
    /// [`Failure::Unwritable`].
    pub(super) fn add(&mut self, row: Row) -> Result<(), Failure> {
        self.write(&written(&row))?;
        self.rows.insert(row.key.clone(), row);
        Ok(())
    }

    fn write(&mut self, line: &str) -> Result<(), Failure> {
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        file.write_all(line.as_bytes())
            .and_then(|()| file.sync_data().or_else(not_for_pipes))
            .map_err(|source| Failure::Unwritable { path: path.clone(), source })
    }
}

/// Devices cannot be synced, and need not be.
fn not_for_pipes(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::InvalidInput { Ok(()) } else { Err(error) }
}

/// The file at `path`, begun where there is none, and what is in it.
fn opened(path: &Path) -> io::Result<(File, Vec<u8>)> {
    // Whoever else adds rows at the same time, lines stay whole.
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok((file, bytes))
}
