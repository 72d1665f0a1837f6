//! Sets of open minutes as sorted, disjoint lists of [`Opening`]s.
//!
//! Plain integers: no zone, no date arithmetic.

use super::Opening;
use crate::time::Span;

/// The minutes of either list; where both are open, the date of the first list holds.
#[must_use]
pub fn union(one: &[Opening], other: &[Opening]) -> Vec<Opening> {
    let taken: Vec<Span> = one.iter().map(|opening| opening.span).collect();
    let mut all = without(other, &taken);
    all.extend_from_slice(one);
    all.sort_unstable();
    let mut merged = Vec::with_capacity(all.len());
    for opening in all {
        append(&mut merged, opening);
    }
    merged
}

/// The minutes of both lists, with the dates of the first.
#[must_use]
pub fn intersect(one: &[Opening], other: &[Opening]) -> Vec<Opening> {
    let mut both = Vec::new();
    let mut rest = other;
    for opening in one {
        let passed = rest.partition_point(|window| window.span.end <= opening.span.start);
        rest = &rest[passed..];
        for window in rest.iter().take_while(|window| window.span.start < opening.span.end) {
            let shared = opening.span.intersection(window.span);
            let shared = shared.expect("it ends after the start and starts before the end");
            append(&mut both, Opening { span: shared, day: opening.day });
        }
    }
    both
}

/// The minutes of the first list that are not in the second.
#[must_use]
pub fn subtract(one: &[Opening], other: &[Opening]) -> Vec<Opening> {
    let taken: Vec<Span> = other.iter().map(|opening| opening.span).collect();
    without(one, &taken)
}

/// The minutes of `openings` outside every span of `taken`, which may come in any order.
#[must_use]
pub fn without(openings: &[Opening], taken: &[Span]) -> Vec<Opening> {
    let mut taken: Vec<Span> = taken.iter().copied().filter(|span| span.minutes() > 0).collect();
    taken.sort_unstable();
    let mut left = Vec::with_capacity(openings.len());
    let mut passed = 0;
    for opening in openings {
        while taken.get(passed).is_some_and(|span| span.end <= opening.span.start) {
            passed += 1;
        }
        let mut start = opening.span.start;
        let across = taken[passed..].iter().take_while(|span| span.start < opening.span.end);
        for span in across {
            if start < span.start {
                left.push(Opening::new(start, span.start, opening.day));
            }
            start = start.max(span.end);
        }
        if start < opening.span.end {
            left.push(Opening::new(start, opening.span.end, opening.day));
        }
    }
    left
}

/// Adds `opening` at the end of a list, joined to the last one when they touch on one date.
pub(super) fn append(openings: &mut Vec<Opening>, opening: Opening) {
    match openings.last_mut() {
        Some(last) if last.span.end == opening.span.start && last.day == opening.day => {
            last.span.end = opening.span.end;
        }
        _ => openings.push(opening),
    }
}
