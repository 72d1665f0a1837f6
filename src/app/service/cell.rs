//! A value that many read at once and few replace whole.

use std::sync::{Arc, PoisonError, RwLock};

/// What is in force, if anything is.
#[derive(Debug)]
pub(super) struct Cell<T>(RwLock<Option<Arc<T>>>);

impl<T> Default for Cell<T> {
    fn default() -> Cell<T> {
        Cell(RwLock::new(None))
    }
}

impl<T> Cell<T> {
    /// What is in force now; it stays as it is while it is held.
    pub(super) fn now(&self) -> Option<Arc<T>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another in its place.
    pub(super) fn put(&self, value: Option<Arc<T>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = value;
    }
}
