//! Opening a database: settings, versions, and whether it is whole.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{backup, beside, files, read};
use crate::calendar::Label;
use crate::desk::fault::Fault;
use crate::store::Failure;

/// What tells a database of paidan from others: `paid`.
const APPLICATION: i32 = 0x7061_6964;

/// What makes a database of each version from the one before.
const STEPS: &[&str] = &[
    include_str!("v1.sql"),
    include_str!("v2.sql"),
    include_str!("v3.sql"),
    include_str!("v4.sql"),
    include_str!("v5.sql"),
];

/// How long another process may keep the database locked.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that writes, and makes the file if there is none.
pub(super) fn writing_or_new(path: &Path) -> Result<Connection, Failure> {
    // SQLite would make one that others may read.
    match files::create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(files::failed(path)(error)),
        _ => writing(path),
    }
}

/// Bytes of the write-ahead log that are kept when it begins anew.
const LOG_BYTES: u32 = 64 << 20;

/// A connection that writes.
pub(super) fn writing(path: &Path) -> Result<Connection, Failure> {
    let connection = connection(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Settings that read the file come behind the question whose file it is.
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

/// A connection that reads.
pub(super) fn reading(path: &Path) -> Result<Connection, Failure> {
    let connection = connection(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connection(path: &Path, flags: OpenFlags) -> Result<Connection, Failure> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Whether the database is of an older version, and so must be had alone to be upgraded.
pub(super) fn is_older(connection: &Connection, path: &Path) -> Result<bool, Failure> {
    Ok((1..known()).contains(&recognise(connection, path)?))
}

/// Makes a database ready for writing: checked, of the newest version, with its settings.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), Failure> {
    let version = recognise(connection, path)?;
    if version > 0 {
        check_pages(connection)?;
    }
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Failure::ReadOnly);
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES, |_| Ok(()))?;
    if is_older(connection, path)? {
        backup::copy(connection, &beside(path, &format!(".v{version}")))?;
    }
    upgrade(connection)?;
    check_rows(connection)
}

fn known() -> u32 {
    u32::try_from(STEPS.len()).expect("versions are few")
}

/// The version of the database; 0 for a file that nobody has used yet.
pub(super) fn recognise(connection: &Connection, path: &Path) -> Result<u32, Failure> {
    let number = |name: &str| {
        let read = connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        read.map_err(|error| match Failure::from(error) {
            Failure::Damaged(_) => Failure::Foreign(path.to_owned()),
            other => other,
        })
    };
    let application = number("application_id")?;
    let tables: u32 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let version = u32::try_from(number("user_version")?).unwrap_or(u32::MAX);
    if application == 0 && tables == 0 && version == 0 {
        return Ok(0);
    }
    if application != i64::from(APPLICATION) {
        return Err(Failure::Foreign(path.to_owned()));
    }
    if version > known() {
        return Err(Failure::Newer { found: version, known: known() });
    }
    Ok(version)
}

/// Brings the database to the newest version, in one transaction.
pub(super) fn upgrade(connection: &mut Connection) -> Result<(), Failure> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again, since another process may have been quicker.
    let version: usize = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in STEPS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    if version < STEPS.len() {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", known())?;
    }
    Ok(transaction.commit()?)
}

/// Whether the file is whole as SQLite sees it.
pub(super) fn check_pages(connection: &Connection) -> Result<(), Failure> {
    let said: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(Failure::Damaged(Label::new(said.clone(), said))) }
}

/// Whether what rows say of each other is true: each that names another finds it, and every stream
/// and document ends as is noted.
pub(super) fn check_rows(connection: &Connection) -> Result<(), Failure> {
    check_references(connection)?;
    check_heads(connection)?;
    check_documents(connection)
}

fn check_references(connection: &Connection) -> Result<(), Failure> {
    let mut dangling =
        connection.prepare("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check")?;
    let mut rows = dangling.query([])?;
    let Some(row) = rows.next()? else { return Ok(()) };
    let (table, parent): (String, String) = (row.get("table")?, row.get("parent")?);
    let number = row.get::<_, Option<i64>>("rowid")?.unwrap_or_default();
    Err(Failure::Damaged(Label::new(
        format!("表 {table} 第 {number} 行所属的 {parent} 不存在"),
        format!("row {number} of {table} belongs to no row of {parent}"),
    )))
}

/// Whether every stream ends where it is noted to end, with an event that is what it says.
fn check_heads(connection: &Connection) -> Result<(), Failure> {
    let mut heads = connection.prepare("SELECT kind, key, seq, hash FROM stream")?;
    let mut rows = heads.query([])?;
    while let Some(row) = rows.next()? {
        let (stream, head) = read::head_of(row)?;
        let last = read::events_of(connection, &stream, head.seq.saturating_sub(1), 2)?;
        let is_right = match last.as_slice() {
            [last] => last.head() == head && last.content_hash() == last.hash,
            _ => false,
        };
        if !is_right {
            return Err(Failure::Damaged(Fault::WrongHead(stream).label()));
        }
    }
    Ok(())
}

/// Whether every document has the version that is noted, and none behind it.
fn check_documents(connection: &Connection) -> Result<(), Failure> {
    let mut wrong = connection.prepare(
        "SELECT kind, key FROM document WHERE document.version IS NOT \
         (SELECT max(version.version) FROM version WHERE version.document = document.id)",
    )?;
    let mut rows = wrong.query([])?;
    let Some(row) = rows.next()? else { return Ok(()) };
    let (kind, key): (String, String) = (row.get("kind")?, row.get("key")?);
    Err(Failure::Damaged(Label::new(
        format!("{kind}/{key} 登记的版本不是实际的最后一版"),
        format!("{kind}/{key} is at another version than is noted"),
    )))
}
