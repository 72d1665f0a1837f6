//! The file of results: rows are added one by one and flushed, and what is there when a run begins
//! need not be run again. Must not know what a run is.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
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
        let (file, bytes) = whole(path).map_err(unwritable)?;
        let known = if bytes.is_empty() { Ok(Vec::new()) } else { rows(&bytes) };
        let known = known.map_err(|issues| {
            let text = Text { name: path.display().to_string(), bytes: bytes.clone() };
            Failure::Document { text, issues }
        })?;
        let known = known.into_iter().map(|row| (row.key.clone(), row)).collect();
        let mut ledger = Ledger { file: Some((path.to_owned(), file)), rows: known };
        if bytes.is_empty() {
            ledger.write(&head())?;
        } else if let Some((_, file)) = &mut ledger.file {
            // Nothing is changed before it is known to be one of ours.
            let length = u64::try_from(bytes.len()).expect("sizes fit 64 bits");
            let mended = file.set_len(length).and_then(|()| file.seek(SeekFrom::End(0)));
            mended.map_err(unwritable)?;
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

/// The file at `path`, and the whole lines in it.
fn whole(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    bytes.truncate(whole_lines(&bytes));
    if bytes.is_empty() {
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
    }
    Ok((file, bytes))
}
