//! Which extra minutes a placement works, and what they cost (H3).

use crate::problem::{Choice, Problem, TIER_LIMIT};
use crate::time::{Money, Span, Tick};

/// Extra minutes per tier.
pub(super) type PerTier = [i64; TIER_LIMIT];

/// No extra minutes.
pub(super) const NONE: PerTier = [0; TIER_LIMIT];

/// How many extra minutes of each tier `choice` works in `[start, end)`: the first and the last
/// minute where they are extra, then the cheapest. `None` when the minutes do not come out.
pub(super) fn split(
    problem: &Problem,
    choice: &Choice,
    start: Tick,
    end: Tick,
) -> Option<(i64, PerTier)> {
    let shift = &problem.shifts[choice.shift];
    let mut counts = NONE;
    let extra = choice.minutes - shift.regular.open_between(start, end);
    if extra == 0 {
        // The first and the last minute are worked: with no extra ones they must be regular.
        let edges = shift.regular.is_open(start) && shift.regular.is_open(end - 1);
        return edges.then_some((0, counts));
    }
    let mut left = extra;
    for edge in [start, end - 1].iter().take(if end - start > 1 { 2 } else { 1 }) {
        if let Some(tier) = shift.tiers.iter().position(|tier| tier.minutes.is_open(*edge)) {
            counts[tier] += 1;
            left -= 1;
        }
    }
    for (tier, count) in shift.tiers.iter().zip(&mut counts) {
        let more = (tier.minutes.open_between(start, end) - *count).min(left).max(0);
        *count += more;
        left -= more;
    }
    (left == 0 && extra > 0).then_some((extra, counts))
}

/// What the extra minutes of `counts` cost: per person and band, rounded up.
pub(super) fn price(problem: &Problem, choice: &Choice, counts: &PerTier) -> i64 {
    let shift = &problem.shifts[choice.shift];
    let mut sum = 0;
    for (seat, person) in problem.crew(choice).iter().enumerate() {
        for (row, band) in problem.people[*person].bands.iter().enumerate() {
            let of_band = shift.tiers.iter().zip(counts);
            let minutes: i64 = of_band
                .filter(|(tier, _)| usize::from(tier.bands[seat]) == row)
                .map(|(_, count)| count)
                .sum();
            sum += Money(band.price).scaled_up(minutes, 60).0;
        }
    }
    sum
}

/// Names every stretch of extra minutes worked in `[start, end)`, tier by tier, earliest first;
/// the last minute comes with its tier where it is extra.
pub(super) fn pieces(
    problem: &Problem,
    choice: &Choice,
    start: Tick,
    end: Tick,
    counts: &PerTier,
    mut each: impl FnMut(usize, Span),
) {
    let shift = &problem.shifts[choice.shift];
    for (row, (tier, count)) in shift.tiers.iter().zip(counts).enumerate() {
        if *count == 0 {
            continue;
        }
        let closing = end - start > 1 && tier.minutes.is_open(end - 1);
        let mut left = *count - i64::from(closing);
        let span = Span::new(start, if closing { end - 1 } else { end });
        let from = tier.minutes.first_window_ending_after(start);
        for window in &tier.minutes.windows()[from..] {
            let Some(inside) = window.span.intersection(span) else { break };
            let taken = inside.minutes().min(left);
            if taken > 0 {
                each(row, Span::new(inside.start, inside.start + taken));
            }
            left -= taken;
        }
        if closing {
            each(row, Span::new(end - 1, end));
        }
    }
}
