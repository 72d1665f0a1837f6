//! What SQLite says, as failures of the store.

use std::sync::Arc;

use rusqlite::{Error, ErrorCode};

use crate::calendar::Label;
use crate::store::Failure;

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match &error {
            Error::SqliteFailure(said, _) => match said.code {
                ErrorCode::DiskFull => Failure::Full(Arc::new(error)),
                ErrorCode::ReadOnly => Failure::ReadOnly,
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                    Failure::Busy(Arc::new(error))
                }
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => damaged(&error),
                _ => Failure::Other(Arc::new(error)),
            },
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            // Numbers beyond 2⁶³ − 1 follow only on those that no store ever gave.
            | Error::ToSqlConversionFailure(..)
            | Error::Utf8Error(..) => damaged(&error),
            _ => Failure::Other(Arc::new(error)),
        }
    }
}

fn damaged(error: &Error) -> Failure {
    let said = error.to_string();
    Failure::Damaged(Label::new(said.clone(), said))
}
