//! Small arithmetic on sorted, disjoint spans.

use crate::time::Span;

/// Minutes in all of them.
pub(super) fn minutes(spans: &[Span]) -> i64 {
    spans.iter().map(|span| span.minutes()).sum()
}

/// The minutes in both.
pub(super) fn common(left: &[Span], right: &[Span]) -> Vec<Span> {
    let (mut i, mut j) = (0, 0);
    let mut both = Vec::new();
    while let (Some(a), Some(b)) = (left.get(i), right.get(j)) {
        both.extend(a.intersection(*b));
        if a.end <= b.end {
            i += 1;
        } else {
            j += 1;
        }
    }
    both
}

/// The minutes of `spans` that are in none of `taken`.
pub(super) fn without(spans: &[Span], taken: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    for span in spans {
        let mut start = span.start;
        let first = taken.partition_point(|other| other.end <= span.start);
        for other in taken[first..].iter().take_while(|other| other.start < span.end) {
            if start < other.start {
                left.push(Span::new(start, other.start));
            }
            start = start.max(other.end);
        }
        if start < span.end {
            left.push(Span::new(start, span.end));
        }
    }
    left
}

/// The same minutes, sorted, touching spans made one.
pub(super) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut().filter(|before| before.end >= span.start) {
            Some(before) => before.end = before.end.max(span.end),
            None => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::{common, merged, minutes, without};
    use crate::time::{Span, Tick};

    fn spans(pairs: &[(i64, i64)]) -> Vec<Span> {
        pairs.iter().map(|&(from, to)| Span::new(Tick(from), Tick(to))).collect()
    }

    #[test]
    fn spans_are_cut_joined_and_counted() {
        let day = spans(&[(0, 10), (20, 30)]);
        assert_eq!(common(&day, &spans(&[(5, 25)])), spans(&[(5, 10), (20, 25)]));
        assert_eq!(without(&day, &spans(&[(5, 25)])), spans(&[(0, 5), (25, 30)]));
        assert_eq!(
            without(&day, &spans(&[(2, 3), (4, 5)])),
            spans(&[(0, 2), (3, 4), (5, 10), (20, 30)])
        );
        assert_eq!(merged(spans(&[(20, 30), (0, 10), (10, 12)])), spans(&[(0, 12), (20, 30)]));
        assert_eq!(minutes(&day), 20);
    }
}
