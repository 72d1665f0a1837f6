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

    /// Puts `value` in the place of what is older by its `number`, never of what is newer: of two
    /// who read one after the other, the slower may come last.
    pub(super) fn put_newer(&self, value: T, number: impl Fn(&T) -> u64) {
        let mut place = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if place.as_ref().is_none_or(|old| number(old) < number(&value)) {
            *place = Some(Arc::new(value));
        }
    }

    /// Puts another in its place.
    pub(super) fn put(&self, value: Option<Arc<T>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = value;
    }
}
