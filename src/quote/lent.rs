//! The compiled question, lent to a guest who adds rows of his own, and put in order again when he
//! leaves: a copy of thousands of rows would cost more than the quote.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use crate::problem::{Problem, retract};

/// Copies kept: a quote works on two at once.
const KEPT: usize = 2;

/// Copies of one question that nobody works on.
#[derive(Default)]
pub(super) struct Copies(Mutex<Vec<Problem>>);

/// A copy on loan.
pub(super) struct Lent<'s> {
    own: &'s Problem,
    copies: &'s Copies,
    copy: Option<Problem>,
}

impl Copies {
    /// A copy of `problem`, which all of these are copies of.
    pub(super) fn lend<'s>(&'s self, problem: &'s Problem) -> Lent<'s> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lent { own: problem, copies: self, copy: Some(kept.unwrap_or_else(|| problem.clone())) }
    }
}

impl Deref for Lent<'_> {
    type Target = Problem;

    fn deref(&self) -> &Problem {
        self.copy.as_ref().expect("it is given back when it is dropped")
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Problem {
        self.copy.as_mut().expect("it is given back when it is dropped")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let Some(mut copy) = self.copy.take() else { return };
        retract(&mut copy, self.own);
        let mut kept = self.copies.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(copy);
        }
    }
}
