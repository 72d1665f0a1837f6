//! The time axis of a chart: open stretches to scale, long closed gaps folded into a narrow fold.

use crate::time::{Span, Tick};

/// Closed gaps longer than this are folded (minutes).
const FOLDED: i64 = 120;

/// How wide a fold is drawn.
const FOLD: i64 = 18;

/// Ticks to horizontal positions, in drawing units.
pub(super) struct Axis {
    parts: Vec<Part>,
    pub(super) width: i64,
}

/// A stretch drawn to scale, or a fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) span: Span,
    pub(super) x: i64,
    pub(super) width: i64,
    pub(super) folded: bool,
}

impl Axis {
    /// An axis `width` wide over `busy`, which may come in any order; each stretch is widened to
    /// whole hours of the ticks' zone, whose offset from UTC is `shift` minutes.
    pub(super) fn new(busy: &[Span], width: i64, shift: i64) -> Axis {
        let kept = kept(busy, shift);
        let minutes: i64 = kept.iter().map(|span| span.minutes()).sum();
        let folds = i64::try_from(kept.len()).expect("a chart has few stretches") - 1;
        let scaled = (width - folds.max(0) * FOLD).max(1);
        let mut parts: Vec<Part> = Vec::new();
        let (mut x, mut passed) = (0, 0);
        for span in kept {
            if let Some(last) = parts.last() {
                let gap = Span::new(last.span.end, span.start);
                parts.push(Part { span: gap, x, width: FOLD, folded: true });
                x += FOLD;
            }
            // Positions come from sums, so that rounding never adds up.
            let before = passed * scaled / minutes.max(1);
            passed += span.minutes();
            let own = passed * scaled / minutes.max(1) - before;
            parts.push(Part { span, x, width: own, folded: false });
            x += own;
        }
        Axis { parts, width }
    }

    /// Where `tick` is; ticks outside are at the nearer end.
    pub(super) fn x(&self, tick: Tick) -> i64 {
        let index = self.parts.partition_point(|part| part.span.end <= tick);
        let Some(part) = self.parts.get(index) else { return self.width };
        let into = (tick - part.span.start).max(0);
        part.x + into * part.width / part.span.minutes().max(1)
    }

    /// The stretches and folds from left to right.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Everything from the first to the last tick; `None` when nothing is drawn.
    pub(super) fn span(&self) -> Option<Span> {
        let (first, last) = (self.parts.first()?, self.parts.last()?);
        Some(Span::new(first.span.start, last.span.end))
    }

    /// Hours between marks so that they stand at least `apart` from each other.
    pub(super) fn stride(&self, apart: i64) -> i64 {
        let open = self.parts.iter().filter(|part| !part.folded);
        let (minutes, width) = open.fold((0, 0), |(minutes, width), part| {
            (minutes + part.span.minutes(), width + part.width)
        });
        let fits = |hours: &i64| hours * 60 * width >= apart * minutes;
        [1, 2, 3, 6].into_iter().find(fits).unwrap_or(12)
    }
}

/// `busy` in order, widened to whole hours, joined over gaps that are not folded.
fn kept(busy: &[Span], shift: i64) -> Vec<Span> {
    let whole = |span: &Span| {
        let down = |tick: Tick| Tick((tick.0 + shift).div_euclid(60) * 60 - shift);
        Span::new(down(span.start), down(span.end + 59))
    };
    let mut spans: Vec<Span> = busy.iter().filter(|span| span.minutes() > 0).map(whole).collect();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start - last.end <= FOLDED => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::Axis;
    use crate::time::{Span, Tick};

    fn hours(from: i64, to: i64) -> Span {
        Span::new(Tick(from * 60), Tick(to * 60))
    }

    #[test]
    fn a_lunch_break_is_drawn_and_a_night_is_folded() {
        // 9–12, 13–18 and next day 9–12 (33–36): 9 h and 3 h to scale in 1218 − 18 = 1200.
        let axis = Axis::new(&[hours(13, 18), hours(9, 12), hours(33, 36)], 1218, 0);
        assert_eq!(axis.parts().len(), 3);
        assert_eq!(axis.x(Tick(12 * 60)), 300);
        assert_eq!(axis.x(Tick(18 * 60)), 900);
        assert_eq!(axis.x(Tick(33 * 60)), 918);
        assert_eq!(axis.x(Tick(36 * 60)), 1218);
        assert_eq!((axis.x(Tick(0)), axis.x(Tick(99 * 60))), (0, 1218));
    }

    #[test]
    fn marks_keep_their_distance() {
        // 9 h on 900: an hour is 100 wide.
        let axis = Axis::new(&[hours(9, 18)], 900, 0);
        assert_eq!((axis.stride(100), axis.stride(101), axis.stride(700)), (1, 2, 12));
    }

    #[test]
    fn nothing_to_draw_is_no_trouble() {
        let axis = Axis::new(&[], 900, 0);
        assert!(axis.span().is_none());
        assert_eq!(axis.x(Tick(5)), 900);
    }
}
